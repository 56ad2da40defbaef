"""Activities: with what residents became active, persons and activities apart.

A resident with two kinds of activity is in two categories, so persons may add up to more than the total; a
resident is never in none, because what was not recorded is a category of its own.

Who found an activity alone may have been referred somewhere first: of those activities it is counted where to, by the
names that the municipality set (`programme.Programme`); without any, it is not told.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from .activation import starts
from .scope import Scope

MEASURES = ("activities_started", "self_directed_started")
ELSEWHERE, NOT_REFERRED = "elsewhere", "not_referred"


def measure(tables: Mapping[str, pd.DataFrame], scope: Scope) -> list[dict[str, object]]:
    """Activated residents by activity, and the activities that they started."""
    everything = starts(tables)
    within = everything[scope.contains(everything["start"])]
    rows = [scope.row("activities_started", len(within))]
    for activity in scope.programme.kinds:
        label = {"breakdown": "activity", "category": activity}
        of_kind = within[within["activity"] == activity]
        rows.append(scope.row("activated", of_kind["resident"].nunique(), **label))
        rows.append(scope.row("activities_started", len(of_kind), **label))
    return [*rows, *(_self_directed(tables["activities"], scope) if scope.programme.referrals else ())]


def _self_directed(activities: pd.DataFrame, scope: Scope) -> list[dict[str, object]]:
    """Activities of residents who found one alone, by where they were referred to."""
    own = activities[(activities["activity"] == "self_directed") & scope.contains(activities["start"])]
    if "referred_to" not in own or (len(own) and not activities["referred_to"].notna().any()):
        return [scope.not_delivered("self_directed_started")]
    names = {name.casefold(): name for name in scope.programme.referrals}
    places = own["referred_to"].map(lambda place: names.get(place.casefold(), ELSEWHERE), na_action="ignore")
    counts = places.astype("object").fillna(NOT_REFERRED).value_counts()
    return [
        scope.row("self_directed_started", len(own)),
        *(
            scope.row("self_directed_started", int(counts.get(p, 0)), breakdown="referred_to", category=p)
            for p in (*scope.programme.referrals, ELSEWHERE, NOT_REFERRED)
        ),
    ]
