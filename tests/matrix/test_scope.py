"""The rules of tracker/models/scope.py by themselves: what pages and forms ask, without a page or a form."""

import pytest
from django.contrib.auth.models import AnonymousUser

from tests.matrix.world import matrix_world
from tracker.models import Activity, Location, Opd, Program, Report
from tracker.models.scope import may_write

MODELS = (Opd, Program, Activity, Location, Report)


@pytest.fixture
def world(db):
    return matrix_world()


def opds_of(queryset) -> set[str]:
    path = queryset.model.opd_path
    return set(queryset.values_list("short_name" if path == "pk" else f"{path}__short_name", flat=True))


def test_whom_everybody_works_with_and_for_whom_he_writes(world):
    both = {"Dinsos", "Dinkes"}
    expected = {  # whose rows the person works with, whose he writes
        "gone": (both, both),  # still active here
        "leader": (set(), set()),
        "bare": ({"Dinsos"}, set()),
        "homeless": (set(), set()),
        "verifier": (both, set()),
        "insider": (both, set()),
        "operator": ({"Dinsos"}, {"Dinsos"}),
        "stranger": ({"Dinkes"}, {"Dinkes"}),
        "both": (both, {"Dinsos"}),
        "secretary": (both, both),
        "installer": (both, both),
    }
    found = {
        who: {
            (frozenset(opds_of(rows.workable_by(user))), frozenset(opds_of(rows.editable_by(user))))
            for rows in all_rows()
        }
        for who, user in world.people.items()
        if user
    }
    assert found == {who: {(frozenset(works), frozenset(writes))} for who, (works, writes) in expected.items()}


def all_rows():
    return [model.objects.all() for model in MODELS]


def test_a_record_at_hand_is_judged_like_the_rows_of_a_list(world):
    for who, user in world.people.items():
        for rows in all_rows():
            editable = set(rows.editable_by(user)) if user else set()
            judged = {record for record in rows if may_write(user or AnonymousUser(), record)}
            assert judged == editable, who


def test_whoever_is_not_signed_in_or_deactivated_reads_and_writes_nothing(world):
    """Sessions of such accounts end before this is asked; it holds for whatever else may ask."""
    people = [user for user in world.people.values() if user]
    for user in people:
        user.is_active = False
    for user in [*people, AnonymousUser()]:
        for rows in all_rows():
            assert not rows.workable_by(user).exists() and not rows.editable_by(user).exists()
            assert not any(may_write(user, record) for record in rows)
        assert not Report.objects.visible_to(user).exists()


def test_drafts_and_returned_reports_are_for_the_own_opd_and_those_who_judge(world):
    hidden = Report.objects.filter(status__in=("draft", "returned"))
    readers = {who: opds_of(hidden.visible_to(user)) for who, user in world.people.items() if user and who != "gone"}
    both = {"Dinsos", "Dinkes"}
    everybody = dict.fromkeys(("verifier", "insider", "both", "secretary", "installer"), both)
    own = {"operator": {"Dinsos"}, "bare": {"Dinsos"}, "stranger": {"Dinkes"}}
    assert readers == everybody | own | {"leader": set(), "homeless": set()}
    counted = Report.objects.counted()
    assert all(set(counted.visible_to(user)) == set(counted) for user in world.people.values() if user)
