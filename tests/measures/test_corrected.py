"""A day that a later delivery corrects counts once, whatever was recorded; what is only gone stays."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from frames import SECOND, YEAR, Tables, activities, conversations, trajectories
from hypothesis import given
from hypothesis import strategies as st

from mp_eval.measures import Scope, pool, without_corrected

IDENTITIES = {
    "conversations": ["resident", "date"],
    "activities": ["resident", "start"],
    "trajectories": ["resident", "start"],
    "outflow": ["resident", "date"],
    "benefits": ["resident", "start"],
}
EARLIER, LATER = Scope("2023-2024", (SECOND,), date(2024, 7, 15)), Scope("2024", (YEAR,), date(2025, 1, 15))


def left(*rows: tuple[str, str, str]) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), columns=["resident", "date", "kind"])
    return frame.astype({"resident": "str", "date": "datetime64[us]", "kind": "str"})


def benefits(*rows: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=["resident", "start"]).astype({"start": "datetime64[us]"})


def together(name: str, before: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """Both deliveries as one."""
    given: list[tuple[Tables, Scope]] = [({name: before}, EARLIER), ({name: now}, LATER)]
    return pool(without_corrected(given, IDENTITIES), {name: IDENTITIES[name]})[name]


def talks(before: list[tuple[str, str, str]], now: list[tuple[str, str, str]]) -> list[tuple[str, str]]:
    found = together("conversations", conversations(*before), conversations(*now))
    return sorted((r, f"{d:%m-%d}") for r, d in zip(found["resident"], found["date"], strict=True))


@pytest.mark.parametrize(
    ("before", "now", "count"),
    [
        ([("a", "2024-03-01", "first")], [("a", "2024-03-04", "first")], [("a", "03-04")]),
        (
            [("a", "2024-03-01", "first")],
            [("b", "2024-03-04", "first")],
            [("a", "03-01"), ("b", "03-04")],
        ),  # moved away
        ([("a", "2024-03-01", "first")], [("a", "2024-03-04", "closing")], [("a", "03-01"), ("a", "03-04")]),
        (
            [("a", "2024-03-01", "first")],
            [("a", "2024-09-04", "first")],
            [("a", "03-01"), ("a", "09-04")],
        ),  # days of one
        ([("a", "2023-11-01", "first")], [("a", "2024-03-04", "first")], [("a", "03-04"), ("a", "11-01")]),
        (
            [("a", "2024-03-01", "progress"), ("a", "2024-05-01", "progress")],
            [("a", "2024-03-04", "progress"), ("a", "2024-05-01", "progress"), ("a", "2024-05-09", "progress")],
            [("a", "03-04"), ("a", "05-01"), ("a", "05-09")],
        ),
    ],
    ids=["another day", "another resident", "another kind", "after the earlier", "before the later", "one of two"],
)
def test_a_conversation_that_was_given_another_day_is_one(before, now, count) -> None:
    assert talks(before, now) == count


@pytest.mark.parametrize(
    ("name", "before", "now"),
    [
        (
            "activities",
            activities(("a", "volunteering", "2024-03-01", False)),
            activities(("a", "volunteering", "2024-04-01", False)),
        ),
        ("trajectories", trajectories(("a", "2024-03-01")), trajectories(("a", "2024-04-01"))),
        ("outflow", left(("a", "2024-03-01", "outflow")), left(("a", "2024-04-01", "outflow"))),
        (
            "benefits",
            benefits(("z", "2008-04-01"), ("a", "2010-03-01")),
            benefits(("z", "2008-04-01"), ("a", "2010-04-01")),
        ),
    ],
)
def test_so_is_whatever_else_was_given_another_day(name: str, before: pd.DataFrame, now: pd.DataFrame) -> None:
    found = together(name, before, now)
    assert set(found[IDENTITIES[name][1]].dt.month) == {4}


def test_of_three_deliveries_the_last_day_holds() -> None:
    third = Scope("2024-ii", (YEAR,), date(2025, 6, 1))
    days = [("2024-03-01", EARLIER), ("2024-03-04", LATER), ("2024-03-08", third)]
    given_: list[tuple[Tables, Scope]] = [({"conversations": conversations(("a", d, "first"))}, s) for d, s in days]
    pooled = pool(without_corrected(given_, IDENTITIES), {"conversations": IDENTITIES["conversations"]})
    assert pooled["conversations"]["date"].dt.day.tolist() == [8]


DAYS = st.lists(
    st.tuples(st.sampled_from("abc"), st.dates(date(2024, 1, 1), date(2024, 6, 30)).map(str), st.just("progress")),
    max_size=6,
    unique=True,
)


@given(DAYS, DAYS)
def test_of_who_is_in_both_there_are_as_many_as_the_larger_tells(before, now) -> None:
    """Nothing of the later delivery goes, and no more of the earlier stays than the later lacks of it."""
    kept = talks(before, now)
    for resident in "abc":
        old, new = ({d[5:] for r, d, _ in rows if r == resident} for rows in (before, now))
        own = {d for r, d in kept if r == resident}
        assert new <= own <= old | new
        assert len(own) == max(len(old), len(new))
