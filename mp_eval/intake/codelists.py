"""Code lists: the file beside a delivery that says what the codes in one of its columns mean.

`evaluation.toml` names the file and its two columns. It is read as every delivered file is: its header is looked for,
titles above it and a footer below it are no codes. Codes are texts. A code is looked up as it stands, and when the list
does not have it so, without its leading zeros, if then only one code can be meant.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from ..faults import Fault, Reason
from ..workspace import CodeList
from . import read
from .check import check
from .chosen import choose
from .coded import category, coded, recoded
from .contract import Column, Contract, Table, normal
from .privacy import masked
from .read import Sheet

MOST_OF_A_CODE = 4  # letters or figures: what is longer may be no code but a name in a wrong column
Codes = Mapping[str, str]


@dataclass(frozen=True)
class Found:
    """What the codes of one list mean, and the sheet that says so."""

    sheet: Sheet
    codes: Codes


def apart(paths: Sequence[Path], contract: Contract) -> tuple[list[Path], list[Path]]:
    """The files that are code lists, and the others."""
    named = [c.code_list for t in contract.delivered for c in t.columns if c.code_list]
    lists = [path for path in paths if any(_is_named(path, one) for one in named)]
    return lists, [path for path in paths if path not in lists]


def apply(
    sheets: Sequence[Sheet], lists: Sequence[Path], *, where: str
) -> tuple[list[Sheet], list[Sheet], list[Fault]]:
    """The sheets with words in place of the codes of every column that has a code list, those lists, and every fault.

    A blank stays one, and so does what says that a value is missing.
    """
    made: list[Sheet] = []
    faults: list[Fault] = []
    known: dict[CodeList, Found | None] = {}
    for sheet in sheets:
        for column in (c for c in sheet.table.columns if c.code_list):
            places = [n for n, header in enumerate(sheet.cells.columns) if column.accepts(header)]
            if len(places) != 1 or column.code_list is None:  # that it is there twice is told later
                continue
            if column.code_list not in known:
                known[column.code_list], wrong = _read(column.code_list, lists, where)
                faults += wrong
            if found := known[column.code_list]:
                sheet, wrong = _in_words(sheet, places[0], column, found)
                faults += wrong
            else:  # what its codes mean is not known: that they are no words is no second fault
                sheet = replace(sheet, table=sheet.table.with_column(column.name, codes={}, variants={}, valid={}))
        made.append(sheet)
    return made, [found.sheet for found in known.values() if found], faults


def meaning(code: str, codes: Codes) -> str | None:
    """What a code means; None when the list does not say, or not which of two.

    >>> codes = {"07": "scheiding", "AA": "statushouder", "8": "einde WW", "008": "anders"}
    >>> [meaning(code, codes) for code in ("07", "7", "007", "AA", "8", "08", "9")]
    ['scheiding', 'scheiding', 'scheiding', 'statushouder', 'einde WW', None, None]
    """
    if code in codes:
        return codes[code]
    alike = [text for other, text in codes.items() if other.lstrip("0") == code.lstrip("0")]
    return alike[0] if len(alike) == 1 else None


def _is_named(path: Path, named: CodeList) -> bool:
    return normal(Path(named.file).stem) in normal(path.stem)


def _read(named: CodeList, lists: Sequence[Path], where: str) -> tuple[Found | None, list[Fault]]:
    paths = [path for path in lists if _is_named(path, named)]
    if not paths:
        return None, [Fault(Reason.NO_CODE_LIST, where, expected=f"een bestand met ‘{named.file}’ in de naam")]
    files = tuple(f"{where}/{path.name}" for path in paths)
    if len(paths) > 1:
        return None, [Fault(Reason.TWO_FILES, files[0], note="codelijst", found=files)]
    sheets, faults, _ = read.read(paths[0], Contract({"codes": _table(named, paths[0])}), file=files[0])
    if sheets and not faults:
        sheets, faults = choose(sheets)
    faults = [_about_columns(f, named, files[0]) for f in faults]
    if not sheets or faults:
        return None, faults
    table, wrong = check(sheets[0])
    wrong = [f for f in wrong if (f.reason, f.field) != (Reason.MISSING_VALUE, "text")]
    faults = [_about_columns(f, named, files[0]) for f in wrong]
    if faults:
        return None, faults
    codes: dict[str, str] = {}
    twice: dict[int, str] = {}
    table = table[table["text"].notna()]
    for row, code, text in zip(table.index, table["code"], table["text"], strict=True):
        if codes.setdefault(code, text) != text:
            twice[int(row)] = f"{code}: {codes[code]}, {text}" if _is_code(code) else masked(code)
    if twice:
        place = Fault(Reason.TWO_MEANINGS, sheets[0].file, sheets[0].sheet, tuple(twice), named.code)
        return None, [replace(place, found=tuple(dict.fromkeys(twice.values())), count=len(twice))]
    return Found(sheets[0], codes), []


def _table(named: CodeList, path: Path) -> Table:
    """A code list as a table of its own."""
    columns = (
        Column("code", named.code, "string", "De code.", required=True),
        Column("text", named.text, "string", "Wat de code betekent; zonder is zij onbekend.", required=True),
    )
    table = Table("codes", "Codelijst", "", columns, ("code",), (path.stem,), True, frozenset({""}), False, public=True)
    return replace(table, where=named.where)


def _about_columns(fault: Fault, named: CodeList, file: str) -> Fault:
    """A header that is not there was named in evaluation.toml, and is to be repaired there."""
    if fault.reason not in (Reason.NO_HEADER, Reason.MISSING_COLUMN, Reason.NO_SUCH_HEADER):
        return fault
    expected = f"{', '.join([*named.where, named.code])} en {named.text}"
    return Fault(Reason.CODE_COLUMNS, file, fault.sheet, expected=expected, note=fault.note)


def _in_words(sheet: Sheet, place: int, column: Column, found: Found) -> tuple[Sheet, list[Fault]]:
    positions, distinct = coded(sheet.cells.iloc[:, place])
    texts = [
        value
        if value.strip().casefold() in sheet.table.missing | column.nothing
        else meaning(value.strip(), found.codes)
        for value in distinct
    ]
    unknown = [n for n, text in enumerate(texts) if text is None]  # blank from here on: it is told once
    words = pd.Index(sorted({text or "" for text in texts}), dtype=distinct.dtype)
    places = words.get_indexer([text or "" for text in texts])
    cells = sheet.cells.copy()
    cells.isetitem(place, category(recoded(positions, places), words))
    told = sheet.table.with_column(column.name, listed=frozenset(found.codes.values()))
    sheet = replace(sheet, cells=cells, table=told)
    rows = tuple(sheet.cells.index[np.isin(positions, unknown)])
    if not rows:
        return sheet, []
    shown = tuple(_shown(distinct[n], column) for n in unknown)
    expected = f"een code uit {found.sheet.file}"
    fault = Fault(Reason.UNKNOWN_CODE, sheet.file, sheet.sheet, rows, column.title, shown, expected, len(rows))
    return sheet, [replace(fault, table=sheet.table.name)]


def _shown(code: str, column: Column) -> str:
    """A code as a message may show it: one that is too long to be one is shown by its shape."""
    return code if _is_code(code) else masked(code, column)


def _is_code(text: str) -> bool:
    return len(text) <= MOST_OF_A_CODE and any(c.isdigit() for c in text)
