"""The register: every figure that was published before, as it was meant.

A figure has the sentence it stands in, the days or the date it is about, how exact it was meant, and the categories
that it may belong to: more than one when the document does not say which. Most say how many there were or which share
(`count`); others which part of a total a category is (`part`), how much something changed since other days or another
date (`change`), or what was aimed at (`target`), which tells nothing of what was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from . import tidy
from .periods import Period

INFINITE = float("inf")
LOWEST = -INFINITE  # a change may be a fall
OPEN_ABOVE, OPEN_BELOW = ("less_than", "almost"), ("more_than",)  # the bound itself is excluded


@dataclass(frozen=True)
class Figure:
    """One published figure. `value` is a count, a share between 0 and 1, or None for a cell left blank.

    `upper` is the end of a range. `compared` are the days or the date that a change is since; `is_percent` says that a
    part or a change is a share, of the total or of what it was, and not a number.
    """

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
    nature: str = "count"
    upper: float | None = None
    compared: Period | date | None = None
    is_percent: bool = False

    @property
    def is_count(self) -> bool:
        """Whether it says how many there were, or which share, and nothing beside."""
        return self.nature == "count"

    @property
    def is_total(self) -> bool:
        return not self.breakdown

    @property
    def is_ambiguous(self) -> bool:
        return len(self.categories) > 1

    @property
    def bounds(self) -> tuple[float, float]:
        """Between which values the true figure lies, if what was published is right.

        *About* means: rounded to the last digit that is not zero ("zo'n 140" is 135 to 145); *almost* is the lower
        half of that ("bijna 140" is 135 to 139). *More than* and *less than* exclude the value itself; for a count
        that is the next whole number. An *exact* share is rounded too: to its last decimal, or to a whole percent.
        """
        least = LOWEST if self.nature == "change" else 0.0
        if self.value is None:
            return least, INFINITE
        step = 0.0 if self.is_share else 1.0
        if self.qualifier in ("less_than", "almost"):
            low = least if self.qualifier == "less_than" else self.value - max(_last_digit(self.value) / 2, step)
            return low, self.value - step
        if self.qualifier in ("at_most", "between"):
            return (least, self.value) if self.qualifier == "at_most" else (self.value, self.upper or self.value)
        if self.qualifier == "about" or (self.qualifier == "exact" and self.is_share and self.nature != "target"):
            place = _last_digit(self.value)
            half = (place if self.qualifier == "about" else min(place, 0.01)) / 2
            return self.value - half, self.value + half
        if self.qualifier == "more_than":
            return self.value + step, INFINITE
        is_least = self.qualifier == "at_least" or self.nature == "target"  # what was aimed at may be surpassed
        return self.value, (INFINITE if is_least else self.value)

    @property
    def is_share(self) -> bool:
        return self.is_percent or tidy.MEASURES[self.measure].kind == "share"

    def holds(self, value: float) -> bool:
        """Whether this value is what the figure says.

        >>> from mp_eval.periods import parse
        >>> over = Figure("a", "", None, "", parse("2024"), "activation_rate", "", (), 0.30, "more_than", "")
        >>> over.holds(0.2857), over.holds(0.30), over.holds(0.31)
        (False, False, True)
        """
        low, high = self.bounds
        if self.is_share and self.qualifier in OPEN_BELOW:
            return low < value
        return low <= value < high if self.is_share and self.qualifier in OPEN_ABOVE else low <= value <= high

    @property
    def quotient(self) -> Quotient | None:
        """What it says of two counts, when it is a share, a part or a change."""
        low, high = self.bounds
        meaning, label = tidy.MEASURES[self.measure], (self.breakdown, self.categories[0] if self.categories else "")
        own = (self.when, self.measure, *label)
        if self.nature == "change" and self.compared is not None:
            then = (self.compared, self.measure, *label)
            return Quotient(own, then, 1 + low, 1 + high) if self.is_percent else Quotient(own, then, 1, 1, low, high)
        if self.nature == "part":
            return Quotient(own, (self.when, self.measure, "", ""), low, high)
        if self.is_count and self.is_share:
            above = own if meaning.of_the_same else (self.when, meaning.numerator, *label)
            return Quotient(above, (self.when, meaning.denominator, "", ""), low, high)
        return None


Label = tuple[Period | date, str, str, str]  # days or date, measure, breakdown, category


@dataclass(frozen=True)
class Quotient:
    """One count is at least `least` and at most `most` times another, and so much more."""

    above: Label
    below: Label
    least: float
    most: float
    more: float = 0.0
    at_most_more: float = 0.0

    def holds(self, above: float, below: float) -> bool:
        """Whether two counts are what it says, as exactly as it was meant."""
        low = self.least * below + self.more if self.least > LOWEST else LOWEST
        high = self.most * below + self.at_most_more if self.most < INFINITE else INFINITE
        return low - 1e-9 <= above <= high + 1e-9


def told(figures: Sequence[Figure]) -> list[Figure]:
    """The figures that tell what was; a target does not."""
    return [f for f in figures if f.nature != "target"]


def _last_digit(value: float) -> float:
    """The place value of the last digit that is not zero.

    >>> _last_digit(140), _last_digit(300), _last_digit(543), _last_digit(0.3), _last_digit(0.286)
    (10.0, 100.0, 1.0, 0.1, 0.001)
    """
    exponent = Decimal(repr(round(value, 9))).normalize().as_tuple().exponent
    return float(Decimal(1).scaleb(int(exponent)))


def periods_of(figures: Sequence[Figure]) -> list[Period]:
    """The distinct periods that figures are about, or are compared with, in order."""
    return sorted({when for f in figures for when in (f.when, f.compared) if isinstance(when, Period)})
