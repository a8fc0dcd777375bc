"""Programs, their sub kegiatan, and where these happen."""

import datetime
from copy import copy

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import PAGE_VAR
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator

from tracker import formats
from tracker.admin.base import GoOnAdmin, ReasonedAdmin, RecordTabularInline, is_own, locked
from tracker.admin.editable_lists import EditableList
from tracker.admin.facts import lines_of
from tracker.admin.forms import ReasonedForm, TabularFormSet
from tracker.admin.lists import EmptyProgramFilter, MappedFilter, MissingReportFilter, ProgramMappedFilter, number_of
from tracker.admin.quarters import QuarterInline
from tracker.models import Activity, Location, Program, Report, Strategy

SAVE_AND_NEXT = "_next"
# So soon after one another, the same entries are one press of the button that was sent twice.
RESENT_WITHIN = datetime.timedelta(minutes=2)


@admin.register(Program)
class ProgramAdmin(EditableList, GoOnAdmin, ReasonedAdmin):
    list_display = ["name", "year", "opd_name", "strategy", "priority", "activities", "sample"]
    list_editable = ["strategy", "priority"]
    read_only_columns = {"strategy": "strategy_name", "priority": "priority_code"}
    empty_choice = "belum dipetakan"
    list_filter = [
        ("fiscal_year", admin.AllValuesFieldListFilter),
        MappedFilter,
        EmptyProgramFilter,
        ("opd", admin.RelatedOnlyFieldListFilter),
        ("strategy", admin.RelatedOnlyFieldListFilter),
        ("priority", admin.RelatedOnlyFieldListFilter),
        "is_extreme_poverty",
    ]
    list_select_related = ["opd", "strategy", "priority"]
    search_fields = ["name", "code", "opd__name", "opd__short_name", "opd__aliases"]
    autocomplete_fields = ["opd", "partners"]
    change_form_template = "admin/program_form.html"
    fieldsets = [
        (
            None,
            {
                "fields": ["fiscal_year", "opd", "name", "code"],
                "description": "Tahun anggaran dan OPD tetap sesudah program ini mempunyai sub kegiatan.",
            },
        ),
        (
            "Pemetaan",
            {
                "fields": ["strategy", "priority", "is_extreme_poverty"],
                "description": "Menentukan di halaman strategi dan prioritas mana program ini dihitung.",
            },
        ),
        ("Keterangan", {"classes": ["collapse"], "fields": ["objective", "partners"]}),
    ]

    @admin.display(description="tahun", ordering="fiscal_year")
    def year(self, program):
        return str(program.fiscal_year)

    @admin.display(description="OPD", ordering="opd__short_name")
    def opd_name(self, program):
        return program.opd.short_name

    @admin.display(description="strategi", ordering="strategy__number")
    def strategy_name(self, program):
        return self.label_of_choice(program.strategy) if program.strategy else self.empty_choice

    @admin.display(description="prioritas RKPD", ordering="priority")
    def priority_code(self, program):
        return program.priority.code if program.priority else self.empty_choice

    @admin.display(description="sub kegiatan", ordering="activity_count")
    def activities(self, program):
        return formats.number(program.activity_count)

    @admin.display(description="keterangan", ordering="is_sample")
    def sample(self, program):
        return "contoh" if program.is_sample else ""

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(activity_count=number_of(Activity.objects, "program"))

    def label_of_choice(self, record):
        return f"{record.number}. {record.short_name}" if isinstance(record, Strategy) else Truncator(record).chars(60)

    def get_readonly_fields(self, request, obj=None):
        fixed = ["fiscal_year", "opd"] if obj and obj.activities.exists() else []
        return [*super().get_readonly_fields(request, obj), *fixed]

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj:
            context["lines"] = lines = lines_of(obj)
            context["budget"] = sum(line.activity.budget_in_force for line in lines)
        return super().render_change_form(request, context, add, change, form_url, obj)


class ActivityForm(ReasonedForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk and "program" in self.fields:
            # The register number and the reports belong to a year, and the work to an OPD.
            program = self.instance.program
            field = self.fields["program"]
            field.widget = forms.Select()
            field.queryset = Program.objects.filter(fiscal_year=program.fiscal_year, opd=program.opd_id)
            field.help_text = "Dapat dipindah ke program lain dari OPD dan tahun yang sama."


class LocationFormSet(TabularFormSet):
    """Places of a sub kegiatan with settled figures: for the Sekretariat, with the reason of the whole form."""

    def clean(self):
        super().clean()
        moved = [form for form in self.forms if form.has_changed() or self._should_delete_form(form)]
        if not moved or not self.instance.pk:
            return
        reason = self.data.get("history_change_reason", "").strip()
        if refusal := self.instance.refusal_to_move(by=self.form.user, reason=reason):
            raise ValidationError(refusal)
        for form in moved:
            form.instance._change_reason = reason or None


class LocationInline(RecordTabularInline):
    model = Location
    formset = LocationFormSet
    fields = ["district", "village"]
    autocomplete_fields = ["village"]
    verbose_name_plural = "lokasi (kosong berarti tingkat kabupaten)"
    extra = 1

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("district", "village__district")


@admin.register(Activity)
class ActivityAdmin(GoOnAdmin, ReasonedAdmin):
    form = ActivityForm
    list_display = ["register", "name", "program_name", "opd", "budget_shown", "reports", "sample"]
    list_display_links = ["register", "name"]
    list_filter = [
        ("program__fiscal_year", admin.AllValuesFieldListFilter),
        MissingReportFilter,
        ProgramMappedFilter,
        ("program__opd", admin.RelatedOnlyFieldListFilter),
        ("program__strategy", admin.RelatedOnlyFieldListFilter),
        ("program__priority", admin.RelatedOnlyFieldListFilter),
        ("funding_source", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = ["program__opd"]
    search_fields = ["ref", "name", "code", "program__name", "program__opd__name", "program__opd__short_name"]
    autocomplete_fields = ["program"]
    readonly_fields = ["register"]
    change_form_template = "admin/activity_form.html"
    fieldsets = [
        (None, {"fields": ["register", "program", "name", "code"]}),
        (
            "Apa yang dihitung",
            {
                "fields": ["indicator", "unit", "direction", "baseline", "target"],
                "description": "Satu indikator keluaran, satu satuan. Realisasi tiap triwulan memakai satuan ini.",
            },
        ),
        (
            "Uang",
            {
                "fields": ["funding_source", "budget"],
                "description": "Pagu dari APBD murni. Pagu sesudah perubahan ditulis pada bagian Perubahan.",
            },
        ),
        (
            "Rencana fisik per triwulan",
            {
                "fields": [("plan_q1", "plan_q2", "plan_q3", "plan_q4"), "starts_quarter"],
                "description": "Persen kumulatif, keempatnya atau tidak sama sekali. "
                "Bila kosong dipakai 25, 50, 75, dan 100 persen.",
            },
        ),
        (
            "Perubahan target atau pagu (APBD Perubahan)",
            {
                "classes": ["collapse"],
                "fields": ["revised_target", "revised_budget", "revision_note"],
                "description": "Angka semula tetap tersimpan; yang berlaku adalah angka perubahan bila diisi.",
            },
        ),
        (
            "Sasaran dan pelaksana",
            {
                "classes": ["collapse"],
                "fields": [
                    "target_group",
                    ("target_beneficiaries", "beneficiary_unit"),
                    "beneficiary_source",
                    ("implementing_unit_kind", "implementing_unit"),
                    "is_cash_for_work",
                ],
                "description": "Jumlah dan kelompok saja; nama dan NIK penerima tidak dicatat.",
            },
        ),
    ]

    @admin.display(description="register", ordering="ref")
    def register(self, activity):
        return activity.ref or "Diberikan saat disimpan"

    @admin.display(description="program", ordering="program__name")
    def program_name(self, activity):
        return activity.program.name

    @admin.display(description="OPD", ordering="program__opd__short_name")
    def opd(self, activity):
        return activity.program.opd.short_name

    @admin.display(description="pagu berlaku", ordering=Coalesce("revised_budget", "budget"))
    def budget_shown(self, activity):
        return formats.full_rupiah(activity.budget_in_force)

    @admin.display(description="laporan", ordering="report_count")
    def reports(self, activity):
        return formats.number(activity.report_count)

    @admin.display(description="keterangan", ordering=F("program__is_sample"))
    def sample(self, activity):
        return "contoh" if activity.program.is_sample else ""

    def get_queryset(self, request):
        return (
            super()
            .get_queryset(request)
            .select_related("program__opd")
            .annotate(report_count=number_of(Report.objects, "activity"))
        )

    def get_inlines(self, request, obj):
        """The quarters are forms to write in; whoever only reads finds them on the page of the sub kegiatan."""
        writes = obj and is_own(request.user, obj) and self.has_change_permission(request, obj)
        return [LocationInline, QuarterInline] if writes else [LocationInline]

    def add_view(self, request, form_url="", extra_context=None):
        if request.method != "POST" or not self.has_add_permission(request):
            return super().add_view(request, form_url, extra_context)
        with transaction.atomic():
            earlier = self.just_added(request)
            if not earlier:
                return super().add_view(request, form_url, extra_context)
        said = f"Sub kegiatan ini baru saja disimpan sebagai {earlier.ref}, jadi tidak disimpan sekali lagi."
        self.message_user(request, said, messages.WARNING)
        return self.redirect(request, reverse("admin:tracker_activity_change", args=[earlier.pk]))

    def just_added(self, request) -> Activity | None:
        """The sub kegiatan that the same person has just made of the same entries."""
        form = self.get_form(request)(request.POST)
        if not form.is_valid():
            return None
        activity = form.instance
        # Of two presses at once, the second waits here until the first is saved.
        locked(Program.objects.filter(pk=activity.program_id)).first()
        added = Activity.history.filter(
            history_type="+", history_user=request.user, history_date__gte=timezone.now() - RESENT_WITHIN
        )
        return Activity.objects.filter(
            pk__in=added.values("id"),
            program=activity.program_id,
            code=activity.code,
            name=activity.name,
            funding_source=activity.funding_source_id,
            budget=activity.budget,
            target=activity.target,
        ).first()

    def response_change(self, request, obj):
        if SAVE_AND_NEXT not in request.POST:
            return super().response_change(request, obj)
        following = self.next_after(request, obj)
        if following:
            said = f"{obj} sudah disimpan. Berikutnya: {following}."
            url = reverse("admin:tracker_activity_change", args=[following.pk])
        else:
            said = f"{obj} sudah disimpan. Tidak ada sub kegiatan berikutnya."
            url = reverse("admin:tracker_activity_changelist")
        self.message_user(request, said, messages.SUCCESS)
        return self.redirect(request, url)

    def next_after(self, request, activity) -> Activity | None:
        """The next register of the list the person came from; else the next of this program, then of this OPD."""
        if filters := request.GET.get("_changelist_filters"):
            return self.in_list(request, filters).filter(ref__gt=activity.ref).order_by("ref").first()
        program = activity.program
        of_opd = Activity.objects.filter(program__opd=program.opd_id, program__fiscal_year=program.fiscal_year)
        in_order = iter(of_opd.select_related("program").order_by("program__name", "program_id", "ref"))
        return next((next(in_order, None) for other in in_order if other == activity), None)

    def in_list(self, request, filters):
        """The rows of the list with these filters, on all its pages."""
        asked = copy(request)
        asked.GET = QueryDict(filters, mutable=True)
        asked.GET.pop(PAGE_VAR, None)
        try:
            return self.get_changelist_instance(asked).queryset
        except IncorrectLookupParameters:
            return self.get_queryset(request)

    def save_formset(self, request, form, formset, change):
        if formset.model is Report:
            for quarter in formset.forms:
                quarter.instance.stamp(request.user)
        super().save_formset(request, form, formset, change)
