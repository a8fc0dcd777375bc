"""An uploaded file becomes a batch: its rows as read, and its layout where the headings leave no doubt."""

import unicodedata
from pathlib import PurePath

from tracker.imports import sheets
from tracker.imports.layout import Proposal, propose
from tracker.imports.sheets import Unreadable
from tracker.models import ImportBatch
from tracker.models.history import INVISIBLE, MOST_SOURCE
from tracker.models.imports import Sheet

NO_TABLE = (
    "Berkas ini tidak memuat tabel yang dikenal. Lembarnya harus mempunyai satu baris judul kolom dengan barisnya di "
    "bawahnya, seperti berkas yang diunduh dari halaman Program atau Realisasi."
)


def receive(path, name: str, user, *, wanted: Sheet | None = None) -> tuple[ImportBatch, Proposal]:
    """Read the file at `path`, which its owner calls `name`, and store its rows; Unreadable stores nothing."""
    reading = sheets.read(path)
    worksheets = [
        {"name": sheet.name, "is_hidden": sheet.is_hidden, "merged": list(map(list, sheet.merged)), "rows": sheet.rows}
        for sheet in reading.sheets
    ]
    batch = ImportBatch(
        file_name=plain_name(name), worksheets=worksheets, rows=reading.packed, uploaded_by=user, sheet=wanted or ""
    )
    proposal = proposal_for(batch, wanted=wanted)
    if proposal is None:
        raise Unreadable(NO_TABLE)
    if not proposal.complaints:
        batch.sheet, batch.layout = proposal.layout.sheet, proposal.layout.as_json()
    ImportBatch.objects.stale().filter(uploaded_by=user).delete()
    batch.save()
    return batch, proposal


def proposal_for(batch, *, wanted: Sheet | None = None) -> Proposal | None:
    return propose(batch.worksheets, lambda number: sheets.lines(batch.rows, number), wanted=wanted)


def plain_name(name: str) -> str:
    """The name of a file without folders and without what nobody sees."""
    name = INVISIBLE.sub("", unicodedata.normalize("NFC", PurePath(name.replace("\\", "/")).name)).strip()
    return name[-MOST_SOURCE:] or "tanpa nama"
