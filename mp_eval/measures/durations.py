"""How long something lasted, in months of the calendar, and in classes of them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .survival import months_between

CLASSES = ("under_6", "from_6", "from_12", "from_24")
LEAST = (0, 6, 12, 24)  # whole months with which each class begins
HALF_YEAR = LEAST[1]
DAYS_A_MONTH = 365.25 / 12


def whole_months(start: pd.Series, end: pd.Series) -> pd.Series:
    """Whole months between two days (`months_between`): missing when a day is, negative when the end comes first.

    Of a month without the day it is full on its last day.

    >>> days = pd.Series(pd.to_datetime(["2024-01-15", "2024-01-15", "2024-01-31", None]))
    >>> later = pd.Series(pd.to_datetime(["2024-07-14", "2024-07-15", "2024-02-29", "2024-01-01"]))
    >>> whole_months(days, later).tolist()
    [5.0, 6.0, 1.0, nan]
    """
    return np.floor(months_between(start, end))


def classes(start: pd.Series, end: pd.Series) -> pd.Series:
    """The class of each duration; missing when a day is, or when the end comes first.

    >>> day = pd.Series(pd.to_datetime(["2024-01-01", "2023-07-01", "2021-01-01", "2024-02-01"]))
    >>> classes(day, pd.Series(pd.Timestamp("2024-01-01"), index=day.index)).tolist()
    ['under_6', 'from_6', 'from_24', nan]
    """
    edges = [*LEAST, float("inf")]
    return pd.cut(whole_months(start, end), edges, right=False, labels=list(CLASSES)).astype("object")


def median_months(start: pd.Series, end: pd.Series) -> float | None:
    """The median number of months between two days that are both known; None when there is nobody.

    >>> day = pd.Series(pd.to_datetime(["2024-01-01", "2023-01-01"]))
    >>> median_months(day, pd.Series(pd.Timestamp("2024-01-01"), index=day.index))
    6.0
    """
    months = months_between(start, end).dropna()
    return float(months.median()) if len(months) else None
