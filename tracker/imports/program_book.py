"""The programs that the lines of a sheet speak of: found or made once, and the same for every line."""

import copy
from collections import defaultdict
from dataclasses import dataclass, field

from tracker import formats
from tracker.imports.names import folded
from tracker.imports.outcomes import Judged
from tracker.models import Activity, Program
from tracker.models.programs import SETTLED

# What a line says of its program.
STATED = ("program_code", "program", "strategy", "priority", "is_extreme_poverty", "partners")


@dataclass(slots=True)
class Said:
    """What a line said first of a program, and where."""

    value: object
    judged: Judged
    cell: object


@dataclass(slots=True)
class Entry:
    """A program as the file speaks of it. `changes` holds what lines say otherwise than it is stored."""

    program: Program
    is_new: bool = False
    said: dict[str, Said] = field(default_factory=dict)
    changes: dict[str, Said] = field(default_factory=dict)
    reason: str = ""
    partners: tuple[int, ...] | None = None

    def disagreement(self, key, value) -> Said | None:
        """The line that says something else of this program."""
        said = self.said.get(key)
        return said if said is not None and said.value != value else None


class Ambiguous(ValueError):
    """A name without a code that several programs of the OPD have."""


class ProgramBook:
    """Programs by year and OPD (its short name), read when a line first asks for them."""

    def __init__(self, names):
        self.names = names
        self.entries: dict[int | tuple, Entry] = {}
        self._by_code, self._by_name, self._loaded = {}, defaultdict(list), set()

    def current(self, line) -> Entry:
        """The program that a stored line belongs to."""
        self._load(line.year, line.opd)
        return self.entries[line.program_id]

    def find(self, year, opd, code, name, line=None) -> Entry:
        """By code, else by name; `line` is the stored one, whose program may have been given another code or name.

        A program that is not there is made.
        """
        self._load(year, opd)
        if code and (entry := self._by_code.get((year, opd, code))):
            return entry
        namesakes = self._by_name[year, opd, folded(name)] if name else []
        if code:
            coded = [entry for entry in namesakes if not entry.program.code]
            if line and not coded and folded(name) == folded(line.program):
                coded = [self.entries[line.program_id]]
        else:
            coded = [entry for entry in namesakes if not entry.program.code] or namesakes
        if len(coded) > 1:
            codes = formats.listed([entry.program.code for entry in coded], most=4)
            raise Ambiguous(f"Nama ini dipakai oleh program dengan kode {codes}. Isi kolom Kode program.")
        return coded[0] if coded else self._made(year, opd, code, name)

    def _load(self, year, opd):
        if (year, opd) in self._loaded:
            return
        self._loaded.add((year, opd))
        rows = Program.objects.filter(fiscal_year=year, opd__short_name=opd).select_related(
            "opd", "strategy", "priority"
        )
        for program in rows:
            self._add(year, opd, Entry(program))

    def _made(self, year, opd, code, name) -> Entry:
        program = Program(fiscal_year=year, opd=self.names.opds.get(opd), code=code or "", name=name)
        entry = Entry(program, is_new=True)
        self._add(year, opd, entry)
        return entry

    def _add(self, year, opd, entry):
        program = entry.program
        self.entries[program.pk or ("new", year, opd, program.code, program.name)] = entry
        if program.code:
            self._by_code[year, opd, program.code] = entry
        self._by_name[year, opd, folded(program.name)].append(entry)

    def spoken_of(self) -> list[tuple[Entry, Program | None]]:
        """The new entries, and those of which lines say something else than is stored, with what is stored."""
        found = [entry for entry in self.entries.values() if entry.changes]
        keys = [entry.program.pk for entry in found if not entry.is_new]
        settled = set(Activity.objects.filter(SETTLED, program__in=keys).values_list("program", flat=True))
        pairs = []
        for entry in found:
            before = None if entry.is_new else copy.copy(entry.program)
            if before:
                before.is_settled = before.pk in settled
            pairs.append((entry, before))
        return pairs
