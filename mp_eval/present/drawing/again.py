"""A drawing of a page as a picture that stands alone: with what it shows, of when, of whom, and its marks.

A page holds a drawing as SVG; that is read back, for our own drawings have few kinds of shapes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from html import unescape

from .letters import LINE, SIZE, SMALL, broken
from .shapes import INK, ORANGE, Area, Dot, Point, Shape, Sheet, Stroke, Words, moved, written

EDGE, GAP = 14.0, 10.0  # around the picture, and between its parts, in points
BOLD = 1.15  # bold letters are at most so much wider
SIZES = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')
ELEMENT = re.compile(r"<(path|text)\b([^>]*)>(?:([^<]*)</text>)?")
ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
STYLE = re.compile(r"([\w-]+): ([^;]+)")
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def read(svg: bytes) -> Sheet:
    """The sheet of which `paint.svg` made this.

    Raises
    ------
    ValueError
        When it is no drawing of ours.
    """
    text = svg.decode()
    sizes = SIZES.search(text)
    if not sizes:
        raise ValueError("no drawing of ours")
    return Sheet(float(sizes[1]), float(sizes[2]), tuple(_shapes(text)))


def alone(sheet: Sheet, *, title: str, below: Sequence[str], marks: Sequence[str]) -> Sheet:
    """The sheet with its title above it, and below it these texts and its marks, on a ground of its own size.

    >>> made = alone(Sheet(100, 50, ()), title="Zo is het.", below=["Uit 2024."], marks=["Interne uitgave."])
    >>> [shape.text for shape in made.shapes]
    ['Zo is het.', 'Uit 2024.', 'Interne uitgave.']
    """
    room = sheet.width
    heads = [Words(0, 0, line, INK, SIZE + 1, is_bold=True) for line in broken(title, room / BOLD, size=SIZE + 1)]
    shapes: list[Shape] = []
    top = EDGE
    for head in heads if title else []:
        top += LINE * head.size
        shapes.append(replace(head, x=EDGE, y=top - 0.3 * head.size))
    top += GAP if shapes else 0
    shapes += [moved(shape, EDGE, top) for shape in sheet.shapes]
    top += sheet.height + GAP
    for text, colour in [*((text, INK) for text in below), *((mark, ORANGE) for mark in marks)]:
        lines = written(broken(text, room, size=SMALL), EDGE, top, colour=colour, size=SMALL)
        shapes += lines
        top += LINE * SMALL * len(lines)
    return Sheet(room + 2 * EDGE, top + EDGE, tuple(shapes))


def _shapes(text: str) -> Iterator[Shape]:
    for kind, found, said in ELEMENT.findall(text):
        given = dict(ATTRIBUTE.findall(found))
        look = dict(STYLE.findall(given.get("style", "")))
        yield _words(given, look, unescape(said)) if kind == "text" else _drawn(given["d"], look)


def _words(given: Mapping[str, str], look: Mapping[str, str], said: str) -> Words:
    place = float(given["x"]), float(given["y"])
    return Words(*place, said, look["fill"], float(given["font-size"]), is_bold=given.get("font-weight") == "bold")


def _drawn(path: str, look: Mapping[str, str]) -> Shape:
    if look["fill"] == "none":
        width, dashes = float(look.get("stroke-width", 1)), NUMBER.findall(look.get("stroke-dasharray", ""))
        return Stroke(tuple(_points(path)), look["stroke"], width, tuple(map(float, dashes)))
    if "C" in path:
        points = list(_points(path))
        (left, right), (high, low) = ((min(side), max(side)) for side in zip(*points, strict=True))
        return Dot((left + right) / 2, (high + low) / 2, (right - left) / 2, look["fill"])
    return Area(tuple(_points(path)), look["fill"], float(look.get("opacity", 1)))


def _points(path: str) -> Iterator[Point]:
    """Where each piece of the path ends."""
    for line in path.splitlines():
        if numbers := NUMBER.findall(line):
            yield float(numbers[-2]), float(numbers[-1])
