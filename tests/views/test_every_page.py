"""What holds for every page and file: headers, size, statements, links, and an answer in words to a wrong question."""

import re
from io import StringIO
from urllib.parse import urljoin, urlsplit

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import make
from tests.reading import addresses, content, headline, text
from tests.small_world import TW3, YEAR, files_of, pages_of
from tests.test_filters import UNKNOWN, shown
from tracker.models import Activity, Program, RegisterCounter, Report

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
EMPTY_YEAR = {"tahun": "2031", "tw": "2"}
RUNNING = {"tahun": "2099", "tw": "3"}
WITH_FILTERS = ["/", "/strategi/", "/strategi/1/", "/prioritas/", "/prioritas/2021/1/", "/opd/", "/program/"]
WITH_FILTERS += ["/realisasi/", "/pelaporan/", "/metode/"]


class TestHeaders:
    def all_kinds(self, world, as_viewer, as_nobody):
        for address in [*pages_of(world), *files_of(world)]:
            yield address, as_viewer.get(address)
        yield "the login", as_nobody.get("/masuk/")
        yield "a refused login", as_nobody.post("/masuk/", {"username": "a", "password": "b"})
        yield "to the login", as_nobody.get("/")
        yield "not found", as_viewer.get("/tidak-ada/")
        yield "no such strategy", as_viewer.get("/strategi/9/")
        yield "a wrong filter", as_viewer.get("/?tw=9")
        yield "the wrong method", as_viewer.get("/keluar/")
        yield "leaving", as_viewer.post("/keluar/")

    def test_every_answer_carries_the_strict_policy_and_stays_out_of_caches(self, world, as_viewer, as_nobody):
        for what, answer in self.all_kinds(world, as_viewer, as_nobody):
            assert answer["Content-Security-Policy"] == POLICY, what
            assert {"no-store", "private"} <= set(answer["Cache-Control"].replace(" ", "").split(",")), what
            assert answer["X-Content-Type-Options"] == "nosniff", what
            assert answer["X-Frame-Options"] == "DENY", what
            assert answer["Referrer-Policy"] == "same-origin", what

    def test_the_admin_carries_it_as_well(self, world, as_secretary):
        for address in ["/admin/", "/admin/tracker/program/", f"/admin/tracker/activity/{world.sembako.pk}/change/"]:
            answer = as_secretary.get(address)
            assert (answer.status_code, answer["Content-Security-Policy"]) == (200, POLICY)
            assert {"no-store", "private"} <= set(answer["Cache-Control"].replace(" ", "").split(","))

    def test_no_page_needs_what_the_policy_forbids(self, world, as_viewer, as_nobody):
        for what, answer in self.all_kinds(world, as_viewer, as_nobody):
            html = content(answer).decode()
            assert not re.search(r"\sstyle\s*=|<style|\son[a-z]+\s*=|javascript:|<base", html, re.IGNORECASE), what
            for script in re.findall(r"<script[^>]*>", html):
                assert ' src="/static/' in script, what


class TestWrongQuestions:
    """400 and a sentence in Indonesian, on the page and in the file, for every filter."""

    @pytest.mark.parametrize(("name", "value"), UNKNOWN, ids=[f"{name}={shown(value)}" for name, value in UNKNOWN])
    def test_an_unknown_filter(self, world, as_viewer, name, value):
        for address in ["/", "/opd/", "/program/", "/realisasi/"]:
            for extra in [{}, {"format": "csv"}]:
                answer = as_viewer.get(address, {name: value, **extra})
                assert answer.status_code == 400
                assert headline(answer) == "Alamat ini meminta sesuatu yang tidak dikenal."
                assert re.search(r"Saringan .+ tidak mengenal “.*”\.", text(answer))

    @pytest.mark.parametrize("name", ["tw", "hitung", "tahun", "status", "sumber", "kecamatan"])
    def test_on_every_page_with_filters(self, world, as_viewer, name):
        for address in WITH_FILTERS:
            if f"{name}=" not in address:
                assert as_viewer.get(address, {name: "zz"}).status_code == 400, address

    @pytest.mark.parametrize("name", ["tw", "hitung"])
    def test_on_the_pages_of_one_record(self, world, as_viewer, name):
        for address in [f"/program/{world.aid.pk}/", f"/sub-kegiatan/{world.sembako.ref}/"]:
            assert as_viewer.get(address, {name: "zz"}).status_code == 400, address

    @pytest.mark.parametrize("wanted", ["pdf", "CSV", "csv\0", "x" * 5000])
    def test_an_unknown_format(self, world, as_viewer, wanted):
        for address in pages_of(world):
            answer = as_viewer.get(address, {"format": wanted})
            assert answer.status_code == 400
            assert "tidak dikenal. Yang tersedia: csv" in text(answer)

    @pytest.mark.parametrize("wanted", ["x", "", "rekap\0", "../x", "x" * 5000])
    def test_an_unknown_table(self, world, as_viewer, wanted):
        for address in pages_of(world):
            answer = as_viewer.get(address, {"format": "csv", "tabel": wanted})
            assert answer.status_code == 400
            assert "tidak ada di halaman ini. Yang tersedia: " in text(answer)

    @pytest.mark.parametrize("address", ["/program/", "/realisasi/", "/pelaporan/"])
    def test_an_unknown_page_number(self, world, as_viewer, address):
        numbers = ["abc", "-1", "0", "99999", "2", "1.5", "٢", "\0", "9" * 5000]
        answers = {number[:9]: as_viewer.get(address, TW3 | {"hal": number}) for number in numbers}
        assert {number: answer.status_code for number, answer in answers.items()} == dict.fromkeys(answers, 400)
        assert {headline(answer) for answer in answers.values()} == {"Alamat ini meminta sesuatu yang tidak dikenal."}

    def test_the_answer_offers_the_way_back(self, world, as_viewer):
        answer = as_viewer.get("/opd/?tw=9")
        assert "?" in addresses(answer)

    def test_what_was_asked_is_shown_and_not_run(self, world, as_viewer):
        html = as_viewer.get("/", {"status": "<script>alert(1)</script>"}).content.decode()
        assert "<script>" not in html
        assert "&lt;script&gt;" in html

    def test_a_name_the_address_does_not_know_is_let_pass(self, world, as_viewer):
        """Letters and messengers add their own, such as utm_source."""
        assert as_viewer.get("/?utm_source=wa&fbclid=1").status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/strategi/0/",
        "/strategi/4/",
        "/strategi/99999999999999999999/",
        "/prioritas/2021/5/",
        "/prioritas/2020/1/",
        "/prioritas/99999999999999999999/1/",
        "/opd/0/",
        "/opd/99999999999999999999/",
        "/program/0/",
        "/program/99999999999999999999/",
        "/sub-kegiatan/2025-9999/",
        "/sub-kegiatan/x/",
        "/sub-kegiatan/a%00b/",
        "/sub-kegiatan/%F0%9F%8C%BE/",
        f"/sub-kegiatan/{'9' * 3000}/",
        "/strategi/x/",
        "/strategi/-1/",
    ],
    ids=lambda address: address[:40],
)
def test_what_does_not_exist_is_not_found(world, as_viewer, address):
    for query in ["", "?format=csv", "?tw=9"]:
        assert as_viewer.get(address + query).status_code == 404


def test_every_link_of_every_page_leads_somewhere(world, as_secretary):
    """With a period in the address and without: links that are glued together break in one of the two."""
    seen, broken = set(), {}
    make.report(world.concrete, 1, realised_budget=1, realised_output=1)
    starts = [(page, {}) for page in pages_of(world)] + [(page, TW3) for page in pages_of(world)]
    for page, query in starts:
        answer = as_secretary.get(page, query)
        here = page + (f"?{answer.request['QUERY_STRING']}" if query else "")
        for href in addresses(answer):
            target = urljoin(f"http://testserver{here}", href)
            parts = urlsplit(target)
            way = parts.path + (f"?{parts.query}" if parts.query else "")
            if parts.netloc != "testserver" or way in seen:
                continue
            seen.add(way)
            status = as_secretary.get(way).status_code
            if status != 200:
                broken[way] = (status, here)
    assert len(seen) > 60
    assert broken == {}


def test_every_page_keeps_the_chosen_period_in_its_links(world, as_viewer):
    """Who looks at TW II and follows any link still looks at TW II."""
    chosen = {"tahun": "2025", "tw": "2", "hitung": "terverifikasi"}
    tail = "tahun=2025&tw=2&hitung=terverifikasi"
    for page in pages_of(world):
        for href in addresses(as_viewer.get(page, chosen)):
            path = urlsplit(href).path
            timeless = path in ("/metode/", "/akun/kata-sandi/", "/api/v1/docs/")
            leaves = not href.startswith(("/", "?")) or href in ("/", "?") or timeless
            other_quarter = re.search(r"tw=[134]", href)
            drops_what_counts = href.startswith("?") and "hitung" not in href  # the cross of its own chip
            if not (leaves or other_quarter or drops_what_counts):
                assert "tahun=2025" in href and "tw=2" in href and "hitung=terverifikasi" in href, (page, href, tail)


@pytest.mark.parametrize("query", [EMPTY_YEAR, EMPTY_YEAR | {"hitung": "terverifikasi"}, RUNNING, {"q": "tidak ada"}])
def test_a_selection_without_anything_is_a_page_and_not_a_fault(world, as_viewer, query):
    for address in WITH_FILTERS:
        for extra in [{}, {"format": "csv"}]:
            answer = as_viewer.get(address, query | extra)
            assert answer.status_code == 200, address
            content(answer)


def test_an_empty_database_is_a_page_and_not_a_fault(as_viewer, as_secretary):
    for address in ["/", "/strategi/", "/prioritas/", "/opd/", "/program/", "/realisasi/", "/pelaporan/", "/metode/"]:
        for client in [as_viewer, as_secretary]:
            for extra in [{}, {"format": "csv"}]:
                answer = client.get(address, extra)
                assert answer.status_code == 200, address
                content(answer)


# The number of statements and the weight of a page


def fill(world, how_many):
    """Realistic lengths: programs of three sub kegiatan, reported in two quarters, over a dozen OPDs."""
    opds = [make.opd(f"OPD{number}", name=f"Dinas Nomor {number} Kabupaten Lahat") for number in range(12)]
    programs = Program.objects.bulk_create(
        Program(
            fiscal_year=YEAR,
            opd=opds[number % 12],
            name=f"Program Perlindungan dan Jaminan Sosial bagi Keluarga Miskin {number}",
            strategy=make.strategy(number % 3 + 1),
            priority=make.priority(2021, number % 4 + 1),
        )
        for number in range(how_many // 3 + 1)
    )
    made = Activity.objects.bulk_create(
        Activity(
            ref=ref,
            program=programs[number // 3],
            name=f"Fasilitasi Bantuan Sosial Kesejahteraan Keluarga dan Penyandang Disabilitas {number}",
            indicator="Jumlah keluarga yang memperoleh bantuan",
            unit="KPM",
            target=1250,
            budget=1_234_567_890,
            funding_source=world.sembako.funding_source,
        )
        for number, ref in enumerate(RegisterCounter.take(YEAR, how_many))
    )
    Report.objects.bulk_create(
        Report(
            activity=activity,
            period=make.period(YEAR, quarter),
            realised_budget=234_567_890 * quarter,
            realised_output=200 * quarter,
            status="submitted",
            obstacle="Data penerima belum padan dengan DTSEN sehingga penyaluran tertunda di tiga kecamatan.",
            follow_up="Tetapkan penerima pengganti",
            follow_up_owner="Kepala Dinas Sosial",
        )
        for activity in made
        for quarter in (1, 3)
    )


def statements(client, address):
    cache.clear()  # the first view after a write
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(address, TW3)
        content(answer)
    assert answer.status_code == 200
    return len(asked)


def test_a_page_asks_as_much_of_a_full_year_as_of_a_small_one(world, as_viewer):
    everything = pages_of(world)
    before = {address: statements(as_viewer, address) for address in everything}
    fill(world, 120)
    after = {address: statements(as_viewer, address) for address in everything}
    assert after == before
    # One sub kegiatan also reads its history: one statement for each table of it, and one for the reader's roles.
    allowed = {address: 12 if address == "/" else 17 if "sub-kegiatan" in address else 9 for address in everything}
    assert {address: count for address, count in after.items() if count > allowed[address]} == {}


def test_a_file_asks_as_much_of_a_full_year_as_of_a_small_one(world, as_viewer):
    def asked(address):
        cache.clear()
        with CaptureQueriesContext(connection) as statements:
            content(as_viewer.get(f"{address}&tahun=2025&tw=3"))
        return len(statements)

    files = files_of(world)
    before = {address: asked(address) for address in files}
    fill(world, 120)
    after = {address: asked(address) for address in files}
    assert after == before
    assert max(after.values()) <= 12


def test_a_page_of_fifty_rows_weighs_at_most_40_kb(as_coordinator, settings, monkeypatch):
    """The sample year with all OPDs and kecamatan, so that the filters are as long as they get."""
    settings.DEBUG = True
    monkeypatch.setenv("SAMPLE_PASSWORD", make.PASSWORD)
    call_command("load_reference", stdout=StringIO())
    call_command("load_sample", activities=200, year=YEAR, stdout=StringIO())
    program = Program.objects.order_by("pk").first()
    activity = program.activities.first()
    everything = [
        *WITH_FILTERS,
        f"/opd/{program.opd_id}/",
        f"/program/{program.pk}/",
        f"/sub-kegiatan/{activity.ref}/",
    ]
    weight = {address: len(as_coordinator.get(address, TW3).content) for address in everything}
    assert {address: size for address, size in weight.items() if size > 40 * 1024} == {}
