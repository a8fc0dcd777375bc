"""The words of formats.py as template filters: how a value looks has one home."""

from django import template

from tracker import formats

register = template.Library()

for name in ("number", "percent", "signed", "rupiah", "billions", "full_rupiah", "short_date", "quarter", "listed"):
    register.filter(name, getattr(formats, name))
register.filter("long_date", formats.date)
