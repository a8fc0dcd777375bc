"""Every page in a browser: readable for everybody, within its window, and nothing that the policy would block."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.admin import site

from tests.browser.conftest import DESK, PHONE, sign_in
from tracker.models import Activity, Period, Priority, Program, RatingBand, Strategy

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("sample")]
WINDOWS = {
    "desk": {"viewport": DESK, "color_scheme": "light"},
    "dark": {"viewport": DESK, "color_scheme": "dark"},
    "phone": {"viewport": PHONE, "color_scheme": "light"},
}


NEVER_ADDED = (Strategy, RatingBand)


def pages() -> list[str]:
    program = Program.objects.exclude(strategy=None).exclude(priority=None).order_by("pk").first()
    activity = Activity.objects.filter(reports__isnull=False, program=program).first() or Activity.objects.first()
    priority = program.priority or Priority.objects.first()
    return [
        "/",
        "/strategi/",
        f"/strategi/{program.strategy.number}/",
        "/prioritas/",
        f"/prioritas/{priority.rkpd_year}/{priority.number}/",
        "/opd/",
        f"/opd/{program.opd_id}/",
        "/program/",
        f"/program/{program.pk}/",
        f"/sub-kegiatan/{activity.ref}/",
        "/realisasi/",
        "/pelaporan/",
        "/metode/",
        "/api/v1/docs/",
        "/?tahun=2031&tw=2",
        "/program/?status=terlambat&hitung=terverifikasi",
    ]


def admin_pages() -> list[str]:
    """The list of every model, the form for a record (the stored one of what is entered daily), and our own pages."""
    activity = Activity.objects.filter(reports__isnull=False).first()
    stored = {Activity: activity, Program: activity.program, Period: Period.objects.first()}
    found = ["/admin/", "/admin/tracker/period/salin-tahun/?year=2027"]
    for model in site._registry:
        home = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        record = stored.get(model) or (model.objects.first() if model in NEVER_ADDED else None)
        found += [home, f"{home}{record.pk}/change/" if record else f"{home}add/"]
    period = f"/admin/tracker/period/{stored[Period].pk}"
    steps = [f"{period}/{step}/" for step in ("kunci", "buka-kunci", "buka-sekarang")]
    return [*found, *steps, f"/admin/tracker/activity/{activity.pk}/history/", "/admin/tracker/program/add/"]


def seen(watch, address, *, unfolded=True) -> list[str]:
    """What is wrong with a page, in short lines."""
    page = watch.open(address)
    faults = watch.taken_faults()
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if wider > 0:
        faults.append(f"scrolls sideways by {wider} px")
    if page.locator("h1:visible").count() != 1:
        faults.append("has no headline, or several")
    if unfolded:
        page.evaluate("document.querySelectorAll('main details, #content details').forEach(one => one.open = true)")
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wider > 0:
            faults.append(f"scrolls sideways by {wider} px once unfolded")
    if page.viewport_size == PHONE:
        # Axe judges markup and colours, which a phone shares with the desk; what differs there is the width.
        return faults + watch.taken_faults()
    found = Axe().run(page)
    faults += [
        f"axe {rule['id']}: {node['html'][:120]} {node['target']}"
        for rule in found.response["violations"]
        for node in rule["nodes"][:3]
    ]
    watch.faults.clear()
    return faults


def faults_of(watch, addresses):
    return {address: faults for address in addresses if (faults := seen(watch, address))}


@pytest.mark.parametrize("window", WINDOWS)
def test_every_page_is_clean(visit, window):
    watch = visit(**WINDOWS[window])
    assert seen(watch, "/masuk/") == []
    sign_in(watch, "pimpinan")
    assert faults_of(watch, pages()) == {}


@pytest.mark.parametrize("window", WINDOWS)
def test_the_admin_is_clean(visit, window):
    watch = visit(**WINDOWS[window])
    sign_in(watch, "sekretariat")
    pages_of_ours = admin_pages()
    if window != "desk":
        # The forms share one stylesheet, so that in the dark and on a phone the daily ones stand for all.
        daily = re.compile(r"/admin/(tracker/(program|activity|period)/.*)?")
        pages_of_ours = [page for page in pages_of_ours if daily.fullmatch(page)]
    assert faults_of(watch, pages_of_ours) == {}


def test_a_wrong_question_is_answered_as_cleanly(visit):
    watch = visit()
    sign_in(watch, "pimpinan")
    watch.open("/?tw=9")
    watch.faults.clear()  # the 400 itself
    found = Axe().run(watch.page)
    assert [rule["id"] for rule in found.response["violations"]] == []


def test_everything_works_without_javascript(visit):
    watch = visit(java_script_enabled=False)
    page = sign_in(watch, "pimpinan")
    for address in pages():
        watch.open(address)
        assert page.locator("h1").is_visible()
        assert page.locator("main").inner_text().count(" ") > 20
        page.get_by_text("Langsung ke isi")
    watch.open("/program/")
    before = page.locator("h1").inner_text()
    page.locator("details.filters summary").click()
    page.get_by_label("OPD").select_option(label="Dinas Sosial")
    page.get_by_role("button", name="Terapkan").click()
    assert "opd=" in page.url and "tahun=" in page.url
    assert page.locator("h1").inner_text() != before
    page.get_by_role("link", name="Hapus saringan OPD").click()
    assert page.locator("h1").inner_text() == before
    page.get_by_role("link", name="TW I", exact=True).click()
    assert "tw=1" in page.url
    page.get_by_role("button", name="Keluar").click()
    assert page.url.endswith("/masuk/")
    assert watch.faults == []


def test_the_keyboard_reaches_the_content_first(visit):
    watch = visit()
    page = sign_in(watch, "pimpinan")
    watch.open("/opd/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Langsung ke isi"
    assert page.locator(".skip").is_visible()
    page.keyboard.press("Enter")
    assert page.url.endswith("#content")
