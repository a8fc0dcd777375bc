"""Getting in and staying in: failures are slowed, sessions end, first passwords are changed, nothing typed is lost."""

from itertools import product

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import make
from tests.admin.browser_form import sent_by
from tests.reading import headline, links, text
from tests.views.signing_in import (
    WRONG,
    browser,
    enter,
    fail,
    form_on,
    is_in,
    leave_alone,
    minutes_later,
    send,
    set_back,
    store,
)
from tracker.models import Partner, Program, User
from tracker.models.history import data_version
from tracker.models.scope import Role
from tracker.sign_in import client_address

NEW = "hujan-turun-di-Jarai"
LOCKED = "Masuk dengan nama pengguna ini dari tempat Anda ditahan dulu"


class TestFailedSignIns:
    def test_the_fifth_failure_closes_the_door_even_to_the_right_password(self, client, viewer):
        assert [answer.status_code for answer in fail(client, "pimpinan", 5)] == [200, 200, 200, 200, 429]
        answer = enter(client, "pimpinan")
        assert answer.status_code == 429
        assert not is_in(client)

    def test_the_locked_page_is_the_sign_in_page_and_says_how_long(self, client, viewer):
        *_, answer = fail(client, "pimpinan", 5)
        assert headline(answer) == "Masuk"
        assert LOCKED in text(answer)
        assert "Tunggu 15 menit, lalu coba lagi." in text(answer)
        assert dict(form_on(answer)[1])["username"] == "pimpinan"

    def test_the_time_to_wait_grows_shorter(self, client, viewer):
        fail(client, "pimpinan", 5)
        minutes_later(10)
        assert "Tunggu 5 menit" in text(enter(client, "pimpinan"))
        minutes_later(4.9)
        assert "Tunggu 1 menit" in text(enter(client, "pimpinan"))

    def test_after_fifteen_minutes_the_door_is_open_again(self, client, viewer):
        fail(client, "pimpinan", 5)
        minutes_later(15.1)
        assert enter(client, "pimpinan").status_code == 302

    def test_trying_meanwhile_does_not_make_it_longer(self, client, viewer):
        fail(client, "pimpinan", 5)
        minutes_later(10)
        fail(client, "pimpinan", 20)
        minutes_later(5.1)
        assert enter(client, "pimpinan").status_code == 302

    def test_an_unknown_name_gets_the_same_answers(self, viewer):
        pages = [
            [
                (answer.status_code, text(answer))
                for answer in [*fail(Client(), name, 6), enter(Client(), name, make.PASSWORD + "!")]
            ]
            for name in ("pimpinan", "tidak-ada")
        ]
        assert pages[0] == pages[1]
        assert pages[0][4][0] == 429

    def test_another_address_is_not_affected(self, client, viewer):
        fail(client, "pimpinan", 9, REMOTE_ADDR="203.0.113.7")
        assert enter(client, "pimpinan", REMOTE_ADDR="203.0.113.8").status_code == 302

    def test_another_person_at_the_same_address_is_not_affected(self, client, viewer, coordinator):
        fail(client, "pimpinan", 9)
        assert enter(client, "koordinator").status_code == 302

    def test_however_the_name_is_written_the_failures_add_up(self, client, viewer):
        names = ["pimpinan", "Pimpinan", " pimpinan ", "PIMPINAN", "ｐｉｍｐｉｎａｎ"]
        assert [enter(client, name, WRONG).status_code for name in names][-1] == 429
        assert enter(client, "pimpinan").status_code == 429

    def test_another_browser_does_not_get_attempts_of_its_own(self, client, viewer):
        for number in range(5):
            *_, answer = fail(client, "pimpinan", 1, HTTP_USER_AGENT=f"Peramban {number}")
        assert answer.status_code == 429

    def test_getting_in_forgets_the_failures(self, client, viewer):
        for _ in range(3):
            fail(client, "pimpinan", 4)
            assert enter(client, "pimpinan").status_code == 302
            client.post("/keluar/")
        assert not AccessAttempt.objects.exists()

    def test_an_endless_name_is_counted_like_any_other(self, client, db):
        *_, answer = fail(client, "ﷺ" * 5000, 5)
        assert answer.status_code == 429

    def test_a_deactivated_account_is_no_way_to_try_passwords(self, client, db):
        make.user("nonaktif", is_active=False)
        assert [enter(client, "nonaktif").status_code for _ in range(6)] == [200, 200, 200, 200, 429, 429]

    def test_an_unknown_name_costs_as_many_hashes_as_a_wrong_password(self, client, viewer, monkeypatch):
        make.user("nonaktif", is_active=False)
        hashed = []
        encode = MD5PasswordHasher.encode
        monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *given: hashed.append(1) or encode(*given))

        def cost(username, password):
            hashed.clear()
            enter(client, username, password)
            return len(hashed)

        costs = {
            "wrong": cost("pimpinan", WRONG),
            "unknown": cost("tidak-ada", WRONG),
            "deactivated": cost("nonaktif", make.PASSWORD),
        }
        assert costs == {"wrong": 1, "unknown": 1, "deactivated": 1}
        fail(client, "pimpinan", 5), fail(client, "tidak-ada", 5)
        assert (cost("pimpinan", WRONG), cost("tidak-ada", WRONG)) == (0, 0)

    def test_no_password_code_or_typed_text_is_kept_with_the_failures(self, client, viewer):
        carried = {"next": "/opd/?q=rahasia-dapur", "unsaved": "catatan=rahasia-dapur", "typed_by": "rahasia-dapur"}
        enter(client, "pimpinan", "rahasia-dapur", otp_token="rahasia-dapur", **carried)
        kept = [str(value) for row in AccessAttempt.objects.values() for value in row.values()]
        assert kept != []
        assert [value for value in kept if "rahasia-dapur" in value or make.PASSWORD in value] == []
        enter(client, "pimpinan")
        assert not AccessLog.objects.exists() and not AccessFailureLog.objects.exists()

    def test_signing_in_without_a_request_still_works(self, viewer):
        """As tests and scripts do."""
        assert Client().login(username="pimpinan", password=make.PASSWORD)
        assert not Client().login(username="pimpinan", password=WRONG)

    def test_neither_success_nor_failure_makes_the_pages_older(self, client, viewer):
        before = data_version()
        enter(client, "pimpinan", WRONG)
        enter(client, "pimpinan")
        assert data_version() == before


class TestTheAddress:
    PEER, PROXY, CLIENT, FORGED = "10.0.0.1", "10.0.0.2", "203.0.113.9", "6.6.6.6"

    def seen(self, rf, settings, count, forwarded, peer=PEER):
        settings.PROXY_COUNT = count
        headers = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
        return client_address(rf.get("/", REMOTE_ADDR=peer, **headers))

    def test_without_a_proxy_the_header_is_not_believed(self, rf, settings):
        for forwarded in [None, "", self.FORGED, f"{self.FORGED}, {self.CLIENT}"]:
            assert self.seen(rf, settings, 0, forwarded) == self.PEER

    def test_behind_proxies_it_is_what_the_outermost_of_them_saw(self, rf, settings):
        assert self.seen(rf, settings, 1, self.CLIENT) == self.CLIENT
        assert self.seen(rf, settings, 2, f"{self.CLIENT}, {self.PROXY}") == self.CLIENT

    def test_what_the_client_wrote_before_is_not_believed(self, rf, settings):
        assert self.seen(rf, settings, 1, f"{self.FORGED}, {self.CLIENT}") == self.CLIENT
        assert self.seen(rf, settings, 2, f"x, {self.FORGED}, {self.CLIENT}, {self.PROXY}") == self.CLIENT

    def test_without_the_header_it_is_the_peer(self, rf, settings):
        assert self.seen(rf, settings, 1, None) == self.PEER

    @pytest.mark.parametrize("nonsense", ["", "unix:", "1.2.3", "a" * 5000, "1.2.3.4:80"])
    def test_nonsense_is_one_address_for_all(self, rf, settings, nonsense):
        assert self.seen(rf, settings, 0, None, peer=nonsense) == "0.0.0.0"

    def test_a_subscriber_has_one_address_however_many_he_uses(self, rf, settings):
        seen = {self.seen(rf, settings, 0, None, peer=f"2001:db8:1:2::{number:x}") for number in (1, 2, 0xFFFF)}
        assert seen == {"2001:db8:1:2::"}

    def test_a_forged_header_gives_no_more_attempts(self, client, viewer, settings):
        settings.PROXY_COUNT = 1
        for number in range(5):
            *_, answer = fail(client, "pimpinan", 1, HTTP_X_FORWARDED_FOR=f"6.6.6.{number}, {self.CLIENT}")
        assert answer.status_code == 429

    @pytest.mark.parametrize("address", ["", "unix:", "2001:db8::1"])
    def test_every_address_can_be_counted(self, client, viewer, address):
        *_, answer = fail(client, "pimpinan", 5, REMOTE_ADDR=address)
        assert answer.status_code == 429


def test_the_admin_shows_only_our_own_models():
    assert {model._meta.app_label for model in admin.site._registry} == {"tracker"}
    assert apps.is_installed("axes")


def test_no_check_complains():
    call_command("check", fail_level="WARNING", databases=[])


class TestSessions:
    def test_half_an_hour_without_a_request_ends_it(self, as_viewer):
        set_back(as_viewer, seen_at=29 * 60)
        assert is_in(as_viewer)
        set_back(as_viewer, seen_at=31 * 60)
        assert as_viewer.get("/opd/").url == "/masuk/?next=/opd/"

    def test_whoever_keeps_reading_stays_in(self, as_viewer):
        for _ in range(5):
            set_back(as_viewer, seen_at=20 * 60)
            assert is_in(as_viewer)

    def test_twelve_hours_end_it_whatever_happens_in_between(self, as_viewer):
        set_back(as_viewer, signed_in_at=int(11.9 * 3600), seen_at=20 * 60)
        assert is_in(as_viewer)
        set_back(as_viewer, signed_in_at=int(0.2 * 3600))
        assert not is_in(as_viewer)

    def test_an_ended_session_does_not_come_back(self, as_viewer):
        key = as_viewer.session.session_key
        leave_alone(as_viewer)
        assert not is_in(as_viewer)
        again = Client()
        again.cookies["sessionid"] = key
        assert not is_in(again)
        assert not Session.objects.exists()

    def test_reading_writes_at_most_once_a_minute(self, as_viewer):
        def writes():
            with CaptureQueriesContext(connection) as asked:
                as_viewer.get("/metode/")
            return sum("django_session" in query["sql"] and "SELECT" not in query["sql"] for query in asked)

        assert writes() == 0
        set_back(as_viewer, seen_at=59)
        assert writes() == 0
        set_back(as_viewer, seen_at=61)
        assert (writes(), writes()) == (1, 0)

    def test_a_session_from_before_the_stamps_has_ended(self, as_viewer):
        store(as_viewer, {name: value for name, value in as_viewer.session.items() if not name.endswith("_at")})
        assert not is_in(as_viewer)

    def test_a_session_that_ends_in_another_window_meanwhile_breaks_no_page(self, as_viewer):
        session = as_viewer.session
        session["looked_at"] = "opd"
        Session.objects.all().delete()
        session.save()
        assert not Session.objects.exists()

    def test_the_cookie_ends_with_the_browser(self, client, viewer):
        enter(client, "pimpinan")
        cookie = client.cookies["sessionid"]
        assert (cookie["max-age"], cookie["expires"], cookie["httponly"]) == ("", "", True)
        assert is_in(client)

    def test_a_new_password_ends_the_other_sessions_and_not_the_own(self, as_viewer, viewer):
        elsewhere = Client()
        elsewhere.force_login(viewer)
        change_password(as_viewer)
        assert (is_in(as_viewer), is_in(elsewhere)) == (True, False)

    def test_a_password_set_by_the_sekretariat_ends_all_sessions(self, as_secretary, as_viewer, viewer):
        given(as_secretary, viewer)
        assert not is_in(as_viewer)
        assert is_in(as_secretary)


def change_password(client, old=make.PASSWORD, new=NEW, again=None):
    typed = {"old_password": old, "new_password1": new, "new_password2": new if again is None else again}
    return client.post("/akun/kata-sandi/", typed, follow=True)


def given(client, user, password=NEW):
    """The Sekretariat sets somebody's password in the user admin."""
    typed = {"password1": password, "password2": password, "usable_password": "true"}
    answer = client.post(f"/admin/tracker/user/{user.pk}/password/", typed)
    assert answer.status_code == 302
    return answer


class TestTheOwnPassword:
    @pytest.mark.parametrize("who", ["viewer", "operator", "coordinator", "secretary"])
    def test_everybody_can_change_it(self, request, who):
        user = request.getfixturevalue(who)
        client = Client()
        client.force_login(user)
        answer = change_password(client)
        assert "Kata sandi Anda sudah diganti." in text(answer)
        user.refresh_from_db()
        assert user.check_password(NEW)

    def test_every_page_leads_to_it(self, as_viewer):
        assert links(as_viewer.get("/metode/"))["Kata sandi"] == "/akun/kata-sandi/"

    def test_the_page_of_the_admin_leads_to_it(self, as_secretary):
        assert as_secretary.get("/admin/password_change/").url == "/akun/kata-sandi/"

    def test_the_history_tells_of_the_change_and_nothing_of_the_password(self, as_viewer, viewer):
        change_password(as_viewer)
        entry = viewer.history.first()
        assert (entry.history_change_reason, entry.history_user) == ("Kata sandi diganti", viewer)
        assert not hasattr(entry, "password")

    @pytest.mark.parametrize(
        ("typed", "explanation"),
        [
            ({"old": WRONG}, "Kata sandi ini tidak cocok. Periksa huruf besar dan kecil, lalu ketik kembali."),
            ({"old": ""}, "Isian ini wajib diisi."),
            ({"again": NEW + "!"}, "Kedua kata sandi baru tidak sama. Ketik kembali keduanya."),
            ({"new": make.PASSWORD}, "Ini kata sandi Anda yang sekarang. Pilih kata sandi lain."),
            (
                {"new": "Pendek-saja"},
                "Kata sandi ini terlalu pendek. Pakai 12 karakter atau lebih, misalnya beberapa kata.",
            ),
            (
                {"new": "pimpinanpimpinan"[:12]},
                "Kata sandi ini terlalu mirip dengan nama pengguna Anda, jadi mudah ditebak. Pilih kata lain.",
            ),
            ({"new": "1qaz2wsx3edc"}, "Kata sandi ini dipakai banyak orang, jadi mudah ditebak. Pilih yang lain."),
            ({"new": "481926730518"}, "Kata sandi ini hanya terdiri dari angka. Tambahkan huruf atau kata."),
        ],
    )
    def test_each_rule_is_explained_and_nothing_is_changed(self, as_viewer, viewer, typed, explanation):
        answer = change_password(as_viewer, **typed)
        assert explanation in text(answer)
        assert make.PASSWORD not in answer.content.decode()
        viewer.refresh_from_db()
        assert viewer.check_password(make.PASSWORD)

    def test_the_rules_are_told_before_anything_is_typed(self, as_viewer):
        told = text(as_viewer.get("/akun/kata-sandi/"))
        for rule in ["Paling sedikit 12 karakter", "Tidak mirip", "Bukan kata sandi yang umum", "Tidak hanya angka"]:
            assert rule in told

    def test_an_open_session_is_no_place_to_guess_the_password(self, as_viewer, viewer):
        for _ in range(5):
            answer = change_password(as_viewer, old=WRONG)
        assert "Terlalu banyak kata sandi yang salah. Tunggu 15 menit, lalu coba lagi." in text(answer)
        minutes_later(10)
        assert "Tunggu 5 menit" in text(change_password(as_viewer))
        viewer.refresh_from_db()
        assert viewer.check_password(make.PASSWORD)
        minutes_later(5.1)
        assert "sudah diganti" in text(change_password(as_viewer))


class TestAFirstPassword:
    @pytest.fixture
    def newcomer(self, as_secretary, dinsos):
        page = as_secretary.get("/admin/tracker/user/add/")
        operators = make.group(Role.OPERATOR).pk
        typed = {"username": "budi", "password1": NEW, "password2": NEW, "opd": dinsos.pk, "groups": operators}
        assert as_secretary.post("/admin/tracker/user/add/", sent_by(page, **typed)).status_code == 302
        return User.objects.get(username="budi")

    @pytest.fixture
    def as_newcomer(self, newcomer):
        client = Client()
        enter(client, "budi", NEW)
        return client

    def test_it_has_to_be_changed_before_anything_else(self, as_newcomer):
        for address in ["/", "/opd/", "/?format=csv", "/admin/", "/admin/tracker/program/", "/akun/kode/"]:
            assert as_newcomer.get(address).url == "/akun/kata-sandi/", address
        answer = as_newcomer.get("/akun/kata-sandi/")
        assert "Kata sandi Anda dibuat oleh orang lain." in text(answer)

    def test_leaving_is_possible(self, as_newcomer):
        assert as_newcomer.post("/keluar/").url == "/masuk/"

    def test_changing_it_opens_the_pages(self, as_newcomer, newcomer):
        change_password(as_newcomer, old=NEW, new=make.PASSWORD)
        assert as_newcomer.get("/").status_code == 200
        assert as_newcomer.get("/admin/").status_code == 200
        newcomer.refresh_from_db()
        assert not newcomer.must_change_password

    def test_the_same_one_again_is_refused(self, as_newcomer):
        assert "Ini kata sandi Anda yang sekarang." in text(change_password(as_newcomer, old=NEW, new=NEW))
        assert as_newcomer.get("/").url == "/akun/kata-sandi/"

    def test_one_that_the_sekretariat_has_set_again_is_a_first_one(self, as_secretary, viewer):
        given(as_secretary, viewer)
        client = Client()
        assert enter(client, "pimpinan", NEW).status_code == 302
        assert client.get("/").url == "/akun/kata-sandi/"

    def test_sample_accounts_keep_theirs(self, as_secretary):
        sample = make.user("contoh", is_sample=True)
        given(as_secretary, sample)
        sample.refresh_from_db()
        assert not sample.must_change_password

    def test_the_own_one_is_not_changed_in_the_user_admin(self, as_secretary, secretary):
        assert given(as_secretary, secretary).url == "/akun/kata-sandi/"
        secretary.refresh_from_db()
        assert (secretary.check_password(make.PASSWORD), secretary.must_change_password) == (True, False)

    def test_what_was_being_saved_waits_for_the_new_password(self, as_viewer, viewer):
        User.objects.update(must_change_password=True)
        answer = as_viewer.post("/admin/tracker/partner/add/", {"name": "Baznas"})
        assert headline(answer) == "Isian Anda masih ada."
        assert links(answer)["ganti kata sandi Anda di tab baru"] == "/akun/kata-sandi/"
        assert ("name", "Baznas") in form_on(answer)[1]
        # Pressed too early, nothing is lost either.
        assert ("name", "Baznas") in form_on(send(as_viewer, answer))[1]
        change_password(as_viewer)
        assert send(as_viewer, answer).status_code != 200


class TestWhatWasTypedWhenTheSessionEnded:
    ADDRESS = "/admin/tracker/partner/add/"

    @pytest.fixture
    def at_work(self, secretary):
        """The Sekretariat in a browser, with the form for a new partner open."""
        client = browser()
        client.force_login(secretary)
        self.opened = client.get(self.ADDRESS)
        return client

    def typed(self, **changes):
        return sent_by(self.opened, name="Baznas Lahat", kind=Partner.Kind.BAZNAS, **changes)

    def too_late(self, client, **changes):
        leave_alone(client)
        return client.post(self.ADDRESS, self.typed(**changes))

    def test_it_is_saved_after_signing_in_again(self, at_work):
        answer = self.too_late(at_work)
        assert answer.status_code == 403
        assert headline(answer) == "Sesi Anda sudah berakhir. Masuk kembali untuk menyimpan."
        assert "Belum ada yang disimpan, tetapi yang Anda ketik masih ada di halaman ini." in text(answer)
        assert not Partner.objects.exists()

        answer = send(at_work, answer, username="sekretariat", password=make.PASSWORD)
        assert headline(answer) == "Isian Anda masih ada."
        assert "Anda masuk sebagai sekretariat" in text(answer)
        assert not Partner.objects.exists()

        answer = send(at_work, answer)
        assert answer.status_code == 302
        assert Partner.objects.get().name == "Baznas Lahat"

    def test_the_user_name_is_already_filled_in(self, at_work):
        assert dict(form_on(self.too_late(at_work))[1])["username"] == "sekretariat"

    def test_a_wrong_password_on_the_way_loses_nothing(self, at_work):
        answer = self.too_late(at_work)
        for status in [200, 200, 200, 200, 429, 429]:
            answer = send(at_work, answer, username="sekretariat", password=WRONG)
            assert answer.status_code == status
            assert headline(answer) == "Sesi Anda sudah berakhir. Masuk kembali untuk menyimpan."
        minutes_later(16)
        answer = send(at_work, answer, username="sekretariat", password=make.PASSWORD)
        send(at_work, answer)
        assert Partner.objects.get().name == "Baznas Lahat"

    def test_no_byte_of_it_changes(self, as_viewer):
        fields = {
            "teks": ["baris satu\r\nbaris dua\r\n\r\n\tmenjorok", "kedua & <b>\"tebal\"</b> 'x' = +;%41"],
            "kosong": [""],
            "pilihan": ["3", "1", "2", "1"],
            "nama & <aneh>": ["é 🌾 “–” ｆ"],
        }
        leave_alone(as_viewer)
        answer = as_viewer.post("/opd/?q=a&q=b%26c", fields)
        answer = send(as_viewer, answer, username="pimpinan", password=make.PASSWORD)
        action, pairs = form_on(answer)
        assert action == "/opd/?q=a&q=b%26c"
        sent = [(name, value) for name, values in fields.items() for value in values]
        assert [pair for pair in pairs if pair[0] != "csrfmiddlewaretoken"] == sent

    def test_tokens_passwords_and_codes_are_left_out(self, as_viewer):
        secret = ["csrfmiddlewaretoken", "password", "old_password", "new_password1", "otp_token", "Password2"]
        leave_alone(as_viewer)
        answer = as_viewer.post("/opd/", {**dict.fromkeys(secret, "sangat-rahasia"), "nama": "Budi"})
        assert "sangat-rahasia" not in answer.content.decode()
        assert dict(form_on(answer)[1])["unsaved"] == "nama=Budi"

    def test_a_form_with_as_many_fields_as_are_allowed_still_fits(self, as_viewer, settings):
        fields = {f"isian-{number}": str(number) for number in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS - 1)}
        leave_alone(as_viewer)
        answer = as_viewer.post("/opd/", {"csrfmiddlewaretoken": "x", **fields})
        answer = send(as_viewer, answer, username="pimpinan", password=make.PASSWORD)
        assert len(form_on(answer)[1]) == settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
        assert send(as_viewer, answer).status_code == 405  # it arrives; this page only takes no POST

    def test_more_than_a_form_can_carry_is_said(self, as_viewer, settings):
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 50_000
        leave_alone(as_viewer)
        answer = as_viewer.post("/opd/", {"teks": "x" * 40_000})
        assert "terlalu banyak untuk dibawa lewat halaman ini. Tekan Kembali" in text(answer)
        assert "unsaved" not in dict(form_on(answer)[1])

    def test_files_cannot_come_along_and_that_is_said(self, as_viewer):
        leave_alone(as_viewer)
        answer = as_viewer.post("/opd/", {"berkas": SimpleUploadedFile("a.xlsx", b"isi"), "catatan": "ada"})
        assert "Berkas tidak dapat ikut dibawa" in text(answer)
        answer = send(as_viewer, answer, username="pimpinan", password=make.PASSWORD)
        assert "Berkas yang Anda pilih tidak ikut terbawa" in text(answer)
        assert ("catatan", "ada") in form_on(answer)[1]

    def test_a_form_without_its_token_is_refused_as_before(self, at_work):
        answer = self.too_late(at_work, csrfmiddlewaretoken="x" * 64)
        assert answer.status_code == 403
        assert headline(answer) == "Formulir ini sudah kedaluwarsa, jadi belum ada yang disimpan."

    def test_a_form_in_which_nothing_was_typed_leads_to_the_sign_in_page(self, as_nobody):
        assert as_nobody.post("/opd/", {"csrfmiddlewaretoken": "x"}).url == "/masuk/?next=/opd/"

    def test_somebody_else_is_told_whose_it_was_and_needs_the_right_himself(self, at_work, operator):
        answer = send(at_work, self.too_late(at_work), username="operator", password=make.PASSWORD)
        told = text(answer)
        assert "Isian ini diketik dengan akun sekretariat , sedangkan sekarang Anda masuk sebagai operator" in told
        assert send(at_work, answer).status_code == 403
        assert not Partner.objects.exists()

    def test_a_new_password_or_a_deactivation_loses_nothing_either(self, as_viewer, viewer):
        viewer.set_password(NEW)
        viewer.save()
        answer = as_viewer.post("/opd/", {"catatan": "ada"})
        fields = dict(form_on(answer)[1])
        assert (fields["unsaved"], fields["typed_by"]) == ("catatan=ada", "pimpinan")

    def test_a_session_without_a_trace_loses_nothing_either(self, as_nobody, viewer):
        """The browser was closed, or the person left in another window."""
        answer = send(
            as_nobody, as_nobody.post("/opd/", {"catatan": "ada"}), username="pimpinan", password=make.PASSWORD
        )
        assert ("catatan", "ada") in form_on(answer)[1]
        assert "Anda masuk sebagai pimpinan" in text(answer)

    def test_who_has_signed_in_elsewhere_meanwhile_goes_on_as_well(self, as_viewer, viewer):
        leave_alone(as_viewer)
        answer = as_viewer.post("/opd/", {"catatan": "ada"})
        as_viewer.force_login(viewer)
        assert ("catatan", "ada") in form_on(send(as_viewer, answer))[1]

    @pytest.mark.parametrize(
        "elsewhere",
        [
            "https://jahat.example/",
            "https://testserver.jahat.example/opd/",
            "//jahat.example/opd/",
            r"/\jahat.example/opd/",
            "javascript:alert(1)",
            "http://[",
            "opd/",
            "/belum-ada/",
            "/%E0%A4%A/",
            "",
        ],
    )
    def test_it_is_never_sent_elsewhere(self, client, viewer, elsewhere):
        answer = enter(client, "pimpinan", next=elsewhere, unsaved="catatan=ada")
        assert answer.status_code == 302
        assert answer.url in ("/", elsewhere) and "jahat" not in answer.url and "javascript" not in answer.url

    def test_nonsense_in_its_place_breaks_nothing(self, client, viewer):
        for unsaved, has_files in product(["", "&&&===", "%", "%00=%00", "a" * 50_000], ["", "1"]):
            answer = enter(Client(), "pimpinan", next="/opd/", unsaved=unsaved, has_files=has_files, typed_by="<b>x")
            assert answer.status_code == 200
            assert "<b>x" not in answer.content.decode()

    def test_a_program_of_another_opd_stays_out_of_reach(self, as_stranger, operator, dinsos):
        """Signing in as somebody who may not see the record gives the answer that he would have got anyway."""
        program = make.program(dinsos, name="Perlindungan sosial")
        leave_alone(as_stranger)
        address = f"/admin/tracker/program/{program.pk}/change/"
        answer = send(
            as_stranger, as_stranger.post(address, {"name": "Lain"}), username="stranger", password=make.PASSWORD
        )
        assert send(as_stranger, answer).status_code == 404
        assert Program.objects.get().name == "Perlindungan sosial"
