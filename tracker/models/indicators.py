"""Macro indicators: what the programs are for. Values come from published sources, one unit per indicator."""

from django.db import models
from django.db.models import Q

from tracker.models.constraints import between, finite, year_in_range
from tracker.models.fields import QuantityField
from tracker.models.history import Record


class Indicator(Record):
    class Direction(models.TextChoices):
        UP = "up", "Naik (makin besar makin baik)"
        DOWN = "down", "Turun (makin kecil makin baik)"

    name = models.CharField("nama", max_length=200, unique=True)
    unit = models.CharField(
        "satuan", max_length=40, help_text="Satu satuan untuk semua nilainya, misalnya persen, jiwa."
    )
    direction = models.CharField("arah", max_length=4, choices=Direction, default=Direction.DOWN)
    agency = models.CharField("instansi penerbit", max_length=120)
    source = models.CharField("sumber", max_length=400, blank=True)

    class Meta:
        verbose_name = "indikator makro"
        verbose_name_plural = "indikator makro"
        ordering = ["pk"]

    def __str__(self):
        return f"{self.name} ({self.unit})"


class IndicatorValue(Record):
    indicator = models.ForeignKey(Indicator, verbose_name="indikator", on_delete=models.CASCADE, related_name="values")
    region = models.CharField("wilayah", max_length=80, help_text="Misalnya Kabupaten Lahat atau Indonesia.")
    year = models.PositiveSmallIntegerField("tahun")
    month = models.PositiveSmallIntegerField("bulan", null=True, blank=True, help_text="1-12; kosongkan bila setahun.")
    value = QuantityField("nilai", validators=[])
    source = models.CharField("sumber", max_length=400)
    is_verified = models.BooleanField("sudah diverifikasi", default=False)
    note = models.CharField("catatan", max_length=400, blank=True)

    class Meta:
        verbose_name = "nilai indikator"
        verbose_name_plural = "nilai indikator"
        ordering = ["region", "year", "month", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "region", "year", "month"],
                name="indicatorvalue_unique",
                violation_error_message="Nilai untuk wilayah, tahun, dan bulan ini sudah ada.",
            ),
            models.UniqueConstraint(
                fields=["indicator", "region", "year"],
                condition=Q(month=None),
                name="indicatorvalue_year_unique",
                violation_error_message="Nilai tahunan untuk wilayah dan tahun ini sudah ada.",
            ),
            finite("indicatorvalue", "value", "Nilai"),
            year_in_range("indicatorvalue", "year", "Tahun"),
            between("indicatorvalue", "month", 1, 12, "Bulan harus 1 sampai 12."),
        ]

    def __str__(self):
        return f"{self.region} {self.year}"


class IndicatorTarget(Record):
    indicator = models.ForeignKey(
        Indicator, verbose_name="indikator", on_delete=models.CASCADE, related_name="targets"
    )
    year = models.PositiveSmallIntegerField("tahun")
    value = QuantityField("target", validators=[])
    document = models.CharField(
        "dokumen", max_length=200, help_text="Dokumen yang menetapkan, misalnya RPD 2024-2026."
    )
    is_derived = models.BooleanField(
        "turunan", default=False, help_text="Centang bila dihitung sendiri, bukan dari tabel resmi."
    )
    source = models.CharField("sumber", max_length=400, blank=True)

    class Meta:
        verbose_name = "target indikator"
        verbose_name_plural = "target indikator"
        ordering = ["year", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "year"],
                name="indicatortarget_unique",
                violation_error_message="Target tahun ini sudah ada.",
            ),
            finite("indicatortarget", "value", "Target"),
            year_in_range("indicatortarget", "year", "Tahun"),
        ]

    def __str__(self):
        return str(self.year)
