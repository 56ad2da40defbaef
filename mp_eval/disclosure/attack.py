"""The attack: what a reader can work out from the finished tables alone.

Written apart from the protection, so that a mistake in one is not a mistake in both: it shares no code with
`relations` or `suppress`, only the catalogue of what the measures mean (`tidy`). It takes a table as it goes out,
reads from its labels how the numbers hang together, adds what was published earlier, and asks a linear programme for
the least and the greatest value of every number that is hidden, and of every count that nobody printed but that is
the difference of printed ones: the year less its first half, spoken to less activated.

An interval is *too narrow* when a reader knows that a count is small. Without the true counts that is an interval
that ends below the threshold (and does not begin at nobody); with them, every interval of a small count that does
not hold everything from 1 to the threshold.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from ..periods import Period
from ..register import Figure
from .limits import is_possible, limits
from .reading import meant, read
from .told import Name, Told

NEAR = 1e-6


class Seen(NamedTuple):
    """A release as it went out: its table, the days of its periods, and how far its numbers may be off the truth."""

    table: pd.DataFrame
    days: Mapping[str, Sequence[Period]]
    off: float = 0


@dataclass(frozen=True)
class Interval:
    """Between which counts a reader can place a number: one that a table names, or a difference of such.

    `terms` are the numbers that it is made of, each with its factor: one term for a number of a table.
    """

    terms: tuple[tuple[Name, float], ...]
    low: float
    high: float
    is_hidden: bool

    def is_too_narrow(self, threshold: int, true: float | None = None) -> bool:
        """Whether it tells that the count is small; more strictly when the `true` count is given.

        >>> one = ((("2024", "spoken", "", "", ""), 1.0),)
        >>> [Interval(one, low, high, True).is_too_narrow(5) for low, high in ((1, 4), (1, 5), (0, 4), (5, 9))]
        [True, False, False, False]
        >>> Interval(one, 2, 9, True).is_too_narrow(5), Interval(one, 2, 9, True).is_too_narrow(5, true=3)
        (False, True)

        Where deliveries contradict each other a reader may work out that there is nobody, or that there are more than
        there are, up to the threshold: that is not so, and does not tell that there are few.

        >>> Interval(one, 0, 0, True).is_too_narrow(5, true=2), Interval(one, 4, 9, True).is_too_narrow(5, true=3)
        (False, False)
        >>> Interval(one, 4, 4, True).is_too_narrow(5, true=3)
        True
        """
        low, high = np.ceil(self.low - NEAR), np.floor(self.high + NEAR)
        if true is not None:
            is_small, is_wrong = 1 <= round(true, 6) < threshold, true < self.low - NEAR and high >= threshold
            return bool(is_small and high >= 1 and not (low <= 1 and high >= threshold) and not is_wrong)
        return bool(low >= 1 and high < threshold)

    def tells_more_than(self, other: Interval) -> bool:
        """Whether it tells more than another interval of the same terms."""
        return self.low > other.low + NEAR or self.high < other.high - NEAR

    def __str__(self) -> str:
        parts = [f"{'+' if f > 0 else '−'} {' / '.join(filter(None, name))}" for name, f in self.terms]
        return " ".join(parts).removeprefix("+ ")


def attack(
    table: pd.DataFrame,
    *,
    days: Mapping[str, Sequence[Period]],
    figures: Sequence[Figure] = (),
    off: float = 0,
    only: Set[frozenset[tuple[Name, float]]] | None = None,
    enough: int | None = None,
    before: Sequence[Seen] = (),
    still: float = 0,
) -> list[Interval]:
    """Every interval that can be worked out, of numbers that are hidden and of differences.

    Parameters
    ----------
    table
        The tidy table as it goes out: hidden rows have the status `hidden` and no numbers.
    days
        Of each key of a period the days that it stands for, as the pages say. A key that is an ISO interval needs none.
    figures
        What was published earlier, and is believed. A row of which it is not clear which value belongs where says
        nothing here; see `decided`.
    off
        How far a shown number may be from the true one: 2 when numbers are rounded to multiples of five.
    only
        The terms of the intervals that are wanted; else all of them.
    enough
        A threshold: an interval that is seen to hold everything from 1 to it is not worked out any further.
    before
        Earlier releases, the last one last. Of a number that one release hides, the reader believes what another shows,
        unless both cannot be.
    still
        How far a number that stands (status `standing`) may be from the true one.

    Examples
    --------
    >>> from mp_eval import tidy
    >>> shown = [("informal_care", None), ("volunteering", 20), ("day_activity", 13), ("self_directed", 12)]
    >>> rows = [tidy.row("2024", "activities_started", 50)]
    >>> rows += [
    ...     tidy.row("2024", "activities_started", v, breakdown="activity", category=c,
    ...              status="final" if v else "hidden") for c, v in shown]
    >>> [(str(i), i.low, i.high) for i in attack(tidy.table(rows), days={}) if i.is_hidden]
    [('2024 / activities_started / activity / informal_care', 5.0, 5.0)]
    """
    told = read(table, days, figures, off, still)
    for n, seen in reversed(list(enumerate(before))):
        told = _beside(told, read(seen.table, seen.days, (), seen.off, still), n)
    return _work_out(told, only, enough)


def named(releases: Sequence[Seen]) -> dict[Name, float]:
    """The numbers of releases that each tells exactly, the last one last, by the names that `attack` has for them."""
    *before, last = [
        {name: low for name, (low, high) in read(seen.table, seen.days, ()).bounds.items() if low == high}
        for seen in releases
    ]
    found = {
        (f"{name[0]} ({n})", *name[1:]): value for n, release in enumerate(before) for name, value in release.items()
    }
    return found | last


def _beside(told: Told, other: Told, number: int) -> Told:
    """Two releases in one. That what one of them hides is what the other shows is believed unless it cannot be."""
    both = told.beside(other, number, believes=True)
    contradicts_itself = not all(is_possible(one.bounds, one.rows) for one in (told, other))
    if contradicts_itself or is_possible(both.bounds, both.rows):
        return both
    return told.beside(other, number, believes=False)


def decided(
    table: pd.DataFrame, *, days: Mapping[str, Sequence[Period]], figures: Sequence[Figure]
) -> list[tuple[Name, float]]:
    """Hidden numbers that a published row with an unclear order gives away, because only one order is left."""
    told = read(table, days, figures)
    rows: dict[object, list[Figure]] = {}
    for figure in figures:
        if figure.breakdown and figure.is_count:
            rows.setdefault(
                (figure.document, figure.sentence, figure.measure, figure.breakdown, figure.when), []
            ).append(figure)
    found = []
    for row in rows.values():
        if any(f.is_ambiguous for f in row):
            left = [w for w in itertools.product(*(f.categories for f in row)) if len(set(w)) == len(w)]
            left = [w for w in left if _allows(told, {meant(f, c, days): f for f, c in zip(row, w, strict=True)})]
            values = [{meant(f, c, days): f.value for f, c in zip(row, w, strict=True)} for w in left]
            for name in sorted(told.hidden & set().union(*values) if values else ()):
                only = {v.get(name) for v in values}
                if len(only) == 1 and (value := only.pop()) is not None:
                    found.append((name, float(value)))
    return found


def _allows(told: Told, figures: Mapping[Name, Figure]) -> bool:
    """Whether these published values can stand beside what is shown; a blank can be anything."""
    bounds = dict(told.bounds)
    for name, figure in figures.items():
        if name in bounds and figure.value is not None:
            low, high = max(bounds[name][0], figure.bounds[0]), min(bounds[name][1], figure.bounds[1])
            if low > high:
                return False
            bounds[name] = low, high
    return is_possible(bounds, told.rows)


def _work_out(told: Told, only: Set[frozenset[tuple[Name, float]]] | None, enough: int | None) -> list[Interval]:
    """The interval of every number and of every difference, each once."""
    wanted: dict[frozenset[tuple[Name, float]], Mapping[Name, float]] = {}
    for terms in [*({name: 1.0} for name in told.bounds), *told.differences]:
        known = frozenset(terms.items())
        if only is None or known in only:
            wanted.setdefault(known, terms)
    sums = list(wanted.values())
    found = limits(told.bounds, told.rows, sums, enough=enough)
    return [
        Interval(
            tuple(terms.items()),
            round(low, 6) + 0.0,
            round(high, 6) + 0.0,
            is_hidden=len(terms) == 1 and next(iter(terms)) in told.hidden,
        )
        for terms, (low, high) in zip(sums, found, strict=True)
    ]
