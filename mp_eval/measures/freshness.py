"""Freshness: how long after the end of its period a delivery was taken from its source."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from .scope import Scope

MEASURES = ("days_to_extraction",)


def measure(tables: Mapping[str, pd.DataFrame], scope: Scope) -> list[dict[str, object]]:
    """Days from the last day of the period to the extraction; negative when the period was not over."""
    return [scope.row("days_to_extraction", (scope.as_of - scope.pieces[-1].end).days + 1)]
