"""The least and the greatest value of sums of numbers, worked out by hand."""

from __future__ import annotations

from itertools import pairwise
from math import inf

import numpy as np
import pytest

from mp_eval.disclosure.limits import is_possible, limits
from mp_eval.disclosure.told import Name


def name(month: int) -> Name:
    return "2024", "spoken", "month", f"2024-{month:02}", ""


A, B, C, D = map(name, range(1, 5))
SHOWN, HIDDEN = (7.0, 7.0), (1.0, inf)


def test_a_shown_number_is_filled_in_and_known() -> None:
    rows = [({A: 1.0, B: 1.0, C: 1.0}, 20.0, 20.0)]
    found = limits({A: SHOWN, B: HIDDEN, C: HIDDEN}, rows, [{A: 1.0}, {B: 1.0}, {A: 1.0, B: -1.0}])
    assert found == [(7, 7), (1, 12), (-5, 6)]


def test_of_numbers_that_do_not_hang_together_the_ends_add_up() -> None:
    """A and B are 10 together, C is 2 to 4: A and C lie between 1 + 2 and 9 + 4."""
    rows = [({A: 1.0, B: 1.0}, 10.0, 10.0)]
    assert limits({A: HIDDEN, B: HIDDEN, C: (2.0, 4.0)}, rows, [{A: 1.0, C: 1.0}]) == [(3, 13)]


def test_a_sum_without_an_end_has_none() -> None:
    rows = [({A: 1.0, B: -1.0}, 0.0, inf)]
    assert limits({A: HIDDEN, B: HIDDEN}, rows, [{A: 1.0}, {A: 1.0, B: -1.0}]) == [(1, inf), (0, inf)]


def test_rows_that_contradict_each_other_give_way_by_as_little_as_can_be_and_no_others_do() -> None:
    """A and B are 10 and 12 together: one gives way by 2. C and D are 5 together all the same."""
    both, apart = {A: 1.0, B: 1.0}, {C: 1.0, D: 1.0}
    rows = [(both, 10.0, 10.0), (both, 12.0, 12.0), (apart, 5.0, 5.0)]
    together, other = limits(dict.fromkeys((A, B, C, D), HIDDEN), rows, [both, apart])
    assert 10 <= together[0] <= together[1] <= 12
    assert other == (5, 5)


def test_what_is_seen_to_be_wide_enough_is_not_worked_out_and_never_too_wide() -> None:
    rows = [({A: 1.0, B: 1.0}, 100.0, 100.0)]
    bounds, sums = {A: HIDDEN, B: HIDDEN}, [{A: 1.0}, {B: 1.0}]
    exact = limits(bounds, rows, sums)
    for (low, high), (least, most) in zip(limits(bounds, rows, sums, enough=5), exact, strict=True):
        assert least <= low <= 1
        assert 5 <= high <= most


@pytest.mark.parametrize("off", [0.0, 3.0])
@pytest.mark.parametrize("seed", range(8))
def test_what_is_too_narrow_is_worked_out_and_what_is_not_is_so_in_truth(seed: int, off: float) -> None:
    """Numbers of which some pairs are known, and `off` by so much that rows may contradict each other."""
    rng = np.random.default_rng(seed)
    true = {name(n): float(rng.integers(1, 9)) for n in range(30)}
    names, rows = list(true), []
    for _ in range(20):
        some = [names[n] for n in rng.choice(len(names), 2 + rng.integers(3), replace=False)]
        total = sum(true[n] for n in some) + off * rng.integers(0, 2)
        rows.append((dict.fromkeys(some, 1.0), total, total if rng.random() < 0.7 else inf))
    sums = [{n: 1.0} for n in names] + [{a: 1.0, b: 1.0} for a, b in pairwise(names)]
    sums += [{a: 1.0, b: -1.0} for a, b in pairwise(names)]
    bounds = dict.fromkeys(names, (1.0, 200.0))
    exact, seen = limits(bounds, rows, sums), limits(bounds, rows, sums, enough=5)
    for (least, most), (low, high) in zip(exact, seen, strict=True):
        assert least - 1e-6 <= low <= high <= most + 1e-6
        assert low <= 1 or low == pytest.approx(least)
        assert high >= 5 or (low, high) == pytest.approx((least, most))


@pytest.mark.parametrize(("total", "possible"), [(14.0, True), (15.0, False)])
def test_numbers_that_are_all_known_can_contradict_a_row(total: float, possible: bool) -> None:
    assert is_possible({A: SHOWN, B: SHOWN}, [({A: 1.0, B: 1.0}, total, total)]) is possible
