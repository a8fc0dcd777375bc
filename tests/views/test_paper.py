"""The foot of printed sheets."""


def test_every_sheet_names_the_site_and_the_date_of_its_data(as_viewer, settings):
    settings.REGION_NAME = 'Kabupaten "Lahat"'
    answer = as_viewer.get("/cetak/2026-3.css")
    assert answer["Content-Type"] == "text/css; charset=utf-8"
    assert 'content: "Pantau Program TKPK Kabupaten Lahat · data s.d. 30 September 2026 (TW III)"' in (
        answer.content.decode()
    )


def test_a_page_asks_for_the_foot_of_its_own_quarter(as_viewer):
    assert '<link rel="stylesheet" media="print" href="/cetak/2024-2.css">' in (
        as_viewer.get("/?tahun=2024&tw=2").content.decode()
    )


def test_a_quarter_that_does_not_exist_has_no_foot(as_viewer):
    assert [as_viewer.get(f"/cetak/{word}.css").status_code for word in ("2026-5", "2026-0", "1999-1", "x")] == [
        404
    ] * 4
