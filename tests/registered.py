"""Published figures by hand, and the lines that reconcile them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd

from mp_eval import tidy
from mp_eval.periods import parse
from mp_eval.reconcile import Recomputed, reconcile
from mp_eval.register import Figure

NO_RECORDS = Recomputed(tidy.table([]), {})


def line(figures: str, rule: str, lines: pd.DataFrame) -> pd.Series:
    """The one line of a rule about exactly these figures."""
    found = lines[(lines["figures"] == figures) & (lines["rule"] == rule)]
    assert len(found) == 1, f"{rule} {figures}: {len(found)} lines"
    return found.iloc[0]


def cells(found: pd.Series, *columns: str) -> list[object]:
    return [None if pd.isna(found[c]) else found[c] for c in columns]


def figure(id: str, when: str | date, value: float | None, qualifier: str = "exact", **rest: object) -> Figure:
    """A made-up figure: residents spoken to, unless said otherwise."""
    days = parse(when) if isinstance(when, str) else when
    made = Figure(id, "Nota", None, "Een zin.", days, "spoken", "", (), value, qualifier, "")
    return replace(made, **rest)


def part(id: str, value: float | None, *categories: str, measure: str = "activated", breakdown: str = "activity"):
    rest = {"measure": measure, "breakdown": breakdown, "categories": categories}
    return figure(id, "2030", value, "blank" if value is None else "exact", **rest)


def judged(*figures: Figure, rule: str, records: Recomputed = NO_RECORDS) -> list[tuple[str, str]]:
    lines = reconcile(figures, records)
    return list(lines.loc[lines["rule"] == rule, ["status", "reason"]].itertuples(index=False, name=None))
