"""Stocks on a date: residents on benefit, by the group that the caseload puts them in and by who knows them.

Of who is in guidance or ready for it also how long, and how many in guidance there are for each consultant.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from ..programme import GUIDED
from .durations import CLASSES, classes, median_months
from .scope import Scope

MEASURES = ("on_benefit", "group_share", "in_group", "months_in_group", "caseload_per_consultant")
FILLERS = ("participation_consultant", "work_consultant", "integration_consultant", "external_bureau")
STOCKS = (("caseload", "group"), ("client_picture", "filled_by"))
Row = dict[str, object]


def measure(tables: Mapping[str, pd.DataFrame], scope: Scope) -> list[Row]:
    """Residents by group on the last date of each table of stocks, and those with a running benefit on that date.

    Of the groups also their share of all on benefit, of those in guidance and those ready for it how long they have
    been so, and how many in guidance there are for each consultant.
    """
    groups = last_stock(tables, "caseload")
    return [*_on_benefit(tables, scope), *(_of_groups(tables, groups, scope) if groups is not None else ())]


def last_stock(tables: Mapping[str, pd.DataFrame], name: str) -> pd.DataFrame | None:
    """The rows of a table of stocks on its last date; None when there is no such table, or nothing in it."""
    if name not in tables or tables[name].empty:
        return None
    rows = tables[name]
    return rows[rows["as_of"] == rows["as_of"].max()]


def _on_benefit(tables: Mapping[str, pd.DataFrame], scope: Scope) -> list[Row]:
    found = {name: last_stock(tables, name) for name, _ in STOCKS}
    stocks = {name: rows for name, rows in found.items() if rows is not None}
    if not stocks:
        return [scope.not_delivered("on_benefit")]
    made = []
    for day in sorted({rows["as_of"].iloc[0] for rows in stocks.values()}):
        as_of = {"as_of": day.date().isoformat()}
        counted = _running(tables, day)
        if counted is None:
            made.append(scope.not_delivered("on_benefit", **as_of))
        else:
            running, unknown = counted
            made.append(scope.row("on_benefit", running, low=running, high=running + unknown, **as_of))
    for name, column in STOCKS:
        if name in stocks:
            as_of = _as_of(stocks[name])
            counts = stocks[name][column].value_counts()
            made += [
                scope.row("on_benefit", int(counts.get(c, 0)), breakdown=column, category=c, **as_of)
                for c in (scope.programme.stocks if column == "group" else FILLERS)
            ]
    return made


def _running(tables: Mapping[str, pd.DataFrame], day: pd.Timestamp) -> tuple[int, int] | None:
    """How many have a running benefit on the day, and how many may have one; None when nothing is known of it."""
    residents = tables.get("residents")
    if residents is None or not (residents["benefit_start"].notna().any() or residents.empty):
        return None
    open_end = ~(residents["benefit_end"] < day)
    running = (residents["benefit_start"] <= day) & open_end
    return int(running.sum()), int((residents["benefit_start"].isna() & open_end).sum())


def _of_groups(tables: Mapping[str, pd.DataFrame], groups: pd.DataFrame, scope: Scope) -> Iterator[Row]:
    as_of, day = _as_of(groups), groups["as_of"].iloc[0]
    on_benefit, counts = _running(tables, day), groups["group"].value_counts()
    for group in scope.programme.stocks:
        label = {"breakdown": "group", "category": group, **as_of}
        if on_benefit is None:
            yield scope.not_delivered("group_share", **label)
        else:
            yield scope.share("group_share", int(counts.get(group, 0)), on_benefit[0], **label)
    yield from _since(groups, scope)
    yield _per_consultant(int(counts.get(GUIDED, 0)), scope, as_of)


def _since(groups: pd.DataFrame, scope: Scope) -> Iterator[Row]:
    """Of each of these groups how many have been in it how long, with the median; of whom it is known."""
    as_of = _as_of(groups)
    known = groups[groups["since"] <= groups["as_of"]]
    if known.empty:
        for name in ("in_group", "months_in_group"):
            yield scope.not_delivered(name, **as_of)
        return
    lasted = classes(known["since"], known["as_of"])
    for group in scope.programme.timed:
        own = known[known["group"] == group]
        label = {"breakdown": "group", "category": group, **as_of}
        yield scope.row("in_group", len(own), **label)
        counts = lasted[own.index].value_counts()
        for name in CLASSES:
            crossed = {"breakdown": "group>duration", "category": f"{group}>{name}"}
            yield scope.row("in_group", int(counts.get(name, 0)), **crossed, **as_of)
        median = median_months(own["since"], own["as_of"])
        status = {"status": "undefined"} if median is None else {}
        yield scope.row("months_in_group", median, denominator=len(own), **label, **status)


def _per_consultant(guided: int, scope: Scope, as_of: dict[str, object]) -> Row:
    """Residents in guidance for each consultant of the period; not delivered when their number is not known."""
    label = {"breakdown": "group", "category": GUIDED, **as_of}
    staff = [count for period, count in scope.staff if period in scope.pieces]
    if not staff or not staff[-1]:
        return scope.not_delivered("caseload_per_consultant", **label)
    counts = {"numerator": guided, "denominator": staff[-1]}
    return scope.row("caseload_per_consultant", guided / staff[-1], **counts, **label)


def _as_of(rows: pd.DataFrame) -> dict[str, object]:
    return {"as_of": rows["as_of"].iloc[0].date().isoformat()}
