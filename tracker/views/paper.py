"""What only paper shows: the date of the data at the foot of every sheet."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from tracker import formats
from tracker.models.constraints import FIRST_YEAR, LAST_YEAR


@require_safe
def print_foot(request, year, quarter):
    """A stylesheet for one quarter: only CSS can write into the margin of every sheet, and it reads nothing there."""
    if not FIRST_YEAR <= year <= LAST_YEAR or quarter not in formats.QUARTER_NAMES:
        raise Http404("Triwulan ini tidak ada.")
    until = formats.date(formats.quarter_end(year, quarter))
    site = f"Pantau Program {settings.TEAM_NAME} {settings.REGION_NAME}".replace("\\", "").replace('"', "")
    foot = f"{site} · data s.d. {until} ({formats.quarter(quarter)})"
    css = f'@page {{ @bottom-left {{ content: "{foot}"; font: 8pt sans-serif; white-space: nowrap }} }}\n'
    headers = {"Cache-Control": "private, max-age=86400"}
    return HttpResponse(css, content_type="text/css; charset=utf-8", headers=headers)
