"""Where poverty is concentrated."""

from django.db import models

from tracker.models.constraints import year_in_range
from tracker.models.history import Record
from tracker.models.reference import Village


class PovertyPocket(Record):
    year = models.PositiveSmallIntegerField("tahun")
    village = models.ForeignKey(Village, verbose_name="desa/kelurahan", on_delete=models.PROTECT)
    poor_households = models.PositiveIntegerField(
        "keluarga miskin", null=True, blank=True, help_text="Jumlah keluarga, tanpa nama."
    )
    source = models.CharField("sumber", max_length=400)
    is_sample = models.BooleanField("data contoh", default=False, editable=False)

    class Meta:
        verbose_name = "kantong kemiskinan"
        verbose_name_plural = "kantong kemiskinan"
        ordering = ["-year", "village"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "village"],
                name="povertypocket_unique",
                violation_error_message="Desa ini sudah tercatat pada tahun tersebut.",
            ),
            year_in_range("povertypocket", "year", "Tahun"),
        ]

    def __str__(self):
        return f"{self.village} ({self.year})"
