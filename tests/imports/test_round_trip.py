"""What leaves as a sheet comes back as the same: nothing changes, whatever the texts and numbers are."""

import datetime
import itertools
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests import make
from tests.imports.sending import (
    PROGRAM,
    REPORTS,
    as_csv,
    as_xlsx,
    changes,
    outcomes,
    planned,
    problems,
    table_of,
)
from tracker.exports import LONGEST_CELL, as_typed, human_cell
from tracker.imports.columns import SHEETS as COLUMNS
from tracker.imports.columns import Kind
from tracker.imports.rows import KEPT_WHEN_EMPTY
from tracker.models import Activity, Location, Partner, Program, Report, Village
from tracker.models.fields import MOST_RUPIAH
from tracker.models.history import IDENTITY_NUMBER, INVISIBLE
from tracker.numbers import parse_number
from tracker.tables import Table

SHEETS = (PROGRAM, REPORTS)
FORMATS = {"csv": as_csv, "xlsx": as_xlsx}
FILE = {"csv": "kiriman.csv", "xlsx": "kiriman.xlsx"}

# Texts that files, spreadsheets or readers are known to change.
TRICKY = (
    *("=1+1", "+62 811", "-", "--", "-5", "@nama", "\tmasuk", "\rbalik", "'=", "''=1", "'", "'12", "'-"),
    *('"', '""', 'Beras "premium", 5 kg; tunai', ";", ",", "a\nb", "a\r\nb", "a\rb", "\n", " a ", "\ta\t", " "),
    *("🍚", "👩‍👩‍👧", "é\u0301", "ﷺ", "\u200b", "\u2028", "\u00a0x\u00a0", "_x0041_", "_x000D_", "_x005F_x0041_"),
    *("<r>b</r>", "<r><t>b</t></r>", "&amp;", "]]>", "<!--", "{=1}", "[]", "%s", "\\n", "\\", "sep=;", "NULL"),
    *("1.000", "1,5", "1e5", "1E+05", "007", "12%", "Rp 5", "12-10-2026", "2026-1", "1/2", "0", "TRUE", "ya"),
    *("tidak", "TW I", "#REF!", "#N/A", "Jumlah", "Total", "Sub total", "Register", "1", "(2)", "nan", "Infinity"),
    *("Jumlah Desa Mandiri", "Keterangan", "Kabupaten Lahat", "Jarai | Lahat", "Lahat/Desa X", "1.06.05", "01.02"),
)
LONG = (
    *("x" * length for length in (LONGEST_CELL - 1, LONGEST_CELL, LONGEST_CELL + 1, 39_000)),
    "=" + "x" * LONGEST_CELL,
    "🍚" * 20_000,
    "x" + "🍚" * 20_000,
    "\n" * 100 + "a" * LONGEST_CELL + "\n" * 100,
)


def may_stand(text) -> bool:
    """What the models refuse cannot leave in a file."""
    return not (INVISIBLE.search(text) or IDENTITY_NUMBER.search(text))


any_letters = st.text(st.characters(exclude_categories=["Cs"]), max_size=12).filter(may_stand)
texts = st.one_of(
    st.sampled_from(TRICKY),
    any_letters,
    st.tuples(st.sampled_from("=+-@\t'\" "), any_letters).map("".join),
)
named = texts.filter(str.strip)
long_texts = st.one_of(st.just(""), texts, st.sampled_from(LONG))
or_empty = st.just("") | texts


def decimals(most, places=3):
    return st.decimals(0, most, places=places)


quantities = st.sampled_from([Decimal(0), Decimal("0.001"), Decimal("999999999999.999")]) | decimals(10**12 - 1)
money = st.sampled_from([0, 1, MOST_RUPIAH - 1]) | st.integers(0, MOST_RUPIAH - 1)
percents = st.sampled_from([Decimal(0), Decimal(100), Decimal("33.333")]) | decimals(100)
counts = st.none() | st.integers(0, 2**31 - 1)
codes = st.sampled_from(["", "1.06.05", "01.02", "2021-1", "X.XX.01", "1.06.05.2.01.0001", "007", "1E5"]) | texts
plans = st.none() | st.lists(percents, min_size=4, max_size=4).map(sorted)

programs = st.fixed_dictionaries(
    {
        "code": codes,
        "name": named,
        "strategy": st.sampled_from([None, 1, 2, 3]),
        "priority": st.booleans(),
        "is_extreme_poverty": st.booleans(),
        "partners": st.sets(st.integers(0, 2)),
    }
)
places = st.sets(st.sampled_from(["Jarai", "Lahat", "Desa", "Kelurahan"]))
reports = st.fixed_dictionaries(
    {
        "quarter": st.sampled_from([1, 2]),
        "realised_budget": money,
        "realised_output": quantities,
        "physical_percent": st.none() | percents,
        "beneficiaries": counts,
        "local_workers": counts,
        "has_category": st.booleans(),
        "obstacle": long_texts,
        "follow_up": long_texts,
        "follow_up_owner": or_empty,
        "follow_up_due": st.none() | st.dates(datetime.date(2000, 1, 1), datetime.date(2100, 12, 31)),
        "evidence_url": st.sampled_from(["", "https://lahat.go.id/?a=1&b=2#=x", "http://lahat.go.id/;é,'x"]),
        "status": st.sampled_from(Report.Status.values),
    }
)
activities = st.fixed_dictionaries(
    {
        "program": st.integers(0, 1),
        "code": codes,
        "name": named,
        "indicator": named,
        "unit": named,
        "is_down": st.booleans(),
        "target": quantities,
        "revised_target": st.none() | quantities,
        "budget": money,
        "revised_budget": st.none() | money,
        "revision_note": named | st.sampled_from(LONG),
        "starts_quarter": st.sampled_from([1, 2, 3, 4]),
        "plans": plans,
        "target_group": or_empty,
        "target_beneficiaries": counts,
        "beneficiary_unit": or_empty,
        "beneficiary_source": or_empty,
        "implementing_unit_kind": st.sampled_from(["", *Activity.UnitKind.values]),
        "implementing_unit": or_empty,
        "is_cash_for_work": st.booleans(),
        "places": places,
        "reports": st.lists(reports, max_size=2, unique_by=lambda report: report["quarter"]),
    }
)
worlds = st.fixed_dictionaries(
    {
        "opd": named,
        "source": named,
        "category": named,
        "partners": st.lists(named, min_size=3, max_size=3, unique=True),
        "districts": st.lists(named, min_size=2, max_size=2, unique=True),
        "programs": st.lists(programs, min_size=2, max_size=2),
        "activities": st.lists(activities, min_size=4, max_size=6),
    }
)


@contextmanager
def stored(world):
    """A world that is gone afterwards: the examples of one test share its transaction."""
    with transaction.atomic():
        store(world)
        yield
        transaction.set_rollback(True)


def store(world):
    opd = make.opd(world["opd"])
    source = make.funding_source("Sumber", name=world["source"])
    category = make.obstacle_category(world["category"])
    strategies = {number: make.strategy(number) for number in (1, 2, 3)}
    priority = make.priority(2021, 1)
    periods = {period.quarter: period for period in make.periods()}
    partners = [Partner(name=name, kind=Partner.Kind.BAZNAS) for name in world["partners"]]
    Partner.objects.bulk_create(partners)
    first, second = world["districts"]
    spots = spots_in(make.district("16.04.11", name=first), make.district("16.04.02", name=second))
    found = []
    for facts in world["programs"]:
        facts = facts | {
            "strategy": strategies.get(facts["strategy"]),
            "priority": priority if facts["priority"] else None,
        }
        chosen = facts.pop("partners")
        program = Program.objects.bulk_create([Program(opd=opd, fiscal_year=make.YEAR, **facts)])[0]
        program.partners.through.objects.bulk_create(
            [program.partners.through(program=program, partner=partners[number]) for number in chosen]
        )
        found.append(program)
    for number, facts in enumerate(world["activities"], start=1):
        store_activity(number, dict(facts), found, source, category, spots, periods)


def spots_in(first, second):
    villages = [
        Village(code=f"16.04.02.{code}", district=second, name="Makartitama", kind=kind)
        for code, kind in (("2001", Village.Kind.DESA), ("1001", Village.Kind.KELURAHAN))
    ]
    desa, kelurahan = Village.objects.bulk_create(villages)
    return {"Jarai": (first, None), "Lahat": (second, None), "Desa": (second, desa), "Kelurahan": (second, kelurahan)}


def store_activity(number, facts, programs, source, category, spots, periods):
    chosen, sent = facts.pop("places"), facts.pop("reports")
    facts["program"] = programs[facts["program"]]
    facts |= dict(zip(("plan_q1", "plan_q2", "plan_q3", "plan_q4"), facts.pop("plans") or [None] * 4, strict=True))
    if facts.pop("is_down"):
        facts |= {"direction": "down", "baseline": max(facts["target"], facts["revised_target"] or 0)}
    if facts["revised_target"] is None and facts["revised_budget"] is None:
        facts["revision_note"] = ""
    activity = Activity(ref=f"2026-{number:04d}", funding_source=source, version=number, **facts)
    Activity.objects.bulk_create([activity])
    Location.objects.bulk_create(
        [Location(activity=activity, district=spots[spot][0], village=spots[spot][1]) for spot in sorted(chosen)]
    )
    for report in sent:
        report = dict(report)
        period = periods[report.pop("quarter")]
        note = "Periksa" if report["status"] == "returned" else ""
        report["obstacle_category"] = category if report.pop("has_category") else None
        Report.objects.bulk_create([Report(activity=activity, period=period, return_note=note, **report)])


def few(examples):
    """The same examples each time, and none of the minutes that making a bad one smaller takes."""
    return settings(
        max_examples=examples,
        phases=[Phase.explicit, Phase.generate],
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


@few(15)
@given(world=worlds)
def test_a_sheet_that_nobody_edited_changes_nothing(secretary, world):
    with stored(world):
        for sheet in SHEETS:
            for name, write in FORMATS.items():
                table = table_of(sheet, secretary, quarters=(1, 2))
                plan = planned(write(table), secretary, name=FILE[name])
                assert (problems(plan), changes(plan)) == ([], []), (sheet, name)
                lines = len(world["activities"]) * (2 if sheet == REPORTS else 1)
                assert outcomes(plan) == {"unchanged": lines}, (sheet, name)


# One cell

# These matter only where something else changes; and a row of another quarter speaks of another report.
NOT_EDITED = {"Versi", "Alasan perubahan", "Triwulan"}
WORDS = (
    *("0", "7", "1.250", "12,5", "100", "101", "-1", "1e5", "12.5", "999999999999,999", "1000000000000000"),
    *("ya", "tidak", "turun", "naik", "3", "2021-1", "2021-9", "desa", "Draf", "Diajukan", "Dikembalikan"),
    *("2026-0009", "2025", "Kabupaten Lahat", "31-12-2026", "31/12/2026", "03/04/2026", "https://lahat.go.id", ""),
)
edits = st.fixed_dictionaries(
    {"row": st.integers(0, 3), "column": st.integers(0, 35), "text": st.sampled_from(WORDS) | texts}
)


def each_with_its_own(world):
    """A program and an open report for every sub kegiatan: what one row says concerns no other."""
    world["activities"] = world["activities"][:4]
    world["programs"] = [dict(world["programs"][number % 2], code=f"1.06.{number:02d}") for number in range(4)]
    for number, activity in enumerate(world["activities"]):
        activity |= {"program": number, "starts_quarter": 1}
        report = {**NO_REPORT, **(activity["reports"] or [{}])[0], "quarter": 1}
        activity["reports"] = [report | {"status": "draft" if number % 2 else "submitted"}]
    return world


NO_REPORT = {
    **{"realised_budget": 5, "realised_output": Decimal("0.5"), "physical_percent": None, "beneficiaries": None},
    **{"local_workers": None, "has_category": False, "obstacle": "", "follow_up": "", "follow_up_owner": ""},
    **{"follow_up_due": None, "evidence_url": "", "status": "draft"},
}


def edited(table, edit):
    """The table with another text in one cell; (line in the file, title, text before)."""
    lines = list(table.rows())
    line = lines[edit["row"]]
    columns = [column for column in table.columns if column.title not in NOT_EDITED]
    column = columns[edit["column"] % len(columns)]
    changed = replace(column, value=lambda each: edit["text"] if each is line else column.value(each))
    columns = tuple(changed if each is column else each for each in table.columns)
    return Table(table.slug, columns, lines), (edit["row"] + 2, column.title, human_cell(column.value(line)))


def means_the_same(title, old, new) -> bool:
    old, new = as_typed(old).strip(), new.strip()
    if old.casefold() == new.casefold() or (not new and title in KEPT):
        return True
    try:
        return title not in TEXTS and parse_number(old) == parse_number(new)
    except ValidationError:
        return {old, new} <= {"", "Kabupaten Lahat"}  # both say that there is no place


KEPT = {column.title for kind in COLUMNS.values() for column in kind.columns if column.key in KEPT_WHEN_EMPTY}
TEXTS = {column.title for kind in COLUMNS.values() for column in kind.columns if column.kind is Kind.TEXT}


@few(15)
@given(world=worlds.map(each_with_its_own), edits=st.lists(edits, min_size=3, max_size=3))
def test_an_edited_cell_is_the_only_change_or_the_only_refusal(secretary, world, edits):
    with stored(world):
        for sheet, name, edit in itertools.product(SHEETS, FORMATS, edits):
            table, (line, title, old) = edited(table_of(sheet, secretary, quarters=(1,)), edit)
            if title == "Register" and not edit["text"].strip():
                continue  # a row without register is another row
            plan = planned(FORMATS[name](table), secretary, name=FILE[name])
            changed = [(number, column) for number, column, *_ in changes(plan)]
            refused = [(number, column) for number, column, *_ in problems(plan)]
            expected = [] if means_the_same(title, old, edit["text"]) else [(line, title)]
            assert changed + refused == expected, (
                sheet,
                name,
                title,
                old,
                edit["text"],
                problems(plan),
                changes(plan),
            )
