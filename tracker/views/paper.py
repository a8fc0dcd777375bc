"""What only paper shows: the date of the data at the foot of every sheet."""

from django.conf import settings
from django.http import Http404, HttpResponse

from tracker import formats
from tracker.models.constraints import FIRST_YEAR, LAST_YEAR


def print_foot(request, year, quarter):
    """A stylesheet for one quarter: CSS alone can write into the margin of every sheet, and takes no data from a page."""
    if not FIRST_YEAR <= year <= LAST_YEAR or quarter not in formats.QUARTER_NAMES:
        raise Http404("Triwulan ini tidak ada.")
    until = formats.date(formats.quarter_end(year, quarter))
    text = (
        f"Pantau Program {settings.TEAM_NAME} {settings.REGION_NAME} · data s.d. {until} ({formats.quarter(quarter)})"
    )
    quoted = text.replace("\\", "").replace('"', "")
    css = f'@page {{ @bottom-left {{ content: "{quoted}"; font: 8pt sans-serif; white-space: nowrap }} }}\n'
    return HttpResponse(
        css, content_type="text/css; charset=utf-8", headers={"Cache-Control": "private, max-age=86400"}
    )
