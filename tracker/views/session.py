"""The way in, the own account, and the way back to what had not been saved yet."""

from django.contrib import messages
from django.contrib.auth import login, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from tracker import second_factor as factor
from tracker.duties import HAS_SECOND_FACTOR, page_due
from tracker.sign_in import minutes_to_wait
from tracker.unsaved import Unsaved
from tracker.views.session_forms import PasswordForm, SignInForm, TurnOffForm, TurnOnForm

KEY_IN_SETUP = "second_factor_key"


@method_decorator(login_not_required, name="dispatch")
class SignIn(LoginView):
    form_class = SignInForm
    template_name = "tracker/session/login.html"
    redirect_authenticated_user = True

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated and (unsaved := Unsaved.carried_by(request)):
            return go_on_saving(request, unsaved)
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        return super().get_context_data(unsaved=Unsaved.carried_by(self.request), **kwargs)

    def form_valid(self, form):
        login(self.request, form.get_user())
        if unsaved := Unsaved.carried_by(self.request):
            return go_on_saving(self.request, unsaved)
        return HttpResponseRedirect(self.get_success_url())

    def form_invalid(self, form):
        wait = minutes_to_wait(self.request)
        return self.render_to_response(self.get_context_data(form=form, wait=wait), status=429 if wait else 200)


def sign_in_to_save(request, unsaved):
    """The sign-in page in place of an answer. Its status is not that of a success, because nothing was saved."""
    form = SignInForm(request, initial={"username": unsaved.typed_by})
    context = {"form": form, "unsaved": unsaved, "next": unsaved.target}
    return render(request, SignIn.template_name, context, status=403)


def go_on_saving(request, unsaved):
    """Ask whoever is signed in now whether to save what was typed."""
    return render(request, "tracker/session/unsaved.html", {"unsaved": unsaved, "due": page_due(request)})


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def password_change(request):
    form = PasswordForm(request, request.POST if request.method == "POST" else None)
    if form.is_valid():
        form.save()
        update_session_auth_hash(request, request.user)
        messages.success(request, "Kata sandi Anda sudah diganti. Di perangkat lain Anda perlu masuk kembali.")
        return redirect("password_change")
    return render(request, "tracker/session/password_change.html", {"form": form})


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request):
    return when_on(request) if factor.is_on(request.user) else when_off(request)


def when_on(request):
    form = TurnOffForm(request, request.POST if "password" in request.POST else None)
    if form.is_valid():
        factor.turn_off(request.user)
        request.session.pop(HAS_SECOND_FACTOR, None)
        messages.success(request, "Kode masuk dari telepon sudah dimatikan.")
        return redirect("second_factor")
    return render(request, "tracker/session/second_factor.html", {"form": form, "is_on": True})


def when_off(request):
    key = request.session.setdefault(KEY_IN_SETUP, factor.new_key())
    form = TurnOnForm(request.user, key, request.POST if "otp_token" in request.POST else None)
    if form.is_valid():
        form.save()
        del request.session[KEY_IN_SETUP]
        messages.success(request, "Kode masuk dari telepon sudah menyala. Mulai sekarang kode itu diminta saat masuk.")
        return redirect("second_factor")
    context = {
        "form": form,
        "picture": factor.picture(request.user, key),
        "key": factor.spelled(key),
        "is_required": page_due(request) == "second_factor",
    }
    return render(request, "tracker/session/second_factor.html", context)
