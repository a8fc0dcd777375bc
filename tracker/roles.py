"""The roles as groups: which rights each has in data entry. Which rows they reach is said in models/scope.py."""

from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.db import transaction

from tracker.models import (
    Activity,
    District,
    Location,
    Opd,
    Partner,
    Period,
    Program,
    Report,
    Village,
)
from tracker.models.history import Record
from tracker.models.scope import Role

VIEW, ADD, CHANGE, DELETE, VERIFY = "view", "add", "change", "delete", "verify"
ENTRY = (VIEW, ADD, CHANGE, DELETE)

RIGHTS = {
    Role.VERIFIER: {
        **dict.fromkeys((Opd, Partner, District, Village, Period, Program, Activity, Location), (VIEW,)),
        Report: (VIEW, VERIFY),
    },
    Role.OPERATOR: {
        **dict.fromkeys((Opd, Partner, District, Village, Period), (VIEW,)),
        **dict.fromkeys((Program, Activity, Location, Report), ENTRY),
    },
    Role.LEADER: {},
}
HELP = {
    Role.SECRETARIAT: "mengisi dan memperbaiki data semua OPD, membuka dan mengunci triwulan, mengatur pengguna, "
    "serta memverifikasi laporan yang tidak diisinya sendiri.",
    Role.VERIFIER: "membaca semua data, lalu memverifikasi laporan atau mengembalikannya dengan catatan; "
    "bukan laporan OPD-nya sendiri.",
    Role.OPERATOR: "mengisi program, sub kegiatan, dan laporan OPD-nya sendiri selama triwulan terbuka. "
    "Isian OPD wajib dipilih.",
    Role.LEADER: "membaca semua halaman dan mengunduh berkasnya; tidak mengisi data.",
}
# Those who have business in data entry; Pimpinan read the pages.
STAFF = (Role.SECRETARIAT, Role.VERIFIER, Role.OPERATOR)


@transaction.atomic
def create_roles() -> list[Role]:
    """Add the missing groups and give every role exactly its rights; return the roles that were added."""
    added = []
    for role in Role:
        group, is_new = Group.objects.get_or_create(name=role.value)
        group.permissions.set(permissions_of(role))
        if is_new:
            added.append(role)
    return added


def permissions_of(role) -> list[Permission]:
    rights = rights_of_secretariat() if role == Role.SECRETARIAT else RIGHTS[role]
    wanted = {f"{verb}_{model._meta.model_name}" for model, verbs in rights.items() for verb in verbs}
    return list(Permission.objects.filter(content_type__app_label="tracker", codename__in=wanted))


def rights_of_secretariat() -> dict:
    """Everything that people edit, and nothing that the program keeps for itself."""
    models = [model for model in apps.get_app_config("tracker").get_models() if issubclass(model, Record)]
    return {model: (*ENTRY, VERIFY) if model is Report else ENTRY for model in models}
