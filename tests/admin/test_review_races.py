"""Two people decide on the same report at the same moment: the second waits, and then is told."""

import pytest

from tests import make
from tests.admin.browser_form import sent_by
from tests.conftest import signed_in
from tests.racing import A_WHILE, TOO_LONG, Thread
from tracker.models import Report
from tracker.models.scope import Role

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("in_a_file")]


def test_of_two_verifiers_at_once_the_second_waits_and_is_told(dinsos, coordinator, before_writing):
    before_writing.reached.set()  # making the world is no race
    make.periods(2025)
    report = make.report(make.activity(make.program(dinsos, 2025)), 1)
    address = f"/admin/tracker/report/{report.pk}/periksa/"
    steps = [{"verify": "1"}, {"return": "1", "note": "Perbaiki angkanya."}]
    people = [signed_in(coordinator), signed_in(make.user("kedua", Role.VERIFIER))]
    sent = [sent_by(client.get(address), **step) for client, step in zip(people, steps, strict=True)]
    before_writing.reached.clear()

    first = Thread(lambda: people[0].post(address, sent[0]))
    assert before_writing.reached.wait(TOO_LONG)
    second = Thread(lambda: people[1].post(address, sent[1]))
    is_second_first = second.is_done_within(A_WHILE)
    before_writing.opened.set()

    assert first.finish().status_code == 302
    assert "data ini sudah diubah oleh koordinator" in second.finish().content.decode()
    assert not is_second_first
    assert Report.objects.get().status == Report.Status.VERIFIED
