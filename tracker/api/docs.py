"""The page that explains the API, made of its schema; without a script, so that it opens and prints anywhere."""

import json
from functools import cache
from typing import NamedTuple

from django.conf import settings
from django.shortcuts import render
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from tracker.api.schema import schema
from tracker.selection import Selection

KINDS = {
    ("string", ""): "teks",
    ("string", "decimal"): "desimal",
    ("string", "date"): "tanggal",
    ("string", "date-time"): "waktu",
    ("integer", ""): "bilangan bulat",
    ("boolean", ""): "true atau false",
    ("array", ""): "daftar",
    ("object", ""): "objek",
}


class Entry(NamedTuple):
    """A parameter, or a field of an answer."""

    name: str
    kind: str
    meaning: SafeString
    example: str


class Chapter(NamedTuple):
    """One table of the API."""

    name: str
    path: str
    meaning: str
    parameters: list[Entry]
    fields: list[Entry]
    example: str
    key: Entry | None  # of one row by itself
    key_parameters: list[Entry]


@require_safe
def documentation(request):
    """People sign in to read it, like any page."""
    context = {
        "selection": Selection({}),
        "site": request.build_absolute_uri("/").removesuffix("/"),
        "chapters": chapters(),
        "limit": settings.API_REQUESTS_PER_MINUTE,
    }
    return render(request, "tracker/api/docs.html", context)


@cache
def chapters() -> list[Chapter]:
    paths = schema()["paths"]
    return [chapter(path, paths) for path in paths if "{" not in path]


def chapter(path, paths) -> Chapter:
    operation = paths[path]["get"]
    one = paths.get(f"{path}{{key}}/", {"get": {"parameters": []}})["get"]
    row = row_of(component_of(operation))
    return Chapter(
        operation["tags"][0],
        path,
        operation["description"],
        [parameter_entry(parameter) for parameter in operation["parameters"]],
        list(field_entries(row)),
        json.dumps(row["examples"][0], indent=2, ensure_ascii=False),
        next((parameter_entry(each) for each in one["parameters"] if each["in"] == "path"), None),
        [parameter_entry(each) for each in one["parameters"] if each["in"] == "query"],
    )


def component(reference) -> dict:
    return schema()["components"]["schemas"][reference["$ref"].rpartition("/")[2]]


def component_of(operation) -> dict:
    return component(operation["responses"]["200"]["content"]["application/json"]["schema"])


def row_of(answer) -> dict:
    return component(answer["properties"]["results"]["items"])


def parameter_entry(parameter) -> Entry:
    shape = parameter["schema"]
    words = "" if not shape.get("enum") else f" Nilai: {', '.join(f'`{word}`' for word in shape['enum'])}."
    return Entry(parameter["name"], "", marked(parameter["description"] + words), shape["examples"][0])


def field_entries(row, prefix=""):
    """The fields of a row, those of a nested one with the name of both."""
    for name, shape in row["properties"].items():
        nested = shape.get("allOf", [shape])[0]
        if "$ref" in nested:
            yield from field_entries(component(nested), f"{name}.")
        else:
            example = shape["examples"][0]
            example = example if isinstance(example, str) else json.dumps(example, ensure_ascii=False)
            yield Entry(prefix + name, kind_of(shape), marked(shape["description"]), example)


def kind_of(shape) -> str:
    kinds = shape["type"] if isinstance(shape["type"], list) else [shape["type"]]
    word = KINDS[kinds[0], shape.get("format", "") if kinds[0] == "string" else ""]
    return f"{word}, atau null" if "null" in kinds else word


def marked(text: str) -> SafeString:
    """Words between backticks as code, and a list of words in one line."""
    text = text.replace("\n\n* ", " Nilai: ").replace("\n* ", "; ").replace("` - ", "` ")
    parts = conditional_escape(text).split("`")
    return mark_safe("".join(f"<code>{part}</code>" if place % 2 else part for place, part in enumerate(parts)))
