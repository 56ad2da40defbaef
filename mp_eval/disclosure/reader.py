"""What a reader of a protected release can work out: linear programmes over the cells that are hidden.

Everything is in deviations from the true counts: what is shown deviates by nothing, what is hidden by as much as the
relations and its bounds let it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from ..register import INFINITE
from . import solver
from .relations import Cell, Relation

TOLERANCE = 1e-6
MOST_NEAR = 150  # relations around a cell; with more, all of them are taken
LARGE = 1000  # cells, beyond which a small programme is worth its making
POOL = 200  # deviations that are kept, for demands that are asked again when something else is hidden
EVERY = sys.maxsize
FEW = 3  # demands that are looked at by what is around them before one is asked for, of each that is looked for


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
        self.runs = 0
        self.model = solver.model(np.zeros(len(cells)), np.zeros(len(cells)))
        for relation in relations:
            solver.add_row(self.model, 0.0, 0.0, relation.terms)
        self.pool: list[np.ndarray] = []  # the last deviations that met something
        self.is_large = len(cells) > LARGE
        self.relations, self.now = relations, np.zeros((2, len(cells)))
        self.touching: list[list[int]] = [[] for _ in cells]
        for m, relation in enumerate(relations):
            for n in relation.terms:
                self.touching[n].append(m)
        entries = [(m, n, factor) for m, relation in enumerate(relations) for n, factor in relation.terms.items()]
        self.entries = np.array(entries, dtype=np.float64).reshape(-1, 3).T

    def show(self, cells: Iterable[int]) -> None:
        for n in cells:
            self.model.changeColBounds(n, 0.0, 0.0)
            self.now[:, n] = 0.0

    def free(self, cells: Iterable[int]) -> None:
        for n in cells:
            self.model.changeColBounds(n, *self.rooms[n])
            self.now[:, n] = self.rooms[n]

    def ask(self, demand: Demand, *, enough: bool = True) -> Answer:
        """How far the cell can deviate in the direction of the demand; no further than its need when `enough`."""
        n, sign, need = demand
        low, high = self.rooms[n]
        if enough:
            self.model.changeColBounds(n, max(low, -need) if sign < 0 else low, min(high, need) if sign > 0 else high)
        self.model.changeColCost(n, -float(sign))
        self._run()
        if not solver.is_optimal(self.model):
            self.model.clearSolver()  # a numerically unlucky basis: once more from the start
            self._run()
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

    def meet(
        self, demands: Sequence[Demand], *, most: int = 1
    ) -> tuple[dict[Demand, np.ndarray], dict[Demand, Answer]]:
        """For each demand a deviation that meets it, until `most` of them are found that none meets; and those.

        Many are met by one deviation: they are asked for together as long as that helps.
        """
        met = self._remembered(demands)
        missed: dict[Demand, Answer] = {}
        tried = set[Demand]()
        left = [d for d in demands if d not in met]
        while left and len(missed) < most:
            deviation = self._together(left)
            now = [d for d in left if d.sign * deviation[d.cell] >= d.need - TOLERANCE]
            met |= dict.fromkeys(now, deviation)
            self.pool += [deviation] if now else []
            if not now:  # those that came least far are the likeliest to be met by nothing
                far = {d: d.sign * deviation[d.cell] for d in left}
                behind = sorted(left, key=lambda d: (far[d] / d.need, d))
                untried = [d for d in behind if d not in tried][: FEW * most]
                for demand in untried if self.is_large else ():
                    tried.add(demand)
                    if (near := self.near(demand, far[demand] if most > 1 else demand.need)) is not None:
                        missed[demand] = near
                        if len(missed) == most:
                            break
                for demand in (d for d in behind if d not in missed):
                    if len(missed) == most:
                        break
                    answer = self.ask(demand)
                    if answer.reach >= demand.need - TOLERANCE:
                        met[demand] = answer.deviation
                        self.pool.append(answer.deviation)
                        break
                    missed[demand] = answer
            left = [d for d in left if d not in met and d not in missed]
        del self.pool[:-POOL]
        return met, missed

    def _remembered(self, demands: Sequence[Demand]) -> dict[Demand, np.ndarray]:
        """For each demand that one meets, a deviation of before that moves nothing that is shown now."""
        met: dict[Demand, np.ndarray] = {}
        is_shown, left = ~self.now.any(axis=0), np.arange(len(demands))
        cells, signs, needs = np.array(demands).reshape(-1, 3).T
        for deviation in reversed(self.pool):
            if len(left) and np.abs(deviation[is_shown]).max(initial=0.0) <= TOLERANCE / 10:
                is_met = signs[left] * deviation[cells[left].astype(int)] >= needs[left] - TOLERANCE
                met |= dict.fromkeys((demands[n] for n in left[is_met]), deviation)
                left = left[~is_met]
        return met

    def misses(self, demand: Demand) -> bool:
        """Whether nothing meets a demand."""
        is_soon_seen = self.is_large and self.near(demand, demand.need) is not None
        return is_soon_seen or self.ask(demand).reach < demand.need - TOLERANCE

    def near(self, demand: Demand, least: float) -> Answer | None:
        """What the relations around a cell show alone, where that is that it cannot deviate by as much as is needed.

        They are looked at until they show that it is no further than `least`; None when they do not.
        """
        n, sign, need = demand
        inner, columns = set[int](), {n}
        while len(inner) < len(found := {m for k in columns for m in self.touching[k]}) <= MOST_NEAR:
            inner, columns = found, columns | {k for m in found for k in self.relations[m].terms}
            rows, places = sorted(inner), {k: place for place, k in enumerate(sorted(columns))}
            low, high = self.now[:, sorted(columns)]
            model = solver.model(low, high)
            model.changeColBounds(
                places[n], *((max(low[places[n]], -need), 0.0) if sign < 0 else (0.0, min(high[places[n]], need)))
            )
            model.changeColCost(places[n], -float(sign))
            for m in rows:
                solver.add_row(model, 0.0, 0.0, {places[k]: f for k, f in self.relations[m].terms.items()})
            model.run()
            if not solver.is_optimal(model):
                return None
            reach = -model.getInfo().objective_function_value
            if reach < need - TOLERANCE and reach <= least + TOLERANCE:
                prices = np.zeros(len(self.relations))
                prices[rows] = model.getSolution().row_dual
                return Answer(max(0.0, reach), np.zeros(0), self._worth(n, sign, prices))
        return None

    def _together(self, demands: Sequence[Demand]) -> np.ndarray:
        """A deviation that goes as far as it can to meet the demands of one direction, none further than its need."""
        sign = demands[0].sign
        chosen = [d for d in demands if d.sign == sign]
        places = np.array([d.cell for d in chosen], dtype=np.int32)
        needs = np.array([d.need for d in chosen])
        low, high = self.low[places], self.high[places]
        least, most = (np.maximum(low, -needs), high) if sign < 0 else (low, np.minimum(high, needs))
        self.model.changeColsBounds(len(places), places, least, most)
        self.model.changeColsCost(len(places), places, -sign / needs)
        self._run()
        deviation = np.array(self.model.getSolution().col_value)
        is_done = solver.is_optimal(self.model)
        self.model.changeColsBounds(len(places), places, low, high)
        self.model.changeColsCost(len(places), places, np.zeros(len(places)))
        return deviation if is_done else np.zeros(len(self.rooms))

    def _run(self) -> None:
        self.runs += 1
        self.model.run()

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
