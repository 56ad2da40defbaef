"""Columns as positions in their distinct values: a register has millions of rows and few distinct days or residents.

What is judged is judged once a distinct value, and rows are compared and ordered by whole numbers.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

WIDEST = 2**62  # what a number of a row stays below, so that nothing runs over


def coded(cells: pd.Series) -> tuple[np.ndarray, pd.Index]:
    """A column's distinct values, and of each row the position of its value; -1 where it is missing.

    Every distinct value occurs: a category that no row has is left out.

    >>> column = pd.Series(["b", "a", "b"], dtype=pd.CategoricalDtype(["a", "b", "c"]))
    >>> codes, distinct = coded(column)
    >>> codes.tolist(), distinct.tolist()
    ([1, 0, 1], ['a', 'b'])
    """
    values = cells.astype("category").array
    codes, distinct = values.codes, values.categories
    occurs = np.bincount(codes + 1, minlength=len(distinct) + 1)[1:] > 0
    if occurs.all():
        return codes, distinct
    places = np.append(np.cumsum(occurs) - 1, -1)
    return places[codes], distinct[occurs]


def row_numbers(columns: Iterable[pd.Series]) -> tuple[np.ndarray, int]:
    """A number of each row that orders rows as these columns do together, missing values last; and what it is below.

    Rows with equal values have equal numbers, and a missing value equals a missing value.

    >>> row_numbers([pd.Series(["b", "a", None]), pd.Series([1, 2, 1])])[0].tolist()
    [3, 1, 6]
    """
    numbers, below = np.zeros(1, dtype="int64"), 1
    for column in columns:
        codes, count = _in_order(column)
        if below * count >= WIDEST:  # too many possible values: count only those that occur
            occurring, numbers = np.unique(numbers, return_inverse=True)
            below = len(occurring)
        numbers, below = numbers * count + codes, below * count
    return numbers, below


def order(numbers: np.ndarray, below: int) -> np.ndarray:
    """The positions of the rows in the order of their numbers, equal ones as they come.

    >>> order(np.array([3, 1, 3, 0]), 4).tolist()
    [3, 1, 0, 2]
    """
    count = max(1, len(numbers))
    if below >= WIDEST // count:
        return np.argsort(numbers, kind="stable")
    # Sorting plain numbers is five times as fast as sorting positions by what they refer to.
    return np.sort(numbers * count + np.arange(len(numbers))) % count


def _in_order(column: pd.Series) -> tuple[np.ndarray, int]:
    """Codes that order as the values do, missing values last, and one more than the last code there may be."""
    if isinstance(column.dtype, pd.CategoricalDtype) and column.cat.categories.is_monotonic_increasing:
        codes, count = column.array.codes, len(column.cat.categories)
    else:
        codes, distinct = pd.factorize(column, sort=True)
        count = len(distinct)
    return np.where(codes < 0, count, codes).astype("int64"), count + 1
