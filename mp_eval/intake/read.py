"""Read a delivered file as text cells with the row numbers that its user sees, whatever surrounds the table.

Nothing is interpreted here but the frame: encoding, separator, and the header under a preamble; `rows` says which of
the others hold no record. Cells stay text as an analyst would type it (Excel's dates and numbers become it), so that
one set of checks serves every kind of file. All that is left out is listed.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from ..faults import Fault, Reason
from . import excel, mappings, plain, spss
from .aside import Aside, Why
from .citizen import BSN_NAMES
from .contract import Contract, Table, normal
from .excel import LockedError, Page, UnreadableError
from .plain import Plain, Suspects, by_row
from .rows import FOOTER, TOTALS, Kind, Left, above, frame_of, records, together, trimmed
from .text import Bytes, Rows, as_utf8, text_rows
from .unseen import Unseen, letters

HEAD = 1 << 15  # bytes in which separator and header are looked for
SEPARATORS = ";,\t|"
TEXT = (".csv", ".txt", ".tsv")
READABLE = (*TEXT, *excel.SUFFIXES, spss.SUFFIX)
HEADER_SEARCH = 40  # rows in which the header is looked for


@dataclass(frozen=True)
class Sheet:
    """One table as delivered: text cells under the delivered headers, indexed by row number in the file.

    Each column is a category: its distinct values, and of each row the position of its value. `left` are the other
    rows by kind, of `rows` in all. Hidden rows and columns are read, as Excel does when it saves a sheet as text.
    """

    file: str
    sheet: str
    table: Table
    cells: pd.DataFrame
    left: Left
    rows: int
    header: int = 1  # the number of the row that was taken as the header
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[str, ...] = ()
    nowhere: tuple[str, ...] = ()  # what rows were to be chosen by and is in no row
    sees_all: bool = True  # whether a cell with an error, or hidden parts, would have been seen


class Found(NamedTuple):
    """What is in a file: its tables, what is wrong with their frames, and what of it is not read."""

    sheets: list[Sheet]
    faults: list[Fault]
    aside: list[Aside]


def read(path: Path, contract: Contract, *, file: str) -> Found:
    """Every table in the file, what is wrong with its frame, and what of it was not read.

    `file` is the name that messages use. A file that could not be read gives no sheet and at least one fault; one that
    is of a kind that holds no table is not read, and no fault.
    """
    suffix = path.suffix.lower()
    if suffix in excel.SUFFIXES:
        return _read_excel(path, contract, file)
    if suffix not in READABLE:
        return Found([], [], [Aside(file, why=Why.of_suffix(suffix))])
    tables = contract.tables_of(path.stem)
    if not tables and suffix == ".txt" and not _looks_like_table(path):
        return Found([], [], [Aside(file, why=Why.NO_TABLE)])
    if not tables:
        return Found([], [_unknown(file, contract)], [])
    one = _read_spss if suffix == spss.SUFFIX else read_text
    read_so = [one(path, table, file=file) for table in tables]
    sheets = _apart([sheet for sheets, _ in read_so for sheet in sheets])
    return Found(sheets, list(dict.fromkeys(fault for _, faults in read_so for fault in faults)), [])


def read_text(path: Path, table: Table, *, file: str) -> tuple[list[Sheet], list[Fault]]:
    """A text file that is known to hold `table`."""
    try:
        data = as_utf8(path)
    except UnicodeDecodeError:
        if excel.is_workbook(path):
            note = f"het is een werkmap die {path.suffix} heet"
            return [], [Fault(Reason.UNREADABLE, file, note=note)]
        return [], [Fault(Reason.ENCODING, file, expected="utf-8 of Windows-1252")]
    if found := _columns(data, table):
        head, columns = found
        sheet, faults = _sheet(head, columns.rows, table, file=file, delimited=True, columns=columns)
        return [sheet], faults
    return _read_records(data[:].decode("utf-8-sig"), table, file=file)


def excel_as_text(path: Path) -> bytes:
    """The one visible sheet that is not empty as semicolon text, for what works on text alone.

    Raises
    ------
    UnreadableError
        When it is no workbook, or has another number of sheets with something in them.
    """
    try:
        pages = [page for page in excel.pages(path) if not page.is_empty and not page.is_hidden]
    except UnreadableError as error:
        why = str(error) or "sla het in Excel opnieuw op als .xlsx"
        why = "; ".join(Reason.PASSWORD.value) if isinstance(error, LockedError) else why
        raise UnreadableError(f"{path.name} kan niet worden gelezen; {why}") from None
    if len(pages) != 1:
        raise UnreadableError(f"{path.name} heeft {len(pages)} gevulde bladen; sla elk blad apart op")
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";").writerows(cells for _, cells in pages[0].rows())
    return out.getvalue().encode("utf-8")


class _Head(NamedTuple):
    """A header: its number, its names, and the rows above it."""

    number: int
    names: list[str]
    above: Rows


def _columns(data: Bytes, table: Table) -> tuple[_Head, Plain] | None:
    """The header and the rows under it as columns; None when the text must be read record by record."""
    head = codecs.getincrementaldecoder("utf-8-sig")().decode(data[:HEAD])
    candidates = [(text_rows(head, separator)[0], separator) for separator in SEPARATORS]
    if any(len(rows) < HEADER_SEARCH + 2 for rows, _ in candidates):  # the last row may have been cut off
        return None
    rows, separator = max(candidates, key=lambda candidate: _best_header(candidate[0], table)[0])
    found = _header(rows, table)
    if not found:
        return None
    under = rows[len(found.above) + 1 :]
    widths = Counter(len(cells) for _, cells in under if any(cells)).most_common(1)
    line = under[0][0]
    before = "".join(io.StringIO(head, newline="").readlines()[: line - 1]).encode("utf-8")
    columns = plain.read(
        data,
        separator,
        start=len(before) + len(codecs.BOM_UTF8) * (data[:3] == codecs.BOM_UTF8),
        line=line,
        width=max(len(found.names), *(width for width, _ in widths)),
        named=len(found.names),
        suspects=Suspects(TOTALS, tuple(map(normal, found.names)), FOOTER),
    )
    return (found, columns) if columns else None


def _read_records(text: str, table: Table, *, file: str) -> tuple[list[Sheet], list[Fault]]:
    if not text.strip():
        return [], [Fault(Reason.EMPTY_FILE, file)]
    candidates = [text_rows(text, separator) for separator in SEPARATORS]
    rows, unclosed = max(candidates, key=lambda candidate: _best_header(candidate[0], table)[0])
    sheets, faults = _under_header(rows, table, file=file, delimited=True)
    if unclosed:
        faults = [Fault(Reason.QUOTE, file, rows=(unclosed,)), *(faults if sheets else ())]
    return sheets, faults


def _read_spss(path: Path, table: Table, *, file: str) -> tuple[list[Sheet], list[Fault]]:
    try:
        rows = spss.rows(path, table, date_format=_date_format(table), decimal=table.decimal)
    except LockedError:
        return [], [Fault(Reason.PASSWORD, file)]
    except UnreadableError as error:
        return [], [Fault(Reason.UNREADABLE, file, note=str(error))]
    return _under_header(rows, table, file=file)


def _read_excel(path: Path, contract: Contract, file: str) -> Found:
    try:
        pages = excel.pages(path)
    except LockedError:
        return Found([], [Fault(Reason.PASSWORD, file)], [])
    except UnreadableError as error:
        is_text = not str(error) and not excel.is_workbook(path) and _looks_like_table(path)
        note = f"het is tekst die {path.suffix} heet; geef het bestand een naam op .csv" if is_text else str(error)
        return Found([], [Fault(Reason.UNREADABLE, file, note=note)], [])
    aside = [
        Aside(file, page.name, Why.EMPTY if page.is_empty else Why.HIDDEN, page.filled)
        for page in pages
        if page.is_empty or page.is_hidden
    ]
    seen = [page for page in pages if not page.is_empty and not page.is_hidden]
    if not seen:
        note = "alle gevulde bladen zijn verborgen" if any(a.why is Why.HIDDEN for a in aside) else ""
        return Found([], [Fault(Reason.EMPTY_FILE, file, note=note)], aside)
    tables, faults = _tables_of(seen, path, contract, file)
    found = Found([], faults, aside)
    for page in seen:
        read_so = [_read_page(page, table, file) for table in tables.get(page.name, ())]
        found.sheets.extend(_apart([sheet for sheets, _ in read_so for sheet in sheets]))
        found.faults.extend(dict.fromkeys(fault for _, wrong in read_so for fault in wrong))
        if not any(sheets for sheets, _ in read_so):
            found.aside.append(Aside(file, page.name, Why.REFUSED if read_so else Why.OTHER_COLUMNS, page.filled))
    return found


def _tables_of(
    pages: Sequence[Page], path: Path, contract: Contract, file: str
) -> tuple[dict[str, tuple[Table, ...]], list[Fault]]:
    """Which tables each sheet holds: what its name says, else that of a sheet beside it, or of the file, if it has the
    columns.

    A sheet that has only some of them is read as well, for its rows may be meant: what it lacks is then told.
    """
    named = {page.name: contract.tables_of(page.name) for page in pages}
    known = tuple(dict.fromkeys(t.name for tables in named.values() for t in tables))
    beside = [contract.tables[name] for name in known] or contract.tables_of(path.stem)
    if not beside:
        return {}, [_unknown(file, contract, sheets=tuple(page.name for page in pages))]
    if len(pages) == 1 and not known:
        return {pages[0].name: tuple(beside)}, []
    tables = {page.name: named[page.name] or _held(page.top(HEADER_SEARCH), beside) for page in pages}
    if not any(tables.values()):
        expected = ", ".join(c.title for c in beside[0].columns)
        return {}, [Fault(Reason.NO_HEADER, file, expected=expected, table=beside[0].name)]
    return tables, []


def _held(rows: Rows, tables: Sequence[Table]) -> tuple[Table, ...]:
    """Of these tables those of which a header names all that is required, else the one of which it names the most.

    It must name more than who it is about.
    """
    headers = [(table, _header(rows, table)) for table in tables]
    fields = {t.name: t.fields(found.names) if found else frozenset() for t, found in headers}
    known = [table for table in tables if len(fields[table.name]) > 1]
    whole = [t for t in known if fields[t.name].issuperset(c.name for c in t.columns if c.required)]
    return tuple(whole or sorted(known, key=lambda t: -len(fields[t.name]))[:1])


def _read_page(page: Page, table: Table, file: str) -> tuple[list[Sheet], list[Fault]]:
    rows = page.rows(_date_format(table), table.decimal)
    sheets, faults = _under_header(
        rows, table, file=file, sheet=page.name, footers=page.footers(rows), unseen=page.unseen
    )
    return sheets, faults + [fault for sheet in sheets for fault in _merged(sheet, page)]


def _merged(sheet: Sheet, page: Page) -> list[Fault]:
    """Records whose value stands in a cell that is merged with theirs, so that they have none."""
    faults = []
    for position, header in enumerate(sheet.cells.columns):
        tall = (*page.tall, *page.unseen.tall)
        within = [n for first, last, column in tall if column == position + 1 for n in range(first + 1, last + 1)]
        rows = tuple(n for n in within if n in sheet.cells.index)
        if rows and sheet.table.uses(header):
            fault = Fault(Reason.MERGED, sheet.file, sheet.sheet, rows, header, count=len(rows))
            faults.append(replace(fault, table=sheet.table.name))
    return faults


def _apart(sheets: list[Sheet]) -> list[Sheet]:
    """Tables that are read from the same rows, each without the columns that only another of them knows."""

    def own(sheet: Sheet) -> list[int]:
        others = [s.table for s in sheets if s is not sheet]
        names = enumerate(sheet.cells.columns)
        return [n for n, h in names if sheet.table.accepts(h) or not any(t.accepts(h) for t in others)]

    return [replace(s, cells=s.cells.iloc[:, own(s)]) for s in sheets] if len(sheets) > 1 else sheets


def _under_header(
    rows: Rows,
    table: Table,
    *,
    file: str,
    sheet: str = "",
    delimited: bool = False,
    footers: Collection[int] = (),
    unseen: Unseen | None = None,
) -> tuple[list[Sheet], list[Fault]]:
    """The table in these rows, among which its header is looked for."""
    head = _header(rows, table)
    if not head:
        expected = ", ".join(c.title for c in table.columns)
        score, position = _best_header(rows, table)
        known = [cell for cell in rows[position][1] if normal(cell) in _headers(table)] if score else []
        note = f"in rij {rows[position][0]} is alleen ‘{known[0]}’ bekend" if known else ""
        return [], [Fault(Reason.NO_HEADER, file, sheet, expected=expected, note=note, table=table.name)]
    found, faults = _sheet(
        head,
        rows[len(head.above) + 1 :],
        table,
        file=file,
        sheet=sheet,
        delimited=delimited,
        footers=footers,
    )
    return [_with_hidden(found, unseen) if unseen else found], faults


def _sheet(
    head: _Head,
    rows: Rows,
    table: Table,
    *,
    file: str,
    sheet: str = "",
    delimited: bool = False,
    columns: Plain | None = None,
    footers: Collection[int] = (),
) -> tuple[Sheet, list[Fault]]:
    """The table in these rows and columns: what holds no record is listed and left out."""
    width = len(head.names)
    names = _numbered(head.names, table)
    frame_so = replace(frame_of(names, table), header=tuple(head.names))
    found, left = records(rows, frame_so, footers=footers)
    faults = []
    wide = [n for n, cells in found if any(cells[width:])]
    short = [n for n, cells in found if delimited and len(cells) < width]
    for reason, where in ((Reason.ROW_WIDTH, wide), (Reason.SHORT_ROW, short)):
        if where:
            faults.append(Fault(reason, file, sheet, tuple(where), expected=f"{width} velden", count=len(where)))
    lost = {*wide, *short}
    if delimited and (swallowing := _swallowing(columns, found, width)):
        faults.append(Fault(Reason.SWALLOWED, file, sheet, swallowing, count=len(swallowing)))
    whole = {n: (cells + [""] * width)[:width] for n, cells in found if n not in lost}
    frame = columns.keeping(whole) if columns else by_row(whole, width)
    left = together(above(head.above), {Kind.HEADER: (head.number,)}, left, {Kind.REFUSED: tuple(sorted(lost))})
    count = len(head.above) + 1 + (columns.count if columns else len(rows))
    return Sheet(file, sheet, table, frame.set_axis(names, axis=1), left, count, head.number), faults


def _numbered(names: list[str], table: Table) -> list[str]:
    """Headers that are there more than once with their number from the left, when a setting names one of them so."""
    plain = [normal(name) for name in names]
    made = [f"{name} ({plain[: n + 1].count(plain[n])})" if plain[n] else "" for n, name in enumerate(names)]
    named = {p for p, name in zip(plain, made, strict=True) if plain.count(p) > 1 and table.uses(name)}
    return [m if p in named else name for name, p, m in zip(names, plain, made, strict=True)]


def _swallowing(columns: Plain | None, rows: Rows, width: int) -> tuple[int, ...]:
    """The rows with a cell that holds whole lines of a table of this width, as a stray quote makes them."""
    if width <= 2:  # one sign between two texts is no line of a table
        return ()
    numbers = {number for number, found in rows if any(_holds_line(cell, width) for cell in found)}
    for _, column in columns.cells.items() if columns and columns.is_quoted else ():
        texts = column.array.categories
        several = np.flatnonzero(texts.str.contains("[\r\n]"))
        holding = [n for n in several if _holds_line(texts[n], width)]
        numbers.update(column.index[np.isin(column.array.codes, holding)].tolist() if holding else ())
    return tuple(sorted(numbers))


def _holds_line(cell: str, width: int) -> bool:
    """Whether a line of the text, after its first, has as many separators as a row of this width.

    >>> _holds_line(chr(10).join(["ja", "P2;01-02-2024;eerste;x"]), 4), _holds_line(chr(10).join(["ja", "P2; nee"]), 4)
    (True, False)
    """
    return any(line.count(sign) == width - 1 for line in cell.splitlines()[1:] for sign in SEPARATORS)


def _with_hidden(sheet: Sheet, unseen: Unseen) -> Sheet:
    rows = tuple(sorted(set(unseen.rows).intersection(sheet.cells.index)))
    columns = tuple(letters(n) for n in unseen.columns if n <= sheet.cells.shape[1])
    return replace(sheet, hidden_rows=rows, hidden_columns=columns, sees_all=unseen.is_known)


def _date_format(table: Table) -> str:
    """How a day that is no text becomes one; its year is not shortened."""
    return next((c.date_format for c in table.columns if c.type == "date"), "%d-%m-%Y").replace("%y", "%Y")


def _header(rows: Rows, table: Table) -> _Head | None:
    """The row that names the most columns, when it names enough of them."""
    score, position = _best_header(rows, table)
    least = min(2, sum(c.required for c in table.columns))
    if score < least:
        return None
    position = _first(rows, position, least, table)
    number, names = rows[position]
    return _Head(number, trimmed(names), rows[:position])


def _first(rows: Rows, best: int, least: int, table: Table) -> int:
    """The position of the first header that has records under it: with another one below those, two tables are there.

    What stands above a header is read as a title, so the later one may not be taken for it.
    """
    known = _headers(table)
    for position in range(best):
        names = rows[position][1]
        if len({normal(c) for c in names} & known) < least:
            continue
        frame = frame_of(trimmed(names), table)
        if any(frame.holds_record(cells) for _, cells in rows[position + 1 : best]):
            return position
    return best


def _headers(table: Table) -> set[str]:
    """What its columns may be called; a citizen service number stands where a person should, and is refused later."""
    persons = BSN_NAMES if any(c.identifying for c in table.columns) else set()
    return {normal(h) for c in table.columns for h in (c.title, c.name, *c.headers)} | persons


def _best_header(rows: Sequence[tuple[int, list[str]]], table: Table) -> tuple[int, int]:
    """How many columns the best header row names, and its position."""
    known = _headers(table)
    scores = [len({normal(c) for c in cells} & known) for _, cells in rows[:HEADER_SEARCH]]
    best = max(scores, default=0)
    return best, scores.index(best) if scores else 0


def _looks_like_table(path: Path) -> bool:
    """Whether most lines of a text have as many cells as each other, so that it is no letter."""
    with path.open("rb") as file:
        text = file.read(HEAD).decode("utf-8", errors="replace")
    for separator in SEPARATORS:
        rows = [cells for _, cells in text_rows(text, separator)[0] if any(cells)][:HEADER_SEARCH]
        ((width, count),) = Counter(map(len, rows)).most_common(1) or [(1, 0)]
        if width > 1 and 2 * count > len(rows):
            return True
    return False


def _unknown(file: str, contract: Contract, sheets: Iterable[str] = ()) -> Fault:
    names = ", ".join(t.files[0] for t in contract.delivered)
    found = tuple(f"blad {name}" for name in sheets)
    told = mappings.hints([Path(file).name], {t.use for t in contract.delivered})
    note = f"het{told[0].removeprefix(Path(file).name)}" if told else ""
    return Fault(Reason.UNKNOWN_FILE, file, found=found, expected=f"in de naam een van: {names}", note=note)
