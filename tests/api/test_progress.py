"""The figures of the API are those of the pages, for every grouping; and each row tells why, and leads to its rows."""

from decimal import Decimal

import pytest

from tests import make
from tests.api.asking import GROUPINGS, address, csv_of, program_of
from tests.reading import csv_rows, read_back
from tests.small_world import MILLION, TW3

PAGES = {"strategy": "/strategi/", "priority": "/prioritas/", "opd": "/opd/"}
# Of the table "rekap": a column with the field of the API.
COLUMNS = {
    "Kelompok": "key",
    "Nama": "name",
    "Program": "programs",
    "Sub kegiatan": "activities",
    "Pagu": "budget",
    "Realisasi": "realised",
    "Serapan": "absorption",
    "Fisik": "physical",
    "Fisik tertinggi": "physical_high",
    "Rencana": "plan",
    "Deviasi": "deviation",
    "Status": "status_label",
    "Mewakili": "represented",
    "Belum lapor": "missing",
    "Pagu luar APBD": "budget_outside",
}
NARROWED = [{}, {"hitung": "terverifikasi"}, {"sumber": "apbd"}, {"kecamatan": "16.04.11"}, {"q": "rumah"}]


@pytest.fixture
def program(world, viewer):
    return program_of(viewer)


def answer(program, **asked):
    response = program.get(address("progress/", **(TW3 | asked)))
    assert response.status_code == 200, response.content
    return response.json()


def page_rows(client, path, **asked):
    """The table of a page as the API writes it."""
    rows = csv_rows(client.get(path, {**TW3, **asked, "format": "csv"}))
    return [{field: machine(column, row[column]) for column, field in COLUMNS.items()} for row in rows]


def machine(column, cell):
    text = read_back(cell) if column in ("Kelompok", "Nama", "Status") else cell.replace(",", ".")
    return text or None


def api_rows(found):
    rows = [*found["results"], found["total"]]
    return [{field: None if row[field] is None else str(row[field]) for field in COLUMNS.values()} for row in rows]


@pytest.mark.parametrize("asked", NARROWED, ids=str)
@pytest.mark.parametrize("by", PAGES)
def test_json_and_csv_have_the_figures_of_the_page(program, as_viewer, by, asked):
    expected = page_rows(as_viewer, PAGES[by], **asked)
    assert api_rows(answer(program, by=by, **asked)) == expected
    lines = csv_of(program.get(address("progress/", by=by, format="csv", **(TW3 | asked))))
    assert [{field: line[field] or None for field in COLUMNS.values()} for line in lines] == expected


@pytest.mark.parametrize("by", GROUPINGS)
def test_csv_says_the_same_as_json(program, by):
    found = answer(program, by=by)
    lines = csv_of(program.get(address("progress/", by=by, format="csv", **TW3)))
    flat = [
        {**row, **{f"explanation_{name}": text for name, text in row["explanation"].items()}}
        for row in (*found["results"], found["total"])
    ]
    for row in flat:
        del row["explanation"]
    as_text = [{name: "" if value is None else str(value) for name, value in row.items()} for row in flat]
    assert [{name: read_back(cell) for name, cell in line.items()} for line in lines] == as_text


def test_the_small_world_adds_up_by_hand(program):
    total = answer(program)["total"]
    shown = ("activities", "budget", "realised", "absorption", "physical", "physical_high", "deviation", "represented")
    assert {name: total[name] for name in shown} == {
        "activities": 4,
        "budget": 1000 * MILLION,
        "realised": 250 * MILLION,
        "absorption": "25.00",
        "physical": "28.50",
        "physical_high": "72.00",
        "deviation": "-46.50",
        "represented": "30.00",
    }


def test_by_district_an_activity_counts_whole_in_both_and_once_in_the_sum(program):
    found = answer(program, by="district")
    assert {row["key"]: (row["activities"], row["budget"]) for row in found["results"]} == {
        "16.04.11": (2, 300 * MILLION),
        "16.04.02": (1, 200 * MILLION),
        "-": (2, 700 * MILLION),
    }
    assert found["results"][-1]["name"] == "Tingkat kabupaten"
    assert found["total"]["budget"] == 1000 * MILLION


def test_one_district_alone_is_asked_for(program):
    found = answer(program, by="district", kecamatan="16.04.02")
    assert [row["key"] for row in found["results"]] == ["16.04.02"]


def test_by_funding_source_only_those_in_use_show(program):
    make.funding_source("DAK")
    found = answer(program, by="funding_source")
    assert {row["key"]: row["budget"] for row in found["results"]} == {"CSR": 200 * MILLION, "DAU": 800 * MILLION}


def test_by_quarter_each_stands_for_itself_up_to_the_chosen_one(program):
    found = answer(program, by="quarter")
    assert [(row["key"], row["quarter"], row["realised"], row["missing"]) for row in found["results"]] == [
        ("1", 1, None, 4),
        ("2", 2, 90 * MILLION, 3),
        ("3", 3, 250 * MILLION, 2),
    ]
    assert found["total"] == {**found["results"][-1], "key": None, "name": "Jumlah"}


@pytest.mark.parametrize("by", GROUPINGS)
def test_each_row_leads_to_exactly_its_rows(program, as_viewer, by):
    found = answer(program, by=by)
    for row in (*found["results"], found["total"]):
        rows = program.get(row["activities_url"]).json()["results"]
        assert (len(rows), sum(each["budget_in_force"] for each in rows)) == (row["activities"], row["budget"])
        assert all(each["is_expected"] for each in rows)
        assert as_viewer.get(row["page_url"]).status_code == 200


@pytest.mark.parametrize("by", GROUPINGS)
def test_so_it_does_with_a_status_asked_for(program, by):
    for row in answer(program, by=by, status="belum-lapor")["results"]:
        rows = program.get(row["activities_url"]).json()["results"]
        assert (len(rows), sum(each["budget_in_force"] for each in rows)) == (row["activities"], row["budget"])


def test_why_a_figure_is_what_it_is(program):
    why = answer(program)["results"][0]["explanation"]
    nbsp = "\u00a0"
    assert {name: text.replace(nbsp, " ") for name, text in why.items() if name != "as_of"} == {
        "absorption": "Serapan = realisasi ÷ pagu × 100 = Rp 150.000.000 ÷ Rp 400.000.000 × 100 = 37,50 %.",
        "physical": "Fisik = jumlah (pagu × fisik tiap sub kegiatan, ditahan antara 0 dan 100 %) ÷ pagu yang terukur "
        "= Rp 165.000.000 ÷ Rp 400.000.000 × 100 = 41,25 %.",
        "interval": "Rentang: 41,25 % sampai 75,00 %. Yang tertinggi berlaku bila 1 sub kegiatan yang belum lapor "
        "berada pada nilai yang lebih besar antara posisi terakhir dan rencananya.",
        "plan": "Rencana = jumlah (pagu × rencana tiap sub kegiatan) ÷ pagu yang terukur = "
        "Rp 300.000.000 ÷ Rp 400.000.000 × 100 = 75,00 %.",
        "deviation": "Deviasi = fisik − rencana = 41,25 − 75,00 = −33,75 persen poin.",
        "status": "Terlambat: rasio fisik ÷ rencana × 100 = 55,00 menurut batas predikat; predikat menurut rasio itu: "
        "Rendah.",
        "represented": "Mewakili = pagu yang sudah lapor ÷ pagu × 100 = Rp 100.000.000 ÷ Rp 400.000.000 × 100 = "
        "25,00 %.",
        "counted": "Dihitung: 2 sub kegiatan yang ditagih dalam 1 program, dengan laporan terakhir yang diajukan atau "
        "diverifikasi s.d. TW III 2025; 1 di antaranya lapor tepat TW III 2025.",
        "not_counted": "Tidak dihitung: draf dan laporan yang dikembalikan; sub kegiatan yang belum mulai atau "
        "dihentikan; 1 sub kegiatan belum lapor, yang memakai posisi terakhirnya atau 0 bila belum pernah lapor.",
    }
    assert why["as_of"].startswith("Data s.d. 30 September 2025 menurut isi basis data pada ")


def test_the_sentence_divides_what_was_weighed(program, world):
    """Without the unmeasured one, whose pagu stands in serapan and in no mean."""
    make.activity(world.aid, name="Tanpa ukuran", budget=600 * MILLION, target=0)
    row = answer(program)["results"][0]
    assert (row["budget"], row["undefined"], row["physical"]) == (1000 * MILLION, 1, "41.25")
    assert "Rp\u00a0165.000.000 ÷ Rp\u00a0400.000.000" in row["explanation"]["physical"]
    assert "1 sub kegiatan yang indikatornya tidak terukur" in row["explanation"]["not_counted"]


def test_nothing_to_divide_by_is_null_with_nothing_to_explain(program):
    row = answer(program, by="strategy")["results"][2]
    assert (row["absorption"], row["physical"], row["status"]) == (None, None, None)
    assert (row["explanation"]["absorption"], row["explanation"]["physical"]) == (None, None)


def test_a_running_quarter_accuses_nobody(program, world):
    program_2027 = make.program(world.dinsos, 2027)
    make.report(make.activity(program_2027), 1, realised_output=1)
    found = program.get("/api/v1/progress/?tahun=2027&tw=1&by=opd").json()
    assert found["has_ended"] is False
    assert (found["results"][0]["status"], found["results"][0]["status_label"]) == ("belum-lapor", "Belum mulai")


def test_no_grouping_asked_for_is_by_strategy(program):
    assert answer(program)["by"] == "strategy"


def test_percentages_are_rounded_once_half_up(program, world):
    """1/3 of the pagu spent: 33,333… is 33.33; and 0,005 goes up."""
    thirds = make.program(world.pupr, 2025, name="Sepertiga", strategy=make.strategy(3))
    activity = make.activity(thirds, budget=200_000, target=100)
    make.report(activity, 3, realised_budget=66_670, realised_output=Decimal("33.333"))
    row = answer(program)["results"][2]
    assert (row["absorption"], row["physical"]) == ("33.34", "33.33")
