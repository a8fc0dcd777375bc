"""Columns and sidebar filters of lists: how many, which are not mapped, which are empty, which have not reported."""

from django.contrib import admin
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from tracker.models import Activity, Period
from tracker.workplace import UNMAPPED, due_without_report


def number_of(rows, field):
    """A column with how many of these rows point here; a sub-query, so that a list counts only what it shows."""
    rows = rows.filter(**{field: OuterRef("pk")}).order_by().values(field).annotate(number=Count("pk"))
    return Coalesce(Subquery(rows.values("number")), 0)


class QuestionFilter(admin.SimpleListFilter):
    """Yes, no, or everything. `condition` is what holds for yes."""

    yes, no = "Ya", "Tidak"
    condition: Q | Exists

    def lookups(self, request, model_admin):
        return [("ya", self.yes), ("tidak", self.no)]

    def queryset(self, request, queryset):
        if self.value() == "ya":
            return queryset.filter(self.condition)
        return queryset.exclude(self.condition) if self.value() == "tidak" else queryset


class MappedFilter(QuestionFilter):
    title = "pemetaan"
    parameter_name = "belum_dipetakan"
    yes, no = "Belum dipetakan", "Sudah dipetakan"
    condition = UNMAPPED


class ProgramMappedFilter(MappedFilter):
    condition = Q(program__strategy=None) | Q(program__priority=None)


class EmptyProgramFilter(QuestionFilter):
    title = "sub kegiatan"
    parameter_name = "kosong"
    yes, no = "Belum punya sub kegiatan", "Sudah punya"
    condition = ~Exists(Activity.objects.filter(program=OuterRef("pk")))


class UnverifiedFilter(QuestionFilter):
    title = "nama"
    parameter_name = "belum_diverifikasi"
    yes, no = "Belum diverifikasi", "Sudah diverifikasi"
    condition = Q(is_verified=False)


class MissingReportFilter(admin.SimpleListFilter):
    """Sub kegiatan from which a report is due at a quarter and that have none, draft or not."""

    title = "belum ada laporan"
    parameter_name = "tanpa_laporan"

    def lookups(self, request, model_admin):
        opened = Period.objects.filter(opens_on__lte=timezone.localdate()).order_by("-fiscal_year", "-quarter")[:8]
        return [(f"{period.fiscal_year}-{period.quarter}", str(period)) for period in opened]

    def queryset(self, request, queryset):
        if self.value() not in dict(self.lookup_choices):
            return queryset
        year, quarter = map(int, self.value().split("-"))
        return queryset.filter(due_without_report(year, quarter))
