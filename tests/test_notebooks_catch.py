"""A measure that goes wrong turns a committed notebook red: what nbval compares is not what it was.

Each measure is made wrong in the table that the notebooks read, and their cells are run again. Figures are not painted:
nbval compares their numbers.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from itertools import zip_longest
from pathlib import Path

import nbformat
import pytest

from mp_eval import evaluation as evaluations
from mp_eval import tidy
from mp_eval.evaluation import Evaluation
from mp_eval.periods import WHOLE

NOTEBOOKS = sorted((Path(__file__).resolve().parent.parent / "notebooks").glob("[0-9]*.ipynb"))
NAMES = [path.name for path in NOTEBOOKS]
ONLY_PUBLISHED = {"consultants"}  # never measured: the register is the only one to tell it
# Of these data the comparison tells no difference, so nothing of what rests on one is on a page; where it does, see
# tests/present/test_chapter_compared.py. What trajectories cost by their days is told as part of all costs.
REFUSED = {"compared_difference", "compared_months_off", "benefit_avoided"}
WITHIN_ANOTHER = {"trajectory_cost_by_day"}
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def cells() -> dict[str, list[ast.Module]]:
    return {path.name: [ast.parse(c.source) for c in _code(path)] for path in NOTEBOOKS}


def _code(path: Path) -> list[nbformat.NotebookNode]:
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]


@pytest.fixture
def said(
    monkeypatch: pytest.MonkeyPatch, cells: dict[str, list[ast.Module]]
) -> Callable[[str, Evaluation], Iterator[str]]:
    """What the cells of a notebook say, of this evaluation, one after the other."""

    def run(name: str, found: Evaluation) -> Iterator[str]:
        monkeypatch.setattr(evaluations, "current", lambda period="": found.of(period) if period else found)
        space: dict[str, object] = {}
        return (text for module in cells[name] if (text := _run(module, space)))

    return run


def _run(module: ast.Module, space: dict[str, object]) -> str:
    """Run a cell; what its last expression says."""
    *before, last = module.body
    is_shown = isinstance(last, ast.Expr)
    exec(compile(ast.Module(before if is_shown else module.body, []), "cell", "exec"), space)
    return repr(eval(compile(ast.Expression(last.value), "cell", "eval"), space)) if isinstance(last, ast.Expr) else ""


def wrong(found: Evaluation, measure: str) -> Evaluation:
    """The evaluation with every number of this measure a little off."""
    measures = found.measures.copy()
    rows = measures["measure"] == measure
    for column in ("value", "low", "high", "numerator"):
        measures.loc[rows, column] = measures.loc[rows, column] * 1.25 + 0.013
    return replace(found, measures=measures)


def test_every_measure_is_measured_of_the_bundled_data(committed: Evaluation) -> None:
    known = committed.measures[committed.measures["period"].isin(["2024", WHOLE])]
    measured = set(known.loc[known["value"].notna(), "measure"])
    assert tidy.MEASURES.keys() - measured == ONLY_PUBLISHED | {"benefit_avoided"}


def test_a_wrong_measure_turns_a_notebook_red(
    committed: Evaluation, said: Callable[[str, Evaluation], Iterator[str]]
) -> None:
    right = cache(lambda name: list(said(name, committed)))

    def is_red(name: str, spoiled: Evaluation) -> bool:
        """Known at the first cell that says something else."""
        shown = right(name)
        return any(now != then for now, then in zip_longest(said(name, spoiled), shown))

    unseen, order = [], list(NAMES)
    for measure in (m for m in tidy.MEASURES if m not in ONLY_PUBLISHED | REFUSED | WITHIN_ANOTHER):
        spoiled = wrong(committed, measure)
        red = next((name for name in order if is_red(name, spoiled)), None)
        if red is None:
            unseen.append(measure)
        else:  # measures of a chapter stand together: the next is most likely seen there too
            order.remove(red)
            order.insert(0, red)
    assert unseen == []


def test_nothing_wrong_leaves_every_notebook_as_it_is(
    committed: Evaluation, said: Callable[[str, Evaluation], Iterator[str]]
) -> None:
    for path in NOTEBOOKS:
        shown = [_plain(cell) for cell in _code(path)]
        assert list(said(path.name, committed)) == [text for text in shown if text], path.name


def _plain(cell: nbformat.NotebookNode) -> str:
    return next((str(o.data["text/plain"]) for o in cell.outputs if "data" in o), "")
