"""Our sheets opened and saved by a real LibreOffice come back as the same."""

import datetime
import os
import subprocess
from dataclasses import replace
from decimal import Decimal

import pytest

from tests import make
from tests.imports.sending import (
    PROGRAM,
    REPORTS,
    as_csv,
    as_xlsx,
    changes,
    outcomes,
    problems,
    received,
    table_of,
)
from tracker.imports.cells import Manner
from tracker.imports.layout import Layout
from tracker.imports.plan import plan_of

pytestmark = pytest.mark.libreoffice

SHEETS = (PROGRAM, REPORTS)
WRITE = {"csv": as_csv, "xlsx": as_xlsx}
INDONESIAN, ENGLISH = "id-ID", "en-US"
SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/L10N">
<prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>{}</value></prop>
</item></oor:items>
"""
# Semicolon, quotation mark, UTF-8, from the first row; then the language of a CSV that is opened: Indonesian.
OPENED_CSV = "Text - txt - csv (StarCalc):59,34,76,1,,1057,false,false"
SAVED_CSV = "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,true,{}"
AS_SHOWN, AS_STORED = SAVED_CSV.format("true"), SAVED_CSV.format("false")


@pytest.fixture
def world(dinsos):
    make.periods()
    first = make.program(dinsos, code="1.06.05", name="=SUM(1;2)", strategy=make.strategy(1), priority=make.priority())
    second = make.program(dinsos, code="01.02", name="- dan +", is_extreme_poverty=True)
    second.partners.add(make.partner("Baznas Lahat"), make.partner("PT Bukit Asam"))
    lahat, jarai = make.district("16.04.02", name="Lahat"), make.district("16.04.11", name="Jarai")
    whole = make.activity(
        first,
        code="1.06.05.2.01.0001",
        name='Bantuan "beras", 5 kg;\nuntuk lansia 🍚',
        indicator="Keluarga <miskin> & rentan",
        unit="%",
        direction="down",
        baseline=Decimal("999999999999.999"),
        target=Decimal("999999999999.999"),
        budget=999_999_999_999_999,
        target_group="=1+1",
        **dict(zip(("plan_q1", "plan_q2", "plan_q3", "plan_q4"), (Decimal("33.333"), 50, 75, 100), strict=True)),
    )
    make.location(whole, lahat)
    make.location(whole, jarai, village=make.village("16.04.11.2001", name="Makartitama", district=jarai))
    plain = make.activity(
        second,
        code="2021-1",
        name="'tanda petik",
        indicator="-",
        unit="'-",
        target=Decimal("1250.5"),
        revised_budget=0,
        target_group=" spasi ",
        beneficiary_unit="0,5 ha",
        beneficiary_source="_x0041_",
        implementing_unit="+62 711",
        implementing_unit_kind="desa",
        starts_quarter=2,
    )
    cuaca = make.obstacle_category("Cuaca")
    make.report(
        whole,
        1,
        realised_budget=333_333_333,
        realised_output=Decimal("12.5"),
        physical_percent=Decimal("33.333"),
        beneficiaries=1250,
        obstacle_category=cuaca,
        obstacle="-",
        follow_up="+62",
        follow_up_due=datetime.date(2026, 3, 4),
    )
    make.report(
        plain,
        1,
        realised_output=Decimal("1250.125"),
        status="draft",
        obstacle="a\r\nb\tc",
        follow_up="#REF!",
        follow_up_owner="@camat",
        follow_up_due=datetime.date(2026, 12, 31),
        evidence_url="https://lahat.go.id/?a=1;b",
    )
    make.activity(second, name="Belum lapor")
    return plain


def resaved(user, folder, *, kind, saved_as, locale) -> dict[str, bytes]:
    """Both sheets in a file of this kind, opened and saved by a LibreOffice of that country."""
    files = [folder / f"{sheet}.{kind}" for sheet in SHEETS]
    for sheet, path in zip(SHEETS, files, strict=True):
        path.write_bytes(WRITE[kind](table_of(sheet, user, quarters=(1,))))
    settings = folder / "profile" / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True)
    settings.write_text(SETTINGS.format(locale))
    command = [os.environ["SOFFICE"], f"-env:UserInstallation=file://{folder / 'profile'}", "--headless"]
    if kind == "csv":
        command.append(f"--infilter={OPENED_CSV}")
    out = folder / "saved"
    command += ["--convert-to", saved_as, "--outdir", out, *files]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    ending = saved_as.partition(":")[0]
    return {sheet: (out / f"{sheet}.{ending}").read_bytes() for sheet in SHEETS}


def plan_with(content, user, manner=None):
    """The plan for a file, whose numbers were declared on the page if need be."""
    batch, proposal = received(content, user)
    assert proposal.complaints == []
    if manner:
        batch.layout = replace(Layout.from_json(batch.layout), manner=manner).as_json()
    return plan_of(batch, user)


@pytest.mark.parametrize(
    ("kind", "saved_as", "locale"),
    [
        ("xlsx", "xlsx", INDONESIAN),
        ("xlsx", "xlsx", ENGLISH),
        ("csv", "xlsx", INDONESIAN),
        ("xlsx", AS_SHOWN, INDONESIAN),
        ("xlsx", AS_STORED, INDONESIAN),
        ("csv", AS_SHOWN, INDONESIAN),
        ("xlsx", AS_SHOWN, ENGLISH),
    ],
    ids=lambda value: value.rpartition(",")[2],
)
def test_libreoffice_changes_nothing_that_the_import_sees(world, secretary, tmp_path, kind, saved_as, locale):
    is_english_csv = locale == ENGLISH and saved_as != "xlsx"
    for sheet, content in resaved(secretary, tmp_path, kind=kind, saved_as=saved_as, locale=locale).items():
        plan = plan_with(content, secretary, Manner(has_decimal_points=True) if is_english_csv else None)
        assert (problems(plan), changes(plan)) == ([], []), sheet
        assert outcomes(plan) == {"unchanged": 3}, sheet


def test_english_numbers_change_nothing_before_they_are_declared(world, secretary, tmp_path):
    """They are refused where they stand: 12.5 and 1,250,000 are no numbers here."""
    contents = resaved(secretary, tmp_path, kind="xlsx", saved_as=AS_SHOWN, locale=ENGLISH)
    for sheet, content in contents.items():
        plan = plan_with(content, secretary)
        assert changes(plan) == []
        assert {column for _, column, *_ in problems(plan)} == {
            PROGRAM: {"Nilai awal", "Target", "Pagu"},
            REPORTS: {"Target berlaku", "Pagu berlaku", "Realisasi keluaran", "Realisasi anggaran"},
        }[sheet]
