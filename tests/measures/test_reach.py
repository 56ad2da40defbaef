"""Reach: residents, not conversations; the first conversation decides; a rate has the length of its period."""

from __future__ import annotations

import math
from datetime import date, timedelta

import pandas as pd
import pytest
from frames import FIRST, SECOND, YEAR, conversations, delivery, first, scope, value
from hypothesis import given
from hypothesis import strategies as st

from mp_eval.measures import Scope, reach
from mp_eval.tidy import number, pick, table

TALKS = conversations(
    ("a", "2024-01-01", "first"),  # the first day of the year counts
    ("a", "2024-02-01", "progress"),
    ("b", "2023-12-31", "first"),  # the day before does not
    ("b", "2024-03-01", "progress"),
    ("c", "2024-12-31", "first"),  # the last day counts
    ("d", "2025-01-01", "first"),  # the day after does not
    ("e", "2024-05-01", "closing"),
)


def measured(talks: pd.DataFrame, where: Scope | None = None) -> list[dict[str, object]]:
    return reach.measure(delivery(talks), where or scope())


def staffed() -> Scope:
    return Scope("2024", (YEAR,), date(2025, 7, 15), staff=((YEAR, 3.0),))


def by_month(talks: pd.DataFrame, name: str = "spoken") -> dict[str, float]:
    """The months that hold anybody."""
    rows = pick(table(measured(talks)), measure=name, breakdown="month")
    return {r["category"]: r["value"] for r in rows.to_dict("records") if r["value"]}


def test_spoken_are_the_residents_whose_first_conversation_is_in_the_period() -> None:
    assert value(measured(TALKS), "spoken") == 2  # a and c


def test_conversations_are_counted_each() -> None:
    assert value(measured(TALKS), "conversations") == 5


@pytest.mark.parametrize(("kind", "count"), [("first", 2), ("progress", 2), ("closing", 1)])
def test_conversations_by_kind(kind: str, count: int) -> None:
    assert value(measured(TALKS), "conversations", kind) == count


def test_in_conversation_are_distinct_residents() -> None:
    assert value(measured(TALKS), "in_conversation") == 4  # a, b, c and e


@pytest.mark.parametrize(("familiarity", "count"), [("new", 2), ("known", 2)])
def test_new_is_who_had_the_first_conversation_in_the_period(familiarity: str, count: int) -> None:
    assert value(measured(TALKS), "in_conversation", familiarity) == count


def test_two_first_conversations_in_one_period_are_one_resident() -> None:
    twice = conversations(("a", "2024-02-01", "first"), ("a", "2024-09-01", "first"))
    assert value(measured(twice), "spoken") == 1


@pytest.mark.parametrize(
    ("piece", "on", "months"), [(FIRST, "2023-01-15", 9), (SECOND, "2024-01-15", 13), (YEAR, "2024-01-15", 12)]
)
def test_the_rate_is_per_month_of_its_own_period(piece, on, months) -> None:
    assert value(measured(first("a", "b", "c", on=on), scope(piece)), "spoken_per_month") == pytest.approx(3 / months)


def test_the_rate_of_a_union_is_per_month_of_all_its_pieces() -> None:
    talks = pd.concat([first("a", on="2022-10-01"), first("b", on="2024-02-01")])
    assert value(measured(talks, scope(FIRST, SECOND)), "spoken_per_month", column="denominator") == 22


def test_pieces_that_share_days_count_a_conversation_once() -> None:
    assert value(measured(first("a"), scope(SECOND, YEAR)), "conversations") == 1


def test_a_period_with_nobody_has_zeros_and_no_missing_values() -> None:
    assert set(table(measured(conversations(), staffed()))["value"]) == {0}


def test_a_resident_is_in_the_month_of_the_first_conversation() -> None:
    assert by_month(TALKS) == {"2024-01": 1, "2024-12": 1}  # a and c


def test_who_has_two_first_conversations_is_in_the_month_of_the_earlier_one() -> None:
    twice = conversations(("a", "2024-09-01", "first"), ("a", "2024-02-01", "first"))
    assert by_month(twice) == {"2024-02": 1}


def test_a_first_conversation_before_the_period_does_not_move_the_month() -> None:
    again = conversations(("a", "2023-02-01", "first"), ("a", "2024-09-01", "first"))
    assert by_month(again) == {"2024-09": 1}


def test_every_conversation_is_in_its_month() -> None:
    assert by_month(TALKS, "conversations") == {"2024-01": 1, "2024-02": 1, "2024-03": 1, "2024-05": 1, "2024-12": 1}


def test_months_after_the_extraction_have_no_row() -> None:
    early = table(measured(TALKS, scope(as_of=date(2024, 3, 10))))
    assert list(pick(early, measure="spoken", breakdown="month")["category"]) == ["2024-01", "2024-02", "2024-03"]


@given(
    st.lists(
        st.tuples(st.sampled_from("abcde"), st.integers(0, 850), st.sampled_from(["first", "progress"])), max_size=30
    )
)
def test_the_months_sum_to_the_total(rows: list[tuple[str, int, str]]) -> None:
    talks = conversations(*((r, (date(2022, 9, 1) + timedelta(days=n)).isoformat(), kind) for r, n, kind in rows))
    frame = table(measured(talks, scope(FIRST, SECOND, YEAR)))
    for name in ("spoken", "conversations"):
        assert pick(frame, measure=name, breakdown="month")["value"].sum() == number(frame, "2024", name)


def test_three_consultants_work_three_months_a_month() -> None:
    assert value(measured(first("a", "b", "c"), staffed()), "spoken_per_consultant_month") == pytest.approx(3 / 36)


def test_without_the_number_of_consultants_their_rate_is_undefined() -> None:
    (row,) = (r for r in measured(first("a")) if r["measure"] == "spoken_per_consultant_month")
    assert (row["value"], row["status"]) == (None, "undefined")


def test_conversations_have_a_rate_of_their_own() -> None:
    assert value(measured(TALKS), "conversations_per_month") == pytest.approx(5 / 12)


def test_a_missing_date_is_in_no_period() -> None:
    undated = pd.concat([first("a"), conversations().reindex([0]).assign(resident="b", kind="first")])
    assert value(measured(undated), "spoken") == 1


def test_the_order_of_the_rows_does_not_matter() -> None:
    pd.testing.assert_frame_equal(table(measured(TALKS)), table(measured(TALKS.iloc[::-1])))


def test_the_tables_are_left_as_they_were() -> None:
    before = TALKS.copy()
    measured(TALKS)
    pd.testing.assert_frame_equal(TALKS, before)


def test_conversations_of_one_resident_are_one_cluster() -> None:
    """Four conversations, three of them with one resident: a variance of 3² + 1² = 10, where Poisson has 4."""
    held = pd.DataFrame({"resident": ["a", "a", "a", "b"]})
    limits = reach._clustered(held, 2.0)
    off = math.exp(1.959964 * 10**0.5 / 4)
    assert (limits["low"], limits["high"]) == (pytest.approx(2 / off), pytest.approx(2 * off))
    assert reach._clustered(held.iloc[:0], 2.0) == {}
