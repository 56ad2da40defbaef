"""Columns as positions in their distinct values: a register has millions of rows and few distinct days or residents.

Such a column is a pandas category. What is judged is judged once a distinct value, and rows are compared and put in
order by whole numbers.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pandas.api.extensions import ExtensionArray
from pandas.arrays import BooleanArray, FloatingArray, IntegerArray

# A type of categories at which pandas does not look once more; where it has none of that name, it does.
TRUSTED = getattr(pd.CategoricalDtype, "_from_fastpath", pd.CategoricalDtype)
WIDEST = 2**62  # what a number of a row stays below, so that nothing runs over


def coded(column: pd.Series) -> tuple[np.ndarray, pd.Index]:
    """Of each row the position of its value, -1 where it is missing; and the distinct values, in their order.

    Every one of them occurs: a category that no row has is left out.

    >>> codes, distinct = coded(pd.Series(["b", "a", "b"], dtype=pd.CategoricalDtype(["c", "b", "a"])))
    >>> codes.tolist(), distinct.tolist()
    ([1, 0, 1], ['a', 'b'])
    """
    values = column.astype("category").array
    codes, distinct = values.codes, values.categories
    occurs = _occurring(codes, len(distinct))
    if not occurs.all():
        codes, distinct = recoded(codes, np.where(occurs, np.cumsum(occurs) - 1, -1)), distinct[occurs]
    if not _ascends(distinct):
        in_order = distinct.argsort()
        codes, distinct = recoded(codes, inverted(in_order)), distinct[in_order]
    return codes, distinct


def _occurring(codes: np.ndarray, count: int) -> np.ndarray:
    """Which of so many values have a row; of few values the first rows mostly hold all."""
    occurs = np.zeros(count + 1, dtype=bool)  # the last one is for -1
    start, size = 0, 1 << 16
    while start < len(codes) and not occurs[:-1].all():
        occurs[codes[start : start + size]] = True
        start, size = start + size, size * 2
    return occurs[:-1]


def recoded(codes: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Codes after the value at each position moved to its place; what is missing stays so.

    >>> recoded(np.array([0, 1, -1]), np.array([5, -1])).tolist()
    [5, -1, -1]
    """
    return np.append(places, -1).astype("int32")[codes]


def inverted(positions: np.ndarray) -> np.ndarray:
    """Of each position the place where it stands.

    >>> inverted(np.array([2, 0, 1])).tolist()
    [1, 2, 0]
    """
    places = np.empty(len(positions), dtype="int32")
    places[positions] = np.arange(len(positions))
    return places


def category(codes: np.ndarray, distinct: pd.Index) -> pd.Categorical:
    """The column that has these codes.

    pandas wants to know that each value is there once. Of values in order it need not look again, which of 400,000
    residents takes a tenth of a second; of others it makes a table of all.
    """
    dtype = TRUSTED(distinct) if _ascends(distinct) else pd.CategoricalDtype(distinct)
    return pd.Categorical.from_codes(codes, dtype=dtype, validate=False)


def _ascends(distinct: pd.Index) -> bool:
    """Whether each value is greater than the one before; words are compared as they lie, without an object of each."""
    if not isinstance(distinct.dtype, pd.StringDtype):
        return distinct.is_monotonic_increasing and distinct.is_unique
    words = pa.array(distinct, type=pa.large_string())
    return bool(pc.all(pc.less(words[:-1], words[1:]), min_count=0).as_py())


def blank(dtype: str, count: int) -> ExtensionArray:
    """A column of so many cells without a value, of this type of pandas.

    >>> blank("Int64", 2).tolist(), blank("datetime64[us]", 1).tolist(), blank("category", 1).tolist()
    ([<NA>, <NA>], [NaT], [nan])
    """
    if dtype == "category":
        return category(np.full(count, -1, dtype="int8"), pd.Index([], dtype="str"))
    none = pd.array([], dtype=dtype)
    if isinstance(none, IntegerArray | FloatingArray | BooleanArray):  # nobody looks at the zeros, so they take no time
        return type(none)(np.zeros(count, dtype=none.dtype.numpy_dtype), np.ones(count, dtype=bool))
    return none.take(np.full(count, -1, dtype="int8"), allow_fill=True)


def row_numbers(columns: Iterable[pd.Series], after: tuple[np.ndarray, int] | None = None) -> tuple[np.ndarray, int]:
    """A number of each row that orders rows as these columns do together, missing values last; and what it is below.

    Rows with equal values have equal numbers, and a missing value equals a missing value. With the numbers of columns
    that come before, rows are in the order of these first.

    >>> row_numbers([pd.Series(["b", "a", None], dtype="category"), pd.Series([1, 2, 1], dtype="category")])
    (array([3, 1, 6]), 9)
    """
    numbers, below = after or (np.zeros(1, dtype="int64"), 1)
    for column in columns:
        codes, distinct = coded(column)
        if not len(distinct) and len(numbers) == len(codes):
            continue  # a column without a value tells no row from another
        count = len(distinct) + 1
        if below * count >= WIDEST:  # too many possible values: count only those that occur
            occurring, numbers = np.unique(numbers, return_inverse=True)
            below = len(occurring)
        numbers = numbers * count + (codes if codes.min(initial=0) >= 0 else np.where(codes < 0, count - 1, codes))
        below *= count
    return numbers, below


def in_order(numbers: np.ndarray, below: int) -> tuple[np.ndarray, np.ndarray]:
    """The numbers of the rows in their order, and the positions of those rows; equal ones as they come.

    >>> [found.tolist() for found in in_order(np.array([3, 1, 3, 0]), 4)]
    [[0, 1, 3, 3], [3, 1, 0, 2]]
    """
    bits = len(numbers).bit_length()
    if below >= WIDEST >> bits:
        positions = np.argsort(numbers, kind="stable")
        return numbers[positions], positions
    # Sorting plain numbers is five times as fast as sorting positions by what they refer to.
    both = np.sort((numbers << bits) | np.arange(len(numbers)))
    return both >> bits, both & ((1 << bits) - 1)
