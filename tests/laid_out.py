"""How many pages a Word document takes at the most, by arithmetic: where there is no program that lays it out.

A letter of Calibri is on average less than half as wide as its size, and a line less than 1.25 as high. What does not
fit goes to the next page with what must stay before it; of a paragraph half, when so much fits.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil
from typing import Any

from docx.document import Document as Word
from docx.oxml.ns import qn
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

WIDE, HIGH = 0.5, 1.25
CUT = 300  # letters of a paragraph that may go on on the next page: four lines
POINT = 12700  # of the units in which a picture is measured
AFTER, LINES = 10.0, 1.15  # what the template of python-docx leaves below a paragraph, and between lines
INDENT, CELL = 18.0, 11.0  # of an item, and what a cell leaves free at both sides


def pages(word: Word) -> int:
    """No fewer than a program that lays the document out would make."""
    section = word.sections[0]
    room = section.page_height.pt - section.top_margin.pt - section.bottom_margin.pt
    across = section.page_width.pt - section.left_margin.pt - section.right_margin.pt
    count, left, together = 1, room, 0.0
    for height, is_cut, stays in _pieces(word, across):
        together += height
        if stays:
            continue
        fits = together - height / 2 * is_cut <= left
        left = (left if fits else room) - together
        count += (not fits) + (left < 0)
        left, together = left + room * (left < 0), 0.0
    return count


def _pieces(word: Word, across: float) -> Iterator[tuple[float, bool, bool]]:
    """The height of each paragraph and row, whether it may be cut, and whether it stays with what comes next."""
    for block in word.iter_inner_content():
        if isinstance(block, Paragraph):
            yield _height(block, across), len(block.text) > CUT, bool(_said(block, "keep_with_next"))
        else:
            for row in block.rows:
                cells = [(cell.paragraphs[0], cell.width.pt - CELL) for cell in row.cells]
                yield max(_height(*cell) for cell in cells), False, bool(_said(cells[0][0], "keep_with_next"))


def _height(paragraph: Paragraph, across: float) -> float:
    pictures = sum(int(extent.get("cy")) / POINT for extent in paragraph._p.iter(qn("wp:extent")))
    sizes = [run.font.size.pt for run in paragraph.runs if run.font.size]
    size = max(sizes, default=next((s.font.size.pt for s in _styles(paragraph) if s.font.size), 11.0))
    is_item = paragraph.style.name.startswith("List")
    lines = max(ceil(len(paragraph.text) * size * WIDE / (across - INDENT * is_item)), not pictures)
    before, after = _said(paragraph, "space_before"), _said(paragraph, "space_after")
    spacing = _said(paragraph, "line_spacing")
    between = spacing if isinstance(spacing, float) else LINES
    below = 0 if is_item else AFTER if after is None else after.pt  # items of a list lie close
    return pictures + lines * size * HIGH * between + (before.pt if before else 0) + below


def _said(paragraph: Paragraph, name: str) -> Any:
    """What the paragraph or the first of its styles says of its form."""
    forms = (paragraph.paragraph_format, *(style.paragraph_format for style in _styles(paragraph)))
    return next((value for form in forms if (value := getattr(form, name)) is not None), None)


def _styles(paragraph: Paragraph) -> Iterator[ParagraphStyle]:
    style = paragraph.style
    while style is not None:
        yield style
        style = style.base_style
