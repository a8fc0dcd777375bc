"""When a quarter may be reported."""

import datetime
import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections
from django.db.models import ProtectedError
from django.utils import timezone

from tests import make
from tracker.models import Period, PeriodException
from tracker.models.history import IDENTITY_NUMBER_MESSAGE, INVISIBLE_MESSAGE

DAY = datetime.timedelta(days=1)
TODAY = datetime.date(2026, 7, 21)
ASK = (
    "Mintalah Sekretariat TKPK memberi OPD ini pengecualian untuk TW II 2026; "
    "sebutkan alasannya dan sampai tanggal berapa."
)


@pytest.fixture
def late_in_the_evening(monkeypatch):
    """In London it is still the 20th of July; in Lahat the 21st has begun."""
    now = datetime.datetime(2026, 7, 20, 23, 30, tzinfo=datetime.UTC)
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)


def complaint(call, *args, **kwargs):
    with pytest.raises(ValidationError) as refused:
        call(*args, **kwargs)
    [message] = refused.value.messages
    return message


def test_a_quarter_opens_on_its_first_day_and_is_due_ten_days_after_its_last(db):
    dates = [(str(period.opens_on), str(period.ends_on), str(period.due_on)) for period in make.periods(2026)]
    assert dates == [
        ("2026-01-01", "2026-03-31", "2026-04-10"),
        ("2026-04-01", "2026-06-30", "2026-07-10"),
        ("2026-07-01", "2026-09-30", "2026-10-10"),
        ("2026-10-01", "2026-12-31", "2027-01-10"),
    ]


def test_opening_a_year_adds_its_four_quarters(db, secretary):
    opened = Period.objects.open_year(2026, user=secretary)
    assert [str(period) for period in opened] == ["TW I 2026", "TW II 2026", "TW III 2026", "TW IV 2026"]
    entry = opened[0].history.get()
    assert (entry.history_user_name, entry.history_change_reason) == ("sekretariat", "Tahun anggaran dibuka")


def test_opening_a_year_again_adds_only_what_is_missing_and_changes_nothing(db):
    make.period(2026, 2, due_on=datetime.date(2026, 8, 1))
    assert [period.quarter for period in Period.objects.open_year(2026)] == [1, 3, 4]
    assert Period.objects.open_year(2026) == []
    assert str(Period.objects.get(quarter=2).due_on) == "2026-08-01"


@pytest.mark.parametrize(
    ("today", "state"),
    [
        ("2026-03-31", Period.State.NOT_OPEN),
        ("2026-04-01", Period.State.OPEN),
        ("2026-07-10", Period.State.OPEN),
        ("2026-07-11", Period.State.OVERDUE),
    ],
)
def test_the_state_of_a_quarter_follows_from_the_day(db, today, state):
    assert make.period(2026, 2).state(datetime.date.fromisoformat(today)) == state


def test_a_locked_quarter_is_locked_on_every_day(db):
    period = make.period(2026, 2, locked_at=timezone.now())
    days = [period.opens_on - DAY, period.opens_on, period.due_on + DAY]
    assert {period.state(day) for day in days} == {Period.State.LOCKED}


def test_an_open_or_overdue_quarter_refuses_nobody(dinsos):
    period = make.period(2026, 2)
    assert [period.refusal(dinsos, day) for day in (period.opens_on, period.due_on, period.due_on + DAY)] == [
        "",
        "",
        "",
    ]


def test_a_quarter_before_its_opening_refuses(dinsos):
    period = make.period(2026, 2)
    assert period.refusal(dinsos, period.opens_on - DAY) == (
        "TW II 2026 belum dibuka. Laporan dapat diisi mulai 1 April 2026."
    )


def test_a_locked_quarter_says_who_locked_it_when_and_why_and_what_to_ask_for(dinsos, secretary):
    secretary.first_name, secretary.last_name = "Siti", "Aminah"
    secretary.save()
    at = datetime.datetime(2026, 7, 20, 18, 5, tzinfo=datetime.UTC)  # already the 21st in Lahat
    period = make.period(2026, 2, locked_at=at, locked_by=secretary, lock_reason="Angka Rakor II.")
    assert period.refusal(dinsos) == (
        f"TW II 2026 sudah dikunci oleh Siti Aminah pada 21 Juli 2026 pukul 01.05 WIB. Alasan: Angka Rakor II. {ASK}"
    )


def test_a_lock_without_name_and_reason_refuses_with_its_date(dinsos):
    locked_at = datetime.datetime(2026, 7, 20, 3, 0, tzinfo=datetime.UTC)
    assert make.period(2026, 2, locked_at=locked_at).refusal(dinsos) == (
        f"TW II 2026 sudah dikunci pada 20 Juli 2026 pukul 10.00 WIB. {ASK}"
    )


def test_who_had_an_exception_is_told_when_it_ended(dinsos):
    period = make.period(2026, 2, locked_at=datetime.datetime(2026, 7, 20, 3, 0, tzinfo=datetime.UTC))
    make.period_exception(period, dinsos, TODAY - DAY)
    assert period.refusal(dinsos, TODAY) == (
        "TW II 2026 sudah dikunci pada 20 Juli 2026 pukul 10.00 WIB. "
        f"Pengecualian untuk OPD ini berakhir 20 Juli 2026. {ASK}"
    )


@pytest.mark.parametrize(
    ("today", "words"),
    [
        ("2026-03-31", "TW II 2026 belum dibuka. Laporan dapat diisi mulai 1 April 2026."),
        ("2026-07-10", "TW II 2026 dibuka sejak 1 April 2026. Tenggat laporan 10 Juli 2026."),
        ("2026-07-11", "TW II 2026 lewat tenggat 10 Juli 2026. Laporan masih dapat diisi dan disebut terlambat."),
    ],
)
def test_a_quarter_says_its_state_in_words(db, today, words):
    assert make.period(2026, 2).in_words(datetime.date.fromisoformat(today)) == words


def test_an_exception_opens_the_quarter_for_its_opd_up_to_and_including_its_last_day(dinsos, dinkes):
    period = make.period(2026, 2, locked_at=timezone.now())
    until = datetime.date(2026, 8, 15)
    make.period_exception(period, dinsos, until)
    assert period.refusal(dinsos, until) == ""
    assert period.refusal(dinsos, until + DAY) != ""
    assert period.refusal(dinkes, until) != ""


def test_an_exception_opens_no_other_quarter(dinsos):
    make.period_exception(make.period(2026, 2, locked_at=timezone.now()), dinsos, datetime.date(2099, 1, 1))
    assert make.period(2026, 1, locked_at=timezone.now()).refusal(dinsos) != ""


def test_an_exception_opens_no_quarter_before_its_time(dinsos):
    period = make.period(2026, 2, locked_at=timezone.now())
    make.period_exception(period, dinsos, datetime.date(2099, 1, 1))
    assert period.refusal(dinsos, period.opens_on - DAY) == (
        "TW II 2026 belum dibuka. Laporan dapat diisi mulai 1 April 2026."
    )


def test_a_quarter_with_reports_is_not_deleted(db):
    period = make.report(make.activity(), 2).period
    with pytest.raises(ProtectedError):
        period.delete()


class TestSteps:
    """Locking, unlocking and opening: with a person and a reason, once, and only where it makes sense."""

    STEPS = ("lock", "unlock", "open_now")

    @pytest.fixture
    def overdue(self, db, late_in_the_evening):
        return make.period(2026, 2)

    @pytest.fixture
    def ahead(self, db, late_in_the_evening):
        return make.period(2026, 4)

    def last_entry(self, period):
        entry = period.history.first()
        return entry.history_user_name, entry.history_change_reason

    def test_locking_keeps_who_when_and_why(self, overdue, secretary):
        overdue.lock(by=secretary, reason=" Angka Rakor II ")
        stored = Period.objects.get()
        assert (stored.locked_at, stored.locked_by, stored.lock_reason) == (
            timezone.now(),
            secretary,
            "Angka Rakor II",
        )
        assert stored.state() == Period.State.LOCKED
        assert (stored.version, stored.history.count()) == (2, 2)
        assert self.last_entry(stored) == ("sekretariat", "Angka Rakor II")

    def test_unlocking_clears_the_lock_and_leaves_its_story_in_the_history(self, overdue, secretary, operator):
        overdue.lock(by=secretary, reason="Angka Rakor II")
        overdue.unlock(by=operator, reason="Koreksi BPS")
        stored = Period.objects.get()
        assert (stored.locked_at, stored.locked_by, stored.lock_reason) == (None, None, "")
        assert stored.state() == Period.State.OVERDUE
        assert stored.history.count() == 3
        assert self.last_entry(stored) == ("operator", "Koreksi BPS")
        locked = stored.history.all()[1]
        assert (locked.locked_by, locked.lock_reason) == (secretary, "Angka Rakor II")

    def test_opening_now_opens_today_in_western_indonesian_time(self, ahead, secretary, dinsos):
        ahead.open_now(by=secretary, reason="Rapat dimajukan")
        stored = Period.objects.get()
        assert (stored.opens_on, str(stored.due_on)) == (TODAY, "2027-01-10")
        assert stored.refusal(dinsos) == ""
        assert stored.history.count() == 2
        assert self.last_entry(stored) == ("sekretariat", "Rapat dimajukan")

    def test_what_makes_no_sense_is_refused_in_words(self, overdue, ahead, secretary):
        assert complaint(overdue.unlock, by=secretary, reason="x") == "TW II 2026 tidak sedang dikunci."
        assert complaint(overdue.open_now, by=secretary, reason="x") == "TW II 2026 sudah dibuka sejak 1 April 2026."
        ahead.lock(by=secretary, reason="Rakor")
        locked = "TW IV 2026 sudah dikunci oleh sekretariat pada 21 Juli 2026 pukul 06.30 WIB. Alasan: Rakor."
        assert complaint(ahead.lock, by=secretary, reason="x") == locked
        assert complaint(ahead.open_now, by=secretary, reason="x") == f"{locked} Buka kuncinya lebih dahulu."

    def test_a_quarter_that_opens_today_is_open(self, overdue, secretary):
        period = make.period(2026, 3, opens_on=TODAY)
        assert complaint(period.open_now, by=secretary, reason="x") == "TW III 2026 sudah dibuka sejak 21 Juli 2026."

    def test_what_was_read_long_ago_is_judged_by_what_is_stored_now(self, overdue, secretary, operator):
        stale = Period.objects.get()
        overdue.due_on = TODAY
        overdue.lock(by=secretary, reason="Rakor")
        assert "sudah dikunci oleh sekretariat" in complaint(stale.lock, by=operator, reason="x")
        assert stale.locked_by == secretary
        assert Period.objects.get().history.count() == 2

    def test_a_step_saves_nothing_but_itself(self, overdue, secretary):
        overdue.due_on = TODAY + DAY
        overdue.lock(by=secretary, reason="Rakor")
        assert Period.objects.get().due_on == datetime.date(2026, 7, 10)

    def test_later_saves_do_not_inherit_the_reason(self, overdue, secretary):
        overdue.lock(by=secretary, reason="Rakor")
        overdue.save()
        assert self.last_entry(overdue) == ("", None)

    @pytest.mark.parametrize("step", STEPS)
    @pytest.mark.parametrize(
        ("reason", "message"),
        [
            ("", "Tulis alasannya."),
            (" \n ", "Tulis alasannya."),
            (None, "Tulis alasannya."),
            ("Atas nama 1604 0112 3456 0001", IDENTITY_NUMBER_MESSAGE),
            ("Ra\u202ekor", INVISIBLE_MESSAGE),
            ("x" * 301, "Pastikan nilai ini mengandung paling banyak 300 karakter (sekarang 301 karakter)."),
        ],
    )
    def test_each_step_needs_a_reason_that_can_be_kept(self, db, secretary, step, reason, message):
        ahead = datetime.date(2099, 1, 1)
        period = make.period(2026, 2, opens_on=ahead, due_on=ahead)
        if step == "unlock":
            period.lock(by=secretary, reason="Rakor")
        before = period.history.count()
        assert complaint(getattr(period, step), by=secretary, reason=reason) == message
        assert Period.objects.get().version == before == period.history.count()

    @pytest.mark.skipif(connection.vendor == "sqlite", reason="in memory, threads lock each other out")
    @pytest.mark.django_db(transaction=True)
    @pytest.mark.parametrize("step", STEPS)
    def test_of_four_people_at_the_same_moment_one_does_it(self, secretary, step):
        ahead = datetime.date(2099, 1, 1)
        period = make.period(2026, 2, opens_on=ahead, due_on=ahead)
        if step == "unlock":
            period.lock(by=secretary, reason="Rakor")
        entries = period.history.count()
        start, said = threading.Barrier(4), []

        def take(period):
            start.wait()
            try:
                getattr(period, step)(by=secretary, reason="Sekarang")
                said.append("done")
            except ValidationError:
                said.append("refused")
            connections.close_all()

        threads = [threading.Thread(target=take, args=[Period.objects.get()]) for _ in range(4)]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
        assert sorted(said) == ["done", "refused", "refused", "refused"]
        assert period.history.count() == entries + 1


class TestExceptions:
    @pytest.fixture
    def locked(self, db, late_in_the_evening):
        return make.period(2026, 2, locked_at=timezone.now())

    def test_one_runs_to_the_end_of_its_last_day_in_western_indonesian_time(self, locked, dinsos, dinkes):
        ending, over = make.period_exception(locked, dinsos, TODAY), make.period_exception(locked, dinkes, TODAY - DAY)
        assert (ending.is_in_force(), over.is_in_force()) == (True, False)
        assert locked.refusal(dinsos) == ""
        assert locked.refusal(dinkes).startswith("TW II 2026 sudah dikunci")

    def test_a_new_one_ends_today_or_later(self, locked, dinsos):
        PeriodException(period=locked, opd=dinsos, reason="Koreksi", until=TODAY).full_clean()
        yesterday = PeriodException(period=locked, opd=dinsos, reason="Koreksi", until=TODAY - DAY)
        with pytest.raises(ValidationError) as refused:
            yesterday.full_clean()
        assert refused.value.message_dict == {
            "until": ["Tanggal ini sudah lewat. Tulis hari ini (21 Juli 2026) atau sesudahnya."]
        }

    def test_one_that_is_over_may_be_corrected_but_not_moved_within_the_past(self, locked, dinsos):
        over = make.period_exception(locked, dinsos, TODAY - DAY)
        over.reason = "Koreksi luas lahan"
        over.full_clean()
        over.until = TODAY - 2 * DAY
        with pytest.raises(ValidationError):
            over.full_clean()
        over.until = TODAY + DAY
        over.full_clean()

    @pytest.mark.parametrize("missing", ["reason", "opd", "until"])
    def test_opd_reason_and_date_are_required(self, locked, dinsos, missing):
        given = {"opd": dinsos, "reason": "Koreksi", "until": TODAY} | {missing: "" if missing == "reason" else None}
        with pytest.raises(ValidationError) as refused:
            PeriodException(period=locked, **given).full_clean()
        assert set(refused.value.message_dict) == {missing}

    def test_one_that_opens_nothing_says_so(self, locked, dinsos):
        assert make.period_exception(locked, dinsos, TODAY).warnings() == []
        assert make.period_exception(make.period(2026, 3), dinsos, TODAY).warnings() == [
            "TW III 2026 tidak sedang dikunci, jadi pengecualian untuk Dinas Sosial belum diperlukan."
        ]
        assert make.period_exception(make.period(2026, 4), dinsos, TODAY).warnings() == [
            "TW IV 2026 belum dibuka, dan pengecualian untuk Dinas Sosial tidak membukanya lebih awal."
        ]
