"""Drafts and returned reports leave through the API for those who may read them, and for nobody else."""

import pytest

from tests import make
from tests.api.asking import address, csv_of, program_of
from tests.small_world import TW3

COUNTED = {"2025-0001-3", "2025-0004-3"}


@pytest.fixture
def drafts(world):
    """Of Dinsos a draft and a returned report; of Dinkes a draft."""
    make.report(world.houses, 3, status="returned", return_note="Periksa", realised_budget=1)
    make.report(world.stopped, 3, status="draft", realised_budget=2)
    make.report(world.late_start, 3, status="draft", realised_budget=3)


OWN = {"viewer": set(), "operator": {"2025-0002-3", "2025-0003-3"}, "stranger": {"2025-0005-3"}}
OWN["coordinator"] = OWN["secretary"] = OWN["operator"] | OWN["stranger"]


@pytest.mark.parametrize("who", OWN)
@pytest.mark.parametrize("door", ["token", "session"])
def test_each_reads_the_counted_ones_and_the_own_drafts(world, drafts, request, who, door):
    client = program_of(request.getfixturevalue(who)) if door == "token" else request.getfixturevalue(f"as_{who}")
    listed = client.get(address("reports/", **TW3)).json()["results"]
    assert {row["key"] for row in listed} == COUNTED | OWN[who]
    assert {line["key"] for line in csv_of(client.get(address("reports/", format="csv", **TW3)))} == COUNTED | OWN[who]
    drafts = OWN["coordinator"]
    opened = {key for key in drafts if client.get(address(f"reports/{key}/")).status_code == 200}
    assert opened == OWN[who]


def test_a_hidden_report_is_answered_like_one_that_is_not_there(world, drafts, viewer):
    program = program_of(viewer)
    hidden, missing = (program.get(address(f"reports/{key}/")) for key in ("2025-0002-3", "2025-0006-3"))
    assert (hidden.status_code, hidden.content) == (missing.status_code, missing.content)


def test_the_note_of_a_returned_report_goes_with_it(world, drafts, operator):
    assert program_of(operator).get(address("reports/2025-0002-3/")).json()["return_note"] == "Periksa"


@pytest.mark.parametrize("path", ["activities/", "progress/", "activities/2025-0002/"])
def test_drafts_are_in_no_figure_for_anybody(world, drafts, operator, viewer, path):
    asked = {"tw": "3"} if "2025" in path else TW3
    own, others = (program_of(user).get(address(path, **asked)).content for user in (operator, viewer))
    assert own == others
    for report in (world.houses.reports.get(period__quarter=3), *world.stopped.reports.all()):
        report.delete()
    assert program_of_again(viewer).get(address(path, **asked)).content == others


def program_of_again(user):
    user.api_tokens.all().delete()
    return program_of(user)
