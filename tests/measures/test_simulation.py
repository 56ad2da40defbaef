"""The model by hand where a month can be followed, and against closed forms where there are any."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mp_eval.measures.simulation import Rates, Start, band, expected, month_of, simulate

MANY = 400


def rates(leave: float = 0.0, inflow: float = 0.0, ready: float = 0.0, runs: int = 1) -> Rates:
    return Rates(*(np.full(runs, rate) for rate in (leave, inflow, ready)))


def places(*numbers: int, before: int | None = None) -> np.ndarray:
    """By month; at the start as many as in the first, or as many as there were `before`."""
    return np.array([[numbers[0] if before is None else before, *numbers]])


def path(found: np.ndarray) -> list[float]:
    return found[0, 0].tolist()


def test_free_places_go_to_newcomers_first() -> None:
    found = expected(Start(10, 6, 0), rates(inflow=2.0), places(13, 13))
    assert path(found.newcomers) == [0, 0, 2]
    assert path(found.placed_newcomers) == [0, 2, 2]  # three places: two newcomers and one who was ready
    assert path(found.ready) == [6, 5, 5]


def test_free_places_go_to_who_waits_longest() -> None:
    found = expected(Start(10, 6, 0), rates(inflow=2.0), places(13, 16, 19, before=10), newcomers_first=False)
    assert path(found.ready) == [6, 3, 0, 0]  # three places a month
    assert path(found.newcomers) == [0, 2, 4, 3]


def test_who_becomes_ready_later_comes_behind_newcomers_of_earlier_months() -> None:
    found = expected(Start(0, 0, 8), rates(inflow=2.0, ready=0.5), places(0, 5, before=0), newcomers_first=False)
    # in line: 4 ready and 2 newcomers of month 1, then 2 and 2 of month 2; five places are for 4 and 1
    assert (path(found.placed_ready), path(found.placed_newcomers)) == ([0, 0, 4], [0, 0, 1])


def test_the_order_of_the_line_changes_who_is_helped_and_not_how_many() -> None:
    orders = [
        simulate(Start(30, 20, 40), rates(0.05, 3.0, 0.1, runs=50), places(*[35] * 12), seed=1, newcomers_first=first)
        for first in (True, False)
    ]
    helped = [found.placed_ready + found.placed_newcomers for found in orders]
    assert (helped[0] == helped[1]).all()
    assert (orders[1].placed_ready >= orders[0].placed_ready).all()
    assert (orders[1].placed_ready > orders[0].placed_ready).any()


def test_who_becomes_ready_can_begin_in_the_same_month() -> None:
    assert path(expected(Start(0, 0, 8), rates(ready=0.5), places(9, 9)).guided) == [0, 4, 6]


def test_without_places_guidance_ends_and_nobody_comes_back() -> None:
    found = expected(Start(8, 3, 0), rates(), places(8, 0, 8))
    assert path(found.guided) == [8, 8, 0, 3]
    assert path(found.ready) == [3, 3, 3, 0]


def test_more_in_guidance_than_places_at_the_start_only_admits_nobody() -> None:
    assert path(expected(Start(9, 3, 0), rates(), places(8, 8)).guided) == [9, 9, 9]


@pytest.mark.parametrize(("first", "guided"), [(0, 0), (3, 3), (8, 8)])
def test_fewer_places_from_the_first_month_end_guidance_at_once(first: int, guided: int) -> None:
    found = expected(Start(8, 0, 0), rates(), places(first, first, before=8))
    assert path(found.guided) == [8, guided, guided]


def test_the_fluid_limit_is_the_geometric_one() -> None:
    found = expected(Start(100, 0, 0), rates(leave=0.1, inflow=4.0), places(*[10**6] * 24))
    by_hand = [40 + 60 * 0.9**n for n in range(25)]  # n' = 0.9 n + 4, which rests at 40
    assert path(found.guided) == pytest.approx(by_hand)


def test_with_large_numbers_chance_comes_to_the_fluid_limit() -> None:
    start, capacity = Start(100_000, 50_000, 80_000), places(*[120_000] * 12)
    by_chance = simulate(start, rates(0.02, 900.0, 0.03), capacity, seed=3)
    fluid = expected(start, rates(0.02, 900.0, 0.03), capacity)
    for name in ("guided", "ready", "newcomers", "placed_ready"):
        assert getattr(by_chance, name)[0, 0] == pytest.approx(getattr(fluid, name)[0, 0], rel=0.02, abs=400)


def test_with_places_for_everybody_guidance_is_poisson_around_inflow_over_leaving() -> None:
    """M/M/infinity seen once a month: thinning and adding Poisson numbers leaves a Poisson number."""
    found = simulate(Start(50, 0, 0), rates(0.1, 5.0, 0.0, runs=4000), places(*[10**6] * 120), seed=5)
    last = found.guided[0, :, -1]
    assert last.mean() == pytest.approx(50, abs=4 * (50 / 4000) ** 0.5)
    assert last.var() == pytest.approx(50, rel=0.1)


def test_a_wait_by_hand() -> None:
    """One place becomes free a month and one newcomer comes each month; two stood in line, so each waits two months."""
    found = expected(Start(10, 0, 0), rates(leave=0.1, inflow=1.0), places(*[10] * 9))
    assert path(found.newcomers) == [0] * 10  # each goes in at once
    behind = expected(Start(12, 0, 0), rates(inflow=1.0), places(12, 12, 13, 14, 15, 16, 17, 18))
    joined = behind.arrived[..., 2]
    assert (month_of(behind.placed_newcomers, joined) - 2).tolist() == [[2.0]]


def test_nobody_is_made_or_lost() -> None:
    found = simulate(Start(30, 20, 40), rates(0.05, 3.0, 0.1, runs=50), places(*[35] * 12), seed=1)
    assert (found.newcomers == found.arrived - found.placed_newcomers).all()
    assert (found.guided <= 35).all()


def test_the_same_seed_is_the_same_path_and_another_is_not() -> None:
    one, again, other = (
        simulate(Start(30, 20, 40), rates(0.05, 3.0, 0.1, 9), places(*[35] * 9), seed=seed).ready for seed in (1, 1, 2)
    )
    assert (one == again).all()
    assert (one != other).any()


@given(
    start=st.builds(Start, *(st.integers(0, 60) for _ in range(3))),
    leave=st.floats(0, 0.3),
    inflow=st.floats(0, 6),
    ready=st.floats(0, 0.3),
    seed=st.integers(0, 99),
)
def test_more_places_never_mean_a_longer_wait(
    start: Start, leave: float, inflow: float, ready: float, seed: int
) -> None:
    few_and_many = np.array([[n] * 13 for n in (0, 20, 40, 80, 160)])
    fluid = expected(start, rates(leave, inflow, ready), few_and_many)
    assert (np.diff(fluid.placed_ready[:, 0, :], axis=0) > -1e-6).all()
    by_chance = simulate(start, rates(leave, inflow, ready, MANY), few_and_many, seed=seed)
    mean = by_chance.placed_newcomers.mean(axis=1)[:, -1]
    assert (np.diff(mean) > -3 * (inflow * 12 + 1) ** 0.5 / MANY**0.5).all()


@pytest.mark.parametrize(("wanted", "month"), [(0, 0.0), (3, 2.0), (9, np.inf)])
def test_the_first_month_that_is_enough(wanted: int, month: float) -> None:
    assert month_of(np.array([0, 1, 3, 4]), wanted) == month


def test_a_band_holds_four_of_five_runs() -> None:
    assert band(np.arange(1.0, 101.0)) == (50, 10, 90)


def test_a_band_of_runs_that_mostly_never_arrive_has_no_middle() -> None:
    assert band(np.array([1.0, 2.0, *[np.inf] * 8])) == (np.inf, 1.0, np.inf)
