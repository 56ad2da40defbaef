"""The rows of a table that have these values, looked up in an index that is made once for each table.

A page asks for numbers hundreds of times, and comparing whole columns each time took a fifth of a notebook's seconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

import pandas as pd

T = TypeVar("T")
KEPT = 32  # tables whose index is kept: those that were asked last


class Index:
    """The rows of a table by the values in its columns. It reads the table as it was when the index was made."""

    def __init__(self, table: pd.DataFrame, parts: Sequence[object]) -> None:
        self._table = table.copy(deep=False)  # what is written to the table from now on, pandas writes to a copy
        self._parts = parts  # held, so that no other table can come to lie where these are
        self._columns: dict[str, list[Any]] = {}
        self._by: dict[str, dict[Any, list[int]]] = {}
        self._rows: dict[tuple[object, ...], dict[tuple[Any, ...], list[int]]] = {}
        self._picked: dict[tuple[tuple[str, Any], ...], pd.DataFrame] = {}

    def column(self, name: str) -> list[Any]:
        """The values of a column, of each row."""
        if name not in self._columns:
            self._columns[name] = self._table[name].tolist()
        return self._columns[name]

    def rows(self, where: Mapping[str, Any]) -> list[int]:
        """The positions of the rows in which every named column has the named value."""
        names = tuple(where)
        if not names:
            return list(range(len(self._table)))
        narrow = max(names, key=lambda name: len(self._rows_by(name)))  # only what has this value is looked through
        of_it = self._rows_by(narrow).get(where[narrow], [])
        if len(names) == 1 or not of_it:
            return of_it
        key = (names, where[narrow])
        if key not in self._rows:
            columns = [self.column(name) for name in names]
            self._rows[key] = _grouped(zip(*([column[row] for row in of_it] for column in columns), strict=True), of_it)
        return self._rows[key].get(tuple(where.values()), [])

    def _rows_by(self, name: str) -> dict[Any, list[int]]:
        """The rows by the value in one column."""
        if name not in self._by:
            self._by[name] = _grouped(self.column(name), range(len(self._table)))
        return self._by[name]

    def pick(self, where: Mapping[str, Any]) -> pd.DataFrame:
        """These rows as a table of its own, which whoever asked may change."""
        key = tuple(where.items())
        if key not in self._picked:
            self._picked[key] = self._of(self.rows(where))
        return self._picked[key].copy(deep=False)

    def _of(self, rows: Sequence[int]) -> pd.DataFrame:
        """Rows that lie together, as most do, are a view: taking them one by one takes ten times as long."""
        start, end = (rows[0], rows[-1] + 1) if rows else (0, 0)
        return self._table.iloc[start:end] if end - start == len(rows) else self._table.take(rows)

    def last(self, where: Mapping[str, Any]) -> dict[str, Any] | None:
        """The values of the last of these rows, by column; None when there is none."""
        rows = self.rows(where)
        return {name: self.column(name)[rows[-1]] for name in self._table} if rows else None


def _grouped(values: Iterable[T], rows: Iterable[int]) -> dict[T, list[int]]:
    found: dict[T, list[int]] = {}
    for value, row in zip(values, rows, strict=True):
        found.setdefault(value, []).append(row)
    return found


_KNOWN: dict[tuple[int, ...], Index] = {}


def index(table: pd.DataFrame) -> Index:
    """The index of a table as it is now; a table that was changed since it was last asked gets another."""
    parts = _parts(table)
    key = tuple(map(id, parts))
    found = _KNOWN.pop(key, None) or Index(table, parts)
    _KNOWN[key] = found
    if len(_KNOWN) > KEPT:
        del _KNOWN[next(iter(_KNOWN))]
    return found


def _parts(table: pd.DataFrame) -> list[object]:
    """What a table is made of. Each is another object once anything in it was changed, for its index holds on to it.

    pandas' public way to its arrays makes a column of each, which takes longer than most questions.
    """
    try:
        return [*table._mgr.axes, *(block.values for block in table._mgr.blocks)]
    except AttributeError:  # another pandas
        return [table.columns, table.index, *(column.array for _, column in table.items())]
