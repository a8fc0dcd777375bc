"""Every address of the site, filled with every row there is; and everything that one person finds behind them."""

import io
import re
import zipfile
from collections.abc import Iterator

from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db.models import ForeignKey, ManyToManyField
from django.urls import get_resolver, reverse

from tests.reading import content
from tracker.groupings import GROUPINGS
from tracker.models import (
    Activity,
    ColumnMapping,
    District,
    ImportBatch,
    Indicator,
    IndicatorTarget,
    IndicatorValue,
    Location,
    Opd,
    Period,
    PeriodException,
    Program,
    Report,
)

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>[^)]*\)")
OFFERED = re.compile(r"Yang tersedia: ([a-z, -]+)\.")
OF_AN_OPD = (Program, Activity, Report)
# The ways out: a GET does nothing there.
LEAVING = {"keluar/", "admin/logout/"}
IMPORT_STEPS = ("", "kolom/", "terapkan/", "batal/")


def routes(resolver=None, prefix="") -> Iterator[str]:
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern).removeprefix("^").removesuffix("$")
        if hasattr(pattern, "url_patterns"):
            yield from routes(pattern, route)
        else:
            yield route


def keys_of(model) -> list:
    return list(model._base_manager.values_list("pk", flat=True))


def values_for(route) -> list[dict]:
    """What can stand in the place of the parameters of a route. An unknown route is an error."""
    names = [first or second for first, second in PARAMETER.findall(route)]
    if not names:
        return [{}]
    if route.startswith("admin/tracker/") and names in (["object_id"], ["id"], ["key"]):
        model = next(model for model in admin.site._registry if f"/{model._meta.model_name}/" in route)
        return [{names[0]: key} for key in keys_of(model)]
    if names == ["content_type_id", "object_id"]:
        types = {model: ContentType.objects.get_for_model(model).pk for model in admin.site._registry}
        return [{"content_type_id": kind, "object_id": key} for model, kind in types.items() for key in keys_of(model)]
    if route.startswith("api/v1/") and names == ["key"]:
        return [{"key": key} for key in api_keys()[route.split("/")[2]]]
    known = {
        "strategi/<int:number>/": [{"number": 1}],
        "prioritas/<int:year>/<int:number>/": [{"year": 2021, "number": 1}],
        "opd/<int:pk>/": [{"pk": key} for key in keys_of(Opd)],
        "program/<int:pk>/": [{"pk": key} for key in keys_of(Program)],
        "sub-kegiatan/<slug:ref>/": [{"ref": ref} for ref in Activity.objects.values_list("ref", flat=True)],
        **{f"impor/<int:pk>/{step}": [{"pk": key} for key in keys_of(ImportBatch)] for step in IMPORT_STEPS},
        "impor/susunan/<int:pk>/hapus/": [{"pk": key} for key in keys_of(ColumnMapping)],
        "cetak/<int:year>-<int:quarter>.css": [{"year": 2025, "quarter": 4}],
        "admin/(?P<app_label>tracker)/": [{"app_label": "tracker"}],
        "admin/(?P<url>.*)": [{"url": "belum-ada"}],
        r"api/v1/(?P<rest>[\s\S]*)/": [{"rest": "belum-ada"}],
    }
    return known[route]


def api_keys() -> dict[str, list]:
    """What names one row of each table of the API; of reports all there could be, drafts as well."""
    return {
        "opds": keys_of(Opd),
        "strategies": [1],
        "priorities": ["2021-1"],
        "districts": District.objects.values_list("code", flat=True),
        "programs": keys_of(Program),
        "activities": Activity.objects.values_list("ref", flat=True),
        "reports": [
            f"{ref}-{quarter}" for ref in Activity.objects.values_list("ref", flat=True) for quarter in (1, 4)
        ],
        "periods": ["2025-3"],
        "indicators": keys_of(Indicator),
    }


def filled(route, values) -> str:
    return "/" + PARAMETER.sub(lambda found: str(values[found[1] or found[2]]), route)


def every_address() -> list[str]:
    return [filled(route, values) for route in routes() if route not in LEAVING for values in values_for(route)]


def questions(address, words) -> list[str]:
    """What one can ask at a page: quarters, files, filters, orders, searches for these words, foreign choices."""
    if address.startswith("/api/"):
        return ["", *(f"?{asked}" for asked in api_questions(address, words))]
    if not address.startswith("/admin/"):
        quarters = [f"tahun=2025&tw={quarter}" for quarter in (3, 4)]
        return ["", *(f"?{asked}" for asked in [*quarters, f"{quarters[1]}&hitung=terverifikasi", "riwayat=semua"])]
    if address == reverse("admin:autocomplete"):
        return [
            f"?app_label=tracker&model_name={model._meta.model_name}&field_name={field.name}&term={word}"
            for model in [*admin.site._registry, *inline_models()]
            for field in [*model._meta.fields, *model._meta.many_to_many]
            if isinstance(field, ForeignKey | ManyToManyField)
            for word in ("", words[0])
        ]
    if address.endswith("/periksa/"):
        return ["", *(f"?opd={opd}&sesudah={keys_of(Report)[0]}" for opd in keys_of(Opd))]
    lists = {reverse(f"admin:tracker_{model._meta.model_name}_changelist"): model for model in admin.site._registry}
    if address in lists:
        asked = list_questions(words) if lists[address] in OF_AN_OPD else [f"q={words[0]}"]
        return ["", *(f"?{question}" for question in asked)]
    if address.removesuffix("add/") in lists and lists[address.removesuffix("add/")] in OF_AN_OPD:
        parents = {"opd": Opd, "program": Program, "activity": Activity, "period": Period}
        return ["", *(f"?{name}={key}" for name, model in parents.items() for key in keys_of(model))]
    return [""]


def api_questions(address, words) -> Iterator[str]:
    name = address.split("/")[3]
    yield "format=csv"
    if address not in {f"/api/v1/{table}/" for table in ("programs", "activities", "reports", "progress")}:
        return
    for quarter in (3, 4):
        yield from (f"tahun=2025&tw={quarter}&format={kind}" for kind in ("json", "csv"))
    yield "tahun=2025&tw=4&hitung=terverifikasi&status=belum-lapor"
    yield from (f"tahun=2025&tw=4&q={word}" for word in words)
    yield from (f"tahun=2025&tw=4&opd={opd}" for opd in keys_of(Opd))
    orders = ("realised_budget", "submitted_at", "obstacle", "realised_output__gt", "physical")
    yield from (f"tahun=2025&tw=4&ordering={sign}{order}" for order in orders for sign in ("", "-"))
    if name == "progress":
        yield from (f"tahun=2025&tw=4&by={by}" for by in GROUPINGS)


def list_questions(words) -> Iterator[str]:
    yield from (f"q={word}" for word in words)
    yield from ("o=1.2.3", "o=-4.-5.-6", "o=7.8", "p=1", "all=", "e=1", "_popup=1")
    yield from (f"status__exact={status}" for status in Report.Status.values)
    yield from (f"period__quarter__exact={quarter}" for quarter in (3, 4))
    for opd in keys_of(Opd):
        yield from (f"{path}__id__exact={opd}" for path in ("opd", "program__opd", "activity__program__opd"))
    yield from ("tanpa_laporan=2025-4", "belum_dipetakan=ya", "kosong=ya", "obstacle__isnull=0")
    yield from (f"obstacle__contains={words[0]}", "realised_budget__gt=800000000", "reports__status=draft")


def inline_models() -> list:
    return [Location, PeriodException, IndicatorValue, IndicatorTarget, Report.history.model]


def files_at(client, address) -> Iterator[str]:
    """Every table of a page as both kinds of file, as the page itself names them."""
    if address.startswith(("/admin/", "/api/")):
        return
    complaint = content(client.get(f"{address}?format=csv&tabel=tidak-ada")).decode(errors="replace")
    for offered in OFFERED.findall(complaint):
        for slug in offered.split(", "):
            for kind in ("csv", "xlsx"):
                yield f"?format={kind}&tabel={slug}&tahun=2025&tw=4"


def unpacked(answer) -> str:
    """Status, headers and text of an answer; of a workbook, all that is packed in it."""
    body = content(answer)
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            body = b"\n".join(book.read(name) for name in book.namelist())
    return f"{answer.status_code} {answer.headers} {body.decode()}"


def everything_found(client, words) -> Iterator[tuple[str, str]]:
    """(address, all that came back) for everything that can be asked."""
    for address in every_address():
        for question in [*questions(address, words), *files_at(client, address)]:
            yield address + question, unpacked(client.get(address + question))
