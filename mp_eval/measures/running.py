"""Trajectories that run at the end of a day: of the day before a period and of its last, the ends of a bridge.

Running at the start + begun - ended = running at the end. A period that was not over at the extraction ends there.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import pandas as pd

from .scope import Scope
from .trajectories import bought, counts, providers

MEASURES = ("trajectories_running",)


def measure(tables: Mapping[str, pd.DataFrame], scope: Scope) -> list[dict[str, object]]:
    """Trajectories that ran at the end of both days, in total and by provider."""
    known = bought(tables, scope)
    names = providers(known)
    rows: list[dict[str, object]] = []
    for day in days(scope):
        at_its_end = pd.Timestamp(day)
        runs = known[(known["start"] <= at_its_end) & ~(known["end"] <= at_its_end)]
        rows += counts("trajectories_running", runs, names, scope, as_of=day.isoformat())
    return rows


def days(scope: Scope) -> tuple[date, ...]:
    """The day before the period and its last day of which there are records."""
    start = min(piece.start for piece in scope.pieces) - timedelta(days=1)
    end = min(max(piece.end for piece in scope.pieces) - timedelta(days=1), scope.as_of)
    return (start, end) if start < end else (start,)
