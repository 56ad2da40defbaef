"""The cohort: who was first spoken to in the period, and what happened since, up to the day of the extraction.

Who was active already at the first conversation (said so, or started something before it that had not ended by then)
cannot become active any more, and is told apart; where that was not delivered at all, nothing more is told than how
many were spoken to. Of all others the first of two things counts: a start of an activity
or trajectory, or the end of the benefit (the first day without). On one day the start comes first.

*In time*: only those are counted who were first spoken to so many months before the extraction, so that all had as
much time; a quarter is counted once everybody of it had. *Within* uses everybody for as long as they were followed:
the incidence after Aalen and Johansen (`survival`), with the end of the benefit as a competing event.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from .. import tidy
from .activation import first_days, knows_who_was_active, starts
from .outflow import first_day_without, lasting
from .scope import Scope
from .survival import at, cumulative_incidence, months_between

MEASURES = (
    "cohort",
    "had_time",
    "activated_in_time",
    "timely_activation_rate",
    "activated_within",
    "left_within",
    "still_followed",
    "activation_incidence",
    "outflow_incidence",
)
ENOUGH_TIME = (6, 12)  # months; the first is that of the quarters
MILESTONES = tuple(map(int, tidy.MILESTONES))
LAST, FEWEST = 24, 5  # months of a curve; residents still followed, of fewer it says nothing
STILL, ACTIVATED, LEFT = 0, 1, 2  # what happened first; ACTIVE_BEFORE when nothing could
ACTIVE_BEFORE = -1


def measure(tables: Mapping[str, pd.DataFrame], scope: Scope) -> Iterator[dict[str, object]]:
    """The cohort at its start and by quarter, who was activated in time, and the two curves with their counts."""
    people = histories(tables, scope)
    yield scope.row("cohort", len(people))
    if not knows_who_was_active(tables):
        yield from _of_nobody_known(scope)
        return
    followed = people[people["cause"] != ACTIVE_BEFORE]
    yield _at_start(scope, "active_before", len(people) - len(followed))
    yield _at_start(scope, "not_yet_active", len(followed))
    had, activated = _in_time(followed, ENOUGH_TIME[0])
    yield scope.row("had_time", had)
    yield scope.row("activated_in_time", activated)
    for months in MILESTONES:
        had, activated = _in_time(followed, months)
        label = {"breakdown": "months", "category": str(months)}
        yield scope.row("had_time", had, **label)
        if months in ENOUGH_TIME:
            yield scope.row("activated_in_time", activated, **label)
            yield scope.share("timely_activation_rate", activated, had, **label)
    yield from _quarters(people, followed, scope)
    yield from _curves(followed, scope, are_ends_known=_ends(tables) is not None)


def _of_nobody_known(scope: Scope) -> Iterator[dict[str, object]]:
    """What is not told when it was not delivered who was active already: of nobody is known who can become so."""
    for category in ("active_before", "not_yet_active"):
        yield scope.not_delivered("cohort", breakdown="at_start", category=category)
    for name in MEASURES[1:3]:
        yield scope.not_delivered(name)
    for name in MEASURES[1:]:
        yield scope.not_delivered(name, breakdown="months", category=tidy.MILESTONES[1])


def histories(tables: Mapping[str, pd.DataFrame], scope: Scope) -> pd.DataFrame:
    """One row a resident of the cohort: spoken (day), time, months, cause.

    `time` is in months how long there was from the first conversation to the extraction, `months` to what happened
    first, and `cause` what that was: `ACTIVATED`, `LEFT`, `STILL` (nothing yet) or `ACTIVE_BEFORE`.
    """
    spoken = first_days(tables, scope)
    last = pd.Timestamp(scope.as_of)
    everything = _since(starts(tables), "start", spoken, last)
    is_earlier = everything["start"] < everything["spoken"]
    was_active = (everything["already_active"] | is_earlier) & ~(everything["end"] < everything["spoken"])
    begun = (
        everything[~was_active & ~is_earlier].groupby("resident", observed=True)["start"].min().reindex(spoken.index)
    )
    left = _left(tables, spoken, last)
    people = pd.DataFrame({"spoken": spoken, "begun": begun, "left": left})
    happened = people["begun"].where(~(people["left"] < people["begun"]), people["left"])
    happened = happened.fillna(people["left"])
    cause = np.select([happened.isna(), happened == people["begun"]], [STILL, ACTIVATED], LEFT)
    before = people.index.isin(everything.loc[was_active, "resident"])
    ends = pd.Series(last, index=people.index, dtype=people["spoken"].dtype)
    return people[["spoken"]].assign(
        time=months_between(people["spoken"], ends),
        months=months_between(people["spoken"], happened.fillna(last)),
        cause=np.where(before, ACTIVE_BEFORE, cause),
    )


def _since(events: pd.DataFrame, day: str, spoken: pd.Series, last: pd.Timestamp) -> pd.DataFrame:
    """What of the cohort is known at the extraction, each event with the day of the first conversation."""
    own = events[events["resident"].isin(spoken.index) & (events[day] <= last)]
    return own.assign(spoken=spoken.reindex(own["resident"]).to_numpy())


def _left(tables: Mapping[str, pd.DataFrame], spoken: pd.Series, last: pd.Timestamp) -> pd.Series:
    """Of each resident the first outflow on or after the day of the first conversation."""
    ends = _ends(tables)
    if ends is None:
        return pd.Series(pd.NaT, index=spoken.index, dtype=spoken.dtype)
    after = _since(ends, "date", spoken, last)
    after = after[after["date"] >= after["spoken"]]
    return after.groupby("resident", observed=True)["date"].min().reindex(spoken.index)


def _ends(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame | None:
    """The outflow that lasted: resident, date (the first day without); None when no delivered table has any."""
    found = []
    if "outflow" in tables:
        events = tables["outflow"]
        found.append(events.loc[events["kind"] == "outflow", ["resident", "date"]])
    if "residents" in tables and "benefit_end" in tables["residents"]:
        ended = tables["residents"].dropna(subset=["benefit_end"])
        found.append(pd.DataFrame({"resident": ended["resident"], "date": first_day_without(ended["benefit_end"])}))
    if not found:
        return None
    return lasting(pd.concat(found, ignore_index=True).assign(kind="outflow"), tables.get("benefits"))


def _at_start(scope: Scope, category: str, count: int) -> dict[str, object]:
    return scope.row("cohort", count, breakdown="at_start", category=category)


def _in_time(followed: pd.DataFrame, months: int) -> tuple[int, int]:
    """Residents who had so many months, and of these who became active in them."""
    had = followed[followed["time"] >= months]
    return len(had), int(_happened(had, ACTIVATED, months).sum())


def _happened(people: Mapping[str, Any], cause: int, months: int) -> Any:
    return (people["cause"] == cause) & (people["months"] <= months)


def _quarters(people: pd.DataFrame, followed: pd.DataFrame, scope: Scope) -> Iterator[dict[str, object]]:
    """The cohort by the quarter of the first conversation; of a quarter that is too young nothing more."""
    quarters, own = people["spoken"].dt.to_period("Q"), followed["spoken"].dt.to_period("Q")
    for quarter, last in _last_days(scope):
        label = {"breakdown": "start_quarter", "category": f"{quarter.year}-Q{quarter.quarter}"}
        yield scope.row("cohort", int((quarters == quarter).sum()), **label)
        if last + pd.DateOffset(months=ENOUGH_TIME[0]) <= pd.Timestamp(scope.as_of):
            had, activated = _in_time(followed[own == quarter], ENOUGH_TIME[0])
            yield scope.row("had_time", had, **label)
            yield scope.row("activated_in_time", activated, **label)
            yield scope.share("timely_activation_rate", activated, had, **label)


def _last_days(scope: Scope) -> Iterator[tuple[pd.Period, pd.Timestamp]]:
    """The quarters of the period that had begun at the extraction, each with the last of its days in the period."""
    last: dict[pd.Period, pd.Timestamp] = {}
    for piece in sorted(scope.pieces, key=lambda p: p.start):
        end = pd.Timestamp(piece.end) - pd.Timedelta(days=1)
        for quarter in pd.period_range(pd.Timestamp(piece.start), end, freq="Q"):
            if max(quarter.start_time, pd.Timestamp(piece.start)) <= pd.Timestamp(scope.as_of):
                last[quarter] = min(quarter.end_time.normalize(), end)
    yield from last.items()


def _curves(followed: pd.DataFrame, scope: Scope, *, are_ends_known: bool) -> Iterator[dict[str, object]]:
    """Both incidences month by month as long as enough residents are followed, and their counts at the milestones.

    At a milestone that some had the time for there are rows however few are followed: that there are none would tell.
    """
    curve = cumulative_incidence(followed["months"].to_numpy(), followed["cause"].to_numpy(), kinds=2)
    shares = at(curve, range(LAST + 1), start=0)
    people = {column: followed[column].to_numpy() for column in ("time", "months", "cause")}
    for months, share in zip(range(LAST + 1), shares.to_dict("records"), strict=True):
        label = {"breakdown": "months", "category": str(months)}
        still = int(((people["months"] > months) | _at_the_end(people, months)).sum())
        is_milestone = months in MILESTONES and bool((people["time"] >= months).any())
        if still < FEWEST and not is_milestone:
            continue
        counts = {"activated_within": ACTIVATED, "left_within": LEFT}
        happened = {name: int(_happened(people, cause, months).sum()) for name, cause in counts.items()}
        if is_milestone:
            yield scope.row("still_followed", still, **label)
            yield scope.row("activated_within", happened["activated_within"], **label)
            yield (
                scope.row("left_within", happened["left_within"], **label)
                if are_ends_known
                else scope.not_delivered("left_within", **label)
            )
        for name, (count, cause) in {
            "activation_incidence": ("activated_within", ACTIVATED),
            "outflow_incidence": ("left_within", LEFT),
        }.items():
            if cause == LEFT and not are_ends_known:
                continue
            if still < FEWEST:
                yield scope.row(name, None, **{**label, "status": "undefined"})
                continue
            band = {side: _known(share[f"{side}_{cause}"]) for side in ("low", "high")}
            of = {"numerator": happened[count], "denominator": still}
            yield scope.row(name, float(share[f"incidence_{cause}"]), **band, **of, **label)


def _at_the_end(people: Mapping[str, Any], months: int) -> Any:
    """Who was followed for exactly so long, without anything happening."""
    return (people["cause"] == STILL) & (people["months"] == months)


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
