"""How long protection takes: a table of 40 x 20 with margins, and a release of 100 linked tables.

    python benchmarks/disclosure.py

Prints, for each, how many cells there are, are small and are hidden, the bound on how many must be, and seconds.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping
from datetime import date
from unittest import mock

import numpy as np
import pandas as pd

from mp_eval import tidy
from mp_eval.disclosure.protect import protect
from mp_eval.disclosure.relations import relate
from mp_eval.disclosure.suppress import suppress
from mp_eval.periods import Period
from mp_eval.tidy import Measure
from mp_eval.workspace import Disclosure

SETTINGS = Disclosure(internal=False, threshold=5)
SIDES = {"area": 8, "age": 6, "reason": 7, "duration": 5}
CROSSED = Measure("events", "events", {"row": "parts", "column": "parts", "row>column": "parts"})
LINKED = Measure("events", "events", {**dict.fromkeys(SIDES, "parts"), "area>age": "parts"})
MEASURES = {**tidy.MEASURES, "crossed": CROSSED, "linked": LINKED}


def crossed(rows: int, columns: int, *, seed: int) -> pd.DataFrame:
    """One table with its margins, about one in six of its cells small."""
    counts = np.random.default_rng(seed).negative_binomial(1.2, 0.06, (rows, columns))
    made = [tidy.row("2024", "crossed", int(counts.sum()))]
    made += _side("2024", "crossed", "row", counts.sum(axis=1))
    made += _side("2024", "crossed", "column", counts.sum(axis=0))
    made += _side("2024", "crossed", "row>column", counts)
    return tidy.table(made)


def linked(*, seed: int) -> tuple[pd.DataFrame, Mapping[str, tuple[Period, ...]]]:
    """Twenty periods that nest (quarters, halves, years and all), each with five tables that share margins."""
    days = dict(_stretches())
    quarters = [k for k in days if "k" in k]
    rng = np.random.default_rng(seed)
    chance = [rng.dirichlet(np.full(n, 1.5)) for n in SIDES.values()]
    joint = chance[0]
    for side in chance[1:]:
        joint = np.multiply.outer(joint, side)
    counts = {q: rng.multinomial(int(rng.integers(120, 260)), joint.ravel()).reshape(joint.shape) for q in quarters}
    made = []
    for key, (period,) in days.items():
        within = sum(counts[q] for q in quarters if period.covers(days[q][0]))
        made.append(tidy.row(key, "linked", int(within.sum())))
        for n, side in enumerate(SIDES):
            others = tuple(axis for axis in range(len(SIDES)) if axis != n)
            made += _side(key, "linked", side, within.sum(axis=others))
        made += _side(key, "linked", "area>age", within.sum(axis=(2, 3)))
    return tidy.table(made), days


def _side(period: str, measure: str, breakdown: str, counts: np.ndarray) -> list[dict[str, object]]:
    return [
        tidy.row(period, measure, int(v), breakdown=breakdown, category=">".join(map(str, place)))
        for place, v in np.ndenumerate(counts)
    ]


def _stretches() -> Iterator[tuple[str, tuple[Period, ...]]]:
    for year in (2022, 2023, 2024):
        starts = [date(year, month, 1) for month in (1, 4, 7, 10)] + [date(year + 1, 1, 1)]
        for n in range(4):
            yield f"{year}-k{n + 1}", (Period(starts[n], starts[n + 1]),)
        yield f"{year}-h1", (Period(starts[0], starts[2]),)
        yield f"{year}", (Period(starts[0], starts[4]),)
    yield "alle-perioden", (Period(date(2022, 1, 1), date(2025, 1, 1)),)
    yield "2022-2023", (Period(date(2022, 1, 1), date(2024, 1, 1)),)


def main() -> int:
    with mock.patch.object(tidy, "MEASURES", MEASURES):
        table = crossed(40, 20, seed=1)
        start = time.perf_counter()
        pattern = suppress(relate(table, days={}), threshold=SETTINGS.threshold)
        _say("40 x 20 with margins", table, len(pattern.small), len(pattern.shields), pattern.bound, start)
        table, days = linked(seed=1)
        tables = table.groupby(["period", "breakdown"]).ngroups - table["period"].nunique()
        small = int(((table["value"] >= 1) & (table["value"] < SETTINGS.threshold)).sum())
        start = time.perf_counter()
        made = protect(table, settings=SETTINGS, days=days)
        _say(f"{tables} linked tables, attacked", table, small, made.shields, made.bound, start)
    return 0


def _say(name: str, table: pd.DataFrame, small: int, shields: int, bound: int, start: float) -> None:
    seconds = time.perf_counter() - start
    counts = f"{len(table)} cells, {small} small, {shields} hidden for them (at least {bound})"
    print(f"{name}: {counts}, {seconds:.1f} s", flush=True)


if __name__ == "__main__":
    sys.exit(main())
