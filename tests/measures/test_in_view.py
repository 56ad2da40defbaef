"""Who on the lowest steps was spoken to or is in view."""

from __future__ import annotations

import pandas as pd
import pytest
from frames import conversations, scope, value

from mp_eval.measures import ambitions

DAY = "2025-06-30"


def delivered(filled: tuple[tuple[str, str | None], ...], steps: dict[str, int | None]) -> dict[str, pd.DataFrame]:
    people = pd.DataFrame({"resident": list(steps), "ladder_step": pd.array(list(steps.values()), dtype="Int64")})
    people = people.assign(benefit_start=pd.Timestamp("2020-01-01"), benefit_end=pd.NaT)
    people["benefit_end"] = people["benefit_end"].astype("datetime64[us]")
    picture = pd.DataFrame(list(filled), columns=["resident", "filled_by"]).assign(as_of=pd.Timestamp(DAY))
    return {"residents": people, "client_picture": picture, "conversations": conversations(("b", DAY, "first"))}


def test_in_view_is_spoken_to_or_with_a_picture_that_somebody_filled_in() -> None:
    steps = {"a": 1, "b": 2, "c": 2, "d": 1, "e": 3, "f": None}
    rows = ambitions.measure(
        delivered((("a", "external_bureau"), ("c", None), ("e", "work_consultant")), steps), scope()
    )
    assert value(rows, "on_lowest_steps") == 4  # a, b, c, d
    assert value(rows, "on_lowest_steps", "in_view") == 2  # a by the picture, b by a conversation
    assert value(rows, "on_lowest_steps", "out_of_view") == 2
    assert value(rows, "in_view_rate") == 0.5


def test_whose_benefit_ended_does_not_count() -> None:
    tables = delivered((("a", "external_bureau"),), {"a": 1, "b": 1})
    tables["residents"].loc[0, "benefit_end"] = pd.Timestamp("2025-06-29")
    assert value(ambitions.measure(tables, scope()), "on_lowest_steps") == 1


@pytest.mark.parametrize("column", ["ladder_step", "benefit_start"])
def test_what_is_known_of_nobody_was_not_delivered(column: str) -> None:
    tables = delivered((("a", "external_bureau"),), {"a": 1})
    tables["residents"][column] = tables["residents"][column].where(tables["residents"]["resident"] == "")
    rows = ambitions.measure(tables, scope())
    assert {r["status"] for r in rows} == {"not_delivered"}


def test_nobody_on_the_lowest_steps_is_no_share() -> None:
    rows = ambitions.measure(delivered((("a", None),), {"a": 4}), scope())
    assert (value(rows, "on_lowest_steps"), value(rows, "in_view_rate")) == (0, None)


@pytest.mark.parametrize("name", ambitions.MEASURES)
def test_an_empty_picture_was_not_delivered(name: str) -> None:
    rows = ambitions.measure(delivered((), {"a": 1}), scope())
    assert value(rows, name, column="status") == "not_delivered"
