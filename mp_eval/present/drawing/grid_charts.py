"""A raster of counts, from what to what: the more, the darker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan

from ..wording import MARK, number
from .letters import LINE, SIZE, width_of
from .paint import Drawing
from .shapes import INK, RULE, Area, Shape, Sheet, Words, box, centred, hatched, outline, paper, written
from .sheets import GAP, drawn

HIGH, WIDEST = 34.0, 60.0  # points: of a square
PALEST, DARKEST = 0.15, 0.5  # of its colour: of few and of most; ink is readable on both


@dataclass(frozen=True)
class Square:
    """How many, in which colour; missing is what may not be shown."""

    value: float
    colour: str
    is_framed: bool = False


def grid(rows: Sequence[Sequence[Square]], *, labels: Sequence[str], down: str, across: str) -> Drawing:
    """Squares with their numbers, where these fit; `down` says what the rows are, `across` the columns."""
    every = [square.value for row in rows for square in row if not isnan(square.value)]
    fullest = max([1.0, *every])

    def lay_out(width: float) -> Sheet:
        left = max(map(width_of, (down, *labels))) + 2 * GAP
        wide = min(WIDEST, (width - left) / len(labels))
        has_numbers = all(width_of(number(v), is_bold=True) <= wide - 6 for v in every)
        top = 2 * LINE * SIZE + 3
        middle = left + wide * len(labels) / 2
        shapes: list[Shape] = [*written([down], 0, LINE * SIZE), *written([across], middle, 0, anchor="middle")]
        for n, label in enumerate(labels):
            shapes += written([label], left + (n + 0.5) * wide, LINE * SIZE, anchor="middle")
            shapes.append(Words(left - 2 * GAP, centred(top + (n + 0.5) * HIGH), label, anchor="end"))
        for n, row in enumerate(rows):
            for m, square in enumerate(row):
                at = (
                    left + m * wide + 1.5,
                    top + n * HIGH + 1.5,
                    left + (m + 1) * wide - 1.5,
                    top + (n + 1) * HIGH - 1.5,
                )
                shapes += _square(square, at, fullest=fullest, has_numbers=has_numbers)
        return Sheet(width, top + len(rows) * HIGH, tuple(shapes))

    return drawn(lay_out)


def _square(square: Square, at: tuple[float, float, float, float], *, fullest: float, has_numbers: bool) -> list[Shape]:
    left, top, right, bottom = at
    middle, line = (left + right) / 2, centred((top + bottom) / 2)
    if isnan(square.value):
        return [*hatched(*at), *paper(Words(middle, line, MARK, anchor="middle"))]
    shapes: list[Shape] = [] if square.value else [Area(box(*at), RULE, PALEST)]
    if square.value:
        depth = PALEST + (DARKEST - PALEST) * square.value / fullest
        shapes.append(Area(box(*at), square.colour, depth))
        if has_numbers:
            shapes.append(Words(middle, line, number(square.value), INK, is_bold=True, anchor="middle"))
    return [*shapes, outline(*at)] if square.is_framed else shapes
