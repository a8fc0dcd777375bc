"""The stakeholders beside the OPDs."""

from django.db import models

from tracker.models.history import Record


class Partner(Record):
    class Kind(models.TextChoices):
        ACADEMIA = "akademisi", "Akademisi"
        BUSINESS = "swasta", "Dunia usaha"
        MEDIA = "media", "Media"
        COMMUNITY = "masyarakat", "Masyarakat"
        BAZNAS = "baznas", "Baznas"
        CENTRAL_AGENCY = "vertikal", "Instansi vertikal"

    name = models.CharField("nama", max_length=200, unique=True)
    kind = models.CharField("jenis", max_length=20, choices=Kind)

    class Meta:
        verbose_name = "mitra"
        verbose_name_plural = "mitra"
        ordering = ["name"]

    def __str__(self):
        return self.name
