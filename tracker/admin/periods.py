"""Reporting periods: opening a year, carrying one over, dates, locks and exceptions."""

from functools import partial

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from tracker import carrying_over, formats, values
from tracker.admin.base import RecordAdmin, RecordTabularInline, locked
from tracker.admin.lists import number_of
from tracker.admin.period_steps import STEPS, StepForm, standings, together
from tracker.form_fields import ShortNumberFormField
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
    template = "admin/edit_inline/period_exceptions.html"
    fields = ["opd", "reason", "until", "force"]
    readonly_fields = ["force"]
    autocomplete_fields = ["opd"]

    @admin.display(description="keadaan")
    def force(self, exception):
        if exception.pk is None:
            return ""
        return "berlaku" if exception.is_in_force() else "sudah berakhir"


@admin.register(Period)
class PeriodAdmin(RecordAdmin):
    list_display = ["name", "state", "opens", "due", "lock", "why", "reports"]
    list_filter = [("fiscal_year", admin.AllValuesFieldListFilter)]
    list_select_related = ["locked_by"]
    fieldsets = [(None, {"fields": [("fiscal_year", "quarter"), "opens_on", "due_on"]})]
    inlines = [PeriodExceptionInline]
    change_list_template = "admin/periods.html"
    change_form_template = "admin/period_form.html"

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

    @admin.display(description="dikunci", ordering="locked_at")
    def lock(self, period):
        if not period.locked_at:
            return ""
        return f"{values.moment(period.locked_at)}, oleh {period.locked_by or 'sistem'}"

    @admin.display(description="alasan penguncian")
    def why(self, period):
        return period.lock_reason

    @admin.display(description="laporan", ordering="report_count")
    def reports(self, period):
        return formats.number(period.report_count)

    def get_queryset(self, request):
        readable = Report.objects.visible_to(request.user)
        return super().get_queryset(request).annotate(report_count=number_of(readable, "period"))

    def get_readonly_fields(self, request, obj=None):
        fixed = ["fiscal_year", "quarter"] if obj else []
        return [*super().get_readonly_fields(request, obj), *fixed]

    def get_urls(self):
        opening, copying = map(self.admin_site.admin_view, (require_POST(self.open_year), self.carry_over))
        return [
            path("buka-tahun/", opening, name="tracker_period_open_year"),
            path("salin-tahun/", copying, name="tracker_period_carry_over"),
            *(
                path(
                    f"<int:key>/{step.slug}/",
                    self.admin_site.admin_view(partial(self.take_step, step=step)),
                    name=step.url_name,
                )
                for step in STEPS
            ),
            *super().get_urls(),
        ]

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj and request.user.is_secretary:
            context["steps"] = [step for step in STEPS if not step.refusal(obj)]
        return super().render_change_form(request, context, add, change, form_url, obj)

    def take_step(self, request, key, step):
        """Shows how far the reports of the quarter are; a POST takes the step, provided that nothing has changed."""
        if not request.user.is_secretary:
            raise PermissionDenied
        if request.method != "POST":
            period = get_object_or_404(Period, pk=key)
            if refusal := step.refusal(period):
                return self.back_to_form(request, period, refusal, messages.WARNING)
            return self.step_page(request, step, StepForm(instance=period))
        with transaction.atomic():
            period = get_object_or_404(locked(Period.objects.all()), pk=key)
            if refusal := step.refusal(period):
                return self.back_to_form(request, period, refusal, messages.WARNING)
            form = StepForm(request.POST, instance=period)
            if not form.is_valid() or not form.take(step, by=request.user):
                return self.step_page(request, step, form)
        return self.back_to_form(request, period, step.done.format(period), messages.SUCCESS)

    def step_page(self, request, step, form):
        period = form.instance
        by_opd = standings(period)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": step.title.format(period),
            "step": step,
            "period": period,
            "form": form,
            "all": together(by_opd),
            "incomplete": [standing for standing in by_opd if not standing.is_complete],
            "exceptions": [each for each in period.exceptions.select_related("opd") if each.is_in_force()],
            "today": timezone.localdate(),
            "preserved_filters": self.get_preserved_filters(request),
        }
        return TemplateResponse(request, step.template, context)

    def back_to_form(self, request, period, said, level):
        self.message_user(request, said, level)
        return self.redirect(request, reverse("admin:tracker_period_change", args=[period.pk]))

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
        if not request.user.is_secretary:
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
