"""The figures: first the data that a figure shows, as a table that is tested; then its drawing."""

from __future__ import annotations

import pandas as pd

from .. import tidy
from ..evaluation import Evaluation
from ..periods import WHOLE
from ..tidy import ACTIVITIES, HIDDEN, Hidden
from .absence import absent
from .drawing import BLUE, GREY, ORANGE, bars, canvas_of, drawn, mark_hidden
from .elements import Absent, Figure, Table
from .wording import capital, listed, number, percent, word


def activities_data(evaluation: Evaluation, period: str) -> pd.DataFrame:
    """Residents by activity, in the report's order: activity, residents; missing where they may not be shown."""
    values = [tidy.number(evaluation.measures, period, "activated", "activity", a) for a in ACTIVITIES]
    counts = [float("nan") if isinstance(v, Hidden) else v or 0.0 for v in values]
    return pd.DataFrame({"activity": [capital(word("category", a)) for a in ACTIVITIES], "residents": counts})


def activities(evaluation: Evaluation, period: str) -> Figure | Absent:
    """The report's bar chart: with what residents became active."""
    if missing := absent(evaluation, period, "activated"):
        return missing
    data, when = activities_data(evaluation, period), evaluation.wording(period)
    colours = [GREY if a == "unrecorded" else BLUE for a in ACTIVITIES]
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
    )


def rates_data(evaluation: Evaluation) -> pd.DataFrame:
    """The period rate of every period and of all together, with its interval: period, value, low, high."""
    keys = {p.id: p.wording() for p in evaluation.workspace.periods} | {WHOLE: "alle perioden"}
    found = tidy.pick(evaluation.measures, measure="activation_rate", breakdown="").set_index("period")
    found = found.loc[[k for k in keys if k in found.index]]
    shares = found[["value", "low", "high"]].astype("float64")
    found = shares if not (found["status"] == "hidden").any() else shares.assign(hidden=found["status"] == "hidden")
    return found.rename(index=keys).rename_axis("period").reset_index()


def rates(evaluation: Evaluation) -> Figure:
    """The share activated by period with its interval, against what was claimed."""
    data = rates_data(evaluation)
    claims = sorted({f.value for f in evaluation.figures if f.measure == "activation_rate" and f.value is not None})
    with canvas_of(height=0.62 * len(data) + 1.0) as (canvas, axes):
        for n, row in enumerate(data.itertuples()):
            if pd.isna(row.value):
                if not getattr(row, "hidden", False):
                    axes.text(0, n, " niet te berekenen", va="center", color=GREY)
                continue
            if not pd.isna(row.low):
                axes.plot([row.low, row.high], [n, n], color=BLUE, linewidth=2.5, solid_capstyle="butt")
            axes.plot(row.value, n, "o", color=BLUE, markersize=9)
            paper = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}
            axes.text(row.value, n - 0.22, percent(row.value), ha="center", va="bottom", fontweight="bold", bbox=paper)
        for claim in claims:
            axes.axvline(claim, color=ORANGE, linestyle=(0, (4, 3)), linewidth=1.5, zorder=0)
            axes.text(claim, -0.72, f"gepubliceerd: {percent(claim, 0)} ", color=ORANGE, va="center", ha="right")
        axes.set_yticks(range(len(data)), data["period"])
        axes.set_ylim(len(data) - 0.5, -0.95)
        top = max([0.1, *claims, *data["high"].dropna(), *data["value"].dropna()])
        width = min(1.0, top * 1.12) if top <= 1 else top * 1.12
        axes.set_xlim(0, width)
        mark_hidden(axes, [n for n, row in enumerate(data.itertuples()) if getattr(row, "hidden", False)], width)
        axes.xaxis.set_major_formatter(lambda v, _: percent(v, 0))
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        drawing = drawn(canvas)
    rows = [
        [r.period, *(percent(_share(v, getattr(r, "hidden", False))) for v in (r.value, r.low, r.high))]
        for r in data.itertuples()
    ]
    columns = ["Periode", "Aandeel", "Ondergrens", "Bovengrens"]
    table = Table(
        "Aandeel geactiveerd naar periode",
        columns,
        rows,
        unit="% van de gesproken inwoners",
        numbers=frozenset(columns[1:]),
    )
    return Figure(
        drawing,
        _rates_alt(data, claims),
        "Aandeel geactiveerd met het 95%-interval; de streeplijn is wat gepubliceerd is.",
        table,
    )


def _activities_alt(data: pd.DataFrame, when: str) -> str:
    hidden, shown = data["residents"].isna(), data.dropna()
    if shown["residents"].sum() == 0 and not hidden.any():
        return f"Staafdiagram van inwoners naar activiteit over {when}: er is niemand actief geworden."
    values = [word("hidden", "spoken") if pd.isna(v) else number(v) for v in data["residents"]]
    parts = [f"{a.lower()} {v}" for a, v in zip(data["activity"], values, strict=True)]
    said = [f"Staafdiagram van inwoners naar activiteit over {when}"]
    if len(shown) and shown["residents"].max() > 0:
        top = shown.loc[shown["residents"].idxmax(), "activity"].lower()
        said.append(f"De langste staaf {'van wat is getoond ' if hidden.any() else ''}is {top}")
    return f"{'. '.join([*said, capital(listed(parts))])}."


def _rates_alt(data: pd.DataFrame, claims: list[float]) -> str:
    none = {True: word("hidden", "spoken"), False: "niet te berekenen"}
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
