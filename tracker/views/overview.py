"""The first page: where things stand, what needs a decision, what changed."""

from django.conf import settings
from django.urls import reverse

from tracker import tables
from tracker.progress import changes, charts, groups
from tracker.progress.indicators import poverty_of
from tracker.selection import Selection
from tracker.views import headlines, pages
from tracker.views.caching import kept_until_data_changes
from tracker.views.groups import AXES, MOST_DECISIONS, MOST_PROGRAMS, decision_lines, group_lines, program_lines


@kept_until_data_changes
@pages.answers_bad_selections
def overview(request):
    selection = Selection(request.GET)
    progress = selection.progress
    total = groups.total(progress)
    programs = groups.figures_by_program(progress)
    counts = pages.status_counts(selection, programs)
    behind = groups.needing_decision(programs) if selection.has_ended else []
    changed = changes.since_previous_quarter(progress, programs)
    poverty = poverty_of(settings.REGION_NAME, up_to=selection.year)
    by_opd = groups.figures_by_opd(progress)
    by_strategy = AXES["strategy"].groups(selection)
    by_priority = AXES["priority"].groups(selection)
    return pages.page(
        request,
        "tracker/overview.html",
        selection,
        [
            tables.recap("strategi", lambda: [*by_strategy, total], selection),
            tables.recap("prioritas", lambda: [*by_priority, total], selection),
            tables.recap("keputusan", lambda: behind, selection),
        ],
        lambda: {
            "headline": headlines.overview(total.figures, counts, selection),
            "lead": headlines.consequence(total.figures, changed and changed.before, selection),
            "total": pages.line(selection, total, proof=reverse("programs") + selection.query()),
            "programs": len(programs),
            "counts": pages.by_tone(counts),
            "shares": charts.shares(counts),
            "decisions": decision_lines(selection, behind[:MOST_DECISIONS]),
            "others": program_lines(selection, behind[MOST_DECISIONS:MOST_PROGRAMS]),
            "behind": len(behind),
            "changes": changed if selection.has_ended else None,
            "silent": [group.key for group in by_opd if group.figures.missing == group.figures.activities],
            "curve": charts.s_curve(progress),
            "strategies": group_lines(selection, AXES["strategy"], by_strategy),
            "priorities": group_lines(selection, AXES["priority"], by_priority),
            "poverty": poverty,
            "poverty_line": charts.spark([value.value for value in poverty.recent]) if poverty else [],
        },
    )
