"""The roles as groups, made by a command that can be run again, with exactly the rights they should have."""

from io import StringIO

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from tests import make
from tracker.models.scope import Role
from tracker.roles import create_roles

VERIFIER = """
view_activity view_district view_location view_opd view_partner view_period view_program view_report view_village
verify_report
"""
OPERATOR = """
view_district view_opd view_partner view_period view_village
add_activity add_location add_program add_report change_activity change_location change_program change_report
delete_activity delete_location delete_program delete_report view_activity view_location view_program view_report
"""


def rights(role):
    return set(Group.objects.get(name=role).permissions.values_list("codename", flat=True))


def said():
    out = StringIO()
    call_command("create_roles", stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_each_role_has_exactly_its_rights():
    Group.objects.all().delete()
    create_roles()
    assert rights(Role.LEADER) == set()
    assert rights(Role.VERIFIER) == set(VERIFIER.split())
    assert rights(Role.OPERATOR) == set(OPERATOR.split())
    everything = Permission.objects.filter(content_type__app_label="tracker").exclude(
        codename__regex="_(historical.*|registercounter|importbatch)$"
    )
    assert rights(Role.SECRETARIAT) == set(everything.values_list("codename", flat=True))


@pytest.mark.django_db
def test_a_second_run_adds_nothing_and_mends_what_was_bent():
    Group.objects.all().delete()
    assert said() == "Peran dibuat: Sekretariat TKPK, Verifikator, Operator OPD, dan Pimpinan.\n"
    group = Group.objects.get(name=Role.LEADER)
    group.permissions.set(Permission.objects.all())
    person = make.user("orang", Role.VERIFIER)
    assert said().startswith("Peran sudah ada, haknya disesuaikan: Sekretariat TKPK, Verifikator")
    assert rights(Role.LEADER) == set()
    assert person.groups.get().name == Role.VERIFIER


@pytest.mark.django_db
def test_reference_data_come_with_the_roles():
    Group.objects.all().delete()
    call_command("load_reference", stdout=StringIO())
    assert set(Group.objects.values_list("name", flat=True)) == set(Role.values)
