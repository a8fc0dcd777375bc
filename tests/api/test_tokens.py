"""Tokens: made and withdrawn by the Sekretariat, shown once, stored as a digest, and only as good as their account."""

import datetime
import hashlib

import pytest
from django.test import Client
from django.utils import timezone

from tests import make
from tests.api.asking import program_of
from tests.reading import attributes, elements, page
from tracker.models import ApiToken
from tracker.models.history import data_version
from tracker.models.scope import Role

ADD = "/admin/tracker/apitoken/add/"
OPDS = "/api/v1/opds/"


def made_by(client, user, name="Dasbor Diskominfo"):
    return client.post(ADD, {"name": name, "user": user.pk})


def key_on(response) -> str:
    found = {attributes(each).get("id"): attributes(each) for each in elements(page(response), "input")}
    return found["key"]["value"]


def change_page(token):
    return f"/admin/tracker/apitoken/{token.pk}/change/"


class TestMaking:
    def test_the_key_shows_once_and_opens_the_api(self, as_secretary, secretary, viewer):
        key = key_on(made_by(as_secretary, viewer))
        token = ApiToken.objects.get()
        assert (token.name, token.user, token.created_by) == ("Dasbor Diskominfo", viewer, secretary)
        assert len(key) >= 40
        assert Client(headers={"Authorization": f"Token {key}"}).get(OPDS).status_code == 200
        later = [as_secretary.get(path).content.decode() for path in (change_page(token), "/admin/tracker/apitoken/")]
        assert not any(key in each for each in later)

    def test_only_its_digest_is_stored_and_not_in_the_history(self, as_secretary, viewer):
        key = key_on(made_by(as_secretary, viewer))
        token = ApiToken.objects.get()
        assert token.digest == hashlib.sha256(key.encode()).hexdigest()
        kept = {field.name for field in ApiToken.history.model._meta.fields}
        assert {"digest", "last_used_at"} & kept == set()
        assert token.history.get().history_user == token.created_by

    def test_the_page_with_the_key_is_kept_nowhere(self, as_secretary, viewer):
        answer = made_by(as_secretary, viewer)
        assert {"no-store", "private"} <= set(answer["Cache-Control"].split(", "))
        key = key_on(answer)
        assert key not in str(answer.cookies) and key not in str(dict(as_secretary.session))

    def test_sent_twice_it_is_made_once(self, as_secretary, viewer):
        made_by(as_secretary, viewer)
        assert made_by(as_secretary, viewer).context["adminform"].form.errors.keys() == {"name"}
        assert ApiToken.objects.count() == 1

    def test_every_key_is_another(self, viewer):
        keys = {make.token(viewer, str(number))[1] for number in range(5)}
        assert len(keys) == 5

    def test_nobody_gives_more_than_he_has(self, as_secretary):
        installer = make.user("pemasang", is_staff=True, is_superuser=True)
        refused = made_by(as_secretary, installer).context["adminform"].form.errors
        missing = as_secretary.post(ADD, {"name": "x", "user": 999999}).context["adminform"].form.errors
        assert refused["user"] == missing["user"]
        assert not ApiToken.objects.exists()

    def test_who_has_more_may(self, db):
        installer = make.user("pemasang", is_staff=True, is_superuser=True)
        client = Client()
        client.force_login(installer)
        assert key_on(made_by(client, installer))

    def test_an_account_that_is_not_active_gets_none(self, as_secretary):
        gone = make.user("keluar", is_active=False)
        assert "user" in made_by(as_secretary, gone).context["adminform"].form.errors

    @pytest.mark.parametrize("who", ["as_operator", "as_coordinator"])
    def test_others_make_none(self, request, who, viewer):
        assert made_by(request.getfixturevalue(who), viewer).status_code == 403


class TestChanging:
    def test_a_token_stays_with_its_account(self, as_secretary, viewer, secretary):
        token, _ = make.token(viewer)
        fields = {"name": "Nama baru", "user": secretary.pk, "version": token.version}
        assert as_secretary.post(change_page(token), fields).status_code == 302
        token.refresh_from_db()
        assert (token.name, token.user) == ("Nama baru", viewer)

    def test_a_withdrawn_token_opens_nothing_from_the_next_request_on(self, as_secretary, viewer):
        token, key = make.token(viewer)
        program = Client(headers={"Authorization": f"Token {key}"})
        assert program.get(OPDS).status_code == 200
        as_secretary.post(change_page(token), {"name": token.name, "version": token.version, "is_withdrawn": "on"})
        answer = program.get(OPDS)
        assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Token realm="api"')
        assert answer.json()["detail"].startswith("Token ini tidak dikenal, sudah dicabut,")
        assert ApiToken.objects.get().history.first().history_change_reason == "Token dicabut"

    def test_a_withdrawn_token_stays_so(self, as_secretary, viewer):
        token, _ = make.token(viewer)
        token.withdraw()
        fields = {"name": token.name, "version": token.version, "is_withdrawn": ""}
        assert as_secretary.post(change_page(token), fields).status_code == 403

    def test_tokens_are_not_deleted(self, as_secretary, viewer):
        token, _ = make.token(viewer)
        assert as_secretary.post(f"/admin/tracker/apitoken/{token.pk}/delete/", {"post": "yes"}).status_code == 403


class TestTheAccount:
    def test_a_deactivated_account_opens_nothing(self, viewer):
        program = program_of(viewer)
        assert program.get(OPDS).status_code == 200
        viewer.is_active = False
        viewer.save()
        assert program.get(OPDS).status_code == 401

    def test_a_role_taken_away_is_gone_at_the_next_request(self, dinsos):
        verifier = make.user("verifikator", Role.VERIFIER)
        make.report(make.activity(make.program(dinsos)), 3, status="draft")
        program = program_of(verifier)
        reports = "/api/v1/reports/?tahun=2026&tw=3"
        assert program.get(reports).json()["count"] == 1
        verifier.groups.clear()
        assert program.get(reports).json()["count"] == 0

    def test_the_duty_to_change_a_password_does_not_stop_a_program(self, viewer):
        viewer.must_change_password = True
        viewer.save()
        assert program_of(viewer).get(OPDS).status_code == 200

    def test_an_account_takes_its_tokens_along(self, viewer):
        make.token(viewer)
        viewer.delete()
        assert not ApiToken.objects.exists()


class TestUse:
    def test_it_is_noted_at_most_once_a_minute_and_changes_nothing_else(self, viewer):
        token, key = make.token(viewer)
        program, before = Client(headers={"Authorization": f"Token {key}"}), data_version()
        program.get(OPDS)
        token.refresh_from_db()
        first = token.last_used_at
        assert timezone.now() - first < datetime.timedelta(seconds=30)
        program.get(OPDS)
        token.refresh_from_db()
        assert (token.last_used_at, token.version, data_version()) == (first, 1, before)
        ApiToken.objects.update(last_used_at=first - datetime.timedelta(minutes=2))
        program.get(OPDS)
        token.refresh_from_db()
        assert token.last_used_at >= first

    @pytest.mark.parametrize(
        "header", ["Token", "Token ", "Token salah", "Token é", "token x y", "Token " + "x" * 5000]
    )
    def test_what_is_no_key_is_refused_in_words(self, db, header):
        answer = Client(headers={"Authorization": header}).get(OPDS)
        assert (answer.status_code, answer["Content-Type"]) == (401, "application/json")

    def test_other_schemes_are_as_good_as_none(self, viewer):
        answer = Client(headers={"Authorization": "Basic cGltcGluYW46eA=="}).get(OPDS)
        assert answer.json()["detail"].startswith("Masuk dulu di situs ini, atau kirim token")

    def test_too_many_requests_are_told_to_wait(self, viewer, settings):
        settings.API_REQUESTS_PER_MINUTE = 2
        program = program_of(viewer)
        assert [program.get(OPDS).status_code for _ in range(3)] == [200, 200, 429]
        answer = program.get(OPDS)
        wait = int(answer["Retry-After"])
        assert 1 <= wait <= 60
        assert answer.json() == {"detail": f"Terlalu banyak permintaan dalam satu menit. Coba lagi {wait} detik lagi."}

    def test_one_token_does_not_use_up_what_another_may(self, viewer, settings):
        settings.API_REQUESTS_PER_MINUTE = 1
        first, second = (Client(headers={"Authorization": f"Token {make.token(viewer, name)[1]}"}) for name in "ab")
        assert [each.get(OPDS).status_code for each in (first, second, first)] == [200, 200, 429]


class TestPeople:
    def test_a_session_reads_as_well(self, as_viewer):
        assert as_viewer.get(OPDS).status_code == 200

    def test_a_password_that_has_to_be_changed_comes_first(self, as_viewer, viewer):
        viewer.must_change_password = True
        viewer.save()
        answer = as_viewer.get(OPDS)
        assert (answer.status_code, answer.json()) == (
            403,
            {"detail": "Ganti dulu kata sandi akun ini di /akun/kata-sandi/, lalu ulangi."},
        )

    def test_a_second_factor_that_is_required_comes_first(self, as_secretary, settings):
        settings.SECOND_FACTOR_REQUIRED = True
        answer = as_secretary.get(OPDS)
        assert answer.status_code == 403
        assert "/akun/kode/" in answer.json()["detail"]
