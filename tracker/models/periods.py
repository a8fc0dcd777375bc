"""Reporting periods: when a quarter opens, when it is due, and whether it is locked."""

import datetime
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from tracker import formats
from tracker.models.constraints import between, check, year_in_range
from tracker.models.history import Record, create_many, refuse_hidden_or_private
from tracker.models.reference import Opd, User
from tracker.models.scope import ScopedQuerySet


def open_to(opd, *, period: str = "", today: datetime.date | None = None) -> Q:
    """The condition on periods, or on rows with the path `period` to one, that Period.refusal refuses nothing.

    `opd` is the key of an OPD, or where the row says it.
    """
    today = today or timezone.localdate()
    in_force = PeriodException.objects.filter(period=OuterRef(f"{period}pk"), opd=opd, until__gte=today)
    return Q(**{f"{period}opens_on__lte": today}) & (Q(**{f"{period}locked_at": None}) | Exists(in_force))


class PeriodQuerySet(models.QuerySet):
    def of_year(self, year):
        return self.filter(fiscal_year=year)

    def open_year(self, year, *, user=None):
        """Add the missing quarters of a fiscal year with their usual dates; return the ones added."""
        existing = set(self.of_year(year).values_list("quarter", flat=True))
        return create_many(
            (Period.usual(year, quarter) for quarter in (1, 2, 3, 4) if quarter not in existing),
            user=user,
            reason="Tahun anggaran dibuka",
        )


class Period(Record):
    class State(models.TextChoices):
        NOT_OPEN = "not_open", "Belum dibuka"
        OPEN = "open", "Dibuka"
        OVERDUE = "overdue", "Lewat tenggat"
        LOCKED = "locked", "Dikunci"

    fiscal_year = models.PositiveSmallIntegerField("tahun anggaran")
    quarter = models.PositiveSmallIntegerField("triwulan", choices=formats.QUARTER_NAMES)
    opens_on = models.DateField("dibuka pada", help_text="Sejak tanggal ini laporan dapat diisi. Contoh: 01-07-2026.")
    due_on = models.DateField(
        "tenggat", help_text="Laporan sesudah tanggal ini disebut terlambat. Contoh: 10-10-2026."
    )
    locked_at = models.DateTimeField("dikunci pada", null=True, blank=True)
    locked_by = models.ForeignKey(
        User, verbose_name="dikunci oleh", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    lock_reason = models.CharField("alasan penguncian", max_length=300, blank=True)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = "periode pelaporan"
        verbose_name_plural = "periode pelaporan"
        ordering = ["-fiscal_year", "quarter"]
        constraints = [
            models.UniqueConstraint(
                fields=["fiscal_year", "quarter"],
                name="period_unique",
                violation_error_message="Triwulan ini sudah ada pada tahun anggaran tersebut.",
            ),
            year_in_range("period", "fiscal_year", "Tahun anggaran"),
            between("period", "quarter", 1, 4, "Triwulan harus 1 sampai 4."),
            check(
                "period_due_after_opening", Q(due_on__gte=F("opens_on")), "Tenggat tidak boleh sebelum tanggal buka."
            ),
        ]

    def __str__(self):
        return f"{formats.quarter(self.quarter)} {self.fiscal_year}"

    @classmethod
    def usual(cls, year, quarter):
        """A new period with the usual dates: open from its first day, due on the 10th after its last."""
        end = formats.quarter_end(year, quarter)
        return cls(
            fiscal_year=year,
            quarter=quarter,
            opens_on=formats.quarter_begin(year, quarter),
            due_on=end + datetime.timedelta(days=10),
        )

    @property
    def key(self) -> str:
        """The quarter as addresses of the API write it: "2025-3"."""
        return f"{self.fiscal_year}-{self.quarter}"

    @property
    def ends_on(self) -> datetime.date:
        return formats.quarter_end(self.fiscal_year, self.quarter)

    def state(self, today=None) -> "Period.State":
        today = today or timezone.localdate()
        if self.locked_at:
            return self.State.LOCKED
        if today < self.opens_on:
            return self.State.NOT_OPEN
        return self.State.OVERDUE if today > self.due_on else self.State.OPEN

    def in_words(self, today=None) -> str:
        """Its state as a sentence, with what that means for those who report."""
        state, due = self.state(today), formats.date(self.due_on)
        if state == self.State.LOCKED:
            return self._lock_in_words()
        if state == self.State.NOT_OPEN:
            return self._opening_in_words()
        if state == self.State.OPEN:
            return f"{self} dibuka sejak {formats.date(self.opens_on)}. Tenggat laporan {due}."
        return f"{self} lewat tenggat {due}. Laporan masih dapat diisi dan disebut terlambat."

    def _opening_in_words(self) -> str:
        return f"{self} belum dibuka. Laporan dapat diisi mulai {formats.date(self.opens_on)}."

    def _lock_in_words(self) -> str:
        """Who locked it, when and why, as far as that is known."""
        at = timezone.localtime(self.locked_at)
        who = f" oleh {self.locked_by}" if self.locked_by else ""
        sentence = f"{self} sudah dikunci{who} pada {formats.date(at.date())} pukul {at:%H.%M %Z}."
        return f"{sentence} Alasan: {self.lock_reason.rstrip('.')}." if self.lock_reason else sentence

    def refusal(self, opd, today=None) -> str:
        """Why a report of this OPD may not be written in this period now; empty when it may."""
        today = today or timezone.localdate()
        if self.locked_at:
            exception = self._exception_of(opd)
            if not (exception and exception.is_in_force(today)):
                ended = f"Pengecualian untuk OPD ini berakhir {formats.date(exception.until)}." if exception else ""
                advice = (
                    f"Mintalah Sekretariat TKPK memberi OPD ini pengecualian untuk {self}; "
                    "sebutkan alasannya dan sampai tanggal berapa."
                )
                return " ".join(filter(None, (self._lock_in_words(), ended, advice)))
        # An exception opens a lock, never a quarter before its time.
        return self._opening_in_words() if today < self.opens_on else ""

    def _exception_of(self, opd):
        """Of rows that were read beforehand, where they were: thousands of reports ask for the same few."""
        key = opd.pk if isinstance(opd, Opd) else opd
        return next((each for each in self.exceptions.all() if each.opd_id == key), None)

    # The steps that the Sekretariat takes, each with a reason, and why one of them makes no sense now.

    def lock(self, *, by, reason):
        """Close the quarter for every OPD without an exception."""
        with self._step(self.lock_refusal, by=by, reason=reason) as reason:
            self.locked_at, self.locked_by, self.lock_reason = timezone.now(), by, reason

    def unlock(self, *, by, reason):
        """Open the quarter again for everybody. Who had locked it, and why, stays in the history."""
        with self._step(self.unlock_refusal, by=by, reason=reason):
            self.locked_at, self.locked_by, self.lock_reason = None, None, ""

    def open_now(self, *, by, reason):
        """Open the quarter today instead of on its later date."""
        with self._step(self.opening_refusal, by=by, reason=reason):
            self.opens_on = timezone.localdate()

    def lock_refusal(self) -> str:
        return self._lock_in_words() if self.locked_at else ""

    def unlock_refusal(self) -> str:
        return "" if self.locked_at else f"{self} tidak sedang dikunci."

    def opening_refusal(self) -> str:
        if self.locked_at:
            return f"{self._lock_in_words()} Buka kuncinya lebih dahulu."
        if self.opens_on <= timezone.localdate():
            return f"{self} sudah dibuka sejak {formats.date(self.opens_on)}."
        return ""

    @contextmanager
    def _step(self, refusal, *, by, reason):
        """Change the row as it is now, kept from everybody else, and write down who did it and why."""
        reason = (reason or "").strip()
        if not reason:
            raise ValidationError("Tulis alasannya.", code="required")
        refuse_hidden_or_private(reason)
        self._meta.get_field("lock_reason").run_validators(reason)
        with transaction.atomic():
            # Whoever writes a report holds this row from judging to the end, so that a lock waits for it.
            self.refresh_from_db(from_queryset=Period.objects.select_for_update(no_key=True))
            if sentence := refusal():
                raise ValidationError(sentence)
            yield reason
            self._history_user, self._change_reason = by, reason
            try:
                self.save()
            finally:
                del self._history_user, self._change_reason


class PeriodException(Record):
    """Reopens a locked quarter for one OPD until a date; expires by comparison."""

    period = models.ForeignKey(Period, verbose_name="periode", on_delete=models.CASCADE, related_name="exceptions")
    opd = models.ForeignKey(Opd, verbose_name="OPD", on_delete=models.PROTECT)
    reason = models.CharField("alasan", max_length=300)
    until = models.DateField("berlaku sampai", help_text="Hari terakhir OPD ini boleh mengubah laporannya.")

    opd_path = "opd"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "pengecualian kunci"
        verbose_name_plural = "pengecualian kunci"
        ordering = ["period", "opd"]
        constraints = [
            models.UniqueConstraint(
                fields=["period", "opd"],
                name="periodexception_unique",
                violation_error_message="OPD ini sudah mempunyai pengecualian pada periode tersebut.",
            )
        ]

    def __str__(self):
        return f"{self.opd} · {self.period} · sampai {formats.short_date(self.until)}"

    def clean(self):
        super().clean()
        today = timezone.localdate()
        if self.until is None or self.is_in_force(today):
            return
        if not PeriodException.objects.filter(pk=self.pk, until=self.until).exists():
            raise ValidationError(
                {"until": f"Tanggal ini sudah lewat. Tulis hari ini ({formats.date(today)}) atau sesudahnya."}
            )

    def is_in_force(self, today=None) -> bool:
        """Up to and including its last day, as days begin in Western Indonesia."""
        return (today or timezone.localdate()) <= self.until

    def warnings(self) -> list[str]:
        """What is allowed but opens nothing, as sentences."""
        state = self.period.state()
        if state == Period.State.LOCKED:
            return []
        if state == Period.State.NOT_OPEN:
            return [f"{self.period} belum dibuka, dan pengecualian untuk {self.opd} tidak membukanya lebih awal."]
        return [f"{self.period} tidak sedang dikunci, jadi pengecualian untuk {self.opd} belum diperlukan."]
