"""What every reader's page has in common: a question in the address, a template, and its tables as files."""

from dataclasses import dataclass
from functools import wraps

from django.shortcuts import render

from tracker import formats
from tracker.exports import csv_response
from tracker.filters import BadSelection
from tracker.progress import charts
from tracker.progress.figures import Figures, Status
from tracker.progress.groups import GroupRow
from tracker.tables import Table


def answers_bad_selections(view):
    """Answer an address that asks for something unknown with a page that says what, instead of a failure."""

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        try:
            return view(request, *args, **kwargs)
        except BadSelection as bad:
            return render(request, "tracker/bad_selection.html", {"complaints": bad.messages}, status=400)

    return wrapped


def page(request, template, selection, tables: list[Table], context):
    """The page, or with `?format=csv` one of its tables: the first unless `tabel` names another."""
    wanted = request.GET.get("format", "").strip()
    if not wanted:
        return render(request, template, {"selection": selection, "tables": tables, **context})
    if wanted != "csv":
        raise BadSelection([f"Format “{wanted[:20]}” tidak dikenal. Yang tersedia: csv."])
    slug = request.GET.get("tabel", tables[0].slug)
    table = next((table for table in tables if table.slug == slug), None)
    if table is None:
        names = ", ".join(table.slug for table in tables)
        raise BadSelection([f"Tabel “{slug[:60]}” tidak ada di halaman ini. Yang tersedia: {names}."])
    return csv_response(table, f"pantau-{table.slug}-{selection.year}-tw{selection.quarter}")


@dataclass(frozen=True, slots=True)
class Mark:
    """A status as a template shows it: the word, and the slug of its shape and colour."""

    slug: str
    label: str


def mark(selection, status: Status | None) -> Mark:
    return Mark(charts.TONES[status], selection.status_label(status) or formats.DASH)


@dataclass(frozen=True, slots=True)
class Line:
    """A group as a row of a page: its figures, where it leads, and the rows that prove it."""

    group: GroupRow
    url: str
    proof: str
    mark: Mark
    bar: charts.Bar
    money: str

    @property
    def key(self):
        return self.group.key

    @property
    def name(self):
        return self.group.name

    @property
    def figures(self) -> Figures:
        return self.group.figures


def line(selection, group: GroupRow, *, url="", proof="") -> Line:
    return Line(
        group,
        url,
        proof,
        mark(selection, group.figures.status),
        charts.bar(group.figures),
        charts.length(group.figures.absorption),
    )


def by_tone(counts: dict[Status, int]) -> dict[str, int]:
    """Counts under the slugs that templates know."""
    return {charts.TONES[status]: count for status, count in counts.items()}


def status_counts(groups) -> dict[Status, int]:
    """How many groups have each status, in the order in which pages name them."""
    order = (Status.ON_TRACK, Status.ATTENTION, Status.LATE, Status.NOT_REPORTED, Status.NOT_RATED)
    return {status: sum(group.figures.status is status for group in groups) for status in order}
