"""A chart for each place where it is seen: laid out anew for every width."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .letters import broken, width_of
from .paint import Drawing
from .shapes import Sheet

WIDE, PHONE = 6.4 * 72, 3.4 * 72  # points
NAMES = 0.4  # of the width: the most that names beside bars or rows may take
GAP = 6.0
HIDDEN_WIDTH = 0.12  # of the axis: the mark of what is hidden, whatever it stands for


def drawn(lay_out: Callable[[float], Sheet]) -> Drawing:
    """The chart as wide as a page and as a phone, with letters of the same size."""
    return Drawing(lay_out(WIDE), lay_out(PHONE))


def beside(names: Sequence[str], width: float) -> tuple[list[list[str]], float]:
    """The names in lines and the width of their column; without a column when they must stand above what they name."""
    room = NAMES * width - GAP
    lines = [broken(name, room) for name in names]
    words = [word for name in names for word in name.split()]
    if any(len(found) > 2 for found in lines) or any(width_of(word) > room for word in words):
        return [broken(name, width) for name in names], 0.0
    return lines, max((width_of(line) for found in lines for line in found), default=0.0) + GAP
