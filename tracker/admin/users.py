from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import ReadOnlyPasswordHashField, UserChangeForm, UserCreationForm
from django.contrib.auth.forms import ReadOnlyPasswordHashWidget as DjangoPasswordWidget
from django.contrib.auth.models import Group

from tracker.admin.base import GoOnAdmin
from tracker.admin.forms import RecordForm
from tracker.models import User

admin.site.unregister(Group)

RIGHTS = ("is_active", "is_staff", "is_superuser")
LABELS = {"is_active": "Aktif", "is_staff": "Boleh mengisi data", "is_superuser": "Sekretariat TKPK"}
HELP_TEXTS = {
    "username": "Dipakai untuk masuk: huruf, angka, dan tanda @ . + - _ tanpa spasi.",
    "is_active": "Boleh masuk. Hapus centang ini bila orangnya pindah atau berhenti.",
    "is_staff": "Boleh membuka halaman “Isi data”. Tidak perlu bagi yang hanya membaca.",
    "is_superuser": "Boleh mengubah semua data semua OPD, pengguna, dan kunci triwulan.",
}


class PasswordWidget(DjangoPasswordWidget):
    """Whether there is a password, without how it is kept."""

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        has_password = any("value" in entry for entry in context["summary"])
        context["summary"] = [{"label": "Sudah ada kata sandi." if has_password else "Belum ada kata sandi."}]
        context["button_label"] = "Ganti kata sandi" if has_password else "Buat kata sandi"
        return context


class UserForm(RecordForm, UserChangeForm):
    password = ReadOnlyPasswordHashField(
        label="Kata sandi",
        widget=PasswordWidget,
        help_text="Tidak dapat dibaca siapa pun. Bila lupa, buatkan yang baru.",
    )

    class Meta(UserChangeForm.Meta):
        labels, help_texts = LABELS, HELP_TEXTS


class NewUserForm(RecordForm, UserCreationForm):
    class Meta(UserCreationForm.Meta):
        model = User
        labels, help_texts = LABELS, HELP_TEXTS


class SecretaryFilter(admin.BooleanFieldListFilter):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.title = LABELS["is_superuser"]


@admin.register(User)
class UserAdmin(GoOnAdmin, DjangoUserAdmin):
    form = UserForm
    add_form = NewUserForm
    add_form_template = None
    list_display = ["username", "full_name", "opd", "role", "state", "sample"]
    list_filter = ["is_active", ("is_superuser", SecretaryFilter), ("opd", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["opd"]
    search_fields = ["username", "first_name", "last_name", "opd__name", "opd__short_name"]
    autocomplete_fields = ["opd"]
    filter_horizontal = []
    readonly_fields = ["last_login", "date_joined"]
    rights = (
        "Hak",
        {
            "fields": RIGHTS,
            "description": "Sekretariat TKPK: centang ketiganya. Yang hanya membaca halaman: cukup “Aktif”. "
            "Akun yang tidak dipakai lagi tidak dihapus: hapus centang “Aktif”. "
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

    @admin.display(description="hak", ordering="is_superuser")
    def role(self, user):
        if user.is_superuser and user.is_staff:
            return "Sekretariat TKPK"
        return "operator" if user.opd_id else "pembaca"

    @admin.display(description="keadaan", ordering="is_active")
    def state(self, user):
        return "aktif" if user.is_active else "tidak aktif"

    @admin.display(description="keterangan", ordering="is_sample")
    def sample(self, user):
        return "contoh" if user.is_sample else ""

    def keeps_rights(self, request, user) -> bool:
        """Nobody locks himself out, and one Sekretariat always remains."""
        secretaries = User.objects.filter(**dict.fromkeys(RIGHTS, True))
        return user == request.user or list(secretaries[:2]) == [user]

    def get_readonly_fields(self, request, obj=None):
        fixed = RIGHTS if obj and self.keeps_rights(request, obj) else ()
        return [*super().get_readonly_fields(request, obj), *fixed]

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not (obj and self.keeps_rights(request, obj))
