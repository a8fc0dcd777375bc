from django.conf import settings


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
