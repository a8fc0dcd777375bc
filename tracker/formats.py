"""How values look to people: numbers, rupiah, percentages, dates and quarters the Indonesian way.

Values arrive exact (int, Decimal, Fraction) and are rounded here, once, half up.
"""

import datetime
from decimal import Decimal
from fractions import Fraction

NBSP = "\u00a0"
MINUS = "\u2212"
DASH = "–"
QUARTER_NAMES = {1: "TW I", 2: "TW II", 3: "TW III", 4: "TW IV"}
MONTHS = [
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
]
SHORT_MONTHS = ["Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"]

# What a status is called, by the word the address uses for it.
STATUS_LABELS = {
    "sesuai": "Sesuai rencana",
    "perhatian": "Perlu perhatian",
    "terlambat": "Terlambat",
    "belum-lapor": "Belum lapor",
    "tidak-dihitung": "Tidak dihitung",
}
NOT_VERIFIED_LABEL = "Belum terverifikasi"
STILL_RUNNING_LABEL = "Triwulan berjalan"
NOT_BEGUN_LABEL = "Belum mulai"


def rounded(value, places: int) -> Decimal:
    """Round an exact number half up (away from zero) to `places` decimals; the only rounding in this project."""
    exact = Fraction(value)
    scale = 10**places
    units = (2 * abs(exact.numerator) * scale + exact.denominator) // (2 * exact.denominator)
    return Decimal(units if exact >= 0 else -units).scaleb(-places)


def number(value, places: int | None = None) -> str:
    """1234567.5 -> "1.234.567,5". Without `places` the number keeps the decimals it needs."""
    if value is None:
        return DASH
    if places is None:
        value = Decimal(value).normalize()
        text = f"{value:,f}"
    else:
        value = rounded(value, places)
        text = f"{value:,.{places}f}"
    if value == 0:
        text = text.lstrip("-")
    return text.translate(str.maketrans(",.-", ".," + MINUS))


def percent(value, places: int = 1) -> str:
    return DASH if value is None else f"{number(value, places)}{NBSP}%"


def signed(value, places: int = 1) -> str:
    """A deviation, always with its sign unless it rounds to zero: "+4,2", "−26,6", "0,0"."""
    if value is None:
        return DASH
    text = number(value, places)
    return f"+{text}" if rounded(value, places) > 0 else text


def rupiah(value) -> str:
    """Money in words short enough to say aloud: "Rp 1,25 miliar", "Rp 620 juta", "Rp 75.000"."""
    if value is None:
        return DASH
    for size, word in ((10**12, "triliun"), (10**9, "miliar"), (10**6, "juta")):
        short = rounded(Fraction(value, size), 2 if abs(value) < 10 * size else 1).normalize()
        # The next smaller word may round up into this one: Rp 999.999.999 is Rp 1 miliar.
        if abs(value) >= size or (size > 10**6 and rounded(Fraction(abs(value) * 1000, size), 1) >= 1000):
            return f"Rp{NBSP}{number(short)}{NBSP}{word}"
    return f"Rp{NBSP}{number(value)}"


def billions(value) -> str:
    """Money for a column headed "Rp miliar", one decimal, two below one hundred million."""
    if value is None:
        return DASH
    return number(Fraction(value, 10**9), 2 if 0 < value < 10**8 else 1)


def full_rupiah(value) -> str:
    return DASH if value is None else f"Rp{NBSP}{number(value)}"


def date(value: datetime.date) -> str:
    return DASH if value is None else f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def short_date(value: datetime.date) -> str:
    return DASH if value is None else f"{value.day}{NBSP}{SHORT_MONTHS[value.month - 1]}{NBSP}{value.year}"


def quarter(value: int) -> str:
    return QUARTER_NAMES[value]


def quarter_begin(year: int, quarter: int) -> datetime.date:
    return datetime.date(year, quarter * 3 - 2, 1)


def quarter_end(year: int, quarter: int) -> datetime.date:
    """The last day of a quarter: the date up to which its figures are cumulative."""
    first_of_next = datetime.date(year + quarter // 4, quarter * 3 % 12 + 1, 1)
    return first_of_next - datetime.timedelta(days=1)


def days_to(due_on: datetime.date, today: datetime.date) -> str:
    """How far away a due date is: "2 hari lagi", "hari ini", "lewat 3 hari"."""
    days = (due_on - today).days
    if days > 0:
        return f"{days} hari lagi"
    return f"lewat {-days} hari" if days else "hari ini"


def listed(names, *, most: int = 3) -> str:
    """ "A, B, dan 3 lainnya": a list a person can read aloud."""
    names = list(names)
    shown = names[:most] if len(names) > most + 1 else names
    rest = len(names) - len(shown)
    parts = [*shown, f"{rest} lainnya"] if rest else shown
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])}{',' if len(parts) > 2 else ''} dan {parts[-1]}"


def place(district: str, kind: str | None = None, village: str | None = None) -> str:
    """A kecamatan, or a village that is never named without it: "Lahat/Desa Makartitama"."""
    return f"{district}/{kind.capitalize()} {village}" if village else district
