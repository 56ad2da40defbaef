"""Outflow: residents whose benefit ended, and residents referred to the employers' service point (WSP).

Who is back on benefit within 30 days did not leave: such a re-entry is neither outflow nor inflow. Source: the monitor
of participation of the municipality of Almere. It can only be told where the register of benefits was delivered;
elsewhere every ended benefit counts.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from .scope import Scope

MEASURES = KINDS = ("outflow", "wsp_referral")
BACK_WITHIN = pd.Timedelta(days=30)


def measure(tables: Mapping[str, pd.DataFrame], scope: Scope) -> list[dict[str, object]]:
    """Distinct residents of each kind in the period; a resident with both is in both."""
    events = tables["outflow"]
    within = events[scope.contains(events["date"])]
    counted = {"outflow": lasting(within, tables.get("benefits"))}
    rows = {kind: counted.get(kind, within[within["kind"] == kind]) for kind in KINDS}
    return [scope.row(kind, found["resident"].nunique()) for kind, found in rows.items()]


def lasting(events: pd.DataFrame, benefits: pd.DataFrame | None) -> pd.DataFrame:
    """The ended benefits among these events, without those of who was back within 30 days.

    A spell that starts on the day of the outflow, or up to and including the thirtieth day after it, is a return.
    """
    left = events.loc[events["kind"] == "outflow", ["resident", "date"]].reset_index(drop=True)
    if benefits is None:
        return left
    spells = left.reset_index().merge(benefits[["resident", "start"]], on="resident")
    waited = spells["start"] - spells["date"]
    is_back = (waited >= pd.Timedelta(0)) & (waited <= BACK_WITHIN)
    return left.drop(index=spells.loc[is_back, "index"].unique())
