"""Which rows of a delivered table are chosen by `where` in the settings: those with one of the given texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..faults import Fault, Reason, named
from ..workspace import SETTINGS_FILE
from .coded import coded
from .contract import normal
from .read import Sheet
from .rows import Kind, together
from .spoilt import are_shortened, is_error


def choose(sheets: Sequence[Sheet]) -> tuple[list[Sheet], list[Fault]]:
    """The sheets with the rows that are chosen; the others are listed as not chosen.

    A word that is asked for and stands in none of the sheets of a table is told with the first of them.
    """
    made: list[Sheet] = []
    absent: dict[tuple[str, str], set[str]] = {}  # by table and column
    faults = [fault for sheet in sheets for fault in _unreadable(sheet)]
    for sheet in sheets:
        keep = np.ones(len(sheet.cells), dtype=bool)
        for header, wanted in sheet.table.where.items():
            place = position(sheet, header)
            if place is None:
                faults.append(no_such_header(sheet, "where", header))
                continue
            codes, distinct = coded(sheet.cells.iloc[:, place])
            chosen = np.array([is_one(text, wanted) for text in distinct], dtype=bool)
            nowhere = {word for word in wanted if not any(is_one(text, [word]) for text in distinct)}
            absent.setdefault((sheet.table.name, header), set(wanted)).intersection_update(nowhere)
            keep &= chosen[codes] if len(distinct) else keep
        if not keep.all():
            left = together(sheet.left, {Kind.NOT_CHOSEN: tuple(sheet.cells.index[~keep].tolist())})
            sheet = replace(sheet, cells=sheet.cells[keep], left=left)
        made.append(sheet)
    faults += [no_such_header(s, "join", h) for s in sheets for h in s.table.join if position(s, h) is None]
    for n, sheet in enumerate(made):
        found = {h: absent.pop((sheet.table.name, h), set()) for h in sheet.table.where}
        made[n] = replace(sheet, nowhere=tuple(f"{h} = {word}" for h, words in found.items() for word in sorted(words)))
    return made, faults or _nothing(sheets, made)


def _unreadable(sheet: Sheet) -> list[Fault]:
    """Cells by which a row would be chosen or joined, and of which a spreadsheet does not say what they hold."""
    faults = []
    for header in dict.fromkeys((*sheet.table.where, *sheet.table.join)):
        place = position(sheet, header)
        if place is None:
            continue
        if [normal(h) for h in sheet.cells.columns].count(normal(header)) > 1:
            fault = Fault(Reason.TWICE_COLUMN, sheet.file, sheet.sheet, column=header)
            faults.append(replace(fault, table=sheet.table.name))
        codes, distinct = coded(sheet.cells.iloc[:, place])
        errors = np.array([is_error(text) for text in distinct], dtype=bool)
        shortened = are_shortened(distinct) if header in sheet.table.join else np.zeros(len(distinct), dtype=bool)
        for reason, wrong in ((Reason.ERROR_CELL, errors), (Reason.SHORTENED, shortened & ~errors)):
            if wrong.any():
                rows = tuple(sheet.cells.index[wrong[codes]].tolist())
                fault = Fault(reason, sheet.file, sheet.sheet, rows, header, count=len(rows))
                faults.append(replace(fault, table=sheet.table.name))
    return faults


def _nothing(sheets: Sequence[Sheet], chosen: Sequence[Sheet]) -> list[Fault]:
    """A table of which there are rows and none is chosen: a word that is nowhere, not a delivery without records."""
    faults = []
    for name in dict.fromkeys(s.table.name for s in sheets if s.table.where):
        own = [s for s in sheets if s.table.name == name and len(s.cells)]
        if own and not any(len(s.cells) for s in chosen if s.table.name == name):
            asked = " en ".join(f"{header} = {' of '.join(words)}" for header, words in own[0].table.where.items())
            faults.append(Fault(Reason.NOTHING_CHOSEN, own[0].file, own[0].sheet, expected=asked, table=name))
    return faults


def position(sheet: Sheet, header: str) -> int | None:
    """Where the column with this header is, or the one that the contract takes for the same."""
    names = [normal(h) for h in sheet.cells.columns]
    if normal(header) in names:
        return names.index(normal(header))
    same = [c for c in sheet.table.columns if c.accepts(header)]
    return next((n for n, h in enumerate(sheet.cells.columns) if any(c.accepts(h) for c in same)), None)


def no_such_header(sheet: Sheet, setting: str, header: str) -> Fault:
    """A setting names a column that the file does not have."""
    table = sheet.table
    fault = Fault(Reason.NO_SUCH_HEADER, SETTINGS_FILE, column=f"intake.{table.name}.{setting}", found=(header,))
    return replace(
        fault,
        expected=f"een kolom van {named(sheet.file, sheet.sheet)}",
        note=f'dat vraagt use = "{table.use}"' if table.use else "",
        table=table.name,
        field=f'{setting} = {{ "{header}" = [] }}' if setting == "where" else f"{setting} = []",
    )


def is_one(text: str, wanted: Sequence[str]) -> bool:
    """Whether a text is one of these; a spreadsheet may have taken the leading zeros of a code.

    >>> is_one("01", ["01"]), is_one("1", ["01"]), is_one("10", ["01"]), is_one("Ja", ["ja"]), is_one("", ["0"])
    (True, True, False, True, False)
    """
    return any(_bare(text) == _bare(one) for one in wanted)


def _bare(text: str) -> str:
    plain = text.strip().casefold()
    return plain.lstrip("0") or plain[:1] if plain.isdigit() else plain
