"""The rows of "realisasi": what was done and spent up to a quarter, one line per sub kegiatan and quarter."""

import copy
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from django.db.models import Sum

from tracker import formats, tables
from tracker.imports.columns import Kind
from tracker.imports.names import folded
from tracker.imports.outcomes import Judged, Total
from tracker.imports.rows import SheetRows, totals_after
from tracker.models import Activity, Period, Report
from tracker.models.history import Record
from tracker.models.imports import Sheet

ROWS_AT_ONCE = 500
FIGURES = ("realised_budget", "realised_output", "physical_percent", "beneficiaries", "local_workers")
ENTERED = (*Report.ENTERED, "status")
# What a change of the state leaves behind in the row.
WRITTEN = (*ENTERED, "return_note", "submitted_at", "submitted_by", "verified_at", "verified_by")
NEEDED = ("realised_budget", "realised_output")
NO_VERIFYING = (
    "Lewat berkas hanya status Draf dan Diajukan yang dapat diberikan. Verifikasi dan pengembalian dilakukan pada "
    "halaman Periksa laporan."
)


@dataclass(slots=True)
class ReportWrites:
    """Reports to be written, with the reason of each as its `_change_reason`."""

    changed: list[Report] = field(default_factory=list)
    new: list[Report] = field(default_factory=list)
    names: set[str] = field(default_factory=set)  # the fields that any of the changed ones changed


@dataclass(slots=True)
class Pending:
    """A line that changes something, until all lines are known."""

    row: object
    judged: Judged
    line: tables.ReportLine
    values: dict
    reason: str


class ReportRows(SheetRows):
    sheet = Sheet.REPORTS

    def __init__(self, user, names, layout):
        super().__init__(user, names, layout)
        self.pending: list[Pending] = []
        self.periods = {
            (period.fiscal_year, period.quarter): period
            for period in Period.objects.select_related("locked_by").prefetch_related("exceptions")
        }
        self._refusals = {}
        self.reading = [key for key, column in self.columns.items() if column.is_for_reading and key in self.given]
        self.reading += [key for key in ("opd", "year") if key in self.given]
        self.entered = [key for key in self.columns if key in ENTERED and key in self.given]

    def read(self, rows):
        found = []
        for row in rows:
            judged = Judged(row.number)
            self.judged.append(judged)
            quarter = self.value(row, "quarter", judged)
            if quarter is None and not judged.problems:
                self.refuse(judged, "quarter", None, "Kolom ini wajib diisi: TW I, TW II, TW III, atau TW IV.")
            if not judged.problems:
                found.append((row, judged, quarter))
        lines = self.lines_of(found)
        for row, judged, quarter in found:
            ref = self.ref_of(row, judged)
            if ref is None:
                continue
            line = lines.get((ref, quarter))
            if line is None:
                self.refuse(judged, "ref", row.cells.get("ref"), "Register ini tidak ada. Periksa angkanya.")
                continue
            self.compare(row, judged, line)

    def lines_of(self, found) -> dict:
        """What is stored, by register and quarter; reports this person may not read count as not there."""
        self.refs_by_name = self.refs_of_names([row for row, _, _ in found if row.cells.get("ref") is None])
        refs = {str(row.cells["ref"]).strip() for row, _, _ in found if row.cells.get("ref") is not None}
        refs |= {ref for refs_of_name in self.refs_by_name.values() for ref in refs_of_name}
        activities = Activity.objects.filter(ref__in=refs)
        quarters = sorted({quarter for _, _, quarter in found})
        return {(line.ref, line.quarter): line for line in tables.report_lines(activities, quarters, self.user)}

    def refs_of_names(self, rows) -> dict:
        """Registers by year, OPD and name, for files that know no registers."""
        found = defaultdict(list)
        names = {str(row.cells.get("name", "")).strip() for row in rows} - {""}
        if names:
            known = Activity.objects.filter(name__in=names).order_by("ref")
            for ref, name, year, opd in known.values_list(
                "ref", "name", "program__fiscal_year", "program__opd__short_name"
            ):
                found[folded(name), year, opd].append(ref)
        return found

    def ref_of(self, row, judged) -> str | None:
        if row.cells.get("ref") is not None:
            ref = self.value(row, "ref", judged)
            return None if judged.problems else ref
        name, year, opd = (self.value(row, key, judged) for key in ("name", "year", "opd"))
        if judged.problems:
            return None
        refs = self.refs_by_name.get((folded(name or ""), year, opd), [])
        if len(refs) == 1:
            return refs[0]
        reason = (
            f"Nama ini dipakai oleh {formats.listed(refs, most=4)}. Isi kolom Register dengan salah satunya."
            if refs
            else "Kolom Register kosong, dan tidak ada sub kegiatan dengan Tahun, OPD, dan nama ini. Isi registernya."
        )
        self.refuse(judged, "ref", None, reason)
        return None

    def compare(self, row, judged, line):
        judged.ref, judged.name, judged.opd = line.ref, line.name, line.opd
        if first := self.first_line_with((line.ref, line.quarter), row.number):
            self.refuse(
                judged, "ref", line.ref, f"{self.name_of(line)} sudah ada di baris {first}. Hapus salah satunya."
            )
            return
        for key in self.differing(row, line, judged, self.reading):
            self.refuse(judged, key, row.cells.get(key), self.only_for_reading(line, key))
        values = self.differing(row, line, judged, self.entered)
        if judged.problems:
            return
        if line.report is None and not self.has_figures(row):
            self.refuse_texts_without_figures(row, judged)
            return
        if line.report is not None and self.is_emptied(row):
            reason = (
                "Laporan yang sudah ada tidak dihapus lewat berkas. Isi angkanya, atau hapus barisnya dari berkas."
            )
            self.refuse(judged, "realised_budget", None, reason)
            return
        if not values or self.is_left_behind(row, judged, line, values):
            return
        reason = self.reason_of(row, judged)
        self.refuse_others(row, judged)
        if not judged.problems:
            self.refuse_stale(row, judged, line)
        if not judged.problems:
            self.pending.append(Pending(row, judged, line, values, reason))

    def is_left_behind(self, row, judged, line, values) -> bool:
        """Whether only the state differs, because the report was judged, or submitted again, since the download."""
        if line.report is None or values.keys() != {"status"} or values["status"] in Report.CHOICES_FROM[None]:
            return False
        return self.value(row, "version", judged) not in (None, line.report.version)

    def name_of(self, line) -> str:
        return f"{line.ref} {formats.quarter(line.quarter)}"

    def only_for_reading(self, line, key) -> str:
        now = self.shown(key, self.written[key](line)) if key != "year" else str(line.year)
        return (
            f"Kolom ini hanya untuk dibaca; sekarang isinya {now}. Kembalikan nilainya, atau unduh berkas yang baru."
        )

    def has_figures(self, row) -> bool:
        return any(row.cells.get(key) is not None for key in FIGURES)

    def is_emptied(self, row) -> bool:
        return self.given.issuperset(NEEDED) and not self.has_figures(row)

    def refuse_texts_without_figures(self, row, judged):
        """An empty row is no report; a word about obstacles would be lost without a sound."""
        for key in Report.ENTERED:
            if key in self.given and key not in FIGURES and row.cells.get(key) is not None:
                self.refuse(
                    judged,
                    key,
                    row.cells[key],
                    "Kolom ini terisi, padahal realisasinya kosong. Isi realisasi anggaran dan keluaran (0 bila "
                    "memang belum ada), atau kosongkan barisnya.",
                )
                return

    def refuse_stale(self, row, judged, line):
        stored = line.report
        version = self.value(row, "version", judged)
        if version is not None and version != (stored.version if stored else None):
            now = f"sekarang versi {stored.version}" if stored else "sekarang tidak ada laporannya"
            self.refuse(
                judged,
                "version",
                row.cells["version"],
                f"{self.name_of(line)} sudah diubah sesudah berkas ini diunduh ({now}). "
                "Unduh berkas yang baru, lalu pindahkan isian Anda ke sana.",
            )

    # All lines together

    def finish(self, plan):
        writes = ReportWrites()
        reports = [(pending, *self.report_of(pending)) for pending in self.with_records()]
        planned = defaultdict(dict)
        for pending, report, before in reports:
            planned[report.activity_id][report.period.quarter] = report
            self.enter_all(pending, report, before)
        for pending, report, before in reports:
            self.look_around(report, planned[report.activity_id])
            self.judge_report(pending, report, before)
            if pending.judged.problems:
                continue
            if before is None:
                writes.new.append(report)
            elif names := report.differences(before, WRITTEN):
                writes.changed.append(report)
                writes.names.update(names)
        plan.writes = writes
        self.add_up(plan, reports)

    def with_records(self):
        """The pending lines, after their sub kegiatan, reports and what the rules ask of other rows have been read."""
        for start in range(0, len(self.pending), ROWS_AT_ONCE):
            chunk = self.pending[start : start + ROWS_AT_ONCE]
            keys = {pending.line.pk for pending in chunk}
            self.activities = Activity.objects.select_related("program__opd").in_bulk(keys)
            self.reports = defaultdict(dict)
            for report in (
                Report.objects.filter(activity__in=keys).select_related("period").order_by("period__quarter")
            ):
                report.activity = self.activities[report.activity_id]
                self.reports[report.activity_id][report.period.quarter] = report
            self.explained = set(
                Report.history.filter(activity_id__in=keys, history_change_reason__gt="").values_list("id", flat=True)
            )
            yield from chunk

    def report_of(self, pending):
        """The record with what the line enters, and the stored one before it."""
        line, judged = pending.line, pending.judged
        activity = self.activities[line.pk]
        before = self.reports[line.pk].get(line.quarter)
        if before:
            report = copy.copy(before)
        else:
            report = Report(activity=activity, status=Report.Status.SUBMITTED)
            judged.is_new = True
        period = self.periods.get((line.year, line.quarter))
        report.period = period or Period.usual(line.year, line.quarter)
        report.others = {quarter: each for quarter, each in self.reports[line.pk].items() if quarter != line.quarter}
        report.is_explained = bool(before) and before.pk in self.explained
        return report, before

    def look_around(self, report, planned):
        """What stands beside this report once the whole file is written."""
        beside = {**report.others, **{q: each for q, each in planned.items() if q != report.period.quarter}}
        report.counted_others = [each for _, each in sorted(beside.items()) if each.status in Report.COUNTED]

    def enter_all(self, pending, report, before):
        row, judged = pending.row, pending.judged
        values = pending.values if before else {**dict.fromkeys(NEEDED), **pending.values}
        for key, value in values.items():
            if key != "status":
                self.enter(report, key, value, judged, row.cells.get(key))
        if status := values.get("status"):
            if status not in Report.CHOICES_FROM[before.status if before else None]:
                self.refuse(judged, "status", row.cells.get("status"), NO_VERIFYING)
            report.status = status

    def judge_report(self, pending, report, before):
        row, judged = pending.row, pending.judged
        if report.period.pk is None:
            reason = f"Tahun anggaran {pending.line.year} belum dibuka. Mintalah Sekretariat TKPK membukanya."
            self.refuse(judged, "quarter", row.cells.get("quarter"), reason)
        elif refusal := self.refusal_of(report.period, report.activity.program.opd_id):
            self.refuse(judged, "quarter", row.cells.get("quarter"), refusal)
        if judged.problems:
            return
        rules = (lambda: Record.clean(report), report.refuse_a_quarter_out_of_place)
        self.judge(report, before, judged, row, rules=rules, reason=pending.reason)
        if judged.problems:
            return
        report.stamp(self.user)
        report._change_reason = pending.reason or None
        judged.changes = self.changes_of(report, before)
        judged.warnings = report.warnings()

    def refusal_of(self, period, opd) -> str:
        key = (period.pk, opd)
        if key not in self._refusals:
            self._refusals[key] = period.refusal(opd)
        return self._refusals[key]

    def changes_of(self, report, before):
        keys = [key for key in ENTERED if key in self.columns]
        old = {key: value_of(before, key) for key in keys} if before else dict.fromkeys(keys)
        return [
            self.change(key, old[key], new)
            for key in keys
            if (new := value_of(report, key)) != old[key] and not (new == "" and old[key] is None)
        ]

    def shown(self, key, value):
        if self.columns[key].kind is Kind.STATUS and value:
            return Report.Status(value).label
        return super().shown(key, value)

    def stored(self, line, key):
        if key == "quarter":
            return line.quarter
        return line.of_report("status") if key == "status" else super().stored(line, key)

    def add_up(self, plan, reports):
        """Recorded rupiah by OPD and quarter. Quarters are cumulative, so each is a sum of its own."""
        differences = Counter()
        for pending, report, before in reports:
            if not pending.judged.problems:
                key = (pending.line.year, pending.line.quarter, pending.line.opd)
                differences[key] += report.realised_budget - (before.realised_budget if before else 0)
        if not differences:
            return
        sums = (
            Report.objects.visible_to(self.user)
            .filter(period__fiscal_year__in={year for year, _, _ in differences})
            .order_by()
            .values_list("period__fiscal_year", "period__quarter", "activity__program__opd__short_name")
            .annotate(Sum("realised_budget"))
        )
        before = {(year, quarter, opd): amount for year, quarter, opd, amount in sums}
        plan.totals = [
            Total(opd, f"{formats.quarter(quarter)} {year}", *amounts)
            for (year, quarter, opd), amounts in sorted(totals_after(before, differences).items())
        ]
        plan.totals_of = "Realisasi anggaran yang tercatat, draf ikut dihitung"


def value_of(report, key):
    value = getattr(report, key)
    return value.name if key == "obstacle_category" and value else value
