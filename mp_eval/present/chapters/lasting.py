"""How long activities last, by kind."""

from __future__ import annotations

import pandas as pd

from ... import tidy
from ...evaluation import Evaluation
from ...measures.lasting import FEWEST, MILESTONES, lasting_kinds
from ..absence import absent
from ..elements import Absent, Table
from ..wording import capital, category, number, percent, word

MEASURE = "activity_lasting"


def shares(evaluation: Evaluation, period: str, *, decimals: int = 1) -> Table | Absent:
    """The share still running after 6 and 12 months, of each kind of activity and of all; in no public release."""
    if missing := absent(evaluation, period, MEASURE):
        return missing
    if not evaluation.is_internal:
        return Absent(word("absent", "lasting"))
    rows = [_row(evaluation, period, kind, decimals) for kind in lasting_kinds(evaluation.programme)]
    rows = [row for row in rows if row[1] != "0"] + [_row(evaluation, period, "", decimals)]
    columns = ["Soort", "Begonnen", *(f"Loopt na {m} maanden" for m in MILESTONES), "95%-interval na 12"]
    return Table(
        "Hoe lang activiteiten aanhouden",
        columns,
        rows,
        unit="activiteiten, en %",
        numbers=frozenset(columns[1:]),
        totals=frozenset({len(rows) - 1}),
        note="Begonnen: zonder wat er bij het eerste gesprek al was, en zonder trajecten; daarom kunnen het er minder "
        "zijn dan hierboven. Wat nog loopt, telt mee zolang het is gevolgd. ‘–’ betekent: minder dan "
        f"{FEWEST} activiteiten waren zo lang te volgen, of er eindigde geen. Zonder einddatum geldt zij als "
        "lopend: is het einde niet vastgelegd, dan is het aandeel te hoog.",
    )


def _row(evaluation: Evaluation, period: str, kind: str, decimals: int) -> list[str]:
    found = [_at(evaluation, period, kind, months) for months in MILESTONES]
    low, high = (found[-1][side] for side in ("low", "high"))
    interval = "–" if pd.isna(low) else f"{percent(float(low), decimals)} – {percent(float(high), decimals)}"
    shown = [percent(None if pd.isna(row["value"]) else float(row["value"]), decimals) for row in found]
    name = capital(category(kind)) if kind else "Alle soorten"
    return [name, number(float(found[0]["denominator"])), *shown, interval]


def _at(evaluation: Evaluation, period: str, kind: str, months: int) -> pd.Series:
    label = {"breakdown": "activity>months" if kind else "months", "category": f"{kind}>{months}".lstrip(">")}
    return tidy.pick(evaluation.measures, period=period, measure=MEASURE, **label).iloc[-1]
