"""Kept pages: fast, never out of date, and nobody reads another reader's name."""

import datetime

import pytest
from django.core.management import call_command
from django.urls import reverse

from tests import make
from tracker.models import Program
from tracker.models.history import data_version
from tracker.views import caching

pytestmark = pytest.mark.usefixtures("bands")

KEPT = ["overview", "strategies", "priorities", "opds", "programs", "reporting", "method"]


@pytest.mark.parametrize("name", KEPT)
def test_the_second_view_asks_only_who_reads_and_whether_anything_changed(
    as_secretary, name, django_assert_num_queries
):
    make.report(make.activity(), 3)
    first = as_secretary.get(reverse(name)).content
    with django_assert_num_queries(3):
        second = as_secretary.get(reverse(name)).content
    assert without_token(second) == without_token(first)


def without_token(html):
    """The page without its form token, which is new in every answer."""
    return [line for line in html.decode().splitlines() if "csrfmiddlewaretoken" not in line]


def test_a_kept_page_greets_each_reader_by_the_own_name(as_secretary, as_viewer, as_operator, viewer, operator):
    as_operator.get("/")
    page = as_viewer.get("/").content.decode()
    assert f"<span>{viewer}</span>" in page
    assert f"<span>{operator}</span>" not in page
    assert "<!--reader-->" not in page


def test_the_way_to_data_entry_shows_only_to_those_who_may_enter(as_secretary, as_viewer):
    assert "Isi data" in as_secretary.get("/").content.decode()
    assert "Isi data" not in as_viewer.get("/").content.decode()


def test_a_write_shows_on_the_next_view(as_viewer):
    program = make.program(name="Nama lama")
    make.activity(program)
    assert "Nama lama" in as_viewer.get("/program/").content.decode()
    program.name = "Nama baru"
    program.save()
    page = as_viewer.get("/program/").content.decode()
    assert ("Nama baru" in page, "Nama lama" in page) == (True, False)


def test_a_deletion_shows_on_the_next_view(as_viewer):
    make.program(name="Tetap")
    gone = make.program(name="Akan dihapus")
    make.activity(gone).delete()
    before = data_version()
    gone.delete()
    assert data_version() != before


def test_the_next_day_asks_again(as_viewer, monkeypatch, rf, viewer):
    request = rf.get("/")
    request.user = viewer
    today = caching.page_key(request)
    tomorrow = datetime.date.today() + datetime.timedelta(days=2)
    monkeypatch.setattr(caching.timezone, "localdate", lambda: tomorrow)
    assert caching.page_key(request) != today


def test_unknown_addresses_answer_the_same_every_time(as_viewer):
    assert [as_viewer.get("/?tw=9").status_code for _ in range(2)] == [400, 400]
    assert [as_viewer.get("/strategi/9/").status_code for _ in range(2)] == [404, 404]


def test_files_come_from_the_rows_and_not_from_a_kept_page(as_viewer):
    make.activity()
    as_viewer.get("/program/")
    assert as_viewer.get("/program/?format=csv")["Content-Type"].startswith("text/csv")


def test_clearing_the_sample_clears_the_pages(client, db, settings, monkeypatch):
    settings.DEBUG = True
    monkeypatch.setenv("SAMPLE_PASSWORD", "padi-kopi-karet")
    call_command("load_reference", verbosity=0)
    call_command("load_sample", year=2026, activities=12)
    real = make.program(name="Sungguhan", fiscal_year=2026, opd=make.opd("Dinsos"))
    make.activity(real)
    client.force_login(make.user("pembaca"))
    assert "Data contoh" in client.get("/program/?tahun=2026").content.decode()
    call_command("clear_sample", noinput=True)
    page = client.get("/program/?tahun=2026").content.decode()
    assert Program.objects.get() == real
    assert ("Sungguhan" in page, "Data contoh" in page) == (True, False)


@pytest.mark.parametrize("address", ["/realisasi/?tahun=2026&tw=3", "/sub-kegiatan/{ref}/?tw=3"])
def test_a_draft_kept_for_its_own_opd_shows_to_no_other_reader(
    as_operator, as_stranger, as_viewer, as_secretary, dinsos, address
):
    activity = make.activity(make.program(dinsos))
    make.report(activity, 3, status="draft", realised_budget=12_345_678, return_note="")
    address = address.format(ref=activity.ref)
    seen = {
        name: "Draf" in client.get(address).content.decode()
        for name, client in [
            ("operator", as_operator),
            ("stranger", as_stranger),
            ("viewer", as_viewer),
            ("secretary", as_secretary),
            ("operator again", as_operator),
        ]
    }
    assert seen == {"operator": True, "stranger": False, "viewer": False, "secretary": True, "operator again": True}


def test_the_way_to_change_a_sub_kegiatan_shows_to_those_who_may(
    as_operator, as_stranger, as_coordinator, as_viewer, as_secretary, dinsos
):
    address = make.activity(make.program(dinsos)).get_absolute_url()
    people = [as_operator, as_stranger, as_coordinator, as_viewer, as_secretary, as_operator]
    shown = ["Isi atau ubah" in client.get(address).content.decode() for client in people]
    assert shown == [True, False, False, False, True, True]
