"""Where on its sheet each piece of a print is painted: asked by who enlarges a figure, or is told where it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pikepdf
from pikepdf import Dictionary, Matrix

Box = tuple[float, float, float, float]  # left, bottom, right, top, in points from the lower left corner of the sheet
Point = tuple[float, float]

PAINTED = {"f", "F", "f*", "S", "s", "B", "B*", "b", "b*"}
CLIPPED = {"W", "W*"}
TEXT = {"Tj", "TJ", "'", '"', "sh", "Do", "INLINE IMAGE"}  # paints no further than it is clipped


def painted(page: Any) -> dict[int, Box]:
    """The box of each piece of marked content of a page, by its number: no larger than what it is clipped to."""
    found: dict[int, Box] = {}
    left, bottom, right, top = map(float, page.mediabox)
    now, kept, clip = Matrix(), [], (left, bottom, right, top)
    path: list[Point] = []
    pieces: list[int | None] = []
    clips = False
    for operands, operator in instructions(page):
        name = str(operator)
        if name == "q":
            kept.append((now, clip))
        elif name == "Q":
            now, clip = kept.pop()
        elif name == "cm":
            now = Matrix(*map(float, operands)) @ now
        elif name in ("BDC", "BMC"):
            pieces.append(numbered(operands))
        elif name == "EMC":
            pieces.pop()
        elif name in CLIPPED:
            clips = True
        elif name in PAINTED | TEXT | {"n"}:
            box = clip if name in TEXT else _common(_around(path), clip)
            if name != "n" and box:
                found |= {n: around((found.get(n, box), box)) for n in pieces if n is not None}
            if clips:
                clip = _common(_around(path), clip) or clip
            path, clips = ([], False) if name not in TEXT else (path, clips)
        else:
            path += [now.transform(point) for point in _points(name, [*operands])]
    return found


def instructions(page: Any) -> Any:
    """What paints a page: operands, and what is done with them."""
    return pikepdf.parse_content_stream(page)


def numbered(operands: Any) -> int | None:
    """The number of a piece of marked content, of the operands with which it begins; None when it has none."""
    properties = operands[1] if len(operands) > 1 else None
    return int(properties.MCID) if isinstance(properties, Dictionary) and "/MCID" in properties else None


def around(boxes: Iterable[Box]) -> Box:
    """The box that holds all of these, of which there is one at least.

    >>> around([(0, 0, 1, 2), (1, 1, 5, 2)])
    (0, 0, 5, 2)
    """
    lefts, bottoms, rights, tops = zip(*boxes, strict=True)
    return min(lefts), min(bottoms), max(rights), max(tops)


def _points(name: str, operands: list[Any]) -> Iterator[Point]:
    """The points by which a piece of a path goes."""
    if name == "re":
        left, bottom, wide, high = map(float, operands)
        yield from ((left + x * wide, bottom + y * high) for x in (0, 1) for y in (0, 1))
    elif name in ("m", "l", "c", "v", "y"):
        yield from zip(map(float, operands[::2]), map(float, operands[1::2]), strict=True)


def _around(points: list[Point]) -> Box | None:
    return around((x, y, x, y) for x, y in points) if points else None


def _common(one: Box | None, other: Box) -> Box | None:
    """What two boxes share; None where they are apart."""
    if one is None:
        return None
    left, bottom, right, top = (
        max(one[0], other[0]),
        max(one[1], other[1]),
        min(one[2], other[2]),
        min(one[3], other[3]),
    )
    return (left, bottom, right, top) if left <= right and bottom <= top else None
