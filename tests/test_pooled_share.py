"""The bounds of a share over periods that may count residents twice."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mp_eval.reconcile import pooled_share

FRACTION = st.integers(1, 9).flatmap(lambda d: st.tuples(st.integers(0, d), st.just(d)))


@given(FRACTION, FRACTION)
def test_pooled_share_is_what_trying_every_overlap_gives(one: tuple[int, int], other: tuple[int, int]) -> None:
    (n1, d1), (n2, d2) = one, other
    shares = [
        (n1 + n2 - m) / (d1 + d2 - k)
        for k, m in product(range(min(d1, d2) + 1), range(min(n1, n2) + 1))
        if m <= k and n1 + n2 - m <= d1 + d2 - k
    ]
    assert pooled_share([one, other]) == pytest.approx((min(shares), max(shares)))


@given(FRACTION, FRACTION)
def test_pooled_share_does_not_depend_on_the_order(one: tuple[int, int], other: tuple[int, int]) -> None:
    assert pooled_share([one, other]) == pytest.approx(pooled_share([other, one]))


@given(st.lists(FRACTION, min_size=2, max_size=4))
def test_pooled_share_holds_the_share_without_any_overlap(fractions: list[tuple[int, int]]) -> None:
    low, high = pooled_share(fractions)
    assert low - 1e-12 <= sum(n for n, _ in fractions) / sum(d for _, d in fractions) <= high + 1e-12


def test_pooled_share_of_other_people_than_were_spoken_to_may_exceed_one() -> None:
    assert pooled_share([(5, 2), (5, 2)]) == (5 / 4, 10 / 2)
