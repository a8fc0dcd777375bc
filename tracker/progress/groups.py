"""The same figures by strategy, priority, OPD, kecamatan, quarter, money, program or activity: one loop for all."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from tracker import formats
from tracker.progress import figures
from tracker.progress.activities import ActivityRow, YearProgress

UNMAPPED = "-"


@dataclass(frozen=True, slots=True)
class Member:
    """One place on an axis: its key in files and addresses, and its name."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A member of an axis with its figures and the activity rows they were computed from."""

    key: str
    name: str
    figures: figures.Figures
    rows: Sequence[ActivityRow]


KEYS: dict[str, Callable[[ActivityRow], str | None]] = {
    "strategy": lambda row: None if row.facts.strategy is None else str(row.facts.strategy),
    "priority": lambda row: row.priority,
    "opd": lambda row: row.facts.opd_short_name,
    "funding_source": lambda row: row.facts.funding_source,
    "program": lambda row: str(row.program_id),
    "activity": lambda row: row.facts.ref,
}


def figures_by(axis, members, progress: YearProgress, *, quarter: int | None = None) -> list[GroupRow]:
    """GroupRows of the expected activities in the order of `members`, then what belongs to none of them."""
    grouped = defaultdict(list)
    for row in progress.expected(quarter):
        grouped[KEYS[axis](row) or UNMAPPED].append(row)
    return _in_order(members, grouped, progress, quarter, rest="Belum dipetakan")


def figures_by_district(members, progress: YearProgress) -> list[GroupRow]:
    """GroupRows by kecamatan. An activity in two of them counts whole in both, so that the rows add up to too much."""
    grouped = defaultdict(list)
    for row in progress.expected():
        for code in progress.districts.get(row.facts.pk, (UNMAPPED,)):
            grouped[code].append(row)
    return _in_order(members, grouped, progress, None, rest="Tingkat kabupaten")


def _in_order(members, grouped, progress, quarter, *, rest):
    """`rest` is the name of what belongs to none of the members."""
    if UNMAPPED in grouped:
        members = [*members, Member(UNMAPPED, rest)]
    return [
        GroupRow(member.key, member.name, progress.figures(grouped[member.key], quarter), grouped[member.key])
        for member in members
    ]


def figures_by_quarter(quarters: Iterable[YearProgress]) -> list[GroupRow]:
    """One GroupRow per quarter, each cumulative from January; they are never added up."""
    return [
        GroupRow(str(progress.quarter), formats.quarter(progress.quarter), progress.total(), progress.expected())
        for progress in quarters
    ]


def figures_by_program(progress: YearProgress, *, quarter: int | None = None, only=None) -> list[GroupRow]:
    """One GroupRow per program that has expected activities; `only` keeps to some program keys."""
    rows = progress.expected(quarter)
    members = {
        row.program_id: Member(str(row.program_id), row.facts.program_name)
        for row in rows
        if only is None or row.program_id in only
    }
    return figures_by("program", members.values(), progress, quarter=quarter)


def figures_by_opd(progress: YearProgress, *, quarter: int | None = None) -> list[GroupRow]:
    """One GroupRow per OPD that has expected activities."""
    rows = progress.expected(quarter)
    members = {row.facts.opd_id: Member(row.facts.opd_short_name, row.facts.opd_name) for row in rows}
    return figures_by("opd", members.values(), progress, quarter=quarter)


def figures_by_activity(progress: YearProgress) -> list[GroupRow]:
    """One GroupRow per expected activity; its fisik is not held at 100."""
    return [GroupRow(row.facts.ref, row.facts.name, row.figures, [row]) for row in progress.expected()]


def total(progress: YearProgress, *, quarter: int | None = None) -> GroupRow:
    """The last row of every table."""
    return GroupRow("", "Jumlah", progress.total(quarter), progress.expected(quarter))


def needing_decision(groups: Sequence[GroupRow]) -> list[GroupRow]:
    """Late groups and those that need attention, by impact: large and slightly late before tiny and badly late."""
    behind = [group for group in groups if group.figures.status in figures.BEHIND]
    return sorted(behind, key=lambda group: group.figures.impact)
