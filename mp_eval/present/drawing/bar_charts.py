"""Bars: lying with their names before them, or standing along the months."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from math import isnan

from ..wording import MARK, number, word
from .axes import Name, Plot, frame
from .letters import LINE, SIZE, SMALL, width_of
from .paint import Drawing
from .shapes import (
    BLUE,
    DASHES,
    GREY,
    INK,
    Area,
    Shape,
    Sheet,
    Stroke,
    Words,
    box,
    centred,
    hatched,
    paper,
    written,
)
from .sheets import GAP, HIDDEN_WIDTH, beside, drawn

BAR, SPACE = 20.0, 10.0  # points: how thick a bar is, and from bar to bar
COLUMN = 0.72  # of the room of a month
HEIGHT = 190.0


def bars(
    labels: Sequence[str],
    values: Sequence[float],
    *,
    starts: Sequence[float] = (),
    colours: Sequence[str] = (),
    shown: Callable[[float], str] = number,
) -> Drawing:
    """Lying bars from top to bottom, each with its number (`shown` says it); missing is what may not be shown.

    With `starts` each begins where it is told: how one sum becomes another.
    """
    each = list(zip_longest(values, starts, colours))[: len(labels)]
    found = [_Bar(float(value), start or 0.0, colour or BLUE) for value, start, colour in each]
    texts = [word("hidden", "aloud") if bar.is_hidden else shown(bar.value) for bar in found]
    return drawn(lambda width: _lying(labels, found, texts, width))


@dataclass(frozen=True)
class _Bar:
    value: float
    start: float
    colour: str

    @property
    def is_hidden(self) -> bool:
        return isnan(self.value)

    @property
    def end(self) -> float:
        return 0.0 if self.is_hidden else self.start + self.value


def _lying(labels: Sequence[str], found: Sequence[_Bar], texts: Sequence[str], width: float) -> Sheet:
    names, left = beside(labels, width)
    numbers = [width_of(t, is_bold=True) for t, bar in zip(texts, found, strict=True) if not bar.is_hidden]
    room = width - left - max(numbers, default=0.0) - GAP  # so that the number of the longest bar fits behind it
    longest = max([bar.end for bar in found], default=0.0) or 1.0
    shapes: list[Shape] = []
    y = 0.0
    for lines, bar, text in zip(names, found, texts, strict=True):
        high = len(lines) * LINE * SIZE
        if left:
            row = max(BAR, high)
            shapes += written(lines, left - GAP, y + (row - high) / 2, anchor="end")
            top = y + (row - BAR) / 2
        else:
            shapes += written(lines, 0, y)
            row, top = high + BAR, y + high
        begin, end = (left + room * v / longest for v in (bar.start, bar.end))
        if bar.is_hidden:
            end = left + room * HIDDEN_WIDTH
            shapes += hatched(left + 0.5, top + 0.5, end, top + BAR - 0.5)
        else:
            shapes.append(Area(box(begin, top, end, top + BAR), bar.colour))
        shapes.append(Words(end + GAP, centred(top + BAR / 2), text, is_bold=not bar.is_hidden))
        y += row + SPACE
    shapes += [Stroke(((left, 0), (left, y - SPACE)), GREY)] if left else []
    return Sheet(width, y - SPACE, tuple(shapes))


def columns(
    values: Sequence[float],
    *,
    ticks: Sequence[tuple[int, str]],
    colours: Sequence[str] = (),
    level: tuple[float, str] | None = None,
    shown: Callable[[float], str] = number,
) -> Drawing:
    """Standing bars, with their numbers where these fit and else a scale; `level` is a broken line with its name."""
    found = [_Bar(float(v), 0.0, colour or BLUE) for v, colour in zip_longest(values, colours)]
    texts = ["" if bar.is_hidden else shown(bar.value) for bar in found]
    highest = max([*(bar.end for bar in found), *([level[0]] if level else [])], default=0.0)
    names = [Name(level[1], level[0], GREY, 1.5, DASHES)] if level else []

    def lay_out(width: float) -> Sheet:
        def framed(*, has_scale: bool) -> tuple[Plot, list[Shape], float]:
            span = (-0.5, max(1, len(found)) - 0.5)
            return frame(
                width,
                HEIGHT,
                span=span,
                highest=highest,
                shown=shown,
                ticks=ticks,
                names=names,
                has_scale=has_scale,
                headroom=0.0 if has_scale else LINE * SMALL,
            )

        plot, shapes, height = framed(has_scale=False)
        room = (plot.right - plot.left) / max(1, len(found)) - 4
        has_numbers = all(width_of(text, size=SMALL, is_bold=True) <= room for text in texts)
        if not has_numbers:
            plot, shapes, height = framed(has_scale=True)
        if level:
            at = plot.y(level[0])
            shapes.append(Stroke(((plot.left, at), (plot.right, at)), GREY, 1.5, DASHES))
        for n, (bar, text) in enumerate(zip(found, texts, strict=True)):
            left, middle, right = (plot.x(n + share * COLUMN / 2) for share in (-1, 0, 1))
            if bar.is_hidden:
                top = plot.bottom - HIDDEN_WIDTH * HEIGHT
                shapes += hatched(left, top, right, plot.bottom)
                if width_of(MARK) < plot.x(n + 1) - plot.x(n):  # else it lies over the next, and the hatching says it
                    shapes.append(Words(middle, top - 4, MARK, anchor="middle"))
                continue
            shapes.append(Area(box(left, plot.y(bar.value), right, plot.bottom), bar.colour))
            if has_numbers:
                shapes += paper(Words(middle, plot.y(bar.value) - 4, text, INK, SMALL, is_bold=True, anchor="middle"))
        return Sheet(width, height, tuple(shapes))

    return drawn(lay_out)
