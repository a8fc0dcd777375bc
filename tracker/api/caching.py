"""Answers that a program may keep, and ask again whether they still hold, without any figure being computed."""

import hashlib
from functools import cache, wraps
from pathlib import Path

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags, quote_etag

from tracker.models.history import data_version
from tracker.models.scope import rights_of

CODE = Path(__file__).resolve().parent.parent


def unless_unchanged(view):
    """Answer 304 where the asker has what he would get. The address may be wrong: then nobody has its ETag."""

    @wraps(view)
    def wrapped(self, request, *args, **kwargs):
        etag = etag_of(request, shows_drafts=getattr(self, "shows_drafts", False))
        known = [each.removeprefix("W/") for each in parse_etags(request.META.get("HTTP_IF_NONE_MATCH", ""))]
        response = HttpResponse(status=304) if etag in known else view(self, request, *args, **kwargs)
        response["ETag"] = etag
        response["Cache-Control"] = "private, no-cache"
        patch_vary_headers(response, ["Authorization", "Cookie", "Accept"])
        return response

    return wrapped


def etag_of(request, *, shows_drafts) -> str:
    """Equal for equal data, day (in Western Indonesia), reader, address and format.

    Only where drafts can show does it matter what the reader's roles are now; asking for them costs a sixth of a 304.
    """
    parts = (
        data_version(),
        timezone.localdate(),
        request.user.pk,
        rights_of(request.user) if shows_drafts else (),
        request.build_absolute_uri(),
        request.accepted_renderer.format,
        settings.REGION_NAME,
        code_version(),
    )
    return quote_etag(hashlib.sha256(repr(parts).encode()).hexdigest()[:32])


@cache
def code_version() -> str:
    """Another word after every update of the program, which may change what an answer looks like."""
    found = hashlib.sha256()
    for file in sorted(CODE.rglob("*.py")):
        found.update(file.read_bytes())
    return found.hexdigest()
