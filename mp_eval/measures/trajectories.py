"""Trajectories: what was bought from providers, for whom it began and ended, how long it took and what it cost.

A trajectory counts where it began and where it ended; a resident may have several. It lasts through its last day, and
an end after the day of the extraction is a plan: the trajectory then still runs.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import pandas as pd

from .scope import Scope
from .survival import kaplan_meier

MEASURES = (
    "trajectories_started",
    "trajectories_ended",
    "trajectory_duration",
    "trajectory_lasting",
    "trajectories_priced",
    "trajectory_cost",
    "trajectory_cost_by_day",
)
END_REASONS = (
    *("work", "self_employment", "withdrew", "no_longer_useful"),  # of the statistics' form up to 2013
    *("completed", "broken_off", "circumstances"),  # of the form since
    *("other", "unrecorded"),
)
UNRECORDED = "unrecorded"  # a provider that was not recorded
LEAST = 10  # trajectories from which on their duration is summed up: of fewer a quartile is that of one of them
AT_RISK = 5  # trajectories that ran so long, at least, wherever one ends before the median of all
MONTH = 30.4375  # days


def measure(tables: Mapping[str, pd.DataFrame], scope: Scope) -> list[dict[str, object]]:
    """Trajectories begun and ended, by provider and reason; how long those ended took, what those begun cost."""
    known = bought(tables, scope)
    started = known[scope.contains(known["start"])]
    ended = known[scope.contains(known["end"])]
    names = providers(known)
    rows = [
        *counts("trajectories_started", started, names, scope),
        *counts("trajectories_ended", ended, names, scope),
        *_reasons(ended, names, scope),
        *_durations(ended, names, scope),
        _lasting(known, scope),
    ]
    if known["cost"].notna().any() or known.empty:
        return [*rows, *_costs(started, names, scope), _by_day(known, scope)]
    return [*rows, *map(scope.not_delivered, ("trajectories_priced", "trajectory_cost", "trajectory_cost_by_day"))]


def bought(tables: Mapping[str, pd.DataFrame], scope: Scope) -> pd.DataFrame:
    """What is known at the extraction of each trajectory: provider, start, end, end_reason, cost, until. A row each.

    `until` is the last day, of one that runs the day that is planned, or else that of the extraction.

    A column that was not delivered is missing in every row. The name of a provider is the delivery's own, with single
    spaces, and without the signs that part and join the names of categories.
    """
    table, as_of = tables["trajectories"], pd.Timestamp(scope.as_of)
    columns = {"provider": "str", "start": "datetime64[us]", "end": "datetime64[us]", "end_reason": "str"}
    known = table.reindex(columns=[*columns, "cost"]).astype(columns | {"cost": "float64"})
    known = known[known["start"] <= as_of]
    ended = known["end"] <= as_of
    spelled = known["provider"].str.replace(r"[>|\s]+", " ", regex=True).str.strip()
    return known.assign(
        provider=spelled.mask(spelled == "").fillna(UNRECORDED),
        end=known["end"].where(ended),
        until=known["end"].fillna(as_of),
        end_reason=known["end_reason"].where(known["end_reason"].isin(END_REASONS), UNRECORDED),
    )


def providers(known: pd.DataFrame) -> list[str]:
    """The providers in the order of the alphabet, what was not recorded last."""
    return sorted(known["provider"].unique(), key=lambda name: (name == UNRECORDED, name.casefold(), name))


def counts(
    measure_name: str, some: pd.DataFrame, names: list[str], scope: Scope, **rest: object
) -> Iterator[dict[str, object]]:
    """How many trajectories, in total and of each provider."""
    yield scope.row(measure_name, len(some), **rest)
    found = some["provider"].value_counts()
    for name in names:
        yield scope.row(measure_name, int(found.get(name, 0)), breakdown="provider", category=name, **rest)


def _reasons(ended: pd.DataFrame, names: list[str], scope: Scope) -> Iterator[dict[str, object]]:
    found = ended.groupby(["provider", "end_reason"]).size()
    for reason in END_REASONS:
        total = int((ended["end_reason"] == reason).sum())
        yield scope.row("trajectories_ended", total, breakdown="end_reason", category=reason)
        for name in names:
            label = {"breakdown": "provider>end_reason", "category": f"{name}>{reason}"}
            yield scope.row("trajectories_ended", int(found.get((name, reason), 0)), **label)


def _durations(ended: pd.DataFrame, names: list[str], scope: Scope) -> Iterator[dict[str, object]]:
    """The median with both quartiles (between ranks), in whole months; of few trajectories nothing."""
    months = ((ended["end"] - ended["start"]).dt.days + 1) / MONTH
    groups = {"": months} | {name: months[ended["provider"] == name] for name in names}
    for name, some in groups.items():
        label = {"breakdown": "provider", "category": name} if name else {}
        if len(some) >= LEAST:
            low, middle, high = some.quantile([0.25, 0.5, 0.75])
            low, middle, high = (math.floor(x + 0.5) for x in (low, middle, high))
            yield scope.row("trajectory_duration", middle, low=low, high=high, denominator=len(some), **label)
        else:
            yield scope.row("trajectory_duration", None, denominator=len(some), status="undefined", **label)


def _lasting(known: pd.DataFrame, scope: Scope) -> dict[str, object]:
    """The median of all that ran in the period, also of those that run on (Kaplan and Meier), in whole months.

    Who ended before the period cannot be in its delivery, so a trajectory is at risk from the first day of the period
    on, or from its own (delayed entry). The numerator is how many have ended.
    """
    begin, end = (pd.Timestamp(day) for day in (scope.pieces[0].start, scope.pieces[-1].end))
    there = known[(known["start"] < end) & ~(known["end"] < begin)]
    until = there["end"].fillna(pd.Timestamp(scope.as_of))
    months = ((until - there["start"]).dt.days + 1) / MONTH
    entries = (begin - there["start"]).dt.days.clip(lower=0) / MONTH
    curve = kaplan_meier(months, there["end"].notna(), entries=entries)
    counts = {"numerator": int(there["end"].notna().sum()), "denominator": len(there)}
    reached = curve.loc[curve["survival"] <= 0.5, "time"].min()
    ends = curve[(curve["events"] > 0) & (curve["time"] <= reached)]
    if len(there) < LEAST or math.isnan(reached) or (ends["at_risk"] < AT_RISK).any():
        return scope.row("trajectory_lasting", None, status="undefined", **counts)
    return scope.row("trajectory_lasting", math.floor(reached + 0.5), **counts)


def _costs(started: pd.DataFrame, names: list[str], scope: Scope) -> Iterator[dict[str, object]]:
    """Of the trajectories that began and have an amount: how many, and their mean cost, the sum of it as numerator."""
    priced = started[started["cost"].notna()]
    yield from counts("trajectories_priced", priced, names, scope)
    groups = {"": priced["cost"]} | {name: priced.loc[priced["provider"] == name, "cost"] for name in names}
    for name, some in groups.items():
        label = {"breakdown": "provider", "category": name} if name else {}
        sums = {"numerator": some.sum(), "denominator": len(some)}
        if len(some):
            yield scope.row("trajectory_cost", some.mean(), **sums, **label)
        else:
            yield scope.row("trajectory_cost", None, **sums, **label, status="undefined")


def _by_day(known: pd.DataFrame, scope: Scope) -> dict[str, object]:
    """What trajectories cost on the days of the period that are known, when each day of one costs as much.

    The numerator is how many of those that ran have an amount, the denominator how many ran.
    """
    last = pd.Timestamp(scope.as_of)
    within = pd.Series(0.0, index=known.index)
    for piece in scope.pieces:
        end = min(pd.Timestamp(piece.end) - pd.Timedelta(days=1), last)
        first = known["start"].clip(lower=pd.Timestamp(piece.start))
        within += ((known["until"].clip(upper=end) - first).dt.days + 1).clip(lower=0)
    ran = known[within > 0]
    cost = ran["cost"] * within[ran.index] / ((ran["until"] - ran["start"]).dt.days + 1)
    counts = {"numerator": int(ran["cost"].notna().sum()), "denominator": len(ran)}
    return scope.row("trajectory_cost_by_day", float(cost.sum()), **counts)
