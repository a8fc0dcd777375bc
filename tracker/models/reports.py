"""Quarterly reports: what was done and spent up to the end of a quarter."""

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property

from tracker import formats
from tracker.models.constraints import at_least_zero, between, check
from tracker.models.fields import MOST_RUPIAH, PercentField, QuantityField, RupiahField
from tracker.models.history import Record, refuse_hidden_or_private
from tracker.models.periods import Period
from tracker.models.programs import Activity
from tracker.models.reference import ObstacleCategory, User
from tracker.models.scope import ScopedQuerySet, may_write, opd_of, public_or_own


class ReportQuerySet(ScopedQuerySet):
    def of_year(self, year):
        return self.filter(period__fiscal_year=year)

    def counted(self, *, verified_only=False):
        """Reports whose figures count: submitted or verified, or only the verified ones."""
        return self.filter(status__in=[Report.Status.VERIFIED] if verified_only else Report.COUNTED)

    def visible_to(self, user):
        """Counted reports are everybody's to read; drafts and returned ones the own OPD's and those who verify."""
        counted = Q(status__in=Report.COUNTED)
        return self.filter(public_or_own(user, public=counted, opd_path=Report.opd_path))

    def drafts(self):
        return self.filter(status=Report.Status.DRAFT)

    def entered_by(self, user) -> set[int]:
        """The keys of those with figures or texts, now or before, that came from this person, or their submission."""
        found = set(self.filter(submitted_by=user).values_list("pk", flat=True))
        touched = Report.history.filter(history_user=user, id__in=self.values("pk")).values("id")
        entries = Report.history.filter(id__in=touched).order_by("id", "history_date", "history_id")
        attnames = [Report._meta.get_field(name).attname for name in Report.ENTERED]
        last = {}
        for key, who, *entered in entries.values_list("id", "history_user", *attnames):
            if who == user.pk and entered != last.get(key):
                found.add(key)
            last[key] = entered
        return found

    def waiting(self):
        """Submitted and not yet looked at, the longest waiting first."""
        return self.filter(status=Report.Status.SUBMITTED).order_by("submitted_at", "pk")


class Report(Record):
    class Status(models.TextChoices):
        DRAFT = "draft", "Draf"
        SUBMITTED = "submitted", "Diajukan"
        VERIFIED = "verified", "Diverifikasi"
        RETURNED = "returned", "Dikembalikan"

    COUNTED = (Status.SUBMITTED, Status.VERIFIED)
    # The states a person who enters figures may choose, by the present one. Verifying and returning are steps of
    # their own; an edit of a verified or returned report submits it again.
    CHOICES_FROM = {
        None: (Status.DRAFT, Status.SUBMITTED),
        Status.DRAFT: (Status.DRAFT, Status.SUBMITTED),
        Status.SUBMITTED: (Status.SUBMITTED, Status.DRAFT),
        Status.RETURNED: (Status.RETURNED, Status.SUBMITTED, Status.DRAFT),
        Status.VERIFIED: (Status.VERIFIED,),
    }
    SUBMITTED_AGAIN = (Status.VERIFIED, Status.RETURNED)
    # What people enter, in the order of the form.
    ENTERED = (
        "realised_budget",
        "realised_output",
        "physical_percent",
        "beneficiaries",
        "local_workers",
        "obstacle_category",
        "obstacle",
        "follow_up",
        "follow_up_owner",
        "follow_up_due",
        "evidence_url",
    )

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

    opd_path = "activity__program__opd"

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = "laporan triwulan"
        verbose_name_plural = "laporan triwulan"
        ordering = ["activity", "period__fiscal_year", "period__quarter"]
        permissions = [("verify_report", "Boleh memverifikasi laporan triwulan")]
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
        self.refuse_a_quarter_out_of_place()
        self.refuse_closed_periods()

    def refuse_a_quarter_out_of_place(self):
        """One of another year, or before the work begins."""
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

    def refuse_closed_periods(self):
        """Look at the quarter the row was in as well, so that nothing can be moved out of a closed one.

        Inside a transaction nobody can lock these quarters until it ends, whatever was read before.
        """
        stored = Report.objects.select_related("activity__program").filter(pk=self.pk).first()
        reports = list(filter(None, (stored, self)))
        periods = Period.objects.filter(pk__in={report.period_id for report in reports}).order_by("pk")
        if transaction.get_connection().in_atomic_block:
            periods = periods.select_for_update(no_key=True)
        periods = {period.pk: period for period in periods}
        for report in reports:
            if refusal := periods[report.period_id].refusal(report.activity.program.opd_id):
                raise ValidationError(refusal, code="locked")

    # What the rules below have to know of other rows. Whoever judges thousands of rows hands it in instead.

    @cached_property
    def is_explained(self) -> bool:
        """Whether somebody gave a reason for these figures before."""
        return self.history.filter(history_change_reason__gt="").exists()

    @cached_property
    def counted_others(self) -> list["Report"]:
        """The counted reports of the same sub kegiatan in other quarters, in their order."""
        others = Report.objects.filter(activity=self.activity_id).exclude(pk=self.pk).counted()
        return list(others.select_related("period").order_by("period__quarter"))

    def warnings(self) -> list[str]:
        """What is allowed but looks wrong, as sentences."""
        budget = self.activity.budget_in_force
        if self.realised_budget <= budget:
            return []
        return [
            f"{self}: realisasi {formats.full_rupiah(self.realised_budget)} melebihi pagu "
            f"{formats.full_rupiah(budget)}. Data tetap disimpan; periksa kembali angkanya."
        ]

    def refusals(self, before, *, by, reason) -> dict[str, str]:
        self._submit_again(before)
        return super().refusals(before, by=by, reason=reason)

    def _submit_again(self, before):
        """New figures in a verified or returned report are judged anew, unless another state was chosen for them."""
        is_left = before and self.status == before.status and self.status in self.SUBMITTED_AGAIN
        if is_left and self.differences(before, self.ENTERED):
            self.status = self.Status.SUBMITTED

    def reasons_asked(self, before) -> list[str]:
        clauses = []
        if before and self.differences(before, self.ENTERED):
            if before.status == self.Status.VERIFIED:
                clauses.append("laporan ini sudah diverifikasi")
            if self.period.locked_at:
                clauses.append(f"{self.period} sudah dikunci")
        return clauses + self.falls(before)

    def falls(self, before=None) -> list[str]:
        """Which cumulative figures fall from one counted quarter to the next by this change, as clauses.

        A figure that stays as it was asks nothing again, unless its report begins to count without any reason given.
        """
        figures = ("realised_budget", "realised_output", "physical_percent")
        begins = self.status in self.COUNTED and (before is None or before.status not in self.COUNTED)
        if before is not None:
            is_unexplained = begins and not self.is_explained
            figures = figures if is_unexplained else self.differences(before, figures)
        earlier = [report for report in self.counted_others if report.period.quarter < self.period.quarter][-1:]
        later = [report for report in self.counted_others if report.period.quarter > self.period.quarter][:1]
        pairs = [(report, self) for report in earlier] + [(self, report) for report in later]
        return [
            clause for name in figures for first, second in pairs if (clause := self._fall_of(name, first, second))
        ]

    def _fall_of(self, name, first, second) -> str:
        """How one figure falls from the report `first` to `second`; empty when it does not."""
        old, new = getattr(first, name), getattr(second, name)
        if old is None or new is None:
            return ""
        is_down = name == "realised_output" and self.activity.direction == Activity.Direction.DOWN
        if not (new > old if is_down else new < old):
            return ""
        label = self._meta.get_field(name).verbose_name
        show = formats.full_rupiah if name == "realised_budget" else formats.number
        than = "lebih besar daripada" if is_down else "lebih kecil daripada"
        return f"{label} {second.period} ({show(new)}) {than} {first.period} ({show(old)})"

    def stamp(self, user):
        """Note who submitted or verified, and when, as the status now says. The first submission stays."""
        now = timezone.now()
        if self.status == self.Status.DRAFT:
            self.submitted_at = self.submitted_by = None
        elif self.status == self.Status.SUBMITTED and self.submitted_at is None:
            self.submitted_at, self.submitted_by = now, user
        if self.status != self.Status.VERIFIED:
            self.verified_at = self.verified_by = None
        elif self.verified_at is None:
            self.verified_at, self.verified_by = now, user
        if self.status in self.COUNTED:
            self.return_note = ""

    # The steps between the states. Each is judged, stamped and saved, or raises ValidationError and changes nothing.

    def submit(self, *, by):
        self._refuse_who_may_not_write(by)
        self._refuse_unless((self.Status.DRAFT, self.Status.RETURNED), "diajukan")
        self.refuse_closed_periods()
        if not self.is_explained and (clauses := self.falls()):
            raise ValidationError(
                f"{self}: {'; '.join(clauses)}. Bukalah laporan ini, tulis alasan perubahannya, lalu ajukan."
            )
        self._become(self.Status.SUBMITTED, by)

    def withdraw(self, *, by):
        self._refuse_who_may_not_write(by)
        self._refuse_unless((self.Status.SUBMITTED,), "ditarik menjadi Draf")
        self.refuse_closed_periods()
        self._become(self.Status.DRAFT, by)

    def verify(self, *, by):
        if refusal := self.refusal_to_verify(by):
            raise ValidationError(refusal)
        self.refuse_closed_periods()
        self._become(self.Status.VERIFIED, by)

    def send_back(self, note, *, by):
        """Return the report to its OPD; `note` says what to correct."""
        self._refuse_who_may_not_judge(by)
        self._refuse_unless(self.COUNTED, "dikembalikan")
        note = note.strip()
        if not note:
            raise ValidationError("Tulis catatan pengembalian: apa yang harus diperbaiki OPD.")
        refuse_hidden_or_private(note)
        self.refuse_closed_periods()
        self.return_note = note
        self._become(self.Status.RETURNED, by, reason=note)

    def refusal_to_verify(self, user) -> str:
        """Why this person may not verify this report now; empty when he may."""
        try:
            self._refuse_who_may_not_judge(user)
            self._refuse_unless((self.Status.SUBMITTED,), "diverifikasi")
        except ValidationError as error:
            return error.messages[0]
        if user.opd_id and user.opd_id == opd_of(self):
            return f"{self} adalah laporan OPD Anda sendiri, jadi diverifikasi orang lain."
        if Report.objects.filter(pk=self.pk).entered_by(user):
            return f"{self} Anda isi sendiri, jadi diverifikasi orang lain."
        return ""

    def _become(self, status, by, *, reason=""):
        self.status = status
        self.stamp(by)
        self._history_user, self._change_reason = by, reason or None
        self.save()

    def _refuse_who_may_not_write(self, user):
        if not may_write(user, self):
            raise ValidationError(f"{self} hanya dapat diubah oleh OPD-nya sendiri atau Sekretariat TKPK.")

    def _refuse_who_may_not_judge(self, user):
        if not (user.is_verifier or user.is_secretary):
            raise ValidationError("Laporan hanya dapat diverifikasi atau dikembalikan oleh Verifikator.")

    def _refuse_unless(self, statuses, action):
        if self.status not in statuses:
            raise ValidationError(f"{self} berstatus {self.get_status_display()}, jadi tidak dapat {action}.")

    @property
    def key(self) -> str:
        """The report as addresses of the API write it: "2025-0143-3"."""
        return f"{self.activity.ref}-{self.period.quarter}"

    @property
    def is_late(self) -> bool:
        """Submitted after the due date of its period (in Western Indonesian time)."""
        return self.submitted_at is not None and timezone.localdate(self.submitted_at) > self.period.due_on
