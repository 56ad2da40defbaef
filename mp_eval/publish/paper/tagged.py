"""What a browser's print says to who hears it, mended: PDF/UA-1, and the same bytes for the same page.

Chromium tags what it prints for who sees alone: a head that is printed again on each sheet is read again, borders and
backgrounds are content, what stands in the margin is nothing, an item of a list has no body, a figure around a figure
has no alternative. What is told is kept in its order; all else becomes an artifact.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Operator, Pdf, String

from ...present.wording import word
from ...steps import Refused
from . import boxes
from .assembled import FORMULA, SPOKEN

SHOW = {"Tj", "TJ", "'", '"', "Do"}  # operators that paint text, or what may hold some
PATH = {"m", "re"}  # with which a path begins
PAINT = {"f", "F", "f*", "S", "s", "B", "B*", "b", "b*", "n"}  # and ends
ROLES = {"Strong": "Span", "Em": "Span"}  # of a later version of PDF
BEGIN: Any = ([Name.Artifact], Operator("BMC"))
END: Any = ([], Operator("EMC"))
GOES_ON = " -/"
RANGE = re.compile(rb"(?m)^<([0-9A-Fa-f]+)> <([0-9A-Fa-f]+)> <([0-9A-Fa-f]{4})>$")  # codes, and the first of the signs
SIGN = re.compile(rb"(?m)^<([0-9A-Fa-f]+)> <([0-9A-Fa-f]{4})>$")
WITHIN = {"/NonStruct", "/Span", "/Strong", "/Em", "/Link", "/Code"}  # what does not end a text
Place = tuple[Any, int]  # a page and a number on it: a piece of marked content


def numbers(printed: bytes) -> dict[str, int]:
    """The sheet of each place in the document that a link leads to, from one."""
    with _opened(printed) as pdf:
        sheets = _sheets(pdf)
        return {name.removeprefix("/"): sheets[where[0].objgen] for name, where in pdf.Root.Dests.items()}


def mended(printed: bytes, *, title: str, author: str, language: str, headings: Sequence[str]) -> bytes:
    """The print as PDF/UA-1; its bookmarks are called as these headings."""
    with _opened(printed) as pdf:
        tree = _Tree(pdf, {place for page in pdf.pages for place in _telling(page)})
        for page in pdf.pages:
            page.Contents = pdf.make_stream(pikepdf.unparse_content_stream(list(_marked(page, tree.told))))
            page.Tabs = Name.S
        _describe_links(pdf)
        _name_bookmarks(pdf.Root.Outlines, {_joined(heading): heading for heading in headings})
        _describe(pdf, title=title, author=author, language=language)
        made = io.BytesIO()
        pdf.save(made, deterministic_id=True, min_version="1.7", object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return made.getvalue()


def _opened(printed: bytes) -> Pdf:
    try:
        pdf = Pdf.open(io.BytesIO(printed))
    except pikepdf.PdfError:
        raise Refused(word("no_paper", "tags")) from None
    if "/StructTreeRoot" not in pdf.Root or "/Outlines" not in pdf.Root:
        raise Refused(word("no_paper", "tags"))
    return pdf


def _sheets(pdf: Pdf) -> dict[Any, int]:
    """The number of each page, by what it is called within the file."""
    return {page.objgen: number for number, page in enumerate(pdf.pages, 1)}


def _telling(page: Any) -> Iterator[Place]:
    """The pieces of a page in which there is text."""
    open_: list[int | None] = []
    for operands, operator in boxes.instructions(page):
        name = str(operator)
        if name in ("BDC", "BMC"):
            open_.append(boxes.numbered(operands))
        elif name == "EMC":
            open_.pop()
        elif name in SHOW:
            yield from ((page.objgen, number) for number in open_ if number is not None)


def _marked(page: Any, told: Mapping[Place, Any]) -> Iterator[Any]:
    """What paints the page, with all that is not told in an artifact, and a blank where a line of a text ends."""
    depth, is_artifact = 0, False  # of marked content, and whether we opened one
    line = _Line({str(name): _signs(font) for name, font in page.Resources.get("/Font", {}).items()})
    for operands, operator in boxes.instructions(page):
        name = str(operator)
        if name in ("BDC", "BMC"):
            number = boxes.numbered(operands)
            depth += 1
            line.block = told.get((page.objgen, number)) if number is not None else line.block
            yield BEGIN if number is not None and line.block is None else (operands, operator)
            continue
        if name == "EMC":
            depth -= 1
        if not depth and not is_artifact and name in SHOW | PATH | {"sh", "INLINE IMAGE"}:
            is_artifact = True
            yield BEGIN
        yield (operands, operator)
        if depth and line.block is not None and (blank := line.follow(name, operands)):
            yield from (([pikepdf.String(blank)], Operator("Tj")), (operands, operator))
        if is_artifact and name in SHOW | PAINT | {"sh", "INLINE IMAGE"}:
            is_artifact = False
            yield END


class _Line:
    """The line of text that is being painted; `block` is the element that it is a part of."""

    def __init__(self, fonts: Mapping[str, tuple[bytes, frozenset[bytes]]]) -> None:
        self._fonts, self._font = fonts, ""
        self._across = self._height = 0.0  # where the last piece of text begins, at the most
        self._last, self._ended = b"", None  # what was painted last, and of which block
        self.block: Any = None

    def follow(self, operator: str, operands: Any) -> bytes:
        """The code of a blank when this begins the next line of the same text, which the browser left out."""
        if operator == "Tf":
            self._font = str(operands[0])
        elif operator == "Td":
            self._across += float(operands[0])
        elif operator == "Tj":
            self._last, self._ended = bytes(operands[0]), self.block
        elif operator == "Tm":
            before, self._across, self._height = (self._across, self._height), float(operands[4]), float(operands[5])
            blank, ends = self._fonts.get(self._font, (b"", frozenset()))
            is_next = self._across <= before[0] and self._height != before[1]
            if is_next and self._ended == self.block and self._last[-len(blank) :] not in ends:
                return blank
        return b""


def _signs(font: Any) -> tuple[bytes, frozenset[bytes]]:
    """The code of a blank in a font, empty when it has none, and those of what a line may end with and go on."""
    if "/ToUnicode" not in font:
        return b"", frozenset()
    table = font.ToUnicode.read_bytes()
    codes: dict[str, bytes] = {}
    for first, last, text in RANGE.findall(table):
        for n in range(int(last, 16) - int(first, 16) + 1):
            codes[chr(int(text, 16) + n)] = (int(first, 16) + n).to_bytes(len(first) // 2, "big")
    codes |= {chr(int(text, 16)): bytes.fromhex(code.decode()) for code, text in SIGN.findall(table)}
    return codes.get(" ", b""), frozenset(codes[sign] for sign in GOES_ON if sign in codes)


class _Tree:
    """The structure of the document; `told` are the pieces of the pages that are left in it, each with its block."""

    def __init__(self, pdf: Pdf, telling: set[Place]) -> None:
        self._pdf, self._telling, self._sheet = pdf, telling, _sheets(pdf)
        self.told: dict[Place, Any] = {}
        root = pdf.Root.StructTreeRoot
        root.RoleMap = Dictionary({f"/{name}": Name(f"/{role}") for name, role in ROLES.items()})
        self._mend(root.K, None)
        self._owners: dict[Place, Any] = {}
        self._named: dict[str, tuple[str, Any]] = {}
        self._own(root.K, None, root.K)
        self._look_up()
        self._name()
        self._frame()

    def _mend(self, element: Any, page: Any, *, is_drawn: bool = False, head: int = 0) -> bool:
        """Whether anything is left of an element; `head` is the sheet of the head that it is in, 0 in none."""
        page = element.get("/Pg", page)
        alternative = str(element.get("/Alt", ""))
        if _is_head(element):
            head = min((self._sheet[p[0]] for p in self._places(element, page)), default=0)
        if alternative.startswith(SPOKEN):
            element.S, element.ActualText = Name.Span, alternative.removeprefix(SPOKEN)
            del element.Alt
        elif alternative.startswith(FORMULA):
            element.S, element.Alt, is_drawn = Name.Formula, alternative.removeprefix(FORMULA), True
        elif element.S == "/Figure":
            is_drawn = bool(alternative)
            element.S = Name.Figure if alternative else Name.Div
        left = [kid for kid in _kids(element) if self._is_left(kid, page, is_drawn, head)]
        if element.S == "/LI":
            left = self._with_body(element, left)
        for kid in left:
            if element.S != "/Table" and _is_element(kid) and kid.S == "/Caption":
                kid.S = Name.P
        element.K = Array(left)
        return bool(left) or str(element.S) in ("/TD", "/TH")

    def _is_left(self, kid: Any, page: Any, is_drawn: bool, head: int) -> bool:
        if _is_element(kid):
            return self._mend(kid, page, is_drawn=is_drawn, head=head)
        if (place := _place(kid, page)) is None:
            return True
        is_again = head and self._sheet[place[0]] != head
        return not is_again and (is_drawn or place in self._telling)

    def _with_body(self, item: Any, kids: Sequence[Any]) -> list[Any]:
        labels = [kid for kid in kids if _is_element(kid) and str(kid.S) in ("/Lbl", "/LBody")]
        others = [kid for kid in kids if not (_is_element(kid) and str(kid.S) in ("/Lbl", "/LBody"))]
        if not others:
            return labels
        body = Dictionary(Type=Name.StructElem, S=Name.LBody, P=item, K=Array(others))
        if "/Pg" in item:
            body.Pg = item.Pg
        body = self._pdf.make_indirect(body)
        for kid in others:
            if _is_element(kid):
                kid.P = body
        return [*labels, body]

    def _places(self, element: Any, page: Any) -> Iterator[Place]:
        page = element.get("/Pg", page)
        for kid in _kids(element):
            if _is_element(kid):
                yield from self._places(kid, page)
            elif place := _place(kid, page):
                yield place

    def _own(self, element: Any, page: Any, block: Any) -> None:
        """What each piece of a page is of, and what each cell that others name is to be called."""
        page = element.get("/Pg", page)
        block = block if str(element.S) in WITHIN else element
        if "/ID" in element:
            self._named[str(element.ID)] = (f"c{len(self._named) + 1:06}", element)
        for kid in _kids(element):
            if _is_element(kid):
                self._own(kid, page, block)
            elif place := _place(kid, page):
                self._owners[place], self.told[place] = element, block.objgen

    def _look_up(self) -> None:
        """The way back, from each piece of a page to its element."""
        pages = {int(page.StructParents): page.objgen for page in self._pdf.pages if "/StructParents" in page}
        for leaf in _leaves(self._pdf.Root.StructTreeRoot.ParentTree):
            for n in range(0, len(leaf), 2):
                if (page := pages.get(int(leaf[n]))) is not None:
                    found = [self._owners.get((page, number)) for number in range(len(leaf[n + 1]))]
                    leaf[n + 1] = Array(found)

    def _name(self) -> None:
        """Name cells by their order: the browser counts what it has in memory, which is never twice the same."""
        for name, element in self._named.values():
            element.ID = String(name)
        for element in _elements(self._pdf.Root.StructTreeRoot.K):
            for attributes in _attributes(element):
                if "/Headers" in attributes:
                    attributes.Headers = Array([String(self._named[str(old)][0]) for old in attributes.Headers])
        names = [part for name, element in self._named.values() for part in (String(name), element)]
        self._pdf.Root.StructTreeRoot.IDTree = Dictionary(Names=Array(names))

    def _frame(self) -> None:
        """Where each figure is on its sheet, which PDF/UA asks of what is not text."""
        pages = {page.objgen: page for page in self._pdf.pages}
        painted: dict[Any, dict[int, boxes.Box]] = {}
        for element in [e for e in _elements(self._pdf.Root.StructTreeRoot.K) if e.S == "/Figure"]:
            places = list(self._places(element, None))
            sheet = places[0][0]
            if sheet not in painted:
                painted[sheet] = boxes.painted(pages[sheet])
            found = [painted[sheet][number] for page, number in places if page == sheet and number in painted[sheet]]
            box = Array([round(side, 2) for side in boxes.around(found)])
            element.A = Array([*_attributes(element), Dictionary(O=Name.Layout, BBox=box)])


def _elements(element: Any) -> Iterator[Any]:
    yield element
    for kid in _kids(element):
        if _is_element(kid):
            yield from _elements(kid)


def _attributes(element: Any) -> list[Any]:
    owned = element.get("/A")
    return list(owned) if isinstance(owned, Array) else [] if owned is None else [owned]


def _kids(element: Any) -> list[Any]:
    kids = element.get("/K")
    return list(kids) if isinstance(kids, Array) else [] if kids is None else [kids]


def _is_element(kid: Any) -> bool:
    return isinstance(kid, Dictionary) and "/S" in kid


def _place(kid: Any, page: Any) -> Place | None:
    """The piece of a page that this is; None of an object, as a link is."""
    if not isinstance(kid, Dictionary):
        return page.objgen, int(kid)
    return (kid.get("/Pg", page).objgen, int(kid.MCID)) if "/MCID" in kid else None


def _is_head(element: Any) -> bool:
    """Whether this is a cell in the head of a table, which is printed on each sheet."""
    return element.S == "/TH" and any(a.get("/Scope") == Name.Column for a in _attributes(element))


def _leaves(node: Any) -> Iterator[Any]:
    """The lists of a tree of numbers."""
    if "/Nums" in node:
        yield node.Nums
    for kid in node.get("/Kids", ()):
        yield from _leaves(kid)


def _describe_links(pdf: Pdf) -> None:
    sheets = _sheets(pdf)
    places = dict(pdf.Root.get("/Dests", {}).items())
    for page in pdf.pages:
        for link in page.get("/Annots", ()):
            if "/Dest" in link:
                to = link.Dest if isinstance(link.Dest, Array) else places[str(link.Dest)]
                link.Contents = word("paper", "to_sheet").format(sheet=sheets[to[0].objgen])
            else:
                link.Contents = str(link.A.URI)


def _name_bookmarks(node: Any, headings: Mapping[str, str]) -> None:
    """With the blanks that the browser left out where a heading goes on in the next line."""
    item = node.get("/First")
    while item is not None:
        item.Title = headings.get(_joined(str(item.Title)), str(item.Title))
        _name_bookmarks(item, headings)
        item = item.get("/Next")


def _joined(text: str) -> str:
    return "".join(text.split())


def _describe(pdf: Pdf, *, title: str, author: str, language: str) -> None:
    """What the document says of itself: nothing of the moment or of the machine."""
    pdf.Root.Lang = language
    pdf.Root.MarkInfo = Dictionary(Marked=True)
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    pdf.Root.PageMode = Name.UseOutlines
    del pdf.docinfo
    pdf.docinfo["/Title"], pdf.docinfo["/Author"] = title, author
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as about:
        about["dc:title"], about["dc:creator"], about["dc:language"] = title, [author], {language}
        about["pdfuaid:part"] = "1"
