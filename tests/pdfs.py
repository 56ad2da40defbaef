"""A PDF as who hears it is told it: its tags in order, each with what it says; and what is painted where."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Pdf

PAINTING = {"Tj", "TJ", "'", '"', "Do", "f", "F", "f*", "S", "s", "B", "B*", "b", "b*", "sh", "INLINE IMAGE"}
CODE = re.compile(rb"<([0-9a-fA-F]+)>")


@dataclass
class Tag:
    """A tag: its kind, what it says of itself, and its texts and tags in order."""

    kind: str
    attributes: dict[str, Any]
    kids: list[Tag | str] = field(default_factory=list)
    alternative: str | None = None
    actual: str | None = None
    sheets: set[int] = field(default_factory=set)

    @property
    def text(self) -> str:
        """What is read out."""
        if self.actual is not None:
            return self.actual
        if self.kind == "Formula" and self.alternative:
            return self.alternative
        return "".join(kid if isinstance(kid, str) else kid.text for kid in self.kids)

    def all(self, *kinds: str) -> list[Tag]:
        below = [kid for kid in self.kids if isinstance(kid, Tag)]
        return [tag for kid in below for tag in ([kid] if kid.kind in kinds else []) + kid.all(*kinds)]


class Paper:
    """A PDF that was made."""

    def __init__(self, made: bytes) -> None:
        self.pdf = Pdf.open(io.BytesIO(made))
        self.untagged: list[tuple[int, str]] = []  # what is painted and neither told nor set apart
        self.beyond: list[tuple[int, float]] = []  # where a text begins that is off its sheet
        self._said: dict[tuple[Any, int], str] = {}
        for number, page in enumerate(self.pdf.pages, 1):
            self._read(number, page)

    @cached_property
    def root(self) -> Tag:
        return self._tag(self.pdf.Root.StructTreeRoot.K, None)

    @cached_property
    def sheets(self) -> dict[Any, int]:
        return {page.objgen: number for number, page in enumerate(self.pdf.pages, 1)}

    @property
    def bookmarks(self) -> list[tuple[str, int]]:
        """Their titles, each with the sheet that it leads to."""
        with self.pdf.open_outline() as outline:
            return list(self._bookmarks(outline.root))

    @property
    def links(self) -> Iterator[Any]:
        return (link for page in self.pdf.pages for link in page.get("/Annots", ()))

    def rows(self) -> list[list[list[str]]]:
        """The cells of each row of each table."""
        tables = self.root.all("Table")
        return [[[words(c.text) for c in row.all("TH", "TD")] for row in table.all("TR")] for table in tables]

    def _bookmarks(self, items: Any) -> Iterator[tuple[str, int]]:
        for item in items:
            yield item.title, self.sheets[item.destination[0].objgen]
            yield from self._bookmarks(item.children)

    def _read(self, number: int, page: Any) -> None:
        fonts = {name: _letters(font) for name, font in page.Resources.get("/Font", {}).items()}
        stack: list[int | str | None] = []
        saved, ctm, font, left = [], (1.0, 0.0), "", 0.0  # of a matrix: how it scales and moves what is across
        for operands, operator in pikepdf.parse_content_stream(page):
            name = str(operator)
            if name in ("BDC", "BMC"):
                stack.append(operands[1].MCID if len(operands) > 1 and "/MCID" in operands[1] else str(operands[0]))
            elif name == "EMC":
                stack.pop()
            elif name == "q":
                saved.append(ctm)
            elif name == "Q":
                ctm = saved.pop()
            elif name == "cm":
                ctm = (ctm[0] * float(operands[0]), ctm[1] + ctm[0] * float(operands[4]))
            elif name == "Tf":
                font = str(operands[0])
            elif name == "Tm":
                left, size = float(operands[4]), float(operands[0])
            elif name == "Td":
                left += float(operands[0]) * size
            if name in PAINTING and not stack:
                self.untagged.append((number, name))
            if name in ("Tj", "TJ"):
                across = ctm[1] + ctm[0] * left
                if not 0 <= across <= float(page.MediaBox[2]):
                    self.beyond.append((number, across))
                text = fonts[font](bytes(operands[0])) if name == "Tj" else ""
                for place in stack:
                    if not isinstance(place, str):
                        key = (page.objgen, int(place))
                        self._said[key] = self._said.get(key, "") + text

    def _tag(self, element: Any, page: Any) -> Tag:
        page = element.get("/Pg", page)
        owned = element.get("/A", Array())
        attributes = {k: v for part in (owned if isinstance(owned, Array) else [owned]) for k, v in part.items()}
        said = {
            name: str(element[key])
            for name, key in (("alternative", "/Alt"), ("actual", "/ActualText"))
            if key in element
        }
        tag = Tag(str(element.S).removeprefix("/"), attributes | {"/ID": element.get("/ID")}, **said)
        kids = element.get("/K", Array())
        for kid in kids if isinstance(kids, Array) else [kids]:
            if isinstance(kid, Dictionary) and "/S" in kid:
                tag.kids.append(self._tag(kid, page))
                tag.sheets |= tag.kids[-1].sheets
            elif not isinstance(kid, Dictionary) or "/MCID" in kid:
                at = kid.get("/Pg", page) if isinstance(kid, Dictionary) else page
                number = kid.MCID if isinstance(kid, Dictionary) else kid
                tag.kids.append(self._said.get((at.objgen, int(number)), ""))
                tag.sheets.add(self.sheets[at.objgen])
        return tag


def words(text: str) -> str:
    """With one blank between words."""
    return " ".join(text.split())


def _letters(font: Any) -> Any:
    """What turns the codes of a font into text; a font without a table of them says nothing."""
    if "/ToUnicode" not in font:
        return lambda codes: ""
    found: dict[int, str] = {}
    table = font.ToUnicode.read_bytes()
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", table, re.DOTALL):
        for line in block.strip().splitlines():
            code, text = CODE.findall(line)
            found[int(code, 16)] = bytes.fromhex(text.decode()).decode("utf-16-be")
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", table, re.DOTALL):
        for line in block.strip().splitlines():
            first, last, text = CODE.findall(line)
            start = ord(bytes.fromhex(text.decode()).decode("utf-16-be"))
            found |= {int(first, 16) + n: chr(start + n) for n in range(int(last, 16) - int(first, 16) + 1)}
    size = 2 if font.get("/Subtype") == "/Type0" else 1
    return lambda codes: "".join(
        found.get(int.from_bytes(codes[n : n + size], "big"), "") for n in range(0, len(codes), size)
    )
