"""Accounts: who works for which OPD, in which role. Rights come with the role; nobody gives rights above his own."""

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import (
    AdminPasswordChangeForm,
    ReadOnlyPasswordHashField,
    UserChangeForm,
    UserCreationForm,
)
from django.contrib.auth.forms import ReadOnlyPasswordHashWidget as DjangoPasswordWidget
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Case, Q, When
from django.shortcuts import redirect
from django.utils.html import format_html
from django_otp.plugins.otp_totp.models import TOTPDevice

from tracker import formats, roles, second_factor
from tracker.admin.base import GoOnAdmin, locked
from tracker.admin.forms import KEY, RecordForm
from tracker.models import User
from tracker.models.scope import Role, outranks

admin.site.unregister([Group, TOTPDevice])

RIGHTS = ("is_active", "groups", "is_superuser")
SECRETARIES = Q(is_active=True) & (Q(is_superuser=True) | Q(groups__name=Role.SECRETARIAT))
LABELS = {"is_active": "Aktif", "is_superuser": "Administrator sistem"}
HELP_TEXTS = {
    "username": "Dipakai untuk masuk: huruf, angka, dan tanda @ . + - _ tanpa spasi.",
    "is_active": "Boleh masuk. Hapus centang ini bila orangnya pindah atau berhenti.",
    "opd": "Wajib untuk operator. Verifikator yang bekerja di sebuah OPD juga diberi OPD-nya, agar laporan OPD itu "
    "diverifikasi orang lain.",
    "is_superuser": "Untuk yang memasang program ini: sama dengan Sekretariat TKPK, dan boleh mengangkat "
    "administrator sistem lain.",
}


class PasswordWidget(DjangoPasswordWidget):
    """Whether there is a password, without how it is kept."""

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        has_password = any("value" in entry for entry in context["summary"])
        context["summary"] = [{"label": "Sudah ada kata sandi." if has_password else "Belum ada kata sandi."}]
        context["button_label"] = "Ganti kata sandi" if has_password else "Buat kata sandi"
        return context


class RoleField(forms.ModelMultipleChoiceField):
    """The roles, each with what it may do."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self):
        in_order = Case(*(When(name=role, then=place) for place, role in enumerate(Role)))
        groups = Group.objects.filter(name__in=Role.values).order_by(in_order)
        super().__init__(groups, label="Peran", required=False)

    def label_from_instance(self, group):
        return format_html("<b>{}</b>: {}", group.name, roles.HELP[group.name])

    def clean(self, value):
        for key in value or ():
            if not KEY.fullmatch(str(key)):
                raise forms.ValidationError(self.error_messages["invalid_pk_value"], "invalid_pk_value", {"pk": key})
        return super().clean(value)


class RolesForm(RecordForm):
    """What makes an operator: the role and the OPD. Nobody offers a role above his own."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "groups" in self.fields and not self.user.is_secretary:
            groups = self.fields["groups"]
            groups.queryset = groups.queryset.filter(user=self.user)

    def clean(self):
        cleaned_data = super().clean()
        chosen = {group.name for group in cleaned_data.get("groups") or ()}
        if Role.OPERATOR in chosen and "opd" not in self.errors and not cleaned_data.get("opd"):
            self.add_error("opd", "Pilih OPD tempat operator ini bekerja; tanpa OPD tidak ada yang dapat diisinya.")
        return cleaned_data


class UserForm(RolesForm, UserChangeForm):
    groups = RoleField()
    without_code = forms.BooleanField(
        label="Matikan kode masuk dari telepon",
        required=False,
        help_text="Bila teleponnya hilang atau diganti. Sesudah itu cukup kata sandi, sampai kodenya dinyalakan lagi.",
    )
    password = ReadOnlyPasswordHashField(
        label="Kata sandi",
        widget=PasswordWidget,
        help_text="Tidak dapat dibaca siapa pun. Bila lupa, buatkan yang baru.",
    )

    class Meta(UserChangeForm.Meta):
        labels, help_texts = LABELS, HELP_TEXTS


class GivenPassword:
    """A password that somebody else has set is good until the first sign-in. Sample accounts keep theirs."""

    def set_password_and_save(self, user, *args, **kwargs):
        user.must_change_password = not user.is_sample
        return super().set_password_and_save(user, *args, **kwargs)


class GivenPasswordForm(GivenPassword, AdminPasswordChangeForm):
    pass


class NewUserForm(GivenPassword, RolesForm, UserCreationForm):
    groups = RoleField()

    class Meta(UserCreationForm.Meta):
        model = User
        labels, help_texts = LABELS, HELP_TEXTS


class RoleFilter(admin.SimpleListFilter):
    title = "peran"
    parameter_name = "peran"

    def lookups(self, request, model_admin):
        return [(role.name.lower(), role.value) for role in Role]

    def queryset(self, request, queryset):
        names = {role.name.lower(): role.value for role in Role}
        return queryset.filter(groups__name=names[self.value()]) if self.value() in names else queryset


@admin.register(User)
class UserAdmin(GoOnAdmin, DjangoUserAdmin):
    form = UserForm
    add_form = NewUserForm
    change_password_form = GivenPasswordForm
    add_form_template = None
    list_display = ["username", "full_name", "opd", "role", "state", "sample"]
    list_filter = ["is_active", RoleFilter, ("opd", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["opd"]
    search_fields = ["username", "first_name", "last_name", "opd__name", "opd__short_name"]
    autocomplete_fields = ["opd"]
    filter_horizontal = []
    readonly_fields = ["last_login", "date_joined"]
    rights = (
        "Hak",
        {
            "fields": RIGHTS,
            "description": "Peran memberi hak. Akun yang tidak dipakai lagi tidak dihapus: hapus centang “Aktif”. "
            "Hak sendiri hanya dapat diubah orang lain, dan selalu tinggal satu Sekretariat yang aktif.",
        },
    )
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        ("Orang dan OPD", {"fields": [("first_name", "last_name"), "email", "opd"]}),
        rights,
        ("Catatan", {"classes": ["collapse"], "fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "password1", "password2"]}),
        ("Orang dan OPD", {"fields": [("first_name", "last_name"), "opd"]}),
        rights,
    ]

    @admin.display(description="nama", ordering="first_name")
    def full_name(self, user):
        return user.get_full_name()

    @admin.display(description="peran")
    def role(self, user):
        names = [group.name for group in user.groups.all()]
        return formats.listed(["Administrator sistem", *names] if user.is_superuser else names, most=3) or "pembaca"

    @admin.display(description="keadaan", ordering="is_active")
    def state(self, user):
        return "aktif" if user.is_active else "tidak aktif"

    @admin.display(description="keterangan", ordering="is_sample")
    def sample(self, user):
        return "contoh" if user.is_sample else ""

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups")

    def get_form(self, request, obj=None, **kwargs):
        form = super().get_form(request, obj, **kwargs)
        form.user = request.user
        if not (obj and self.has_code_to_lose(request, obj)):
            form.base_fields.pop("without_code", None)  # a declared field is there whatever the fieldsets say
        return form

    def get_fieldsets(self, request, obj=None):
        """Only who has that right himself can make somebody an administrator of the system."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj and self.has_code_to_lose(request, obj):
            fieldsets = [*fieldsets, ("Telepon hilang", {"fields": ["without_code"]})]
        if request.user.is_superuser:
            return fieldsets
        offered = [right for right in RIGHTS if right != "is_superuser"]
        return [
            (title, {**options, "fields": offered} if title == self.rights[0] else options)
            for title, options in fieldsets
        ]

    def get_object(self, request, object_id, from_field=None):
        if request.method == "POST" and transaction.get_connection().in_atomic_block:
            # Two of the Sekretariat who retire each other at the same moment do so one after the other.
            list(locked(User.objects.filter(SECRETARIES).order_by("pk")))
        return super().get_object(request, object_id, from_field)

    def save_model(self, request, obj, form, change):
        if "groups" in form.cleaned_data:
            names = {group.name for group in form.cleaned_data["groups"]}
            obj.is_staff = obj.is_superuser or bool(names & set(roles.STAFF))
            if "groups" in form.changed_data:
                obj._change_reason = f"Peran: {formats.listed(sorted(names), most=4) or 'tidak ada'}"
        super().save_model(request, obj, form, change)
        if form.cleaned_data.get("without_code") and self.has_code_to_lose(request, obj):
            second_factor.turn_off(obj)

    def has_code_to_lose(self, request, user) -> bool:
        """The own code is turned off where the password is asked for."""
        return user != request.user and self.has_change_permission(request, user) and second_factor.is_on(user)

    def user_change_password(self, request, id, form_url=""):
        """The own password is changed where the old one is asked for, however the key is spelled: 12, 012, +12."""
        if self.get_object(request, unquote(id)) == request.user:
            return redirect("password_change")
        return super().user_change_password(request, id, form_url)

    def keeps_rights(self, request, user) -> bool:
        """Nobody locks himself out, and one Sekretariat always remains."""
        return user == request.user or list(User.objects.filter(SECRETARIES).distinct()[:2]) == [user]

    def get_readonly_fields(self, request, obj=None):
        fixed = RIGHTS if obj and self.keeps_rights(request, obj) else ()
        return [*super().get_readonly_fields(request, obj), *fixed]

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not (obj and outranks(obj, request.user))

    def has_delete_permission(self, request, obj=None):
        if obj and (self.keeps_rights(request, obj) or outranks(obj, request.user)):
            return False
        return super().has_delete_permission(request, obj)
