from django.urls import path, re_path
from rest_framework.routers import DefaultRouter

from tracker.api import docs, schema, views

router = DefaultRouter()
router.include_format_suffixes = False
router.APIRootView = schema.Overview
for name, viewset in {
    "progress": views.ProgressViewSet,
    "activities": views.ActivityViewSet,
    "reports": views.ReportViewSet,
    "programs": views.ProgramViewSet,
    "opds": views.OpdViewSet,
    "strategies": views.StrategyViewSet,
    "priorities": views.PriorityViewSet,
    "districts": views.DistrictViewSet,
    "periods": views.PeriodViewSet,
    "indicators": views.IndicatorViewSet,
}.items():
    router.register(name, viewset, basename=name)

urlpatterns = [
    path("schema/", schema.Schema.as_view(), name="api_schema"),
    path("docs/", docs.documentation, name="api_docs"),
    *router.urls,
    # With its slash at the end: without one Django sends on to the address that has it.
    re_path(r"^(?P<rest>[\s\S]*)/$", views.NoSuchAddress.as_view(), name="api_missing"),
]
