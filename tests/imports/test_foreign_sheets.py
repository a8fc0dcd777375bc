"""Spreadsheets that were made for others: a proposal, its correction, and correct records or exact refusals."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests import make
from tests.imports import foreign_files
from tests.imports.sending import outcomes, problems, received
from tracker.imports import applying
from tracker.imports.cells import Manner
from tracker.imports.layout import Layout
from tracker.imports.plan import plan_of
from tracker.models import Activity, Location, Program

NO_LEVEL = (
    "Kode ini bukan kode sub kegiatan seperti 1.06.05.2.01.0001 dan bukan kode di atasnya, jadi baris ini mungkin "
    "jumlah. Ubah format selnya menjadi Teks, lalu ketik kembali kodenya; atau lewati baris ini."
)
REQUIRED = "Kolom ini wajib diisi. Bila baris ini sudah ada, isi Register-nya."
YEAR_AND_OPD = {"year": "2026", "opd": "Dinsos"}


@pytest.fixture(autouse=True)
def reference(dinsos, dinkes):
    for code, name in (("16.04.02", "Lahat"), ("16.04.11", "Jarai")):
        make.district(code, name=name)
    make.funding_source("DAU", name="Dana Alokasi Umum")
    make.funding_source("PAD", name="Pendapatan Asli Daerah")


def corrected(content, user, *, name="lampiran.xlsx", **changes):
    """The batch with its proposal as somebody corrects it; nothing is taken without that."""
    batch, proposal = received(content, user, name=name)
    assert proposal.complaints and batch.layout is None
    layout = replace(proposal.layout, **changes)
    assert layout.missing() == []
    batch.sheet, batch.layout = layout.sheet, layout.as_json()
    batch.save()
    return batch


def left_out(plan) -> dict[int, str]:
    return {judged.number: judged.why_left_out for judged in plan.left_out}


def stored() -> list[tuple]:
    return list(
        Activity.objects.order_by("name").values_list(
            "program__opd__short_name", "program__name", "name", "target", "unit", "funding_source__code", "budget"
        )
    )


PERMAKANAN, PENDATAAN, PANGAN = (
    ("PROGRAM REHABILITASI SOSIAL", "Penyediaan permakanan lansia", 120, "orang", "DAU", 300_000_000),
    ("PROGRAM PERLINDUNGAN DAN JAMINAN SOSIAL", "Pendataan keluarga miskin", 4500, "keluarga", "PAD", 250_000_000),
    (
        "PROGRAM PERLINDUNGAN DAN JAMINAN SOSIAL",
        "Bantuan pangan keluarga miskin",
        Decimal("1250.5"),
        "KPM",
        "DAU",
        1_000_000_000,
    ),
)


class TestRenja:
    COLUMNS = (
        *("level_name", "indicator", "places", "target", "unit", "budget", "funding_source"),
        *(None, None, None),  # remarks and the year after
    )

    @pytest.mark.parametrize(
        ("options", "width"),
        [({}, 1), ({"codes_are_numbers": True}, 1), ({"is_split": True}, 5), ({"is_regional": True}, 1)],
        ids=str,
    )
    def test_its_headings_columns_and_levels_are_found(self, secretary, options, width):
        _, proposal = received(foreign_files.renja(**options), secretary, name="renja.xlsx")
        layout = proposal.layout
        assert (layout.sheet, layout.first_heading, layout.last_heading) == ("program", 5, 6)
        assert [layout.columns.get(index) for index in range(width + 10)] == ["level_code"] * width + [*self.COLUMNS]
        assert layout.manner == Manner()
        assert proposal.headings[width + 2] == "Rencana Tahun 2026 Lokasi"
        assert proposal.complaints[-1] == (
            "Kolom ini tidak ada: Tahun, OPD, Program, Sub kegiatan, Sumber dana, Indikator, Satuan, Target, dan Pagu."
        )

    @pytest.mark.parametrize("options", [{}, {"codes_are_numbers": True}, {"is_split": True}], ids=str)
    def test_its_sub_kegiatan_become_records_and_no_sum_is_counted(self, secretary, options):
        batch = corrected(foreign_files.renja(**options), secretary, fixed=YEAR_AND_OPD)
        plan = applying.apply(batch, secretary)
        assert outcomes(plan) == {"new": 3, "left_out": 14}
        assert stored() == [("Dinsos", *row) for row in (PANGAN, PENDATAAN, PERMAKANAN)]
        assert [(total.opd, total.before, total.after) for total in plan.totals] == [("Dinsos", 0, 1_550_000_000)]
        assert list(Program.objects.order_by("code").values_list("code", flat=True)) == ["1.06.04", "1.06.05"]
        assert [str(place) for place in Location.objects.order_by("activity__name", "district__name")] == [
            *("Jarai", "Lahat"),
            "Lahat",
        ]

    def test_every_line_that_is_left_out_is_told_with_its_reason(self, secretary):
        plan = plan_of(corrected(foreign_files.renja(), secretary, fixed=YEAR_AND_OPD), secretary)
        above, program = (
            "Baris urusan atau kegiatan di atas sub kegiatan.",
            "Baris program: nama dan kodenya dipakai untuk sub kegiatan di bawahnya.",
        )
        assert left_out(plan) == {
            7: "Nomor kolom.",
            **dict.fromkeys((8, 9, 11, 14), above),
            **dict.fromkeys((10, 13), program),
            17: "Baris jumlah.",
            **dict.fromkeys((18, 21), "Baris kosong."),
            **dict.fromkeys((19, 20, 22, 23), "Baris tanpa kode, jadi bukan sub kegiatan."),
        }

    def test_rows_belong_to_the_opd_above_them(self, secretary):
        batch = corrected(foreign_files.renja(is_regional=True), secretary, fixed=YEAR_AND_OPD)
        plan = applying.apply(batch, secretary)
        assert left_out(plan)[10] == left_out(plan)[14] == "Baris OPD: namanya dipakai untuk sub kegiatan di bawahnya."
        assert stored() == [("Dinkes", *PANGAN), ("Dinkes", *PENDATAAN), ("Dinsos", *PERMAKANAN)]

    def test_parts_of_codes_without_their_zeros_are_refused_by_row(self, secretary):
        content = foreign_files.renja(is_split=True, codes_are_numbers=True)
        plan = plan_of(corrected(content, secretary, fixed=YEAR_AND_OPD), secretary)
        assert problems(plan) == [
            (12, "Kode sub kegiatan", "1.06.04.2.01.3", NO_LEVEL),
            (15, "Kode sub kegiatan", "1.06.05.2.02.1", NO_LEVEL),
            (16, "Kode sub kegiatan", "1.06.05.2.02.2", NO_LEVEL),
        ]
        assert outcomes(plan) == {"refused": 3, "left_out": 14}


class TestBudgetList:
    FIXED = {**YEAR_AND_OPD, "indicator": "Jumlah paket", "unit": "paket", "target": "1"}

    def test_its_table_is_found_behind_a_cover_and_titles(self, secretary):
        _, proposal = received(foreign_files.budget_list(), secretary, name="anggaran.xlsx")
        layout = proposal.layout
        assert (layout.sheet, layout.worksheet, layout.first_heading, layout.last_heading) == ("program", 1, 5, 5)
        assert layout.columns == {1: "program", 2: "name", 3: "places", 4: "funding_source", 5: "budget"}
        assert layout.manner == Manner(has_decimal_points=True)
        assert proposal.complaints == [
            "Judul kolom ini tidak dikenal: “NO” (kolom A), “NAMA KEGIATAN / SUB KEGIATAN” (kolom C), dan “KET” "
            "(kolom G).",
            "Kolom ini tidak ada: Tahun, OPD, Sub kegiatan, Indikator, Satuan, dan Target.",
        ]

    def test_what_it_lacks_is_said_once_for_all_rows(self, secretary):
        plan = applying.apply(corrected(foreign_files.budget_list(), secretary, fixed=self.FIXED), secretary)
        assert stored() == [
            ("Dinsos", "Perlindungan sosial", "Bantuan alat dengar", 1, "paket", "PAD", 75_500_000),
            ("Dinsos", "Perlindungan sosial", "Bantuan beras lansia", 1, "paket", "DAU", 1_250_000_000),
            ("Dinsos", "Pemberdayaan", "Usaha ekonomi keluarga", 1, "paket", "DAU", 300_000_000),
        ]
        assert left_out(plan) == {
            6: "Nomor kolom.",
            **dict.fromkeys((10, 12), "Baris jumlah."),
            **dict.fromkeys((11, 13), "Baris kosong."),
            **dict.fromkeys((14, 15, 16), "Catatan di bawah tabel."),
        }

    def test_thousands_commas_are_refused_unless_they_are_declared(self, secretary):
        batch = corrected(foreign_files.budget_list(), secretary, fixed=self.FIXED, manner=Manner())
        found = problems(plan_of(batch, secretary))
        assert [(line, column, value) for line, column, value, _ in found] == [
            (7, "Pagu", "1,250,000,000"),
            (8, "Pagu", "75,500,000.00"),
            (9, "Pagu", "300,000,000"),
        ]

    def test_a_line_that_names_an_opd_is_not_passed_over(self, secretary):
        """The rows below it would silently become those of the OPD that was said for all rows."""
        content = foreign_files.budget_list(heading_above="DINAS KESEHATAN")
        found = problems(plan_of(corrected(content, secretary, fixed=self.FIXED), secretary))
        assert found == [(7, title, "", REQUIRED) for title in ("Sub kegiatan", "Sumber dana", "Pagu")]

    def test_a_program_that_is_said_for_the_first_row_alone_is_missed_in_the_others(self, secretary):
        rows = [row if number != 1 else (row[0], None, *row[2:]) for number, row in enumerate(foreign_files.BUDGETS)]
        batch = corrected(foreign_files.budget_list(rows=rows), secretary, fixed=self.FIXED)
        assert problems(plan_of(batch, secretary)) == [(8, "Program", "", REQUIRED)]


class TestReceipts:
    FIXED = {"year": "2026", "indicator": "Jumlah bantuan"}
    COLUMNS = {1: "opd", 2: "program", 3: "name", 4: "target", 5: "unit", 6: "budget", 7: "funding_source"}

    def test_its_columns_are_guessed(self, secretary):
        batch, proposal = received(foreign_files.receipts(), secretary, name="rekap.csv")
        assert batch.worksheets[0]["name"] == ""
        assert proposal.layout.columns == self.COLUMNS
        assert (proposal.layout.first_heading, proposal.layout.manner) == (4, Manner())

    def test_its_rows_become_records(self, secretary):
        content = foreign_files.receipts()
        batch = corrected(content, secretary, name="rekap.csv", fixed=self.FIXED, columns=self.COLUMNS)
        plan = applying.apply(batch, secretary)
        assert left_out(plan) == {7: "Baris jumlah."}
        assert stored() == [
            ("Dinsos", "Perlindungan – sosial", "Beras “premium” 10 kg", 1250, "KPM", "DAU", 1_250_000),
            ("Dinkes", "Gizi", "Makanan tambahan", Decimal("12.5"), "paket", "PAD", 75_000_500),
        ]

    def test_what_is_not_clear_is_refused_with_its_place(self, secretary):
        text = foreign_files.RECEIPTS.replace("1.250;KPM", "1.250 KPM;KPM").replace("75.000.500,-", "75 juta")
        text = text.replace("DINAS KESEHATAN", "Dinas Kesehatan dan KB").replace(
            "Dana Alokasi Umum", "Hibah luar negeri"
        )
        content = foreign_files.receipts(text)
        batch = corrected(content, secretary, name="rekap.csv", fixed=self.FIXED, columns=self.COLUMNS)
        found = problems(plan_of(batch, secretary))
        assert [(line, column, value) for line, column, value, _ in found] == [
            (5, "Sumber dana", "Hibah luar negeri"),
            (5, "Target", "1.250 KPM"),
            (6, "OPD", "Dinas Kesehatan dan KB"),
            (6, "Pagu", "Rp. 75 juta"),
        ]


def test_the_list_of_the_finance_system_needs_only_what_it_lacks(secretary):
    fixed = {"year": "2026", "indicator": "Jumlah keluarga", "unit": "KPM", "target": "100"}
    batch = corrected(foreign_files.FLAT.encode(), secretary, name="rekap.csv", fixed=fixed)
    columns = Layout.from_json(batch.layout).columns
    assert columns == {
        **{5: "opd", 6: "program_code", 7: "program"},
        **{10: "code", 11: "name", 12: "funding_source", 13: "budget"},
    }
    applying.apply(batch, secretary)
    assert stored() == [("Dinsos", "PERLINDUNGAN SOSIAL", "Bantuan pangan", 100, "KPM", "DAU", 1_000_000_000)]
