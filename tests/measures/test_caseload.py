"""The caseload: groups and how long, by hand; what is known since when; for each consultant."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from frames import YEAR, scope, value

from mp_eval.measures import Scope, caseload
from mp_eval.measures.durations import CLASSES, classes, median_months, whole_months
from mp_eval.tidy import table

DAY = "2025-07-15"
Tables = dict[str, pd.DataFrame]


def groups(*rows: tuple[str, str | None, str | None]) -> Tables:
    """Rows of resident, group and since, on one day; residents all on benefit."""
    frame = pd.DataFrame(list(rows), columns=["resident", "group", "since"]).assign(as_of=DAY)
    residents = pd.DataFrame({"resident": frame["resident"], "benefit_start": "2020-01-01", "benefit_end": None})
    dates = dict.fromkeys(("benefit_start", "benefit_end"), "datetime64[us]")
    return {
        "caseload": frame.astype({"as_of": "datetime64[us]", "since": "datetime64[us]"}),
        "residents": residents.astype(dates),
    }


MADE = groups(
    ("a", "caseload", "2025-02-15"),  # five months
    ("b", "caseload", "2025-01-15"),  # six months to the day
    ("c", "caseload", "2022-01-01"),
    ("d", "caseload", None),
    ("e", "ready", "2024-07-16"),  # a day short of a year
    ("f", "later", "2024-07-15"),
)
STAFF = Scope("2024", (YEAR,), date(2025, 7, 15), staff=((YEAR, 1.5),))


def test_how_long_is_counted_in_whole_months_of_who_is_known() -> None:
    rows = caseload.measure(MADE, scope())
    assert [value(rows, "in_group", f"caseload>{c}") for c in CLASSES] == [1, 1, 0, 1]
    assert [value(rows, "in_group", f"ready>{c}") for c in CLASSES] == [0, 1, 0, 0]


def test_classes_are_parts_of_who_is_known() -> None:
    rows = caseload.measure(MADE, scope())
    assert sum(value(rows, "in_group", f"caseload>{c}") for c in CLASSES) == value(rows, "in_group", "caseload") == 3


def test_the_median_is_of_the_middle_resident() -> None:
    rows = caseload.measure(MADE, scope())
    assert value(rows, "months_in_group", "caseload") == 6  # from 15 January to 15 July, as its class says
    assert value(rows, "months_in_group", "caseload", column="denominator") == 3


def test_nobody_in_a_group_has_no_median() -> None:
    rows = caseload.measure(groups(("a", "caseload", "2025-02-15")), scope())
    found = (value(rows, "months_in_group", "ready"), value(rows, "months_in_group", "ready", column="status"))
    assert found == (None, "undefined")


def test_a_group_without_days_is_not_delivered() -> None:
    rows = caseload.measure(groups(("a", "caseload", None)), scope())
    assert value(rows, "in_group", column="status") == "not_delivered"
    assert value(rows, "on_benefit", "caseload") == 1


def test_a_group_is_a_share_of_all_on_benefit() -> None:
    assert value(caseload.measure(MADE, scope()), "group_share", "caseload") == pytest.approx(4 / 6)


def test_without_residents_there_is_a_group_and_no_share() -> None:
    rows = caseload.measure({"caseload": MADE["caseload"]}, scope())
    assert (value(rows, "on_benefit", "caseload"), value(rows, "group_share", "caseload")) == (4, None)


def test_guidance_is_divided_over_the_consultants_of_the_period() -> None:
    rows = caseload.measure(MADE, STAFF)
    assert value(rows, "caseload_per_consultant", "caseload") == pytest.approx(4 / 1.5)


def test_unknown_consultants_give_no_number() -> None:
    rows = caseload.measure(MADE, scope())
    assert value(rows, "caseload_per_consultant", "caseload", column="status") == "not_delivered"


def test_every_row_is_of_the_day_of_the_stock() -> None:
    assert set(table(caseload.measure(MADE, STAFF))["as_of"]) == {DAY}


@pytest.mark.parametrize("start", ["2023-02-28", "2024-02-29", "2023-12-31", "2024-01-01"])
def test_whole_months_are_those_that_calendar_offsets_reach(start: str) -> None:
    """Independently: the largest number of months that can be added without passing the end."""
    first, ends = pd.Timestamp(start), pd.Series(pd.date_range("2024-03-01", "2024-12-31"))
    found = whole_months(pd.Series(first, index=ends.index), ends)
    for end, months in zip(ends, found, strict=True):
        reached = max(n for n in range(30) if (first + pd.DateOffset(months=n)) <= end)
        assert months == reached


@pytest.mark.parametrize("start", ["2024-01-15", "2023-08-31", "2023-07-15"])
def test_the_median_of_one_resident_is_in_the_class_of_that_resident(start: str) -> None:
    """181 days are half a year: divided by the mean length of a month they were 5.9 months, in the class of 6."""
    first = pd.Series(pd.to_datetime([start]))
    for months in (6, 12):
        day = first + pd.DateOffset(months=months)
        name = "from_6" if months == 6 else "from_12"
        assert (median_months(first, day), classes(first, day).iloc[0]) == (months, name)
        before = day - pd.Timedelta(days=1)
        median = median_months(first, before)
        assert median is not None
        assert median < months
        assert classes(first, before).iloc[0] != name


def test_what_ends_before_it_starts_has_no_class() -> None:
    day = pd.Series(pd.to_datetime(["2024-02-02"]))
    assert classes(day, day - pd.Timedelta(days=1)).isna().all()
