"""Every sentence of "what each number means" (design.md section 3) in a world small enough to add up by hand."""

from decimal import Decimal
from fractions import Fraction

import pytest

from tests import make
from tracker.models import Activity, RatingBand
from tracker.progress.activities import YearProgress, progress_of
from tracker.progress.figures import Band, Figures, Rating, Status
from tracker.progress.groups import (
    Member,
    figures_by,
    figures_by_activity,
    figures_by_opd,
    figures_by_program,
    needing_decision,
    total,
)

pytestmark = pytest.mark.usefixtures("bands")

MILLION = 1_000_000


def progress_at(quarter, **options) -> YearProgress:
    return YearProgress(Activity.objects.all(), year=2026, quarter=quarter, **options)


def group_at(quarter, **options) -> Figures:
    """The figures of everything there is."""
    return total(progress_at(quarter, **options)).figures


def row_of(activity, quarter, **options):
    [row] = [row for row in progress_at(quarter, **options).rows() if row.facts.ref == activity.ref]
    return row


def figures_of(activity, quarter, **options) -> Figures:
    return row_of(activity, quarter, **options).figures


def revised(activity, **fields):
    for name, value in {"revision_note": "APBD Perubahan", **fields}.items():
        setattr(activity, name, value)
    activity.save()


class TestInForce:
    def test_budget_and_target_are_the_original_ones_without_a_revision(self):
        activity = make.activity(budget=8 * MILLION, target=40)
        assert (row_of(activity, 1).budget, row_of(activity, 1).target) == (8 * MILLION, 40)

    def test_a_revision_is_in_force_for_all_quarters_of_the_year(self):
        activity = make.activity(budget=8 * MILLION, revised_budget=2 * MILLION, target=40, revised_target=50)
        make.report(activity, 1, realised_budget=MILLION, realised_output=10)
        for quarter in (1, 2, 3, 4):
            row = row_of(activity, quarter)
            assert (row.budget, row.target) == (2 * MILLION, 50)
            assert (row.figures.absorption, row.figures.physical) == (50, 20)

    def test_a_target_revised_to_zero_is_zero_and_not_the_original_one(self):
        activity = make.activity(target=40, revised_target=0)
        assert (row_of(activity, 1).target, row_of(activity, 1).is_measured) == (0, False)


class TestExpected:
    def test_an_activity_enters_from_the_quarter_in_which_it_starts(self):
        make.activity(starts_quarter=1, budget=1)
        make.activity(starts_quarter=3, budget=10)
        assert [group_at(quarter).budget for quarter in (1, 2, 3, 4)] == [1, 1, 11, 11]
        assert [group_at(quarter).missing for quarter in (1, 2, 3, 4)] == [1, 1, 2, 2]

    def test_a_stopped_activity_enters_nothing_though_it_has_reports(self):
        stopped = make.activity(budget=10, revised_budget=0)
        make.report(stopped, 1, realised_budget=5, realised_output=50)
        make.activity(budget=1)
        figures = group_at(2)
        assert (figures.activities, figures.budget, figures.realised, figures.missing) == (1, 1, None, 1)

    def test_an_activity_with_no_budget_from_the_start_is_not_stopped(self):
        make.activity(budget=0)
        assert (group_at(1).activities, group_at(1).missing) == (1, 1)

    def test_what_is_not_expected_can_still_be_looked_up(self):
        activity = make.activity(starts_quarter=3)
        assert (row_of(activity, 2).is_expected, row_of(activity, 3).is_expected) == (False, True)

    def test_only_the_activities_of_the_year_enter(self):
        make.activity(make.program(fiscal_year=2025), budget=10)
        make.activity(make.program(fiscal_year=2026), budget=1)
        assert group_at(1).budget == 1


class TestPosition:
    def test_the_position_is_the_latest_counted_report_up_to_the_quarter(self):
        activity = make.activity()
        make.report(activity, 1, realised_output=10)
        make.report(activity, 3, realised_output=30)
        positions = [row_of(activity, quarter).position for quarter in (1, 2, 3, 4)]
        assert [position.quarter for position in positions] == [1, 1, 3, 3]
        assert [figures_of(activity, quarter).physical for quarter in (1, 2, 3, 4)] == [10, 10, 30, 30]

    def test_a_later_report_does_not_reach_back(self):
        activity = make.activity()
        make.report(activity, 3, realised_output=30)
        assert row_of(activity, 2).position is None

    def test_without_a_report_at_exactly_the_quarter_an_activity_is_missing(self):
        activity = make.activity()
        make.report(activity, 2)
        assert [row_of(activity, quarter).has_report for quarter in (1, 2, 3, 4)] == [False, True, False, False]
        assert [figures_of(activity, quarter).missing for quarter in (1, 2, 3, 4)] == [1, 0, 1, 1]

    @pytest.mark.parametrize(
        ("status", "all_that_count", "only_verified"),
        [("draft", None, None), ("returned", None, None), ("submitted", 60, None), ("verified", 60, 60)],
    )
    def test_drafts_and_returned_reports_do_not_count(self, status, all_that_count, only_verified):
        activity = make.activity()
        make.report(activity, 2, realised_output=60, status=status)
        assert figures_of(activity, 2).physical == all_that_count
        assert figures_of(activity, 2, verified_only=True).physical == only_verified

    def test_behind_a_draft_stands_the_last_counted_report(self):
        activity = make.activity()
        make.report(activity, 1, realised_output=20)
        make.report(activity, 2, realised_output=60, status="returned")
        row = row_of(activity, 2)
        assert (row.position.quarter, row.has_report, row.physical) == (1, False, 20)

    def test_verified_only_falls_back_to_the_last_verified_report(self):
        activity = make.activity(budget=MILLION)
        make.report(activity, 1, realised_output=20, realised_budget=100_000, status="verified")
        make.report(activity, 2, realised_output=60, realised_budget=900_000, status="submitted")
        figures = figures_of(activity, 2, verified_only=True)
        assert (figures.physical, figures.realised, figures.missing, figures.represented) == (20, 100_000, 1, 0)
        assert figures_of(activity, 2).physical == 60

    def test_the_position_knows_whether_it_was_verified(self):
        activity = make.activity()
        make.report(activity, 1, status="verified")
        make.report(activity, 2, status="submitted")
        assert [row_of(activity, quarter).position.is_verified for quarter in (1, 2)] == [True, False]

    def test_one_activity_is_shown_at_its_four_quarters(self):
        activity = make.activity(starts_quarter=2)
        make.report(activity, 3, realised_output=30)
        make.activity()
        rows = progress_of(activity)
        assert [row.is_expected for row in rows] == [False, True, True, True]
        assert [row.physical for row in rows] == [None, None, 30, 30]


class TestAbsorption:
    def test_serapan_of_an_activity_is_realised_over_pagu(self):
        activity = make.activity(budget=3 * MILLION)
        make.report(activity, 1, realised_budget=MILLION)
        assert figures_of(activity, 1).absorption == Fraction(100, 3)

    def test_serapan_of_a_group_is_the_sum_over_the_sum_and_no_mean(self):
        for budget, realised in ((9 * MILLION, 0), (MILLION, MILLION)):
            make.report(make.activity(budget=budget), 1, realised_budget=realised)
        assert group_at(1).absorption == 10  # the mean of 0 % and 100 % would be 50 %

    def test_an_activity_without_position_adds_its_pagu_and_nothing_spent(self):
        make.report(make.activity(budget=MILLION), 1, realised_budget=MILLION)
        make.activity(budget=3 * MILLION)
        figures = group_at(1)
        assert (figures.budget, figures.realised, figures.absorption) == (4 * MILLION, MILLION, 25)

    def test_an_earlier_position_still_counts_as_spent(self):
        make.report(make.activity(budget=MILLION), 1, realised_budget=250_000)
        assert (group_at(3).absorption, group_at(3).missing) == (25, 1)

    def test_serapan_above_the_pagu_is_shown_as_it_is(self):
        make.report(make.activity(budget=MILLION), 1, realised_budget=1_500_000)
        assert group_at(1).absorption == 150

    def test_a_group_without_pagu_has_no_serapan(self):
        make.report(make.activity(budget=0), 1, realised_budget=5)
        assert (group_at(1).realised, group_at(1).absorption) == (5, None)


class TestPhysical:
    def test_going_up_it_is_realised_over_target(self):
        activity = make.activity(target=Decimal("12.5"))
        make.report(activity, 1, realised_output=Decimal("2.5"))
        assert figures_of(activity, 1).physical == 20

    def test_the_baseline_plays_no_part_when_going_up(self):
        activity = make.activity(target=100, baseline=60)
        make.report(activity, 1, realised_output=80)
        assert figures_of(activity, 1).physical == 80

    @pytest.mark.parametrize(
        ("realised", "physical"),
        [(40, 0), (30, 50), (20, 100), (10, 150), (50, -50), (Decimal("33.333"), Fraction(6667, 200))],
    )
    def test_going_down_it_is_the_way_covered_from_the_baseline_to_the_target(self, realised, physical):
        activity = make.activity(direction="down", baseline=40, target=20)
        make.report(activity, 1, realised_output=realised)
        assert figures_of(activity, 1).physical == physical

    def test_going_down_to_zero_is_measured(self):
        activity = make.activity(direction="down", baseline=40, target=0)
        make.report(activity, 1, realised_output=10)
        assert figures_of(activity, 1).physical == 75

    def test_a_stated_percentage_overrides_the_output(self):
        activity = make.activity(target=100)
        make.report(activity, 1, realised_output=10, physical_percent=Decimal("62.5"))
        row = row_of(activity, 1)
        assert (row.physical, row.achievement) == (Fraction(125, 2), 10)

    def test_a_stated_zero_overrides_the_output_too(self):
        activity = make.activity(target=100)
        make.report(activity, 1, realised_output=10, physical_percent=0)
        assert figures_of(activity, 1).physical == 0

    def test_a_stated_percentage_of_an_earlier_quarter_does_not_override_a_later_report(self):
        activity = make.activity(target=100)
        make.report(activity, 1, realised_output=10, physical_percent=80)
        make.report(activity, 2, realised_output=30)
        assert figures_of(activity, 2).physical == 30

    def test_above_one_hundred_is_shown_as_it_is(self):
        activity = make.activity(target=100)
        make.report(activity, 1, realised_output=130)
        assert figures_of(activity, 1).physical == 130
        assert [row.figures.physical for row in figures_by_activity(progress_at(1))] == [130]

    def test_without_position_it_is_missing_and_not_zero(self):
        activity = make.activity()
        figures = figures_of(activity, 1)
        assert (figures.physical, figures.physical_high, figures.deviation, figures.realised) == (None,) * 4

    def test_a_group_is_weighted_by_pagu(self):
        make.report(make.activity(budget=3 * MILLION), 1, realised_output=20)
        make.report(make.activity(budget=MILLION), 1, realised_output=60)
        assert group_at(1).physical == 30  # (3 x 20 + 1 x 60) / 4

    def test_a_group_is_weighted_by_the_pagu_in_force(self):
        make.report(make.activity(budget=9 * MILLION, revised_budget=MILLION), 1, realised_output=20)
        make.report(make.activity(budget=MILLION), 1, realised_output=60)
        assert group_at(1).physical == 40

    def test_in_a_group_an_activity_without_position_counts_zero(self):
        make.report(make.activity(), 1, realised_output=60)
        make.activity()
        assert group_at(1).physical == 30

    def test_in_a_mean_each_activity_is_held_between_0_and_100(self):
        make.report(make.activity(), 1, realised_output=300)
        make.report(make.activity(direction="down", baseline=40, target=20), 1, realised_output=100)
        assert group_at(1).physical == 50  # 100 and 0, not 300 and -300

    def test_a_group_of_one_is_held_too(self):
        make.report(make.activity(), 1, realised_output=130)
        assert group_at(1).physical == 100

    def test_figures_are_exact_and_not_rounded(self):
        make.report(make.activity(budget=3, target=7), 1, realised_output=1)
        make.report(make.activity(budget=4, target=3), 1, realised_output=1)
        assert group_at(1).physical == (3 * Fraction(100, 7) + 4 * Fraction(100, 3)) / 7


class TestUndefined:
    def undefined(self, **fields):
        return make.activity(target=0, **fields)

    def test_a_target_of_zero_going_up_cannot_be_measured(self):
        activity = self.undefined()
        make.report(activity, 1, realised_output=5)
        figures = figures_of(activity, 1)
        assert (figures.physical, figures.physical_high, figures.plan, figures.deviation) == (None,) * 4
        assert (figures.undefined, figures.status) == (1, Status.NOT_RATED)

    def test_a_target_equal_to_the_baseline_going_down_cannot_be_measured(self):
        activity = make.activity(direction="down", baseline=40, target=40)
        make.report(activity, 1, realised_output=40)
        assert (figures_of(activity, 1).physical, figures_of(activity, 1).undefined) == (None, 1)

    def test_a_revision_can_make_an_activity_measurable(self):
        activity = self.undefined()
        make.report(activity, 1, realised_output=5)
        revised(activity, revised_target=10)
        assert (figures_of(activity, 1).physical, figures_of(activity, 1).undefined) == (50, 0)

    def test_it_is_undefined_reported_or_not(self):
        self.undefined()
        assert (group_at(1).undefined, group_at(1).plan) == (1, None)

    def test_a_stated_percentage_makes_it_defined_from_that_position_on(self):
        activity = self.undefined()
        make.report(activity, 2, realised_output=5, physical_percent=40)
        make.report(activity, 4, realised_output=5)
        assert [figures_of(activity, quarter).undefined for quarter in (1, 2, 3, 4)] == [1, 0, 0, 1]
        assert [figures_of(activity, quarter).physical for quarter in (1, 2, 3, 4)] == [None, 40, 40, None]

    def test_a_group_leaves_it_out_of_fisik_rencana_and_rentang_but_not_of_the_money(self):
        make.report(make.activity(budget=MILLION), 1, realised_output=40, realised_budget=MILLION)
        undefined = self.undefined(budget=3 * MILLION, plan_q1=90, plan_q2=90, plan_q3=90, plan_q4=90)
        make.report(undefined, 1, realised_output=5, realised_budget=MILLION)
        figures = group_at(1)
        assert (figures.physical, figures.physical_high, figures.plan, figures.undefined) == (40, 40, 25, 1)
        assert (figures.budget, figures.absorption, figures.represented) == (4 * MILLION, 50, 100)

    def test_a_group_of_undefined_ones_only_is_not_rated(self):
        make.report(self.undefined(), 1, realised_output=5, realised_budget=MILLION)
        figures = group_at(1)
        assert (figures.physical, figures.plan, figures.absorption) == (None, None, 100)
        assert (figures.status, figures.rating) == (Status.NOT_RATED, "")


class TestPlan:
    def test_without_a_plan_it_is_the_elapsed_share_of_the_year(self):
        activity = make.activity()
        assert [row_of(activity, quarter).plan for quarter in (1, 2, 3, 4)] == [25, 50, 75, 100]
        assert row_of(activity, 1).is_straight_line

    def test_a_late_start_does_not_change_the_elapsed_share(self):
        assert row_of(make.activity(starts_quarter=3), 3).plan == 75

    def test_an_own_plan_is_taken_as_it_is_zero_included(self):
        activity = make.activity(plan_q1=0, plan_q2=Decimal("12.5"), plan_q3=60, plan_q4=100)
        assert [row_of(activity, quarter).plan for quarter in (1, 2, 3, 4)] == [0, Fraction(25, 2), 60, 100]
        assert not row_of(activity, 1).is_straight_line

    def test_a_group_is_weighted_by_pagu_reported_or_not(self):
        make.activity(budget=3 * MILLION, plan_q1=5, plan_q2=60, plan_q3=60, plan_q4=60)
        make.activity(budget=MILLION)
        assert group_at(1).plan == 10  # (3 x 5 + 1 x 25) / 4

    def test_deviasi_is_fisik_minus_rencana(self):
        activity = make.activity()
        make.report(activity, 2, realised_output=Decimal("23.4"))
        assert figures_of(activity, 2).deviation == Fraction(-266, 10)

    def test_deviasi_of_a_group_comes_from_its_own_fisik_and_rencana(self):
        make.report(make.activity(budget=3 * MILLION), 1, realised_output=10)
        make.report(make.activity(budget=MILLION), 1, realised_output=30)
        assert group_at(1).deviation == 15 - 25


class TestInterval:
    def test_with_all_reports_in_it_is_a_point(self):
        make.report(make.activity(), 1, realised_output=10)
        assert (group_at(1).physical, group_at(1).physical_high) == (10, 10)

    def test_a_missing_report_is_taken_as_planned(self):
        make.report(make.activity(), 1, realised_output=11)
        make.activity()
        assert (group_at(1).physical, group_at(1).physical_high) == (Fraction(11, 2), 18)  # (11 + 25) / 2

    def test_a_missing_report_is_taken_at_its_last_position_when_that_is_greater(self):
        make.report(make.activity(), 1, realised_output=70)
        make.report(make.activity(), 1, realised_output=30)
        assert (group_at(2).physical, group_at(2).physical_high) == (50, 60)  # (70 + the plan of 50) / 2

    def test_a_last_position_above_one_hundred_is_held_in_the_mean(self):
        make.report(make.activity(), 1, realised_output=300)
        make.activity()
        assert group_at(2).physical_high == 75  # (100 + 50) / 2

    def test_a_reported_activity_behind_its_plan_stays_behind(self):
        make.report(make.activity(), 1, realised_output=0)
        assert group_at(1).physical_high == 0

    def test_one_activity_has_an_interval_as_well(self):
        activity = make.activity()
        make.report(activity, 1, realised_output=30)
        assert [figures_of(activity, quarter).physical for quarter in (1, 2)] == [30, 30]
        assert [figures_of(activity, quarter).physical_high for quarter in (1, 2)] == [30, 50]


class TestEmptyGroups:
    def test_a_group_without_any_position_has_money_and_plan_and_nothing_else(self):
        make.activity(budget=2 * MILLION)
        make.report(make.activity(), 1, status="draft", realised_output=50)
        assert group_at(1) == Figures(
            programs=2,
            activities=2,
            budget=3 * MILLION,
            budget_outside=0,
            realised=None,
            physical=None,
            physical_high=None,
            plan=Fraction(25),
            represented=Fraction(0),
            missing=2,
            undefined=0,
            measured_budget=3 * MILLION,
            status=Status.NOT_REPORTED,
            rating="",
        )
        assert (group_at(1).absorption, group_at(1).deviation, group_at(1).impact) == (None, None, None)

    def test_a_group_without_any_activity_is_all_empty(self):
        assert group_at(1) == Figures(
            programs=0,
            activities=0,
            budget=0,
            budget_outside=0,
            realised=None,
            physical=None,
            physical_high=None,
            plan=None,
            represented=None,
            missing=0,
            undefined=0,
            measured_budget=0,
            status=None,
            rating="",
        )

    def test_a_report_of_zero_is_zero_and_not_missing(self):
        make.report(make.activity(), 1, realised_output=0, realised_budget=0)
        figures = group_at(1)
        assert (figures.physical, figures.absorption, figures.missing) == (0, 0, 0)
        assert (figures.status, figures.rating) == (Status.LATE, "Sangat rendah")


class TestStatus:
    @pytest.mark.parametrize(
        ("output", "status", "rating"),
        [
            (50, Status.ON_TRACK, "Sangat tinggi"),
            (75, Status.ON_TRACK, "Sangat tinggi"),
            (Decimal("45.5"), Status.ON_TRACK, "Sangat tinggi"),  # ratio 91
            (Decimal("45.499"), Status.ATTENTION, "Tinggi"),  # 90.998 would show as 91,0
            (38, Status.ATTENTION, "Tinggi"),  # 76
            (Decimal("37.999"), Status.ATTENTION, "Sedang"),
            (33, Status.ATTENTION, "Sedang"),  # 66
            (Decimal("32.999"), Status.LATE, "Rendah"),
            (Decimal("25.5"), Status.LATE, "Rendah"),  # 51
            (Decimal("25.499"), Status.LATE, "Sangat rendah"),
            (0, Status.LATE, "Sangat rendah"),
        ],
    )
    def test_it_is_the_class_of_fisik_over_rencana_unrounded(self, output, status, rating):
        make.report(make.activity(), 2, realised_output=output)
        assert (group_at(2).status, group_at(2).rating) == (status, rating)

    def test_an_activity_that_went_the_wrong_way_is_in_the_lowest_class(self):
        activity = make.activity(direction="down", baseline=40, target=20)
        make.report(activity, 1, realised_output=50)
        figures = figures_of(activity, 1)
        assert (figures.ratio, figures.status, figures.rating) == (-200, Status.LATE, "Sangat rendah")

    def test_with_nothing_planned_yet_everything_is_on_track(self):
        activity = make.activity(plan_q1=0, plan_q2=0, plan_q3=50, plan_q4=100)
        make.report(activity, 1, realised_output=0)
        figures = figures_of(activity, 1)
        assert (figures.ratio, figures.status, figures.rating) == (None, Status.ON_TRACK, "")

    def test_with_nothing_planned_for_the_whole_year_the_predikat_of_tw_iv_is_still_against_the_year(self):
        activity = make.activity(plan_q1=0, plan_q2=0, plan_q3=0, plan_q4=0)
        make.report(activity, 4, realised_output=80)
        assert (figures_of(activity, 4).status, figures_of(activity, 4).rating) == (Status.ON_TRACK, "Tinggi")

    def test_without_pagu_it_is_not_rated_though_fisik_is_shown(self):
        activity = make.activity(budget=0)
        make.report(activity, 1, realised_output=20)
        figures = figures_of(activity, 1)
        assert (figures.physical, figures.plan, figures.status, figures.rating) == (20, 25, Status.NOT_RATED, "")
        assert (figures.absorption, figures.represented) == (None, None)

    def test_a_group_without_pagu_has_no_weights_and_is_not_rated(self):
        make.report(make.activity(budget=0), 1, realised_output=20)
        figures = group_at(1)
        assert (figures.physical, figures.physical_high, figures.plan, figures.represented) == (None,) * 4
        assert (figures.status, figures.rating) == (Status.NOT_RATED, "")

    def test_an_activity_without_pagu_weighs_nothing_in_a_group(self):
        make.report(make.activity(budget=0), 1, realised_output=100)
        make.report(make.activity(budget=MILLION), 1, realised_output=25)
        assert (group_at(1).physical, group_at(1).status) == (25, Status.ON_TRACK)

    def test_an_activity_that_has_not_reported_has_that_status_whatever_its_position(self):
        activity = make.activity()
        make.report(activity, 1, realised_output=100)
        figures = figures_of(activity, 2)
        assert (figures.physical, figures.status, figures.rating) == (100, Status.NOT_REPORTED, "")

    def test_an_undefined_activity_that_has_not_reported_is_belum_lapor(self):
        assert figures_of(make.activity(target=0), 1).status == Status.NOT_REPORTED

    def test_a_group_has_not_reported_when_none_of_its_activities_has(self):
        make.report(make.activity(), 1, realised_output=100)
        make.activity()
        figures = group_at(2)
        assert (figures.physical, figures.status, figures.rating) == (50, Status.NOT_REPORTED, "")

    def test_a_group_with_one_report_is_rated(self):
        make.report(make.activity(), 2, realised_output=100)
        make.activity()
        assert (group_at(2).physical, group_at(2).status) == (50, Status.ON_TRACK)

    def test_status_at_tw_iv_is_against_the_plan_and_predikat_against_the_full_year(self):
        activity = make.activity(plan_q1=10, plan_q2=20, plan_q3=30, plan_q4=50)
        make.report(activity, 3, realised_output=30)
        make.report(activity, 4, realised_output=50)
        assert (figures_of(activity, 3).status, figures_of(activity, 3).rating) == (Status.ON_TRACK, "Sangat tinggi")
        assert (figures_of(activity, 4).status, figures_of(activity, 4).rating) == (Status.ON_TRACK, "Sangat rendah")

    def test_bands_are_read_from_the_database(self, bands):
        bands[0].lower_bound = 99
        bands[0].save()
        make.report(make.activity(), 2, realised_output=49)
        assert (group_at(2).status, group_at(2).rating) == (Status.ATTENTION, "Tinggi")

    def test_bands_may_come_in_any_order(self):
        rating = Rating([Band("tinggi", 76, Status.ATTENTION), Band("rendah", 0, Status.LATE)])
        assert Rating(reversed(rating.bands)).of(Fraction(80)).name == "tinggi"
        assert rating.of(Fraction(-1)).name == "rendah"


class TestRepresented:
    def test_mewakili_is_the_share_of_pagu_with_a_report_of_exactly_this_quarter(self):
        make.report(make.activity(budget=3 * MILLION), 2)
        make.report(make.activity(budget=MILLION), 1)
        make.activity(budget=4 * MILLION)
        figures = group_at(2)
        assert (figures.represented, figures.missing, figures.activities) == (Fraction(300, 8), 2, 3)

    def test_an_undefined_activity_represents_its_pagu(self):
        make.report(make.activity(target=0, budget=MILLION), 1)
        make.activity(budget=3 * MILLION)
        assert group_at(1).represented == 25

    def test_one_activity_represents_itself_or_not(self):
        activity = make.activity()
        make.report(activity, 1)
        assert [figures_of(activity, quarter).represented for quarter in (1, 2)] == [100, 0]


class TestOutsideTheDistrictBudget:
    def test_money_outside_apbd_is_in_the_pagu_and_named(self):
        make.activity(budget=3 * MILLION, funding_source=make.funding_source("DAU"))
        make.activity(budget=9 * MILLION, revised_budget=2 * MILLION, funding_source=make.funding_source("CSR", False))
        assert (group_at(1).budget, group_at(1).budget_outside) == (5 * MILLION, 2 * MILLION)

    def test_one_activity_is_inside_or_outside(self):
        inside = make.activity(budget=3, funding_source=make.funding_source("DAU"))
        outside = make.activity(budget=4, funding_source=make.funding_source("CSR", False))
        assert [figures_of(activity, 1).budget_outside for activity in (inside, outside)] == [0, 4]


class TestGroups:
    def test_groups_stand_in_the_order_of_their_members_empty_ones_included(self):
        make.activity(make.program(strategy=make.strategy(2)), budget=7)
        members = [Member("1", "Satu"), Member("2", "Dua"), Member("3", "Tiga")]
        rows = figures_by("strategy", members, progress_at(1))
        assert [(row.key, row.name, row.figures.budget, row.figures.status) for row in rows] == [
            ("1", "Satu", 0, None),
            ("2", "Dua", 7, Status.NOT_REPORTED),
            ("3", "Tiga", 0, None),
        ]

    def test_what_belongs_to_no_strategy_comes_last_as_belum_dipetakan(self):
        make.activity(make.program(strategy=make.strategy(1)), budget=1)
        make.activity(make.program(), budget=2)
        rows = figures_by("strategy", [Member("1", "Satu")], progress_at(1))
        assert [(row.key, row.name, row.figures.budget) for row in rows] == [
            ("1", "Satu", 1),
            ("-", "Belum dipetakan", 2),
        ]

    def test_there_is_no_belum_dipetakan_when_everything_is_mapped(self):
        make.activity(make.program(strategy=make.strategy(1)))
        assert [row.key for row in figures_by("strategy", [Member("1", "Satu")], progress_at(1))] == ["1"]

    def test_an_unmapped_activity_that_is_not_expected_makes_no_belum_dipetakan(self):
        make.activity(make.program(), starts_quarter=3)
        assert figures_by("strategy", [], progress_at(2)) == []

    def test_priorities_of_two_years_are_told_apart(self):
        make.activity(make.program(priority=make.priority(2021, 1)), budget=1)
        make.activity(make.program(priority=make.priority(2026, 1)), budget=2)
        make.activity(make.program(), budget=4)
        rows = figures_by("priority", [Member("2021-1", "Lama"), Member("2026-1", "Baru")], progress_at(1))
        assert [(row.key, row.figures.budget) for row in rows] == [("2021-1", 1), ("2026-1", 2), ("-", 4)]

    def test_programs_are_counted_once_however_many_activities_they_have(self):
        program = make.program()
        make.activity(program)
        make.activity(program)
        make.activity()
        assert (group_at(1).programs, group_at(1).activities) == (2, 3)

    def test_a_program_in_which_nothing_has_started_is_not_counted(self):
        make.activity(starts_quarter=4)
        assert (group_at(1).programs, figures_by_program(progress_at(1))) == (0, [])

    def test_opds_stand_in_the_order_of_their_names(self, dinsos, dinkes):
        make.activity(make.program(dinsos), budget=2)
        make.activity(make.program(dinkes), budget=3)
        make.activity(make.program(dinsos), budget=5)
        rows = figures_by_opd(progress_at(1))
        assert [(row.key, row.name, row.figures.budget) for row in rows] == [
            ("Dinkes", "Dinas Kesehatan", 3),
            ("Dinsos", "Dinas Sosial", 7),
        ]

    def test_programs_of_the_same_name_stay_apart(self, dinsos, dinkes):
        first, second = make.program(dinsos, name="Pangan"), make.program(dinkes, name="Pangan")
        make.activity(first, budget=1)
        make.activity(second, budget=2)
        rows = figures_by_program(progress_at(1))
        assert [(row.key, row.name, row.figures.budget) for row in rows] == [
            (str(second.pk), "Pangan", 2),
            (str(first.pk), "Pangan", 1),
        ]

    def test_activities_are_keyed_by_their_register(self):
        activity = make.activity(name="Bantuan beras", budget=3)
        [row] = figures_by_activity(progress_at(1))
        assert (row.key, row.name, row.figures.budget) == (activity.ref, "Bantuan beras", 3)

    def test_the_grand_total_comes_from_the_facts(self):
        make.report(make.activity(make.program(strategy=make.strategy(1)), budget=3 * MILLION), 1, realised_output=20)
        make.report(make.activity(make.program(strategy=make.strategy(2)), budget=MILLION), 1, realised_output=60)
        row = total(progress_at(1))
        assert (row.name, row.figures.physical, row.figures.budget, len(row.rows)) == ("Jumlah", 30, 4 * MILLION, 2)

    def test_filters_choose_activities_before_grouping(self):
        make.activity(budget=1, funding_source=make.funding_source("DAU"))
        make.activity(budget=2, funding_source=make.funding_source("CSR", False))
        inside = Activity.objects.filter(funding_source__in_apbd=True)
        assert total(YearProgress(inside, year=2026, quarter=1)).figures.budget == 1

    def test_a_filter_that_meets_an_activity_twice_counts_it_once(self):
        activity = make.activity(budget=5)
        for code in ("16.04.01", "16.04.02"):
            make.location(activity, make.district(code))
        both = Activity.objects.filter(locations__district__code__startswith="16.04").distinct()
        assert total(YearProgress(both, year=2026, quarter=1)).figures.budget == 5


class TestDecisions:
    def test_large_and_slightly_late_comes_before_tiny_and_badly_late(self):
        for name, budget, output in [
            ("kecil, jauh tertinggal", MILLION, 0),  # 1 x -50 = -50
            ("besar, agak tertinggal", 100 * MILLION, 45),  # 100 x -5 = -500
            ("sesuai rencana", 900 * MILLION, 46),  # ratio 92
            ("sedang", 20 * MILLION, 35),  # 20 x -15 = -300
        ]:
            make.report(make.activity(name=name, budget=budget), 2, realised_output=output)
        make.activity(name="belum lapor", budget=500 * MILLION)
        make.report(make.activity(name="tidak dihitung", target=0), 2)
        rows = needing_decision(figures_by_activity(progress_at(2)))
        assert [(row.name, row.figures.deviation, row.figures.impact) for row in rows] == [
            ("besar, agak tertinggal", -5, -500 * MILLION),
            ("sedang", -15, -300 * MILLION),
            ("kecil, jauh tertinggal", -50, -50 * MILLION),
        ]

    def test_with_everything_on_track_there_is_nothing_to_decide(self):
        make.report(make.activity(), 2, realised_output=50)
        assert needing_decision(figures_by_activity(progress_at(2))) == []


def test_without_rating_bands_nothing_is_rated():
    RatingBand.objects.all().delete()
    make.report(make.activity(), 3)
    found = total(progress_at(3)).figures
    assert (found.status, found.rating) == (Status.NOT_RATED, "")
