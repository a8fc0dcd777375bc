"""Who has reported the quarter and who has not, with texts to send to those who have not."""

from django.urls import reverse

from tracker import tables
from tracker.progress.reporting import reporting_by_opd
from tracker.selection import Selection
from tracker.views import headlines, pages, reminders
from tracker.views.caching import kept_until_data_changes

# Texts are heavy: a page holds so many, and each names fewer sub kegiatan when there are more than a few texts.
MOST_TEXTS, MOST_NAMES = 8, 10
FEW_TEXTS, FEW_NAMES = 5, 5
# Links in the rows of more OPDs would be too heavy as well; each that misses something has one beside its text.
MOST_KITS = 34


@kept_until_data_changes
@pages.answers_bad_selections
def reporting_list(request):
    selection = Selection(request.GET)
    found = reporting_by_opd(selection.progress, today=selection.today)
    return pages.page(
        request,
        "tracker/reporting/list.html",
        selection,
        [tables.reporting("pelaporan", found), tables.missing_reports("belum-lapor", found)],
        lambda: reporting_list_context(request, selection, found),
    )


def reporting_list_context(request, selection, found):
    asked = found.incomplete if _may_ask(selection, found.period) else []
    shown = pages.page_of(asked, request, per_page=MOST_TEXTS)
    write = reminders.Writer(selection, found, absolute=request.build_absolute_uri)
    most_names = MOST_NAMES if len(asked) <= FEW_TEXTS else FEW_NAMES
    return {
        "headline": headlines.completeness(found, selection),
        "deadline": headlines.deadline(found.period, selection),
        "sections": _sections(selection, found),
        "total": _line(selection, found.total),
        "has_kits": len(found.opds) <= MOST_KITS,
        "debtors": found.incomplete,
        "texts": [(each, write.to_one(each, most_names=most_names)) for each in shown],
        "text_for_all": write.to_all() if asked else "",
        "found": shown,
    }


def _may_ask(selection, period):
    """Whether an OPD may be told that it owes reports: not while the quarter runs, and only what it can still do.

    What waits for verification is not the OPD's to do, so that counting only verified reports gives no texts.
    """
    return selection.has_ended and not selection.verified_only and period and period.opens_on <= selection.today


def _sections(selection, found):
    """The rows under their titles; while the quarter runs all of them without one."""
    if not selection.has_ended:
        return [("", _lines(selection, found.opds))]
    return [
        ("Belum lengkap", _lines(selection, found.incomplete)),
        ("Lengkap", _lines(selection, found.complete)),
    ]


def _lines(selection, found):
    return [_line(selection, each, opd=each.group.rows[0].facts.opd_id) for each in found]


def _line(selection, each, **opd):
    """An OPD, or all of them, as a row of the page with the lists that prove its numbers."""

    def proof(**changes):
        return reverse("reports") + selection.query(**opd, **changes)

    return {
        "reporting": each,
        "figures": each.figures,
        "url": reverse("opd", args=[opd["opd"]]) + selection.query(opd=None) if opd else "",
        "proof": proof(),
        "verified_proof": proof(hitung="terverifikasi"),
        "missing_proof": proof(status="belum-lapor"),
    }
