"""Sessions in the database that know when they began and when they were last seen."""

import time
from contextlib import suppress

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError


class SessionStore(db.SessionStore):
    def create_model_instance(self, data):
        """Stamp what is stored, so that every way of signing in counts from its first moment."""
        if SESSION_KEY in data:
            data["seen_at"] = int(time.time())
            data.setdefault("signed_in_at", data["seen_at"])
        return super().create_model_instance(data)

    def save(self, must_create=False):
        # Neither a session that was ended in another window nor a full disk is a reason to withhold a page.
        with suppress(UpdateError):
            super().save(must_create)
