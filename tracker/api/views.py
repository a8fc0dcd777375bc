"""The tables of the API: the rows a person may see, narrowed by the pages' filters, with the figures of the pages."""

from typing import NamedTuple

from django.conf import settings
from django.db.models import Count, Prefetch, prefetch_related_objects
from django.urls import reverse
from rest_framework.exceptions import NotFound
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import ViewSet

from tracker.api import asking, records
from tracker.api.asking import BY, COUNTED, EXPECTED, FILTERS, FORMAT, QUARTER
from tracker.api.base import Readable
from tracker.api.caching import unless_unchanged
from tracker.explanations import explanation
from tracker.exports import machine_csv_response
from tracker.groupings import query_of, shown_groups
from tracker.models import (
    Activity,
    District,
    Indicator,
    IndicatorValue,
    Location,
    Opd,
    Period,
    Priority,
    Program,
    Report,
    Strategy,
)
from tracker.progress import groups
from tracker.progress.activities import ActivityRow
from tracker.progress.figures import Figures
from tracker.selection import Selection


class OpdViewSet(Readable):
    """Perangkat daerah."""

    record = records.OpdRecord
    orders = {"name": "name", "short_name": "short_name", "id": "pk"}
    lookup_value_regex = r"\d{1,18}"

    def rows(self):
        return Opd.objects.all()

    def row(self, key):
        return Opd.objects.filter(pk=key).first()


class StrategyViewSet(Readable):
    """Tiga strategi pengentasan kemiskinan."""

    record = records.StrategyRecord
    orders = {"number": "number"}
    lookup_value_regex = r"\d{1,9}"

    def rows(self):
        return Strategy.objects.all()

    def row(self, key):
        return Strategy.objects.filter(number=key).first()


class PriorityViewSet(Readable):
    """Prioritas RKPD, tahun terbaru dulu."""

    record = records.PriorityRecord
    orders = {"rkpd_year": "rkpd_year", "number": "number", "name": "name"}
    stable = ("rkpd_year", "number")
    lookup_value_regex = r"\d{4}-\d{1,2}"

    def rows(self):
        return Priority.objects.all()

    def row(self, key):
        year, number = key.split("-")
        return Priority.objects.filter(rkpd_year=year, number=number).first()


class DistrictViewSet(Readable):
    """Kecamatan."""

    record = records.DistrictRecord
    orders = {"name": "name", "code": "code"}
    lookup_value_regex = r"[0-9.]{1,13}"

    def rows(self):
        return District.objects.all()

    def row(self, key):
        return District.objects.filter(code=key).first()


class PeriodViewSet(Readable):
    """Triwulan pelaporan dengan tenggatnya."""

    record = records.PeriodRecord
    orders = {"fiscal_year": "fiscal_year", "quarter": "quarter", "due_on": "due_on"}
    stable = ("fiscal_year", "quarter")
    lookup_value_regex = r"\d{4}-[1-4]"

    def rows(self):
        return Period.objects.all()

    def row(self, key):
        year, quarter = key.split("-")
        return Period.objects.filter(fiscal_year=year, quarter=quarter).first()


class IndicatorViewSet(Readable):
    """Indikator makro; satu indikator sendiri memuat semua nilai dan targetnya."""

    record = records.IndicatorRecord
    detail_record = records.IndicatorDetail
    orders = {"id": "pk", "name": "name"}
    lookup_value_regex = r"\d{1,18}"

    def rows(self):
        return Indicator.objects.all()

    def row(self, key):
        found = self.loaded(Indicator.objects.filter(pk=key).prefetch_related("values", "targets"))
        return found[0] if found else None

    def loaded(self, rows):
        """With the newest value of this region."""
        rows = list(rows)
        own = IndicatorValue.objects.filter(region=settings.REGION_NAME, indicator__in=rows).order_by("year", "month")
        newest = {value.indicator_id: value for value in own}
        for indicator in rows:
            indicator.latest = newest.get(indicator.pk)
        return rows


class ProgramViewSet(Readable):
    """Program satu tahun. Dengan saringan: program yang mempunyai sub kegiatan yang cocok."""

    record = records.ProgramRecord
    parameters = FILTERS
    orders = {"id": "pk", "name": "name", "opd": "opd__short_name"}
    lookup_value_regex = r"\d{1,18}"

    def rows(self):
        selection = asking.selection_of(self.request)
        found = all_programs().of_year(selection.year)
        if not selection.narrowing:
            return found
        return found.filter(pk__in=selection.listed.order_by().values("program"))

    def row(self, key):
        found = self.loaded(all_programs().filter(pk=key))
        return found[0] if found else None

    def loaded(self, rows):
        rows = list(rows)
        prefetch_related_objects(rows, "partners")
        return rows


def all_programs():
    return Program.objects.select_related("opd", "strategy", "priority").annotate(activity_count=Count("activities"))


class Standing(NamedTuple):
    """A sub kegiatan and how it stands at the chosen quarter, in the words of the selection."""

    activity: Activity
    row: ActivityRow
    selection: Selection

    @property
    def status(self) -> str | None:
        shown = self.selection.shown_status(self.row.figures.status) if self.row.is_expected else None
        return shown and shown.value

    @property
    def status_label(self) -> str:
        return self.selection.status_label(self.row.figures.status) if self.row.is_expected else ""

    @property
    def districts(self) -> list[str]:
        return sorted({place.district.code for place in self.activity.locations.all()})

    @property
    def villages(self) -> list[str]:
        return sorted(place.village.code for place in self.activity.locations.all() if place.village)


class ActivityViewSet(Readable):
    """Sub kegiatan satu tahun, masing-masing dengan posisinya pada triwulan yang dipilih."""

    record = records.ActivityRecord
    parameters = (*FILTERS, EXPECTED)
    detail_parameters = (QUARTER, COUNTED)
    orders = {
        "ref": lambda row: row.facts.ref,
        "name": lambda row: row.facts.name.casefold(),
        "opd": lambda row: row.facts.opd_short_name.casefold(),
        "budget_in_force": lambda row: row.budget,
        "realised_budget": lambda row: row.figures.realised,
        "absorption": lambda row: row.figures.absorption,
        "physical": lambda row: row.figures.physical,
        "deviation": lambda row: row.figures.deviation,
    }
    lookup_value_regex = r"\d{4}-\d{1,7}"

    def rows(self):
        self.selection = asking.selection_of(self.request)
        wanted = asking.word_of(self.request, EXPECTED, "")
        rows = [row for row in self.selection.progress.rows() if not wanted or row.is_expected == (wanted == "ya")]
        return sorted(rows, key=lambda row: row.facts.ref)

    def row(self, key):
        activity = Activity.objects.filter(ref=key).values_list("pk", "program__fiscal_year").first()
        if activity is None:
            return None
        pk, year = activity
        self.selection = asking.selection_of(self.request, tahun=str(year))
        self.selection.filter.queryset = Activity.objects.filter(pk=pk)
        return self.loaded(self.selection.progress.rows())[0]

    def loaded(self, rows):
        rows = list(rows)
        found = (
            Activity.objects.select_related("program__opd", "program__strategy", "program__priority", "funding_source")
            .prefetch_related(Prefetch("locations", Location.objects.select_related("district", "village")))
            .in_bulk([row.facts.pk for row in rows])
        )
        return [Standing(found[row.facts.pk], row, self.selection) for row in rows if row.facts.pk in found]


class ReportViewSet(Readable):
    """Laporan triwulan yang dipilih. Draf dan yang dikembalikan hanya terlihat oleh yang berhak."""

    record = records.ReportRecord
    shows_drafts = True
    parameters = FILTERS
    orders = {
        "ref": "activity__ref",
        "opd": "activity__program__opd__short_name",
        "realised_budget": "realised_budget",
        "submitted_at": "submitted_at",
    }
    stable = ("activity__ref", "period__quarter")
    lookup_value_regex = r"\d{4}-\d{1,7}-[1-4]"

    def rows(self):
        selection = asking.selection_of(self.request)
        reports = self.visible().filter(
            period__fiscal_year=selection.year,
            period__quarter=selection.quarter,
            activity__in=selection.listed.order_by().values("pk"),
        )
        return reports.filter(status=Report.Status.VERIFIED) if selection.verified_only else reports

    def row(self, key):
        ref, _, quarter = key.rpartition("-")
        return self.visible().filter(activity__ref=ref, period__quarter=quarter).first()

    def visible(self):
        related = ("activity__program__opd", "period", "obstacle_category")
        return Report.objects.visible_to(self.request.user).select_related(*related)


class ProgressRow(NamedTuple):
    """A group at a quarter, and the tail of the address of its rows."""

    selection: Selection
    group: groups.GroupRow
    tail: str
    site: str

    @property
    def region(self) -> str:
        return settings.REGION_NAME

    @property
    def fiscal_year(self) -> int:
        return self.selection.year

    @property
    def quarter(self) -> int:
        return self.selection.quarter

    @property
    def key(self) -> str:
        return self.group.key

    @property
    def name(self) -> str:
        return self.group.name

    @property
    def figures(self) -> Figures:
        return self.group.figures

    @property
    def status(self) -> str | None:
        shown = self.selection.shown_status(self.figures.status)
        return shown and shown.value

    @property
    def status_label(self) -> str:
        return self.selection.status_label(self.figures.status)

    @property
    def explanation(self) -> dict:
        return explanation(self.selection, self.group)

    @property
    def page_url(self) -> str:
        return self.site + reverse("programs") + self.tail

    @property
    def activities_url(self) -> str:
        return f"{self.site}{reverse('activities-list')}{self.tail}&ditagih=ya"


class ProgressViewSet(ViewSet):
    """Angka kemajuan per kelompok: tabel “rekap” dari halaman, dengan penjelasan tiap angkanya."""

    record = records.ProgressAnswer
    parameters = (BY, *FILTERS)
    http_method_names = ["get", "head"]

    @classmethod
    def list_parameters(cls) -> tuple:
        return (*cls.parameters, FORMAT)

    @unless_unchanged
    def list(self, request):
        asking.refuse_unknown(request, self.list_parameters())
        by = asking.word_of(request, BY, "strategy")
        selection = asking.selection_of(request)
        site = request.build_absolute_uri("/").removesuffix("/")
        rows = [progress_row(selection, by, group, site) for group in shown_groups(selection, by)]
        total = ProgressRow(selection, groups.total(selection.progress), selection.query(), site)
        if request.accepted_renderer.format == "csv":
            record = records.ProgressRecord()
            name = f"pantau-progress-{by}-{selection.year}-tw{selection.quarter}"
            return machine_csv_response(record.titles, (record.line(row) for row in (*rows, total)), name)
        return Response(self.record().to_representation(answer(selection, by, rows, total)))


def progress_row(selection, by, group, site) -> ProgressRow:
    here = selection.at(int(group.key)) if by == "quarter" else selection
    return ProgressRow(here, group, query_of(selection, by, group), site)


def answer(selection, by, rows, total) -> dict:
    return {
        "by": by,
        "fiscal_year": selection.year,
        "quarter": selection.quarter,
        "ends_on": selection.ends_on,
        "has_ended": selection.has_ended,
        "verified_only": selection.verified_only,
        "results": rows,
        "total": total,
    }


class NoSuchAddress(APIView):
    """Below /api/v1/ also what is not there is said in JSON."""

    http_method_names = ["get", "head"]
    schema = None

    def get(self, request, rest):
        raise NotFound
