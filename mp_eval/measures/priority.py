"""How soon the first conversation comes: how long residents had been on benefit when they were first spoken to.

The report says that who newly enters the benefit goes first. Whether that is so is for the reader to judge.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from .benefit_register import spells
from .durations import CLASSES, classes, median_months
from .reach import first_conversations
from .scope import Scope

MEASURES = ("spoken_on_benefit", "benefit_age_share", "months_to_first_talk")
Tables = Mapping[str, pd.DataFrame]


def measure(tables: Tables, scope: Scope) -> list[dict[str, object]]:
    """Residents first spoken to in the stretch, by how long they had been on benefit, with the median."""
    benefits = _benefits(tables)
    if not benefits["start"].notna().any() and len(benefits):
        return [scope.not_delivered(m) for m in MEASURES]
    talks = _with_benefit(tables, benefits, scope)
    counts = classes(talks["start"], talks["date"]).value_counts()
    rows = [scope.row("spoken_on_benefit", len(talks))]
    for name in CLASSES:
        label, count = {"breakdown": "benefit_age", "category": name}, int(counts.get(name, 0))
        rows.append(scope.row("spoken_on_benefit", count, **label))
        rows.append(scope.share("benefit_age_share", count, len(talks), **label))
    median = median_months(talks["start"], talks["date"])
    status = {"status": "undefined"} if median is None else {}
    return [*rows, scope.row("months_to_first_talk", median, denominator=len(talks), **status)]


def _benefits(tables: Tables) -> pd.DataFrame:
    """Resident, start, end: of the benefit register, or where that was not delivered of the table of residents."""
    if "benefits" in tables:
        return tables["benefits"]
    residents = tables["residents"].reindex(columns=["resident", "benefit_start", "benefit_end"])
    days = {"start": "datetime64[us]", "end": "datetime64[us]"}  # of an empty table too
    return residents.set_axis(["resident", "start", "end"], axis="columns").astype(days)


def _with_benefit(tables: Tables, benefits: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    """One row a resident first spoken to in the stretch: resident, date, and the start of the benefit of that day.

    Whose benefit did not run on that day is left out: of them it is not known.
    """
    first = first_conversations(tables)
    first = first[scope.contains(first["date"])].groupby("resident", observed=True, as_index=False)["date"].min()
    pairs = first.merge(spells(benefits, scope.as_of), on="resident")
    return pairs[(pairs["start"] <= pairs["date"]) & ~(pairs["end"] < pairs["date"])].reset_index(drop=True)
