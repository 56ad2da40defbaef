"""What a row is: a record, or one of the kinds of row that hold none. One rule for every kind of file.

A row with something in every required column is a record, whatever word it begins with. What is not a record is listed
by its kind and number, never dropped.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np

from .contract import Table, normal
from .text import Rows

TOTALS = ("totaal", "eindtotaal", "subtotaal", "grandtotal", "gemiddelde", "som")
A_TOTAL = re.compile(  # the word by itself, or with what is totalled; Totaalzorg is a name
    rf"\W*({'|'.join(TOTALS)}|totalen)(\W|\d|_|$|(van|aantal|bedrag|regel|telling|kosten)[a-z]*\b)", re.IGNORECASE
)
FOOTER = re.compile(
    r"(print|afdruk|afgedrukt|uitgedraaid|gegenereerd|pagina|aantal|bron|selectie|einde)[a-z]*\b", re.IGNORECASE
)


BETWEEN_WORDS = re.compile(r"[\s:()\[\],;]")
A_WORD = 4  # letters; in a sentence there are more of them than figures, in `K 1002` are not
WIDE = 3  # columns from which a record has more than who it is about


class Kind(StrEnum):
    """Why a row of a file is no row of the table, in the order in which the account tells them."""

    BLANK = "blank"  # nothing, or only dashes and other signs
    TITLE = "title"  # above the header
    HEADER = "header"
    TOTAL = "total"
    FOOTER = "footer"
    NOT_CHOSEN = "not_chosen"  # by `where` in the settings
    DOUBLE = "double"  # the same as an earlier row
    REPLACED = "replaced"  # a later row has the same key, and `last` is set
    JOINED = "joined"  # into one with other rows, as `join` asks
    REFUSED = "refused"  # there is a fault in it


Left = dict[Kind, tuple[int, ...]]


@dataclass(frozen=True)
class Frame:
    """A header, with the positions in which every record has something, and those of them that say who it is about."""

    header: tuple[str, ...]
    required: tuple[int, ...]
    persons: tuple[int, ...]

    @cached_property
    def names(self) -> list[str]:
        return [normal(h) for h in self.header]

    def holds_record(self, cells: Sequence[str]) -> bool:
        """Whether nothing required is lacking; a word of a total or a footer is nobody's pseudonym, nor is a sentence
        with nothing beside it."""
        whole = bool(self.required) and all(n < len(cells) and normal(cells[n]) for n in self.required)
        return (
            whole
            and not any(_is_total(cells[n]) or FOOTER.match(cells[n]) for n in self.persons)
            and not _is_note(cells, self)
        )


def frame_of(header: Sequence[str], table: Table) -> Frame:
    """The frame of this table under this header."""
    needed = {
        n: column.identifying
        for n, name in enumerate(header)
        for column in table.columns
        if column.required and column.accepts(name)
    }
    return Frame(tuple(header), tuple(needed), tuple(n for n, identifying in needed.items() if identifying))


def records(rows: Rows, frame: Frame, *, footers: Collection[int] = ()) -> tuple[Rows, Left]:
    """The rows that hold a record, and the numbers of the others by kind.

    A last row in `footers` is a footer by its looks.
    """
    left: dict[Kind, list[int]] = {}
    end = len(rows)
    while end and (kind := _ending(*rows[end - 1], frame, footers)):
        end -= 1
        left.setdefault(kind, []).append(rows[end][0])
    found = []
    for number, cells in rows[:end]:
        if kind := _kind(cells, frame):
            left.setdefault(kind, []).append(number)
        else:
            found.append((number, cells))
    return found, {kind: tuple(sorted(left[kind])) for kind in Kind if kind in left}


def above(rows: Rows) -> Left:
    """The rows above a header by kind."""
    titles = tuple(number for number, cells in rows if any(cells))
    blank = tuple(number for number, cells in rows if not any(cells))
    return {kind: numbers for kind, numbers in ((Kind.BLANK, blank), (Kind.TITLE, titles)) if numbers}


def together(*parts: Left) -> Left:
    """All that is left out by any of these, a row once: by the kind that comes last."""
    every = list(Kind)
    found = [
        (n, np.asarray(part[kind], dtype="int64")) for n, kind in enumerate(every) for part in parts if kind in part
    ]
    rows = np.concatenate([np.zeros(0, "int64"), *(numbers for _, numbers in found)])
    kinds = np.repeat([n for n, _ in found], [len(numbers) for _, numbers in found])
    in_order = np.lexsort((kinds, rows))
    rows, kinds = rows[in_order], kinds[in_order]
    is_last = np.append(rows[1:] != rows[:-1], np.ones(min(1, len(rows)), dtype=bool))
    left = {kind: rows[is_last & (kinds == n)].tolist() for n, kind in enumerate(every)}
    return {kind: tuple(numbers) for kind, numbers in left.items() if numbers}


def ranges(numbers: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """Numbers in order as the first and last of each stretch of them.

    >>> ranges([1, 2, 3, 7, 9, 10])
    ((1, 3), (7, 7), (9, 10))
    """
    all_of_them = np.array(numbers, dtype="int64")
    ends = np.flatnonzero(np.diff(all_of_them) != 1)
    firsts, lasts = np.append(all_of_them[:1], all_of_them[ends + 1]), np.append(all_of_them[ends], all_of_them[-1:])
    return tuple(zip(firsts.tolist(), lasts.tolist(), strict=True))


def trimmed(cells: list[str]) -> list[str]:
    """The cells without the empty ones at the end."""
    end = len(cells)
    while end and not cells[end - 1]:
        end -= 1
    return cells[:end]


def _ending(number: int, cells: list[str], frame: Frame, footers: Collection[int]) -> Kind | None:
    """What a last row is when no record: blank, or a footer, which says so and fills at most half of the columns."""
    filled = [c for c in cells if c]
    if not any(map(normal, filled)):
        return Kind.BLANK
    looks_so = number in footers
    if frame.holds_record(cells) and (frame.persons or not looks_so):  # in a code list nothing says which it is
        return None
    says_so = len(filled) <= max(1, len(frame.header) // 2) and FOOTER.match(filled[0])
    return Kind.FOOTER if says_so or looks_so else None


def _kind(cells: list[str], frame: Frame) -> Kind | None:
    first = next(filter(None, map(normal, cells)), "")
    if not first:
        return Kind.BLANK
    if _is_total(next(c for c in cells if normal(c))) and not frame.holds_record(cells):
        return Kind.TOTAL
    if first in frame.names and [normal(c) for c in trimmed(cells)] == frame.names:
        return Kind.HEADER
    if _is_note(cells, frame):
        return Kind.FOOTER
    return None


def _is_note(cells: Sequence[str], frame: Frame) -> bool:
    """Whether a sentence stands alone: where a person should, in a table that asks for nothing else, or in a first
    column of which nothing is asked."""
    if len(frame.header) < WIDE or sum(map(bool, cells)) != 1:
        return False
    places = {*(frame.persons if frame.persons == frame.required else ()), *({0} - set(frame.required))}
    return any(n < len(cells) and _is_sentence(cells[n]) for n in places)


def _is_sentence(cell: str) -> bool:
    """Whether a cell holds words and no number of a person.

    >>> [_is_sentence(text) for text in ("Team Noord", "(30 rows affected)", "Op: 31-12-2024", "K 1002", "WWB:12")]
    [True, True, False, False, False]
    """
    letters, figures = sum(map(str.isalpha, cell)), sum(map(str.isdigit, cell))
    return bool(BETWEEN_WORDS.search(cell)) and letters >= A_WORD and letters > figures


def _is_total(cell: str) -> bool:
    """Whether a cell says that its row is a total: *Totaal 2024*, *T o t a a l*.

    >>> [_is_total(text) for text in ("Totaal: 12", "totaal generaal", "T o t a a l", "Totaalzorg BV", "Totaalbedrag")]
    [True, True, True, False, True]
    """
    return bool(A_TOTAL.match(cell)) or normal(cell) in TOTALS
