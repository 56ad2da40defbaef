"""The share of activities that still run, by hand, and beside the estimate of another program."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from frames import delivery, scope, trajectories, value
from statsmodels.duration.survfunc import SurvfuncRight

from mp_eval.measures import lasting

UNTIL = date(2025, 7, 15)


def ran(*rows: tuple[str, str | None, str], already: bool = False) -> pd.DataFrame:
    """Rows of start, end, kind."""
    frame = pd.DataFrame(list(rows), columns=["start", "end", "activity"])
    days = {"start": "datetime64[us]", "end": "datetime64[us]"}
    return frame.assign(resident=[f"r{n}" for n in range(len(rows))], already_active=already).astype(days)


def of(*rows: tuple[str, str | None, str], already: bool = False, as_of: date = UNTIL) -> list[dict[str, object]]:
    return lasting.measure(delivery(started=ran(*rows, already=already)), scope(as_of=as_of))


STILL = [("2024-03-01", None, "volunteering")] * 6


def test_of_eight_activities_of_which_one_ended_in_half_a_year_seven_eighths_run() -> None:
    rows = of(*STILL, ("2024-03-01", "2024-06-15", "volunteering"), ("2024-03-01", "2025-01-31", "volunteering"))
    assert value(rows, "activity_lasting", "6") == pytest.approx(7 / 8)
    assert value(rows, "activity_lasting", "12") == pytest.approx(6 / 8)
    assert value(rows, "activity_lasting", "volunteering>12") == pytest.approx(6 / 8)
    assert value(rows, "activity_lasting", "12", "denominator") == 8


@pytest.mark.parametrize(("last", "share"), [("2024-08-31", 6 / 7), ("2024-09-01", 1.0)])
def test_an_activity_runs_through_its_last_day(last: str, share: float) -> None:
    """Six months after 1 March is 1 September."""
    assert value(of(*STILL, ("2024-03-01", last, "volunteering")), "activity_lasting", "6") == pytest.approx(share)


def test_what_was_there_already_began_another_day() -> None:
    rows = of(("2024-03-01", "2024-04-01", "volunteering"), already=True)
    assert value(rows, "activity_lasting", "6", "denominator") == 0


def test_what_began_outside_the_period_and_trajectories_are_left_out() -> None:
    started = ran(("2023-12-31", "2024-04-30", "volunteering"), *STILL)
    rows = lasting.measure(delivery(started=started, instruments=trajectories(("a", "2024-02-01"))), scope(as_of=UNTIL))
    assert value(rows, "activity_lasting", "6", "denominator") == 6
    assert value(rows, "activity_lasting", "6") == 1


def test_of_fewer_than_five_that_are_followed_nothing_is_said() -> None:
    rows = of(*STILL[:4], ("2024-03-01", "2024-04-30", "volunteering"))
    assert value(rows, "activity_lasting", "6") is None
    assert value(rows, "activity_lasting", "6", "numerator") == 4


def test_where_no_end_was_ever_recorded_it_is_not_told() -> None:
    assert [row["status"] for row in of(*STILL)] == ["not_delivered"]


def test_the_shares_are_those_of_statsmodels() -> None:
    random = np.random.default_rng(5)
    start = pd.Timestamp("2024-01-01") + pd.to_timedelta(random.integers(0, 360, 80), "D")
    end = start + pd.to_timedelta(random.integers(20, 700, 80), "D")
    known = end < pd.Timestamp(UNTIL)
    days = [[f"{a:%Y-%m-%d}", f"{b:%Y-%m-%d}" if k else None] for a, b, k in zip(start, end, known, strict=True)]
    rows = of(*((a, b, "day_activity") for a, b in days))
    until = pd.Series(np.where(known, end, pd.Timestamp(UNTIL))) + pd.Timedelta(days=1)
    curve = SurvfuncRight(lasting.months_between(pd.Series(start), until).to_numpy(), known.astype(int))
    for months in lasting.MILESTONES:
        expected = curve.surv_prob[np.searchsorted(curve.surv_times, months, side="right") - 1]
        assert value(rows, "activity_lasting", f"day_activity>{months}") == pytest.approx(expected)
