"""One sub kegiatan: its four quarters."""

from functools import partial

from django.db.models import Prefetch
from django.http import Http404

from tracker import formats, tables
from tracker.models import Activity, Location, Report
from tracker.progress import groups
from tracker.progress.activities import progress_of
from tracker.selection import Selection
from tracker.views import headlines, pages
from tracker.views.caching import kept_until_data_changes


@partial(kept_until_data_changes, shows_drafts=True)
@pages.answers_bad_selections
def activity_detail(request, ref):
    activity = (
        Activity.objects.select_related("program__opd", "program__strategy", "program__priority", "funding_source")
        .prefetch_related(Prefetch("locations", Location.objects.select_related("district", "village")))
        .filter(ref=ref)
        .first()
    )
    if activity is None:
        raise Http404(f"Tidak ada sub kegiatan dengan register {ref}.")
    asked = {name: value for name, value in request.GET.items() if name in ("tw", "hitung")}
    selection = Selection(asked | {"tahun": str(activity.program.fiscal_year)})
    rows = progress_of(activity, verified_only=selection.verified_only)
    reports = {
        report.period.quarter: report
        for report in Report.objects.visible_to(request.user)
        .filter(activity=activity)
        .select_related("period", "obstacle_category", "submitted_by", "verified_by")
    }
    quarters = [_quarter(selection, row, quarter, reports.get(quarter)) for quarter, row in enumerate(rows, start=1)]
    chosen = quarters[selection.quarter - 1]
    return pages.page(
        request,
        "tracker/activities/detail.html",
        selection,
        [
            tables.reports("triwulan", Activity.objects.filter(pk=activity.pk), (1, 2, 3, 4), request.user),
            tables.recap("angka", [quarter["line"].group for quarter in quarters], selection),
        ],
        lambda: {
            "activity": activity,
            "headline": headlines.of_member(activity.name, chosen["line"].figures, selection),
            "quarters": quarters,
            "chosen": chosen,
            "events": _events(reports.values()),
        },
    )


def _quarter(selection, row, quarter, report):
    """One step of the timeline; a draft or returned report shows only to those who may see it."""
    group = groups.GroupRow(formats.quarter(quarter), formats.quarter(quarter), row.figures, [row])
    return {
        "quarter": quarter,
        "ends_on": formats.quarter_end(selection.year, quarter),
        "is_future": formats.quarter_end(selection.year, quarter) >= selection.today and not row.has_report,
        "row": row,
        "line": pages.line(selection, group),
        "report": report,
    }


def _events(reports):
    """What happened to the reports, newest first: (when, what, by whom)."""
    events = []
    for report in reports:
        if report.submitted_at:
            late = ", sesudah tenggat" if report.is_late else ""
            events.append((report.submitted_at, f"Laporan {report.period} diajukan{late}", report.submitted_by))
        if report.verified_at:
            events.append((report.verified_at, f"Laporan {report.period} diverifikasi", report.verified_by))
    return sorted(events, key=lambda event: event[0], reverse=True)
