"""No release at random can be narrowed: tables of two and three sides, hierarchies, overlapping periods."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import dear
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from releases import crossed, hidden_by, narrowed, nested, overlapping

pytestmark = pytest.mark.usefixtures("made_up_measures")

MANY = settings(max_examples=dear(6), derandomize=True, suppress_health_check=list(HealthCheck))
COUNTS = st.one_of(st.integers(0, 6), st.integers(0, 40))
THRESHOLDS = st.sampled_from([3, 5, 10])
PERIODS = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 4)).map(lambda t: (min(t), max(t))), min_size=1, max_size=4, unique=True
)


def shapes(sides: int, most: int) -> st.SearchStrategy[np.ndarray]:
    return st.tuples(*[st.integers(2, most)] * sides).flatmap(lambda shape: arrays(np.int64, shape, elements=COUNTS))


@MANY
@given(cells=shapes(2, 5), threshold=THRESHOLDS)
def test_tables_of_two_sides(cells: np.ndarray, threshold: int) -> None:
    table = crossed(cells)
    assert narrowed(hidden_by(table, threshold, {}), table, threshold, {}) == []


@settings(MANY, max_examples=dear(3))
@given(cells=shapes(3, 3), threshold=THRESHOLDS)
def test_tables_of_three_sides(cells: np.ndarray, threshold: int) -> None:
    table = crossed(cells)
    assert narrowed(hidden_by(table, threshold, {}), table, threshold, {}) == []


@MANY
@given(districts=st.lists(st.lists(COUNTS, min_size=1, max_size=4), min_size=1, max_size=4), threshold=THRESHOLDS)
def test_hierarchies(districts: list[list[int]], threshold: int) -> None:
    table = nested(districts)
    assert narrowed(hidden_by(table, threshold, {}), table, threshold, {}) == []


@MANY
@given(
    residents=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3)), min_size=1, max_size=60),
    ends=PERIODS,
    threshold=THRESHOLDS,
)
def test_overlapping_periods(residents: list[tuple[int, int]], ends: list[tuple[int, int]], threshold: int) -> None:
    table, days = overlapping(residents, ends)
    assert narrowed(hidden_by(table, threshold, days), table, threshold, days) == []
