"""One table of all files and sheets that hold it: what was delivered twice is once in it, and each row knows its place.

A row that is the same as an earlier one is left out. The same key with different data is a fault, unless the settings
say that the last one holds (`last`); rows that are about the same thing can be made one (`join`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from ..faults import Fault, Reason
from .chosen import no_such_header, position
from .coded import category, coded, in_order, recoded, row_numbers
from .contract import Table
from .read import Sheet
from .rows import Kind, Left


class Part(NamedTuple):
    """A file or sheet, and its checked table."""

    sheet: Sheet
    table: pd.DataFrame


def once(parts: Sequence[Part]) -> tuple[pd.DataFrame, list[Left], list[Fault]]:
    """The table in the order of its key; of each part the rows that were left out; and keys that carry different data.

    All parts are of the same table. Their order is the order in which they were delivered.
    """
    definition = parts[0].sheet.table
    table = _stacked([part.table for part in parts])
    places = np.arange(len(table))
    left: dict[Kind, np.ndarray] = {}
    if definition.join:
        by, faults = _joined_by(parts, definition.join)
        if faults:
            return table, [{} for _ in parts], faults
        table, places, left[Kind.JOINED] = _joined(table, by, definition)
    key, rest = list(definition.key), table.columns.difference(definition.key)
    keys, below = row_numbers(table[name] for name in key)
    whole, below = row_numbers(table[name] for name in (*key, *rest)) if len(rest) else (keys, below)
    faults = []
    if definition.last:
        kept, left[Kind.DOUBLE], left[Kind.REPLACED] = _last(keys, whole)
    else:
        ordered, positions = in_order(whole, below)
        is_again = _repeats(ordered)
        kept, left[Kind.DOUBLE] = positions[~is_again], positions[is_again]
        again = _repeats(keys[kept]) if len(rest) else np.zeros(0, dtype=bool)  # what is all key differs in it
        if again.any():
            faults = _clashes(places[kept[again | np.append(again[1:], False)]], parts)
    for kind in (Kind.DOUBLE, Kind.REPLACED):
        left[kind] = places[left[kind]] if kind in left else np.zeros(0, dtype="int64")
    return table.take(kept), _by_part(left, parts), faults


def _last(keys: np.ndarray, whole: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of each key the last row; the others that are the same as that one; and those that are not."""
    positions = np.argsort(keys, kind="stable")
    ordered = keys[positions]
    is_last = ~np.append(_repeats(ordered)[1:], np.zeros(min(1, len(ordered)), dtype=bool))
    kept = positions[is_last]
    others, holds = positions[~is_last], kept[np.searchsorted(ordered[is_last], ordered[~is_last])]
    is_same = whole[others] == whole[holds]
    return kept, others[is_same], others[~is_same]


def _joined(
    table: pd.DataFrame, by: Sequence[pd.Series], definition: Table
) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Rows that agree in `by` as one: the one that begins last, from the first begin to the last end.

    When one of them has no end, the whole has none. Gives the table, the positions of its rows, and the others.
    """
    first, last = definition.order[0]
    groups = np.unique(row_numbers(by)[0], return_inverse=True)[1].reshape(-1)
    starts, begun = coded(table[first])
    ends, ended = coded(table[last])
    late = np.lexsort((np.arange(len(table)), starts, groups))  # the last of each group begins last
    kept = late[np.append(groups[late][1:] != groups[late][:-1], np.ones(min(1, len(late)), dtype=bool))]
    start = np.full(len(kept), len(begun))
    np.minimum.at(start, groups, np.where(starts < 0, len(begun), starts))
    end = np.full(len(kept), -1)
    np.maximum.at(end, groups, ends)
    end[groups[ends < 0]] = -1
    made = table.take(kept).copy(deep=False)
    made[first] = category(np.where(start[groups[kept]] == len(begun), -1, start[groups[kept]]), begun)
    made[last] = category(end[groups[kept]], ended)
    return made, kept, np.setdiff1d(np.arange(len(table)), kept)


def _joined_by(parts: Sequence[Part], headers: Sequence[str]) -> tuple[list[pd.Series], list[Fault]]:
    """The delivered columns by which rows are joined, of all parts together; and those that are not there."""
    wanted = [(part.sheet, header, position(part.sheet, header)) for part in parts for header in headers]
    faults = [no_such_header(sheet, "join", header) for sheet, header, place in wanted if place is None]
    if faults:
        return [], faults
    frames = [pd.DataFrame({h: sheet.cells.iloc[:, position(sheet, h)] for h in headers}) for sheet, _ in parts]
    together = _stacked(frames)
    return [together[h] for h in headers], []


def _stacked(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Tables of categories below each other."""
    if len(tables) == 1:
        return tables[0]
    columns = {}
    for name in tables[0]:
        found = [coded(table[name]) for table in tables]
        distinct = found[0][1]
        for _, more in found[1:]:
            distinct = distinct.append(more)
        distinct = distinct.unique().sort_values()
        codes = [recoded(codes, distinct.get_indexer(own)) for codes, own in found]
        columns[name] = category(np.concatenate(codes), distinct)
    return pd.DataFrame(columns, copy=False)


def _by_part(left: dict[Kind, np.ndarray], parts: Sequence[Part]) -> list[Left]:
    """The rows at these positions of all parts together, by part and by their number in it."""
    found: list[Left] = []
    start = 0
    for part in parts:
        index, end = part.table.index, start + len(part.table)
        own = {k: np.sort(at[(start <= at) & (at < end)]) - start for k, at in left.items()}
        found.append({kind: tuple(index[at].tolist()) for kind, at in own.items() if len(at)})
        start = end
    return found


def _clashes(positions: np.ndarray, parts: Sequence[Part]) -> list[Fault]:
    """The same key with different data: a fault for each part that has such rows, which names the others."""
    rows = [left.get(Kind.REFUSED, ()) for left in _by_part({Kind.REFUSED: positions}, parts)]
    names = [f"{part.sheet.file} {part.sheet.sheet}".strip() for part in parts]
    faults = []
    for n, (part, own) in enumerate(zip(parts, rows, strict=True)):
        if own:
            table = part.sheet.table
            titles = " + ".join(table.column(k).title for k in table.key)
            others = [names[m] for m in range(len(parts)) if m != n and rows[m]]
            note = f"ook in {', '.join(others)}" if others else ""
            place = Fault(Reason.DUPLICATE_KEY, part.sheet.file, part.sheet.sheet, own, titles, count=len(own))
            faults.append(replace(place, note=note, table=table.name))
    return faults


def _repeats(numbers: np.ndarray) -> np.ndarray:
    """Which of these numbers are the same as the one before."""
    return np.append(np.zeros(min(1, len(numbers)), dtype=bool), numbers[1:] == numbers[:-1])
