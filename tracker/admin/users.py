from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import UserChangeForm, UserCreationForm
from django.contrib.auth.models import Group

from tracker.admin.base import RecordAdmin
from tracker.admin.forms import RecordForm
from tracker.models import User

admin.site.unregister(Group)


class UserForm(RecordForm, UserChangeForm):
    pass


class NewUserForm(RecordForm, UserCreationForm):
    class Meta(UserCreationForm.Meta):
        model = User


@admin.register(User)
class UserAdmin(RecordAdmin, DjangoUserAdmin):
    form = UserForm
    add_form = NewUserForm
    list_display = ["username", "full_name", "opd", "role", "state", "sample"]
    list_filter = ["is_active", "is_superuser", ("opd", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["opd"]
    search_fields = ["username", "first_name", "last_name", "opd__name", "opd__short_name"]
    autocomplete_fields = ["opd"]
    filter_horizontal = []
    readonly_fields = ["last_login", "date_joined"]
    rights = (
        "Hak",
        {
            "fields": ["is_active", "is_staff", "is_superuser"],
            "description": "Sekretariat TKPK: centang ketiganya. Yang hanya membaca halaman: cukup “aktif”. "
            "Akun yang tidak dipakai lagi tidak dihapus: hapus centang “aktif”.",
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
