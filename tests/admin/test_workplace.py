"""The admin as a place to work in: what waits, four quarters at a glance, on to the next, lists that stay filtered."""

import datetime
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import make
from tests.admin.browser_form import sent_by
from tests.reading import attributes, elements, page, words
from tracker import workplace
from tracker.models import Activity, Report

NOVEMBER = datetime.date(2025, 11, 22)
NEXT = {"_next": "Simpan dan sub kegiatan berikutnya"}


def form_of(record, filters=""):
    address = reverse(f"admin:tracker_{record._meta.model_name}_change", args=[record.pk])
    return f"{address}?{urlencode({'_changelist_filters': filters})}" if filters else address


def table(response, css_class):
    """The rows of the table with this class, or inside a block with it: words between bars."""
    block = next(
        node for node in elements(page(response), "table", "div") if css_class in attributes(node).get("class", "")
    )
    return [" | ".join(words(cell) for cell in elements(row, "th", "td")) for row in elements(block, "tr")]


def section(response, title):
    return next(words(node) for node in elements(page(response), "section") if words(node).startswith(title))


def saved_and_next(client, address):
    return client.post(address, sent_by(client.get(address), **NEXT), follow=True)


@pytest.fixture
def in_november(monkeypatch):
    """TW III 2025 is over, TW IV runs."""
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: NOVEMBER)


@pytest.fixture
def program(dinsos):
    make.periods(2025)
    return make.program(dinsos, 2025, name="Perlindungan")


class TestStartPage:
    def test_it_names_the_quarter_its_due_date_and_what_is_missing(self, as_secretary, program, dinkes, in_november):
        make.report(make.activity(program), 3)
        make.activity(program), make.activity(make.program(dinkes, 2025)), make.activity(make.program(dinkes, 2025))
        make.report(make.activity(program), 3, status="draft")
        make.report(make.activity(program), 3, status="returned")
        assert section(as_secretary.get("/admin/"), "Laporan TW III 2025") == (
            "Laporan TW III 2025 Tenggat 10 Oktober 2025: lewat 43 hari . "
            "3 dari 6 sub kegiatan belum ada laporan Dinkes 2 Dinsos 1 "
            "Belum dihitung: 1 draf , 1 dikembalikan . 1 laporan menunggu verifikasi . "
            "TW IV 2025 sedang berjalan: dibuka, tenggat 10 Januari 2026."
        )

    def test_each_number_leads_to_the_rows_it_counts(self, as_secretary, program, dinkes, in_november):
        make.activity(program), make.activity(make.program(dinkes, 2025)), make.activity(make.program(dinkes, 2025))
        make.report(make.activity(program), 3, status="draft"), make.report(make.activity(program), 2, status="draft")
        asked = workplace.quarter_to_report()
        for waiting in (asked.missing, *asked.debtors, *asked.unfinished):
            assert len(as_secretary.get(waiting.url).context["cl"].result_list) == waiting.count

    def test_only_the_opds_that_miss_most_are_named(self, in_november, db):
        make.periods(2025)
        for number in range(7):
            make.activity(make.program(make.opd(f"OPD {number}"), 2025))
        asked = workplace.quarter_to_report()
        assert [opd.name for opd in asked.debtors] == ["OPD 0", "OPD 1", "OPD 2", "OPD 3", "OPD 4"]
        assert asked.other_debtors == 2

    @pytest.mark.parametrize(
        ("due_on", "days"),
        [((2025, 11, 27), "5 hari lagi"), ((2025, 11, 22), "hari ini"), ((2025, 11, 21), "lewat 1 hari")],
    )
    def test_it_says_how_many_days_are_left(self, program, in_november, due_on, days):
        make.period(2025, 3, due_on=datetime.date(*due_on))
        assert workplace.quarter_to_report().days == days

    def test_a_year_that_was_not_opened_is_named(self, as_secretary, in_november):
        assert "Triwulan ini belum dibuka" in section(as_secretary.get("/admin/"), "Laporan TW III 2025")

    def test_a_complete_quarter_says_so(self, as_secretary, program, in_november):
        make.report(make.activity(program), 3)
        assert "Semua 1 sub kegiatan sudah ada laporannya." in section(as_secretary.get("/admin/"), "Laporan")

    def test_the_newest_changes_say_who_did_what(self, as_secretary, secretary, program, operator):
        activity = make.activity(program, name="Sembako")
        report = make.report(activity, 1)
        activity._history_user = operator
        activity.save()
        report.delete()
        changes = workplace.newest_changes(secretary)
        assert [(change.what, change.kind, change.who) for change in changes] == [
            ("Laporan TW I 2025: 2025-0001 Sembako", "dihapus", "sistem"),
            ("2025-0001 Sembako", "diubah", "operator"),
            ("Laporan TW I 2025: 2025-0001 Sembako", "dibuat", "sistem"),
            ("2025-0001 Sembako", "dibuat", "sistem"),
            ("Perlindungan (2025)", "dibuat", "sistem"),
        ]
        assert "2025-0001 Sembako diubah oleh operator" in section(as_secretary.get("/admin/"), "Perubahan terbaru")
        for change in changes:
            assert as_secretary.get(change.url).status_code == 200

    def test_a_report_whose_sub_kegiatan_is_gone_still_has_a_line(self, program, secretary):
        report = make.report(make.activity(program), 1)
        report.delete()
        report.activity.delete()
        assert "Laporan TW I 2025: sub kegiatan yang sudah dihapus" in [
            change.what for change in workplace.newest_changes(secretary)
        ]

    def test_eight_changes_are_enough(self, program, secretary):
        for _ in range(9):
            make.activity(program)
        assert len(workplace.newest_changes(secretary)) == 8

    def test_the_whole_district_is_not_shown_without_rights(self, as_operator, as_coordinator, program, in_november):
        make.report(make.activity(program), 3, status="draft")
        for client in (as_operator, as_coordinator):
            html = client.get("/admin/").content.decode()
            assert "belum ada laporan" not in html
            assert "Belum dihitung" not in html
        assert "Perubahan terbaru" not in as_coordinator.get("/admin/").content.decode()

    def test_it_asks_as_many_questions_for_much_as_for_little(self, as_secretary, program, django_assert_num_queries):
        make.report(make.activity(program), 1)
        as_secretary.get("/admin/")
        with CaptureQueriesContext(connection) as few:
            as_secretary.get("/admin/")
        for number in range(12):
            activity = make.activity(make.program(make.opd(f"OPD {number}"), 2025))
            make.report(activity, 1), make.report(activity, 3, status="draft")
        with django_assert_num_queries(len(few)):
            as_secretary.get("/admin/")


class TestProgramForm:
    def test_each_sub_kegiatan_shows_its_money_and_its_four_quarters(self, as_secretary, program, monkeypatch):
        make.period(2025, 4, opens_on=datetime.date(2999, 1, 1), due_on=datetime.date(2999, 2, 1))
        reported = make.activity(program, name="Sembako", budget=900, revised_budget=1_500)
        for quarter, status in ((1, "verified"), (2, "returned"), (3, "draft")):
            make.report(reported, quarter, status=status)
        make.activity(program, name="Pelatihan", starts_quarter=3)
        assert table(as_secretary.get(form_of(program)), "program-activities")[1:] == [
            "2025-0001 | Sembako | DAU | 100 KPM | Rp 1.500 | ● diverifikasi | dikembalikan | draf | ○ belum dibuka",
            "2025-0002 | Pelatihan | DAU | 100 KPM | Rp 1.000.000 | – tidak ditagih | – tidak ditagih | "
            "○ belum ada laporan | ○ belum dibuka",
            " | Jumlah |  |  | Rp 1.001.500 | ",
        ]

    def test_it_asks_as_many_questions_for_many_sub_kegiatan(self, as_secretary, program, django_assert_num_queries):
        make.report(make.activity(program), 1)
        as_secretary.get(form_of(program))
        with CaptureQueriesContext(connection) as few:
            as_secretary.get(form_of(program))
        for code in ("DAK", "PAD", "CSR"):
            make.report(make.activity(program, funding_source=make.funding_source(code)), 2)
        with django_assert_num_queries(len(few)):
            as_secretary.get(form_of(program))


class TestQuartersAtAGlance:
    def test_plan_figures_and_state_of_the_four_quarters_stand_in_one_table(self, as_secretary, program, in_november):
        make.period(2025, 4, opens_on=datetime.date(2025, 12, 1))
        activity = make.activity(program, plan_q1=10, plan_q2=40, plan_q3=70, plan_q4=100)
        make.report(activity, 1, realised_budget=250_000, realised_output=20, status="verified")
        make.report(activity, 2, realised_budget=300_000, realised_output="37.5", status="draft")
        assert table(as_secretary.get(form_of(activity)), "at-a-glance")[1:] == [
            "TW I 2025 | Lewat tenggat, 10 Apr 2025 | 10,0 % | Rp 250.000 | 25,0 % | 20 KPM | 20,0 % | ● diverifikasi",
            "TW II 2025 | Lewat tenggat, 10 Jul 2025 | 40,0 % | Rp 300.000 | 30,0 % | 37,5 KPM | 37,5 % | draf",
            "TW III 2025 | Lewat tenggat, 10 Okt 2025 | 70,0 % | – | – | – | – | belum ada laporan",
            "TW IV 2025 | Belum dibuka, 10 Jan 2026 | 100,0 % | – | – | – | – | belum dibuka",
        ]

    def test_the_table_keeps_what_is_stored_while_the_form_holds_what_was_typed(self, as_secretary, program):
        activity = make.activity(program)
        make.report(activity, 1, realised_budget=250_000, realised_output=20)
        address = form_of(activity)
        typed = {"reports-1-realised_budget": "900.000", "name": ""}
        answer = as_secretary.post(address, sent_by(as_secretary.get(address), **typed))
        assert "| Rp 250.000 | 25,0 % |" in table(answer, "at-a-glance")[1]
        assert sent_by(answer)["reports-1-realised_budget"] == "900.000"

    def test_each_row_leads_into_the_form_of_its_quarter(self, as_secretary, program):
        html = as_secretary.get(form_of(make.activity(program))).content.decode()
        for quarter in (1, 2, 3, 4):
            assert f'href="#reports-{quarter}-fields"' in html
            assert html.count(f'id="reports-{quarter}-fields"') == 1

    def test_the_quarter_that_is_over_and_missing_is_unfolded(self, as_secretary, program, in_november):
        activity = make.activity(program)

        def unfolded():
            formset = as_secretary.get(form_of(activity)).context["inline_admin_formsets"][1].formset
            return [str(quarter.period) for quarter in formset.forms if quarter.is_unfolded]

        assert unfolded() == ["TW III 2025"]
        make.report(activity, 3)
        assert unfolded() == ["TW IV 2025"]


class TestSaveAndNext:
    def test_it_saves_and_opens_the_next_of_the_same_program(self, as_secretary, program, dinsos):
        first, other = make.activity(program), make.activity(make.program(dinsos, 2025, name="Zakat"))
        second = make.activity(program)
        address = form_of(first)
        answer = as_secretary.post(address, sent_by(as_secretary.get(address), name="Diganti", **NEXT))
        assert answer.url == form_of(second)
        assert Activity.objects.get(pk=first.pk).name == "Diganti"
        assert saved_and_next(as_secretary, form_of(second)).redirect_chain[-1][0] == form_of(other)

    def test_it_says_what_was_saved_and_what_comes(self, as_secretary, program):
        first, second = make.activity(program, name="A"), make.activity(program, name="B")
        answer = saved_and_next(as_secretary, form_of(first))
        assert [str(message) for message in answer.context["messages"]] == [
            "2025-0001 A sudah disimpan. Berikutnya: 2025-0002 B."
        ]
        answer = saved_and_next(as_secretary, form_of(second))
        assert answer.redirect_chain[-1][0] == "/admin/tracker/activity/"
        assert [str(message) for message in answer.context["messages"]] == [
            "2025-0002 B sudah disimpan. Tidak ada sub kegiatan berikutnya."
        ]

    def test_other_opds_and_years_do_not_follow(self, as_secretary, program, dinsos, dinkes):
        activity = make.activity(program)
        (
            make.activity(make.program(dinkes, 2025, name="Zakat")),
            make.activity(make.program(dinsos, 2026, name="Zakat")),
        )
        assert saved_and_next(as_secretary, form_of(activity)).redirect_chain[-1][0] == "/admin/tracker/activity/"

    def test_it_follows_the_list_the_person_came_from(self, as_secretary, program, dinkes, monkeypatch):
        monkeypatch.setattr("tracker.admin.programs.ActivityAdmin.list_per_page", 1)
        first, reported = make.activity(program), make.activity(program)
        make.report(reported, 3)
        third, fourth = make.activity(make.program(dinkes, 2025)), make.activity(program)
        filters = "tanpa_laporan=2025-3&p=9"
        figures = {"reports-3-realised_budget": "1", "reports-3-realised_output": "1"}
        address = form_of(first, filters)
        answer = as_secretary.post(address, sent_by(as_secretary.get(address), **figures, **NEXT))
        assert answer.url == form_of(third, filters)
        assert Report.objects.filter(activity=first).exists()
        answer = as_secretary.post(answer.url, sent_by(as_secretary.get(answer.url), **NEXT))
        assert answer.url == form_of(fourth, filters)
        answer = as_secretary.post(answer.url, sent_by(as_secretary.get(answer.url), **NEXT))
        assert answer.url == "/admin/tracker/activity/?tanpa_laporan=2025-3&p=9"

    def test_an_odd_list_is_no_server_error(self, as_secretary, program):
        first, second = make.activity(program), make.activity(program)
        answer = saved_and_next(as_secretary, form_of(first, "name__regex=("))
        assert answer.redirect_chain[0][0] == form_of(second, "name__regex=(")

    def test_what_is_wrong_is_not_left_behind(self, as_secretary, program):
        first, _ = make.activity(program), make.activity(program)
        address = form_of(first)
        answer = as_secretary.post(address, sent_by(as_secretary.get(address), name="", **NEXT))
        assert list(answer.context["adminform"].form.errors) == ["name"]

    def test_a_new_sub_kegiatan_has_no_next(self, as_secretary, program):
        assert b'name="_next"' not in as_secretary.get(reverse("admin:tracker_activity_add")).content
        assert b'name="_next"' in as_secretary.get(form_of(make.activity(program))).content


class TestFiltersStay:
    FILTERS = "tanpa_laporan=2025-3&q=Sembako"
    LIST = f"/admin/tracker/activity/?{FILTERS}"

    @pytest.fixture
    def activity(self, program):
        return make.activity(program, name="Sembako")

    def test_from_the_list_into_the_form(self, as_secretary, activity):
        assert urlencode({"_changelist_filters": self.FILTERS}) in as_secretary.get(self.LIST).content.decode()

    @pytest.mark.parametrize("button", ["_save", "_continue", "_addanother"])
    def test_after_every_way_of_saving(self, as_secretary, activity, button):
        address = form_of(activity, self.FILTERS)
        answer = as_secretary.post(address, sent_by(as_secretary.get(address), **{button: "x"}))
        assert (
            answer.url
            == {
                "_save": self.LIST,
                "_continue": address,
                "_addanother": address.replace(f"{activity.pk}/change", "add"),
            }[button]
        )

    def test_in_the_way_back_from_form_and_history(self, as_secretary, activity):
        history = form_of(activity, self.FILTERS).replace("/change/", "/history/")
        for address, others in (
            (form_of(activity, self.FILTERS), history),
            (history, form_of(activity, self.FILTERS)),
        ):
            links = [attributes(link).get("href") for link in elements(page(as_secretary.get(address)), "a")]
            assert self.LIST in links
            assert others in links
