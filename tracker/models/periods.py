"""Reporting periods: when a quarter opens, when it is due, and whether it is locked."""

import datetime

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from tracker import formats
from tracker.models.constraints import between, check, year_in_range
from tracker.models.history import Record, create_many
from tracker.models.reference import Opd, User


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
    def ends_on(self) -> datetime.date:
        return formats.quarter_end(self.fiscal_year, self.quarter)

    def state(self, today=None) -> "Period.State":
        today = today or timezone.localdate()
        if self.locked_at:
            return self.State.LOCKED
        if today < self.opens_on:
            return self.State.NOT_OPEN
        return self.State.OVERDUE if today > self.due_on else self.State.OPEN

    def refusal(self, opd, today=None) -> str:
        """Why a report of this OPD may not be written in this period now; empty when it may."""
        today = today or timezone.localdate()
        state = self.state(today)
        if state == self.State.NOT_OPEN:
            return f"{self} belum dibuka. Laporan dapat diisi mulai {formats.date(self.opens_on)}."
        if state == self.State.LOCKED and not self.exceptions.filter(opd=opd, until__gte=today).exists():
            who = f" oleh {self.locked_by}" if self.locked_by else ""
            reason = f" Alasan: {self.lock_reason}." if self.lock_reason else ""
            return (
                f"{self} sudah dikunci{who} pada {formats.date(timezone.localdate(self.locked_at))}.{reason} "
                "Mintalah Sekretariat TKPK membukanya untuk OPD ini."
            )
        return ""


class PeriodException(Record):
    """Reopens a locked quarter for one OPD until a date; expires by comparison."""

    period = models.ForeignKey(Period, verbose_name="periode", on_delete=models.CASCADE, related_name="exceptions")
    opd = models.ForeignKey(Opd, verbose_name="OPD", on_delete=models.PROTECT)
    reason = models.CharField("alasan", max_length=300)
    until = models.DateField("berlaku sampai", help_text="Hari terakhir OPD ini boleh mengubah laporannya.")

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
