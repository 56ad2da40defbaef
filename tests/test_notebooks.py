"""The committed notebooks have run, in order, and keep to their shape; nbval then compares what they say."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest

NOTEBOOKS = sorted((Path(__file__).resolve().parents[1] / "notebooks").glob("*.ipynb"))
NAMES = [path.name for path in NOTEBOOKS]


@pytest.fixture(params=NOTEBOOKS, ids=NAMES)
def notebook(request: pytest.FixtureRequest) -> nbformat.NotebookNode:
    return nbformat.read(request.param, as_version=4)


def code(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_there_are_notebooks() -> None:
    assert len(NOTEBOOKS) >= 2


def test_every_cell_has_run_in_order(notebook: nbformat.NotebookNode) -> None:
    assert [cell.execution_count for cell in code(notebook)] == list(range(1, len(code(notebook)) + 1))


def test_there_is_a_number_to_compare(notebook: nbformat.NotebookNode) -> None:
    said = [o.data["text/plain"] for cell in code(notebook) for o in cell.outputs if "data" in o]
    assert sum(bool(re.search(r"\d", text)) for text in said) >= 5


def test_nothing_went_wrong_and_nothing_was_warned_of(notebook: nbformat.NotebookNode) -> None:
    kinds = {o.output_type for cell in code(notebook) for o in cell.outputs}
    assert kinds == {"execute_result"}


def test_code_cells_are_short(notebook: nbformat.NotebookNode) -> None:
    assert max(len(cell.source.splitlines()) for cell in code(notebook)) <= 6


def test_parameters_are_literals_that_say_what_they_mean(notebook: nbformat.NotebookNode) -> None:
    (cell,) = [c for c in code(notebook) if "parameters" in c.metadata.get("tags", [])]
    assert all(re.fullmatch(r"\w+ = \S+  # .{10,}", line) for line in cell.source.splitlines())


def test_the_question_comes_first_and_the_limits_are_told(notebook: nbformat.NotebookNode) -> None:
    assert re.match(r"# .+\?\n", notebook.cells[0].source)
    assert any("## Wat dit niet laat zien" in cell.source for cell in notebook.cells)


def test_no_number_is_typed_into_the_prose(notebook: nbformat.NotebookNode) -> None:
    prose = " ".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert not re.search(r"\d", prose)
