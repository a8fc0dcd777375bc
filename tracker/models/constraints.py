"""Short ways to say the bounds that every database must keep."""

import itertools

from django.db.models import CheckConstraint, F, Q

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
