"""Endings: of residents whose benefit ended, how many have the end date that is then due."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from .benefit_register import FAR, spells
from .outflow import first_day_without, lasting
from .scope import Scope

MEASURES = ("coverage_of_benefit_end",)
NEAR = pd.Timedelta(days=31)  # an end date further from the outflow is of another benefit


def measure(tables: Mapping[str, pd.DataFrame], scope: Scope) -> list[dict[str, object]]:
    """Of the residents that `outflow` counts: those of whom a benefit has an end date, within a month of the outflow.

    The end date stands in the residents' table or in the register of benefits.
    """
    events = tables["outflow"]
    within = events[scope.contains(events["date"])]
    left = lasting(within, tables.get("benefits"))
    pairs = left.merge(_ended(tables), on="resident")
    told = pairs.loc[(first_day_without(pairs["end"]) - pairs["date"]).abs() <= NEAR, "resident"].nunique()
    return [scope.share("coverage_of_benefit_end", told, left["resident"].nunique())]


def _ended(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The benefits with an end date: resident, end. A row of a benefit that goes on the day after is no end."""
    residents, benefits = tables["residents"].reindex(columns=["resident", "benefit_end"]), tables.get("benefits")
    told = [residents.set_axis(["resident", "end"], axis="columns")]
    if benefits is not None:
        told.append(spells(benefits, FAR.date(), over_breaks=False)[["resident", "end"]])
    return pd.concat([t.astype({"end": "datetime64[us]"}) for t in told], ignore_index=True).dropna(subset=["end"])
