"""A year costs three questions to the database, however much is in it: bands, activities, reports."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import make
from tracker.models import Activity
from tracker.progress.activities import YearProgress, progress_of
from tracker.progress.groups import figures_by_opd, figures_by_program, total


def ask_everything():
    progress = YearProgress(Activity.objects.all(), year=2026, quarter=4)
    for quarter in (1, 2, 3, 4):
        total(progress, quarter=quarter)
    figures_by_program(progress)
    figures_by_opd(progress)


@pytest.mark.parametrize("how_many", [1, 30])
def test_a_year_asks_three_questions(bands, how_many):
    for number in range(how_many):
        activity = make.activity(make.program(make.opd(f"OPD {number % 7}")))
        for quarter in (1, 2, 3):
            make.report(activity, quarter)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        ask_everything()
    tables = [query["sql"].split('FROM "')[1].split('"')[0] for query in asked]
    assert sorted(tables) == ["tracker_activity", "tracker_ratingband", "tracker_report"]


def test_one_activity_asks_three_questions(bands, django_assert_num_queries):
    activity = make.activity()
    make.report(activity, 2)
    with django_assert_num_queries(3):
        progress_of(activity)


def test_nothing_is_asked_before_it_is_needed(bands, django_assert_num_queries):
    with django_assert_num_queries(0):
        YearProgress(Activity.objects.all(), year=2026, quarter=4)
