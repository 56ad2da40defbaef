"""Notebooks by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import nbformat

from mp_eval.execute.notebook import Failure

Run = Callable[..., Failure | None]


def notebook(path: Path, *sources: str, tags: Mapping[int, list[str]] | None = None, **metadata: object) -> Path:
    """A notebook with these code cells, the first of them its parameters; `tags` by number, from 0."""
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    for number, cell in enumerate(cells):
        cell["id"] = f"cel-{number}"
    for number, these in {0: ["parameters"], **(tags or {})}.items():
        cells[number].metadata["tags"] = these
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={**kernel, **metadata}), path)
    return path
