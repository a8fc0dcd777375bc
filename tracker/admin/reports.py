from django.contrib import admin

from tracker import formats
from tracker.admin.base import RecordAdmin
from tracker.admin.facts import facts_of
from tracker.admin.quarters import QuarterInline, ReportForm
from tracker.models import Report


@admin.register(Report)
class ReportAdmin(RecordAdmin):
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

    def get_readonly_fields(self, request, obj=None):
        fixed = ["activity", "period"] if obj else []
        return [*super().get_readonly_fields(request, obj), *fixed]

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not (obj and refusal(obj))

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj and (reason := refusal(obj)):
            context["refusal"] = reason
            if request.method != "POST":
                context["adminform"].form.disable()
                context |= {"show_save": False, "show_save_and_continue": False, "show_save_and_add_another": False}
        return super().render_change_form(request, context, add, change, form_url, obj)

    def save_model(self, request, obj, form, change):
        obj.stamp(request.user)
        super().save_model(request, obj, form, change)


def refusal(report) -> str:
    return report.period.refusal(report.activity.program.opd_id)
