"""What the checks say of a record without a database is what they say with one."""

import datetime
from decimal import Decimal

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.base.operations import BaseDatabaseOperations
from django.db.models import CheckConstraint, F, Q, Value
from django.db.models.functions import Coalesce, Greatest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tracker.models import Activity, Program, Report
from tracker.models.constraints import Unreadable, answer_to, broken
from tracker.models.fields import MOST_RUPIAH

MODELS = [
    model
    for model in apps.get_app_config("tracker").get_models()
    if any(isinstance(constraint, CheckConstraint) for constraint in model._meta.constraints)
]

# Few values, so that neighbours are often equal or just beside a bound; and whatever else the column can hold.
WHOLE = [-1, 0, 1, 3, 4, 5, 12, 13, 99, 100, 1000, 1001, 1999, 2000, 2100, 2101, MOST_RUPIAH, MOST_RUPIAH + 1]
PARTS = [Decimal(text) for text in ("-0.001", "0", "0.001", "40", "40.5", "99.999", "100", "100.001")]
WORDS = ["", "up", "down", "draft", "returned", "verified", "x"]
DAYS = [datetime.date(2026, 4, 1) + datetime.timedelta(days) for days in range(3)]


def whole(field):
    _, most = BaseDatabaseOperations.integer_field_ranges[field.get_internal_type()]
    return st.sampled_from([number for number in WHOLE if number <= most]) | st.integers(-most - 1, most)


def parts(field):
    most = Decimal(10) ** (field.max_digits - field.decimal_places) - Decimal("0.001")
    return st.sampled_from([part for part in PARTS if part <= most]) | st.decimals(-most, most, places=3)


def values(field):
    """What may stand in this field of a record, wrong or right; also nothing, where that is refused later."""
    if isinstance(field, models.DecimalField):
        some = parts(field)
    elif isinstance(field, models.IntegerField):
        some = whole(field)
    elif isinstance(field, models.DateField):
        some = st.sampled_from(DAYS)
    else:
        some = st.sampled_from(WORDS)
    return st.none() | some


def records(model, names):
    fields = {name: values(model._meta.get_field(name)) for name in sorted(names)}
    return st.builds(model, **fields)


def checks_of(model):
    return [constraint for constraint in model._meta.constraints if isinstance(constraint, CheckConstraint)]


def names_in(model):
    return set().union(*(constraint.condition.referenced_base_fields for constraint in checks_of(model)))


def is_broken(constraint, record):
    try:
        constraint.validate(type(record), record)
    except ValidationError:
        return True
    return False


def tried(examples):
    """Nothing is written here, so one test may try many examples in one transaction."""
    return settings(
        max_examples=examples,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )


@pytest.mark.django_db
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_record_breaks_at_hand_what_it_breaks_in_the_database(model):
    @tried(150 if model in (Activity, Report) else 30)
    @given(records(model, names_in(model)))
    def agree(record):
        assert broken(record) == [constraint for constraint in checks_of(model) if is_broken(constraint, record)]

    agree()


# Any other condition of the same words

NUMBERS = ["baseline", "target", "revised_target", "plan_q1", "plan_q2"]
TEXTS = ["direction", "revision_note"]
ASKED = [*NUMBERS, *TEXTS, "starts_quarter"]

orders = st.sampled_from(["exact", "gt", "gte", "lt", "lte"])
numbers = st.sampled_from(NUMBERS)
figures = st.sampled_from([Decimal(0), Decimal("40.5"), 100])
bounds = (
    figures
    | numbers.map(F)
    | figures.map(Value)
    # Of nothing but empty fields PostgreSQL knows no type, and Django then lets the record pass.
    | st.builds(Coalesce, numbers, numbers, figures.map(lambda figure: Value(figure, models.DecimalField())))
)
comparisons = (
    st.builds(lambda name, order, bound: Q((f"{name}__{order}", bound)), numbers, orders, bounds)
    | st.builds(lambda name, word: Q((name, word)), st.sampled_from(TEXTS), st.sampled_from(WORDS))
    | st.builds(lambda name, is_null: Q((f"{name}__isnull", is_null)), st.sampled_from(ASKED), st.booleans())
    | st.builds(lambda chosen: Q(starts_quarter__in=chosen), st.lists(st.integers(0, 4), min_size=1))
)


def joined(parts):
    return st.builds(lambda one, other: one & other, parts, parts) | st.builds(
        lambda one, other: one | other, parts, parts
    )


plain = st.recursive(comparisons, joined, max_leaves=5)
conditions = st.recursive(plain | plain.map(lambda condition: ~condition), joined, max_leaves=3)


@pytest.mark.django_db
@tried(300)
@given(conditions, records(Activity, ASKED))
@example(~Q(baseline__gte=0) | Q(target=1), Activity(baseline=None, target=Decimal(0)))
@example(~Q(baseline__gte=0, target=1), Activity(baseline=None, target=Decimal(0)))
@example(Q(baseline__gte=0) & Q(target=1), Activity(baseline=None, target=Decimal(0)))
@example(Q(baseline__gte=0) & Q(target=1), Activity(baseline=None, target=Decimal(1)))
def test_any_condition_is_answered_at_hand_as_in_the_database(condition, record):
    constraint = CheckConstraint(name="x", condition=condition)
    assert (answer_to(Activity, condition)(record) is False) == is_broken(constraint, record)


@pytest.mark.django_db
@pytest.mark.parametrize("order", ["exact", "gt", "gte", "lt", "lte"])
def test_a_value_at_the_bound_is_judged_as_in_the_database(order):
    for bound in (40, F("baseline"), Value(40), Coalesce("baseline", "target")):
        condition = Q((f"target__{order}", bound))
        constraint, answer = CheckConstraint(name="x", condition=condition), answer_to(Activity, condition)
        for target in (Decimal("39.999"), Decimal(40), Decimal("40.001")):
            record = Activity(target=target, baseline=Decimal(40))
            assert answer(record) is not is_broken(constraint, record)


EMPTY = Q(baseline__gte=0)
ANSWERS = [
    (EMPTY, None),
    (~EMPTY, None),
    (Q(target__gte=F("baseline")), None),
    (Q(baseline__in=[0, 1]), None),
    (EMPTY & Q(target=1), None),
    (EMPTY & Q(target=2), False),
    (EMPTY | Q(target=1), True),
    (EMPTY | Q(target=2), None),
    (Q(target__gte=Coalesce("baseline", "revised_target")), None),
    (Q(target__gte=Coalesce("baseline", Value(1))), True),
]


@pytest.mark.parametrize(("condition", "expected"), ANSWERS, ids=[str(condition) for condition, _ in ANSWERS])
def test_an_empty_field_leaves_unknown_what_hangs_on_it(condition, expected):
    assert answer_to(Activity, condition)(Activity(target=Decimal(1))) is expected


def test_every_check_can_be_asked_at_hand():
    assert {model.__name__ for model in MODELS} >= {"Activity", "Period", "Program", "Report"}
    for model in MODELS:
        for constraint in checks_of(model):
            assert answer_to(model, constraint.condition)(model()) in (True, False, None), constraint.name


def test_a_record_without_checks_breaks_none():
    assert broken(apps.get_model("tracker", "Opd")()) == []


def test_only_the_checks_in_question_are_asked():
    record = Report(realised_budget=-1, realised_output=-1, status="returned")
    of_name = {constraint.name: constraint for constraint in checks_of(Report)}
    asked = [of_name["report_return_needs_note"], of_name["report_realised_output_not_negative"]]
    assert broken(record, asked) == asked
    assert broken(record, []) == []


UNREADABLE = {
    "another look-up": Q(name__startswith="x"),
    "a look-up of a relation": Q(program__fiscal_year=2026),
    "another function": Q(target__gte=Greatest("baseline", "revised_target")),
    "a sum": Q(target__gte=F("baseline") + 1),
    "either or": Q(target=1) ^ Q(baseline=1),
    "nothing instead of isnull": Q(baseline=None),
    "nothing among others": Q(starts_quarter__in=[1, None]),
    "a text for a number": Q(starts_quarter="1"),
    "NOT inside NOT": ~(Q(target=1) | ~Q(baseline=1)),
    "NOT deep inside NOT": ~(Q(target=1) | (Q(unit="x") & ~Q(baseline=1))),
    "a bare expression": Q(models.Exists(Program.objects.all())),
}


@pytest.mark.parametrize("condition", UNREADABLE.values(), ids=UNREADABLE)
def test_a_condition_of_another_kind_is_refused_rather_than_skipped(condition):
    with pytest.raises(Unreadable, match="is not read in Python yet"):
        answer_to(Activity, condition)


@pytest.mark.django_db
def test_asking_at_hand_takes_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert [constraint.name for constraint in broken(Program(fiscal_year=1999))] == ["program_fiscal_year_range"]
