"""The four quarters of a sub kegiatan inside its form: one form per period, in order, whether reported or not."""

from django.utils import timezone
from django.utils.functional import cached_property

from tracker.admin.base import RecordStackedInline
from tracker.admin.facts import facts_of
from tracker.admin.forms import ReasonedForm, RecordFormSet
from tracker.models import Period, Report

NOT_FIGURES = {"status", "version", "history_change_reason"}


class ReportForm(ReasonedForm):
    """The figures of a quarter. Verifying and returning are steps of their own, whatever is posted here."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        present = None if self.instance._state.adding else self.instance.status
        if present is None:
            self.initial["status"] = Report.Status.SUBMITTED
        if "status" in self.fields:
            status = self.fields["status"]
            status.choices = [(choice.value, choice.label) for choice in Report.CHOICES_FROM[present]]
            status.help_text = "Yang dihitung di halaman hanya Diajukan dan Diverifikasi. Draf belum dihitung."
            if present in Report.SUBMITTED_AGAIN:
                status.help_text = "Bila isian di atas diubah, laporan ini menjadi Diajukan lagi."

    def disable(self):
        for field in self.fields.values():
            field.disabled = True


class QuarterForm(ReportForm):
    period = None  # the empty form that Django makes for its own script has none
    refusal = ""  # why this quarter cannot be written now
    is_current = False  # the quarter one is most likely to write

    def has_changed(self):
        """An empty quarter for which only the state was chosen stays empty."""
        changed = set(self.changed_data)
        return bool(changed - NOT_FIGURES if self.instance._state.adding else changed)

    @property
    def is_unfolded(self) -> bool:
        return bool(self.is_bound and self.errors) or self.is_current or self.is_returned

    @property
    def is_returned(self) -> bool:
        return self.instance.status == Report.Status.RETURNED

    @property
    def is_stored(self) -> bool:
        return self.instance.pk is not None


class QuarterFormSet(RecordFormSet):
    """One form for each period of the year. Rows belong to periods by their place, never by what was posted."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        program = self.instance.program
        self.opd = program.opd_id
        self.periods = list(Period.objects.of_year(program.fiscal_year).order_by("quarter"))
        self.reports = {report.period_id: report for report in self.get_queryset()}
        self.facts = facts_of(self.instance)

    def initial_form_count(self):
        return 0

    def total_form_count(self):
        return len(self.periods)

    def add_prefix(self, index):
        """By quarter, so that a form means the same quarter when it comes back."""
        return f"{self.prefix}-{index if index == '__prefix__' else self.periods[index].quarter}"

    def name_of_row(self, index):
        return str(self.periods[index])

    def anchor_of_row(self, index):
        return f"{self.add_prefix(index)}-fields"

    def add_fields(self, form, index):
        super().add_fields(form, index)
        del form.fields[self._pk_field.name]

    def _construct_form(self, i, **kwargs):
        period, prefix = self.periods[i], self.add_prefix(i)
        report = self.reports.get(period.pk)
        line = self.facts[period.quarter].line(period, report)
        if report is None or self._was_left_empty(prefix):
            report = Report(status=Report.Status.SUBMITTED)
        report.activity, report.period = self.instance, period
        form = super()._construct_form(i, instance=report, **kwargs)
        form.period, form.line = period, line
        form.refusal = period.refusal(self.opd)
        form.is_current = period == self.current_period
        if form.refusal and not self._was_posted(prefix):
            # Browsers do not send disabled fields. What is sent all the same meets the refusal of the model.
            form.disable()
        report.facts = self.facts[period.quarter]
        return form

    @cached_property
    def current_period(self):
        """The latest quarter that is over, while its report is missing; else the latest that has opened."""
        opened = [period for period in self.periods if period.state() != Period.State.NOT_OPEN]
        over = [period for period in opened if period.ends_on < timezone.localdate()]
        if over and self._is_missing(over[-1]):
            return over[-1]
        return opened[-1] if opened else None

    def _is_missing(self, period):
        is_expected = self.facts[period.quarter].row.is_expected
        return is_expected and period.pk not in self.reports and not period.refusal(self.opd)

    def _posted(self, prefix):
        return {name: self.data[name] for name in self.data if name.startswith(f"{prefix}-")} if self.is_bound else {}

    def _was_posted(self, prefix):
        return bool(self._posted(prefix))

    def _was_left_empty(self, prefix):
        """Opened without a report and sent back without figures: somebody else's report of meanwhile stays."""
        posted = {name.removeprefix(f"{prefix}-"): value for name, value in self._posted(prefix).items()}
        given = {name for name, value in posted.items() if value.strip()} - NOT_FIGURES
        return self.is_bound and not posted.get("version") and not given and bool(posted)

    def save_new_objects(self, commit=True):
        """Django takes every row without a posted key for a new one; tell apart what was there before."""
        stored = {form.instance.pk for form in self.forms if form.is_stored}
        saved = super().save_new_objects(commit)
        self.changed_objects = [
            (form.instance, form.changed_data)
            for form in self.forms
            if form.instance in saved and form.instance.pk in stored
        ]
        self.new_objects = [report for report in saved if report.pk not in stored]
        return saved


class QuarterInline(RecordStackedInline):
    model = Report
    form = QuarterForm
    formset = QuarterFormSet
    template = "admin/quarters.html"
    verbose_name_plural = "realisasi per triwulan"
    can_delete = False
    readonly_fields = ["facts"]
    fieldsets = [
        (
            None,
            {
                "classes": ["with-facts"],
                "fields": ["facts", *Report.ENTERED, "status", "history_change_reason"],
            },
        )
    ]

    def facts(self, report):
        return report.facts.beside(report) if hasattr(report, "facts") else ""

    facts.short_description = "Pembanding"

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("period")
