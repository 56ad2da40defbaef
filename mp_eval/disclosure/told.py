"""What a table tells a reader: numbers with their bounds, and sums of them that lie between two values.

Part of the attack, as `reading` is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from ..periods import Period

Name = tuple[str, str, str, str, str]  # period, measure, breakdown, category, date of a stock (or `stretch`)
Row = tuple[Mapping[Name, float], float, float]  # a sum of numbers, each with a factor, and its least and greatest


@dataclass
class Told:
    """Numbers by name with their bounds, which of them are hidden, rows, and counts that are differences of numbers.

    `off` is how far a shown number may be from the true one. `compared` are those that were compared with an earlier
    release: by how much they changed is counted from the last one that tells them.
    """

    bounds: dict[Name, tuple[float, float]] = field(default_factory=dict)
    hidden: set[Name] = field(default_factory=set)
    rows: list[Row] = field(default_factory=list)
    differences: list[dict[Name, float]] = field(default_factory=list)
    days: dict[str, tuple[Period, ...]] = field(default_factory=dict)
    extracted: dict[tuple[str, str], str] = field(default_factory=dict)  # of period and measure
    off: float = 0
    compared: frozenset[Name] = frozenset()

    def number(self, name: Name, value: float | None, *, least: float = 0.0) -> None:
        """Note a number that is shown, or one that is not and that is at least so much."""
        known = self.bounds.get(name, (0.0, np.inf))
        new = (least, np.inf) if value is None else (max(0.0, value - self.off), value + self.off)
        both = max(known[0], new[0]), min(known[1], new[1])
        self.bounds[name] = both if both[0] <= both[1] else new

    def beside(self, other: Told, number: int, *, believes: bool) -> Told:
        """What this release and an earlier one tell together.

        A number that both show, and not the same, is another one in each, and how much it changed is a count. One that
        either hides is one number where the reader `believes` that it did not change.
        """
        bounds, differences, names = dict(self.bounds), [*self.differences], dict[Name, Name]()
        compared = set(self.compared)
        for name, (low, high) in other.bounds.items():
            mine = self.bounds.get(name, (low, high))
            is_shown = mine[0] == mine[1] and low == high
            is_of_other_days = self.days.get(name[0], other.days.get(name[0])) != other.days.get(name[0])
            is_one = mine[0] <= high and low <= mine[1] and (believes or is_shown) and not is_of_other_days
            names[name] = name if is_one else (f"{name[0]} ({number})", *name[1:])
            bounds[names[name]] = (max(low, mine[0]), min(high, mine[1])) if is_one else (low, high)
            if not is_shown or is_of_other_days or name in self.compared:
                continue
            compared.add(name)
            if not is_one:
                sign = 1.0 if mine[0] > high else -1.0
                differences.append({name: sign, names[name]: -sign})

        def renamed(terms: Mapping[Name, float]) -> dict[Name, float]:
            return {names[name]: factor for name, factor in terms.items()}

        hidden = self.hidden | {names[name] for name in other.hidden if names[name] != name}
        rows = [*self.rows, *((renamed(terms), low, high) for terms, low, high in other.rows)]
        differences += map(renamed, other.differences)
        known = frozenset(compared)
        return replace(self, bounds=bounds, hidden=hidden, rows=rows, differences=differences, compared=known)

    def zero(self, terms: Mapping[Name, float]) -> None:
        """What sums to nothing; see `not_negative`."""
        if self._can_be(terms, both=True):
            self._row(terms, 0.0)

    def not_negative(self, terms: Mapping[Name, float], *, follows: bool = False) -> None:
        """A count that nobody printed; that it is not negative may follow from other rows.

        Where these numbers alone contradict it, a reader sees that it is not so, and knows nothing by it.
        """
        if not self._can_be(terms):
            return
        if all(name in self.bounds for name in terms) and (follows or self._row(terms, np.inf)):
            self.differences.append(dict(terms))
            self._within_nobody(terms)

    def _within_nobody(self, terms: Mapping[Name, float]) -> None:
        """Whoever is within those of whom there is nobody is nobody too; one step, as the lines come."""
        if all(self.bounds[name][1] == 0 for name, factor in terms.items() if factor > 0):
            self.bounds |= {name: (0.0, 0.0) for name, factor in terms.items() if factor < 0}

    def _can_be(self, terms: Mapping[Name, float], *, both: bool = False) -> bool:
        if not all(name in self.bounds for name in terms):
            return True
        most, least = (
            sum(factor * self.bounds[name][(factor > 0) is is_most] for name, factor in terms.items())
            for is_most in (True, False)
        )
        return most >= 0 and (least <= 0 or not both)

    def _row(self, terms: Mapping[Name, float], high: float) -> bool:
        known = len(terms) > 1 and all(name in self.bounds for name in terms)
        if known:
            self.rows.append((dict(terms), 0.0, high))
        return known
