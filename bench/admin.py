"""Data entry: lists of 50 rows and the forms with the most parts."""

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench import data
from bench.table import Line, milliseconds
from tracker.models import Report

SUBJECTS = ("program", "activity", "report")


def lines(site, rounds):
    lists = [reverse(f"admin:tracker_{subject}_changelist") for subject in SUBJECTS]
    forms = [
        reverse(f"admin:tracker_{subject}_change", args=[pk]) for subject, pk in zip(SUBJECTS, _keys(), strict=True)
    ]
    costs = site.costs([*lists, *forms], rounds)
    yield Line("F, an empty page", milliseconds(costs.floor), 1, "F")
    for addresses, most in ((lists, 15), (forms, 12)):
        for address in addresses:
            cost = costs.again[address]
            yield Line(address, milliseconds(cost), costs.ratio(cost), "F", most=most)
    for address in (*lists, *forms):
        with CaptureQueriesContext(connection) as asked:
            site.get(address)
        yield Line(f"{address} statements", "", len(asked), most=10)
    weights = {form: len(site.get(form).content) for form in forms}
    heaviest = max(weights, key=weights.get)
    yield Line(f"heaviest form: {heaviest}", "", weights[heaviest] / 1000, "kB", most=200)


def _keys():
    """The largest program of the newest year, its first sub kegiatan, and a report of that year."""
    program = data.largest_program()
    return program.pk, program.activities.first().pk, Report.objects.of_year(data.NEWEST).first().pk
