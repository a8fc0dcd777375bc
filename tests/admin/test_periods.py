"""Quarters in the admin: their state in words, the pages of the three steps, exceptions, and what the list shows."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests import make
from tests.admin.browser_form import sent_by
from tests.reading import attributes, elements, links, page, text, words
from tracker.models import Period, PeriodException

LIST = reverse("admin:tracker_period_changelist")
STEPS = {"lock": "Kunci triwulan", "unlock": "Buka kunci", "open_now": "Buka sekarang"}
DAY = datetime.timedelta(days=1)
AHEAD = datetime.date(2099, 10, 1)
AT = datetime.datetime(2025, 10, 20, 3, 0, tzinfo=datetime.UTC)
LOCKED = "TW III 2025 sudah dikunci oleh sekretariat pada 20 Oktober 2025 pukul 10.00 WIB. Alasan: Rakor III."


def form_of(period):
    return reverse("admin:tracker_period_change", args=[period.pk])


def page_of(step, period):
    return reverse(f"admin:tracker_period_{step}", args=[period.pk])


def offered(response):
    """The steps whose buttons stand on the form of a period."""
    leading = links(response)
    return [step for step, label in STEPS.items() if label in leading]


def messages_of(response):
    return [str(message) for message in response.context["messages"]]


def tables(response):
    return [
        [" | ".join(words(cell) for cell in elements(row, "th", "td")) for row in elements(table, "tr")]
        for table in elements(page(response), "table")
    ]


@pytest.fixture
def period(db):
    """TW III 2025, long overdue."""
    return make.period(2025, 3)


@pytest.fixture
def locked(period, secretary):
    return make.period(2025, 3, locked_at=AT, locked_by=secretary, lock_reason="Rakor III")


@pytest.fixture
def ahead(db):
    return make.period(2099, 4)


@pytest.fixture
def reports(period, dinsos, dinkes):
    """Due: four of Dinsos, two of Dinkes; of them one without any report, two drafts, one returned, two counted."""
    program = make.program(dinsos, 2025)
    make.report(make.activity(program), 3, status="verified")
    make.report(make.activity(program), 3, status="draft")
    make.report(make.activity(program), 3, status="returned")
    make.report(make.activity(program), 2)
    make.activity(program, revised_budget=0), make.activity(program, starts_quarter=4)
    other = make.program(dinkes, 2025)
    make.report(make.activity(other), 3)
    make.report(make.activity(other), 3, status="draft")


class TestForm:
    def test_it_shows_the_state_in_words_and_offers_what_makes_sense(self, as_secretary, locked, ahead):
        shown = as_secretary.get(form_of(locked))
        assert LOCKED in text(shown)
        assert offered(shown) == ["unlock"]
        shown = as_secretary.get(form_of(make.period(2025, 1)))
        assert "TW I 2025 lewat tenggat 10 April 2025." in text(shown)
        assert offered(shown) == ["lock"]
        shown = as_secretary.get(form_of(ahead))
        assert "TW IV 2099 belum dibuka. Laporan dapat diisi mulai 1 Oktober 2099." in text(shown)
        assert offered(shown) == ["lock", "open_now"]

    def test_each_button_leads_to_the_page_of_its_step(self, as_secretary, locked, ahead):
        for period, step in ((locked, "unlock"), (ahead, "lock"), (ahead, "open_now")):
            address = links(as_secretary.get(form_of(period)))[STEPS[step]]
            assert address == page_of(step, period)
            assert as_secretary.get(address).status_code == 200

    def test_who_only_reads_sees_the_state_and_no_buttons(self, as_operator, as_coordinator, locked):
        for client in (as_operator, as_coordinator):
            shown = client.get(form_of(locked))
            assert LOCKED in text(shown)
            assert offered(shown) == []

    def test_dates_are_changed_without_a_reason(self, as_secretary, period):
        opened = as_secretary.get(form_of(period))
        assert as_secretary.post(form_of(period), sent_by(opened, due_on="20-10-2025")).status_code == 302
        period.refresh_from_db()
        assert str(period.due_on) == "2025-10-20"
        assert period.history.first().history_user_name == "sekretariat"

    def test_dates_of_a_locked_quarter_leave_its_lock_alone(self, as_secretary, locked):
        opened = as_secretary.get(form_of(locked))
        assert as_secretary.post(form_of(locked), sent_by(opened, due_on="20-10-2025")).status_code == 302
        locked.refresh_from_db()
        assert (locked.locked_at, locked.lock_reason, str(locked.due_on)) == (AT, "Rakor III", "2025-10-20")

    def test_a_due_date_before_the_opening_is_explained(self, as_secretary, period):
        answer = as_secretary.post(form_of(period), sent_by(as_secretary.get(form_of(period)), due_on="30-06-2025"))
        assert answer.context["adminform"].form.non_field_errors() == ["Tenggat tidak boleh sebelum tanggal buka."]

    def test_a_form_opened_before_a_lock_does_not_undo_it(self, as_secretary, period, secretary):
        opened = as_secretary.get(form_of(period))
        period.lock(by=secretary, reason="Rakor III")
        answer = as_secretary.post(form_of(period), sent_by(opened, due_on="20-10-2025"))
        assert "sudah diubah oleh sekretariat" in answer.context["adminform"].form.non_field_errors()[0]
        assert Period.objects.get().locked_at is not None

    def test_a_quarter_with_reports_is_not_deleted_and_says_why(self, as_secretary, period, reports):
        delete = reverse("admin:tracker_period_delete", args=[period.pk])
        for answer in (as_secretary.get(delete), as_secretary.post(delete, {"post": "yes"})):
            assert "tidak dapat dihapus karena masih dipakai" in text(answer)
            assert "TW III 2025" in text(answer)
        assert Period.objects.filter(pk=period.pk).exists()


class TestList:
    def test_it_shows_the_state_who_locked_when_and_why(self, as_secretary, locked, ahead):
        [table] = tables(as_secretary.get(LIST))
        assert table[1:] == [
            "TW IV 2099 | Belum dibuka | 1 Okt 2099 | 10 Jan 2100 | – | – | 0",
            "TW III 2025 | Dikunci | 1 Jul 2025 | 10 Okt 2025 | 20 Oktober 2025 pukul 10.00, oleh sekretariat | "
            "Rakor III | 0",
        ]

    def test_it_offers_no_locking_of_many_at_once(self, as_secretary, period):
        assert as_secretary.get(LIST).context["action_form"] is None

    def test_many_locks_ask_as_many_questions_as_one(self, as_secretary, locked, django_assert_num_queries):
        as_secretary.get(LIST)
        with CaptureQueriesContext(connection) as few:
            as_secretary.get(LIST)
        for quarter in (1, 2, 4):
            make.period(2025, quarter, locked_at=AT, locked_by=make.user())
        with django_assert_num_queries(len(few)):
            as_secretary.get(LIST)


class TestSteps:
    def test_the_page_shows_how_far_the_reports_are_before_anything_happens(self, as_secretary, period, reports):
        shown = as_secretary.get(page_of("lock", period))
        assert tables(shown) == [
            [
                "Sub kegiatan yang ditagih | 6",
                "Laporan dihitung (diajukan atau diverifikasi) | 2",
                "– di antaranya belum diverifikasi | 1",
                "Draf | 2",
                "Dikembalikan | 1",
                "Belum ada laporan | 1",
            ],
            [
                "OPD | Ditagih | Dihitung | Draf | Dikembalikan | Belum ada",
                "Dinkes | 2 | 1 | 1 | 0 | 0",
                "Dinsos | 4 | 1 | 1 | 1 | 1",
            ],
        ]
        assert "1 laporan belum diverifikasi, dan tetap begitu selama triwulan ini dikunci." in text(shown)
        assert "Draf dan laporan yang dikembalikan tetap tidak dihitung." in text(shown)
        assert Period.objects.get(pk=period.pk).locked_at is None

    def test_a_complete_quarter_says_so(self, as_secretary, period, dinsos):
        make.report(make.activity(make.program(dinsos, 2025)), 3, status="verified")
        shown = text(as_secretary.get(page_of("lock", period)))
        assert "Semua OPD sudah lapor lengkap." in shown
        assert "tetap" not in shown

    def test_a_lock_before_the_due_date_is_over_is_pointed_out(self, as_secretary, ahead, period):
        assert "Tenggat 10 Januari 2100 belum lewat." in text(as_secretary.get(page_of("lock", ahead)))
        today = timezone.localdate()
        for due_on, is_pointed_out in ((today, True), (today - DAY, False)):
            shown = text(as_secretary.get(page_of("lock", make.period(2025, 3, due_on=due_on))))
            assert ("belum lewat" in shown) == is_pointed_out

    def test_the_page_names_who_may_still_write(self, as_secretary, period, dinsos, dinkes):
        today = timezone.localdate()
        make.period_exception(period, dinsos, AHEAD), make.period_exception(period, dinkes, today - DAY)
        shown = text(as_secretary.get(page_of("lock", period)))
        assert "Pengecualian untuk Dinsos berlaku sampai 1 Oktober 2099." in shown
        assert "Dinkes" not in shown

    def test_unlocking_tells_who_locked_and_recommends_an_exception(self, as_secretary, locked):
        shown = text(as_secretary.get(page_of("unlock", locked)))
        assert LOCKED in shown
        assert "beri OPD itu pengecualian" in shown

    def test_opening_now_names_both_dates(self, as_secretary, ahead):
        shown = text(as_secretary.get(page_of("open_now", ahead)))
        assert "bukan 1 Oktober 2099. Tenggatnya tetap 10 Januari 2100." in shown

    @pytest.mark.parametrize(
        ("step", "said"),
        [
            (
                "lock",
                "TW III 2025 dikunci. Laporannya kini hanya dapat dibaca, "
                "kecuali oleh OPD yang mendapat pengecualian.",
            ),
            ("unlock", "Kunci TW III 2025 dibuka."),
            ("open_now", "TW III 2025 dibuka sejak hari ini."),
        ],
    )
    def test_the_button_does_it_once_and_keeps_who_and_why(self, as_secretary, period, secretary, step, said):
        if step == "unlock":
            period.lock(by=secretary, reason="Rakor III")
        elif step == "open_now":
            period = make.period(2025, 3, opens_on=AHEAD, due_on=AHEAD)
        before = period.history.count()
        address = page_of(step, period)
        answer = as_secretary.post(address, sent_by(as_secretary.get(address), reason="Sesuai rapat"), follow=True)
        assert answer.redirect_chain == [(form_of(period), 302)]
        assert messages_of(answer) == [said]
        period.refresh_from_db()
        expected = {"lock": Period.State.LOCKED, "unlock": Period.State.OVERDUE, "open_now": Period.State.OPEN}
        assert period.state() == expected[step]
        entry = period.history.first()
        assert (entry.history_user_name, entry.history_change_reason) == ("sekretariat", "Sesuai rapat")
        assert period.history.count() == before + 1

    def test_the_reason_stands_on_the_history_page(self, as_secretary, period, secretary):
        period.lock(by=secretary, reason="Angka Rakor III")
        assert "Angka Rakor III" in text(as_secretary.get(reverse("admin:tracker_period_history", args=[period.pk])))

    @pytest.mark.parametrize(
        ("reason", "message"),
        [
            ("", "Tulis alasannya."),
            ("   ", "Tulis alasannya."),
            ("KTP 1604011234560001", "Isian ini memuat 16 angka berurutan"),
            ("x" * 301, "Pastikan nilai ini mengandung paling banyak 300 karakter"),
        ],
    )
    def test_a_reason_that_cannot_be_kept_is_explained_and_stays(self, as_secretary, period, reason, message):
        address = page_of("lock", period)
        answer = as_secretary.post(address, sent_by(as_secretary.get(address), reason=reason))
        [error] = answer.context["form"].errors["reason"]
        assert error.startswith(message)
        assert sent_by(answer)["reason"] == reason
        assert Period.objects.get().version == 1

    def test_a_page_opened_before_somebody_changed_the_quarter_is_refused(self, as_secretary, period, operator):
        address = page_of("lock", period)
        opened = as_secretary.get(address)
        period.due_on, period._history_user = datetime.date(2025, 12, 31), operator
        period.save()
        answer = as_secretary.post(address, sent_by(opened, reason="Rakor III"))
        [error] = answer.context["form"].non_field_errors()
        assert error.startswith("Belum disimpan: data ini sudah diubah oleh operator pada ")
        assert error.endswith("Di bawah ini keadaan yang sekarang; periksa lagi.")
        assert Period.objects.get().locked_at is None
        # What is shown now can be confirmed; the reason need not be typed again.
        assert as_secretary.post(address, sent_by(answer)).status_code == 302
        assert Period.objects.get().lock_reason == "Rakor III"

    @pytest.mark.parametrize("version", [None, "", "0", "99", "abc", "-1"])
    def test_a_missing_or_forged_version_is_refused(self, as_secretary, period, version):
        sent = {"reason": "Rakor III"} | ({} if version is None else {"version": version})
        answer = as_secretary.post(page_of("lock", period), sent)
        assert answer.context["form"].non_field_errors()
        assert Period.objects.get().locked_at is None

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_what_makes_no_sense_any_more_is_explained_on_the_form(self, as_secretary, locked, method):
        for step, said in {
            "lock": LOCKED,
            "open_now": f"{LOCKED} Buka kuncinya lebih dahulu.",
        }.items():
            sent = {"version": str(locked.version), "reason": "Lagi"} if method == "post" else {}
            answer = getattr(as_secretary, method)(page_of(step, locked), sent, follow=True)
            assert answer.redirect_chain == [(form_of(locked), 302)]
            assert messages_of(answer) == [said]
        assert Period.objects.get().version == locked.version

    def test_the_second_of_two_people_is_told_who_was_first(self, as_secretary, period, operator):
        address = page_of("lock", period)
        opened = as_secretary.get(address)
        period.lock(by=operator, reason="Lebih dahulu")
        answer = as_secretary.post(address, sent_by(opened, reason="Kemudian"), follow=True)
        [said] = messages_of(answer)
        assert said.startswith("TW III 2025 sudah dikunci oleh operator pada ")
        assert Period.objects.get().lock_reason == "Lebih dahulu"

    @pytest.mark.parametrize("step", STEPS)
    def test_only_the_sekretariat_takes_steps(self, step, as_viewer, as_operator, as_coordinator, as_nobody, period):
        for client in (as_viewer, as_operator, as_coordinator, as_nobody):
            sent = {"version": str(period.version), "reason": "x"}
            for answer in (client.get(page_of(step, period)), client.post(page_of(step, period), sent)):
                assert answer.status_code == 403 or "/masuk/" in answer.url or "/admin/login/" in answer.url
        assert Period.objects.get().version == period.version

    @pytest.mark.parametrize("key", ["0", "999999", "99999999999999999999"])
    def test_a_quarter_that_is_not_there_is_not_found(self, as_secretary, db, key):
        assert as_secretary.get(f"/admin/tracker/period/{key}/kunci/").status_code == 404
        assert as_secretary.post(f"/admin/tracker/period/{key}/kunci/").status_code == 404

    def test_the_way_back_keeps_the_filters_of_the_list(self, as_secretary, period):
        filters = "?_changelist_filters=fiscal_year%3D2025"
        button = links(as_secretary.get(form_of(period) + filters))["Kunci triwulan"]
        assert button == page_of("lock", period) + filters
        opened = as_secretary.get(button)
        assert links(opened)["Batal"] == form_of(period) + filters
        assert links(opened)["Periode pelaporan"] == f"{LIST}?fiscal_year=2025"
        assert as_secretary.post(button, sent_by(opened, reason="Rakor")).url == form_of(period) + filters

    def test_the_page_asks_as_many_questions_for_many_as_for_few(
        self, as_secretary, period, reports, django_assert_num_queries
    ):
        address = page_of("lock", period)
        as_secretary.get(address)
        with CaptureQueriesContext(connection) as few:
            as_secretary.get(address)
        for number in range(4):
            opd = make.opd(f"OPD {number}")
            make.report(make.activity(make.program(opd, 2025)), 3)
            make.activity(make.program(opd, 2025))
            make.period_exception(period, opd, AHEAD)
        with django_assert_num_queries(len(few)):
            as_secretary.get(address)


class TestExceptions:
    def typed(self, response, opd, until, reason="Koreksi"):
        row = {"exceptions-TOTAL_FORMS": "1", "exceptions-0-id": "", "exceptions-0-version": ""}
        given = {"exceptions-0-opd": str(opd.pk), "exceptions-0-until": until, "exceptions-0-reason": reason}
        return sent_by(response) | row | given

    def errors(self, answer):
        [formset] = (inline.formset for inline in answer.context["inline_admin_formsets"])
        return formset.errors[0]

    def test_one_is_given_in_the_form_of_the_quarter(self, as_secretary, locked, dinsos):
        today = f"{timezone.localdate():%d-%m-%Y}"
        answer = as_secretary.post(
            form_of(locked), self.typed(as_secretary.get(form_of(locked)), dinsos, today), follow=True
        )
        assert len(messages_of(answer)) == 1
        assert locked.refusal(dinsos) == ""
        entry = PeriodException.objects.get().history.get()
        assert (entry.history_user_name, entry.reason) == ("sekretariat", "Koreksi")

    def test_a_date_that_has_passed_is_explained(self, as_secretary, locked, dinsos):
        sent = self.typed(as_secretary.get(form_of(locked)), dinsos, "01-11-2025")
        answer = as_secretary.post(form_of(locked), sent)
        [error] = self.errors(answer)["until"]
        assert error.startswith("Tanggal ini sudah lewat. Tulis hari ini (")
        assert not PeriodException.objects.exists()

    def test_one_without_a_reason_is_refused(self, as_secretary, locked, dinsos):
        sent = self.typed(as_secretary.get(form_of(locked)), dinsos, "01-10-2099", reason=" ")
        assert list(self.errors(as_secretary.post(form_of(locked), sent))) == ["reason"]

    def test_one_that_opens_nothing_is_saved_with_a_warning(self, as_secretary, period, dinsos):
        sent = self.typed(as_secretary.get(form_of(period)), dinsos, "01-10-2099")
        answer = as_secretary.post(form_of(period), sent, follow=True)
        assert (
            "TW III 2025 tidak sedang dikunci, jadi pengecualian untuk Dinas Sosial belum diperlukan."
            in messages_of(answer)
        )
        assert PeriodException.objects.count() == 1

    def test_the_form_says_which_are_in_force_and_that_they_end_by_themselves(
        self, as_secretary, locked, dinsos, dinkes
    ):
        today = timezone.localdate()
        make.period_exception(locked, dinsos, today), make.period_exception(locked, dinkes, today - DAY)
        shown = as_secretary.get(form_of(locked))
        cells = [td for td in elements(page(shown), "td") if "field-force" in attributes(td).get("class", "")]
        assert [words(cell) for cell in cells][:2] == ["sudah berakhir", "berlaku"]
        assert "Sesudah hari itu berakhir dengan sendirinya." in text(shown)

    def test_one_that_is_over_does_not_stop_other_changes(self, as_secretary, locked, dinsos):
        make.period_exception(locked, dinsos, timezone.localdate() - DAY)
        opened = as_secretary.get(form_of(locked))
        assert as_secretary.post(form_of(locked), sent_by(opened, due_on="20-10-2025")).status_code == 302
