"""Half-years: they share no days and are equally long, so what was counted in one may be set beside that in the next.

Each is a stretch of its own for the chapters that count, so no definition is made twice. Told of all periods together,
of the half-years of which every day is in the records. Residents spoken to are not among them: their months add up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from itertools import islice
from typing import Any

import pandas as pd

from .. import tidy
from ..periods import Period, half_years
from . import activation, cohort, exits, newcomers, reach, turnover
from .scope import Scope

MEASURES = ("half_year_rate", "half_year_share")
BREAKDOWN = "measure>half_year"
RATES = {"conversations_per_month": reach, "activated_per_month": activation, "outflow_per_month": exits}
SHARES = {"timely_activation_rate": cohort, "benefit_outflow_rate": turnover, "newcomers_reached": newcomers}
PART = {"timely_activation_rate": ("months", "6")}  # of what is told for several lengths


def measure(tables: Mapping[str, pd.DataFrame], scope: Scope) -> Iterator[dict[str, object]]:
    """A row for each of these measures and each half-year, as its chapter tells it."""
    halves = dict.fromkeys(half_years(scope.pieces, known=scope.as_of + timedelta(days=1)))  # pieces may share days
    for name, chapter in (RATES | SHARES).items():
        needed = {table for measure in chapter.MEASURES for table in tidy.MEASURES[measure].needs}
        for half in halves if needed <= tables.keys() else ():
            told: Iterable[dict[str, object]] = chapter.measure(tables, replace(scope, pieces=(half,)))
            label = (name, *PART.get(name, ("", "")))
            found = (r for r in told if (r["measure"], r["breakdown"], r["category"]) == label)
            yield from (_row(r, half, scope) for r in islice(found, 1))  # what it would tell after it is not asked


def _row(row: Mapping[str, Any], half: Period, scope: Scope) -> dict[str, object]:
    name = "half_year_rate" if row["measure"] in RATES else "half_year_share"
    numbers = {c: row[c] for c in ("numerator", "denominator", "low", "high", "status")}
    return scope.row(name, row["value"], breakdown=BREAKDOWN, category=f"{row['measure']}>{half.id}", **numbers)
