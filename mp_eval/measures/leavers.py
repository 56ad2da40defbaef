"""Who was in the programme in a period, and which part of them left the benefit.

In the programme at the start: a first conversation before it and since then neither left nor closed; or, when a
delivery does not go back that far, a later conversation or an outflow in the period without a first one in it. To
these come the residents first spoken to in the period. The rate is outflow / (stock at the start + inflow), as the
statistical office (CBS) computes outflow from the benefit; here of the programme alone.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from .outflow import lasting
from .reach import first_conversations
from .scope import Scope

MEASURES = ("programme_population", "programme_outflow_rate")


def measure(tables: Mapping[str, pd.DataFrame], scope: Scope) -> list[dict[str, object]]:
    """Residents in the programme, those from before and the new ones, and the share that left in the period."""
    talks, events = tables["conversations"], tables["outflow"]
    start = pd.Timestamp(min(piece.start for piece in scope.pieces))
    first = first_conversations(tables)
    new = _set(first[scope.contains(first["date"])])
    left = lasting(events, tables.get("benefits"))
    gone = _set(left[left["date"] < start]) | _set(talks[(talks["kind"] == "closing") & (talks["date"] < start)])
    leavers = _set(left[scope.contains(left["date"])])
    stayed = _set(first[first["date"] < start]) - gone
    before = (stayed | _set(talks[scope.contains(talks["date"])]) | leavers) - new
    return [
        scope.row("programme_population", len(before) + len(new)),
        scope.row("programme_population", len(before), breakdown="begin", category="started_before"),
        scope.row("programme_population", len(new), breakdown="begin", category="started_within"),
        scope.share("programme_outflow_rate", len(leavers), len(before) + len(new)),
    ]


def _set(rows: pd.DataFrame) -> set[object]:
    return set(rows["resident"])
