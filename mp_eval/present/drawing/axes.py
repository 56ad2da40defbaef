"""The frame of a chart with two axes: scale, labels below, names beside the lines, upright marks with their words.

Everything is measured before it is placed, so no text is cut off or lies over another.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil, floor, log10

from .letters import LINE, SIZE, SMALL, broken, width_of
from .shapes import DASHES, GREY, INK, RULE, Shape, Stroke, Words, centred, written
from .sheets import GAP, PHONE

STEPS = 5  # of the scale, at most
NAMES = 0.3  # of the width: the most that the names of lines may take beside them
SAMPLE = 22.0  # the piece of line before its name in a key


@dataclass(frozen=True)
class Name:
    """What a line is called, and at which value it ends."""

    text: str
    end: float
    colour: str
    width: float = 2.2
    dashes: tuple[float, ...] = ()


@dataclass(frozen=True)
class Plot:
    """The room within the axes, and where a value lies in it."""

    left: float
    top: float
    right: float
    bottom: float
    first: float
    last: float
    highest: float

    def x(self, value: float) -> float:
        return self.left + (self.right - self.left) * (value - self.first) / ((self.last - self.first) or 1.0)

    def y(self, value: float) -> float:
        return self.bottom - (self.bottom - self.top) * value / self.highest


def scale(highest: float, *, least: float = 1.0) -> list[float]:
    """The values at which a scale from zero is marked, up to the first that is not below `highest`.

    Steps are 1, 2 or 5 times a power of ten, and no smaller than `least`: what lies between two of those has no label.

    >>> scale(20), scale(7.5), scale(0.31, least=0.01)
    ([0.0, 5.0, 10.0, 15.0, 20.0], [0.0, 2.0, 4.0, 6.0, 8.0], [0.0, 0.1, 0.2, 0.3, 0.4])
    """
    wanted = max(highest, least) / STEPS
    power = 10.0 ** floor(log10(wanted))
    step = max(least, next(n * power for n in (1, 2, 5, 10) if n * power >= wanted * (1 - 1e-9)))
    return [round(step * n, 10) for n in range(ceil(max(highest, least) / step - 1e-9) + 1)]


def frame(
    width: float,
    height: float,
    *,
    span: tuple[float, float],
    highest: float,
    shown: Callable[[float], str],
    least: float = 1.0,
    ticks: Sequence[tuple[float, str]] = (),
    names: Sequence[Name] = (),
    marks: Sequence[tuple[float, str]] = (),
    x_label: str = "",
    has_scale: bool = True,
    headroom: float = 0.0,
) -> tuple[Plot, list[Shape], float]:
    """The room within the axes, what lies around it, and how high it all is.

    `height` is that of the room alone, `headroom` what the words at the highest value need above it.
    """
    values = scale(highest, least=least)
    labels = [shown(v) for v in values] if has_scale else []
    left = max((width_of(t, size=SMALL) + GAP for t in labels), default=0.0)
    column = _column(names, width, height)
    right = width - (max(width_of(line) for lines in column for line in lines) + 3 * GAP if column else GAP)
    across = Plot(left, 0, right, 0, *span, values[-1] if has_scale else max(highest, least))

    keys, y = ([], 0.0) if column else _keys(names, width)
    flagged, y = flags([(across.x(x), text) for x, text in sorted(marks)], width, y, headroom + height)
    y += SMALL / 2 + headroom  # half of the highest label of the scale
    plot = replace(across, top=y, bottom=y + height)
    shapes: list[Shape] = [*keys, *flagged]
    if has_scale:
        for value, label in zip(values, labels, strict=True):
            at = plot.y(value)
            shapes.append(Stroke(((left, at), (right, at)), RULE))
            shapes.append(Words(left - GAP, centred(at, SMALL), label, GREY, SMALL, anchor="end"))
    shapes.append(Stroke(((left, plot.bottom), (right, plot.bottom)), GREY))
    shapes += _beside(column, names, plot)
    below, y = tick_labels([(plot.x(x), text) for x, text in ticks], width, plot.bottom + GAP)
    shapes += below
    if x_label:
        lines = broken(x_label, width, size=SMALL)
        half = max(width_of(line, size=SMALL) for line in lines) / 2
        middle = min(max((left + right) / 2, half), width - half)
        shapes += written(lines, middle, y, size=SMALL, anchor="middle")
        y += len(lines) * LINE * SMALL
    return plot, shapes, y


def _column(names: Sequence[Name], width: float, height: float) -> list[list[str]]:
    """The names in lines, for beside the ends of what they name; none when there is no room for them."""
    room = NAMES * width
    found = [broken(name.text, room) for name in names]
    is_cut = any(width_of(word) > room for name in names for word in name.text.split())
    is_high = sum(len(lines) for lines in found) * LINE * SIZE > height
    return [] if width <= PHONE or is_cut or is_high else found


def _beside(column: Sequence[Sequence[str]], names: Sequence[Name], plot: Plot) -> list[Shape]:
    """Each name at the end of its line, or as near as the other names let it."""
    shapes: list[Shape] = []
    highs = [len(lines) * LINE * SIZE for lines in column]
    ends = [plot.y(name.end) for name in names] if column else []
    middles = spread(ends, highs, within=(plot.top - SMALL / 2, plot.bottom))
    for lines, name, end, high, middle in zip(column, names, ends, highs, middles, strict=False):
        x = plot.right + 3 * GAP
        shapes.append(Stroke(((plot.right + 3, end), (x - 3, middle)), name.colour, 0.8))
        shapes += written(lines, x, middle - high / 2, colour=name.colour)
    return shapes


def spread(wanted: Sequence[float], highs: Sequence[float], *, within: tuple[float, float]) -> list[float]:
    """Middles as near to the wanted ones as they can be, in their order, when none may lie over another.

    >>> spread([10, 12, 50], [8, 8, 8], within=(0, 52))
    [7.0, 15.0, 48.0]
    """

    def edges(group: Sequence[int]) -> tuple[float, float]:
        """Where a pile begins and ends whose middle is the middle of what its members want."""
        half = sum(highs[n] for n in group) / 2
        middle = sum(wanted[n] for n in group) / len(group)
        middle = min(max(middle, within[0] + half), within[1] - half)
        return middle - half, middle + half

    piles: list[list[int]] = []
    for n in sorted(range(len(wanted)), key=lambda n: wanted[n]):  # what touches the pile above it joins it
        piles.append([n])
        while len(piles) > 1 and edges(piles[-2])[1] > edges(piles[-1])[0]:
            piles[-2:] = [piles[-2] + piles[-1]]
    found = [0.0] * len(wanted)
    for pile in piles:
        top = edges(pile)[0]
        for n in pile:
            found[n] = top + highs[n] / 2
            top += highs[n]
    return found


def _keys(names: Sequence[Name], width: float) -> tuple[list[Shape], float]:
    """Each name below the other with a piece of its line, for above a drawing; and where they end."""
    shapes: list[Shape] = []
    y = 0.0
    for name in names:
        lines = broken(name.text, width - SAMPLE - GAP)
        at = y + LINE * SIZE / 2
        shapes.append(Stroke(((0, at), (SAMPLE, at)), name.colour, name.width, name.dashes))
        shapes += written(lines, SAMPLE + GAP, y)
        y += len(lines) * LINE * SIZE
    return shapes, y + GAP if names else y


def flags(
    marks: Sequence[tuple[float, str]], width: float, y: float, height: float, *, colour: str = GREY
) -> tuple[list[Shape], float]:
    """Upright broken lines, each with its words above the drawing in rows of their own; and where those end."""
    ink = INK if colour == GREY else colour
    rows: list[tuple[float, list[Words], float, float]] = []
    for x, text in marks:
        is_right = width - x >= x or width_of(text, size=SMALL) <= width - x - GAP
        room = (width - x if is_right else x) - GAP
        lines = [line for part in text.split("\n") for line in broken(part, room, size=SMALL) if line]
        at, anchor = (x + GAP / 2, "start") if is_right else (x - GAP / 2, "end")
        end = y + len(lines) * LINE * SMALL
        rows.append((x, written(lines, at, y, colour=ink, size=SMALL, anchor=anchor), y, end))
        y = end
    bottom = y + SMALL / 2 + height
    shapes: list[Shape] = []
    for x, words, top, _ in rows:
        at = top
        for _, others, start, end in rows:
            if start > top and any(w.box[0] - 2 < x < w.box[2] + 2 for w in others):  # not through these words
                shapes.append(Stroke(((x, at), (x, start)), colour, 1.2, DASHES))
                at = end
        shapes.append(Stroke(((x, at), (x, bottom)), colour, 1.2, DASHES))
        shapes += words
    return shapes, y


def tick_labels(ticks: Sequence[tuple[float, str]], width: float, y: float) -> tuple[list[Shape], float]:
    """Labels below the axis, each or every second or third of them as there is room; and where they end."""
    placed = [_tick(x, text, width, y) for x, text in ticks]
    step = 1
    for step in range(1, len(placed) + 1):
        edges = [(min(w.left for w in words), max(w.box[2] for w in words)) for words in placed[::step]]
        if all(end + GAP <= start for (_, end), (start, _) in pairwise(edges)):
            break
    most = max(map(len, placed), default=0)
    return [words for found in placed[::step] for words in found], y + most * LINE * SMALL


def _tick(x: float, text: str, width: float, y: float) -> list[Words]:
    """A label in the middle below its place, and not over the edge."""
    lines = text.split("\n")
    half = max(width_of(line, size=SMALL) for line in lines) / 2
    return written(lines, min(max(x, half), width - half), y, size=SMALL, anchor="middle")
