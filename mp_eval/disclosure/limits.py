"""The least and the greatest value that sums of numbers can have, by linear programmes.

Once the numbers that are shown are filled in, what is left falls apart into numbers that hang together through rows.
Each such part is a small programme of its own, and of most sums the ends need not be worked out: a solution that was
found for another shows that they lie far enough apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from . import solver
from .told import Name, Row

FAR, NEAR = 1e6, 1e-6
MOST_NEAR = 150  # rows around a sum; with more, all of them are taken
Bounds = Mapping[Name, tuple[float, float]]
Terms = Mapping[Name, float]


def limits(
    bounds: Bounds, rows: Sequence[Row], sums: Sequence[Terms], *, enough: float | None = None
) -> list[tuple[float, float]]:
    """Of each sum the least and the greatest value; a row that the numbers contradict gives way by as little as can be.

    One that is seen to reach from 1 to `enough` is not worked out any further, nor a greatest value that is seen to be
    at least `enough`.

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
    if enough is not None:
        for one in asked:
            one.want(1.0, enough)
        for part in parts:
            part.widen()
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

    def want(self, low: float, high: float) -> None:
        """Have the part that the sum is of look for solutions in which it reaches these ends."""
        if len(self.pieces) == 1:
            part, n = self.pieces[0]
            part.wanted.append((n, low - self.known, high - self.known))

    def ends(self, enough: float | None) -> tuple[float, float]:
        low = self.known + sum(part.low[n] for part, n in self.pieces)
        high = self.known + sum(part.high[n] for part, n in self.pieces)
        if enough is None or high < enough:
            high = self.known + sum(part.end(n, 1.0) for part, n in self.pieces)
        if enough is None or high < enough or low > 1:
            low = self.known + sum(part.end(n, -1.0) for part, n in self.pieces)
        return float(low), float(high)


class _Part:
    """Numbers that hang together as a linear programme, which is made when something is asked of them.

    `low` and `high` are the least and the greatest value of every sum that is asked, in the solutions so far: what is
    possible for certain.
    """

    def __init__(self, bounds: Bounds, rows: Sequence[Row]) -> None:
        self.place = {name: n for n, name in enumerate(bounds)}
        self.sums: dict[frozenset[tuple[Name, float]], int] = {}
        self.row_of: dict[int, int] = {}  # the row that keeps a sum of several numbers from going too far
        self.wanted: list[tuple[int, float, float]] = []
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
        self.touching: dict[Name, list[int]] = {name: [] for name in self.bounds}
        for m, (terms, _, _) in enumerate(self.known):
            for name in terms:
                self.touching[name].append(m)
        if not self.is_possible():
            self._give_way()

    def is_possible(self) -> bool:
        self.model.run()
        return solver.is_optimal(self.model)

    def widen(self) -> None:
        """Solutions in which as many sums as can be reach the ends that are wanted.

        Of many sums at once, as long as that helps: each is kept from going further, so that there is room for others.
        """
        for sign in (1.0, -1.0):
            left = self._short(sign)
            while left:
                self._reach(left, sign)
                before, left = left, self._short(sign)
                if len(left) == len(before):
                    break

    def _short(self, sign: float) -> dict[int, float]:
        """The sums that no solution so far takes to the end that is wanted, and that end."""
        short: dict[int, float] = {}
        for n, low, high in self.wanted:
            seen, end = (self.high[n], high) if sign > 0 else (self.low[n], low)
            if sign * seen < sign * end:
                short[n] = sign * max(sign * end, sign * short.get(n, end))
        return short

    def _reach(self, ends: Mapping[int, float], sign: float) -> None:
        """One solution, in which these sums go as far as they can together, none beyond its end."""
        count, cost = len(self.bounds), np.zeros(len(self.bounds))
        low, high = np.array(list(self.bounds.values())).reshape(-1, 2).T
        places, least, most = np.arange(count, dtype=np.int32), low.copy(), high.copy()
        for n, end in ends.items():
            for name, factor in self.terms[n].items():
                cost[self.place[name]] -= sign * factor
            if len(self.terms[n]) > 1:
                self._keep(n, end, sign)
            elif sign * factor > 0:
                most[self.place[name]] = min(most[self.place[name]], end / factor)
            else:
                least[self.place[name]] = max(least[self.place[name]], end / factor)
        self.model.changeColsBounds(count, places, least, most)
        self.model.changeColsCost(count, places, cost)
        if self.is_possible():
            self._see()
        self.model.changeColsBounds(count, places, low, high)
        self.model.changeColsCost(count, places, np.zeros(count))
        for n in ends:
            self._keep(n, sign * np.inf, sign)

    def _keep(self, n: int, end: float, sign: float) -> None:
        """Keep a sum of several numbers from going beyond an end."""
        if len(self.terms[n]) > 1:
            if n not in self.row_of:
                self.row_of[n] = self.model.getNumRow()
                self._row(self.terms[n], -np.inf, np.inf)
            self.model.changeRowBounds(self.row_of[n], *((-np.inf, end) if sign > 0 else (end, np.inf)))

    def end(self, n: int, sign: float) -> float:
        """The greatest (`sign` 1) or least (-1) value of a sum."""
        if (near := self._near(n, sign)) is not None:
            return near
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

    def _near(self, n: int, sign: float) -> float | None:
        """That value where a solution has it and the rows around the sum alone show that it can be no further."""
        seen, names, inner = self.high[n] if sign > 0 else self.low[n], set(self.terms[n]), set[int]()
        while len(inner) < len(found := {m for name in names for m in self.touching[name]}) <= MOST_NEAR:
            inner, names = found, names | {name for m in found for name in self.known[m][0]}
            some = _Part({name: self.bounds[name] for name in sorted(names)}, [self.known[m] for m in sorted(inner)])
            end = some.made().furthest(self.terms[n], sign)
            if sign * end <= sign * seen + NEAR:
                return end
        return None

    def furthest(self, terms: Terms, sign: float) -> float:
        for name, factor in terms.items():
            self.model.changeColCost(self.place[name], -sign * factor)
        self.model.run()
        is_optimal = solver.is_optimal(self.model)
        return -sign * float(self.model.getInfo().objective_function_value) if is_optimal else sign * float("inf")

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
        self.known = [
            (terms, low - up, high + down)
            for (terms, low, high), up, down in zip(self.known, *used.reshape(-1, 2).T, strict=True)
        ]
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
