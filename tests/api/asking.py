"""Asking the API as another program does: with a token, or in the session of a browser; reading JSON and CSV."""

import csv
import io
from urllib.parse import urlencode

from django.test import Client

from tests import make
from tests.reading import content

TABLES = (
    "opds",
    "strategies",
    "priorities",
    "districts",
    "programs",
    "activities",
    "reports",
    "periods",
    "indicators",
)
GROUPINGS = ("strategy", "priority", "opd", "district", "quarter", "funding_source")


def program_of(user) -> Client:
    """A program that reads with a token of this account."""
    _, key = make.token(user, f"Token {user.username}")
    return Client(headers={"Authorization": f"Token {key}"})


def address(path, **asked) -> str:
    return f"/api/v1/{path}" + (f"?{urlencode(asked)}" if asked else "")


def csv_of(response) -> list[dict[str, str]]:
    """The rows of a machine CSV, read by the rules of RFC 4180."""
    assert (response.status_code, response["Content-Type"]) == (200, "text/csv; charset=utf-8")
    data = content(response)
    assert not data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(data.decode(), newline=""), strict=True))
