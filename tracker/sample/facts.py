"""The facts behind the sample: programs and sub kegiatan as a kabupaten could have them, stretched to any number."""

import itertools
from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal

from tracker.data_files import DATA_DIR, Row, read_rows
from tracker.models import (
    Activity,
    District,
    FundingSource,
    ObstacleCategory,
    Opd,
    Priority,
    Program,
    Strategy,
    Village,
)
from tracker.models.programs import PLAN_FIELDS
from tracker.reference_data import ids_by_key
from tracker.sample import SampleError

# Units whose targets are shares or durations: a smaller place has the same, not less of it.
RATES = {"persen", "hari"}
# Work whose progress is seen on site long before a finished unit can be counted.
WORKS = {"km", "m", "ruang", "SR", "titik", "lokasi"}
STEADY_PLAN = tuple(map(Decimal, (25, 50, 75, 100)))


@dataclass(frozen=True)
class Obstacle:
    category_id: int
    text: str
    follow_up: str
    owner: str


@dataclass(frozen=True)
class Place:
    title: str
    district_id: int
    village_id: int | None = None


@dataclass(frozen=True)
class Fact:
    """One sub kegiatan: field values as `Activity` takes them, and what its reports can be made from."""

    opd: str
    program: str
    values: dict
    places: tuple["Place", ...]
    obstacle: Obstacle | None
    is_works: bool
    in_apbd: bool

    @property
    def plan(self) -> tuple[Decimal, ...]:
        return tuple(self.values[name] for name in PLAN_FIELDS) if self.values["plan_q1"] is not None else STEADY_PLAN


class References:
    """Ids of reference rows by the words the facts use, also where a row was renamed since."""

    def __init__(self):
        self.opds = ids_by_key(Opd, "short_name")
        self.sources = ids_by_key(FundingSource, "code")
        self.sources_in_apbd = set(FundingSource.objects.filter(in_apbd=True).values_list("pk", flat=True))
        self.obstacles = ids_by_key(ObstacleCategory, "name")
        self.kecamatan = {
            district.code: Place(f"Kecamatan {district.name}", district.pk)
            for district in District.objects.order_by("code")
        }
        self.villages = [
            Place(
                f"{village.get_kind_display()} {village.name}, Kecamatan {village.district.name}",
                village.district_id,
                village.pk,
            )
            for village in Village.objects.order_by("code").select_related("district")
        ]
        self.strategies = ids_by_key(Strategy, "number")
        self.priorities = dict(Priority.objects.filter(rkpd_year=2021).values_list("number", "pk"))
        if not (self.opds and self.sources and self.kecamatan and self.strategies):
            raise SampleError("Data acuan belum ada. Jalankan dahulu: manage.py load_reference")


def read_programs(references: References) -> dict[tuple[str, str], dict]:
    """Field values of each program by (OPD, name). What staff deleted from the reference data is left out."""
    programs = {}
    for row in read_rows(DATA_DIR / "sample" / "programs.csv"):
        opd_id = references.opds.get(row["opd"])
        if opd_id is None:
            continue
        programs[row["opd"], row["name"]] = {
            "opd_id": opd_id,
            **values(row, Program, "code", "name", "is_extreme_poverty", "objective"),
            "strategy_id": references.strategies.get(int(row["strategy"] or 0)),
            "priority_id": references.priorities.get(int(row["priority"] or 0)),
        }
    return programs


def read_facts(references: References) -> list[Fact]:
    facts = []
    for row in read_rows(DATA_DIR / "sample" / "activities.csv"):
        source_id = references.sources.get(row["funding_source"])
        if source_id is not None:
            facts.append(fact_from(row, references, source_id))
    return facts


def fact_from(row: Row, references: References, source_id: int) -> Fact:
    own = ("code", "name", "indicator", "unit", "direction", "baseline", "target", "budget", "starts_quarter")
    reached = ("target_group", "target_beneficiaries", "beneficiary_unit", "beneficiary_source")
    doers = ("implementing_unit_kind", "implementing_unit", "is_cash_for_work")
    plan = [Decimal(part) for part in row["plan"].split("/")] if row["plan"] else [None] * 4
    codes = [code.strip() for code in row["districts"].split("|") if code.strip()]
    category_id = references.obstacles.get(row["obstacle_category"])
    return Fact(
        opd=row["opd"],
        program=row["program"],
        values={
            **values(row, Activity, *own, *reached, *doers),
            **dict(zip(PLAN_FIELDS, plan, strict=True)),
            "funding_source_id": source_id,
        },
        places=tuple(references.kecamatan[code] for code in codes if code in references.kecamatan),
        obstacle=Obstacle(category_id, row["obstacle"], row["follow_up"], row["follow_up_owner"])
        if row["obstacle"]
        else None,
        is_works=row["unit"] in WORKS or row["funding_source"] == "DAK_FISIK",
        in_apbd=source_id in references.sources_in_apbd,
    )


def values(row: Row, model, *names) -> dict:
    return {name: row.value(model._meta.get_field(name)) for name in names}


def spread(facts: list[Fact]) -> list[Fact]:
    """The facts in an order in which any first few come from many OPDs and programs."""
    by_opd = defaultdict(lambda: defaultdict(list))
    for fact in facts:
        by_opd[fact.opd][fact.program].append(fact)
    turns = [taking_turns(list(programs.values())) for programs in by_opd.values()]
    return taking_turns(turns)


def taking_turns(lists: list[list]) -> list:
    nothing = object()
    rounds = itertools.zip_longest(*lists, fillvalue=nothing)
    return [item for one_round in rounds for item in one_round if item is not nothing]


def stretched(facts: list[Fact], how_many: int | None, references: References, rng) -> list[Fact]:
    """Exactly `how_many` facts: the first of them, or all and then smaller ones, each in one place more."""
    facts = spread(facts)
    if how_many is None or not facts:
        return facts
    found = facts[:how_many]
    shift_of = [rng.randrange(1000) for _ in facts]
    for number in range(len(facts), how_many):
        copy, position = divmod(number, len(facts))
        place, stage = place_of_copy(copy - 1, shift_of[position], references)
        found.append(in_one_place(facts[position], place, stage, rng))
    return found


def place_of_copy(copy: int, shift: int, references: References) -> tuple[Place, int]:
    """Every kecamatan once, then every village once, then all of them again as the next stage."""
    kecamatan, villages = list(references.kecamatan.values()), references.villages
    stage, copy = divmod(copy, len(kecamatan) + len(villages))
    if copy < len(kecamatan):
        return kecamatan[(copy + shift) % len(kecamatan)], stage
    return villages[(copy + shift) % len(villages)], stage


def in_one_place(fact: Fact, place: Place, stage: int, rng) -> Fact:
    """The same work in one kecamatan or village, with a part of the target and of the money."""
    share = Decimal(rng.randint(20, 120)) / 1000
    own = dict(fact.values)
    own["name"] = f"{own['name']} di {place.title}{f' tahap {stage + 1}' if stage else ''}"
    own["budget"] = rounded_money(own["budget"] * share)
    if own["unit"] not in RATES:
        own["target"] = scaled(own["target"], share)
        own["baseline"] = own["baseline"] and max(scaled(own["baseline"], share), own["target"])
    if own["target_beneficiaries"]:
        own["target_beneficiaries"] = max(1, round(own["target_beneficiaries"] * share))
    return replace(fact, values=own, places=(place,))


def scaled(quantity: Decimal, share: Decimal) -> Decimal:
    """A part of a target, still countable: whole, and not nothing unless it was nothing before."""
    return max(Decimal(1), Decimal(round(quantity * share))) if quantity else quantity


def rounded_money(amount) -> int:
    return max(500, round(amount / 500) * 500)
