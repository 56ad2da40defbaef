"""The least and the greatest value that sums of numbers can have, by linear programmes.

Once the numbers that are shown are filled in, what is left falls apart into numbers that hang together through rows.
Each such part is a small programme of its own, and of most sums the ends need not be worked out: a solution that was
found for another shows that they lie far enough apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from . import solver
from .told import Name, Row

FAR = 1e6
Bounds = Mapping[Name, tuple[float, float]]
Terms = Mapping[Name, float]


def limits(
    bounds: Bounds, rows: Sequence[Row], sums: Sequence[Terms], *, enough: float | None = None
) -> list[tuple[float, float]]:
    """Of each sum the least and the greatest value; a row that the numbers contradict gives way by as little as can be.

    One that is seen to reach from 1 to `enough` is not worked out any further.

    Examples
    --------
    >>> a, b = (("2024", "spoken", "month", f"2024-0{n}", "") for n in (1, 2))
    >>> limits({a: (1, 9), b: (1, 99)}, [({a: 1.0, b: 1.0}, 12, 12)], [{a: 1.0}, {b: 1.0}])
    [(1.0, 9.0), (3.0, 11.0)]
    """
    parts = list(_parts(bounds, rows))
    part_of = {name: part for part in parts for name in part.place}
    asked = [_Sum(terms, bounds, part_of) for terms in sums]
    for part in parts:
        if part.sums:
            part.begin()
    return [one.ends(enough) for one in asked]


def is_possible(bounds: Bounds, rows: Sequence[Row]) -> bool:
    """Whether there are numbers between these bounds with which all rows hold."""
    return _Part(bounds, rows).made().is_possible()


def _parts(bounds: Bounds, rows: Sequence[Row]) -> Iterator[_Part]:
    """What hangs together when what is known is filled in."""
    free = {name: n for n, (name, (low, high)) in enumerate(bounds.items()) if low < high}
    names = list(bounds)
    left: list[Row] = []
    for terms, least, most in rows:
        known = sum(factor * bounds[name][0] for name, factor in terms.items() if name not in free)
        loose = {name: factor for name, factor in terms.items() if name in free}
        if loose:
            left.append((loose, least - known, most - known))
    for members, inner in solver.blocks(free.values(), [[free[name] for name in terms] for terms, _, _ in left]):
        yield _Part({names[n]: bounds[names[n]] for n in members}, [left[m] for m in inner])


class _Sum:
    """A sum of numbers: what is known of it, and of each part the place among what is asked of it."""

    def __init__(self, terms: Terms, bounds: Bounds, part_of: Mapping[Name, _Part]) -> None:
        self.known = sum(factor * bounds[name][0] for name, factor in terms.items() if name not in part_of)
        pieces: dict[_Part, dict[Name, float]] = {}
        for name, factor in terms.items():
            if name in part_of:
                pieces.setdefault(part_of[name], {})[name] = factor
        self.pieces = [(part, part.ask(piece)) for part, piece in pieces.items()]

    def ends(self, enough: float | None) -> tuple[float, float]:
        low = self.known + sum(part.low[n] for part, n in self.pieces)
        high = self.known + sum(part.high[n] for part, n in self.pieces)
        if enough is None or not (low <= 1 and high >= enough):
            low = self.known + sum(part.end(n, -1.0) for part, n in self.pieces)
            high = self.known + sum(part.end(n, 1.0) for part, n in self.pieces)
        return float(low), float(high)


class _Part:
    """Numbers that hang together as a linear programme, which is made when something is asked of them.

    `low` and `high` are the least and the greatest value of every sum that is asked, in the solutions so far: what is
    possible for certain.
    """

    def __init__(self, bounds: Bounds, rows: Iterable[Row]) -> None:
        self.place = {name: n for n, name in enumerate(bounds)}
        self.sums: dict[frozenset[tuple[Name, float]], int] = {}
        self.bounds, self.known = bounds, rows

    def made(self) -> _Part:
        self.model = solver.model(*np.array(list(self.bounds.values())).reshape(-1, 2).T)
        for terms, least, most in self.known:
            self._row(terms, least, most)
        return self

    def ask(self, terms: Terms) -> int:
        return self.sums.setdefault(frozenset(terms.items()), len(self.sums))

    def begin(self) -> None:
        """Find a first solution, when all is asked."""
        self.made()
        entries = [(n, self.place[name], factor) for terms, n in self.sums.items() for name, factor in terms]
        rows, columns, self.factors = np.array(entries).reshape(-1, 3).T
        self.rows, self.columns = rows.astype(int), columns.astype(int)
        self.low, self.high = np.full(len(self.sums), np.inf), np.full(len(self.sums), -np.inf)
        self.terms = [dict(terms) for terms in self.sums]
        if not self.is_possible():
            self._give_way()

    def is_possible(self) -> bool:
        self.model.run()
        return solver.is_optimal(self.model)

    def end(self, n: int, sign: float) -> float:
        """The greatest (`sign` 1) or least (-1) value of a sum."""
        for name, factor in self.terms[n].items():
            self.model.changeColCost(self.place[name], -sign * factor)
        self.model.run()
        if not (solver.is_optimal(self.model) or solver.is_unbounded(self.model)):
            self.model.clearSolver()  # a numerically unlucky basis: once more from the start
            self.model.run()
        is_optimal, is_unbounded = solver.is_optimal(self.model), solver.is_unbounded(self.model)
        value = self.model.getInfo().objective_function_value
        self._see() if is_optimal else None
        for name in self.terms[n]:
            self.model.changeColCost(self.place[name], 0.0)
        if is_unbounded:
            self._go_far(n, sign)
            return sign * float("inf")
        if not is_optimal:
            raise RuntimeError(f"the attack's programme did not end: {self.model.getModelStatus()}")
        return -sign * float(value)

    def _row(self, terms: Terms, low: float, high: float) -> None:
        solver.add_row(self.model, low, high, {self.place[name]: factor for name, factor in terms.items()})

    def _give_way(self) -> None:
        """Where the tables contradict each other, loosen the relations by as little as makes them possible."""
        rows, columns = self.model.getNumRow(), self.model.getNumCol()
        for n in range(rows):
            for sign in (1.0, -1.0):
                self.model.addCol(1.0, 0.0, np.inf, 1, np.array([n], dtype=np.int32), np.array([sign]))
        self.model.run()
        used = np.array(self.model.getSolution().col_value[columns:])
        for n, slack in enumerate(used):
            self.model.changeColCost(columns + n, 0.0)
            self.model.changeColBounds(columns + n, 0.0, float(slack))

    def _go_far(self, n: int, sign: float) -> None:
        """A solution with a value beyond every threshold, of a sum that has no end."""
        self._row(self.terms[n], *((FAR, np.inf) if sign > 0 else (-np.inf, -FAR)))
        if self.is_possible():
            self._see()
        self.model.deleteRows(1, np.array([self.model.getNumRow() - 1], dtype=np.int32))

    def _see(self) -> None:
        solution = np.array(self.model.getSolution().col_value)
        sums = np.bincount(self.rows, weights=self.factors * solution[self.columns], minlength=len(self.low))
        self.low, self.high = np.minimum(self.low, sums), np.maximum(self.high, sums)
