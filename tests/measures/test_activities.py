"""Activities: residents by activity, each in at least one; activities, each in exactly one."""

from __future__ import annotations

import pytest
from frames import activities, delivery, scope, trajectories, value

from mp_eval.measures import activation
from mp_eval.measures import activities as chapter
from mp_eval.tidy import ACTIVITIES

STARTED = delivery(
    started=activities(
        ("a", "volunteering", "2024-02-01", False),
        ("a", "volunteering", "2024-09-01", False),  # again, the same kind
        ("a", "day_activity", "2024-03-01", False),  # and another kind
        ("b", None, "2024-04-01", False),  # kind not recorded
        ("c", "informal_care", "2023-12-31", False),  # before the period
        ("d", "self_directed", "2024-12-31", True),
    ),
    instruments=trajectories(("d", "2024-05-01")),
)
PERSONS = dict.fromkeys(ACTIVITIES, 1) | {"informal_care": 0}
ROWS = chapter.measure(STARTED, scope())


@pytest.mark.parametrize(("activity", "count"), PERSONS.items())
def test_residents_are_counted_once_in_each_of_their_activities(activity: str, count: int) -> None:
    assert value(ROWS, "activated", activity) == count


@pytest.mark.parametrize(("activity", "count"), (PERSONS | {"volunteering": 2}).items())
def test_activities_are_counted_each(activity: str, count: int) -> None:
    assert value(ROWS, "activities_started", activity) == count


def test_activities_add_up_to_their_total() -> None:
    assert sum(value(ROWS, "activities_started", a) for a in ACTIVITIES) == value(ROWS, "activities_started") == 6


def test_residents_with_two_kinds_make_the_sum_exceed_the_total() -> None:
    total = value(activation.measure(STARTED, scope()), "activated")
    assert (sum(value(ROWS, "activated", a) for a in ACTIVITIES), total) == (5, 3)


def test_a_period_with_nobody_has_every_activity_at_zero() -> None:
    rows = chapter.measure(delivery(), scope())
    assert [value(rows, "activated", a) for a in ACTIVITIES] == [0] * 6
