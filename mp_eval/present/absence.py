"""What a page says where something was not delivered, and what is known of it all the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from .. import tidy
from ..evaluation import Evaluation
from ..lookup import index
from .elements import Absent
from .wording import capital, listed, number, percent, word


def absent(evaluation: Evaluation, period: str, *measures: str) -> Absent | None:
    """The sentences that stand in place of these measures, when records tell none of them; else None.

    They say which tables are lacking, or that a column is; or what was published, exactly or between bounds.
    """
    table = index(evaluation.measures)
    rows = [row for measure in dict.fromkeys(measures) for row in table.rows({"period": period, "measure": measure})]
    status, basis, breakdown = map(table.column, ("status", "basis", "breakdown"))
    if any(status[row] != "not_delivered" and basis[row] == "records" for row in rows):
        return None
    told = sorted(row for row in rows if basis[row] == "published" and breakdown[row] == "")
    if told:
        published = evaluation.measures.take(told).to_dict("records")
        return Absent(" ".join([word("absent", "records"), *_known(published)]))
    if not evaluation.deliveries(period):
        return Absent(word("absent", "records"))
    needed = dict.fromkeys(table for m in measures for table in tidy.MEASURES[m].needs)
    came = [set(one.counts["table"]) for one in evaluation.deliveries(period)]
    lacking = [word("table", name).lower() for name in needed if not all(name in tables for tables in came)]
    if rows and needed and not lacking:  # it was tried
        return Absent(word("absent", "columns"))
    every = [word("table", name).lower() for name in needed]
    return Absent(word("absent", "tables").format(tables=listed(lacking or every)))


def came_empty(evaluation: Evaluation, period: str, table: str) -> bool:
    """Whether this table was delivered with nothing in it, given that no measure was made of it.

    In public no rows are told, so that it came is all that is known.
    """
    counts = [one.counts[one.counts["table"] == table] for one in evaluation.deliveries(period)]
    kept = [count for found in counts for count in found["kept"]]
    return bool(kept) and all(pd.isna(count) or count == 0 for count in kept)


def _known(rows: Sequence[dict[str, Any]]) -> Iterator[str]:
    exact = [f"{_name(r)} {_shown(r, r['value'])}" for r in rows if not pd.isna(r["value"])]
    if exact:
        yield word("absent", "published").format(figures=listed(exact))
    for row in rows:
        if pd.isna(row["value"]) and not pd.isna(row["low"]):
            form = "at_least" if pd.isna(row["high"]) else "between"
            high = "" if pd.isna(row["high"]) else _shown(row, row["high"])
            yield word("absent", form).format(what=capital(_name(row)), low=_shown(row, row["low"]), high=high)


def _name(row: dict[str, Any]) -> str:
    return word("measure", row["measure"])


def _shown(row: dict[str, Any], value: float) -> str:
    kind = tidy.MEASURES[row["measure"]].kind
    return percent(value) if kind == "share" else number(value, 1 if kind == "rate" else 0)
