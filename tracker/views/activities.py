"""One sub kegiatan: its four quarters, its facts, its history."""

from functools import cache, partial

from django.db.models import Prefetch
from django.http import Http404

from tracker import formats, tables, timeline
from tracker.models import Activity, Location, Report
from tracker.models.scope import may_write
from tracker.progress import groups
from tracker.progress.activities import progress_of
from tracker.selection import BadSelection, Selection
from tracker.views import headlines, pages
from tracker.views.caching import kept_until_data_changes

NEWEST = 20


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
    whole = _asks_for_whole_history(request)
    quarters = cache(partial(_quarters, activity, selection, request.user))
    return pages.page(
        request,
        "tracker/activities/detail.html",
        selection,
        [
            tables.reports("triwulan", Activity.objects.filter(pk=activity.pk), (1, 2, 3, 4), request.user),
            tables.recap("angka", lambda: [quarter["line"].group for quarter in quarters()], selection),
            tables.history("riwayat", activity, request.user),
        ],
        lambda: {
            "activity": activity,
            "may_write": may_write(request.user, activity),
            "headline": headlines.of_member(
                activity.name, quarters()[selection.quarter - 1]["line"].figures, selection
            ),
            "quarters": quarters(),
            "chosen": quarters()[selection.quarter - 1],
            # Asked for by the template alone: a file describes itself with the rest.
            "history": lambda: _history(timeline.of_activity(activity, request.user), whole=whole),
        },
    )


def _quarters(activity, selection, user) -> list[dict]:
    reports = {
        report.period.quarter: report
        for report in Report.objects.visible_to(user).filter(activity=activity).select_related("period")
    }
    rows = progress_of(activity, verified_only=selection.verified_only)
    return [_quarter(selection, row, quarter, reports.get(quarter)) for quarter, row in enumerate(rows, start=1)]


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


def _asks_for_whole_history(request) -> bool:
    asked = request.GET.get("riwayat", "").strip()
    if asked not in ("", "semua"):
        raise BadSelection([f"Riwayat “{asked[:20]}” tidak dikenal. Yang tersedia: semua."])
    return asked == "semua"


def _history(entries, *, whole) -> dict:
    return {"entries": entries if whole else entries[:NEWEST], "count": len(entries)}
