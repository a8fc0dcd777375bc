"""The steps in the life of a quarter - opened early, locked, unlocked - and what their pages show before."""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Count, FilteredRelation, Q

from tracker.admin.forms import RecordForm
from tracker.models import Activity, Period, Report
from tracker.workplace import due


@dataclass(frozen=True)
class Step:
    name: str  # of its address, and of its template
    slug: str
    label: str
    title: str
    done: str
    refusal: Callable[[Period], str]  # why it makes no sense now
    take: Callable

    @property
    def url_name(self) -> str:
        return f"tracker_period_{self.name}"

    @property
    def template(self) -> str:
        return f"admin/period_{self.name}.html"


STEPS = (
    Step(
        name="open_now",
        slug="buka-sekarang",
        label="Buka sekarang",
        title="Buka {} sekarang",
        done="{} dibuka sejak hari ini.",
        refusal=Period.opening_refusal,
        take=Period.open_now,
    ),
    Step(
        name="lock",
        slug="kunci",
        label="Kunci triwulan",
        title="Kunci {}",
        done="{} dikunci. Laporannya kini hanya dapat dibaca, kecuali oleh OPD yang mendapat pengecualian.",
        refusal=Period.lock_refusal,
        take=Period.lock,
    ),
    Step(
        name="unlock",
        slug="buka-kunci",
        label="Buka kunci",
        title="Buka kunci {}",
        done="Kunci {} dibuka.",
        refusal=Period.unlock_refusal,
        take=Period.unlock,
    ),
)


class StepForm(RecordForm):
    """Why a step is taken, for the period as it was shown."""

    reason = forms.CharField(
        label="Alasan",
        max_length=300,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text="Tersimpan dalam riwayat bersama nama Anda.",
        error_messages={"required": "Tulis alasannya."},
    )

    class Meta:
        model = Period
        fields = []

    def clean(self):
        if self.is_stale:
            raise ValidationError(f"{self.conflict} Di bawah ini keadaan yang sekarang; periksa lagi.", code="stale")
        return self.cleaned_data

    def take(self, step, *, by) -> bool:
        """Whether the step was taken; where the reason cannot be kept, the form says so."""
        try:
            step.take(self.instance, by=by, reason=self.cleaned_data["reason"])
        except ValidationError as error:
            self.add_error("reason", error)
        return not self.errors


@dataclass(frozen=True)
class Standing:
    """How far the reports of a quarter are, of one OPD or of all. Only sub kegiatan from which one is due count."""

    opd: str
    due: int
    draft: int
    submitted: int
    verified: int
    returned: int

    @property
    def counted(self) -> int:
        return self.submitted + self.verified

    @property
    def missing(self) -> int:
        return self.due - self.counted - self.draft - self.returned

    @property
    def is_complete(self) -> bool:
        return self.counted == self.due


COLUMNS = ("due", *Report.Status.values)


def standings(period) -> list[Standing]:
    """One for each OPD from which reports of this quarter are due."""
    counts = {status: Count("pk", filter=Q(report__status=status)) for status in Report.Status.values}
    rows = (
        Activity.objects.filter(due(period.fiscal_year, period.quarter))
        .annotate(report=FilteredRelation("reports", condition=Q(reports__period=period)))
        .order_by("program__opd__short_name")
        .values("program__opd__short_name")
        .annotate(due=Count("pk"), **counts)
    )
    return [
        Standing(opd=row["program__opd__short_name"], **{column: row[column] for column in COLUMNS}) for row in rows
    ]


def together(standings) -> Standing:
    return Standing("Semua OPD", **{column: sum(getattr(each, column) for each in standings) for column in COLUMNS})
