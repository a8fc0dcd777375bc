"""What programs are sorted by: OPDs, strategies, priorities, places, money, classes."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.functional import cached_property

from tracker.models.constraints import between, year_in_range
from tracker.models.history import Record
from tracker.models.scope import Role, ScopedQuerySet


class Opd(Record):
    class Kind(models.TextChoices):
        DINAS = "dinas", "Dinas"
        BADAN = "badan", "Badan"
        SEKRETARIAT = "sekretariat", "Sekretariat"
        INSPEKTORAT = "inspektorat", "Inspektorat"
        SATUAN = "satuan", "Satuan"
        KECAMATAN = "kecamatan", "Kecamatan"
        KELURAHAN = "kelurahan", "Kelurahan"
        RSUD = "rsud", "Rumah sakit daerah"
        UPT = "upt", "Unit pelaksana teknis"
        LAINNYA = "lainnya", "Lainnya"

    code = models.CharField("kode", max_length=40, blank=True, help_text="Kode perangkat daerah di SIPD, bila ada.")
    name = models.CharField("nama lengkap", max_length=200)
    short_name = models.CharField(
        "nama singkat", max_length=60, unique=True, help_text="Dipakai di tabel dan berkas, misalnya Dinsos."
    )
    aliases = models.CharField(
        "nama lain",
        max_length=400,
        blank=True,
        help_text="Nama lama atau sebutan lain, dipisah tanda | . Bila OPD berganti nama, simpan nama lama di sini.",
    )
    kind = models.CharField("jenis", max_length=20, choices=Kind, default=Kind.DINAS)
    is_active = models.BooleanField(
        "aktif", default=True, help_text="Hapus centang bila OPD sudah digabung atau dibubarkan."
    )
    is_verified = models.BooleanField(
        "nama sudah diverifikasi", default=False, help_text="Centang bila nama sudah dicocokkan dengan perda."
    )
    source = models.CharField("sumber", max_length=400, blank=True)

    opd_path = "pk"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "OPD"
        verbose_name_plural = "OPD"
        ordering = ["name", "pk"]

    def __str__(self):
        return self.name


class User(Record, AbstractUser):
    opd = models.ForeignKey(
        Opd,
        verbose_name="OPD",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        help_text="OPD tempat operator bekerja. Kosongkan untuk Sekretariat, verifikator, dan pimpinan.",
    )
    is_sample = models.BooleanField("akun contoh", default=False, editable=False)
    must_change_password = models.BooleanField("harus mengganti kata sandi", default=False, editable=False)

    class Meta(AbstractUser.Meta):
        verbose_name = "pengguna"
        verbose_name_plural = "pengguna"
        ordering = ["username"]

    def __str__(self):
        return self.get_full_name() or self.username

    def save(self, *args, update_fields=None, **kwargs):
        if update_fields is not None and set(update_fields) == {"last_login"}:
            # Signing in changes nothing that anybody would look up later.
            User.objects.filter(pk=self.pk).update(last_login=self.last_login)
            return
        super().save(*args, update_fields=update_fields, **kwargs)

    @cached_property
    def roles(self) -> frozenset[str]:
        """The roles of this person, read once per request: a role taken away is gone at the next one."""
        return frozenset(self.groups.values_list("name", flat=True)) if self.pk else frozenset()

    @property
    def is_secretary(self) -> bool:
        """A superuser is a Sekretariat, bound by the same rules."""
        return self.is_superuser or Role.SECRETARIAT in self.roles

    @property
    def is_verifier(self) -> bool:
        return Role.VERIFIER in self.roles

    @property
    def is_operator(self) -> bool:
        """Enters the figures of the own OPD; without an OPD there is nothing to enter."""
        return self.opd_id is not None and Role.OPERATOR in self.roles

    @property
    def enters_figures(self) -> bool:
        """In forms, and as sheets."""
        return self.is_operator or self.is_secretary


class Strategy(Record):
    number = models.PositiveSmallIntegerField("nomor", unique=True)
    name = models.CharField("nama", max_length=200)
    short_name = models.CharField("nama singkat", max_length=60)
    description = models.TextField("penjelasan", blank=True)
    source = models.CharField("sumber", max_length=400, blank=True)

    class Meta:
        verbose_name = "strategi"
        verbose_name_plural = "strategi"
        ordering = ["number"]
        constraints = [between("strategy", "number", 1, 3, "Hanya ada strategi 1 sampai 3.")]

    def __str__(self):
        return f"{self.number}. {self.name}"


class Priority(Record):
    rkpd_year = models.PositiveSmallIntegerField("tahun RKPD", help_text="Empat angka, misalnya 2021.")
    number = models.PositiveSmallIntegerField("nomor", help_text="Nomor urut prioritas dalam RKPD tahun itu.")
    name = models.CharField("nama", max_length=200)
    description = models.TextField("penjelasan", blank=True)
    source = models.CharField("sumber", max_length=400, blank=True)

    class Meta:
        verbose_name = "prioritas RKPD"
        verbose_name_plural = "prioritas RKPD"
        ordering = ["-rkpd_year", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["rkpd_year", "number"],
                name="priority_unique",
                violation_error_message="Nomor prioritas ini sudah ada pada tahun RKPD tersebut.",
            ),
            year_in_range("priority", "rkpd_year", "Tahun RKPD"),
            between("priority", "number", 1, 99, "Nomor prioritas harus antara 1 dan 99."),
        ]

    def __str__(self):
        return f"{self.code} {self.name}"

    @property
    def code(self) -> str:
        """The priority as files and addresses write it: "2021-1"."""
        return f"{self.rkpd_year}-{self.number}"


class FundingSource(Record):
    code = models.CharField("kode", max_length=20, unique=True)
    name = models.CharField("nama", max_length=120)
    group = models.CharField("kelompok", max_length=60)
    in_apbd = models.BooleanField(
        "masuk APBD kabupaten",
        default=True,
        help_text="Uang di luar APBD kabupaten selalu disebut terpisah di halaman.",
    )
    source = models.CharField("sumber", max_length=400, blank=True)

    class Meta:
        verbose_name = "sumber dana"
        verbose_name_plural = "sumber dana"
        ordering = ["-in_apbd", "name"]

    def __str__(self):
        return self.name


class District(Record):
    code = models.CharField("kode Kemendagri", max_length=13, unique=True)
    name = models.CharField("nama", max_length=80)
    aliases = models.CharField("nama lain", max_length=200, blank=True, help_text="Ejaan lain, dipisah tanda | .")
    tile_row = models.PositiveSmallIntegerField("baris petak", null=True, blank=True)
    tile_column = models.PositiveSmallIntegerField("kolom petak", null=True, blank=True)
    source = models.CharField("sumber", max_length=400, blank=True)

    class Meta:
        verbose_name = "kecamatan"
        verbose_name_plural = "kecamatan"
        ordering = ["name"]

    def __str__(self):
        return self.name


class Village(Record):
    class Kind(models.TextChoices):
        DESA = "desa", "Desa"
        KELURAHAN = "kelurahan", "Kelurahan"

    code = models.CharField("kode Kemendagri", max_length=13, unique=True)
    district = models.ForeignKey(District, verbose_name="kecamatan", on_delete=models.PROTECT, related_name="villages")
    name = models.CharField("nama", max_length=80)
    kind = models.CharField("jenis", max_length=10, choices=Kind, default=Kind.DESA)
    source = models.CharField("sumber", max_length=400, blank=True)

    class Meta:
        verbose_name = "desa/kelurahan"
        verbose_name_plural = "desa/kelurahan"
        ordering = ["district__name", "name"]

    def __str__(self):
        # Forty-one names of Lahat occur in several kecamatan: a village is never named alone.
        return f"{self.get_kind_display()} {self.name}, Kec. {self.district.name}"


class RatingBand(Record):
    """One class of Permendagri 86/2017; a ratio belongs to the band with the highest lower bound it reaches."""

    class Status(models.TextChoices):
        ON_TRACK = "on_track", "Sesuai rencana"
        ATTENTION = "attention", "Perlu perhatian"
        LATE = "late", "Terlambat"

    name = models.CharField("predikat", max_length=40, unique=True)
    lower_bound = models.PositiveSmallIntegerField("batas bawah (%)", unique=True)
    status = models.CharField("status", max_length=10, choices=Status)
    legal_basis = models.CharField("dasar hukum", max_length=200)
    source = models.CharField("sumber", max_length=400, blank=True)

    class Meta:
        verbose_name = "predikat kinerja"
        verbose_name_plural = "predikat kinerja"
        ordering = ["-lower_bound"]
        constraints = [
            between("ratingband", "lower_bound", 0, 1000, "Batas bawah harus antara 0 dan 1000."),
        ]

    def __str__(self):
        return self.name


class ObstacleCategory(Record):
    name = models.CharField("nama", max_length=60, unique=True)
    source = models.CharField("sumber", max_length=400, blank=True)

    class Meta:
        verbose_name = "kategori kendala"
        verbose_name_plural = "kategori kendala"
        ordering = ["name"]

    def __str__(self):
        return self.name
