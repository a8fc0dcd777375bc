import time

from django.conf import settings
from django.contrib.auth import SESSION_KEY


class SecureHeadersMiddleware:
    """Send the Content-Security-Policy, and keep everything behind the login out of every cache."""

    def __init__(self, get_response):
        self.get_response = get_response
        self.policy = "; ".join(f"{directive} {sources}" for directive, sources in settings.SECURE_CSP.items())

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", self.policy)
        response.headers.setdefault("Cache-Control", "no-store, private")
        return response


class SessionLimitMiddleware:
    """End a session some time after its last request, and in any case some time after its beginning."""

    # Reading pages must not write to the database each time.
    SEEN_EVERY = 60

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        session = request.session
        # Once the session has ended nothing else tells whose it was.
        request.session_owner = session.get(SESSION_KEY)
        if request.session_owner:
            now = time.time()
            idle, age = now - session.get("seen_at", 0), now - session.get("signed_in_at", 0)
            if idle > settings.SESSION_IDLE_AGE or age > settings.SESSION_COOKIE_AGE:
                session.flush()
            elif idle >= self.SEEN_EVERY:
                session.modified = True  # config/sessions.py writes the moment
        return self.get_response(request)
