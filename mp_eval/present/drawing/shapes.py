"""What a drawing is made of: strokes, areas, dots and words on a sheet, in points from its upper left corner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from .letters import LINE, SIZE, width_of

BLUE, ORANGE, GREY, INK, TEAL, PLUM = "#12436d", "#b4500f", "#6b7280", "#1f2933", "#147f77", "#801650"
PAPER, RULE = "#ffffff", "#d6dee5"
ASCENT, DESCENT = 0.76, 0.24  # of the size of letters: how far they reach above and below their line
DASHES = (4.0, 3.0)  # of a line that is no data

Point = tuple[float, float]


@dataclass(frozen=True)
class Stroke:
    """A line from point to point."""

    points: tuple[Point, ...]
    colour: str = INK
    width: float = 1.0
    dashes: tuple[float, ...] = ()


@dataclass(frozen=True)
class Area:
    """What lies within these points, filled."""

    points: tuple[Point, ...]
    colour: str
    opacity: float = 1.0


@dataclass(frozen=True)
class Dot:
    """A filled circle."""

    x: float
    y: float
    radius: float
    colour: str


@dataclass(frozen=True)
class Words:
    """A text on one line; `x` is where it begins, its middle or its end, as the anchor says."""

    x: float
    y: float
    text: str
    colour: str = INK
    size: float = SIZE
    is_bold: bool = False
    anchor: str = "start"  # start | middle | end

    @property
    def width(self) -> float:
        return width_of(self.text, size=self.size, is_bold=self.is_bold)

    @property
    def left(self) -> float:
        return self.x - {"start": 0.0, "middle": 0.5, "end": 1.0}[self.anchor] * self.width

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom."""
        return self.left, self.y - ASCENT * self.size, self.left + self.width, self.y + DESCENT * self.size


Shape = Stroke | Area | Dot | Words


@dataclass(frozen=True)
class Sheet:
    """A drawing before it is painted; later shapes lie over earlier ones."""

    width: float
    height: float
    shapes: tuple[Shape, ...]


def moved(shape: Shape, right: float, down: float) -> Shape:
    """The shape elsewhere on the sheet.

    >>> moved(Dot(1, 2, 3, INK), 10, 20)
    Dot(x=11, y=22, radius=3, colour='#1f2933')
    """
    if isinstance(shape, Stroke | Area):
        return replace(shape, points=tuple((x + right, y + down) for x, y in shape.points))
    return replace(shape, x=shape.x + right, y=shape.y + down)


def box(left: float, top: float, right: float, bottom: float) -> tuple[Point, ...]:
    """The corners of a rectangle."""
    return (left, top), (right, top), (right, bottom), (left, bottom)


def outline(left: float, top: float, right: float, bottom: float, *, width: float = 1.0) -> Stroke:
    corners = box(left, top, right, bottom)
    return Stroke((*corners, *corners[:2]), GREY, width)


def hatched(left: float, top: float, right: float, bottom: float) -> list[Shape]:
    """The mark of what may not be shown: a frame with slanting lines."""
    shapes: list[Shape] = [outline(left, top, right, bottom)]
    wide, high, n = right - left, bottom - top, 1
    while (far := 5.0 * n) < wide + high:  # a line from the upper side or the right to the left or the lower side
        start = (left + min(far, wide), top + max(far - wide, 0))
        end = (left + max(far - high, 0), top + min(far, high))
        shapes.append(Stroke((start, end), GREY))
        n += 1
    return shapes


def paper(words: Words) -> list[Shape]:
    """Words on a piece of paper of their own, over what lies there."""
    left, top, right, bottom = words.box
    return [Area(box(left - 1.5, top - 0.5, right + 1.5, bottom), PAPER), words]


def centred(y: float, size: float = SIZE) -> float:
    """The line on which letters stand whose middle is at this height."""
    return y + 0.36 * size


def written(
    lines: Sequence[str], x: float, top: float, *, colour: str = INK, size: float = SIZE, anchor: str = "start"
) -> list[Words]:
    """Lines of text below each other, each a `LINE` high."""
    first = centred(top + LINE / 2 * size, size)
    return [Words(x, first + n * LINE * size, line, colour, size, anchor=anchor) for n, line in enumerate(lines)]
