"""What a reader of a protected release can work out: linear programmes over the cells that are hidden.

Everything is in deviations from the true counts: what is shown deviates by nothing, what is hidden by as much as the
relations and its bounds let it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from ..register import INFINITE
from . import solver
from .relations import Cell, Relation

TOLERANCE = 1e-6


class Demand(NamedTuple):
    """That a small count can be imagined to lie `need` higher (`sign` 1) or lower (-1) than it does."""

    cell: int
    sign: int
    need: float


class Answer(NamedTuple):
    """How far a cell can deviate, with one such deviation of all cells, and what a cell's freedom would add."""

    reach: float
    deviation: np.ndarray
    worth: np.ndarray


def room(cell: Cell) -> tuple[float, float]:
    """How far a hidden cell can lie below and above its true count: a hidden count that a row prints is not zero."""
    least = max(1.0, cell.low) if cell.is_printed and cell.value >= 1 else cell.low
    return min(0.0, least - cell.value), max(0.0, cell.high - cell.value)


class Reader:
    """A reader of one system of cells; the cells named in `freed` are what this reader has to work out."""

    def __init__(self, cells: Sequence[Cell], relations: Sequence[Relation]) -> None:
        self.rooms = [room(cell) for cell in cells]
        self.low, self.high = np.array(self.rooms).reshape(-1, 2).T
        self.model = solver.model(np.zeros(len(cells)), np.zeros(len(cells)))
        for relation in relations:
            solver.add_row(self.model, 0.0, 0.0, relation.terms)
        entries = [(m, n, factor) for m, relation in enumerate(relations) for n, factor in relation.terms.items()]
        self.entries = np.array(entries, dtype=np.float64).reshape(-1, 3).T

    def show(self, cells: Iterable[int]) -> None:
        for n in cells:
            self.model.changeColBounds(n, 0.0, 0.0)

    def free(self, cells: Iterable[int], *, share: float = 1.0, most: float = INFINITE) -> None:
        """Hide cells; or, for a bound, only a `share` of at most `most` of their room."""
        for n in cells:
            low, high = self.rooms[n]
            self.model.changeColBounds(n, max(low, -most) * share, min(high, most) * share)

    def ask(self, demand: Demand, *, enough: bool = True) -> Answer:
        """How far the cell can deviate in the direction of the demand; no further than its need when `enough`."""
        n, sign, need = demand
        low, high = self.rooms[n]
        if enough:
            self.model.changeColBounds(n, max(low, -need) if sign < 0 else low, min(high, need) if sign > 0 else high)
        self.model.changeColCost(n, -float(sign))
        self.model.run()
        if not solver.is_optimal(self.model):
            self.model.clearSolver()  # a numerically unlucky basis: once more from the start
            self.model.run()
        is_optimal, is_unbounded = solver.is_optimal(self.model), solver.is_unbounded(self.model)
        found = self.model.getSolution()
        self.model.changeColCost(n, 0.0)
        self.model.changeColBounds(n, low, high)
        if is_unbounded:
            return Answer(INFINITE, np.zeros(0), np.zeros(0))
        if not is_optimal:
            raise RuntimeError(f"the reader's programme did not end: {self.model.getModelStatus()}")
        deviation = np.array(found.col_value)
        return Answer(sign * deviation[n], deviation, self._worth(n, sign, np.array(found.row_dual)))

    def meet(self, demands: Sequence[Demand]) -> tuple[dict[Demand, np.ndarray], Demand | None]:
        """For each demand a deviation that meets it; or those up to the first that none meets, and that one.

        Many are met by one deviation: they are asked for together as long as that helps.
        """
        met: dict[Demand, np.ndarray] = {}
        left = list(demands)
        while left:
            deviation = self._together(left)
            now = [d for d in left if d.sign * deviation[d.cell] >= d.need - TOLERANCE]
            if not now:  # the one that came least far is the likeliest to be met by nothing
                least = min(left, key=lambda d: (d.sign * deviation[d.cell] / d.need, d))
                answer = self.ask(least)
                if answer.reach < least.need - TOLERANCE:
                    return met, least
                now, deviation = [least], answer.deviation
            met |= dict.fromkeys(now, deviation)
            gone = set(now)
            left = [d for d in left if d not in gone]
        return met, None

    def _together(self, demands: Sequence[Demand]) -> np.ndarray:
        """A deviation that goes as far as it can to meet the demands of one direction, none further than its need."""
        sign = demands[0].sign
        chosen = [d for d in demands if d.sign == sign]
        for n, _, need in chosen:
            low, high = self.rooms[n]
            self.model.changeColBounds(n, max(low, -need) if sign < 0 else low, min(high, need) if sign > 0 else high)
            self.model.changeColCost(n, -sign / need)
        self.model.run()
        deviation = np.array(self.model.getSolution().col_value)
        is_done = solver.is_optimal(self.model)
        for n, _, _ in chosen:
            self.model.changeColBounds(n, *self.rooms[n])
            self.model.changeColCost(n, 0.0)
        return deviation if is_done else np.zeros(len(self.rooms))

    def _worth(self, cell: int, sign: int, prices: np.ndarray) -> np.ndarray:
        """What the freedom of each cell adds at most to the reach, whatever is hidden besides.

        By weak duality this holds of any prices of the relations: what is inexact in them makes it less sharp, not
        wrong.
        """
        rows, columns = self.entries[:2].astype(int)
        duals = -np.bincount(columns, weights=self.entries[2] * prices[rows], minlength=len(self.rooms))
        duals[cell] -= sign
        duals = np.where(np.abs(duals) < TOLERANCE, 0.0, duals)
        worth = np.zeros(len(duals))
        up, down = duals < 0, duals > 0
        worth[up] = -duals[up] * self.high[up]
        worth[down] = duals[down] * -self.low[down]
        return worth
