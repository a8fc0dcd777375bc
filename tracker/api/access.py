"""Who reads the API: whoever is signed in here, or a program with a token; and how often."""

from contextlib import suppress

from django.conf import settings
from django.db import DatabaseError
from django.urls import reverse
from rest_framework.authentication import BaseAuthentication, SessionAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.throttling import SimpleRateThrottle

from tracker.duties import page_due
from tracker.models import ApiToken

SCHEME = "Token"
NOT_SIGNED_IN = (
    "Masuk dulu di situs ini, atau kirim token pada kepala permintaan: “Authorization: Token <kunci>”. "
    "Token dibuat oleh Sekretariat TKPK."
)
UNKNOWN_TOKEN = (
    "Token ini tidak dikenal, sudah dicabut, atau akunnya tidak aktif lagi. "
    "Mintalah token baru kepada Sekretariat TKPK."
)
DUTIES = {
    "password_change": "Ganti dulu kata sandi akun ini di {address}, lalu ulangi.",
    "second_factor": "Nyalakan dulu kode masuk dari telepon untuk akun ini di {address}, lalu ulangi.",
}


class TokenAuthentication(BaseAuthentication):
    def authenticate(self, request):
        """The account of the token as it is now: a role taken away or a token withdrawn holds at this request."""
        scheme, _, key = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.casefold() != SCHEME.casefold():
            return None
        token = ApiToken.objects.in_force().issued_to(key.strip()).select_related("user").first()
        if token is None:
            raise AuthenticationFailed(UNKNOWN_TOKEN)
        # Reading goes on while nothing can be written.
        with suppress(DatabaseError):
            token.note_use()
        return token.user, token

    def authenticate_header(self, request):
        return f'{SCHEME} realm="api"'


class OpenSession(SessionAuthentication):
    def enforce_csrf(self, request):
        """Nothing can be written here, so no foreign page can do so; and a POST hears that instead."""


class SignedIn(BasePermission):
    def has_permission(self, request, view):
        return request.user.is_authenticated


class NothingDue(BasePermission):
    """What a person has to do before pages open comes before the API as well. A token has no session to do it in."""

    def has_permission(self, request, view):
        if request.auth is not None or (due := page_due(request)) is None:
            return True
        self.message = DUTIES[due].format(address=reverse(due))
        return False


class PerMinute(SimpleRateThrottle):
    """Counted in the memory of each process: with two workers up to twice as many pass."""

    scope = "api"

    def get_rate(self):
        return f"{settings.API_REQUESTS_PER_MINUTE}/minute"

    def get_cache_key(self, request, view):
        who = f"token-{request.auth.pk}" if request.auth else f"user-{request.user.pk}"
        return f"api-requests-{who}"
