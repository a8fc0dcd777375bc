"""Rendered pages kept until the data or the date changes. Only pages that read the same for everybody."""

import hashlib
from functools import wraps

from django.core.cache import cache
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone

from tracker.models.history import data_version
from tracker.models.scope import rights_of

# Stands in a kept page where the reader's own name and form belong; text of people is escaped and cannot be this.
READER = "<!--reader-->"
A_DAY = 24 * 60 * 60


def kept_until_data_changes(view, *, shows_drafts=False):
    """Keep the page of a view per data version, WIB date, address and kind of reader.

    The view must not show anything that depends on who reads, beside the reader's name, the way to data entry and,
    with `shows_drafts`, what the reader's OPD and rights open: reports, and the way to change them. Files are not
    kept: they are streamed.
    """

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        if request.method != "GET" or "format" in request.GET:
            return view(request, *args, **kwargs)
        key = page_key(request, shows_drafts=shows_drafts)
        html = cache.get(key)
        if html is None:
            request.is_kept = True
            response = view(request, *args, **kwargs)
            if response.status_code != 200:
                return response
            html = response.content.decode()
            cache.set(key, html, A_DAY)
        return HttpResponse(html.replace(READER, render_to_string("tracker/parts/reader.html", request=request)))

    return wrapped


def page_key(request, *, shows_drafts=False) -> str:
    reader = request.user
    kind = (reader.is_staff, *(rights_of(reader) if shows_drafts else ()))
    # With its host: pages carry full addresses to copy.
    parts = (data_version(), timezone.localdate(), kind, request.build_absolute_uri())
    return "page-" + hashlib.sha256(repr(parts).encode()).hexdigest()
