"""The third reading of a release: by its records alone, which shown counts leave few of each other.

It asks no definition (`disclosure.nested`): residents are dealt into groups, and everything is measured of each. What
it finds who signs is told (`left`). What of it follows from what is declared keeps the release back, and is found
without measuring: in place of groups stand other records of which the same would be declared (`derived`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

import numpy as np
import pandas as pd

from .. import measures as chapters
from .. import stages, tidy
from ..disclosure.derived import Derived
from ..disclosure.earlier import STANDING
from ..disclosure.nested import additive, rests
from ..disclosure.relations import System
from ..intake import clean
from ..intake.marks import LETTERS
from ..measures.benefit_register import spells, whole_since
from ..periods import WHOLE
from ..present.wording import capital, category, word
from ..workspace import Workspace

GROUPS = 16
Name = tuple[str, ...]  # period, measure, breakdown, category, day of a stock, and of a share which part of it


class Left(NamedTuple):
    """A shown count of which others leave few."""

    whole: Name
    within: tuple[Name, ...]


def left(workspace: Workspace, shown: pd.DataFrame, true: pd.DataFrame, threshold: int) -> list[Left]:
    """Where one or two shown counts leave 1 to `threshold` - 1 of another, in the records of this workspace.

    `true` are the same measures as `shown`, before protection.
    """
    deliveries = [_fixed(clean.load(workspace, p)) for p in workspace.periods if workspace.has_records(p)]
    of_all = counts(true)
    names = [name for name in counts(_told(shown)) if of_all.get(name)]
    parts = [counts(measured(workspace, [_part(d, n) for d in deliveries])) for n in range(GROUPS)]
    table = np.array([[part.get(name, 0.0) for name in names] for part in parts]).reshape(GROUPS, len(names))
    kept = np.flatnonzero(additive(table, [of_all[name] for name in names]))
    found = rests(table[:, kept], threshold)
    return [Left(names[kept[f.whole]], tuple(names[kept[n]] for n in f.within)) for f in found]


def derived(shown: pd.DataFrame, true: pd.DataFrame, system: System, threshold: int) -> list[Left]:
    """Those of which it follows from the relations of the release (`system`) that the one lies within the other."""
    cells, of_all = cells_of(true, system), counts(true)
    names = {cells[name]: name for name in counts(_told(shown)) if of_all.get(name) and name in cells}
    found = Derived(system).rests({cell: of_all[name] for cell, name in names.items()}, threshold)
    return [
        Left(names[one.whole], tuple(names[n] for n in one.within))
        for one in found
        if not all(_is_public(system, cell) for cell in (one.whole, *one.within))
    ]


def _told(shown: pd.DataFrame) -> pd.DataFrame:
    """The rows with a number of now."""
    return shown[~shown["status"].isin(("hidden", "not_delivered", STANDING))]


def cells_of(measures: pd.DataFrame, system: System) -> dict[Name, int]:
    """Of each count in these rows the cell that it is in the system made of them."""
    cells: dict[Name, int] = {}
    for row, own in zip(measures.to_dict("records"), system.rows, strict=True):
        for (name, value), cell in zip(_counts(row), own, strict=False):
            if not pd.isna(value):
                cells.setdefault(name, cell)
    return cells


def measured(workspace: Workspace, deliveries: Sequence[clean.Delivery]) -> pd.DataFrame:
    """Every measure of these deliveries, but for what no public release has."""
    own = [chapters.measure(d.tables, stages.scope_of(workspace, d.period, d)) for d in deliveries]
    together = stages.whole(workspace, deliveries, [d.period for d in deliveries], withheld=False)
    return pd.concat([*own, together], ignore_index=True)


def counts(measures: pd.DataFrame) -> dict[Name, float]:
    """The counts in these rows, and those that shares are made of."""
    return {name: value for row in measures.to_dict("records") for name, value in _counts(row) if not pd.isna(value)}


def worded(one: Left) -> str:
    """Which count without which (Dutch)."""
    return f"{named(one.whole)}, zonder {' en zonder '.join(map(named, one.within))}"


def named(name: Name) -> str:
    """What a count is of (Dutch)."""
    period, measure, _, label, *rest = name
    part = {"numerator": ", teller", "denominator": ", noemer"}.get(rest[-1], "") if rest else ""
    what = f": {', '.join(category(c) for c in label.split('>'))}" if label else ""
    return f"‘{capital(word('measure', measure))}{what}’{part} ({'alle perioden' if period == WHOLE else period})"


def _counts(row: Mapping[str, object]) -> list[tuple[Name, float]]:
    meaning = tidy.MEASURES[str(row["measure"])]
    day = str(row["as_of"]) if meaning.is_of_a_date else ""
    name = (str(row["period"]), str(row["measure"]), str(row["breakdown"]), str(row["category"]), day)
    if not meaning.of_residents or row["breakdown"] in meaning.withheld:
        return []
    if meaning.kind in tidy.COUNTS:
        return [(name, row["value"])]  # type: ignore[list-item]
    if meaning.kind == "share":
        return [((*name, part), row[part]) for part in ("numerator", "denominator")]  # type: ignore[misc]
    return []


def _is_public(system: System, cell: int) -> bool:
    return system.cells[cell].low == system.cells[cell].high


def _fixed(delivery: clean.Delivery) -> clean.Delivery:
    """The delivery with the day from which its register is whole: of a few residents that cannot be told."""
    benefits = delivery.tables.get("benefits")
    if delivery.source.whole_from or benefits is None:
        return delivery
    first = whole_since(spells(benefits, delivery.source.extracted))
    return replace(delivery, source=replace(delivery.source, whole_from=date(first, 1, 1) if first else None))


def _part(delivery: clean.Delivery, group: int) -> clean.Delivery:
    """What a delivery holds of one group of residents, dealt by their marks, so the same in all deliveries."""
    own = {chr(letter) for letter in LETTERS[group::GROUPS]}

    def of(table: pd.DataFrame) -> pd.DataFrame:
        if "resident" not in table:
            return table
        return table[table["resident"].astype("str").str[-1].isin(own)].reset_index(drop=True)

    return replace(delivery, tables={name: of(table) for name, table in delivery.tables.items()})
