"""The index of a table says what comparing its columns says, also of a table that was changed after it was asked."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mp_eval.lookup import KEPT, index

WORDS = st.sampled_from(["", "a", "b", "c"])


def _table() -> pd.DataFrame:
    kinds = {"word": "str", "value": "Float64"}
    return pd.DataFrame({"word": ["a", "b", "a"], "value": [1.0, None, 3.0]}, index=[5, 6, 7]).astype(kinds)


@given(st.lists(st.tuples(WORDS, WORDS)), WORDS, WORDS)
def test_it_finds_the_rows_that_a_comparison_finds(rows: list[tuple[str, str]], one: str, other: str) -> None:
    table = pd.DataFrame(rows, columns=["one", "other"], dtype="str")
    compared = table[(table["one"] == one) & (table["other"] == other)]
    pd.testing.assert_frame_equal(index(table).pick({"one": one, "other": other}), compared)


def test_without_a_question_every_row_is_found() -> None:
    pd.testing.assert_frame_equal(index(_table()).pick({}), _table())


def test_a_missing_value_is_in_no_answer() -> None:
    assert index(_table()).rows({"value": float("nan")}) == []


def _set(table: pd.DataFrame) -> None:
    table.loc[6, "word"] = "a"


def _assign(table: pd.DataFrame) -> None:
    table["word"] = pd.array(["b", "a", "a"], dtype="str")


def _rename(table: pd.DataFrame) -> None:
    table.columns = ["value", "word"]


def _relabel(table: pd.DataFrame) -> None:
    table.index = pd.Index([1, 2, 3])


def _replace_one(table: pd.DataFrame) -> None:
    table.iat[1, 0] = "a"


@pytest.mark.parametrize("change", [_set, _assign, _rename, _relabel, _replace_one])
def test_a_table_that_was_changed_is_looked_up_as_it_is_now(change: Callable[[pd.DataFrame], None]) -> None:
    table = _table()
    index(table).pick({"word": "a"})
    change(table)
    pd.testing.assert_frame_equal(index(table).pick({"word": "a"}), table[table["word"] == "a"])


def test_what_is_picked_may_be_changed() -> None:
    table = _table()
    picked = index(table).pick({"word": "a"})
    picked.loc[5, "value"] = 9.0
    assert index(table).pick({"word": "a"})["value"].tolist() == [1.0, 3.0]


def test_many_other_tables_in_between_change_no_answer() -> None:
    table = _table()
    index(table)
    for _ in range(2 * KEPT):
        index(_table().iloc[1:])
    assert index(table).rows({"word": "a"}) == [0, 2]
