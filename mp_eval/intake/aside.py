"""What lies in the folder of a delivery and is not read: which file, sheet or folder, and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ..delivered import Place


class Why(StrEnum):
    """Why something in the folder of a delivery is not read."""

    FOLDER = "folder"  # in the folder of the period
    NOTE = "note"  # a readme
    PACKED = "packed"  # a zip
    NO_TABLE = "no_table"  # a letter, a mail, a PDF
    HIDDEN = "hidden"  # a sheet
    EMPTY = "empty"
    OTHER_COLUMNS = "other_columns"  # a sheet whose name and columns say nothing, beside one that is read
    NOT_NEEDED = "not_needed"  # a code list of a column that is not there
    REFUSED = "refused"  # its frame is wrong

    @classmethod
    def of_suffix(cls, suffix: str) -> Why:
        return cls.PACKED if suffix in (".zip", ".7z", ".rar", ".gz", ".tar") else cls.NO_TABLE


@dataclass(frozen=True)
class Aside:
    """A file, sheet or folder that is not read."""

    file: str
    sheet: str = ""
    why: Why = Why.NO_TABLE
    rows: int = 0  # of a sheet, with something in them

    @property
    def place(self) -> Place:
        return Place(self.file, self.sheet, why=self.why, rows=self.rows)
