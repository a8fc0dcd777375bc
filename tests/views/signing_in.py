"""Signing in and going on as a browser does it: forms are sent back with what stands in them, token included."""

from urllib.parse import urlsplit

from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.db.models import F
from django.test import Client
from django.utils import timezone

from tests import make
from tests.reading import attributes, elements, page

WRONG = "salah-sekali-ini"


def browser():
    """A client that needs the form's token, as a browser does."""
    return Client(enforce_csrf_checks=True)


def enter(client, username, password=make.PASSWORD, **data):
    where = {name: data.pop(name) for name in list(data) if name.isupper()}
    return client.post("/masuk/", {"username": username, "password": password, **data}, **where)


def fail(client, username, times, **where):
    return [enter(client, username, WRONG, **where) for _ in range(times)]


def is_in(client):
    return client.get("/metode/").status_code == 200


def minutes_later(minutes):
    """Let the time pass for the failures that are counted."""
    AccessAttempt.objects.update(attempt_time=F("attempt_time") - timezone.timedelta(minutes=minutes))


def set_back(client, **seconds):
    """Let the stamps of this browser's session be older."""
    data = dict(client.session.items())
    store(client, {**data, **{name: data[name] - past for name, past in seconds.items()}})


def store(client, data):
    """Put this into the browser's session as it is, without new stamps."""
    session = client.session
    Session.objects.filter(pk=session.session_key).update(session_data=session.encode(data))


def leave_alone(client, minutes=40):
    set_back(client, seen_at=60 * minutes, signed_in_at=60 * minutes)


def form_on(response):
    """Where the form in the middle of the page leads, and what its inputs hold, in their order."""
    [form] = elements(next(elements(page(response), "main")), "form")
    inputs = [attributes(one) for one in elements(form, "input")]
    return attributes(form).get("action", ""), [(one["name"], one.get("value", "")) for one in inputs]


def send(client, response, **typed):
    """Send the form of the page with what is typed into it."""
    action, pairs = form_on(response)
    data = {}
    for name, value in pairs:
        data.setdefault(name, []).append(value)
    return client.post(action or urlsplit(response.request["PATH_INFO"]).path, data | typed)
