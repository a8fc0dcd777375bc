"""The CSV files under tracker/data, read with their line numbers so that a broken row can be named."""

import csv
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import models

DATA_DIR = Path(__file__).resolve().parent / "data"

BOOLEANS = {"yes": True, "no": False}


class DataError(Exception):
    """A data file cannot be used; the message says which file, which line and why."""


@dataclass(frozen=True)
class Row:
    path: Path
    line: int
    cells: dict[str, str]

    def __getitem__(self, column):
        return self.cells[column]

    def error(self, message) -> DataError:
        return DataError(f"{self.path.name} baris {self.line}: {message}")

    def value(self, field: models.Field):
        """The cell of a model field as that field's own type; an empty cell is the field's default."""
        text = self.cells.get(field.name, "")
        if not text:
            return field.get_default()
        if isinstance(field, models.BooleanField):
            if text not in BOOLEANS:
                raise self.error(f"kolom {field.name} berisi “{text}”; tulis yes atau no.")
            return BOOLEANS[text]
        try:
            return field.to_python(text)
        except ValidationError as error:
            raise self.error(f"kolom {field.name}: {' '.join(error.messages)}") from error


def read_rows(path: Path) -> list[Row]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            rows = [Row(path, reader.line_num, cells) for cells in reader]
    except FileNotFoundError as error:
        raise DataError(f"Berkas {path} tidak ada.") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{path.name} bukan CSV UTF-8 yang utuh: {error}.") from error
    for row in rows:
        if None in row.cells or None in row.cells.values():
            raise row.error("jumlah kolom tidak sama dengan baris judul.")
    return rows
