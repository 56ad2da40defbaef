"""The three paths of the programme: on which path the cohort is, and whether the records say so too.

A path is what was planned. What was recorded since the first conversation and fits it: on path 1 volunteering or
informal care, on path 2 a trajectory or a day activity (that somebody works on what hinders them is recorded nowhere
else), on path 3 a referral to the employers' service point (WSP). What was there already counts too.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from .activation import first_days, since, starts
from .scope import Scope

MEASURES = ("on_route", "route_recorded")
FITTING: Mapping[str, tuple[str, ...]] = {
    "route_1": ("volunteering", "informal_care"),
    "route_2": ("trajectory", "day_activity"),
    "route_3": ("wsp_referral",),
}
ROUTES = (*FITTING, "unrecorded")


def measure(tables: Mapping[str, pd.DataFrame], scope: Scope) -> list[dict[str, object]]:
    """Residents of the cohort by path, and of each path those of whom something fitting was recorded."""
    if "route" not in tables["residents"] or not tables["residents"]["route"].notna().any():
        return [scope.not_delivered(name) for name in MEASURES]
    spoken = first_days(tables, scope)
    planned = tables["residents"].set_index("resident")["route"].reindex(spoken.index).astype("object")
    planned = planned.fillna("unrecorded")
    rows = [scope.row("on_route", len(spoken))]
    for route in ROUTES:
        label = {"breakdown": "route", "category": route}
        residents = planned.index[planned == route]
        rows.append(scope.row("on_route", len(residents), **label))
        if route in FITTING:
            recorded = _recorded(tables, scope, spoken, FITTING[route])
            rows.append(
                scope.not_delivered("route_recorded", **label)
                if recorded is None
                else scope.row("route_recorded", int(residents.isin(recorded).sum()), **label)
            )
    return rows


def _recorded(
    tables: Mapping[str, pd.DataFrame], scope: Scope, spoken: pd.Series, kinds: tuple[str, ...]
) -> pd.Series | None:
    """The residents of whom this was recorded since the first conversation; None when the table was not delivered."""
    if kinds != FITTING["route_3"]:
        begun = since(starts(tables), spoken, scope)
        return begun.loc[begun["activity"].isin(kinds), "resident"]
    if "outflow" not in tables:
        return None
    events = tables["outflow"].rename(columns={"date": "start"}).assign(already_active=False)
    referred = since(events, spoken, scope)
    return referred.loc[referred["kind"].isin(kinds), "resident"]
