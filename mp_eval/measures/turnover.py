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

from .benefit_register import holds_leavers, spells
from .outflow import first_day_without
from .scope import Scope

MEASURES = ("benefit_population", "benefit_outflow", "benefit_outflow_rate")


def measure(tables: Mapping[str, pd.DataFrame], scope: Scope) -> list[dict[str, object]]:
    """Residents on benefit at the start of the period and since, how many left it, and which share that is."""
    known = spells(tables["benefits"], scope.as_of)
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
