"""A stored value in the words of a form, for conflicts and for the history; and as a file writes it."""

import datetime
from decimal import Decimal

from django.db import models
from django.utils import timezone

from tracker import formats
from tracker.models.fields import RupiahField

EMPTY = "kosong"


def shown(field, value) -> str:
    """`value` of a model field as people read it; a relation comes as its object, many of them as a list."""
    if value is None or value == "" or value == []:
        return EMPTY
    if isinstance(value, list):
        return "; ".join(map(str, value))
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, datetime.datetime):
        return moment(value)
    if isinstance(value, datetime.date):
        return formats.date(value)
    if isinstance(field, RupiahField):
        return formats.full_rupiah(value)
    if isinstance(value, Decimal) or isinstance(field, models.PositiveIntegerField):
        return formats.number(value)
    return str(value)


def plain(field, value):
    """The same value for a file: numbers and dates stay what they are, everything else is text; None when empty."""
    if value is None or value == "" or value == []:
        return None
    if isinstance(value, list):
        return " | ".join(map(str, value))
    if field.choices or isinstance(value, bool | datetime.datetime):
        return shown(field, value)
    return value


def stored(record, name) -> str:
    """What `record` holds in the field `name`."""
    field = record._meta.get_field(name)
    value = getattr(record, name)
    return shown(field, list(value.all()) if field.many_to_many else value)


def moment(value: datetime.datetime) -> str:
    local = timezone.localtime(value)
    return f"{formats.date(local.date())} pukul {local:%H.%M}"
