"""Quarterly reports: what was done and spent up to the end of a quarter."""

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from tracker import formats
from tracker.models.constraints import at_least_zero, between, check
from tracker.models.fields import MOST_RUPIAH, PercentField, QuantityField, RupiahField
from tracker.models.history import Record
from tracker.models.periods import Period
from tracker.models.programs import Activity
from tracker.models.reference import ObstacleCategory, User
from tracker.models.scope import public_or_own


class ReportQuerySet(models.QuerySet):
    def of_year(self, year):
        return self.filter(period__fiscal_year=year)

    def counted(self, *, verified_only=False):
        """Reports whose figures count: submitted or verified, or only the verified ones."""
        return self.filter(status__in=[Report.Status.VERIFIED] if verified_only else Report.COUNTED)

    def visible_to(self, user):
        """Counted reports are everybody's to read; drafts and returned ones the own OPD's and the Sekretariat's."""
        counted = Q(status__in=Report.COUNTED)
        return self.filter(public_or_own(user, public=counted, opd_path="activity__program__opd"))


class Report(Record):
    class Status(models.TextChoices):
        DRAFT = "draft", "Draf"
        SUBMITTED = "submitted", "Diajukan"
        VERIFIED = "verified", "Diverifikasi"
        RETURNED = "returned", "Dikembalikan"

    COUNTED = (Status.SUBMITTED, Status.VERIFIED)

    activity = models.ForeignKey(
        Activity, verbose_name="sub kegiatan", on_delete=models.PROTECT, related_name="reports"
    )
    period = models.ForeignKey(Period, verbose_name="triwulan", on_delete=models.PROTECT, related_name="reports")
    realised_budget = RupiahField(
        "realisasi anggaran", help_text="Rupiah utuh, kumulatif sejak Januari s.d. akhir triwulan ini."
    )
    realised_output = QuantityField(
        "realisasi keluaran", help_text="Dalam satuan indikator, kumulatif s.d. akhir triwulan ini."
    )
    physical_percent = PercentField(
        "fisik (%)",
        null=True,
        blank=True,
        help_text="0 sampai 100. Isi hanya bila kemajuan fisik tidak terbaca dari keluaran, misalnya pekerjaan jalan.",
    )
    beneficiaries = models.PositiveIntegerField(
        "penerima manfaat", null=True, blank=True, help_text="Jumlah kumulatif, tanpa nama."
    )
    local_workers = models.PositiveIntegerField("tenaga kerja lokal", null=True, blank=True, help_text="Jumlah orang.")
    obstacle_category = models.ForeignKey(
        ObstacleCategory, verbose_name="kategori kendala", on_delete=models.PROTECT, null=True, blank=True
    )
    obstacle = models.TextField("kendala", blank=True, help_text="Apa yang menghambat, satu atau dua kalimat.")
    follow_up = models.TextField(
        "tindak lanjut", blank=True, help_text="Mulai dengan kata kerja: Tetapkan, Terbitkan …"
    )
    follow_up_owner = models.CharField(
        "penanggung jawab", max_length=200, blank=True, help_text="Jabatan, bukan nama orang."
    )
    follow_up_due = models.DateField("tenggat tindak lanjut", null=True, blank=True, help_text="Contoh: 31-10-2026.")
    evidence_url = models.URLField(
        "tautan bukti", max_length=500, blank=True, validators=[URLValidator(schemes=["http", "https"])]
    )
    status = models.CharField("status", max_length=10, choices=Status, default=Status.DRAFT)
    return_note = models.TextField("catatan pengembalian", blank=True)
    submitted_at = models.DateTimeField("diajukan pada", null=True, blank=True, editable=False)
    submitted_by = models.ForeignKey(
        User,
        verbose_name="diajukan oleh",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )
    verified_at = models.DateTimeField("diverifikasi pada", null=True, blank=True, editable=False)
    verified_by = models.ForeignKey(
        User,
        verbose_name="diverifikasi oleh",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = "laporan triwulan"
        verbose_name_plural = "laporan triwulan"
        ordering = ["activity", "period__fiscal_year", "period__quarter"]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "period"],
                name="report_unique",
                violation_error_message="Sub kegiatan ini sudah mempunyai laporan pada triwulan tersebut.",
            ),
            between(
                "report",
                "realised_budget",
                0,
                MOST_RUPIAH,
                "Realisasi anggaran harus antara 0 dan seribu triliun rupiah.",
            ),
            at_least_zero("report", "realised_output", "Realisasi keluaran"),
            between("report", "physical_percent", 0, 100, "Fisik harus 0 sampai 100 persen."),
            check(
                "report_return_needs_note",
                ~Q(status="returned") | ~Q(return_note=""),
                "Laporan yang dikembalikan memerlukan catatan.",
            ),
        ]

    def __str__(self):
        return f"{self.activity.ref} · {self.period}"

    def clean(self):
        super().clean()
        if self.activity_id is None or self.period_id is None:
            return
        program = self.activity.program
        if self.period.fiscal_year != program.fiscal_year:
            raise ValidationError(
                {"period": f"{self.period} bukan triwulan tahun anggaran {program.fiscal_year}, tahun program ini."}
            )
        if self.period.quarter < self.activity.starts_quarter:
            raise ValidationError(
                f"Sub kegiatan ini mulai {formats.quarter(self.activity.starts_quarter)}. "
                "Bila pekerjaan sudah berjalan, ubah dulu isian “mulai triwulan” pada sub kegiatan."
            )
        self._refuse_closed_periods()

    def _refuse_closed_periods(self):
        """Look at the quarter the row was in as well, so that nothing can be moved out of a closed one."""
        stored = Report.objects.select_related("period", "activity__program").filter(pk=self.pk).first()
        for report in filter(None, (stored, self)):
            if refusal := report.period.refusal(report.activity.program.opd_id):
                raise ValidationError(refusal, code="locked")

    def warnings(self) -> list[str]:
        """What is allowed but looks wrong, as sentences."""
        found = []
        budget = self.activity.budget_in_force
        if self.realised_budget > budget:
            found.append(
                f"{self}: realisasi {formats.full_rupiah(self.realised_budget)} melebihi pagu "
                f"{formats.full_rupiah(budget)}. Data tetap disimpan; periksa kembali angkanya."
            )
        before = (
            Report.objects.filter(activity=self.activity_id, period__quarter__lt=self.period.quarter)
            .counted()
            .order_by("-period__quarter")
            .select_related("period")
            .first()
        )
        if before and self.realised_budget < before.realised_budget:
            found.append(
                f"{self}: realisasi anggaran {formats.full_rupiah(self.realised_budget)} lebih kecil daripada "
                f"{before.period} ({formats.full_rupiah(before.realised_budget)}). "
                "Angka ditulis kumulatif sejak Januari."
            )
        return found

    def stamp(self, user):
        """Note who submitted or verified, and when, as the status now says."""
        now = timezone.now()
        if self.status == self.Status.SUBMITTED and self.submitted_at is None:
            self.submitted_at, self.submitted_by = now, user
        if self.status == self.Status.VERIFIED and self.verified_at is None:
            self.verified_at, self.verified_by = now, user

    @property
    def is_late(self) -> bool:
        """Submitted after the due date of its period (in Western Indonesian time)."""
        return self.submitted_at is not None and timezone.localdate(self.submitted_at) > self.period.due_on
