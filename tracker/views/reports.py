"""The figures of a quarter for every sub kegiatan, reported or not."""

from functools import partial

from django.urls import reverse

from tracker import tables
from tracker.exports import RESPONSES, workbook_response
from tracker.kit import kit_of, write_kit
from tracker.models import Report
from tracker.progress import groups
from tracker.selection import Selection
from tracker.views import headlines, pages
from tracker.views.caching import kept_until_data_changes
from tracker.views.programs import activity_line


@partial(kept_until_data_changes, shows_drafts=True)
@pages.answers_bad_selections
def report_list(request):
    selection = Selection(request.GET)
    return pages.page(
        request,
        "tracker/reports/list.html",
        selection,
        [tables.reports("realisasi", selection.listed, (selection.quarter,), request.user)],
        lambda: report_list_context(request, selection),
        RESPONSES | {"kit": partial(kit_response, request, selection)},
    )


def kit_response(request, selection, table, filename, about):
    """The table as a sheet to fill in. It goes by another name, so that it is not taken for the figures."""
    kit = kit_of(
        table,
        year=selection.year,
        quarter=selection.quarter,
        opd=int(selection.asked.get("opd", 0)) or None,
        expected={row.facts.pk for row in selection.progress.expected()},
        import_address=request.build_absolute_uri(reverse("imports")),
    )
    return workbook_response(kit.filename, lambda file: write_kit(file, kit, about))


def report_list_context(request, selection):
    found = pages.page_of(selection.progress.rows(), request)
    seen = {
        report.activity_id: report
        for report in Report.objects.visible_to(request.user).filter(
            activity__in=[row.facts.pk for row in found],
            period__fiscal_year=selection.year,
            period__quarter=selection.quarter,
        )
    }
    total = groups.total(selection.progress)
    return {
        "headline": headlines.reporting(total.figures, selection),
        "total": pages.line(selection, total, proof=reverse("programs") + selection.query()),
        "lines": [(activity_line(selection, row), row, seen.get(row.facts.pk)) for row in found],
        "found": found,
    }
