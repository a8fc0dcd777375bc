"""The data entry site as a whole: its names, its way in, its start page.

It stands outside the package `admin`: loading the site must not load the registrations, which need the site.
"""

from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LogoutView, redirect_to_login
from django.contrib.contenttypes.models import ContentType
from django.contrib.contenttypes.views import shortcut
from django.core.exceptions import PermissionDenied
from django.db.models import ForeignKey, ManyToManyField
from django.http import Http404, HttpResponseRedirect
from django.urls import path, reverse

from tracker import workplace

# What a clerk works with every day comes first; the word is the model's name in the registry.
SECTIONS = (
    ("Sehari-hari", ("Program", "Activity", "Report")),
    ("Waktu pelaporan", ("Period",)),
    ("Data acuan", ("Opd", "Strategy", "Priority", "FundingSource", "District", "Village", "Partner")),
    ("Gambaran kemiskinan", ("Indicator", "PovertyPocket")),
)
LAST_SECTION = "Pengaturan"
# What one reads to work with it. Other lists are read only to choose from them, and that is done in the forms.
READ_TO_WORK = ("Program", "Activity", "Report", "Period")
LONGEST_TERM = 100


class TrackerAdminSite(admin.AdminSite):
    site_header = "Pantau Program"
    site_title = "Pantau Program"
    index_title = "Pengisian data"
    empty_value_display = "–"
    # The start page lists everything; forms and tables need the width.
    enable_nav_sidebar = False

    def __init__(self, name="admin"):
        super().__init__(name)
        # Rows are deleted one at a time, each after its own question.
        self.disable_action("delete_selected")

    def get_app_list(self, request, app_label=None):
        """The models in the order of the work instead of the alphabet, without those one only chooses from."""
        apps = super().get_app_list(request, app_label)
        models = {
            model["object_name"]: (app, model)
            for app in apps
            for model in app["models"]
            if request.user.is_secretary or model["object_name"] in READ_TO_WORK or _is_written(model)
        }
        known = [name for _, names in SECTIONS for name in names]
        sections = [*SECTIONS, (LAST_SECTION, [name for name in models if name not in known])]
        return [
            {**models[found[0]][0], "name": title, "models": [models[name][1] for name in found]}
            for title, names in sections
            if (found := [name for name in names if name in models])
        ]

    def app_index(self, request, app_label, extra_context=None):
        """One start page is enough."""
        return HttpResponseRedirect(reverse("admin:index", current_app=self.name))

    def index(self, request, extra_context=None):
        """What waits for this person, by his roles; who has two finds both."""
        user, context = request.user, {}
        if user.is_operator:
            context["own"] = workplace.work_of(user.opd_id)
        if user.is_verifier or user.is_secretary:
            context["queue"] = workplace.queue_of(user)
        if user.is_secretary:
            context["asked"] = asked = workplace.quarter_to_report()
            context["next_steps"] = workplace.next_steps(asked)
        if user.is_operator or user.is_secretary:
            context["changes"] = workplace.newest_changes(user)
        return super().index(request, context | (extra_context or {}))

    @login_not_required
    def login(self, request, extra_context=None):
        """One door for everybody: /masuk/."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied("Akun ini tidak mempunyai hak untuk mengisi data. Hubungi Sekretariat TKPK.")
        target = request.GET.get("next") or reverse("admin:index", current_app=self.name)
        if self.has_permission(request):
            return HttpResponseRedirect(reverse("admin:index", current_app=self.name))
        return redirect_to_login(target, reverse("login"))

    def password_change(self, request, extra_context=None):
        """The own password has one page for everybody, also for those who enter no data."""
        return HttpResponseRedirect(reverse("password_change"))

    def logout(self, request, extra_context=None):
        return LogoutView.as_view()(request)

    def get_urls(self):
        """Ahead of Django's own way to the page of a record, which looks at no rights."""
        route = "r/<path:content_type_id>/<path:object_id>/"
        return [path(route, self.admin_view(self.view_on_site), name="view_on_site"), *super().get_urls()]

    def view_on_site(self, request, content_type_id, object_id):
        """To the page of a record, for who finds that record here."""
        models = {str(ContentType.objects.get_for_model(model).pk): model for model in self._registry}
        if content_type_id not in models:
            raise Http404
        model_admin = self._registry[models[content_type_id]]
        if not model_admin.has_view_permission(request):
            raise PermissionDenied
        if model_admin.get_object(request, object_id) is None:
            raise Http404
        return shortcut(request, content_type_id, object_id)

    def autocomplete_view(self, request):
        return SuggestionView.as_view(admin_site=self)(request)


def _is_written(model) -> bool:
    return any(model["perms"][verb] for verb in ("add", "change", "delete"))


class SuggestionView(AutocompleteJsonView):
    def process_request(self, request):
        term, model_admin, source_field, key = super().process_request(request)
        if not isinstance(source_field, ForeignKey | ManyToManyField):
            raise PermissionDenied  # a relation seen from its other end
        # PostgreSQL answers a NUL in a search with an error.
        return term.replace("\0", "")[:LONGEST_TERM], model_admin, source_field, key
