"""What may be asked for: parameters with their documentation, paging, order, and the format of the answer."""

from dataclasses import dataclass
from decimal import Decimal

from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.utils.encoders import JSONEncoder

from tracker import formats
from tracker.filters import ActivityFilter
from tracker.groupings import GROUPINGS
from tracker.selection import BadSelection, Selection

MOST_ROWS, USUAL_ROWS = 500, 100
LAST_OFFSET = 10_000_000


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of the address; `words` are all its values, where they are always the same ones."""

    name: str
    meaning: str
    example: str
    words: tuple[str, ...] = ()
    pattern: str = ""

    @property
    def schema(self) -> dict:
        shape = {"type": "string"}
        if self.words:
            shape["enum"] = list(self.words)
        if self.pattern:
            shape["pattern"] = self.pattern
        return shape


YEAR = Parameter(
    "tahun",
    "Tahun anggaran. Tanpa `tahun` dan `tw`: triwulan terakhir yang sudah berakhir dari tahun yang mempunyai program.",
    "2025",
    pattern=r"^\d{4}$",
)
QUARTER = Parameter(
    "tw", "Triwulan, 1 sampai 4. Semua angka kumulatif s.d. akhir triwulan itu.", "3", ("1", "2", "3", "4")
)
COUNTED = Parameter(
    "hitung",
    "Laporan yang dihitung: diajukan dan diverifikasi, atau hanya yang terverifikasi.",
    "terverifikasi",
    ("semua", "terverifikasi"),
)
FILTERS = (
    YEAR,
    QUARTER,
    Parameter("opd", "Kunci OPD, dari opds/.", "7", pattern=r"^\d{1,18}$"),
    Parameter("strategi", "Nomor strategi; `-` = belum dipetakan.", "1", ("1", "2", "3", "-")),
    Parameter("prioritas", "Kunci prioritas, dari priorities/; `-` = belum dipetakan.", "2021-1",
              pattern=r"^(\d{4}-\d{1,2}|-)$"),
    Parameter("rkpd", "Tahun RKPD prioritasnya.", "2021", pattern=r"^\d{4}$"),
    Parameter("kecamatan", "Kode kecamatan, dari districts/; `-` = tingkat kabupaten.", "16.04.11",
              pattern=r"^([0-9.]{1,13}|-)$"),
    Parameter("sumber", "Sumber dana: `apbd`, `luar` (luar APBD), atau kodenya.", "apbd",
              pattern=r"^[A-Za-z0-9 ._-]{1,20}$"),
    Parameter("status", "Status sub kegiatan pada triwulan itu.", "terlambat",
              ("sesuai", "perhatian", "terlambat", "belum-lapor")),
    COUNTED,
    Parameter("q", "Kata yang dicari pada nama, kode, dan register.", "sembako",
              pattern=r"^[^\x00-\x1f\x7f]{0,200}$"),
)  # fmt: skip
FORMAT = Parameter("format", "`csv`: berkas CSV mesin dengan semua baris. Tanpa itu: JSON.", "csv", ("json", "csv"))
PAGING = (
    Parameter("limit", f"Baris per jawaban, paling banyak {MOST_ROWS}; biasanya {USUAL_ROWS}.", "200",
              pattern=r"^0*([1-9]\d?|[1-4]\d\d|500)$"),
    Parameter("offset", "Mulai sesudah sekian baris.", "0", pattern=r"^\d{1,7}$"),
)  # fmt: skip
BY = Parameter("by", "Pengelompokan; biasanya `strategy`.", "opd", tuple(GROUPINGS))
EXPECTED = Parameter("ditagih", "`ya`: hanya yang ditagih pada triwulan itu; `tidak`: hanya yang tidak.", "ya",
                     ("ya", "tidak"))  # fmt: skip


def ordering(words) -> Parameter:
    both = tuple(f"{sign}{word}" for word in words for sign in ("", "-"))
    return Parameter("ordering", "Urutan; dengan `-` di depan dari besar ke kecil. Yang kosong selalu terakhir.",
                     both[0], both)  # fmt: skip


def refuse_unknown(request, parameters):
    """A misspelled filter would give other figures without a word."""
    known = [parameter.name for parameter in parameters]
    for name, values in request.query_params.lists():
        if name not in known:
            raise BadSelection([f"Parameter “{name[:60]}” tidak dikenal. Yang tersedia: {', '.join(known)}."])
        if len(values) > 1:
            raise BadSelection([f"Parameter “{name}” ditulis lebih dari sekali. Tulis satu nilai saja."])


def selection_of(request, **fixed) -> Selection:
    """The question of the address, as on pages; with `fixed`, what the path says already."""
    filters = {
        name: request.query_params[name] for name in ActivityFilter.base_filters if name in request.query_params
    }
    return Selection(filters | fixed)


def word_of(request, parameter: Parameter, usual: str) -> str:
    asked = request.query_params.get(parameter.name, "").strip() or usual
    if asked not in (*parameter.words, usual):
        words = ", ".join(parameter.words)
        raise BadSelection([f"{parameter.name}=“{asked[:60]}” tidak dikenal. Yang tersedia: {words}."])
    return asked


def number_of(request, name, usual, least, most) -> int:
    asked = request.query_params.get(name, "").strip()
    if not asked:
        return usual
    # No more digits than the largest number has: int() of a long text takes long.
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked.lstrip("0")) <= len(str(most)) else -1
    if not least <= number <= most:
        wanted = f"bilangan dari {formats.number(least)} sampai {formats.number(most)}"
        raise BadSelection([f"{name}=“{asked[:60]}” tidak dikenal. Tulis {wanted}."])
    return number


def page_of(request, rows, count: int) -> dict:
    """One page of rows, with the addresses of its neighbours; `rows` can be sliced."""
    limit = number_of(request, "limit", USUAL_ROWS, 1, MOST_ROWS)
    offset = number_of(request, "offset", 0, 0, LAST_OFFSET)
    return {
        "count": count,
        "next": neighbour(request, limit, offset + limit) if offset + limit < count else None,
        "previous": neighbour(request, limit, max(offset - limit, 0)) if offset else None,
        "results": rows[offset : offset + limit],
    }


def neighbour(request, limit, offset) -> str:
    asked = request.query_params.copy()
    asked["limit"], asked["offset"] = str(limit), str(offset)
    return request.build_absolute_uri(f"{request.path}?{asked.urlencode()}")


class JsonEncoder(JSONEncoder):
    def default(self, value):
        """Decimals as text, with all their digits: DRF makes floats of them."""
        return str(value) if isinstance(value, Decimal) else super().default(value)


class JsonRenderer(JSONRenderer):
    encoder_class = JsonEncoder


class CsvRenderer(BaseRenderer):
    """Stands for CSV where formats are chosen; the views stream it themselves."""

    media_type = "text/csv"
    format = "csv"


class Negotiation(DefaultContentNegotiation):
    def select_renderer(self, request, renderers, format_suffix=None):
        """`format` in the address counts more than what a browser says it likes."""
        asked = request.query_params.get(FORMAT.name, "").strip()
        if not asked:
            return super().select_renderer(request, renderers, format_suffix)
        found = {renderer.format: renderer for renderer in renderers}
        if asked not in found:
            raise BadSelection([f"Format “{asked[:20]}” tidak dikenal. Yang tersedia: {', '.join(found)}."])
        return found[asked], found[asked].media_type
