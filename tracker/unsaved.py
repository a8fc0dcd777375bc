"""What somebody had typed when the session ended. It travels in the sign-in page; the server keeps nothing of it."""

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.http import QueryDict
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme

from tracker.models import User

SECRET = re.compile("csrfmiddlewaretoken|password|otp_token", re.IGNORECASE)
# Left for the other fields of the sign-in form.
ROOM = 20_000


@dataclass(frozen=True, slots=True)
class Unsaved:
    """The fields of a form and where it was going; `typed_by` is the user name of who was signed in, where known."""

    target: str
    fields: QueryDict
    typed_by: str = ""
    has_files: bool = False

    @classmethod
    def of(cls, request):
        """What this POST would have saved; None when nothing was typed. Passwords are not kept."""
        fields = request.POST.copy()
        for name in filter(SECRET.search, request.POST):
            del fields[name]
        if not fields and not request.FILES:
            return None
        owner = request.session_owner and User.objects.filter(pk=request.session_owner).first()
        return cls(request.get_full_path(), fields, owner.get_username() if owner else "", bool(request.FILES))

    @classmethod
    def carried_by(cls, request):
        """What the sign-in form brought along; None when it brought nothing, or a target that is not ours."""
        target = request.POST.get("next", "")
        if "unsaved" not in request.POST or not is_own_address(request, target):
            return None
        fields = QueryDict(request.POST["unsaved"])
        return cls(target, fields, request.POST.get("typed_by", ""), "has_files" in request.POST)

    @property
    def packed(self) -> str:
        """All fields in one: beside those of the sign-in form, one by one, they could be more than a form may have."""
        return self.fields.urlencode()

    @property
    def is_too_large(self) -> bool:
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        return limit is not None and len(self.packed) > limit - ROOM


def is_own_address(request, address: str) -> bool:
    if not url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure()):
        return False
    try:
        return bool(resolve(unquote(urlsplit(address).path)))
    except Resolver404:
        return False
