"""Everybody who has an account, and one of everything for each of two OPDs, so that the matrix can try all on all."""

from types import SimpleNamespace

from django.test import Client
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from tests import make
from tracker import second_factor
from tracker.models import Indicator, IndicatorTarget, IndicatorValue, PovertyPocket
from tracker.models.scope import Role

YEAR, LOCKED_YEAR, EARLY_YEAR = 2025, 2024, 2027


def cast(dinsos, dinkes) -> dict:
    """Everybody by name; None is nobody."""
    return {
        "nobody": None,
        "gone": make.user("gone", Role.SECRETARIAT),  # an open session of an account that is deactivated then
        "leader": make.user("leader", Role.LEADER),
        "bare": make.user("bare", is_staff=True, opd=dinsos),  # may enter the admin, and has no role
        "homeless": make.user("homeless", Role.OPERATOR),  # an operator without OPD
        "verifier": make.user("verifier", Role.VERIFIER),
        "insider": make.user("insider", Role.VERIFIER, opd=dinsos),  # a Verifikator who works at Dinsos
        "operator": make.user("operator", Role.OPERATOR, opd=dinsos),
        "stranger": make.user("stranger", Role.OPERATOR, opd=dinkes),
        "both": make.user("both", Role.VERIFIER, Role.OPERATOR, opd=dinsos),
        "secretary": make.user("secretary", Role.SECRETARIAT),
        "installer": make.user("installer", is_staff=True, is_superuser=True),  # a superuser
    }


def browser_of(user) -> Client:
    """A browser with the open session of this person."""
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def matrix_world() -> SimpleNamespace:
    make.rating_bands()
    make.periods(YEAR)
    locked = make.period(LOCKED_YEAR, 1, locked_at=timezone.now(), lock_reason="Angka final")
    reference = reference_rows()
    dinsos, dinkes = make.opd("Dinsos", name="Dinas Sosial"), make.opd("Dinkes", name="Dinas Kesehatan")
    people = cast(dinsos, dinkes)
    accounts = {
        "reader": make.user("bupati", Role.LEADER),
        "clerk": make.user("petugas", Role.OPERATOR, opd=dinkes),
        "colleague": make.user("rekan", Role.SECRETARIAT),
        "administrator": make.user("pemasang", is_staff=True, is_superuser=True),
    }
    for person in (*accounts.values(), people["secretary"], people["installer"]):
        TOTPDevice.objects.create(user=person, key=second_factor.new_key(), name="Telepon")
    reference["apitoken"], _ = make.token(people["leader"])
    return SimpleNamespace(
        dinsos=dinsos,
        dinkes=dinkes,
        people=people,
        of={opd.pk: rows_of(opd, locked, reference) for opd in (dinsos, dinkes)},
        periods={
            "open": make.period(YEAR, 3),
            "locked": locked,
            "early": make.period(EARLY_YEAR, 4),
            "empty": make.period(LOCKED_YEAR, 4),
        },
        exception=make.period_exception(make.period(YEAR, 3), dinkes, timezone.localdate()),
        reference=reference,
        elsewhere=make.district("16.04.02"),
        value=IndicatorValue.objects.create(
            indicator=reference["indicator"], region="Kabupaten Lahat", year=2024, value=14, source="BPS"
        ),
        aim=IndicatorTarget.objects.create(indicator=reference["indicator"], year=2025, value=13, document="RPD"),
        accounts=accounts,
    )


def reference_rows() -> dict:
    """A row of every model that belongs to no OPD and has no steps of its own; those in use are not deleted."""
    return {
        "strategy": make.strategy(1),
        "priority": make.priority(2021, 1),
        "fundingsource": make.funding_source("HIBAH"),
        "district": make.district("16.04.09", name="Kikim"),
        "village": make.village("16.04.08.2001", name="Ulak Pandan"),
        "partner": make.partner(),
        "obstaclecategory": make.obstacle_category(),
        "ratingband": make.rating_bands()[0],
        "indicator": Indicator.objects.create(name="Persentase penduduk miskin", unit="persen", agency="BPS"),
        "povertypocket": PovertyPocket.objects.create(
            year=2025, village=make.village("16.04.08.2002", name="Tanjung"), source="Dinsos"
        ),
    }


def rows_of(opd, locked, reference) -> dict:
    """What an OPD has: reports in all states under one settled sub kegiatan, and others with nothing below them."""
    program = make.program(opd, YEAR, name=f"Bantuan {opd.short_name}")
    settled = make.activity(program, name=f"Sembako {opd.short_name}")
    free = make.activity(program, name=f"Modal {opd.short_name}")
    old = make.activity(make.program(opd, LOCKED_YEAR, name=f"Lama {opd.short_name}"))
    return {
        "opd": opd,
        "program": program,
        "program:empty": make.program(opd, YEAR, name=f"Kosong {opd.short_name}"),
        "activity": free,
        "activity:settled": settled,
        "location": make.location(free, make.district("16.04.01")),
        "location:settled": make.location(settled, make.district("16.04.01")),
        "report:verified": make.report(settled, 1, realised_budget=100, realised_output=10, status="verified"),
        "report:submitted": make.report(
            settled, 2, realised_budget=200, realised_output=20, submitted_at=timezone.now()
        ),
        "report:returned": make.report(settled, 3, realised_budget=300, realised_output=30, status="returned"),
        "report:draft": make.report(settled, 4, realised_budget=400, realised_output=40, status="draft"),
        "report:locked": make.report(old, period=locked, realised_budget=100, realised_output=10, status="draft"),
    }
