"""Stocks on a date: residents on benefit, by the group that the caseload puts them in and by who knows them."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from .scope import Scope

MEASURES = ("on_benefit",)
GROUPS = ("caseload", "ready", "later", "not_soon")
FILLERS = ("participation_consultant", "work_consultant", "integration_consultant", "external_bureau")
STOCKS = (("caseload", "group", GROUPS), ("client_picture", "filled_by", FILLERS))


def measure(tables: Mapping[str, pd.DataFrame], scope: Scope) -> list[dict[str, object]]:
    """Residents by group on the last date of each table of stocks, and those with a running benefit on that date."""
    last = {name: tables[name]["as_of"].max() for name, _, _ in STOCKS if name in tables and len(tables[name])}
    if not last:
        return [scope.not_delivered("on_benefit")]
    residents, rows = tables["residents"], []
    for day in sorted(set(last.values())):
        as_of = {"as_of": day.date().isoformat()}
        if residents["benefit_start"].notna().any() or residents.empty:
            open_end = ~(residents["benefit_end"] < day)
            running = int(((residents["benefit_start"] <= day) & open_end).sum())
            unknown = int((residents["benefit_start"].isna() & open_end).sum())  # may be on benefit, or may not
            rows.append(scope.row("on_benefit", running, low=running, high=running + unknown, **as_of))
        else:
            rows.append(scope.not_delivered("on_benefit", **as_of))
    for name, column, categories in STOCKS:
        if name in last:
            as_of = {"as_of": last[name].date().isoformat()}
            counts = tables[name].loc[tables[name]["as_of"] == last[name], column].value_counts()
            rows += [
                scope.row("on_benefit", int(counts.get(c, 0)), breakdown=column, category=c, **as_of)
                for c in categories
            ]
    return rows
