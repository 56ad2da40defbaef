"""Whether what holds of some counts follows from the relations that are known: by a linear programme over all."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from . import solver
from .relations import System

SMALL = 1e-6
CLEAR = 1e-3  # below zero by so much, of amounts up to 1, is no rounding of the solver


class Derived:
    """The relations of a release, without any number of it but the zeros, which are shown.

    A relation that its tables contradict is left out.
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
        self._model.run()
        if not solver.is_optimal(self._model):
            self._model.clearSolver()
            self._model.run()
        least, is_solved = self._model.getInfo().objective_function_value, solver.is_optimal(self._model)
        if is_solved and least < -SMALL:
            amounts = np.array(self._model.getSolution().col_value)
            self._allowed = np.vstack([self._allowed, amounts / max(1.0, amounts.max())])
        for n in terms:
            self._model.changeColCost(n, 0.0)
            self._model.changeColBounds(n, 0.0, self._high[n])
        return is_solved and bool(least >= -SMALL)
