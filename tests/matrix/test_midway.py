"""Rights that change between the opening of a page and its sending, that come in pairs, and that come in pieces."""

import pytest
from django.contrib.auth.models import Permission
from django_otp.plugins.otp_totp.models import TOTPDevice

from tests import make
from tests.admin.browser_form import sent_by
from tests.matrix.attempts import REASON, changes, everything
from tests.matrix.world import browser_of, matrix_world
from tests.reading import content
from tracker.models import Activity, Program, Report, User
from tracker.models.scope import Role


@pytest.fixture
def world(db):
    return matrix_world()


@pytest.fixture
def own(world):
    return world.of[world.dinsos.pk]


def page(record, kind="change"):
    return f"/admin/tracker/{record._meta.model_name}/{record.pk}/{kind}/"


def opened(world, who) -> dict:
    """What this person could send from pages that he has open: address and fields."""
    client, rows = browser_of(world.people[who]), world.of[world.dinsos.pk]
    forms = {}
    for name, text in {
        "program:empty": {"objective": "Diubah"},
        "activity": {"target_group": "Diubah"},
        "activity:settled": {"reports-4-obstacle": "Diubah"},
        "report:draft": {"obstacle": "Diubah"},
    }.items():
        forms[page(rows[name])] = sent_by(client.get(page(rows[name]))) | text
    adding = "/admin/tracker/activity/add/"
    forms[adding] = sent_by(client.get(adding)) | {
        "program": rows["program"].pk,
        "name": "Baru",
        "indicator": "Keluarga",
        "unit": "KPM",
        "target": "1",
        "funding_source": make.funding_source().pk,
        "budget": "1",
    }
    forms[page(rows["program:empty"], "delete")] = {"post": "yes"}
    forms[page(rows["report:draft"], "delete")] = {"post": "yes"}
    forms["/admin/tracker/report/"] = {"action": "submit_selected", "_selected_action": [rows["report:draft"].pk]}
    forms["/admin/tracker/report/ajukan-semua/"] = {"period": rows["report:draft"].period_id}
    return forms


def sent_all(client, forms) -> list[int]:
    """The status of every answer; nothing may change."""
    before = everything()
    answers = [client.post(address, data) for address, data in forms.items()]
    assert changes(before, everything()) == set()
    return [answer.status_code for answer in answers]


@pytest.mark.parametrize("who", ["operator", "both", "secretary"])
def test_what_is_open_when_the_role_is_taken_away_can_no_longer_be_sent(world, who):
    forms, client = opened(world, who), browser_of(world.people[who])
    world.people[who].groups.clear()
    assert set(sent_all(client, forms)) <= {403, 404}


def test_a_verifikator_and_operator_who_stays_verifikator_writes_no_longer(world):
    forms, client, person = opened(world, "both"), browser_of(world.people["both"]), world.people["both"]
    person.groups.remove(make.group(Role.OPERATOR))
    statuses = dict(zip(forms, sent_all(client, forms), strict=True))
    # The list is his to read: it answers that nothing was done.
    assert statuses.pop("/admin/tracker/report/") in (200, 302)
    assert set(statuses.values()) == {403}


def test_a_sekretariat_that_becomes_an_operator_elsewhere_finds_nothing_any_longer(world):
    forms, client, person = (
        opened(world, "secretary"),
        browser_of(world.people["secretary"]),
        world.people["secretary"],
    )
    person.groups.set([make.group(Role.OPERATOR)])
    person.opd = world.dinkes
    person.save()
    assert set(sent_all(client, {address: form for address, form in forms.items() if "ajukan" not in address})) <= {
        200,
        302,
        404,
    }
    steps = {page(world.periods["open"], "kunci"): {"version": "1", "reason": REASON}}
    steps["/admin/tracker/period/buka-tahun/"] = {"year": "2030"}
    assert set(sent_all(client, steps)) == {403}


@pytest.mark.parametrize("who", ["operator", "secretary"])
def test_a_deactivated_account_with_open_pages_is_asked_to_sign_in(world, who):
    forms, client = opened(world, who), browser_of(world.people[who])
    world.people[who].is_active = False
    world.people[who].save()
    assert set(sent_all(client, forms)) == {403}
    for address in ("/", "/admin/", "/realisasi/?format=csv", *forms):
        assert client.get(address, follow=True).redirect_chain[-1][0].startswith("/masuk/?next=")


def test_an_operator_who_moves_to_another_opd_sends_nothing_for_the_old_one(world):
    forms, client, person = opened(world, "operator"), browser_of(world.people["operator"]), world.people["operator"]
    del forms["/admin/tracker/report/ajukan-semua/"]  # it would submit the drafts of the new one
    person.opd = world.dinkes
    person.save()
    statuses = sent_all(client, forms)
    assert set(statuses) <= {200, 302, 404} and statuses.count(404) == len(forms) - 2


def test_an_operator_who_moves_reads_the_drafts_of_the_new_opd_and_no_longer_those_of_the_old(world, own):
    """Pages that are kept as well: he had opened them before."""
    client, person = browser_of(world.people["operator"]), world.people["operator"]
    for report in (own["report:draft"], world.of[world.dinkes.pk]["report:draft"]):
        report.obstacle = f"KENARI-{report.activity.program.opd.short_name}"
        report.save()
    places = [f"/sub-kegiatan/{each['activity:settled'].ref}/" for each in world.of.values()]
    places += ["/realisasi/?format=csv&tahun=2025&tw=4", "/admin/tracker/report/", "/admin/"]

    def found():
        text = "".join(content(client.get(place)).decode() for place in places)
        return {name for name in ("KENARI-Dinsos", "KENARI-Dinkes") if name in text}

    assert found() == {"KENARI-Dinsos"}
    person.opd = world.dinkes
    person.save()
    assert found() == {"KENARI-Dinkes"}
    person.opd = None
    person.save()
    assert found() == set()


def test_a_role_that_is_given_acts_on_the_next_request(world, own):
    person = world.people["bare"]
    client = browser_of(person)
    assert client.get(page(own["activity"])).status_code == 403
    person.groups.add(make.group(Role.OPERATOR))
    assert client.get(page(own["activity"])).status_code == 200


def test_who_has_to_choose_a_password_first_writes_nothing_before(world):
    forms, client, person = opened(world, "operator"), browser_of(world.people["operator"]), world.people["operator"]
    person.must_change_password = True
    person.save()
    sent_all(client, forms)
    assert client.get("/admin/").url == client.get("/realisasi/?format=csv").url == "/akun/kata-sandi/"


def test_a_sekretariat_without_the_second_factor_that_is_asked_for_writes_nothing(world, settings):
    forms, client = opened(world, "secretary"), browser_of(world.people["secretary"])
    TOTPDevice.objects.all().delete()
    settings.SECOND_FACTOR_REQUIRED = True
    sent_all(client, forms)
    assert client.get("/admin/").url == "/akun/kode/"


# Judging


def test_a_verifikator_who_comes_to_the_opd_of_an_open_report_verifies_it_no_longer(world, own):
    report, person = own["report:submitted"], world.people["verifier"]
    client = browser_of(person)
    assert client.get(page(report, "periksa")).status_code == 200
    person.opd = world.dinsos
    person.save()
    sent = {"verify": "1", "version": report.version, "note": ""}
    assert sent_all(client, {page(report, "periksa"): sent}) == [200]
    chosen = {"action": "verify_selected", "_selected_action": [report.pk]}
    assert sent_all(client, {"/admin/tracker/report/": chosen}) == [302]


def test_a_verifikator_whose_role_is_taken_away_while_he_reads_verifies_nothing(world, own):
    report, person = own["report:submitted"], world.people["verifier"]
    client = browser_of(person)
    assert client.get(page(report, "periksa")).status_code == 200
    person.groups.clear()
    for button in ("verify", "return"):
        sent = {button: "1", "version": report.version, "note": "x" if button == "return" else ""}
        assert sent_all(client, {page(report, "periksa"): sent}) == [403]


def test_who_has_two_roles_verifies_other_opds_and_writes_the_own_one(world, own):
    client, foreign = browser_of(world.people["both"]), world.of[world.dinkes.pk]
    sent = {"verify": "1", "version": foreign["report:submitted"].version, "note": ""}
    assert client.post(page(foreign["report:submitted"], "periksa"), sent).status_code == 302
    mine = own["report:draft"]
    assert client.post(page(mine), sent_by(client.get(page(mine))) | {"status": "submitted"}).status_code == 302
    stored = {report.pk: report for report in Report.objects.all()}
    assert stored[foreign["report:submitted"].pk].status == "verified"
    assert stored[mine.pk].status == "submitted"
    sent = {"verify": "1", "version": stored[mine.pk].version, "note": ""}
    assert sent_all(client, {page(mine, "periksa"): sent}) == [200]


def test_a_superuser_is_bound_by_the_same_reasons(world, own):
    client, report, settled = browser_of(world.people["installer"]), own["report:verified"], own["activity:settled"]
    forms = {
        page(report): sent_by(client.get(page(report))) | {"realised_budget": "5"},
        page(settled): sent_by(client.get(page(settled))) | {"budget": "5"},
    }
    assert sent_all(client, forms) == [200, 200]
    assert sent_all(client, {page(report, "delete"): {"post": "yes"}}) == [403]


# Rights in pieces: somebody who was given single permissions, and no role


@pytest.fixture
def pieces(world):
    """Every permission there is, staff, of Dinsos, and no role."""
    person = make.user("pieces", is_staff=True, opd=world.dinsos)
    person.user_permissions.set(Permission.objects.all())
    return browser_of(person)


def test_permissions_without_a_role_write_nothing_of_any_opd(world, pieces):
    for forms in (opened(world, "operator"), opened(world, "secretary")):
        assert set(sent_all(pieces, forms)) <= {200, 302, 403, 404}


def test_permissions_without_a_role_verify_nothing_and_take_no_step(world, own, pieces):
    report = own["report:submitted"]
    forms = {
        page(report, "periksa"): {"verify": "1", "version": report.version, "note": ""},
        "/admin/tracker/report/": {"action": "verify_selected", "_selected_action": [report.pk]},
        page(world.periods["open"], "kunci"): {"version": "1", "reason": REASON},
        page(world.periods["locked"], "buka-kunci"): {"version": "1", "reason": REASON},
        page(world.periods["early"], "buka-sekarang"): {"version": "1", "reason": REASON},
        "/admin/tracker/period/salin-tahun/": {"year": "2026", "seen": ""},
    }
    sent_all(pieces, forms)


def test_permissions_without_a_role_reach_no_account_that_ranks_higher(world, pieces):
    forms = {}
    for name in ("colleague", "administrator"):
        person = world.accounts[name]
        forms[page(person)] = {"username": "milik-saya", "version": person.version, "groups": []}
        forms[page(person, "password")] = {"password1": "angin-timur-di-Lahat", "password2": "angin-timur-di-Lahat"}
        forms[page(person, "delete")] = {"post": "yes"}
    assert set(sent_all(pieces, forms)) == {403}


def test_permissions_without_a_role_make_nobody_a_superuser_or_sekretariat(world, pieces):
    person = world.accounts["clerk"]
    sent = sent_by(pieces.get(page(person)))
    for extra in ({"is_superuser": "on"}, {"groups": [make.group(Role.SECRETARIAT).pk]}, {"is_staff": "on"}):
        pieces.post(page(person), sent | extra)
        stored = User.objects.get(pk=person.pk)
        assert (stored.is_superuser, stored.is_secretary) == (False, False)


# A session that ends while somebody types


def test_what_one_person_typed_is_sent_with_the_rights_of_who_signs_in(world, own):
    """The operator's session ends; a colleague of another OPD signs in at the same browser and presses on."""
    client, activity = browser_of(world.people["operator"]), own["activity"]
    typed = sent_by(client.get(page(activity))) | {"target_group": "Diubah"}
    client.session.flush()
    refused = client.post(page(activity), typed)
    assert refused.status_code == 403
    carried = {"next": page(activity), "unsaved": refused.context["unsaved"].packed, "typed_by": "operator"}
    entered = client.post("/masuk/", {"username": "stranger", "password": make.PASSWORD, **carried})
    assert entered.status_code == 200
    assert sent_all(client, {page(activity): typed}) == [404]


@pytest.mark.parametrize(
    "target", ["/admin/tracker/period/buka-tahun/", "/keluar/", "//jahat.example/", "https://a.b/"]
)
def test_what_is_carried_through_the_sign_in_writes_nothing_by_itself(world, target):
    client = browser_of(None)
    carried = {"next": target, "unsaved": "year=2030&name=x", "typed_by": "secretary"}
    before = everything()
    client.post("/masuk/", {"username": "secretary", "password": make.PASSWORD, **carried})
    assert {sign + model for sign, model, _ in changes(before, everything())} <= {"~user"}
    assert not Program.objects.filter(name="x").exists() and Activity.objects.filter(name="x").count() == 0
