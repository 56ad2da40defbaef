"""Reach: how many residents were spoken to, in how many conversations, in which months, and how many of them were new.

*Spoken* is what the report counts: residents whose first conversation fell in the period. A resident with two first
conversations is in the month of the earlier one that the period holds, so that the months sum to the total.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from math import exp
from statistics import NormalDist

import pandas as pd

from ..tidy import CONVERSATIONS
from .scope import Scope

Z = NormalDist().inv_cdf(0.975)
MEASURES = (
    "spoken",
    "spoken_per_month",
    "spoken_per_consultant_month",
    "conversations",
    "conversations_per_month",
    "in_conversation",
)


def measure(tables: Mapping[str, pd.DataFrame], scope: Scope) -> list[dict[str, object]]:
    """Spoken residents and conversations, each in total, by month and as rates; by kind; new and known residents.

    Without the number of consultants the rate per consultant-month is undefined.
    """
    conversations = tables["conversations"]
    held = conversations.loc[scope.contains(conversations["date"]), ["resident", "date", "kind"]]
    first_days = held[held["kind"] == "first"].groupby("resident", observed=True)["date"].min()
    spoken = len(first_days)
    everybody = held["resident"].nunique()
    kinds = held["kind"].value_counts()
    rows = [
        scope.row("spoken", spoken),
        *_by_month("spoken", first_days, scope),
        _rate("spoken_per_month", spoken, scope.months, scope),
        _rate("spoken_per_consultant_month", spoken, scope.consultant_months, scope),
        scope.row("conversations", len(held)),
        *_by_month("conversations", held["date"], scope),
        {**_rate("conversations_per_month", len(held), scope.months, scope), **_clustered(held, scope.months)},
        *(
            scope.row("conversations", int(kinds.get(kind, 0)), breakdown="kind", category=kind)
            for kind in CONVERSATIONS
        ),
        scope.row("in_conversation", everybody),
        scope.row("in_conversation", spoken, breakdown="familiarity", category="new"),
        scope.row("in_conversation", everybody - spoken, breakdown="familiarity", category="known"),
    ]
    return rows


def first_conversations(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The first conversations: resident, date."""
    conversations = tables["conversations"]
    return conversations.loc[conversations["kind"] == "first", ["resident", "date"]]


def months(scope: Scope) -> list[str]:
    """The months of which the scope holds days that are known, in order.

    >>> from mp_eval.periods import Period
    >>> months(Scope("x", (Period(date(2023, 11, 15), date(2024, 3, 1)),), as_of=date(2024, 1, 20)))
    ['2023-11', '2023-12', '2024-01']
    """
    found: dict[str, None] = {}
    for piece in scope.pieces:
        day = piece.start
        while day < piece.end and day <= scope.as_of:
            found[f"{day:%Y-%m}"] = None
            day = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return sorted(found)


def _by_month(measure_name: str, days: pd.Series, scope: Scope) -> Iterator[dict[str, object]]:
    """How many of these days fall in each month; a month of which no day is known has no row."""
    by_day = days.value_counts()  # first: there are far fewer days than conversations
    counts = by_day.groupby(pd.DatetimeIndex(by_day.index).strftime("%Y-%m")).sum()
    for month in months(scope):
        yield scope.row(measure_name, int(counts.get(month, 0)), breakdown="month", category=month)


def _rate(measure_name: str, count: int, months_of: float | None, scope: Scope) -> dict[str, object]:
    """A count per month (of the calendar, or of work); undefined where it is not known how many."""
    if not months_of:
        return scope.row(measure_name, None, status="undefined")
    return scope.row(measure_name, count / months_of, numerator=count, denominator=round(months_of, 4))


def _clustered(held: pd.DataFrame, months: float) -> dict[str, float]:
    """95% limits of conversations a month, on the scale of the logarithm: those of one resident are not independent.

    The variance of the number is the sum of each resident's number squared; of a Poisson number it would be the number.
    """
    each = held["resident"].value_counts().to_numpy()
    if not len(held) or not months:
        return {}
    off = exp(Z * float((each.astype(float) ** 2).sum()) ** 0.5 / len(held))
    return {"low": len(held) / months / off, "high": len(held) / months * off}
