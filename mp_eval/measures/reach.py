"""Reach: how many residents were spoken to, in how many conversations, and how many of them were new.

*Spoken* is what the report counts: residents whose first conversation fell in the period.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ..tidy import CONVERSATIONS
from .scope import Scope


def measure(tables: Mapping[str, pd.DataFrame], scope: Scope) -> list[dict[str, object]]:
    """Spoken residents (total and per month), conversations by kind, residents in conversation new and known."""
    held = tables["conversations"][scope.contains(tables["conversations"]["date"])]
    first = set(held.loc[held["kind"] == "first", "resident"])
    everybody = set(held["resident"])
    rows = [
        scope.row("spoken", len(first)),
        scope.row(
            "spoken_per_month", len(first) / scope.months, numerator=len(first), denominator=round(scope.months, 4)
        ),
        scope.row("conversations", len(held)),
        *(
            scope.row("conversations", int((held["kind"] == kind).sum()), breakdown="kind", category=kind)
            for kind in CONVERSATIONS
        ),
        scope.row("in_conversation", len(everybody)),
        scope.row("in_conversation", len(everybody & first), breakdown="familiarity", category="new"),
        scope.row("in_conversation", len(everybody - first), breakdown="familiarity", category="known"),
    ]
    return rows


def first_conversations(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The first conversations: resident, date."""
    conversations = tables["conversations"]
    return conversations.loc[conversations["kind"] == "first", ["resident", "date"]]
