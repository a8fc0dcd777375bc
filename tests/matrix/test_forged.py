"""Requests that no page offers: written by hand, with ids of another OPD, fields of others, rows that are not there.

Each is refused or ignored, in words, and changes nothing beside what the person may change.
"""

import re
from contextlib import contextmanager
from urllib.parse import urlencode

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import transaction
from django.test import Client
from django.utils import timezone

from tests import make
from tests.admin.browser_form import sent_by
from tests.matrix.attempts import REASON, changes, everything
from tests.matrix.world import YEAR, browser_of, matrix_world
from tests.reading import content
from tracker.models import Activity, Location, Program, Report, Strategy, User

MISSING = 987_654
VOLATILE = re.compile(
    r'name="csrfmiddlewaretoken" value="[^"]+"|csrftoken=\w+|expires=[^;]+;|'
    r"'(Content-Length|Expires|Last-Modified)': '[^']+'",
    re.IGNORECASE,
)
WORDS = re.compile(r"<p|<li|<h1")


@pytest.fixture
def world(db):
    return matrix_world()


@pytest.fixture
def own(world):
    return world.of[world.dinsos.pk]


@pytest.fixture
def foreign(world):
    return world.of[world.dinkes.pk]


@pytest.fixture
def as_operator(world):
    return browser_of(world.people["operator"])


@pytest.fixture
def as_secretary(world):
    return browser_of(world.people["secretary"])


def page(record, kind="change"):
    return f"/admin/tracker/{record._meta.model_name}/{record.pk}/{kind}/"


def add(kind):
    return f"/admin/tracker/{kind}/add/"


def with_pages(rows) -> list:
    """Those that have pages of their own; a place is a row inside the form of its sub kegiatan."""
    return [record for record in rows.values() if type(record) is not Location]


def plain(answer, *ids) -> str:
    """An answer without what differs between any two answers, and without these ids."""
    text = VOLATILE.sub("", f"{answer.status_code} {answer.headers} {content(answer).decode()}")
    return re.sub(rf"(?<!\w)({'|'.join(map(str, ids))})(?!\w)", "#", text)


def posted(client, address, data):
    """The answer, which is none of a failure; and what it changed, as "~activity"."""
    before = everything()
    answer = client.post(address, data)
    assert answer.status_code < 500
    return answer, {sign + model for sign, model, _ in changes(before, everything())}


def refused(client, address, data) -> str:
    """The answer to a request that must change nothing."""
    answer, changed = posted(client, address, data)
    assert changed == set()
    return answer


@contextmanager
def undone():
    """What is done inside leaves nothing behind."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def errors_of(answer) -> dict:
    return answer.context["adminform"].form.errors


# A parent of another OPD


NEW = {
    "program": {"fiscal_year": YEAR, "name": "Baru"},
    "activity": {"name": "Baru", "indicator": "Keluarga", "unit": "KPM", "target": "1", "budget": "1"},
    "report": {"realised_budget": "1", "realised_output": "1", "status": "submitted"},
}
PARENT = {"program": "opd", "activity": "program", "report": "activity"}


@pytest.mark.parametrize("who", ["operator", "both", "homeless"])
def test_a_row_under_the_parent_of_another_opd_is_refused_like_one_under_a_missing_parent(world, foreign, who):
    client = browser_of(world.people[who])
    fixed = {"period": world.periods["open"].pk, "funding_source": make.funding_source().pk}
    for kind, fields in NEW.items():
        parent = foreign[PARENT[kind]]
        form = sent_by(client.get(add(kind))) | fields | fixed
        answers = [refused(client, add(kind), form | {PARENT[kind]: key}) for key in (parent.pk, MISSING)]
        assert all(PARENT[kind] in errors_of(answer) for answer in answers)
        here, nowhere = (plain(answer, parent.pk, MISSING) for answer in answers)
        assert here == nowhere
        assert str(parent) not in here


def test_nothing_moves_to_another_opd(as_operator, own, foreign):
    for name in ("program:empty", "program", "activity", "activity:settled", "report:draft"):
        record = own[name]
        parent = PARENT[record._meta.model_name]
        form = sent_by(as_operator.get(page(record))) | {"history_change_reason": REASON}
        keys = (foreign[parent].pk, MISSING)
        answers = [refused(as_operator, page(record), form | {parent: key}) for key in keys]
        # Where the field is fixed it is ignored; where it can be chosen the error is that of a missing id.
        assert plain(answers[0], *keys) == plain(answers[1], *keys), name


def test_a_report_stays_with_its_sub_kegiatan_and_quarter(world, as_operator, as_secretary, own):
    report = own["report:draft"]
    for client in (as_operator, as_secretary):
        form = sent_by(client.get(page(report)))
        moved = {"activity": own["activity"].pk, "period": world.periods["early"].pk, "history_change_reason": REASON}
        refused(client, page(report), form | moved)


@pytest.mark.parametrize("kind", ["activity", "report"])
def test_a_form_opened_for_a_foreign_parent_is_as_empty_as_for_a_missing_one(as_operator, foreign, kind):
    parent = foreign[PARENT[kind]]
    shown = [as_operator.get(add(kind), {PARENT[kind]: key}) for key in (parent.pk, MISSING)]
    assert plain(shown[0], parent.pk, MISSING) == plain(shown[1], parent.pk, MISSING)


@pytest.mark.parametrize("who", ["operator", "homeless", "both", "secretary"])
def test_what_belongs_to_others_is_as_absent_as_what_is_not_there(world, foreign, who):
    """Byte by byte, for every page of a row and every way to send something to it."""
    client = browser_of(world.people[who])
    visible = {"both", "secretary"}
    for record in with_pages(foreign):
        ids = (record.pk, MISSING)
        for kind in ("change", "delete", "history", "periksa", ""):
            here, nowhere = page(record, kind).rstrip("/") + "/", page(record, kind).rstrip("/") + "/"
            nowhere = nowhere.replace(f"/{record.pk}/", f"/{MISSING}/")
            missing = client.get(nowhere)
            assert missing.status_code in (302, 403, 404), nowhere
            if who in visible:
                continue
            assert plain(client.get(here), *ids) == plain(missing, *ids), here
            sent = {"post": "yes", "version": record.version, "name": "Milik saya", "status": "draft"}
            answers = [plain(refused(client, address, sent), *ids) for address in (here, nowhere)]
            assert answers[0] == answers[1], here


@pytest.mark.parametrize("who", ["operator", "verifier", "homeless"])
def test_a_closed_list_does_not_tell_which_ids_there_are(world, who):
    client = browser_of(world.people[who])
    closed = [*world.accounts.values(), world.reference["strategy"], world.reference["indicator"]]
    for record in closed:
        for kind in ("change", "delete", "history", "password"):
            if kind == "password" and not isinstance(record, User):
                continue
            here = client.get(page(record, kind))
            nowhere = client.get(page(record, kind).replace(f"/{record.pk}/", f"/{MISSING}/"))
            assert here.status_code == 403
            assert plain(here, record.pk, MISSING) == plain(nowhere, record.pk, MISSING)


# Rows inside a form


FORGED_ROWS = {
    "fewer rows than there are": {"locations-INITIAL_FORMS": "0", "locations-TOTAL_FORMS": "1"},
    "a row less": {"locations-INITIAL_FORMS": "0", "locations-TOTAL_FORMS": "0"},
    "more first rows": {"locations-INITIAL_FORMS": "3", "locations-TOTAL_FORMS": "3"},
    "a negative count": {"locations-TOTAL_FORMS": "-1", "locations-INITIAL_FORMS": "-5"},
    "a huge count": {"locations-TOTAL_FORMS": "9" * 400},
    "words for counts": {"locations-TOTAL_FORMS": "satu", "locations-INITIAL_FORMS": "\0"},
    "a foreign row": {"locations-0-id": "{location}", "locations-0-district": "{district}"},
    "a foreign row to delete": {"locations-0-id": "{location}", "locations-0-DELETE": "on"},
    "another own row to delete": {"locations-0-id": "{settled}", "locations-0-DELETE": "on"},
    "a missing row": {"locations-0-id": "987654"},
    "nonsense for a row": {"locations-0-id": "1\0", "locations-0-district": "abc"},
    "a new row with a foreign key": {
        "locations-TOTAL_FORMS": "2",
        "locations-1-id": "{location}",
        "locations-1-district": "{district}",
    },
}


def test_a_forged_place_touches_no_other_sub_kegiatan(world, as_operator, own, foreign):
    names = {
        "location": foreign["location"].pk,
        "settled": own["location:settled"].pk,
        "district": world.elsewhere.pk,
    }
    activity = own["activity"]
    others = Location.objects.exclude(activity=activity)
    before, form = list(others.values_list()), sent_by(as_operator.get(page(activity)))
    for forged, values in FORGED_ROWS.items():
        fields = {name: value.format(**names) for name, value in values.items()}
        with undone():
            answer, changed = posted(as_operator, page(activity), form | fields)
            assert list(others.values_list()) == before, forged
            assert changed <= {"+location"}, forged
        assert answer.status_code == 302 or WORDS.search(content(answer).decode()), forged


def test_a_form_that_claims_endless_rows_does_not_keep_the_server_busy(as_operator, own):
    activity = own["activity"]
    form = sent_by(as_operator.get(page(activity))) | {"locations-TOTAL_FORMS": "999999999"}
    places = refused(as_operator, page(activity), form).context["inline_admin_formsets"][0].formset
    assert len(places.forms) <= 200
    assert places.non_form_errors()


@pytest.mark.parametrize("field", ["locations-0-activity", "locations-1-activity"])
def test_a_place_belongs_to_the_sub_kegiatan_of_its_form(world, as_operator, own, foreign, field):
    activity = own["activity"]
    row = {"locations-TOTAL_FORMS": "2", "locations-1-district": world.elsewhere.pk, "locations-1-village": ""}
    sent = sent_by(as_operator.get(page(activity))) | row | {field: foreign["activity"].pk}
    posted(as_operator, page(activity), sent)
    assert Location.objects.filter(activity=foreign["activity"]).count() == 1


FORGED_QUARTERS = {
    "no quarter": {"reports-TOTAL_FORMS": "0", "reports-INITIAL_FORMS": "0"},
    "many quarters": {"reports-TOTAL_FORMS": "1000", "reports-INITIAL_FORMS": "1000"},
    "words for counts": {"reports-TOTAL_FORMS": "x", "reports-INITIAL_FORMS": "\0"},
    "a fifth quarter": {"reports-5-realised_budget": "1", "reports-5-realised_output": "1"},
    "a quarter zero": {"reports-0-realised_budget": "1", "reports-0-realised_output": "1"},
    "the key of a foreign report": {"reports-4-id": "{report}", "reports-4-obstacle": "Hujan"},
    "a foreign sub kegiatan": {"reports-4-activity": "{activity}", "reports-4-obstacle": "Hujan"},
    "another quarter": {"reports-4-period": "{locked}", "reports-4-obstacle": "Hujan"},
    "a deletion": {"reports-4-DELETE": "on"},
    "a verified draft": {"reports-4-status": "verified"},
    "a returned draft": {"reports-4-status": "returned", "reports-4-return_note": "Ulangi"},
    "somebody who verified": {
        "reports-4-verified_by": "{verifier}",
        "reports-4-verified_at": "2026-01-01",
        "reports-4-submitted_by": "{verifier}",
        "reports-4-obstacle": "Hujan",
    },
}


def test_a_forged_quarter_writes_only_its_own_draft(world, as_operator, own, foreign):
    names = {
        "report": foreign["report:draft"].pk,
        "activity": foreign["activity"].pk,
        "locked": world.periods["locked"].pk,
        "verifier": world.people["verifier"].pk,
    }
    draft, activity = own["report:draft"], own["activity:settled"]
    others = Report.objects.exclude(pk=draft.pk)
    before, form = list(others.values_list()), sent_by(as_operator.get(page(activity)))
    kept = ("activity_id", "period_id", "status", "verified_by_id", "verified_at", "submitted_by_id", "return_note")
    for forged, values in FORGED_QUARTERS.items():
        fields = {name: value.format(**names) for name, value in values.items()}
        with undone():
            _, changed = posted(as_operator, page(activity), form | fields)
            assert list(others.values_list()) == before, forged
            assert changed <= {"~report"}, forged
            stored = Report.objects.get(pk=draft.pk)
            assert [getattr(stored, name) for name in kept] == [getattr(draft, name) for name in kept], forged


def test_a_version_of_somebody_else_is_no_key(as_operator, own, foreign):
    """The version of another row, and a version for a quarter that has no row yet."""
    activity = own["activity"]
    sent = sent_by(as_operator.get(page(activity)))
    refused(as_operator, page(activity), sent | {"version": "99", "name": "Lain"})
    figures = {"reports-1-realised_budget": "5", "reports-1-realised_output": "5", "reports-1-version": "7"}
    _, changed = posted(as_operator, page(activity), sent | figures)
    assert changed <= {"+report"}
    assert Report.objects.filter(activity=foreign["activity"]).count() == 0


def test_exceptions_are_no_way_for_an_operator_to_open_a_quarter(world, as_operator, as_secretary):
    locked = world.periods["locked"]
    sent = sent_by(as_secretary.get(page(locked))) | {
        "exceptions-TOTAL_FORMS": "1",
        "exceptions-0-opd": world.dinsos.pk,
        "exceptions-0-reason": "Perlu",
        "exceptions-0-until": "31-12-2099",
    }
    assert refused(as_operator, page(locked), sent).status_code == 403


# Chosen rows


@pytest.mark.parametrize(
    ("who", "opd", "actions"),
    [
        ("stranger", "Dinsos", ["submit_selected", "verify_selected"]),
        ("homeless", "Dinsos", ["submit_selected", "verify_selected"]),
        ("both", "Dinsos", ["verify_selected"]),
        ("both", "Dinkes", ["submit_selected"]),
        ("verifier", "Dinsos", ["submit_selected"]),
    ],
)
def test_a_step_on_chosen_rows_leaves_what_the_person_may_not_touch(world, who, opd, actions):
    client = browser_of(world.people[who])
    others = Report.objects.filter(activity__program__opd__short_name=opd)
    before = list(others.values_list())
    chosen = [*others.values_list("pk", flat=True), MISSING, "abc", "1\0", "9" * 30]
    for action in (*actions, "delete_selected", "", "tidak_ada"):
        for across in ({}, {"select_across": "1"}):
            asked = {"action": action, "_selected_action": chosen, **across}
            answer, _ = posted(client, "/admin/tracker/report/", asked)
            assert answer.status_code in (200, 302), asked
            assert list(others.values_list()) == before, asked


def test_rows_of_a_list_that_is_edited_are_the_own_ones(world, as_operator, own, foreign):
    strategy = Strategy.objects.get()
    rows = {}
    for program in (own["program:empty"], foreign["program:empty"]):
        row = f"form-{program.pk}"
        rows |= {
            f"{row}-version": program.version,
            f"{row}-strategy": strategy.pk,
            f"initial-{row}-strategy": "",
            f"{row}-priority": "",
            f"initial-{row}-priority": "",
            f"{row}-opd": world.dinkes.pk,
            f"{row}-name": "Milik saya",
            f"{row}-id": foreign["program:empty"].pk,
        }
    counts = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "2", "_save": "Simpan"}
    before = Program.objects.filter(pk=foreign["program:empty"].pk).values_list().get()
    both_rows, changed = posted(as_operator, "/admin/tracker/program/", rows | counts)
    assert changed == set() and both_rows.status_code == 200
    lone = {name: value for name, value in rows.items() if f"form-{own['program:empty'].pk}" in name}
    _, changed = posted(as_operator, "/admin/tracker/program/", lone | counts)
    assert changed == {"~program"}
    stored = Program.objects.get(pk=own["program:empty"].pk)
    assert (stored.strategy, stored.opd, stored.name) == (strategy, world.dinsos, own["program:empty"].name)
    assert Program.objects.filter(pk=foreign["program:empty"].pk).values_list().get() == before


# Fields that no form has


@pytest.fixture
def secrets_of_rows(world):
    other = world.people["verifier"].pk
    now = timezone.now().isoformat()
    return {
        "status": "verified",
        "verified_by": other,
        "verified_at": now,
        "verified_at_0": "01-01-2026",
        "verified_at_1": "10:00",
        "submitted_by": other,
        "submitted_at": now,
        "return_note": "Ulangi",
        "opd": world.dinkes.pk,
        "opd_id": world.dinkes.pk,
        "ref": "2025-9999",
        "id": MISSING,
        "pk": MISSING,
        "is_sample": "on",
        "locked_at": now,
        "locked_at_0": "01-01-2026",
        "locked_at_1": "10:00",
        "locked_by": other,
        "lock_reason": "Saya",
        "is_superuser": "on",
        "is_staff": "on",
        "must_change_password": "on",
        "user_permissions": ["1", "2"],
        "_history_user": other,
        "history_user": other,
    }


@pytest.mark.parametrize("name", ["program:empty", "activity", "report:draft", "report:submitted"])
def test_an_operator_writes_no_field_that_his_form_does_not_have(as_operator, own, secrets_of_rows, name):
    record = own[name]
    form = sent_by(as_operator.get(page(record)))
    offered = {field for field in form if field in secrets_of_rows}
    extra = {field: value for field, value in secrets_of_rows.items() if field not in offered}
    text = "obstacle" if name.startswith("report") else "objective" if name.startswith("program") else "target_group"
    answer, changed = posted(as_operator, page(record), form | extra | {text: "Diubah"})
    assert (answer.status_code, changed) == (302, {f"~{record._meta.model_name}"})
    stored = type(record).objects.get(pk=record.pk)
    differing = {
        field.name for field in record._meta.fields if getattr(stored, field.attname) != getattr(record, field.attname)
    }
    assert differing == {text, "version"}
    assert stored.history.first().history_user_name == "operator"


def test_no_button_of_a_report_verifies_it(as_operator, own):
    report = own["report:draft"]
    form = sent_by(as_operator.get(page(report))) | {"obstacle": "Hujan"}
    for status in ("verified", "returned", "locked", "", "VERIFIED", "draft,verified"):
        refused(as_operator, page(report), form | {"status": status})


@pytest.mark.parametrize("status", ["verified", "returned"])
def test_no_report_is_born_verified(world, as_operator, as_secretary, own, status):
    for client in (as_operator, as_secretary):
        form = (
            sent_by(client.get(add("report")))
            | NEW["report"]
            | {
                "activity": own["activity"].pk,
                "period": world.periods["open"].pk,
                "status": status,
                "return_note": "x",
                "verified_by": world.people["verifier"].pk,
            }
        )
        refused(client, add("report"), form)


def test_the_sekretariat_makes_no_superuser_by_an_extra_field(world, as_secretary, secrets_of_rows):
    clerk = world.accounts["clerk"]
    extra = {name: secrets_of_rows[name] for name in ("is_superuser", "is_staff", "user_permissions", "is_sample")}
    extra |= {"password": "md5$a$b", "must_change_password": "on", "last_login_0": "1-1-2020", "date_joined": "x"}
    rights = ("is_superuser", "is_staff", "is_sample", "password", "must_change_password", "last_login", "date_joined")
    before = [getattr(User.objects.get(pk=clerk.pk), name) for name in rights]
    form = sent_by(as_secretary.get(page(clerk)))
    _, changed = posted(as_secretary, page(clerk), form | extra | {"first_name": "Baru"})
    assert changed == {"~user"}
    assert [getattr(User.objects.get(pk=clerk.pk), name) for name in rights] == before
    new = sent_by(as_secretary.get(add("user"))) | {"username": "baru", **PASSWORDS, **extra}
    posted(as_secretary, add("user"), new)
    made = User.objects.get(username="baru")
    assert (made.is_superuser, made.is_staff, made.user_permissions.count()) == (False, False, 0)


PASSWORDS = {"password1": "hujan-turun-di-Jarai", "password2": "hujan-turun-di-Jarai"}


def test_the_form_of_a_quarter_locks_nothing(world, as_secretary, secrets_of_rows):
    period = world.periods["open"]
    form = sent_by(as_secretary.get(page(period))) | secrets_of_rows | {"due_on": "1-12-2025"}
    posted(as_secretary, page(period), form)
    period.refresh_from_db()
    assert (period.locked_at, period.locked_by, period.lock_reason) == (None, None, "")


@pytest.mark.parametrize("who", ["leader", "operator", "bare"])
def test_the_page_of_the_own_password_changes_nothing_else(world, who, secrets_of_rows):
    user = world.people[who]
    client = browser_of(user)
    given = {"old_password": make.PASSWORD, "new_password1": PASSWORDS["password1"]}
    given |= {"new_password2": PASSWORDS["password2"], "username": "bupati", "groups": [Group.objects.first().pk]}
    posted(client, "/akun/kata-sandi/", given | secrets_of_rows)
    stored = User.objects.get(pk=user.pk)
    kept = ("username", "is_staff", "is_superuser", "opd_id", "is_active", "is_sample")
    assert [getattr(stored, name) for name in kept] == [getattr(user, name) for name in kept]
    assert stored.roles == user.roles and stored.check_password(PASSWORDS["password1"])


# Side doors


@pytest.mark.parametrize("who", ["operator", "verifier", "secretary", "bare", "homeless"])
def test_the_way_to_a_page_opens_only_what_a_person_finds_in_the_admin(world, own, foreign, who):
    client = browser_of(world.people[who])

    def answer(kind, key):
        return client.get(f"/admin/r/{kind}/{key}/")

    types = {model: ContentType.objects.get_for_model(model).pk for model in (Program, Activity, Report, User)}
    for model in (Program, Activity):
        record = foreign[model._meta.model_name]
        found = answer(types[model], record.pk)
        if who in ("verifier", "secretary"):
            assert found.status_code == 302
        else:
            assert found.status_code == (403 if who == "bare" else 404)
            assert plain(found, record.pk, MISSING) == plain(answer(types[model], MISSING), record.pk, MISSING)
    hidden = [Group, Session, ContentType, Report.history.model, Program.history.model]
    for model in hidden:
        kind = ContentType.objects.get_for_model(model).pk
        keys = model.objects.values_list("pk", flat=True)[:2]
        assert {answer(kind, key).status_code for key in keys} <= {404}
    for kind in ("0", "-1", "abc", MISSING, "9" * 30, "1%00", "%C2%B2"):
        assert answer(kind, 1).status_code == 404
    for key in ("abc", "-1", "9" * 30, "1%00", "1/2", "%C2%B2", "1e3"):
        assert answer(types[Program], key).status_code in (403, 404)


def test_there_is_no_page_of_a_single_version(world, own):
    for who in ("stranger", "operator", "verifier", "secretary"):
        client = browser_of(world.people[who])
        for record in with_pages(own):
            for version in record.history.values_list("pk", flat=True):
                address = page(record, f"history/{version}")
                assert client.get(address, follow=True).status_code == 404
                assert client.post(address, {"version": record.version, "name": "Lama"}).status_code in (302, 404)


def test_nobody_sets_his_own_password_without_the_old_one(world, as_secretary):
    """However the key is spelled: an open session that was left alone is no way to an account."""
    user = world.people["secretary"]
    before = User.objects.get(pk=user.pk).password
    spellings = ("{}", "0{}", "+{}", "%20{}", "{}%20", "{}_", "_3{}", "0_{}", "{}.0", "%EF%BC%90{}")
    for spelling in spellings:
        address = f"/admin/tracker/user/{spelling.format(user.pk)}/password/"
        assert as_secretary.get(address).status_code in (302, 404), spelling
        as_secretary.post(address, PASSWORDS)
        assert User.objects.get(pk=user.pk).password == before, spelling


FIELDS = [
    ("report", "submitted_by"),
    ("report", "verified_by"),
    ("period", "locked_by"),
    ("user", "groups"),
    ("user", "user_permissions"),
    ("historicalreport", "history_user"),
    ("historicalprogram", "history_user"),
    ("report", "history"),
    ("activity", "reports"),
    ("report", "obstacle"),
    ("tidakada", "opd"),
    ("logentry", "user"),
    ("report", "activity__program"),
    ("report", ""),
]


@pytest.mark.parametrize("who", ["operator", "verifier", "homeless"])
def test_suggestions_name_no_accounts_and_follow_no_odd_field(world, who):
    client = browser_of(world.people[who])
    for model, name in FIELDS:
        for app in ("tracker", "auth", "admin", ""):
            asked = {"app_label": app, "model_name": model, "field_name": name, "term": ""}
            assert client.get("/admin/autocomplete/", asked).status_code in (403, 404), asked


def test_suggestions_for_any_field_are_the_own_rows(as_operator):
    names = [("historicalreport", "activity"), ("historicalactivity", "program"), ("location", "activity")]
    for model, name in [*names, ("report", "activity"), ("periodexception", "opd"), ("user", "opd")]:
        for extra in ({}, {"_to_field": "ref"}, {"page": "2"}, {"term": "Sembako"}):
            asked = {"app_label": "tracker", "model_name": model, "field_name": name, "term": ""} | extra
            answer = as_operator.get("/admin/autocomplete/", asked)
            assert answer.status_code in (200, 403, 404)
            assert "Dinkes" not in content(answer).decode() and "Kesehatan" not in content(answer).decode()


LOOKUPS = [
    "activity__program__opd__name__startswith=Dinas",
    "activity__program__opd__id__exact={dinkes}",
    "activity__program__name__regex=(a%2B)%2B%24",
    "obstacle__contains=Hujan",
    "realised_budget__gte=1",
    "realised_budget=1e999999",
    "submitted_by__password__startswith=md5",
    "verified_by__username=verifier",
    "history__history_change_reason=x",
    "status__exact=draft%00",
    "status__in=draft,returned",
    "id__in=1,2,3,4,5,6,7,8,9,10,11,12",
    "pk=1",
    "o=-1.-2.99.abc",
    "o=9999999999999999999",
    "o=1__activity__program__opd",
    "p=-1",
    "p=99999999999999999999",
    "p=abc",
    "all=1",
    "q=%00",
    "q=" + "x" * 3000,
    "q=" + "a+" * 1900,
    "_to_field=realised_budget",
    "_to_field=activity",
    "_popup=1",
    "_popup=abc&_to_field=id",
    "e=1",
]


def test_no_question_at_a_list_leads_to_foreign_rows(world, as_operator, foreign):
    theirs = [f"/{record._meta.model_name}/{record.pk}/" for record in with_pages(foreign)]
    for lookup in LOOKUPS:
        for model in ("report", "activity", "program"):
            address = f"/admin/tracker/{model}/?{lookup.format(dinkes=world.dinkes.pk)}"
            answer = as_operator.get(address, follow=True)
            assert answer.status_code in (200, 400), address
            text = content(answer).decode()
            assert [word for word in ("Dinkes", *theirs) if word in text] == [], address


GUESSES = [
    "submitted_by__password__startswith=md5",
    "verified_by__username__startswith=v",
    "activity__program__opd__user__username=stranger",
    "activity__reports__obstacle__contains=a",
    "history__history_change_reason__contains=a",
    "obstacle__regex=(a%2B)%2B%24",
    "realised_budget__gt=1",
    "status__exact=draft%00",
    "period__quarter__exact=99999999999999999999",
    "period__fiscal_year=2_025",
    "period__fiscal_year=1e999999",
]


def test_no_filter_of_an_address_asks_what_the_list_does_not_offer(as_operator, as_secretary):
    """Row by row, a password or a foreign figure could be guessed by it."""
    for client in (as_operator, as_secretary):
        for guess in GUESSES:
            answer = client.get(f"/admin/tracker/report/?{guess}")
            assert (answer.status_code, answer.url) == (302, "/admin/tracker/report/?e=1"), guess


# Going on after saving


FILTERS = [
    "program__opd__id__exact={dinkes}",
    "q=Dinkes",
    "o=-1",
    "o=abc.999",
    "program__opd__name=Dinas+Kesehatan",
    "id__in={activity}",
    "tanpa_laporan=2025-1",
    "p=99",
    "\0",
    "q=\0",
    "e=1",
    "_popup=1",
    "a=b" * 500,
]


def test_saving_and_going_on_never_leads_to_a_foreign_row(world, as_operator, own, foreign):
    for filters in FILTERS:
        asked = filters.format(dinkes=world.dinkes.pk, activity=foreign["activity"].pk)
        query, activity = urlencode({"_changelist_filters": asked}), own["activity"]
        for _ in range(4):
            sent = sent_by(as_operator.get(page(activity))) | {"_next": "1"}
            answer = as_operator.post(f"{page(activity)}?{query}", sent)
            assert answer.status_code == 302, filters
            found = re.search(r"/activity/(\d+)/change/", answer.url)
            if not found:
                break
            activity = Activity.objects.get(pk=found[1])
            assert activity.program.opd == world.dinsos, filters
        assert answer.url.startswith("/admin/tracker/activity/")
        assert as_operator.get(answer.url, follow=True).status_code == 200, filters


BUTTONS = [
    {"_popup": "1"},
    {"_popup": "1", "_to_field": "id"},
    {"_popup": "1", "_to_field": "program__opd"},
    {"_to_field": "reports__obstacle"},
    {"_saveasnew": "1"},
    {"_addanother": "1"},
    {"_continue": "1", "_popup": "x"},
    {"_changelist_filters": "a"},
]


def test_popups_and_other_buttons_write_no_foreign_row(as_operator, own, foreign):
    mine, theirs = own["activity"], foreign["activity"]
    for extra in BUTTONS:
        query = f"?{urlencode(extra)}"
        with undone():
            sent = sent_by(as_operator.get(page(mine))) | {"target_group": "KPM"} | extra
            for address in (page(theirs), page(theirs) + query):
                assert refused(as_operator, address, sent).status_code in (400, 403, 404), extra
            answer, changed = posted(as_operator, page(mine) + query, sent)
            assert answer.status_code in (200, 302, 400, 403), extra
            assert changed <= {"~activity"}, extra


# Without the token of a page


@pytest.mark.parametrize("who", ["secretary", "operator", "verifier"])
def test_a_request_from_another_site_writes_nothing(world, own, who):
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.people[who])
    report, program = own["report:submitted"], own["program:empty"]
    requests = [
        (page(program), {"name": "Lain", "version": program.version}),
        (page(program, "delete"), {"post": "yes"}),
        (page(report, "periksa"), {"verify": "1", "version": report.version, "note": ""}),
        ("/admin/tracker/report/", {"action": "verify_selected", "_selected_action": [report.pk]}),
        ("/admin/tracker/report/ajukan-semua/", {"period": own["report:draft"].period_id}),
        ("/admin/tracker/period/buka-tahun/", {"year": "2030"}),
        (page(world.periods["open"], "kunci"), {"reason": "Final", "version": "1"}),
        ("/akun/kata-sandi/", {"old_password": make.PASSWORD}),
        ("/akun/kode/", {"password": make.PASSWORD}),
        ("/keluar/", {}),
    ]
    for address, data in requests:
        assert refused(client, address, data).status_code == 403
    assert client.get("/").status_code == 200


def test_no_other_method_writes_anything_or_finds_a_foreign_row(as_operator, own, foreign):
    before = everything()
    for method in ("put", "patch", "delete", "options", "head", "trace"):
        ask = getattr(as_operator, method)
        for rows, expected in ((own, {200, 302, 403, 405}), (foreign, {404, 405})):
            for record in with_pages(rows):
                for kind in ("change", "delete", "history"):
                    assert ask(page(record, kind)).status_code in expected
        for address in ("/admin/tracker/report/", "/admin/tracker/report/ajukan-semua/", "/akun/kata-sandi/"):
            assert ask(address).status_code < 500
    assert changes(before, everything()) == set()


def test_every_model_of_the_admin_is_one_that_keeps_a_history():
    """Side doors of Django's own models (groups, log entries, sessions) are not even registered."""
    assert {model._meta.app_label for model in admin.site._registry} == {"tracker"}
