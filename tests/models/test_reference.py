"""What programs are sorted by: it stays as long as it is used, and is called by its full name."""

import pytest
from django.db.models import ProtectedError

from tests import make


@pytest.mark.parametrize(
    "used",
    [
        lambda: make.program(make.opd("Dinsos")).opd,
        lambda: make.user(opd=make.opd("Dinsos")).opd,
        lambda: make.program(strategy=make.strategy(1)).strategy,
        lambda: make.program(priority=make.priority(2021, 1)).priority,
        lambda: make.activity(funding_source=make.funding_source("CSR")).funding_source,
        lambda: make.location(make.activity(), make.district()).district,
        lambda: make.village().district,
        lambda: make.location(make.activity(), make.district(), village=make.village()).village,
        lambda: make.report(make.activity(), obstacle_category=make.obstacle_category()).obstacle_category,
        lambda: make.report(make.activity(), submitted_by=make.user("operator")).submitted_by,
    ],
    ids=[
        "opd of a program",
        "opd of a user",
        "strategy",
        "priority",
        "funding source",
        "district of a place",
        "district of a village",
        "village",
        "obstacle category",
        "user who submitted",
    ],
)
def test_what_is_used_is_not_deleted(db, used):
    thing = used()
    with pytest.raises(ProtectedError):
        thing.delete()


def test_a_partner_of_a_program_may_be_deleted(db):
    partner, program = make.partner(), make.program()
    program.partners.add(partner)
    partner.delete()
    assert list(program.partners.all()) == []


def test_a_priority_is_written_with_its_year(db):
    assert make.priority(2021, 3, name="Infrastruktur").code == "2021-3"
    assert str(make.priority(2021, 3)) == "2021-3 Infrastruktur"


def test_a_village_is_never_named_alone(db):
    jarai = make.district("16.04.01", name="Jarai")
    assert str(make.village(name="Karang Anyar", district=jarai)) == "Desa Karang Anyar, Kec. Jarai"
    pasar = make.village("16.04.01.1001", name="Pasar Lama", kind="kelurahan", district=jarai)
    assert str(pasar) == "Kelurahan Pasar Lama, Kec. Jarai"


def test_a_user_is_called_by_name_or_else_by_user_name(db):
    assert str(make.user("rina", first_name="Rina", last_name="Sari")) == "Rina Sari"
    assert str(make.user("budi")) == "budi"
