"""A year carried over: the preview shows what the button then does, and nothing is copied twice or unseen."""

import threading

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import make
from tests.conftest import signed_in
from tests.reading import attributes, elements, page, text, words
from tracker import carrying_over
from tracker.models import Activity, Location, Period, Program, Report

ADDRESS = reverse("admin:tracker_period_carry_over")


@pytest.fixture
def last_year(dinsos, dinkes):
    """Two programs of 2025 to carry over and one that 2026 has already."""
    make.periods(2025)
    program = make.program(dinsos, 2025, name="Perlindungan", code="1.06.05")
    revised = make.activity(program, name="Sembako", budget=900, revised_budget=700)
    make.activity(program, name="Berhenti", budget=300, revised_budget=0)
    make.location(revised, make.district("16.04.06")), make.location(revised, make.district("16.04.07"))
    make.report(revised, 1)
    make.activity(make.program(dinkes, 2025, name="Gizi"), name="Posyandu", budget=2_000)
    make.activity(make.program(dinkes, 2025, name="Air", code="1.02.02"), name="Sumur", budget=50)
    make.program(dinkes, 2026, name="Air bersih", code="1.02.02")
    return program


def preview(client, year=2026):
    return client.get(ADDRESS, {"year": year})


def hidden(response):
    """What the confirm button sends."""
    fields = [attributes(node) for node in elements(page(response), "input")]
    return {field["name"]: field["value"] for field in fields if field["name"] in ("year", "seen")}


def tables(response):
    return [
        [" | ".join(words(cell) for cell in elements(row, "th", "td")) for row in elements(table, "tr")][1:]
        for table in elements(page(response), "table")
    ]


def test_the_list_of_periods_offers_the_year_after_the_last_with_programs(as_secretary, last_year):
    html = as_secretary.get(reverse("admin:tracker_period_changelist")).content.decode()
    assert f'<form action="{ADDRESS}">' in html
    assert 'name="year" value="2027"' in html


def test_the_preview_says_what_will_be_copied_what_not_and_why(as_secretary, last_year):
    answer = preview(as_secretary)
    assert tables(answer) == [
        ["Dinkes | 1 | 1 | 0 | Rp 2.000", "Dinsos | 1 | 1 | 2 | Rp 700", "Jumlah | 2 | 2 | 2 | Rp 2.700"],
        [
            "Dinkes | Program Air, dengan semua sub kegiatannya | Kode 1.02.02 sudah ada pada 2026.",
            "Dinsos | Sub kegiatan 2025-0002 Berhenti | Dihentikan: pagu perubahannya 0.",
        ],
    ]
    assert "2 program, 2 sub kegiatan, dan 2 lokasi akan disalin, dengan pagu Rp 2.700." in text(answer)
    assert "ikut dibuka: TW I, TW II, TW III, dan TW IV" in text(answer)


def test_looking_changes_nothing(as_secretary, last_year):
    preview(as_secretary)
    assert Program.objects.of_year(2026).count() == 1
    assert not Period.objects.of_year(2026).exists()


def test_the_button_does_what_the_preview_showed(as_secretary, last_year):
    answer = as_secretary.post(ADDRESS, hidden(preview(as_secretary)), follow=True)
    assert answer.redirect_chain[-1][0] == "/admin/tracker/program/?fiscal_year=2026"
    assert [str(message) for message in answer.context["messages"]] == [
        "Disalin ke tahun anggaran 2026: 2 program, 2 sub kegiatan, 2 lokasi."
    ]
    new = Activity.objects.of_year(2026)
    assert list(new.values_list("program__name", "name", "budget", "revised_budget").order_by("name")) == [
        ("Gizi", "Posyandu", 2_000, None),
        ("Perlindungan", "Sembako", 700, None),
    ]
    assert Location.objects.filter(activity__in=new).count() == 2
    assert Period.objects.of_year(2026).count() == 4
    assert Report.objects.of_year(2026).count() == 0
    assert {entry.history_user_name for entry in Activity.history.filter(ref__startswith="2026")} == {"sekretariat"}


def test_a_second_click_copies_nothing_twice(as_secretary, last_year):
    sent = hidden(preview(as_secretary))
    as_secretary.post(ADDRESS, sent)
    answer = as_secretary.post(ADDRESS, sent)
    assert "Semua program 2025 sudah ada pada 2026; tidak ada yang perlu disalin." in text(answer)
    assert hidden(answer) == {}
    assert Program.objects.of_year(2026).count() == 3


@pytest.mark.parametrize("what", ["budget", "location", "program", "twin", "period"])
def test_an_outdated_preview_is_shown_anew_and_nothing_is_copied(as_secretary, last_year, dinsos, what):
    sent = hidden(preview(as_secretary))
    activity = Activity.objects.get(name="Sembako")
    if what == "budget":
        activity.revised_budget = 800
        activity.save()
    elif what == "location":
        activity.locations.first().delete()
    elif what == "program":
        make.program(dinsos, 2025)
    elif what == "twin":
        make.program(dinsos, 2026, name="Perlindungan")
    else:
        make.period(2026, 1)
    before = Program.objects.of_year(2026).count()
    answer = as_secretary.post(ADDRESS, sent)
    assert "Belum ada yang disalin: data sudah berubah sesudah pratinjau dibuka." in text(answer)
    assert Program.objects.of_year(2026).count() == before
    # What is shown now can be confirmed.
    assert as_secretary.post(ADDRESS, hidden(answer)).status_code == 302


def test_a_forged_confirmation_copies_nothing(as_secretary, last_year):
    for seen in ("", "abc"):
        as_secretary.post(ADDRESS, {"year": 2026, "seen": seen})
    assert Program.objects.of_year(2026).count() == 1


def test_preview_and_copy_come_from_the_same_plan(last_year):
    planned = carrying_over.plan_for(from_year=2025, to_year=2026).counts
    assert carrying_over.carry_over(from_year=2025, to_year=2026) == planned
    assert (planned.programs, planned.activities, planned.locations) == (2, 2, 2)
    assert (planned.programs_already_there, planned.activities_stopped) == (1, 1)


@pytest.mark.parametrize("year", ["", "abc", "1999", "2999", "1e9"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_an_odd_year_is_explained(as_secretary, last_year, method, year):
    answer = getattr(as_secretary, method)(ADDRESS, {"year": year}, follow=True)
    assert len(answer.context["messages"]) == 1
    assert Program.objects.of_year(2026).count() == 1


def test_a_year_without_programs_says_so(as_secretary, db):
    assert "Tahun anggaran 2025 tidak mempunyai program." in text(preview(as_secretary))


def test_only_the_sekretariat_may_carry_over(as_operator, as_secretary, last_year, operator):
    sent = hidden(preview(as_secretary))
    assert as_operator.get(ADDRESS, {"year": 2026}).status_code == 403
    assert as_operator.post(ADDRESS, sent).status_code == 403
    assert Program.objects.of_year(2026).count() == 1


def test_the_preview_asks_as_many_questions_for_many_as_for_few(
    as_secretary, last_year, dinsos, django_assert_num_queries
):
    preview(as_secretary)
    with CaptureQueriesContext(connection) as few:
        preview(as_secretary)
    for number in range(5):
        make.location(make.activity(make.program(dinsos, 2025)), make.district("16.04.06"))
        make.activity(make.program(make.opd(f"OPD {number}"), 2025), revised_budget=0)
    with django_assert_num_queries(len(few)):
        preview(as_secretary)


@pytest.mark.skipif(connection.vendor == "sqlite", reason="in memory, threads lock each other out")
@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_the_same_moment_copy_once(secretary, last_year):
    sent = hidden(preview(signed_in(secretary)))
    clients = [signed_in(secretary) for _ in range(4)]
    start, codes = threading.Barrier(4), []

    def click(client):
        start.wait()
        codes.append(client.post(ADDRESS, sent).status_code)
        connections.close_all()

    threads = [threading.Thread(target=click, args=[client]) for client in clients]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(codes) == [200, 200, 200, 302]
    assert Program.objects.of_year(2026).count() == 3
