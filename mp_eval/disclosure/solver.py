"""Linear programmes with HiGHS that give the same each time: one thread, a fixed seed, no clock, nothing printed."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from functools import cache

import highspy
import numpy as np

OPTIONS = (("output_flag", False), ("threads", 1), ("random_seed", 1), ("parallel", "off"))


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
