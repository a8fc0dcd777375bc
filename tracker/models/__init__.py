from tracker.models.imports import ColumnMapping, ImportBatch
from tracker.models.indicators import Indicator, IndicatorTarget, IndicatorValue
from tracker.models.partners import Partner
from tracker.models.periods import Period, PeriodException
from tracker.models.pockets import PovertyPocket
from tracker.models.programs import Activity, Location, Program, RegisterCounter
from tracker.models.reference import (
    District,
    FundingSource,
    ObstacleCategory,
    Opd,
    Priority,
    RatingBand,
    Strategy,
    User,
    Village,
)
from tracker.models.reports import Report
from tracker.models.tokens import ApiToken

__all__ = [
    "Activity",
    "ApiToken",
    "ColumnMapping",
    "District",
    "FundingSource",
    "ImportBatch",
    "Indicator",
    "IndicatorTarget",
    "IndicatorValue",
    "Location",
    "ObstacleCategory",
    "Opd",
    "Partner",
    "Period",
    "PeriodException",
    "PovertyPocket",
    "Priority",
    "Program",
    "RatingBand",
    "RegisterCounter",
    "Report",
    "Strategy",
    "User",
    "Village",
]
