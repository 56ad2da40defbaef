"""Run every committed notebook in place and leave nothing in it that differs from run to run."""

from __future__ import annotations

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from mp_eval.digests import Digests
from mp_eval.publish.signed import OURS

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"


def refresh(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(path.parent)}}).execute()
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
    notebook.metadata["language_info"] = {"name": "python"}
    nbformat.write(notebook, path)
    sign(path)


def sign(path: Path) -> None:
    """Let the notebook say that mp-eval brings it, as it is."""
    notebook = nbformat.read(path, as_version=4)
    notebook.metadata[OURS] = Digests(path.with_name("nowhere")).notebook(path)
    nbformat.write(notebook, path)


if __name__ == "__main__":
    chosen = sys.argv[1:] or [""]  # beginnings of names; all notebooks by default
    for path in sorted(p for p in NOTEBOOKS.glob("*.ipynb") if p.name.startswith(tuple(chosen))):
        sys.stdout.write(f"{path.name}\n")
        refresh(path)
