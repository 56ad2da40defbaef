"""The tidy table: what it refuses, and the types that it always has."""

from __future__ import annotations

import pandas as pd
import pytest

from mp_eval.tidy import COLUMNS, KEY, MEASURES, STATUSES, number, pick, row, table

TWO = table([row("2024", "spoken", 175), row("2024", "activation_rate", None, status="undefined")])


def test_an_unknown_measure_is_refused() -> None:
    with pytest.raises(ValueError, match="no such measure: 'happiness'"):
        row("2024", "happiness", 1)


def test_an_unknown_column_is_refused() -> None:
    with pytest.raises(ValueError, match=r"no such column in the tidy table: \['colour'\]"):
        row("2024", "spoken", 1, colour="blue")


def test_a_breakdown_of_another_measure_is_refused() -> None:
    with pytest.raises(ValueError, match="'spoken' has no breakdown 'activity'"):
        row("2024", "spoken", 1, breakdown="activity", category="volunteering")


def test_an_unknown_status_is_refused() -> None:
    with pytest.raises(ValueError, match="no such status: 'probably'"):
        row("2024", "spoken", 1, status="probably")


def test_the_same_measure_twice_is_refused() -> None:
    with pytest.raises(ValueError, match=r"measured twice: \['2024', 'spoken', '', '', ''\]"):
        table([row("2024", "spoken", 1), row("2024", "spoken", 2)])


@pytest.mark.parametrize("other", [{"as_of": "2025-07-15"}, {"breakdown": "times_counted", "category": "1"}])
def test_another_date_or_category_is_another_measure(other: dict[str, str]) -> None:
    assert len(table([row("2024", "spoken", 1), row("2024", "spoken", 2, **other)])) == 2


@pytest.mark.parametrize("rows", [[], [row("2024", "spoken", 175)]], ids=["empty", "one row"])
def test_the_types_are_those_of_the_catalogue(rows: list[dict[str, object]]) -> None:
    assert {c: str(t) for c, t in table(rows).dtypes.items()} == dict(COLUMNS)


def test_text_is_never_missing() -> None:
    assert not TWO.select_dtypes("str").isna().any(axis=None)


@pytest.mark.parametrize("status", STATUSES)
def test_every_status_can_be_given(status: str) -> None:
    assert row("2024", "spoken", 1, status=status)["status"] == status


def test_every_measure_has_its_unit() -> None:
    assert {name: row("2024", name, 1)["unit"] for name in MEASURES} == {name: m.unit for name, m in MEASURES.items()}


def test_a_share_names_measures_that_exist() -> None:
    shares = [m for m in MEASURES.values() if m.kind == "share"]
    assert {m.denominator for m in shares} <= MEASURES.keys()
    assert {m.numerator for m in shares if m.numerator or not m.of_the_same} <= MEASURES.keys()


def test_breakdowns_relate_to_their_total_in_a_known_way() -> None:
    assert {r for m in MEASURES.values() for r in m.breakdowns.values()} == {
        "parts",
        "cover",
        "some",
        "beside",
        "variants",
    }


def test_the_key_is_made_of_columns() -> None:
    assert set(KEY) <= COLUMNS.keys()


def test_a_number_that_was_not_measured_is_none() -> None:
    assert number(TWO, "2024", "outflow") is None


def test_an_undefined_number_is_none() -> None:
    assert number(TWO, "2024", "activation_rate") is None


def test_a_number_is_the_one_with_that_meaning() -> None:
    assert number(TWO, "2024", "spoken") == 175


def test_of_two_dates_the_last_row_is_the_number() -> None:
    stocks = [row("2024", "on_benefit", n, as_of=f"2025-0{n}-01") for n in (1, 2)]
    assert number(table(stocks), "2024", "on_benefit") == 2


def test_pick_takes_the_rows_where_everything_holds() -> None:
    assert pick(TWO, period="2024", measure="spoken")["value"].tolist() == [175]


def test_pick_leaves_the_table_as_it_was() -> None:
    before = TWO.copy()
    pick(TWO, measure="spoken")["value"].to_list()
    pd.testing.assert_frame_equal(TWO, before)
