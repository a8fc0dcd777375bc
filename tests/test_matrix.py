"""Who may do what to which record: every cell of these tables is tried for real, and judged by what has changed.

tests/test_access.py says which address opens; here stands what can be done there. A model, an address, or an action of
the admin without a row is a failing test.
"""

import pytest
from django.contrib import admin
from django.urls import get_resolver

from tests.matrix.attempts import ATTEMPTS, Somebody, Try, changes, everything, undone
from tests.matrix.world import matrix_world

# ada      stands in the list, or is suggested          ya       done: this row changed, and no other
# kosong   the list opens without it                    tidak    answered, and nothing changed
# isi      opens as a form that can be sent             tolak    403
# baca     opens for reading                            404      as if it were not there
# halaman  sent to the page for readers                 masuk    sent to the sign-in page
# sesudah  sent to another page of the admin
#
# nobody and gone (a deactivated account) are sent to sign in, leader (Pimpinan) and bare (may enter the admin, has no
# role) get 403, whatever they try.

# Records of an OPD. operator works there, stranger at another OPD, homeless at none; verifier at none, insider there;
# both is Verifikator and Operator there. What a row says of operator and stranger holds for both OPDs.
RECORDS = """
                                                            homeless verifier insider operator stranger both secretary
list            opd program activity report:draft report:returned report:submitted report:verified report:locked \
                                                            kosong   ada      ada     ada      kosong   ada    ada
search          opd program activity report:draft report:returned report:verified \
                                                            kosong   ada      ada     ada      kosong   ada    ada
suggest         opd program activity                        kosong   ada      ada     ada      kosong   ada    ada
open            opd                                         404      baca     baca    baca     404      baca   isi
open            program activity activity:settled           404      halaman  halaman isi      404      isi    isi
open            report:draft report:returned report:submitted report:verified \
                                                            404      sesudah  sesudah isi      404      isi    isi
open            report:locked                               404      sesudah  sesudah baca     404      baca   baca
history         opd program activity report:draft report:returned report:submitted report:verified \
                                                            404      baca     baca    baca     404      baca   baca
visit           program activity                            404      halaman  halaman halaman  404      halaman halaman
visit           report:draft report:verified opd            404      404      404     404      404      404    404

open_new        program activity report:draft                 isi      tolak    tolak   isi      isi      isi    isi
add             program activity report:draft                 tidak    tolak    tolak   ya       tidak    ya     ya
change          program activity activity:settled report:draft report:returned report:submitted report:verified \
                                                            404      tolak    tolak   ya       404      ya     ya
change          report:locked                               404      tolak    tolak   tidak    404      tidak  tidak
change          opd                                         404      tolak    tolak   tolak    404      tolak  ya
replan          activity program:empty                      404      tolak    tolak   ya       404      ya     ya
replan          activity:settled program                    404      tolak    tolak   tidak    404      tidak  ya
map_in_list     program:empty                               tidak    tolak    tolak   ya       tidak    ya     ya
map_in_list     program                                     tidak    tolak    tolak   tidak    tidak    tidak  tidak

open_delete     opd                                         404      tolak    tolak   tolak    404      tolak  baca
open_delete     activity program:empty report:draft report:returned \
                                                            404      tolak    tolak   isi      404      isi    isi
delete          activity program:empty report:draft report:returned \
                                                            404      tolak    tolak   ya       404      ya     ya
delete          opd                                         404      tolak    tolak   tolak    404      tolak  tidak
delete          activity:settled program                    404      tolak    tolak   tidak    404      tidak  tidak
delete          report:submitted report:verified report:locked \
                                                            404      tolak    tolak   tolak    404      tolak  tolak

add_inside      location                                    404      tolak    tolak   ya       404      ya     ya
change_inside   location                                    404      tolak    tolak   ya       404      ya     ya
delete_inside   location                                    404      tolak    tolak   ya       404      ya     ya
add_inside      location:settled                            404      tolak    tolak   tidak    404      tidak  ya
change_inside   location:settled                            404      tolak    tolak   tidak    404      tidak  ya
delete_inside   location:settled                            404      tolak    tolak   tidak    404      tidak  ya
fill_quarter    activity                                    404      tolak    tolak   ya       404      ya     ya
change_quarter  report:draft report:returned report:submitted report:verified \
                                                            404      tolak    tolak   ya       404      ya     ya
change_quarter  report:locked                               404      tolak    tolak   tidak    404      tidak  tidak

submit_selected report:draft report:returned                tidak    tidak    tidak   ya       tidak    ya     ya
submit_selected report:submitted report:verified report:locked \
                                                            tidak    tidak    tidak   tidak    tidak    tidak  tidak
verify_selected report:submitted                            tidak    ya       tidak   tidak    tidak    tidak  ya
verify_selected report:draft report:returned report:verified report:locked \
                                                            tidak    tidak    tidak   tidak    tidak    tidak  tidak
open_review     report:submitted report:verified            tolak    isi      isi     tolak    tolak    isi    isi
verify          report:submitted                            tolak    ya       tidak   tolak    tolak    tidak  ya
verify          report:draft report:returned report:verified report:locked \
                                                            tolak    tidak    tidak   tolak    tolak    tidak  tidak
verify_own_entry report:submitted                           tolak    tidak    tidak   tolak    tolak    tidak  tidak
send_back       report:submitted report:verified            tolak    ya       ya      tolak    tolak    ya     ya
send_back       report:draft report:returned report:locked  tolak    tidak    tidak   tolak    tolak    tidak  tidak
"""

# Records of the whole district. operator stands for everybody with the role, of whichever OPD.
DISTRICT = """
                                                            homeless verifier operator both  secretary
list            period:open district village partner        ada      ada      ada      ada   ada
search          district village partner                    ada      ada      ada      ada   ada
suggest         district village partner                    ada      ada      ada      ada   ada
suggest         user:clerk                                  tolak    tolak    tolak    tolak ada
open            period:open district village partner        baca     baca     baca     baca  isi
history         period:open district village partner        baca     baca     baca     baca  baca
list            strategy priority fundingsource obstaclecategory ratingband indicator povertypocket apitoken \
                                                            tolak    tolak    tolak    tolak ada
open            strategy priority fundingsource obstaclecategory ratingband indicator povertypocket apitoken \
                                                            tolak    tolak    tolak    tolak isi
history         strategy priority fundingsource obstaclecategory ratingband indicator povertypocket apitoken \
                                                            tolak    tolak    tolak    tolak baca

open_new        period:open opd priority fundingsource district village partner obstaclecategory indicator \
                povertypocket apitoken                      tolak    tolak    tolak    tolak isi
add             period:open opd priority fundingsource district village partner obstaclecategory indicator \
                povertypocket apitoken                      tolak    tolak    tolak    tolak ya
change          period:open strategy priority fundingsource district village partner obstaclecategory \
                ratingband indicator povertypocket apitoken tolak    tolak    tolak    tolak ya
withdraw        apitoken                                    tolak    tolak    tolak    tolak ya
open_delete     period:empty priority fundingsource district village partner obstaclecategory \
                indicator povertypocket                     tolak    tolak    tolak    tolak isi
delete          period:empty priority fundingsource district village partner obstaclecategory \
                indicator povertypocket                     tolak    tolak    tolak    tolak ya
delete          period:open period:locked                   tolak    tolak    tolak    tolak tidak
open_new        strategy ratingband                         tolak    tolak    tolak    tolak tolak
add             strategy ratingband                         tolak    tolak    tolak    tolak tolak
open_delete     strategy ratingband apitoken                tolak    tolak    tolak    tolak tolak
delete          strategy ratingband apitoken                tolak    tolak    tolak    tolak tolak

add_inside      periodexception indicatorvalue indicatortarget \
                                                            tolak    tolak    tolak    tolak ya
change_inside   periodexception indicatorvalue indicatortarget \
                                                            tolak    tolak    tolak    tolak ya
delete_inside   periodexception indicatorvalue indicatortarget \
                                                            tolak    tolak    tolak    tolak ya

open_lock       period:open                                 tolak    tolak    tolak    tolak isi
open_unlock     period:locked                               tolak    tolak    tolak    tolak isi
open_open_now   period:early                                tolak    tolak    tolak    tolak isi
open_carry_over period:open                                 tolak    tolak    tolak    tolak isi
lock            period:open                                 tolak    tolak    tolak    tolak ya
lock            period:locked                               tolak    tolak    tolak    tolak tidak
unlock          period:locked                               tolak    tolak    tolak    tolak ya
unlock          period:open                                 tolak    tolak    tolak    tolak tidak
open_now        period:early                                tolak    tolak    tolak    tolak ya
open_now        period:open period:locked                   tolak    tolak    tolak    tolak tidak
open_year       period:open                                 tolak    tolak    tolak    tolak ya
carry_over      period:open                                 tolak    tolak    tolak    tolak ya
submit_all      report:draft                                tolak    tolak    ya       ya    tolak
submit_all      report:returned report:locked               tolak    tolak    tidak    tidak tolak
review_next     report:submitted                            tolak    sesudah  tolak    sesudah sesudah
"""

# Accounts, by the rank of the one they belong to. All others get 403.
ACCOUNTS = """
                                                            others   secretary  installer
list            user:reader user:clerk user:colleague user:administrator user:self \
                                                            tolak    ada        ada
search          user:reader user:clerk user:colleague user:administrator user:self \
                                                            tolak    ada        ada
open_new        user:reader                                 tolak    isi        isi
add             user:reader                                 tolak    ya         ya
open            user:reader user:clerk user:colleague user:self \
                                                            tolak    isi        isi
open            user:administrator                          tolak    baca       isi
history         user:reader user:administrator user:self    tolak    baca       baca
change          user:reader user:clerk user:colleague user:self \
                                                            tolak    ya         ya
change          user:administrator                          tolak    tolak      ya
give_role       user:reader user:clerk                      tolak    ya         ya
give_role       user:administrator                          tolak    tolak      ya
retire          user:reader user:clerk user:colleague       tolak    ya         ya
retire          user:administrator                          tolak    tolak      ya
retire          user:self                                   tolak    tidak      tidak
turn_off_code   user:reader user:clerk user:colleague       tolak    ya         ya
turn_off_code   user:administrator                          tolak    tolak      ya
turn_off_code   user:self                                   tolak    tidak      tidak
open_password   user:reader user:clerk user:colleague       tolak    isi        isi
open_password   user:administrator                          tolak    tolak      isi
open_password   user:self                                   tolak    halaman    halaman
set_password    user:reader user:clerk user:colleague       tolak    ya         ya
set_password    user:administrator                          tolak    tolak      ya
set_password    user:self                                   tolak    halaman    halaman
open_delete     user:reader user:clerk user:colleague       tolak    isi        isi
open_delete     user:administrator                          tolak    tolak      isi
open_delete     user:self                                   tolak    tolak      tolak
delete          user:reader user:clerk user:colleague       tolak    ya         ya
delete          user:administrator                          tolak    tolak      ya
delete          user:self                                   tolak    tolak      tolak
"""


def rules_of(table) -> list[tuple[str, str, dict[str, str]]]:
    """(verb, what, word by column) for every row of a table and everything that it names."""
    head, *lines = [line.split() for line in table.replace("\\\n", "").splitlines() if line.strip()]
    return [
        (verb, what, dict(zip(head, rest[-len(head) :], strict=True)))
        for verb, *rest in lines
        for what in rest[: -len(head)]
    ]


RULES = {"records": rules_of(RECORDS), "district": rules_of(DISTRICT), "accounts": rules_of(ACCOUNTS)}
ALWAYS = {"nobody": "masuk", "gone": "masuk", "leader": "tolak"}
PEOPLE = {
    "records": [*ALWAYS, "bare", "homeless", "verifier", "insider", "operator", "stranger", "both", "secretary"],
    "district": [*ALWAYS, "bare", "homeless", "verifier", "operator", "both", "secretary"],
    "accounts": [*ALWAYS, "bare", "verifier", "operator", "both", "secretary", "installer"],
}
# Which column holds at the OPD where these do not work.
ELSEWHERE = {"stranger": "operator", "operator": "stranger", "both": "verifier"}


@pytest.fixture
def world(db):
    return matrix_world()


def expected(verb, words, who, *, elsewhere=False) -> str:
    column = "others" if "others" in words and who not in words else who
    if elsewhere:
        # A Verifikator and Operator gets the forms of an operator, and is refused the other OPD in them.
        column = "stranger" if who == "both" and verb in ("open_new", "add", "map_in_list") else ELSEWHERE[who]
    return ALWAYS.get(who) or words.get(column, "tolak")


def record_of(world, what, opd, user):
    kind, _, state = what.partition(":")
    if kind == "user":
        return user if state == "self" else world.accounts[state]
    if kind == "period":
        return world.periods[state]
    special = {"periodexception": world.exception, "indicatorvalue": world.value, "indicatortarget": world.aim}
    return special.get(kind) or world.of[opd.pk].get(what) or world.reference[kind]


def surprises(world, table, opd, people, *, elsewhere=False) -> dict:
    """Where somebody gets another answer than the table says, or changes something else."""
    helper = Somebody(world.people["secretary"])
    everybody = {who: Somebody(world.people[who], helper) for who in people}
    world.people["gone"].is_active = False
    world.people["gone"].save()
    before, found = everything(), {}
    for who, somebody in everybody.items():
        for verb, what, words in RULES[table]:
            place = (somebody.user.opd if somebody.user and table == "district" else None) or opd
            record = record_of(world, what, place, somebody.user or world.accounts["reader"])
            record.refresh_from_db()
            word = undone(Try(world, somebody, verb, what.partition(":")[0], record, place, before))
            wanted = expected(verb, words, who, elsewhere=elsewhere)
            if word != wanted:
                found[f"{who}: {verb} {what}"] = f"{word}, not {wanted}"
    assert changes(before, everything()) == set()
    return found


@pytest.mark.parametrize("table", RULES)
def test_everybody_does_what_the_table_says_and_nothing_else(world, table):
    assert surprises(world, table, world.dinsos, PEOPLE[table]) == {}


def test_at_another_opd_a_person_is_a_stranger_or_a_verifier(world):
    assert surprises(world, "records", world.dinkes, ELSEWHERE, elsewhere=True) == {}


# Nothing without a row

TRIED = {(verb, what.partition(":")[0]) for rules in RULES.values() for verb, what, _ in rules}
USUAL = {
    "changelist": ["list"],
    "add": ["open_new", "add"],
    "change": ["open", "change"],
    "delete": ["open_delete", "delete"],
    "history": ["history"],
}
# Addresses beside the usual five of a model, with the attempts on them.
OF_ONE_MODEL = {
    "period_open_year": ["open_year"],
    "period_carry_over": ["open_carry_over", "carry_over"],
    "period_open_now": ["open_open_now", "open_now"],
    "period_lock": ["open_lock", "lock"],
    "period_unlock": ["open_unlock", "unlock"],
    "report_review_next": ["review_next"],
    "report_review": ["open_review", "verify", "verify_own_entry", "send_back"],
    "report_submit_all": ["submit_all"],
}
# Addresses of no model: what they answer is in tests/test_access.py, what they show in tests/matrix/test_canaries.py.
OF_THE_SITE = {"index", "login", "logout", "password_change", "password_change_done", "jsi18n", "app_list"}
OF_EVERY_MODEL = {"autocomplete": "suggest", "view_on_site": "visit"}
# How rows inside another form are written: a quarter is a report that may be missing.
INSIDE = {
    "location": ["add_inside", "change_inside", "delete_inside"],
    "periodexception": ["add_inside", "change_inside", "delete_inside"],
    "indicatorvalue": ["add_inside", "change_inside", "delete_inside"],
    "indicatortarget": ["add_inside", "change_inside", "delete_inside"],
    "report": ["change_quarter"],
}


def names_of(resolver, namespace="") -> set[str]:
    """The names of all addresses, those without a name by their route."""
    found = set()
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            found |= names_of(pattern, pattern.namespace or namespace)
        else:
            found.add(f"{namespace}:{getattr(pattern, 'name', None) or pattern.pattern}")
    return found


def test_every_model_of_the_admin_has_a_row_for_every_usual_attempt():
    models = {model._meta.model_name for model in admin.site._registry}
    usual = {verb for verbs in USUAL.values() for verb in verbs}
    assert {(verb, model) for verb in usual for model in models} - TRIED == set()


def test_every_address_of_the_admin_has_a_row():
    names = {name.removeprefix("admin:") for name in names_of(get_resolver()) if name.startswith("admin:")}
    models = [model._meta.model_name for model in admin.site._registry]
    usual = {f"tracker_{model}_{page}" for model in models for page in USUAL}
    special = {f"tracker_{name}" for name in OF_ONE_MODEL}
    # Django's own ways: an id alone is sent on to the form, anything else is not there.
    odd = {"<path:object_id>/", "(?P<url>.*)$", "^(?P<app_label>tracker)/$", "auth_user_password_change"}
    assert names - usual - special - OF_THE_SITE - OF_EVERY_MODEL.keys() - odd == set()
    tried = {verb for verb, _ in TRIED}
    assert set(OF_EVERY_MODEL.values()) | {verb for verbs in OF_ONE_MODEL.values() for verb in verbs} <= tried


def test_every_action_on_chosen_rows_has_a_row(world, rf):
    request = rf.get("/")
    request.user = world.people["installer"]
    actions = {
        (action, model._meta.model_name)
        for model, model_admin in admin.site._registry.items()
        for action in model_admin.get_actions(request)
    }
    assert actions and actions - TRIED == set()


def test_nobody_is_offered_an_action_that_is_not_for_him(world, rf):
    offered = {}
    for who in ("homeless", "verifier", "operator", "both", "secretary", "bare"):
        request = rf.get("/")
        request.user = world.people[who]
        offered[who] = {action for each in admin.site._registry.values() for action in each.get_actions(request)}
    assert offered == {
        "homeless": {"submit_selected"},
        "verifier": {"verify_selected"},
        "operator": {"submit_selected"},
        "both": {"submit_selected", "verify_selected"},
        "secretary": {"submit_selected", "verify_selected"},
        "bare": set(),
    }


def test_every_row_inside_another_form_has_a_row(world, rf):
    request = rf.get("/")
    request.user = world.people["installer"]
    inside = {
        inline.model._meta.model_name
        for model, model_admin in admin.site._registry.items()
        for inline in model_admin.get_inlines(request, model.objects.first())
    }
    assert inside == set(INSIDE)
    assert {(verb, model) for model in INSIDE for verb in INSIDE[model]} - TRIED == set()


def test_every_list_that_is_edited_in_place_has_a_row():
    edited = {model._meta.model_name for model, each in admin.site._registry.items() if each.list_editable}
    assert {("map_in_list", model) for model in edited} - TRIED == set()


def test_every_attempt_is_made_and_known():
    assert {verb for verb, _ in TRIED} == set(ATTEMPTS)
