"""What holds of some counts by the relations that are known: by linear programmes over all of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from . import solver
from .nested import Rest, rests
from .relations import System

SMALL = 1e-6
CLEAR = 1e-3  # below zero by so much, of amounts up to 1, is no rounding of the solver
OTHERS = 32  # other records that counts might be of; after so many little of what may be told is left to ask


class Derived:
    """The relations of a release, without any number of it but the zeros, which are shown.

    A relation that its tables contradict is left out. How large the numbers are says where to look first, in `rests`.
    """

    def __init__(self, system: System) -> None:
        cells = system.cells
        self._high = np.array([0.0 if c.is_printed and c.value == 0 else np.inf for c in cells])
        self._model = solver.model(np.zeros(len(cells)), self._high)
        for n, relation in enumerate(system.relations):
            others = [cells[k] for k in relation.terms if not cells[k].is_printed]
            is_off = any(c.low < 0 or np.isfinite(c.high) for c in others)
            if not is_off and n not in system.late:
                solver.add_row(self._model, 0.0, 0.0, relation.terms)
        self._allowed = np.zeros((0, len(cells)))
        self._near = np.minimum(self._high, [2 * abs(c.value) + 2 for c in cells])

    def is_at_least_zero(self, terms: Mapping[int, float]) -> bool:
        """Whether this sum of cells, each with a factor, is never negative.

        What the relations allow, found when an earlier question was answered with no, answers most of those that
        follow: ten thousand take a hundred programmes.
        """
        columns, factors = list(terms), np.array(list(terms.values()))
        if (self._allowed[:, columns] @ factors < -CLEAR).any():
            return False
        for n, factor in terms.items():
            self._model.changeColCost(n, factor)
            self._model.changeColBounds(n, 0.0, min(1.0, self._high[n]) if factor < 0 else self._high[n])
        is_solved = self._is_solved()
        least = self._model.getInfo().objective_function_value
        if is_solved and least < -SMALL:
            amounts = np.array(self._model.getSolution().col_value)
            self._allowed = np.vstack([self._allowed, amounts / max(1.0, amounts.max())])
        for n in terms:
            self._model.changeColCost(n, 0.0)
            self._model.changeColBounds(n, 0.0, self._high[n])
        return is_solved and bool(least >= -SMALL)

    def _is_solved(self) -> bool:
        self._model.run()
        if not solver.is_optimal(self._model):  # a numerically unlucky basis: once more from the start
            self._model.clearSolver()
            self._model.run()
        return solver.is_optimal(self._model)

    def rests(self, counts: Mapping[int, float], least: int) -> Iterator[Rest]:
        """Where one or two of these counts, by cell, leave 1 to `least` - 1 of another that holds them.

        What is within another in these records, and not in others of which the same is known, is not asked.
        """
        cells, totals = np.array(list(counts), dtype=int), np.array(list(counts.values()))
        others = np.array([self._other(seed)[cells] for seed in range(OTHERS)])
        for found in rests(others, least, totals):
            one = Rest(int(cells[found.whole]), tuple(int(cells[n]) for n in found.within))
            if self.is_at_least_zero({one.whole: 1.0, **dict.fromkeys(one.within, -1.0)}):
                yield one

    def _other(self, seed: int) -> np.ndarray:
        """Amounts of about the size of these that the relations allow too, some of them raised and others lowered."""
        size = len(self._high)
        columns, nothing = np.arange(size, dtype=np.int32), np.zeros(size)
        self._model.changeColsBounds(size, columns, nothing, self._near)
        self._model.changeColsCost(size, columns, np.random.default_rng(seed).uniform(-1.0, 1.0, size))
        found = np.array(self._model.getSolution().col_value) if self._is_solved() else nothing
        self._model.changeColsCost(size, columns, nothing)
        self._model.changeColsBounds(size, columns, nothing, self._high)
        return found
