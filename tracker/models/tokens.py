"""Keys with which other programs read the API in the name of an account."""

import datetime
import hashlib
import secrets

from django.db import models
from django.db.models import Q
from django.utils import timezone

from tracker.models.history import Record
from tracker.models.reference import User

# 256 bits: nobody guesses it, so that one fast hash is enough.
RANDOM_BYTES = 32


def digest_of(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


class ApiTokenQuerySet(models.QuerySet):
    def in_force(self):
        """Those that open something now: not withdrawn, and of an account that may sign in."""
        return self.filter(withdrawn_at=None, user__is_active=True)

    def issued_to(self, key: str):
        return self.filter(digest=digest_of(key))


class ApiToken(Record):
    """A key is shown once, when it is made; only its digest is stored. It reads what its account may read by then."""

    SEEN_EVERY = datetime.timedelta(minutes=1)

    name = models.CharField(
        "nama", max_length=80, unique=True, help_text="Untuk apa token ini dipakai, misalnya Dasbor Diskominfo."
    )
    user = models.ForeignKey(
        User,
        verbose_name="pengguna",
        on_delete=models.CASCADE,
        related_name="api_tokens",
        help_text="Token membaca apa yang boleh dibaca akun ini, menurut perannya saat itu. Tidak dapat diganti.",
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField("dibuat pada", default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        User, verbose_name="dibuat oleh", on_delete=models.SET_NULL, null=True, related_name="+", editable=False
    )
    last_used_at = models.DateTimeField("terakhir dipakai", null=True, editable=False)
    withdrawn_at = models.DateTimeField("dicabut pada", null=True, editable=False)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = "token API"
        verbose_name_plural = "token API"
        ordering = ["name"]

    def __str__(self):
        return self.name

    def give_key(self) -> str:
        """A new key for this token, which nobody can read again."""
        key = secrets.token_urlsafe(RANDOM_BYTES)
        self.digest = digest_of(key)
        return key

    def withdraw(self):
        """From the next request on it opens nothing."""
        self.withdrawn_at = timezone.now()
        self._change_reason = "Token dicabut"
        self.save()

    def note_use(self):
        """At most once a minute, and without a version or a history: reading changes nothing."""
        now = timezone.now()
        if self.last_used_at and now - self.last_used_at < self.SEEN_EVERY:
            return
        old = Q(last_used_at=None) | Q(last_used_at__lte=now - self.SEEN_EVERY)
        ApiToken.objects.filter(old, pk=self.pk).update(last_used_at=now)
