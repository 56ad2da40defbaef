"""What a notebook shows: a table, a figure, an answer, headline numbers, a check.

Each says itself twice: as HTML for the page, and as plain text, which is what nbval compares.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING

from .wording import MARK, of_one, word

if TYPE_CHECKING:  # what only shows tables needs no matplotlib
    from .drawing.paint import Drawing

SHEET = 22  # rows that fit a sheet of paper
ROOM = 4  # what a phone has: a column of numbers takes one, a column of text two
PHONE = "screen and (max-width: 36rem)"
DAY = re.compile(r"\d\d-\d\d-\d{4}")


@dataclass(frozen=True)
class Status:
    """A judgement in a cell: its code decides the sign and colour, its label is read."""

    code: str
    label: str

    def __str__(self) -> str:
        return self.label

    def html(self) -> str:
        return f'<span class="status {escape(self.code)}">{escape(self.label)}</span>'


@dataclass(frozen=True)
class Explained:
    """A cell with something smaller below: an aside, or sentences that are quoted."""

    text: str
    aside: str = ""
    quotes: tuple[str, ...] = ()

    def __str__(self) -> str:
        return " ".join([self.text, *([f"[{self.aside}]"] if self.aside else []), *(f"“{q}”" for q in self.quotes)])

    def html(self) -> str:
        quotes = "".join(f'<br><q class="aside">{escape(q)}</q>' for q in self.quotes)
        days = DAY.sub(r'<span class="day">\g<0></span>', escape(self.aside))  # a browser breaks them at their dashes
        aside = f'<br><span class="aside">{days}</span>' if self.aside else ""
        return escape(self.text) + quotes + aside


Cell = str | Status | Explained
Row = Sequence[Cell]


@dataclass(frozen=True)
class Table:
    """A table with a caption. Columns in `numbers` are aligned right; rows in `parts` are part of the one above."""

    caption: str
    columns: Sequence[str]
    rows: Sequence[Row]
    unit: str = ""
    numbers: frozenset[str] = frozenset()
    totals: frozenset[int] = frozenset()
    parts: frozenset[int] = frozenset()
    note: str = ""

    @property
    def id(self) -> str:
        return "tabel-" + re.sub(r"[^a-z0-9]+", "-", self.caption.casefold()).strip("-")

    def __repr__(self) -> str:
        cells = [list(self.columns)] + [[str(c) for c in row] for row in self.rows]
        widths = [max(len(r[n]) for r in cells) for n in range(len(self.columns))]
        right = [c in self.numbers for c in self.columns]
        lines = [
            "  ".join(c.rjust(w) if r else c.ljust(w) for c, w, r in zip(row, widths, right, strict=True)).rstrip()
            for row in cells
        ]
        title = f"{self.caption} ({self.unit})" if self.unit else self.caption
        return "\n".join(filter(None, (title, *lines, *self.notes)))

    @property
    def notes(self) -> tuple[str, ...]:
        """The note, and what an x means when there is one."""
        has_hidden = any(cell == MARK for row in self.rows for cell in row)
        return tuple(filter(None, (self.note, word("hidden", "note") if has_hidden else "")))

    def _repr_html_(self) -> str:
        return self.html()

    @property
    def is_wide(self) -> bool:
        """Whether it needs more room than a phone has: then its rows become cards there."""
        room = sum(1 if name in self.numbers else 2 for name in self.columns)
        return room > ROOM or any(isinstance(cell, Explained) for row in self.rows for cell in row)

    @property
    def is_long(self) -> bool:
        """Whether it may not fit what is left of a sheet of paper, where it then breaks between two rows."""
        texts = sum(isinstance(cell, Explained) and bool(cell.quotes) for row in self.rows for cell in row)
        explained = sum(any(isinstance(cell, Explained) for cell in row) for row in self.rows)
        return len(self.rows) + explained + 4 * texts > SHEET

    def html(self, *, id: str = "") -> str:
        """The table as HTML, with `id` for its caption. Of a wide one each cell names its column."""
        name = id or self.id
        kinds = ["number" if c in self.numbers and n else "text" for n, c in enumerate(self.columns)]
        columns = "".join(
            f'<th scope="col" class="{k}">{escape(c)}</th>' for c, k in zip(self.columns, kinds, strict=True)
        )
        body = "\n".join(self._row(n, row, kinds) for n, row in enumerate(self.rows))
        unit = f' <span class="unit">{escape(self.unit)}</span>' if self.unit else ""
        note = "".join(f'\n<p class="note">{escape(n)}</p>' for n in self.notes)
        kind = f"table{' wide' if self.is_wide else ''}{' long' if self.is_long else ''}"
        return (
            f'<div class="{kind}">\n<table>\n'
            f'<caption id="{name}"><span class="title">{escape(self.caption)}</span>{unit}</caption>\n'
            f"<thead><tr>{columns}</tr></thead>\n<tbody>\n{body}\n</tbody>\n"
            f"</table>\n</div>{note}"
        )

    def _row(self, n: int, row: Row, kinds: Sequence[str]) -> str:
        first, *rest = row
        cells = "".join(
            f'<td class="{_kind(c, k)}"{self._label(name)}>{_cell(c)}</td>'
            for c, k, name in zip(rest, kinds[1:], self.columns[1:], strict=True)
        )
        mark = ' class="total"' if n in self.totals else ' class="part"' if n in self.parts else ""
        return f'<tr{mark}><th scope="row">{_cell(first)}</th>{cells}</tr>'

    def _label(self, column: str) -> str:
        return f' data-label="{escape(column)}"' if self.is_wide else ""


@dataclass(frozen=True)
class Figure:
    """A drawing with its text alternative, caption and the numbers that it shows; `finding` is what it says, its title.

    Of a single number there is nothing to draw: then its table alone is shown.
    """

    drawing: Drawing = field(repr=False)
    alt: str
    caption: str
    data: Table
    finding: str = ""

    @property
    def is_drawn(self) -> bool:
        return len(self.data.rows) > 1

    def __repr__(self) -> str:
        said = [self.finding, self.caption, self.alt] if self.is_drawn else [self.finding]
        return "\n".join([*filter(None, said), repr(self.data)])

    def _repr_html_(self) -> str:
        finding = f'<p class="finding">{escape(self.finding)}</p>\n' if self.finding else ""
        if not self.is_drawn:
            return finding + self.data.html()
        return (
            f'<figure class="chart">{finding}'
            f'<picture><source media="{PHONE}" srcset="{_image(self.drawing.narrow)}">'
            f'<img alt="{escape(self.alt)}" src="{_image(self.drawing.svg)}"></picture>\n'
            f"<figcaption>{escape(self.caption)}</figcaption>\n</figure>\n"
            '<details class="data"><summary>' + escape(word("page", "figure")) + "</summary>\n"
            f"{self.data.html()}\n</details>"
        )


@dataclass(frozen=True)
class Answer:
    """Computed sentences; `**…**` marks what matters most."""

    sentences: tuple[str, ...]

    def __repr__(self) -> str:
        return " ".join(self.sentences).replace("**", "")

    def _repr_html_(self) -> str:
        return f'<div class="answer"><p>{strong(" ".join(self.sentences))}</p></div>'


@dataclass(frozen=True)
class Remark:
    """Computed sentences in the run of the text."""

    text: str

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return f"<p>{escape(self.text)}</p>"


@dataclass(frozen=True)
class Listing:
    """Texts of one kind below each other."""

    texts: tuple[str, ...]

    def __repr__(self) -> str:
        return "\n".join(self.texts)

    def _repr_html_(self) -> str:
        return f"<ul>{''.join(f'<li>{escape(text)}</li>' for text in self.texts)}</ul>"


@dataclass(frozen=True)
class Absent:
    """In place of what cannot be made: why not. A section that shows nothing else does not come on the page."""

    text: str

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return f'<p class="absent">{escape(self.text)}</p>'


@dataclass(frozen=True)
class Headline:
    """A few numbers that stand out: value, what it is, and what to see it against."""

    items: tuple[tuple[str, str, str], ...]

    def __post_init__(self) -> None:
        singular = [(v, of_one(label) if v == "1" else label, context) for v, label, context in self.items]
        object.__setattr__(self, "items", tuple(singular))

    def __repr__(self) -> str:
        return "\n".join(" ".join(filter(None, (v, label, f"({c})" if c else ""))) for v, label, c in self.items)

    def _repr_html_(self) -> str:
        cards = "".join(
            f'<li><strong class="value">{said(v)}</strong> <span class="label">{escape(label)}</span>'
            f' <span class="context">{escape(c)}</span></li>'
            for v, label, c in self.items
        )
        return f'<ul class="headline">{cards}</ul>'


@dataclass(frozen=True)
class Check:
    """Something that must hold, shown with its values whether it does or not; None when that may not be told."""

    holds: bool | None
    text: str

    def __repr__(self) -> str:
        if self.holds is None:
            return self.text
        return f"{'klopt' if self.holds else 'KLOPT NIET'}: {self.text}"

    def _repr_html_(self) -> str:
        kind = "check" if self.holds is None else f"check {'ok' if self.holds else 'bad'}"
        return f'<p class="{kind}">{escape(self.text)}</p>'


@dataclass(frozen=True)
class Checks:
    """Checks below each other."""

    checks: tuple[Check, ...]

    def __repr__(self) -> str:
        return "\n".join(map(repr, self.checks))

    def _repr_html_(self) -> str:
        return "\n".join(c._repr_html_() for c in self.checks)


def _kind(content: Cell, kind: str) -> str:
    """Running text needs room: a column of it does not shrink to its longest word. A range of numbers may be broken."""
    if isinstance(content, Explained):
        return "prose"
    return f"{kind} range" if kind == "number" and " tot " in str(content) else kind


def _image(svg: bytes) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(svg).decode('ascii')}"


def _cell(content: Cell) -> str:
    return said(content) if isinstance(content, str) else content.html()


def strong(text: str) -> str:
    """Computed sentences as HTML, with what stands between `**` emphasised.

    >>> strong("Het zijn er **<5**.")
    'Het zijn er <strong>&lt;5</strong>.'
    """
    return re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", escape(text))


def said(text: str) -> str:
    """A text as HTML; of the mark of a hidden number also what it stands for, for who hears it.

    >>> said("<5"), said("x")
    ('&lt;5', '<span aria-hidden="true">x</span><span class="visually-hidden">afgeschermd</span>')
    """
    if text != MARK:
        return escape(text)
    spoken = escape(word("hidden", "aloud"))
    return f'<span aria-hidden="true">{MARK}</span><span class="visually-hidden">{spoken}</span>'
