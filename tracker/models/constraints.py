"""Short ways to say the bounds that every database must keep, and what breaks them, told without asking one."""

import functools
import itertools
import operator

from django.db.models import CheckConstraint, F, Q, Value
from django.db.models.functions import Coalesce

FIRST_YEAR, LAST_YEAR = 2000, 2100
MOST_QUANTITY = 10**12


def check(name, condition, message):
    return CheckConstraint(name=name, condition=condition, violation_error_message=message)


def between(model, field, low, high, message):
    return check(f"{model}_{field}_range", Q(**{f"{field}__gte": low, f"{field}__lte": high}), message)


def at_least_zero(model, field, label):
    # The upper bound is what 15 digits hold; on PostgreSQL it also stops NaN, which counts as greater than any number.
    return check(
        f"{model}_{field}_not_negative",
        Q(**{f"{field}__gte": 0, f"{field}__lt": MOST_QUANTITY}),
        f"{label} tidak boleh kurang dari 0.",
    )


def finite(model, field, label):
    return check(
        f"{model}_{field}_finite",
        Q(**{f"{field}__gt": -MOST_QUANTITY, f"{field}__lt": MOST_QUANTITY}),
        f"{label} terlalu besar.",
    )


def year_in_range(model, field, label):
    return between(model, field, FIRST_YEAR, LAST_YEAR, f"{label} harus antara {FIRST_YEAR} dan {LAST_YEAR}.")


def not_falling(model, fields, message):
    condition = Q()
    for earlier, later in itertools.pairwise(fields):
        condition &= Q(**{f"{later}__gte": F(earlier)})
    return check(f"{model}_{fields[0]}_not_falling", condition, message)


# What a check says of a record, without a query for each of them. As in SQL, the answer is None where an empty field
# leaves it unknown, and only False breaks a check.


def broken(record, constraints=None) -> list[CheckConstraint]:
    """The checks of its model that this record breaks; of `constraints` alone where they are given."""
    answers = _answers(type(record))
    if constraints is not None:
        answers = {constraint.name: answers[constraint.name] for constraint in constraints}
    return [constraint for constraint, answer in answers.values() if answer(record) is False]


@functools.cache
def _answers(model):
    """Each check of a model with the function that answers it, by its name."""
    checks = [constraint for constraint in model._meta.constraints if isinstance(constraint, CheckConstraint)]
    return {constraint.name: (constraint, answer_to(model, constraint.condition)) for constraint in checks}


class Unreadable(NotImplementedError):
    """A condition of a kind that only the database understands. Skipped in silence, it would seem to hold always."""

    def __init__(self, part):
        super().__init__(f"{part!r} is not read in Python yet: add it to tracker/models/constraints.py.")


def answer_to(model, condition):
    """The function that tells of a record whether `condition` holds: True, False, or None where that is unknown."""
    if isinstance(condition, tuple):
        return _comparison(model, *condition)
    if not isinstance(condition, Q) or condition.connector not in (Q.AND, Q.OR):
        raise Unreadable(condition)
    if condition.negated and any(map(_negates, condition.children)):
        # Where a field is empty, Django has an answer of its own to NOT inside NOT.
        raise Unreadable(condition)
    parts = [answer_to(model, part) for part in condition.children]
    answer = _joined(parts, decisive=condition.connector == Q.OR)
    return _opposite(answer) if condition.negated else answer


def _negates(condition) -> bool:
    return isinstance(condition, Q) and (condition.negated or any(map(_negates, condition.children)))


def _joined(parts, *, decisive):
    """Parts joined by OR, where one True decides, or by AND, where one False does."""

    def answer(record):
        joined = not decisive
        for part in parts:
            held = part(record)
            if held is decisive:
                return decisive
            if held is None:
                joined = None
        return joined

    return answer


def _opposite(part):
    def answer(record):
        held = part(record)
        return None if held is None else not held

    return answer


COMPARISONS = {
    "exact": operator.eq,
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
}


def _comparison(model, name, bound):
    name, _, lookup = name.partition("__")
    field, lookup = model._meta.get_field(name), lookup or "exact"
    value_of = operator.attrgetter(field.attname)
    if lookup == "isnull":
        return lambda record: (value_of(record) is None) == bound
    if lookup == "in":
        several = [_constant(field, value) for value in bound]
        return lambda record: None if (value := value_of(record)) is None else value in several
    if lookup not in COMPARISONS:
        raise Unreadable((name, lookup))
    compare, bound_of = COMPARISONS[lookup], _reader(model, field, bound)

    def answer(record):
        value, bound = value_of(record), bound_of(record)
        return None if value is None or bound is None else compare(value, bound)

    return answer


def _reader(model, field, expression):
    """The function that reads from a record what `field` is compared with."""
    if isinstance(expression, F):
        return operator.attrgetter(model._meta.get_field(expression.name).attname)
    if isinstance(expression, Coalesce):
        readers = [_reader(model, field, part) for part in expression.get_source_expressions()]
        return lambda record: next((value for reader in readers if (value := reader(record)) is not None), None)
    constant = _constant(field, expression.value if isinstance(expression, Value) else expression)
    return lambda record: constant


def _constant(field, value):
    """A value to compare with; one that is no value of this field would compare otherwise than in the database."""
    if value is None or hasattr(value, "resolve_expression") or field.to_python(value) != value:
        raise Unreadable((field.name, value))
    return value
