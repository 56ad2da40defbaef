"""The third reading: which shown counts lie within each other in these very records, whatever anybody declared.

It knows no measure and no definition. A count is a sum over residents, so residents are dealt into groups and
everything is measured of each group alone. A count that is in no group more than another one is taken to lie within
it, and two that are in no group more than a third to be apart within that. Where the rest is small somebody may know
it who sees the same; whether it is so by definition or by chance is for a person to say.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

NEAR = 1e-6


class Rest(NamedTuple):
    """A count with one or two others within it that leave few."""

    whole: int
    within: tuple[int, ...]


def rests(groups: np.ndarray, least: int, totals: np.ndarray | None = None) -> Iterator[Rest]:
    """Where one or two counts leave 1 to `least` - 1 of another.

    Grain of `groups`: a row a group of residents, a column a count, and what it is of everybody is the sum of its
    column; counts that are alike in every group are looked at once, by the first of them. With `totals`, which are what
    counts are of everybody, the rows are other amounts that they might have, and each count is looked at.

    Examples
    --------
    Of 12 residents, 5 and 4 are apart in every group, and leave 3.

    >>> found = rests(np.array([[6, 3, 1], [6, 2, 3]]), 5)
    >>> list(found)
    [Rest(whole=0, within=(1, 2))]
    """
    kept = np.arange(groups.shape[1])
    if totals is None:
        kept = np.sort(np.unique(groups, axis=1, return_index=True)[1])
        totals = groups.sum(axis=0)
    counts, totals = groups[:, kept], totals[kept]
    for whole, total in enumerate(totals):
        most = counts[:, [whole]] + NEAR
        within = np.flatnonzero((totals > 0) & (totals < total) & (counts <= most).all(axis=0))
        left = total - totals[within]
        yield from (Rest(int(kept[whole]), (int(kept[n]),)) for n in within[left < least])
        one, other = np.nonzero(_is_few(left[:, None] - totals[within][None, :], least))
        one, other = within[one[one < other]], within[other[one < other]]
        are_apart = (counts[:, one] + counts[:, other] <= most).all(axis=0)
        for a, b in zip(one[are_apart], other[are_apart], strict=True):
            yield Rest(int(kept[whole]), (int(kept[a]), int(kept[b])))


def additive(groups: np.ndarray, totals: Sequence[float]) -> np.ndarray:
    """Which columns add up to what was measured of everybody; the others are no sums over residents.

    >>> additive(np.array([[1, 2], [3, 4]]), [4, 5]).tolist()
    [True, False]
    """
    return np.asarray(groups.sum(axis=0) == np.asarray(totals))


def _is_few(counts: np.ndarray, least: int) -> np.ndarray:
    return (counts >= 1) & (counts < least)
