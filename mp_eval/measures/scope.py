"""What is being measured: which days, under which key, with records up to which day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from statistics import NormalDist

import pandas as pd

from .. import tidy
from ..periods import Period
from ..programme import Programme


@dataclass(frozen=True)
class Scope:
    """A stretch of time (one period, or the pieces of a union) and the day up to which the records go."""

    key: str
    pieces: tuple[Period, ...]
    as_of: date
    is_provisional: bool = False
    staff: tuple[tuple[Period, float], ...] = ()  # how many consultants in which days; of days in more, the last
    whole_from: date | None = None  # since when the register of benefits holds everybody, when that was said
    programme: Programme = field(default_factory=Programme)

    @property
    def months(self) -> float:
        """The months of which there are records: a period that was not over at the extraction counts in part."""
        known = date.fromordinal(self.as_of.toordinal() + 1)
        return sum(Period(p.start, min(p.end, known)).months for p in self.pieces if p.start < known)

    @property
    def consultant_months(self) -> float | None:
        """Months of work of all consultants together in the days of which there are records; None when not known.

        Of days in more than one period the last one in order says how many there were.
        """
        known = date.fromordinal(self.as_of.toordinal() + 1)
        cuts = sorted({known, *(d for p in self.pieces for d in (p.start, p.end)), *_ends(self.staff)})
        total = 0.0
        for start, end in pairwise(cuts):
            if end > known or not any(start in p for p in self.pieces):
                continue
            count = [n for p, n in self.staff if start in p]
            if not count or not count[-1]:
                return None
            total += count[-1] * Period(start, end).months
        return total or None

    def contains(self, days: pd.Series) -> pd.Series:
        """Which of these days lie within; a missing day does not."""
        within = pd.Series(False, index=days.index)
        for piece in self.pieces:
            within |= (days >= pd.Timestamp(piece.start)) & (days < pd.Timestamp(piece.end))
        return within

    def row(self, measure: str, value: float | None, **rest: object) -> dict[str, object]:
        """A row of the tidy table in this scope."""
        status = "provisional" if self.is_provisional else "final"
        return tidy.row(self.key, measure, value, **{"as_of": self.as_of.isoformat(), "status": status, **rest})

    def share(self, measure: str, numerator: int, denominator: int, **rest: object) -> dict[str, object]:
        """A share with its Wilson interval; undefined when nobody could be counted.

        The interval is left out of what is a ratio of two groups (`tidy.Measure.ratio`), and when the numerator exceeds
        the denominator: they are then not the same people.
        """
        counts = {"numerator": numerator, "denominator": denominator}
        if denominator == 0:
            return self.row(measure, None, **counts, **{**rest, "status": "undefined"})
        is_proportion = numerator <= denominator and not tidy.MEASURES[measure].ratio
        low, high = wilson(numerator, denominator) if is_proportion else (None, None)
        return self.row(measure, numerator / denominator, low=low, high=high, **counts, **rest)

    def not_delivered(self, measure: str, **rest: object) -> dict[str, object]:
        return self.row(measure, None, **{**rest, "status": "not_delivered"})


def is_told(table: pd.DataFrame, *columns: str) -> bool:
    """Whether each of these columns is known of anybody; an empty table tells that there is nobody.

    >>> is_told(pd.DataFrame({"resident": ["a"], "ladder_step": [None]}), "ladder_step")
    False
    """
    return table.empty or all(table[column].notna().any() for column in columns)


def _ends(staff: tuple[tuple[Period, float], ...]) -> Iterator[date]:
    for period, _ in staff:
        yield from (period.start, period.end)


def wilson(numerator: float, denominator: float, *, confidence: float = 0.95) -> tuple[float, float]:
    """Wilson's score interval for a proportion, between 0 and 1.

    The records are a full count, so the interval speaks of chance in who happened to be counted, not of sampling.
    Source: Wilson (1927), Journal of the American Statistical Association 22, 209-212.

    Raises
    ------
    ValueError
        When the denominator is not positive or the numerator does not lie between 0 and it.

    Examples
    --------
    >>> [round(x, 3) for x in wilson(50, 175)]
    [0.224, 0.357]
    >>> wilson(0, 30)[0], wilson(30, 30)[1]
    (0.0, 1.0)
    """
    if not 0 <= numerator <= denominator or denominator <= 0:
        raise ValueError(f"no proportion: {numerator} of {denominator}")
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    p, n = numerator / denominator, denominator
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * (p * (1 - p) / n + z * z / (4 * n * n)) ** 0.5
    low, high = centre - half, centre + half
    return low if numerator else 0.0, high if numerator < denominator else 1.0  # at the ends exactly
