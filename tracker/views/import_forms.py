"""The forms of an import: the file, where its table stands, and how its columns are understood."""

import re
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError

from tracker import formats
from tracker.imports.cells import BadCell, CellReader, Manner
from tracker.imports.columns import SHEETS, Kind, SheetColumn, folded
from tracker.imports.layout import Layout, heading_digest
from tracker.imports.mapping import FileColumn, Place, columns_at, headings_at, moved
from tracker.imports.names import Names
from tracker.models import ColumnMapping, FundingSource, Opd, Priority, Strategy
from tracker.models.history import refuse_hidden_or_private
from tracker.models.imports import Sheet
from tracker.models.reports import Report

NEEDED = {"required": "Isian ini wajib diisi."}
LAST_LINE = 1_048_576  # of a worksheet in Excel
MOST_HEADING_LINES = 5
MOST_LEFT_OUT = 5000
LINES = re.compile(r"(\d{1,7})(?:\s*[-–]\s*(\d{1,7}))?", re.ASCII)
# A file may choose from a list for so many columns; a page with more lists would be too heavy.
MOST_LISTS = 80
OWN_WORDS = "– kosong –"


class UploadForm(forms.Form):
    sheet = forms.TypedChoiceField(
        label="Lembar",
        choices=[("", "Kenali sendiri"), *Sheet.choices],
        required=False,
        coerce=Sheet,
        empty_value=None,
        error_messages={"invalid_choice": "Lembar ini tidak dikenal. Pilih dari daftarnya."},
    )
    file = forms.FileField(
        label="Berkas XLSX atau CSV",
        allow_empty_file=True,  # the reader says what to do about it
        error_messages={"required": "Pilih dahulu berkasnya."},
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )


class LineField(forms.IntegerField):
    def __init__(self, label):
        super().__init__(
            label=label,
            min_value=1,
            max_value=LAST_LINE,
            widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 7}),
            error_messages={
                **NEEDED,
                "invalid": "Tulis nomor barisnya dengan angka.",
                "min_value": "Baris dihitung mulai dari 1.",
                "max_value": "Tidak ada baris dengan nomor sebesar ini.",
            },
        )


class PlaceForm(forms.Form):
    """Where the table stands, and which of our sheets it is."""

    CHOICE = {**NEEDED, "invalid_choice": "Pilihan ini tidak ada. Pilih dari daftarnya."}

    sheet = forms.TypedChoiceField(label="Lembar", choices=Sheet.choices, coerce=Sheet, error_messages=CHOICE)
    worksheet = forms.TypedChoiceField(label="Lembar kerja di berkas", coerce=int, error_messages=CHOICE)
    first_heading = LineField("Judul kolom mulai baris")
    last_heading = LineField("sampai baris")

    def __init__(self, batch, data=None, *, place: Place | None = None):
        super().__init__(data, initial=place and place._asdict())
        self.batch = batch
        self.fields["worksheet"].choices = [
            (number, each["name"] or "Berkas CSV") for number, each in enumerate(batch.worksheets)
        ]

    def clean(self):
        given = super().clean()
        if self.errors:
            return given
        if not 0 <= given["last_heading"] - given["first_heading"] < MOST_HEADING_LINES:
            raise ValidationError(
                f"Judul kolom menempati satu sampai {MOST_HEADING_LINES} baris, dari atas ke bawah. Perbaiki nomornya."
            )
        self.place = Place(**given)
        if not any(headings_at(self.batch, self.place)):
            raise ValidationError("Baris itu kosong pada lembar kerja ini. Tulis nomor baris yang memuat judul kolom.")
        return given


def place_of(batch, posted) -> Place | None:
    """The place for which the columns of a form were shown, as it came back; None if it is none of this file."""
    parts = posted.get("shown", "").split(":")
    form = PlaceForm(batch, dict(zip(Place._fields, parts, strict=False)))
    return form.place if form.is_valid() else None


@dataclass(frozen=True)
class ColumnChoice:
    """A column of the file with what it was taken for, by title; `faults` say why it cannot be that."""

    column: FileColumn
    name: str
    chosen: str
    faults: list[str]


class MappingForm(forms.Form):
    """What the columns at one place of a file are, and what holds for all of its rows."""

    has_decimal_points = forms.TypedChoiceField(
        label="Angka di berkas ditulis",
        choices=[("", "1.250.000,50"), ("1", "1,250,000.50")],
        coerce=bool,
        required=False,
        empty_value=False,
        error_messages=PlaceForm.CHOICE,
    )
    rupiah_in = forms.TypedChoiceField(
        label="Rupiah di berkas dalam",
        choices=[(1, "rupiah"), (1000, "ribuan rupiah"), (1_000_000, "jutaan rupiah")],
        coerce=int,
        error_messages=PlaceForm.CHOICE,
    )
    left_out = forms.CharField(
        label="Baris yang tidak diambil",
        required=False,
        max_length=500,
        help_text="Misalnya 7, 19-22. Baris kosong dan baris jumlah sudah dilewati sendiri.",
    )
    name = forms.CharField(
        label="Ingat susunan ini dengan nama",
        required=False,
        max_length=80,
        help_text="Boleh dikosongkan. Berkas berikutnya dengan judul kolom yang sama langsung memakainya.",
    )

    def __init__(self, batch, place: Place, user, data=None, *, layout: Layout | None = None, typed=None):
        """`layout` is what is proposed; `typed` are texts that were entered before the columns were read anew."""
        self.batch, self.place, self.user, self.kind = batch, place, user, SHEETS[place.sheet]
        self.columns = columns_at(batch, place)
        super().__init__(data, initial={**(self.initial_of(layout) if layout else {}), **(typed or {})})
        for column in self.columns:
            self.fields[name_of(column)] = forms.CharField(required=False, max_length=100)
        for key in self.kind.fixable:
            self.fields[f"fixed_{key}"] = fixed_field(self.kind[key], user)

    def initial_of(self, layout):
        fixed = dict(layout.fixed)
        if not {"opd", "ref"} & {*layout.columns.values(), *fixed} and self.user.is_operator:
            fixed["opd"] = self.user.opd.short_name
        return {
            "has_decimal_points": "1" if layout.manner.has_decimal_points else "",
            "rupiah_in": layout.manner.rupiah_in,
            "left_out": ranges(layout.left_out),
            **{f"column_{index}": self.kind[key].title for index, key in layout.columns.items()},
            **{f"fixed_{key}": text for key, text in fixed.items()},
        }

    # What the page shows

    @property
    def titles(self) -> list[str]:
        return [title for _, title in self.kind.choices]

    @property
    def has_lists(self) -> bool:
        return len(self.columns) <= MOST_LISTS

    @property
    def choices(self) -> list[ColumnChoice]:
        return [
            ColumnChoice(column, name, self[name].value() or "", self.errors.get(name, []) if self.is_bound else [])
            for column in self.columns
            for name in [name_of(column)]
        ]

    @property
    def fixed(self) -> list:
        return [self[f"fixed_{key}"] for key in self.kind.fixable]

    # What it means

    def clean_left_out(self):
        found = set()
        for part in filter(None, re.split(r"[,;]", self.cleaned_data["left_out"])):
            match = LINES.fullmatch(part.strip())
            if not match:
                raise ValidationError(f"“{part.strip()[:20]}” bukan nomor baris. Tulis misalnya 7, 19-22.")
            first, last = int(match[1]), int(match[2] or match[1])
            if last < first or last - first + len(found) >= MOST_LEFT_OUT:
                raise ValidationError(
                    f"“{part.strip()}” tidak dapat dipakai: tulis dari nomor kecil ke besar, paling banyak "
                    f"{formats.number(MOST_LEFT_OUT)} baris."
                )
            found.update(range(first, last + 1))
        return tuple(sorted(found))

    def clean_name(self):
        name = self.cleaned_data["name"]
        refuse_hidden_or_private(name)
        self.stored = ColumnMapping.objects.filter(name=name).first() if name else None
        if self.stored and not ColumnMapping.objects.removable_by(self.user).filter(pk=self.stored.pk).exists():
            raise ValidationError("Nama ini sudah dipakai untuk susunan orang lain. Pilih nama lain.")
        return name

    def clean(self):
        given = super().clean()
        manner = Manner(given.get("has_decimal_points", False), given.get("rupiah_in") or 1)
        fixed = {key: text for key in self.kind.fixable if (text := given.get(f"fixed_{key}"))}
        self.check_fixed(fixed, manner)
        self.layout = Layout(
            *self.place, self.chosen_columns(given), fixed=fixed, manner=manner, left_out=given.get("left_out", ())
        )
        self.check_levels()
        if missing := self.layout.missing():
            self.add_error(
                None,
                f"Kolom ini wajib ada: {formats.listed(missing, most=12)}. Pilih kolomnya di berkas, atau isi satu "
                "nilai untuk semua baris bila tersedia di bawah.",
            )
        return given

    def chosen_columns(self, given) -> dict[int, str]:
        keys = {folded(title): key for key, title in self.kind.choices}
        chosen, letters = {}, {}
        for column in self.columns:
            name = name_of(column)
            title = given.get(name)
            if not title:
                continue
            key = keys.get(folded(title))
            if key is None:
                self.add_error(name, f"“{title[:40]}” tidak ada pada lembar ini. Pilih dari daftarnya.")
            elif key in letters and key != "level_code":
                self.add_error(name, f"Sudah dipilih untuk kolom {letters[key]}. Pilih salah satu saja.")
            else:
                chosen[column.index] = key
                letters[key] = column.letter
        return chosen

    def check_levels(self):
        """The two belong together: a code says of which level a row is, and its name says what it is called."""
        given = set(self.layout.columns.values())
        if "level_code" in given and not given & {"level_name", "name"}:
            self.add_error(None, "Kode bertingkat memerlukan kolom namanya: pilih juga kolom Uraian bertingkat.")
        if "level_name" in given and "level_code" not in given:
            self.add_error(None, "Uraian bertingkat memerlukan kolom kodenya: pilih juga kolom Kode bertingkat.")

    def check_fixed(self, fixed, manner):
        reader = CellReader(Names(), manner) if fixed else None
        for key, text in fixed.items():
            try:
                reader.read(text, self.kind[key])
                refuse_hidden_or_private(text)
            except (BadCell, ValidationError) as bad:
                self.add_error(f"fixed_{key}", bad.messages if isinstance(bad, ValidationError) else str(bad))

    def mapping(self) -> ColumnMapping | None:
        """What is to be remembered, if a name was given; saved by whoever asked for it."""
        if not self.cleaned_data["name"]:
            return None
        mapping = self.stored or ColumnMapping(name=self.cleaned_data["name"], made_by=self.user)
        mapping.sheet = self.place.sheet
        mapping.headings = heading_digest(headings_at(self.batch, self.place))
        mapping.layout = moved(self.layout, self.place).as_json()
        return mapping


def name_of(column: FileColumn) -> str:
    return f"column_{column.index}"


def fixed_field(column: SheetColumn, user) -> forms.Field:
    """What can be said once for all rows: chosen where there is a list, else typed as in a cell."""
    choices = FIXED[column.kind](user) if column.kind in FIXED else None
    if choices is None:
        return forms.CharField(label=column.title, required=False, max_length=300)
    return forms.ChoiceField(
        label=column.title, required=False, choices=[("", OWN_WORDS), *choices], error_messages=PlaceForm.CHOICE
    )


def opd_choices(user):
    opds = Opd.objects.filter(is_active=True)
    if not user.is_secretary:
        opds = opds.filter(pk=user.opd_id)
    return [(opd.short_name, opd.name) for opd in opds]


FIXED = {
    Kind.OPD: opd_choices,
    Kind.FUNDING_SOURCE: lambda user: [(each.code, str(each)) for each in FundingSource.objects.all()],
    Kind.STRATEGY: lambda user: [(str(each.number), str(each)) for each in Strategy.objects.all()],
    Kind.PRIORITY: lambda user: [(each.code, str(each)) for each in Priority.objects.all()],
    Kind.QUARTER: lambda user: [(name, name) for name in formats.QUARTER_NAMES.values()],
    Kind.STATUS: lambda user: [
        (status.label, status.label) for status in (Report.Status.DRAFT, Report.Status.SUBMITTED)
    ],
}


def ranges(numbers) -> str:
    """Line numbers as people write them: "7, 19-22"."""
    runs = []
    for number in sorted(numbers):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)
