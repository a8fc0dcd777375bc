"""A plan made anew and written: wholly, in one short transaction, or not at all."""

from collections import defaultdict
from contextlib import suppress

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from tracker.imports.outcomes import Plan
from tracker.imports.plan import plan_of
from tracker.imports.program_rows import ProgramWrites
from tracker.imports.report_rows import ReportWrites
from tracker.models import Activity, ImportBatch, Location, Period, Program, RegisterCounter, Report, User
from tracker.models.bulk import Deletions, Inserts, Outdated, Updates
from tracker.models.history import create_many, newest_entries, written_from
from tracker.models.scope import rights_of

ATTEMPTS = 5
NOTED = ["state", "applied_by", "applied_at", "counts", "outcomes"]


class Busy(Exception):
    """Others kept changing the same rows; nothing was written."""


class NotOpen(Exception):
    """The batch was applied or cancelled meanwhile."""


def apply(batch, user, *, on_line=None) -> Plan:
    """Carry out the plan, as it is now; a plan that is not applicable is returned and nothing is written.

    The plan is made outside the transaction, so that nobody waits for it, and holds only while nothing that it rests
    on has changed; else it is made again. Raises Busy and NotOpen.
    """
    for _ in range(ATTEMPTS):
        seen = newest_entries()
        user = User.objects.get(pk=user.pk)
        plan = plan_of(batch, user, on_line=on_line)
        if not plan.is_applicable:
            return plan
        with suppress(Outdated):
            write(batch, plan, user, seen)
            batch.refresh_from_db(fields=NOTED)
            return plan
    raise Busy


def write(batch, plan, user, seen):
    """Raises Outdated where the plan no longer holds."""
    writer = WRITERS[type(plan.writes)](plan.writes)
    with transaction.atomic(), written_from(batch.file_name):
        hold(writer)
        held = ImportBatch.objects.select_for_update(no_key=True).defer("rows").get(pk=batch.pk)
        if not held.is_open:
            raise NotOpen
        refuse_outdated(writer.rests_on, user, seen)
        writer.write(user=user, source=batch.file_name)
        note(held, plan, user)


def hold(writer):
    """Keep others from the rows, then from the quarters: in the order of the forms, or each could wait for the other.

    Whoever writes a report holds its quarter: with all quarters of the year in hand, no report changes any more.
    """
    if connection.features.has_select_for_update:
        for rows in (*writer.rows, Period.objects.filter(fiscal_year__in=writer.years)):
            list(rows.order_by("pk").select_for_update(no_key=True).values_list("pk"))


def refuse_outdated(rests_on, user, seen):
    """Raise Outdated where somebody changed since `seen` what the plan rests on.

    `rests_on` narrows that to certain rows of a model; of the others any change counts, of accounts only the own one.
    """
    now = newest_entries()
    for entry, since in seen.items():
        model = entry.instance_type
        touched = rests_on.get(model, Q(id=user.pk) if model is User else Q())
        if now[entry] != since and entry.objects.filter(touched, history_id__gt=since).exists():
            raise Outdated
    # Roles are not in the history of an account as fields.
    account = User.objects.filter(pk=user.pk, is_active=True).first()
    if account is None or rights_of(account) != rights_of(user):
        raise Outdated


def note(batch, plan, user):
    """What became of each line, kept with the file."""
    refs = {judged.number: judged.ref for judged in plan.told}
    batch.state, batch.applied_by, batch.applied_at = ImportBatch.State.APPLIED, user, timezone.now()
    batch.counts = {outcome.value: number for outcome, number in plan.counts.items()}
    batch.outcomes = [[number, outcome, refs.get(number, "")] for number, outcome in plan.outcomes]
    batch.save(update_fields=NOTED)


class ReportWriter:
    def __init__(self, writes: ReportWrites):
        reports = [*writes.changed, *writes.new]
        activities = {report.activity_id for report in reports}
        self.rows = [Report.objects.filter(pk__in=[report.pk for report in writes.changed])]
        self.years = {report.period.fiscal_year for report in reports}
        self.rests_on = {
            Report: Q(activity_id__in=activities),
            Activity: Q(id__in=activities),
            Location: Q(id=None),
            Period: Q(fiscal_year__in=self.years),
            Program: Q(id__in={report.activity.program_id for report in reports}),
        }
        self.parts = [
            Updates(Report, writes.changed, writes.names),
            Inserts(Report, writes.new, key=("activity", "period")),
        ]

    def write(self, *, user, source):
        for part in self.parts:
            part.write(user=user, source=source)


class ProgramWriter:
    def __init__(self, writes: ProgramWrites):
        self.writes = writes
        programs = [activity.program for activity in (*writes.changed, *writes.new)]
        programs += [entry.program for entry in writes.programs]
        programs += [activity.program for activity in writes.moved]
        activities = {activity.pk for activity in (*writes.changed, *writes.moved)} - {None}
        self.rows = [
            Program.objects.filter(pk__in={entry.program.pk for entry in writes.programs} - {None}),
            Activity.objects.filter(pk__in=activities),
        ]
        self.years = {program.fiscal_year for program in programs}
        self.rests_on = {
            Report: Q(activity_id__in=activities) | Q(activity__program__in={program.pk for program in programs}),
            Activity: Q(id__in=activities),
            Location: Q(activity_id__in=activities),
            Period: Q(fiscal_year__in=self.years),
            # A new one may have the name or the code of one that is about to be made.
            Program: Q(opd_id__in={program.opd_id for program in programs}),
        }
        # Those that move to a program without a key wait for it.
        self.moving = [activity for activity in writes.changed if activity.program.pk is None]
        staying = [activity for activity in writes.changed if activity.program.pk is not None]
        self.parts = [
            Updates(Activity, staying, writes.names),
            Inserts(Activity, writes.new, key=("ref",), late=("ref", "program")),
            Deletions(Location, writes.places_left),
            Inserts(Location, writes.places, key=("activity", "district", "village"), late=("activity",)),
        ]

    def write(self, *, user, source):
        self.save_programs(user)
        self.give_registers()
        for activity in self.moving:
            activity.program_id = activity.program.pk
        for part in (Updates(Activity, self.moving, self.writes.names), *self.parts):
            part.write(user=user, source=source)

    def give_registers(self):
        by_year = defaultdict(list)
        for activity, judged in zip(self.writes.new, self.writes.new_lines, strict=True):
            by_year[activity.program.fiscal_year].append((activity, judged))
        for year, waiting in by_year.items():
            for (activity, judged), ref in zip(waiting, RegisterCounter.take(year, len(waiting)), strict=True):
                activity.ref = judged.ref = ref

    def save_programs(self, user):
        """Those that change are few, and saved as a form would."""
        create_many([entry.program for entry in self.writes.programs if entry.is_new], user=user)
        for entry in self.writes.programs:
            program = entry.program
            program._history_user = user
            if not entry.is_new and entry.changes.keys() - {"partners"}:
                program.save()
            if entry.partners is not None:
                program.partners.set(entry.partners)


WRITERS = {ReportWrites: ReportWriter, ProgramWrites: ProgramWriter}
