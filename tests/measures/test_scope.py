"""Scope: which days, and how sure a share is."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from frames import SECOND, YEAR, scope
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from mp_eval.measures import Scope
from mp_eval.measures.scope import wilson

FRACTIONS = st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(FRACTIONS)
def test_wilson_is_the_interval_of_statsmodels(fraction: tuple[int, int]) -> None:
    assert wilson(*fraction) == pytest.approx(proportion_confint(*fraction, method="wilson"), abs=1e-12)


@given(FRACTIONS, st.sampled_from([0.8, 0.9, 0.99]))
def test_wilson_follows_the_confidence(fraction: tuple[int, int], confidence: float) -> None:
    expected = proportion_confint(*fraction, alpha=1 - confidence, method="wilson")
    assert wilson(*fraction, confidence=confidence) == pytest.approx(expected, abs=1e-9)


@given(FRACTIONS)
def test_wilson_of_the_others_is_its_mirror_image(fraction: tuple[int, int]) -> None:
    k, n = fraction
    low, high = wilson(n - k, n)
    assert wilson(k, n) == pytest.approx((1 - high, 1 - low), abs=1e-12)


@given(FRACTIONS)
def test_wilson_holds_the_share_and_stays_between_none_and_all(fraction: tuple[int, int]) -> None:
    low, high = wilson(*fraction)
    share = fraction[0] / fraction[1]
    assert 0 <= low <= share + 1e-12
    assert share - 1e-12 <= high <= 1


@pytest.mark.parametrize(("numerator", "denominator"), [(1, 0), (0, 0), (-1, 5), (6, 5), (-1, -5)])
def test_wilson_refuses_what_is_no_proportion(numerator: int, denominator: int) -> None:
    with pytest.raises(ValueError, match=f"no proportion: {numerator} of {denominator}"):
        wilson(numerator, denominator)


def test_a_share_of_nobody_is_undefined_and_has_no_value() -> None:
    row = scope().share("activation_rate", 0, 0)
    assert (row["status"], row["value"], row["low"]) == ("undefined", None, None)


def test_a_share_of_nobody_is_undefined_in_provisional_records_too() -> None:
    provisional = Scope("2024", (YEAR,), date(2025, 1, 2), is_provisional=True)
    assert provisional.share("activation_rate", 0, 0)["status"] == "undefined"


def test_a_share_above_one_has_no_interval() -> None:
    row = scope().share("activation_rate", 3, 2)
    assert (row["value"], row["low"], row["high"]) == (1.5, None, None)


def test_a_share_keeps_its_counts() -> None:
    row = scope().share("activation_rate", 50, 175)
    assert (row["numerator"], row["denominator"]) == (50, 175)


def test_rows_of_provisional_records_say_so() -> None:
    assert Scope("2024", (YEAR,), date(2025, 1, 2), is_provisional=True).row("spoken", 1)["status"] == "provisional"


def test_a_row_carries_the_day_up_to_which_the_records_go() -> None:
    assert scope(as_of=date(2025, 7, 15)).row("spoken", 1)["as_of"] == "2025-07-15"


@pytest.mark.parametrize(
    ("day", "within"),
    [("2023-05-31", False), ("2023-06-01", True), ("2024-03-01", True), ("2024-12-31", True), ("2025-01-01", False)],
)
def test_a_union_contains_the_days_of_its_pieces_up_to_its_end(day: str, within: bool) -> None:
    assert scope(SECOND, YEAR).contains(pd.Series([pd.Timestamp(day)])).tolist() == [within]


def test_a_missing_day_lies_nowhere() -> None:
    assert scope().contains(pd.Series([pd.NaT], dtype="datetime64[us]")).tolist() == [False]
