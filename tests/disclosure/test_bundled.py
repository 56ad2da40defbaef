"""The bundled deliveries, all periods and the register at once."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import pytest
from conftest import long
from releases import narrowed

from mp_eval import evaluation
from mp_eval.disclosure.protect import protect
from mp_eval.periods import WHOLE, Period
from mp_eval.register import Figure
from mp_eval.workspace import Disclosure, Workspace

Bundled = tuple[pd.DataFrame, Mapping[str, tuple[Period, ...]], tuple[Figure, ...]]


@pytest.fixture(scope="module")
def bundled(evaluated: Workspace) -> Bundled:
    folder = evaluated.processed / evaluation.FOLDER
    keys = [*(p.id for p in evaluated.periods), WHOLE]
    measures = pd.concat([pd.read_parquet(folder / f"{key}.parquet") for key in keys], ignore_index=True)
    figures = evaluation.from_table(pd.read_parquet(folder / evaluation.FIGURES))
    return measures, {p.id: (p,) for p in evaluated.periods} | {WHOLE: evaluated.whole}, figures


@pytest.mark.parametrize("threshold", [long(3), 5, long(10)])
def test_no_attack_succeeds(bundled: Bundled, threshold: int) -> None:
    measures, days, figures = bundled
    settings = Disclosure(internal=False, threshold=threshold)
    made = protect(measures, settings=settings, days=days, figures=figures)
    true = [f for f in figures if f.id != "g3"]  # "more than 700", which the records contradict
    assert narrowed(made.measures, measures, threshold, days, true) == []
    assert made.added == 0
    assert made.cost >= made.bound


@pytest.mark.long
def test_two_cells_of_the_reports_row_are_hidden_at_ten(bundled: Bundled) -> None:
    measures, days, figures = bundled
    settings = Disclosure(internal=False, threshold=10)
    shown = protect(measures, settings=settings, days=days, figures=figures).measures
    row = shown[(shown["period"] == "2024") & (shown["measure"] == "activated") & (shown["breakdown"] == "activity")]
    hidden = row.loc[row["status"] == "hidden", "category"].tolist()
    assert (len(hidden), hidden[0]) == (2, "informal_care")
