"""Measures: typed tables to the one tidy table, a module for each chapter of the report.

A period is measured from its own delivery, as it was reported then. What spans deliveries (the whole, and periods
that only the register knows) is measured from all of them together: `pool`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from .. import tidy
from ..periods import WHOLE, Period
from . import (
    activation,
    activities,
    ambitions,
    benefit_register,
    caseload,
    client_picture,
    cohort,
    compared,
    contradictions,
    coverage,
    declared,
    endings,
    exits,
    freshness,
    halves,
    ladder,
    lasting,
    late,
    leavers,
    leaving,
    newcomers,
    outflow,
    outlook,
    priority,
    programme,
    reach,
    routes,
    running,
    trajectories,
    turnover,
)
from .corrected import without_corrected
from .scope import Scope

__all__ = [
    "WHOLE",
    "Scope",
    "contradicted",
    "measure",
    "measure_across",
    "measure_compared",
    "measure_late",
    "measure_whole",
    "pool",
    "without_corrected",
]

CHAPTERS = (  # each tells which MEASURES it makes
    coverage,
    endings,
    reach,
    activation,
    activities,
    trajectories,
    outflow,
    exits,
    ladder,
    turnover,
    priority,
    newcomers,
)
COHORTS = (  # followed up to an extraction: of periods with a page
    cohort,
    lasting,
    routes,
)
STOCKS = (  # of a delivery: the union of periods has none of its own
    freshness,
    contradictions,
    caseload,
    running,
    ambitions,
    leaving,
    outlook,
    client_picture,
    benefit_register,
)
ACROSS = (  # of a period, but only all deliveries together tell it
    programme,
    leavers,
)
MADE = {name for chapter in (*CHAPTERS, *COHORTS, *STOCKS, *ACROSS) for name in chapter.MEASURES}
ALONE = tuple(m for m, meaning in tidy.MEASURES.items() if meaning.counts and m not in MADE)  # declared, and no more
Tables = Mapping[str, pd.DataFrame]


def measure(tables: Tables, scope: Scope, *, stocks: bool = True, cohorts: bool = True) -> pd.DataFrame:
    """Every measure of one stretch of time. `stocks` are only known for a period with a delivery of its own.

    Grain: the tidy table's. A table that was not delivered gives rows with status `not_delivered`. `cohorts` are told
    of periods with a page alone: what nobody reads would only be one more thing to subtract from.
    """
    return _measured(_numbered(tables), scope, stocks=stocks, cohorts=cohorts)


def _measured(tables: Tables, scope: Scope, *, stocks: bool, cohorts: bool = True) -> pd.DataFrame:
    rows: list[dict[str, object]] = []
    for chapter in (*CHAPTERS, *(COHORTS if cohorts else ()), *(STOCKS if stocks else ())):
        needed = {table for measure in chapter.MEASURES for table in tidy.MEASURES[measure].needs}
        is_delivered = needed <= tables.keys()
        rows += chapter.measure(tables, scope) if is_delivered else map(scope.not_delivered, chapter.MEASURES)
    return tidy.table([*rows, *declared.measure(ALONE, tables, scope)])


def contradicted(tables: Tables, scope: Scope) -> pd.DataFrame:
    """What the tables of one delivery say against each other (see `contradictions`)."""
    return tidy.table(contradictions.measure(_numbered(tables), scope))


def measure_across(pooled: Tables, own: Tables, scope: Scope) -> pd.DataFrame:
    """What of a period only all deliveries together can tell; `own` are the tables of its own delivery.

    Grain: the tidy table's. A table that was not delivered gives rows with status `not_delivered`.
    """
    rows: list[dict[str, object]] = []
    for chapter in ACROSS:
        needed = {table for measure in chapter.MEASURES for table in tidy.MEASURES[measure].needs}
        is_delivered = needed <= pooled.keys()
        rows += chapter.measure(pooled, own, scope) if is_delivered else map(scope.not_delivered, chapter.MEASURES)
    return tidy.table(rows)


def measure_compared(tables: Tables, scope: Scope) -> pd.DataFrame:
    """Who was spoken to beside who was alike (see `compared`), of all deliveries together.

    Grain: the tidy table's. A table that was not delivered gives rows with status `not_delivered`.
    """
    if {"conversations", "benefits"} <= tables.keys():
        return tidy.table(compared.measure(_numbered(tables), scope))
    return tidy.table(map(scope.not_delivered, compared.MEASURES))


def measure_whole(tables: Tables, scope: Scope, periods: Sequence[Period], *, withheld: bool = True) -> pd.DataFrame:
    """As `measure` over the union of `periods`, with who was counted in one, two, … of them, and its half-years.

    These no public release has, so they may be left out.
    """
    tables = _numbered(tables)
    counted: list[dict[str, object]] = []
    if "conversations" in tables:
        counted += _times_counted("spoken", reach.first_conversations(tables), "date", scope, periods)
    if "activities" in tables and "trajectories" in tables:
        counted += _times_counted("activated", activation.starts(tables), "start", scope, periods)
    counted += halves.measure(tables, scope) if withheld else []
    return pd.concat([_measured(tables, scope, stocks=False), tidy.table(counted)], ignore_index=True)


def measure_late(deliveries: Sequence[tuple[Tables, Scope]], identities: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """What came late or was withdrawn since an earlier delivery, of each delivery that has one (see `late`)."""
    return tidy.table(late.measure(deliveries, identities))


def pool(deliveries: Sequence[Tables], identities: Mapping[str, Sequence[str]]) -> dict[str, pd.DataFrame]:
    """All deliveries as one: of one resident on one day the last delivery that speaks of it has the last word.

    So a start that was first delivered without its kind, or a conversation whose kind was corrected, is one. A
    resident's day that a later delivery no longer holds stays: who moved away was spoken to all the same. What a later
    one holds under another day is taken out before (`corrected`).

    Parameters
    ----------
    deliveries
        In the order of their extraction, oldest first.
    identities
        The columns that say who and when in each table (`Table.identity`).

    Examples
    --------
    >>> old = {"residents": pd.DataFrame({"resident": ["a", "b"], "ladder_step": [1, 2]})}
    >>> new = {"residents": pd.DataFrame({"resident": ["b"], "ladder_step": [3]})}
    >>> pool([old, new], {"residents": ["resident"]})["residents"].values.tolist()
    [['a', 1], ['b', 3]]
    """
    pooled: dict[str, pd.DataFrame] = {}
    for name, identity in identities.items():
        by = list(identity)
        for table in (d[name] for d in deliveries if name in d):
            earlier = pooled.get(name, table.iloc[:0])
            rows = pd.concat([earlier, table], ignore_index=True)
            who_and_when = rows.groupby(by, dropna=False).ngroup()  # numbers in the order of `by`
            is_later = rows.index >= len(earlier)
            last_word = who_and_when[is_later | ~who_and_when.isin(who_and_when[is_later])]
            pooled[name] = rows.loc[last_word.sort_values(kind="stable").index].reset_index(drop=True)
    return pooled


def _numbered(tables: Tables) -> dict[str, pd.DataFrame]:
    """The tables with a number for each resident, the same in all: they join on it, and look a pseudonym up once."""
    held = {n: t["resident"].astype("category").array for n, t in tables.items() if "resident" in t}
    if not held:
        return dict(tables)
    persons = [column.categories.astype("str") for column in held.values()]
    numbers = pd.factorize(persons[0].append(persons[1:]))[0]
    ends = np.cumsum([len(some) for some in persons])[:-1]
    places = dict(zip(held, np.split(numbers, ends), strict=True))
    columns = {name: np.append(places[name], -1)[column.codes] for name, column in held.items()}
    return {n: t.assign(resident=columns[n]) if n in columns else t for n, t in tables.items()}


def _times_counted(
    measure_name: str, events: pd.DataFrame, day: str, scope: Scope, periods: Sequence[Period]
) -> list[dict[str, object]]:
    """Residents by the number of periods that count them; they sum to the distinct residents of the union."""
    within = [events.loc[Scope(p.key, (p,), scope.as_of).contains(events[day]), ["resident"]] for p in periods]
    times = pd.concat([found.drop_duplicates() for found in within])["resident"].value_counts()
    return [
        scope.row(measure_name, int((times == n).sum()), breakdown="times_counted", category=str(n))
        for n in range(1, len(periods) + 1)
    ]
