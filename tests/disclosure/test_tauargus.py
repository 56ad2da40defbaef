"""Against pytauargus (tau-ARGUS, as statistical offices use it), on tables of two sides where both can be applied.

Its frequency rule asks less: an interval around each small cell of as wide as the cell itself, not one to the
threshold. Its audit fails on frequency tables. So it is compared what each hides, and ours must hold against the
attack.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from releases import crossed, hidden_by, narrowed

pytauargus = pytest.importorskip("pytauargus", reason="pytauargus has no package for this machine")

pytestmark = pytest.mark.usefixtures("made_up_measures")


def theirs(cells: np.ndarray, folder: Path) -> float:
    """The sum of what tau-ARGUS hides, at a threshold of 5."""
    people = [(f"r{a}", f"c{b}", 1.0) for (a, b), n in np.ndenumerate(cells) for _ in range(n)]
    micro = pd.DataFrame(people, columns=["Row", "Column", "One"])
    made = pytauargus.protect(
        micro, ["Row", "Column"], response="One", safety_rules="FREQ(5,100)", suppress="OPT(1)", workdir=str(folder)
    )
    table = made.tables[0].dataframe()
    return float(table.loc[table["status"].isin(["U", "M"]), "One"].sum())


def test_ours_is_valid_and_hides_about_as_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # it leaves logs in the working directory
    ratios = []
    for seed in range(8):
        cells = np.random.default_rng(seed).negative_binomial(1.5, 0.08, (6, 5))
        table = crossed(cells)
        shown = hidden_by(table, 5, {})
        assert narrowed(shown, table, 5, {}) == []
        ours = float(table.loc[shown["status"] == "hidden", "value"].sum())
        ratios.append(ours / theirs(cells, tmp_path / str(seed)))
    assert np.median(ratios) <= 1.1
