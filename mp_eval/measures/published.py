"""What is known of a period of which there are no records: what was published of it, and between which bounds it lies.

Residents are counted once, whatever the period: a longer period counts at least as many as one within it, and several
periods together count at least the largest and at most their sum. So a count that was never published may still lie
between others that were. Only exact figures bound another; a claim such as *more than 700* is judged elsewhere.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from datetime import date

from .. import tidy
from ..periods import Period, union
from ..register import INFINITE, Figure
from .scope import Scope

LARGEST = 6  # published periods in one sum


def measure(figures: Sequence[Figure], scope: Scope) -> list[dict[str, object]]:
    """The published figures of exactly these days as rows, else their bounds; and the stocks of the same document.

    A figure of which it is not clear what it counts gives no row. `basis` is *published*.

    Examples
    --------
    >>> from mp_eval.periods import parse
    >>> both = Figure("a", "", None, "", parse("september 2022 tot juli 2024"), "spoken", "", (), 543.0, "exact", "")
    >>> first = Scope("first", (parse("september 2022 tot juni 2023"),), date(2023, 6, 1))
    >>> [(r["value"], r["low"], r["high"]) for r in measure([both], first)]
    [(None, 0, 543.0)]
    """
    known = [f for f in figures if f.value is not None and f.is_count and not f.is_ambiguous]
    rows = [*_of_these_days(known, scope), *_shares(known, scope)]
    rows += _bounds(known, scope, without={str(row["measure"]) for row in rows if not row["breakdown"]})
    return [*rows, *_stocks(known, scope)]


def _of_these_days(figures: Sequence[Figure], scope: Scope) -> Iterator[dict[str, object]]:
    told: set[object] = set()
    for figure in figures:
        label = (figure.measure, figure.breakdown, figure.categories)
        if (figure.when,) == scope.pieces and not figure.is_share and figure.qualifier == "exact" and label not in told:
            told.add(label)
            yield _row(scope, figure)


def _shares(figures: Sequence[Figure], scope: Scope) -> Iterator[dict[str, object]]:
    """Shares of published counts of the same days."""
    counts = {f.measure: int(f.value or 0) for f in figures if _is_total(f) and (f.when,) == scope.pieces}
    for name, meaning in tidy.MEASURES.items():
        if (
            meaning.kind == "share"
            and not meaning.of_the_same
            and {meaning.numerator, meaning.denominator} <= set(counts)
        ):
            yield scope.share(name, counts[meaning.numerator], counts[meaning.denominator], basis="published")
        if meaning.kind == "rate" and meaning.numerator in counts and name.endswith("_per_month"):
            months, count = sum(p.months for p in scope.pieces), counts[meaning.numerator]
            rest = {"numerator": count, "denominator": round(months, 4), "basis": "published"}
            yield scope.row(name, count / months, **rest)


def _bounds(figures: Sequence[Figure], scope: Scope, *, without: set[str]) -> Iterator[dict[str, object]]:
    for name in dict.fromkeys(f.measure for f in figures):
        if name in without or tidy.MEASURES[name].kind != "persons":
            continue
        totals = {f.when: f.value or 0.0 for f in figures if f.measure == name and _is_total(f)}
        periods = {when: value for when, value in totals.items() if isinstance(when, Period)}
        low = max((v for when, v in periods.items() if _within((when,), scope.pieces)), default=0)
        high = min(_sums(periods, scope.pieces), default=INFINITE)
        if low or high < INFINITE:
            yield scope.row(name, None, low=low, high=high if high < INFINITE else None, basis="published")


def _sums(periods: dict[Period, float], pieces: Sequence[Period]) -> Iterator[float]:
    """The counts of published periods, and their sums, whose days hold all of these."""
    near = [when for when in periods if any(when.overlap(piece) for piece in pieces)]
    for size in range(1, min(len(near), LARGEST) + 1):
        for chosen in itertools.combinations(near, size):
            if _within(pieces, union(chosen)):
                yield sum(periods[when] for when in chosen)


def _stocks(figures: Sequence[Figure], scope: Scope) -> Iterator[dict[str, object]]:
    """The stocks in the documents that report on exactly these days."""
    documents = {f.document for f in figures if (f.when,) == scope.pieces}
    told: set[object] = set()
    for figure in figures:
        label = (figure.measure, figure.breakdown, figure.categories, figure.when)
        if isinstance(figure.when, date) and figure.document in documents and label not in told:
            told.add(label)
            yield _row(scope, figure, as_of=figure.when.isoformat())


def _row(scope: Scope, figure: Figure, **rest: object) -> dict[str, object]:
    """The figure as it was meant: a number, or the bounds between which it lies."""
    low, high = figure.bounds
    exact = figure.qualifier == "exact"
    bounds = {} if exact else {"low": low, "high": high if high < INFINITE else None}
    category = figure.categories[0] if figure.categories else ""
    label = {"breakdown": figure.breakdown, "category": category, "basis": "published"}
    return scope.row(figure.measure, figure.value if exact else None, **label, **bounds, **rest)


def _is_total(figure: Figure) -> bool:
    return figure.is_total and figure.qualifier == "exact"


def _within(inner: Sequence[Period], outer: Sequence[Period]) -> bool:
    return all(any(o.covers(i) for o in outer) for i in inner)
