"""Corrections: a reviewed list of cells that differ from the source, each with its reason.

`corrections.toml` lies beside the delivery. A correction names file, row and column as the messages do, what it
expects to find there and what it makes of it. When the source no longer says what was expected, the run stops:
a correction must not outlive the fault that it corrects.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from .. import strict
from ..faults import Fault, Reason
from .contract import normal
from .privacy import masked
from .read import Sheet

FILE = "corrections.toml"


@dataclass(frozen=True)
class Correction:
    """One cell: where it is, what stands there, what it should say, and why."""

    file: str
    row: int
    column: str
    expect: str
    value: str
    reason: str
    sheet: str = ""


@dataclass(frozen=True)
class Corrections:
    correction: tuple[Correction, ...] = ()


def read(path: Path, *, file: str) -> tuple[Correction, ...]:
    """The list of corrections; empty when there is none.

    Raises
    ------
    FaultsFound
        When the file is no TOML, or a correction has an unknown, missing or mistyped entry.
    """
    if not path.is_file():
        return ()
    return strict.read(path, Corrections, file=file, reason=Reason.CORRECTIONS).correction


def apply(
    sheets: Sequence[Sheet], corrections: Sequence[Correction], *, where: str, unread: Collection[str] = ()
) -> tuple[list[Sheet], list[int], list[Fault]]:
    """The sheets with the corrections made, how many in each, and the corrections that no longer fit.

    A cell of which two tables are read is corrected in both. `where` is the delivery's folder as messages name it. Of a
    file in `unread` not all rows could be read: that a correction finds no row there says nothing.
    """
    corrected, counts, faults = list(sheets), [0] * len(sheets), []
    for correction in corrections:
        places = _places(corrected, correction)
        if not places and f"{where}/{correction.file}" not in unread:
            faults.append(_stale(correction, where, note="dit bestand, deze rij of deze kolom is er niet"))
        if len({corrected[n].sheet for n, _ in places}) > 1:
            note = "dit staat op meer dan een blad; zeg welk met `sheet`"
            faults.append(_stale(correction, where, note=note))
            continue
        for n, position in places:
            cells = corrected[n].cells
            column_cells, row = cells.iloc[:, position], cells.index.get_loc(correction.row)
            found = str(column_cells.iat[row])
            if found != correction.expect:
                column = next((c for c in corrected[n].table.columns if c.accepts(correction.column)), None)
                note = f"verwacht was ‘{masked(correction.expect, column)}’"
                faults.append(_stale(correction, where, found=masked(found, column), note=note))
                continue
            if correction.value not in column_cells.cat.categories:
                column_cells = column_cells.cat.add_categories([correction.value])
            column_cells.iat[row] = correction.value
            cells = cells.copy(deep=False)
            cells.isetitem(position, column_cells)
            corrected[n] = replace(corrected[n], cells=cells)
            counts[n] += 1
    return corrected, counts, list(dict.fromkeys(faults))  # of two tables one


def _places(sheets: Sequence[Sheet], wanted: Correction) -> list[tuple[int, int]]:
    """Which sheets the correction may be about, once for each table that is read from it, and which column."""
    found = []
    for n, sheet in enumerate(sheets):
        if Path(sheet.file).name != wanted.file or (wanted.sheet and wanted.sheet != sheet.sheet):
            continue
        headers = [normal(h) for h in sheet.cells.columns]
        if wanted.row in sheet.cells.index and normal(wanted.column) in headers:
            found.append((n, headers.index(normal(wanted.column))))
    return found


def _stale(correction: Correction, where: str, *, found: str = "", note: str) -> Fault:
    file, place = f"{where}/{correction.file}", (correction.row,)
    shown = (found,) if found else ()
    return Fault(Reason.STALE_CORRECTION, file, correction.sheet, place, correction.column, shown, note=note)
