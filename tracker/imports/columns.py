"""The columns of the two sheets: titles, other names for them, and what a cell of each holds."""

import re
from dataclasses import dataclass
from enum import Enum, auto

from tracker import tables
from tracker.models.imports import Sheet


class Kind(Enum):
    """What a cell of a column holds; read by cells.py."""

    TEXT = auto()
    CODE = auto()  # text that spreadsheets take for a number or a date
    MONEY = auto()
    NUMBER = auto()
    COUNT = auto()
    YEAR = auto()
    QUARTER = auto()
    DAY = auto()
    YES_NO = auto()
    DIRECTION = auto()
    STRATEGY = auto()
    PRIORITY = auto()
    STATUS = auto()
    UNIT_KIND = auto()
    OPD = auto()
    FUNDING_SOURCE = auto()
    OBSTACLE = auto()
    PLACES = auto()
    PARTNERS = auto()


NUMBERS = frozenset({Kind.MONEY, Kind.NUMBER, Kind.COUNT})


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """`key` is the attribute of a table's line, and the field of the model where there is one.

    `aliases` are other headings that surely mean the same, `guesses` some that may: those are proposed, never taken.
    """

    key: str
    title: str
    kind: Kind = Kind.TEXT
    aliases: tuple[str, ...] = ()
    guesses: tuple[str, ...] = ()
    is_for_reading: bool = False


# Not a column of our own sheets: a code or a name that tells by its level whether the row is a program, a kegiatan or
# a sub kegiatan, as in a Renja.
LEVEL_CODE = SheetColumn("level_code", "Kode bertingkat (program sampai sub kegiatan)", Kind.CODE)
LEVEL_NAME = SheetColumn("level_name", "Uraian bertingkat (program sampai sub kegiatan)")

REF = SheetColumn("ref", "Register", Kind.CODE, ("no register", "nomor register", "kode register", "id register"))
YEAR = SheetColumn("year", "Tahun", Kind.YEAR, ("tahun anggaran", "ta", "thn"))
OPD = SheetColumn(
    "opd",
    "OPD",
    Kind.OPD,
    ("skpd", "perangkat daerah", "nama opd", "nama skpd", "opd pelaksana"),
    ("unit kerja", "dinas", "instansi", "unit", "satuan kerja", "pelaksana"),
)
VERSION = SheetColumn("version", "Versi", Kind.COUNT)
REASON = SheetColumn("reason", "Alasan perubahan", Kind.TEXT, ("alasan",))

PROGRAM_COLUMNS = (
    REF,
    YEAR,
    OPD,
    SheetColumn("program_code", "Kode program", Kind.CODE, ("kode prog", "kode rekening program")),
    SheetColumn("program", "Program", Kind.TEXT, ("nama program", "uraian program")),
    SheetColumn("code", "Kode sub kegiatan", Kind.CODE, ("kode sub", "kode subkegiatan"), ("kode rekening", "kode")),
    SheetColumn(
        "name",
        "Sub kegiatan",
        Kind.TEXT,
        ("subkegiatan", "nama sub kegiatan", "uraian sub kegiatan"),
        ("uraian", "kegiatan", "nama kegiatan", "rincian", "belanja", "pekerjaan"),
    ),
    SheetColumn("strategy", "Strategi", Kind.STRATEGY, ("strategi penanggulangan kemiskinan",)),
    SheetColumn("priority", "Prioritas RKPD", Kind.PRIORITY, ("prioritas", "prioritas daerah")),
    SheetColumn("is_extreme_poverty", "PPKE", Kind.YES_NO, ("kemiskinan ekstrem", "tag ppke")),
    SheetColumn(
        "funding_source",
        "Sumber dana",
        Kind.FUNDING_SOURCE,
        ("sumber pendanaan", "sumber anggaran", "sumber pembiayaan"),
    ),
    SheetColumn(
        "indicator",
        "Indikator",
        Kind.TEXT,
        ("indikator keluaran", "indikator output", "indikator sub kegiatan"),
        ("indikator kinerja", "tolok ukur kinerja", "tolok ukur", "keluaran"),
    ),
    SheetColumn("unit", "Satuan", Kind.TEXT, ("satuan target", "satuan indikator"), ("sat",)),
    SheetColumn("direction", "Arah", Kind.DIRECTION, ("arah indikator",)),
    SheetColumn("baseline", "Nilai awal", Kind.NUMBER, ("baseline", "kondisi awal")),
    SheetColumn(
        "target", "Target", Kind.NUMBER, ("target keluaran", "target output"), ("target kinerja", "volume", "vol", "k")
    ),
    SheetColumn("revised_target", "Target perubahan", Kind.NUMBER, ("target apbd perubahan", "target apbdp")),
    SheetColumn(
        "budget",
        "Pagu",
        Kind.MONEY,
        ("pagu anggaran", "anggaran", "pagu indikatif", "pagu apbd", "pagu rp", "anggaran rp"),
        ("jumlah anggaran", "pagu dana", "rp", "jumlah", "jumlah biaya", "biaya", "nilai", "kebutuhan dana", "dana"),
    ),
    SheetColumn(
        "revised_budget", "Pagu perubahan", Kind.MONEY, ("pagu apbd perubahan", "anggaran perubahan", "pagu apbdp")
    ),
    SheetColumn("revision_note", "Catatan perubahan"),
    SheetColumn("target_group", "Kelompok sasaran", Kind.TEXT, ("kelompok penerima",), ("sasaran",)),
    SheetColumn("target_beneficiaries", "Jumlah sasaran", Kind.COUNT, (), ("jumlah penerima",)),
    SheetColumn("beneficiary_unit", "Satuan sasaran"),
    SheetColumn("beneficiary_source", "Basis data sasaran", Kind.TEXT, ("basis data",), ("sumber data",)),
    SheetColumn("places", "Lokasi", Kind.PLACES, ("lokasi kegiatan",), ("kecamatan", "tempat", "desa")),
    SheetColumn(
        "plan_q1", "Rencana TW I", Kind.NUMBER, ("rencana fisik tw i", "rencana triwulan i"), ("target tw i",)
    ),
    SheetColumn(
        "plan_q2", "Rencana TW II", Kind.NUMBER, ("rencana fisik tw ii", "rencana triwulan ii"), ("target tw ii",)
    ),
    SheetColumn(
        "plan_q3", "Rencana TW III", Kind.NUMBER, ("rencana fisik tw iii", "rencana triwulan iii"), ("target tw iii",)
    ),
    SheetColumn(
        "plan_q4", "Rencana TW IV", Kind.NUMBER, ("rencana fisik tw iv", "rencana triwulan iv"), ("target tw iv",)
    ),
    SheetColumn("starts_quarter", "Mulai TW", Kind.QUARTER, ("mulai triwulan",)),
    SheetColumn("implementing_unit_kind", "Jenis unit pelaksana", Kind.UNIT_KIND),
    SheetColumn("implementing_unit", "Unit pelaksana"),
    SheetColumn("is_cash_for_work", "Padat karya", Kind.YES_NO),
    VERSION,
    SheetColumn("partners", "Mitra", Kind.PARTNERS, ("mitra pelaksana",)),
    REASON,
)

REPORT_COLUMNS = (
    REF,
    YEAR,
    SheetColumn("quarter", "Triwulan", Kind.QUARTER, ("tw",), ("periode", "triwulan ke")),
    OPD,
    SheetColumn(
        "name",
        "Sub kegiatan",
        Kind.TEXT,
        ("subkegiatan", "nama sub kegiatan", "uraian sub kegiatan"),
        ("uraian", "kegiatan", "nama kegiatan", "rincian", "belanja", "pekerjaan"),
        is_for_reading=True,
    ),
    SheetColumn("unit", "Satuan", Kind.TEXT, ("satuan target",), is_for_reading=True),
    SheetColumn("target_in_force", "Target berlaku", Kind.NUMBER, is_for_reading=True),
    SheetColumn("budget_in_force", "Pagu berlaku", Kind.MONEY, is_for_reading=True),
    SheetColumn(
        "realised_output",
        "Realisasi keluaran",
        Kind.NUMBER,
        ("realisasi output",),
        ("realisasi kinerja", "realisasi target", "capaian kinerja", "realisasi k", "k"),
    ),
    SheetColumn(
        "realised_budget",
        "Realisasi anggaran",
        Kind.MONEY,
        ("realisasi keuangan", "realisasi rp"),
        ("realisasi belanja", "serapan anggaran", "keuangan rp", "rp", "keuangan"),
    ),
    SheetColumn(
        "physical_percent", "Fisik", Kind.NUMBER, ("realisasi fisik", "fisik %", "progres fisik", "kemajuan fisik")
    ),
    SheetColumn("beneficiaries", "Penerima", Kind.COUNT, ("penerima manfaat", "jumlah penerima")),
    SheetColumn("obstacle_category", "Kategori kendala", Kind.OBSTACLE, ("jenis kendala",)),
    SheetColumn("obstacle", "Kendala", Kind.TEXT, ("permasalahan", "hambatan"), ("masalah", "faktor penghambat")),
    SheetColumn("follow_up", "Tindak lanjut", Kind.TEXT, ("rencana tindak lanjut",), ("solusi", "upaya")),
    SheetColumn("follow_up_owner", "Penanggung jawab", Kind.TEXT, ("pic", "penanggungjawab")),
    SheetColumn("follow_up_due", "Tenggat", Kind.DAY, ("batas waktu",)),
    SheetColumn("evidence_url", "Bukti", Kind.TEXT, ("tautan bukti", "link bukti", "data dukung")),
    SheetColumn("status", "Status", Kind.STATUS, ("status laporan",)),
    SheetColumn("local_workers", "Tenaga kerja lokal", Kind.COUNT, ("tenaga lokal", "pekerja lokal")),
    VERSION,
    REASON,
)


@dataclass(frozen=True)
class SheetColumns:
    """The columns of a kind of sheet.

    `needed` are those without which no new row can be made; `fixable` can be said once for all rows of a file.
    """

    sheet: Sheet
    columns: tuple[SheetColumn, ...]
    needed: tuple[str, ...]
    fixable: tuple[str, ...]
    extra: tuple[SheetColumn, ...] = ()

    def __getitem__(self, key) -> SheetColumn:
        return self._by_key[key]

    @property
    def _by_key(self):
        return {column.key: column for column in (*self.columns, *self.extra)}

    @property
    def choices(self) -> list[tuple[str, str]]:
        """What a column of a foreign file can be taken for."""
        return [(column.key, column.title) for column in (*self.columns, *self.extra)]

    def key_of(self, heading: str) -> str | None:
        """The column that this heading names; by its title or by another name for it."""
        return KEYS[self.sheet].get(folded(heading))

    def guess_of(self, heading: str) -> str | None:
        return self.key_of(heading) or GUESSES[self.sheet].get(folded(heading))


def folded(heading: str) -> str:
    """A heading without what offices vary in: case, spaces, line breaks, punctuation, brackets."""
    return " ".join(re.sub(r"[^\w%]+", " ", heading.casefold()).split())


SHEETS = {
    Sheet.PROGRAM: SheetColumns(
        Sheet.PROGRAM,
        PROGRAM_COLUMNS,
        needed=("year", "opd", "program", "name", "funding_source", "indicator", "unit", "target", "budget"),
        fixable=("year", "opd", "program", "funding_source", "strategy", "priority", "indicator", "unit", "target"),
        extra=(LEVEL_CODE, LEVEL_NAME),
    ),
    Sheet.REPORTS: SheetColumns(
        Sheet.REPORTS,
        REPORT_COLUMNS,
        needed=("quarter", "realised_output", "realised_budget"),
        fixable=("year", "quarter", "opd", "status"),
    ),
}


KEYS = {
    sheet: {folded(heading): column.key for column in kind.columns for heading in (column.title, *column.aliases)}
    for sheet, kind in SHEETS.items()
}
GUESSES = {
    sheet: {folded(heading): column.key for column in kind.columns for heading in column.guesses}
    for sheet, kind in SHEETS.items()
}
# The tables that leave are what comes back: a column added there has to be read here.
TABLE_COLUMNS = {Sheet.PROGRAM: tables.PROGRAM_COLUMNS, Sheet.REPORTS: tables.REPORT_COLUMNS}
