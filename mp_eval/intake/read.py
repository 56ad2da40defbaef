"""Read a delivered file as text cells with the row numbers that its user sees, whatever surrounds the table.

Nothing is interpreted here but the frame: encoding, separator, the header under a preamble, totals rows, repeated
headers and footers. Cells stay text as an analyst would type it (Excel's dates and numbers become it), so that one
set of checks serves every kind of file. All that is left out is counted.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

import pandas as pd
from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from ..faults import Fault, Reason
from . import plain
from .contract import Contract, Table, normal
from .plain import Plain, Suspects, by_row
from .text import Bytes, Rows, as_utf8, text_rows

HEAD = 1 << 15  # bytes in which separator and header are looked for
SEPARATORS = ";,\t"
TEXT, EXCEL = (".csv", ".txt", ".tsv"), (".xlsx", ".xlsm")
HEADER_SEARCH = 40  # rows in which the header is looked for
TOTALS = ("totaal", "eindtotaal", "subtotaal", "grandtotal")
FOOTER = re.compile(
    r"(print|afdruk|afgedrukt|uitgedraaid|gegenereerd|pagina|aantal|bron|selectie|einde)", re.IGNORECASE
)


@dataclass(frozen=True)
class Sheet:
    """One table as delivered: text cells under the delivered headers, indexed by row number in the file.

    Each column is a category: its distinct values, and of each row the position of its value.
    """

    file: str
    sheet: str
    table: Table
    cells: pd.DataFrame
    skipped: Counter[str]  # totals | footer | headers: rows that hold no record


def read(path: Path, contract: Contract, *, file: str) -> tuple[list[Sheet], list[Fault]]:
    """Every table in the file, and what is wrong with its frame.

    `file` is the name that messages use. A file that could not be read gives no sheet and at least one fault.
    """
    if path.suffix.lower() in TEXT:
        return _read_text(path, contract, file)
    if path.suffix.lower() in EXCEL:
        return _read_excel(path, contract, file)
    return [], [Fault(Reason.UNREADABLE, file, found=(path.suffix,), expected=", ".join(TEXT + EXCEL))]


def read_text(path: Path, table: Table, *, file: str) -> tuple[list[Sheet], list[Fault]]:
    """A text file that is known to hold `table`: the register."""
    try:
        data = as_utf8(path)
    except UnicodeDecodeError:
        return [], [Fault(Reason.ENCODING, file, expected="utf-8 of Windows-1252")]
    if found := _columns(data, table):
        header, columns = found
        sheet, faults = _sheet(header, columns.rows, table, file=file, delimited=True, columns=columns)
        return [sheet], faults
    return _read_records(data[:].decode("utf-8-sig"), table, file=file)


def _columns(data: Bytes, table: Table) -> tuple[list[str], Plain] | None:
    """The header and the rows under it as columns; None when the text must be read record by record."""
    head = codecs.getincrementaldecoder("utf-8-sig")().decode(data[:HEAD])
    candidates = [(text_rows(head, separator)[0], separator) for separator in SEPARATORS]
    if any(len(rows) < HEADER_SEARCH + 2 for rows, _ in candidates):  # the last row may have been cut off
        return None
    rows, separator = max(candidates, key=lambda candidate: _best_header(candidate[0], table)[0])
    score, position = _best_header(rows, table)
    if score < _least(table):
        return None
    header, under = _trimmed(rows[position][1]), rows[position + 1 :]
    widths = Counter(len(cells) for _, cells in under if any(cells)).most_common(1)
    line = under[0][0]
    above = "".join(io.StringIO(head, newline="").readlines()[: line - 1]).encode("utf-8")
    found = plain.read(
        data,
        separator,
        start=len(above) + len(codecs.BOM_UTF8) * (data[:3] == codecs.BOM_UTF8),
        line=line,
        width=max(len(header), *(width for width, _ in widths)),
        named=len(header),
        suspects=Suspects(TOTALS, tuple(map(normal, header)), FOOTER),
    )
    return (header, found) if found else None


def _read_records(text: str, table: Table, *, file: str) -> tuple[list[Sheet], list[Fault]]:
    if not text.strip():
        return [], [Fault(Reason.EMPTY_FILE, file)]
    candidates = [text_rows(text, separator) for separator in SEPARATORS]
    rows, unclosed = max(candidates, key=lambda candidate: _best_header(candidate[0], table)[0])
    sheets, faults = _under_header(rows, table, file=file, delimited=True)
    if unclosed:
        faults = [Fault(Reason.QUOTE, file, rows=(unclosed,)), *(faults if sheets else ())]
    return sheets, faults


class UnreadableError(Exception):
    """A file that cannot be read; the message (Dutch) says what to do."""


def excel_as_text(path: Path) -> bytes:
    """The one sheet that is not empty as semicolon text, for what works on text alone.

    Raises
    ------
    UnreadableError
        When it is no workbook, or has another number of sheets with something in them.
    """
    try:
        with CalamineWorkbook.from_path(path) as book:
            names = [n for n in book.sheet_names if book.get_sheet_by_name(n).height]
            rows = _excel_cells(book, names[0])[0] if len(names) == 1 else []
    except (CalamineError, OSError, ValueError):
        raise UnreadableError(f"{path.name} kan niet worden gelezen; sla het in Excel opnieuw op als .xlsx") from None
    if len(names) != 1:
        raise UnreadableError(f"{path.name} heeft {len(names)} gevulde bladen; sla elk blad apart op")
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";").writerows([[_as_typed(v, "%d-%m-%Y") for v in row] for row in rows])
    return out.getvalue().encode("utf-8")


def _read_text(path: Path, contract: Contract, file: str) -> tuple[list[Sheet], list[Fault]]:
    table = contract.table_of(path.stem)
    return read_text(path, table, file=file) if table else ([], [_unknown(file, contract)])


def _read_excel(path: Path, contract: Contract, file: str) -> tuple[list[Sheet], list[Fault]]:
    try:
        with CalamineWorkbook.from_path(path) as book:
            names = [n for n in book.sheet_names if book.get_sheet_by_name(n).height]
            books = {n: _excel_cells(book, n) for n in names}
    except (CalamineError, OSError, ValueError) as error:
        return [], [
            Fault(Reason.UNREADABLE, file, note="er zit een wachtwoord op" if isinstance(error, PasswordError) else "")
        ]
    if not books:
        return [], [Fault(Reason.EMPTY_FILE, file)]
    tables = {name: contract.table_of(name) for name in books}
    if not any(tables.values()) and len(books) == 1:
        tables = {next(iter(books)): contract.table_of(path.stem)}
    if not any(tables.values()):
        return [], [_unknown(file, contract, sheets=tuple(books))]
    sheets, faults = [], []
    for name, table in tables.items():
        if table:
            found, wrong = _under_header(_excel_rows(books[name], table), table, file=file, sheet=name)
            sheets += found
            faults += wrong
    return sheets, faults


def _excel_cells(book: CalamineWorkbook, name: str) -> tuple[Sequence[Sequence[object]], Counter[int]]:
    """The sheet's cells, and of each row (from 1) whose first cell is merged over columns how many such cells it has.

    Those rows are titles and footers.
    """
    sheet = book.get_sheet_by_name(name)
    wide = [r for r in sheet.merged_cell_ranges or () if r[0][1] < r[1][1]]
    merged = Counter(row + 1 for (top, _), (bottom, _) in wide for row in range(top, bottom + 1))
    begins = {row + 1 for (top, left), (bottom, _) in wide if left == 0 for row in range(top, bottom + 1)}
    return sheet.to_python(skip_empty_area=False), Counter({row: n for row, n in merged.items() if row in begins})


def _excel_rows(cells: tuple[Sequence[Sequence[object]], Counter[int]], table: Table) -> Rows:
    form = next((c.date_format for c in table.columns if c.type == "date"), "%d-%m-%Y")
    values, merged = cells
    width = max((len(r) for r in values), default=0)
    rows = [(n, [_as_typed(v, form) for v in row]) for n, row in enumerate(values, 1)]
    last = rows[-1][0] if rows else 0
    if last in merged and sum(map(bool, rows[-1][1])) <= max(width // 2, merged[last]):
        rows[-1] = (rows[-1][0], ["Pagina"] + [""] * (width - 1))  # print date, page number: no word says what it is
    return rows


def _as_typed(value: object, date_format: str) -> str:
    """An Excel cell as an analyst would type it, so that text and Excel meet the same checks."""
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, datetime):
        return value.strftime(date_format if value.time() == time() else f"{date_format} %H:%M")
    if isinstance(value, date):
        return value.strftime(date_format)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value).replace(".", ",")
    return str(value).strip()


def _under_header(
    rows: Rows, table: Table, *, file: str, sheet: str = "", delimited: bool = False
) -> tuple[list[Sheet], list[Fault]]:
    """The table in these rows, among which its header is looked for."""
    score, position = _best_header(rows, table)
    if score < _least(table):
        expected = ", ".join(c.title for c in table.columns)
        return [], [Fault(Reason.NO_HEADER, file, sheet, expected=expected, table=table.name)]
    found, faults = _sheet(
        _trimmed(rows[position][1]), rows[position + 1 :], table, file=file, sheet=sheet, delimited=delimited
    )
    return [found], faults


def _sheet(
    header: list[str],
    rows: Rows,
    table: Table,
    *,
    file: str,
    sheet: str = "",
    delimited: bool = False,
    columns: Plain | None = None,
) -> tuple[Sheet, list[Fault]]:
    """The table in these rows and columns: what holds no record is counted and left out."""
    required = [n for n, h in enumerate(header) if any(c.required and c.accepts(h) for c in table.columns)]
    found, skipped = records(rows, header, required)
    faults = []
    wide = [n for n, cells in found if any(cells[len(header) :])]
    short = [n for n, cells in found if delimited and len(cells) < len(header)]
    for reason, where in ((Reason.ROW_WIDTH, wide), (Reason.SHORT_ROW, short)):
        if where:
            faults.append(Fault(reason, file, sheet, tuple(where), expected=f"{len(header)} velden", count=len(where)))
    lost = {*wide, *short}
    whole = {n: (cells + [""] * len(header))[: len(header)] for n, cells in found if n not in lost}
    frame = columns.keeping(whole) if columns else by_row(whole, len(header))
    return Sheet(file, sheet, table, frame.set_axis(header, axis=1), skipped), faults


def _least(table: Table) -> int:
    """How many columns a row must name to be a header."""
    return min(2, sum(c.required for c in table.columns))


def _best_header(rows: Sequence[tuple[int, list[str]]], table: Table) -> tuple[int, int]:
    """How many columns the best header row names, and its position."""
    known = {normal(h) for c in table.columns for h in (c.title, c.name, *c.headers)}
    scores = [len({normal(c) for c in cells} & known) for _, cells in rows[:HEADER_SEARCH]]
    best = max(scores, default=0)
    return best, scores.index(best) if scores else 0


def records(rows: Rows, header: list[str], required: Sequence[int]) -> tuple[Rows, Counter[str]]:
    """The rows that hold a record; the others counted by kind. A total lacks a cell in a `required` position."""
    skipped: Counter[str] = Counter()
    end = len(rows)
    while end and _is_footer(rows[end - 1][1], width=len(header)):
        end -= 1
        skipped["footer"] += any(rows[end][1])
    found = []
    names = [normal(h) for h in header]
    for number, cells in rows[:end]:
        first = next((normal(c) for c in cells if c), "")
        if not first:
            continue
        if first.startswith(TOTALS) and not all(any(cells[n : n + 1]) and not _is_total(cells[n]) for n in required):
            skipped["totals"] += 1
        elif first in names and [normal(c) for c in _trimmed(cells)] == names:
            skipped["headers"] += 1
        else:
            found.append((number, cells))
    return found, skipped


def _is_footer(cells: list[str], *, width: int) -> bool:
    """Whether a last row is blank, or says in words that it is a footer and fills at most half of the columns."""
    filled = [c for c in cells if c]
    return not filled or (len(filled) <= max(1, width // 2) and bool(FOOTER.match(filled[0])))


def _is_total(cell: str) -> bool:
    return normal(cell).startswith(TOTALS)


def _trimmed(cells: list[str]) -> list[str]:
    end = len(cells)
    while end and not cells[end - 1]:
        end -= 1
    return cells[:end]


def _unknown(file: str, contract: Contract, sheets: tuple[str, ...] = ()) -> Fault:
    names = ", ".join(t.files[0] for t in contract.delivered)
    return Fault(Reason.UNKNOWN_FILE, file, found=sheets, expected=f"in de naam een van: {names}")
