"""The pages of readers: the first view after a write, the view after that, statements and weight."""

import re
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench import data
from bench.table import Line, milliseconds
from tracker.models import Report

STYLESHEET = re.compile(r'<link rel="stylesheet" href="([^"]+)"')
OUTSIDE = re.compile(r'<(?:script|link|img|iframe|use)\b[^>]*\b(?:src|href)="(?:https?:)?//')


def addresses() -> list[str]:
    """The pages of the year that is shown by itself; where there are many of a kind, the largest or the first."""
    program = data.largest_program()
    return [
        *map(reverse, ("overview", "strategies", "priorities", "opds", "programs", "reports")),
        reverse("strategy", args=[1]),
        reverse("opd", args=[program.opd_id]),
        reverse("program", args=[program.pk]),
        reverse("activity", args=[program.activities.first().ref]),
    ]


def write():
    """Save a report of that year, as a form would: with its history."""
    report = Report.objects.counted().of_year(data.NEWEST).first()
    report.realised_budget += 1
    report.save()


def lines(site, rounds):
    pages = addresses()
    costs = site.costs(pages, rounds, before=write)
    yield Line("F, an empty page", milliseconds(costs.floor), 1, "F")
    for page in pages:
        cost = costs.first[page]
        yield Line(f"{page} first view after a write", milliseconds(cost), costs.ratio(cost), "F", most=3)
    for page in pages:
        cost = costs.again[page]
        yield Line(f"{page} warm", milliseconds(cost), costs.ratio(cost), "F", most=1.3)

    overview, *others = pages
    yield Line(f"{overview} statements", "", statements_of(site, overview), most=12)
    found = {page: statements_of(site, page) for page in others}
    most = max(found, key=found.get)
    yield Line(f"most statements of the others: {most}", "", found[most], most=8)

    bodies = {page: site.get(page).content for page in pages}
    heaviest = max(bodies, key=lambda page: len(bodies[page]))
    yield Line(f"heaviest page: {heaviest}", "", len(bodies[heaviest]) / 1000, "kB", most=40)
    page = bodies[overview].decode()
    css = sum(
        Path(finders.find(url.removeprefix(settings.STATIC_URL))).stat().st_size for url in STYLESHEET.findall(page)
    )
    yield Line("CSS", "", css / 1000, "kB", most=25)
    outside = sum(len(OUTSIDE.findall(body.decode())) for body in bodies.values())
    yield Line("requests to other hosts", "", outside, most=0)


def statements_of(site, page) -> int:
    """All of them, those for session and user as well, on the first view after a write."""
    write()
    with CaptureQueriesContext(connection) as asked:
        site.get(page)
    return len(asked)
