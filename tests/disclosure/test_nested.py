"""The third reading finds what lies within what from the records alone."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mp_eval.disclosure.nested import additive, rests

LEAST = 5
sets = st.lists(st.sets(st.integers(0, 19), min_size=1), min_size=2, max_size=6, unique_by=frozenset)


@given(sets)
def test_of_residents_one_by_one_it_finds_just_what_is_nested_and_leaves_few(counted: list[set[int]]) -> None:
    """As sets say it: one within another, or two apart within a third."""
    alone = np.array([[resident in one for one in counted] for resident in range(20)], dtype=int)
    found = {(len(f.within), frozenset(f.within), f.whole) for f in rests(alone, LEAST)}
    numbers = range(len(counted))
    expected = {
        (1, frozenset({a}), b)
        for a, b in itertools.permutations(numbers, 2)
        if counted[a] < counted[b] and len(counted[b] - counted[a]) < LEAST
    } | {
        (2, frozenset({a, c}), b)
        for b in numbers
        for a, c in itertools.combinations(numbers, 2)
        if counted[a] < counted[b] and counted[c] < counted[b] and not counted[a] & counted[c]
        if 1 <= len(counted[b]) - len(counted[a]) - len(counted[c]) < LEAST
    }
    assert found == expected


def test_what_had_time_was_activated_in_it_or_is_still_followed_but_for_two_who_left() -> None:
    """84 had a year, 18 were activated in it and 64 are followed still; dealt into four groups."""
    groups = np.array([[21, 5, 16], [20, 4, 16], [22, 4, 17], [21, 5, 15]])
    assert groups.sum(axis=0).tolist() == [84, 18, 64]
    assert [(f.whole, f.within) for f in rests(groups, LEAST)] == [(0, (1, 2))]


def test_who_is_elsewhere_in_one_group_is_not_within() -> None:
    groups = np.array([[6, 5], [6, 5], [1, 2]])
    assert list(rests(groups, LEAST)) == []


def test_of_counts_that_are_alike_in_the_groups_one_stands_for_both() -> None:
    groups = np.array([[6, 6, 4], [6, 6, 5]])
    assert list(rests(groups, LEAST)) == [(0, (2,))]


def test_of_counts_that_might_be_others_each_is_looked_at() -> None:
    """Alike in those few others, and perhaps not by what they count."""
    others = np.array([[5.0, 5.0, 3.0], [8.0, 8.0, 8.0]])
    assert list(rests(others, LEAST, np.array([12, 12, 9]))) == [(0, (2,)), (1, (2,))]


def test_what_is_no_sum_over_residents_is_left_out() -> None:
    assert additive(np.array([[2, 1], [3, 1]]), [5, 1]).tolist() == [True, False]
