"""Lines and points over time, with bands and their names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import inf, isnan

from ..wording import MARK, number
from .axes import Name, Plot, frame
from .letters import SIZE, width_of
from .paint import Drawing
from .shapes import BLUE, INK, Area, Dot, Point, Shape, Sheet, Stroke, Words, box, hatched
from .sheets import drawn

HEIGHT = 180.0  # points, of the room within the axes
FEW = 20  # residents or benefits, of which a share is unsure
THIN, DOTTED = 1.0, (1.5, 2.5)  # of what rests on few
FADED = 0.18  # how much of its colour a band has


@dataclass(frozen=True)
class Line:
    """A line with its name: points in order, missing where there is none; `low` and `high` are a band around it.

    With `mark` every point has one, *round* or *square*; what is not joined has uprights in place of a band. `said`
    stands above the points. What comes after `unsure_from` rests on few: it is drawn thinly.
    """

    name: str
    x: Sequence[float]
    y: Sequence[float]
    colour: str = BLUE
    dashes: tuple[float, ...] = ()
    low: Sequence[float] = ()
    high: Sequence[float] = ()
    width: float = 2.2
    mark: str = ""
    is_joined: bool = True
    said: Sequence[str] = ()
    unsure_from: float = inf


def lines(
    series: Sequence[Line],
    *,
    shown: Callable[[float], str] = number,
    least: float = 1.0,
    ticks: Sequence[tuple[float, str]] = (),
    marks: Sequence[tuple[float, str]] = (),
    hidden: Sequence[float] = (),
    x_label: str = "",
    highest: float = 0.0,
    height: float = HEIGHT,
) -> Drawing:
    """Lines from zero; `ticks` label the x-axis, `marks` are upright lines with a text, `hidden` is what lacks a point.

    The scale has no steps smaller than `least`: 1 of what is counted, 0.01 of shares; it goes to
    `highest` at least, so that charts can be compared.
    """
    every = [x for line in series for x in line.x] + [x for x, _ in (*ticks, *marks)] + list(hidden)
    top = max((y for line in series for y in (*line.y, *line.high) if not isnan(y)), default=0.0)
    names = [Name(s.name, end, s.colour, s.width, s.dashes) for s in series if s.name and (end := _end(s)) is not None]

    def lay_out(width: float) -> Sheet:
        plot, shapes, whole = frame(
            width,
            height,
            span=(min(every), max(every)),
            highest=max(top, highest),
            shown=shown,
            least=least,
            ticks=ticks,
            names=names,
            marks=marks,
            x_label=x_label,
            headroom=1.6 * SIZE if any(line.said for line in series) else 0.0,
        )
        for line in series:
            shapes += _around(line, plot)
        for line in series:
            shapes += _traced(line, plot)
        for x in hidden:
            at = plot.x(x)
            shapes += hatched(at - 4, plot.bottom - 24, at + 4, plot.bottom)
            shapes.append(Words(at, plot.bottom - 28, MARK, INK, anchor="middle"))
        return Sheet(width, whole, tuple(shapes))

    return drawn(lay_out)


def _end(line: Line) -> float | None:
    return next((y for y in reversed(list(line.y)) if not isnan(y)), None)


def _pieces(points: Sequence[Point]) -> Iterator[tuple[Point, ...]]:
    """The stretches without a missing point."""
    piece: list[Point] = []
    for point in points:
        if isnan(point[1]):
            yield tuple(piece)
            piece = []
        else:
            piece.append(point)
    yield tuple(piece)


def _around(line: Line, plot: Plot) -> list[Shape]:
    """The band of a line, or the uprights of points."""
    bounds = [(plot.x(x), plot.y(low), plot.y(high)) for x, low, high in zip(line.x, line.low, line.high, strict=False)]
    known = [bound for bound in bounds if not (isnan(bound[1]) or isnan(bound[2]))]
    if not line.is_joined:
        return [Stroke(((x, low), (x, high)), line.colour, 1.6) for x, low, high in known]
    if len(known) < 2:
        return []
    upper, lower = [(x, high) for x, _, high in known], [(x, low) for x, low, _ in known]
    return [Area((*upper, *reversed(lower)), line.colour, FADED)]


def _traced(line: Line, plot: Plot) -> list[Shape]:
    points = [(plot.x(x), plot.y(y)) for x, y in zip(line.x, line.y, strict=True)]
    known = [point for point in points if not isnan(point[1])]
    shapes: list[Shape] = []
    if line.is_joined:
        turn = plot.x(line.unsure_from) if line.unsure_from < inf else inf
        for piece in _pieces(points):
            sure, unsure = [p for p in piece if p[0] <= turn], [p for p in piece if p[0] >= turn]
            shapes += [Stroke(tuple(sure), line.colour, line.width, line.dashes)] if len(sure) > 1 else []
            shapes += [Stroke(tuple(unsure), line.colour, THIN, DOTTED)] if len(unsure) > 1 else []
    if line.mark:
        shapes += [_mark(line, *point) for point in known]
    return [*shapes, *_said(line, known, plot)]


def _said(line: Line, known: Sequence[Point], plot: Plot) -> list[Shape]:
    """What is said of the points, as far as there is room: above a point, and aside of where the line goes on."""
    shapes: list[Words] = []
    for n, ((x, y), text) in enumerate(zip(known, line.said, strict=False)):
        is_falling = n + 1 < len(known) and known[n + 1][1] > y
        wide = width_of(text, is_bold=True)
        left = min(max(x + 3 if is_falling else x - wide, plot.left), plot.right - wide)
        words = Words(left, y - 0.8 * SIZE, text, line.colour, is_bold=True)
        is_free = not shapes or words.left > shapes[-1].box[2] + 3
        if not is_free and n == len(known) - 1:  # the last says most
            shapes, is_free = shapes[:-1], True
        if text and is_free:
            shapes.append(words)
    return [*shapes]


def _mark(line: Line, x: float, y: float) -> Shape:
    half = line.width * 1.5
    square = Area(box(x - half, y - half, x + half, y + half), line.colour)
    return square if line.mark == "square" else Dot(x, y, half, line.colour)
