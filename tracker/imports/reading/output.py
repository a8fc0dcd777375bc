"""The JSON lines. Every row passes here, whatever the format: one place for the limits."""

import json

from tracker.imports.reading.refusals import EMPTY, TOO_MUCH, NoRoom, Refused

MOST_ROWS = 20_000
MOST_COLUMNS = 200
MOST_BLANK_ROWS = 100
LONGEST_TEXT, LONGEST_ROW = 40_000, 1_000_000
MOST_BYTES = 64 * 1024 * 1024

encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


class Output:
    def __init__(self, stream):
        self.stream = stream
        self.bytes = self.rows = self.last = 0
        self.place = ""  # the sheet in a sentence; a CSV has none

    def write(self, value):
        self.send(f"{encode(value)}\n".encode())

    def send(self, line):
        self.bytes += len(line)
        if self.bytes > MOST_BYTES:
            raise Refused(TOO_MUCH)
        try:
            self.stream.write(line)
        except OSError as error:
            raise NoRoom from error

    def begin(self, name, *, delimiter=None, encoding=None):
        self.write({"format": name, "delimiter": delimiter, "encoding": encoding})

    def sheet(self, name, *, is_hidden=False):
        self.write({"sheet": name, "hidden": is_hidden})
        self.place = f"lembar “{name}” " if name else ""
        self.last = 0

    def row(self, number, cells):
        """A row that is not blank; `cells` ends with its last cell that is not blank."""
        if number - self.last > MOST_BLANK_ROWS:
            raise Refused(
                f"Ada isi di {self.place}baris {number} setelah {number - self.last - 1} baris kosong: hapus baris "
                "kosong itu, atau hapus isi di bawahnya bila bukan bagian tabel, lalu unggah lagi."
            )
        if len(cells) > MOST_COLUMNS:
            raise Refused(
                f"Ada isi di {self.place}baris {number} kolom {column_letter(len(cells))}, padahal paling banyak "
                f"{MOST_COLUMNS} kolom dibaca: hapus isi di luar tabel, lalu unggah lagi."
            )
        self.last = number
        self.rows += 1
        if self.rows > MOST_ROWS:
            raise Refused(
                "Berkas ini memuat lebih dari 20.000 baris berisi: bagi menjadi beberapa berkas, "
                "lalu unggah satu per satu."
            )
        line = f"{encode([number, cells])}\n".encode()
        if len(line) > LONGEST_TEXT:
            self.refuse_long_texts(number, cells, len(line))
        self.send(line)

    def refuse_long_texts(self, number, cells, together):
        for column, cell in enumerate(cells, start=1):
            texts = cell.values() if isinstance(cell, dict) else [cell]  # errors and formulas are text as well
            if any(isinstance(text, str) and len(text) > LONGEST_TEXT for text in texts):
                raise Refused(
                    f"Isi {self.place}baris {number} kolom {column_letter(column)} lebih dari 40.000 karakter: "
                    "ringkas isinya, lalu unggah lagi."
                )
        if together > LONGEST_ROW:
            raise Refused(
                f"Isi {self.place}baris {number} seluruhnya lebih dari 1.000.000 karakter: "
                "ringkas isinya, lalu unggah lagi."
            )

    def merged(self, ranges):
        self.write({"merged": ranges})

    def refuse(self, sentence):
        self.bytes = 0  # there is always room for the reason
        self.write({"refused": sentence})

    def end(self):
        """The whole file has been read."""
        if not self.rows:
            raise Refused(EMPTY)

    def finish(self):
        try:
            self.stream.flush()
        except OSError as error:
            raise NoRoom from error


def column_letter(number: int) -> str:
    letters = ""
    while number:
        number, digit = divmod(number - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return letters
