"""The cast: two OPDs, an operator of one, a stranger from the other, the Sekretariat, a coordinator, a viewer."""

import pytest
from django.core.cache import cache
from django.test import Client

from tests import make
from tracker.models.scope import Role
from tracker.roles import create_roles


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Every test finds the roles; making them anew each time costs as much as many a test."""
    with django_db_blocker.unblock():
        create_roles()


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    """Slow hashes protect real accounts, not those of a test."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def patient_api(settings):
    """Tests ask more often than programs."""
    settings.API_REQUESTS_PER_MINUTE = 1_000_000


@pytest.fixture(autouse=True)
def empty_cache():
    """Kept pages outlive the database of a test."""
    cache.clear()


@pytest.fixture
def dinsos(db):
    return make.opd("Dinsos", name="Dinas Sosial")


@pytest.fixture
def dinkes(db):
    return make.opd("Dinkes", name="Dinas Kesehatan")


@pytest.fixture
def bands(db):
    return make.rating_bands()


@pytest.fixture
def secretary(db):
    """The Sekretariat TKPK: may do everything."""
    return make.user("sekretariat", Role.SECRETARIAT)


@pytest.fixture
def operator(dinsos):
    """Enters the figures of Dinsos."""
    return make.user("operator", Role.OPERATOR, opd=dinsos)


@pytest.fixture
def stranger(dinkes):
    """Enters the figures of Dinkes, and has no business with those of Dinsos."""
    return make.user("stranger", Role.OPERATOR, opd=dinkes)


@pytest.fixture
def coordinator(db):
    """Verifikator: reads everything, verifies reports or returns them."""
    return make.user("koordinator", Role.VERIFIER)


@pytest.fixture
def viewer(db):
    """Pimpinan: reads everything, writes nothing."""
    return make.user("pimpinan", Role.LEADER)


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def as_nobody(db):
    return Client()


@pytest.fixture
def as_secretary(secretary):
    return signed_in(secretary)


@pytest.fixture
def as_operator(operator):
    return signed_in(operator)


@pytest.fixture
def as_stranger(stranger):
    return signed_in(stranger)


@pytest.fixture
def as_coordinator(coordinator):
    return signed_in(coordinator)


@pytest.fixture
def as_viewer(viewer):
    return signed_in(viewer)
