"""Reach: residents, not conversations; the first conversation decides; a rate has the length of its period."""

from __future__ import annotations

import pandas as pd
import pytest
from frames import FIRST, SECOND, YEAR, conversations, delivery, first, scope, value

from mp_eval.measures import Scope, reach
from mp_eval.tidy import table

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
    assert table(measured(conversations()))["value"].tolist() == [0] * 9


def test_a_missing_date_is_in_no_period() -> None:
    undated = pd.concat([first("a"), conversations().reindex([0]).assign(resident="b", kind="first")])
    assert value(measured(undated), "spoken") == 1


def test_the_order_of_the_rows_does_not_matter() -> None:
    pd.testing.assert_frame_equal(table(measured(TALKS)), table(measured(TALKS.iloc[::-1])))


def test_the_tables_are_left_as_they_were() -> None:
    before = TALKS.copy()
    measured(TALKS)
    pd.testing.assert_frame_equal(TALKS, before)
