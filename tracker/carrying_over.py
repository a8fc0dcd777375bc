"""Last year's programs as the beginning of a new year: same work, new registers, no reports."""

from dataclasses import dataclass

from django.db import transaction

from tracker.models import Activity, Location, Program, RegisterCounter
from tracker.models.history import create_many


@dataclass(frozen=True)
class CarriedOver:
    programs: int
    activities: int
    locations: int
    programs_already_there: int
    activities_stopped: int


@transaction.atomic
def carry_over(*, from_year: int, to_year: int, user=None) -> CarriedOver:
    """Copy the programs that the new year does not have yet; a program that is there is left alone whole."""
    reason = f"Disalin dari tahun anggaran {from_year}"
    old_programs = list(Program.objects.of_year(from_year).order_by("pk").prefetch_related("partners"))
    fresh = without_twins(old_programs, Program.objects.of_year(to_year))
    programs = copies(fresh, user=user, reason=reason, fiscal_year=to_year)
    for old, program in programs:
        if partners := old.partners.all():
            program._change_reason, program._history_user = reason, user
            program.partners.set(partners)

    program_of = {old.pk: program for old, program in programs}
    old_activities = list(Activity.objects.filter(program__in=program_of).order_by("ref"))
    running = [activity for activity in old_activities if activity.revised_budget != 0]
    activities = carried_activities(running, program_of, to_year, user=user, reason=reason)

    activity_of = {old.pk: activity for old, activity in activities}
    places = [
        place
        for place in Location.objects.filter(activity__program__in=program_of).order_by("pk")
        if place.activity_id in activity_of
    ]
    for place in places:
        place.activity = activity_of[place.activity_id]
    locations = copies(places, user=user, reason=reason)
    return CarriedOver(
        programs=len(programs),
        activities=len(activities),
        locations=len(locations),
        programs_already_there=len(old_programs) - len(fresh),
        activities_stopped=len(old_activities) - len(running),
    )


def without_twins(programs, others) -> list[Program]:
    """The programs that have neither code nor name in common with another of their OPD."""
    codes = {(other.opd_id, other.code) for other in others if other.code}
    names = {(other.opd_id, other.name) for other in others}
    return [
        program
        for program in programs
        if (program.opd_id, program.code) not in codes and (program.opd_id, program.name) not in names
    ]


def carried_activities(olds, program_of, year, *, user, reason) -> list[tuple[Activity, Activity]]:
    """What is in force at the end of the old year becomes the original of the new one."""
    for activity, ref in zip(olds, RegisterCounter.take(year, len(olds)), strict=True):
        activity.ref = ref
        activity.program = program_of[activity.program_id]
        activity.target, activity.budget = activity.target_in_force, activity.budget_in_force
        activity.revised_target = activity.revised_budget = None
        activity.revision_note = ""
    return copies(olds, user=user, reason=reason)


def copies(records, *, user, reason, **changes) -> list[tuple]:
    """New rows with the values of `records`; return pairs of a record with its own key and its copy."""
    news = []
    for record in records:
        values = {field.attname: getattr(record, field.attname) for field in record._meta.concrete_fields}
        del values["id"]
        news.append(type(record)(**values | changes))
    return list(zip(records, create_many(news, user=user, reason=reason), strict=True))
