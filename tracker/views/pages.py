"""What every reader's page has in common: a question in the address, a template, and its tables as files."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import wraps

from django.conf import settings
from django.core.paginator import InvalidPage, Paginator
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from tracker import formats
from tracker.exports import RESPONSES
from tracker.progress import charts
from tracker.progress.figures import Figures, Status
from tracker.progress.groups import GroupRow
from tracker.selection import BadSelection
from tracker.tables import Table


def answers_bad_selections(view):
    """Answer an address that asks for something unknown with a page that says what, instead of a failure."""

    @require_safe
    @wraps(view)
    def wrapped(request, *args, **kwargs):
        try:
            return view(request, *args, **kwargs)
        except BadSelection as bad:
            return render(request, "tracker/bad_selection.html", {"complaints": bad.messages}, status=400)

    return wrapped


def page(request, template, selection, tables: list[Table], context: Callable[[], dict], responses=RESPONSES):
    """The page, or with `?format=csv` or `xlsx` one of its tables: the first unless `tabel` names another.

    `context` is called only for what needs it, so that a file begins without the page's figures. `responses` are the
    formats: each makes a response of a table, the name of the file and what there is to say about it.
    """
    wanted = request.GET.get("format", "").strip()
    if not wanted:
        return render(request, template, {"selection": selection, **context()})
    if wanted not in responses:
        raise BadSelection([f"Format “{wanted[:20]}” tidak dikenal. Yang tersedia: {', '.join(responses)}."])
    slug = request.GET.get("tabel", tables[0].slug)
    table = next((table for table in tables if table.slug == slug), None)
    if table is None:
        names = ", ".join(table.slug for table in tables)
        raise BadSelection([f"Tabel “{slug[:60]}” tidak ada di halaman ini. Yang tersedia: {names}."])
    filename = f"pantau-{table.slug}-{selection.year}-tw{selection.quarter}"
    return responses[wanted](table, filename, about(context, selection))


def page_of(rows, request, per_page=50):
    """The part of the rows that the address asks for with `hal`."""
    paginator = Paginator(rows, per_page)
    asked = request.GET.get("hal", "").strip() or "1"
    try:
        return paginator.page(int(asked[:6]) if asked.isascii() and asked.isdigit() else asked)
    except InvalidPage:
        raise BadSelection([f"Halaman “{asked[:20]}” tidak ada. Ada {paginator.num_pages} halaman."]) from None


def about(context, selection) -> Iterator[tuple[str, str]]:
    """What a file is, for the sheet "Keterangan": title, period, filters, and who has not reported."""
    yield "Judul", context().get("headline", "")
    yield "Instansi", f"{settings.TEAM_NAME} {settings.REGION_NAME}"
    yield "Tahun anggaran", str(selection.year)
    until = f"{formats.quarter(selection.quarter)}, s.d. {formats.date(selection.ends_on)}"
    yield "Data", until if selection.has_ended else f"{until} (belum berakhir)"
    yield "Yang dihitung", "Laporan terverifikasi" if selection.verified_only else "Laporan diajukan dan diverifikasi"
    for chip in selection.chips:
        yield f"Saringan {chip['label']}", chip["value"]
    yield "Diunduh", f"{formats.date(timezone.localdate())} pukul {timezone.localtime():%H.%M} WIB"
    if selection.options.has_sample:
        yield "Catatan", "Berisi data contoh."
    missing = [row for row in selection.progress.expected() if not row.has_report]
    yield selection.missing_label, f"{formats.number(len(missing))} sub kegiatan"
    for row in missing:
        yield row.facts.opd_short_name, f"{row.facts.ref} {row.facts.name}"


@dataclass(frozen=True, slots=True)
class Mark:
    """A status as a template shows it: the word, and the slug of its shape and colour."""

    slug: str
    label: str


def mark(selection, status: Status | None) -> Mark:
    return Mark(charts.TONES[selection.shown_status(status)], selection.status_label(status) or formats.DASH)


@dataclass(frozen=True, slots=True)
class Line:
    """A group as a row of a page: its figures, where it leads, and the rows that prove it."""

    group: GroupRow
    url: str
    proof: str
    missing_proof: str
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
    """`proof` is an address of the list of sub kegiatan with this selection's filters, or of one program."""
    missing = f"{proof}&status={Status.NOT_REPORTED.value}" if "?" in proof else ""
    return Line(
        group,
        url,
        proof,
        missing,
        mark(selection, group.figures.status),
        charts.bar(group.figures, selection.shown_status(group.figures.status)),
        charts.length(group.figures.absorption),
    )


def by_tone(counts: dict[Status, int]) -> dict[str, int]:
    """Counts under the slugs that templates know."""
    return {charts.TONES[status]: count for status, count in counts.items()}


def status_counts(selection, groups) -> dict[Status, int]:
    """How many groups are shown with each status, in the order in which pages name them."""
    order = (Status.ON_TRACK, Status.ATTENTION, Status.LATE, Status.NOT_REPORTED, Status.NOT_RATED)
    shown = Counter(selection.shown_status(group.figures.status) for group in groups)
    return {status: shown[status] for status in order}
