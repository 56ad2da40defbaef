"""Outflow: residents whose benefit ended, and residents referred to the employers' service point (WSP)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from .scope import Scope

MEASURES = KINDS = ("outflow", "wsp_referral")


def measure(tables: Mapping[str, pd.DataFrame], scope: Scope) -> list[dict[str, object]]:
    """Distinct residents of each kind in the period; a resident with both is in both."""
    events = tables["outflow"]
    within = events[scope.contains(events["date"])]
    return [scope.row(kind, within.loc[within["kind"] == kind, "resident"].nunique()) for kind in KINDS]
