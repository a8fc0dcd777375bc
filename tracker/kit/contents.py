"""What a kit holds: its rows, and for whom and when they can be filled in."""

from dataclasses import dataclass, replace

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils.text import slugify

from tracker import formats
from tracker.models import ObstacleCategory, Opd, Period
from tracker.models.periods import open_to
from tracker.tables import ReportLine, Table


@dataclass(frozen=True, slots=True)
class Kit:
    """`opd` is None where the rows may belong to several. `open_opds` are the short names of those who may write."""

    table: Table
    year: int
    quarter: int
    period: Period | None
    opd: Opd | None
    open_opds: frozenset[str]
    categories: tuple[str, ...]
    import_address: str

    def __str__(self):
        return f"{formats.quarter(self.quarter)} {self.year}"

    @property
    def filename(self) -> str:
        opd = f"-{slugify(self.opd.short_name) or self.opd.pk}" if self.opd else ""
        return f"isian-realisasi{opd}-{self.year}-tw{self.quarter}.xlsx"

    @property
    def refusal(self) -> str:
        """Why no row can be filled in; empty where at least one can."""
        if self.open_opds:
            return ""
        if self.period is None:
            return f"{self} belum dibuka oleh Sekretariat {settings.TEAM_NAME}, jadi laporannya belum dapat diisi."
        return self.period.refusal(self.opd)

    def is_open(self, line: ReportLine) -> bool:
        return line.opd in self.open_opds


def kit_of(table: Table, *, year, quarter, opd: int | None, expected: set[int], import_address: str) -> Kit:
    """The kit of a table "realisasi" of one quarter: its sub kegiatan that are `expected`, or have a report."""

    def asked_for():
        return (line for line in table.rows() if line.report or line.pk in expected)

    period = Period.objects.select_related("locked_by").filter(fiscal_year=year, quarter=quarter).first()
    return Kit(
        table=replace(table, rows=asked_for),
        year=year,
        quarter=quarter,
        period=period,
        opd=Opd.objects.filter(pk=opd).first() if opd else None,
        open_opds=_open_opds(period, opd),
        categories=tuple(ObstacleCategory.objects.values_list("name", flat=True)),
        import_address=import_address,
    )


def _open_opds(period, opd) -> frozenset[str]:
    """The OPDs, or the one asked for, that may write reports of this period now."""
    if period is None:
        return frozenset()
    writable = Period.objects.filter(open_to(OuterRef(OuterRef("pk"))), pk=period.pk)
    opds = Opd.objects.filter(Exists(writable), **({"pk": opd} if opd else {}))
    return frozenset(opds.values_list("short_name", flat=True))
