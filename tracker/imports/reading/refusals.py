"""Why a file is not read: sentences for the person who uploaded it."""

XLSX = "XLSX (Buku Kerja Excel)"
SAVE_AS_XLSX = f"buka di Excel, simpan dahulu sebagai {XLSX}, lalu unggah hasilnya."
DAMAGED = f"Berkas rusak atau tidak lengkap: buka di programnya, simpan lagi sebagai {XLSX}, lalu unggah hasilnya."
TOO_MUCH = (
    "Berkas ini terlalu besar atau terlalu rumit untuk dibaca: salin hanya tabelnya ke buku kerja baru, "
    f"simpan sebagai {XLSX}, lalu unggah hasilnya."
)
EMPTY = "Berkas ini kosong: unggah berkas yang memuat judul kolom dan barisnya."
PASSWORD = (
    f"Berkas ini dikunci dengan kata sandi: buka di Excel, simpan sebagai {XLSX} tanpa kata sandi, "
    "lalu unggah hasilnya."
)
ENCODING = (
    f"Huruf di berkas CSV ini tidak dikenal: simpan lagi sebagai “CSV UTF-8” atau sebagai {XLSX}, "
    "lalu unggah hasilnya."
)
UNKNOWN = f"Berkas ini bukan XLSX dan bukan CSV: {SAVE_AS_XLSX}"


class Refused(Exception):
    """Its text is one of these sentences."""


class NoRoom(Exception):
    """What was read cannot be written, which is no fault of the file."""
