"""Uploaded sheets and what became of them, and how the columns of foreign sheets were understood."""

import datetime

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from tracker.models.history import MOST_SOURCE, Record
from tracker.models.reference import User
from tracker.models.scope import NOTHING


class Sheet(models.TextChoices):
    """The two kinds of rows that come as a sheet; the value is the slug of the table that leaves as one."""

    PROGRAM = "program", "Program dan sub kegiatan"
    REPORTS = "realisasi", "Realisasi triwulan"


class ColumnMappingQuerySet(models.QuerySet):
    def removable_by(self, user):
        """A person's own ones; the Sekretariat's are all of them."""
        return self if user.is_secretary else self.filter(made_by=user)


class ColumnMapping(Record):
    """How the columns of a foreign sheet are understood, kept for the next file of that shape."""

    name = models.CharField("nama susunan", max_length=80, unique=True)
    sheet = models.CharField("lembar", max_length=12, choices=Sheet)
    headings = models.CharField("judul kolom", max_length=64, editable=False)  # a digest of them, in their order
    layout = models.JSONField("susunan")
    made_by = models.ForeignKey(
        User, verbose_name="dibuat oleh", on_delete=models.SET_NULL, null=True, related_name="+", editable=False
    )

    objects = ColumnMappingQuerySet.as_manager()

    class Meta:
        verbose_name = "susunan kolom"
        verbose_name_plural = "susunan kolom"
        ordering = ["name"]

    def __str__(self):
        return self.name


class ImportBatchQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What a person uploaded; the Sekretariat sees everybody's. Rows of a file are nobody else's to read."""
        if not user.is_authenticated or not user.is_active:
            return self.filter(NOTHING)
        return self.filter(Q() if user.is_secretary else Q(uploaded_by=user))

    def stale(self):
        """Read and never applied: after some weeks nobody comes back to them."""
        return self.filter(
            state=ImportBatch.State.READ, uploaded_at__lt=timezone.now() - ImportBatch.KEPT_WITHOUT_APPLYING
        )


class ImportBatch(models.Model):
    """One uploaded file: its rows as read, who uploaded it and when, and the outcome of each row once applied."""

    class State(models.TextChoices):
        READ = "read", "Belum diterapkan"
        APPLIED = "applied", "Diterapkan"
        CANCELLED = "cancelled", "Dibatalkan"

    KEPT_WITHOUT_APPLYING = datetime.timedelta(days=30)

    file_name = models.CharField("berkas", max_length=MOST_SOURCE)
    sheet = models.CharField("lembar", max_length=12, choices=Sheet, blank=True)
    worksheets = models.JSONField("lembar kerja")  # [{"name": …, "rows": …}], in the order of the file
    rows = models.BinaryField("baris")  # packed by imports/sheets.py
    layout = models.JSONField("susunan", null=True)  # a Layout; None until the columns are understood
    state = models.CharField("keadaan", max_length=10, choices=State, default=State.READ)
    uploaded_by = models.ForeignKey(User, verbose_name="diunggah oleh", on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField("diunggah pada", default=timezone.now)
    applied_by = models.ForeignKey(
        User, verbose_name="diterapkan oleh", on_delete=models.PROTECT, null=True, related_name="+"
    )
    applied_at = models.DateTimeField("diterapkan pada", null=True)
    counts = models.JSONField("jumlah", default=dict)  # lines by outcome, once applied
    outcomes = models.JSONField("hasil per baris", default=list)  # [[line, outcome, register], …], once applied

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        verbose_name = "impor"
        verbose_name_plural = "impor"
        ordering = ["-uploaded_at", "-pk"]

    def __str__(self):
        return self.file_name

    def get_absolute_url(self):
        return reverse("import", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state == self.State.READ
