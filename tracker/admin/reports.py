from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from tracker import formats
from tracker.admin.base import ReasonedAdmin, locked
from tracker.admin.facts import facts_of
from tracker.admin.quarters import QuarterInline, ReportForm
from tracker.admin.reviews import ReviewSteps
from tracker.models import Period, Report

DRAFT, SUBMITTED, VERIFIED = Report.Status.DRAFT, Report.Status.SUBMITTED, Report.Status.VERIFIED
# What saves the form, by the present state: the state it leads to, its words, whether it is the usual next step.
BUTTONS = {
    None: [(DRAFT, "Simpan sebagai draf", False), (SUBMITTED, "Simpan dan ajukan", True)],
    DRAFT: [(DRAFT, "Simpan draf", False), (SUBMITTED, "Simpan dan ajukan", True)],
    SUBMITTED: [(SUBMITTED, "Simpan perubahan", True), (DRAFT, "Tarik menjadi draf", False)],
    Report.Status.RETURNED: [(DRAFT, "Simpan sebagai draf", False), (SUBMITTED, "Ajukan kembali", True)],
    VERIFIED: [(VERIFIED, "Simpan perubahan dan ajukan lagi", True)],
}
MOST_REFUSALS = 20


@admin.register(Report)
class ReportAdmin(ReviewSteps, ReasonedAdmin):
    form = ReportForm
    list_display = ["register", "name", "opd", "quarter", "spent", "output", "status", "sample"]
    list_display_links = ["register", "name"]
    list_filter = [
        ("period__fiscal_year", admin.AllValuesFieldListFilter),
        "period__quarter",
        "status",
        ("activity__program__opd", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = ["activity__program__opd", "period"]
    search_fields = ["activity__ref", "activity__name", "activity__program__name"]
    autocomplete_fields = ["activity"]
    readonly_fields = ["facts"]
    change_form_template = "admin/report_form.html"
    actions = ["submit_selected", "verify_selected"]
    fieldsets = [
        (None, {"fields": ["activity", "period"]}),
        ("Angka s.d. akhir triwulan", QuarterInline.fieldsets[0][1]),
    ]

    @admin.display(description="register", ordering="activity__ref")
    def register(self, report):
        return report.activity.ref

    @admin.display(description="sub kegiatan", ordering="activity__name")
    def name(self, report):
        return report.activity.name

    @admin.display(description="OPD", ordering="activity__program__opd__short_name")
    def opd(self, report):
        return report.activity.program.opd.short_name

    @admin.display(description="triwulan", ordering="period")
    def quarter(self, report):
        return str(report.period)

    @admin.display(description="realisasi anggaran", ordering="realised_budget")
    def spent(self, report):
        return formats.full_rupiah(report.realised_budget)

    @admin.display(description="realisasi keluaran", ordering="realised_output")
    def output(self, report):
        return f"{formats.number(report.realised_output)} {report.activity.unit}"

    @admin.display(description="keterangan")
    def sample(self, report):
        return "contoh" if report.activity.program.is_sample else ""

    @admin.display(description="Pembanding")
    def facts(self, report):
        if not report or not report.pk:
            return "Pembanding tampil sesudah laporan disimpan."
        return facts_of(report.activity)[report.period.quarter].beside(report)

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("activity__program__opd", "period")

    def get_form(self, request, obj=None, change=False, **kwargs):
        """The state is chosen by the button that saves."""
        return super().get_form(request, obj, change=change, widgets={"status": forms.HiddenInput}, **kwargs)

    def get_object(self, request, object_id, from_field=None):
        """While writing, with the quarter as it is now: nobody can lock it before this is done."""
        report = super().get_object(request, object_id, from_field)
        if request.method == "POST" and transaction.get_connection().in_atomic_block:
            report.period = locked(Period.objects).get(pk=report.period_id)
        return report

    def page_for_reading(self, request, record):
        may_verify = self.has_verify_permission(request)
        return reverse("admin:tracker_report_review", args=[record.pk]) if may_verify else None

    def get_readonly_fields(self, request, obj=None):
        fixed = ["activity", "period"] if obj else []
        return [*super().get_readonly_fields(request, obj), *fixed]

    def has_delete_permission(self, request, obj=None):
        """What counts is withdrawn or returned first, so that no figure vanishes in one step."""
        if obj and (obj.status in Report.COUNTED or refusal(obj)):
            return False
        return super().has_delete_permission(request, obj)

    def has_verify_permission(self, request):
        return request.user.has_perm("tracker.verify_report")

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj and (reason := refusal(obj)):
            context["refusal"] = reason
            if request.method != "POST":
                context["adminform"].form.disable()
                context |= {"show_save": False, "show_save_and_continue": False, "show_save_and_add_another": False}
        context["buttons"] = BUTTONS[obj.status if obj else None]
        return super().render_change_form(request, context, add, change, form_url, obj)

    def save_model(self, request, obj, form, change):
        obj.stamp(request.user)
        super().save_model(request, obj, form, change)

    @admin.action(description="Ajukan laporan terpilih", permissions=["change"])
    def submit_selected(self, request, queryset):
        steps = Report.objects.editable_by(request.user).filter(pk__in=queryset.values("pk"))
        self.tell(request, "diajukan", carried_out(steps, lambda report: report.submit(by=request.user)))

    @admin.action(description="Verifikasi laporan terpilih", permissions=["verify"])
    def verify_selected(self, request, queryset):
        self.tell(request, "diverifikasi", carried_out(queryset, lambda report: report.verify(by=request.user)))

    def tell(self, request, what, outcome):
        done, refused = outcome
        if done:
            self.message_user(request, f"{formats.number(len(done))} laporan {what}.", messages.SUCCESS)
        for sentence in refused[:MOST_REFUSALS]:
            self.message_user(request, sentence, messages.WARNING)
        if len(refused) > MOST_REFUSALS:
            rest = formats.number(len(refused) - MOST_REFUSALS)
            self.message_user(request, f"Dan {rest} laporan lain tidak {what}.", messages.WARNING)
        if not done and not refused:
            self.message_user(request, f"Tidak ada laporan yang dapat {what}.", messages.WARNING)


def refusal(report) -> str:
    return report.period.refusal(report.activity.program.opd_id)


def carried_out(reports, step) -> tuple[list[Report], list[str]]:
    """The reports for which `step` worked, and a sentence for each of the others. One at a time, each wholly."""
    done, refused = [], []
    for pk in reports.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            report = locked(Report.objects.select_related("activity__program", "period")).filter(pk=pk).first()
            if report is None:
                continue  # somebody has just deleted it
            try:
                step(report)
            except ValidationError as error:
                refused.extend(error.messages)
            else:
                done.append(report)
    return done, refused
