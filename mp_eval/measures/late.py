"""Late records: what a delivery holds of days that an earlier one told of already, and what it holds no longer.

A record is known by who and when (the table's identity), so that a corrected kind is neither late nor withdrawn, and
what began twice on one day is one. Only days that both deliveries cover are compared.

Grain: a row for each period that has such an earlier delivery, in total and by table. The `denominator` is the number
of records it is of, the `note` gives the days and the earlier delivery's extraction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import pandas as pd

from ..periods import Period
from .scope import Scope

MEASURES = ("late_records", "withdrawn_records")
DAYS = {"conversations": "date", "activities": "start", "trajectories": "start", "outflow": "date"}
Tables = Mapping[str, pd.DataFrame]


def measure(
    deliveries: Sequence[tuple[Tables, Scope]], identities: Mapping[str, Sequence[str]]
) -> list[dict[str, object]]:
    """Late and withdrawn records of each delivery, against the last earlier one that tells of some of its days.

    Parameters
    ----------
    deliveries
        Each with the scope of its own period, whose `as_of` is the day of the extraction; in any order.
    identities
        The columns that say who and when in each table (`Table.identity`).
    """
    rows: list[dict[str, object]] = []
    by_extraction = sorted(deliveries, key=lambda given: given[1].as_of)
    for tables, scope in by_extraction:
        earlier = [given for given in by_extraction if given[1].as_of < scope.as_of]
        for before, then in reversed(earlier):
            if found := _compared(tables, scope, before, then, identities):
                rows += found
                break
    return rows


def covered(table: pd.DataFrame, day: str, scope: Scope) -> Period:
    """The days that a delivered table tells of: its period, and on to its last record where it goes on after that.

    Nothing after the extraction is known, whatever the period.
    """
    (period,) = scope.pieces
    last = table[day].max()
    end = period.end if pd.isna(last) else max(period.end, last.date() + timedelta(days=1))
    return Period(period.start, max(period.start + timedelta(days=1), min(end, _after(scope.as_of))))


def _compared(
    tables: Tables, scope: Scope, before: Tables, then: Scope, identities: Mapping[str, Sequence[str]]
) -> list[dict[str, object]]:
    """The rows of two deliveries, the earlier of which is `before`; none when they share no days."""
    rows, totals, days = [], dict.fromkeys(MEASURES, (0, 0)), []
    for name, day in DAYS.items():
        if name not in tables or name not in before:
            continue
        both = covered(tables[name], day, scope).overlap(covered(before[name], day, then))
        if both is None:
            continue
        days.append(both)
        shared = Scope(scope.key, (both,), scope.as_of)
        new, old = (_records(held[name], day, shared, identities[name]) for held in (tables, before))
        for measure_name, some, others in zip(MEASURES, (new, old), (old, new), strict=True):
            count = int((~some.isin(others)).sum())
            totals[measure_name] = totals[measure_name][0] + count, totals[measure_name][1] + len(some)
            label = {"breakdown": "table", "category": name, "denominator": len(some), "note": _note(both, then)}
            rows.append(scope.row(measure_name, count, **label))
    for measure_name, (count, of) in totals.items():
        if days:
            around = Period(min(d.start for d in days), max(d.end for d in days))
            rows.append(scope.row(measure_name, count, denominator=of, note=_note(around, then)))
    return rows


def _records(table: pd.DataFrame, day: str, shared: Scope, identity: Sequence[str]) -> pd.MultiIndex:
    """Who and when of the records in these days, each once."""
    within = table.loc[shared.contains(table[day]), list(identity)]
    return pd.MultiIndex.from_frame(within.astype({"resident": "str"}).drop_duplicates())


def _note(days: Period, then: Scope) -> str:
    """The compared days and the day of the earlier extraction, as ISO dates."""
    return f"{days.iso} {then.as_of.isoformat()}"


def _after(day: date) -> date:
    return day + timedelta(days=1)
