"""The figures: first the data that a figure shows, as a table that is tested; then its drawing."""

from __future__ import annotations

import pandas as pd

from .. import tidy
from ..evaluation import Evaluation
from ..periods import WHOLE
from ..tidy import HIDDEN, Hidden
from .absence import absent
from .drawing.bar_charts import bars
from .drawing.point_charts import Interval, intervals
from .drawing.shapes import BLUE, GREY
from .elements import Absent, Figure, Table
from .findings import largest, small
from .wording import capital, category, listed, number, percent, word

WHOLE_IN_WORDS = "alle perioden"


def activities_data(evaluation: Evaluation, period: str) -> pd.DataFrame:
    """Residents by activity, in the report's order: activity, residents; missing where they may not be shown."""
    values = [tidy.number(evaluation.measures, period, "activated", "activity", a) for a in evaluation.programme.kinds]
    counts = [float("nan") if isinstance(v, Hidden) else v or 0.0 for v in values]
    return pd.DataFrame({"activity": [capital(category(a)) for a in evaluation.programme.kinds], "residents": counts})


def activities(evaluation: Evaluation, period: str) -> Figure | Absent:
    """The report's bar chart: with what residents became active."""
    if missing := absent(evaluation, period, "activated"):
        return missing
    data, when = activities_data(evaluation, period), evaluation.wording(period)
    colours = [GREY if a == "unrecorded" else BLUE for a in evaluation.programme.kinds]
    drawing = bars(data["activity"], data["residents"], colours=colours)
    rows = [[a, number(_shown(v))] for a, v in zip(data["activity"], data["residents"], strict=True)]
    table = Table(
        f"Inwoners naar activiteit, {when}", ["Activiteit", "Inwoners"], rows, numbers=frozenset({"Inwoners"})
    )
    return Figure(
        drawing,
        _activities_alt(data, when),
        f"Waarmee inwoners actief werden, {when} (aantal inwoners).",
        table,
        largest("De grootste groep:", data["activity"].map(small), data["residents"]),
    )


def rates_data(evaluation: Evaluation) -> pd.DataFrame:
    """The cohort rate of every period and of all together, with its interval: period, value, low, high."""
    keys = {p.id: p.wording() for p in evaluation.workspace.periods} | {WHOLE: WHOLE_IN_WORDS}
    found = tidy.pick(evaluation.measures, measure="cohort_activation_rate", breakdown="").set_index("period")
    found = found.loc[[k for k in keys if k in found.index]]
    shares = found[["value", "low", "high"]].astype("float64")
    found = shares if not (found["status"] == "hidden").any() else shares.assign(hidden=found["status"] == "hidden")
    return found.rename(index=keys).rename_axis("period").reset_index()


def rates(evaluation: Evaluation) -> Figure:
    """Of who was first spoken to the share that was or became active, by period, against what was claimed."""
    data = rates_data(evaluation)
    claims = sorted(
        {f.value for f in evaluation.figures if f.measure == "activation_rate" and f.is_count and f.value is not None}
    )
    found = [
        Interval(capital(r.period), r.value, r.low, r.high, is_hidden=getattr(r, "hidden", False))
        for r in data.itertuples()
    ]
    drawing = intervals(
        found,
        claims=[(claim, f"gepubliceerd: {percent(claim, 0)}") for claim in claims],
        shown=percent,
        scaled=lambda v: percent(v, 0),
        least=0.01,
    )
    rows = [
        [capital(r.period), *(percent(_share(v, getattr(r, "hidden", False))) for v in (r.value, r.low, r.high))]
        for r in data.itertuples()
    ]
    columns = ["Periode", "Aandeel", "Ondergrens", "Bovengrens"]
    table = Table(
        "Aandeel van de gesproken inwoners dat actief was of werd",
        columns,
        rows,
        unit="% van de gesproken inwoners",
        numbers=frozenset(columns[1:]),
    )
    return Figure(
        drawing,
        _rates_alt(data, claims),
        "Van wie in een periode voor het eerst is gesproken, het deel dat tot de laatste dag van de gegevens actief "
        "werd of het al was, met het 95%-interval; de streeplijn is wat gepubliceerd is.",
        table,
        _rates_finding(data),
    )


def _activities_alt(data: pd.DataFrame, when: str) -> str:
    hidden, shown = data["residents"].isna(), data.dropna()
    if shown["residents"].sum() == 0 and not hidden.any():
        return f"Staafdiagram van inwoners naar activiteit over {when}: er is niemand actief geworden."
    values = [word("hidden", "aloud") if pd.isna(v) else number(v) for v in data["residents"]]
    parts = [f"{a.lower()} {v}" for a, v in zip(data["activity"], values, strict=True)]
    said = [f"Staafdiagram van inwoners naar activiteit over {when}"]
    if len(shown) and shown["residents"].max() > 0:
        top = shown.loc[shown["residents"].idxmax(), "activity"].lower()
        said.append(f"De langste staaf {'van wat is getoond ' if hidden.any() else ''}is {top}")
    return f"{'. '.join([*said, capital(listed(parts))])}."


def _rates_finding(data: pd.DataFrame) -> str:
    whole = data.loc[data["period"] == WHOLE_IN_WORDS, "value"].dropna()
    return (
        f"Over alle perioden was of werd {percent(whole.iloc[0])} van de gesproken inwoners actief."
        if len(whole)
        else ""
    )


def _rates_alt(data: pd.DataFrame, claims: list[float]) -> str:
    none = {True: word("hidden", "aloud"), False: "niet te berekenen"}
    parts = [
        f"{r.period} {none[bool(getattr(r, 'hidden', False))] if pd.isna(r.value) else percent(r.value)}"
        for r in data.itertuples()
    ]
    against = f" De streeplijn staat bij {listed([percent(c, 0) for c in claims])}." if claims else ""
    return f"Puntdiagram van het aandeel geactiveerd naar periode: {listed(parts)}.{against}"


def _shown(value: float) -> tidy.Value:
    return HIDDEN if pd.isna(value) else value


def _share(value: float, is_hidden: bool) -> tidy.Value:
    return HIDDEN if is_hidden else None if pd.isna(value) else value
