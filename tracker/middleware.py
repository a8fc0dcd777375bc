"""Who has to do something before the page that was asked for: sign in, choose a password, set up the second factor."""

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.shortcuts import redirect

from tracker.duties import page_due
from tracker.unsaved import Unsaved
from tracker.views import session

# Pages that stay open while another one is due.
ALWAYS_OPEN = ("password_change",)


class SignInMiddleware(LoginRequiredMiddleware):
    """Sends to the sign-in page; what was being saved when the session ended goes along."""

    def handle_no_permission(self, request, view_func):
        if unsaved := Unsaved.of(request):
            return session.sign_in_to_save(request, unsaved)
        return super().handle_no_permission(request, view_func)


class AccountDutyMiddleware:
    """Sends to the page that is due; what was being saved waits on the way."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        if not request.user.is_authenticated or not getattr(view_func, "login_required", True):
            return None
        due = page_due(request)
        if due is None or request.resolver_match.view_name in (due, *ALWAYS_OPEN):
            return None
        if unsaved := Unsaved.of(request):
            return session.go_on_saving(request, unsaved)
        return redirect(due)
