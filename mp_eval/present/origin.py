"""Where a number comes from: what it counts and what counts at the boundary, and the files with their rows.

In public a file is named where its table is told to be delivered, and no rows are: see `disclosure.intake`.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from .. import tidy
from ..delivered import EVENTS
from ..evaluation import Evaluation, Received
from ..lookup import index
from ..periods import WHOLE
from . import definitions, inventory
from .examples import rule
from .wording import capital, counted, listed, word
from .wording import period as period_told


@dataclass(frozen=True)
class Counted:
    """A measure as it is explained: its place among the definitions, its name, what it counts with its boundary."""

    id: str
    name: str
    meaning: str


@dataclass(frozen=True)
class Origin:
    """What some measures count, and of each table that they need where it lies and what was used of it."""

    counted: tuple[Counted, ...]
    sources: tuple[str, ...]


def origin(evaluation: Evaluation, period: str, measures: Sequence[str], *, known: Container[str] = ()) -> Origin:
    """Of those of these measures that the evaluation holds, for a period or for all together.

    Those that are `known`, because they were explained above, are named without their meaning.

    >>> origin(Evaluation(None, tidy.table([]), None, (), {}), "2024", ["spoken"])
    Origin(counted=(), sources=())
    """
    held = index(evaluation.measures)
    own = [m for m in dict.fromkeys(measures) if held.rows({"period": period, "measure": m})]
    needed = dict.fromkeys(table for m in own for table in tidy.MEASURES[m].needs)
    explained = tuple(_counted(m, is_known=m in known) for m in own)
    return Origin(explained, tuple(s for table in needed for s in _sources(evaluation, period, table)))


def _counted(measure: str, *, is_known: bool) -> Counted:
    meaning = "" if is_known else " ".join(filter(None, (definitions.meaning(measure), rule(measure))))
    return Counted(definitions.place(measure), capital(word("measure", measure)), meaning)


def _sources(evaluation: Evaluation, period: str, table: str) -> Iterator[str]:
    """A sentence a delivery that holds the table."""
    for key, received in evaluation.received.items():
        if period not in (key, WHOLE):
            continue
        places = [place for place in received.account if place.table == table]
        if not places:
            continue
        is_internal = evaluation.is_internal
        files = [f"{inventory.name(p)} ({inventory.outcome(p)})" if is_internal else inventory.name(p) for p in places]
        which = "" if period == key else f", {period_told(evaluation.wording(key))}"
        yield f"{word('table', table)}{which}: {listed(files)}.{_rows(received, table) if is_internal else ''}"


def _rows(received: Received, table: str) -> str:
    """How many rows are of the period and whose they are; of a table that is no list of events whose all are."""
    counts = index(received.counts)
    told = [counts.column(column)[row] for row in counts.rows({"table": table}) for column in ("within", "residents")]
    if not told or pd.isna(told).any():
        return ""
    within, residents = map(float, told)
    whose = counted(residents, word("grammar", "resident"), word("grammar", "residents"))
    if table not in EVENTS:
        return word("said", "all_of").format(residents=whose)
    rows = counted(within, word("grammar", "row"), word("grammar", "rows"))
    return word("said", "within_of" if within else "within").format(rows=rows, residents=whose)
