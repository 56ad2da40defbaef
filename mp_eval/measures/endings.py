"""Endings: of residents whose benefit ended, how many have the end date that is then due."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from .outflow import lasting
from .scope import Scope

MEASURES = ("coverage_of_benefit_end",)


def measure(tables: Mapping[str, pd.DataFrame], scope: Scope) -> list[dict[str, object]]:
    """Of the residents that `outflow` counts: those of whom a benefit has an end date.

    The end date stands in the residents' table or in the register of benefits.
    """
    events = tables["outflow"]
    within = events[scope.contains(events["date"])]
    left = lasting(within, tables.get("benefits"))["resident"].drop_duplicates()
    return [scope.share("coverage_of_benefit_end", int(left.isin(_ended(tables)).sum()), len(left))]


def _ended(tables: Mapping[str, pd.DataFrame]) -> pd.Series:
    """The residents of whom a benefit has an end date."""
    residents, benefits = tables["residents"].reindex(columns=["resident", "benefit_end"]), tables.get("benefits")
    told = residents.loc[residents["benefit_end"].notna(), "resident"]
    return told if benefits is None else pd.concat([told, benefits.loc[benefits["end"].notna(), "resident"]])
