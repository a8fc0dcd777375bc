"""The rows of "program": sub kegiatan with their programs, places and partners, one line per register."""

import copy
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from django.db.models import Count, Min, Sum
from django.db.models.functions import Coalesce

from tracker import formats, tables
from tracker.imports.cells import LISTS
from tracker.imports.columns import LEVEL_CODE, PROGRAM_COLUMNS, Kind
from tracker.imports.lines import Row
from tracker.imports.names import Unknown
from tracker.imports.outcomes import Judged, Total
from tracker.imports.program_book import STATED, Ambiguous, Entry, ProgramBook, Said
from tracker.imports.rows import KEPT_WHEN_EMPTY, REQUIRED, SheetRows, totals_after
from tracker.models import Activity, Location, Program
from tracker.models.history import Record
from tracker.models.imports import Sheet
from tracker.models.programs import ACTIVITY_CODE, SETTLED
from tracker.values import moment

ROWS_AT_ONCE = 500
# Columns that are no field of a sub kegiatan itself.
ELSEWHERE = frozenset({"ref", "year", "opd", *STATED, "places", "version", "reason"})
WRITTEN = ("program", *(column.key for column in PROGRAM_COLUMNS if column.key not in ELSEWHERE))
NO_LEVEL = (
    "Kode ini bukan kode sub kegiatan seperti 1.06.05.2.01.0001 dan bukan kode di atasnya, jadi baris ini mungkin "
    "jumlah. Ubah format selnya menjadi Teks, lalu ketik kembali kodenya; atau lewati baris ini."
)
FIELD_OF_PROGRAM = {"program": "name", "program_code": "code"}


@dataclass(slots=True)
class ProgramWrites:
    """What is to be written, with the reason of each record as its `_change_reason`.

    New sub kegiatan have no register yet, and may belong to a program without a key; `places` are the new locations.
    """

    programs: list[Entry] = field(default_factory=list)
    changed: list[Activity] = field(default_factory=list)
    names: set[str] = field(default_factory=set)  # the fields that any of the changed ones changed
    new: list[Activity] = field(default_factory=list)
    new_lines: list[Judged] = field(default_factory=list)
    moved: list[Activity] = field(default_factory=list)  # those with other places
    places: list[Location] = field(default_factory=list)
    places_left: list[Location] = field(default_factory=list)


@dataclass(slots=True)
class Pending:
    row: object
    judged: Judged
    line: tables.ProgramLine | None
    values: dict
    entry: Entry
    reason: str

    @property
    def may_be_double(self) -> bool:
        return self.line is None or bool({"name", "code", "funding_source", "program"} & self.values.keys())


class ProgramRows(SheetRows):
    sheet = Sheet.PROGRAM

    def __init__(self, user, names, layout):
        super().__init__(user, names, layout)
        self.book = ProgramBook(names)
        self.pending: list[Pending] = []
        self.compared = [key for key in self.columns if key in self.given - {"ref", "version", "reason"}]

    def read(self, rows):
        refs = {str(row.cells["ref"]).strip() for row in rows if row.cells.get("ref") is not None}
        lines = {line.ref: line for line in tables.program_lines(Activity.objects.filter(ref__in=refs))}
        for row in rows:
            judged = Judged(row.number)
            self.judged.append(judged)
            ref = self.value(row, "ref", judged)
            if judged.problems:
                continue
            if not ref:
                self.read_new(row, judged)
            elif first := self.first_line_with(ref, row.number):
                self.refuse(judged, "ref", ref, f"Register ini sudah ada di baris {first}. Hapus salah satunya.")
            elif ref not in lines:
                self.refuse(
                    judged,
                    "ref",
                    ref,
                    "Register ini tidak ada. Periksa angkanya, atau kosongkan bila baris ini sub kegiatan baru: "
                    "nomornya diberikan saat diterapkan.",
                )
            else:
                self.read_existing(row, judged, lines[ref])

    def read_existing(self, row, judged, line):
        judged.ref, judged.name, judged.opd = line.ref, line.name, line.opd
        values = self.differing(row, line, judged, self.compared)
        self.refuse_another_year_or_opd(row, judged, line, values)
        if values:
            self.refuse_others(row, judged)
        entry = None if judged.problems else self.entry_of(judged, row, values, line)
        if entry is None:
            return
        for key in STATED:
            if key in self.given and (key in values or row.cells.get(key) is not None or key not in KEPT_WHEN_EMPTY):
                value = values[key] if key in values else self.stored(line, key)
                is_change = key in values or (entry.is_new and bool(value))
                self.state(entry, key, value, judged, row, is_change=is_change)
        if judged.problems or not values:
            return
        reason = self.reason_of(row, judged)
        self.refuse_stale(row, judged, line)
        if not judged.problems:
            self.pending.append(Pending(row, judged, line, values, entry, reason))

    def refuse_another_year_or_opd(self, row, judged, line, values):
        for key in {"year", "opd"} & values.keys():
            self.refuse(
                judged,
                key,
                row.cells[key],
                f"{line.ref} adalah sub kegiatan {line.opd} tahun {line.year}, dan itu tetap. Kembalikan isinya, atau "
                "kosongkan Register bila baris ini sub kegiatan baru.",
            )

    def refuse_stale(self, row, judged, line):
        version = self.value(row, "version", judged)
        if version is not None and version != line.version:
            self.refuse(
                judged,
                "version",
                row.cells["version"],
                f"{line.ref} sudah diubah sesudah berkas ini diunduh (sekarang versi {line.version}). "
                "Unduh berkas yang baru, lalu pindahkan isian Anda ke sana.",
            )

    def read_new(self, row, judged):
        judged.is_new = True
        found = {key: self.value(row, key, judged) for key in self.compared}
        values = {key: value for key, value in found.items() if value is not None and value not in ("", ())}
        judged.name, judged.opd = values.get("name", ""), values.get("opd", "")
        if LEVEL_CODE.key in self.given and not ACTIVITY_CODE.fullmatch(values.get("code", "")):
            self.refuse(judged, "code", row.cells.get("code"), NO_LEVEL)
            return
        for key in self.kind.needed:
            if key not in values and row.cells.get(key) is None:
                self.refuse(judged, key, None, f"{REQUIRED} Bila baris ini sudah ada, isi Register-nya.")
        reason = self.reason_of(row, judged)
        if not judged.problems:
            self.refuse_others(row, judged)
        same = tuple(sorted((key, str(value)) for key, value in values.items()))
        if not judged.problems and (first := self.first_line_with(same, row.number)):
            self.refuse(judged, "name", judged.name, f"Baris ini sama dengan baris {first}. Hapus salah satunya.")
        entry = None if judged.problems else self.entry_of(judged, row, values)
        if entry is None:
            return
        for key in STATED:
            if key in values:
                self.state(entry, key, values[key], judged, row, is_change=self.is_news(entry, key, values[key]))
        if not judged.problems:
            self.pending.append(Pending(row, judged, None, values, entry, reason))

    def stored(self, line, key):
        kind = self.columns[key].kind
        if kind in (Kind.YES_NO, Kind.DIRECTION):
            return getattr(line, key)
        if kind in LISTS:
            read = self.names.places_of if kind is Kind.PLACES else self.names.partners_of
            try:
                return read(getattr(line, key))
            except Unknown:
                return None
        return super().stored(line, key)

    # The program of a line

    def entry_of(self, judged, row, values, line=None) -> Entry | None:
        if line and not {"program", "program_code"} & values.keys():
            return self.book.current(line)
        if line:
            year, opd = line.year, line.opd
            code, name = values.get("program_code", line.program_code), values.get("program", line.program)
        else:
            year, opd, code, name = values["year"], values["opd"], values.get("program_code", ""), values["program"]
        try:
            return self.book.find(year, opd, code, name, line)
        except Ambiguous as ambiguous:
            self.refuse(judged, "program", row.cells.get("program"), str(ambiguous))
            return None

    def state(self, entry, key, value, judged, row, *, is_change):
        """Note what this line says of its program; lines that disagree are refused."""
        if other := entry.disagreement(key, value):
            self.refuse(
                judged,
                key,
                row.cells.get(key),
                f"Baris {other.judged.number} menyebut {self.shown(key, other.value)} untuk program yang sama. "
                "Samakan pada semua baris program itu.",
            )
            return
        said = entry.said.setdefault(key, Said(value, judged, row.cells.get(key)))
        if is_change:
            entry.changes.setdefault(key, said)

    def is_news(self, entry, key, value) -> bool:
        """Whether a new line says something of a program that is not stored."""
        if entry.is_new:
            return True
        if key == "partners":
            return value != tuple(sorted(entry.program.partners.values_list("pk", flat=True)))
        return not self.is_same(key, value, said_by(entry.program, key))

    # All lines together

    def finish(self, plan):
        writes, differences = ProgramWrites(), Counter()
        for pending in self.pending:
            pending.entry.reason = pending.entry.reason or pending.reason
        spoken_of = self.book.spoken_of()
        for entry, before in spoken_of:
            self.judge_program(entry, before)
            writes.programs.append(entry)
        plan.notes = self.notes_on([entry for entry, before in spoken_of if before])
        for start in range(0, len(self.pending), ROWS_AT_ONCE):
            self.judge_chunk(self.pending[start : start + ROWS_AT_ONCE], writes, differences)
        plan.writes = writes
        self.add_up(plan, differences)

    def judge_program(self, entry, before):
        program, judged = entry.program, next(iter(entry.changes.values())).judged
        for key, said in entry.changes.items():
            if key == "partners":
                entry.partners = said.value
            else:
                self.enter(program, key, said.value, said.judged, said.cell, name=FIELD_OF_PROGRAM.get(key))
        if any(said.judged.problems for said in entry.changes.values()):
            return
        row = Row(judged.number, {key: said.cell for key, said in entry.changes.items()})
        self.judge(program, before, judged, row, rules=(lambda: Record.clean(program),), reason=entry.reason)
        program._change_reason = entry.reason or None
        if "program_code" in entry.changes:
            judged.warnings += program.warnings()

    def notes_on(self, entries) -> list[str]:
        """That a change of a program holds for all below it, and where it brings back what somebody has changed."""
        keys = [entry.program.pk for entry in entries]
        sizes = dict(Activity.objects.filter(program__in=keys).order_by().values_list("program").annotate(Count("pk")))
        past = defaultdict(list)
        for row in Program.history.filter(id__in=keys).select_related("strategy", "priority").order_by("history_id"):
            past[row.id].append(row)
        notes = []
        for entry in entries:
            titles = formats.listed([self.columns[key].title for key in entry.changes], most=6)
            size = formats.number(sizes.get(entry.program.pk, 0))
            note = f"Program {entry.program.name}: perubahan {titles} berlaku untuk {size} sub kegiatan di bawahnya."
            for key, said in entry.changes.items():
                if former := self.former(key, said.value, past[entry.program.pk]):
                    note += (
                        f" {self.columns[key].title} {self.shown(key, said.value)} adalah isi lama; "
                        f"{former.history_user_name or 'sistem'} menggantinya pada {moment(former.history_date)}."
                    )
            notes.append(note)
        return notes

    def former(self, key, value, rows):
        """The entry that replaced this value, where the program once had it."""
        if key == "partners":
            return None
        had = False
        for row in rows:
            is_it = self.is_same(key, value, said_by(row, key))
            if had and not is_it:
                return row
            had = is_it
        return None

    def judge_chunk(self, chunk, writes, differences):
        """Sub kegiatan with what the rules ask of other rows, in a few queries."""
        keys = {pending.line.pk for pending in chunk if pending.line}
        activities = Activity.objects.in_bulk(keys)
        settled = set(Activity.objects.filter(SETTLED, pk__in=keys).values_list("pk", flat=True))
        first_quarters = dict(
            Activity.objects.filter(pk__in=keys).values_list("pk").annotate(first=Min("reports__period__quarter"))
        )
        places = defaultdict(list)
        for location in Location.objects.filter(activity__in=keys):
            places[location.activity_id].append(location)
        self.note_doubles([pending for pending in chunk if pending.may_be_double])
        for pending in chunk:
            before = activities[pending.line.pk] if pending.line else None
            if before:
                before.is_settled = before.pk in settled
                before.first_quarter_reported = first_quarters[before.pk]
            self.judge_activity(pending, before, places, writes, differences)

    def note_doubles(self, chunk):
        """Which sub kegiatan of the same programs have the same name or code and source of money."""
        programs = {pending.entry.program.pk for pending in chunk} - {None}
        self.by_name, self.by_code = defaultdict(set), defaultdict(set)
        for ref, program, source, name, code in Activity.objects.filter(program__in=programs).values_list(
            "ref", "program", "funding_source", "name", "code"
        ):
            self.by_name[program, source, name.casefold()].add(ref)
            if code:
                self.by_code[program, source, code].add(ref)

    def doubles_of(self, activity) -> list[str]:
        program, source = activity.program.pk, activity.funding_source_id
        found = self.by_name[program, source, activity.name.casefold()] | self.by_code[program, source, activity.code]
        return sorted(found - {activity.ref})

    def judge_activity(self, pending, before, places, writes, differences):
        row, judged, entry = pending.row, pending.judged, pending.entry
        activity = copy.copy(before) if before else Activity()
        activity.program = entry.program
        for key in pending.values:
            if key not in ELSEWHERE:
                self.enter(activity, key, pending.values[key], judged, row.cells.get(key))
        if judged.problems:
            return
        activity.is_settled = bool(before) and before.is_settled
        activity.first_quarter_reported = before.first_quarter_reported if before else None
        rules = (lambda: Record.clean(activity), activity.refuse_to_start_late)
        self.judge(activity, before, judged, row, rules=rules, reason=pending.reason)
        self.move(activity, pending, places[activity.pk] if before else [], writes)
        if judged.problems:
            return
        activity._change_reason = pending.reason or None
        if before is None:
            writes.new.append(activity)
            writes.new_lines.append(judged)
        elif names := activity.differences(before, WRITTEN):
            writes.changed.append(activity)
            writes.names.update(names)
        judged.changes = self.changes_of(pending)
        if pending.may_be_double:
            activity.doubles = self.doubles_of(activity)
            judged.warnings += activity.warnings()
        differences[entry.program.fiscal_year, judged.opd] += activity.budget_in_force - (
            before.budget_in_force if before else 0
        )

    def move(self, activity, pending, stored, writes):
        """The places that come and go."""
        if "places" not in pending.values:
            return
        if refusal := activity.refusal_to_move(by=self.user, reason=pending.reason):
            self.refuse(pending.judged, "places", pending.row.cells.get("places"), refusal)
            return
        writes.moved.append(activity)
        wanted = set(pending.values["places"])
        here = {(location.district_id, location.village_id): location for location in stored}
        gone = [location for place, location in here.items() if place not in wanted]
        come = [
            Location(activity=activity, district_id=district, village_id=village)
            for district, village in pending.values["places"]
            if (district, village) not in here
        ]
        for location in (*gone, *come):
            location._change_reason = pending.reason or None
        writes.places_left += gone
        writes.places += come

    def changes_of(self, pending):
        return [self.change(key, self.before(pending.line, key), value) for key, value in pending.values.items()]

    def before(self, line, key):
        """What a line held, lists as they are written; None for a new one."""
        if line is None:
            return None
        return getattr(line, key) if self.columns[key].kind in LISTS else self.stored(line, key)

    def shown(self, key, value):
        kind = self.columns[key].kind
        if kind is Kind.DIRECTION and value:
            return tables.DIRECTIONS[value]
        if kind in LISTS and isinstance(value, tuple):
            value = self.names.places_in_words(value) if kind is Kind.PLACES else self.names.partners_in_words(value)
        return super().shown(key, value)

    def add_up(self, plan, differences):
        """Rupiah in force by year and OPD."""
        sums = (
            Activity.objects.filter(program__fiscal_year__in={year for year, _ in differences})
            .order_by()
            .values_list("program__fiscal_year", "program__opd__short_name")
            .annotate(amount=Sum(Coalesce("revised_budget", "budget")))
        )
        before = {(year, opd): amount for year, opd, amount in sums}
        plan.totals = [
            Total(opd, str(year), *amounts)
            for (year, opd), amounts in sorted(totals_after(before, differences).items())
        ]
        plan.totals_of = "Pagu yang berlaku"


def said_by(program, key):
    """What a program, or an entry of its history, says in a column."""
    value = getattr(program, FIELD_OF_PROGRAM.get(key, key))
    if key == "strategy":
        return value and value.number
    if key == "priority":
        return value and f"{value.rkpd_year}-{value.number}"
    return value
