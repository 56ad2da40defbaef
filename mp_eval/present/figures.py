"""The figures: first the data that a figure shows, as a table that is tested; then its drawing.

Drawn as SVG with fixed ids and without a date, so that the same data gives the same bytes. Meaning never hangs on
colour alone: bars carry their number, points their label.
"""

from __future__ import annotations

import io
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib
import pandas as pd
from matplotlib.figure import Figure as Canvas

from .. import tidy
from ..evaluation import Evaluation
from ..periods import WHOLE
from ..tidy import ACTIVITIES, HIDDEN, Hidden
from .elements import Drawing, Figure, Table
from .wording import capital, listed, number, percent, word

BLUE, ORANGE, GREY, INK = "#12436D", "#B4500F", "#6B7280", "#1F2933"
DARK = {"#ffffff": "#10171e", "#12436d": "#9ccaf2", "#b4500f": "#ffb38a", "#6b7280": "#a8b4c0", "#1f2933": "#e4eaf0"}
HIDDEN_WIDTH = 0.12  # of the axis: the mark of what is hidden
WIDE, PHONE, LINE, DOTS = 6.4, 3.4, 16, 200  # inches, inches, letters on a line of a label, dots an inch
STYLE: Any = {
    "svg.hashsalt": "mp-eval",
    "svg.fonttype": "path",
    "font.family": "DejaVu Sans",
    "font.size": 11,
    "text.color": INK,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
}


def activities_data(evaluation: Evaluation, period: str) -> pd.DataFrame:
    """Residents by activity, in the report's order: activity, residents; missing where they may not be shown."""
    values = [tidy.number(evaluation.measures, period, "activated", "activity", a) for a in ACTIVITIES]
    counts = [float("nan") if isinstance(v, Hidden) else v or 0.0 for v in values]
    return pd.DataFrame({"activity": [capital(word("category", a)) for a in ACTIVITIES], "residents": counts})


def activities(evaluation: Evaluation, period: str) -> Figure:
    """The report's bar chart: with what residents became active."""
    data, when = activities_data(evaluation, period), evaluation.period(period)
    with _canvas(height=3.3) as (canvas, axes):
        colours = [GREY if a == "unrecorded" else BLUE for a in ACTIVITIES]
        bars = axes.barh(data["activity"], data["residents"].fillna(0), color=colours, height=0.68)
        labels = ["" if pd.isna(v) else number(v) for v in data["residents"]]
        axes.bar_label(bars, labels, padding=4, fontweight="bold")
        axes.invert_yaxis()
        width = max(1.0, data["residents"].fillna(0).max() * 1.1)
        axes.set_xlim(0, width)
        _mark_hidden(axes, [n for n, v in enumerate(data["residents"]) if pd.isna(v)], width)
        axes.xaxis.set_visible(False)
        axes.spines["bottom"].set_visible(False)
        axes.tick_params(axis="y", length=0)
        drawing = _drawn(canvas)
    rows = [[a, number(_shown(v))] for a, v in zip(data["activity"], data["residents"], strict=True)]
    table = Table(
        f"Inwoners naar activiteit, {when.wording()}", ["Activiteit", "Inwoners"], rows, numbers=frozenset({"Inwoners"})
    )
    return Figure(
        drawing,
        _activities_alt(data, when.wording()),
        f"Waarmee inwoners actief werden, {when.wording()} (aantal inwoners).",
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
    with _canvas(height=0.62 * len(data) + 1.0) as (canvas, axes):
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
        _mark_hidden(axes, [n for n, row in enumerate(data.itertuples()) if getattr(row, "hidden", False)], width)
        axes.xaxis.set_major_formatter(lambda v, _: percent(v, 0))
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        drawing = _drawn(canvas)
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


def _mark_hidden(axes: matplotlib.axes.Axes, places: list[int], width: float) -> None:
    """A hatched mark in place of a bar or point that may not be shown, of the same length whatever it stands for."""
    if places:
        axes.barh(
            places, [width * HIDDEN_WIDTH] * len(places), height=0.68, facecolor="none", edgecolor=GREY, hatch="////"
        )
    for n in places:
        axes.text(width * (HIDDEN_WIDTH + 0.01), n, word("hidden", "spoken"), va="center", color=INK)


@contextmanager
def _canvas(*, height: float) -> Iterator[tuple[Canvas, matplotlib.axes.Axes]]:
    """An empty drawing in the house style, of the width of a page."""
    with matplotlib.rc_context(STYLE):
        canvas = Canvas(figsize=(WIDE, height), layout="constrained")
        yield canvas, canvas.subplots()


def _drawn(canvas: Canvas) -> Drawing:
    """The canvas as wide as a page and as a phone, where letters keep their size and labels break; dots on demand."""
    wide = _svg(canvas)
    _resize(canvas, PHONE, letters=LINE)
    return Drawing(wide, _svg(canvas), lambda: _dots(canvas))


def _resize(canvas: Canvas, width: float, *, letters: int) -> None:
    canvas.set_size_inches(width, canvas.get_figheight())
    for axes in canvas.axes:
        texts = [" ".join(label.get_text().split()) for label in axes.get_yticklabels()]
        axes.set_yticks(axes.get_yticks(), [textwrap.fill(t, letters, break_long_words=False) for t in texts])


def _dots(canvas: Canvas) -> bytes:
    buffer = io.BytesIO()
    with matplotlib.rc_context(STYLE):
        _resize(canvas, WIDE, letters=80)
        canvas.savefig(buffer, format="png", dpi=DOTS, metadata={"Software": None})
    return buffer.getvalue()


def _svg(canvas: Canvas) -> bytes:
    buffer = io.BytesIO()
    canvas.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None}, transparent=True)
    style = f"@media (prefers-color-scheme:dark){{{_dark()}}}"
    return buffer.getvalue().replace(b"</defs>", f"<style>{style}</style></defs>".encode(), 1)


def _dark() -> str:
    """What a figure looks like on a dark page: the same drawing in the colours of that page."""
    rules = []
    for light, dark in DARK.items():
        rules += [f'[style*="{k}: {light}"]{{{k}:{dark}!important}}' for k in ("fill", "stroke")]
    return "".join(rules)


def warm() -> None:
    """Do once what is slow the first time: fonts and the locale are loaded."""
    with _canvas(height=1) as (canvas, axes):
        axes.set_xlabel(number(1.5, 1))
        _svg(canvas)
