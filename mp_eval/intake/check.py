"""Check cells against the contract and give them their type. Every fault is found; none stops the search.

A column's distinct values are judged, not its rows: a register has millions of rows and few distinct dates.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import date, datetime

import numpy as np
import pandas as pd

from ..faults import Fault, Reason
from .coded import coded, order, row_numbers
from .contract import Column, normal
from .privacy import masked, masked_header
from .read import Sheet

NUMBER = re.compile(r"-?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?")
EIGHT_DIGITS = re.compile(r"\d{8}")
WORDS = pd.CategoricalDtype(pd.Index([], dtype="str"))
DTYPES = {"string": WORDS, "date": "datetime64[us]", "integer": "Int64", "number": "Float64", "boolean": "boolean"}

Parsed = tuple[object, Reason | None]


def check(sheet: Sheet, *, extracted: date | None = None) -> tuple[pd.DataFrame, list[Fault]]:
    """The sheet as a typed table under the contract's names, indexed by row number, and every fault in it.

    `extracted` is the day on which the records were taken from their source: events may not lie after it.
    A value that is faulty is missing in the table, so a table with faults is not to be used.
    """
    frame, faults = _columns(sheet)
    typed = {}
    for column in sheet.table.columns:
        if column.name in frame:
            typed[column.name], found = _typed(frame[column.name], column, sheet, extracted)
            faults += found
        else:
            typed[column.name] = pd.Series(index=frame.index, dtype=DTYPES[column.type])
    table = pd.DataFrame(typed, index=frame.index)
    faults += _misordered(table, sheet)
    return table, faults


def unused(sheet: Sheet) -> list[str]:
    """The delivered columns that nothing is done with, in words: one of them may be a name that was not recognised."""
    columns = [(n, h) for n, h in enumerate(sheet.cells.columns) if not any(c.accepts(h) for c in sheet.table.columns)]
    return [f"kolom ‘{masked_header(h, n, known=False)}’ in {sheet.file}" for n, h in columns]


def parse_date(text: str, form: str) -> date | None:
    """A date in exactly this form, or None; day and month may lack their leading zero where a sign parts them.

    >>> parse_date("1-9-2022", "%d-%m-%Y"), parse_date("1-9-2022x", "%d-%m-%Y"), parse_date("2022-09-01", "%d-%m-%Y")
    (datetime.date(2022, 9, 1), None, None)
    >>> parse_date("20220901", "%Y%m%d"), parse_date("2022111", "%Y%m%d")
    (datetime.date(2022, 9, 1), None)
    """
    if not text.isascii() or " " in text or (("%m%d" in form or "%d%m" in form) and not EIGHT_DIGITS.fullmatch(text)):
        return None
    try:
        return datetime.strptime(text, form).date()
    except ValueError:
        return None


def parse_number(text: str) -> float | None:
    """A number as Dutch writes it, or None: a comma for decimals, points only between groups of three.

    >>> parse_number("1.234,50"), parse_number("8,5"), parse_number("8.5"), parse_number("1.23,4")
    (1234.5, 8.5, None, None)
    """
    return float(text.replace(".", "").replace(",", ".")) if NUMBER.fullmatch(text) else None


def duplicate_keys(table: pd.DataFrame, sheet: Sheet) -> tuple[pd.DataFrame, int, list[Fault]]:
    """The table in the order of its key without rows delivered twice, how many those were, and keys that carry
    different data."""
    key = list(sheet.table.key)
    keys, below = row_numbers(table[name] for name in key)
    whole, below = row_numbers([table[name] for name in (*key, *table.columns.difference(key))])
    in_order = order(whole, below)
    once = in_order[~_repeats(whole[in_order])]
    duplicates = len(table) - len(once)
    again = _repeats(keys[once])
    faults = []
    if again.any():
        titles = " + ".join(sheet.table.column(k).title for k in key)
        rows = tuple(sorted(table.index[once[again | np.append(again[1:], False)]]))
        faults.append(Fault(Reason.DUPLICATE_KEY, sheet.file, sheet.sheet, rows, column=titles, count=len(rows)))
    return table.take(once), duplicates, faults


def unknown_residents(table: pd.DataFrame, sheet: Sheet, residents: Collection[str]) -> list[Fault]:
    """Rows about somebody who is not in the table of residents."""
    column = sheet.table.column("resident")
    codes, people = coded(table["resident"])
    strangers = [n for n, person in enumerate(people.tolist()) if person not in residents]
    if not strangers:
        return []
    found = table["resident"][np.isin(codes, strangers)].sort_index()
    rows, examples = tuple(found.index), (masked(found.iloc[0], column),)
    return [Fault(Reason.UNKNOWN_RESIDENT, sheet.file, sheet.sheet, rows, column.title, examples, count=len(rows))]


def _repeats(numbers: np.ndarray) -> np.ndarray:
    """Which of these numbers are the same as the one before."""
    return np.append(np.zeros(min(1, len(numbers)), dtype=bool), numbers[1:] == numbers[:-1])


def _columns(sheet: Sheet) -> tuple[pd.DataFrame, list[Fault]]:
    """The delivered columns under the contract's names; those it does not know are left out."""
    found: dict[str, int] = {}
    faults = []
    for position, header in enumerate(sheet.cells.columns):
        column = next((c for c in sheet.table.columns if c.accepts(header)), None)
        if column and column.name in found:
            faults.append(Fault(Reason.TWICE_COLUMN, sheet.file, sheet.sheet, column=header))
        elif column:
            found[column.name] = position
    for column in sheet.table.columns:
        if column.required and column.name not in found:
            names = " | ".join((column.title, *column.headers))
            faults.append(Fault(Reason.MISSING_COLUMN, sheet.file, sheet.sheet, column=column.title, expected=names))
    frame = sheet.cells.iloc[:, list(found.values())].set_axis(list(found), axis=1)
    return frame, faults


def _typed(cells: pd.Series, column: Column, sheet: Sheet, extracted: date | None) -> tuple[pd.Series, list[Fault]]:
    """One column with its type; one fault for each reason, with the rows and the first values."""
    codes, distinct = coded(cells)
    parse = _parser(column, sheet.table.missing, extracted)
    parsed = [parse(text) for text in distinct.tolist()]
    values = pd.array([value for value, _ in parsed], dtype="str" if column.type == "string" else DTYPES[column.type])
    if column.type == "string":
        values = pd.Categorical(values)
    faults = []
    is_wrong = np.array([reason is not None for _, reason in parsed], dtype=bool)
    wrong = pd.unique(codes[is_wrong[codes]]).tolist() if is_wrong.any() else []  # as they come in the file
    for reason in dict.fromkeys(parsed[n][1] for n in wrong):
        places = [n for n in wrong if parsed[n][1] is reason]
        rows = tuple(cells.index[np.isin(codes, places)])
        found = tuple(dict.fromkeys(masked(distinct[n], column) for n in places))
        place = Fault(reason, sheet.file, sheet.sheet, rows, column.title, count=len(rows))
        shown, note = _hint(reason, found, column)
        faults.append(replace(place, expected=_expected(reason, column, extracted), found=shown, note=note))
    return pd.Series(values.take(codes), index=cells.index, copy=False), faults


def _parser(column: Column, missing: frozenset[str], extracted: date | None) -> Callable[[str], Parsed]:
    """How to read one cell of this column: a value, or a reason why not."""
    kinds = {"date": _date, "integer": _integer, "number": _number, "boolean": _boolean, "string": _string}
    read = kinds[column.type](column, extracted) if column.type == "date" else kinds[column.type](column)  # type: ignore[operator]

    def parse(text: str) -> Parsed:
        if text.casefold() in missing:
            return None, Reason.MISSING_VALUE if column.required else None
        return read(text)

    return parse


def _date(column: Column, extracted: date | None) -> Callable[[str], Parsed]:
    def read(text: str) -> Parsed:
        day = parse_date(text, column.date_format)
        if day is None:
            return None, Reason.DATE_CELL if text.isdigit() and len(text) == 5 else Reason.DATE
        if day.year < 1900:
            return None, Reason.DATE
        if column.past and extracted and day > extracted:
            return None, Reason.FUTURE
        return datetime(day.year, day.month, day.day), None

    return read


def _number(column: Column) -> Callable[[str], Parsed]:
    def read(text: str) -> Parsed:
        value = parse_number(text.removeprefix("€").strip())
        if value is None:
            return None, Reason.NUMBER
        return (value, None) if _within(value, column) else (None, Reason.RANGE)

    return read


def _integer(column: Column) -> Callable[[str], Parsed]:
    def read(text: str) -> Parsed:
        if not re.fullmatch(r"-?\d+", text):
            return None, Reason.INTEGER
        return (int(text), None) if _within(int(text), column) else (None, Reason.RANGE)

    return read


def _boolean(column: Column) -> Callable[[str], Parsed]:
    words = dict.fromkeys(column.true, True) | dict.fromkeys(column.false, False)

    def read(text: str) -> Parsed:
        value = words.get(text.casefold())
        return value, Reason.BOOLEAN if value is None else None

    return read


def _string(column: Column) -> Callable[[str], Parsed]:
    if not column.codes:
        return lambda text: (text, None)
    codes = column.lookup()

    def read(text: str) -> Parsed:
        value = codes.get(normal(text))
        return value, Reason.CATEGORY if value is None else None

    return read


def _within(value: float, column: Column) -> bool:
    low, high = column.minimum, column.maximum
    return (low is None or value >= low) and (high is None or value <= high)


def _expected(reason: Reason, column: Column, extracted: date | None) -> str:
    if reason is Reason.FUTURE and extracted:
        return f"op of voor {extracted:%d-%m-%Y}"
    return column.in_words


def _hint(reason: Reason, found: tuple[str, ...], column: Column) -> tuple[tuple[str, ...], str]:
    """What was found and, for a category, the word that was probably meant."""
    words = {word.casefold(): word for word in column.codes}
    close = difflib.get_close_matches(found[0].casefold(), words, 1) if reason is Reason.CATEGORY else []
    hidden = () if reason is Reason.MISSING_VALUE else found
    return hidden, f"bedoeld is misschien ‘{words[close[0]]}’" if close else ""


def _misordered(table: pd.DataFrame, sheet: Sheet) -> list[Fault]:
    faults = []
    for first, last in sheet.table.order:
        rows = tuple(table.index[table[last] < table[first]])
        if rows:
            titles = f"{sheet.table.column(first).title} / {sheet.table.column(last).title}"
            faults.append(Fault(Reason.ORDER, sheet.file, sheet.sheet, rows, titles, count=len(rows)))
    return faults
