"""Outflow: residents whose benefit ended, and residents referred to the employers' service point (WSP).

Who is back on benefit within 30 days did not leave: such a re-entry is neither outflow nor inflow. Source: the monitor
of participation of the municipality of Almere. It can only be told where the register of benefits was delivered;
elsewhere every ended benefit counts.

One convention: the end of a benefit (`benefit_end`, `benefits.end`) is its last day, and the date of an outflow is the
first day without. So a last day of 31 December is outflow of the next year, in every chapter.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import pandas as pd

from .scope import Scope

MEASURES = KINDS = ("outflow", "wsp_referral")
BACK_WITHIN = pd.Timedelta(days=30)
Days = TypeVar("Days", pd.Series, pd.Timestamp)


def measure(tables: Mapping[str, pd.DataFrame], scope: Scope) -> list[dict[str, object]]:
    """Distinct residents of each kind in the period; a resident with both is in both."""
    events = tables["outflow"]
    within = events[scope.contains(events["date"])]
    counted = {"outflow": lasting(within, tables.get("benefits"))}
    rows = {kind: counted.get(kind, within[within["kind"] == kind]) for kind in KINDS}
    return [scope.row(kind, found["resident"].nunique()) for kind, found in rows.items()]


def lasting(events: pd.DataFrame, benefits: pd.DataFrame | None) -> pd.DataFrame:
    """The ended benefits among these events, without those of who was back within 30 days (`is_back`)."""
    left = events.loc[events["kind"] == "outflow", ["resident", "date"]].reset_index(drop=True)
    if benefits is None:
        return left
    spells = left.reset_index().merge(benefits[["resident", "start"]], on="resident")
    returned = spells.loc[is_back(spells["date"], spells["start"]), "index"]
    return left.drop(index=returned.unique())


def first_day_without(end: Days) -> Days:
    """The date of the outflow of a benefit with this last day.

    >>> first_day_without(pd.Timestamp("2023-12-31"))
    Timestamp('2024-01-01 00:00:00')
    """
    return end + pd.Timedelta(days=1)


def is_back(without: pd.Series, start: pd.Series) -> pd.Series:
    """Whether a benefit starts on the first day without, or up to and including the thirtieth day after it.

    >>> starts = pd.Series(pd.to_datetime(["2024-01-01", "2024-01-31", "2024-02-01", "2023-12-31"]))
    >>> is_back(pd.Series(pd.Timestamp("2024-01-01"), index=starts.index), starts).tolist()
    [True, True, False, False]
    """
    waited = start - without
    return (waited >= pd.Timedelta(0)) & (waited <= BACK_WITHIN)
