"""Who entered, changed or deleted what last."""

import datetime
import itertools
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse

from tracker.models import Activity, Program, Report
from tracker.models.scope import workable
from tracker.timeline import VERBS

MOST_CHANGES = 8


@dataclass(frozen=True)
class Change:
    what: str
    kind: str
    who: str
    at: datetime.datetime
    url: str  # of its history, which outlives the record


def newest_changes(user, *, most: int = MOST_CHANGES) -> list[Change]:
    """Of the programs, sub kegiatan and reports that this person works with."""
    # A program that was handed on to another OPD is now that one's to read about.
    handed_on = Q(id__in=Program.objects.values("pk")) & ~Q(id__in=Program.objects.workable_by(user).values("pk"))
    named = (
        (_worked_with(Program, user).exclude(handed_on), lambda entry: f"{entry.name} ({entry.fiscal_year})"),
        (_worked_with(Activity, user), lambda entry: f"{entry.ref} {entry.name}"),
        (_worked_with(Report, user).select_related("activity", "period"), _name_of_report),
    )
    entries = itertools.chain.from_iterable(
        ((entry, name(entry)) for entry in history[:most]) for history, name in named
    )
    newest = sorted(entries, key=lambda pair: pair[0].history_date, reverse=True)[:most]
    return [
        Change(
            what=what,
            kind=VERBS[entry.history_type],
            who=entry.history_user_name or "sistem",
            at=entry.history_date,
            url=reverse(f"admin:tracker_{entry.instance_type._meta.model_name}_history", args=[entry.id]),
        )
        for entry, what in newest
    ]


def _worked_with(model, user):
    return model.history.filter(workable(user, opd_path=model.opd_path))


def _name_of_report(entry):
    return f"Laporan {entry.period or ''}: {entry.activity or 'sub kegiatan yang sudah dihapus'}"
