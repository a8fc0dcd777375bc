"""The queue of reports to be verified: in what order, which are left to others, and the start page that shows it."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests import make
from tests.conftest import signed_in
from tests.reading import elements, links, page, words
from tracker.models import Report
from tracker.models.scope import Role
from tracker.workplace import queue_of

OCTOBER = datetime.datetime(2025, 10, 6, 2, 0, tzinfo=datetime.UTC)
TODAY = datetime.date(2026, 5, 20)
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def in_may(monkeypatch):
    """All quarters of 2025 have begun."""
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: TODAY)


@pytest.fixture
def program(dinsos):
    make.periods(2025)
    return make.program(dinsos, 2025)


def waiting(program, quarter=3, *, days=0, by=None, **fields):
    """A submitted report, `days` after the first."""
    report = make.report(make.activity(program), quarter, submitted_at=OCTOBER + days * DAY, **fields)
    if by:
        report.submitted_by = report._history_user = by
        report.realised_budget += 1
        report.save()
    return report


def keys(queue):
    return [report.key for report in queue.reports]


def section(response, title):
    return next(words(node) for node in elements(page(response), "section") if words(node).startswith(title))


class TestQueue:
    def test_the_longest_waiting_comes_first_whatever_the_quarter(self, program, coordinator, dinkes):
        last, first, second = (
            waiting(program, 1, days=9),
            waiting(program),
            waiting(make.program(dinkes, 2025), days=1),
        )
        assert keys(queue_of(coordinator)) == [first.pk, second.pk, last.pk]

    def test_only_what_was_submitted_waits(self, program, coordinator):
        report = waiting(program)
        for status in ("draft", "verified", "returned"):
            waiting(program, status=status)
        assert keys(queue_of(coordinator)) == [report.pk]

    def test_an_operator_has_no_queue_beyond_his_opd(self, program, operator, dinkes):
        waiting(program), waiting(make.program(dinkes, 2025))
        queue = queue_of(operator)
        assert (keys(queue), queue.total) == ([], 1)

    def test_those_of_the_own_opd_are_left_to_others(self, program, dinsos, dinkes):
        waiting(program)
        other = waiting(make.program(dinkes, 2025))
        queue = queue_of(make.user("kabid", Role.VERIFIER, opd=dinsos))
        assert (keys(queue), queue.of_own_opd, queue.total) == ([other.pk], 1, 2)

    def test_those_of_locked_quarters_wait_for_an_exception(self, program, coordinator, dinsos, dinkes):
        period = make.period(2025, 3, locked_at=timezone.now())
        report, elsewhere = waiting(program), waiting(make.program(dinkes, 2025))
        queue = queue_of(coordinator)
        assert (keys(queue), queue.closed) == ([], 2)
        make.period_exception(period, dinsos, TODAY), make.period_exception(period, dinkes, TODAY - DAY)
        queue = queue_of(coordinator)
        assert (keys(queue), queue.closed) == ([report.pk], 1)
        report.verify(by=coordinator)
        with pytest.raises(ValidationError, match="dikunci"):
            elsewhere.verify(by=coordinator)

    def test_own_entries_are_left_to_others(self, program, secretary, coordinator):
        own, other = waiting(program, by=secretary), waiting(program)
        queue = queue_of(secretary)
        assert (keys(queue), queue.entered_by_himself, queue.total) == ([other.pk], 1, 2)
        assert keys(queue_of(coordinator)) == [own.pk, other.pk]

    def test_an_own_entry_is_what_the_report_says_it_is(self, program, secretary, operator, coordinator):
        """The queue reads many histories at once; each report alone says the same."""

        def saved(report, by, **fields):
            for name, value in fields.items():
                setattr(report, name, value)
            report._history_user = by
            report.save()

        submitted_only = waiting(program)
        Report.objects.filter(pk=submitted_only.pk).update(submitted_by=secretary)
        touched = waiting(program, by=operator)  # somebody else's figures: only the state was changed
        saved(touched, secretary, status="draft"), saved(touched, operator, status="submitted")
        corrected = waiting(program, by=operator)
        saved(corrected, secretary, obstacle="Hujan"), saved(corrected, operator, obstacle="Banjir")
        returned = waiting(program, by=operator)
        returned.send_back("Perbaiki.", by=secretary)
        saved(returned, operator, realised_output=4, status="submitted")
        entered_first = waiting(program)
        Report.history.filter(id=entered_first.pk).erase()
        saved(entered_first, secretary)
        for person in (secretary, coordinator):
            reports = Report.objects.waiting()
            refused = {report.pk for report in reports if report.refusal_to_verify(person)}
            assert keys(queue_of(person)) == [report.pk for report in reports if report.pk not in refused]
        assert keys(queue_of(secretary)) == [touched.pk, returned.pk]
        assert queue_of(secretary).entered_by_himself == 3

    def test_the_queue_holds_exactly_what_may_be_verified(self, program, dinsos, dinkes, secretary, operator):
        make.period(2025, 2, locked_at=timezone.now())
        for opd in (dinsos, dinkes):
            for quarter in (1, 2):
                for by in (secretary, operator, None):
                    waiting(make.program(opd, 2025), quarter, by=by)
        for person, how_many in ((secretary, 4), (make.user("kabid", Role.VERIFIER, opd=dinkes), 3)):
            may = [
                report.pk
                for report in Report.objects.waiting()
                if not (report.refusal_to_verify(person) or report.period.refusal(report.activity.program.opd_id))
            ]
            assert keys(queue_of(person)) == may
            assert len(may) == how_many

    def test_conditions_narrow_it(self, program, coordinator, dinkes):
        first, second = waiting(program, 1), waiting(make.program(dinkes, 2025), 3)
        assert keys(queue_of(coordinator, period__quarter="1")) == [first.pk]
        assert keys(queue_of(coordinator, activity__program__opd=str(dinkes.pk))) == [second.pk]

    def test_one_after_another(self, program, coordinator):
        first, second = waiting(program), waiting(program, days=1)
        queue = queue_of(coordinator)
        assert (queue.after(None), queue.after(first.pk), queue.after(second.pk)) == (first.pk, second.pk, None)
        assert queue.after(999_999) == first.pk
        assert (queue.place_of(second.pk), queue.place_of(999_999)) == (2, None)
        assert keys(queue.without(first.pk)) == [second.pk]


class TestStartPage:
    def test_what_waits_is_counted_by_opd(self, as_coordinator, program, dinkes):
        waiting(make.program(dinkes, 2025)), waiting(program, days=3), waiting(program, days=1)
        assert section(as_coordinator.get("/admin/"), "Menunggu verifikasi") == (
            "Menunggu verifikasi 3 laporan menunggu Anda, yang paling lama lebih dulu. "
            "Pilih satu OPD untuk memeriksa laporannya saja. Periksa yang pertama "
            "OPD Menunggu Sejak Dinsos 2 7 Okt 2025 Dinkes 1 6 Okt 2025"
        )

    def test_links_lead_to_the_first_of_all_and_of_an_opd(self, as_coordinator, program, dinkes):
        first, second = waiting(program), waiting(make.program(dinkes, 2025), days=1)
        found = links(as_coordinator.get("/admin/"))
        for words_of_link, report in (("Periksa yang pertama", first), ("Dinkes", second)):
            answer = as_coordinator.get(found[words_of_link], follow=True)
            assert answer.context["report"] == report

    def test_what_is_left_to_others_is_named_with_the_reason(self, program, dinsos, dinkes):
        waiting(program), waiting(make.program(dinkes, 2025), 1)
        make.period(2025, 1, locked_at=timezone.now())
        kabid = make.user("kabid", Role.VERIFIER, opd=dinsos)
        waiting(make.program(dinkes, 2025), by=kabid)
        assert section(signed_in(kabid).get("/admin/"), "Menunggu verifikasi") == (
            "Menunggu verifikasi Tidak ada laporan yang menunggu verifikasi Anda. "
            "1 laporan OPD Anda sendiri, jadi diverifikasi orang lain. "
            "1 laporan Anda isi sendiri, jadi diverifikasi orang lain. "
            "1 laporan dari triwulan yang dikunci, jadi tidak dapat diverifikasi."
        )

    def test_the_secretary_gets_a_line(self, as_secretary, secretary, program):
        assert "Tidak ada laporan yang menunggu verifikasi." in section(as_secretary.get("/admin/"), "Laporan TW")
        first = waiting(program)
        waiting(program, by=secretary)
        answer = as_secretary.get("/admin/")
        assert "2 laporan menunggu verifikasi . 1 laporan Anda isi sendiri, jadi diverifikasi orang lain." in section(
            answer, "Laporan TW"
        )
        assert as_secretary.get(links(answer)["2 laporan menunggu verifikasi"], follow=True).context["report"] == first
        assert "Menunggu verifikasi" not in answer.content.decode()

    def test_it_asks_as_many_questions_for_much_as_for_little(
        self, as_coordinator, coordinator, program, dinkes, django_assert_num_queries
    ):
        waiting(program)
        as_coordinator.get("/admin/")
        with CaptureQueriesContext(connection) as few:
            as_coordinator.get("/admin/")
        assert len(few) <= 10
        make.period(2025, 1, locked_at=timezone.now()), make.period(2025, 2, locked_at=timezone.now())
        for quarter in (1, 2, 3):
            for opd in (program.opd, dinkes, make.opd("PUPR")):
                waiting(make.program(opd, 2025), quarter), waiting(make.program(opd, 2025), quarter, by=coordinator)
        with django_assert_num_queries(len(few)):
            as_coordinator.get("/admin/")
