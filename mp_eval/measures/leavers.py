"""Who was in the programme in a period, and which part of them left the benefit.

The rate is outflow / (stock at the start + inflow), as the statistical office (CBS) computes outflow from the benefit;
here of the programme alone. Who is in it is told by `programme.stays_in`: all deliveries together, for that of one
period does not hold the first conversations before it.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from . import programme
from .scope import Scope

MEASURES = ("programme_population", "programme_outflow_rate")
Tables = Mapping[str, pd.DataFrame]


def measure(tables: Tables, own: Tables, scope: Scope) -> list[dict[str, object]]:
    """Residents in the programme, those from before and the new ones, and the share that left the benefit.

    Who left the benefit counts when that was after joining, also where a closing conversation came before it. `own`
    tells nothing of it: `tables` are those of all deliveries.
    """
    present = programme.present_in(programme.stays_in(tables), scope)
    new = int((present["joined"] >= pd.Timestamp(scope.pieces[0].start)).sum())
    out = programme.out_of_benefit(tables)
    out = out[scope.contains(out["date"]) & (out["date"] <= pd.Timestamp(scope.as_of))]
    out = out.merge(present[["resident", "joined"]], on="resident")
    leavers = out.loc[out["date"] >= out["joined"], "resident"].nunique()
    return [
        scope.row("programme_population", len(present)),
        scope.row("programme_population", len(present) - new, breakdown="begin", category="started_before"),
        scope.row("programme_population", new, breakdown="begin", category="started_within"),
        scope.share("programme_outflow_rate", leavers, len(present)),
    ]
