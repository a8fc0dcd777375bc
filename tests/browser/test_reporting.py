"""Copying a text to send: one click, with the clipboard of the browser or, without https, as browsers did before."""

import pytest

from tests.browser.conftest import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("sample")]
ADDRESS = "/pelaporan/?tw=3"
WITHOUT_HTTPS = "Object.defineProperty(navigator, 'clipboard', {value: undefined})"


@pytest.mark.parametrize("before", ["", WITHOUT_HTTPS])
def test_one_click_copies_a_text_to_the_letter(visit, before):
    watch = visit(permissions=["clipboard-read", "clipboard-write"])
    page = sign_in(watch, "sekretariat")
    if before:
        page.add_init_script(before)
    watch.open(ADDRESS)
    details = page.locator("details", has=page.locator("textarea")).nth(1)
    details.locator("summary").click()
    written = details.locator("textarea").input_value()
    assert written.startswith("Yth. ")
    details.get_by_role("button", name="Salin").click()
    details.get_by_role("button", name="Tersalin").wait_for()
    assert watch.taken_faults() == []
    page.evaluate("document.body.append(document.createElement('textarea'))")
    page.locator("body > textarea").focus()
    page.keyboard.press("Control+v")
    assert page.locator("body > textarea").input_value() == written


def test_without_javascript_there_is_a_text_and_no_button(visit):
    watch = visit(java_script_enabled=False)
    page = sign_in(watch, "pimpinan")
    watch.open(ADDRESS)
    assert page.get_by_label("Teks untuk semua OPD").input_value().startswith("Laporan TW III")
    assert page.get_by_role("button", name="Salin").count() == 0
    assert watch.faults == []
