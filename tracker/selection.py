"""One question asked in an address: a year, a quarter and filters, and everything a page says about them."""

import copy
import datetime
from fractions import Fraction
from functools import cached_property
from urllib.parse import urlencode

from django.http import Http404
from django.utils import timezone

from tracker import formats
from tracker.filters import ActivityFilter, Options
from tracker.models import Activity
from tracker.progress.activities import YearProgress
from tracker.progress.figures import BEHIND, Status
from tracker.progress.groups import Member


class BadSelection(Exception):
    """The address asks for something that does not exist; `messages` says what, in sentences."""

    def __init__(self, messages):
        super().__init__(*messages)
        self.messages = messages


class Selection:
    """One question: a year, a quarter and filters; the same for a page, its files and its links.

    `fixed` holds what the address path itself says, such as the strategy of /strategi/1/; `program` keeps to one.
    Raises BadSelection when a filter is not one of those offered, and Http404 when `fixed` is not.
    """

    FRAME = ("tahun", "tw", "hitung")

    def __init__(self, data, *, fixed=None, program: int | None = None, today: datetime.date | None = None):
        self.today = today or timezone.localdate()
        self.options = Options()
        self.fixed = fixed or {}
        activities = Activity.objects.filter(program=program) if program else Activity.objects.all()
        asked = {name: data[name].strip() for name in ActivityFilter.base_filters if data.get(name, "").strip()}
        self.filter = ActivityFilter(asked | self.fixed, self.options, queryset=activities)
        if not self.filter.is_valid():
            if self.fixed.keys() & self.filter.form.errors.keys():
                raise Http404("Alamat ini menunjuk sesuatu yang tidak ada.")
            raise BadSelection([self._complaint(name, asked.get(name, "")) for name in self.filter.form.errors])
        self.asked = {name: value for name, value in asked.items() if name not in self.fixed}
        self.year, self.quarter = self._period()

    def _complaint(self, name, value):
        label = self.filter.form.fields[name].label
        return f"Saringan {label} tidak mengenal “{value[:60]}”. Pilih lagi dari daftar, atau hapus saringan itu."

    def _period(self):
        """The year and quarter asked for, else the latest ended quarter of a year that has programs."""
        year, quarter = self.asked.get("tahun"), self.asked.get("tw")
        if year:
            year = int(year)
            return year, int(quarter) if quarter else self._latest_ended(year) or 1
        ended = [(year, self._latest_ended(year)) for year in sorted(self.options.years) if self._latest_ended(year)]
        years = sorted(self.options.years)
        default = ended[-1] if ended else (years[0], 1) if years else (self.today.year, self._latest_ended() or 1)
        return default[0], int(quarter) if quarter else default[1]

    def _latest_ended(self, year=None):
        """The last quarter of `year` (by default this year) whose last day has passed; None before the first."""
        ended = [q for q in (1, 2, 3, 4) if formats.quarter_end(year or self.today.year, q) < self.today]
        return ended[-1] if ended else None

    @property
    def verified_only(self) -> bool:
        return self.asked.get("hitung") == "terverifikasi"

    @property
    def status(self) -> Status | None:
        return Status(self.asked["status"]) if "status" in self.asked else None

    @property
    def ends_on(self) -> datetime.date:
        return formats.quarter_end(self.year, self.quarter)

    @property
    def has_ended(self) -> bool:
        """A quarter that has not ended accuses nobody."""
        return self.ends_on < self.today

    @property
    def has_begun(self) -> bool:
        return formats.quarter_begin(self.year, self.quarter) <= self.today

    @property
    def elapsed_percent(self):
        """The share of the year that had passed at the end of the quarter, or has passed by today."""
        first = datetime.date(self.year, 1, 1)
        days_in_year = (datetime.date(self.year + 1, 1, 1) - first).days
        return Fraction(max((min(self.ends_on, self.today) - first).days + 1, 0) * 100, days_in_year)

    @cached_property
    def activities(self):
        return self.filter.qs

    @cached_property
    def progress(self) -> YearProgress:
        return YearProgress(
            self.activities,
            year=self.year,
            quarter=self.quarter,
            verified_only=self.verified_only,
            status=self.status,
        )

    def at(self, quarter: int) -> "Selection":
        """The same question at another quarter of the year."""
        other = copy.copy(self)
        other.quarter = quarter
        other.asked = {**self.asked, "tw": str(quarter)}
        for name in ("progress", "priorities"):
            other.__dict__.pop(name, None)
        return other

    @property
    def listed(self):
        """The activities of the selection as a queryset, for tables that list every one of them."""
        activities = self.activities.of_year(self.year)
        if self.status is None:
            return activities
        return activities.filter(pk__in=[facts.pk for facts in self.progress.facts])

    @cached_property
    def priorities(self) -> list[Member]:
        """The priorities of the newest RKPD year up to the chosen one, and others that programs point to."""
        used = {row.priority for row in self.progress.expected()}
        years = [int(member.key.split("-")[0]) for member in self.options.priorities]
        newest = max((year for year in years if year <= self.year), default=None)
        return [
            member
            for member, year in zip(self.options.priorities, years, strict=True)
            if year == newest or member.key in used
        ]

    def shown_status(self, status: Status | None) -> Status | None:
        """The status to show: while a quarter runs, being behind the plan of its last day is no judgement yet."""
        return Status.NOT_REPORTED if status in BEHIND and not self.has_ended else status

    def status_label(self, status: Status | None) -> str:
        """What a status is called in this selection."""
        status = self.shown_status(status)
        if status is None:
            return ""
        if status is Status.NOT_REPORTED and not self.has_ended:
            return formats.STILL_RUNNING_LABEL if self.has_begun else formats.NOT_BEGUN_LABEL
        if status is Status.NOT_REPORTED and self.verified_only:
            return formats.NOT_VERIFIED_LABEL
        return formats.STATUS_LABELS[status.value]

    @property
    def missing_words(self) -> str:
        """What an activity without a counted report is called in a sentence."""
        if not self.has_ended:
            return "menunggu laporan"
        return "belum terverifikasi" if self.verified_only else "belum lapor"

    @property
    def missing_label(self) -> str:
        return self.status_label(Status.NOT_REPORTED)

    @property
    def days_left(self) -> int:
        """Days from the end of the quarter to the end of the year."""
        return (datetime.date(self.year, 12, 31) - self.ends_on).days

    @property
    def fields(self):
        """The filters as form fields that show what is chosen now, without those the path fixes."""
        shown = {"tahun": str(self.year), "tw": str(self.quarter), **self.asked}
        form = ActivityFilter(shown, self.options, queryset=self.filter.queryset).form
        return [form[name] for name in form.fields if name not in self.fixed]

    @property
    def chips(self) -> list[dict]:
        """The narrowing filters in words, each with the address that takes it away."""
        form = self.filter.form
        return [
            {
                "name": name,
                "label": form.fields[name].label,
                "value": dict(getattr(form.fields[name], "choices", ())).get(value, value),
                "without": self.query(**{name: None}),
            }
            for name, value in self.asked.items()
            if name not in ("tahun", "tw")
        ]

    @property
    def quarters(self) -> list[tuple[str, str, bool]]:
        """Links to the quarters of the year: (name, address, whether it is the chosen one)."""
        return [
            (name, self.query(tw=quarter), quarter == self.quarter) for quarter, name in formats.QUARTER_NAMES.items()
        ]

    @property
    def unfiltered(self) -> str:
        return self.query(**dict.fromkeys(self.narrowing))

    @property
    def narrowing(self) -> dict[str, str]:
        """The filters asked for beside year, quarter and what counts."""
        return {name: value for name, value in self.asked.items() if name not in self.FRAME}

    def query(self, **changes) -> str:
        """This question as the tail of an address, changed where told; None removes. Always names its period."""
        words = {"tahun": self.year, "tw": self.quarter, **self.asked, **changes}
        return "?" + urlencode({name: value for name, value in words.items() if value not in (None, "")})

    @property
    def frame(self) -> str:
        """The tail for links to other pages: nothing by default, else the period and what counts."""
        words = {name: self.asked[name] for name in self.FRAME if name in self.asked}
        return f"?{urlencode(words)}" if words else ""
