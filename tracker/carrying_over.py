"""Last year's programs as the beginning of a new year: same work, new registers, no reports.

A plan says what would be copied and what would not; the preview shows it and the copying does it, so that both agree.
"""

import hashlib
import json
from dataclasses import dataclass

from django.db import transaction

from tracker.models import Activity, Location, Opd, Period, Program, RegisterCounter
from tracker.models.history import create_many


@dataclass(frozen=True)
class CarriedOver:
    programs: int
    activities: int
    locations: int
    programs_already_there: int
    activities_stopped: int


@dataclass(frozen=True)
class LeftAlone:
    """A program of the old year that the new one has already, and what gave it away."""

    program: Program
    reason: str


@dataclass(frozen=True)
class CarriedProgram:
    program: Program
    activities: list[Activity]

    @property
    def budget(self) -> int:
        return sum(activity.budget_in_force for activity in self.activities)


@dataclass(frozen=True)
class OpdShare:
    """What one OPD brings along."""

    opd: Opd
    programs: list[CarriedProgram]
    locations: int

    @property
    def activities(self) -> int:
        return sum(len(program.activities) for program in self.programs)

    @property
    def budget(self) -> int:
        return sum(program.budget for program in self.programs)


@dataclass(frozen=True)
class Plan:
    """What carrying `from_year` over to `to_year` would do now."""

    from_year: int
    to_year: int
    missing_quarters: list[int]  # of the new year
    programs: list[Program]
    left_alone: list[LeftAlone]
    activities: list[Activity]
    stopped: list[Activity]
    locations: list[Location]

    @property
    def counts(self) -> CarriedOver:
        return CarriedOver(
            programs=len(self.programs),
            activities=len(self.activities),
            locations=len(self.locations),
            programs_already_there=len(self.left_alone),
            activities_stopped=len(self.stopped),
        )

    @property
    def budget(self) -> int:
        return sum(activity.budget_in_force for activity in self.activities)

    @property
    def by_opd(self) -> list[OpdShare]:
        activities = {program.pk: [] for program in self.programs}
        opd_of = {}
        for activity in self.activities:
            activities[activity.program_id].append(activity)
            opd_of[activity.pk] = activity.program.opd_id
        carried, locations = {}, {}
        for program in self.programs:
            carried.setdefault(program.opd, []).append(CarriedProgram(program, activities[program.pk]))
        for location in self.locations:
            opd = opd_of[location.activity_id]
            locations[opd] = locations.get(opd, 0) + 1
        shares = [OpdShare(opd, programs, locations.get(opd.pk, 0)) for opd, programs in carried.items()]
        return sorted(shares, key=lambda share: share.opd.short_name.lower())

    @property
    def fingerprint(self) -> str:
        """The same for as long as every row of the plan is as it was: each save of a row raises its version."""
        rows = (
            self.programs,
            [each.program for each in self.left_alone],
            self.activities,
            self.stopped,
            self.locations,
        )
        seen = [
            self.from_year,
            self.to_year,
            self.missing_quarters,
            *([(row.pk, row.version) for row in part] for part in rows),
        ]
        return hashlib.sha256(json.dumps(seen).encode()).hexdigest()


def plan_for(*, from_year: int, to_year: int, for_writing=False) -> Plan:
    """The programs that the new year does not have yet, with their running sub kegiatan and places.

    `for_writing` keeps the old programs from others until the transaction ends: whoever copies the same year at the
    same moment waits, and then finds everything copied.
    """
    old_programs = Program.objects.of_year(from_year).order_by("pk").select_related("opd")
    if for_writing:
        old_programs = old_programs.select_for_update(of=("self",), no_key=True)
    old_programs = list(old_programs.prefetch_related("partners"))
    opened = set(Period.objects.of_year(to_year).values_list("quarter", flat=True))
    reasons = reasons_to_leave_alone(old_programs, Program.objects.of_year(to_year))
    programs = [program for program in old_programs if program.pk not in reasons]
    carried = {program.pk for program in programs}
    activities = [
        activity
        for activity in Activity.objects.of_year(from_year).select_related("program__opd").order_by("ref")
        if activity.program_id in carried
    ]
    running = {activity.pk for activity in activities if activity.revised_budget != 0}
    places = Location.objects.filter(activity__program__fiscal_year=from_year).order_by("pk")
    return Plan(
        from_year=from_year,
        to_year=to_year,
        missing_quarters=[quarter for quarter in (1, 2, 3, 4) if quarter not in opened],
        programs=programs,
        left_alone=[LeftAlone(program, reasons[program.pk]) for program in old_programs if program.pk in reasons],
        activities=[activity for activity in activities if activity.pk in running],
        stopped=[activity for activity in activities if activity.pk not in running],
        locations=[place for place in places if place.activity_id in running],
    )


def reasons_to_leave_alone(programs, others) -> dict[int, str]:
    """Why some programs are not copied: another of their OPD has the same code or the same name."""
    others = list(others)
    codes = {(other.opd_id, other.code) for other in others if other.code}
    names = {(other.opd_id, other.name) for other in others}
    reasons = {}
    for program in programs:
        if (program.opd_id, program.code) in codes:
            reasons[program.pk] = f"kode {program.code} sudah ada"
        elif (program.opd_id, program.name) in names:
            reasons[program.pk] = "nama yang sama sudah ada"
    return reasons


@transaction.atomic
def carry_over(*, from_year: int, to_year: int, user=None) -> CarriedOver:
    """Copy what a plan made now says, whatever it says."""
    return carry_out(plan_for(from_year=from_year, to_year=to_year, for_writing=True), user=user)


@transaction.atomic
def carry_out(plan: Plan, *, user=None) -> CarriedOver:
    """Do what the plan says. It has to be made for writing in the same transaction."""
    reason = f"Disalin dari tahun anggaran {plan.from_year}"
    Period.objects.open_year(plan.to_year, user=user)

    program_of = copies(plan.programs, lambda program: {"fiscal_year": plan.to_year}, user=user, reason=reason)
    for old in plan.programs:
        if partners := old.partners.all():
            program = program_of[old.pk]
            program._change_reason, program._history_user = reason, user
            program.partners.set(partners)

    refs = dict(zip(plan.activities, RegisterCounter.take(plan.to_year, len(plan.activities)), strict=True))

    def of_new_year(activity):
        """What is in force at the end of the old year becomes the original of the new one."""
        return {
            "ref": refs[activity],
            "program_id": program_of[activity.program_id].pk,
            "target": activity.target_in_force,
            "budget": activity.budget_in_force,
            "revised_target": None,
            "revised_budget": None,
            "revision_note": "",
        }

    activity_of = copies(plan.activities, of_new_year, user=user, reason=reason)
    copies(
        plan.locations,
        lambda location: {"activity_id": activity_of[location.activity_id].pk},
        user=user,
        reason=reason,
    )
    return plan.counts


def copies(records, changes, *, user, reason) -> dict:
    """New rows with the values of `records` and the `changes` of each; return them by the key of the old row."""
    news = []
    for record in records:
        values = {field.attname: getattr(record, field.attname) for field in record._meta.concrete_fields}
        del values["id"]
        news.append(type(record)(**values | changes(record)))
    created = create_many(news, user=user, reason=reason)
    return {record.pk: new for record, new in zip(records, created, strict=True)}
