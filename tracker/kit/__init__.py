"""The kit: the sheet "realisasi" of a quarter for an OPD to fill in, with what explains it and keeps mistakes out.

It holds the same columns as every other format of that table, and of the rows those that are asked for. It comes back
by the import.
"""

from tracker.kit.contents import Kit, kit_of
from tracker.kit.entries import ENTRIES
from tracker.kit.workbook import write_kit

__all__ = ["ENTRIES", "Kit", "kit_of", "write_kit"]
