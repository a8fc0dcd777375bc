"""The code from a telephone: setting it up, needing it, losing the telephone."""

import re
import time
from urllib.parse import quote

import pytest
import segno
from django.core.management import CommandError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from tests import make
from tests.commands.running import said_by
from tests.reading import headline, links, text
from tests.views.signing_in import WRONG, enter, form_on, is_in, minutes_later, send
from tracker import second_factor
from tracker.models import User

PAGE = "/akun/kode/"


def code(key, ahead=0) -> str:
    """What a telephone with this key shows, or will show."""
    totp = TOTP(bytes.fromhex(key))
    totp.time = time.time() + ahead * totp.step
    return f"{totp.token():06d}"


def wrong_code(key) -> str:
    near = {code(key, ahead) for ahead in range(-3, 4)}
    return next(text for text in (f"{number:06d}" for number in range(10)) if text not in near)


def give(user) -> str:
    """A telephone for this person, whose code was not used yet; returns its key."""
    return TOTPDevice.objects.create(user=user, key=second_factor.new_key(), name="Telepon").key


@pytest.fixture
def key(viewer):
    return give(viewer)


@pytest.fixture
def hasty(settings):
    """After a wrong code the telephone's owner has to wait for seconds; a test does not."""
    settings.OTP_TOTP_THROTTLE_FACTOR = 0


class TestSigningIn:
    def test_without_a_telephone_no_code_is_needed(self, client, viewer):
        assert enter(client, "pimpinan", otp_token="123456").status_code == 302
        assert is_in(client)

    @pytest.mark.parametrize("gap", ["", " "])
    def test_with_one_the_password_and_the_code_let_in(self, client, key, gap):
        shown = code(key)
        assert enter(client, "pimpinan", otp_token=shown[:3] + gap + shown[3:]).status_code == 302
        assert is_in(client)

    @pytest.mark.parametrize("typed", ["", "12345", "abcdef", "1234567", "-1", "1e5", "9" * 5000, "\0"])
    def test_nothing_else_does(self, client, key, typed):
        assert enter(client, "pimpinan", otp_token=typed).status_code == 200
        assert not is_in(client)

    def test_the_password_alone_gets_the_answer_of_a_wrong_one(self, client, key):
        answers = [
            enter(client, "pimpinan", WRONG),
            enter(client, "pimpinan"),
            enter(client, "pimpinan", otp_token=wrong_code(key)),
            enter(client, "pimpinan", WRONG, otp_token=code(key)),
        ]
        assert {(answer.status_code, text(answer)) for answer in answers} == {(200, text(answers[0]))}
        assert "tidak cocok" in text(answers[0])

    def test_a_code_lets_in_only_once(self, client, key):
        shown = code(key)
        assert enter(client, "pimpinan", otp_token=shown).status_code == 302
        assert enter(Client(), "pimpinan", otp_token=shown).status_code == 200
        assert enter(Client(), "pimpinan", otp_token=code(key, ahead=-1)).status_code == 200

    def test_wrong_codes_close_the_door_like_wrong_passwords(self, client, key, hasty):
        for status in [200, 200, 200, 200, 429, 429]:
            assert enter(client, "pimpinan", otp_token=wrong_code(key)).status_code == status
        assert enter(client, "pimpinan", otp_token=code(key)).status_code == 429
        minutes_later(16)
        assert enter(client, "pimpinan", otp_token=code(key)).status_code == 302

    def test_who_knows_the_password_cannot_try_codes_from_many_addresses(self, client, key):
        """Each wrong code makes the wait for the next one longer, wherever it comes from."""
        for number in range(3):
            enter(client, "pimpinan", otp_token=wrong_code(key), REMOTE_ADDR=f"203.0.113.{number}")
        assert enter(client, "pimpinan", otp_token=code(key), REMOTE_ADDR="203.0.113.99").status_code == 200

    def test_a_telephone_that_was_not_confirmed_does_not_count(self, client, viewer):
        TOTPDevice.objects.create(user=viewer, name="Telepon", confirmed=False)
        assert enter(client, "pimpinan").status_code == 302

    def test_a_script_that_signs_in_needs_it_too(self, key):
        assert not Client().login(username="pimpinan", password=make.PASSWORD)
        assert Client().login(username="pimpinan", password=make.PASSWORD, otp_token=code(key))


class TestSettingItUp:
    def key_of(self, client):
        return client.session["second_factor_key"]

    def test_the_page_shows_the_key_as_a_picture_and_in_letters(self, as_viewer):
        answer = as_viewer.get(PAGE)
        key = self.key_of(as_viewer)
        assert second_factor.spelled(key) in text(answer)
        assert re.fullmatch(r"([A-Z2-7]{4} ){7}[A-Z2-7]{4}", second_factor.spelled(key))
        issuer = quote("Pantau Program TKPK Kabupaten Lahat")
        secret = second_factor.spelled(key).replace(" ", "")
        ways = f"algorithm=SHA1&digits=6&period=30&issuer={issuer}"
        meant = segno.make(f"otpauth://totp/{issuer}%3Apimpinan?secret={secret}&{ways}", micro=False)
        picture = meant.svg_inline(omitsize=True, dark="#000", light="#fff", lineclass=None)
        assert picture in answer.content.decode()

    def test_the_picture_needs_nothing_that_the_policy_forbids(self, as_viewer):
        html = as_viewer.get(PAGE).content.decode()
        assert "<svg" in html
        assert not re.search(r"\sstyle\s*=|<style|<script|data:|<image", html.split("<main")[1])

    def test_the_key_stays_while_the_page_is_looked_at(self, as_viewer):
        as_viewer.get(PAGE)
        key = self.key_of(as_viewer)
        as_viewer.get(PAGE)
        as_viewer.post(PAGE, {"otp_token": wrong_code(key)})
        assert self.key_of(as_viewer) == key

    def test_the_first_code_turns_it_on(self, as_viewer, viewer):
        answer = as_viewer.get(PAGE)
        key = self.key_of(as_viewer)
        as_viewer.post(PAGE, {"otp_token": code(key)})
        answer = as_viewer.get(PAGE)
        assert "Menyala. Setiap kali masuk" in text(answer)
        assert second_factor.spelled(key) not in text(answer)
        assert "second_factor_key" not in as_viewer.session
        assert second_factor.is_on(viewer)
        assert enter(Client(), "pimpinan").status_code == 200

    def test_a_telephone_may_be_half_a_minute_fast(self, as_viewer, viewer):
        as_viewer.get(PAGE)
        as_viewer.post(PAGE, {"otp_token": code(self.key_of(as_viewer), ahead=1)})
        assert second_factor.is_on(viewer)

    def test_that_code_is_used_up(self, as_viewer):
        as_viewer.get(PAGE)
        key = self.key_of(as_viewer)
        shown = code(key)
        as_viewer.post(PAGE, {"otp_token": shown})
        assert enter(Client(), "pimpinan", otp_token=shown).status_code == 200

    def test_the_next_code_lets_in(self, as_viewer, hasty):
        as_viewer.get(PAGE)
        key = self.key_of(as_viewer)
        as_viewer.post(PAGE, {"otp_token": code(key)})
        assert enter(Client(), "pimpinan", otp_token=code(key, ahead=1)).status_code == 302

    @pytest.mark.parametrize("typed", ["wrong", "", "12345", "abcdef", "²²²²²²", "-12345", "9" * 5000])
    def test_a_wrong_code_is_explained_and_turns_nothing_on(self, as_viewer, typed):
        as_viewer.get(PAGE)
        answer = as_viewer.post(PAGE, {"otp_token": typed.replace("wrong", wrong_code(self.key_of(as_viewer)))})
        explanation = "Kode ini tidak cocok. Pastikan jam telepon" if typed else "Isian ini wajib diisi."
        assert explanation in text(answer)
        assert not TOTPDevice.objects.exists()

    def test_sending_the_code_twice_is_no_mistake(self, as_viewer, viewer):
        as_viewer.get(PAGE)
        typed = {"otp_token": code(self.key_of(as_viewer))}
        as_viewer.post(PAGE, typed)
        answer = as_viewer.post(PAGE, typed)
        assert "Menyala." in text(answer)
        assert "wajib" not in text(answer)
        assert TOTPDevice.objects.count() == 1

    def test_turning_it_off_asks_for_the_password(self, as_viewer, viewer, key):
        answer = as_viewer.post(PAGE, {"password": WRONG})
        assert "Kata sandi ini tidak cocok." in text(answer)
        assert second_factor.is_on(viewer)
        answer = as_viewer.post(PAGE, {"password": make.PASSWORD}, follow=True)
        assert "Kode masuk dari telepon sudah dimatikan." in text(answer)
        assert not second_factor.is_on(viewer)

    def test_an_open_session_is_no_place_to_guess_the_password(self, as_viewer, viewer, key):
        for _ in range(5):
            as_viewer.post(PAGE, {"password": WRONG})
        assert "Tunggu 15 menit" in text(as_viewer.post(PAGE, {"password": make.PASSWORD}))
        assert second_factor.is_on(viewer)

    def test_the_history_of_the_account_tells_of_it(self, as_viewer, viewer):
        as_viewer.get(PAGE)
        as_viewer.post(PAGE, {"otp_token": code(self.key_of(as_viewer))})
        as_viewer.post(PAGE, {"password": make.PASSWORD})
        reasons = [(entry.history_change_reason, entry.history_user) for entry in viewer.history.all()[:2]]
        assert reasons == [
            ("Kode masuk dari telepon dimatikan", viewer),
            ("Kode masuk dari telepon dinyalakan", viewer),
        ]

    def test_the_page_of_the_password_leads_here(self, as_viewer):
        assert links(as_viewer.get("/akun/kata-sandi/"))["kode masuk dari telepon"] == PAGE


class TestWhereItIsRequired:
    @pytest.fixture(autouse=True)
    def required(self, settings):
        settings.SECOND_FACTOR_REQUIRED = True

    def test_the_sekretariat_sets_it_up_before_anything_else(self, as_secretary):
        for address in ["/", "/opd/?format=csv", "/admin/", "/admin/tracker/user/"]:
            assert as_secretary.get(address).url == PAGE, address
        answer = as_secretary.get(PAGE)
        assert "Sekretariat TKPK wajib memakai kode ini." in text(answer)
        assert as_secretary.get("/akun/kata-sandi/").status_code == 200
        assert as_secretary.post("/keluar/").url == "/masuk/"

    def test_so_does_an_administrator_of_the_system(self, client, db):
        client.force_login(make.user("pemasang", is_superuser=True, is_staff=True))
        assert client.get("/admin/").url == PAGE

    def test_having_set_it_up_opens_the_pages(self, as_secretary):
        as_secretary.get(PAGE)
        as_secretary.post(PAGE, {"otp_token": code(as_secretary.session["second_factor_key"])})
        assert as_secretary.get("/").status_code == 200
        assert as_secretary.get("/admin/").status_code == 200

    def test_turning_it_off_closes_them_again(self, as_secretary, secretary):
        give(secretary)
        assert as_secretary.get("/").status_code == 200
        as_secretary.post(PAGE, {"password": make.PASSWORD})
        assert as_secretary.get("/").url == PAGE

    @pytest.mark.parametrize("who", ["as_viewer", "as_operator", "as_coordinator"])
    def test_the_others_are_left_alone(self, request, who):
        assert request.getfixturevalue(who).get("/").status_code == 200

    def test_a_first_password_comes_before_it(self, as_secretary):
        User.objects.update(must_change_password=True)
        assert as_secretary.get("/").url == "/akun/kata-sandi/"
        assert as_secretary.get(PAGE).url == "/akun/kata-sandi/"

    def test_what_was_being_saved_waits_for_it(self, as_secretary):
        answer = as_secretary.post("/admin/tracker/partner/add/", {"name": "Baznas"})
        assert headline(answer) == "Isian Anda masih ada."
        assert ("name", "Baznas") in form_on(answer)[1]
        assert links(answer)["pasang kode masuk dari telepon di tab baru"] == PAGE
        as_secretary.get(PAGE)
        as_secretary.post(PAGE, {"otp_token": code(as_secretary.session["second_factor_key"])})
        assert headline(send(as_secretary, answer)) != "Isian Anda masih ada."


def statements(client):
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/metode/").status_code == 200
    return [query["sql"] for query in asked]


def test_where_it_is_not_required_no_page_asks_for_it(as_secretary):
    assert not [sql for sql in statements(as_secretary) if "totp" in sql]


def test_where_it_is_required_the_sekretariat_is_asked_once_a_session(as_secretary, secretary, as_viewer, settings):
    give(secretary)
    statements(as_secretary), statements(as_viewer)
    before = len(statements(as_secretary)), len(statements(as_viewer))
    settings.SECOND_FACTOR_REQUIRED = True
    assert [sql for sql in statements(as_secretary) if "totp" in sql]
    after = len(statements(as_secretary)), len(statements(as_viewer))
    assert after[0] == before[0]
    assert after[1] <= before[1] + 1
    assert not [sql for sql in statements(as_viewer) if "totp" in sql]


class TestALostTelephone:
    def test_the_command_takes_it_off_the_account(self, secretary, client):
        give(secretary)
        assert enter(client, "sekretariat").status_code == 200
        said = said_by("reset_second_factor", "sekretariat")
        assert said == "Kode masuk dari telepon pada akun “sekretariat” sudah dimatikan.\n"
        assert enter(client, "sekretariat").status_code == 302
        assert secretary.history.first().history_change_reason == "Kode masuk dari telepon dimatikan"

    def test_an_account_without_one_is_no_failure(self, secretary):
        said = said_by("reset_second_factor", "sekretariat")
        assert said == "Akun “sekretariat” memang tidak memakai kode masuk dari telepon.\n"

    def test_an_unknown_account_is_named(self, db):
        with pytest.raises(CommandError) as refused:
            said_by("reset_second_factor", "budi")
        assert str(refused.value) == "Tidak ada akun dengan nama pengguna “budi”."
