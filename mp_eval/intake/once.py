"""One table of all files and sheets that hold it: what was delivered twice is once in it, and each row knows its place.

A row that is the same as an earlier one is left out. A later file that says something else of the same key is a fault,
unless the settings say that the last file holds (`last`); that is settled first, and then rows that are about the same
thing can be made one (`join`). The same key twice in one file with different data is a fault, unless they are joined.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from ..faults import Fault, Reason, named
from .chosen import position
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
    rows = np.arange(len(table))
    none = rows[:0]
    left = {Kind.DOUBLE: none, Kind.REPLACED: none, Kind.JOINED: none}
    if any(position(part.sheet, header) is None for part in parts for header in definition.join):
        return table, [{} for _ in parts], []  # that was told when rows were chosen
    if definition.last or definition.join:
        rows, left[Kind.DOUBLE], left[Kind.REPLACED], both = _settled(table, parts)
        if not definition.last and (faults := _clashes(both, parts)):
            return table, [{} for _ in parts], faults
    if definition.join:
        by = _joined_by(parts, definition.join)
        table, rows, left[Kind.JOINED], amounts = _joined(table, rows, by, definition)
        if len(amounts):
            return table, [{} for _ in parts], _amounts(amounts, parts)
    table = table if len(rows) == len(table) else table.take(rows)
    kept, again, both = _in_order(table, definition)
    left[Kind.DOUBLE] = np.append(left[Kind.DOUBLE], rows[again])
    return table.take(kept), _by_part(left, parts), _clashes(rows[both], parts)


def _in_order(table: pd.DataFrame, definition: Table) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The rows in the order of the key, without those that are there again; these; and those that clash in the key."""
    keys, whole, below = _numbers(table, definition)
    ordered, positions = in_order(whole, below)
    is_again = _repeats(ordered)
    kept = positions[~is_again]
    again = _repeats(keys[kept]) if keys is not whole else np.zeros(0, dtype=bool)  # what is all key differs in it
    return kept, positions[is_again], kept[again | np.append(again[1:], False)] if again.any() else kept[:0]


def _settled(table: pd.DataFrame, parts: Sequence[Part]) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Of each key the rows of the last part that has it; the others that are the same as one of those; and those that
    are not; and all rows with a key of the latter."""
    keys, whole, _ = _numbers(table, parts[0].sheet.table)
    of_part = np.repeat(np.arange(len(parts)), [len(part.table) for part in parts])
    distinct, of_key = np.unique(keys, return_inverse=True)
    last = np.zeros(len(distinct), dtype=of_part.dtype)
    np.maximum.at(last, of_key, of_part)
    holds = of_part == last[of_key]
    is_same = ~holds & np.isin(whole, whole[holds])
    differs = ~holds & ~is_same
    both = np.isin(of_key, of_key[differs])
    return np.flatnonzero(holds), np.flatnonzero(is_same), np.flatnonzero(differs), np.flatnonzero(both)


def _numbers(table: pd.DataFrame, definition: Table) -> tuple[np.ndarray, np.ndarray, int]:
    """A number of each row for its key, one for all of it that is in the order of the key, and what that is below."""
    key, rest = list(definition.key), table.columns.difference(definition.key)
    keys, below = row_numbers(table[name] for name in key)
    return keys, *row_numbers((table[name] for name in rest), after=(keys, below))


def _joined(
    table: pd.DataFrame, rows: np.ndarray, by: Sequence[pd.Series], definition: Table
) -> tuple[pd.DataFrame, np.ndarray, np.ndarray, np.ndarray]:
    """Of these rows those of a resident that agree in `by` as one: the one that begins last, from the first begin to
    the last end.

    When one of them has no end, the whole has none. Two blanks do not agree. What is blank in the one that is kept is
    taken from the last that fills it. Gives the table, in which the rows that are kept are whole; the positions of
    these; of the others; and of rows with an amount each, of which one would be lost.
    """
    first, last = definition.order[0]
    numbers, below = row_numbers([table["resident"], *by])
    alone = np.flatnonzero(np.any([_is_blank(column, definition) for column in by], axis=0))
    numbers[alone] = below + alone
    groups = np.unique(numbers[rows], return_inverse=True)[1].reshape(-1)
    (starts, begun), (ends, ended) = coded(table[first]), coded(table[last])
    starts, ends = starts.copy(), ends.copy()
    own_starts, own_ends = starts[rows], ends[rows]
    late = np.lexsort((np.arange(len(rows)), own_starts, groups))  # the last of each group begins last
    kept = late[np.append(groups[late][1:] != groups[late][:-1], np.ones(min(1, len(late)), dtype=bool))]
    start = np.full(len(kept), len(begun))
    np.minimum.at(start, groups, np.where(own_starts < 0, len(begun), own_starts))
    end = np.full(len(kept), -1)
    np.maximum.at(end, groups, own_ends)
    end[groups[own_ends < 0]] = -1
    starts[rows[kept]] = np.where(start == len(begun), -1, start)[groups[kept]]
    ends[rows[kept]] = end[groups[kept]]
    made = {first: category(starts, begun), last: category(ends, ended)}
    amounts = np.zeros(len(rows), dtype=bool)
    for name in table.columns.difference([first, last, "resident"]):
        codes, distinct = coded(table[name])
        own = codes[rows]
        of_group = np.full(len(kept), -1)
        filled = late[own[late] >= 0]
        of_group[groups[filled]] = own[filled]  # the last one holds
        codes = codes.copy()
        codes[rows[kept]] = np.where(own[kept] < 0, of_group[groups[kept]], own[kept])
        made[name] = category(codes, distinct)
        if definition.column(name).type == "number":
            amounts |= (np.bincount(groups[filled], minlength=len(kept)) > 1)[groups] & (own >= 0)
    return table.assign(**made), np.sort(rows[kept]), np.setdiff1d(rows, rows[kept]), rows[amounts]


def _amounts(positions: np.ndarray, parts: Sequence[Part]) -> list[Fault]:
    """Amounts of rows that would be made one."""
    rows = [left.get(Kind.REFUSED, ()) for left in _by_part({Kind.REFUSED: positions}, parts)]
    titles = " / ".join(c.title for c in parts[0].sheet.table.columns if c.type == "number")
    return [
        replace(
            Fault(Reason.JOINED_AMOUNTS, part.sheet.file, part.sheet.sheet, own, titles, count=len(own)),
            table=part.sheet.table.name,
        )
        for part, own in zip(parts, rows, strict=True)
        if own
    ]


def _is_blank(column: pd.Series, definition: Table) -> np.ndarray:
    """Which cells of a delivered column hold nothing, or a word for it."""
    codes, texts = coded(column)
    return np.array([text.casefold() in definition.missing for text in texts], dtype=bool)[codes]


def _joined_by(parts: Sequence[Part], headers: Sequence[str]) -> list[pd.Series]:
    """The delivered columns by which rows are joined, of all parts together."""
    frames = [pd.DataFrame({h: sheet.cells.iloc[:, position(sheet, h)] for h in headers}) for sheet, _ in parts]
    together = _stacked(frames)
    return [together[h] for h in headers]


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
    names = [named(part.sheet.file, part.sheet.sheet) for part in parts]
    faults = []
    for n, (part, own) in enumerate(zip(parts, rows, strict=True)):
        if own:
            table = part.sheet.table
            titles = " + ".join(table.column(k).title for k in table.key)
            others = [names[m] for m in range(len(parts)) if m != n and rows[m]]
            note = f"ook in {'; '.join(others)}" if others else ""
            place = Fault(Reason.DUPLICATE_KEY, part.sheet.file, part.sheet.sheet, own, titles, count=len(own))
            faults.append(replace(place, note=note, table=table.name))
    return faults


def _repeats(numbers: np.ndarray) -> np.ndarray:
    """Which of these numbers are the same as the one before."""
    return np.append(np.zeros(min(1, len(numbers)), dtype=bool), numbers[1:] == numbers[:-1])
