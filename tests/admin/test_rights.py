"""Nobody locks himself out, one Sekretariat always remains, and the form says what each right means."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from tests import make
from tests.admin.browser_form import sent_by
from tests.conftest import signed_in

RIGHTS = ["is_active", "is_staff", "is_superuser"]


def page(user, kind="change"):
    return reverse(f"admin:tracker_user_{kind}", args=[user.pk])


def rights_of(user):
    user.refresh_from_db()
    return [getattr(user, right) for right in RIGHTS]


@pytest.fixture
def second(db):
    return make.user("kedua", is_staff=True, is_superuser=True)


def test_nobody_takes_rights_from_himself(as_secretary, secretary, second):
    sent = sent_by(as_secretary.get(page(secretary)), email="sekretariat@lahat.example")
    assert not set(RIGHTS) & set(sent)
    assert as_secretary.post(page(secretary), sent | dict.fromkeys(RIGHTS, "")).status_code == 302
    assert rights_of(secretary) == [True, True, True]
    assert secretary.email == "sekretariat@lahat.example"


def test_a_second_secretary_can_be_retired_but_not_the_last(as_secretary, secretary, second):
    sent = sent_by(as_secretary.get(page(second)))
    for right in RIGHTS:
        del sent[right]
    as_secretary.post(page(second), sent)
    assert rights_of(second) == [False, False, False]


def test_the_last_secretary_keeps_the_rights_whoever_asks(secretary):
    """Also when somebody who manages accounts is no superuser."""
    clerk = make.user("pengelola-akun", is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(content_type__model="user"))
    client = signed_in(clerk)
    sent = sent_by(client.get(page(secretary)))
    assert client.post(page(secretary), sent).status_code == 302
    assert rights_of(secretary) == [True, True, True]
    assert client.post(page(secretary, "delete"), {"post": "yes"}).status_code == 403


def test_nobody_deletes_his_own_account(as_secretary, secretary, second):
    assert as_secretary.post(page(secretary, "delete"), {"post": "yes"}).status_code == 403
    assert as_secretary.post(page(second, "delete"), {"post": "yes"}).status_code == 302


def test_the_form_of_a_user_says_what_the_rights_mean_and_nothing_of_hashes(as_secretary, second):
    html = as_secretary.get(page(second)).content.decode()
    assert "Sudah ada kata sandi." in html
    for words in ("algoritme", "pbkdf2", "md5", "iterasi", "Status staf", "Status superuser", "atau sedikit"):
        assert words not in html, words
    for words in ("Boleh mengisi data", "Boleh membuka halaman “Isi data”", "Sekretariat TKPK"):
        assert words in html, words
