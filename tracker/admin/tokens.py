"""Tokens of the API: made and withdrawn by the Sekretariat. A key shows once, and nobody gives more than he has."""

from django import forms
from django.contrib import admin
from django.template.response import TemplateResponse
from django.urls import reverse

from tracker import formats, values
from tracker.admin.base import RecordAdmin
from tracker.admin.forms import RecordForm
from tracker.models import ApiToken
from tracker.models.scope import outranks


class NewTokenForm(RecordForm):
    def clean_user(self):
        """What somebody may not choose is answered like what is not there."""
        user = self.cleaned_data["user"]
        if not user.is_active or outranks(user, self.user):
            field = self.fields["user"]
            raise forms.ValidationError(field.error_messages["invalid_choice"], "invalid_choice", {"value": user.pk})
        return user


class TokenForm(RecordForm):
    is_withdrawn = forms.BooleanField(
        label="Cabut token ini",
        required=False,
        help_text="Berlaku sejak permintaan berikutnya, dan tidak dapat dibatalkan. Buat token baru bila perlu lagi.",
    )


@admin.register(ApiToken)
class TokenAdmin(RecordAdmin):
    list_display = ["name", "user", "state", "created_by", "created_at", "used"]
    list_select_related = ["user", "created_by"]
    search_fields = ["name", "user__username"]
    autocomplete_fields = ["user"]
    add_fieldsets = [
        (
            None,
            {
                "fields": ["name", "user"],
                "description": "Token membuka API untuk program lain: hanya membaca, dengan hak akun yang dipilih. "
                "Kuncinya ditampilkan satu kali, sesudah disimpan.",
            },
        )
    ]
    fieldsets = [
        (None, {"fields": ["name", "user", "is_withdrawn"]}),
        ("Catatan", {"fields": ["state", "created_at", "created_by", "used"]}),
    ]

    @admin.display(description="keadaan", ordering="withdrawn_at")
    def state(self, token):
        if token.withdrawn_at:
            return f"dicabut {values.moment(token.withdrawn_at)}"
        return "berlaku" if token.user.is_active else "akun tidak aktif"

    @admin.display(description="terakhir dipakai", ordering="last_used_at")
    def used(self, token):
        return values.moment(token.last_used_at) if token.last_used_at else formats.DASH

    def get_fieldsets(self, request, obj=None):
        return super().get_fieldsets(request, obj) if obj else self.add_fieldsets

    def get_form(self, request, obj=None, change=False, **kwargs):
        return super().get_form(request, obj, change, **kwargs | {"form": TokenForm if obj else NewTokenForm})

    def get_readonly_fields(self, request, obj=None):
        return ["user", "state", "created_at", "created_by", "used"] if obj else []

    def has_add_permission(self, request):
        return super().has_add_permission(request) and request.user.is_secretary

    def has_change_permission(self, request, obj=None):
        """What was withdrawn stays so."""
        return super().has_change_permission(request, obj) and not (obj and obj.withdrawn_at)

    def has_delete_permission(self, request, obj=None):
        """Withdrawn tokens stay, to tell who once read here."""
        return False

    def save_model(self, request, obj, form, change):
        if not change:
            obj.created_by = request.user
            request.new_key = obj.give_key()
        if change and form.cleaned_data.get("is_withdrawn"):
            obj.withdraw()
            return
        super().save_model(request, obj, form, change)

    def response_add(self, request, obj, post_url_continue=None):
        """The page with the key is the answer itself: so the key is stored nowhere, in no message and no session."""
        context = {
            **self.admin_site.each_context(request),
            "title": f"Kunci {obj}",
            "opts": self.opts,
            "token": obj,
            "key": request.new_key,
            "docs": request.build_absolute_uri(reverse("api_docs")),
        }
        return TemplateResponse(request, "admin/token_key.html", context)
