"""One shape for rows on a page, in CSV and in every later format: named columns over plain rows.

Column names and their order never change between releases; new columns go last.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch

from tracker import formats
from tracker.models import Activity, Location, Report


@dataclass(frozen=True, slots=True)
class Column:
    title: str
    value: Callable[[Any], Any]
    width: int = 12  # characters, in a spreadsheet
    is_money: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """`slug` names the table in an address and a file name; `rows` may be any iterable, read once."""

    slug: str
    columns: tuple[Column, ...]
    rows: Iterable

    @property
    def titles(self) -> list[str]:
        return [column.title for column in self.columns]

    def cells(self) -> Iterator[list]:
        """Each row as plain values: str, int, Decimal, Fraction (a percentage), date, bool or None."""
        values = [column.value for column in self.columns]
        for row in self.rows:
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


def _joined(items) -> str:
    return " | ".join(str(item) for item in items)


PROGRAM_COLUMNS = (
    Column("Register", lambda a: a.ref),
    Column("Tahun", lambda a: a.program.fiscal_year),
    Column("OPD", lambda a: a.program.opd.short_name, 14),
    Column("Kode program", lambda a: a.program.code),
    Column("Program", lambda a: a.program.name),
    Column("Kode sub kegiatan", lambda a: a.code, 20),
    Column("Sub kegiatan", lambda a: a.name),
    Column("Strategi", lambda a: a.program.strategy and a.program.strategy.number),
    Column("Prioritas RKPD", lambda a: a.program.priority and a.program.priority.code),
    Column("PPKE", lambda a: yes_no(a.program.is_extreme_poverty)),
    Column("Sumber dana", lambda a: a.funding_source.code),
    Column("Indikator", lambda a: a.indicator, 36),
    Column("Satuan", lambda a: a.unit),
    Column("Arah", lambda a: DIRECTIONS[a.direction]),
    Column("Nilai awal", lambda a: a.baseline),
    Column("Target", lambda a: a.target),
    Column("Target perubahan", lambda a: a.revised_target),
    Column("Pagu", lambda a: a.budget, 18, is_money=True),
    Column("Pagu perubahan", lambda a: a.revised_budget, 18, is_money=True),
    Column("Catatan perubahan", lambda a: a.revision_note, 36),
    Column("Kelompok sasaran", lambda a: a.target_group, 24),
    Column("Jumlah sasaran", lambda a: a.target_beneficiaries),
    Column("Satuan sasaran", lambda a: a.beneficiary_unit),
    Column("Basis data sasaran", lambda a: a.beneficiary_source, 18),
    Column("Lokasi", lambda a: _joined(a.locations.all()), 36),
    Column("Rencana TW I", lambda a: a.plan_q1),
    Column("Rencana TW II", lambda a: a.plan_q2),
    Column("Rencana TW III", lambda a: a.plan_q3),
    Column("Rencana TW IV", lambda a: a.plan_q4),
    Column("Mulai TW", lambda a: a.starts_quarter),
    Column("Jenis unit pelaksana", lambda a: a.implementing_unit_kind),
    Column("Unit pelaksana", lambda a: a.implementing_unit, 24),
    Column("Padat karya", lambda a: yes_no(a.is_cash_for_work)),
    Column("Versi", lambda a: a.version),
    Column("Mitra", lambda a: _joined(a.program.partners.all()), 28),
    Column("Alasan perubahan", lambda a: None, 28),  # typed into the sheet before it is imported
)


def programs(slug, activities) -> Table:
    """The register of sub kegiatan with their programs: "program". `activities` is a queryset in any order."""
    rows = (
        activities.select_related("program__opd", "program__strategy", "program__priority", "funding_source")
        .prefetch_related(
            "program__partners",
            Prefetch("locations", Location.objects.select_related("district", "village")),
        )
        .order_by("program__opd__name", "program__name", "program_id", "ref")
    )
    return Table(slug, PROGRAM_COLUMNS, in_chunks(rows))


def in_chunks(queryset):
    """The rows of a queryset without holding all of them, its prefetches once per chunk."""
    return queryset.iterator(chunk_size=1000)


@dataclass(frozen=True, slots=True)
class ReportLine:
    """An activity in one quarter, with the report the reader may see, if there is one."""

    activity: Activity
    quarter: int
    report: Report | None

    def of_report(self, name):
        return getattr(self.report, name) if self.report else None


REPORT_COLUMNS = (
    Column("Register", lambda line: line.activity.ref),
    Column("Tahun", lambda line: line.activity.program.fiscal_year),
    Column("Triwulan", lambda line: formats.quarter(line.quarter)),
    Column("OPD", lambda line: line.activity.program.opd.short_name, 14),
    Column("Sub kegiatan", lambda line: line.activity.name, 44),
    Column("Satuan", lambda line: line.activity.unit),
    Column("Target berlaku", lambda line: line.activity.target_in_force),
    Column("Pagu berlaku", lambda line: line.activity.budget_in_force, 18, is_money=True),
    Column("Realisasi keluaran", lambda line: line.of_report("realised_output"), 16),
    Column("Realisasi anggaran", lambda line: line.of_report("realised_budget"), 18, is_money=True),
    Column("Fisik", lambda line: line.of_report("physical_percent")),
    Column("Penerima", lambda line: line.of_report("beneficiaries")),
    Column(
        "Kategori kendala",
        lambda line: line.report and line.report.obstacle_category and str(line.report.obstacle_category),
    ),
    Column("Kendala", lambda line: line.of_report("obstacle"), 44),
    Column("Tindak lanjut", lambda line: line.of_report("follow_up"), 44),
    Column("Penanggung jawab", lambda line: line.of_report("follow_up_owner"), 28),
    Column("Tenggat", lambda line: line.of_report("follow_up_due")),
    Column("Bukti", lambda line: line.of_report("evidence_url"), 28),
    Column("Status", lambda line: line.report and line.report.get_status_display(), 18),
    Column("Tenaga kerja lokal", lambda line: line.of_report("local_workers")),
    Column("Versi", lambda line: line.of_report("version")),
    Column("Alasan perubahan", lambda line: None, 28),  # typed into the sheet before it is imported
)


def report_lines(activities, quarters, user) -> Iterator[ReportLine]:
    """Every activity in each of `quarters`, reported or not; reports the user may not see count as not reported."""
    seen = Prefetch(
        "reports",
        Report.objects.visible_to(user)
        .filter(period__quarter__in=quarters)
        .select_related("period", "obstacle_category"),
        to_attr="seen_reports",
    )
    rows = (
        activities.select_related("program__opd")
        .prefetch_related(seen)
        .order_by("program__opd__name", "program__name", "program_id", "ref")
    )
    for activity in in_chunks(rows):
        by_quarter = {report.period.quarter: report for report in activity.seen_reports}
        for quarter in quarters:
            yield ReportLine(activity, quarter, by_quarter.get(quarter))


def reports(slug, activities, quarters, user) -> Table:
    """What was reported of each activity in each of `quarters`: "realisasi"."""
    return Table(slug, REPORT_COLUMNS, report_lines(activities, quarters, user))
