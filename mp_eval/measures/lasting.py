"""Activities that last: which share still runs so many months after it began, by kind.

Followed are the activities that began in the period, up to the day of the extraction; one that was there already is
left out, since it began another day. What has no end date runs. Trajectories are no activities: they end by design.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import pandas as pd

from ..programme import TRAJECTORY, Programme
from .activation import starts
from .outflow import first_day_without
from .scope import Scope
from .survival import at, kaplan_meier, months_between

MEASURES = ("activity_lasting",)
MILESTONES = (6, 12)  # months
FEWEST = 5  # activities still followed; of fewer it says nothing


def measure(tables: Mapping[str, pd.DataFrame], scope: Scope) -> list[dict[str, object]]:
    """The share still running after each milestone (Kaplan and Meier), of all activities and of each kind.

    The numerator is how many are followed beyond it, the denominator how many began.
    """
    activities = tables["activities"]
    if len(activities) and not ("end" in activities and activities["end"].notna().any()):
        return [scope.not_delivered("activity_lasting")]
    known = starts(tables)
    begun = known[
        scope.contains(known["start"]) & (known["start"] <= pd.Timestamp(scope.as_of)) & ~known["already_active"]
    ]
    kinds = lasting_kinds(scope.programme)
    begun = begun[begun["activity"].isin(kinds)]
    until = first_day_without(pd.Series(pd.Timestamp(scope.as_of), index=begun.index, dtype="datetime64[us]"))
    ends = first_day_without(begun["end"])
    has_ended = ends <= until
    months = months_between(begun["start"], ends.where(has_ended, until))
    followed = pd.DataFrame({"activity": begun["activity"], "months": months, "ended": has_ended})
    rows = [*_shares(followed, "", scope)]
    for kind in kinds:
        rows += _shares(followed[followed["activity"] == kind], kind, scope)
    return rows


def lasting_kinds(programme: Programme) -> tuple[str, ...]:
    """The kinds of activity that may last: all but trajectories."""
    return tuple(kind for kind in programme.kinds if kind != TRAJECTORY)


def _shares(followed: pd.DataFrame, kind: str, scope: Scope) -> Iterator[dict[str, object]]:
    curve = at(kaplan_meier(followed["months"], followed["ended"]), MILESTONES, start=1)
    for months, row in zip(MILESTONES, curve.to_dict("records"), strict=True):
        label = {"breakdown": "activity>months" if kind else "months", "category": f"{kind}>{months}".lstrip(">")}
        counts = {"numerator": int(row["at_risk"]), "denominator": len(followed)}
        if row["at_risk"] < FEWEST:
            yield scope.row("activity_lasting", None, status="undefined", **counts, **label)
        else:
            band = {side: None if math.isnan(row[side]) else float(row[side]) for side in ("low", "high")}
            yield scope.row("activity_lasting", float(row["survival"]), **band, **counts, **label)
