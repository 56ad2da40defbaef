"""Prose that stands in every release: it tells of no one delivery, and counts nothing that a municipality chooses."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"


@pytest.mark.parametrize("notebook", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_prose_that_is_in_every_release_tells_of_no_one_delivery(notebook: Path) -> None:
    """What depends on the deliveries is a computed sentence: a typed one is false in some release."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    prose = " ".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
    found = re.findall(
        r"\b(?:[Ee]r (?:is|zijn|was|waren) (?:geen|niemand)[^.]*|een deel was[^.]*|legt niemand vast)", prose
    )
    assert [text for text in found if not text.startswith(TRUE_OF_ANY)] == []


# Said of what a page does not show.
TRUE_OF_ANY = ("er geen verschil is",)


@pytest.mark.parametrize("notebook", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_prose_counts_nothing_that_a_municipality_chooses(notebook: Path) -> None:
    """How many groups, steps, paths and consultants there are is its own; that there was a report is not sure."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    prose = " ".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
    number = r"(?:\d+|nul|één|twee|drie|vier|vijf|zes)"
    assert (
        re.findall(rf"(?<!laagste ){number} (?:groepen|treden|paden|consulenten|soorten)|[Dd]e rapportage", prose) == []
    )
