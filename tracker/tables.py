"""One shape for rows on a page, in CSV and in every later format: named columns over plain rows.

Column names and their order never change between releases; new columns go last.
"""

import datetime
import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils import timezone

from tracker import formats, timeline
from tracker.models import Activity, Location, Program, Report
from tracker.progress.figures import in_force
from tracker.values import plain


@dataclass(frozen=True, slots=True)
class Column:
    title: str
    value: Callable[[Any], Any]
    width: int = 12  # characters, in a spreadsheet
    is_money: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """`slug` names the table in an address and a file name.

    `rows` is an iterable, or a function that gives one and is called only when the table is written.
    """

    slug: str
    columns: tuple[Column, ...]
    rows: Iterable | Callable[[], Iterable]

    @property
    def titles(self) -> list[str]:
        return [column.title for column in self.columns]

    def cells(self) -> Iterator[list]:
        """Each row as plain values: str, int, Decimal, Fraction (a percentage), date, bool or None."""
        values = [column.value for column in self.columns]
        for row in self.rows() if callable(self.rows) else self.rows:
            yield [value(row) for value in values]


def yes_no(value: bool) -> str:
    return "ya" if value else "tidak"


def recap(slug, rows, selection) -> Table:
    """The figures of groups, one line each: "rekap"."""
    columns = (
        Column("Kelompok", lambda row: row.key),
        Column("Nama", lambda row: row.name, 44),
        Column("Program", lambda row: row.figures.programs),
        Column("Sub kegiatan", lambda row: row.figures.activities),
        Column("Pagu", lambda row: row.figures.budget, 18, is_money=True),
        Column("Realisasi", lambda row: row.figures.realised, 18, is_money=True),
        Column("Serapan", lambda row: row.figures.absorption),
        Column("Fisik", lambda row: row.figures.physical),
        Column("Fisik tertinggi", lambda row: row.figures.physical_high),
        Column("Rencana", lambda row: row.figures.plan),
        Column("Deviasi", lambda row: row.figures.deviation),
        Column("Status", lambda row: selection.status_label(row.figures.status), 18),
        Column("Mewakili", lambda row: row.figures.represented),
        Column("Belum lapor", lambda row: row.figures.missing),
        Column("Pagu luar APBD", lambda row: row.figures.budget_outside, 18, is_money=True),
    )
    return Table(slug, columns, rows)


DIRECTIONS = {Activity.Direction.UP: "naik", Activity.Direction.DOWN: "turun"}
ROWS_AT_ONCE = 1000
BY_PROGRAM = ("program__opd__name", "program__name", "program_id", "ref")


class ProgramLine(NamedTuple):
    """An activity with its program as plain values, in the order of PROGRAM_PATHS, and what hangs on them as text."""

    pk: int
    program_id: int
    ref: str
    year: int
    opd: str
    program_code: str
    program: str
    code: str
    name: str
    strategy: int | None
    rkpd_year: int | None
    priority: int | None
    is_extreme_poverty: bool
    funding_source: str
    indicator: str
    unit: str
    direction: str
    baseline: Decimal | None
    target: Decimal
    revised_target: Decimal | None
    budget: int
    revised_budget: int | None
    revision_note: str
    target_group: str
    target_beneficiaries: int | None
    beneficiary_unit: str
    beneficiary_source: str
    plan_q1: Decimal | None
    plan_q2: Decimal | None
    plan_q3: Decimal | None
    plan_q4: Decimal | None
    starts_quarter: int
    implementing_unit_kind: str
    implementing_unit: str
    is_cash_for_work: bool
    version: int
    places: str
    partners: str


PROGRAM_PATHS = (
    "pk",
    "program_id",
    "ref",
    "program__fiscal_year",
    "program__opd__short_name",
    "program__code",
    "program__name",
    "code",
    "name",
    "program__strategy__number",
    "program__priority__rkpd_year",
    "program__priority__number",
    "program__is_extreme_poverty",
    "funding_source__code",
    "indicator",
    "unit",
    "direction",
    "baseline",
    "target",
    "revised_target",
    "budget",
    "revised_budget",
    "revision_note",
    "target_group",
    "target_beneficiaries",
    "beneficiary_unit",
    "beneficiary_source",
    "plan_q1",
    "plan_q2",
    "plan_q3",
    "plan_q4",
    "starts_quarter",
    "implementing_unit_kind",
    "implementing_unit",
    "is_cash_for_work",
    "version",
)

PROGRAM_COLUMNS = (
    Column("Register", lambda line: line.ref),
    Column("Tahun", lambda line: line.year),
    Column("OPD", lambda line: line.opd, 14),
    Column("Kode program", lambda line: line.program_code),
    Column("Program", lambda line: line.program, 44),
    Column("Kode sub kegiatan", lambda line: line.code, 20),
    Column("Sub kegiatan", lambda line: line.name, 44),
    Column("Strategi", lambda line: line.strategy),
    Column("Prioritas RKPD", lambda line: line.priority and f"{line.rkpd_year}-{line.priority}"),
    Column("PPKE", lambda line: yes_no(line.is_extreme_poverty)),
    Column("Sumber dana", lambda line: line.funding_source),
    Column("Indikator", lambda line: line.indicator, 36),
    Column("Satuan", lambda line: line.unit),
    Column("Arah", lambda line: DIRECTIONS[line.direction]),
    Column("Nilai awal", lambda line: line.baseline),
    Column("Target", lambda line: line.target),
    Column("Target perubahan", lambda line: line.revised_target),
    Column("Pagu", lambda line: line.budget, 18, is_money=True),
    Column("Pagu perubahan", lambda line: line.revised_budget, 18, is_money=True),
    Column("Catatan perubahan", lambda line: line.revision_note, 36),
    Column("Kelompok sasaran", lambda line: line.target_group, 24),
    Column("Jumlah sasaran", lambda line: line.target_beneficiaries),
    Column("Satuan sasaran", lambda line: line.beneficiary_unit),
    Column("Basis data sasaran", lambda line: line.beneficiary_source, 18),
    Column("Lokasi", lambda line: line.places, 36),
    Column("Rencana TW I", lambda line: line.plan_q1),
    Column("Rencana TW II", lambda line: line.plan_q2),
    Column("Rencana TW III", lambda line: line.plan_q3),
    Column("Rencana TW IV", lambda line: line.plan_q4),
    Column("Mulai TW", lambda line: line.starts_quarter),
    Column("Jenis unit pelaksana", lambda line: line.implementing_unit_kind),
    Column("Unit pelaksana", lambda line: line.implementing_unit, 24),
    Column("Padat karya", lambda line: yes_no(line.is_cash_for_work)),
    Column("Versi", lambda line: line.version),
    Column("Mitra", lambda line: line.partners, 28),
    Column("Alasan perubahan", lambda line: None, 28),  # typed into the sheet before it is imported
)


def programs(slug, activities) -> Table:
    """The register of sub kegiatan with their programs: "program". `activities` is a queryset in any order."""
    return Table(slug, PROGRAM_COLUMNS, lambda: program_lines(activities))


def program_lines(activities) -> Iterator[ProgramLine]:
    for chunk in in_chunks(activities.order_by(*BY_PROGRAM).values_list(*PROGRAM_PATHS)):
        places = texts_by_key(
            Location.objects.filter(activity__in=[values[0] for values in chunk])
            .order_by("district__name", "village__name", "pk")
            .values_list("activity_id", "district__name", "village__kind", "village__name"),
            formats.place,
        )
        partners = texts_by_key(
            Program.partners.through.objects.filter(program__in={values[1] for values in chunk})
            .order_by("partner__name")
            .values_list("program_id", "partner__name"),
            str,
        )
        for values in chunk:
            yield ProgramLine(*values, places.get(values[0], ""), partners.get(values[1], ""))


def in_chunks(queryset) -> Iterator[list]:
    """The rows of a queryset in lists of ROWS_AT_ONCE, without ever holding all of them."""
    rows = queryset.iterator(chunk_size=ROWS_AT_ONCE)
    while chunk := list(itertools.islice(rows, ROWS_AT_ONCE)):
        yield chunk


def texts_by_key(rows, text) -> dict[int, str]:
    """Rows of (key, parts ...) as one text per key: "Jarai | Lahat/Desa X"."""
    found = defaultdict(list)
    for key, *parts in rows:
        found[key].append(text(*parts))
    return {key: " | ".join(texts) for key, texts in found.items()}


class ReportLine(NamedTuple):
    """An activity in one quarter, in the order of ACTIVITY_PATHS, and the report the reader may see, if any."""

    pk: int
    ref: str
    year: int
    opd: str
    name: str
    unit: str
    target: Decimal
    revised_target: Decimal | None
    budget: int
    revised_budget: int | None
    quarter: int
    report: "ReportValues | None"

    def of_report(self, name):
        return getattr(self.report, name) if self.report else None


class ReportValues(NamedTuple):
    """A report in the order of REPORT_PATHS."""

    activity_id: int
    quarter: int
    realised_output: Decimal
    realised_budget: int
    physical_percent: Decimal | None
    beneficiaries: int | None
    obstacle_category: str | None
    obstacle: str
    follow_up: str
    follow_up_owner: str
    follow_up_due: datetime.date | None
    evidence_url: str
    status: str
    local_workers: int | None
    version: int


ACTIVITY_PATHS = (
    "pk",
    "ref",
    "program__fiscal_year",
    "program__opd__short_name",
    "name",
    "unit",
    "target",
    "revised_target",
    "budget",
    "revised_budget",
)
REPORT_PATHS = (
    "activity_id",
    "period__quarter",
    "realised_output",
    "realised_budget",
    "physical_percent",
    "beneficiaries",
    "obstacle_category__name",
    "obstacle",
    "follow_up",
    "follow_up_owner",
    "follow_up_due",
    "evidence_url",
    "status",
    "local_workers",
    "version",
)

REPORT_COLUMNS = (
    Column("Register", lambda line: line.ref),
    Column("Tahun", lambda line: line.year),
    Column("Triwulan", lambda line: formats.quarter(line.quarter)),
    Column("OPD", lambda line: line.opd, 14),
    Column("Sub kegiatan", lambda line: line.name, 44),
    Column("Satuan", lambda line: line.unit),
    Column("Target berlaku", lambda line: in_force(line.target, line.revised_target)),
    Column("Pagu berlaku", lambda line: in_force(line.budget, line.revised_budget), 18, is_money=True),
    Column("Realisasi keluaran", lambda line: line.of_report("realised_output"), 16),
    Column("Realisasi anggaran", lambda line: line.of_report("realised_budget"), 18, is_money=True),
    Column("Fisik", lambda line: line.of_report("physical_percent")),
    Column("Penerima", lambda line: line.of_report("beneficiaries")),
    Column("Kategori kendala", lambda line: line.of_report("obstacle_category"), 18),
    Column("Kendala", lambda line: line.of_report("obstacle"), 44),
    Column("Tindak lanjut", lambda line: line.of_report("follow_up"), 44),
    Column("Penanggung jawab", lambda line: line.of_report("follow_up_owner"), 28),
    Column("Tenggat", lambda line: line.of_report("follow_up_due")),
    Column("Bukti", lambda line: line.of_report("evidence_url"), 28),
    Column("Status", lambda line: line.report and Report.Status(line.report.status).label, 18),
    Column("Tenaga kerja lokal", lambda line: line.of_report("local_workers")),
    Column("Versi", lambda line: line.of_report("version")),
    Column("Alasan perubahan", lambda line: None, 28),  # typed into the sheet before it is imported
)


def report_lines(activities, quarters, user) -> Iterator[ReportLine]:
    """Every activity in each of `quarters`, reported or not; reports the user may not see count as not reported."""
    visible = Report.objects.visible_to(user).filter(period__quarter__in=quarters).order_by()
    for chunk in in_chunks(activities.order_by(*BY_PROGRAM).values_list(*ACTIVITY_PATHS)):
        found = visible.filter(activity__in=[values[0] for values in chunk]).values_list(*REPORT_PATHS)
        reports = {(values[0], values[1]): ReportValues._make(values) for values in found}
        for values in chunk:
            for quarter in quarters:
                yield ReportLine(*values, quarter, reports.get((values[0], quarter)))


def reports(slug, activities, quarters, user) -> Table:
    """What was reported of each activity in each of `quarters`: "realisasi"."""
    return Table(slug, REPORT_COLUMNS, lambda: report_lines(activities, quarters, user))


REPORTING_COLUMNS = (
    Column("OPD", lambda each: each.group.key, 14),
    Column("Nama", lambda each: each.group.name, 44),
    Column("Ditagih", lambda each: each.figures.activities),
    Column("Lapor", lambda each: each.figures.reported),
    Column("Diverifikasi", lambda each: each.verified),
    Column("Dikembalikan", lambda each: each.returned),
    Column("Belum lapor", lambda each: each.figures.missing),
    Column("Hari terlambat", lambda each: each.days_late),
    Column("Pagu", lambda each: each.figures.budget, 18, is_money=True),
    Column("Pagu sudah lapor", lambda each: each.reported_budget, 18, is_money=True),
    Column("Mewakili", lambda each: each.figures.represented),
)


def reporting(slug, found) -> Table:
    """Who has reported: each OPD and the sum, `found` being a QuarterReporting: "pelaporan"."""
    return Table(slug, REPORTING_COLUMNS, [*found.opds, found.total])


MISSING_COLUMNS = (
    Column("Register", lambda row: row.facts.ref),
    Column("OPD", lambda row: row.facts.opd_short_name, 14),
    Column("Program", lambda row: row.facts.program_name, 44),
    Column("Sub kegiatan", lambda row: row.facts.name, 44),
    Column("Pagu", lambda row: row.budget, 18, is_money=True),
    Column("Posisi terakhir (TW)", lambda row: row.position and formats.quarter(row.position.quarter)),
)


def missing_reports(slug, found) -> Table:
    """The sub kegiatan without a counted report, by OPD in the order of the page: "belum-lapor"."""
    return Table(slug, MISSING_COLUMNS, [row for each in found.opds for row in each.missing])


class HistoryLine(NamedTuple):
    """A field that an entry of the history changed; an entry that changed none has one line as well."""

    entry: timeline.Entry
    change: timeline.Change | None

    def side(self, name):
        return self.change and plain(self.change.field, getattr(self.change, name))


HISTORY_COLUMNS = (
    Column("Waktu", lambda line: f"{timezone.localtime(line.entry.at):%d-%m-%Y %H.%M}", 16),
    Column("Siapa", lambda line: line.entry.who, 16),
    Column("Apa", lambda line: line.entry.what, 36),
    Column("Isian", lambda line: line.change and line.change.name, 24),
    Column("Semula", lambda line: line.side("before"), 36),
    Column("Menjadi", lambda line: line.side("after"), 36),
    Column("Alasan", lambda line: line.entry.reason, 36),
    Column("Berkas", lambda line: line.entry.source, 36),
)


def history(slug, activity, user) -> Table:
    """What happened to a sub kegiatan, as far as the user may read it: "riwayat"."""

    def lines():
        for entry in timeline.of_activity(activity, user):
            for change in entry.changes or (None,):
                yield HistoryLine(entry, change)

    return Table(slug, HISTORY_COLUMNS, lines)
