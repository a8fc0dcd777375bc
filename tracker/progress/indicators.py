"""Macro indicators: the published value beside its target."""

from dataclasses import dataclass
from decimal import Decimal

from tracker.models import IndicatorTarget, IndicatorValue

POVERTY_RATE = "Persentase penduduk miskin (P0)"
POOR_PEOPLE = "Jumlah penduduk miskin"
EXTREME_POVERTY_RATE = "Persentase kemiskinan ekstrem"


@dataclass(frozen=True, slots=True)
class Poverty:
    """The newest published poverty rate of the region, its history, and the target of that year."""

    series: list[IndicatorValue]  # oldest first
    target: IndicatorTarget | None
    people: IndicatorValue | None  # the number of poor people of the same year
    extreme: IndicatorValue | None  # the newest rate of extreme poverty

    @property
    def recent(self) -> list[IndicatorValue]:
        """The last six values, for a small line."""
        return self.series[-6:]

    @property
    def latest(self) -> IndicatorValue:
        return self.series[-1]

    @property
    def gap(self) -> Decimal | None:
        """Rate minus target in percentage points: below zero is better than planned."""
        return None if self.target is None else self.latest.value - self.target.value


def poverty_of(region: str, *, up_to: int) -> Poverty | None:
    """What is published of the region's poverty up to a year; None while nothing is."""
    values = list(
        IndicatorValue.objects.filter(
            region=region,
            year__lte=up_to,
            indicator__name__in=(POVERTY_RATE, POOR_PEOPLE, EXTREME_POVERTY_RATE),
        )
        .select_related("indicator")
        .order_by("year", "month")
    )
    newest = {value.indicator.name: value for value in values}
    series = [value for value in values if value.indicator.name == POVERTY_RATE]
    if not series:
        return None
    return Poverty(
        series=series,
        target=IndicatorTarget.objects.filter(indicator__name=POVERTY_RATE, year=series[-1].year).first(),
        people=newest.get(POOR_PEOPLE),
        extreme=newest.get(EXTREME_POVERTY_RATE),
    )
