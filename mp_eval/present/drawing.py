"""How every figure is drawn: in one style, as SVG with fixed ids and without a date, the same bytes for the same data.

Meaning never hangs on colour alone: bars carry their number, lines their name, points their label.
"""

from __future__ import annotations

import io
import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import matplotlib
import pandas as pd
from matplotlib.figure import Figure as Canvas

from .elements import Drawing
from .wording import number, word

BLUE, ORANGE, GREY, INK, TEAL, PLUM = "#12436D", "#B4500F", "#6B7280", "#1F2933", "#147F77", "#801650"
DARK = {
    "#ffffff": "#10171e",
    "#12436d": "#9ccaf2",
    "#b4500f": "#ffb38a",
    "#6b7280": "#a8b4c0",
    "#1f2933": "#e4eaf0",
    "#147f77": "#6fd3c9",
    "#801650": "#f0a3cd",
}
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


@dataclass(frozen=True)
class Line:
    """A line with its name: points in order, missing where there is none; `low` and `high` are a band around it."""

    name: str
    x: Sequence[float]
    y: Sequence[float]
    colour: str = BLUE
    dashes: tuple[float, ...] = ()
    low: Sequence[float] = ()
    high: Sequence[float] = ()
    is_step: bool = False


def bars(
    labels: Sequence[str], values: Sequence[float], *, colours: Sequence[str] = (), shown: Any = number
) -> Drawing:
    """Lying bars from top to bottom, each with its number (`shown` says it); missing is what may not be shown."""
    lengths = pd.Series(list(values), dtype="float64")
    with canvas_of(height=0.42 * len(labels) + 0.4) as (canvas, axes):
        places = range(len(labels))
        drawn_bars = axes.barh(places, lengths.fillna(0), color=list(colours) or BLUE, height=0.68)
        axes.set_yticks(places, list(labels))
        texts = ["" if pd.isna(v) else shown(float(v)) for v in lengths]
        axes.bar_label(drawn_bars, texts, padding=4, fontweight="bold")
        axes.invert_yaxis()
        top = lengths.max()
        width = 1.0 if pd.isna(top) or top <= 0 else float(top) * 1.12
        axes.set_xlim(0, width)
        mark_hidden(axes, [n for n, v in enumerate(lengths) if pd.isna(v)], width)
        axes.xaxis.set_visible(False)
        axes.spines["bottom"].set_visible(False)
        axes.tick_params(axis="y", length=0)
        return drawn(canvas)


def floating(
    labels: Sequence[str],
    starts: Sequence[float],
    values: Sequence[float],
    *,
    colours: Sequence[str],
    shown: Any = number,
) -> Drawing:
    """Lying bars that begin where they are told, each with its number: how one sum becomes another."""
    with canvas_of(height=0.42 * len(labels) + 0.4) as (canvas, axes):
        places = range(len(labels))
        axes.barh(places, list(values), left=list(starts), color=list(colours), height=0.68)
        ends = [start + value for start, value in zip(starts, values, strict=True)]
        width = max([*ends, 1.0]) * 1.14
        for n, (end, value) in enumerate(zip(ends, values, strict=True)):
            axes.text(end + width * 0.01, n, shown(float(value)), va="center", fontweight="bold")
        axes.set_yticks(places, list(labels))
        axes.invert_yaxis()
        axes.set_xlim(0, width)
        axes.xaxis.set_visible(False)
        axes.spines["bottom"].set_visible(False)
        axes.tick_params(axis="y", length=0)
        return drawn(canvas)


def lines(
    series: Sequence[Line],
    *,
    height: float = 3.4,
    shown: Any = number,
    ticks: Sequence[tuple[float, str]] = (),
    marks: Sequence[tuple[float, str]] = (),
    top: float | None = None,
    x_label: str = "",
) -> Drawing:
    """Lines from zero, with a key above; `ticks` label the x-axis, `marks` are upright lines with a text."""
    with canvas_of(height=height) as (canvas, axes):
        for line in series:
            style: dict[str, Any] = {"color": line.colour, "linewidth": 2.2, "label": line.name}
            if line.dashes:
                style["dashes"] = line.dashes
            if line.is_step:
                axes.step(line.x, line.y, where="post", **style)
            else:
                axes.plot(line.x, line.y, **style)
            if len(line.low):
                axes.fill_between(
                    line.x, line.low, line.high, color=line.colour, alpha=0.18, linewidth=0,
                    step="post" if line.is_step else None,
                )  # fmt: skip
        highest = axes.get_ylim()[1] if top is None else top
        axes.set_ylim(0, highest if highest > 0 else 1)
        for x, text in marks:
            axes.axvline(x, color=GREY, linestyle=(0, (4, 3)), linewidth=1.2, zorder=0)
            axes.text(x, axes.get_ylim()[1], f" {text}", color=INK, fontsize=9, va="top", rotation=90, ha="right")
        if ticks:
            axes.set_xticks([x for x, _ in ticks], [t for _, t in ticks])
        axes.set_xlabel(x_label)
        axes.yaxis.set_major_formatter(lambda v, _: shown(v))
        if len(series) > 1:
            axes.legend(loc="lower left", bbox_to_anchor=(0, 1), frameon=False, handlelength=2.4, fontsize=10)
        return drawn(canvas)


def mark_hidden(axes: matplotlib.axes.Axes, places: list[int], width: float) -> None:
    """A hatched mark in place of a bar or point that may not be shown, of the same length whatever it stands for."""
    if places:
        axes.barh(
            places, [width * HIDDEN_WIDTH] * len(places), height=0.68, facecolor="none", edgecolor=GREY, hatch="////"
        )
    for n in places:
        axes.text(width * (HIDDEN_WIDTH + 0.01), n, word("hidden", "spoken"), va="center", color=INK)


@contextmanager
def canvas_of(*, height: float) -> Iterator[tuple[Canvas, matplotlib.axes.Axes]]:
    """An empty drawing in the house style, of the width of a page."""
    with matplotlib.rc_context(STYLE):
        canvas = Canvas(figsize=(WIDE, height), layout="constrained")
        yield canvas, canvas.subplots()


def drawn(canvas: Canvas) -> Drawing:
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
    with canvas_of(height=1) as (canvas, axes):
        axes.set_xlabel(number(1.5, 1))
        axes.set_ylabel(number(1.5, 1), fontweight="bold")
        _svg(canvas)
