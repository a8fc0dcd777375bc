"""How to read the pages: what each number means, and which tables can be taken as files."""

from tracker import formats, tables
from tracker.models import RatingBand
from tracker.selection import Selection
from tracker.tables import Column, Table
from tracker.views import pages
from tracker.views.caching import kept_until_data_changes

BAND_COLUMNS = (
    Column("Predikat", lambda band: band.name),
    Column("Batas bawah", lambda band: band.lower_bound),
    Column("Status", lambda band: band.get_status_display()),
    Column("Dasar hukum", lambda band: band.legal_basis),
)


@kept_until_data_changes
@pages.answers_bad_selections
def method(request):
    selection = Selection(request.GET)
    bands = list(RatingBand.objects.all())
    return pages.page(
        request,
        "tracker/method.html",
        selection,
        [Table("predikat", BAND_COLUMNS, bands)],
        lambda: {
            "bands": bands,
            "recap_titles": tables.recap("rekap", [], selection).titles,
            "program_titles": [column.title for column in tables.PROGRAM_COLUMNS],
            "report_titles": [column.title for column in tables.REPORT_COLUMNS],
            "history_titles": [column.title for column in tables.HISTORY_COLUMNS],
            "reporting_titles": [column.title for column in tables.REPORTING_COLUMNS],
            "missing_titles": [column.title for column in tables.MISSING_COLUMNS],
            "quarters": formats.QUARTER_NAMES,
        },
    )
