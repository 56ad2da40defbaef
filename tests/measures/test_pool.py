"""Deliveries as one: the latest row of each key, and residents over periods that share days."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
from conftest import dear
from frames import FIRST, SECOND, YEAR, Tables, activities, delivery, first, scope, trajectories
from hypothesis import given, settings
from hypothesis import strategies as st

from mp_eval.measures import WHOLE, measure, measure_whole, pool
from mp_eval.tidy import number, pick

KEYS = {"residents": ["resident"]}
PERIODS = (FIRST, SECOND, YEAR)
ONE_DAY = st.integers(0, 850).map(lambda n: (date(2022, 9, 1) + timedelta(days=n)).isoformat())
EVENTS = st.lists(st.tuples(st.sampled_from("abcdefgh"), ONE_DAY), max_size=20, unique=True)


def residents(**steps: int) -> Tables:
    return {"residents": pd.DataFrame({"resident": list(steps), "ladder_step": list(steps.values())})}


def whole(tables: Tables) -> pd.DataFrame:
    return measure_whole(tables, scope(*PERIODS, key=WHOLE), PERIODS)


def test_the_latest_delivery_has_the_last_word() -> None:
    assert pool([residents(a=1), residents(a=3)], KEYS)["residents"]["ladder_step"].tolist() == [3]


def test_a_row_that_is_delivered_once_stays() -> None:
    assert pool([residents(a=1, b=2), residents(b=2)], KEYS)["residents"]["resident"].tolist() == ["a", "b"]


def test_a_table_that_nobody_delivered_is_not_there() -> None:
    assert pool([residents(a=1)], {**KEYS, "outflow": ["resident"]}).keys() == {"residents"}


def test_a_start_that_got_its_kind_later_is_one_start() -> None:
    unrecorded = {"activities": activities(("a", None, "2024-02-01", False))}
    recorded = {"activities": activities(("a", "volunteering", "2024-02-01", False))}
    pooled = pool([unrecorded, recorded], {"activities": ["resident", "start"]})["activities"]
    assert pooled["activity"].tolist() == ["volunteering"]


def test_two_activities_that_began_on_one_day_stay_two() -> None:
    both = activities(("a", "volunteering", "2024-02-01", False), ("a", "day_activity", "2024-02-01", False))
    assert (
        len(pool([{"activities": both}, {"activities": both}], {"activities": ["resident", "start"]})["activities"])
        == 2
    )


@given(
    st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 6)),
    st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 6)),
    st.randoms(),
)
def test_the_pool_is_the_later_over_the_earlier_whatever_the_order_of_rows(older, newer, random) -> None:
    old, new = (random.sample(list(steps.items()), len(steps)) for steps in (older, newer))
    pooled = pool([residents(**dict(old)), residents(**dict(new))], KEYS)["residents"]
    assert pooled.to_numpy().tolist() == [[r, s] for r, s in sorted({**older, **newer}.items())]


def test_a_resident_in_two_periods_that_share_days_counts_once() -> None:
    assert number(whole(delivery(first("a", on="2024-03-01"))), WHOLE, "spoken") == 1


def test_a_resident_in_two_periods_is_counted_in_two() -> None:
    assert number(whole(delivery(first("a", on="2024-03-01"))), WHOLE, "spoken", "times_counted", "2") == 1


def test_a_resident_in_one_period_is_counted_in_one() -> None:
    assert number(whole(delivery(first("a", on="2023-03-01"))), WHOLE, "spoken", "times_counted", "1") == 1


@settings(max_examples=dear(4))
@given(EVENTS, EVENTS)
def test_distinct_residents_lie_between_the_largest_period_and_the_sum(talks, started) -> None:
    tables = delivery(pd.concat([first(), *(first(r, on=day) for r, day in talks)]), instruments=trajectories(*started))
    together, apart = whole(tables), [measure(tables, scope(p), stocks=False) for p in PERIODS]
    for name in ("spoken", "activated"):
        each = [number(measured, "2024", name) for measured in apart]
        assert max(each) <= number(together, WHOLE, name) <= sum(each)


@settings(max_examples=dear(4))
@given(EVENTS, EVENTS)
def test_times_counted_sum_to_the_distinct_residents(talks, started) -> None:
    tables = delivery(pd.concat([first(), *(first(r, on=day) for r, day in talks)]), instruments=trajectories(*started))
    together = whole(tables)
    for name in ("spoken", "activated"):
        times = pick(together, measure=name, breakdown="times_counted")["value"]
        assert times.sum() == number(together, WHOLE, name)
