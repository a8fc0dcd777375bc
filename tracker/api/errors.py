"""What goes wrong, as {"detail": a sentence}."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from tracker.api.access import NOT_SIGNED_IN
from tracker.selection import BadSelection

SENTENCES = {
    exceptions.NotAuthenticated: NOT_SIGNED_IN,
    exceptions.MethodNotAllowed: "Alamat ini hanya dapat dibaca: gunakan GET.",
    exceptions.NotAcceptable: "Yang tersedia hanya JSON (application/json) dan CSV (text/csv).",
    exceptions.NotFound: "Tidak ada data pada alamat ini. Alamat yang tersedia tertulis di /api/v1/docs/.",
}
# By the status of the answer, for the documentation.
EXAMPLES = {
    "400": "Saringan OPD tidak mengenal “999”. Pilih lagi dari daftar, atau hapus saringan itu.",
    "401": NOT_SIGNED_IN,
    "403": "Ganti dulu kata sandi akun ini di /akun/kata-sandi/, lalu ulangi.",
    "404": SENTENCES[exceptions.NotFound],
    "406": SENTENCES[exceptions.NotAcceptable],
    "429": "Terlalu banyak permintaan dalam satu menit. Coba lagi 12 detik lagi.",
}


def answer(error, context):
    """Always JSON, whatever was asked for. None for a fault of our own, which Django then reports."""
    request = context["request"]
    request.accepted_renderer, request.accepted_media_type = JSONRenderer(), JSONRenderer.media_type
    if isinstance(error, BadSelection):
        return Response({"detail": " ".join(error.messages)}, status=400)
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    if isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied(str(error) or None)
    if not isinstance(error, exceptions.APIException):
        return None
    return Response({"detail": sentence_of(error)}, status=error.status_code, headers=headers_of(error))


def sentence_of(error) -> str:
    if isinstance(error, exceptions.Throttled):
        return f"Terlalu banyak permintaan dalam satu menit. Coba lagi {seconds_to_wait(error)} detik lagi."
    return SENTENCES.get(type(error)) or str(error.detail)


def headers_of(error) -> dict[str, str]:
    headers = {}
    if getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = error.auth_header
    if isinstance(error, exceptions.Throttled):
        headers["Retry-After"] = str(seconds_to_wait(error))
    return headers


def seconds_to_wait(error) -> int:
    return max(1, int(error.wait or 1))
