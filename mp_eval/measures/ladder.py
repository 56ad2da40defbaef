"""The participation ladder: who of the residents spoken to in the period came to stand higher, and who lower.

The *first* step is the first measured on or after the day of the first conversation, the *last* step the last known
at the extraction. They are compared when at least `APART` days lie between them: two in the same weeks tell of the
measuring, not of the resident. So a resident is measured twice, once or not at all.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from .reach import first_conversations
from .scope import Scope

MEASURES = ("ladder_followed", "ladder_moves", "ladder_move_rate")
APART = 90  # days
LOWEST = (1, 2)  # whose residents come first, as the ambitions say
MEASURED = ("twice", "once", "never")
DIRECTIONS = ("up", "same", "down")


def measure(tables: Mapping[str, pd.DataFrame], scope: Scope) -> list[dict[str, object]]:
    """Residents spoken to by how often they were measured; of those measured twice from which step to which."""
    days = first_conversations(tables)
    days = days[scope.contains(days["date"])].groupby("resident", observed=True)["date"].min()
    moved = moves(days, tables["ladder"], scope)
    twice = moved[moved["days"] >= APART]
    covered = {"twice": len(twice), "once": len(moved) - len(twice), "never": len(days) - len(moved)}
    rows = [
        scope.row("ladder_followed", len(days)),
        *(scope.row("ladder_followed", covered[c], breakdown="measured", category=f"measured_{c}") for c in MEASURED),
        scope.row("ladder_moves", len(twice)),
    ]
    steps = scope.programme.steps
    for breakdown, column in (("from", "first"), ("to", "last")):
        counts = twice[column].value_counts()
        rows += [scope.row("ladder_moves", int(counts.get(n, 0)), breakdown=breakdown, category=step(n)) for n in steps]
    pairs = twice.groupby(["first", "last"]).size()
    for a in steps:
        for b in steps:
            label = {"breakdown": "from>to", "category": f"{step(a)}>{step(b)}"}
            rows.append(scope.row("ladder_moves", int(pairs.get((a, b), 0)), **label))
    rise = twice["last"] - twice["first"]
    directed = {"up": int((rise > 0).sum()), "same": int((rise == 0).sum()), "down": int((rise < 0).sum())}
    for direction in DIRECTIONS:
        label = {"breakdown": "direction", "category": f"moved_{direction}"}
        rows.append(scope.row("ladder_moves", directed[direction], **label))
        rows.append(scope.share("ladder_move_rate", directed[direction], len(twice), **label))
    return rows


def moves(days: pd.Series, ladder: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    """The first and last step of each resident of `days` (resident: day of the first conversation) that has one.

    Grain: one row a resident; first and last are steps, days what lies between them.

    Examples
    --------
    >>> from datetime import date
    >>> from mp_eval.periods import Period
    >>> when = Scope("2024", (Period(date(2024, 1, 1), date(2025, 1, 1)),), date(2025, 7, 15))
    >>> spoken = pd.Series(pd.to_datetime(["2024-03-01"]), index=["a"])
    >>> measured = pd.DataFrame({"resident": ["a"] * 3, "step": [5, 1, 2]})
    >>> measured["date"] = pd.to_datetime(["2024-02-01", "2024-03-01", "2024-09-01"])
    >>> moves(spoken, measured, when)[["first", "last", "days"]].values.tolist()
    [[1, 2, 184]]
    """
    since = days.reindex(ladder["resident"]).set_axis(ladder.index)
    counts = (ladder["date"] >= since) & (ladder["date"] <= pd.Timestamp(scope.as_of))
    groups = ladder[counts].sort_values("date", kind="stable").groupby("resident", observed=True)
    ends = groups.agg(first=("step", "first"), last=("step", "last"), begin=("date", "min"), end=("date", "max"))
    return ends.assign(days=(ends["end"] - ends["begin"]).dt.days)


def step(number: int) -> str:
    """The category of a step."""
    return f"step_{number}"
