"""Conditions that pages, lists and their filters share, as the database judges them."""

from django.db.models import Exists, OuterRef, Q

from tracker.models import Report

UNMAPPED = Q(strategy=None) | Q(priority=None)


def due(year, quarter):
    """The condition on sub kegiatan from which a report is due at this quarter: begun, and not stopped."""
    running = Q(revised_budget=None) | Q(revised_budget__gt=0)
    return Q(program__fiscal_year=year, starts_quarter__lte=quarter) & running


def due_without_report(year, quarter):
    """The condition on sub kegiatan: due, and without a report at this quarter, draft or not."""
    reported = Report.objects.filter(activity=OuterRef("pk"), period__quarter=quarter)
    return due(year, quarter) & ~Exists(reported)
