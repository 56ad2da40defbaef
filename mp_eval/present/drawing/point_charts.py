"""Shares as points between their bounds, a row each, against what was claimed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isnan

from ..wording import number, word
from .axes import flags, scale, tick_labels
from .letters import LINE, SIZE, SMALL
from .paint import Drawing
from .shapes import BLUE, GREY, ORANGE, RULE, Dot, Shape, Sheet, Stroke, Words, centred, hatched, paper, written
from .sheets import GAP, HIDDEN_WIDTH, beside, drawn

ROW, RADIUS = 38.0, 4.5


@dataclass(frozen=True)
class Interval:
    """A point between its bounds, which may be missing; a point that is missing is hidden or does not exist."""

    name: str
    value: float
    low: float
    high: float
    is_hidden: bool = False


def intervals(
    rows: Sequence[Interval],
    *,
    claims: Sequence[tuple[float, str]] = (),
    shown: Callable[[float], str] = number,
    scaled: Callable[[float], str] = number,
    least: float = 1.0,
) -> Drawing:
    """A row a point, with its number (`shown` says it); `claims` are upright lines with a text."""
    found = [v for row in rows for v in (row.value, row.low, row.high) if not isnan(v)]
    values = scale(max([*found, *(claim for claim, _ in claims)], default=0.0), least=least)

    def lay_out(width: float) -> Sheet:
        names, left = beside([row.name for row in rows], width)
        highs = [ROW if left else ROW + len(lines) * LINE * SIZE for lines in names]
        right = width - 3 * GAP

        def x(value: float) -> float:
            return left + RADIUS + (right - left - RADIUS) * value / values[-1]

        flagged, top = flags([(x(v), text) for v, text in claims], width, 0.0, sum(highs), colour=ORANGE)
        bottom = top + SMALL / 2 + sum(highs)
        shapes: list[Shape] = [Stroke(((x(v), top + SMALL / 2), (x(v), bottom)), RULE) for v in values]
        shapes += flagged
        y = top + SMALL / 2
        for row, lines, high in zip(rows, names, highs, strict=True):
            high_of_name = len(lines) * LINE * SIZE
            at = y + high - ROW / 2 + 5  # below the number
            if left:
                shapes += written(lines, left - GAP, at - high_of_name / 2, anchor="end")
            else:
                shapes += written(lines, 0, y)
            shapes += _point(row, x, at, x(values[-1]) - x(0), shown)
            y += high
        labels, y = tick_labels([(x(v), scaled(v)) for v in values], width, bottom + 3)
        return Sheet(width, y, (*shapes, *labels))

    return drawn(lay_out)


def _point(
    row: Interval, x: Callable[[float], float], at: float, room: float, shown: Callable[[float], str]
) -> list[Shape]:
    if row.is_hidden:
        end = x(0) + room * HIDDEN_WIDTH
        said = Words(end + GAP, centred(at), word("hidden", "aloud"))
        return [*hatched(x(0), at - 8, end, at + 8), *paper(said)]
    if isnan(row.value):
        return paper(Words(x(0), centred(at), "niet te berekenen", GREY))
    shapes: list[Shape] = []
    if not isnan(row.low):
        shapes.append(Stroke(((x(row.low), at), (x(row.high), at)), BLUE, 2.5))
    shapes.append(Dot(x(row.value), at, RADIUS, BLUE))
    text = Words(0, at - 8, shown(row.value), is_bold=True)
    left = min(max(x(row.value) - text.width / 2, x(0) - RADIUS), x(0) + room + 3 * GAP - text.width)
    return [*shapes, *paper(Words(left, text.y, text.text, is_bold=True))]
