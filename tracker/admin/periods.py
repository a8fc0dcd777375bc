"""Reporting periods: opening a year, carrying one over, dates, locks and exceptions."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from tracker import carrying_over, formats
from tracker.admin.base import RecordAdmin, RecordTabularInline
from tracker.admin.forms import ShortNumberFormField
from tracker.admin.lists import number_of
from tracker.models import Period, PeriodException, Program, Report
from tracker.models.constraints import FIRST_YEAR
from tracker.workplace import list_of

YEARS_AHEAD = 5


class YearForm(forms.Form):
    year = ShortNumberFormField(
        label="Tahun anggaran",
        min_value=FIRST_YEAR,
        error_messages={"required": "Tulis tahun anggaran dengan empat angka.", "invalid": "Tulis empat angka."},
    )

    def clean_year(self):
        year, last = self.cleaned_data["year"], timezone.localdate().year + YEARS_AHEAD
        if year > last:
            raise forms.ValidationError(f"Tahun anggaran paling jauh {last}.")
        return year


class CarryOverForm(YearForm):
    """The year before goes into `year`, as the preview with this fingerprint showed it."""

    seen = forms.CharField(max_length=64, required=False)

    def plan(self, *, for_writing=False) -> carrying_over.Plan:
        year = self.cleaned_data["year"]
        return carrying_over.plan_for(from_year=year - 1, to_year=year, for_writing=for_writing)


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
        return super().get_queryset(request).annotate(report_count=number_of(Report, "period"))

    def get_readonly_fields(self, request, obj=None):
        fixed = ["fiscal_year", "quarter"] if obj else []
        return [*super().get_readonly_fields(request, obj), *fixed]

    def save_model(self, request, obj, form, change):
        if "locked_at" in form.changed_data:
            obj.locked_by = request.user if obj.locked_at else None
        super().save_model(request, obj, form, change)

    def get_urls(self):
        opening, copying = map(self.admin_site.admin_view, (require_POST(self.open_year), self.carry_over))
        return [
            path("buka-tahun/", opening, name="tracker_period_open_year"),
            path("salin-tahun/", copying, name="tracker_period_carry_over"),
            *super().get_urls(),
        ]

    def changelist_view(self, request, extra_context=None):
        newest = Program.objects.years().first()
        forms = {
            "open_year_form": YearForm(initial={"year": timezone.localdate().year}, auto_id="buka_%s"),
            "carry_over_form": newest and CarryOverForm(initial={"year": newest[0] + 1}, auto_id="salin_%s"),
        }
        return super().changelist_view(request, forms | (extra_context or {}))

    def open_year(self, request):
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = YearForm(request.POST)
        if not form.is_valid():
            return self.back(request, form)
        year = form.cleaned_data["year"]
        opened = Period.objects.open_year(year, user=request.user)
        names = formats.listed([formats.quarter(period.quarter) for period in opened], most=4)
        said = f"Tahun anggaran {year} dibuka: {names}." if opened else f"Tahun anggaran {year} sudah dibuka."
        self.message_user(request, said, messages.SUCCESS if opened else messages.INFO)
        return self.back(request)

    def carry_over(self, request):
        """Shows what would be copied; a POST copies it, provided that it is still what the person saw."""
        if not request.user.is_superuser:
            raise PermissionDenied
        is_confirmed = request.method == "POST"
        form = CarryOverForm(request.POST if is_confirmed else request.GET)
        if not form.is_valid():
            return self.back(request, form)
        with transaction.atomic():
            plan = form.plan(for_writing=is_confirmed)
            if is_confirmed and plan.fingerprint == form.cleaned_data["seen"]:
                return self.carried_over(request, carrying_over.carry_out(plan, user=request.user), plan.to_year)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"Salin program {plan.from_year} ke tahun anggaran {plan.to_year}",
            "plan": plan,
            "counts": plan.counts,
            "quarters": formats.listed(map(formats.quarter, plan.missing_quarters), most=4),
            "is_outdated": is_confirmed,
        }
        return TemplateResponse(request, "admin/carry_over.html", context)

    def carried_over(self, request, carried, year):
        said = (
            f"Disalin ke tahun anggaran {year}: {formats.number(carried.programs)} program, "
            f"{formats.number(carried.activities)} sub kegiatan, {formats.number(carried.locations)} lokasi."
        )
        self.message_user(request, said, messages.SUCCESS)
        return HttpResponseRedirect(list_of("program", f"fiscal_year={year}"))

    def back(self, request, form=None):
        """To the list, with what is wrong with the form."""
        for error in form.errors.get("year", ()) if form else ():
            self.message_user(request, error, messages.ERROR)
        return HttpResponseRedirect(reverse("admin:tracker_period_changelist"))
