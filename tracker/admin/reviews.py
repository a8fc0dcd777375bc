"""Steps on reports that have addresses of their own: reviewing one after another, submitting all own drafts."""

import re
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from tracker import formats
from tracker.admin.base import locked
from tracker.admin.facts import facts_of
from tracker.admin.forms import KEY, RecordForm
from tracker.admin.review_facts import comparisons_of, entries_of, lines_of, reason_of, returns_of
from tracker.models import Period, Report
from tracker.workplace import next_review, queue_of

# Words of the address that narrow the queue, and the reports they mean.
FILTERS = {"opd": "activity__program__opd", "tahun": "period__fiscal_year", "tw": "period__quarter"}
FILTER_VALUE = re.compile(r"\d{1,9}", re.ASCII)
SKIPPED = "sesudah"
NOTE_STAYS_HERE = (
    "Catatan hanya sampai kepada OPD bila laporan dikembalikan. Kosongkan catatan untuk memverifikasi, "
    "atau tekan Kembalikan."
)


class ReviewForm(RecordForm):
    """What a person says about the report as it was shown."""

    note = forms.CharField(
        label="Catatan untuk OPD",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        help_text="Wajib bila dikembalikan: apa yang harus diperbaiki. OPD membacanya di tempat mengisi.",
    )

    class Meta:
        model = Report
        fields = []

    def clean(self):
        if self.is_stale:
            raise ValidationError(
                f"{self.conflict} Di bawah ini keadaan yang sekarang, dan catatan Anda masih ada. Periksa lagi.",
                code="stale",
            )
        return self.cleaned_data

    def _post_clean(self):
        """Nothing of the report itself is entered here; the step judges it."""


@dataclass(frozen=True)
class Narrowing:
    """What the address asks of the queue."""

    asked: dict[str, str]
    is_odd: bool

    @classmethod
    def of(cls, request):
        given = {name: request.GET[name] for name in FILTERS if request.GET.get(name)}
        asked = {name: value for name, value in given.items() if FILTER_VALUE.fullmatch(value)}
        return cls(asked, is_odd=asked != given)

    @property
    def conditions(self) -> dict[str, str]:
        return {FILTERS[name]: value for name, value in self.asked.items()}

    def address(self, url, **more) -> str:
        query = urlencode({**self.asked, **more})
        return f"{url}?{query}" if query else url


class ReviewSteps:
    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("periksa/", view(self.review_next), name="tracker_report_review_next"),
            path("<int:key>/periksa/", view(self.review), name="tracker_report_review"),
            path("ajukan-semua/", view(require_POST(self.submit_all)), name="tracker_report_submit_all"),
            *super().get_urls(),
        ]

    def submit_all(self, request):
        """All drafts of the own OPD at one quarter."""
        user, key = request.user, request.POST.get("period", "")
        if not user.is_operator:
            raise PermissionDenied
        period = Period.objects.filter(pk=key).first() if KEY.fullmatch(key) else None
        if period is None:
            self.message_user(
                request, "Triwulan itu tidak ada. Muat ulang halaman ini, lalu coba lagi.", messages.ERROR
            )
        elif refusal := period.refusal(user.opd_id):
            self.message_user(request, refusal, messages.ERROR)
        else:
            drafts = Report.objects.drafts().filter(period=period, activity__program__opd=user.opd_id)
            self.submit_selected(request, drafts)
        return self.to_start()

    def review_next(self, request):
        """To the first report of the queue, or to the one after that which is skipped."""
        self.refuse_who_may_not_judge(request)
        narrowing = Narrowing.of(request)
        if narrowing.is_odd:
            said = "Saringan pada alamat itu tidak dikenal, jadi antrean tidak disaring dengannya."
            self.message_user(request, said, messages.WARNING)
        queue = queue_of(request.user, **narrowing.conditions)
        skipped = request.GET.get(SKIPPED, "")
        following = queue.after(int(skipped) if KEY.fullmatch(skipped) else None)
        if following:
            return HttpResponseRedirect(self.review_of(following, narrowing))
        if queue.reports:
            said = f"Ini akhir antrean. {formats.number(len(queue.reports))} laporan yang dilewati masih menunggu."
        else:
            said = "Tidak ada laporan yang menunggu verifikasi Anda."
        self.message_user(request, said, messages.INFO)
        return self.to_start()

    def review(self, request, key):
        """Shows a report for reading; a POST verifies or returns it and goes on to the next one that waits."""
        self.refuse_who_may_not_judge(request)
        narrowing, is_post = Narrowing.of(request), request.method == "POST"
        queue = queue_of(request.user, **narrowing.conditions)
        with transaction.atomic():
            reports = self.get_queryset(request)
            report = get_object_or_404(locked(reports) if is_post else reports, pk=key)
            form = ReviewForm(request.POST if is_post else None, instance=report)
            if form.is_valid():
                try:
                    done = self.take_step(request, report, form.cleaned_data["note"])
                except ValidationError as error:
                    form.add_error(None, error)
                else:
                    return self.go_on(request, f"{report} {done}.", report, queue, narrowing)
            context = {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "title": f"Periksa {report.activity.ref} · {report.period}",
                "form": form,
                "is_faulty": bool(form.errors),
                "queue": queue,
                "place": queue.place_of(report.pk),
                "skip_url": narrowing.address(next_review(), **{SKIPPED: report.pk}),
                **self.seen(request.user, report),
            }
        return TemplateResponse(request, "admin/review.html", context)

    def take_step(self, request, report, note) -> str:
        """What was done, in a word."""
        if "return" in request.POST:
            report.send_back(note, by=request.user)
            return "dikembalikan kepada OPD"
        if "verify" not in request.POST:
            raise ValidationError("Pilih Verifikasi atau Kembalikan.")
        if note:
            raise ValidationError(NOTE_STAYS_HERE)
        report.verify(by=request.user)
        return "diverifikasi"

    def go_on(self, request, said, report, queue, narrowing):
        left, following = queue.without(report.pk), queue.after(report.pk)
        count = formats.number(len(left.reports))
        if not left.reports:
            rest = "Tidak ada lagi laporan yang menunggu Anda."
        elif following:
            rest = f"{count} laporan masih menunggu; ini yang berikutnya."
        else:
            rest = f"{count} laporan yang dilewati masih menunggu."
        self.message_user(request, f"{said} {rest}", messages.SUCCESS)
        return HttpResponseRedirect(self.review_of(following, narrowing)) if following else self.to_start()

    def seen(self, user, report) -> dict:
        """What a person looks at before he decides."""
        facts = facts_of(report.activity)[report.period.quarter]
        entries = entries_of(report)
        closed = report.period.refusal(report.activity.program.opd_id)
        return {
            "report": report,
            "facts": facts,
            "lines": lines_of(report, facts),
            "warnings": report.warnings(),
            "falls": report.falls(),
            "reason": reason_of(entries),
            "returns": returns_of(entries),
            "comparisons": comparisons_of(entries),
            "is_evidence_safe": report.evidence_url.lower().startswith(("http://", "https://")),
            "refusal": closed or report.refusal_to_verify(user),
            "may_return": not closed and report.status in Report.COUNTED,
        }

    def refuse_who_may_not_judge(self, request):
        if not self.has_verify_permission(request):
            raise PermissionDenied

    def review_of(self, key, narrowing) -> str:
        return narrowing.address(reverse("admin:tracker_report_review", args=[key]))

    def to_start(self):
        return HttpResponseRedirect(reverse("admin:index"))
