"""Sidebar filters that ask what a clerk asks: which are not mapped, which are empty, which have not reported."""

import datetime

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from tracker import formats
from tracker.models import Activity, Period, Report

UNMAPPED = Q(strategy=None) | Q(priority=None)


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


def due_without_report(year, quarter):
    """The condition on sub kegiatan: of this year, begun, not stopped, and without a report at this quarter."""
    reported = Report.objects.filter(activity=OuterRef("pk"), period__quarter=quarter)
    begun = Q(program__fiscal_year=year, starts_quarter__lte=quarter)
    running = Q(revised_budget=None) | Q(revised_budget__gt=0)
    return begun & running & ~Exists(reported)


def latest_ended_quarter(today: datetime.date | None = None) -> tuple[int, int]:
    """The year and number of the last quarter that is over."""
    today = today or timezone.localdate()
    ended = [quarter for quarter in (1, 2, 3, 4) if formats.quarter_end(today.year, quarter) < today]
    return (today.year, ended[-1]) if ended else (today.year - 1, 4)
