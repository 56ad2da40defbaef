"""The rows of a table that have these values, looked up in an index that is made once for each table.

A page asks for numbers hundreds of times, and comparing whole columns each time took a fifth of a notebook's seconds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

KEPT = 32  # tables whose index is kept: those that were asked last


class Index:
    """The rows of a table by the values in its columns. It reads the table as it was when the index was made."""

    def __init__(self, table: pd.DataFrame, parts: Sequence[object]) -> None:
        self._table = table.copy(deep=False)  # what is written to the table from now on, pandas writes to a copy
        self._parts = parts  # held, so that no other table can come to lie where these are
        self._columns: dict[str, list[Any]] = {}
        self._rows: dict[tuple[str, ...], dict[tuple[Any, ...], list[int]]] = {}
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
        if names not in self._rows:
            found: dict[tuple[Any, ...], list[int]] = {}
            for row, values in enumerate(zip(*map(self.column, names), strict=True)):
                found.setdefault(values, []).append(row)
            self._rows[names] = found
        return self._rows[names].get(tuple(where.values()), [])

    def pick(self, where: Mapping[str, Any]) -> pd.DataFrame:
        """These rows as a table of its own, which whoever asked may change."""
        key = tuple(where.items())
        if key not in self._picked:
            self._picked[key] = self._table.take(self.rows(where))
        return self._picked[key].copy(deep=False)

    def last(self, where: Mapping[str, Any]) -> dict[str, Any] | None:
        """The values of the last of these rows, by column; None when there is none."""
        rows = self.rows(where)
        return {name: self.column(name)[rows[-1]] for name in self._table} if rows else None


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
