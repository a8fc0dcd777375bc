"""The history of one record in data entry: whose it is to read, what it says, and whom each way of saving names."""

import datetime

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from simple_history.models import HistoricalRecords

from tests import make
from tests.admin.browser_form import sent_by
from tests.changing import change
from tests.conftest import signed_in
from tests.reading import elements, page, text, words
from tracker.admin.record_history import was_within_reach
from tracker.models import (
    Activity,
    IndicatorValue,
    Location,
    Opd,
    Partner,
    Period,
    PovertyPocket,
    Program,
    Report,
    User,
)
from tracker.models.history import create_many
from tracker.models.scope import Role


def history_page(record, pk=None):
    return reverse(f"admin:tracker_{record._meta.model_name}_history", args=[pk or record.pk])


def rows(answer) -> list[list[str]]:
    """Who, what, the changes and the reason of each entry, newest first."""
    [body] = elements(page(answer), "tbody")
    return [[words(cell) for cell in elements(row, "td")][1:] for row in elements(body, "tr")]


@pytest.fixture
def report(dinsos):
    """A draft of Dinsos, with all that stands above it."""
    make.periods(2025)
    program = make.program(dinsos, 2025, name="Bantuan sosial")
    activity = make.activity(program, name="Sembako")
    return make.report(activity, 1, status="draft")


def chain(report):
    return [report.activity.program, report.activity, report]


# Whose it is to read


@pytest.mark.parametrize(
    ("who", "status"),
    [("as_operator", 200), ("as_coordinator", 200), ("as_secretary", 200), ("as_stranger", 404), ("as_viewer", 403)],
)
def test_it_is_read_where_the_record_is(report, request, who, status):
    client = request.getfixturevalue(who)
    assert [client.get(history_page(record), follow=True).status_code for record in chain(report)] == [status] * 3


@pytest.mark.parametrize(
    ("who", "status"),
    [("as_operator", 200), ("as_coordinator", 200), ("as_secretary", 200), ("as_stranger", 404), ("as_viewer", 403)],
)
@pytest.mark.parametrize("how_many", [1, 2, 3])
def test_of_a_deleted_record_the_last_opd_and_those_who_verify_read_it(report, request, who, status, how_many):
    """Also when what stood above it is gone as well."""
    places = [history_page(record) for record in chain(report)[::-1][:how_many]]
    for record in chain(report)[::-1][:how_many]:
        record.delete()
    client = request.getfixturevalue(who)
    assert [client.get(place, follow=True).status_code for place in places] == [status] * how_many


def test_a_record_that_went_to_another_opd_took_its_history_along(report, as_operator, as_stranger, dinkes):
    program = make.program(report.activity.program.opd, 2025)
    change(program, opd=dinkes)
    for _ in range(2):
        place = history_page(program)
        assert [client.get(place).status_code for client in (as_operator, as_stranger)] == [404, 200]
        if program.pk:
            program.delete()
            program.pk = int(place.split("/")[-3])


def test_a_deleted_sub_kegiatan_of_a_moved_program_belongs_to_the_opd_of_the_program(dinsos, dinkes, request):
    program = make.program(dinsos, 2025)
    activity = make.activity(program)
    place = history_page(activity)
    activity.delete()
    change(program, opd=dinkes)
    for moment in ("the program is there", "the program is gone"):
        seen = [request.getfixturevalue(who).get(place).status_code for who in ("as_operator", "as_stranger")]
        assert seen == [404, 200], moment
        if program.pk:
            program.delete()


def test_what_is_there_counts_before_what_the_history_says(dinsos, dinkes, as_operator, as_stranger):
    """Should a row ever go to another OPD without an entry in the history."""
    program = make.program(dinsos, 2025)
    gone = make.activity(program)
    places = [history_page(program), history_page(gone)]
    gone.delete()
    Program.objects.update(opd=dinkes)
    assert [as_operator.get(place).status_code for place in places] == [404, 404]
    assert [as_stranger.get(place).status_code for place in places] == [200, 200]


def test_a_deleted_opd_is_told_apart_by_its_key_and_not_by_that_of_its_history(operator):
    opd = make.opd("Bubar")
    for _ in range(3):
        change(opd)
    opd.delete()
    entry = Opd.history.first()
    reached = {}
    for operator.opd_id in (entry.id, entry.history_id):
        reached[operator.opd_id] = was_within_reach(operator, entry, "pk")
    assert reached == {entry.id: True, entry.history_id: False}


def test_an_operator_without_an_opd_reads_nothing(report):
    nobody = make.user("tanpa-opd", Role.OPERATOR)
    place = history_page(report)
    assert signed_in(nobody).get(place).status_code == 404
    report.delete()
    assert signed_in(nobody).get(place).status_code == 404


def test_reference_data_that_was_deleted_is_read_by_those_who_read_that_data(as_secretary, as_operator, as_viewer, db):
    partner, priority = make.partner(), make.priority()
    places = [history_page(partner), history_page(priority)]
    partner.delete(), priority.delete()
    answers = {
        who: [client.get(place, follow=True).status_code for place in places]
        for who, client in [("secretary", as_secretary), ("operator", as_operator), ("viewer", as_viewer)]
    }
    assert answers == {"secretary": [200, 200], "operator": [200, 403], "viewer": [403, 403]}


def test_a_deleted_opd_is_nobodys_but_the_secretarys(as_secretary, as_operator, db):
    opd = make.opd("Bubar")
    place = history_page(opd)
    opd.delete()
    assert [client.get(place).status_code for client in (as_secretary, as_operator)] == [200, 404]


@pytest.mark.parametrize("key", ["0", "999999", "9999999999999999999999", "abc", "1\0"])
def test_what_never_was_is_not_found(as_secretary, report, key):
    assert as_secretary.get(history_page(report, key)).status_code == 404


def test_one_version_has_no_page_and_nothing_is_brought_back(as_secretary, report):
    """simple_history would show a form there, which writes what is posted to it."""
    place = f"{history_page(report)}{report.history.first().pk}/"
    for method in (as_secretary.get, as_secretary.post):
        answer = method(place)
        # Django's own admin takes what follows for a key and leads to a page that says it is not there.
        assert answer.status_code in (302, 404)
        assert method(place, follow=True).status_code == 404
    html = as_secretary.get(history_page(report)).content.decode()
    assert "Kembalikan ke" not in html and "<form" not in html.split('id="content-main"')[1]


# What it says


def test_it_says_who_what_from_what_to_what_and_why(as_secretary, report, operator):
    activity = report.activity
    change(
        activity,
        by=operator,
        reason="Pergeseran",
        direction="down",
        baseline=200,
        funding_source=make.funding_source("CSR"),
        is_cash_for_work=True,
    )
    assert rows(as_secretary.get(history_page(activity)))[0] == [
        "operator",
        "diubah",
        "Arah: Naik (makin besar makin baik) → Turun (makin kecil makin baik) Nilai awal: kosong → 200 "
        "Sumber dana: DAU → CSR Padat karya: tidak → ya",
        "Pergeseran",
    ]


def test_it_says_what_was_there_first_and_last(as_secretary, report):
    place = history_page(report)
    report._change_reason = "Salah kuartal"
    report.delete()
    values = f"Sub kegiatan: {report.activity} · Triwulan: TW I 2025 · Realisasi anggaran: Rp 0 · "
    values += "Realisasi keluaran: 0 · Status: Draf"
    answer = as_secretary.get(place)
    assert rows(answer) == [
        ["sistem", "dihapus", values, "Salah kuartal"],
        ["sistem", "dibuat", values, ""],
    ]
    assert "Data ini sudah dihapus; riwayatnya tetap tersimpan." in text(answer)
    assert f"/{place.split('/')[-3]}/change/" not in answer.content.decode()


def test_it_says_which_partners_came_and_went(as_secretary, report):
    program = report.activity.program
    program.partners.add(make.partner("Baznas Lahat"), make.partner("PT Bukit Asam"))
    program.partners.remove(make.partner("Baznas Lahat"))
    shown = [row[2] for row in rows(as_secretary.get(history_page(program)))]
    assert shown[:2] == [
        "Mitra: Baznas Lahat; PT Bukit Asam → PT Bukit Asam",
        "Mitra: kosong → Baznas Lahat; PT Bukit Asam",
    ]


def test_a_deleted_program_still_says_its_partners(as_secretary, dinsos):
    program = make.program(dinsos, name="Bantuan sosial")
    program.partners.add(make.partner("Baznas Lahat"))
    place = history_page(program)
    program.delete()
    assert rows(as_secretary.get(place))[0][2] == (
        "Tahun anggaran: 2026 · OPD: Dinas Sosial · Nama program: Bantuan sosial · Mitra: Baznas Lahat"
    )


def test_what_it_points_to_may_be_gone(as_secretary, report):
    places = [history_page(record) for record in chain(report)]
    change(report, obstacle_category=make.obstacle_category("Cuaca"))
    change(report, obstacle_category=None)
    make.obstacle_category("Cuaca").delete()
    for record in chain(report)[::-1]:
        record.delete()
    answers = [as_secretary.get(place) for place in places]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert "Laporan triwulan yang sudah dihapus" in text(answers[2])
    assert "Kategori kendala: sudah dihapus → kosong" in text(answers[2])
    assert "Sub kegiatan: sudah dihapus" in text(answers[2])


def test_the_last_entry_of_a_page_is_compared_with_the_first_of_the_next(as_secretary, dinsos):
    for number in range(60):
        change(dinsos, source=f"Sumber {number}")
    first, second = (rows(as_secretary.get(history_page(dinsos), {"p": number})) for number in (1, 2))
    assert (len(first), len(second)) == (50, 11)
    assert (first[-1][2], second[0][2]) == ("Sumber: Sumber 9 → Sumber 10", "Sumber: Sumber 8 → Sumber 9")
    assert second[-1][1] == "dibuat"


def test_entries_of_one_moment_stay_in_their_order(as_secretary, dinsos):
    at = dinsos.history.get().history_date
    for number in range(55):
        change(dinsos, source=f"Sumber {number}", at=at)
    first = rows(as_secretary.get(history_page(dinsos)))
    assert [row[2] for row in first][:2] == ["Sumber: Sumber 53 → Sumber 54", "Sumber: Sumber 52 → Sumber 53"]
    assert first[-1][2] == "Sumber: Sumber 4 → Sumber 5"


def test_of_an_account_it_never_says_anything_about_passwords(as_secretary, operator):
    operator.set_password("rahasia-yang-panjang")
    operator.must_change_password = True
    operator.save()
    change(operator, email="ani@lahat.example")
    html = as_secretary.get(history_page(operator)).content.decode()
    assert "</strong> kosong → ani@lahat.example" in html
    for word in ("md5$", "pbkdf2", "kata sandi:", "Harus mengganti", operator.password):
        assert word not in html.split('id="content-main"')[1], word


def test_the_moment_is_western_indonesian_time(as_secretary, dinsos):
    change(dinsos, source="Perda", at=datetime.datetime(2026, 3, 31, 17, 5, tzinfo=datetime.UTC))
    assert "1 Apr 2026 00.05" in text(as_secretary.get(history_page(dinsos)))


@pytest.mark.parametrize("kind", ["program", "activity", "report", "povertypocket"])
def test_a_long_history_asks_as_much_as_a_short_one(as_secretary, report, kind):
    def village(number):
        return make.village(f"16.04.{number:02}.2001")

    pocket = PovertyPocket.objects.create(year=2025, village=village(1), source="BPS")
    record = dict(zip(("program", "activity", "report"), chain(report), strict=True)).get(kind, pocket)

    def save(number):
        if kind == "program":
            change(record, priority=make.priority(2021, number))
            record.partners.add(make.partner(f"Mitra {number}"))
        elif kind == "activity":
            change(record, funding_source=make.funding_source(f"SD{number}"))
        elif kind == "report":
            change(record, obstacle_category=make.obstacle_category(f"Kendala {number}"), submitted_by=make.user())
        else:
            change(record, village=village(number))

    def asked():
        with CaptureQueriesContext(connection) as statements:
            assert as_secretary.get(history_page(record)).status_code == 200
        return len(statements)

    save(2)
    as_secretary.get(history_page(record))
    before = asked()
    for number in range(3, 7):
        save(number)
    assert asked() == before


# Every way of saving names who did it


def last(model, **fields):
    return model.history.filter(**fields).first()


def names(*entries):
    return [entry.history_user_name for entry in entries]


def test_a_form_and_the_rows_inside_it(as_operator, report):
    address = reverse("admin:tracker_activity_change", args=[report.activity_id])
    sent = sent_by(as_operator.get(address), name="Sembako murah")
    sent |= {"locations-TOTAL_FORMS": "1", "locations-0-district": make.district().pk}
    assert as_operator.post(address, sent | {"reports-1-realised_budget": "5.000"}).status_code == 302
    assert (
        names(last(Activity, name="Sembako murah"), last(Location), last(Report, realised_budget=5000))
        == ["operator"] * 3
    )
    place = Location.objects.get()
    sent = sent_by(as_operator.get(address), **{"locations-0-DELETE": "on"})
    assert as_operator.post(address, sent).status_code == 302
    assert names(last(Location, id=place.pk, history_type="-")) == ["operator"]


def test_partners_chosen_in_a_form(as_secretary, report):
    address = reverse("admin:tracker_program_change", args=[report.activity.program_id])
    as_secretary.post(address, sent_by(as_secretary.get(address), partners=[make.partner().pk]))
    entry = last(Program)
    assert (entry.history_user_name, entry.partners.count()) == ("sekretariat", 1)


def test_a_new_row_and_an_inline_of_reference_data(as_secretary):
    address = reverse("admin:tracker_partner_add")
    as_secretary.post(address, sent_by(as_secretary.get(address), name="Baznas Lahat", kind="baznas"))
    indicator = make.indicator()
    address = reverse("admin:tracker_indicator_change", args=[indicator.pk])
    row = {"region": "Indonesia", "year": "2025", "value": "8,5", "source": "BPS"}
    sent = sent_by(as_secretary.get(address), **{f"values-0-{name}": value for name, value in row.items()})
    as_secretary.post(address, sent | {"values-TOTAL_FORMS": "1"})
    assert names(last(Partner), last(IndicatorValue)) == ["sekretariat"] * 2


def test_a_deletion(as_secretary):
    partner = make.partner()
    as_secretary.post(reverse("admin:tracker_partner_delete", args=[partner.pk]), {"post": "yes"})
    assert names(last(Partner, history_type="-")) == ["sekretariat"]


def test_several_at_once_from_the_list(as_operator, as_coordinator, report):
    change(report.period, due_on=datetime.date(2025, 4, 10))
    for client, action in [(as_operator, "submit_selected"), (as_coordinator, "verify_selected")]:
        sent = {"action": action, "_selected_action": [report.pk]}
        client.post(reverse("admin:tracker_report_changelist"), sent)
    told = report.history.values_list("history_user_name", "status")
    assert list(told) == [("koordinator", "verified"), ("operator", "submitted"), ("", "draft")]


def test_rows_written_in_bulk_during_a_request(secretary, rf, monkeypatch):
    """simple_history takes the user of the request where the caller names none."""
    request = rf.post("/")
    request.user = secretary
    monkeypatch.setattr(HistoricalRecords.context, "request", request, raising=False)
    create_many([Opd(name="Dinas Pangan", short_name="Pangan")])
    entry = last(Opd, short_name="Pangan")
    assert (entry.history_user, entry.history_user_name) == (secretary, "sekretariat")


def test_a_year_opened_in_the_admin(as_secretary):
    as_secretary.post(reverse("admin:tracker_period_open_year"), {"year": "2030"})
    period = Period.objects.get(fiscal_year=2030, quarter=1)
    assert names(last(Period, id=period.pk)) == ["sekretariat"]


def test_an_account_that_is_deleted_leaves_its_name_everywhere(as_secretary, report):
    clerk = make.user("ani", Role.OPERATOR, opd=report.activity.program.opd)
    change(report.activity, by=clerk, name="Sembako murah")
    change(report, by=clerk, realised_budget=5)
    assert as_secretary.post(reverse("admin:tracker_user_delete", args=[clerk.pk]), {"post": "yes"}).status_code == 302
    assert not User.objects.filter(username="ani").exists()
    entries = [last(Activity), last(Report)]
    assert [(entry.history_user, entry.history_user_name) for entry in entries] == [(None, "ani")] * 2
    assert names(last(User, username="ani")) == ["sekretariat"]
    assert rows(as_secretary.get(history_page(report)))[0][0] == "ani"


def test_history_is_no_model_of_the_admin():
    assert not [model for model in admin.site._registry if model.__name__.startswith("Historical")]
