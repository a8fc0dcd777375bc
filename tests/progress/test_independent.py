"""Over random years, every figure of every group equals a recomputation that was written apart."""

from collections import Counter

import pytest

from tests.progress.independent import YEAR, Recomputed, random_world
from tracker.models import Activity, Opd, Priority, Strategy
from tracker.progress.activities import YearProgress, progress_of
from tracker.progress.groups import (
    Member,
    figures_by,
    figures_by_activity,
    figures_by_opd,
    figures_by_program,
    total,
)

SEEDS = range(1, 9)
MODES = [False, True]


def as_dict(figures):
    """All fields of Figures under the names of the recomputation."""
    names = [
        *("programs", "activities", "budget", "budget_outside", "realised", "absorption", "physical"),
        *("physical_high", "plan", "deviation", "ratio", "impact", "represented", "missing", "undefined", "rating"),
    ]
    return {**{name: getattr(figures, name) for name in names}, "status": figures.status and figures.status.value}


def shown(rows):
    return {row.key: as_dict(row.figures) for row in rows}


def recomputed_by(recomputed, key_of, keys=()):
    """Figures of the activities of each key; `-` for those that have none."""
    groups = {key: [] for key in keys}
    for activity in recomputed.activities:
        groups.setdefault(key_of(activity.program) or "-", []).append(activity)
    return {key: recomputed.of(activities) for key, activities in groups.items()}


@pytest.fixture(params=SEEDS)
def world(db, request):
    random_world(request.param)


@pytest.mark.parametrize("verified_only", MODES)
def test_every_figure_equals_its_recomputation(world, verified_only):
    strategies = [Member(str(strategy.number), strategy.name) for strategy in Strategy.objects.all()]
    priorities = [Member(priority.code, priority.name) for priority in Priority.objects.all()]
    progress = YearProgress(Activity.objects.all(), year=YEAR, quarter=4, verified_only=verified_only)
    for quarter in (1, 2, 3, 4):
        again = Recomputed(quarter, verified_only=verified_only)
        assert as_dict(total(progress, quarter=quarter).figures) == again.of(again.activities)
        assert shown(figures_by("strategy", strategies, progress, quarter=quarter)) == recomputed_by(
            again, lambda program: program.strategy and str(program.strategy.number), "123"
        )
        assert shown(figures_by("priority", priorities, progress, quarter=quarter)) == recomputed_by(
            again,
            lambda program: program.priority and f"{program.priority.rkpd_year}-{program.priority.number}",
            [member.key for member in priorities],
        )
        assert shown(figures_by_opd(progress, quarter=quarter)) == recomputed_by(
            again, lambda program: program.opd.short_name
        )
        assert shown(figures_by_program(progress, quarter=quarter)) == recomputed_by(
            again, lambda program: str(program.pk)
        )


@pytest.mark.parametrize("verified_only", MODES)
def test_every_figure_of_every_activity_equals_its_recomputation(world, verified_only):
    for quarter in (1, 2, 3, 4):
        progress = YearProgress(Activity.objects.all(), year=YEAR, quarter=quarter, verified_only=verified_only)
        again = Recomputed(quarter, verified_only=verified_only)
        assert shown(figures_by_activity(progress)) == {
            activity.ref: again.alone(activity) for activity in again.activities
        }


def test_a_year_loaded_at_its_end_and_one_loaded_at_the_quarter_agree(world):
    at_the_end = YearProgress(Activity.objects.all(), year=YEAR, quarter=4)
    for quarter in (1, 2, 3, 4):
        at_the_quarter = YearProgress(Activity.objects.all(), year=YEAR, quarter=quarter)
        assert total(at_the_end, quarter=quarter).figures == total(at_the_quarter).figures


def test_the_timeline_of_an_activity_agrees_with_the_year(world):
    activity = Activity.objects.filter(program__fiscal_year=YEAR, reports__isnull=False).first()
    for quarter, row in enumerate(progress_of(activity), start=1):
        year = YearProgress(Activity.objects.all(), year=YEAR, quarter=quarter)
        [same] = [other for other in year.rows() if other.facts.ref == activity.ref]
        assert row.figures == same.figures


def test_narrowing_to_an_opd_gives_the_figures_of_its_row(world):
    rows = shown(figures_by_opd(YearProgress(Activity.objects.all(), year=YEAR, quarter=3)))
    for opd in Opd.objects.filter(short_name__in=rows):
        own = YearProgress(Activity.objects.filter(program__opd=opd), year=YEAR, quarter=3)
        assert as_dict(total(own).figures) == rows[opd.short_name]


def test_the_random_years_hold_everything_that_is_to_be_checked(db):
    """Guards the check itself: a year without falling indicators would prove nothing about them."""
    for seed in SEEDS:
        random_world(seed)
    found = Counter()
    for quarter in (1, 2, 3, 4):
        again = Recomputed(quarter)
        for activity in again.activities:
            position, figures = again.position(activity), again.alone(activity)
            found[figures["status"]] += 1
            found[figures["rating"]] += 1
            found[activity.direction] += 1
            found["above 100"] += figures["physical"] is not None and figures["physical"] > 100
            found["below 0"] += figures["physical"] is not None and figures["physical"] < 0
            found["undefined"] += figures["undefined"]
            found["stated percentage"] += bool(position and position.physical_percent is not None)
            found["old position"] += bool(position and figures["missing"])
            found["own plan"] += activity.plan_q1 is not None
            found["nothing planned"] += figures["plan"] == 0
            found["no pagu"] += figures["budget"] == 0
            found["revised"] += activity.revised_budget is not None
            found["outside APBD"] += figures["budget_outside"] > 0
            found["unmapped"] += activity.program.strategy is None
    found["late start"] = Activity.objects.filter(starts_quarter__gt=1).count()
    found["stopped"] = Activity.objects.filter(revised_budget=0).count()
    assert [what for what, times in found.items() if times < 5] == []
    assert set(found) >= {"sesuai", "perhatian", "terlambat", "belum-lapor", "tidak-dihitung"}
    assert set(found) >= {"Sangat tinggi", "Tinggi", "Sedang", "Rendah", "Sangat rendah"}
