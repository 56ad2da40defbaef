"""The progress note as a Word document that a person finishes, and the two pages for the council: how they look.

`present.report` says what is in them.

Same evaluation, same bytes: the dates in it are those of the data.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime, time

from docx import Document
from docx.document import Document as Word
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_COLOR_INDEX
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import _Footer, _Header
from docx.shared import Cm, Emu, Length, Pt, RGBColor
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from ..evaluation import Evaluation
from ..facts import NONE, Facts
from ..periods import WHOLE
from ..present import report, sentences
from ..present.council import IN_SHORT
from ..present.definitions import signs
from ..present.elements import Figure, Table
from ..present.report import Blank, Block, Bullets, Line, Section, Steps, Subheading, sections
from ..present.wording import capital, word
from . import letterhead
from .frame import SITE

LANGUAGE, FONT, GRID = "nl-NL", "Calibri", "Table Grid"
HEAD, LINE = "E9EFF5", "A7B4C0"  # fills and lines of tables
INK, SOFT, WARN = RGBColor(0x12, 0x43, 0x6D), RGBColor(0x50, 0x5C, 0x68), RGBColor(0x7A, 0x2C, 0x05)
FILLING = frozenset(map(qn, ("w:t", "w:drawing", "w:pict", "w:tbl", "w:fldSimple", "w:instrText")))
WIDTH, STOP = Cm(16), Cm(2.5)
SIZES = {"Title": 24, "Subtitle": 13, "Heading 1": 15, "Heading 2": 12, "Caption": 10}
SMALL = 10  # letters in points with which a page is filled from edge to edge
TOGETHER = 12  # rows of a table that stay on one page
LETTERS, LONGEST = 78, 45  # on a line of the page, and in the widest column
MOMENT = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip file can say


def note(evaluation: Evaluation, period: str, facts: Facts = NONE) -> bytes:
    """The note about a period, from the evaluation of all of them; see `Evaluation.period` for what it raises.

    It is a draft as long as there is something to fill in.
    """
    told, above = sections(evaluation, period, facts), report.above(evaluation, period, facts)
    blocks = [block for section in told for block in section.blocks]
    is_draft = any(isinstance(block, Blank) for block in (*blocks, *(line.text for line in above)))
    marks = (*([word("note", "draft")] if is_draft else []), *sentences.marks(evaluation, period))
    title = word("note", "title").format(site=SITE.lower())
    return _made(evaluation, period, title, marks, told, above=above, paper=_paper(evaluation, facts))


def _paper(evaluation: Evaluation, facts: Facts) -> Word | None:
    """The municipality's own paper, where it has some."""
    place, template = evaluation.workspace, facts.letter.template
    return letterhead.opened(place.root / template, file=place.relative(place.facts)) if template else None


def in_short(evaluation: Evaluation) -> bytes:
    """The two pages for the council, about all periods together; see `Evaluation.whole` for what it raises."""
    return _made(evaluation, WHOLE, IN_SHORT, sentences.marks(evaluation), report.in_short(evaluation), letters=10)


def _made(
    evaluation: Evaluation,
    period: str,
    title: str,
    marks: Sequence[str],
    told: Sequence[Section],
    *,
    letters: int = 11,
    above: Sequence[Line] = (),
    paper: Word | None = None,
) -> bytes:
    """A document of these sections, with its marks in plain sight and on every page; `letters` are in points.

    On `paper` of the municipality's own its looks are left as they are.
    """
    days = " en ".join(when.dates() for when in evaluation.days(period))
    word = paper or Document()
    if not paper:
        _look(word, letters)
    _set_up(word, evaluation, period, title, marks)
    for line in above:
        _line(word.add_paragraph(), line, is_last=line == above[-1])
    word.add_heading(title, level=0)
    word.add_paragraph(f"{capital(evaluation.wording(period))} ({days})", style="Subtitle")
    for mark in marks:
        _mark(word.add_paragraph(), mark)
    for section in told:
        word.add_heading(section.title, level=1)
        for block in section.blocks:
            _add(word, block)
    _sign(word.add_paragraph(), signs())
    return _same_bytes(word)


def _set_up(word: Word, evaluation: Evaluation, period: str, title: str, marks: Sequence[str]) -> None:
    """Properties, and what stands above and below every page."""
    municipality = evaluation.workspace.settings.municipality.name
    moment = datetime.combine(evaluation.extracted(period), time())
    about = word.core_properties
    about.title = f"{title}, {evaluation.wording(period)}"
    about.author = about.last_modified_by = f"Gemeente {municipality}"
    about.subject, about.language, about.comments = SITE, LANGUAGE, ""
    about.created = about.modified = moment
    about.revision = 1
    page = word.sections[0]
    mark = " ".join(f"{mark.partition('. ')[0].rstrip('.')}." for mark in marks)
    first = [(page.first_page_header, page.first_page_footer)] if page.different_first_page_header_footer else []
    for head, foot in [(page.header, page.footer), *first]:
        if mark:
            _mark(head.add_paragraph() if _is_filled(head) else head.paragraphs[0], mark)
        if not _is_filled(foot):
            _page_number(foot.paragraphs[0], f"{about.title} – pagina ")


def _is_filled(part: _Header | _Footer) -> bool:
    """Whether a head or a foot holds a text, a picture, a table or a number of the page."""
    return any(e.tag in FILLING for e in part._element.iter())


def _look(word: Word, letters: int) -> None:
    """Page, styles and language of a note on no paper of the municipality's own."""
    page = word.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(2.5 if letters > SMALL else 2)
    defaults = word.styles.element.find(qn("w:docDefaults"))
    for language in defaults.iter(qn("w:lang")):
        language.set(qn("w:val"), LANGUAGE)
    for name in ("Normal", "Title", "Subtitle", "Heading 1", "Heading 2", "Caption"):
        _style(word, name, letters)
    for border in word.styles[GRID].element.iter(qn("w:tblBorders")):
        for line in border:
            line.set(qn("w:color"), LINE)


def _style(word: Word, name: str, letters: int) -> None:
    style = word.styles[name]
    is_full = letters <= SMALL
    sizes = {"Title": 18, "Heading 1": 12} if is_full else SIZES
    style.font.name, style.font.size = FONT, Pt(sizes.get(name, letters))
    if is_full:
        spacing = style.paragraph_format
        spacing.line_spacing, spacing.space_before, spacing.space_after = 1, Pt(6 if "Heading" in name else 0), Pt(3)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):  # or the theme's font wins
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    if name != "Normal":
        style.font.color.rgb = INK
        style.font.italic = False


def _line(paragraph: Paragraph, line: Line, *, is_last: bool) -> None:
    """A line above the title: what it says, and behind a stop the text."""
    form = paragraph.paragraph_format
    form.space_after = Pt(12 if is_last else 0)
    form.tab_stops.add_tab_stop(STOP)
    form.left_indent, form.first_line_indent = STOP, -STOP
    paragraph.add_run(f"{line.label}\t").bold = True
    _blank(paragraph, line.text) if isinstance(line.text, Blank) else paragraph.add_run(line.text)


def _blank(paragraph: Paragraph, blank: Blank) -> None:
    run = paragraph.add_run(str(blank))
    run.bold, run.font.highlight_color = True, WD_COLOR_INDEX.YELLOW


def _add(word: Word, block: Block) -> None:
    if isinstance(block, Blank):
        paragraph = word.add_paragraph()
        paragraph.paragraph_format.space_before = Pt(6)
        _blank(paragraph, block)
    elif isinstance(block, Steps):
        word.paragraphs[-1].paragraph_format.keep_with_next = True  # what leads to it
        for item in block.items:
            paragraph = word.add_paragraph(style="List Number")
            paragraph.paragraph_format.keep_with_next = item != block.items[-1]
            _strong(paragraph, item)
    elif isinstance(block, Bullets):
        for item in block.items:
            _strong(word.add_paragraph(style="List Bullet"), item)
    elif isinstance(block, Subheading):
        word.add_heading(block.text, level=2)
    elif isinstance(block, Table):
        _table(word, block)
    elif isinstance(block, Figure):
        _figure(word, block) if block.is_drawn else _table(word, block.data)
    else:
        _strong(word.add_paragraph(), str(block))


def _strong(paragraph: Paragraph, text: str) -> None:
    """The text with what stands between `**` in bold."""
    for number, piece in enumerate(text.split("**")):
        paragraph.add_run(piece).bold = bool(number % 2) or None


def _table(word: Word, table: Table) -> None:
    """A table with its caption above it and a header row that returns on every page."""
    title = f"{table.caption} ({table.unit})" if table.unit else table.caption
    word.add_paragraph(title, style="Caption").paragraph_format.keep_with_next = True
    grid = word.add_table(rows=1, cols=len(table.columns), style=GRID)
    properties = grid._tbl.tblPr
    for name, text in (("w:tblCaption", table.caption), ("w:tblDescription", table.note or title)):
        _child(properties, name, text)
    _row(grid.rows[0].cells, table.columns, table, is_head=True)
    _child(grid.rows[0]._tr.get_or_add_trPr(), "w:tblHeader", "true")
    for number, row in enumerate(table.rows):
        _row(grid.add_row().cells, [str(cell) for cell in row], table, is_bold=number in table.totals)
    if len(table.rows) <= TOGETHER:
        for line in grid.rows[:-1]:
            for cell in line.cells:
                cell.paragraphs[0].paragraph_format.keep_with_next = True
    widths = _widths(table)
    grid.autofit = False
    for column, width in zip(grid.columns, widths, strict=True):
        column.width = width
    for line in grid.rows:
        _child(line._tr.get_or_add_trPr(), "w:cantSplit", "true")
        for cell, width in zip(line.cells, widths, strict=True):
            cell.width = width
    _sign(word.add_paragraph(), table.note)


def _row(
    cells: Sequence[_Cell], texts: Sequence[str], table: Table, *, is_bold: bool = False, is_head: bool = False
) -> None:
    for cell, text, column in zip(cells, texts, table.columns, strict=True):
        paragraph = cell.paragraphs[0]
        run = paragraph.add_run(text)
        run.bold, run.font.size = is_bold or is_head or None, Pt(9.5)
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
        if is_head:
            shading = OxmlElement("w:shd")
            for name, value in (("val", "clear"), ("color", "auto"), ("fill", HEAD)):
                shading.set(qn(f"w:{name}"), value)
            cell._tc.get_or_add_tcPr().append(shading)
        if column in table.numbers:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _widths(table: Table) -> list[Length]:
    """The width of the page over the columns: room for the longest word of each, the rest to who has more to say."""
    texts = [[name, *(str(row[n]) for row in table.rows)] for n, name in enumerate(table.columns)]
    least = [max(len(word) for text in column for word in text.split()) + 4 for column in texts]
    more = [max(min(max(map(len, column)), LONGEST) - room, 0) for column, room in zip(texts, least, strict=True)]
    left = max(LETTERS - sum(least), 0) / max(sum(more), 1)
    wanted = [room + left * extra for room, extra in zip(least, more, strict=True)]
    return [Emu(int(WIDTH * width / sum(wanted))) for width in wanted]


def _figure(word: Word, figure: Figure) -> None:
    picture = word.add_picture(io.BytesIO(figure.drawing.png), width=WIDTH)
    word.paragraphs[-1].paragraph_format.keep_with_next = True
    picture._inline.docPr.set("descr", figure.alt)
    picture._inline.docPr.set("name", figure.caption)
    word.add_paragraph(" ".join(filter(None, (figure.finding, figure.caption))), style="Caption")


def _mark(paragraph: Paragraph, text: str) -> None:
    run = paragraph.add_run(text)
    run.bold, run.font.color.rgb = True, WARN


def _sign(paragraph: Paragraph, text: str) -> None:
    paragraph.paragraph_format.space_before = Pt(4)
    run = paragraph.add_run(text)
    run.font.size, run.font.color.rgb = Pt(9), SOFT


def _page_number(paragraph: Paragraph, before: str) -> None:
    _sign(paragraph, before)
    run = paragraph.add_run()
    run.font.size = Pt(9)
    for kind in ("begin", "", "end"):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = "PAGE"
        run._r.append(element)


def _child(parent, name: str, value: str) -> None:  # type: ignore[no-untyped-def]
    element = OxmlElement(name)
    element.set(qn("w:val"), value)
    parent.append(element)


def _same_bytes(word: Word) -> bytes:
    """The document with every part dated the same, whenever it was made."""
    saved, fixed = io.BytesIO(), io.BytesIO()
    word.save(saved)
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as target:
        for part in source.infolist():
            entry = zipfile.ZipInfo(part.filename, MOMENT)
            entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, 0o644 << 16, 3
            target.writestr(entry, source.read(part))
    return fixed.getvalue()
