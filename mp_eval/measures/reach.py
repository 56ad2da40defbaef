"""Reach: how many residents were spoken to, in how many conversations, and how many of them were new.

*Spoken* is what the report counts: residents whose first conversation fell in the period.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ..tidy import CONVERSATIONS
from .scope import Scope

MEASURES = ("spoken", "spoken_per_month", "conversations", "in_conversation")


def measure(tables: Mapping[str, pd.DataFrame], scope: Scope) -> list[dict[str, object]]:
    """Spoken residents (total and per month), conversations by kind, residents in conversation new and known."""
    conversations = tables["conversations"]
    held = conversations.loc[scope.contains(conversations["date"]), ["resident", "kind"]]
    spoken = held.loc[held["kind"] == "first", "resident"].nunique()
    everybody = held["resident"].nunique()
    kinds = held["kind"].value_counts()
    rows = [
        scope.row("spoken", spoken),
        scope.row("spoken_per_month", spoken / scope.months, numerator=spoken, denominator=round(scope.months, 4)),
        scope.row("conversations", len(held)),
        *(
            scope.row("conversations", int(kinds.get(kind, 0)), breakdown="kind", category=kind)
            for kind in CONVERSATIONS
        ),
        scope.row("in_conversation", everybody),
        scope.row("in_conversation", spoken, breakdown="familiarity", category="new"),
        scope.row("in_conversation", everybody - spoken, breakdown="familiarity", category="known"),
    ]
    return rows


def first_conversations(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The first conversations: resident, date."""
    conversations = tables["conversations"]
    return conversations.loc[conversations["kind"] == "first", ["resident", "date"]]
