"""Stocks on a date: residents on benefit, by the group that the caseload puts them in and by who knows them."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from .scope import Scope

GROUPS = ("caseload", "ready", "later", "not_soon")
FILLERS = ("participation_consultant", "work_consultant", "integration_consultant", "external_bureau")


def measure(tables: Mapping[str, pd.DataFrame], scope: Scope) -> list[dict[str, object]]:
    """Residents with a running benefit on the last date for which a stock was delivered, and their groups."""
    dates = [tables[name]["as_of"].max() for name in ("caseload", "client_picture") if name in tables]
    dates = [day for day in dates if not pd.isna(day)]
    if not dates:
        return [scope.not_delivered("on_benefit")]
    day = max(dates)
    residents = tables["residents"]
    running = (residents["benefit_start"] <= day) & ~(residents["benefit_end"] < day)
    as_of = {"as_of": day.date().isoformat()}
    rows = [scope.row("on_benefit", int(running.sum()), **as_of)]
    for table, column, categories in (
        ("caseload", "group", GROUPS),
        ("client_picture", "filled_by", FILLERS),
    ):
        if table in tables:
            counts = tables[table].loc[tables[table]["as_of"] == day, column].value_counts()
            rows += [
                scope.row("on_benefit", int(counts.get(c, 0)), breakdown=column, category=c, **as_of)
                for c in categories
            ]
    return rows
