"""A month is the same month in every period: what one period hides, another does not give away."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import dear
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from releases import counts, hidden_by, narrowed, recovered

from mp_eval import tidy
from mp_eval.disclosure.attack import attack
from mp_eval.disclosure.protect import protect
from mp_eval.periods import Period, parse
from mp_eval.workspace import Disclosure

MONTHS = ("2024-01", "2024-02", "2024-03", "2024-04", "2024-05")
DAYS = {
    "early": (parse("januari 2024 tot april 2024"),),
    "late": (parse("februari 2024 tot juni 2024"),),
    "alle-perioden": (parse("januari 2024 tot juni 2024"),),
}
HELD = {"early": MONTHS[:3], "late": MONTHS[1:], "alle-perioden": MONTHS}


def release(by_month: dict[str, int], measure: str = "spoken") -> list[dict]:
    """A count of each month in each period that holds the month."""
    rows = []
    for period, months in HELD.items():
        held = {m: by_month[m] for m in months}
        rows += counts(period, measure, sum(held.values()), month=held)
    return rows


def hide(table, period: str, *months: str):
    """The table without these months of one period."""
    shown = table.copy()
    is_it = (shown["period"] == period) & shown["category"].isin(months)
    shown.loc[is_it, ["value", "status"]] = [None, "hidden"]
    return shown


@pytest.mark.parametrize("measure", ["spoken", "conversations"])
def test_a_month_that_another_period_shows_is_recovered(measure: str) -> None:
    """Neither of these periods lies in the other."""
    table = tidy.table(release(dict(zip(MONTHS, (20, 3, 12, 30, 15), strict=True)), measure))
    shown = hide(table[table["period"] != "alle-perioden"], "early", "2024-02", "2024-03")
    assert (f"early / {measure} / month / 2024-02", 3.0) in recovered(shown, DAYS)


@pytest.mark.parametrize("measure", ["spoken", "conversations"])
def test_so_it_is_hidden_in_all(measure: str) -> None:
    table = tidy.table(release(dict(zip(MONTHS, (20, 3, 12, 30, 15), strict=True)), measure))
    shown = hidden_by(table, 5, DAYS)
    february = shown[(shown["category"] == "2024-02")]
    assert (february["status"] == "hidden").all()
    assert recovered(shown, DAYS) == []


LATE = {"2024-01": 20, "2024-02": 25, "2024-03": 12, "2024-04": 30, "2024-05": 15}


@pytest.mark.parametrize("came_late", [1, 4])
def test_what_came_late_in_a_month_does_not_follow_from_two_deliveries(came_late: int) -> None:
    """February is 25 in the delivery of one period and more in the next, and each stands on its own page."""
    rows = release(LATE)
    for row in rows:
        if row["period"] == "late" and row["category"] in ("", "2024-02"):
            row["value"] += came_late  # type: ignore[operator]
    table = tidy.table([r for r in rows if r["period"] != "alle-perioden"])
    shown = protect(table, settings=Disclosure(internal=False), days=DAYS).measures
    hidden = set(map(tuple, shown.loc[shown["status"] == "hidden", ["period", "category"]].to_numpy()))
    own = next(period for period in ("early", "late") if (period, "2024-02") in hidden)
    assert len([period for period, _ in hidden if period == own]) > 1  # or the other months and the total would tell it


def test_a_month_that_differs_by_enough_is_told_twice() -> None:
    rows = release(LATE)
    for row in rows:
        if row["period"] == "late" and row["category"] in ("", "2024-02"):
            row["value"] += 6  # type: ignore[operator]
    table = tidy.table([r for r in rows if r["period"] != "alle-perioden"])
    assert set(protect(table, settings=Disclosure(internal=False), days=DAYS).measures["status"]) == {"final"}


def test_part_of_a_month_is_at_most_all_of_it() -> None:
    days = {"half": (Period(parse("maart 2024").start, parse("15 maart 2024").start),), "all": (parse("maart 2024"),)}
    rows = [*counts("half", "spoken", month={"2024-03": 8}), *counts("all", "spoken", month={"2024-03": 20})]
    found = {str(i): (i.low, i.high) for i in attack(hide(tidy.table(rows), "half", "2024-03"), days=days)}
    assert found["half / spoken / month / 2024-03"] == (1, 20)


def test_a_delivery_that_knows_one_more_keeps_no_release_back() -> None:
    rows = release(dict(zip(MONTHS, (20, 3, 12, 30, 15), strict=True)), "conversations")
    late = [r for r in rows if r["period"] == "late"]
    for row in late:
        row["value"] += row["category"] in ("", "2024-03")
    shown = protect(tidy.table(rows), settings=Disclosure(internal=False, threshold=5), days=DAYS).measures
    assert (shown.loc[shown["category"] == "2024-02", "status"] == "hidden").all()


@settings(max_examples=dear(4), derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.lists(st.integers(0, 25), min_size=5, max_size=5), st.sampled_from([3, 5, 10]))
def test_no_months_can_be_narrowed(values: list[int], threshold: int) -> None:
    talks = release(dict(zip(MONTHS, np.array(values) * 2, strict=True)), "conversations")
    table = tidy.table([*release(dict(zip(MONTHS, values, strict=True))), *talks])
    assert narrowed(hidden_by(table, threshold, DAYS), table, threshold, DAYS) == []


def test_rows_of_a_delivery_are_told_in_no_public_release() -> None:
    rows = [tidy.row("2024", "late_records", 900, denominator=1000, note="2024-01-01/2024-07-01 2024-10-15")]
    label = {"breakdown": "contradiction", "category": "newcomer_unknown"}
    rows.append(tidy.row("2024", "contradictions", 1, denominator=186, **label))
    rows.append(tidy.row("2024", "days_to_extraction", 196))
    shown = protect(tidy.table(rows), settings=Disclosure(internal=False), days={}).measures
    assert shown["status"].tolist() == ["hidden", "hidden", "final"]
    assert shown.loc[[0, 1], ["value", "denominator"]].isna().all(axis=None)
    assert shown.loc[0, "note"] == ""
