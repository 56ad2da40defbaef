"""Outflow and stocks: events in the period, residents on a date, and what was not delivered."""

from __future__ import annotations

import pandas as pd
import pytest
from frames import delivery, scope, value

from mp_eval.measures import caseload, measure, outflow
from mp_eval.tidy import pick

DAY = "2025-07-15"
DATES = dict.fromkeys(("benefit_start", "benefit_end", "as_of", "since"), "datetime64[us]")


def frame(columns: str, *rows: tuple[str | None, ...]) -> pd.DataFrame:
    made = pd.DataFrame(list(rows), columns=columns.split())
    return made.astype({c: DATES.get(c, "str") for c in made.columns})


EVENTS = frame(
    "resident date kind",
    ("a", "2024-01-01", "outflow"),
    ("a", "2024-06-01", "outflow"),  # left twice, one resident
    ("a", "2024-07-01", "wsp_referral"),  # and in the other count as well
    ("b", "2025-01-01", "outflow"),  # after the period
).astype({"date": "datetime64[us]"})
RESIDENTS = frame(
    "resident benefit_start benefit_end",
    ("a", "2020-01-01", None),
    ("b", DAY, None),  # starts on the day
    ("c", "2020-01-01", DAY),  # ends on the day
    ("d", "2020-01-01", "2025-07-14"),  # ended the day before
    ("e", "2025-07-16", None),  # starts the day after
    ("f", None, None),  # start not known
)
GROUPS = frame(
    "resident as_of group since",
    ("a", DAY, "caseload", "2025-01-15"),
    ("b", DAY, "later", None),
    ("c", "2025-01-01", "ready", None),
)
PICTURE = frame("resident as_of filled_by", ("a", "2025-06-30", "external_bureau"), ("b", "2025-06-30", None))


@pytest.mark.parametrize(("kind", "count"), [("outflow", 1), ("wsp_referral", 1)])
def test_outflow_counts_distinct_residents_of_each_kind(kind: str, count: int) -> None:
    assert value(outflow.measure({"outflow": EVENTS}, scope()), kind) == count


@pytest.mark.parametrize("kind", ["outflow", "wsp_referral"])
def test_outflow_that_was_not_delivered_is_not_zero(kind: str) -> None:
    rows = measure({}, scope()).to_dict("records")
    assert (value(rows, kind), value(rows, kind, column="status")) == (None, "not_delivered")


def test_outflow_delivered_empty_is_zero() -> None:
    assert value(outflow.measure({"outflow": EVENTS.iloc[:0]}, scope()), "outflow") == 0


LEFT = frame(
    "resident date kind",
    ("a", "2024-02-01", "outflow"),  # back on the thirtieth day
    ("b", "2024-02-01", "outflow"),  # back on the thirty-first
    ("c", "2024-02-01", "outflow"),  # a new benefit on the same day
    ("d", "2024-02-01", "outflow"),  # first time back, second time gone
    ("d", "2024-09-01", "outflow"),
    ("e", "2024-02-01", "outflow"),  # not in the register of benefits
    ("f", "2024-02-01", "wsp_referral"),  # no outflow, whatever benefit begins
).astype({"date": "datetime64[us]"})
BENEFITS = frame(
    "resident start",
    ("a", "2020-01-01"),
    ("a", "2024-03-02"),
    ("b", "2024-03-03"),
    ("c", "2024-02-01"),
    ("d", "2024-01-31"),
    ("d", "2024-02-11"),
    ("f", "2024-02-11"),
).astype({"start": "datetime64[us]"})
BENEFITS["end"] = pd.Series(pd.NaT, index=BENEFITS.index, dtype="datetime64[us]")


def test_who_is_back_within_thirty_days_did_not_leave() -> None:
    rows = outflow.measure({"outflow": LEFT, "benefits": BENEFITS}, scope())
    assert (value(rows, "outflow"), value(rows, "wsp_referral")) == (3, 1)  # b, d (the second time), e


def test_without_the_register_of_benefits_every_end_counts() -> None:
    assert value(outflow.measure({"outflow": LEFT}, scope()), "outflow") == 5


def test_residents_are_the_same_in_all_tables() -> None:
    """They are numbered before they are counted: categories of each table of its own would not join."""
    tables = {**delivery(), "outflow": LEFT.astype({"resident": "category"}), "benefits": BENEFITS}
    (row,) = pick(measure(tables, scope(), stocks=False), measure="outflow", breakdown="").to_dict("records")
    assert row["value"] == 3


def test_on_benefit_runs_from_its_first_day_through_its_last() -> None:
    assert value(caseload.measure({"residents": RESIDENTS, "caseload": GROUPS}, scope()), "on_benefit") == 3  # a, b, c


@pytest.mark.parametrize(("group", "count"), [("caseload", 1), ("ready", 0), ("later", 1), ("not_soon", 0)])
def test_groups_are_those_of_the_last_date(group: str, count: int) -> None:
    assert value(caseload.measure({"residents": RESIDENTS, "caseload": GROUPS}, scope()), "on_benefit", group) == count


def test_a_stock_carries_its_own_date() -> None:
    rows = caseload.measure({"residents": RESIDENTS, "caseload": GROUPS}, scope())
    assert value(rows, "on_benefit", "caseload", column="as_of") == DAY


def test_a_table_with_an_older_date_keeps_that_date_and_its_counts() -> None:
    rows = caseload.measure({"residents": RESIDENTS, "caseload": GROUPS, "client_picture": PICTURE}, scope())
    found = [value(rows, "on_benefit", "external_bureau", column=c) for c in ("value", "as_of")]
    assert found == [1, "2025-06-30"]


def test_who_filled_in_is_in_no_category_when_it_was_not_recorded() -> None:
    rows = caseload.measure({"residents": RESIDENTS, "client_picture": PICTURE}, scope())
    assert sum(value(rows, "on_benefit", filler) for filler in caseload.FILLERS) == 1  # two rows, one recorded


@pytest.mark.parametrize("tables", [{}, {"caseload": GROUPS.iloc[:0]}], ids=["no table", "an empty table"])
def test_a_stock_without_a_date_is_not_delivered(tables: dict[str, pd.DataFrame]) -> None:
    rows = caseload.measure({"residents": RESIDENTS, **tables}, scope())
    assert [(r["value"], r["status"]) for r in rows] == [(None, "not_delivered")]


def test_stocks_are_left_out_of_a_stretch_without_its_own_delivery() -> None:
    measured = measure({**delivery(), "residents": RESIDENTS, "caseload": GROUPS}, scope(), stocks=False)
    assert pick(measured, measure="on_benefit").empty
