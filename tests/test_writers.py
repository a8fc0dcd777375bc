"""Sixteen people who save at the same moment, by the forms of the admin and through a server: nothing is lost."""

import http.client
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from threading import Barrier
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.urls import reverse

from tests import make
from tests.admin.browser_form import sent_by
from tests.conftest import signed_in
from tests.serving import AT_ONCE, server
from tracker.models.scope import Role

WRITERS = AT_ONCE
OWN_SAVES = 2
MOST_TRIES = 10 * WRITERS
PATIENCE = 60  # seconds
TOKEN = "w" * 32
LIST = reverse("admin:tracker_program_changelist")


def form_of(record):
    return reverse(f"admin:tracker_{record._meta.model_name}_change", args=[record.pk])


@dataclass
class Answer:
    status: int
    content: bytes


@dataclass
class Writer:
    name: str
    session: str
    port: int = 0
    overtaken: int = 0

    def ask(self, method, address, fields=None) -> Answer:
        headers = {
            "Cookie": f"{settings.SESSION_COOKIE_NAME}={self.session}; {settings.CSRF_COOKIE_NAME}={TOKEN}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        body = urlencode(fields | {"csrfmiddlewaretoken": TOKEN}, doseq=True) if fields else None
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)) as line:
            line.request(method, address, body, headers)
            answer = line.getresponse()
            return Answer(answer.status, answer.read())

    def save(self, address, change):
        """Open the form and send it with what `change` makes of its fields; again, if somebody else was faster."""
        for _ in range(MOST_TRIES):
            opened = self.ask("GET", address)
            assert opened.status == 200, opened.content.decode()
            fields = sent_by(opened)
            answer = self.ask("POST", address, fields | change(fields))
            if answer.status == 302:
                return
            assert (answer.status, "sudah diubah oleh" in answer.content.decode()) == (200, True), answer.content
            self.overtaken += 1
        raise AssertionError(f"{self.name} never came to save {address}.")


def one_rupiah_more(fields):
    return {"realised_budget": str(int(fields["realised_budget"].replace(".", "")) + 1)}


def in_list(changes):
    return lambda fields: (
        {f"form-{program.pk}-{name}": str(choice.pk) for program, name, choice in changes} | {"_save": "Simpan"}
    )


def one_place_more(district):
    return lambda fields: {
        f"locations-{fields['locations-INITIAL_FORMS']}-district": str(district.pk),
        f"locations-{fields['locations-INITIAL_FORMS']}-village": "",
    }


@pytest.mark.django_db(transaction=True)
def test_sixteen_writers_lose_nothing_and_meet_no_error(tmp_path, bands, dinsos):
    make.periods(2025)
    shared_program, work = make.program(dinsos, 2025), make.program(dinsos, 2025)
    shared_report, shared_work = make.report(make.activity(work)), make.activity(work)
    strategy = make.strategy(1)
    writers, own, priorities, districts = [], [], [], []
    for number in range(1, WRITERS + 1):
        user = make.user(f"penulis{number}", Role.OPERATOR, opd=dinsos)
        writers.append(Writer(user.username, signed_in(user).cookies[settings.SESSION_COOKIE_NAME].value))
        own.append((make.report(make.activity(work)), make.program(dinsos, 2025)))
        priorities.append(make.priority(2025, number))
        districts.append(make.district(f"16.04.{number:02}"))
    everyone = Barrier(WRITERS)

    def write(number):
        writer, (report, program) = writers[number], own[number]
        everyone.wait(PATIENCE)
        for _ in range(OWN_SAVES):
            writer.save(form_of(report), one_rupiah_more)
        writer.save(form_of(shared_work), one_place_more(districts[number]))
        writer.save(form_of(shared_report), one_rupiah_more)
        everyone.wait(PATIENCE)
        writer.save(LIST, in_list([(program, "strategy", strategy), (shared_program, "priority", priorities[number])]))

    with server(tmp_path) as port, ThreadPoolExecutor(WRITERS) as people:
        for writer in writers:
            writer.port = port
        list(people.map(write, range(WRITERS)))

    def state(record):
        """The version, how many saves the history knows of, and who made them."""
        record.refresh_from_db()
        people = [entry.history_user_name for entry in record.history.order_by("history_id")][1:]
        return record.version - 1, len(people), set(people)

    names = {writer.name for writer in writers}
    # What all of them wrote
    assert state(shared_report) == (WRITERS, WRITERS, names)
    assert shared_report.realised_budget == WRITERS
    assert state(shared_program) == (WRITERS, WRITERS, names)
    assert shared_work.locations.count() == WRITERS
    assert {place.history.get().history_user_name for place in shared_work.locations.all()} == names
    # What each of them wrote
    for writer, (report, program) in zip(writers, own, strict=True):
        assert state(report) == (OWN_SAVES, OWN_SAVES, {writer.name})
        assert report.realised_budget == OWN_SAVES
        assert state(program) == (1, 1, {writer.name})
        assert program.strategy == strategy
    # What nobody wrote
    assert state(work) == state(shared_work) == (0, 0, set())
    # And they did get in each other's way.
    assert sum(writer.overtaken for writer in writers)
