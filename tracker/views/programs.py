"""Programs with their sub kegiatan: the whole register, and one program."""

import itertools

from django.shortcuts import get_object_or_404
from django.urls import reverse

from tracker import tables
from tracker.models import Program
from tracker.progress import charts, groups
from tracker.progress.obstacles import obstacles_of
from tracker.selection import Selection
from tracker.views import headlines, pages
from tracker.views.caching import kept_until_data_changes


def activity_line(selection, row) -> pages.Line:
    group = groups.GroupRow(row.facts.ref, row.facts.name, row.figures, [row])
    url = reverse("activity", args=[row.facts.ref]) + selection.frame
    return pages.line(selection, group, url=url, proof=url)


@kept_until_data_changes
@pages.answers_bad_selections
def program_list(request):
    selection = Selection(request.GET)
    progress = selection.progress
    return pages.page(
        request,
        "tracker/programs/list.html",
        selection,
        [
            tables.programs("program", selection.listed),
            tables.recap(
                "sub-kegiatan", lambda: [*groups.figures_by_activity(progress), groups.total(progress)], selection
            ),
            tables.recap("rekap", lambda: [*groups.figures_by_program(progress), groups.total(progress)], selection),
        ],
        lambda: program_list_context(request, selection),
    )


def program_list_context(request, selection):
    progress = selection.progress
    found = pages.page_of(progress.rows(), request)
    shown = {row.program_id for row in found}
    by_program = {int(group.key): group for group in groups.figures_by_program(progress, only=shown)}
    sections = []
    for program_id, rows in itertools.groupby(found, key=lambda row: row.program_id):
        rows = list(rows)
        group = by_program.get(program_id) or groups.GroupRow(
            str(program_id), rows[0].facts.program_name, progress.figures([]), rows
        )
        url = reverse("program", args=[program_id]) + selection.frame
        sections.append(
            {
                "program": pages.line(selection, group, url=url, proof=url),
                "facts": rows[0].facts,
                "lines": [activity_line(selection, row) for row in rows],
            }
        )
    total = groups.total(progress)
    others = len(progress.rows()) - total.figures.activities
    return {
        "headline": headlines.register(total.figures, others, selection),
        "others": others,
        "total": pages.line(selection, total),
        "sections": sections,
        "found": found,
    }


@kept_until_data_changes
@pages.answers_bad_selections
def program_detail(request, pk):
    program = get_object_or_404(Program.objects.select_related("opd", "strategy", "priority"), pk=pk)
    asked = {name: value for name, value in request.GET.items() if name in ("tw", "hitung")}
    selection = Selection(asked | {"tahun": str(program.fiscal_year)}, program=program.pk)
    progress = selection.progress
    total = groups.total(progress)
    obstacles = obstacles_of([groups.GroupRow(str(pk), program.name, total.figures, total.rows)], progress)
    lines = [activity_line(selection, row) for row in progress.rows()]
    return pages.page(
        request,
        "tracker/programs/detail.html",
        selection,
        [
            tables.programs("program", selection.listed),
            tables.recap("sub-kegiatan", lambda: [*groups.figures_by_activity(progress), total], selection),
        ],
        lambda: {
            "program": program,
            "headline": headlines.of_member(program.name, total.figures, selection),
            "total": pages.line(selection, total),
            "lines": lines,
            "obstacle": obstacles.get(str(pk)),
            "curve": charts.s_curve(progress),
        },
    )
