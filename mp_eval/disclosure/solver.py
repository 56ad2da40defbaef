"""Linear programmes with HiGHS that give the same each time: one thread, a fixed seed, no clock, nothing printed.

And what of a programme hangs together, so that each part of it can be solved by itself.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache

import highspy
import numpy as np

OPTIONS = (
    ("output_flag", False),
    ("threads", 1),
    ("random_seed", 1),
    ("parallel", "off"),
    ("dual_simplex_cost_perturbation_multiplier", 0.0),  # most costs are zero: perturbed, they take twice the steps
)


def model(low: np.ndarray, high: np.ndarray) -> highspy.Highs:
    """A programme over columns with these bounds, without rows or costs."""
    _name_itself_unheard()
    made = highspy.Highs()
    for option, value in OPTIONS:
        made.setOptionValue(option, value)
    if len(low):
        made.addVars(len(low), np.ascontiguousarray(low, dtype=float), np.ascontiguousarray(high, dtype=float))
    return made


def add_row(to: highspy.Highs, low: float, high: float, terms: Mapping[int, float]) -> None:
    """A sum of columns, each with a factor, that lies between two values."""
    places = np.array(list(terms), dtype=np.int32)
    to.addRow(low, high, len(places), places, np.array(list(terms.values()), dtype=np.float64))


def blocks(columns: Iterable[int], rows: Sequence[Collection[int]]) -> Iterator[tuple[list[int], list[int]]]:
    """What hangs together: columns that share a row, directly or by way of others, and those rows.

    >>> list(blocks(range(4), [[0, 2], [2, 3], [3]]))
    [([0, 2, 3], [0, 1, 2]), ([1], [])]
    """
    held: dict[int, list[int]] = {column: [] for column in columns}
    for m, row in enumerate(rows):
        for column in row:
            held[column].append(m)
    seen: set[int] = set()
    for start in held:
        if start in seen:
            continue
        members, inner, queue = {start}, set[int](), [start]
        while queue:
            new_rows = set(held[queue.pop()]) - inner
            inner |= new_rows
            new = {column for m in new_rows for column in rows[m]} - members
            members |= new
            queue.extend(new)
        seen |= members
        yield sorted(members), sorted(inner)


def is_optimal(solved: highspy.Highs) -> bool:
    return bool(solved.getModelStatus() == highspy.HighsModelStatus.kOptimal)


def is_unbounded(solved: highspy.Highs) -> bool:
    return bool(solved.getModelStatus() == highspy.HighsModelStatus.kUnbounded)


@cache
def _name_itself_unheard() -> None:
    """HiGHS prints its name and licence when a process first makes a programme, whatever its options say.

    On a page or in a log it has no place (ARCHITECTURE.md names it), so that once goes nowhere.
    """
    with suppress(OSError, ValueError):
        sys.stdout.flush()
        kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(nowhere, 1)
            highspy.Highs()
            with suppress(OSError, TypeError):
                ctypes.CDLL(None if os.name == "posix" else "ucrtbase").fflush(None)
        finally:
            os.dup2(kept, 1)
            os.close(kept)
            os.close(nowhere)
