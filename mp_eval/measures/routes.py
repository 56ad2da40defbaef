"""The paths of the programme: on which path the cohort is, and whether the records say so too.

Which paths there are, and what fits each, the municipality says (`programme.Programme`); without, nothing is told. A
path is what was planned; what fits it counts when it was recorded since the first conversation or was there already.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ..programme import Route
from .activation import first_days, since, starts
from .scope import Scope

MEASURES = ("on_route", "route_recorded")
REFERRED = "wsp_referral"  # fits a path and is no activity
UNRECORDED = "unrecorded"


def measure(tables: Mapping[str, pd.DataFrame], scope: Scope) -> list[dict[str, object]]:
    """Residents of the cohort by path, and of each path those of whom something fitting was recorded."""
    if not scope.programme.routes:
        return []
    if "route" not in tables["residents"] or not tables["residents"]["route"].notna().any():
        return [scope.not_delivered(name) for name in MEASURES]
    spoken = first_days(tables, scope)
    names = {str(n): named(n, route) for n, route in enumerate(scope.programme.routes, 1)}
    planned = tables["residents"].set_index("resident")["route"].reindex(spoken.index).astype("object")
    planned = planned.map(names).fillna(UNRECORDED)
    rows = [scope.row("on_route", len(spoken))]
    for name, route in zip(names.values(), scope.programme.routes, strict=True):
        label = {"breakdown": "route", "category": name}
        residents = planned.index[planned == name]
        recorded = _recorded(tables, scope, spoken, route.fitting)
        rows.append(scope.row("on_route", len(residents), **label))
        rows.append(
            scope.not_delivered("route_recorded", **label)
            if recorded is None
            else scope.row("route_recorded", int(residents.isin(recorded).sum()), **label)
        )
    unrecorded = int((planned == UNRECORDED).sum())
    return [*rows, scope.row("on_route", unrecorded, breakdown="route", category=UNRECORDED)]


def named(number: int, route: Route) -> str:
    """A path as it is called in the table of measures.

    >>> named(1, Route("vrijwilliger of mantelzorger"))
    'pad 1: vrijwilliger of mantelzorger'
    """
    return f"pad {number}: {route.name}"


def _recorded(
    tables: Mapping[str, pd.DataFrame], scope: Scope, spoken: pd.Series, kinds: tuple[str, ...]
) -> pd.Series | None:
    """The residents of whom this was recorded since the first conversation; None when a table was not delivered."""
    begun = since(starts(tables), spoken, scope)
    found = [begun.loc[begun["activity"].isin(kinds), "resident"]]
    if REFERRED in kinds:
        if "outflow" not in tables:
            return None
        events = tables["outflow"].rename(columns={"date": "start"}).assign(already_active=False)
        referred = since(events, spoken, scope)
        found.append(referred.loc[referred["kind"] == REFERRED, "resident"])
    return pd.concat(found)
