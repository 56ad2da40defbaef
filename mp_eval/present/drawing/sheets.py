"""A chart for each place where it is seen: laid out anew for every width."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .letters import LINE, SIZE, broken, width_of
from .paint import Drawing
from .shapes import Shape, Sheet, Words, moved

WIDE, PHONE = 6.4 * 72, 3.4 * 72  # points
NAMES = 0.4  # of the width: the most that names beside bars or rows may take
GAP = 6.0
HIDDEN_WIDTH = 0.12  # of the axis: the mark of what is hidden, whatever it stands for


def drawn(lay_out: Callable[[float], Sheet]) -> Drawing:
    """The chart as wide as a page and as a phone, with letters of the same size."""
    return Drawing(lay_out(WIDE), lay_out(PHONE))


def stacked(panels: Sequence[tuple[str, Drawing]]) -> Drawing:
    """Charts of one kind below each other, each with its title above it."""
    return Drawing(*(_below([(title, getattr(chart, form)) for title, chart in panels]) for form in ("wide", "phone")))


def _below(panels: Sequence[tuple[str, Sheet]]) -> Sheet:
    shapes: list[Shape] = []
    y = 0.0
    for title, sheet in panels:
        y += LINE * SIZE
        shapes.append(Words(0.0, y - 0.3 * SIZE, title, is_bold=True))
        y += GAP
        shapes += [moved(shape, 0.0, y) for shape in sheet.shapes]
        y += sheet.height + 2 * GAP
    return Sheet(max(sheet.width for _, sheet in panels), y - 2 * GAP, tuple(shapes))


def beside(names: Sequence[str], width: float) -> tuple[list[list[str]], float]:
    """The names in lines and the width of their column; without a column when they must stand above what they name."""
    room = NAMES * width - GAP
    lines = [broken(name, room) for name in names]
    words = [word for name in names for word in name.split()]
    if any(len(found) > 2 for found in lines) or any(width_of(word) > room for word in words):
        return [broken(name, width) for name in names], 0.0
    return lines, max((width_of(line) for found in lines for line in found), default=0.0) + GAP
