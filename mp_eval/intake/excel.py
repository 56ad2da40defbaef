"""Workbooks: each sheet as rows of text, as an analyst would type it, and what is hidden in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

from .citizen import without_bsn
from .text import Rows
from .unseen import NestedError, Unseen, unseen

BEGINS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # of .xlsx, .xlsb and .ods; of .xls
THREE = re.compile(r"-?\d+\.\d{3}")  # decimals, which a text may also mean as a thousand: one more makes it sure
# What python-calamine 0.9.1 gives of a time in an .ods that is 24 hours or more; of a shorter one it gives a time.
DURATION = re.compile(r"PT(?P<hours>\d+)H(?P<minutes>\d+)M(?P<seconds>\d+)S")
SUFFIXES = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")


class UnreadableError(Exception):
    """A file that cannot be read; the message (Dutch) says why, or is empty when that is not known."""


class LockedError(UnreadableError):
    """A file that cannot be read because it has a password."""


@dataclass(frozen=True)
class Page:
    """A sheet: its values, and of each row (from 1) whose first cell is merged over columns how many such it has."""

    name: str
    values: Sequence[Sequence[object]]
    merged: Counter[int]
    tall: Sequence[tuple[int, int, int]]  # cells merged over rows: the first and last of these, and the column (from 1)
    unseen: Unseen
    is_hidden: bool

    @property
    def is_empty(self) -> bool:
        return not self.values and not self.unseen.cells

    @property
    def filled(self) -> int:
        """How many rows have something in them."""
        return sum(any(cell != "" for cell in row) for row in self.values)

    def rows(self, date_format: str = "%d-%m-%Y", decimal: str = ",") -> Rows:
        """Its rows as text. A cell that is read otherwise than it is shown, such as an error, is as it is shown."""
        rows = [(n, [as_typed(v, date_format, decimal) for v in row]) for n, row in enumerate(self.values, 1)]
        for (row, column), text in self.unseen.cells.items():
            while len(rows) < row:
                rows.append((len(rows) + 1, []))
            cells = rows[row - 1][1]
            cells += [""] * (column - len(cells))
            cells[column - 1] = text
        return rows

    def top(self, count: int) -> Rows:
        """Its first rows."""
        cells = {place: text for place, text in self.unseen.cells.items() if place[0] <= count}
        return replace(self, values=self.values[:count], unseen=Unseen(cells)).rows()

    def footers(self, rows: Rows) -> set[int]:
        """The last row when it is merged and has little else: a print date, a page number; no word says what it is."""
        if not rows or rows[-1][0] not in self.merged:
            return set()
        number, cells = rows[-1]
        width = max(len(cells) for _, cells in rows)
        return {number} if sum(map(bool, cells)) <= max(width // 2, self.merged[number]) else set()


def pages(path: Path) -> list[Page]:
    """The sheets in their order.

    Raises
    ------
    UnreadableError
        When it is no workbook; a `LockedError` when it has a password.
    """
    try:
        with CalamineWorkbook.from_path(path) as book:
            hidden = {s.name for s in book.sheets_metadata if s.visible is not SheetVisibleEnum.Visible}
            beneath = unseen(path)
            nothing = Unseen(is_known=beneath is not None)
            found = {name: (beneath or {}).get(name, nothing) for name in book.sheet_names}
            names = enumerate(book.sheet_names, 1)
            return [Page(_shown(name, n), *_cells(book, name), found[name], name in hidden) for n, name in names]
    except PasswordError:
        raise LockedError("er zit een wachtwoord op") from None
    except NestedError:
        raise UnreadableError(
            "in een kader of koppeling staat nog een tabel; zet die op een eigen blad of sla het bestand op als .xlsx"
        ) from None
    except (CalamineError, OSError, ValueError):
        raise UnreadableError from None


def _shown(name: str, number: int) -> str:
    """A sheet as messages and pages name it: without a citizen service number, and still apart from the others.

    >>> _shown("Gesprekken", 1), _shown("Dossier 123456782", 2)
    ('Gesprekken', 'Dossier ********* (2)')
    """
    masked = without_bsn(name)
    return name if masked == name else f"{masked} ({number})"


def is_workbook(path: Path) -> bool:
    """Whether a file begins as a workbook does, whatever its name says."""
    with path.open("rb") as file:
        return file.read(4) in BEGINS


def _cells(
    book: CalamineWorkbook, name: str
) -> tuple[Sequence[Sequence[object]], Counter[int], list[tuple[int, int, int]]]:
    """The sheet's cells; of each row (from 1) whose first cell is merged over columns how many such cells it has; and
    what is merged over rows.

    The former are titles and footers.
    """
    sheet = book.get_sheet_by_name(name)
    tall = [(r[0][0] + 1, r[1][0] + 1, r[0][1] + 1) for r in sheet.merged_cell_ranges or () if r[0][0] < r[1][0]]
    wide = [r for r in sheet.merged_cell_ranges or () if r[0][1] < r[1][1]]
    merged = Counter(row + 1 for (top, _), (bottom, _) in wide for row in range(top, bottom + 1))
    begins = {row + 1 for (top, left), (bottom, _) in wide if left == 0 for row in range(top, bottom + 1)}
    values = sheet.to_python(skip_empty_area=False)
    return values, Counter({row: n for row, n in merged.items() if row in begins}), tall


def as_typed(value: object, date_format: str, decimal: str) -> str:
    """An Excel cell as an analyst would type it, so that text and Excel meet the same checks; a time in hours.

    >>> [as_typed(v, "%d-%m-%Y", ",") for v in (timedelta(days=1, hours=12), time(8, 30), "PT36H15M00S")]
    ['36', '8,5', '36,25']
    """
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, datetime):
        return value.strftime(date_format if value.time() == time() else f"{date_format} %H:%M")
    if isinstance(value, date):
        return value.strftime(date_format)
    if isinstance(value, str) and (beyond := DURATION.fullmatch(value)):
        value = timedelta(**{unit: float(amount) for unit, amount in beyond.groupdict().items()})
    if isinstance(value, time):
        value = timedelta(hours=value.hour, minutes=value.minute, seconds=value.second)
    if isinstance(value, timedelta):
        value /= timedelta(hours=1)
    if isinstance(value, float):
        if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        text = repr(value)
        return f"{text}{'0' * bool(THREE.fullmatch(text))}".replace(".", decimal)
    return str(value).strip()
