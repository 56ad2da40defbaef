"""Notebooks by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import nbformat

from mp_eval.execute.notebook import Failure

Run = Callable[..., Failure | None]


def notebook(path: Path, *sources: str, **metadata: object) -> Path:
    """A notebook with these code cells, the first of them its parameters."""
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    for number, cell in enumerate(cells):
        cell["id"] = f"cel-{number}"
    cells[0].metadata["tags"] = ["parameters"]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={**kernel, **metadata}), path)
    return path
