"""Reconcile: published figures against recomputed ones, and against each other.

A rule for each kind of check, none for a particular report. Every line names the figures that it rests on, the one that
is judged first, so that a change in one of them changes those lines and no others.

==============  =====================================================================================
rule            question
==============  =====================================================================================
recomputed      do the records give the figure that was published?
placement       a row with a blank: in how many ways can it be read, and which fits the records?
restated        is what was published of the same days more than once the same each time?
parts           do the parts that were published add up to the total that was published?
union           a total over periods: what can it be, given that residents may be in more than one?
share           is a claim about a share true of the days that it is about?
within          is what is part of something more no more than that: a category, days within others, who of whom?
flow            does a stock follow from an earlier one, and who came and went in between?
change          do the two numbers give the change that was published?
target          was a target reached, according to the papers and to the records?
==============  =====================================================================================
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import pandas as pd

from ..register import Figure
from . import beside, counts
from .counts import pooled_share
from .lines import COLUMNS, STATUSES, Recomputed

__all__ = ["COLUMNS", "STATUSES", "Recomputed", "pooled_share", "reconcile"]


def reconcile(figures: Sequence[Figure], recomputed: Recomputed) -> pd.DataFrame:
    """One line a check, in the order of the rules; `COLUMNS` says what each column holds."""
    rules: tuple[Callable[[Sequence[Figure], Recomputed], Iterator[dict[str, object]]], ...] = (
        counts.recomputed,
        counts.placement,
        counts.restated,
        counts.parts,
        counts.union_of,
        counts.share,
        beside.within,
        beside.flow,
        beside.change,
        beside.target,
    )
    plain = [f for f in figures if f.is_count]
    lines = [line for rule in rules for line in rule(figures if rule in OF_ANY else plain, recomputed)]
    return pd.DataFrame(lines, columns=list(COLUMNS)).astype(dict(COLUMNS))


# Rules that ask for figures of every nature; the others compare counts and shares alone.
OF_ANY = (counts.recomputed, counts.restated, counts.share, beside.change, beside.target)
