"""The account: what came of each folder, file and sheet of a delivery, so that nothing goes missing without a word.

Every row of what is read is in the table or left out by its kind; what is not read says why.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from ..delivered import EVENTS, Place
from ..faults import Fault
from ..periods import Period
from .aside import Aside, Why
from .check import times
from .privacy import MADE_OF, OPTIONS, masked_header
from .read import Sheet
from .rows import Kind, Left, ranges, together


def of(
    read: Iterable[tuple[Sheet, int, Left]],
    aside: Iterable[Aside],
    faults: Sequence[Fault],
    *,
    paths: Sequence[str],
    where: str,
) -> tuple[Place, ...]:
    """The account of a delivery: of each sheet, with its corrected cells and the rows left out after it was read; of
    what is not read; and of the files in `paths` that could not be read. `where` is the folder, which is not repeated.
    """
    made = [_place(sheet, left, faults, corrected) for sheet, corrected, left in read]
    made += [one.place for one in aside]
    told = {one.file for one in made}
    made += [Aside(file, why=Why.REFUSED).place for file in paths if file not in told]
    known = list(dict.fromkeys((*paths, *(one.file for one in made))))
    made.sort(key=lambda one: known.index(one.file))
    return tuple(replace(one, file=one.file.removeprefix(f"{where}/")) for one in made)


def _place(sheet: Sheet, left: Left, faults: Iterable[Fault], corrected: int) -> Place:
    """What came of a sheet, when `left` were left out after it was read; a fault refuses its rows, or all of them."""
    own = [
        f for f in faults if (f.file, f.sheet) == (sheet.file, sheet.sheet) and f.table in ("", sheet.table.name)
    ]  # another table may be read from the same sheet
    everything = any(not f.rows for f in own)
    wrong = (
        sheet.cells.index
        if everything
        else sorted(row for row in {row for f in own for row in f.rows} if row in sheet.cells.index)
    )
    out = together(sheet.left, left, {Kind.REFUSED: tuple(wrong)})
    columns = enumerate(sheet.cells.columns)
    refused = {f.column for f in own if f.reason in OPTIONS}
    unused = tuple(masked_header(h, n, known=False) for n, h in columns if not sheet.table.uses(h))
    unused = tuple(name for name in unused if name not in refused)
    made = {MADE_OF.get(f.reason) for f in own}
    return Place(
        file=sheet.file,
        sheet=sheet.sheet,
        table=sheet.table.name,
        rows=sheet.rows,
        used=sheet.rows - sum(map(len, out.values())),
        cells=filled(sheet),
        corrected=corrected,
        left={str(kind): ranges(rows) for kind, rows in out.items()},
        hidden_rows=ranges(sheet.hidden_rows),
        hidden_columns=sheet.hidden_columns,
        sees_all=sheet.sees_all,
        times=times(sheet),
        unused=unused,
        nowhere=sheet.nowhere,
        lacking=_lacking(sheet, made) if unused else (),
    )


def _lacking(sheet: Sheet, made: Collection[str | None]) -> tuple[str, ...]:
    """The columns that may be missing and are, but for those that are made of what is refused; with
    their names in the settings."""
    given = sheet.table.fields(sheet.cells.columns)
    return tuple(
        f"{c.title} ({c.name})" for c in sheet.table.columns if not c.required and c.name not in {*given, *made}
    )


def filled(sheet: Sheet) -> int:
    """How many cells under the header hold something."""
    count = 0
    for _, column in sheet.cells.items():
        codes, blank = column.array.codes, np.flatnonzero(column.array.categories == "")
        count += len(codes) - int((codes == blank[0]).sum() if len(blank) else 0)
    return count


def counts(places: Iterable[Place], tables: Mapping[str, pd.DataFrame], period: Period) -> list[Mapping[str, object]]:
    """What was counted in and out of each of these tables, of the rows under headers: delivered = refused + kept.

    Of the rows that were kept also how many are of the period by their own day (`within`; all of a table that is no
    list of events), and of how many residents those are.
    """
    found: dict[str, dict[str, int]] = {}
    for one in places:
        if one.table in tables:
            repeated = one.count(Kind.HEADER) - 1
            aside = one.count(Kind.TOTAL, Kind.FOOTER) + repeated
            double, chosen = one.count(Kind.DOUBLE, Kind.REPLACED, Kind.JOINED), one.count(Kind.NOT_CHOSEN)
            row = {
                "delivered": one.used + aside + double + chosen,
                "refused": aside + double + chosen,
                "kept": one.used,
                "corrected": one.corrected,
                "duplicates": double,
                "not_records": aside,
                "not_chosen": chosen,
            }
            sums = found.setdefault(one.table, dict.fromkeys(row, 0))
            for name, count in row.items():
                sums[name] += count
    return [
        {"table": name, **found[name], **_whose(tables[name], EVENTS.get(name, ""), period)} for name in sorted(found)
    ]


def _whose(table: pd.DataFrame, day: str, period: Period) -> dict[str, int]:
    within = np.ones(len(table), dtype=bool)
    if day:
        days = table[day].to_numpy()
        within = (days >= np.datetime64(period.start)) & (days < np.datetime64(period.end))
    residents = table["resident"].astype("category").array
    occurs = np.zeros(len(residents.categories) + 1, dtype=bool)  # the last one is for -1
    occurs[residents.codes if within.all() else residents.codes[within]] = True
    return {"within": int(within.sum()), "residents": int(occurs[:-1].sum())}
