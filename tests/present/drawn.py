"""The texts of a drawing as a reader gets them, read back from its SVG."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from itertools import combinations

SVG = "{http://www.w3.org/2000/svg}"
ABOVE, BELOW = 0.74, 0.24  # of the size: the height of a capital and of the tail of a letter, in DejaVu Sans

Box = tuple[float, float, float, float]


def texts(svg: bytes) -> list[tuple[str, Box]]:
    """Every text with its left, top, right and bottom."""
    found = []
    for element in ET.fromstring(svg).iter(f"{SVG}text"):
        x, y, width, size = (float(element.attrib[name]) for name in ("x", "y", "textLength", "font-size"))
        found.append((element.text or "", (x, y - ABOVE * size, x + width, y + BELOW * size)))
    return found


def size(svg: bytes) -> tuple[float, float]:
    """How wide and how high it is."""
    _, _, width, height = map(float, ET.fromstring(svg).attrib["viewBox"].split())
    return width, height


def misplaced(found: list[tuple[str, Box]], width: float, height: float) -> list[str]:
    """What a reader could not read: texts that are cut off by the edge, and texts that lie over each other."""
    return [*_cut(found, width, height), *_covered(found)]


def _cut(found: list[tuple[str, Box]], width: float, height: float) -> Iterator[str]:
    for text, (left, top, right, bottom) in found:
        if left < -0.01 or top < -0.01 or right > width + 0.01 or bottom > height + 0.01:
            yield f"{text!r} is cut off"


def _covered(found: list[tuple[str, Box]]) -> Iterator[str]:
    for (one, a), (other, b) in combinations(found, 2):
        if min(a[2], b[2]) - max(a[0], b[0]) > 0.01 and min(a[3], b[3]) - max(a[1], b[1]) > 0.01:
            yield f"{one!r} lies over {other!r}"
