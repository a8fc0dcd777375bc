"""What people write in cells for an OPD, a place, a source of money: names and codes to rows, read once for a file."""

import re
from collections import defaultdict

from tracker import formats
from tracker.models import (
    District,
    FundingSource,
    ObstacleCategory,
    Opd,
    Partner,
    Priority,
    Strategy,
    Village,
)

SEPARATOR = re.compile(r"[|;\n]")
AND = re.compile(r",\s*(?:dan\s)?|\sdan\s", re.IGNORECASE)
DISTRICT_WORD = re.compile(r"^(kecamatan|kec\.?)\s+", re.IGNORECASE)
REGION_WORD = re.compile(r"^(tingkat\s+|se-?)?(kabupaten|kab\.?)\b", re.IGNORECASE)
MORE_THAN_REGION = re.compile(r"[,/]|\bkec", re.IGNORECASE)
VILLAGE_WORD = re.compile(r"^(desa|ds\.?|kelurahan|kel\.?)\s+", re.IGNORECASE)
DISTRICT_AT_THE_END = re.compile(r"^(?P<village>.+?),?\s+(?:kecamatan|kec\.?)\s+(?P<district>.+)$", re.IGNORECASE)
MOST_OFFERED = 4


class Unknown(ValueError):
    """A name that means nothing here, or more than one thing; the message says what to write instead."""


def folded(text: str) -> str:
    return " ".join(str(text).casefold().split())


class Register:
    """Rows of one kind by each of their names. `what` calls the kind, `advice` says where the right names stand."""

    def __init__(self, what: str, rows, names, advice: str):
        self.what, self.advice = what, advice
        self._found, self._by_key = defaultdict(dict), {}
        for row in rows:
            self._by_key[row.pk] = row
            for name in names(row):
                if name:
                    self._found[folded(name)][row.pk] = row

    def get(self, text: str):
        """The row that is called so; raises Unknown."""
        found = self._found.get(folded(text), {})
        if len(found) == 1:
            return next(iter(found.values()))
        if found:
            names = formats.listed(sorted(map(str, found.values())), most=MOST_OFFERED)
            raise Unknown(f"{self.what} “{text[:60]}” dapat berarti {names}; tulis yang lebih lengkap.")
        raise Unknown(f"{self.what} “{text[:60]}” tidak dikenal. {self.advice}")

    def name_of(self, key) -> str:
        return str(self._by_key[key])

    def knows(self, text: str) -> bool:
        return len(self._found.get(folded(text), ())) == 1


def with_aliases(*names, aliases: str) -> list[str]:
    return [*names, *(alias.strip() for alias in aliases.split("|"))]


class Names:
    """The reference data of the application as dictionaries."""

    def __init__(self):
        self.opds = Register(
            "OPD",
            Opd.objects.all(),
            lambda opd: with_aliases(opd.short_name, opd.name, opd.code, aliases=opd.aliases),
            "Tulis nama singkatnya seperti pada berkas unduhan, misalnya Dinsos.",
        )
        self.funding_sources = Register(
            "Sumber dana",
            FundingSource.objects.all(),
            lambda source: (source.code, source.name),
            "Tulis kodenya, misalnya DAU.",
        )
        self.strategies = Register(
            "Strategi",
            Strategy.objects.all(),
            lambda each: (str(each.number), f"Strategi {each.number}", each.name, each.short_name, str(each)),
            "Tulis 1, 2, atau 3, atau kosongkan bila belum dipetakan.",
        )
        self.priorities = Register(
            "Prioritas",
            Priority.objects.all(),
            lambda each: (each.code, str(each)),
            "Tulis tahun RKPD dan nomornya, misalnya 2021-1, atau kosongkan bila belum dipetakan.",
        )
        self.obstacles = Register(
            "Kategori kendala",
            ObstacleCategory.objects.all(),
            lambda each: (each.name,),
            "Pilih salah satu kategori pada isian laporan, atau kosongkan.",
        )
        self.partners = Register(
            "Mitra",
            Partner.objects.all(),
            lambda each: (each.name,),
            "Sekretariat TKPK dapat menambahkannya lebih dahulu pada daftar mitra.",
        )
        self.districts = Register(
            "Kecamatan",
            District.objects.all(),
            lambda each: with_aliases(each.name, each.code, aliases=each.aliases),
            "Tulis nama kecamatannya seperti pada halaman Kecamatan.",
        )
        self._villages = None

    def partners_of(self, text: str) -> tuple[int, ...]:
        """Keys of the partners in a cell such as "Baznas Lahat | PT X"."""
        return tuple(sorted({self.partners.get(name).pk for name in _elements(text)}))

    def places_of(self, text: str) -> tuple[tuple[int, int | None], ...]:
        """(district, village or None) for a cell such as "Jarai | Lahat/Desa X"; none means the whole kabupaten."""
        found = [place for element in _elements(text) for place in self._places(element)]
        places = set(filter(None, found))
        if places and None in found:
            raise Unknown("Lokasi memuat tingkat kabupaten bersama kecamatan; tulis salah satunya saja.")
        return tuple(sorted(places, key=lambda place: (place[0], place[1] or 0)))

    def places_in_words(self, places) -> str:
        """Places by their keys, as the tables write them."""
        found = []
        for district, village in places:
            row = self.villages["keys"][village] if village else None
            found.append(formats.place(self.districts.name_of(district), *((row.kind, row.name) if row else ())))
        return " | ".join(sorted(found))

    def partners_in_words(self, keys) -> str:
        return " | ".join(sorted(self.partners.name_of(key) for key in keys))

    def _places(self, text) -> list:
        """Mostly one: "Jarai, Lahat dan Kota Agung" are kecamatan, "Desa Makartitama, Kec. Lahat" is a village."""
        names = [DISTRICT_WORD.sub("", name.strip()) for name in AND.split(text)]
        if len(names) > 1 and all(map(self.districts.knows, names)):
            return [(self.districts.get(name).pk, None) for name in names]
        return [self._place(text)]

    def _place(self, text):
        if REGION_WORD.match(text) and not MORE_THAN_REGION.search(text):
            return None
        district, _, village = text.partition("/")
        if not village and (match := DISTRICT_AT_THE_END.match(text)):
            district, village = match["district"], match["village"]
        district = DISTRICT_WORD.sub("", district.strip())
        if not village:
            return self._district_or_code(district)
        return self._village_of(self.districts.get(district), village.strip())

    def _district_or_code(self, text):
        if self.districts.knows(text):
            return self.districts.get(text).pk, None
        village = self.villages["codes"].get(text)
        if village:
            return village.district_id, village.pk
        if folded(VILLAGE_WORD.sub("", text)) in self.villages["names"]:
            raise Unknown(
                f"Desa “{text[:60]}” ditulis tanpa kecamatannya, dan nama desa dapat sama di beberapa kecamatan. "
                "Tulis misalnya Lahat/Desa Makartitama."
            )
        return self.districts.get(text).pk, None

    def _village_of(self, district, text):
        kind = (VILLAGE_WORD.match(text) or [""])[0].casefold()
        name = folded(VILLAGE_WORD.sub("", text))
        found = [
            village
            for village in self.villages["by_district"].get((district.pk, name), ())
            if not kind or kind.startswith("k") == (village.kind == Village.Kind.KELURAHAN)
        ]
        if len(found) == 1:
            return district.pk, found[0].pk
        if found:
            raise Unknown(f"“{text[:60]}” di Kecamatan {district} dapat berarti desa atau kelurahan; tulis yang mana.")
        raise Unknown(f"“{text[:60]}” tidak ada di Kecamatan {district}. Periksa ejaan dan kecamatannya.")

    @property
    def villages(self):
        """Read when a cell first names one: there are hundreds."""
        if self._villages is None:
            rows = list(Village.objects.all())
            by_district = defaultdict(list)
            for row in rows:
                by_district[row.district_id, folded(row.name)].append(row)
            self._villages = {
                "codes": {row.code: row for row in rows},
                "keys": {row.pk: row for row in rows},
                "names": {folded(row.name) for row in rows},
                "by_district": by_district,
            }
        return self._villages


def _elements(text: str) -> list[str]:
    return [element.strip() for element in SEPARATOR.split(text) if element.strip()]
