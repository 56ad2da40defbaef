"""The contract has years, as the statistics that it follows: a code is in force from one day to another.

A record is checked by the contract of its own day, so that old records stay readable and a new one has no old code.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pandas as pd

from ..faults import Fault, Reason
from .contract import Column, Contract, Days
from .read import Sheet


def check(table: pd.DataFrame, sheet: Sheet) -> list[Fault]:
    """Codes that were not in force on the day of their record; of a record without that day nothing is said."""
    return [fault for column in sheet.table.columns if column.valid for fault in _outside(table, column, sheet)]


def _outside(table: pd.DataFrame, column: Column, sheet: Sheet) -> Iterator[Fault]:
    coded = table[table[column.name].isin([column.codes[word] for word in column.valid])]
    when = coded[column.dated].astype("datetime64[us]")
    for word, days in column.valid.items():
        wrong = (coded[column.name] == column.codes[word]) & when.notna() & ~_within(when, days)
        if rows := tuple(coded.index[wrong]):
            fault = Fault(Reason.CODE_YEARS, sheet.file, sheet.sheet, rows, column.title, (word,), count=len(rows))
            expected = f"deze code op een dag {in_words(days)}"
            yield replace(fault, expected=expected, table=sheet.table.name, field=column.name)


def in_words(days: Days) -> str:
    """From when until when.

    >>> in_words(Days(date(2013, 1, 1), None)), in_words(Days(None, date(2012, 12, 31)))
    ('vanaf 01-01-2013', 'tot en met 31-12-2012')
    """
    first = f"vanaf {days.first:%d-%m-%Y}" if days.first else ""
    last = f"tot en met {days.last:%d-%m-%Y}" if days.last else ""
    return " ".join(filter(None, (first, last)))


def changes(contract: Contract, before: int, after: int) -> str:
    """What may be delivered of one year and not of another, in words; a line a column and a kind of change."""
    lines = []
    for table in contract.tables.values():
        for column in table.columns:
            old, new = _words(column, before), _words(column, after)
            for words, other, year in ((new, old, after), (old, new, before)):
                if alone := [word for word in words if word not in other]:
                    where = f"{table.title}, {column.title} (`{table.name}.{column.name}`)"
                    lines.append(f"{where}: alleen in {year}: {', '.join(alone)}")
    return "\n".join(lines) or f"Het contract van {before} en dat van {after} zijn hetzelfde."


def _words(column: Column, year: int) -> list[str]:
    """The words of a column that are in force on any day of a year."""
    days = {word: column.valid.get(word, Days(None, None)) for word in column.codes}
    return [
        word
        for word, (first, last) in days.items()
        if (first is None or first.year <= year) and (last is None or last.year >= year)
    ]


def _within(when: pd.Series, days: Days) -> pd.Series:
    first, last = pd.Timestamp(days.first or date.min), pd.Timestamp(days.last or date.max)
    return when.between(first, last)
