"""Activation: how many residents became active, in the three meanings that the report runs together.

- *gross*, as published: an activity or trajectory started in the period, also by who was active already;
- *net*: at least one of those started was not there before;
- *without_trajectory*: at least one of those started is an activity, not an instrument to get to one.

The *period rate* divides residents activated in the period (whenever spoken to) by residents spoken to in it: the
report's own, though not the same people. The *cohort rate* follows the residents first spoken to in the period up
to the day of the extraction: the same people, with less time for who came last.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ..tidy import VARIANTS
from .reach import first_conversations
from .scope import Scope

MEASURES = ("activated", "activated_per_month", "activation_rate", "cohort_activation_rate")


def starts(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Everything that was started: resident, activity, start, end, already_active. One row a start.

    Trajectories come from their own table; an activity without a kind is `unrecorded`.
    """
    columns = ["resident", "activity", "start", "end", "already_active"]
    trajectories = tables["trajectories"].assign(activity="trajectory", already_active=False)
    tables_of_starts = [t.reindex(columns=columns) for t in (tables["activities"], trajectories)]
    both = pd.concat([t.astype({"end": "datetime64[us]"}) for t in tables_of_starts], ignore_index=True)
    kinds = both["activity"].fillna("unrecorded")
    return both.assign(activity=kinds, already_active=both["already_active"].fillna(False).astype(bool))


def measure(tables: Mapping[str, pd.DataFrame], scope: Scope) -> list[dict[str, object]]:
    """Activated residents, in total, by variant and per month, with the period rate and the cohort rate."""
    everything = starts(tables)
    cohort = first_days(tables, scope)
    within = everything[scope.contains(everything["start"])]
    after = since(everything, cohort, scope)
    gross = within["resident"].nunique()
    rows = [
        scope.row("activated", gross),
        scope.row("activated_per_month", gross / scope.months, numerator=gross, denominator=round(scope.months, 4)),
    ]
    for variant in VARIANTS:
        label = {"breakdown": "variant", "category": variant}
        if variant == "net" and not knows_who_was_active(tables):
            rows += [
                scope.not_delivered(m, **label) for m in ("activated", "activation_rate", "cohort_activation_rate")
            ]
            continue
        count, reached = _residents(within, variant), _residents(after, variant)
        rows.append(scope.row("activated", count, **label))
        rows.append(scope.share("activation_rate", count, len(cohort), **label))
        rows.append(scope.share("cohort_activation_rate", reached, len(cohort), **label))
    rows.append(scope.share("activation_rate", gross, len(cohort)))
    rows.append(scope.share("cohort_activation_rate", _residents(after, "gross"), len(cohort)))
    return rows


def since(begun: pd.DataFrame, spoken: pd.Series, scope: Scope) -> pd.DataFrame:
    """What began after the first conversation, or was there already, and is known at the extraction.

    What has an end before the conversation was not there any more, whatever was recorded.
    """
    day = spoken.reindex(begun["resident"]).set_axis(begun.index)
    was_there = begun["already_active"] & day.notna()
    if "end" in begun:
        was_there &= ~(begun["end"] < day)
    return begun[(was_there | (begun["start"] >= day)) & (begun["start"] <= pd.Timestamp(scope.as_of))]


def first_days(tables: Mapping[str, pd.DataFrame], scope: Scope) -> pd.Series:
    """Of each resident first spoken to in the period the day of it."""
    first = first_conversations(tables)
    within = first[scope.contains(first["date"])]
    return within.groupby("resident", observed=True)["date"].min()


def knows_who_was_active(tables: Mapping[str, pd.DataFrame]) -> bool:
    """Whether it was delivered at all which activities were there before; a single blank then means *no*."""
    column = tables["activities"]["already_active"]
    return column.empty or bool(column.notna().any())


def _residents(started: pd.DataFrame, variant: str) -> int:
    """Distinct residents with at least one start that counts in this variant."""
    counts = {
        "gross": pd.Series(True, index=started.index),
        "net": ~started["already_active"],
        "without_trajectory": started["activity"] != "trajectory",
    }[variant]
    return int(started.loc[counts, "resident"].nunique())
