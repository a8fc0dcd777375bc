"""How each column of a report is filled in: what its cells look like, which values they take, what is said of it."""

import datetime
from dataclasses import dataclass, field

from tracker.models import Report
from tracker.models.constraints import FIRST_YEAR, LAST_YEAR

WHOLE, NUMBER, DAY, TEXT = "#,##0", "General", "dd-mm-yyyy", "@"


@dataclass(frozen=True, slots=True)
class Entry:
    """`rule` is a data validation in the words of XlsxWriter. Without a `hint` the help of the form is shown."""

    name: str
    shape: str = TEXT
    rule: dict = field(default_factory=lambda: {"validate": "any"})
    error: str = ""
    hint: str = ""

    @property
    def message(self) -> str:
        return self.hint or Report._meta.get_field(self.name).help_text


def at_least_zero(kind) -> dict:
    return {"validate": kind, "criteria": ">=", "value": 0}


def between(kind, least, most) -> dict:
    return {"validate": kind, "criteria": "between", "minimum": least, "maximum": most}


def no_longer_than_its_field(name) -> dict:
    return {"validate": "length", "criteria": "<=", "value": Report._meta.get_field(name).max_length}


NOT_A_COUNT = "Tulis jumlah utuh, 0 atau lebih, tanpa titik ribuan dan tanpa satuan. Contoh: 1250."

# What a report may change, by the title of its column. The other columns are locked.
ENTRIES = {
    "Realisasi keluaran": Entry(
        "realised_output",
        NUMBER,
        at_least_zero("decimal"),
        "Tulis angka 0 atau lebih, tanpa titik ribuan dan tanpa satuan.",
    ),
    "Realisasi anggaran": Entry(
        "realised_budget",
        WHOLE,
        at_least_zero("integer"),
        "Tulis rupiah utuh, 0 atau lebih: tanpa “Rp”, tanpa titik ribuan, tanpa koma. Contoh: 1250000.",
    ),
    "Fisik": Entry(
        "physical_percent",
        NUMBER,
        between("decimal", 0, 100),
        "Tulis angka 0 sampai 100, tanpa tanda persen.",
    ),
    "Penerima": Entry("beneficiaries", WHOLE, at_least_zero("integer"), NOT_A_COUNT),
    "Kategori kendala": Entry(
        "obstacle_category",
        rule={"validate": "list"},
        error="Pilih kategori dari daftarnya. Semua kategori ada di lembar Pilihan.",
        hint="Pilih dari daftar. Kosongkan bila tidak ada kendala.",
    ),
    "Kendala": Entry("obstacle"),
    "Tindak lanjut": Entry("follow_up"),
    "Penanggung jawab": Entry(
        "follow_up_owner",
        rule=no_longer_than_its_field("follow_up_owner"),
        error="Isian ini terlalu panjang. Tulis jabatannya saja, paling banyak 200 huruf.",
    ),
    "Tenggat": Entry(
        "follow_up_due",
        DAY,
        between("date", datetime.date(FIRST_YEAR, 1, 1), datetime.date(LAST_YEAR, 12, 31)),
        "Tulis tanggal, bulan, dan tahun, misalnya 31-10-2026.",
    ),
    "Bukti": Entry(
        "evidence_url",
        rule=no_longer_than_its_field("evidence_url"),
        error="Alamat ini terlalu panjang: paling banyak 500 huruf.",
        hint="Alamat tautan yang dimulai dengan https://, paling banyak 500 huruf.",
    ),
    "Status": Entry(
        "status",
        rule={"validate": "list"},
        error="Pilih status dari daftarnya.",
        hint="Pilih Draf bila masih akan dilengkapi, Diajukan bila sudah selesai. Kosong berarti Diajukan.",
    ),
    "Tenaga kerja lokal": Entry("local_workers", WHOLE, at_least_zero("integer"), NOT_A_COUNT),
    "Alasan perubahan": Entry(
        "history_change_reason",
        hint="Isi bila angka turun dari triwulan sebelumnya, atau bila laporan yang sudah diverifikasi diubah.",
    ),
}
VERIFIED_HINT = "Laporan ini sudah diverifikasi. Bila isinya diubah, tulis alasannya; laporan lalu diajukan lagi."
