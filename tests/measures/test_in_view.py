"""Who on the lowest steps was spoken to or is in view."""

from __future__ import annotations

import pandas as pd
import pytest
from frames import conversations, scope, value

from mp_eval.measures import ambitions
from mp_eval.measures.client_picture import ASKED

DAY = "2025-06-30"


Asked = tuple[str | None, str | None, str | None]  # education, obstacles, language
FULL: Asked = ("mbo", "geen", "voldoende")


def delivered(filled: dict[str, Asked], steps: dict[str, int | None]) -> dict[str, pd.DataFrame]:
    people = pd.DataFrame({"resident": list(steps), "ladder_step": pd.array(list(steps.values()), dtype="Int64")})
    people = people.assign(benefit_start=pd.Timestamp("2020-01-01"), benefit_end=pd.NaT)
    people["benefit_end"] = people["benefit_end"].astype("datetime64[us]")
    picture = pd.DataFrame([(r, *asked) for r, asked in filled.items()], columns=["resident", *ASKED])
    picture = picture.assign(as_of=pd.Timestamp(DAY), filled_by="external_bureau")
    return {"residents": people, "client_picture": picture, "conversations": conversations(("b", DAY, "first"))}


def test_in_view_is_spoken_to_or_with_a_picture_in_which_all_is_filled_in() -> None:
    """Every row names who filled it in, so that says nothing."""
    steps = {"a": 1, "b": 2, "c": 2, "d": 1, "e": 3, "f": None}
    filled = {"a": FULL, "b": (None, None, None), "c": ("mbo", "geen", None), "e": FULL}
    rows = ambitions.measure(delivered(filled, steps), scope())
    assert value(rows, "on_lowest_steps") == 4  # a, b, c, d
    assert value(rows, "on_lowest_steps", column="high") == 5  # f may be on one of them
    assert value(rows, "on_lowest_steps", "in_view") == 2  # a by the picture, b by a conversation
    assert value(rows, "on_lowest_steps", "out_of_view") == 2  # c lacks an answer, d a picture
    assert value(rows, "in_view_rate") == 0.5


def test_a_question_that_was_asked_of_nobody_is_not_missing() -> None:
    filled = {"a": ("mbo", "geen", None), "c": ("mbo", None, None)}
    rows = ambitions.measure(delivered(filled, {"a": 1, "c": 1}), scope())
    assert value(rows, "on_lowest_steps", "in_view") == 1


def test_a_picture_without_any_answer_brings_nobody_in_view() -> None:
    rows = ambitions.measure(delivered({"a": (None, None, None)}, {"a": 1, "c": 1}), scope())
    assert value(rows, "on_lowest_steps", "in_view") == 0


def test_whose_benefit_ended_does_not_count() -> None:
    tables = delivered({"a": FULL}, {"a": 1, "b": 1})
    tables["residents"].loc[0, "benefit_end"] = pd.Timestamp("2025-06-29")
    assert value(ambitions.measure(tables, scope()), "on_lowest_steps") == 1


@pytest.mark.parametrize("column", ["ladder_step", "benefit_start"])
def test_what_is_known_of_nobody_was_not_delivered(column: str) -> None:
    tables = delivered({"a": FULL}, {"a": 1})
    tables["residents"][column] = tables["residents"][column].where(tables["residents"]["resident"] == "")
    rows = ambitions.measure(tables, scope())
    assert {r["status"] for r in rows} == {"not_delivered"}


def test_nobody_on_the_lowest_steps_is_no_share() -> None:
    rows = ambitions.measure(delivered({"a": FULL}, {"a": 4}), scope())
    assert (value(rows, "on_lowest_steps"), value(rows, "in_view_rate")) == (0, None)


@pytest.mark.parametrize("name", ambitions.MEASURES)
def test_an_empty_picture_was_not_delivered(name: str) -> None:
    rows = ambitions.measure(delivered({}, {"a": 1}), scope())
    assert value(rows, name, column="status") == "not_delivered"
