"""The client picture: how much of it is filled in, by ladder step and by who did."""

from __future__ import annotations

import pandas as pd
from frames import scope, value

from mp_eval.measures import client_picture
from mp_eval.tidy import pick, table

DAY = "2025-07-15"
PICTURE = pd.DataFrame(
    [
        ("a", DAY, "external_bureau", "hbo", True, "good"),
        ("b", DAY, "work_consultant", None, None, "good"),
        ("c", DAY, "participation_consultant", "wo", False, None),
        ("d", DAY, None, None, None, None),
        ("e", "2024-12-31", "external_bureau", "hbo", True, "good"),  # an older picture
    ],
    columns=["resident", "as_of", "filled_by", "education", "obstacles", "language"],
).astype({"as_of": "datetime64[us]", "obstacles": "boolean"})
RESIDENTS = pd.DataFrame(
    [("a", 1, 1980, "man", None), ("b", 1, None, "woman", "single"), ("c", None, 1990, "man", None)],
    columns=["resident", "ladder_step", "birth_year", "sex", "household"],
).astype({"ladder_step": "Int64", "birth_year": "Int64"})
BENEFITS = pd.DataFrame(
    [("b", 1975, None, "single"), ("d", None, None, "couple")],
    columns=["resident", "birth_year", "sex", "household"],
).astype({"birth_year": "Int64"})
TABLES = {"client_picture": PICTURE, "residents": RESIDENTS, "benefits": BENEFITS}
ROWS = client_picture.measure(TABLES, scope())


def filled(category: str) -> tuple[object, object]:
    return value(ROWS, "picture_filled", category, "numerator"), value(ROWS, "picture_filled", category, "denominator")


def test_only_the_last_picture_counts() -> None:
    assert (value(ROWS, "in_picture"), value(ROWS, "in_picture", column="as_of")) == (4, DAY)


def test_an_indicator_is_filled_in_when_there_is_an_answer_also_when_it_is_no() -> None:
    assert [filled(i) for i in ("education", "obstacles", "language")] == [(2, 4), (2, 4), (2, 4)]


def test_age_and_household_are_known_from_either_table() -> None:
    assert [filled(i) for i in ("age", "sex", "household")] == [(3, 4), (3, 4), (2, 4)]


def test_the_step_that_is_not_known_is_a_group_of_its_own() -> None:
    assert [value(ROWS, "in_picture", s) for s in ("1", "2")] == [2, 0]
    assert filled("education>1") == (1, 2)
    unknown = pick(table(ROWS), measure="in_picture", breakdown="step", category="unknown")
    assert unknown["value"].tolist() == [2]


def test_the_consultants_are_taken_together() -> None:
    assert filled("education>consultants") == (1, 2)
    assert filled("education>external_bureau") == (1, 1)


def test_a_group_without_anybody_has_no_share() -> None:
    assert not [r for r in ROWS if r["category"] == "education>6"]


def test_what_was_delivered_of_nobody_was_not_delivered() -> None:
    bare = PICTURE.assign(language=None)
    rows = client_picture.measure({"client_picture": bare}, scope())
    assert value(rows, "picture_filled", "language", "status") == "not_delivered"
    assert value(rows, "picture_filled", "age", "status") == "not_delivered"  # no table of residents


def test_an_empty_picture_was_not_delivered() -> None:
    rows = client_picture.measure({"client_picture": PICTURE.iloc[:0]}, scope())
    assert {r["status"] for r in rows} == {"not_delivered"}


def test_the_groups_are_parts_of_the_whole() -> None:
    found = pick(table(ROWS), measure="in_picture")
    sums = found[found["breakdown"] != ""].groupby("breakdown")["value"].sum()
    assert sums.to_dict() == {"filler": 4, "step": 4}
