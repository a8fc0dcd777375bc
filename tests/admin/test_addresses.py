"""Addresses and forms with ids that nobody's row can have end in words, never in a server error."""

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from tests import make
from tests.admin.browser_form import sent_by
from tracker.models import Program

MODELS = [model._meta.model_name for model in admin.site._registry if model._meta.app_label == "tracker"]
NO_ID = ["abc", "1\0", "9999999999999999999999", "-1", "1,2"]
PROGRAM_ADD = reverse("admin:tracker_program_add")


@pytest.mark.parametrize("page", ["history", "change", "delete"])
@pytest.mark.parametrize("model", MODELS)
def test_the_page_of_a_malformed_id_is_not_found(as_secretary, model, page):
    found = {
        key: as_secretary.get(f"/admin/tracker/{model}/{key}/{page}/").status_code for key in ("abc", "1e5", "9" * 22)
    }
    assert set(found.values()) <= ({404} if page == "history" else {302, 403, 404}), found


@pytest.mark.parametrize("key", NO_ID)
@pytest.mark.parametrize(
    "address", ["activity/add/?program=", "report/add/?activity=", "user/add/?opd=", "program/add/?partners="]
)
def test_a_form_opened_for_something_malformed_is_empty(as_secretary, address, key):
    path, _, name = address.rstrip("=").partition("?")
    assert as_secretary.get(f"/admin/tracker/{path}", {name: key}).status_code == 200


@pytest.mark.parametrize("key", NO_ID)
@pytest.mark.parametrize("field", ["opd", "partners", "strategy"])
def test_a_malformed_choice_is_refused_at_its_field(as_secretary, dinsos, field, key):
    sent = sent_by(as_secretary.get(PROGRAM_ADD), fiscal_year="2025", opd=dinsos.pk, name="Baru") | {field: key}
    answer = as_secretary.post(PROGRAM_ADD, sent)
    assert answer.status_code == 200
    assert list(answer.context["adminform"].form.errors) == [field]
    assert not Program.objects.exists()


@pytest.mark.parametrize("field", ["activity", "locations", "reports", "code", "history"])
@pytest.mark.parametrize("model", ["fundingsource", "activity", "program"])
def test_suggestions_are_made_only_for_choices(as_secretary, model, field):
    address = f"/admin/autocomplete/?app_label=tracker&model_name={model}&field_name={field}"
    assert as_secretary.get(address).status_code == 403


def test_the_page_between_start_and_list_is_the_start_page(as_secretary):
    assert as_secretary.get("/admin/tracker/").url == "/admin/"


@pytest.mark.parametrize("is_debug", [False, True])
def test_an_outdated_form_says_how_to_keep_what_was_typed(secretary, settings, is_debug):
    settings.DEBUG = is_debug
    client = Client(enforce_csrf_checks=True)
    client.force_login(secretary)
    answer = client.post(PROGRAM_ADD, {"name": "Baru"})
    html = answer.content.decode()
    assert answer.status_code == 403
    assert "<h1>Formulir ini sudah kedaluwarsa, jadi belum ada yang disimpan.</h1>" in html
    assert "salin isian Anda" in html
    assert " style=" not in html and "<script" not in html and "<style" not in html
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_the_resend_of_a_form_with_malformed_ids_is_refused_too(as_secretary):
    add = reverse("admin:tracker_activity_add")
    answer = as_secretary.post(add, sent_by(as_secretary.get(add), program="1\0", name="Baru"))
    assert answer.status_code == 200
    assert "program" in answer.context["adminform"].form.errors
    assert make.Activity.objects.count() == 0
