"""What a workbook holds and a reader of its values does not see: errors, formulas without a value, hidden parts.

python-calamine gives a blank for a cell with an error, and for a formula whose value was never stored; it says nothing
of rows and columns that are hidden. In .ods it takes the text of a drawing for that of the cell that holds it, and
drops breaks within a text. All this stands in the XML of .xlsx and .ods, which is looked through a piece at a time, and
parsed only when it holds any such thing. Of .xls and .xlsb it is not known (`Unseen.is_known`).
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import IO
from xml.parsers import expat

from .spoilt import NO_RESULT

PIECE = 1 << 20  # bytes
OVERLAP = 512  # what may begin in one piece and end in the next
WORTH_IN_XLSX = re.compile(rb"<(\w+:)?f[ />]|=[\"']e[\"']|hidden=|(ht|width)=[\"']0[\"']")
WORTH_IN_ODS = re.compile(  # with any element that is not known to hold no text, or a text that is read as it is shown
    rb"visibility=|:number-rows-spanned=[\"'](?!1[\"'])|:formula=|type=[\"']error|<table:(dde-link|sub-table)\b"
    rb"|<(table:table-cell[^>]*|/text:p|/office:annotation)>\s*<table:table[\s>]"
    rb"|<(?!(office|table|style|number|calcext):|text:(p|span|a|s)\b)\w+:[\w-]+[\s/>]"
)
RECALCULATED = re.compile(rb"fullCalcOnLoad=[\"'](1|true)")
ON = ("1", "true")
CELLS = ("table-cell", "covered-table-cell")
AS_READ = frozenset(("p", "span", "a", "s"))  # of which python-calamine makes what LibreOffice shows
SHOWN = AS_READ | {"line-break", "tab", "ruby", "ruby-base", "sheet-name", "date", "title"}  # of a cell by LibreOffice
BLANKS = {"s": " ", "tab": "\t", "line-break": "\n"}
Start = Callable[[str, dict[str, str]], None]


class NestedError(ValueError):
    """A table that is no sheet, within a drawing, a cell or a link, which python-calamine takes for one."""


@dataclass
class Unseen:
    """Of one sheet: the text of cells that are read otherwise, by row and column from 1; what is hidden."""

    cells: dict[tuple[int, int], str] = field(default_factory=dict)
    rows: list[int] = field(default_factory=list)
    columns: list[int] = field(default_factory=list)
    tall: list[tuple[int, int, int]] = field(default_factory=list)  # in .ods, as `Page.tall` has them
    is_known: bool = True


def unseen(path: Path) -> Mapping[str, Unseen] | None:
    """Of each sheet of a workbook, by name; a sheet that is not named has nothing unseen. None when it is not known.

    Raises
    ------
    ValueError
        When an .ods cannot be seen through: its drawings could hold a name. A `NestedError` when it holds a table that
        is no sheet.
    """
    kinds = {".xlsx": _of_xlsx, ".xlsm": _of_xlsx, ".ods": _of_ods}
    try:
        with zipfile.ZipFile(path) as book:
            return kinds[path.suffix.lower()](book)
    except (KeyError, zipfile.BadZipFile, expat.ExpatError, OSError):
        if path.suffix.lower() == ".ods":
            raise ValueError from None
        return None


def _of_xlsx(book: zipfile.ZipFile) -> dict[str, Unseen]:
    main = _targets(book, "")["officeDocument"]
    parts = _targets(book, main)
    sheets: dict[str, str] = {}

    def start(tag: str, given: dict[str, str]) -> None:
        if tag == "sheet":
            sheets[given["name"]] = parts.get(given.get("id", ""), "")

    with book.open(main) as file:
        is_stale = bool(RECALCULATED.search(file.read()))
    _parse(book, main, start)
    return {
        name: _Xlsx(is_stale).scan(book, part)
        for name, part in sheets.items()
        if part and _is_worth(book, part, WORTH_IN_XLSX)
    }


def _targets(book: zipfile.ZipFile, part: str) -> dict[str, str]:
    """The parts that a part refers to, by mark and by kind of relation."""
    folder, name = posixpath.split(part)
    found: dict[str, str] = {}

    def start(tag: str, given: dict[str, str]) -> None:
        if tag == "Relationship":
            target = posixpath.normpath(posixpath.join("/" + folder, given["Target"])).lstrip("/")
            found[given["Id"]] = target
            found.setdefault(given["Type"].rpartition("/")[2], target)

    _parse(book, posixpath.join(folder, "_rels", f"{name}.rels"), start)
    return found


class _Xlsx:
    """A worksheet, cell by cell."""

    def __init__(self, is_stale: bool) -> None:
        self.found, self.is_stale = Unseen(), is_stale
        self.row = self.column = 0
        self.kind, self.has_formula, self.text = "", False, ""
        self.is_in_value = False

    def scan(self, book: zipfile.ZipFile, part: str) -> Unseen:
        _parse(book, part, self.start, self.end, self.data)
        return self.found

    def start(self, tag: str, given: dict[str, str]) -> None:
        if tag == "c":
            self.column = _column(given["r"]) if "r" in given else self.column + 1
            self.kind, self.has_formula, self.text = given.get("t", "n"), False, ""
        elif tag == "f":
            self.has_formula = True
        elif tag == "v":
            self.is_in_value = True
        elif tag == "row":
            self.row, self.column = int(given.get("r", self.row + 1)), 0
            if given.get("hidden") in ON or given.get("ht") == "0":
                self.found.rows.append(self.row)
        elif tag == "col" and (given.get("hidden") in ON or given.get("width") == "0"):
            self.found.columns += range(int(given["min"]), int(given["max"]) + 1)

    def data(self, text: str) -> None:
        if self.is_in_value:
            self.text += text

    def end(self, tag: str) -> None:
        if tag == "v":
            self.is_in_value = False
        elif tag == "c":
            is_missing = not self.text or (
                self.is_stale and self.text == "0"
            )  # a script stores 0 and has it worked out
            if self.kind == "e":
                self.found.cells[self.row, self.column] = self.text or "#N/A"
            elif self.has_formula and self.kind != "str" and is_missing:
                self.found.cells[self.row, self.column] = NO_RESULT


def _of_ods(book: zipfile.ZipFile) -> dict[str, Unseen]:
    if not _is_worth(book, "content.xml", WORTH_IN_ODS):
        return {}
    sheets = _Ods()
    _parse(book, "content.xml", sheets.start, sheets.end, sheets.data)
    return sheets.found


class _Ods:
    """All sheets of an OpenDocument file, cell by cell."""

    def __init__(self) -> None:
        self.found: dict[str, Unseen] = {}
        self.sheet = Unseen()
        self.row = self.column = 0  # the last of the row or the cells that this one stands for
        self.first = self.left = 1
        self.is_in_sheet = self.is_in_cell = False
        self.is_error = self.is_bare = self.is_text = False
        self.differs = False  # whether it holds what is read otherwise than it is shown
        self.depth, self.aside = (
            0,
            0,
        )  # how deep in a cell, and where what is not its own text began: a remark, a drawing
        self.text = ""

    def start(self, tag: str, given: dict[str, str]) -> None:
        if tag in ("dde-link", "sub-table") or (tag == "table" and self.is_in_sheet):
            raise NestedError
        if self.is_in_cell:
            self._within(tag, given)
        elif tag == "table":
            self.sheet = self.found.setdefault(given.get("name", ""), Unseen())
            self.row = self.column = 0
            self.is_in_sheet = True
        elif tag == "table-column":
            first, self.column = self.column + 1, self.column + int(given.get("number-columns-repeated", 1))
            if given.get("visibility", "visible") != "visible":
                self.sheet.columns += range(first, self.column + 1)
        elif tag == "table-row":
            self.first, self.row, self.column = self.row + 1, self.row + int(given.get("number-rows-repeated", 1)), 0
            if given.get("visibility", "visible") != "visible":
                self.sheet.rows += range(self.first, self.row + 1)
        elif tag in CELLS:
            self.left, self.column = self.column + 1, self.column + int(given.get("number-columns-repeated", 1))
            self.is_in_cell, self.depth, self.aside = True, 0, 0
            if (rows := int(given.get("number-rows-spanned", 1))) > 1:
                self.sheet.tall.append((self.first, self.first + rows - 1, self.left))
            self.is_error = "error" in (given.get("value-type"), given.get("calcext-type"))
            self.is_bare = "formula" in given and "value-type" not in given
            self.is_text = given.get("value-type") == "string" and "string-value" not in given
            self.differs, self.text = False, ""

    def _within(self, tag: str, given: dict[str, str]) -> None:
        self.depth += 1
        self.differs |= tag not in AS_READ
        is_own = tag in SHOWN and (tag == "p") == (self.depth == 1)
        if not self.aside and not is_own:
            self.aside = self.depth
        elif not self.aside:
            self.text += "\n" if tag == "p" and self.text else BLANKS.get(tag, "") * int(given.get("c", 1))

    def data(self, text: str) -> None:
        if self.depth and not self.aside:
            self.text += text

    def end(self, tag: str) -> None:
        if self.depth:
            self.aside = 0 if self.aside == self.depth else self.aside
            self.depth -= 1
        elif tag in CELLS:
            self.is_in_cell = False
            self._judge(self.text.strip())
        elif tag == "table":
            self.is_in_sheet = False

    def _judge(self, shown: str) -> None:
        """Note the cell when it is read otherwise than as it is shown."""
        if self.is_error or (self.is_bare and not shown):
            text = shown or "#N/A" if self.is_error else NO_RESULT
        elif self.is_text and self.differs:
            text = shown
        else:
            return
        places = product(range(self.first, self.row + 1), range(self.left, self.column + 1))
        self.sheet.cells.update(dict.fromkeys(places, text))


def _is_worth(book: zipfile.ZipFile, part: str, worth: re.Pattern[bytes]) -> bool:
    """Whether the part holds anything that is not seen: to look for it is ten times as fast as to parse."""
    before = b""
    with book.open(part) as file:
        while piece := file.read(PIECE):
            if worth.search(before + piece):
                return True
            before = piece[-OVERLAP:]
    return False


def _parse(
    book: zipfile.ZipFile,
    part: str,
    start: Start,
    end: Callable[[str], None] | None = None,
    data: Callable[[str], None] | None = None,
) -> None:
    """Parse a part; tags and attributes are told without their prefix."""
    parser = expat.ParserCreate()
    parser.ordered_attributes = False

    def begin(tag: str, given: dict[str, str]) -> None:
        start(_plain(tag), {_attribute(name): value for name, value in given.items()})

    parser.StartElementHandler = begin
    parser.EndElementHandler = (lambda tag: end(_plain(tag))) if end else None
    parser.CharacterDataHandler = data
    parser.buffer_text = True
    with book.open(part) as file:
        _feed(parser, file)


def _feed(parser: expat.XMLParserType, file: IO[bytes]) -> None:
    while piece := file.read(PIECE):
        parser.Parse(piece)
    parser.Parse(b"", True)


def _plain(name: str) -> str:
    return name.rpartition(":")[2]


def _attribute(name: str) -> str:
    """`calcext:value-type` stands beside `office:value-type`."""
    return "calcext-type" if name == "calcext:value-type" else _plain(name)


def _column(place: str) -> int:
    """The number of a column, from 1.

    >>> _column("A1"), _column("AB12")
    (1, 28)
    """
    number = 0
    for letter in place:
        if not letter.isalpha():
            break
        number = number * 26 + ord(letter.upper()) - 64
    return number


def letters(column: int) -> str:
    """What a spreadsheet calls a column.

    >>> letters(1), letters(28)
    ('A', 'AB')
    """
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name
