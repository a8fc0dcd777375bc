"""An XLSX from outside: an archive of XML parts that refer to one another."""

import functools
import os
import zipfile
from contextlib import contextmanager
from xml.etree.ElementTree import TreeBuilder, XMLParser

from tracker.imports.reading.refusals import DAMAGED, PASSWORD, SAVE_AS_XLSX, TOO_MUCH, Refused

MOST_MEMBERS = 500
MOST_UNPACKED = 200 * 1024 * 1024
MOST_RATIO = 100
RATIO_COUNTS_FROM = 10 * 1024 * 1024  # a nearly empty workbook may well shrink to a hundredth
PIECE = 32 * 1024


@contextmanager
def opened(path):
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        refuse_bombs(members, os.path.getsize(path))
        # The format knows no difference between upper and lower case, and old writers use the backslash.
        parts = {member.filename.replace("\\", "/").lstrip("/").lower(): member for member in members}
        if len(parts) < len(members):
            raise Refused(DAMAGED)
        if "xl/workbook.xml" not in parts:
            raise Refused(other_archive(archive, parts))
        yield Package(archive, parts)


def refuse_bombs(members, packed):
    """zipfile unpacks no more of a member than the size stated here: one that lies is cut short, and refused then."""
    unpacked = sum(member.file_size for member in members)
    most = min(max(packed * MOST_RATIO, RATIO_COUNTS_FROM), MOST_UNPACKED)
    if len(members) > MOST_MEMBERS or unpacked > most:
        raise Refused(TOO_MUCH)
    if any(member.flag_bits & 1 for member in members):
        raise Refused(PASSWORD)


def other_archive(archive, parts):
    if "xl/workbook.bin" in parts:
        return f"Berkas ini buku kerja biner Excel (.xlsb): {SAVE_AS_XLSX}"
    if "mimetype" in parts:
        if b"opendocument.spreadsheet" in archive.read(parts["mimetype"]):
            return f"Berkas ini lembar kerja OpenDocument (.ods): {SAVE_AS_XLSX}"
        return f"Berkas ini dokumen OpenDocument, bukan lembar kerja: salin tabelnya ke Excel, {SAVE_AS_XLSX}"
    if "word/document.xml" in parts:
        return f"Berkas ini dokumen Word, bukan lembar kerja: salin tabelnya ke Excel, {SAVE_AS_XLSX}"
    if "ppt/presentation.xml" in parts:
        return f"Berkas ini presentasi PowerPoint, bukan lembar kerja: salin tabelnya ke Excel, {SAVE_AS_XLSX}"
    if "[content_types].xml" in parts:
        return DAMAGED
    return "Berkas ini arsip ZIP, bukan lembar kerja: buka dahulu, lalu unggah berkas XLSX di dalamnya."


class Package:
    def __init__(self, archive, parts):
        self.archive, self.parts = archive, parts

    def growing(self, name):
        """The root of a part after every piece that was read: what is complete may be taken away.

        A document type has no place in a workbook; it is what entity bombs and references to other files need.
        """
        builder = TreeBuilder()
        holder = builder.start("document", {})
        parser = XMLParser(target=builder, encoding="utf-8")  # whatever a part says: it cannot hide what is sought
        end = b""
        with self.archive.open(self.parts[name]) as file:
            while piece := file.read(PIECE):
                if b"<!DOCTYPE" in end + piece:
                    raise Refused(DAMAGED)
                end = piece[-8:]
                parser.feed(piece)
                if len(holder):
                    yield holder[0]
        parser.close()
        yield holder[0]

    def whole(self, name):
        *_, root = self.growing(name)
        return root

    def links(self, name, folder):
        """What a part refers to: {id: (kind, name of the other part)}."""
        return {
            link.get("Id"): (link.get("Type", "").rpartition("/")[2], absolute(link.get("Target", ""), folder))
            for link in self.whole(name)
            if link.get("TargetMode") != "External"
        }


def absolute(target, folder):
    target = target.replace("\\", "/").lower()
    return target.lstrip("/") if target.startswith("/") else f"{folder}/{target.removeprefix('./')}"


@functools.cache
def local(name):
    """The name of a tag or an attribute without its namespace: strict files have others."""
    return name.rpartition("}")[2]


def children(element, name):
    return [child for child in element if local(child.tag) == name]


def attribute(element, name):
    return next((value for key, value in element.items() if local(key) == name), None)


def is_true(text):
    return text in ("1", "true")
