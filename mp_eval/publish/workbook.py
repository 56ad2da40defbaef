"""The figures of a period as an Excel workbook: a cover, the contents, a sheet a table, the figures as pictures.

Same evaluation, same bytes: the date in it is that of the data, not of the making.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from ..evaluation import Evaluation
from ..periods import WHOLE
from ..present import figures, sentences
from ..present.elements import Figure
from ..present.sheets import Absent, Cell, Number, Sheet, sheets
from ..present.wording import capital, day, word
from . import versions
from .datafiles import meant
from .frame import SITE

COVER, CONTENTS, PICTURES = "Omslag", "Inhoud", "Figuren"
HEAD = 2  # rows above the names of the columns: the caption and an empty one
WIDE, WIDEST = 90, 44  # letters: on a line of the cover, in a column
FORMS = {"count": "#,##0", "rate": "#,##0.0", "share": "0.0%", "key": "0"}
DAY, LINE = "dd-mm-yyyy", 15  # how a date is shown; the height of a line of text
INK, SOFT, WARN, PALE = "#12436D", "#505C68", "#7A2C05", "#A7B0B9"


def workbook(evaluation: Evaluation, period: str = "") -> bytes:
    """The workbook of a period, or (without one) of all periods together.

    Raises
    ------
    KeyError
        When there is no such period.
    """
    made = evaluation.of(period) if period else evaluation
    found = sheets(made, period)
    figure = figures.activities(made, period) if period else figures.rates(made)
    drawn = [figure] if isinstance(figure, Figure) and figure.is_drawn else []
    marks = sentences.marks(made, period)
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties(_properties(made, period, marks))
    styles = _Styles(book)
    _cover(book.add_worksheet(COVER), styles, made, period)
    _contents(book.add_worksheet(CONTENTS), styles, [*found, Sheet(PICTURES, PICTURES, (), ())])
    for number, sheet in enumerate(found, start=1):
        _table(book.add_worksheet(sheet.name), styles, sheet, number)
    _pictures(book.add_worksheet(PICTURES), styles, drawn)
    for page in book.worksheets():
        _on_paper(page, marks)
    book.close()
    return buffer.getvalue()


class _Styles:
    """The formats of a workbook, each made once."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        top = {"valign": "top", "font_size": 11}
        self.title = book.add_format({"bold": True, "font_size": 16, "font_color": INK})
        self.label = book.add_format({**top, "bold": True, "text_wrap": True})
        self.text = book.add_format({**top, "text_wrap": True})
        self.beside = book.add_format({**top, "text_wrap": True, "align": "left", "indent": 1})
        self.soft = book.add_format({**top, "text_wrap": True, "font_color": SOFT})
        self.mark = book.add_format({**top, "bold": True, "text_wrap": True, "font_color": WARN})
        self.link = book.add_format({**top, "font_color": INK, "underline": 1})
        self.absent = {
            True: book.add_format({**top, "pattern": 4, "fg_color": PALE, "bg_color": "#FFFFFF"}),  # hidden
            False: book.add_format(top),
        }
        head: dict[str, Any] = {"bold": True, "text_wrap": True, "valign": "bottom", "bottom": 2, "border_color": INK}
        kinds: dict[str, dict[str, Any]] = {
            "first": {},
            "text": {"align": "left", "indent": 1},
            "number": {"align": "right"},
        }
        self.head = {kind: book.add_format({**head, **extra}) for kind, extra in kinds.items()}
        self.form = {name: book.add_format({**top, "num_format": form}) for name, form in FORMS.items()}
        self.day = book.add_format({**top, "num_format": DAY, "align": "left", "indent": 1})


def _properties(made: Evaluation, period: str, marks: Sequence[str]) -> dict[str, Any]:
    last = made.extracted(period or WHOLE)
    return {
        "title": f"{SITE}, {_days(made, period)[0]}",
        "subject": SITE,
        "author": f"Gemeente {made.workspace.settings.municipality.name}",
        "comments": " ".join(marks),
        "created": datetime.combine(last, time()),
    }


def _days(made: Evaluation, period: str) -> tuple[str, str]:
    """The period in words and in digits."""
    when = [made.period(period)] if period else list(made.whole)
    return " en ".join(p.wording() for p in when), " en ".join(p.dates() for p in when)


def _cover(page: Worksheet, styles: _Styles, made: Evaluation, period: str) -> None:
    """What this is, what it warns of, how to read it and where it came from."""
    wording, dates = _days(made, period)
    page.set_column(0, 0, 26)
    page.set_column(1, 1, WIDE)
    page.write_string(0, 0, f"{SITE}, {wording}", styles.title)
    lines: list[tuple[str, str, Any]] = [
        ("Gemeente", made.workspace.settings.municipality.name, styles.text),
        ("Periode", f"{capital(wording)} ({dates})", styles.text),
        *(("Let op", mark, styles.mark) for mark in sentences.marks(made, period)),
        ("Lege cellen", word("workbook", "empty"), styles.text),
        ("Getallen", word("numbers", "rounded" if made.is_rounded else "exact"), styles.text),
    ]
    row = 2
    for label, text, style in lines:
        page.write_string(row, 0, label, styles.label)
        page.write_string(row, 1, text, style)
        page.set_row(row, _height(text, WIDE))
        row += 1
    page.write_string(row, 0, "Herkomst", styles.label)
    for key, received in made.received.items():
        source = received.source
        text = f"Levering {key}: {source.producer}, gegevens tot en met {day(source.extracted)}. {source.note}".strip()
        page.write_string(row, 1, text, styles.text)
        page.set_row(row, _height(text, WIDE))
        row += 1
    page.write_string(row, 1, f"Gemaakt met {versions.library()}. Kenmerk {made.key[:16]}.", styles.text)


def _contents(page: Worksheet, styles: _Styles, found: Sequence[Sheet]) -> None:
    """Every sheet by chapter, with a link to it."""
    page.set_column(0, 0, 26)
    page.set_column(1, 1, 34)
    page.set_column(2, 2, 60)
    page.write_string(0, 0, CONTENTS, styles.title)
    for column, head in enumerate(("chapter", "sheet", "content")):
        page.write_string(HEAD, column, word("workbook", head), styles.head["first"])
    before = ""
    for row, sheet in enumerate(found, start=HEAD + 1):
        chapter = sheet.chapter or word("workbook", "several")
        page.write_string(row, 0, chapter if chapter != before else "", styles.label)
        page.write_url(row, 1, f"internal:'{sheet.name}'!A1", styles.link, sheet.name)
        page.write_string(row, 2, sheet.caption, styles.text)
        page.set_row(row, _height(sheet.caption, 70))
        before = chapter
    page.repeat_rows(HEAD)
    page.freeze_panes(HEAD + 1, 0)


def _table(page: Worksheet, styles: _Styles, sheet: Sheet, number: int) -> None:
    """A table that Excel knows as one: its header row is named to who hears it, and stays in sight."""
    last, end = HEAD + max(len(sheet.rows), 1), len(sheet.columns) - 1
    page.write_string(0, 0, sheet.caption, styles.title)
    heads = [
        {"header": name, "header_format": styles.head[_kind(n, [row[n] for row in sheet.rows])]}
        for n, name in enumerate(sheet.columns)
    ]
    page.add_table(HEAD, 0, last, end, {"name": f"Tabel_{number}", "columns": heads, "style": "Table Style Light 1"})
    widths = [_width(name, [row[c] for row in sheet.rows]) for c, name in enumerate(sheet.columns)]
    for c, width in enumerate(widths):
        page.set_column(c, c, width)
    page.set_row(HEAD, max(_height(name, width) for name, width in zip(sheet.columns, widths, strict=True)))
    for r, row in enumerate(sheet.rows, start=HEAD + 1):
        page.set_row(r, max(_height(cell, width) for cell, width in zip(row, widths, strict=True)))
        for c, cell in enumerate(row):
            _write(page, styles, r, c, cell)
    if sheet.note:
        page.merge_range(last + 2, 0, last + 2, max(end, 5), sheet.note, styles.soft)
        page.set_row(last + 2, 48)
    page.freeze_panes(HEAD + 1, 1)
    page.repeat_rows(HEAD)


def _write(page: Worksheet, styles: _Styles, row: int, column: int, cell: Cell) -> None:
    if isinstance(cell, Number):
        page.write_number(row, column, meant(cell.value), styles.form[cell.form])
    elif isinstance(cell, Absent):  # a hidden number is shaded; the last column says so in words
        page.write_blank(row, column, None, styles.absent[cell.status == "hidden"])
    elif isinstance(cell, date):
        page.write_datetime(row, column, datetime.combine(cell, time()), styles.day)
    elif cell is not None:  # never as a formula, whatever it begins with
        page.write_string(row, column, cell, styles.beside if column else styles.text)


def _kind(column: int, cells: Sequence[Cell]) -> str:
    if any(isinstance(cell, Number | Absent) for cell in cells) and column:
        return "number"
    return "text" if column else "first"


def _width(name: str, cells: Sequence[Cell]) -> int:
    """Room for the longest text, up to where it wraps, and for the longest word of the column's name."""
    longest = max([len(cell) if isinstance(cell, str) else 10 for cell in cells], default=0)
    return max(min(WIDEST, longest + 3), max(map(len, name.split())) + 4)


def _height(cell: Cell, width: int) -> int:
    """Room for all lines of a text; Excel works it out, other programs do not."""
    return LINE * max(1, -(-len(cell) // (width - 2))) if isinstance(cell, str) else LINE


def _pictures(page: Worksheet, styles: _Styles, drawn: Sequence[Figure]) -> None:
    page.write_string(0, 0, PICTURES, styles.title)
    page.set_column(0, 0, 100)
    row = HEAD
    for figure in drawn:
        page.write_string(row, 0, " ".join(filter(None, (figure.finding, figure.caption))), styles.text)
        options = {"image_data": io.BytesIO(figure.drawing.png), "description": figure.alt, "object_position": 1}
        page.insert_image(row + 1, 0, "figuur.png", options)
        row += 22


def _on_paper(page: Worksheet, marks: Sequence[str]) -> None:
    page.set_paper(9)  # A4
    if page.get_name() not in (COVER, CONTENTS):
        page.set_landscape()
    page.fit_to_pages(1, 0)
    short = " · ".join(mark.partition(". ")[0].rstrip(".") for mark in marks).replace("&", "&&")
    page.set_footer(f"&L{short}&RBladzijde &P van &N")
