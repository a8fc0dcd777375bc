"""The bytes of a file: what Excel with Indonesian settings opens without a question, and nothing runs in it."""

import csv
import datetime
import io
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from tests import make
from tests.reading import content, csv_lines, csv_rows, read_back
from tests.small_world import TW3, YEAR, files_of, small_world
from tracker.exports import LONGEST_CELL, as_typed, harmless, human_cell, human_csv, write_workbook
from tracker.models import Activity, RegisterCounter
from tracker.models.history import INVISIBLE
from tracker.tables import Column, Table


def written(*rows, titles=("A",)) -> bytes:
    columns = tuple(Column(title, lambda row, at=at: row[at]) for at, title in enumerate(titles))
    return b"".join(human_csv(Table("coba", columns, rows)))


class TestBytes:
    def test_mark_semicolons_and_line_ends(self):
        assert (
            written(("x", 1), ("é", None), titles=("Satu", "Dua")) == b"\xef\xbb\xbfSatu;Dua\r\nx;1\r\n\xc3\xa9;\r\n"
        )

    def test_a_table_without_rows_is_its_heading(self):
        assert written(titles=("Satu", "Dua")) == b"\xef\xbb\xbfSatu;Dua\r\n"

    @pytest.mark.parametrize(
        ("value", "cell"),
        [
            (None, ""),
            ("", ""),
            (0, "0"),
            (-5, "-5"),
            (1_250_000_000, "1250000000"),
            (999_999_999_999_999, "999999999999999"),
            (Decimal("12.500"), "12,5"),
            (Decimal("0.000"), "0"),
            (Decimal("100.000"), "100"),
            (Decimal("999999999999.999"), "999999999999,999"),
            (Decimal("1E+3"), "1000"),
            (Decimal("0.001"), "0,001"),
            (Fraction(2, 3), "0,67"),
            (Fraction(1, 8), "0,13"),  # half up
            (Fraction(-1, 8), "-0,13"),
            (Fraction(-1, 1000), "0,00"),
            (Fraction(75), "75,00"),
            (Fraction(-93, 2), "-46,50"),
            (Fraction(123456789), "123456789,00"),
            (datetime.date(2026, 10, 5), "05-10-2026"),
            (datetime.date(2026, 1, 31), "31-01-2026"),
            ("-", "-"),
            ("12.5", "12.5"),
        ],
    )
    def test_values(self, value, cell):
        assert human_cell(value) == cell

    def test_every_file_of_every_page_has_the_dialect(self, db, as_viewer):
        world = small_world()
        for address in files_of(world):
            answer = as_viewer.get(f"{address}&tahun=2025&tw=3")
            assert answer.streaming, address
            assert answer["Content-Type"] == "text/csv; charset=utf-8"
            data = content(answer)
            assert data.startswith(b"\xef\xbb\xbf") and data.endswith(b"\r\n"), address
            assert data.count(b"\xef\xbb\xbf") == 1
            assert data.count(b"\n") == data.count(b"\r\n")
            assert b"Rp" not in data, address
            assert "−".encode() not in data and "\xa0".encode() not in data, "ASCII minus, no hard spaces"

    def test_the_file_name_says_which_table_and_which_quarter(self, db, as_viewer):
        small_world()
        for address, name in {
            "/program/": "pantau-program-2025-tw3.csv",
            "/opd/": "pantau-opd-2025-tw3.csv",
            "/realisasi/": "pantau-realisasi-2025-tw3.csv",
        }.items():
            answer = as_viewer.get(address, TW3 | {"format": "csv"})
            assert answer["Content-Disposition"] == f'attachment; filename="{name}"'


# What a spreadsheet would run, and what only looks like it
RUN = ["=1+1", "+62 812", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "=", "+", "--", "- a"]
RUN += ['=HYPERLINK("http://x")', "=cmd|' /C calc'!A0"]
ESCAPED = ["'=1", "''=1", "'-", "'''@x", "'+"]
LEFT = ["-", "a=1", "1-2", "'a", "''", "'", "a\t=1", "a\n=1", " =1", "\n=1", "–1", ""]


class TestNeutralising:
    @pytest.mark.parametrize("text", RUN)
    def test_text_that_would_run_gets_an_apostrophe(self, text):
        assert human_cell(text) == f"'{text}"

    @pytest.mark.parametrize("text", LEFT)
    def test_other_text_is_left_alone(self, text):
        assert human_cell(text) == text

    @pytest.mark.parametrize("text", [*RUN, *ESCAPED, *LEFT])
    def test_reading_back_is_exact(self, text):
        [[_], [cell]] = csv.reader(
            io.StringIO(written((text,)).decode().removeprefix("\ufeff"), newline=""), delimiter=";", strict=True
        )
        assert read_back(cell) == text

    @given(st.text() | st.text(alphabet="'=+-@\t\r\na", max_size=6))
    @example("-")
    @example("'-")
    @example("''-")
    @example("'")
    def test_reading_back_is_exact_for_every_text(self, text):
        assert as_typed(harmless(text)) == text

    @pytest.mark.parametrize("text", ["'", "''", "'a", "'2026", "'-", "' =1", "'\n=1", "", "-", "Jum'at", "'tis"])
    def test_an_apostrophe_that_is_not_ours_stays(self, text):
        assert as_typed(text) == text

    @pytest.mark.parametrize(("cell", "text"), [("'=1", "=1"), ("''=1", "'=1"), ("''-", "'-"), ("'--", "--")])
    def test_one_apostrophe_is_taken_away_and_no_more(self, cell, text):
        assert as_typed(cell) == text

    def test_no_cell_of_a_file_begins_with_what_would_run(self):
        for text in [*RUN, *ESCAPED]:
            assert human_cell(text)[0] == "'"

    def test_numbers_stay_numbers(self):
        assert human_cell(-5) == "-5"
        assert human_cell(Decimal("-5.5")) == "-5,5"
        assert human_cell(Fraction(-11, 2)) == "-5,50"

    def test_headings_are_made_harmless_as_well(self):
        assert written(titles=("=1", "-")) == b"\xef\xbb\xbf'=1;-\r\n"


def in_xlsx(texts) -> list[str]:
    """The texts as they come back from a file."""
    file = io.BytesIO()
    write_workbook(file, Table("coba", (Column("A", lambda row: row),), texts), [])
    file.seek(0)
    [_], *lines = CalamineWorkbook.from_filelike(file).get_sheet_by_index(0).to_python(skip_empty_area=False)
    return [as_typed(cell) for [cell] in lines]


class TestTextsInXlsx:
    """All that people can type comes back; what nobody sees the models refuse."""

    @settings(deadline=None)
    @given(st.lists(st.text(min_size=1).filter(lambda text: not INVISIBLE.search(text)), min_size=1, max_size=20))
    def test_come_back_to_the_letter(self, texts):
        assert in_xlsx(texts) == texts

    @pytest.mark.parametrize(
        "text",
        ["a\nb", "a\r\nb", "a\rb", "\n", "\t", " tepi ", "_x0041_", "_x005F_", "_x000D_", "0012", "1e5", "1-2", "TRUE",
         "https://x.example/?a=1&b=2", "mailto:a@b", "#REF!", "{=1}", "<b>&amp;</b>", "👩‍🌾🍚", "\u2028", "é"],
    )  # fmt: skip
    def test_whatever_it_looks_like(self, text):
        assert in_xlsx([text]) == [text]

    @pytest.mark.parametrize("text", ["<r></r>", "<r>a</r>", "<r>&</r>", "<r><t>a</t></r>", "<r>\r\n_x0041_</r>"])
    def test_what_looks_like_the_markup_of_the_library_is_text(self, text):
        """It would be written as it is: the text lost, and the file broken by a lone &."""
        assert in_xlsx([text, "sesudahnya"]) == [text, "sesudahnya"]

    def test_as_much_as_a_cell_holds(self):
        """Counted as Excel counts: a sign beyond the first 65,536 counts twice, and is never cut in two."""
        assert in_xlsx(["x" * LONGEST_CELL])[0] == "x" * LONGEST_CELL
        assert in_xlsx(["x" * 40_000])[0] == "x" * LONGEST_CELL
        assert in_xlsx(["🍚" * 20_000])[0] == "🍚" * (LONGEST_CELL // 2)


NASTY = [
    'Jalan "Lintas" Desa',
    "Satu; dua; tiga",
    "Baris satu\nbaris dua\r\nbaris tiga",
    "Padi 🌾 dan 👩‍🌾 di Lahat",
    "koma, titik. 'kutip'",
    "العربية ٢٠٢٦",
    "=1+1",
    "+62",
    "-1",
    "@ani",
    "'=sudah",
    '"; DROP TABLE',
    "\\",
    "akhir\\",
    " spasi di tepi ",
]


class TestNamesPeopleType:
    @pytest.mark.parametrize("name", NASTY, ids=lambda name: name.encode("unicode_escape").decode())
    def test_survive_every_file(self, db, bands, as_viewer, name):
        opd = make.opd(name[:20], name=name)
        program = make.program(opd, YEAR, name=name, code=name[:30])
        program.partners.set([make.partner(name)])
        activity = make.activity(
            program, name=name, indicator=name, unit=name[:30], target_group=name, implementing_unit=name
        )
        make.report(activity, 3, obstacle=name, follow_up=name, follow_up_owner=name)
        [row] = csv_rows(as_viewer.get("/program/", TW3 | {"format": "csv"}))
        for column in ["Program", "Sub kegiatan", "Indikator", "Kelompok sasaran", "Unit pelaksana", "Mitra"]:
            assert read_back(row[column]) == name, column
        assert read_back(row["OPD"]) == name[:20]
        [row] = csv_rows(as_viewer.get("/realisasi/", TW3 | {"format": "csv"}))
        for column in ["Sub kegiatan", "Kendala", "Tindak lanjut", "Penanggung jawab"]:
            assert read_back(row[column]) == name, column
        rows = csv_rows(as_viewer.get("/opd/", TW3 | {"format": "csv"}))
        assert [read_back(row["Nama"]) for row in rows] == [name, "Jumlah"]
        assert read_back(rows[0]["Kelompok"]) == name[:20]

    def test_an_opd_called_dash_is_not_taken_for_what_is_not_mapped(self, db, bands, as_viewer):
        make.activity(make.program(make.opd("-", name="Strip"), YEAR))
        assert as_viewer.get("/opd/", TW3).status_code == 200


class TestWholeSet:
    @pytest.fixture
    def many(self, db):
        """More than a page, and more than one chunk of the file."""
        make.rating_bands()
        program = make.program(fiscal_year=YEAR)
        source = make.funding_source()
        return Activity.objects.bulk_create(
            Activity(
                ref=ref, program=program, name=f"Nomor {ref}", indicator="x", unit="KPM", target=1, budget=1,
                funding_source=source,
            )
            for ref in RegisterCounter.take(YEAR, 1203)
        )  # fmt: skip

    def test_files_hold_every_row_once(self, many, as_viewer):
        expected = sorted(activity.ref for activity in many)
        for address in ["/program/", "/realisasi/"]:
            rows = csv_rows(as_viewer.get(address, TW3 | {"format": "csv"}))
            assert sorted(row["Register"] for row in rows) == expected
        rows = csv_rows(as_viewer.get("/program/", TW3 | {"format": "csv", "tabel": "sub-kegiatan"}))
        assert sorted(row["Kelompok"] for row in rows) == ["", *expected]

    def test_rows_are_handed_out_before_all_are_read(self):
        read = []

        def rows():
            for number in range(5000):
                read.append(number)
                yield (number,)

        chunks = human_csv(Table("coba", (Column("A", lambda row: row[0]),), rows()))
        next(chunks)
        assert len(read) < 5000

    def test_further_tables_are_asked_for_by_name(self, db, as_viewer):
        small_world()
        titles = csv_lines(as_viewer.get("/program/", TW3 | {"format": "csv", "tabel": "rekap"}))[0]
        assert titles[0] == "Kelompok"
