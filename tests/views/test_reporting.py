"""Who has reported, who has not, how late, and what to send them. Figures: small_world.py, added by hand."""

import datetime
import html
import re
from io import StringIO

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests import make
from tests.reading import (
    addresses,
    attributes,
    content,
    csv_lines,
    csv_rows,
    elements,
    headline,
    lead,
    links,
    table_row,
    text,
    words,
)
from tests.reading import page as tree
from tests.small_world import TW3, YEAR
from tracker.models import Opd
from tracker.progress.reporting import days_late

PELAPORAN = [
    "OPD", "Nama", "Ditagih", "Lapor", "Diverifikasi", "Dikembalikan", "Belum lapor", "Hari terlambat", "Pagu",
    "Pagu sudah lapor", "Mewakili",
]  # fmt: skip
BELUM_LAPOR = ["Register", "OPD", "Program", "Sub kegiatan", "Pagu", "Posisi terakhir (TW)"]
DUE = datetime.date(2025, 10, 10)
NOVEMBER = datetime.date(2025, 11, 22)  # 43 days after it


@pytest.fixture
def on(monkeypatch):
    """on(date) makes it that day in Western Indonesia; moments keep the day they are on."""
    real = timezone.localdate

    def make_it(today):
        monkeypatch.setattr(
            "django.utils.timezone.localdate", lambda value=None, *args: real(value, *args) if value else today
        )

    return make_it


@pytest.fixture
def in_november(on):
    on(NOVEMBER)


def reporting(client, **query):
    return client.get("/pelaporan/", TW3 | query)


def rows(client, **query):
    """The file, by OPD."""
    return {row["OPD"]: row for row in csv_rows(reporting(client, format="csv", **query))}


def days(client, **query):
    return {opd: row["Hari terlambat"] for opd, row in rows(client, **query).items()}


def texts(answer) -> dict[str, str]:
    """The texts to copy, to the letter, by the name of their box."""
    found = re.findall(r'<textarea readonly aria-label="([^"]+)">(.*?)</textarea>', answer.content.decode(), re.DOTALL)
    return {name: html.unescape(value) for name, value in found}


def opd_names(answer) -> list[str]:
    """The names in the first column of the table, as they stand from top to bottom."""
    parts = elements(tree(answer), "tbody", "tfoot")
    return [words(th) for part in parts for th in elements(part, "th") if attributes(th).get("scope") == "row"]


def at(day, hour=3, minute=0):
    """A moment of October 2025, in UTC: seven hours behind Western Indonesia."""
    return datetime.datetime(2025, 10, day, hour, minute, tzinfo=datetime.UTC)


@pytest.mark.usefixtures("in_november")
class TestFigures:
    def test_the_file_to_the_letter(self, world, as_viewer):
        assert csv_lines(reporting(as_viewer, format="csv")) == [
            PELAPORAN,
            ["PUPR", "Dinas Pekerjaan Umum", "1", "0", "0", "0", "1", "43", "400000000", "0", "0,00"],
            ["Dinsos", "Dinas Sosial", "2", "1", "1", "0", "1", "43", "400000000", "100000000", "25,00"],
            ["Dinkes", "Dinas Kesehatan", "1", "1", "0", "0", "0", "0", "200000000", "200000000", "100,00"],
            ["", "Jumlah", "4", "2", "1", "0", "2", "43", "1000000000", "300000000", "30,00"],
        ]

    def test_the_page_shows_what_the_file_holds(self, world, as_viewer):
        make.report(world.concrete, 3, status="returned")
        answer = reporting(as_viewer)
        for row in rows(as_viewer).values():
            shown = table_row(answer, row["Nama"])
            million = {name: int(row[name]) / 1_000_000_000 for name in ("Pagu", "Pagu sudah lapor")}
            assert shown == {
                "OPD": row["Nama"],
                "Lapor": f"{row['Lapor']} dari {row['Ditagih']}",
                "Diverifikasi": row["Diverifikasi"],
                "Dikembalikan": row["Dikembalikan"],
                "Belum lapor": row["Belum lapor"],
                "Terlambat": row["Hari terlambat"],
                "Pagu lapor": f"{million['Pagu sudah lapor']:.1f} dari {million['Pagu']:.1f}".replace(".", ","),
                "Mewakili": f"{row['Mewakili'][:-1]} %",
                "Berkas": "XLSX" if row["OPD"] else "",
            }
        assert rows(as_viewer)["PUPR"]["Dikembalikan"] == "1"

    def test_who_misses_most_pagu_comes_first_and_who_is_complete_last(self, world, as_viewer):
        assert opd_names(reporting(as_viewer)) == [
            "Dinas Pekerjaan Umum",
            "Dinas Sosial",
            "Dinas Kesehatan",
            "Jumlah",
        ]
        shown = text(reporting(as_viewer))
        assert "Belum lengkap: 2 OPD Dinas Pekerjaan Umum" in shown
        assert "Lengkap: 1 OPD Dinas Kesehatan" in shown
        make.activity(world.aid, budget=500_000_000)  # Dinsos now misses 800 jt, PUPR 400 jt
        assert opd_names(reporting(as_viewer))[:2] == ["Dinas Sosial", "Dinas Pekerjaan Umum"]

    def test_who_misses_something_without_pagu_still_comes_before_who_is_complete(self, world, as_viewer, on):
        on(datetime.date(2025, 10, 5))
        make.activity(make.program(make.opd("Zakat", name="Zakat"), YEAR), budget=0)
        assert opd_names(reporting(as_viewer))[2:4] == ["Zakat", "Dinas Kesehatan"]
        assert list(rows(as_viewer)) == ["PUPR", "Dinsos", "Zakat", "Dinkes", ""]

    def test_who_reported_latest_comes_first_of_the_complete(self, world, as_viewer):
        early, late = make.opd("Arsip", name="Arsip Daerah"), make.opd("Zakat", name="Badan Zakat")
        make.report(make.activity(make.program(early, YEAR)), 3, submitted_at=at(9))
        make.report(make.activity(make.program(late, YEAR)), 3, submitted_at=at(13))
        assert opd_names(reporting(as_viewer))[2:-1] == ["Badan Zakat", "Arsip Daerah", "Dinas Kesehatan"]

    def test_the_headline_answers_the_question(self, world, as_viewer):
        answer = reporting(as_viewer)
        assert headline(answer) == (
            "1 dari 3 OPD sudah lapor lengkap TW III 2025; 2 dari 4 sub kegiatan, mewakili 30,0 % pagu."
        )
        assert "Belum lapor: 2 sub kegiatan dari 2 OPD, pagu Rp 700 juta." in lead(answer)

    def test_money_from_outside_the_own_budget_is_named(self, world, as_viewer):
        assert "termasuk Rp 200 juta di luar APBD" in text(reporting(as_viewer))

    def test_counted_are_submitted_and_verified_reports_of_exactly_this_quarter(self, world, as_viewer):
        """Bedah rumah has reported TW II; a draft and a returned report of TW III are none."""
        make.report(world.houses, 3, status="draft")
        make.report(world.concrete, 3, status="returned")
        found = rows(as_viewer)
        assert {opd: (row["Lapor"], row["Belum lapor"]) for opd, row in found.items()} == {
            "PUPR": ("0", "1"),
            "Dinsos": ("1", "1"),
            "Dinkes": ("1", "0"),
            "": ("2", "2"),
        }
        assert {opd: (row["Diverifikasi"], row["Dikembalikan"]) for opd, row in found.items()} == {
            "PUPR": ("0", "1"),
            "Dinsos": ("1", "0"),
            "Dinkes": ("0", "0"),
            "": ("1", "1"),
        }

    def test_reports_of_what_is_not_expected_are_not_counted(self, world, as_viewer):
        """Stopped, or to begin later: neither asked for nor counted, even with a report from before."""
        make.report(world.stopped, 3, status="verified", submitted_at=at(30))
        make.report(world.late_start, 3, status="returned")
        make.report(make.activity(world.roads, revised_budget=0), 3, status="verified")
        found = rows(as_viewer)
        assert [found["Dinsos"][name] for name in ("Ditagih", "Lapor", "Diverifikasi")] == ["2", "1", "1"]
        assert [found["PUPR"][name] for name in ("Ditagih", "Lapor", "Diverifikasi")] == ["1", "0", "0"]
        assert [found["Dinkes"][name] for name in ("Ditagih", "Dikembalikan", "Hari terlambat")] == ["1", "0", "0"]
        only = make.opd("Perkim")
        make.report(make.activity(make.program(only, YEAR), starts_quarter=4), 3, status="verified")
        assert "Perkim" not in rows(as_viewer)
        assert rows(as_viewer)[""]["Diverifikasi"] == "1"

    def test_a_report_of_another_quarter_or_year_is_none(self, world, as_viewer):
        make.report(world.concrete, 2, status="verified", submitted_at=at(30))
        make.report(world.concrete, 4, status="verified")
        make.report(make.activity(make.program(world.pupr, 2024)), 3, status="verified")
        assert rows(as_viewer)["PUPR"]["Diverifikasi"] == "0"

    def test_each_number_leads_to_the_list_that_proves_it(self, world, as_viewer):
        answer = reporting(as_viewer, sumber="apbd")
        here = f"/realisasi/?tahun=2025&tw=3&sumber=apbd&opd={world.dinsos.pk}"
        [cells] = [tr for tr in elements(tree(answer), "tr") if words(tr).startswith("Dinas Sosial")]
        assert [attributes(a)["href"] for a in elements(cells, "a")] == [
            f"/opd/{world.dinsos.pk}/?tahun=2025&tw=3&sumber=apbd",
            here,
            f"{here}&hitung=terverifikasi",
            f"{here}&status=belum-lapor",
            f"{here}&format=kit",
        ]
        assert "Bedah rumah" in text(as_viewer.get(f"{here}&status=belum-lapor"))
        assert "Sembako" not in text(as_viewer.get(f"{here}&status=belum-lapor"))
        assert "/realisasi/?tahun=2025&tw=3&sumber=apbd&status=belum-lapor" in addresses(answer)

    def test_the_filters_choose_before_anything_is_counted(self, world, as_viewer):
        def counted(**query):
            return {opd: (row["Ditagih"], row["Lapor"], row["Pagu"]) for opd, row in rows(as_viewer, **query).items()}

        assert counted(opd=str(world.dinsos.pk)) == {
            "Dinsos": ("2", "1", "400000000"),
            "": ("2", "1", "400000000"),
        }
        assert counted(kecamatan="16.04.11", strategi="1") == {
            "Dinsos": ("1", "1", "100000000"),
            "": ("1", "1", "100000000"),
        }
        assert counted(sumber="luar").keys() == {"Dinkes", ""}
        assert counted(status="belum-lapor") == {
            "PUPR": ("1", "0", "400000000"),
            "Dinsos": ("1", "0", "300000000"),
            "": ("2", "0", "700000000"),
        }
        assert counted(q="xyzzy") == {"": ("0", "0", "0")}
        make.report(world.concrete, 3, status="returned")
        assert rows(as_viewer, opd=str(world.dinsos.pk))[""]["Dikembalikan"] == "0"
        assert rows(as_viewer, opd=str(world.pupr.pk))[""]["Dikembalikan"] == "1"

    def test_who_has_not_reported_is_a_file_of_its_own(self, world, as_viewer):
        answer = reporting(as_viewer, format="csv", tabel="belum-lapor")
        assert csv_lines(answer) == [
            BELUM_LAPOR,
            [world.concrete.ref, "PUPR", "Jalan desa", "Rabat beton", "400000000", ""],
            [world.houses.ref, "Dinsos", "Bantuan sosial", "Bedah rumah", "300000000", "TW II"],
        ]
        lines = csv_lines(reporting(as_viewer, format="csv", tabel="belum-lapor", opd=str(world.dinkes.pk)))
        assert lines == [BELUM_LAPOR]
        assert links(reporting(as_viewer))["CSV belum lapor"] == "?tahun=2025&tw=3&format=csv&tabel=belum-lapor"

    def test_where_nothing_is_expected_it_says_so(self, world, as_viewer):
        answer = as_viewer.get("/pelaporan/", {"tahun": "2031", "tw": "2"})
        assert headline(answer) == "Belum ada sub kegiatan yang ditagih pada TW II 2031."
        assert texts(answer) == {}
        assert "Belum ada sub kegiatan" in text(answer)

    def test_who_has_reported_everything_is_told_nothing(self, world, as_viewer):
        for activity in (world.houses, world.concrete):
            make.report(activity, 3)
        answer = reporting(as_viewer)
        assert headline(answer) == (
            "3 dari 3 OPD sudah lapor lengkap TW III 2025; 4 dari 4 sub kegiatan, mewakili 100,0 % pagu."
        )
        assert texts(answer) == {}
        assert "Belum lapor:" not in lead(answer) and "copy.js" not in answer.content.decode()


class TestVerifiedOnly:
    """What waits for its verification is not late and not the OPD's to do."""

    @pytest.fixture
    def submitted(self, world, in_november):
        """All of PUPR and Dinkes came in: in time, and three days late."""
        make.report(world.concrete, 3, submitted_at=at(10))
        report = world.vaccines.reports.get()
        report.submitted_at = at(13)
        report.save()
        return world

    def test_only_verified_reports_count(self, submitted, as_viewer):
        answer = reporting(as_viewer, hitung="terverifikasi")
        assert headline(answer) == (
            "0 dari 3 OPD terverifikasi lengkap TW III 2025; 1 dari 4 sub kegiatan, mewakili 10,0 % pagu."
        )
        assert table_row(answer, "Dinas Pekerjaan Umum")["Belum terverifikasi"] == "1"
        assert "Belum terverifikasi: 3 sub kegiatan dari 3 OPD" in lead(answer)
        assert "elum lapor" not in text(answer).split("Saringan")[0]

    def test_the_days_late_are_those_of_what_came_in(self, submitted, as_viewer):
        assert days(as_viewer, hitung="terverifikasi") == {"Dinsos": "43", "Dinkes": "3", "PUPR": "0", "": "43"}
        assert days(as_viewer, hitung="terverifikasi") == days(as_viewer)

    def test_there_is_no_text_that_tells_an_opd_to_report_again(self, submitted, as_viewer):
        assert texts(reporting(as_viewer, hitung="terverifikasi")) == {}
        assert texts(reporting(as_viewer)).keys() == {"Teks untuk semua OPD", "Teks Dinsos"}


class TestDaysLate:
    @pytest.mark.parametrize(
        ("today", "late"),
        [
            (DUE - datetime.timedelta(days=1), ""),
            (DUE, "0"),
            (DUE + datetime.timedelta(days=1), "1"),
            (datetime.date(2026, 1, 10), "92"),
        ],
    )
    def test_a_missing_report_counts_from_the_due_date_until_today(self, world, as_viewer, on, today, late):
        on(today)
        assert days(as_viewer) == {"PUPR": late, "Dinsos": late, "Dinkes": late and "0", "": late}
        assert table_row(reporting(as_viewer), "Dinas Sosial")["Terlambat"] == (late or "–")

    @pytest.mark.parametrize(
        ("submitted_at", "late"),
        [
            (at(2), "0"),
            (at(10, 16, 59), "0"),  # 23.59 WIB of the due date
            (at(10, 17, 0), "1"),  # midnight in Lahat
            (at(10, 17, 30), "1"),
            (at(11, 16, 59), "1"),
            (at(11, 17, 30), "2"),
            (None, "0"),
        ],
    )
    def test_a_counted_one_until_the_day_it_came_in_in_western_indonesia(
        self, world, as_viewer, in_november, submitted_at, late
    ):
        report = world.vaccines.reports.get()
        report.submitted_at = submitted_at
        report.save()
        assert days(as_viewer)["Dinkes"] == late

    def test_an_opd_is_as_late_as_its_last_report(self, world, as_viewer, in_november):
        for submitted_at in (at(20), at(31), at(12)):
            activity = make.activity(world.health)
            make.report(activity, 3, submitted_at=submitted_at, status="verified")
        assert days(as_viewer)["Dinkes"] == "21"
        make.activity(world.health)
        assert days(as_viewer)["Dinkes"] == "43"

    def test_a_returned_one_is_missing_however_early_it_came_in(self, world, as_viewer, in_november):
        make.report(world.concrete, 3, status="returned", submitted_at=at(1))
        assert days(as_viewer)["PUPR"] == "43"

    def test_it_is_empty_where_the_quarter_has_no_period(self, world, as_viewer, in_november):
        world.sembako.reports.all().delete()
        world.vaccines.reports.all().delete()
        make.period(YEAR, 3).delete()
        assert set(days(as_viewer).values()) == {""}
        answer = reporting(as_viewer)
        assert "TW III 2025 belum dibuka, jadi laporan belum dapat diisi." in lead(answer)
        assert texts(answer) == {}

    def test_a_due_date_before_the_end_of_the_quarter_accuses_nobody_either(self):
        period = make.Period.usual(2025, 3)
        period.due_on = datetime.date(2025, 9, 20)

        def late(today):
            return days_late(period, last_submitted_at=None, is_missing=True, today=today)

        assert late(datetime.date(2025, 9, 30)) is None
        assert late(datetime.date(2025, 10, 1)) == 11


class TestState:
    """The lead says until when, and whether reports can still be entered."""

    @pytest.mark.parametrize(
        ("today", "said"),
        [
            (datetime.date(2025, 10, 1), "Tenggat laporan 10 Oktober 2025: dibuka, 9 hari lagi."),
            (DUE, "Tenggat laporan 10 Oktober 2025: dibuka, hari ini."),
            (NOVEMBER, "Tenggat laporan 10 Oktober 2025: lewat 43 hari."),
        ],
    )
    def test_the_days_left_or_gone(self, world, as_viewer, on, today, said):
        on(today)
        assert said in lead(reporting(as_viewer))

    def test_each_year_and_quarter_has_its_own(self, world, as_viewer, in_november):
        make.activity(make.program(world.pupr, 2026))
        make.periods(2026)
        assert "Tenggat laporan 10 Oktober 2026: belum dibuka" in lead(reporting(as_viewer, tahun="2026"))
        assert "Tenggat laporan 10 Juli 2025: lewat 135 hari." in lead(reporting(as_viewer, tw="2"))

    def test_a_locked_quarter_sends_to_the_secretariat(self, world, as_viewer, in_november):
        make.period(YEAR, 3, locked_at=at(31))
        answer = reporting(as_viewer)
        assert "Tenggat laporan 10 Oktober 2025: dikunci." in lead(answer)
        assert (
            "TW III 2025 sudah dikunci; untuk mengisi, hubungi Sekretariat TKPK.\nDaftarnya: http"
            in (texts(answer)["Teks Dinsos"])
        )
        assert "Excel" not in texts(answer)["Teks Dinsos"]

    def test_a_quarter_that_opens_later_asks_nobody(self, world, as_viewer, in_november):
        make.period(YEAR, 3, opens_on=datetime.date(2025, 12, 1), due_on=datetime.date(2025, 12, 10))
        answer = reporting(as_viewer)
        assert "10 Desember 2025: belum dibuka, dapat diisi mulai 1 Desember 2025." in lead(answer)
        assert texts(answer) == {}
        assert set(days(as_viewer).values()) == {""}


class TestRunningQuarter:
    """Before its last day has passed a quarter accuses nobody."""

    @pytest.fixture
    def running(self, world, on):
        on(datetime.date(2025, 9, 30))
        return world

    def test_nobody_is_said_to_owe_anything(self, running, as_viewer):
        answer = reporting(as_viewer)
        assert headline(answer) == (
            "TW III 2025 belum berakhir; 2 dari 4 sub kegiatan sudah lapor, mewakili 30,0 % pagu."
        )
        assert "dibuka, 10 hari lagi. Triwulan ini belum berakhir, jadi belum ada yang dinilai." in lead(answer)
        shown = text(answer).split("Hapus semua")[1]
        assert [word for word in ("elum lapor", "elum lengkap", "terlambat", "3 OPD") if word in shown] == []
        assert table_row(answer, "Dinas Sosial")["Menunggu laporan"] == "1"
        assert texts(answer) == {}
        assert set(days(as_viewer).values()) == {""}

    def test_the_opds_stand_by_name(self, running, as_viewer):
        names = ["Dinas Kesehatan", "Dinas Pekerjaan Umum", "Dinas Sosial", "Jumlah"]
        assert opd_names(reporting(as_viewer)) == names

    def test_a_quarter_to_come_says_that_it_has_not_begun(self, running, as_viewer):
        assert headline(reporting(as_viewer, tw="4")) == (
            "TW IV 2025 belum mulai; 0 dari 5 sub kegiatan sudah lapor, mewakili 0,0 % pagu."
        )


@pytest.mark.usefixtures("in_november")
class TestTexts:
    def test_for_one_opd_to_the_letter(self, world, as_viewer):
        work_list = f"?tanpa_laporan=2025-3&program__opd__id__exact={world.dinsos.pk}"
        assert texts(reporting(as_viewer))["Teks Dinsos"] == (
            "Yth. Dinas Sosial\n"
            "Laporan TW III 2025, tenggat 10 Oktober 2025, lewat 43 hari.\n"
            "Belum lapor 1 dari 2 sub kegiatan:\n"
            f"- {world.houses.ref} Bedah rumah\n"
            "Berkas isian Excel: "
            f"http://testserver/realisasi/?tahun=2025&tw=3&opd={world.dinsos.pk}&format=kit\n"
            f"Mohon diisi di: http://testserver/admin/tracker/activity/{work_list}"
        )

    def test_for_all_of_them_to_the_letter(self, world, as_viewer):
        assert texts(reporting(as_viewer))["Teks untuk semua OPD"] == (
            "Laporan TW III 2025, tenggat 10 Oktober 2025, lewat 43 hari.\n"
            "Sudah lengkap 1 dari 3 OPD. Sub kegiatan yang belum lapor:\n"
            "1. PUPR: 1 dari 1\n"
            "2. Dinsos: 1 dari 2\n"
            "Rincian: http://testserver/pelaporan/?tahun=2025&tw=3"
        )

    def test_before_the_due_date_they_say_how_much_time_is_left(self, world, as_viewer, on):
        on(datetime.date(2025, 10, 8))
        assert (
            "Laporan TW III 2025, tenggat 10 Oktober 2025, 2 hari lagi.\n"
            in (texts(reporting(as_viewer))["Teks PUPR"])
        )

    def test_returned_reports_are_a_number_and_a_way_to_them(self, world, as_viewer):
        make.report(world.concrete, 3, status="returned")
        assert texts(reporting(as_viewer))["Teks PUPR"].splitlines()[2:] == [
            "Belum lapor 1 dari 1 sub kegiatan:",
            f"- {world.concrete.ref} Rabat beton",
            f"Berkas isian Excel: http://testserver/realisasi/?tahun=2025&tw=3&opd={world.pupr.pk}&format=kit",
            "Mohon diisi di: http://testserver/admin/tracker/activity/"
            f"?tanpa_laporan=2025-3&program__opd__id__exact={world.pupr.pk}",
            "Dikembalikan untuk diperbaiki 1: http://testserver/admin/tracker/report/?status__exact=returned",
        ]

    @pytest.mark.parametrize("who", ["as_secretary", "as_operator"])
    def test_their_addresses_open_the_lists_they_name(self, world, request, who):
        client = request.getfixturevalue(who)
        make.report(world.houses, 3, status="returned")
        make.activity(world.aid, name="Sekolah rakyat")
        lines = texts(reporting(client))["Teks Dinsos"].splitlines()
        missing, returned = (client.get(re.search(r"http://testserver(\S+)", line)[1]) for line in lines[-2:])
        assert "Sekolah rakyat" in text(missing)
        assert [name for name in ("Sembako", "Rabat beton") if name in text(missing)] == []
        assert world.houses.ref in text(returned)

    @pytest.mark.parametrize(("missing", "named", "rest"), [(10, 10, None), (11, 10, 1), (14, 10, 4)])
    def test_ten_sub_kegiatan_are_named_and_the_rest_counted(self, world, as_viewer, missing, named, rest):
        for _ in range(missing - 1):
            make.activity(world.roads)
        written = texts(reporting(as_viewer))["Teks PUPR"]
        assert f"Belum lapor {missing} dari {missing} sub kegiatan:" in written
        assert written.count("\n- ") == named
        assert re.findall(r"\ndan (\d+) lainnya\n", written) == ([str(rest)] if rest else [])

    def test_where_many_opds_miss_something_each_text_names_five_and_a_page_holds_eight(self, world, as_viewer):
        for number in range(12):
            program = make.program(make.opd(f"OPD{number}"), YEAR)
            for _ in range(6):
                make.activity(program)
        first, second = texts(reporting(as_viewer)), texts(reporting(as_viewer, hal="2"))
        assert (len(first), len(second)) == (1 + 8, 1 + 6)  # the text for all is on every page
        assert first["Teks OPD3"].count("\n- ") == 5
        assert "\ndan 1 lainnya\n" in first["Teks OPD3"]
        assert first["Teks untuk semua OPD"].count("6 dari 6") == 12
        assert links(reporting(as_viewer))["Berikutnya"] == "?tahun=2025&tw=3&hal=2#h-texts"
        assert texts(reporting(as_viewer, opd=str(make.opd("OPD3").pk)))["Teks OPD3"].count("\n- ") == 6

    def test_a_narrowed_text_says_what_it_leaves_out(self, world, as_viewer):
        written = texts(reporting(as_viewer, strategi="1", opd=str(world.dinsos.pk), hitung="semua"))
        assert written["Teks Dinsos"].splitlines()[2] == "Hanya Strategi Mengurangi beban pengeluaran."
        assert "Hanya" not in texts(reporting(as_viewer, opd=str(world.dinsos.pk)))["Teks Dinsos"]

    def test_what_people_wrote_is_shown_and_not_run(self, world, as_viewer):
        world.houses.name = "</textarea><script>alert(1)</script>"
        world.houses.save()
        answer = reporting(as_viewer)
        assert "<script>alert" not in answer.content.decode()
        assert "- " + world.houses.ref + " </textarea><script>alert(1)</script>\n" in texts(answer)["Teks Dinsos"]

    def test_a_kept_page_names_the_host_it_was_asked_for(self, world, as_viewer, settings):
        settings.ALLOWED_HOSTS = ["pantau.lahat.example", "10.0.0.5"]

        def hosts(**extra):
            written = texts(as_viewer.get("/pelaporan/", TW3, **extra))["Teks untuk semua OPD"]
            return re.findall(r"https?://[^/]+", written)

        assert hosts(headers={"host": "pantau.lahat.example"}) == ["http://pantau.lahat.example"]
        assert hosts(headers={"host": "10.0.0.5"}) == ["http://10.0.0.5"]
        assert hosts(headers={"host": "pantau.lahat.example"}, secure=True) == ["https://pantau.lahat.example"]


@pytest.mark.usefixtures("in_november")
class TestKits:
    """The sheet to fill in, one click from the OPD that it is for."""

    def kits(self, answer, part):
        [part] = [node for node in elements(tree(answer), part) if words(node).count("XLSX")]
        return [attributes(a)["href"] for a in elements(part, "a") if words(a).endswith(("XLSX", "(XLSX)"))]

    def address(self, opd, query="tahun=2025&tw=3"):
        return f"/realisasi/?{query}&opd={opd.pk}&format=kit"

    def test_stands_in_the_row_of_every_opd(self, world, as_viewer):
        answer = reporting(as_viewer)
        assert self.kits(answer, "table") == [self.address(opd) for opd in (world.pupr, world.dinsos, world.dinkes)]

    def test_stands_beside_the_text_of_every_opd_that_misses_something(self, world, as_viewer):
        answer = reporting(as_viewer)
        assert self.kits(answer, "ul") == [self.address(opd) for opd in (world.pupr, world.dinsos)]

    def test_keeps_the_filters_of_the_page_but_not_its_page_of_texts(self, world, as_viewer):
        answer = reporting(as_viewer, sumber="apbd", hal="1")
        assert self.kits(answer, "table")[0] == self.address(world.pupr, "tahun=2025&tw=3&sumber=apbd")
        for address in self.kits(answer, "ul"):
            assert "sumber=apbd" in address and "hal=" not in address

    def test_holds_the_rows_of_its_opd(self, world, as_viewer):
        answer = as_viewer.get(self.kits(reporting(as_viewer), "table")[1])
        assert answer["Content-Disposition"] == 'attachment; filename="isian-realisasi-dinsos-2025-tw3.xlsx"'

    def test_without_a_period_in_the_address_they_name_it_all_the_same(self, world, as_viewer):
        answer = as_viewer.get("/pelaporan/")
        assert self.kits(answer, "table")[0] == self.kits(answer, "ul")[0] == self.address(world.pupr)

    def test_is_in_the_rows_while_the_quarter_runs_too(self, world, as_viewer):
        assert len(self.kits(reporting(as_viewer, tw="4"), "table")) == 3

    @pytest.mark.parametrize(("opds", "is_in_the_rows"), [(34, True), (35, False)])
    def test_of_many_opds_only_the_texts_have_one(self, world, as_viewer, opds, is_in_the_rows):
        for number in range(opds - 3):
            make.activity(make.program(make.opd(f"OPD{number}"), YEAR))
        answer = reporting(as_viewer)
        assert ("format=kit" in str(next(elements(tree(answer), "table")))) is is_in_the_rows
        assert len(self.kits(answer, "ul")) == 8


@pytest.mark.usefixtures("in_november")
class TestNothingLeaks:
    WORDS = ("KENARI", "876543219", "876.543.219", "54321")

    @pytest.fixture
    def secrets(self, world):
        """A draft and a returned report of Dinsos."""
        secret = {"obstacle": "KENARI-KENDALA", "follow_up": "KENARI-TINDAK", "realised_budget": 876_543_219}
        make.report(world.houses, 3, status="draft", beneficiaries=54_321, **secret)
        returned = make.activity(world.aid, name="Sekolah rakyat")
        make.report(returned, 3, status="returned", return_note="KENARI-CATATAN", **secret)
        return world

    @pytest.mark.parametrize("who", ["as_viewer", "as_stranger", "as_coordinator", "as_operator", "as_secretary"])
    def test_drafts_and_return_notes_show_to_nobody(self, secrets, request, who):
        client = request.getfixturevalue(who)
        for query in ({}, {"hitung": "terverifikasi"}, {"format": "csv"}, {"format": "csv", "tabel": "belum-lapor"}):
            shown = content(reporting(client, **query)).decode()
            assert [word for word in self.WORDS if word in shown] == []

    def test_a_draft_changes_nothing_at_all(self, world, as_viewer):
        def answers():
            files = [content(reporting(as_viewer, format="csv", tabel=name)) for name in ("pelaporan", "belum-lapor")]
            return [*files, texts(reporting(as_viewer)), text(reporting(as_viewer))]

        before = answers()
        make.report(world.houses, 3, status="draft", submitted_at=at(5), obstacle="KENARI")
        assert answers() == before


@pytest.mark.parametrize("query", [{}, {"format": "csv"}, {"format": "csv", "tabel": "belum-lapor"}])
def test_one_opd_or_three_the_page_asks_at_most_eight_questions(db, bands, as_viewer, query):
    def asked():
        cache.clear()
        with CaptureQueriesContext(connection) as statements:
            content(reporting(as_viewer, **query))
        return len(statements)

    make.periods(YEAR)
    make.report(make.activity(make.program(make.opd("Dinsos"), YEAR)), 3, status="verified")
    one = asked()
    for name in ("Dinkes", "PUPR"):
        program = make.program(make.opd(name), YEAR)
        make.report(make.activity(program), 3, status="returned")
        make.activity(program)
    assert (asked(), one <= 8) == (one, True)


@pytest.mark.parametrize("opds", [30, 40])
def test_opds_that_all_miss_something_make_no_heavy_page(db, as_viewer, opds):
    """At most 40 kB, with the filters as long as they get, and every link and text there can be."""
    call_command("load_reference", stdout=StringIO())
    make.periods(YEAR)
    known = list(Opd.objects.order_by("pk")[:opds])
    for opd in [*known, *(make.opd(f"OPD{number}") for number in range(opds - len(known)))]:
        program = make.program(opd, YEAR)
        for _ in range(7):
            activity = make.activity(program, name="Fasilitasi Bantuan Sosial Keluarga dan Penyandang Disabilitas")
        make.report(activity, 3, status="returned")
        make.report(make.activity(program), 3, status="verified")
    answer = reporting(as_viewer)
    assert len(texts(answer)) == 9
    assert len(answer.content) <= 40_000
