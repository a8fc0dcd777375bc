"""Who gets in: the password, the code of the second factor, and the count of failures that django-axes keeps."""

import ipaddress
import math
from contextlib import suppress

from axes.backends import AxesStandaloneBackend
from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.signals import user_login_failed
from django.db.models import Max
from django.utils import timezone

from tracker import second_factor

NO_ADDRESS = "0.0.0.0"


class Backend(AxesStandaloneBackend, ModelBackend):
    """A wrong code is a wrong password: the same answer, and one more failure."""

    def authenticate(self, request, username=None, password=None, otp_token="", **kwargs):
        # Django's test client signs in without a request; then there is no address to count for.
        if request is not None:
            super().authenticate(request, username, password)
        user = ModelBackend.authenticate(self, request, username, password)
        return user if user and second_factor.accepts(user, otp_token) else None


def counted_name(request, credentials) -> str:
    """The user name under which failures count: one name in small letters and in capitals, of any length."""
    name = (credentials or {}).get("username") or ""
    return name.strip().casefold()[:255]


def client_address(request) -> str:
    """The address for which failures count, as seen by the outermost of our own proxies.

    What stands further left in X-Forwarded-For was written by the client. (django-ipware takes it for the client's
    address when its count is that of the proxies; hence this function.)
    """
    text = request.META.get("REMOTE_ADDR", "")
    forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    if 0 < settings.PROXY_COUNT <= len(forwarded):
        text = forwarded[-settings.PROXY_COUNT]
    with suppress(ValueError):
        address = ipaddress.ip_address(text)
        if address.version == 6:
            # One subscriber has a whole /64 of these.
            address = ipaddress.ip_network((address.packed, 64), strict=False).network_address
        return str(address)
    return NO_ADDRESS


def knows_password(request, password: str) -> bool:
    """Whether whoever sits before an open session knows its password; failures count as at the sign-in."""
    credentials = {"username": request.user.get_username()}
    request.axes_locked_out = not AxesProxyHandler.is_allowed(request, credentials)
    if not request.axes_locked_out and request.user.check_password(password):
        return True
    user_login_failed.send(sender=__name__, credentials=credentials, request=request)
    return False


def minutes_to_wait(request) -> int:
    """How long this request's user name is locked at its address; 0 when it is not."""
    if not getattr(request, "axes_locked_out", False):
        return 0
    attempts = AccessAttempt.objects.filter(
        username=counted_name(request, request.axes_credentials), ip_address=request.axes_ip_address
    )
    last = attempts.aggregate(last=Max("attempt_time"))["last"] or timezone.now()
    return max(1, math.ceil((last + get_cool_off() - timezone.now()).total_seconds() / 60))
