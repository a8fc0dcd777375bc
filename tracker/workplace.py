"""What waits for those who enter data: the next steps, the quarter to report, the newest changes.

It stands outside the package `admin`, so that the admin site can ask it without loading the registrations.
"""

import datetime
import itertools
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from tracker import formats
from tracker.models import Activity, Period, Program, Report

UNMAPPED = Q(strategy=None) | Q(priority=None)
MOST_DEBTORS = 5
MOST_CHANGES = 8
KINDS = {"+": "dibuat", "~": "diubah", "-": "dihapus"}


def due(year, quarter):
    """The condition on sub kegiatan from which a report is due at this quarter: begun, and not stopped."""
    running = Q(revised_budget=None) | Q(revised_budget__gt=0)
    return Q(program__fiscal_year=year, starts_quarter__lte=quarter) & running


def due_without_report(year, quarter):
    """The condition on sub kegiatan: due, and without a report at this quarter, draft or not."""
    reported = Report.objects.filter(activity=OuterRef("pk"), period__quarter=quarter)
    return due(year, quarter) & ~Exists(reported)


def latest_ended_quarter(today: datetime.date | None = None) -> tuple[int, int]:
    """The year and number of the last quarter that is over."""
    today = today or timezone.localdate()
    ended = [quarter for quarter in (1, 2, 3, 4) if formats.quarter_end(today.year, quarter) < today]
    return (today.year, ended[-1]) if ended else (today.year - 1, 4)


@dataclass(frozen=True)
class Waiting:
    """So many of something, and the list that shows them."""

    name: str
    count: int
    url: str


@dataclass(frozen=True)
class ReportedQuarter:
    """The quarter whose reports are asked for now: the last one that is over."""

    year: int
    quarter: int
    today: datetime.date
    period: Period | None  # None while its year has not been opened
    running: Period | None  # the quarter of today, which may be filled in already
    due: int
    missing: Waiting
    debtors: list[Waiting]  # the OPDs that miss most
    other_debtors: int
    unfinished: list[Waiting]  # drafts, and what was returned

    def __str__(self):
        return f"{formats.quarter(self.quarter)} {self.year}"

    @property
    def is_locked(self) -> bool:
        return self.period.state(self.today) == Period.State.LOCKED

    @property
    def days(self) -> str:
        left = (self.period.due_on - self.today).days
        if left > 0:
            return f"{left} hari lagi"
        return f"lewat {-left} hari" if left else "hari ini"


def quarter_to_report(today: datetime.date | None = None) -> ReportedQuarter:
    today = today or timezone.localdate()
    year, quarter = latest_ended_quarter(today)
    now = (today.year, (today.month + 2) // 3)
    periods = {
        (period.fiscal_year, period.quarter): period
        for period in Period.objects.filter(fiscal_year__in=(year, now[0]))
    }
    asked = list_of("activity", f"tanpa_laporan={year}-{quarter}")
    counts = Activity.objects.aggregate(
        due=Count("pk", filter=due(year, quarter)), missing=Count("pk", filter=due_without_report(year, quarter))
    )
    debtors = (
        Activity.objects.filter(due_without_report(year, quarter))
        .values_list("program__opd__short_name", "program__opd_id")
        .annotate(missing=Count("pk"))
        .order_by("-missing", "program__opd__short_name")
    )
    statuses = dict(
        Report.objects.filter(period__fiscal_year=year, period__quarter=quarter)
        .order_by()
        .values_list("status")
        .annotate(Count("pk"))
    )
    reports = list_of("report", f"period__fiscal_year={year}&period__quarter__exact={quarter}&status__exact=")
    return ReportedQuarter(
        year=year,
        quarter=quarter,
        today=today,
        period=periods.get((year, quarter)),
        running=periods.get(now),
        due=counts["due"],
        missing=Waiting("belum ada laporan", counts["missing"], asked),
        debtors=[
            Waiting(name, missing, f"{asked}&program__opd__id__exact={opd}")
            for name, opd, missing in debtors[:MOST_DEBTORS]
        ],
        other_debtors=max(len(debtors) - MOST_DEBTORS, 0),
        unfinished=[
            Waiting(status.label, statuses[status], f"{reports}{status}")
            for status in (Report.Status.DRAFT, Report.Status.RETURNED)
            if status in statuses
        ],
    )


@dataclass(frozen=True)
class Step:
    action: str
    url: str
    state: str
    is_done: bool


def next_steps(asked: ReportedQuarter) -> list[Step]:
    """The steps of this year, the reports of the latest quarter that is over, and the pages to look at."""
    year = asked.today.year
    periods = Period.objects.of_year(year).count()
    activities = Activity.objects.filter(program=OuterRef("pk"))
    programs = Program.objects.of_year(year).aggregate(
        all=Count("pk"), unmapped=Count("pk", filter=UNMAPPED), empty=Count("pk", filter=~Exists(activities))
    )
    return [
        Step(
            f"Buka tahun anggaran {year}",
            reverse("admin:tracker_period_changelist"),
            f"{periods} dari 4 triwulan sudah ada." if periods else "Belum ada triwulan; laporan belum dapat diisi.",
            periods == 4,
        ),
        Step(
            f"Isi program {year}",
            list_of("program", "belum_dipetakan=ya" if programs["unmapped"] else f"fiscal_year={year}"),
            _sentence(programs["all"], "program", f"{formats.number(programs['unmapped'])} belum dipetakan"),
            programs["all"] > 0 and not programs["unmapped"],
        ),
        Step(
            "Isi sub kegiatan setiap program",
            list_of("program", "kosong=ya" if programs["empty"] else f"fiscal_year={year}"),
            _sentence(programs["all"], "program", f"{formats.number(programs['empty'])} belum mempunyai sub kegiatan"),
            programs["all"] > 0 and not programs["empty"],
        ),
        Step(
            f"Isi realisasi {asked}",
            asked.missing.url,
            _sentence(asked.due, "sub kegiatan ditagih", f"{formats.number(asked.missing.count)} belum ada laporan"),
            asked.due > 0 and not asked.missing.count,
        ),
        Step("Lihat hasilnya di halaman", "/", "Berkas CSV untuk rapat diunduh dari halaman itu.", False),
    ]


def list_of(model, query):
    return f"{reverse(f'admin:tracker_{model}_changelist')}?{query}"


def _sentence(count, what, rest):
    return f"{formats.number(count)} {what}, {rest}." if count else f"Belum ada {what}."


@dataclass(frozen=True)
class Change:
    what: str
    kind: str
    who: str
    at: datetime.datetime
    url: str  # of its history, which outlives the record


def newest_changes(most: int = MOST_CHANGES) -> list[Change]:
    """Who entered, changed or deleted which program, sub kegiatan or report last."""
    named = (
        (Program.history.all(), lambda entry: f"{entry.name} ({entry.fiscal_year})"),
        (Activity.history.all(), lambda entry: f"{entry.ref} {entry.name}"),
        (Report.history.select_related("activity", "period"), _name_of_report),
    )
    entries = itertools.chain.from_iterable(
        ((entry, name(entry)) for entry in history[:most]) for history, name in named
    )
    newest = sorted(entries, key=lambda pair: pair[0].history_date, reverse=True)[:most]
    return [
        Change(
            what=what,
            kind=KINDS[entry.history_type],
            who=entry.history_user_name or "sistem",
            at=entry.history_date,
            url=reverse(f"admin:tracker_{entry.instance_type._meta.model_name}_history", args=[entry.id]),
        )
        for entry, what in newest
    ]


def _name_of_report(entry):
    return f"Laporan {entry.period or ''}: {entry.activity or 'sub kegiatan yang sudah dihapus'}"
