"""The house rules of data entry: versions, locks of rows, history without a way back, addresses that are checked."""

import re

from django.contrib import admin, messages
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IS_POPUP_VAR, IncorrectLookupParameters
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters, admin_urlname
from django.contrib.admin.utils import flatten_fieldsets
from django.contrib.admin.views.main import ERROR_FLAG, ChangeList
from django.contrib.admin.widgets import (
    AdminIntegerFieldWidget,
    AutocompleteSelect,
    AutocompleteSelectMultiple,
    RelatedFieldWidgetWrapper,
)
from django.contrib.messages.storage import default_storage
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models, transaction
from django.forms import Media
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse

from tracker.admin.faults import faults_of
from tracker.admin.forms import (
    KEY,
    ManyFormField,
    ReasonedForm,
    RecordForm,
    RecordFormSet,
    TabularFormSet,
)
from tracker.admin.record_history import RecordHistoryView
from tracker.admin_site import LONGEST_TERM
from tracker.form_fields import ENTRY
from tracker.models.scope import may_write, workable

# Of rows inside a form: more than about these do not fit into the thousand fields that one POST may have, and a form
# that only claims to have them would keep the server busy.
MOST_ROWS = 180
# What a sidebar filter writes into the address: a word, a short number, or several words joined by a hyphen.
FILTER_VALUE = re.compile(r"[a-z_-]{1,40}|\d{1,9}|\d{4}-\d", re.IGNORECASE | re.ASCII)


def locked(queryset):
    """The rows, kept from other writers until this transaction ends, where the database can do that."""
    return queryset.select_for_update(of=("self",), no_key=True)


class Searched:
    """A choice that is typed, with a hint and a name that screen readers find too: select2 gives its box neither."""

    @property
    def media(self):
        return super().media + Media(js=["tracker/autocomplete.js"])

    def build_attrs(self, base_attrs, extra_attrs=None):
        attrs = super().build_attrs(base_attrs, extra_attrs)
        attrs["data-placeholder"] = f"Ketik untuk mencari {self.field.verbose_name}"
        return attrs

    def optgroups(self, name, value, attrs=None):
        """What was chosen is looked up to show it, also when an address or a forged form says it is "abc"."""
        return super().optgroups(name, [key for key in value if KEY.fullmatch(str(key))], attrs)


class SearchedSelect(Searched, AutocompleteSelect):
    pass


class SearchedSelectMultiple(Searched, AutocompleteSelectMultiple):
    pass


class RecordOptions:
    """What a form of its own and a form inside another one have in common."""

    form = RecordForm
    exclude = ("version",)
    formfield_overrides = {
        **ENTRY,
        models.PositiveSmallIntegerField: {
            **ENTRY[models.PositiveSmallIntegerField],
            "widget": AdminIntegerFieldWidget,
        },
    }

    def get_fieldsets(self, request, obj=None):
        """The version travels hidden in the first fieldset."""
        fieldsets = super().get_fieldsets(request, obj)
        if "version" in flatten_fieldsets(fieldsets) or not (obj is None or self.has_change_permission(request, obj)):
            return fieldsets
        (title, options), *others = fieldsets
        return [(title, {**options, "fields": [*options["fields"], "version"]}), *others]

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", SearchedSelect(db_field, self.admin_site))
        if hasattr(db_field.related_model, "opd_path"):
            # A suggestion shows the own rows only; the field has to refuse the others as well.
            kwargs.setdefault("queryset", db_field.related_model.objects.editable_by(request.user))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", SearchedSelectMultiple(db_field, self.admin_site))
        kwargs.setdefault("form_class", ManyFormField)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Choosing is one thing, changing what can be chosen another: no small icons beside a choice."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            widget = field.widget
            widget.can_add_related = widget.can_change_related = False
            widget.can_delete_related = widget.can_view_related = False
        return field


def is_own(user, record) -> bool:
    """Whether the record leaves this person's rights as they are: it belongs to no OPD, or to one of his."""
    return record is None or not hasattr(record, "opd_path") or may_write(user, record)


class OwnRows:
    """Rows of the own OPD, for a model that says which that is; rights of the role, for the rows it may write."""

    def get_queryset(self, request):
        queryset = super().get_queryset(request)
        path = getattr(self.model, "opd_path", None)
        return queryset.filter(workable(request.user, opd_path=path)) if path else queryset

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and is_own(request.user, obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and is_own(request.user, obj)


class RecordChangeList(ChangeList):
    def get_results(self, request):
        """Rows that were changed may leave the list, and its last page with them: then the page before is shown."""
        try:
            super().get_results(request)
        except IncorrectLookupParameters:
            pages = self.model_admin.get_paginator(request, self.queryset, self.list_per_page)
            self.page_num = max(1, min(self.page_num, pages.num_pages))
            super().get_results(request)
        if not (self.query or self.has_active_filters):
            # Equal counts: then the search box offers no "show all" where all are shown.
            self.full_result_count = self.result_count

    def get_filters(self, request):
        try:
            return super().get_filters(request)
        except DisallowedModelAdminLookup as error:
            raise IncorrectLookupParameters(str(error)) from None


class RecordAdmin(OwnRows, RecordOptions, RecordHistoryView):
    list_per_page = 50
    list_max_show_all = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    def get_changelist(self, request, **kwargs):
        return RecordChangeList

    def changelist_view(self, request, extra_context=None):
        if ERROR_FLAG in request.GET:
            self.message_user(
                request, "Saringan pada alamat itu tidak dikenal, jadi semua baris ditampilkan.", messages.WARNING
            )
            return HttpResponseRedirect(request.path)
        return super().changelist_view(request, extra_context)

    def get_search_results(self, request, queryset, search_term):
        """Of a search only so much is asked as the database can take: SQLite fails at a thousand words."""
        return super().get_search_results(request, queryset, search_term[:LONGEST_TERM])

    def response_action(self, request, queryset):
        """Keys that no row can have are as unknown as those of another OPD."""
        request.POST = request.POST.copy()
        chosen = request.POST.getlist(ACTION_CHECKBOX_NAME)
        request.POST.setlist(ACTION_CHECKBOX_NAME, list(filter(KEY.fullmatch, chosen)))
        return super().response_action(request, queryset)

    def lookup_allowed(self, lookup, value, request):
        """Only what a filter of this list can ask for, with a value it can have."""
        return lookup in self.offered_lookups(request) and bool(FILTER_VALUE.fullmatch(str(value)))

    def offered_lookups(self, request):
        offered = set()
        for item in self.get_list_filter(request):
            if isinstance(item, type):
                offered.add(item.parameter_name)
                continue
            path = item if isinstance(item, str) else item[0]
            offered |= {path, f"{path}__exact", f"{path}__id__exact", f"{path}__isnull"}
        return offered

    def page_for_reading(self, request, record):
        return self.view_on_site(record)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Where somebody saves the same at the same moment, the database refuses; a second look tells why."""
        if "_saveasnew" in request.POST:
            raise PermissionDenied  # no form has that button, and Django would add a copy all the same
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except IntegrityError:
            request._messages = default_storage(request)  # the first look has not saved what it says
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_object(self, request, object_id, from_field=None):
        """While saving, the row as it is now, kept from other writers: two saves at once cannot both pass.

        What is not there and what belongs to another OPD get the same answer.
        """
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        record = super().get_object(request, object_id, from_field)
        if record is None:
            raise Http404
        if request.method == "POST" and transaction.get_connection().in_atomic_block:
            record.refresh_from_db(from_queryset=locked(self.model._base_manager.all()))
        return record

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.user = request.user
        return form

    def save_model(self, request, obj, form, change):
        """A form in which nothing was changed leaves no version and no history behind."""
        if change and not form.changed_data:
            return
        super().save_model(request, obj, form, change)
        self.warn(request, obj)

    def save_formset(self, request, form, formset, change):
        super().save_formset(request, form, formset, change)
        for record in (*formset.new_objects, *(record for record, _ in formset.changed_objects)):
            self.warn(request, record)

    def warn(self, request, record):
        for warning in getattr(record, "warnings", list)():
            self.message_user(request, warning, messages.WARNING)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        """The template names the faulty fields itself, instead of Django's sentence.

        Whoever may only read is led to the page for readers, where there is one: a dead form helps nobody.
        """
        if obj and not self.has_change_permission(request, obj) and (page := self.page_for_reading(request, obj)):
            return HttpResponseRedirect(page)
        if context.get("errors"):
            context["errors"] = None
            context["faults"] = faults_of(context["adminform"].form, context["inline_admin_formsets"])
            context["is_faulty"] = True
        return super().render_change_form(request, context, add, change, form_url, obj)

    def response_add(self, request, obj, post_url_continue=None):
        if IS_POPUP_VAR in request.POST or "_continue" not in request.POST:
            return super().response_add(request, obj, post_url_continue)
        return self.stay_with(request, obj)

    def response_change(self, request, obj):
        if IS_POPUP_VAR in request.POST or "_continue" not in request.POST:
            return super().response_change(request, obj)
        return self.stay_with(request, obj)

    def stay_with(self, request, obj):
        if not self.has_change_permission(request, obj):
            return self.response_post_save_change(request, obj)
        self.message_user(request, f"{obj} sudah disimpan. Isiannya masih dapat diperbaiki di sini.", messages.SUCCESS)
        return self.redirect(request, reverse(admin_urlname(self.opts, "change"), args=[obj.pk]))

    def redirect(self, request, url):
        """To an address of this admin, with the filters of the list one came from."""
        filters = {"preserved_filters": self.get_preserved_filters(request), "opts": self.opts}
        return HttpResponseRedirect(add_preserved_filters(filters, url))

    def get_deleted_objects(self, objs, request):
        """Where rows are in the way nothing is deleted, so that is said, and not which rights would be missing."""
        found, counts, missing_rights, protected = super().get_deleted_objects(objs, request)
        return found, counts, set() if protected else missing_rights, protected

    def view_on_site(self, obj):
        return obj.get_absolute_url() if hasattr(obj, "get_absolute_url") else None


class ReasonedAdmin(RecordAdmin):
    """Changes of these records may have to be explained."""

    form = ReasonedForm

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        is_there = "history_change_reason" in flatten_fieldsets(fieldsets)
        if is_there or obj is None or not self.has_change_permission(request, obj):
            return fieldsets
        return [*fieldsets, ("Alasan", {"fields": ["history_change_reason"]})]


class GoOnAdmin(RecordAdmin):
    """After adding a row comes its own page again, because its parts are entered there."""

    def response_add(self, request, obj, post_url_continue=None):
        if "_addanother" not in request.POST and IS_POPUP_VAR not in request.POST:
            request.POST = request.POST.copy()
            request.POST["_continue"] = "1"
        return super().response_add(request, obj, post_url_continue)


class RecordInline(RecordOptions):
    """Rows inside the form of their parent: whoever may not write the parent may not write them."""

    formset = RecordFormSet
    extra = 0
    max_num = MOST_ROWS

    def has_add_permission(self, request, obj=None):
        return super().has_add_permission(request, obj) and is_own(request.user, obj)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and is_own(request.user, obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and is_own(request.user, obj)

    def get_queryset(self, request):
        queryset = super().get_queryset(request)
        return locked(queryset) if request.method == "POST" else queryset

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **{"absolute_max": MOST_ROWS, **kwargs})
        formset.form.user = request.user
        return formset


class RecordStackedInline(RecordInline, admin.StackedInline):
    pass


class RecordTabularInline(RecordInline, admin.TabularInline):
    template = "admin/edit_inline/record_tabular.html"
    formset = TabularFormSet
