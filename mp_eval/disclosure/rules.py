"""What may be shown of a count, by itself and rounded; how counts hang together is not asked here."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from .. import tidy
from ..workspace import Disclosure

BASE = 5  # what counts are rounded to
LEAST_ROUNDED = 8  # with `hide_and_round` counts below it are hidden: 1 to 7, as NHS England does
LEAST_FOLLOWED = 10  # residents still followed; of fewer a point of a public curve is hidden
EXTREMES = frozenset({"minimum", "maximum"})


def is_small(value: float, *, threshold: int) -> bool:
    """Whether a count is of few, and not of nobody.

    >>> [is_small(v, threshold=5) for v in (0, 1, 4, 5)]
    [False, True, True, False]
    """
    return 1 <= value < threshold


def rounded(value: float) -> float:
    """A count to the nearest multiple of five; there is no half way between whole numbers.

    >>> [rounded(v) for v in (0, 2, 3, 7, 8, 1900)]
    [0.0, 0.0, 5.0, 5.0, 10.0, 1900.0]
    """
    return float(BASE * math.floor(value / BASE + 0.5))


def off(settings: Disclosure) -> float:
    """How far a shown count may be from the true one: not at all, or half a step when counts are rounded."""
    return 0.0 if settings.internal or settings.method == "hide" else float(BASE // 2)


def rank(row: Mapping[str, Any]) -> int:
    """How late a number is hidden for the sake of others: a headline after all categories, and these after crossings.

    >>> row = {"measure": "trajectories_ended", "breakdown": ""}
    >>> [rank({**row, "breakdown": b}) for b in ("", "provider", "provider>end_reason")]
    [2, 1, 0]
    """
    if row["breakdown"] in tidy.MEASURES[row["measure"]].large:
        return 2
    return 0 if ">" in row["breakdown"] else 1


def is_withheld(row: Mapping[str, Any]) -> bool:
    """Whether a row is told in no public release: it counts rows of a delivery (see `intake`), or joins periods."""
    return row["breakdown"] in tidy.MEASURES[row["measure"]].withheld


def is_between(row: Mapping[str, Any]) -> bool:
    """Whether a row is a point of a curve that no public release has, because it is not at a milestone.

    From month to month a curve rises by one event among those who are followed, so it would tell of events one by one.
    At a milestone it tells what the counts there tell, and it goes with them. Beyond that it holds only in which order
    since the milestone before events and ends of following came, in one number.
    """
    milestones = tidy.MEASURES[row["measure"]].milestones
    return bool(milestones) and row["category"] not in milestones


def is_of_few_followed(row: Mapping[str, Any], *, threshold: int) -> bool:
    """Whether a row is a point of a curve of too few residents. It is hidden; if it were left out, that would tell."""
    followed = 0 if pd.isna(row["denominator"]) else row["denominator"]
    return bool(tidy.MEASURES[row["measure"]].milestones) and followed < max(threshold, LEAST_FOLLOWED)


def is_of_one_person(row: Mapping[str, Any]) -> bool:
    """Whether a row says something of one resident: the least or greatest of a statistic such as a duration.

    It is hidden however many residents the statistic describes.
    """
    return tidy.MEASURES[row["measure"]].kind == "statistic" and row["category"].rpartition(">")[2] in EXTREMES
