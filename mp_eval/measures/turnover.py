"""The turnover of the benefit itself: of all residents with one, not of the programme alone.

The rate is outflow / (stock at the start + inflow), as the statistical office (CBS) computes it, in residents rather
than benefits. Who is back within 30 days did not leave, so two spells that lie that close are one.

A register that begins to hold who left within the period or after it tells nothing of it: only who stayed is there.

The stock at the start is that of the end of the day before: who has that day as the last one leaves in the period.
Between two pieces of a stretch nobody comes: who began there was there already.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from .benefit_register import holds_leavers
from .outflow import BACK_WITHIN, first_day_without, is_back
from .scope import Scope

MEASURES = ("benefit_population", "benefit_outflow", "benefit_outflow_rate")


def measure(tables: Mapping[str, pd.DataFrame], scope: Scope) -> list[dict[str, object]]:
    """Residents on benefit at the start of the period and since, how many left it, and which share that is."""
    known = spells(tables["benefits"], pd.Timestamp(scope.as_of))
    if not holds_leavers(known, scope.pieces[0].start):
        return [scope.not_delivered(m) for m in MEASURES]
    out = first_day_without(known["end"])
    out = out.where(out <= pd.Timestamp(scope.as_of))
    during = pd.Series(False, index=known.index)
    for piece in scope.pieces:
        during |= (known["start"] < pd.Timestamp(piece.end)) & ~(out < pd.Timestamp(piece.start))
    everybody = set(known.loc[during, "resident"])
    before = set(known.loc[during & ~scope.contains(known["start"]), "resident"])
    left = set(known.loc[during & scope.contains(out), "resident"])
    return [
        scope.row("benefit_population", len(everybody)),
        scope.row("benefit_population", len(before), breakdown="begin", category="started_before"),
        scope.row("benefit_population", len(everybody - before), breakdown="begin", category="started_within"),
        scope.row("benefit_outflow", len(left)),
        scope.share("benefit_outflow_rate", len(left), len(everybody)),
    ]


def spells(benefits: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """The spells of a resident as one when who left was back (`is_back`): resident, start, end (missing: it runs).

    A spell that lies within another, or beside it, is part of it.

    Examples
    --------
    >>> rows = [("a", "2020-01-01", "2023-05-31"), ("a", "2023-06-15", None), ("a", "2025-01-01", "2026-01-01")]
    >>> benefits = pd.DataFrame(rows, columns=["resident", "start", "end"])
    >>> benefits = benefits.astype({"start": "datetime64[us]", "end": "datetime64[us]"})
    >>> len(spells(benefits, pd.Timestamp("2025-07-15")))
    1
    """
    known = benefits.reindex(columns=["resident", "start", "end"]).astype({"end": "datetime64[us]"})
    known = known[known["start"] <= as_of].sort_values(["resident", "start"], kind="stable").reset_index(drop=True)
    far = pd.Timestamp.max.floor("D") - 2 * BACK_WITHIN
    end = known["end"].where(known["end"] <= as_of).fillna(far)
    latest = end.groupby(known["resident"], observed=True).cummax()
    without = first_day_without(latest.groupby(known["resident"], observed=True).shift())
    goes_on = (known["start"] <= without) | is_back(without, known["start"])
    joined = known.assign(end=latest).groupby((~goes_on).cumsum())
    made = joined.agg(resident=("resident", "first"), start=("start", "min"), end=("end", "max"))
    return made.assign(end=made["end"].where(made["end"] < far)).reset_index(drop=True)
