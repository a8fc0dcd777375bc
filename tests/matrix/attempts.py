"""What somebody tries, and what came of it: a word for the answer, and what changed in the database.

An attempt is a function of a `Try`; the table of tests/test_matrix.py calls it by its name. Every one is executed for
real and undone afterwards.
"""

import re
from copy import copy
from dataclasses import dataclass, field
from types import SimpleNamespace
from urllib.parse import urlsplit

from django.apps import apps
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models, transaction
from django.test import Client
from django.urls import reverse
from django_otp.plugins.otp_totp.models import TOTPDevice

from tests import make
from tests.admin.browser_form import sent_by
from tests.matrix.world import YEAR, browser_of
from tracker.models.history import HistoryEntry, KeptRow

REASON = "Salah ketik pada lembar OPD"
SUBMIT = re.compile(r'<(?:button|input)[^>]* type="submit"')
KEPT = [
    model
    for model in (*apps.get_app_config("tracker").get_models(include_auto_created=True), Group, TOTPDevice)
    if not issubclass(model, HistoryEntry | KeptRow)
]


def everything() -> dict:
    """All rows of all tables that people's work is kept in; the history is told by them."""
    rows = {}
    with connection.cursor() as cursor:
        for model in KEPT:
            # The key comes first in every table.
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(model._meta.db_table)}")
            rows |= {(model._meta.model_name, row[0]): row for row in cursor.fetchall()}
    return rows


def changes(before, after) -> set[tuple]:
    """("~", "activity", 7) for every row that differs; "+" for a new one, "-" for one that is gone."""
    differing = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    return {("+" if key not in before else "-" if key not in after else "~", *key) for key in differing}


class Somebody:
    """A person with a browser. Forms are fetched once: they stay good, because all that he does is undone."""

    def __init__(self, user, helper: "Somebody | None" = None):
        self.user, self.client, self.helper, self.forms = user, browser_of(user), helper or self, {}

    def form(self, address) -> dict:
        """What his browser would send; who is not shown the form sends a copy of that of the helper."""
        if address not in self.forms:
            self.forms[address] = sent_by(self.client.get(address))
        own = self.forms[address]
        return own if "version" in own or self is self.helper else self.helper.form(address)


@dataclass
class Try:
    """Somebody at something; `effect` is what changes when it succeeds."""

    world: SimpleNamespace
    who: Somebody
    verb: str
    kind: str  # the model by its name
    record: models.Model
    opd: models.Model
    before: dict  # every row there is
    effect: set[str] = field(default_factory=set)

    @property
    def client(self) -> Client:
        return self.who.client

    @property
    def rows(self) -> dict:
        return self.world.of[self.opd.pk]

    def address(self, page, *args, kind="") -> str:
        return reverse(f"admin:tracker_{kind or self.kind}_{page}", args=args)

    def form(self, address, **fields) -> dict:
        return self.who.form(address) | fields

    def post(self, address, data):
        """A word for the answer and for what it changed."""
        answer = self.client.post(address, data)
        word, changed = word_of(answer), changes(self.before, everything())
        if not changed:
            return "tidak" if word in ("sesudah", "buka") else word
        is_other_row = any(
            model == self.kind and sign != "+" and key != self.record.pk for sign, model, key in changed
        )
        if is_other_row or {sign + model for sign, model, _ in changed} != self.effect:
            return f"{word}, berubah: {sorted(changed)}"
        return "ya" if word in ("sesudah", "buka") else f"{word}, tetapi berubah"


def undone(try_) -> str:
    """The word that an attempt comes to, without anything left of it."""
    cookies = copy(try_.client.cookies)
    with transaction.atomic():
        word = ATTEMPTS[try_.verb](try_)
        transaction.set_rollback(True)
    try_.client.cookies = cookies
    return word


def word_of(answer) -> str:
    if answer.status_code == 302:
        path = urlsplit(answer.url).path
        if path == "/admin/login/":
            return word_of(answer.client.get(answer.url))
        return "masuk" if path == "/masuk/" else "sesudah" if path.startswith("/admin/") else "halaman"
    if answer.status_code == 403 and "tracker/session/login.html" in {each.name for each in answer.templates}:
        return "masuk"
    return {200: "buka", 403: "tolak"}.get(answer.status_code, str(answer.status_code))


def read(answer) -> str:
    """A page to read, or one with a button that sends a form."""
    word = word_of(answer)
    if word != "buka":
        return word
    content = answer.content.decode().partition('id="content"')[2]
    return "isi" if SUBMIT.search(content) else "baca"


ATTEMPTS = {}


def attempt(function):
    ATTEMPTS[function.__name__.rstrip("_")] = function
    return function


# Reading


@attempt
def list_(t):
    """Whether the row stands in the list; "kosong" is a list without it."""
    answer = t.client.get(t.address("changelist"))
    if word_of(answer) != "buka":
        return word_of(answer)
    return "ada" if t.record in answer.context["cl"].queryset else "kosong"


@attempt
def search(t):
    """The same with its own name in the search box."""
    name = getattr(t.record, "name", None) or getattr(t.record, "username", None) or t.record.activity.ref
    answer = t.client.get(t.address("changelist"), {"q": name})
    if word_of(answer) != "buka":
        return word_of(answer)
    return "ada" if t.record in answer.context["cl"].queryset else "kosong"


@attempt
def open_(t):
    return read(t.client.get(t.address("change", t.record.pk)))


@attempt
def open_new(t):
    return read(t.client.get(t.address("add")))


@attempt
def history(t):
    return read(t.client.get(t.address("history", t.record.pk)))


@attempt
def visit(t):
    """The way from the admin to the page of a row."""
    kind = ContentType.objects.get_for_model(t.record).pk
    return word_of(t.client.get(reverse("admin:view_on_site", args=[kind, t.record.pk])))


CHOICES = {
    "opd": ("program", "opd"),
    "program": ("activity", "program"),
    "activity": ("report", "activity"),
    "partner": ("program", "partners"),
    "district": ("village", "district"),
    "village": ("location", "village"),
    "user": ("period", "locked_by"),
}


@attempt
def suggest(t):
    """Whether the row is suggested where one types to choose it."""
    model, name = CHOICES[t.kind]
    asked = {"app_label": "tracker", "model_name": model, "field_name": name, "term": ""}
    answer = t.client.get(reverse("admin:autocomplete"), asked)
    if word_of(answer) != "buka":
        return word_of(answer)
    return "ada" if str(t.record.pk) in {row["id"] for row in answer.json()["results"]} else "kosong"


# Writing

NEW = {
    "program": lambda t: {"fiscal_year": YEAR, "opd": t.opd.pk, "name": "Baru"},
    "activity": lambda t: {
        "program": t.rows["program"].pk,
        "name": "Baru",
        "indicator": "Jumlah keluarga",
        "unit": "KPM",
        "target": "100",
        "funding_source": make.funding_source().pk,
        "budget": "1.000.000",
    },
    "report": lambda t: {
        "activity": t.rows["activity"].pk,
        "period": t.world.periods["open"].pk,
        "realised_budget": "1.000",
        "realised_output": "1",
        "status": "draft",
    },
    "period": lambda t: {"fiscal_year": 2026, "quarter": 1, "opens_on": "1-1-2026", "due_on": "10-4-2026"},
    "opd": lambda t: {"name": "Badan Baru", "short_name": "Baru"},
    "priority": lambda t: {"rkpd_year": 2026, "number": 1, "name": "Baru"},
    "fundingsource": lambda t: {"code": "BARU", "name": "Baru", "group": "Lain"},
    "district": lambda t: {"code": "16.04.77", "name": "Baru"},
    "village": lambda t: {"code": "16.04.09.2077", "name": "Baru", "district": t.world.reference["district"].pk},
    "partner": lambda t: {"name": "Baru", "kind": "baznas"},
    "obstaclecategory": lambda t: {"name": "Baru"},
    "indicator": lambda t: {"name": "Baru", "unit": "persen", "agency": "BPS"},
    "povertypocket": lambda t: {"year": 2025, "village": t.world.reference["village"].pk, "source": "Dinsos"},
    "strategy": lambda t: {"number": 2, "name": "Baru", "short_name": "Baru"},
    "ratingband": lambda t: {"name": "Baru", "lower_bound": 10, "status": "late", "legal_basis": "Perbup"},
    "apitoken": lambda t: {"name": "Baru", "user": t.world.accounts["clerk"].pk},
    "user": lambda t: {"username": "baru", "password1": "hujan-turun-di-Jarai", "password2": "hujan-turun-di-Jarai"},
}
# A field that its people change at any time; what is guarded is tried by `replan`.
TEXTS = {
    "program": {"objective": "Beban keluarga turun"},
    "activity": {"target_group": "KPM desil 1"},
    "report": {"obstacle": "Hujan", "history_change_reason": REASON},
    "period": {"due_on": "31-12-2028"},
    "povertypocket": {"source": "Bappeda"},
    "priority": {"description": "Catatan"},
    "ratingband": {"legal_basis": "Perbup"},
    "user": {"email": "orang@lahat.example"},
    "partner": {"name": "Nama lain"},
    "apitoken": {"name": "Nama lain"},
}
PASSWORDS = {"password1": "angin-timur-di-Lahat", "password2": "angin-timur-di-Lahat"}


@attempt
def add(t):
    t.effect = {f"+{t.kind}"}
    address = t.address("add")
    if t.kind == "activity":
        t.effect |= {"~registercounter"}
    return t.post(address, t.form(address, **NEW[t.kind](t)))


@attempt
def change(t):
    t.effect = {f"~{t.kind}"}
    address = t.address("change", t.record.pk)
    fields = {"source": "Perda 1/2026"} if hasattr(t.record, "source") else {}
    return t.post(address, t.form(address, **TEXTS.get(t.kind, fields)))


@attempt
def replan(t):
    """Change a figure that others rely on, with a reason."""
    t.effect = {f"~{t.kind}"}
    address = t.address("change", t.record.pk)
    guarded = {"activity": {"budget": "2.000.000"}, "program": {"strategy": t.world.reference["strategy"].pk}}
    return t.post(address, t.form(address, **guarded[t.kind], history_change_reason=REASON))


@attempt
def open_delete(t):
    return read(t.client.get(t.address("delete", t.record.pk)))


@attempt
def delete(t):
    t.effect = {f"-{t.kind}"}
    if t.kind == "activity":
        t.effect |= {"-location"}
    if t.kind == "indicator":
        t.effect |= {"-indicatorvalue", "-indicatortarget"}
    if t.kind == "user":
        t.effect |= {"-totpdevice"} | ({"-user_groups"} if t.record.groups.exists() else set())
    return t.post(t.address("delete", t.record.pk), {"post": "yes"})


# Rows inside the form of their parent, and what is chosen in a list

PARENTS = {
    "location": ("activity", "locations", lambda t: {"district": t.world.elsewhere.pk}),
    "quarter": ("activity", "reports", None),
    "periodexception": (
        "period",
        "exceptions",
        lambda t: {"opd": t.world.dinsos.pk, "reason": "Koreksi", "until": "31-12-2099"},
    ),
    "indicatorvalue": (
        "indicator",
        "values",
        lambda t: {"region": "Indonesia", "year": "2024", "value": "9", "source": "BPS"},
    ),
    "indicatortarget": ("indicator", "targets", lambda t: {"year": "2026", "value": "12", "document": "RPD"}),
}


def inside(t, kind, **fields):
    """Send the form of the parent with these fields of its rows."""
    parent, prefix, _ = PARENTS[kind]
    address = t.address("change", getattr(t.record, f"{parent}_id"), kind=parent)
    return t.post(
        address,
        t.form(address, **{f"{prefix}-{name}": value for name, value in fields.items()}, history_change_reason=REASON),
    )


def place_of(t, form) -> str:
    """The number of the row of this record in the scraped form of its parent."""
    _, prefix, _ = PARENTS[t.kind]
    [place] = [
        name.split("-")[1]
        for name, value in form.items()
        if name.startswith(f"{prefix}-") and name.endswith("-id") and value == str(t.record.pk)
    ]
    return place


@attempt
def add_inside(t):
    t.effect = {f"+{t.kind}"}
    parent, prefix, new = PARENTS[t.kind]
    form = t.who.helper.form(t.address("change", getattr(t.record, f"{parent}_id"), kind=parent))
    place = form[f"{prefix}-INITIAL_FORMS"]
    fields = {f"{place}-{name}": value for name, value in new(t).items()}
    return inside(t, t.kind, TOTAL_FORMS=str(int(place) + 1), **fields)


@attempt
def change_inside(t):
    t.effect = {f"~{t.kind}"}
    parent, _, new = PARENTS[t.kind]
    form = t.who.helper.form(t.address("change", getattr(t.record, f"{parent}_id"), kind=parent))
    name, value = next(iter(new(t).items()))
    return inside(t, t.kind, **{f"{place_of(t, form)}-{name}": value})


@attempt
def delete_inside(t):
    t.effect = {f"-{t.kind}"}
    parent, _, _ = PARENTS[t.kind]
    form = t.who.helper.form(t.address("change", getattr(t.record, f"{parent}_id"), kind=parent))
    return inside(t, t.kind, **{f"{place_of(t, form)}-DELETE": "on"})


@attempt
def fill_quarter(t):
    """Write a report that is not there yet inside the form of its sub kegiatan."""
    t.effect = {"+report"}
    address = t.address("change", t.record.pk)
    figures = {"reports-1-realised_budget": "100", "reports-1-realised_output": "1", "reports-1-status": "submitted"}
    return t.post(address, t.form(address, **figures))


@attempt
def change_quarter(t):
    """Change this report inside the form of its sub kegiatan."""
    t.effect = {"~report"}
    address = t.address("change", t.record.activity_id, kind="activity")
    row = f"reports-{t.record.period.quarter}"
    fields = {f"{row}-obstacle": "Hujan", f"{row}-history_change_reason": REASON}
    return t.post(address, t.form(address, **fields))


def act(t, action):
    t.effect = {f"~{t.kind}"}
    return t.post(t.address("changelist"), {"action": action, "_selected_action": [t.record.pk]})


@attempt
def submit_selected(t):
    return act(t, "submit_selected")


@attempt
def verify_selected(t):
    return act(t, "verify_selected")


@attempt
def map_in_list(t):
    """Choose another strategy in the list of programs."""
    t.effect = {f"~{t.kind}"}
    row = f"form-{t.record.pk}"
    chosen = {f"{row}-strategy": t.world.reference["strategy"].pk, f"initial-{row}-strategy": ""}
    unchosen = {f"{row}-priority": "", f"initial-{row}-priority": ""}
    management = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1", f"{row}-version": t.record.version}
    return t.post(t.address("changelist"), {**chosen, **unchosen, **management, "_save": "Simpan"})


# Steps with addresses of their own


@attempt
def open_review(t):
    return read(t.client.get(t.address("review", t.record.pk)))


def review(t, **button):
    t.effect = {"~report"}
    return t.post(t.address("review", t.record.pk), {"version": t.record.version, "note": "", **button})


@attempt
def verify(t):
    return review(t, verify="1")


@attempt
def verify_own_entry(t):
    """Verify a report that this very person entered."""
    t.record._history_user = t.who.user
    t.record.realised_budget += 1
    t.record.save()
    t.before = everything()
    return review(t, verify="1")


@attempt
def send_back(t):
    return review(t, **{"return": "1"}, note="Angka keluaran tidak cocok")


@attempt
def review_next(t):
    return word_of(t.client.get(t.address("review_next")))


@attempt
def submit_all(t):
    t.effect = {"~report"}
    return t.post(t.address("submit_all"), {"period": t.record.period_id})


def step(name):
    def take(t):
        t.effect = {"~period"}
        return t.post(t.address(name, t.record.pk), {"version": t.record.version, "reason": REASON})

    return take


def open_step(name):
    return lambda t: read(t.client.get(t.address(name, t.record.pk)))


for name in ("lock", "unlock", "open_now"):
    ATTEMPTS[name], ATTEMPTS[f"open_{name}"] = step(name), open_step(name)


@attempt
def open_year(t):
    t.effect = {"+period"}
    return t.post(t.address("open_year"), {"year": "2026"})


@attempt
def carry_over(t):
    t.effect = {"+period", "+program", "+activity", "+location", "+registercounter"}
    address = f"{t.address('carry_over')}?year=2026"
    seen = t.who.helper.client.get(address).context["plan"].fingerprint
    return t.post(t.address("carry_over"), {"year": "2026", "seen": seen})


@attempt
def open_carry_over(t):
    return read(t.client.get(f"{t.address('carry_over')}?year=2026"))


@attempt
def open_password(t):
    return read(t.client.get(f"/admin/tracker/user/{t.record.pk}/password/"))


@attempt
def set_password(t):
    t.effect = {"~user"}
    return t.post(f"/admin/tracker/user/{t.record.pk}/password/", PASSWORDS)


@attempt
def give_role(t):
    """Make this account one of the Sekretariat."""
    t.effect = {"~user", "+user_groups"} | ({"-user_groups"} if t.record.groups.exists() else set())
    address = t.address("change", t.record.pk)
    return t.post(address, t.form(address, groups=[make.group("Sekretariat TKPK").pk]))


@attempt
def turn_off_code(t):
    """Take the second factor from this account: the telephone is lost."""
    t.effect = {"~user", "-totpdevice"}
    address = t.address("change", t.record.pk)
    return t.post(address, t.form(address, without_code="on"))


@attempt
def withdraw(t):
    """End a token of the API."""
    t.effect = {"~apitoken"}
    address = t.address("change", t.record.pk)
    return t.post(address, t.form(address, is_withdrawn="on"))


@attempt
def retire(t):
    t.effect = {"~user"}
    address = t.address("change", t.record.pk)
    form = t.form(address)
    form.pop("is_active", None)
    return t.post(address, form)
