"""What the API says about itself: the OpenAPI schema, and the page that is made of it."""

from functools import cache

from django.conf import settings
from django.urls import reverse
from drf_spectacular import openapi
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import OpenApiParameter, extend_schema_serializer
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.routers import APIRootView
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView

from tracker.api.asking import FORMAT
from tracker.api.caching import unless_unchanged
from tracker.api.errors import EXAMPLES
from tracker.api.fields import Record, Text, Whole, example_of

TITLE = "API Pantau Program"
DESCRIPTION = (
    "Angka yang sama dengan halaman dan berkasnya, untuk program lain. Hanya untuk dibaca. Uang adalah bilangan bulat "
    "rupiah; persen dan jumlah adalah teks desimal dengan titik; yang tidak ada adalah null; tanggal ditulis "
    "2025-09-30. Saringannya sama dengan saringan pada halaman."
)
KEY_MEANING = "Kunci baris, seperti pada daftarnya."
KEYS = {
    "opds": "7",
    "strategies": "1",
    "priorities": "2021-1",
    "districts": "16.04.11",
    "periods": "2025-3",
    "indicators": "1",
    "programs": "12",
    "activities": "2025-0143",
    "reports": "2025-0143-3",
}


class AutoSchema(openapi.AutoSchema):
    """Reads parameters and records from the views, which have them in one place for asking and for explaining."""

    def get_operation_id(self):
        return f"{self.view.basename}_{self.view.action}"

    def get_tags(self):
        return [self.view.basename]

    def get_description(self):
        return type(self.view).__doc__

    def get_summary(self):
        return "Daftar" if self.view.action == "list" else "Satu baris"

    def get_override_parameters(self):
        if self.view.action == "list":
            return [in_schema(parameter) for parameter in self.view.list_parameters()]
        key = OpenApiParameter(
            "key",
            {"type": "string", "pattern": f"^{self.view.lookup_value_regex}$", "examples": [KEYS[self.view.basename]]},
            OpenApiParameter.PATH,
            description=KEY_MEANING,
        )
        return [key, *(in_schema(parameter) for parameter in (*self.view.detail_parameters, FORMAT))]

    def get_request_serializer(self):
        return None

    def get_response_serializers(self):
        return record_of(self.view)()


def in_schema(parameter) -> OpenApiParameter:
    shape = {**parameter.schema, "examples": [parameter.example]}
    return OpenApiParameter(parameter.name, shape, description=parameter.meaning)


def record_of(view) -> type[Record]:
    """What an address answers."""
    if view.action == "retrieve":
        return getattr(view, "detail_record", None) or view.record
    return view.record if view.basename == "progress" else page_record(view.record)


@cache
def page_record(record) -> type[Record]:
    """A page of a list."""
    next_page = "https://pantau.example/api/v1/activities/?limit=100&offset=100"
    fields = {
        "count": Whole("Jumlah semua baris.", 143),
        "next": Text("Alamat halaman berikutnya.", next_page, allow_null=True),
        "previous": Text("Alamat halaman sebelumnya.", None, allow_null=True),
        "results": record(many=True, read_only=True, help_text="Baris halaman ini."),
        "__doc__": "Satu halaman dari daftar.",
    }
    return extend_schema_serializer(many=False)(type(record.__name__.replace("Record", "Page"), (Record,), fields))


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = "tracker.api.access.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema):
        meaning = "Kunci yang dibuat Sekretariat TKPK: “Authorization: Token <kunci>”."
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": meaning}


class SessionScheme(OpenApiAuthenticationExtension):
    target_class = "tracker.api.access.OpenSession"
    name = "sesi"

    def get_security_definition(self, auto_schema):
        meaning = "Siapa yang sudah masuk di situs ini membaca API di peramban yang sama."
        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME, "description": meaning}


def complete(result, generator, **kwargs):
    """Add to a generated schema what is the same everywhere: errors, CSV, examples."""
    result["info"] |= {"title": TITLE, "description": DESCRIPTION}
    components = result["components"]["schemas"]
    for name, component in components.items():
        give_examples(component, records()[name])
    components["Error"] = {
        "type": "object",
        "properties": {"detail": {"type": "string", "description": "Apa yang terjadi dan apa yang perlu dilakukan."}},
        "required": ["detail"],
    }
    for path in result["paths"].values():
        for operation in path.values():
            give_answers(operation)
    return result


def give_examples(component, record):
    component["examples"] = [record.example()]
    for name, field in record().fields.items():
        if not isinstance(field, BaseSerializer):
            component["properties"][name]["examples"] = [example_of(field)]
            component["properties"][name].pop("x-spec-enum-id", None)


def give_answers(operation):
    content = operation["responses"]["200"]["content"]
    operation["responses"]["200"]["description"] = "Isi tabel."
    content["text/csv"] = {"schema": {"type": "string", "description": "CSV menurut RFC 4180, UTF-8 tanpa BOM."}}
    has_key = any(parameter["in"] == "path" for parameter in operation["parameters"])
    for status, sentence in EXAMPLES.items():
        if status != "404" or has_key:
            error = {"schema": {"$ref": "#/components/schemas/Error"}, "example": {"detail": sentence}}
            operation["responses"][status] = {"description": sentence, "content": {"application/json": error}}


def records(base=Record) -> dict[str, type[Record]]:
    """All kinds of rows and answers by the name of their component."""
    found = {}
    for record in base.__subclasses__():
        found |= {record.__name__: record} | records(record)
    return found


@cache
def schema() -> dict:
    """The same for everybody, and until the program is updated."""
    return SchemaGenerator().get_schema(request=None, public=True)


class Schema(APIView):
    """The OpenAPI document."""

    http_method_names = ["get", "head"]
    renderer_classes = [JSONRenderer]
    schema = None

    @unless_unchanged
    def get(self, request):
        return Response(schema())


class Overview(APIRootView):
    """Where the tables are."""

    http_method_names = ["get", "head"]
    renderer_classes = [JSONRenderer]
    schema = None

    @unless_unchanged
    def get(self, request, *args, **kwargs):
        response = super().get(request, *args, **kwargs)
        for name in ("api_schema", "api_docs"):
            response.data[name.removeprefix("api_")] = request.build_absolute_uri(reverse(name))
        return response
