"""How wide texts are, in the font of every figure, and where they break."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import matplotlib
from matplotlib.font_manager import FontProperties, get_font
from matplotlib.ft2font import LoadFlags

SIZE, SMALL, LINE = 11.0, 10.0, 1.3  # letters of labels, of scales; from line to line, in sizes


@cache
def font(*, is_bold: bool, size: float = SIZE) -> FontProperties:
    """The font that comes with matplotlib: the same on every machine, whatever is installed there."""
    return FontProperties(size=size, fname=_file(is_bold=is_bold))


def width_of(text: str, *, size: float = SIZE, is_bold: bool = False) -> float:
    """The width of a text on one line, in points.

    >>> width_of("100") < width_of("1.000") < width_of("1.000", is_bold=True)
    True
    """
    return size * sum(_advance(letter, is_bold=is_bold) for letter in text)


def broken(text: str, room: float, *, size: float = SIZE) -> list[str]:
    """The text in lines no wider than `room`: between words, and within a word only when that is wider by itself.

    >>> broken("traject naar werk", 80), broken("participatiecoaches", 80)
    (['traject naar', 'werk'], ['participatieco', 'aches'])
    """
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if width_of(longer, size=size) <= room:
            lines[-1] = longer
            continue
        lines = [*filter(None, lines), *_pieces(word, room, size)]
    return lines


def _pieces(word: str, room: float, size: float) -> list[str]:
    pieces = [""]
    for letter in word:
        if pieces[-1] and width_of(pieces[-1] + letter, size=size) > room:
            pieces.append("")
        pieces[-1] += letter
    return pieces


@cache
def _advance(letter: str, *, is_bold: bool) -> float:
    """How far a letter moves the next one, in sizes; one that the font lacks is taken to be as wide as it is high."""
    found = get_font(_file(is_bold=is_bold))
    if not found.get_char_index(ord(letter)):
        return 1.0
    return float(found.load_char(ord(letter), flags=LoadFlags.NO_SCALE).horiAdvance / found.units_per_EM)


def _file(*, is_bold: bool) -> Path:
    name = "DejaVuSans-Bold.ttf" if is_bold else "DejaVuSans.ttf"
    return Path(matplotlib.get_data_path(), "fonts", "ttf", name)
