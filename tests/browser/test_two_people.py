"""Two people at once, each in a browser of their own, on a real server; and one person who is in a hurry."""

import re
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import expect

from tests import make
from tests.browser.conftest import DESK, Watch
from tests.conftest import signed_in
from tests.serving import server

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LIST = reverse("admin:tracker_program_changelist")
REFUSED = re.compile("^Belum disimpan · ")
ACTIVITIES = reverse("admin:tracker_activity_changelist")
ADD = reverse("admin:tracker_activity_add")


def address_of(record):
    return reverse(f"admin:tracker_{record._meta.model_name}_change", args=[record.pk])


@pytest.fixture
def activity(bands, dinsos, dinkes):
    """A sub kegiatan of Dinsos; and programs of two OPDs, none of them mapped."""
    make.periods(2025)
    for number in (1, 2, 3):
        make.strategy(number)
    make.program(dinkes, 2025, name="Gizi balita")
    return make.activity(make.program(dinsos, 2025, name="Perlindungan sosial"), name="Sembako", budget=1_000_000)


@pytest.fixture
def sitting(chromium, activity, secretary, operator, stranger, tmp_path):
    """sitting(user): this person in front of a browser, signed in."""
    sessions = {
        user: signed_in(user).cookies[settings.SESSION_COOKIE_NAME].value for user in (secretary, operator, stranger)
    }
    contexts = []
    with server(tmp_path) as port:
        site = f"http://127.0.0.1:{port}"

        def sit(user):
            context = chromium.new_context(locale="id-ID", viewport=DESK)
            context.set_default_timeout(15_000)
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": sessions[user], "url": site}])
            contexts.append(context)
            return Watch(context, site)

        yield sit
        for context in contexts:
            context.close()


def save(page):
    page.locator("[name=_save]").first.click()


def save_in_a_hurry(page):
    page.locator("[name=_save]").first.dblclick()
    page.wait_for_load_state("networkidle")


def changes(watch, address):
    """The history of a record, the newest entry first."""
    page = watch.open(address.replace("/change/", "/history/"))
    return [" ".join(row.split()) for row in page.locator("#change-history tbody tr").all_inner_texts()]


def choice(page, what, program):
    return page.get_by_label(f"{what}, {program} (2025)")


def told(page):
    return page.locator(".messagelist li")


def test_who_saves_the_same_second_sees_what_the_first_saved_and_decides(sitting, activity, operator, secretary):
    first, second = sitting(operator), sitting(secretary)
    one, two = (watch.open(address_of(activity)) for watch in (first, second))
    one.locator("#id_budget").fill("2.000.000")
    save(one)
    expect(told(one)).to_contain_text("berhasil diubah")

    two.locator("#id_budget").fill("3.000.000")
    save(two)
    expect(two).to_have_title(REFUSED)
    expect(two.locator(".errorlist.nonfield")).to_contain_text("sudah diubah oleh operator pada")
    expect(two.locator(".field-budget .errorlist")).to_have_text("Sekarang tersimpan: Rp 2.000.000.")
    expect(two.locator("#id_budget")).to_have_value("3.000.000")
    save(two)
    expect(told(two)).to_contain_text("berhasil diubah")
    history = changes(second, address_of(activity))
    assert "sekretariat" in history[0] and "Pagu: Rp 2.000.000 → Rp 3.000.000" in history[0]
    assert "operator" in history[1] and "Pagu: Rp 1.000.000 → Rp 2.000.000" in history[1]

    # The same in the list, where the second has something to say of another row too.
    one, two = first.open(LIST), second.open(LIST)
    choice(one, "Strategi", "Perlindungan sosial").select_option(index=1)
    save(one)
    expect(told(one)).to_have_text("1 program berhasil diubah.")
    choice(two, "Strategi", "Perlindungan sosial").select_option(index=2)
    choice(two, "Strategi", "Gizi balita").select_option(index=3)
    save(two)
    expect(two).to_have_title(REFUSED)
    expect(two.locator("#result_list .errorlist.nonfield")).to_contain_text("sudah diubah oleh operator pada")
    expect(two.locator("td:has(select) .errorlist")).to_have_text(
        "Sekarang tersimpan: 1. Mengurangi beban pengeluaran."
    )
    assert second.taken_faults() == []
    assert [rule["id"] for rule in Axe().run(two).response["violations"]] == []
    second.faults.clear()
    fault = two.locator(".errornote a")
    expect(fault).to_have_text("Strategi, Perlindungan sosial (2025)")
    fault.click()
    expect(two.locator(":target")).to_have_accessible_name("Strategi, Perlindungan sosial (2025)")
    save(two)
    expect(told(two)).to_have_text("2 program berhasil diubah.")
    expect(choice(two, "Strategi", "Perlindungan sosial").locator(":checked")).to_have_text("2. Pendapatan")
    expect(choice(two, "Strategi", "Gizi balita").locator(":checked")).to_have_text("3. Kemiskinan")
    assert first.taken_faults() == second.taken_faults() == []


def test_people_of_two_opds_do_not_disturb_each_other(sitting, operator, stranger):
    here, there = sitting(operator), sitting(stranger)
    one, two = here.open(LIST), there.open(LIST)
    choice(one, "Strategi", "Perlindungan sosial").select_option(index=1)
    choice(two, "Strategi", "Gizi balita").select_option(index=2)
    for page in (one, two):  # without waiting for the answer
        page.evaluate("document.querySelector('[name=_save]').click()")
    for page, program in ((one, "Perlindungan sosial"), (two, "Gizi balita")):
        expect(told(page)).to_have_text("1 program berhasil diubah.")
        expect(page.locator("#result_list tbody th")).to_have_text([program])
    assert here.taken_faults() == there.taken_faults() == []


def test_a_hurried_click_and_the_way_back_save_nothing_twice(sitting, activity, secretary):
    watch = sitting(secretary)
    page = watch.open(f"{ADD}?program={activity.program_id}")
    entries = {"name": "Modal usaha", "indicator": "Jumlah keluarga", "unit": "KPM", "target": "100", "budget": "900"}
    for name, value in entries.items():
        page.locator(f"#id_{name}").fill(value)
    page.locator("#id_funding_source").select_option(index=1)
    save_in_a_hurry(page)
    watch.open(f"{ACTIVITIES}?q=modal")
    assert page.locator("#result_list tbody tr").count() == 1

    page.get_by_role("link", name="Modal usaha").click()
    address = urlsplit(page.url).path
    page.locator("#id_budget").fill("901")
    save_in_a_hurry(page)
    assert len(changes(watch, address)) == 2
    watch.open(address)
    page.locator("#id_budget").fill("902")
    save(page)
    expect(told(page)).to_contain_text("berhasil diubah")
    page.go_back()
    save(page)
    page.wait_for_load_state("networkidle")
    assert len(changes(watch, address)) == 3

    watch.open(LIST)
    choice(page, "Strategi", "Perlindungan sosial").select_option(index=1)
    save_in_a_hurry(page)
    page.go_back()
    save(page)
    page.wait_for_load_state("networkidle")
    assert len(changes(watch, address_of(activity.program))) == 2
    assert watch.taken_faults() == []
