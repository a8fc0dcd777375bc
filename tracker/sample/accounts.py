"""The sample accounts, one of each role. Only for trying the program out, so only with DEBUG."""

import random
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.models import Group

from tracker.models import Opd, User
from tracker.models.history import create_many
from tracker.models.scope import Role
from tracker.reference_data import ids_by_key
from tracker.roles import STAFF, create_roles
from tracker.sample import SampleError


@dataclass(frozen=True)
class Account:
    username: str
    role: Role
    opd: str = ""
    office: str = ""

    @property
    def title(self):
        return f"{self.role} ({self.office})" if self.office else self.role.value


SECRETARIAT = Account("sekretariat", Role.SECRETARIAT)
VERIFIER = Account("verifikator", Role.VERIFIER)
OPERATORS = (
    Account("operator", Role.OPERATOR, opd="Dinsos", office="Dinas Sosial"),
    Account("operator2", Role.OPERATOR, opd="Dinkes", office="Dinas Kesehatan"),
)
ACCOUNTS = (SECRETARIAT, VERIFIER, *OPERATORS, Account("pimpinan", Role.LEADER))

LETTERS = "abcdefghjkmnpqrstuvwxyz"


def ensure_accounts(password: str = "") -> tuple[dict[str, User], dict[str, str]]:
    """Add the missing accounts; return the users and the passwords that are known, both by user name.

    Existing accounts get `password` where it is given and differs; without it they keep their own.
    """
    if not settings.DEBUG:
        raise SampleError(
            "Data dan akun contoh hanya untuk mencoba program, jadi hanya dapat dimuat dengan DEBUG=1. "
            "Tetapkan DEBUG=1, atau isi data sungguhan lewat halaman admin."
        )
    users = User.objects.in_bulk([account.username for account in ACCOUNTS], field_name="username")
    if real := [name for name, user in users.items() if not user.is_sample]:
        raise SampleError(
            f"Nama akun {', '.join(real)} sudah dipakai akun sungguhan, jadi data contoh tidak dimuat. "
            "Ganti nama akun itu lebih dahulu."
        )
    known = set_password(users.values(), password) if password else {}
    missing = [account for account in ACCOUNTS if account.username not in users]
    if missing:
        new_password = password or random_password()
        for user in add_accounts(missing, new_password):
            users[user.username], known[user.username] = user, new_password
    return users, known


def set_password(users, password: str) -> dict[str, str]:
    # The accounts usually share one hash, and each check is slow on purpose.
    fits = {encoded: check_password(password, encoded) for encoded in {user.password for user in users}}
    for user in users:
        if not fits[user.password]:
            user.set_password(password)
            user.save(update_fields=["password"])
    return {user.username: password for user in users}


def add_accounts(accounts, password: str) -> list[User]:
    opd_ids = ids_by_key(Opd, "short_name")
    encoded = make_password(password)
    users = create_many(
        [
            User(
                username=account.username,
                first_name=f"{account.title} – contoh",
                password=encoded,
                opd_id=opd_ids.get(account.opd),
                is_staff=account.role in STAFF,
                is_sample=True,
            )
            for account in accounts
        ],
        reason="Akun contoh dibuat",
    )
    create_roles()
    groups = {group.name: group for group in Group.objects.all()}
    for account, user in zip(accounts, users, strict=True):
        user.groups.add(groups[account.role])
    return users


def random_password() -> str:
    source = random.SystemRandom()
    return "-".join("".join(source.choices(LETTERS, k=4)) for _ in range(3))
