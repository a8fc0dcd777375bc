"""The tables of the API: who may read them, what may be asked, in which order and how much, as JSON and as CSV."""

import datetime
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from tests import make
from tests.api.asking import TABLES, address, csv_of, program_of
from tests.reading import content, read_back
from tests.small_world import TW3
from tracker.models import IndicatorTarget, IndicatorValue, Program

LISTS = [*(f"{name}/" for name in TABLES), "progress/"]
OF_A_QUARTER = ("programs", "activities", "reports", "progress")


@pytest.fixture
def program(world, viewer):
    return program_of(viewer)


def asked_of(path) -> dict:
    return TW3 if path.split("/")[0] in OF_A_QUARTER else {}


def rows(program, path, **asked) -> list[dict]:
    response = program.get(address(path, **asked))
    assert response.status_code == 200, response.content
    return response.json()["results"]


def complaint(program, path, **asked) -> str:
    response = program.get(address(path, **asked))
    assert (response.status_code, response["Content-Type"]) == (400, "application/json")
    return response.json()["detail"]


class TestLadder:
    @pytest.mark.parametrize("path", ["", *LISTS, "schema/"])
    def test_it_opens(self, program, path):
        response = program.get(address(path, **asked_of(path)))
        assert (response.status_code, response["Content-Type"]) == (200, "application/json")

    @pytest.mark.parametrize("path", ["", *LISTS, "schema/", "opds/1/", "belum-ada/"])
    def test_nobody_is_told_how_to_get_in(self, world, path):
        response = Client().get(address(path))
        assert (response.status_code, response["WWW-Authenticate"]) == (401, 'Token realm="api"')
        assert response.json()["detail"].startswith("Masuk dulu di situs ini, atau kirim token")

    @pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
    @pytest.mark.parametrize("path", ["", "opds/", "opds/1/", "progress/", "schema/", "belum-ada/"])
    def test_nothing_can_be_written(self, program, as_viewer, path, method):
        for client in (program, as_viewer):
            response = getattr(client, method)(address(path))
            assert (response.status_code, response.json()) == (
                405,
                {"detail": "Alamat ini hanya dapat dibaca: gunakan GET."},
            )

    @pytest.mark.parametrize(
        "path",
        ["opds/999999/", "opds/999999999999999999/", "opds/x/", "strategies/9/", "priorities/1999-1/", "districts/9/",
         "periods/1999-1/", "periods/2025-5/", "programs/999999/", "activities/2025-9999/", "reports/2025-9999-1/",
         "indicators/999999/", "belum-ada/", "opds/1/lagi/", "opds/1%0A2/"],
    )  # fmt: skip
    def test_what_is_not_there_is_said_in_json(self, program, path):
        response = program.get(address(path))
        assert response.status_code == 404
        assert response.json()["detail"].startswith("Tidak ada data pada alamat ini.")

    def test_without_its_slash_an_address_leads_to_the_one_with_it(self, program):
        assert program.get("/api/v1/opds?limit=1").url == "/api/v1/opds/?limit=1"

    def test_what_cannot_be_given_is_refused(self, program):
        response = program.get("/api/v1/opds/", headers={"Accept": "application/xml"})
        assert (response.status_code, response.json()) == (
            406,
            {"detail": "Yang tersedia hanya JSON (application/json) dan CSV (text/csv)."},
        )

    def test_csv_can_be_asked_for_in_both_ways(self, program):
        by_header = program.get("/api/v1/opds/", headers={"Accept": "text/csv"})
        assert csv_of(by_header) == csv_of(program.get("/api/v1/opds/?format=csv"))

    def test_errors_are_json_also_where_csv_was_asked_for(self, program):
        assert complaint(program, "activities/", tw="9", format="csv")


class TestAsking:
    @pytest.mark.parametrize("path", ["programs/", "activities/", "reports/", "progress/"])
    def test_an_unknown_value_gets_the_sentence_of_the_page(self, program, path):
        assert complaint(program, path, opd="999") == (
            "Saringan OPD tidak mengenal “999”. Pilih lagi dari daftar, atau hapus saringan itu."
        )

    @pytest.mark.parametrize("path", LISTS)
    def test_a_misspelled_filter_is_no_filter(self, program, path):
        assert complaint(program, path, tahn="2025").startswith("Parameter “tahn” tidak dikenal. Yang tersedia: ")

    def test_a_filter_said_twice_is_refused(self, program):
        response = program.get("/api/v1/activities/?tw=1&tw=2")
        assert response.json()["detail"] == "Parameter “tw” ditulis lebih dari sekali. Tulis satu nilai saja."

    @pytest.mark.parametrize(
        ("asked", "refs"),
        [
            ({}, [1, 2, 3, 4, 5, 6]),
            ({"ditagih": "ya"}, [1, 2, 4, 6]),
            ({"ditagih": "tidak"}, [3, 5]),
            ({"strategi": "1"}, [1, 2, 3]),
            ({"strategi": "-"}, [6]),
            ({"prioritas": "2021-2"}, [4, 5]),
            ({"rkpd": "2021"}, [1, 2, 3, 4, 5]),
            ({"kecamatan": "16.04.11"}, [1, 4]),
            ({"sumber": "luar"}, [4]),
            ({"status": "belum-lapor"}, [2, 6]),
            ({"q": "rumah"}, [2]),
            ({"tahun": "2020"}, []),
        ],
    )
    def test_the_filters_are_those_of_the_pages(self, program, asked, refs):
        found = [row["ref"] for row in rows(program, "activities/", **(TW3 | asked))]
        assert found == [f"2025-{number:04d}" for number in refs]

    def test_programs_are_those_with_a_fitting_activity(self, program, world):
        empty = make.program(world.pupr, 2025, name="Belum diisi")
        assert {row["id"] for row in rows(program, "programs/")} == {
            world.aid.pk, world.health.pk, world.roads.pk, empty.pk
        }  # fmt: skip
        assert [row["name"] for row in rows(program, "programs/", strategi="1")] == ["Bantuan sosial"]

    @pytest.mark.parametrize("asked", ["status_label", "realised_budget__gt", "--ref", "program__opd", ""])
    def test_orders_are_those_offered(self, program, asked):
        response = program.get(address("activities/", ordering=asked, **TW3))
        assert response.status_code == (200 if asked == "" else 400)

    def test_order_goes_both_ways_with_what_is_missing_last(self, program):
        def order(word):
            return [row["physical"] for row in rows(program, "activities/", ordering=word, **TW3)]

        assert order("physical") == ["30.00", "60.00", "75.00", None, None, None]
        assert order("-physical") == ["75.00", "60.00", "30.00", None, None, None]

    @pytest.mark.parametrize("path", LISTS[:-1])
    def test_every_order_gives_the_same_rows(self, program, world, path):
        make.indicator("Satu"), make.indicator("Dua")
        parameter = program.get(address(path, ordering="?")).json()["detail"]
        words = parameter.split("Yang tersedia: ")[1].removesuffix(".").split(", ")
        found = [rows(program, path, ordering=word, **asked_of(path)) for word in words]
        key = next(iter(found[0][0]))
        assert len({frozenset(str(row[key]) for row in each) for each in found}) == 1


class TestPages:
    @pytest.mark.parametrize("path", LISTS[:-1])
    def test_pages_together_are_the_whole_list(self, program, world, path):
        make.indicator("Satu"), make.indicator("Dua")
        whole = program.get(address(path, **asked_of(path))).json()
        found, following = [], address(path, limit="1", **asked_of(path))
        while following:
            page = program.get(following).json()
            assert page["count"] == whole["count"]
            found += page["results"]
            following = page["next"]
        assert found == whole["results"]
        assert len(found) == whole["count"] > 1

    def test_the_way_back(self, program):
        page = program.get(address("activities/", limit="2", offset="3", **TW3)).json()
        before = program.get(page["previous"]).json()
        assert [row["ref"] for row in before["results"]] == ["2025-0002", "2025-0003"]
        assert [row["ref"] for row in program.get(before["previous"]).json()["results"]] == ["2025-0001", "2025-0002"]

    @pytest.mark.parametrize("limit", ["0", "501", "-1", "1.5", "x", "1e3", "٣", "9" * 5000])
    def test_a_page_has_1_to_500_rows(self, program, limit):
        assert complaint(program, "opds/", limit=limit).endswith("Tulis bilangan dari 1 sampai 500.")

    @pytest.mark.parametrize("offset", ["-1", "x", "10000001", "9" * 5000])
    def test_an_offset_is_a_number(self, program, offset):
        assert complaint(program, "opds/", offset=offset).endswith("Tulis bilangan dari 0 sampai 10.000.000.")

    def test_beyond_the_end_there_is_nothing(self, program):
        assert rows(program, "opds/", offset="10000000") == []


class TestRows:
    @pytest.mark.parametrize("path", LISTS[:-1])
    def test_one_row_by_its_key_says_the_same(self, program, world, path):
        make.indicator()
        for row in rows(program, path, **asked_of(path)):
            key = row[next(name for name in ("key", "id", "ref", "code", "number") if name in row)]
            asked = {"tw": "3"} if path == "activities/" else {}
            one = program.get(address(f"{path}{key}/", **asked)).json()
            assert {name: one[name] for name in row} == row

    def test_an_activity_stands_where_its_page_says(self, program):
        row = program.get("/api/v1/activities/2025-0002/?tw=3").json()
        shown = ("position_quarter", "realised_budget", "realised_output", "absorption", "physical", "physical_high",
                 "plan", "deviation", "status", "status_label", "has_report")  # fmt: skip
        assert {name: row[name] for name in shown} == {
            "position_quarter": 2,
            "realised_budget": 90_000_000,
            "realised_output": "60",
            "absorption": "30.00",
            "physical": "30.00",
            "physical_high": "75.00",
            "plan": "75.00",
            "deviation": "-45.00",
            "status": "belum-lapor",
            "status_label": "Belum lapor",
            "has_report": False,
        }

    def test_counting_only_what_is_verified(self, program):
        row = program.get("/api/v1/activities/2025-0002/?tw=3&hitung=terverifikasi").json()
        assert (row["position_quarter"], row["status_label"]) == (None, "Belum terverifikasi")
        assert [row["ref"] for row in rows(program, "reports/", hitung="terverifikasi", **TW3)] == ["2025-0001"]

    def test_places_are_named_by_their_codes(self, program, world):
        make.location(world.houses, world.jarai, village=make.village("16.04.11.2003", district=world.jarai))
        found = {row["ref"]: (row["districts"], row["villages"]) for row in rows(program, "activities/", **TW3)}
        assert found["2025-0002"] == (["16.04.11"], ["16.04.11.2003"])
        assert found["2025-0004"] == (["16.04.02", "16.04.11"], [])
        assert found["2025-0006"] == ([], [])

    def test_quantities_keep_their_decimals_and_none_more(self, program, world):
        activity = make.activity(world.roads, target="12.345", revised_target="1000", baseline="0.001")
        row = program.get(f"/api/v1/activities/{activity.ref}/").json()
        assert (row["target"], row["revised_target"], row["baseline"]) == ("12.345", "1000", "0.001")

    def test_an_indicator_by_itself_has_its_values_and_targets(self, program, settings):
        indicator = make.indicator()
        IndicatorValue.objects.create(
            indicator=indicator, region=settings.REGION_NAME, year=2024, value=Decimal("14.14"), source="BPS"
        )
        IndicatorTarget.objects.create(indicator=indicator, year=2024, value=14, document="RPD", is_derived=True)
        one = program.get(f"/api/v1/indicators/{indicator.pk}/").json()
        assert (one["latest_year"], one["latest_value"]) == (2024, "14.14")
        assert [value["value"] for value in one["values"]] == ["14.14"]
        assert one["targets"] == [{"year": 2024, "value": "14", "document": "RPD", "is_derived": True}]

    def test_a_period_tells_its_state_of_today(self, program):
        make.period(2025, 1, locked_at=timezone.now(), lock_reason="Final")
        found = {row["key"]: row for row in rows(program, "periods/")}
        assert (found["2025-1"]["state"], found["2025-1"]["lock_reason"]) == ("locked", "Final")
        assert found["2025-1"]["locked_at"].endswith("+07:00")
        assert found["2025-3"]["due_on"] == "2025-10-10"


class TestCsv:
    @pytest.mark.parametrize("path", LISTS[:-1])
    def test_the_file_has_every_row_of_the_list(self, program, world, path):
        make.indicator("Satu"), make.indicator("Dua")
        listed = rows(program, path, limit="500", **asked_of(path))
        lines = csv_of(program.get(address(path, format="csv", limit="1", **asked_of(path))))
        assert [{name: read_back(cell) for name, cell in line.items()} for line in lines] == [
            {name: written(value) for name, value in row.items()} for row in listed
        ]

    def test_one_row_is_a_file_as_well(self, program):
        [line] = csv_of(program.get("/api/v1/activities/2025-0001/?tw=3&format=csv"))
        assert (line["ref"], line["physical"]) == ("2025-0001", "75.00")

    @pytest.mark.parametrize("text", ["=1+1", "+62 811", "-5 derajat", "@kantor", "'=1", "a,b", 'a "b"', "a\nb", "-"])
    def test_text_comes_back_as_it_is_and_runs_nowhere(self, program, world, text):
        Program.objects.filter(pk=world.aid.pk).update(objective=text)
        [line] = [
            line for line in csv_of(program.get("/api/v1/programs/?format=csv")) if line["id"] == str(world.aid.pk)
        ]
        assert read_back(line["objective"]) == text
        assert line["objective"] == "-" or not line["objective"].startswith(tuple("=+-@"))

    def test_lines_end_as_the_rules_say(self, program):
        data = content(program.get("/api/v1/opds/?format=csv"))
        assert data.count(b"\n") == data.count(b"\r\n") == 4

    def test_negative_numbers_stay_numbers(self, program):
        found = csv_of(program.get(address("activities/", format="csv", **TW3)))
        assert "-45.00" in {line["deviation"] for line in found}

    def test_dates_are_iso_and_flags_are_words(self, program):
        line = csv_of(program.get("/api/v1/periods/?format=csv"))[0]
        assert datetime.date.fromisoformat(line["due_on"])
        assert {line["is_active"] for line in csv_of(program.get("/api/v1/opds/?format=csv"))} == {"true"}


def written(value) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return " | ".join(value)
    return "" if value is None else str(value)
