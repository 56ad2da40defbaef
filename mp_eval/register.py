"""The register: every figure that was published before, as it was meant.

A figure has the sentence it stands in, the days or the date it is about, how exact it was meant, and the categories
that it may belong to: more than one when the document does not say which.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from . import tidy
from .periods import Period

INFINITE = float("inf")


@dataclass(frozen=True)
class Figure:
    """One published figure. `value` is a count, a share between 0 and 1, or None for a cell left blank."""

    id: str
    document: str
    page: int | None
    sentence: str
    when: Period | date
    measure: str
    breakdown: str
    categories: tuple[str, ...]
    value: float | None
    qualifier: str
    note: str

    @property
    def is_total(self) -> bool:
        return not self.breakdown

    @property
    def is_ambiguous(self) -> bool:
        return len(self.categories) > 1

    @property
    def bounds(self) -> tuple[float, float]:
        """Between which values the true figure lies, if what was published is right.

        *About* means: rounded to the last digit that is not zero ("zo'n 140" is 135 to 145). *More than* excludes
        the value itself; for a count that is the next whole number. An *exact* share is rounded too: to its last
        decimal, or to a whole percent.
        """
        if self.value is None:
            return 0, INFINITE
        if self.qualifier == "about" or (self.qualifier == "exact" and self.is_share):
            place = _last_digit(self.value)
            half = (place if self.qualifier == "about" else min(place, 0.01)) / 2
            return self.value - half, self.value + half
        if self.qualifier == "more_than":
            return (self.value if self.is_share else self.value + 1), INFINITE
        return self.value, (INFINITE if self.qualifier == "at_least" else self.value)

    @property
    def is_share(self) -> bool:
        return tidy.MEASURES[self.measure].kind == "share"

    def holds(self, value: float) -> bool:
        """Whether this value is what the figure says.

        >>> from mp_eval.periods import parse
        >>> over = Figure("a", "", None, "", parse("2024"), "activation_rate", "", (), 0.30, "more_than", "")
        >>> over.holds(0.2857), over.holds(0.30), over.holds(0.31)
        (False, False, True)
        """
        low, high = self.bounds
        return low < value if self.is_share and self.qualifier == "more_than" else low <= value <= high


def _last_digit(value: float) -> float:
    """The place value of the last digit that is not zero.

    >>> _last_digit(140), _last_digit(300), _last_digit(543), _last_digit(0.3), _last_digit(0.286)
    (10.0, 100.0, 1.0, 0.1, 0.001)
    """
    exponent = Decimal(repr(round(value, 9))).normalize().as_tuple().exponent
    return float(Decimal(1).scaleb(int(exponent)))


def periods_of(figures: Sequence[Figure]) -> list[Period]:
    """The distinct periods that figures are about, in order."""
    return sorted({f.when for f in figures if isinstance(f.when, Period)})
