"""Builds the sample year in the database: programs, sub kegiatan, places and reports, in a handful of statements."""

import random
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from tracker import formats
from tracker.models import Activity, Location, Period, Program, RegisterCounter
from tracker.models.history import create_many
from tracker.sample import SampleError
from tracker.sample.accounts import OPERATORS, SECRETARIAT, VERIFIER
from tracker.sample.facts import Fact, References, read_facts, read_programs, rounded_money, stretched
from tracker.sample.reports import Course, Office, paces_of_programs, reports_of

REASON = "Data contoh dimuat"

REVISION_NOTES = (
    "Penyesuaian APBD Perubahan sesuai kebutuhan sampai akhir tahun.",
    "Efisiensi belanja pada APBD Perubahan.",
    "Tambahan pagu dari pergeseran anggaran pada APBD Perubahan.",
)
STOPPED_NOTE = "Dihentikan pada APBD Perubahan; pagunya dialihkan ke bantuan yang lebih mendesak."


@dataclass(frozen=True)
class Loaded:
    programs: int
    activities: int
    locations: int
    reports: int


def last_ended_year(today) -> int:
    """The year of the last ended quarter."""
    return today.year if formats.quarter_end(today.year, 1) < today else today.year - 1


def quarters_ended(year: int, today) -> int:
    return sum(formats.quarter_end(year, quarter) < today for quarter in (1, 2, 3, 4))


@transaction.atomic
def load(year: int, *, users: dict, how_many: int | None = None, seed: int = 1, now=None) -> Loaded:
    """Add the sample year. The same year and seed give the same figures on the same day."""
    now = now or timezone.now()
    ended = quarters_ended(year, timezone.localdate(now))
    rng = random.Random(f"{seed}/{year}")
    references = References()
    program_values = read_programs(references)
    known = [fact for fact in read_facts(references) if (fact.opd, fact.program) in program_values]
    facts = stretched(known, how_many, references, rng)

    Period.objects.open_year(year)
    periods = list(Period.objects.of_year(year).order_by("quarter"))
    if locked := [str(period) for period in periods if period.locked_at]:
        raise SampleError(f"{formats.listed(locked, most=4)} dikunci, jadi data contoh tahun {year} tidak dimuat.")
    secretariat = users[SECRETARIAT.username]
    programs = add_programs(year, facts, program_values, user=secretariat)
    pace_of = paces_of_programs(facts, rng)
    revisions = revisions_of(facts, pace_of, rng) if ended >= 3 else {}
    activities = add_activities(year, facts, programs, revisions, user=secretariat)
    locations = add_locations(facts, activities, references, rng, user=secretariat)

    office = Office(
        periods=periods[:ended],
        now=now,
        submitter_of={account.opd: users[account.username] for account in OPERATORS},
        secretariat=secretariat,
        verifier=users[VERIFIER.username],
        silent_opds=silent_opds(facts, rng),
    )
    reports = [
        report
        for number, (fact, activity) in enumerate(zip(facts, activities, strict=True))
        for report in reports_of(
            Course(fact, activity, pace_of[fact.opd, fact.program], random.Random(f"{seed}/{year}/{number}")), office
        )
    ]
    for person in (secretariat, *office.submitter_of.values()):
        create_many(
            [report for report in reports if (report.submitted_by or secretariat) == person],
            user=person,
            reason=REASON,
        )
    return Loaded(len(programs), len(activities), len(locations), len(reports))


def add_programs(year, facts: list[Fact], program_values, *, user) -> dict[tuple[str, str], Program]:
    wanted = {(fact.opd, fact.program) for fact in facts}
    keys = [key for key in program_values if key in wanted]
    rows = create_many(
        [Program(fiscal_year=year, is_sample=True, **program_values[key]) for key in keys], user=user, reason=REASON
    )
    return dict(zip(keys, rows, strict=True))


def add_activities(year, facts: list[Fact], programs, revisions, *, user) -> list[Activity]:
    refs = RegisterCounter.take(year, len(facts))
    return create_many(
        [
            Activity(ref=ref, program=programs[fact.opd, fact.program], **fact.values, **revisions.get(number, {}))
            for number, (fact, ref) in enumerate(zip(facts, refs, strict=True))
        ],
        user=user,
        reason=REASON,
    )


def add_locations(facts, activities, references: References, rng, *, user) -> list[Location]:
    """The places of each fact; works that lie in few kecamatan name the village."""
    villages_in = {}
    for village in references.villages:
        villages_in.setdefault(village.district_id, []).append(village)
    locations = []
    for fact, activity in zip(facts, activities, strict=True):
        for place in fact.places:
            villages = villages_in.get(place.district_id)
            if fact.is_works and not place.village_id and len(fact.places) <= 4 and villages:
                place = rng.choice(villages)
            locations.append(Location(activity=activity, district_id=place.district_id, village_id=place.village_id))
    return create_many(locations, user=user, reason=REASON)


def silent_opds(facts: list[Fact], rng) -> set[str]:
    """The OPDs that sent nothing in the last quarter: two small ones, none where there are few OPDs."""
    count = {}
    for fact in facts:
        count[fact.opd] = count.get(fact.opd, 0) + 1
    usual = sum(count.values()) / len(count)
    operated = {account.opd for account in OPERATORS}
    small = sorted(opd for opd in count if count[opd] < usual * 0.6 and opd not in operated)
    return set(rng.sample(small, min(2, len(small), len(count) // 12)))


def revisions_of(facts: list[Fact], pace_of, rng) -> dict[int, dict]:
    """What APBD Perubahan changed, by position: about one in eight, and one or two sub kegiatan stopped."""
    in_apbd = {number: fact for number, fact in enumerate(facts) if fact.in_apbd}
    revisions = {number: revision(fact, rng) for number, fact in in_apbd.items() if rng.random() < 0.13}
    behind = [
        number
        for number, fact in in_apbd.items()
        if fact.values["budget"] < 500_000_000 and pace_of[fact.opd, fact.program] < 0.9
    ]
    for number in rng.sample(behind, min(2, len(behind), len(facts) // 60)):
        revisions[number] = {"revised_budget": 0, "revision_note": STOPPED_NOTE}
    return revisions


def revision(fact: Fact, rng) -> dict:
    change = Decimal(rng.choice((-20, -15, -10, -8, 5, 8, 10, 15)))
    changed = {
        "revised_budget": rounded_money(fact.values["budget"] * (100 + change) / 100),
        "revision_note": REVISION_NOTES[0 if rng.random() < 0.4 else 1 if change < 0 else 2],
    }
    target = fact.values["target"]
    # Less money usually buys less; a target that falls may not rise instead, so only counts that go up change.
    if change < 0 and fact.values["direction"] == Activity.Direction.UP and target >= 20:
        changed["revised_target"] = Decimal(round(target * (100 + change) / 100))
    return changed
