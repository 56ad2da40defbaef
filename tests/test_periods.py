"""Periods: what every period satisfies, and the periods of the published report by hand."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mp_eval.periods import Period, are_covered, parse, union

DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))
MONTHS = DAYS.map(lambda day: day.replace(day=1))


def periods(days: st.SearchStrategy[date]) -> st.SearchStrategy[Period]:
    return st.lists(days, min_size=2, max_size=2, unique=True).map(lambda pair: Period(min(pair), max(pair)))


ANY = st.one_of(periods(DAYS), periods(MONTHS))
NEAR = periods(st.dates(date(2024, 1, 1), date(2024, 3, 1)))  # short enough to overlap, touch and miss one another


def days(period: Period | None) -> set[date]:
    return {period.start + timedelta(days=n) for n in range(period.days)} if period else set()


@given(ANY)
def test_wording_with_tot_reads_back_as_the_same_period(period: Period) -> None:
    assert parse(period.wording()) == period


@given(ANY)
def test_wording_with_tot_en_met_reads_back_as_the_same_period(period: Period) -> None:
    assert parse(period.wording(inclusive=True)) == period


@given(ANY)
def test_iso_interval_reads_back_as_the_same_period(period: Period) -> None:
    assert parse(period.iso) == period


@given(NEAR, NEAR)
def test_overlap_is_the_days_in_both_whichever_comes_first(one: Period, other: Period) -> None:
    assert days(one.overlap(other)) == days(one) & days(other) == days(other.overlap(one))


@given(NEAR, NEAR)
def test_overlap_lies_inside_both(one: Period, other: Period) -> None:
    common = one.overlap(other)
    assert common is None or (one.covers(common) and other.covers(common))


@given(st.lists(NEAR))
def test_union_has_exactly_the_days_of_its_periods(given_periods: list[Period]) -> None:
    assert set().union(*map(days, union(given_periods))) == set().union(*map(days, given_periods))


@given(st.lists(NEAR))
def test_pieces_of_a_union_neither_overlap_nor_touch(given_periods: list[Period]) -> None:
    pieces = union(given_periods)
    assert all(one.end < other.start for one, other in pairwise(pieces))


@given(NEAR, st.lists(NEAR))
def test_covered_means_that_no_day_is_left_out(wanted: Period, given_periods: list[Period]) -> None:
    assert are_covered(wanted, given_periods) == (days(wanted) <= set().union(*map(days, given_periods)))


@given(st.lists(DAYS, min_size=3, max_size=3, unique=True))
def test_months_of_adjacent_periods_add_up(three: list[date]) -> None:
    first, middle, last = sorted(three)
    assert Period(first, middle).months + Period(middle, last).months == pytest.approx(Period(first, last).months)


@given(NEAR, st.dates(date(2023, 12, 1), date(2024, 4, 1)))
def test_a_period_contains_its_days_and_no_other(period: Period, day: date) -> None:
    assert (day in period) == (day in days(period))


@pytest.mark.parametrize(
    ("text", "start", "end", "length", "months"),
    [
        ("september 2022 tot juni 2023", date(2022, 9, 1), date(2023, 6, 1), 273, 9),
        ("juni 2023 tot juli 2024", date(2023, 6, 1), date(2024, 7, 1), 396, 13),
        ("Juni 2023  tot en met juni 2024", date(2023, 6, 1), date(2024, 7, 1), 396, 13),
        ("2024", date(2024, 1, 1), date(2025, 1, 1), 366, 12),
        ("2023 tot en met 2024", date(2023, 1, 1), date(2025, 1, 1), 731, 24),
        ("mei 2026", date(2026, 5, 1), date(2026, 6, 1), 31, 1),
        ("1 januari 2025 tot en met 15 juli 2025", date(2025, 1, 1), date(2025, 7, 16), 196, 6 + 15 / 31),
    ],
)
def test_periods_by_hand(text: str, start: date, end: date, length: int, months: float) -> None:
    period = parse(text)
    assert (period.start, period.end, period.days, period.months) == (start, end, length, pytest.approx(months))


def test_digits_name_the_first_and_the_last_day() -> None:
    assert parse("juni 2023 tot juli 2024").dates() == "01-06-2023 t/m 30-06-2024"


def test_the_name_of_a_period_does_not_make_it_another() -> None:
    assert Period(date(2024, 1, 1), date(2025, 1, 1), "2024") == parse("2024")


@given(DAYS, st.integers(min_value=0, max_value=1000))
def test_a_period_that_does_not_end_after_its_start_is_refused(start: date, earlier: int) -> None:
    with pytest.raises(ValueError, match="must end after it starts"):
        Period(start, start - timedelta(days=earlier))


def test_a_wording_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="must end after it starts"):
        parse("juli 2024 tot juni 2023")


@pytest.mark.parametrize(
    "text",
    ["", "tot", "jni 2023 tot juli 2024", "juni tot juli 2024", "31 februari 2024", "0000", "2024-13-01/2025-01-01"],
)
def test_what_is_no_period_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="write for example 'juni 2023 tot juli 2024'"):
        parse(text)
