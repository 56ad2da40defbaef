"""Residents in what would go out: the marks of intake, and the identifiers that were delivered, where one can be told.

Nothing after intake knows a delivered identifier. One can still reach a page: in a text that a person wrote, or by a
notebook that opens a delivered file itself. An identifier that could as well be a number or a word of the page (105000,
A1, 2024) is not looked for: finding it would say nothing, and would keep every release back. Marks always are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from html import unescape

from ..intake.marks import SHAPE

FIGURES, MIXED, LETTERS = 7, 6, 12  # signs from which an identifier of figures, of both, of letters is none by chance
SIGN = r"[^\W_]"  # a letter or a figure
RUN = re.compile(rf"{SIGN}+")
PLAIN = "[a-z0-9]"  # what most identifiers are of, found in half the time
PLAIN_RUN = re.compile(rf"{PLAIN}+")
TAG = re.compile(r"<[^<>]*>")
QUOTED = r"""(?:"[^"]*"|'[^']*')"""
# Measures of a drawing, references to cells: attributes in which nobody reads, and full of numbers.
GEOMETRY = re.compile(
    rf"\s(?:d|points|transform|viewbox|style|[xyr]|[xy][12]|[crd][xy]|width|height)\s*=\s*{QUOTED}", re.IGNORECASE
)
# In the parts of a workbook or a document `r` is where a cell is, and a prefix may stand before a name.
SIZES = re.compile(rf"\s(?:\w+:)?(?:[xywh]|c[xy]|width|height)\s*=\s*{QUOTED}", re.IGNORECASE)
# A number with decimals: with a point, or with a comma that stands between no two values of a list or a row. A whole
# number with a zero behind it is an identifier that went through a column of floats.
DECIMALS = re.compile(
    r"(?<![\w.])\d+\.(?!0+\b)\d+(?!\w|\.\d)"
    r"|(?!^\d+,\d+\s*$)(?<![\w.,\[({])(?:0,\d+|\d+,(?!0+\b)\d\d?)(?![\w,\])}:/-]|\.\d)",
    re.MULTILINE,
)
MILLIONS = re.compile(r"\.\d{3}\.\d{3}")  # in each of these, and found in no time
THOUSANDS = re.compile(r"(?<![\w.,])\d{1,3}(?:\.\d{3}){2,}(?!\w|[.,]\d)")
NAME = re.compile(r"</?(?:[wa]:)?([\w-]+)")
WITHIN = {  # tags across which a word goes on: of a page, and of the runs in a workbook or a document
    "a", "abbr", "b", "em", "i", "mark", "s", "small", "span", "strong", "sub", "sup", "tspan", "u", "wbr",
    "r", "rpr", "t", "rfont", "rfonts", "rstyle", "sz", "szcs", "color", "family", "scheme", "lang", "prooferr",
}  # fmt: skip


def distinctive(identifiers: Iterable[str]) -> frozenset[str]:
    """Those that no page holds by chance.

    >>> sorted(distinctive(["105000", "2024", "A1", "wonen", "01-02-2024", "12464545", "kl-998877", "VS1"]))
    ['12464545', 'kl-998877']
    """
    return frozenset(i for i in set(identifiers) if _is_distinctive(i))


def found(text: str, identifiers: frozenset[str], *, markup: str = "") -> dict[str, tuple[str, int]]:
    """Whoever is named in the text: in which version of it and at which position there.

    `markup` is ``html`` or ``xml`` (of a workbook or a document) when the text has tags: what is said in attributes is
    looked at, measures are not, and a word that tags cut into pieces is whole again.
    """
    named: dict[str, tuple[str, int]] = {}
    runs, index = _by_run(identifiers)
    here = _marks(text)  # also in what is not read
    for version in _versions(text, markup):
        here |= _marks(version)
        plain = version.lower()
        if known := index.keys() & runs.findall(plain):
            without = DECIMALS.sub(_blank, plain)
            for identifier in (i for run in known for i in index[run]):
                if whole := _whole(identifier).search(without if identifier.isdigit() else plain):
                    here.add((whole.start(), identifier))
        for position, who in sorted(here):
            named.setdefault(who, (version, position))
        here = set()
    return named


def _marks(text: str) -> set[tuple[int, str]]:
    return {(match.start(), match[0].lower()) for match in SHAPE.finditer(text)}


def _versions(text: str, markup: str) -> Iterator[str]:
    """The text as it is searched, first with what is not read blanked, which keeps its length."""
    if markup:
        silent = SIZES if markup == "xml" else GEOMETRY
        text = TAG.sub(lambda tag: silent.sub(_blank, tag[0]) if "=" in tag[0] else tag[0], text)
    yield text
    plain = text
    if markup and (joined := TAG.sub(_parted, text)) != text:
        plain = joined
        yield plain
    if "&" in plain:
        yield unescape(text)
        yield unescape(plain)
    if MILLIONS.search(plain):
        yield THOUSANDS.sub(lambda number: number[0].replace(".", ""), plain)


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _parted(tag: re.Match[str]) -> str:
    """What stands between the words before and after a tag."""
    name = NAME.match(tag[0])
    return "" if name and name[1].lower() in WITHIN else " "


def _is_distinctive(identifier: str) -> bool:
    runs = RUN.findall(identifier)
    length, figures = sum(map(len, runs)), sum(map(str.isdigit, "".join(runs)))
    if not figures:
        return length >= LETTERS
    if figures == length:
        return max(map(len, runs)) >= FIGURES
    return length >= MIXED


def _whole(identifier: str) -> re.Pattern[str]:
    """The identifier, and not a piece of a longer word."""
    return re.compile(rf"(?<![^\W_]){re.escape(identifier)}(?![^\W_])")


@lru_cache(maxsize=4)
def _by_run(identifiers: frozenset[str]) -> tuple[re.Pattern[str], Mapping[str, Sequence[str]]]:
    """What finds runs of plain signs that may be of an identifier, and the identifiers by the longest run in each."""
    index: dict[str, list[str]] = {}
    for identifier in distinctive(identifiers):
        plain = identifier.strip().lower()
        index.setdefault(max(PLAIN_RUN.findall(plain), key=len, default=""), []).append(plain)
    shortest = min(map(len, index), default=1)
    return re.compile(rf"{PLAIN}{{{shortest},}}"), index
