"""How the sub kegiatan of a selection are grouped: the same rows in the same order for pages, files and the API."""

from collections.abc import Callable
from dataclasses import dataclass

from tracker.progress import groups
from tracker.progress.figures import Status
from tracker.progress.groups import GroupRow
from tracker.selection import Selection


@dataclass(frozen=True, slots=True)
class Grouping:
    """`filter` is the filter of the address that narrows to one group, `value` what it then says."""

    filter: str
    groups: Callable[[Selection], list[GroupRow]]
    value: Callable[[GroupRow], object] = lambda group: group.key


def _best_first(group):
    """By ratio, highest first; what has no ratio comes last."""
    ratio = group.figures.ratio if group.figures.status is not Status.NOT_REPORTED else None
    return (ratio is None, -(ratio or 0), group.name)


def _by_district(selection):
    """Where one kecamatan is asked for, the others in which its sub kegiatan work as well are no answer."""
    found = groups.figures_by_district(selection.options.districts, selection.progress)
    asked = selection.filter.form.cleaned_data["kecamatan"]
    return [group for group in found if asked in ("", group.key)]


def _by_funding_source(selection):
    found = groups.figures_by("funding_source", selection.options.funding_sources, selection.progress)
    return [group for group in found if group.rows]


def _by_quarter(selection):
    quarters = [selection.at(quarter) for quarter in range(1, selection.quarter)]
    return groups.figures_by_quarter(each.progress for each in (*quarters, selection))


GROUPINGS = {
    "strategy": Grouping(
        "strategi", lambda selection: groups.figures_by("strategy", selection.options.strategies, selection.progress)
    ),
    "priority": Grouping(
        "prioritas", lambda selection: groups.figures_by("priority", selection.priorities, selection.progress)
    ),
    "opd": Grouping(
        "opd",
        lambda selection: sorted(groups.figures_by_opd(selection.progress), key=_best_first),
        lambda group: group.rows[0].facts.opd_id,
    ),
    "district": Grouping("kecamatan", _by_district),
    "quarter": Grouping("tw", _by_quarter),
    "funding_source": Grouping("sumber", _by_funding_source),
}


def shown_groups(selection: Selection, by: str) -> list[GroupRow]:
    """The rows of a table: without groups that the filters left empty. Quarters are always all there."""
    found = GROUPINGS[by].groups(selection)
    return [group for group in found if group.rows] if selection.narrowing and by != "quarter" else found


def query_of(selection: Selection, by: str, group: GroupRow) -> str:
    """The tail of the address that asks for exactly the rows of this group."""
    grouping = GROUPINGS[by]
    return selection.query(**{grouping.filter: grouping.value(group)})
