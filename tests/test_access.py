"""Who may open which address. The table is the policy; an address without a row in it is a failing test."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import get_resolver, resolve, reverse

from tests import make
from tests.imports.sending import REPORTS, as_csv, received, table_of
from tests.small_world import small_world
from tracker.models import ImportBatch, Indicator, Period, PovertyPocket, Report, User

# masuk   sent to /masuk/ with the way back
# buka    opens, perhaps after being sent to the right place
# tolak   403, said in words
# 404     there is no such thing
# 405     another method is needed: leaving is a POST
# 401     said in JSON: programs are sent nowhere
# form    what the admin's own pages answer to somebody who may enter data: it opens, 403, or 404 for what belongs
#         to another OPD; tests/test_matrix.py says which, and what can be done there
#
# nobody    not signed in           viewer    Pimpinan: reads, has no admin
# gone      a deactivated account   operator  of Dinsos; stranger: of Dinkes
POLICY = """
address                               nobody  gone   viewer  coordinator  operator  stranger  secretary

/                                     masuk   masuk  buka    buka         buka      buka      buka
/strategi/                            masuk   masuk  buka    buka         buka      buka      buka
/strategi/1/                          masuk   masuk  buka    buka         buka      buka      buka
/prioritas/                           masuk   masuk  buka    buka         buka      buka      buka
/prioritas/2021/1/                    masuk   masuk  buka    buka         buka      buka      buka
/opd/                                 masuk   masuk  buka    buka         buka      buka      buka
/opd/{dinsos}/                        masuk   masuk  buka    buka         buka      buka      buka
/program/                             masuk   masuk  buka    buka         buka      buka      buka
/program/{aid}/                       masuk   masuk  buka    buka         buka      buka      buka
/sub-kegiatan/{sembako}/              masuk   masuk  buka    buka         buka      buka      buka
/realisasi/                           masuk   masuk  buka    buka         buka      buka      buka
/pelaporan/                           masuk   masuk  buka    buka         buka      buka      buka
/metode/                              masuk   masuk  buka    buka         buka      buka      buka
/cetak/2025-3.css                     masuk   masuk  buka    buka         buka      buka      buka

/impor/                               masuk   masuk  tolak   tolak        buka      buka      buka
/impor/{batch}/                       masuk   masuk  tolak   tolak        buka      404       buka
/impor/{batch}/?format=csv            masuk   masuk  tolak   tolak        buka      404       buka
/impor/{batch}/kolom/                 masuk   masuk  tolak   tolak        buka      404       buka
/impor/{batch}/terapkan/              masuk   masuk  405     405          405       405       405
/impor/{batch}/batal/                 masuk   masuk  405     405          405       405       405
/impor/susunan/1/hapus/               masuk   masuk  405     405          405       405       405
/impor/999999/                        masuk   masuk  tolak   tolak        404       404       404

/?format=csv                          masuk   masuk  buka    buka         buka      buka      buka
/?format=csv&tabel=keputusan          masuk   masuk  buka    buka         buka      buka      buka
/strategi/?format=csv                 masuk   masuk  buka    buka         buka      buka      buka
/prioritas/?format=csv                masuk   masuk  buka    buka         buka      buka      buka
/opd/?format=csv                      masuk   masuk  buka    buka         buka      buka      buka
/program/?format=csv                  masuk   masuk  buka    buka         buka      buka      buka
/sub-kegiatan/{sembako}/?format=csv   masuk   masuk  buka    buka         buka      buka      buka
/realisasi/?format=csv                masuk   masuk  buka    buka         buka      buka      buka
/realisasi/?format=kit                masuk   masuk  buka    buka         buka      buka      buka
/pelaporan/?format=csv                masuk   masuk  buka    buka         buka      buka      buka

/cetak/2025-5.css                     masuk   masuk  404     404          404       404       404
/strategi/4/                          masuk   masuk  404     404          404       404       404
/prioritas/1999/9/                    masuk   masuk  404     404          404       404       404
/opd/999999/                          masuk   masuk  404     404          404       404       404
/program/999999/                      masuk   masuk  404     404          404       404       404
/sub-kegiatan/2025-9999/              masuk   masuk  404     404          404       404       404
/belum-ada/                           404     404    404     404          404       404       404

/api/v1/                              401     401    buka    buka         buka      buka      buka
/api/v1/schema/                       401     401    buka    buka         buka      buka      buka
/api/v1/docs/                         masuk   masuk  buka    buka         buka      buka      buka
/api/v1/opds/                         401     401    buka    buka         buka      buka      buka
/api/v1/opds/{dinsos}/                401     401    buka    buka         buka      buka      buka
/api/v1/strategies/                   401     401    buka    buka         buka      buka      buka
/api/v1/strategies/1/                 401     401    buka    buka         buka      buka      buka
/api/v1/priorities/                   401     401    buka    buka         buka      buka      buka
/api/v1/priorities/2021-1/            401     401    buka    buka         buka      buka      buka
/api/v1/districts/                    401     401    buka    buka         buka      buka      buka
/api/v1/districts/16.04.11/           401     401    buka    buka         buka      buka      buka
/api/v1/programs/                     401     401    buka    buka         buka      buka      buka
/api/v1/programs/{aid}/               401     401    buka    buka         buka      buka      buka
/api/v1/activities/                   401     401    buka    buka         buka      buka      buka
/api/v1/activities/{sembako}/         401     401    buka    buka         buka      buka      buka
/api/v1/reports/                      401     401    buka    buka         buka      buka      buka
/api/v1/reports/{sembako}-3/          401     401    buka    buka         buka      buka      buka
/api/v1/periods/                      401     401    buka    buka         buka      buka      buka
/api/v1/periods/2025-3/               401     401    buka    buka         buka      buka      buka
/api/v1/indicators/                   401     401    buka    buka         buka      buka      buka
/api/v1/indicators/{indicator}/       401     401    buka    buka         buka      buka      buka
/api/v1/progress/                     401     401    buka    buka         buka      buka      buka
/api/v1/progress/?format=csv          401     401    buka    buka         buka      buka      buka
/api/v1/reports/?format=csv           401     401    buka    buka         buka      buka      buka
/api/v1/opds/999999/                  401     401    404     404          404       404       404
/api/v1/belum-ada/                    401     401    404     404          404       404       404

/akun/kata-sandi/                     masuk   masuk  buka    buka         buka      buka      buka
/akun/kode/                           masuk   masuk  buka    buka         buka      buka      buka

/masuk/                               buka    buka   buka    buka         buka      buka      buka
/keluar/                              405     405    405     405          405       405       405

/admin/                               masuk   masuk  tolak   buka         buka      buka      buka
/admin/login/                         masuk   masuk  tolak   buka         buka      buka      buka
/admin/logout/                        masuk   masuk  tolak   405          405       405       405
/admin/password_change/               masuk   masuk  tolak   buka         buka      buka      buka
/admin/password_change/done/          masuk   masuk  tolak   buka         buka      buka      buka
/admin/jsi18n/                        masuk   masuk  tolak   buka         buka      buka      buka
/admin/tracker/                       masuk   masuk  tolak   buka         buka      buka      buka
/admin/belum-ada/                     masuk   masuk  tolak   404          404       404       404
/admin/r/{type}/{aid}/                masuk   masuk  tolak   buka         buka      404       buka
/admin/autocomplete/?app_label=tracker&model_name=program&field_name=opd&term= \
                                      masuk   masuk  tolak   buka         buka      buka      buka

/admin/tracker/{model}/               masuk   masuk  tolak   form         form      form      form
/admin/tracker/{model}/add/           masuk   masuk  tolak   form         form      form      form
/admin/tracker/{model}/{id}/          masuk   masuk  tolak   form         form      form      form
/admin/tracker/{model}/{id}/change/   masuk   masuk  tolak   form         form      form      form
/admin/tracker/{model}/{id}/history/  masuk   masuk  tolak   form         form      form      form
/admin/tracker/{model}/{id}/delete/   masuk   masuk  tolak   form         form      form      form
/admin/tracker/period/buka-tahun/     masuk   masuk  tolak   405          405       405       405
/admin/tracker/period/salin-tahun/    masuk   masuk  tolak   tolak        tolak     tolak     buka
/admin/tracker/period/{period}/kunci/ masuk   masuk  tolak   tolak        tolak     tolak     buka
/admin/tracker/period/{period}/buka-kunci/ \
                                      masuk   masuk  tolak   tolak        tolak     tolak     buka
/admin/tracker/period/{period}/buka-sekarang/ \
                                      masuk   masuk  tolak   tolak        tolak     tolak     buka
/admin/tracker/report/periksa/        masuk   masuk  tolak   buka         tolak     tolak     buka
/admin/tracker/report/{report}/periksa/ \
                                      masuk   masuk  tolak   buka         tolak     tolak     buka
/admin/tracker/report/ajukan-semua/   masuk   masuk  tolak   405          405       405       405
/admin/tracker/user/{user}/password/  masuk   masuk  tolak   tolak        tolak     tolak     buka
"""

_lines = [line.split() for line in POLICY.replace("\\\n", "").splitlines() if line.strip()]
PEOPLE = _lines[0][1:]
RULES = {address: dict(zip(PEOPLE, answers, strict=True)) for address, *answers in _lines[1:]}
MODELS = [model for model in admin.site._registry if model._meta.app_label == "tracker"]
PAGES = [address for address, rule in RULES.items() if rule["viewer"] == "buka" and address != "/masuk/"]


@pytest.fixture
def world(operator):
    """Everything an address of the table points to, and at least one row of every model in the admin."""
    world = small_world()
    make.partner(), make.indicator(), make.obstacle_category()
    PovertyPocket.objects.create(year=2025, village=make.village(), source="Contoh")
    make.user("seseorang")
    received(as_csv(table_of(REPORTS, operator)), operator)
    return world


def addresses(rule, world):
    """The addresses a row stands for: one, or one per model of the admin."""
    place = {"dinsos": world.dinsos.pk, "aid": world.aid.pk, "sembako": world.sembako.ref}
    place["user"] = User.objects.get(username="seseorang").pk
    place["period"] = Period.objects.first().pk
    place["report"] = Report.objects.first().pk
    place["indicator"] = Indicator.objects.first().pk
    place["batch"] = ImportBatch.objects.get().pk
    place["type"] = ContentType.objects.get_for_model(world.aid).pk
    if "{model}" not in rule:
        return [rule.format(**place)]
    made = []
    for model in MODELS:
        first = model.objects.order_by("pk").first()
        made.append(rule.format(**place | {"model": model._meta.model_name, "id": first.pk if first else 1}))
    return made


def visitor(name, request):
    """A signed-in browser of this member of the cast."""
    if name == "nobody":
        return Client()
    client = Client()
    user = make.user("keluar-kantor") if name == "gone" else request.getfixturevalue(name)
    client.force_login(user)
    if name == "gone":
        user.is_active = False
        user.save()
    return client


def answer_to(client, address) -> str:
    """What happens in the end, in the words of the table."""
    response = client.get(address, follow=True)
    way = [urlsplit(url) for url, _ in response.redirect_chain]
    if way and way[-1].path == "/masuk/":
        back = "/admin/" if address == "/admin/login/" else address
        return "masuk" if parse_qs(way[-1].query)["next"] == [back] else f"masuk, then {way[-1].query}"
    return {200: "buka", 403: "tolak"}.get(response.status_code, str(response.status_code))


def expected(rule, who):
    words = RULES[rule][who]
    return {"buka", "tolak", "404"} if words == "form" else {words}


@pytest.mark.parametrize("who", PEOPLE)
def test_everybody_gets_the_answers_of_the_table(world, request, who):
    client = visitor(who, request)
    wrong = {
        address: answer
        for rule in RULES
        for address in addresses(rule, world)
        if (answer := answer_to(client, address)) not in expected(rule, who)
    }
    assert wrong == {}


def routes(resolver, prefix=""):
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            yield from routes(pattern, prefix + str(pattern.pattern))
        else:
            yield prefix + str(pattern.pattern).removeprefix("^")


def test_every_address_of_the_site_has_a_row(world):
    everything = set(routes(get_resolver()))
    said = {
        resolve(address.split("?")[0]).route
        for rule in RULES
        if rule != "/belum-ada/"
        for address in addresses(rule, world)
    }
    assert everything - said == set()


@pytest.mark.parametrize("who", ["viewer", "operator", "stranger"])
def test_only_the_secretary_opens_a_year(world, request, who):
    before = Period.objects.count()
    visitor(who, request).post("/admin/tracker/period/buka-tahun/", {"year": "2030"})
    assert Period.objects.count() == before


def test_the_start_page_of_the_admin_lists_what_a_role_works_with(world, request):
    shown = {
        who: {model["object_name"] for app in client.get("/admin/").context["app_list"] for model in app["models"]}
        for who in ["operator", "stranger", "coordinator", "secretary"]
        if (client := visitor(who, request))
    }
    works_with = {"Program", "Activity", "Report", "Period"}
    everything = {model.__name__ for model in MODELS}
    assert shown == {
        "operator": works_with,
        "stranger": works_with,
        "coordinator": works_with,
        "secretary": everything,
    }


@pytest.mark.parametrize("who", ["viewer", "secretary"])
def test_pages_cannot_be_written_to(world, request, who):
    client = visitor(who, request)
    answers = {
        (method, address): getattr(client, method)(address).status_code
        for method in ["post", "put", "patch", "delete"]
        for rule in PAGES
        if not rule.startswith(("/admin/", "/akun/")) and "?" not in rule
        for address in addresses(rule, world)
    }
    assert {key: status for key, status in answers.items() if status != 405} == {}


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nobody_gets_no_further_by_another_method(world, method):
    for rule in PAGES:
        for address in addresses(rule, world):
            answer = getattr(Client(), method)(address)
            if RULES[rule]["nobody"] == "401":
                assert answer.status_code == 401, address
            else:
                assert (answer.status_code, urlsplit(answer.url).path) == (302, "/masuk/"), address


def test_being_sent_to_the_login_shows_nothing_of_the_page(world, as_nobody):
    for rule in PAGES:
        for address in addresses(rule, world):
            answer = as_nobody.get(address)
            assert answer.content == b"" or list(answer.json()) == ["detail"], address


@pytest.mark.parametrize("who", [person for person in PEOPLE if person != "nobody"])
def test_with_a_token_everybody_gets_what_the_table_says(world, request, who):
    user = make.user("keluar-kantor") if who == "gone" else request.getfixturevalue(who)
    _, key = make.token(user)
    if who == "gone":
        user.is_active = False
        user.save()
    client = Client(headers={"Authorization": f"Token {key}"})
    wrong = {
        address: answer
        for rule, words in RULES.items()
        if words["nobody"] == "401"
        for address in addresses(rule, world)
        if (answer := answer_to(client, address)) != words[who]
    }
    assert wrong == {}


def test_a_token_opens_no_page(world, secretary):
    """Pages and the admin are for people: what a program is given leads no further than the API."""
    _, key = make.token(secretary)
    client = Client(headers={"Authorization": f"Token {key}"})
    opened = [
        address
        for rule in PAGES
        if RULES[rule]["nobody"] == "masuk"
        for address in addresses(rule, world)
        if answer_to(client, address) != "masuk"
    ]
    assert opened == []


def test_a_session_ends_with_the_account(world, as_viewer, viewer):
    assert as_viewer.get("/").status_code == 200
    viewer.is_active = False
    viewer.save()
    assert as_viewer.get("/").url == "/masuk/?next=/"


def test_a_right_taken_away_is_gone_at_the_next_request(world, as_secretary, secretary):
    assert as_secretary.get("/admin/tracker/program/").status_code == 200
    secretary.is_superuser = secretary.is_staff = False
    secretary.save()
    assert as_secretary.get("/admin/tracker/program/", follow=True).status_code == 403


class TestLeaving:
    @pytest.mark.parametrize("address", ["/keluar/", "/admin/logout/"])
    def test_only_a_post_ends_the_session(self, secretary, address):
        client = Client()
        client.force_login(secretary)
        assert client.get(address).status_code == 405
        assert client.get("/").status_code == 200
        assert client.post(address).url == "/masuk/"
        assert client.get("/").url == "/masuk/?next=/"

    def test_leaving_after_the_session_has_ended_does_not_come_back_to_leaving(self, viewer):
        """Else the next login would end on a bare 405."""
        client = Client()
        assert client.post("/keluar/").url == "/masuk/"

    def test_a_foreign_page_cannot_end_the_session(self, viewer):
        client = Client(enforce_csrf_checks=True)
        client.force_login(viewer)
        assert client.post("/keluar/").status_code == 403
        assert client.get("/").status_code == 200


class TestEntering:
    def enter(self, username, password, **data):
        return Client().post("/masuk/", {"username": username, "password": password, **data})

    def test_the_right_password_leads_to_the_first_page(self, viewer):
        answer = self.enter("pimpinan", make.PASSWORD)
        assert (answer.status_code, answer.url) == (302, "/")

    def test_who_was_on_the_way_somewhere_arrives_there(self, viewer):
        assert self.enter("pimpinan", make.PASSWORD, next="/opd/?tw=2").url == "/opd/?tw=2"

    def test_unknown_user_wrong_password_and_deactivated_account_get_the_same_answer(self, viewer):
        make.user("nonaktif", is_active=False)
        answers = [
            self.enter("pimpinan", "salah-sekali-ini"),
            self.enter("tidak-ada", "salah-sekali-ini"),
            self.enter("nonaktif", make.PASSWORD),
            self.enter("nonaktif", "salah-sekali-ini"),
        ]
        assert {answer.status_code for answer in answers} == {200}
        pages = {
            re.sub(
                r'name="csrfmiddlewaretoken" value="[^"]+"|value="(pimpinan|tidak-ada|nonaktif)"',
                "",
                answer.content.decode(),
            )
            for answer in answers
        }
        assert len(pages) == 1
        assert "Nama pengguna atau kata sandi tidak cocok." in pages.pop()

    def test_the_password_is_not_sent_back(self, viewer):
        assert b"salah-sekali-ini" not in self.enter("pimpinan", "salah-sekali-ini").content

    @pytest.mark.parametrize(
        "elsewhere",
        [
            "https://jahat.example/",
            "//jahat.example/",
            "///jahat.example/",
            "http:///jahat.example/",
            r"/\jahat.example/",
            r"\\jahat.example/",
            "javascript:alert(1)",
            "https:jahat.example",
            "\thttps://jahat.example/",
            "http://testserver@jahat.example/",
            "http://testserver.jahat.example/",
        ],
    )
    def test_the_way_back_never_leads_to_another_site(self, viewer, elsewhere):
        assert self.enter("pimpinan", make.PASSWORD, next=elsewhere).url == "/"
        client = Client()
        client.force_login(viewer)
        assert client.get("/masuk/", {"next": elsewhere}).url == "/"

    def test_nonsense_is_refused_in_words(self, viewer):
        for username, password in [("", ""), ("a\0b", "x"), ("x" * 5000, "y" * 5000), ("<script>", "'; --")]:
            answer = self.enter(username, password)
            assert answer.status_code == 200
            assert "tidak cocok" in answer.content.decode()
            assert "<script>" not in answer.content.decode()

    def test_a_form_without_its_token_is_refused(self, viewer):
        client = Client(enforce_csrf_checks=True)
        answer = client.post("/masuk/", {"username": "pimpinan", "password": make.PASSWORD})
        assert answer.status_code == 403
        assert client.get("/").url == "/masuk/?next=/"

    def test_signing_in_again_does_not_keep_the_old_session(self, viewer, secretary):
        client = Client()
        client.force_login(viewer)
        before = client.session.session_key
        client.post(reverse("logout"))
        client.post("/masuk/", {"username": "sekretariat", "password": make.PASSWORD})
        assert client.session.session_key not in (None, before)
