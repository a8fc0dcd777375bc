"""Who comes in, what the start page says, what the lists show and what their addresses may ask."""

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import make
from tests.admin.browser_form import sent_by
from tests.conftest import signed_in
from tracker.models import Opd, Strategy, User

MODELS = [model for model in admin.site._registry if model._meta.app_label == "tracker"]


def a_list(model):
    return reverse(f"admin:tracker_{model._meta.model_name}_changelist")


@pytest.fixture
def world(dinsos, bands):
    """At least one row of everything."""
    make.periods(2025)
    make.strategy(1), make.priority(), make.partner(), make.indicator(), make.obstacle_category()
    return make_work(dinsos)


def make_work(opd):
    village = make.village(f"16.04.0{make.Village.objects.count() + 1}.2001")
    program = make.program(opd, 2025, strategy=make.strategy(1))
    activity = make.activity(program)
    make.location(activity, village.district, village=village)
    make.report(activity, 1)
    make.user()
    return activity


def test_the_way_in_is_the_page_for_everybody(as_nobody):
    answer = as_nobody.get("/admin/tracker/program/")
    assert (answer.status_code, answer.url) == (302, "/masuk/?next=/admin/tracker/program/")


def test_staff_without_a_role_see_no_data(world):
    client = signed_in(make.user(is_staff=True))
    assert client.get("/admin/").context["app_list"] == []
    assert client.get(a_list(type(world))).status_code == 403


def test_who_may_not_enter_data_is_told_so_instead_of_being_sent_around(as_viewer):
    answer = as_viewer.get("/admin/", follow=True)
    assert answer.status_code == 403


def test_leaving_the_admin_ends_the_session(as_secretary):
    assert as_secretary.post(reverse("admin:logout")).status_code == 302
    assert "_auth_user_id" not in as_secretary.session


def test_the_start_page_says_what_to_do_next(as_secretary, world):
    steps = as_secretary.get("/admin/").context["next_steps"]
    assert len(steps) == 5
    assert all(step.action and step.state for step in steps)
    for step in steps:
        assert as_secretary.get(step.url, follow=True).status_code == 200
        assert "e=1" not in step.url


def test_the_start_page_counts_what_is_missing(as_secretary, dinsos, monkeypatch):
    monkeypatch.setattr("tracker.workplace.quarter.latest_ended_quarter", lambda today: (2025, 3))
    program = make.program(dinsos, 2025)
    make.report(make.activity(program), 3)
    make.activity(program), make.activity(program, starts_quarter=4), make.activity(program, revised_budget=0)
    step = as_secretary.get("/admin/").context["next_steps"][3]
    assert (step.action, step.state) == ("Isi realisasi TW III 2025", "2 sub kegiatan ditagih, 1 belum ada laporan.")
    rows = as_secretary.get(step.url).context["cl"].result_list
    assert len(rows) == 1


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_list_form_and_history_of_everything_open(as_secretary, world, model):
    listed = as_secretary.get(a_list(model))
    assert listed.status_code == 200
    assert not model.objects.exists() or listed.context["cl"].result_count
    record = model.objects.first()
    if record:
        for kind in ("change", "history"):
            page = as_secretary.get(reverse(f"admin:tracker_{model._meta.model_name}_{kind}", args=[record.pk]))
            assert page.status_code == 200
            assert " style=" not in page.content.decode()
    assert " style=" not in listed.content.decode()


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_list_of_three_asks_as_many_questions_as_a_list_of_one(
    as_secretary, world, dinsos, dinkes, model, django_assert_num_queries
):
    as_secretary.get(a_list(model))
    with CaptureQueriesContext(connection) as few:
        as_secretary.get(a_list(model))
    for _ in range(2):
        make_work(dinkes)
    with django_assert_num_queries(len(few)):
        as_secretary.get(a_list(model))


ODD = [
    "name__regex=(",
    "name__regex=(a%2B)%2B$",
    "x__regex=(",
    "budget=1e999999",
    "budget__gt=1",
    "e=1",
    "p=abc",
    "p=-1",
    "p=99999",
    "o=abc",
    "o=99.-99",
    "q=%00",
    "q=%22",
    "all=",
    "fiscal_year=%00",
    "fiscal_year=abc",
    "fiscal_year=99999999999999999999",
    "program__fiscal_year=99999999999999999999",
    "program__fiscal_year=1e5",
    "opd__id__exact=99999999999999999999",
    "opd__id__exact=abc",
    "opd__id__exact=-1",
    "opd__isnull=abc",
    "status__exact=%00",
    "tanpa_laporan=2025-9",
    "tanpa_laporan=x",
    "belum_dipetakan=entah",
    "_facets=True",
    "password__startswith=a",
    "_popup=1",
    "_to_field=name",
]


@pytest.mark.parametrize("model", ["activity", "program", "report", "user", "opd", "period"])
def test_an_odd_address_is_never_a_server_error(as_secretary, world, model):
    answers = {query: as_secretary.get(f"/admin/tracker/{model}/?{query}", follow=True).status_code for query in ODD}
    assert answers.pop("_to_field=name") in (200, 400)
    assert set(answers.values()) == {200}, answers


def test_an_unknown_filter_is_dropped_with_a_word(as_secretary, world):
    answer = as_secretary.get("/admin/tracker/activity/?name__regex=(", follow=True)
    assert [str(message) for message in answer.context["messages"]] == [
        "Saringan pada alamat itu tidak dikenal, jadi semua baris ditampilkan."
    ]
    assert answer.redirect_chain[-1][0] == "/admin/tracker/activity/"


@pytest.mark.parametrize("term", ["%00", "dinas%00", "(", "x" * 5000, "%25"])
def test_odd_suggestions_are_never_a_server_error(as_secretary, world, term):
    address = f"/admin/autocomplete/?app_label=tracker&model_name=program&field_name=opd&term={term}"
    assert as_secretary.get(address).status_code == 200


def test_suggested_villages_name_their_district(as_secretary, world):
    address = "/admin/autocomplete/?app_label=tracker&model_name=location&field_name=village&term=2001"
    [result] = as_secretary.get(address).json()["results"]
    assert result["text"] == "Desa Desa 16.04.01.2001, Kec. Kecamatan 16.04.01"


def test_strategies_are_renamed_but_neither_added_nor_deleted(as_secretary):
    strategy = make.strategy(1)
    change = reverse("admin:tracker_strategy_change", args=[strategy.pk])
    assert as_secretary.get(reverse("admin:tracker_strategy_add")).status_code == 403
    assert as_secretary.post(reverse("admin:tracker_strategy_add"), {"number": 2}).status_code == 403
    assert as_secretary.post(reverse("admin:tracker_strategy_delete", args=[strategy.pk])).status_code == 403
    as_secretary.post(change, sent_by(as_secretary.get(change), name="Nama lain", number="3"))
    assert list(Strategy.objects.values_list("number", "name")) == [(1, "Nama lain")]


def test_unverified_opd_names_are_marked_and_found_by_their_aliases(as_secretary):
    make.opd("Perkim", name="Dinas Perumahan", aliases="Disperkim|PU Perkim")
    make.opd("Dinsos", is_verified=True)
    answer = as_secretary.get("/admin/tracker/opd/?q=disperkim")
    assert [opd.short_name for opd in answer.context["cl"].result_list] == ["Perkim"]
    assert '<td class="field-verification">belum diverifikasi</td>' in answer.content.decode()
    answer = as_secretary.get("/admin/tracker/opd/?belum_diverifikasi=tidak")
    assert [opd.short_name for opd in answer.context["cl"].result_list] == ["Dinsos"]


def test_what_is_in_use_is_not_deleted_and_says_by_what(as_secretary, world):
    opd = world.program.opd
    delete = reverse("admin:tracker_opd_delete", args=[opd.pk])
    for answer in (as_secretary.get(delete), as_secretary.post(delete, {"post": "yes"})):
        assert "tidak dapat dihapus karena masih dipakai" in answer.content.decode()
        assert world.program.name in answer.content.decode()
    assert Opd.objects.filter(pk=opd.pk).exists()


def test_history_names_the_person_and_the_change_and_offers_no_way_back(as_secretary, world):
    change = reverse("admin:tracker_activity_change", args=[world.pk])
    as_secretary.post(change, sent_by(as_secretary.get(change), budget="2.500.000"))
    page = as_secretary.get(reverse("admin:tracker_activity_history", args=[world.pk]))
    html = page.content.decode()
    assert "<td>sekretariat</td>" in html
    assert "<strong>Pagu:</strong> Rp\u00a01.000.000 → Rp\u00a02.500.000" in html
    assert "Versi" not in html
    entry = world.history.first()
    assert as_secretary.get(f"/admin/tracker/activity/{world.pk}/history/{entry.pk}/").status_code in (302, 404)


def test_a_user_is_made_with_a_password_and_an_opd(as_secretary, dinsos):
    add = reverse("admin:tracker_user_add")
    password = "padi-kuning-di-sawah"
    answer = as_secretary.post(
        add,
        sent_by(as_secretary.get(add), username="budi", password1=password, password2=password, opd=dinsos.pk),
    )
    assert answer.status_code == 302
    user = User.objects.get(username="budi")
    assert user.check_password(password)
    assert (user.opd, user.is_active, user.is_superuser) == (dinsos, True, False)


def test_a_priority_of_another_year_is_added(as_secretary):
    add = reverse("admin:tracker_priority_add")
    as_secretary.post(add, sent_by(as_secretary.get(add), rkpd_year="2027", number="1", name="Baru"))
    assert make.priority(2027, 1).name == "Baru"


def test_sample_rows_are_marked(as_secretary, dinsos):
    make.program(dinsos, is_sample=True)
    assert '<td class="field-sample">contoh</td>' in as_secretary.get("/admin/tracker/program/").content.decode()
