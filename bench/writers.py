"""Sixteen people who save at the same moment: each a report of their own, and all of them the same one.

They do it as a browser does: open the form in the admin, add one rupiah, send it. A form that was overtaken is opened
again. Nothing is lost when the rupiah add up.
"""

import multiprocessing
from dataclasses import dataclass
from statistics import median

from django.db import connections
from django.urls import reverse

from bench import data
from bench.server import Site, Stopwatch
from bench.table import Line
from tests.admin.browser_form import sent_by
from tracker.models import Report

WRITERS = 16
FIELD = "realised_budget"


@dataclass
class Outcome:
    saved: int
    overtaken: int
    errors: int
    seconds: list[float]  # of each form sent


def lines(saves):
    site = Site()
    found = Report.objects.of_year(data.NEWEST).counted().filter(period__locked_at=None)
    reports = {report.pk: report for report in found.select_related("activity")[: WRITERS + 1]}
    shared, *own = map(_form, reports)
    connections.close_all()  # a connection cannot be shared between processes
    context = multiprocessing.get_context("fork")
    everyone = context.Barrier(WRITERS)
    with context.Pool(WRITERS, initializer=everyone.wait) as pool:
        outcomes = pool.starmap(write, [(site, [form] * saves + [shared]) for form in own], chunksize=1)

    saved = sum(outcome.saved for outcome in outcomes)
    after = Report.objects.in_bulk(reports)
    added = sum(after[pk].realised_budget - report.realised_budget for pk, report in reports.items())
    versions = sum(after[pk].version - report.version for pk, report in reports.items())
    seconds = sorted(second for outcome in outcomes for second in outcome.seconds)
    yield Line("errors", f"{len(seconds)} forms sent", sum(outcome.errors for outcome in outcomes), most=0)
    yield Line("lost updates", f"{saved} saved", saved - added, most=0)
    yield Line("saves without a version", f"{saved} saved", saved - versions, most=0)
    yield Line("told that somebody was faster", "", sum(outcome.overtaken for outcome in outcomes))
    yield Line("a save, median", "", median(seconds) * 1000, "ms")
    yield Line("a save, slowest", "", seconds[-1] * 1000, "ms")


def _form(pk):
    return reverse("admin:tracker_report_change", args=[pk])


def write(site, forms) -> Outcome:
    outcome = Outcome(0, 0, 0, [])
    for form in forms:
        while not _save(site, form, outcome):
            pass
    return outcome


def _save(site, form, outcome) -> bool:
    """Open the form and send it; False when somebody else saved in between."""
    fields = sent_by(site.get(form))
    fields[FIELD] = int(fields[FIELD].replace(".", "")) + 1
    fields["history_change_reason"] = "Pengukuran"  # for those that were verified; the state stays as the form has it
    watch = Stopwatch()
    answer = site.post(form, fields)
    outcome.seconds.append(watch.cost().clock)
    if answer.status == 302:
        outcome.saved += 1
    elif answer.status == 200 and "sudah diubah oleh" in answer.content.decode():
        outcome.overtaken += 1
        return False
    else:
        outcome.errors += 1
    return True
