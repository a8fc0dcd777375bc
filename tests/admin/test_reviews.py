"""Verifying: one report after another on a page that shows what there is to decide on."""

import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests import make
from tests.admin.browser_form import sent_by
from tests.conftest import signed_in
from tests.reading import attributes, elements, links, page, text, words
from tracker.models import Report
from tracker.models.scope import Role

NEXT = "/admin/tracker/report/periksa/"
VERIFY, RETURN = {"verify": "1"}, {"return": "1"}
NOTE = "Angka per triwulan, bukan kumulatif."
FIRST = datetime.datetime(2025, 10, 6, 2, 0, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def in_november(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: datetime.date(2025, 11, 22))


@pytest.fixture
def program(dinsos):
    make.periods(2025)
    return make.program(dinsos, 2025, name="Perlindungan")


@pytest.fixture
def report(program, operator):
    """What an operator submitted first of all."""
    return submitted(make.activity(program, name="Sembako"), by=operator)


def submitted(activity, quarter=3, *, days=0, by=None, **fields):
    report = make.report(activity, quarter, submitted_at=FIRST + days * DAY, submitted_by=by, **fields)
    return saved(report, by, obstacle="Hujan") if by else report


def saved(report, by, *, reason=None, **fields):
    for name, value in fields.items():
        setattr(report, name, value)
    report._history_user, report._change_reason = by, reason
    report.save()
    return report


def review_of(report, query=""):
    return f"/admin/tracker/report/{report.pk}/periksa/{query}"


def now(report):
    return Report.objects.get(pk=report.pk)


def decided(client, report, step, query="", **changes):
    """The answer to pressing a button of the review page as it stands."""
    address = review_of(report, query)
    return client.post(address, sent_by(client.get(address), **step, **changes))


def told(response):
    return [str(message) for message in response.context["messages"]]


def complaints(response):
    form = response.context["form"]
    return [*form.non_field_errors(), *form["note"].errors]


def section(response, title):
    return next(words(node) for node in elements(page(response), "section") if words(node).startswith(title))


def figures(response):
    rows = elements(next(elements(page(response), "table")), "tr")
    return [" | ".join(words(cell) for cell in elements(row, "th", "td")) for row in rows]


def decision(response):
    return next(
        words(node)
        for node in elements(page(response), "div")
        if "review-decision" in attributes(node).get("class", "")
    )


class TestDeciding:
    def test_verified_in_his_name_and_on_to_the_next(self, as_coordinator, coordinator, report, program):
        following, last = (submitted(make.activity(program), days=days) for days in (1, 2))
        answer = decided(as_coordinator, report, VERIFY)
        assert answer.url == review_of(following)
        assert (now(report).status, now(report).verified_by) == ("verified", coordinator)
        assert now(report).history.first().history_user == coordinator
        assert told(as_coordinator.get(answer.url)) == [
            f"{report} diverifikasi. 2 laporan masih menunggu; ini yang berikutnya."
        ]
        assert now(last).status == "submitted"

    def test_returned_with_the_note_and_on_to_the_next(self, as_coordinator, coordinator, report, program):
        following = submitted(make.activity(program), days=1)
        answer = decided(as_coordinator, report, RETURN, note=f" {NOTE} ")
        assert answer.url == review_of(following)
        assert (now(report).status, now(report).return_note) == ("returned", NOTE)
        entry = now(report).history.first()
        assert (entry.history_user, entry.history_change_reason) == (coordinator, NOTE)
        assert told(as_coordinator.get(answer.url)) == [
            f"{report} dikembalikan kepada OPD. 1 laporan masih menunggu; ini yang berikutnya."
        ]

    def test_after_the_last_one_comes_the_start_page(self, as_coordinator, report):
        answer = decided(as_coordinator, report, VERIFY)
        assert answer.url == "/admin/"
        assert told(as_coordinator.get("/admin/")) == [
            f"{report} diverifikasi. Tidak ada lagi laporan yang menunggu Anda."
        ]

    def test_what_was_skipped_is_not_shown_again_at_once(self, as_coordinator, report, program):
        last = submitted(make.activity(program), days=1)
        skipped = as_coordinator.get(links(as_coordinator.get(review_of(report)))["Lewati"])
        assert skipped.url == review_of(last)
        answer = decided(as_coordinator, last, VERIFY)
        assert answer.url == "/admin/"
        assert told(as_coordinator.get("/admin/")) == [f"{last} diverifikasi. 1 laporan yang dilewati masih menunggu."]
        assert now(report).status == "submitted"

    def test_a_verified_one_can_be_returned(self, as_coordinator, coordinator, report):
        report.verify(by=coordinator)
        shown = as_coordinator.get(review_of(report))
        assert "berstatus Diverifikasi, jadi tidak dapat diverifikasi." in decision(shown)
        assert b'name="verify"' not in shown.content
        decided(as_coordinator, report, RETURN, note=NOTE)
        assert now(report).status == "returned"

    def test_a_secretary_verifies_what_others_entered(self, as_secretary, report):
        decided(as_secretary, report, VERIFY)
        assert now(report).status == "verified"


class TestQueue:
    def test_it_begins_with_the_longest_waiting(self, as_coordinator, report, program):
        oldest = submitted(make.activity(program), 1, days=-9)
        assert as_coordinator.get(NEXT).url == review_of(oldest)

    def test_it_passes_by_what_is_left_to_others(self, report, program, dinsos, dinkes):
        kabid = make.user("kabid", Role.VERIFIER, opd=dinkes)
        (
            submitted(make.activity(make.program(dinkes, 2025)), days=-9),
            submitted(make.activity(program), days=-8, by=kabid),
        )
        make.period(2025, 1, locked_at=timezone.now()), submitted(make.activity(program), 1, days=-7)
        assert signed_in(kabid).get(NEXT).url == review_of(report)

    def test_nothing_to_verify_is_said(self, as_coordinator, program):
        answer = as_coordinator.get(NEXT, follow=True)
        assert answer.redirect_chain == [("/admin/", 302)]
        assert told(answer) == ["Tidak ada laporan yang menunggu verifikasi Anda."]

    def test_skipping_the_last_one_ends_the_round(self, as_coordinator, report):
        answer = as_coordinator.get(links(as_coordinator.get(review_of(report)))["Lewati"], follow=True)
        assert answer.redirect_chain[-1] == ("/admin/", 302)
        assert told(answer) == ["Ini akhir antrean. 1 laporan yang dilewati masih menunggu."]

    @pytest.mark.parametrize("odd", ["abc", "-1", "9" * 40, "%00", "٣"])
    def test_an_odd_place_begins_again(self, as_coordinator, report, odd):
        assert as_coordinator.get(f"{NEXT}?sesudah={odd}").url == review_of(report)

    def test_the_place_in_the_queue_is_shown(self, as_coordinator, report, program):
        last = submitted(make.activity(program), days=1)
        assert "Laporan ke-2 dari 2 yang menunggu Anda." in decision(as_coordinator.get(review_of(last)))

    def test_filters_of_the_address_narrow_it_and_stay(self, as_coordinator, report, program, dinkes):
        theirs = make.program(dinkes, 2025)
        first, second = (submitted(make.activity(theirs), days=days) for days in (1, 2))
        submitted(make.activity(theirs), 2), submitted(make.activity(make.program(dinkes, 2024)), 3)
        query = f"?opd={dinkes.pk}&tahun=2025&tw=3"
        assert as_coordinator.get(NEXT + query).url == review_of(first, query)
        assert "Laporan ke-1 dari 2 " in decision(as_coordinator.get(review_of(first, query)))
        skip = links(as_coordinator.get(review_of(first, query)))["Lewati"]
        assert as_coordinator.get(skip).url == review_of(second, query)
        answer = decided(as_coordinator, first, VERIFY, query)
        assert answer.url == review_of(second, query)
        assert decided(as_coordinator, second, RETURN, query, note=NOTE).url == "/admin/"

    @pytest.mark.parametrize("odd", ["opd=abc", "opd=-1", "tw=%00", "tahun=99999999999999999999", "tw=1%20OR%201"])
    def test_odd_filters_are_left_out_and_named(self, as_coordinator, report, odd):
        answer = as_coordinator.get(f"{NEXT}?{odd}", follow=True)
        assert answer.redirect_chain == [(review_of(report), 302)]
        assert told(answer) == ["Saringan pada alamat itu tidak dikenal, jadi antrean tidak disaring dengannya."]
        assert as_coordinator.get(review_of(report, f"?{odd}")).status_code == 200

    @pytest.mark.parametrize("nothing", ["opd=999999999", "tw=9", "tahun=999999999"])
    def test_filters_that_leave_nothing_lead_to_the_start(self, as_coordinator, report, nothing):
        assert as_coordinator.get(f"{NEXT}?{nothing}").url == "/admin/"


class TestRefusals:
    def test_returning_needs_a_note(self, as_coordinator, report):
        for note in ("", "  \n "):
            answer = decided(as_coordinator, report, RETURN, note=note)
            assert complaints(answer) == ["Tulis catatan pengembalian: apa yang harus diperbaiki OPD."]
        assert now(report).status == "submitted"

    @pytest.mark.parametrize(
        ("note", "complaint"),
        [
            ("Cek NIK 1604012345678901.", "16 angka berurutan"),
            ("Tak terlihat \u202e.", "karakter yang tidak terlihat"),
            ("x" * 1001, "1000"),
        ],
    )
    def test_a_note_that_cannot_be_kept_is_explained_and_stays_in_the_box(
        self, as_coordinator, report, note, complaint
    ):
        answer = decided(as_coordinator, report, RETURN, note=note)
        [said] = complaints(answer)
        assert complaint in said
        assert sent_by(answer)["note"] == note
        assert now(report).status == "submitted"

    def test_a_note_is_not_lost_by_verifying(self, as_coordinator, report):
        answer = decided(as_coordinator, report, VERIFY, note=NOTE)
        assert "Kosongkan catatan untuk memverifikasi" in complaints(answer)[0]
        assert sent_by(answer)["note"] == NOTE
        assert now(report).status == "submitted"

    def test_a_post_without_a_step_does_nothing(self, as_coordinator, report):
        assert complaints(decided(as_coordinator, report, {})) == ["Pilih Verifikasi atau Kembalikan."]

    def test_what_changed_meanwhile_is_shown_before_anything_is_decided(self, as_coordinator, operator, report):
        address = review_of(report)
        sent = sent_by(as_coordinator.get(address), note=NOTE, **RETURN)
        saved(now(report), operator, obstacle="Banjir")
        answer = as_coordinator.post(address, sent)
        assert "data ini sudah diubah oleh operator pada" in complaints(answer)[0]
        assert "Banjir" in section(answer, "Kendala")
        assert sent_by(answer)["note"] == NOTE
        assert now(report).status == "submitted"
        assert as_coordinator.post(address, sent_by(answer, **RETURN)).status_code == 302
        assert now(report).return_note == NOTE

    @pytest.mark.parametrize("version", ["", "abc", None])
    def test_a_form_that_does_not_say_what_was_seen_is_refused(self, as_coordinator, report, version):
        sent = VERIFY if version is None else VERIFY | {"version": version}
        assert as_coordinator.post(review_of(report), sent).status_code == 200
        assert now(report).status == "submitted"

    def test_of_two_verifiers_the_second_is_told(self, as_coordinator, report):
        second = signed_in(make.user("kedua", Role.VERIFIER))
        sent = sent_by(second.get(review_of(report)), **RETURN, note=NOTE)
        decided(as_coordinator, report, VERIFY)
        answer = second.post(review_of(report), sent)
        assert "data ini sudah diubah oleh koordinator pada" in complaints(answer)[0]
        assert "berstatus Diverifikasi" in decision(answer)
        assert now(report).status == "verified"

    def test_nobody_verifies_for_his_own_opd(self, report, dinsos):
        client = signed_in(make.user("kabid", Role.VERIFIER, opd=dinsos))
        shown = client.get(review_of(report))
        assert "laporan OPD Anda sendiri, jadi diverifikasi orang lain." in decision(shown)
        assert b'name="verify"' not in shown.content
        assert "OPD Anda sendiri" in complaints(decided(client, report, VERIFY))[0]
        assert now(report).status == "submitted"

    def test_nobody_verifies_what_he_entered(self, as_secretary, secretary, report):
        saved(report, secretary, realised_budget=7)
        assert "Anda isi sendiri" in decision(as_secretary.get(review_of(report)))
        assert "Anda isi sendiri" in complaints(decided(as_secretary, report, VERIFY))[0]
        assert now(report).status == "submitted"

    def test_a_locked_quarter_refuses(self, as_coordinator, report, dinsos):
        sent = sent_by(as_coordinator.get(review_of(report)))
        period = make.period(2025, 3, locked_at=timezone.now(), lock_reason="Rapat")
        shown = as_coordinator.get(review_of(report))
        assert "TW III 2025 sudah dikunci" in decision(shown)
        assert b'name="verify"' not in shown.content
        assert b'name="return"' not in shown.content
        for step in (VERIFY, RETURN):
            [said] = complaints(
                as_coordinator.post(review_of(report), {**sent, **step, **({"note": NOTE} if step is RETURN else {})})
            )
            assert "TW III 2025 sudah dikunci" in said
        assert now(report).status == "submitted"
        make.period_exception(period, dinsos, datetime.date(2025, 11, 22))
        decided(as_coordinator, report, VERIFY)
        assert now(report).status == "verified"

    def test_what_is_no_longer_submitted_has_no_buttons(self, as_coordinator, report):
        for status in ("draft", "returned"):
            saved(report, None, status=status, return_note="Lama")
            shown = as_coordinator.get(review_of(report))
            assert b'id="review_form"' not in shown.content
            assert "jadi tidak dapat diverifikasi." in decision(shown)


class TestWho:
    @pytest.mark.parametrize("who", ["as_operator", "as_stranger", "as_viewer"])
    def test_who_does_not_verify_neither_sees_nor_decides(self, request, report, who):
        client = request.getfixturevalue(who)
        sent = {"version": report.version, **VERIFY}
        for answer in (
            client.get(NEXT, follow=True),
            client.get(review_of(report), follow=True),
            client.post(review_of(report), sent, follow=True),
        ):
            assert answer.status_code == 403
            assert "Sembako" not in answer.content.decode()
        assert now(report).status == "submitted"

    def test_nobody_is_sent_to_sign_in(self, as_nobody, report):
        assert as_nobody.get(review_of(report)).url == f"/masuk/?next={review_of(report)}"
        assert "Masuk" in text(as_nobody.post(review_of(report), VERIFY, follow=True))
        assert now(report).status == "submitted"

    def test_the_right_alone_does_not_reach_other_opds(self, report, dinkes):
        """A role by its group alone, or the right without the role, is not both."""
        user = make.user("setengah", opd=dinkes, is_staff=True)
        user.user_permissions.set(make.group(Role.VERIFIER).permissions.all())
        client = signed_in(user)
        assert client.get(review_of(report)).status_code == 404
        assert client.post(review_of(report), VERIFY).status_code == 404

    @pytest.mark.parametrize("key", ["0", "999999", "9" * 30])
    def test_what_is_not_there_is_not_found(self, as_coordinator, program, key):
        assert as_coordinator.get(f"/admin/tracker/report/{key}/periksa/").status_code == 404

    def test_a_foreign_page_cannot_decide(self, coordinator, report):
        client = Client(enforce_csrf_checks=True)
        client.force_login(coordinator)
        assert client.post(review_of(report), {"version": report.version, **VERIFY}).status_code == 403
        assert now(report).status == "submitted"


class TestWhatIsShown:
    def test_figures_stand_beside_the_quarter_before_and_the_plan(self, as_coordinator, program):
        activity = make.activity(
            program, budget=1_000, revised_budget=2_000, plan_q1=10, plan_q2=40, plan_q3=70, plan_q4=100
        )
        make.report(activity, 1, realised_budget=100, realised_output=10, status="verified")
        make.report(activity, 2, realised_budget=9_999, status="draft")
        report = submitted(
            activity, realised_budget=1_500, realised_output="62.5", beneficiaries=40, local_workers=None
        )
        assert figures(as_coordinator.get(review_of(report))) == [
            "Angka kumulatif | Sebelumnya (TW I) | Laporan ini | Perubahan",
            "Realisasi anggaran dari pagu Rp 2.000 | Rp 100 5,0 % | Rp 1.500 75,0 % | +Rp 1.400",
            "Realisasi keluaran dari target 100 KPM | 10 KPM 10,0 % | 62,5 KPM 62,5 % | +52,5 KPM",
            "Fisik rencana 70,0 %, deviasi −7,5 | 10,0 % | 62,5 % | +52,5 poin",
            "Penerima manfaat | – | 40 | ",
        ]

    def test_the_first_quarter_has_nothing_before_it(self, as_coordinator, program):
        report = submitted(make.activity(program), 1, realised_budget=0, realised_output=25)
        assert figures(as_coordinator.get(review_of(report))) == [
            "Angka kumulatif | Laporan ini",
            "Realisasi anggaran dari pagu Rp 1.000.000 | Rp 0 0,0 %",
            "Realisasi keluaran dari target 100 KPM | 25 KPM 25,0 %",
            "Fisik rencana 25,0 %, deviasi 0,0 | 25,0 %",
        ]

    def test_a_quarter_without_any_report_before_it_says_so(self, as_coordinator, program):
        report = submitted(make.activity(program), 2)
        assert (
            figures(as_coordinator.get(review_of(report)))[0]
            == "Angka kumulatif | Sebelumnya belum ada | Laporan ini | Perubahan"
        )

    def test_an_indicator_that_cannot_be_measured_is_no_error(self, as_coordinator, program):
        report = submitted(make.activity(program, target=0), 1)
        assert "Fisik rencana 25,0 % | –" in figures(as_coordinator.get(review_of(report)))

    def test_what_looks_wrong_is_named_with_the_reason_given(self, as_coordinator, operator, program):
        activity = make.activity(program, budget=1_000)
        make.report(activity, 2, realised_budget=1_300, realised_output=50)
        report = submitted(activity, realised_budget=1_200, realised_output=40)
        shown = text(as_coordinator.get(review_of(report)))
        assert "realisasi Rp 1.200 melebihi pagu Rp 1.000" in shown
        assert "Angka kumulatif turun: realisasi anggaran TW III 2025 (Rp 1.200) lebih kecil" in shown
        assert "Angka kumulatif turun: realisasi keluaran TW III 2025 (40) lebih kecil" in shown
        assert "Alasannya belum ditulis." in shown
        saved(report, operator, reason="Dikoreksi menurut SP2D.")
        shown = text(as_coordinator.get(review_of(report)))
        assert "Alasan perubahan dari operator: Dikoreksi menurut SP2D." in shown
        assert "Alasannya belum ditulis." not in shown

    def test_words_and_evidence_are_there_to_read(self, as_coordinator, report, operator):
        saved(
            report,
            operator,
            obstacle="Hujan\n<b>deras</b>",
            obstacle_category=make.obstacle_category("Cuaca"),
            follow_up="Tunda penyaluran",
            follow_up_owner="Kepala Bidang",
            follow_up_due=datetime.date(2025, 12, 1),
            evidence_url="https://dinsos.example/berkas",
        )
        shown = as_coordinator.get(review_of(report))
        assert section(shown, "Kendala") == (
            "Kendala, tindak lanjut, dan bukti Kendala Cuaca. Hujan <b>deras</b> "
            "Tindak lanjut Tunda penyaluran Kepala Bidang, tenggat 1 Desember 2025 "
            "Bukti https://dinsos.example/berkas (tab baru)"
        )
        [link] = [a for a in elements(page(shown), "a") if "dinsos.example" in attributes(a)["href"]]
        assert attributes(link)["rel"] == "noopener noreferrer"

    @pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://dinsos.example/", "data:text/html,x"])
    def test_only_addresses_of_the_web_become_links(self, as_coordinator, report, url):
        Report.objects.filter(pk=report.pk).update(evidence_url=url)
        shown = as_coordinator.get(review_of(report))
        assert url not in [attributes(a).get("href") for a in elements(page(shown), "a")]
        assert f"Bukti {url}" in section(shown, "Kendala")

    def test_how_often_and_why_it_was_returned(self, as_coordinator, coordinator, operator, report):
        assert "Pernah dikembalikan" not in text(as_coordinator.get(review_of(report)))
        for number in range(4):
            report = now(report)
            report.send_back(f"Catatan {number}.", by=coordinator)
            saved(report, operator, status="submitted", return_note="", realised_budget=number)
        shown = section(as_coordinator.get(review_of(report)), "Pernah dikembalikan")
        assert [word for word in ("Catatan 3.", "Catatan 2.", "Catatan 1.", "Catatan 0.") if word in shown] == [
            "Catatan 3.",
            "Catatan 2.",
            "Catatan 1.",
        ]
        assert shown.index("Catatan 3.") < shown.index("Catatan 1.")
        assert "koordinator" in shown

    def test_what_changed_since_it_was_verified(self, as_coordinator, coordinator, operator, report):
        report.verify(by=coordinator)
        saved(now(report), operator, status="submitted", realised_output=30, obstacle="")
        assert "Realisasi keluaran: 0 → 30 Kendala: Hujan → kosong" in section(
            as_coordinator.get(review_of(report)), "Yang berubah sejak diverifikasi"
        )

    def test_what_changed_since_it_was_returned_and_since_it_was_verified_before(
        self, as_coordinator, coordinator, operator, report
    ):
        report.verify(by=coordinator)
        saved(now(report), operator, status="submitted", realised_output=30)
        now(report).send_back(NOTE, by=coordinator)
        saved(now(report), operator, status="submitted", return_note="", realised_output=40)
        shown = as_coordinator.get(review_of(report))
        assert "Realisasi keluaran: 30 → 40" in section(shown, "Yang berubah sejak dikembalikan")
        assert "Realisasi keluaran: 0 → 40" in section(shown, "Yang berubah sejak diverifikasi")

    def test_only_the_last_verification_counts(self, as_coordinator, coordinator, operator, report):
        report.verify(by=coordinator)
        saved(now(report), operator, status="submitted", realised_output=30)
        now(report).verify(by=coordinator)
        saved(now(report), operator, status="submitted", obstacle="Banjir")
        shown = as_coordinator.get(review_of(report))
        assert text(shown).count("Yang berubah sejak") == 1
        assert "Realisasi keluaran: 0 →" not in text(shown)

    def test_a_reason_given_before_it_was_judged_is_past(self, as_coordinator, coordinator, operator, report):
        saved(report, operator, reason="Dikoreksi menurut SP2D.")
        assert "Dikoreksi menurut SP2D." in text(as_coordinator.get(review_of(report)))
        report.verify(by=coordinator)
        saved(now(report), operator, status="submitted")
        assert "Dikoreksi menurut SP2D." not in text(as_coordinator.get(review_of(report)))

    def test_a_return_is_told_once_however_often_it_was_saved(self, as_coordinator, coordinator, operator, report):
        report.send_back(NOTE, by=coordinator)
        saved(now(report), operator, obstacle="Banjir"), saved(now(report), operator, status="submitted")
        assert section(as_coordinator.get(review_of(report)), "Pernah dikembalikan").count(NOTE) == 1

    def test_the_same_changes_are_told_once_and_none_is_said(self, as_coordinator, coordinator, operator, report):
        report.verify(by=coordinator)
        now(report).send_back(NOTE, by=coordinator)
        saved(now(report), operator, status="submitted", return_note="")
        shown = as_coordinator.get(review_of(report))
        assert text(shown).count("Yang berubah sejak") == 1
        assert "dan diverifikasi" in section(shown, "Yang berubah sejak dikembalikan")
        assert "Tidak ada isian yang berubah." in section(shown, "Yang berubah sejak")

    def test_drafts_of_other_quarters_stay_out(self, as_coordinator, report):
        """Only what counts stands beside it."""
        make.report(report.activity, 2, status="draft", realised_budget=31_415)
        make.report(report.activity, 1, status="returned", realised_budget=27_182)
        html = as_coordinator.get(review_of(report)).content.decode()
        assert "31.415" not in html
        assert "27.182" not in html

    def test_it_asks_as_many_questions_for_a_long_past(
        self, as_coordinator, coordinator, operator, report, program, django_assert_num_queries
    ):
        report.send_back(NOTE, by=coordinator)
        saved(report, operator, status="submitted", return_note="", realised_output=1)
        as_coordinator.get(review_of(report))
        with CaptureQueriesContext(connection) as few:
            as_coordinator.get(review_of(report))
        for number in range(5):
            report = now(report)
            report.send_back(NOTE, by=coordinator)
            saved(report, operator, status="submitted", return_note="", realised_output=number)
            submitted(make.activity(program), days=number)
        with django_assert_num_queries(len(few)):
            as_coordinator.get(review_of(report))
