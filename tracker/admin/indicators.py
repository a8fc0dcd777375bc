from django.contrib import admin

from tracker.admin.base import RecordAdmin, RecordTabularInline
from tracker.models import Indicator, IndicatorTarget, IndicatorValue


class IndicatorValueInline(RecordTabularInline):
    model = IndicatorValue
    fields = ["region", "year", "month", "value", "source", "is_verified", "note"]
    extra = 1


class IndicatorTargetInline(RecordTabularInline):
    model = IndicatorTarget
    fields = ["year", "value", "document", "is_derived", "source"]
    extra = 1


@admin.register(Indicator)
class IndicatorAdmin(RecordAdmin):
    list_display = ["name", "unit", "direction", "agency"]
    list_filter = ["direction"]
    search_fields = ["name", "agency"]
    fields = ["name", "unit", "direction", "agency", "source"]
    inlines = [IndicatorValueInline, IndicatorTargetInline]
