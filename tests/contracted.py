"""Tables by hand as the intake delivers them: with every column of the contract, also those that were not delivered."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pandas as pd

from mp_eval import workspace as places
from mp_eval.intake import contract as contracts
from mp_eval.intake.check import DTYPES
from mp_eval.intake.contract import Contract

ROOT = Path(__file__).resolve().parent.parent


def completed(tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The tables with all columns of the contract, of the contract's types; what a test does not give is missing.

    A measure may ask for any column of a table that it needs, so a test that measures all chapters would break on a
    column of a chapter that it is not about.

    Raises
    ------
    AssertionError
        When a column is not given that every delivery must have, or one is that none can have.
    """
    return {name: _completed(table, name) for name, table in tables.items()}


def _completed(table: pd.DataFrame, name: str) -> pd.DataFrame:
    columns = _contract().tables[name].columns
    given, known, required = set(table), {c.name for c in columns}, {c.name for c in columns if c.required}
    assert required <= given <= known, f"{name}: lacks {required - given}, and has {given - known} too many"
    return table.reindex(columns=[c.name for c in columns]).astype({c.name: DTYPES[c.type] for c in columns})


@cache
def _contract() -> Contract:
    return contracts.read(places.find(ROOT))
