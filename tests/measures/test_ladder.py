"""The ladder: first and last step of the residents spoken to, by hand and by brute force."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pandas as pd
import pytest
from conftest import dear
from frames import conversations, delivery, first, scope, value
from hypothesis import given, settings
from hypothesis import strategies as st

from mp_eval.measures import ladder as chapter
from mp_eval.measures import measure

Step = tuple[str, str, int]


def steps(*rows: Step) -> pd.DataFrame:
    """Rows of resident, date, step."""
    frame = pd.DataFrame(list(rows), columns=["resident", "date", "step"])
    return frame.astype({"resident": "str", "date": "datetime64[us]", "step": "Int64"})


def measured(talks: pd.DataFrame, *rows: Step, as_of: date = date(2025, 7, 15)) -> list[dict[str, object]]:
    return chapter.measure({**delivery(talks), "ladder": steps(*rows)}, scope(as_of=as_of))


SPOKEN = first(*"abcdef", on="2024-03-01")
ROWS = measured(
    SPOKEN,
    ("a", "2024-02-29", 5),  # before the first conversation
    ("a", "2024-03-01", 1),
    ("a", "2024-06-01", 3),
    ("a", "2024-09-01", 2),  # the last counts, not the highest
    ("b", "2024-03-01", 2),
    ("b", "2024-05-29", 3),  # 89 days later
    ("c", "2024-03-01", 4),
    ("c", "2024-05-30", 4),  # 90 days later
    ("d", "2024-03-01", 2),
    ("d", "2025-07-15", 1),  # on the day of the extraction
    ("e", "2024-02-01", 3),  # only before
    ("x", "2024-03-01", 1),  # not spoken to
    ("x", "2024-09-01", 2),
)


@pytest.mark.parametrize(("how", "count"), [("twice", 3), ("once", 1), ("never", 2)])
def test_coverage(how: str, count: int) -> None:
    assert value(ROWS, "ladder_followed", f"measured_{how}") == count


@pytest.mark.parametrize(("pair", "count"), [((1, 2), 1), ((4, 4), 1), ((2, 1), 1), ((2, 3), 0)])
def test_from_the_first_step_to_the_last(pair: tuple[int, int], count: int) -> None:
    assert value(ROWS, "ladder_moves", ">".join(map(chapter.step, pair))) == count


@pytest.mark.parametrize("direction", ["up", "same", "down"])
def test_directions_are_shares_of_who_was_measured_twice(direction: str) -> None:
    found = [value(ROWS, "ladder_move_rate", f"moved_{direction}", column=c) for c in ("numerator", "denominator")]
    assert found == [1, 3]


def test_a_step_after_the_extraction_is_not_known() -> None:
    rows = measured(SPOKEN, ("a", "2024-03-01", 1), ("a", "2024-09-01", 2), as_of=date(2024, 8, 31))
    assert value(rows, "ladder_followed", "measured_once") == 1


def test_who_was_first_spoken_to_before_the_period_is_not_followed() -> None:
    talks = conversations(("a", "2023-12-31", "first"), ("a", "2024-03-01", "progress"))
    assert value(measured(talks, ("a", "2024-03-01", 1)), "ladder_followed") == 0


def test_with_nobody_a_share_is_undefined() -> None:
    assert value(measured(first()), "ladder_move_rate", "moved_up", column="status") == "undefined"


def test_a_ladder_that_was_not_delivered_is_not_nobody() -> None:
    rows = measure(delivery(SPOKEN), scope()).to_dict("records")
    assert [value(rows, m, column="status") for m in chapter.MEASURES] == ["not_delivered"] * 3


DAYS = st.dates(date(2024, 1, 1), date(2025, 7, 15))
MEASUREMENTS = st.lists(
    st.tuples(st.sampled_from("abc"), DAYS, st.integers(1, 6)), max_size=12, unique_by=lambda r: r[:2]
)


@settings(max_examples=dear(6))
@given(MEASUREMENTS)
def test_a_loop_over_residents_finds_the_same(rows: list[tuple[str, date, int]]) -> None:
    talk = date(2024, 3, 1)
    found = dict.fromkeys(itertools.product(range(1, 7), repeat=2), 0)
    for resident in "abc":
        own = sorted((day, step) for who, day, step in rows if who == resident and day >= talk)
        if own and own[-1][0] - own[0][0] >= timedelta(days=90):
            found[own[0][1], own[-1][1]] += 1
    made = measured(first(*"abc", on=str(talk)), *((who, str(day), step) for who, day, step in rows))
    assert {(a, b): value(made, "ladder_moves", f"step_{a}>step_{b}") for a, b in found} == found
    for breakdown in ("from", "to", "from>to", "direction"):
        parts = [r["value"] for r in made if (r["measure"], r["breakdown"]) == ("ladder_moves", breakdown)]
        assert sum(parts) == value(made, "ladder_moves") == sum(found.values())  # type: ignore[arg-type]
