"""Roles are given in the user form. Nobody locks himself out, nobody gives more than he has, one Sekretariat stays."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from django_otp.plugins.otp_totp.models import TOTPDevice

from tests import make
from tests.admin.browser_form import sent_by
from tests.conftest import signed_in
from tracker import second_factor
from tracker.models import User
from tracker.models.scope import Role


def page(user, kind="change"):
    return reverse(f"admin:tracker_user_{kind}", args=[user.pk])


def rights_of(user):
    user = User.objects.get(pk=user.pk)
    return user.is_active, user.is_staff, user.is_superuser, user.roles


def keys(*roles):
    return [str(make.group(role).pk) for role in roles]


SECRETARY = (True, True, False, {Role.SECRETARIAT})


@pytest.fixture
def second(db):
    return make.user("kedua", Role.SECRETARIAT)


@pytest.fixture
def installer(db):
    """The superuser who set the program up."""
    return make.user("pemasang", is_staff=True, is_superuser=True)


@pytest.fixture
def clerk(db):
    """Manages accounts by single permissions, without any role."""
    clerk = make.user("pengelola-akun", is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(content_type__model="user"))
    return clerk


def test_nobody_takes_rights_from_himself(as_secretary, secretary, second):
    sent = sent_by(as_secretary.get(page(secretary)), email="sekretariat@lahat.example")
    assert not {"is_active", "groups"} & set(sent)
    assert as_secretary.post(page(secretary), sent | {"is_active": "", "groups": ""}).status_code == 302
    assert rights_of(secretary) == SECRETARY
    assert User.objects.get(pk=secretary.pk).email == "sekretariat@lahat.example"


def test_a_second_secretary_can_be_retired_but_not_the_last(as_secretary, second):
    sent = sent_by(as_secretary.get(page(second)))
    del sent["is_active"], sent["groups"]
    assert as_secretary.post(page(second), sent).status_code == 302
    assert rights_of(second) == (False, False, False, frozenset())


def test_the_last_secretary_keeps_the_rights_whoever_asks(secretary, installer):
    installer.is_active = False
    installer.save()
    other = make.user("akan-pergi", Role.SECRETARIAT)
    client = signed_in(other)
    User.objects.filter(pk=other.pk).update(is_active=True)
    other.groups.clear()
    other.user_permissions.set(Permission.objects.filter(content_type__model="user"))
    assert client.post(page(secretary), {"username": "sekretariat"}).status_code == 403
    assert client.post(page(secretary, "delete"), {"post": "yes"}).status_code == 403
    assert rights_of(secretary) == SECRETARY


def test_nobody_deletes_his_own_account(as_secretary, secretary, second):
    assert as_secretary.post(page(secretary, "delete"), {"post": "yes"}).status_code == 403
    assert as_secretary.post(page(second, "delete"), {"post": "yes"}).status_code == 302


@pytest.mark.parametrize("role", Role)
def test_a_role_brings_its_way_into_data_entry(as_secretary, dinsos, role):
    person = make.user("orang", opd=dinsos)
    answer = as_secretary.post(page(person), sent_by(as_secretary.get(page(person)), groups=keys(role)))
    assert answer.status_code == 302
    assert rights_of(person) == (True, role != Role.LEADER, False, {role})
    assert signed_in(person).get("/admin/", follow=True).status_code == (403 if role == Role.LEADER else 200)


def test_a_change_of_role_is_in_the_history(as_secretary, secretary):
    person = make.user("orang")
    as_secretary.post(page(person), sent_by(as_secretary.get(page(person)), groups=keys(Role.VERIFIER)))
    entry = User.objects.get(pk=person.pk).history.first()
    assert (entry.history_user_name, entry.history_change_reason) == ("sekretariat", "Peran: Verifikator")


def test_an_operator_needs_an_opd(as_secretary):
    person = make.user("orang")
    answer = as_secretary.post(page(person), sent_by(as_secretary.get(page(person)), groups=keys(Role.OPERATOR)))
    assert list(answer.context["adminform"].form.errors) == ["opd"]
    assert rights_of(person)[3] == frozenset()


def test_a_new_account_is_made_with_its_role_and_opd(as_secretary, dinsos):
    add = reverse("admin:tracker_user_add")
    given = {"username": "baru", "password1": "hujan-turun-di-Jarai", "password2": "hujan-turun-di-Jarai"}
    sent = sent_by(as_secretary.get(add), **given, groups=keys(Role.OPERATOR), opd=str(dinsos.pk))
    assert as_secretary.post(add, sent).status_code == 302
    made = User.objects.get(username="baru")
    assert (made.opd, made.is_staff, made.is_operator) == (dinsos, True, True)


def test_the_form_says_what_each_role_may_do_and_nothing_of_hashes(as_secretary, second):
    html = as_secretary.get(page(second)).content.decode()
    for words in ("algoritme", "pbkdf2", "md5", "iterasi", "Status staf", "Status superuser", "atau sedikit"):
        assert words not in html, words
    for words in ("Sudah ada kata sandi.", *Role.values, "mengunci triwulan", "bukan laporan OPD-nya sendiri"):
        assert words in html, words


# Nobody gives rights above his own


def test_only_an_administrator_makes_another_one(as_secretary, installer):
    person = make.user("orang")
    sent = sent_by(as_secretary.get(page(person)), is_superuser="on")
    assert as_secretary.post(page(person), sent).status_code == 302
    assert not rights_of(person)[2]
    client = signed_in(installer)
    assert client.post(page(person), sent_by(client.get(page(person)), is_superuser="on")).status_code == 302
    assert rights_of(person)[:3] == (True, True, True)


def test_the_account_of_an_administrator_is_out_of_reach_of_the_sekretariat(as_secretary, installer):
    """Its password or its address would be a way to its rights."""
    before = User.objects.get(pk=installer.pk).password
    opened = as_secretary.get(page(installer))
    assert sent_by(opened) == {} or "username" not in sent_by(opened)
    assert as_secretary.post(page(installer), {"username": "milik-saya", "version": "1"}).status_code == 403
    given = {"password1": "hujan-turun-di-Jarai", "password2": "hujan-turun-di-Jarai"}
    assert as_secretary.post(f"/admin/tracker/user/{installer.pk}/password/", given).status_code == 403
    assert as_secretary.post(page(installer, "delete"), {"post": "yes"}).status_code == 403
    assert User.objects.get(pk=installer.pk).password == before


@pytest.mark.parametrize("role", [Role.SECRETARIAT, Role.VERIFIER, Role.OPERATOR])
def test_somebody_who_only_manages_accounts_gives_no_role_he_has_not(clerk, dinsos, role):
    person, client = make.user("orang", opd=dinsos), signed_in(clerk)
    answer = client.post(page(person), sent_by(client.get(page(person)), groups=keys(role)))
    assert list(answer.context["adminform"].form.errors) == ["groups"]
    assert rights_of(person)[3] == frozenset()


def test_somebody_who_only_manages_accounts_does_not_reach_the_sekretariat(clerk, secretary):
    client = signed_in(clerk)
    assert client.post(page(secretary), {"username": "milik-saya"}).status_code == 403
    assert client.post(f"/admin/tracker/user/{secretary.pk}/password/", {"password1": "x"}).status_code == 403


@pytest.mark.parametrize("who", ["operator", "coordinator", "viewer"])
def test_the_others_do_not_reach_accounts_at_all(request, second, who):
    client = signed_in(request.getfixturevalue(who))
    for address in (page(second), page(second, "history"), page(second, "delete"), "/admin/tracker/user/"):
        assert client.get(address, follow=True).status_code == 403
    assert client.post(page(second), {"username": "milik-saya"}, follow=True).status_code == 403


@pytest.mark.parametrize("key", ["abc", "999999", "1' OR 1=1", ""])
def test_an_odd_role_is_refused(as_secretary, key):
    person = make.user("orang")
    answer = as_secretary.post(page(person), sent_by(as_secretary.get(page(person)), groups=[key]))
    assert list(answer.context["adminform"].form.errors) == ["groups"]


def test_a_group_that_is_no_role_is_not_offered(as_secretary):
    foreign, person = Group.objects.create(name="Lain"), make.user("orang")
    answer = as_secretary.post(page(person), sent_by(as_secretary.get(page(person)), groups=[str(foreign.pk)]))
    assert list(answer.context["adminform"].form.errors) == ["groups"]


def test_a_role_taken_away_acts_on_the_next_request(operator, as_operator):
    assert as_operator.get("/admin/tracker/program/").status_code == 200
    operator.groups.clear()
    assert as_operator.get("/admin/tracker/program/").status_code == 403


# A lost telephone


@pytest.fixture
def with_code(secretary):
    """Somebody of the Sekretariat, of the Verifikator and the administrator, each with a code from a telephone."""
    people = [secretary, make.user("verifikator-hp", Role.VERIFIER), make.user("pemasang-hp", is_superuser=True)]
    for person in people:
        TOTPDevice.objects.create(user=person, key=second_factor.new_key(), name="Telepon")
    return people


def test_the_sekretariat_turns_off_the_code_of_a_lost_telephone(as_secretary, with_code):
    other = with_code[1]
    assert as_secretary.post(page(other), sent_by(as_secretary.get(page(other)))).status_code == 302
    assert second_factor.is_on(other)
    answer = as_secretary.post(page(other), sent_by(as_secretary.get(page(other)), without_code="on"))
    assert answer.status_code == 302
    assert not second_factor.is_on(other)
    entry = other.history.first()
    assert (entry.history_user_name, entry.history_change_reason) == (
        "sekretariat",
        "Kode masuk dari telepon dimatikan",
    )
    assert "without_code" not in as_secretary.get(page(other)).content.decode()


def test_neither_the_own_code_nor_that_of_an_administrator_is_turned_off_there(as_secretary, with_code):
    own, _, administrator = with_code
    as_secretary.post(page(own), sent_by(as_secretary.get(page(own)), without_code="on"))
    as_secretary.post(page(administrator), {"username": "pemasang-hp", "without_code": "on"})
    assert [second_factor.is_on(person) for person in with_code] == [True, True, True]
