"""The same two pages for strategies, priorities and OPDs: all members of an axis, and one of them."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from tracker import tables
from tracker.groupings import GROUPINGS, query_of, shown_groups
from tracker.progress import charts, groups
from tracker.progress.figures import Status
from tracker.progress.obstacles import obstacles_of
from tracker.selection import Selection
from tracker.views import headlines, pages
from tracker.views.caching import kept_until_data_changes

MOST_PROGRAMS = 50
MOST_DECISIONS = 6


@dataclass(frozen=True, slots=True)
class Axis:
    """What differs between the groupings: words, addresses, and who belongs to them."""

    name: str  # as in groupings.py
    title: str
    what: str  # the word in a sentence
    column: str
    lead: str
    list_url: str
    member_url: Callable  # (GroupRow) -> address of its own page

    @property
    def filter(self) -> str:
        return GROUPINGS[self.name].filter

    def groups(self, selection) -> list[groups.GroupRow]:
        return GROUPINGS[self.name].groups(selection)


def _opd_url(group):
    return reverse("opd", args=[group.rows[0].facts.opd_id])


def _priority_url(group):
    return reverse("priority", args=group.key.split("-"))


AXES = {
    "strategy": Axis(
        name="strategy",
        title="Strategi",
        what="strategi",
        column="Strategi",
        lead="Setiap program masuk satu dari tiga strategi pengentasan kemiskinan (Inpres 4/2022 dan Inpres 8/2025).",
        list_url="strategies",
        member_url=lambda group: reverse("strategy", args=[group.key]),
    ),
    "priority": Axis(
        name="priority",
        title="Prioritas",
        what="prioritas RKPD",
        column="Prioritas RKPD",
        lead="Prioritas pembangunan menurut RKPD terbaru sampai tahun ini, dan prioritas lain yang dipakai program.",
        list_url="priorities",
        member_url=_priority_url,
    ),
    "opd": Axis(
        name="opd",
        title="OPD",
        what="OPD",
        column="OPD",
        lead="Urut menurut rasio fisik terhadap rencana tiap OPD, sehingga yang besar dan yang kecil diukur sama.",
        list_url="opds",
        member_url=_opd_url,
    ),
}


def _most_behind_first(group):
    deviation = group.figures.deviation if group.figures.status is not Status.NOT_REPORTED else None
    return (deviation is None, deviation or 0, group.name)


def group_lines(selection, axis: Axis, found) -> list[pages.Line]:
    """Members of an axis as rows of a page; each leads to its own page and to the sub kegiatan behind it."""
    programs = reverse("programs")
    return [
        pages.line(
            selection,
            group,
            url=axis.member_url(group) + selection.query(**{axis.filter: None}) if _has_page(axis, group) else "",
            proof=programs + query_of(selection, axis.name, group),
        )
        for group in found
    ]


def _has_page(axis, group):
    return group.key != groups.UNMAPPED and (axis.name != "opd" or group.rows)


def decision_lines(selection, behind) -> list[dict]:
    """Programs that need a decision, with what their reports say of the obstacle and the next step."""
    obstacles = obstacles_of(behind, selection.progress)
    return [
        {"line": line, "opd": line.group.rows[0].facts.opd_short_name, "obstacle": obstacles.get(line.key)}
        for line in program_lines(selection, behind)
    ]


def program_lines(selection, found) -> list[pages.Line]:
    return [
        pages.line(
            selection,
            group,
            url=reverse("program", args=[group.key]) + selection.frame,
            proof=reverse("program", args=[group.key]) + selection.frame,
        )
        for group in found
    ]


@kept_until_data_changes
@pages.answers_bad_selections
def group_list(request, axis):
    axis = AXES[axis]
    selection = Selection(request.GET)
    found = shown_groups(selection, axis.name)
    total = groups.total(selection.progress)
    real = [group for group in found if group.key != groups.UNMAPPED]
    counts = pages.status_counts(selection, real)
    with_rows = sum(bool(group.rows) for group in real)
    if axis.name == "opd":
        headline = headlines.ranking(counts, with_rows, axis.what, selection)
    else:
        headline = headlines.comparison(real, axis.what, selection)
    return pages.page(
        request,
        "tracker/groups/list.html",
        selection,
        [tables.recap(axis.filter, lambda: [*found, total], selection)],
        lambda: {
            "axis": axis,
            "headline": headline,
            "lines": group_lines(selection, axis, found),
            "total": pages.line(selection, total, proof=reverse("programs") + selection.query()),
            "counts": pages.by_tone(counts),
            "strip": charts.dot_strip(real, selection.progress.rating) if len(real) > MOST_DECISIONS else None,
        },
    )


def _members(selection, axis):
    return {
        "strategy": selection.options.strategies,
        "priority": selection.options.priorities,
        "opd": selection.options.opds,
    }[axis.name]


def _siblings(selection, axis, key):
    """Links to the other members of a short axis: (label, address, whether it is this one)."""
    if axis.name == "opd":
        return []
    return [
        (
            f"{axis.title} {member.key}",
            axis.member_url(member) + selection.query(**{axis.filter: None}),
            member.key == key,
        )
        for member in _members(selection, axis)
        if axis.name != "priority" or member.key.split("-")[0] == key.split("-")[0]
    ]


def strategy_detail(request, number):
    return group_detail(request, AXES["strategy"], str(number))


def priority_detail(request, year, number):
    return group_detail(request, AXES["priority"], f"{year}-{number}")


def opd_detail(request, pk):
    return group_detail(request, AXES["opd"], str(pk))


@kept_until_data_changes
@pages.answers_bad_selections
def group_detail(request, axis, key):
    selection = Selection(request.GET, fixed={axis.filter: key})
    name = next(member.name for member in _members(selection, axis) if member.key == key)
    total = groups.total(selection.progress)
    programs = sorted(groups.figures_by_program(selection.progress), key=_most_behind_first)
    counts = pages.status_counts(selection, programs)
    behind = groups.needing_decision(programs) if selection.has_ended else []
    return pages.page(
        request,
        "tracker/groups/detail.html",
        selection,
        [tables.recap(axis.filter, lambda: [*programs, total], selection)],
        lambda: {
            "axis": axis,
            "key": key,
            "name": name,
            "headline": headlines.of_member(name, total.figures, selection),
            "siblings": _siblings(selection, axis, key),
            "total": pages.line(selection, total, proof=reverse("programs") + selection.query()),
            "lines": program_lines(selection, programs[:MOST_PROGRAMS]),
            "hidden": max(len(programs) - MOST_PROGRAMS, 0),
            "decisions": decision_lines(selection, behind[:MOST_DECISIONS]),
            "others": program_lines(selection, behind[MOST_DECISIONS:MOST_PROGRAMS]),
            "behind": len(behind),
            "counts": pages.by_tone(counts),
            "programs": len(programs),
            "shares": charts.shares(counts),
            "curve": charts.s_curve(selection.progress),
        },
    )
