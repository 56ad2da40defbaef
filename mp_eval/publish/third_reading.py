"""The third reading of a release: by its records alone, which shown counts leave few of each other.

It asks no definition (`disclosure.nested`): residents are dealt into groups, and everything is measured of each. What
it finds follows from what is declared, and then the release is kept back; or it does not, and who signs is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
FEW_GROUPS = 3  # where only what follows from the definitions is asked: what they find too much follows from nothing
Name = tuple[str, ...]  # period, measure, breakdown, category, day of a stock, and of a share which part of it


class Left(NamedTuple):
    """A shown count of which others leave few."""

    whole: Name
    within: tuple[Name, ...]


def left(
    workspace: Workspace, shown: pd.DataFrame, true: pd.DataFrame, threshold: int, *, groups: int = GROUPS
) -> list[Left]:
    """Where one or two shown counts leave 1 to `threshold` - 1 of another, in the records of this workspace.

    `true` are the same measures as `shown`, before protection.
    """
    deliveries = [clean.load(workspace, p) for p in workspace.periods if workspace.has_records(p)]
    return left_in(workspace, deliveries, shown, true, threshold, groups=groups)


def left_in(
    workspace: Workspace,
    deliveries: Sequence[clean.Delivery],
    shown: pd.DataFrame,
    true: pd.DataFrame,
    threshold: int,
    *,
    groups: int,
) -> list[Left]:
    """The same of these deliveries.

    Of few groups the last is what the others leave of everybody, which spares a measuring. Whether a count is a sum
    over residents is then not seen, so rather too much is found.
    """
    told, of_all = counts(shown[~shown["status"].isin(("hidden", "not_delivered", STANDING))]), counts(true)
    names = [name for name in told if of_all.get(name)]
    fixed, is_few = [_fixed(d) for d in deliveries], groups <= FEW_GROUPS
    parts = [counts(measured(workspace, [_part(d, n, groups) for d in fixed])) for n in range(groups - is_few)]
    table = np.array([[part.get(name, 0.0) for name in names] for part in parts]).reshape(len(parts), len(names))
    totals = np.array([of_all[name] for name in names])
    table = np.vstack([table, totals - table.sum(axis=0)]) if is_few else table
    kept = np.flatnonzero(additive(table, totals.tolist()))
    found = rests(table[:, kept], threshold)
    return [Left(names[kept[f.whole]], tuple(names[kept[n]] for n in f.within)) for f in found]


def derived(found: Iterable[Left], true: pd.DataFrame, system: System) -> Iterator[Left]:
    """Those of which it follows from the relations of the release that the one lies within the other."""
    relations, cells = Derived(system), cells_of(true, system)
    for one in found:
        names = (one.whole, *one.within)
        if all(name in cells for name in names) and not all(_is_public(system, cells[name]) for name in names):
            terms = {cells[one.whole]: 1.0}
            for name in one.within:
                terms[cells[name]] = terms.get(cells[name], 0.0) - 1.0
            if relations.is_at_least_zero(terms):
                yield one


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


def _part(delivery: clean.Delivery, group: int, groups: int) -> clean.Delivery:
    """What a delivery holds of one group of residents, dealt by their marks, so the same in all deliveries."""
    own = {chr(letter) for letter in LETTERS[group::groups]}

    def of(table: pd.DataFrame) -> pd.DataFrame:
        if "resident" not in table:
            return table
        return table[table["resident"].astype("str").str[-1].isin(own)].reset_index(drop=True)

    return replace(delivery, tables={name: of(table) for name, table in delivery.tables.items()})
