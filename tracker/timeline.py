"""What happened to a record, read from its history as entries of plain data.

Reports are told as far as a person may read them. Of drafts and returned reports everybody but the own OPD,
Verifikator and Sekretariat reads nothing: differences run from one counted state to the next, and in between a report
is only said not to count any longer.
"""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.text import capfirst
from simple_history.models import HistoricalRecords

from tracker import formats, values
from tracker.models import Activity, Location, Program, Report
from tracker.models.scope import public_or_own

SYSTEM = "sistem"
GONE = "sudah dihapus"
VERBS = {"+": "dibuat", "~": "diubah", "-": "dihapus"}
OLDEST_FIRST = ("history_date", "history_id")


@dataclass(frozen=True, slots=True)
class Change:
    """A field that went from one value to another. A relation comes as its name, several as a list of names."""

    field: models.Field
    before: Any
    after: Any

    @property
    def name(self) -> str:
        return capfirst(self.field.verbose_name)

    @property
    def old(self) -> str:
        return values.shown(self.field, self.before)

    @property
    def new(self) -> str:
        return values.shown(self.field, self.after)


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that happened; `kind` is "+" with the first values, "-" with the last ones, "~" with differences.

    `who` is empty where that is not known, or not everybody's to know; `source` names the file it came with.
    """

    at: datetime.datetime
    who: str
    what: str
    changes: tuple[Change, ...] = ()
    reason: str = ""
    source: str = ""
    kind: str = ""

    @property
    def says_nothing(self) -> bool:
        """A save that changed nothing people enter."""
        return self.kind == "~" and not self.changes and not self.reason


# From one row of a history to the next


class Chosen(dict):
    """What the many-to-many fields held at some history rows of one model: names by key, per row and field."""

    def __init__(self, rows: Iterable):
        super().__init__()
        rows = list(rows)
        for field in rows[0]._history_m2m_fields if rows else ():
            links, side = HistoricalRecords.m2m_models[field], field.m2m_reverse_field_name()
            for link in links.objects.filter(history__in=[row.pk for row in rows]).select_related(side):
                held = self.setdefault((link.history_id, field.name), {})
                held[getattr(link, f"{side}_id")] = name_of_relation(link, side)

    def at(self, row, field) -> dict:
        return self.get((row.pk, field.name), {}) if row else {}


NOTHING_CHOSEN = Chosen(())


def changes(older, newer, chosen: Chosen = NOTHING_CHOSEN, *, leave_out=frozenset()) -> tuple[Change, ...]:
    """What differs between two history rows of a record; where one of them is None, all that the other one holds."""
    row = newer or older
    # What nobody can edit in a form, such as the version, says nothing to readers.
    told = [field for field in row.tracked_fields if field.editable and not field.primary_key]
    found = [
        Change(field, older and value_of(older, field), newer and value_of(newer, field))
        for field in told
        if field.name not in leave_out and _held(older, field) != _held(newer, field)
    ]
    for field in row._history_m2m_fields:
        before, after = chosen.at(older, field), chosen.at(newer, field)
        if before.keys() != after.keys():
            found.append(Change(field, sorted(before.values()), sorted(after.values())))
    return tuple(found)


def _held(row, field):
    """A stored value for comparing: "" is as empty as None, and so is a box that nobody ticked."""
    value = getattr(row, field.attname) if row else None
    return None if value == "" or value is False else value


def value_of(row, field):
    return name_of_relation(row, field.name) if field.is_relation else getattr(row, field.attname)


def name_of_relation(row, name) -> str | None:
    """What a related record is called today. It was read together with the row; None there means it was deleted."""
    if getattr(row, f"{name}_id") is None:
        return None
    related = getattr(row, name)
    return GONE if related is None else str(related)


def with_older(rows: Iterable) -> Iterator[tuple]:
    """Each of the rows, given oldest first, with the one before it of the same record."""
    last = {}
    for row in rows:
        yield row, last.get(row.id)
        last[row.id] = row


def entry_of(row, older, what: str, chosen: Chosen = NOTHING_CHOSEN, *, leave_out=frozenset()) -> Entry:
    is_gone = row.history_type == "-"
    # Partners are let go before the row itself, so that only the one before knows them.
    before, after = (older or row, None) if is_gone else (older, row)
    return Entry(
        at=row.history_date,
        who=row.history_user_name or SYSTEM,
        what=what,
        changes=changes(before, after, chosen, leave_out=leave_out),
        reason=row.history_change_reason or "",
        source=row.history_source,
        kind="-" if is_gone else "~" if older else "+",
    )


# The story of a sub kegiatan


def of_activity(activity: Activity, user) -> list[Entry]:
    """What happened to a sub kegiatan, its program, its places and its reports, newest first."""
    rows = list(
        Activity.history.filter(id=activity.pk).select_related("program", "funding_source").order_by(*OLDEST_FIRST)
    )
    entries = [
        *_of_programs(_stays(rows, activity)),
        *(entry_of(row, older, f"Sub kegiatan {VERBS[row.history_type]}") for row, older in with_older(rows)),
        *_of_places(activity),
        *_of_reports(activity, user),
    ]
    told = sorted((entry for entry in entries if not entry.says_nothing), key=lambda entry: entry.at)
    return told[::-1]


@dataclass(slots=True)
class Stay:
    """A sub kegiatan in a program; its first one is told from the beginning."""

    program: int
    since: datetime.datetime | None = None
    until: datetime.datetime | None = None

    def covers(self, row) -> bool:
        begun = self.since is None or self.since <= row.history_date
        return self.program == row.id and begun and (self.until is None or row.history_date < self.until)


def _stays(rows, activity) -> list[Stay]:
    stays = []
    for row in rows:
        if not stays:
            stays.append(Stay(row.program_id))
        elif stays[-1].program != row.program_id:
            stays[-1].until = row.history_date
            stays.append(Stay(row.program_id, since=row.history_date))
    return stays or [Stay(activity.program_id)]


def _of_programs(stays: list[Stay]) -> Iterator[Entry]:
    rows = list(
        Program.history.filter(id__in={stay.program for stay in stays})
        .select_related("opd", "strategy", "priority")
        .order_by(*OLDEST_FIRST)
    )
    chosen = Chosen(rows)
    for row, older in with_older(rows):
        if any(stay.covers(row) for stay in stays):
            yield entry_of(row, older, f"Program {VERBS[row.history_type]}", chosen)


def _of_places(activity) -> Iterator[Entry]:
    rows = Location.history.filter(activity_id=activity.pk).select_related("district", "village__district")
    verbs = {**VERBS, "+": "ditambahkan"}
    fields = {"activity", "district", "village"}
    for row, older in with_older(rows.order_by(*OLDEST_FIRST)):
        is_move = older is not None and row.history_type == "~"
        what = f"Lokasi {verbs[row.history_type]}: {_place(row)}"
        yield entry_of(row, older, what, leave_out={"activity"} if is_move else fields)


def _place(row) -> str:
    village = (row.village.kind, row.village.name) if row.village else ()
    return formats.place(row.district.name, *village) if row.district else GONE


# Reports: what did not count is the own OPD's, the Verifikator's and the Sekretariat's to read

STATUS_VERBS = {
    Report.Status.DRAFT: "disimpan sebagai draf",
    Report.Status.SUBMITTED: "diajukan",
    Report.Status.VERIFIED: "diverifikasi",
    Report.Status.RETURNED: "dikembalikan",
}
# Where a report itself says when it took a step, and by whom.
MOMENTS = {
    Report.Status.SUBMITTED: ("submitted_at", "submitted_by"),
    Report.Status.VERIFIED: ("verified_at", "verified_by"),
}
SAME_MOMENT = datetime.timedelta(minutes=1)


def _of_reports(activity, user) -> Iterator[Entry]:
    rows = Report.history.filter(activity_id=activity.pk).order_by(*OLDEST_FIRST)
    everybodys = Q(status__in=Report.COUNTED)
    readable = (
        rows.filter(public_or_own(user, public=everybodys, opd_path=Report.opd_path))
        .select_related("period", "obstacle_category", "submitted_by", "verified_by")
        .in_bulk()
    )
    last, hidden = {}, set()
    # Of the other rows nothing but the moment is read.
    for at, key, report in rows.values_list("history_date", "history_id", "id"):
        row, older = readable.get(key), last.get(report)
        if row:
            yield from _of_report(row, older, is_back=report in hidden)
            last[report] = row
            hidden.discard(report)
        elif older and report not in hidden:
            yield Entry(at=at, who="", what=f"{_name(older)} tidak lagi dihitung")
            hidden.add(report)


def _of_report(row, older, *, is_back) -> Iterator[Entry]:
    """The entry of a history row, and the steps that the row dates otherwise: it was loaded after the fact."""
    dated = {}
    for status, (at, by) in MOMENTS.items():
        if _is_new(row, older, at) and abs(getattr(row, at) - row.history_date) > SAME_MOMENT:
            person = getattr(row, by)
            who = person.get_username() if person else ""
            dated[status] = Entry(getattr(row, at), who, f"{_name(row)} {_step(row, older, status)}")
    if row.history_type == "-":
        what = VERBS["-"]
    elif older and older.status == row.status and not is_back:
        what = VERBS["~"]
    else:
        what = VERBS[row.history_type] if row.status in dated else _step(row, older, row.status)
    yield from dated.values()
    # The note tells why a report came back; as a rule it is the reason of that entry as well.
    tells_note = row.status == Report.Status.RETURNED and row.return_note != row.history_change_reason
    leave_out = {"activity", "period"} | (set() if tells_note else {"return_note"})
    yield entry_of(row, older, f"{_name(row)} {what}", leave_out=leave_out)


def _is_new(row, older, moment) -> bool:
    return getattr(row, moment) not in (None, older and getattr(older, moment))


def _step(row, older, status) -> str:
    if status == Report.Status.DRAFT and older and older.status in Report.COUNTED:
        return "ditarik menjadi draf"
    is_late = (
        status == Report.Status.SUBMITTED
        and _is_new(row, older, "submitted_at")
        and row.period
        and timezone.localdate(row.submitted_at) > row.period.due_on
    )
    return f"{STATUS_VERBS[status]}{', sesudah tenggat' if is_late else ''}"


def _name(row) -> str:
    return f"Laporan {row.period or 'triwulan yang sudah dihapus'}"
