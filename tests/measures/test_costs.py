"""Costs by hand: what they are made of, what they tell where something is hidden, and what stands against them."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from frames import YEAR, scope, value

from mp_eval import tidy
from mp_eval.costs import Amount, Costs
from mp_eval.measures import costs, trajectories
from mp_eval.periods import WHOLE, Period
from mp_eval.tidy import HIDDEN

SET = Costs(Amount(8000.0, "begroting", date(2024, 1, 1)), (Amount(1200.0, "norm", date(2024, 1, 1), "alleenstaande"),))
NUMBERS = {"spoken": 100.0, "activated": 40.0, "outflow": 10.0, "trajectories_started": 4.0}


def shown(
    *,
    hidden: str = "",
    refused: bool | None = None,
    priced: float = 3,
    sum_: float = 9000,
    by_day: tuple[float, float, float] | None = (2000, 2, 4),
) -> pd.DataFrame:
    """A tidy table of all periods; three of four trajectories cost 3,000 each."""

    def row(measure: str, number: float | None, **rest: object) -> dict[str, object]:
        gone = {"status": "hidden"} if measure == hidden else {}
        counts = {} if measure == hidden else rest
        return tidy.row(WHOLE, measure, None if measure == hidden else number, **{**counts, **gone})

    rows = [row(m, n) for m, n in NUMBERS.items()]
    rows.append(row("trajectories_priced", priced))
    rows.append(row("trajectory_cost", sum_ / priced, numerator=sum_, denominator=priced))
    rows.append(row("activity_lasting", 0.5, breakdown="months", category="12"))
    if by_day:
        rows.append(row("trajectory_cost_by_day", by_day[0], numerator=by_day[1], denominator=by_day[2]))
    if refused is not None:
        rows.append(row("comparison_ground", float(refused), breakdown="ground", category="few_ends"))
        rows.append(row("compared_months_off", 0.5, low=-0.25, high=1.25))
        rows.append(row("compared", 80.0, breakdown="compared", category="compared_spoken"))
    return tidy.table(rows)


def reckoned(measures: pd.DataFrame, months: float | None = 36.0, set_: Costs = SET) -> list[dict[str, object]]:
    return costs.reckon(measures, settings=set_, months={WHOLE: months}).to_dict("records")


def test_the_costs_are_those_of_consultants_and_of_all_trajectories_that_began() -> None:
    rows = reckoned(shown())
    parts = {c: value(rows, "programme_cost", c) for c in ("consultants", "begun", "all_begun", "by_day")}
    assert parts == {"consultants": 288_000, "begun": 9000, "all_begun": 12_000, "by_day": 4000}
    assert value(rows, "programme_cost") == 300_000
    assert (value(rows, "programme_cost", column="low"), value(rows, "programme_cost", column="high")) == (
        292_000,
        300_000,
    )
    assert value(rows, "consultant_months") == 36


def test_each_resident_that_was_reached_carries_the_same_costs() -> None:
    rows = reckoned(shown())
    each = {o: value(rows, "cost_per_resident", f"per_{o}") for o in ("spoken", "activated", "still_active", "left")}
    assert each == {"spoken": 3000, "activated": 7500, "still_active": 15_000, "left": 30_000}


def test_months_of_benefit_that_come_to_the_costs() -> None:
    rows = reckoned(shown())
    assert value(rows, "break_even_months", "alleenstaande") == 2.5
    assert value(rows, "break_even_months", "alleenstaande", "low") == pytest.approx(292_000 / 100 / 1200)


def test_what_stands_against_it_is_an_interval_and_none_where_the_comparison_is_refused() -> None:
    rows = reckoned(shown(refused=False))
    assert value(rows, "benefit_avoided", "alleenstaande") is None
    ends = [value(rows, "benefit_avoided", "alleenstaande", side) for side in ("low", "high")]
    assert ends == [-0.25 * 80 * 1200, 1.25 * 80 * 1200]
    for found in (shown(refused=True), shown(), shown(refused=False, hidden="compared_months_off")):
        assert not [row for row in reckoned(found) if row["measure"] == "benefit_avoided"]


@pytest.mark.parametrize("hidden", ["trajectories_started", "trajectories_priced", "trajectory_cost"])
def test_where_trajectories_are_hidden_their_sum_is(hidden: str) -> None:
    """The consultants are known to everybody: with the whole, a reader would have the trajectories."""
    rows = reckoned(shown(hidden=hidden, by_day=None))
    told = {(r["measure"], r["category"]): r["status"] for r in rows}
    assert told["programme_cost", "consultants"] == "final"
    assert {told["programme_cost", c] for c in ("begun", "all_begun", "")} == {"hidden"}
    assert told["cost_per_resident", "per_spoken"] == told["break_even_months", "alleenstaande"] == "hidden"
    assert all(pd.isna(r["low"]) and pd.isna(r["numerator"]) for r in rows if r["status"] == "hidden")


def test_where_residents_are_hidden_what_they_would_give_is() -> None:
    rows = reckoned(shown(hidden="outflow"))
    told = {r["category"]: r["status"] for r in rows if r["measure"] == "cost_per_resident"}
    assert told == {"per_spoken": "final", "per_activated": "final", "per_still_active": "final", "per_left": "hidden"}


def test_an_amount_that_nobody_stands_for_is_none() -> None:
    rows = reckoned(shown(), set_=Costs())
    assert value(rows, "programme_cost") is None
    assert value(rows, "programme_cost", "begun") == 9000
    assert value(reckoned(shown(), months=None), "programme_cost") is None


def test_without_trajectories_the_consultants_are_all() -> None:
    nothing = shown(by_day=None)
    table = nothing[~nothing["measure"].str.startswith("traject")]
    assert value(reckoned(table), "programme_cost") == 288_000


def known(*rows: tuple[str, str | None, float | None]) -> dict[str, pd.DataFrame]:
    """Trajectories of start, end, cost."""
    frame = pd.DataFrame(list(rows), columns=["start", "end", "cost"])
    days = {"start": "datetime64[us]", "end": "datetime64[us]", "cost": "float64"}
    return {"trajectories": frame.assign(resident="a", provider="Een").astype(days)}


def by_day(*rows: tuple[str, str | None, float | None], pieces: tuple[Period, ...] = (YEAR,)) -> tuple[object, ...]:
    made = trajectories.measure(known(*rows), scope(*pieces))
    return tuple(value(made, "trajectory_cost_by_day", column=c) for c in ("value", "numerator", "denominator"))


def test_a_trajectory_costs_as_much_on_each_of_its_days() -> None:
    """From 1 November to 28 February 61 of 120 days are of the first year."""
    assert by_day(("2023-11-01", "2024-02-28", 1200.0)) == (pytest.approx(1200 * 59 / 120), 1, 1)
    before = Period(date(2023, 1, 1), date(2024, 1, 1), "2023")
    assert by_day(("2023-11-01", "2024-02-28", 1200.0), pieces=(before,))[0] == pytest.approx(1200 * 61 / 120)


def test_one_that_runs_is_spread_up_to_its_planned_end_or_the_extraction() -> None:
    planned = by_day(("2024-01-01", "2025-12-30", 730.0))
    assert planned[0] == pytest.approx(366)
    assert by_day(("2024-07-15", None, 366.0))[0] == pytest.approx(170 * 366 / 366)


def test_without_an_amount_it_is_counted_beside() -> None:
    assert by_day(("2024-01-01", "2024-12-31", 500.0), ("2024-01-01", "2024-03-31", None)) == (500.0, 1, 2)
    assert by_day(("2022-01-01", "2023-12-31", 500.0), ("2024-03-01", "2024-03-02", 10.0))[1:] == (1, 1)


def test_a_hidden_number_stays_hidden_in_what_is_made_of_it() -> None:
    table = costs.reckon(shown(hidden="trajectory_cost"), settings=SET, months={WHOLE: 36.0})
    assert tidy.number(table, WHOLE, "programme_cost") is HIDDEN
