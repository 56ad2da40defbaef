"""Activities: with what residents became active, persons and activities apart.

A resident with two kinds of activity is in two categories, so persons may add up to more than the total; a
resident is never in none, because what was not recorded is a category of its own.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ..tidy import ACTIVITIES
from .activation import starts
from .scope import Scope

MEASURES = ("activities_started",)


def measure(tables: Mapping[str, pd.DataFrame], scope: Scope) -> list[dict[str, object]]:
    """Activated residents by activity, and the activities that they started."""
    everything = starts(tables)
    within = everything[scope.contains(everything["start"])]
    rows = [scope.row("activities_started", len(within))]
    for activity in ACTIVITIES:
        label = {"breakdown": "activity", "category": activity}
        of_kind = within[within["activity"] == activity]
        rows.append(scope.row("activated", of_kind["resident"].nunique(), **label))
        rows.append(scope.row("activities_started", len(of_kind), **label))
    return rows
