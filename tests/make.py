"""Makers: plain functions that fill in what a test does not care about, so that what it does care about is visible.

`make.report(activity, 2, realised_output=40)` is all a test has to say. Reference data (OPDs, strategies, periods …)
is fetched when it is already there; programs, sub kegiatan, reports and users are new every time.
"""

import itertools

from django.contrib.auth.models import Group

from tracker.models import (
    Activity,
    ApiToken,
    District,
    FundingSource,
    Indicator,
    Location,
    ObstacleCategory,
    Opd,
    Partner,
    Period,
    PeriodException,
    Priority,
    Program,
    RatingBand,
    Report,
    Strategy,
    User,
    Village,
)
from tracker.roles import STAFF, create_roles

YEAR = 2026
PASSWORD = "sawah-luas-di-Lahat"

STRATEGIES = {
    1: "Mengurangi beban pengeluaran",
    2: "Meningkatkan pendapatan",
    3: "Mengurangi kantong kemiskinan",
}
BANDS = [
    ("Sangat tinggi", 91, RatingBand.Status.ON_TRACK),
    ("Tinggi", 76, RatingBand.Status.ATTENTION),
    ("Sedang", 66, RatingBand.Status.ATTENTION),
    ("Rendah", 51, RatingBand.Status.LATE),
    ("Sangat rendah", 0, RatingBand.Status.LATE),
]

_numbers = itertools.count(1)


def _reference(model, fields, defaults, **key):
    """The row with this key: made with `defaults` and `fields`, or fetched and given `fields`."""
    row = model.objects.filter(**key).first() or model(**key, **{**defaults, **fields})
    changed = {name: value for name, value in fields.items() if getattr(row, name) != value}
    for name, value in changed.items():
        setattr(row, name, value)
    if changed or row.pk is None:
        row.save()
    return row


# Reference data


def opd(short_name="Dinsos", **fields):
    return _reference(Opd, fields, {"name": f"Dinas {short_name}"}, short_name=short_name)


def strategy(number=1, **fields):
    name = STRATEGIES[number]
    return _reference(Strategy, fields, {"name": name, "short_name": name.split()[-1].capitalize()}, number=number)


def priority(year=2021, number=1, **fields):
    return _reference(Priority, fields, {"name": f"Prioritas {number}"}, rkpd_year=year, number=number)


def funding_source(code="DAU", in_apbd=True, **fields):
    return _reference(
        FundingSource, {"in_apbd": in_apbd, **fields}, {"name": code, "group": "Dana transfer"}, code=code
    )


def district(code="16.04.01", **fields):
    return _reference(District, fields, {"name": f"Kecamatan {code}"}, code=code)


def village(code="16.04.01.2001", **fields):
    fields.setdefault("district", district(code[:8]))
    return _reference(Village, fields, {"name": f"Desa {code}"}, code=code)


def rating_bands():
    """The five classes of Permendagri 86/2017."""
    return [
        _reference(
            RatingBand, {}, {"lower_bound": bound, "status": status, "legal_basis": "Permendagri 86/2017"}, name=name
        )
        for name, bound, status in BANDS
    ]


def obstacle_category(name="Cuaca", **fields):
    return _reference(ObstacleCategory, fields, {}, name=name)


def partner(name="Baznas Lahat", **fields):
    return _reference(Partner, fields, {"kind": Partner.Kind.BAZNAS}, name=name)


def indicator(name="Persentase penduduk miskin", **fields):
    return _reference(Indicator, fields, {"unit": "persen", "agency": "BPS"}, name=name)


def period(year=YEAR, quarter=1, **fields):
    """A quarter with its usual dates."""
    usual = Period.usual(year, quarter)
    dates = {"opens_on": usual.opens_on, "due_on": usual.due_on}
    return _reference(Period, fields, dates, fiscal_year=year, quarter=quarter)


def periods(year=YEAR):
    return [period(year, quarter) for quarter in (1, 2, 3, 4)]


# What people enter


def user(username=None, *roles, **fields):
    """An account; with roles, `is_staff` follows from them as it does in the user form."""
    fields.setdefault("is_staff", bool(set(roles) & set(STAFF)))
    made = User.objects.create_user(username or f"pengguna{next(_numbers)}", password=PASSWORD, **fields)
    if roles:
        made.groups.set(map(group, roles))
    return made


def group(role):
    """The group of a role with its rights."""
    made = Group.objects.filter(name=role).first()
    if made is None:
        create_roles()
    return made or Group.objects.get(name=role)


def token(user, name="Dasbor") -> tuple[ApiToken, str]:
    """A token of this account, and its key."""
    made = ApiToken(name=name, user=user)
    key = made.give_key()
    made.save()
    return made, key


def program(opd=None, fiscal_year=YEAR, **fields):
    fields.setdefault("name", f"Program {next(_numbers)}")
    return Program.objects.create(opd=opd or globals()["opd"](), fiscal_year=fiscal_year, **fields)


def activity(program=None, **fields):
    """A sub kegiatan of Rp 1.000.000 that is to reach 100 KPM, going up, from the first quarter on."""
    given = {
        "program": program or globals()["program"](),
        "name": f"Sub kegiatan {next(_numbers)}",
        "indicator": "Jumlah keluarga yang dibantu",
        "unit": "KPM",
        "target": 100,
        "budget": 1_000_000,
        **fields,
    }
    if "funding_source" not in given:
        given["funding_source"] = funding_source()
    if given.get("revised_budget") is not None or given.get("revised_target") is not None:
        given.setdefault("revision_note", "APBD Perubahan")
    return Activity.objects.create(**given)


def location(activity, district, **fields):
    return Location.objects.create(activity=activity, district=district, **fields)


def report(activity, quarter=1, *, realised_budget=0, realised_output=0, status="submitted", **fields):
    """The cumulative figures of a sub kegiatan up to a quarter of its year."""
    if status == "returned":
        fields.setdefault("return_note", "Periksa kembali angkanya")
    if "period" not in fields:
        fields["period"] = period(activity.program.fiscal_year, quarter)
    return Report.objects.create(
        activity=activity,
        realised_budget=realised_budget,
        realised_output=realised_output,
        status=status,
        **fields,
    )


def period_exception(period, opd, until, **fields):
    return PeriodException.objects.create(period=period, opd=opd, until=until, **{"reason": "Koreksi", **fields})
