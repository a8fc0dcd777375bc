"""What must hold before the site is served to real users."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

from tracker.models import User


def refuse_sample_accounts():
    """Raise ImproperlyConfigured when a production site still has the published sample accounts."""
    if settings.DEBUG:
        return
    try:
        names = list(User.objects.filter(is_sample=True, is_active=True).values_list("username", flat=True))
    except DatabaseError:
        return  # Not migrated yet: there are no accounts to refuse.
    if names:
        raise ImproperlyConfigured(
            f"Akun contoh masih ada: {', '.join(names)}. Jalankan 'manage.py clear_sample' sebelum DEBUG=0."
        )
