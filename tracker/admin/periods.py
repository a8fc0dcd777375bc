"""Reporting periods: opening a year, dates, locks and exceptions."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from tracker import formats
from tracker.admin.base import RecordAdmin, RecordTabularInline
from tracker.models import Period, PeriodException
from tracker.models.constraints import FIRST_YEAR

YEARS_AHEAD = 5


class OpenYearForm(forms.Form):
    year = forms.IntegerField(
        label="Tahun anggaran",
        min_value=FIRST_YEAR,
        error_messages={"required": "Tulis tahun anggaran dengan empat angka.", "invalid": "Tulis empat angka."},
    )

    def clean_year(self):
        year, last = self.cleaned_data["year"], timezone.localdate().year + YEARS_AHEAD
        if year > last:
            raise forms.ValidationError(f"Tahun anggaran paling jauh {last}.")
        return year


class PeriodExceptionInline(RecordTabularInline):
    model = PeriodException
    fields = ["opd", "reason", "until"]
    autocomplete_fields = ["opd"]


@admin.register(Period)
class PeriodAdmin(RecordAdmin):
    list_display = ["name", "state", "opens", "due", "reports"]
    list_filter = [("fiscal_year", admin.AllValuesFieldListFilter)]
    fieldsets = [
        (None, {"fields": [("fiscal_year", "quarter"), "opens_on", "due_on"]}),
        (
            "Kunci",
            {
                "classes": ["collapse"],
                "fields": ["locked_at", "lock_reason", "locked_by"],
                "description": "Sesudah dikunci, laporan triwulan ini tidak dapat diubah lagi, "
                "kecuali oleh OPD yang mendapat pengecualian di bawah.",
            },
        ),
    ]
    readonly_fields = ["locked_by"]
    inlines = [PeriodExceptionInline]
    change_list_template = "admin/periods.html"

    @admin.display(description="triwulan", ordering="quarter")
    def name(self, period):
        return str(period)

    @admin.display(description="keadaan")
    def state(self, period):
        return period.state().label

    @admin.display(description="dibuka", ordering="opens_on")
    def opens(self, period):
        return formats.short_date(period.opens_on)

    @admin.display(description="tenggat", ordering="due_on")
    def due(self, period):
        return formats.short_date(period.due_on)

    @admin.display(description="laporan", ordering="report_count")
    def reports(self, period):
        return formats.number(period.report_count)

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(report_count=Count("reports"))

    def get_readonly_fields(self, request, obj=None):
        fixed = ["fiscal_year", "quarter"] if obj else []
        return [*super().get_readonly_fields(request, obj), *fixed]

    def save_model(self, request, obj, form, change):
        if "locked_at" in form.changed_data:
            obj.locked_by = request.user if obj.locked_at else None
        super().save_model(request, obj, form, change)

    def get_urls(self):
        view = self.admin_site.admin_view(require_POST(self.open_year))
        return [path("buka-tahun/", view, name="tracker_period_open_year"), *super().get_urls()]

    def changelist_view(self, request, extra_context=None):
        form = OpenYearForm(initial={"year": timezone.localdate().year})
        return super().changelist_view(request, {"open_year_form": form, **(extra_context or {})})

    def open_year(self, request):
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = OpenYearForm(request.POST)
        if form.is_valid():
            year = form.cleaned_data["year"]
            opened = Period.objects.open_year(year, user=request.user)
            names = formats.listed([formats.quarter(period.quarter) for period in opened], most=4)
            said = f"Tahun anggaran {year} dibuka: {names}." if opened else f"Tahun anggaran {year} sudah dibuka."
            self.message_user(request, said, messages.SUCCESS if opened else messages.INFO)
        else:
            for error in form.errors["year"]:
                self.message_user(request, error, messages.ERROR)
        return HttpResponseRedirect(reverse("admin:tracker_period_changelist"))
