"""Spreadsheets as offices make them for others: titles, merged headings, sums, signatures. Every row is made up."""

import io

import xlsxwriter

MILLION = 1_000_000


def workbook(fill, *, before=()) -> bytes:
    """An XLSX whose last sheet `fill(sheet, workbook)` has filled; sheets of notes may stand before it."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        for name, lines in before:
            sheet = book.add_worksheet(name)
            for row, text in enumerate(lines):
                sheet.write_string(row, 0, text)
        fill(book.add_worksheet("Lampiran"), book)
    return file.getvalue()


# A Renja: levels below one another, each with its sums

RENJA = [
    ("1", "URUSAN PEMERINTAHAN WAJIB YANG BERKAITAN DENGAN PELAYANAN DASAR", 1550),
    ("1.06", "URUSAN PEMERINTAHAN BIDANG SOSIAL", 1550),
    ("1.06.04", "PROGRAM REHABILITASI SOSIAL", 300),
    ("1.06.04.2.01", "Rehabilitasi Sosial Dasar di Luar Panti", 300),
    ("1.06.04.2.01.0003", "Penyediaan permakanan lansia", 300),
    ("1.06.05", "PROGRAM PERLINDUNGAN DAN JAMINAN SOSIAL", 1250),
    ("1.06.05.2.02", "Pengelolaan Data Fakir Miskin", 1250),
    ("1.06.05.2.02.0001", "Pendataan keluarga miskin", 250),
    ("1.06.05.2.02.0002", "Bantuan pangan keluarga miskin", 1000),
]
DETAILS = {
    "1.06.04.2.01.0003": ("Jumlah lansia yang menerima permakanan", "Kecamatan Lahat", 120, "orang", "DAU"),
    "1.06.05.2.02.0001": ("Jumlah keluarga yang didata", "Kabupaten Lahat", 4500, "keluarga", "PAD"),
    "1.06.05.2.02.0002": ("Jumlah keluarga yang dibantu", "Jarai; Lahat", 1250.5, "KPM", "DAU"),
}
ABOVE = ("Kode", "Urusan/Bidang Urusan Pemerintahan Daerah dan Program/Kegiatan/Sub Kegiatan")
PLANNED = ("Lokasi", "Target Capaian Kinerja", "Satuan", "Kebutuhan Dana/ Pagu Indikatif (Rp)", "Sumber Dana")


def renja(*, is_split=False, codes_are_numbers=False, is_regional=False) -> bytes:
    """`is_split`: the parts of a code stand in columns of their own; `is_regional`: one OPD below another."""
    return workbook(lambda sheet, book: fill_renja(sheet, book, is_split, codes_are_numbers, is_regional))


def fill_renja(sheet, book, is_split, codes_are_numbers, is_regional):
    bold, money = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0"})
    width = 5 if is_split else 1
    titles = ("PEMERINTAH KABUPATEN LAHAT", "RENCANA KERJA (RENJA) PERANGKAT DAERAH", "TAHUN ANGGARAN 2026")
    for row, title in enumerate(titles):
        sheet.merge_range(row, 0, row, width + 9, title, bold)
    write_renja_headings(sheet, 4, width)
    for column in range(width + 10):
        sheet.write(6, column, f"({column + 1})")
    row = 7
    for code, name, thousands in with_units(RENJA) if is_regional else RENJA:
        parts = parts_of(code) if is_split else [code]
        for column, part in enumerate(parts):
            is_number = codes_are_numbers and part.replace(".", "", 1).isdigit()
            sheet.write(row, column, float(part) if is_number else part)
        indicator, place, target, unit, source = DETAILS.get(code, [None] * 5)
        planned = (indicator, place, target, unit, thousands * MILLION, source, None, target, thousands * MILLION)
        for column, value in enumerate((name, *planned), start=width):
            sheet.write(row, column, value, money if isinstance(value, int) else None)
        row += 1
    sheet.merge_range(row, 0, row, width, "JUMLAH", bold)
    sheet.write(row, width + 5, 1550 * MILLION, money)
    below = ["Lahat, 2 Januari 2026", "Kepala Dinas Sosial,", None, "CONTOH NAMA, S.Sos.", "NIP 19700101 199503 1 001"]
    for number, text in enumerate(below, start=row + 2):
        if text:
            sheet.write(number, width + 7, text)
    sheet.write(row + 3, 0, "Mengetahui,")


def write_renja_headings(sheet, row, width):
    sheet.merge_range(row, 0, row + 1, width - 1, ABOVE[0])
    sheet.merge_range(row, width, row + 1, width, ABOVE[1])
    sheet.merge_range(row, width + 1, row + 1, width + 1, "Indikator Kinerja Program/Kegiatan/Sub Kegiatan")
    sheet.merge_range(row, width + 2, row, width + 6, "Rencana Tahun 2026")
    sheet.merge_range(row, width + 7, row + 1, width + 7, "Catatan Penting")
    sheet.merge_range(row, width + 8, row, width + 9, "Prakiraan Maju Rencana Tahun 2027")
    for column, text in enumerate(PLANNED, start=width + 2):
        sheet.write(row + 1, column, text)
    sheet.write(row + 1, width + 8, "Target Capaian Kinerja")
    sheet.write(row + 1, width + 9, "Kebutuhan Dana/ Pagu Indikatif (Rp)")


def with_units(rows):
    """The rows of two OPDs, each below its unit code."""
    yield from rows[:2]
    yield "1.06.0.00.0.00.01.0000", "DINAS SOSIAL", 300
    yield from rows[2:5]
    yield "1.02.0.00.0.00.01.0000", "DINAS KESEHATAN", 1250
    yield from rows[5:]


def parts_of(code) -> list[str]:
    """1.06.05.2.02.0001 -> 1, 06, 05, 2.02, 0001"""
    parts = code.split(".")
    return parts[:3] + ([".".join(parts[3:5])] if len(parts) > 3 else []) + parts[5:]


# A list of budgets: no year, no OPD, no indicator; numbers as English text

BUDGETS = [
    ("1", "Perlindungan sosial", "Bantuan beras lansia", "Kec. Lahat", "DAU", "1,250,000,000"),
    ("2", "Perlindungan sosial", "Bantuan alat dengar", "Kec. Jarai", "PAD", "75,500,000.00"),
    ("3", "Pemberdayaan", "Usaha ekonomi keluarga", "Kab. Lahat", "DAU", "300,000,000"),
]
BUDGET_HEADINGS = ("NO", "PROGRAM", "NAMA KEGIATAN / SUB KEGIATAN", "LOKASI", "SUMBER DANA", "ANGGARAN (Rp)", "KET")


def budget_list(*, rows=BUDGETS, heading_above=None) -> bytes:
    """`heading_above`: a line that names an OPD between the headings and the rows."""

    def fill(sheet, book):
        for row, title in enumerate(("DAFTAR ANGGARAN PENANGGULANGAN KEMISKINAN", "DINAS SOSIAL KABUPATEN LAHAT")):
            sheet.write(row, 0, title)
        sheet.write(2, 5, "(dalam rupiah)")
        lines = [BUDGET_HEADINGS, [str(number) for number in range(1, 8)]]
        lines += [[None, heading_above]] if heading_above else []
        lines += [*rows, [None, "Sub Total", None, None, None, "1,625,500,000"]]
        lines += [[], [None, "TOTAL", None, None, None, "1,625,500,000"], [], ["Catatan: angka sementara"]]
        lines += [[None] * 4 + ["Lahat, 5 Januari 2026"], [None] * 4 + ["Bendahara,"]]
        for row, line in enumerate(lines, start=4):
            for column, text in enumerate(line):
                if text is not None:
                    sheet.write_string(row, column, text)

    return workbook(fill, before=[("Sampul", ["Daftar anggaran", "Dicetak 5 Januari 2026"])])


# A CSV of an old Windows, with rupiah as on receipts

RECEIPTS = """\
Rekapitulasi Belanja Penanggulangan Kemiskinan;;;;;;
Keadaan: 31 Maret 2026;;;;;;
;;;;;;
No.;Nama SKPD;Program;Uraian Pekerjaan;Volume;Sat;Pagu Dana;Sumber Pembiayaan;Keterangan
1;Dinas Sosial;Perlindungan – sosial;Beras “premium” 10 kg;1.250;KPM;Rp 1.250.000,-;Dana Alokasi Umum;
2;DINAS KESEHATAN;Gizi;Makanan tambahan;12,5;paket;Rp. 75.000.500,-;PAD;½ tahun
;;;Jumlah;;;Rp 76.250.500,-;;
"""


def receipts(text=RECEIPTS) -> bytes:
    return text.replace("\n", "\r\n").encode("cp1252")


# What the finance system gives out: one line per account, every level in columns of its own

FLAT = """\
KODE URUSAN,NAMA URUSAN,KODE BIDANG URUSAN,NAMA BIDANG URUSAN,KODE SKPD,NAMA SKPD,KODE PROGRAM,NAMA PROGRAM,\
KODE KEGIATAN,NAMA KEGIATAN,KODE SUB KEGIATAN,NAMA SUB KEGIATAN,SUMBER DANA,PAGU
1,URUSAN WAJIB,1.06,SOSIAL,1.06.0.00.0.00.01.0000,Dinas Sosial,1.06.05,PERLINDUNGAN SOSIAL,\
1.06.05.2.02,Pengelolaan Data,1.06.05.2.02.0002,Bantuan pangan,Dana Alokasi Umum,1000000000
"""
