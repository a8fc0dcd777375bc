"""The filters of the address: which there are, what they offer, and which activities they choose."""

from collections import defaultdict

import django_filters
from django.db.models import CharField, Count, Exists, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat

from tracker import formats
from tracker.models import Activity, District, FundingSource, Location, Opd, Priority, Program, Strategy
from tracker.models.constraints import FIRST_YEAR, LAST_YEAR
from tracker.progress.figures import Status
from tracker.progress.groups import UNMAPPED, Member

NOT_MAPPED = (UNMAPPED, "Belum dipetakan")


class Options:
    """Everything a filter offers, in one statement: years, OPDs, strategies, priorities, districts, funding."""

    def __init__(self):
        found = defaultdict(list)
        parts = [
            Program.objects.order_by()
            .values("fiscal_year")
            .annotate(samples=Count("pk", filter=Q(is_sample=True)))
            .values_list(Value("tahun"), _text("fiscal_year"), _text("samples")),
            _part("opd", Opd, _text("pk")),
            _part("strategi", Strategy, _text("number")),
            _part("prioritas", Priority, Concat(_text("rkpd_year"), Value("-"), _text("number"))),
            _part("kecamatan", District, _text("code")),
            _part("sumber", FundingSource, _text("code")),
        ]
        for kind, key, name in parts[0].union(*parts[1:], all=True):
            found[kind].append(Member(key, name))
        self.years = {int(member.key): int(member.name) for member in found["tahun"]}
        self.opds = sorted(found["opd"], key=lambda member: member.name.casefold())
        self.strategies = sorted(found["strategi"], key=lambda member: int(member.key))
        self.priorities = sorted(found["prioritas"], key=_newest_year_first)
        self.districts = sorted(found["kecamatan"], key=lambda member: member.name.casefold())
        self.funding_sources = sorted(found["sumber"], key=lambda member: member.name.casefold())

    @property
    def has_sample(self) -> bool:
        return any(self.years.values())


def _text(field):
    return Cast(field, CharField())


def _part(kind, model, key):
    return model.objects.order_by().values_list(Value(kind), key, "name")


def _newest_year_first(member):
    year, number = member.key.split("-")
    return -int(year), int(number)


class ActivityFilter(django_filters.FilterSet):
    """The filters of the address. All choose activities before anything is grouped."""

    tahun = django_filters.ChoiceFilter(label="Tahun anggaran", method="leave", empty_label=None)
    tw = django_filters.ChoiceFilter(
        label="Triwulan", method="leave", empty_label=None, choices=list(formats.QUARTER_NAMES.items())
    )
    opd = django_filters.ChoiceFilter(empty_label="Semua", label="OPD", field_name="program__opd_id")
    strategi = django_filters.ChoiceFilter(empty_label="Semua", label="Strategi", method="by_strategy")
    prioritas = django_filters.ChoiceFilter(empty_label="Semua", label="Prioritas RKPD", method="by_priority")
    rkpd = django_filters.ChoiceFilter(
        empty_label="Semua", label="Tahun RKPD", field_name="program__priority__rkpd_year"
    )
    kecamatan = django_filters.ChoiceFilter(empty_label="Semua", label="Kecamatan", method="by_district")
    sumber = django_filters.ChoiceFilter(empty_label="Semua", label="Sumber dana", method="by_funding_source")
    status = django_filters.ChoiceFilter(
        label="Status",
        method="leave",
        empty_label="Semua",
        choices=[(s.value, formats.STATUS_LABELS[s.value]) for s in Status if s is not Status.NOT_RATED],
    )
    hitung = django_filters.ChoiceFilter(
        label="Yang dihitung",
        method="leave",
        empty_label=None,
        choices=[("semua", "Diajukan dan diverifikasi"), ("terverifikasi", "Hanya terverifikasi")],
    )
    q = django_filters.CharFilter(label="Cari", method="by_words", max_length=200)

    class Meta:
        model = Activity
        fields = []

    def __init__(self, data, options: Options, **kwargs):
        super().__init__(data, **kwargs)
        year = str(data.get("tahun", ""))
        # A year without programs is an honest question with an empty answer.
        years = {*options.years, *([int(year)] if _is_year(year) else [])}
        self._offer("tahun", [(year, year) for year in sorted(years, reverse=True)])
        self._offer("opd", _pairs(options.opds))
        self._offer("strategi", [*_pairs(options.strategies), NOT_MAPPED])
        self._offer("prioritas", [*((m.key, f"{m.key} {m.name}") for m in options.priorities), NOT_MAPPED])
        self._offer("rkpd", [(year, year) for year in sorted({m.key.split("-")[0] for m in options.priorities})])
        self._offer("kecamatan", [*_pairs(options.districts), (UNMAPPED, "Tingkat kabupaten")])
        self._offer("sumber", [("apbd", "APBD"), ("luar", "Luar APBD"), *_pairs(options.funding_sources)])

    def _offer(self, name, choices):
        self.filters[name].extra["choices"] = choices

    def leave(self, queryset, name, value):
        return queryset

    def by_strategy(self, queryset, name, value):
        return queryset.filter(program__strategy__number=None if value == UNMAPPED else value)

    def by_priority(self, queryset, name, value):
        if value == UNMAPPED:
            return queryset.filter(program__priority=None)
        year, number = value.split("-")
        return queryset.filter(program__priority__rkpd_year=year, program__priority__number=number)

    def by_district(self, queryset, name, value):
        here = Location.objects.filter(activity=OuterRef("pk"))
        if value == UNMAPPED:
            return queryset.filter(~Exists(here))
        return queryset.filter(Exists(here.filter(district__code=value)))

    def by_funding_source(self, queryset, name, value):
        if value in ("apbd", "luar"):
            return queryset.filter(funding_source__in_apbd=value == "apbd")
        return queryset.filter(funding_source__code=value)

    def by_words(self, queryset, name, value):
        for word in value.split():
            queryset = queryset.filter(
                Q(name__icontains=word)
                | Q(program__name__icontains=word)
                | Q(program__opd__name__icontains=word)
                | Q(program__opd__short_name__icontains=word)
                | Q(ref__icontains=word)
                | Q(code__icontains=word)
            )
        return queryset


def _pairs(members):
    return [(member.key, member.name) for member in members]


def _is_year(text):
    return text.isascii() and text.isdigit() and FIRST_YEAR <= int(text[:5]) <= LAST_YEAR
