"""Programs, their sub kegiatan with money and targets, and where the work happens."""

import re

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, F, Min, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.functional import cached_property

from tracker import formats
from tracker.models.constraints import at_least_zero, between, check, not_falling, year_in_range
from tracker.models.fields import MOST_RUPIAH, PercentField, QuantityField, RupiahField
from tracker.models.history import SECRETARIAT_ONLY, Record
from tracker.models.partners import Partner
from tracker.models.reference import District, FundingSource, Opd, Priority, Strategy, Village
from tracker.models.scope import ScopedQuerySet

# SIPD codes change shape with each decree: two or four last digits, X.XX for affairs every OPD shares.
PROGRAM_CODE = re.compile(r"(\d|X)\.(\d\d|XX)\.\d\d", re.ASCII)
ACTIVITY_CODE = re.compile(r"(\d|X)\.(\d\d|XX)\.\d\d\.\d\.\d\d\.\d\d(\d\d)?", re.ASCII)

PLAN_FIELDS = ("plan_q1", "plan_q2", "plan_q3", "plan_q4")

# The condition on sub kegiatan with a report that was verified, or belongs to a locked quarter.
SETTLED = Q(reports__status="verified") | Q(reports__period__locked_at__isnull=False)


def odd_code_warning(code, pattern, example) -> list[str]:
    if not code or pattern.fullmatch(code):
        return []
    return [
        f"Kode “{code}” tidak berbentuk kode SIPD seperti {example}. Data tetap disimpan; periksa kembali kodenya."
    ]


class ProgramQuerySet(ScopedQuerySet):
    def of_year(self, year):
        return self.filter(fiscal_year=year)

    def years(self):
        """(fiscal year, number of sample programs) for every year that has programs, newest first."""
        return (
            self.order_by("-fiscal_year")
            .values_list("fiscal_year")
            .annotate(samples=Count("pk", filter=Q(is_sample=True)))
        )


class Program(Record):
    fiscal_year = models.PositiveSmallIntegerField("tahun anggaran", help_text="Empat angka, misalnya 2026.")
    opd = models.ForeignKey(
        Opd, verbose_name="OPD", on_delete=models.PROTECT, related_name="programs", help_text="OPD pengampu program."
    )
    code = models.CharField(
        "kode program", max_length=40, blank=True, help_text="Kode SIPD, misalnya 1.06.05. Kosongkan bila tidak ada."
    )
    name = models.CharField("nama program", max_length=300)
    strategy = models.ForeignKey(
        Strategy,
        verbose_name="strategi",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        help_text="Satu dari tiga strategi. Bila dikosongkan, program masuk daftar “belum dipetakan”.",
    )
    priority = models.ForeignKey(
        Priority,
        verbose_name="prioritas RKPD",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        help_text="Bila dikosongkan, program masuk daftar “belum dipetakan”.",
    )
    is_extreme_poverty = models.BooleanField(
        "penghapusan kemiskinan ekstrem (PPKE)", default=False, help_text="Centang bila program ditandai PPKE."
    )
    objective = models.TextField("tujuan", blank=True, help_text="Perubahan yang diharapkan, satu atau dua kalimat.")
    partners = models.ManyToManyField(Partner, verbose_name="mitra", blank=True)
    is_sample = models.BooleanField("data contoh", default=False, editable=False)

    _history_m2m_fields = [partners]

    opd_path = "opd"
    GUARDED = ("strategy", "priority")

    objects = ProgramQuerySet.as_manager()

    class Meta:
        verbose_name = "program"
        verbose_name_plural = "program"
        ordering = ["-fiscal_year", "opd__name", "name", "pk"]
        constraints = [year_in_range("program", "fiscal_year", "Tahun anggaran")]

    def __str__(self):
        return f"{self.name} ({self.fiscal_year})"

    def get_absolute_url(self):
        return reverse("program", args=[self.pk])

    def clean(self):
        super().clean()
        stored = Program.objects.filter(pk=self.pk).first() if self.pk else None
        moved = stored and (stored.fiscal_year, stored.opd_id) != (self.fiscal_year, self.opd_id)
        if moved and self.activities.exists():
            raise ValidationError(
                "Tahun anggaran dan OPD tidak dapat diganti karena program ini sudah mempunyai sub kegiatan. "
                "Buatlah program baru untuk tahun atau OPD lain."
            )
        # A sheet finds a program by year, OPD and code, or by name where there is no code.
        same = Program.objects.filter(fiscal_year=self.fiscal_year, opd_id=self.opd_id).exclude(pk=self.pk)
        if self.code and same.filter(code=self.code).exists():
            raise ValidationError({"code": "OPD ini sudah mempunyai program dengan kode tersebut pada tahun itu."})
        if not self.code and same.filter(code="", name=self.name).exists():
            raise ValidationError(
                {"name": "OPD ini sudah mempunyai program tanpa kode dengan nama tersebut pada tahun itu."}
            )

    def warnings(self) -> list[str]:
        return odd_code_warning(self.code, PROGRAM_CODE, "1.06.05")

    @cached_property
    def is_settled(self) -> bool:
        """Whether a report below this program was verified, or belongs to a locked quarter."""
        return self.activities.filter(SETTLED).exists()


class RegisterCounter(models.Model):
    """The last register number given out in a year. Numbers are never reused, not even after a deletion."""

    year = models.PositiveSmallIntegerField(unique=True)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "penghitung register"
        verbose_name_plural = "penghitung register"
        ordering = ["year"]

    def __str__(self):
        return f"{self.year}: {self.last}"

    @classmethod
    @transaction.atomic
    def take(cls, year, how_many=1) -> list[str]:
        """Give out `how_many` register numbers such as "2026-0143", in order."""
        cls.objects.get_or_create(year=year)
        cls.objects.filter(year=year).update(last=F("last") + how_many)
        last = cls.objects.get(year=year).last
        return [f"{year}-{number:04d}" for number in range(last - how_many + 1, last + 1)]


class ActivityQuerySet(ScopedQuerySet):
    def of_year(self, year):
        return self.filter(program__fiscal_year=year)


class Activity(Record):
    class Direction(models.TextChoices):
        UP = "up", "Naik (makin besar makin baik)"
        DOWN = "down", "Turun (makin kecil makin baik)"

    class UnitKind(models.TextChoices):
        PUSKESMAS = "puskesmas", "Puskesmas"
        POSYANDU = "posyandu", "Posyandu"
        VILLAGE = "desa", "Desa"
        SCHOOL = "sekolah", "Sekolah"
        UPT = "upt", "UPT"
        OTHER = "lainnya", "Lainnya"

    ref = models.CharField("register", max_length=12, unique=True, editable=False)
    program = models.ForeignKey(Program, verbose_name="program", on_delete=models.PROTECT, related_name="activities")
    code = models.CharField(
        "kode sub kegiatan",
        max_length=40,
        blank=True,
        help_text="Kode SIPD, misalnya 1.06.05.2.01.0001. Kosongkan untuk Dana Desa atau CSR.",
    )
    name = models.CharField("nama sub kegiatan", max_length=300)
    indicator = models.CharField(
        "indikator keluaran", max_length=300, help_text="Apa yang dihitung, misalnya jumlah keluarga yang dibantu."
    )
    unit = models.CharField("satuan", max_length=40, help_text="Misalnya KPM, orang, unit, paket, km, persen.")
    direction = models.CharField("arah", max_length=4, choices=Direction, default=Direction.UP)
    baseline = QuantityField(
        "nilai awal", null=True, blank=True, help_text="Wajib untuk arah turun: angka sebelum pekerjaan dimulai."
    )
    target = QuantityField("target", help_text="Dalam satuan di atas, untuk setahun penuh. Contoh: 1.250 atau 12,5.")
    revised_target = QuantityField(
        "target perubahan", null=True, blank=True, help_text="Sesudah APBD Perubahan. Kosongkan bila tidak berubah."
    )
    funding_source = models.ForeignKey(
        FundingSource,
        verbose_name="sumber dana",
        on_delete=models.PROTECT,
        help_text="Satu register satu sumber dana. Bila dananya dua, buat dua baris dan bagi targetnya.",
    )
    budget = RupiahField("pagu", help_text="Rupiah utuh, misalnya 1.250.000.000.")
    revised_budget = RupiahField(
        "pagu perubahan",
        null=True,
        blank=True,
        help_text="Rupiah utuh. Isi 0 bila sub kegiatan dihentikan; kosongkan bila tidak berubah.",
    )
    revision_note = models.TextField(
        "catatan perubahan", blank=True, help_text="Wajib bila target atau pagu perubahan diisi."
    )
    starts_quarter = models.PositiveSmallIntegerField(
        "mulai triwulan", choices=formats.QUARTER_NAMES, default=1, help_text="Sebelum triwulan ini tidak ditagih."
    )
    plan_q1 = PercentField("rencana fisik s.d. TW I (%)", null=True, blank=True)
    plan_q2 = PercentField("rencana fisik s.d. TW II (%)", null=True, blank=True)
    plan_q3 = PercentField("rencana fisik s.d. TW III (%)", null=True, blank=True)
    plan_q4 = PercentField("rencana fisik s.d. TW IV (%)", null=True, blank=True)
    target_group = models.CharField(
        "kelompok sasaran", max_length=200, blank=True, help_text="Kelompok, bukan nama: misalnya KPM desil 1-2."
    )
    target_beneficiaries = models.PositiveIntegerField("jumlah sasaran", null=True, blank=True)
    beneficiary_unit = models.CharField("satuan sasaran", max_length=40, blank=True, help_text="KPM, jiwa, siswa …")
    beneficiary_source = models.CharField(
        "basis data sasaran", max_length=120, blank=True, help_text="Misalnya DTSEN."
    )
    implementing_unit_kind = models.CharField("jenis unit pelaksana", max_length=12, choices=UnitKind, blank=True)
    implementing_unit = models.CharField("unit pelaksana", max_length=200, blank=True)
    is_cash_for_work = models.BooleanField("padat karya", default=False)

    opd_path = "program__opd"
    GUARDED = (
        "program",
        "direction",
        "baseline",
        "target",
        "revised_target",
        "funding_source",
        "budget",
        "revised_budget",
        "starts_quarter",
        *PLAN_FIELDS,
    )

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = "sub kegiatan"
        verbose_name_plural = "sub kegiatan"
        ordering = ["ref"]
        constraints = [
            at_least_zero("activity", "baseline", "Nilai awal"),
            at_least_zero("activity", "target", "Target"),
            at_least_zero("activity", "revised_target", "Target perubahan"),
            between("activity", "budget", 0, MOST_RUPIAH, "Pagu harus antara 0 dan seribu triliun rupiah."),
            between(
                "activity",
                "revised_budget",
                0,
                MOST_RUPIAH,
                "Pagu perubahan harus antara 0 dan seribu triliun rupiah.",
            ),
            between("activity", "starts_quarter", 1, 4, "Mulai triwulan harus 1 sampai 4."),
            *(
                between(
                    "activity", field, 0, 100, f"Rencana s.d. {formats.quarter(quarter)} harus 0 sampai 100 persen."
                )
                for quarter, field in enumerate(PLAN_FIELDS, start=1)
            ),
            check(
                "activity_plan_all_or_none",
                Q(**{f"{field}__isnull": True for field in PLAN_FIELDS})
                | Q(**{f"{field}__isnull": False for field in PLAN_FIELDS}),
                "Rencana fisik diisi untuk keempat triwulan atau dikosongkan semuanya.",
            ),
            not_falling(
                "activity",
                PLAN_FIELDS,
                "Rencana fisik bersifat kumulatif, jadi tidak boleh turun dari triwulan sebelumnya.",
            ),
            check(
                "activity_down_needs_baseline",
                Q(direction="up") | Q(baseline__isnull=False, baseline__gte=Coalesce("revised_target", "target")),
                "Untuk arah turun, nilai awal wajib diisi dan tidak boleh lebih kecil dari target yang berlaku.",
            ),
            check(
                "activity_revision_needs_note",
                Q(revised_target__isnull=True, revised_budget__isnull=True) | ~Q(revision_note=""),
                "Target atau pagu perubahan memerlukan catatan perubahan.",
            ),
        ]

    def __str__(self):
        return f"{self.ref} {self.name}" if self.ref else self.name

    def get_absolute_url(self):
        return reverse("activity", args=[self.ref])

    def clean(self):
        super().clean()
        self._refuse_a_move_to_another_opd_or_year()
        self.refuse_to_start_late()

    def refuse_to_start_late(self):
        first = self.first_quarter_reported
        if first and first < self.starts_quarter:
            name = formats.quarter(first)
            raise ValidationError(
                {
                    "starts_quarter": f"Laporan {name} {self.program.fiscal_year} sudah ada, jadi sub kegiatan ini "
                    f"mulai paling lambat {name}."
                }
            )

    def _refuse_a_move_to_another_opd_or_year(self):
        """The register number and the reports belong to a year, and the work to an OPD."""
        stored = Program.objects.filter(activities=self.pk).first() if self.pk else None
        if (
            stored
            and self.program_id
            and ((stored.fiscal_year, stored.opd_id) != (self.program.fiscal_year, self.program.opd_id))
        ):
            raise ValidationError(
                {
                    "program": f"Sub kegiatan {self.ref} hanya dapat dipindah ke program {stored.opd.short_name} "
                    f"tahun {stored.fiscal_year}. Untuk OPD atau tahun lain, buatlah sub kegiatan baru."
                }
            )

    def save(self, *args, **kwargs):
        if not self.ref:
            with transaction.atomic():
                [self.ref] = RegisterCounter.take(self.program.fiscal_year)
                super().save(*args, **kwargs)
            return
        super().save(*args, **kwargs)

    # What the rules below have to know of other rows. Whoever judges thousands of rows hands it in instead.

    @cached_property
    def is_settled(self) -> bool:
        """Whether a report of this sub kegiatan was verified, or belongs to a locked quarter."""
        return Activity.objects.filter(SETTLED, pk=self.pk).exists()

    @cached_property
    def first_quarter_reported(self) -> int | None:
        return self.reports.aggregate(first=Min("period__quarter"))["first"] if self.pk else None

    @cached_property
    def doubles(self) -> list[str]:
        """The registers of the same program with the same funding source that have this name or this code."""
        if not self.program_id:
            return []
        same = Q(name__iexact=self.name) | (Q(code=self.code) if self.code else Q())
        others = Activity.objects.filter(same, program=self.program_id, funding_source=self.funding_source_id)
        return list(others.exclude(pk=self.pk).order_by("ref").values_list("ref", flat=True))

    def refusal_to_move(self, *, by, reason) -> str:
        """Why the places may not change like this: they are guarded like the plan. Empty when they may."""
        if not self.is_settled:
            return ""
        if not by.is_secretary:
            return SECRETARIAT_ONLY
        if reason:
            return ""
        return (
            "Tulis alasan perubahan lokasi pada isian “Alasan perubahan”, karena sudah ada laporan yang "
            "diverifikasi atau dikunci."
        )

    def warnings(self) -> list[str]:
        return [*odd_code_warning(self.code, ACTIVITY_CODE, "1.06.05.2.01.0001"), *self._double_warning()]

    def _double_warning(self):
        """One register has one funding source: a second one with the same source is probably a second entry."""
        if not self.doubles:
            return []
        return [
            f"Program ini sudah mempunyai sub kegiatan dengan nama atau kode dan sumber dana yang sama: "
            f"{formats.listed(self.doubles, most=3)}. Data tetap disimpan; hapus salah satunya bila tercatat dua kali."
        ]

    @property
    def budget_in_force(self) -> int:
        return self.budget if self.revised_budget is None else self.revised_budget

    @property
    def target_in_force(self):
        return self.target if self.revised_target is None else self.revised_target


class Location(Record):
    """Where a sub kegiatan works; a sub kegiatan without locations works in the whole kabupaten."""

    activity = models.ForeignKey(
        Activity, verbose_name="sub kegiatan", on_delete=models.CASCADE, related_name="locations"
    )
    district = models.ForeignKey(District, verbose_name="kecamatan", on_delete=models.PROTECT)
    village = models.ForeignKey(
        Village,
        verbose_name="desa/kelurahan",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        help_text="Kosongkan bila mencakup seluruh kecamatan.",
    )

    opd_path = "activity__program__opd"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "lokasi"
        verbose_name_plural = "lokasi"
        ordering = ["district__name", "village__name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "district", "village"],
                name="location_unique",
                violation_error_message="Lokasi ini sudah tercatat.",
            ),
            models.UniqueConstraint(
                fields=["activity", "district"],
                condition=Q(village=None),
                name="location_district_unique",
                violation_error_message="Kecamatan ini sudah tercatat.",
            ),
        ]

    def __str__(self):
        village = (self.village.kind, self.village.name) if self.village else ()
        return formats.place(self.district.name, *village)

    def clean(self):
        super().clean()
        if self.village and self.village.district_id != self.district_id:
            raise ValidationError({"village": f"{self.village} tidak berada di kecamatan yang dipilih."})
