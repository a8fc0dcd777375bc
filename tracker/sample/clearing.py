"""Removes sample data whole, history included, and refuses while anything real depends on it."""

from django.db import models, transaction
from django.db.models import Q

from tracker.models import Activity, ApiToken, ImportBatch, Location, Period, PovertyPocket, Program, Report, User
from tracker.sample import SampleError

MOST_NAMED = 20

# Each model with its path to the sample mark, children first.
SAMPLE_ROWS = (
    (Report, "activity__program__is_sample"),
    (Location, "activity__program__is_sample"),
    (Activity, "program__is_sample"),
    (Program, "is_sample"),
    (PovertyPocket, "is_sample"),
    (ImportBatch, "uploaded_by__is_sample"),
    (ApiToken, "user__is_sample"),
    (User, "is_sample"),
)


@transaction.atomic
def clear() -> list[tuple[type[models.Model], int]]:
    """Remove every sample row; return each model with the number removed. Register numbers stay used."""
    if found := real_rows_below() + real_rows_with_sample_users():
        raise SampleError(refusal(found))
    periods = list(Period.objects.filter(fiscal_year__in=Program.objects.filter(is_sample=True).values("fiscal_year")))
    counted = [(model, model.objects.filter(**{mark: True}).count()) for model, mark in SAMPLE_ROWS]
    for model, mark in SAMPLE_ROWS:
        if model is User:
            continue
        rows = model.objects.filter(**{mark: True})
        if model is Program:
            Program.partners.through.objects.filter(program__in=rows).delete()
        # Without signals: each would write one more history row, and the history goes as well.
        rows.order_by()._raw_delete(rows.db)
    clear_history()
    User.objects.filter(is_sample=True).delete()
    User.history.filter(is_sample=True).erase()
    for period in periods:
        # The newest history row tells kept pages that the data changed, and what went took its history with it.
        period._change_reason = "Data contoh dihapus"
        period.save()
    return counted


def clear_history():
    """History of sample rows, also of those that somebody deleted before; children first, marks last."""
    programs = Program.history.filter(is_sample=True).values("id")
    activities = Activity.history.filter(program_id__in=programs).values("id")
    Report.history.filter(activity_id__in=activities).erase()
    ApiToken.history.filter(user__is_sample=True).erase()
    Location.history.filter(activity_id__in=activities).erase()
    Activity.history.filter(program_id__in=programs).erase()
    # The partners of each history entry hang on it without a cascade.
    for relation in Program.history.model._meta.related_objects:
        relation.related_model.objects.filter(history__is_sample=True).erase()
    for model in (Program, PovertyPocket):
        model.history.filter(is_sample=True).erase()


def by_real_person(history):
    """History entries written by somebody whose account is not a sample, whether or not it still exists."""
    sample_names = User.history.filter(is_sample=True).values("username")
    written = Q(history_user__is_sample=False) | (
        Q(history_user=None) & ~Q(history_user_name="") & ~Q(history_user_name__in=sample_names)
    )
    return history.filter(written)


def real_rows_below() -> list[str]:
    """Rows under sample programs that a real person entered or changed, named by register."""
    found = []
    for model, mark in SAMPLE_ROWS[:3]:
        touched = by_real_person(model.history).values("id")
        rows = model.objects.filter(**{mark: True}, pk__in=touched)
        related = {Report: ("activity", "period"), Location: ("activity", "district", "village")}.get(model, ())
        label = model._meta.verbose_name
        for row in rows.select_related(*related):
            place = f"{row.activity.ref} · " if model is Location else ""
            found.append(f"{label} {place}{row}")
    return found


def real_rows_with_sample_users() -> list[str]:
    """Rows that stay and that the database will not separate from a sample account, named with the account."""
    marks = dict(SAMPLE_ROWS)
    found = []
    for relation in User._meta.get_fields(include_hidden=True):
        if not (relation.one_to_many and relation.on_delete is models.PROTECT):
            continue
        model, field = relation.related_model, relation.field
        rows = model._default_manager.filter(**{f"{field.name}__is_sample": True})
        if model in marks:
            rows = rows.exclude(**{marks[model]: True})
        found += [
            f"{model._meta.verbose_name} {row} ({field.verbose_name} {getattr(row, field.name).username})"
            for row in rows.select_related(field.name)
        ]
    return found


def refusal(found: list[str]) -> str:
    lines = [f"  - {name}" for name in found[:MOST_NAMED]]
    if len(found) > MOST_NAMED:
        lines.append(f"  - dan {len(found) - MOST_NAMED} lainnya")
    return "\n".join(
        [
            "Data contoh tidak dihapus karena ada data sungguhan yang bergantung padanya:",
            *lines,
            "Pindahkan atau hapus baris itu lebih dahulu, lalu ulangi.",
        ]
    )
