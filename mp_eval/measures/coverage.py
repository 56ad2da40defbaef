"""Coverage: of how many residents is known what the other measures need: a first conversation, a step of the ladder."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from .reach import first_conversations
from .scope import Scope

MEASURES = ("coverage_of_first_conversation", "coverage_of_ladder_step")


def measure(tables: Mapping[str, pd.DataFrame], scope: Scope) -> list[dict[str, object]]:
    """Shares of residents in conversation whose first conversation is known, of spoken residents with a step.

    A first conversation is known when the delivery holds one up to the extraction, of whatever day. A step is known
    from the residents' table or from a row of the ladder, of whatever day.
    """
    conversations, first = tables["conversations"], first_conversations(tables)
    talked = conversations.loc[scope.contains(conversations["date"]), "resident"].drop_duplicates()
    spoken = first.loc[scope.contains(first["date"]), "resident"].drop_duplicates()
    known = int(talked.isin(first["resident"]).sum())
    rows = [scope.share("coverage_of_first_conversation", known, len(talked))]
    stepped = _with_step(tables)
    if stepped is None:
        return [*rows, scope.not_delivered("coverage_of_ladder_step")]
    return [*rows, scope.share("coverage_of_ladder_step", int(spoken.isin(stepped).sum()), len(spoken))]


def _with_step(tables: Mapping[str, pd.DataFrame]) -> pd.Series | None:
    """The residents of whom a step is known; None when steps were not delivered at all."""
    residents, ladder = tables["residents"].reindex(columns=["resident", "ladder_step"]), tables.get("ladder")
    told = residents.loc[residents["ladder_step"].notna(), "resident"]
    if ladder is not None:
        return pd.concat([told, ladder.loc[ladder["step"].notna(), "resident"]])
    return told if len(told) or residents.empty else None
