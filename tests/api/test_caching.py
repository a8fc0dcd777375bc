"""What a program has it need not get again; and nobody gets what was made for somebody with another reach."""

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import make
from tests.api.asking import GROUPINGS, TABLES, program_of
from tests.reading import content
from tracker.api import caching
from tracker.models.scope import Role

PATHS = [*(f"/api/v1/{name}/" for name in TABLES), *(f"/api/v1/progress/?by={by}" for by in GROUPINGS)]
EVERYWHERE = [*PATHS, "/api/v1/", "/api/v1/schema/", "/api/v1/progress/?format=csv", "/api/v1/activities/2025-0001/"]


@pytest.fixture
def program(world, viewer):
    return program_of(viewer)


def again(program, path, etag):
    return program.get(path, headers={"If-None-Match": etag})


@pytest.mark.parametrize("path", EVERYWHERE)
def test_what_has_not_changed_is_not_sent_again(program, path):
    first = program.get(path)
    assert first["Cache-Control"] == "private, no-cache"
    assert {"Authorization", "Cookie", "Accept"} <= set(first["Vary"].split(", "))
    second = again(program, path, first["ETag"])
    assert (second.status_code, second.content, second["ETag"]) == (304, b"", first["ETag"])
    assert second["Cache-Control"] == "private, no-cache"
    assert again(program, path, f"W/{first['ETag']}").status_code == 304


@pytest.mark.parametrize("path", EVERYWHERE)
def test_it_costs_who_asks_and_whether_anything_changed(program, as_viewer, path, django_assert_num_queries):
    """With a token: the token with its account, and the data version; a session is one more, and so are the roles."""
    roles = 1 if "reports" in path else 0
    etag = program.get(path)["ETag"]
    with django_assert_num_queries(2 + roles):
        assert again(program, path, etag).status_code == 304
    etag = as_viewer.get(path)["ETag"]
    with django_assert_num_queries(3 + roles):
        assert again(as_viewer, path, etag).status_code == 304


def test_a_write_is_seen_at_once(program, world):
    etag = program.get("/api/v1/opds/")["ETag"]
    world.dinsos.save()
    answer = again(program, "/api/v1/opds/", etag)
    assert answer.status_code == 200
    assert answer["ETag"] != etag


def test_the_next_day_is_another_answer(program, monkeypatch):
    etag = program.get("/api/v1/periods/")["ETag"]
    tomorrow = datetime.date.today() + datetime.timedelta(days=2)
    monkeypatch.setattr(caching.timezone, "localdate", lambda: tomorrow)
    assert again(program, "/api/v1/periods/", etag).status_code == 200


def test_an_updated_program_is_another_answer(program, monkeypatch):
    etag = program.get("/api/v1/periods/")["ETag"]
    monkeypatch.setattr(caching, "code_version", lambda: "another")
    assert again(program, "/api/v1/periods/", etag).status_code == 200


def test_addresses_and_formats_do_not_share(program, world):
    paths = ["/api/v1/opds/", "/api/v1/opds/?limit=5", "/api/v1/opds/?format=csv", f"/api/v1/opds/{world.dinsos.pk}/"]
    assert len({program.get(path)["ETag"] for path in paths}) == 4
    by_header = program.get("/api/v1/opds/", headers={"Accept": "text/csv"})
    assert by_header["ETag"] != program.get("/api/v1/opds/")["ETag"]


def test_another_reach_is_another_answer(world, viewer, operator, stranger, coordinator):
    """One tag for two people would let the second learn that his answer is the same."""
    etags = [program_of(user).get("/api/v1/reports/")["ETag"] for user in (viewer, operator, stranger, coordinator)]
    assert len(set(etags)) == 4


@pytest.mark.parametrize("path", [path for path in EVERYWHERE if "reports" not in path])
def test_all_other_tables_say_the_same_to_everybody(world, viewer, operator, secretary, path):
    """So that their tags need not know the roles."""
    make.report(world.houses, 3, status="draft", realised_budget=7)
    answers = {content(program_of(user).get(path)) for user in (viewer, operator, secretary)}
    assert len(answers) == 1


def test_a_role_taken_away_ends_what_was_kept(world):
    verifier = make.user("verifikator", Role.VERIFIER)
    program = program_of(verifier)
    etag = program.get("/api/v1/reports/")["ETag"]
    verifier.groups.clear()
    assert again(program, "/api/v1/reports/", etag).status_code == 200


def test_errors_are_kept_nowhere(program):
    for path in ("/api/v1/opds/999999/", "/api/v1/opds/?limit=0", "/api/v1/belum-ada/"):
        answer = program.get(path)
        assert "ETag" not in answer
        assert answer["Cache-Control"] == "no-store, private"
    assert again(program, "/api/v1/opds/?limit=0", '"x"').status_code == 400


@pytest.mark.parametrize("path", [*PATHS, "/api/v1/activities/?format=csv", "/api/v1/reports/?format=csv"])
def test_three_rows_ask_as_many_questions_as_one(program, world, path):
    make.indicator("Satu")
    program.get("/api/v1/")  # notes the use of the token, once a minute
    asked = f"{path}{'&' if '?' in path else '?'}tahun=2024&tw=3" if takes_year(path) else path
    rows_of(1)
    one = questions(program, asked)
    rows_of(3)
    assert questions(program, asked) == one


def takes_year(path) -> bool:
    return re.search("progress|activities|reports|programs", path) is not None


def rows_of(number):
    """So many rows of everything, in a year of its own."""
    for each in range(number):
        name = f"{number}-{each}"
        program = make.program(
            make.opd(name), 2024, strategy=make.strategy(each + 1), priority=make.priority(2021, each + 1)
        )
        program.partners.add(make.partner(name))
        activity = make.activity(program, funding_source=make.funding_source(name))
        code = f"16.04.{number}{each}"
        make.location(
            activity, make.district(code), village=make.village(f"{code}.2001", district=make.district(code))
        )
        make.report(activity, 3, realised_output=50, obstacle_category=make.obstacle_category(name))
        make.indicator(name)


def questions(program, path) -> int:
    with CaptureQueriesContext(connection) as asked:
        response = program.get(path)
        assert response.status_code == 200
        b"".join(response) if response.streaming else response.content
    return len(asked)
