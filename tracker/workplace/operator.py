"""What an OPD has to do, in the order to work on it: correct, report, submit, and complete its programs."""

import datetime
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import BooleanField, ExpressionWrapper, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone

from tracker import formats
from tracker.models import Activity, Period, Program, Report
from tracker.models.periods import open_to
from tracker.progress.activities import YearProgress
from tracker.progress.figures import Figures, is_expected
from tracker.workplace.lists import Waiting, list_of
from tracker.workplace.quarter import latest_ended_quarter

MOST_ROWS = 15
RETURNED, DRAFT = Report.Status.RETURNED, Report.Status.DRAFT
# Without any report: of quarters that are over, and of those that are not and may be filled in already.
MISSING, RUNNING = "missing", "running"
# The list of the admin that shows all tasks of a kind at one quarter.
LISTS = {
    MISSING: ("activity", "tanpa_laporan={year}-{quarter}&program__opd__id__exact={opd}"),
    RUNNING: ("activity", "tanpa_laporan={year}-{quarter}&program__opd__id__exact={opd}"),
    **{
        status: (
            "report",
            "period__fiscal_year={year}&period__quarter__exact={quarter}"
            f"&status__exact={status}&activity__program__opd__id__exact={{opd}}",
        )
        for status in (RETURNED, DRAFT)
    },
}


class Work(NamedTuple):
    """A sub kegiatan with how its program is mapped; or a program that has none, with `key` and the rest None."""

    year: int
    program: int
    strategy: int | None
    priority: int | None
    key: int | None
    ref: str | None
    name: str | None
    starts_quarter: int | None
    revised_budget: int | None

    def is_due(self, period) -> bool:
        """Whether a report is expected at this quarter."""
        if self.key is None or self.year != period.fiscal_year:
            return False
        return is_expected(self.starts_quarter, self.revised_budget, period.quarter)


class Written(NamedTuple):
    """A report there is, and who returned it last."""

    activity: int
    period: int
    status: str
    return_note: str
    returned_by: str | None
    returned_at: datetime.datetime | None
    year: int
    quarter: int


@dataclass(frozen=True)
class Task:
    """A report to be written, submitted or corrected."""

    work: Work
    period: Period
    report: Written | None
    today: datetime.date

    @property
    def url(self) -> str:
        form = reverse("admin:tracker_activity_change", args=[self.work.key])
        return f"{form}#reports-{self.period.quarter}-fields"

    @property
    def days(self) -> str:
        return formats.days_to(self.period.due_on, self.today)


@dataclass(frozen=True)
class Tasks:
    """The tasks of one kind, the earliest due date first."""

    kind: str
    opd: int
    all: list[Task]

    @property
    def first(self) -> list[Task]:
        return self.all[:MOST_ROWS]

    @property
    def others(self) -> int:
        return len(self.all) - len(self.first)

    @property
    def by_quarter(self) -> list[tuple[Period, Waiting]]:
        """How many there are of each quarter, and where to see all of them."""
        model, query = LISTS[self.kind]
        counts = Counter(task.period for task in self.all)
        return [
            (
                period,
                Waiting(
                    str(period),
                    count,
                    list_of(model, query.format(year=period.fiscal_year, quarter=period.quarter, opd=self.opd)),
                ),
            )
            for period, count in counts.items()
        ]


@dataclass(frozen=True)
class OwnQuarter:
    """How far the reports of the last quarter that is over are."""

    name: str
    figures: Figures
    standing: str  # its due date and lock, in words


class Kit(NamedTuple):
    """A quarter, and the address of the sheet in which its reports can be filled in."""

    name: str
    url: str


@dataclass(frozen=True)
class OwnWork:
    asked: OwnQuarter
    kits: list[Kit]
    returned: Tasks
    missing: Tasks
    drafts: Tasks
    running: Tasks
    programs: list[Waiting]  # not mapped, or without sub kegiatan
    stuck: list[str]  # the quarters whose drafts and returned reports can no longer be written

    @property
    def is_done(self) -> bool:
        return not (self.returned.all or self.missing.all or self.drafts.all or self.programs)


def work_of(opd: int, today: datetime.date | None = None) -> OwnWork:
    """The work of the OPD with this key: as many statements, however much there is."""
    today = today or timezone.localdate()
    year, quarter = latest_ended_quarter(today)
    periods = list(
        Period.objects.annotate(is_writable=ExpressionWrapper(open_to(opd, today=today), BooleanField()))
        .filter(Q(is_writable=True) | Q(fiscal_year=year, quarter=quarter))
        .select_related("locked_by")
        .order_by("due_on", "fiscal_year", "quarter")
    )
    asked = next((period for period in periods if (period.fiscal_year, period.quarter) == (year, quarter)), None)
    periods = [period for period in periods if period.is_writable]
    work = _work(opd, {today.year, *(period.fiscal_year for period in periods)})
    written = _written(opd, periods)
    tasks = _tasks(periods, work, written, today)
    current = [period for period in periods if period == asked or period.ends_on >= today]
    open_keys = {period.pk for period in periods}
    return OwnWork(
        asked=_asked(opd, year, quarter, asked),
        kits=_kits(opd, current, work),
        returned=Tasks(RETURNED, opd, tasks[RETURNED]),
        missing=Tasks(MISSING, opd, tasks[MISSING]),
        drafts=Tasks(DRAFT, opd, tasks[DRAFT]),
        running=Tasks(RUNNING, opd, tasks[RUNNING]),
        programs=_programs_to_complete(opd, today.year, work),
        stuck=[
            f"{formats.quarter(quarter)} {year}"
            for year, quarter in sorted(
                {(each.year, each.quarter) for each in written if each.period not in open_keys}
            )
        ],
    )


def _work(opd, years) -> list[Work]:
    activity = [f"activities__{name}" for name in ("pk", "ref", "name", "starts_quarter", "revised_budget")]
    rows = Program.objects.filter(opd=opd, fiscal_year__in=years).order_by("activities__ref")
    return [Work(*row) for row in rows.values_list("fiscal_year", "pk", "strategy", "priority", *activity)]


def _written(opd, periods) -> list[Written]:
    """The reports of these periods; and of others those that do not count."""
    # A row that was loaded as returned was returned by nobody.
    returns = Report.history.filter(id=OuterRef("pk"), status=RETURNED, history_type="~")
    returns = returns.order_by("-history_date", "-history_id")
    rows = (
        Report.objects.filter(activity__program__opd=opd)
        .filter(Q(period__in=periods) | Q(status__in=(DRAFT, RETURNED)))
        .order_by()
    )
    return [
        Written(*row)
        for row in rows.values_list(
            "activity",
            "period",
            "status",
            "return_note",
            Subquery(returns.values("history_user_name")[:1]),
            Subquery(returns.values("history_date")[:1]),
            "period__fiscal_year",
            "period__quarter",
        )
    ]


def _tasks(periods, work, written, today) -> dict[str, list[Task]]:
    """By kind; within one by the due date of the quarter, then by register."""
    reports = {(report.activity, report.period): report for report in written}
    found = defaultdict(list)
    for period in periods:
        unwritten = RUNNING if period.ends_on >= today else MISSING
        for each in work:
            report = reports.get((each.key, period.pk))
            if report or each.is_due(period):
                found[report.status if report else unwritten].append(Task(each, period, report, today))
    return found


def _asked(opd, year, quarter, period) -> OwnQuarter:
    total = YearProgress(Activity.objects.filter(program__opd=opd), year=year, quarter=quarter).total()
    is_done = total.activities and not total.missing and period and not period.locked_at
    return OwnQuarter(f"{formats.quarter(quarter)} {year}", total, "" if is_done else _standing(period, opd))


def _standing(period, opd) -> str:
    if period is None:
        return "Triwulan ini belum dibuka oleh Sekretariat TKPK, jadi laporannya belum dapat diisi."
    if not period.is_writable:
        return period.refusal(opd)
    exception = " OPD Anda mendapat pengecualian, jadi laporannya masih dapat diisi." if period.locked_at else ""
    return f"{period.in_words()}{exception}"


def _kits(opd, periods, work) -> list[Kit]:
    """For each of these periods in which something is expected of the OPD."""
    return [
        Kit(str(period), f"{reverse('reports')}?tahun={period.fiscal_year}&tw={period.quarter}&opd={opd}&format=kit")
        for period in periods
        if any(each.is_due(period) for each in work)
    ]


def _programs_to_complete(opd, year, work) -> list[Waiting]:
    programs = {each.program: each for each in work if each.year == year}.values()
    unmapped = sum(each.strategy is None or each.priority is None for each in programs)
    empty = sum(each.key is None for each in programs)
    query = f"fiscal_year={year}&opd__id__exact={opd}"
    found = [
        Waiting(
            "belum dipetakan ke strategi atau prioritas", unmapped, list_of("program", f"{query}&belum_dipetakan=ya")
        ),
        Waiting("belum mempunyai sub kegiatan", empty, list_of("program", f"{query}&kosong=ya")),
    ]
    return [waiting for waiting in found if waiting.count]
