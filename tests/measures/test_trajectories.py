"""Trajectories: begun, ended and running by provider, the bridge between them, durations and costs."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from frames import FIRST, scope, value
from hypothesis import given
from hypothesis import strategies as st

from mp_eval.measures import measure, running
from mp_eval.measures import trajectories as chapter
from mp_eval.tidy import pick, table

DATES = {"start": "datetime64[us]", "end": "datetime64[us]"}
Bought = tuple[str, str | None, str, str | None, str | None, float | None]


def bought(*rows: Bought) -> dict[str, pd.DataFrame]:
    """Rows of resident, provider, start, end, end_reason, cost."""
    columns = ["resident", "provider", "start", "end", "end_reason", "cost"]
    frame = pd.DataFrame(list(rows), columns=columns).astype(DATES | {"provider": "str", "end_reason": "str"})
    return {"trajectories": frame.astype({"cost": "float64"})}


SOME = bought(
    ("a", "Een", "2023-11-01", "2024-01-31", "work", 1000),  # began before, ended in the period
    ("a", "Een", "2024-02-01", "2024-12-31", "other", 2000),  # ended on the last day
    ("b", "Twee", "2024-03-01", None, None, 500),  # runs on
    ("c", None, "2024-04-01", "2024-04-30", None, None),  # neither provider, reason nor price known
    ("d", "Twee", "2024-05-01", "2026-01-01", "work", 700),  # an end after the extraction is a plan
    ("e", "Twee", "2023-01-01", "2023-12-31", "withdrew", 900),  # ended the day before the period
    ("f", "Drie", "2025-01-01", None, None, 800),  # began after it
)
ROWS = chapter.measure(SOME, scope())


@pytest.mark.parametrize(
    ("measure_name", "provider", "count"),
    [
        ("trajectories_started", "", 4),
        ("trajectories_started", "Een", 1),
        ("trajectories_started", "Twee", 2),
        ("trajectories_started", "Drie", 0),
        ("trajectories_started", "unrecorded", 1),
        ("trajectories_ended", "", 3),
        ("trajectories_ended", "Een", 2),
        ("trajectories_ended", "Twee", 0),
        ("trajectories_ended", "Een>work", 1),
        ("trajectories_ended", "unrecorded>unrecorded", 1),
        ("trajectories_ended", "other", 1),
        ("trajectories_priced", "", 3),
        ("trajectories_priced", "unrecorded", 0),
    ],
)
def test_trajectories_count_where_they_begin_and_where_they_end(measure_name: str, provider: str, count: int) -> None:
    if provider == "unrecorded":  # of a provider and of a reason
        found = [
            r for r in ROWS if (r["measure"], r["breakdown"], r["category"]) == (measure_name, "provider", provider)
        ]
        assert [r["value"] for r in found] == [count]
    else:
        assert value(ROWS, measure_name, provider) == count


def test_what_ran_is_of_the_day_before_the_period_and_of_its_last() -> None:
    rows = table(running.measure(SOME, scope()))
    totals = rows[rows["breakdown"] == ""].set_index("as_of")["value"].to_dict()
    assert totals == {"2023-12-31": 1, "2024-12-31": 2}


def test_a_period_that_was_not_over_ends_on_the_day_of_the_extraction() -> None:
    assert running.days(scope(as_of=date(2024, 6, 30))) == (date(2023, 12, 31), date(2024, 6, 30))


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["Een", "Twee", None]),
            st.dates(date(2023, 6, 1), date(2025, 3, 1)),
            st.none() | st.integers(0, 500),
        ),
        max_size=8,
    )
)
def test_the_bridge_closes_for_every_provider(rows: list[tuple[str | None, date, int | None]]) -> None:
    made = bought(
        *(
            (str(n), p, str(start), None if days is None else str(start + pd.Timedelta(days=days)), None, None)
            for n, (p, start, days) in enumerate(rows)
        )
    )
    measured = measure(made, scope())
    for provider in ["", *measured.loc[measured["breakdown"] == "provider", "category"].unique()]:
        label = {"breakdown": "provider" if provider else "", "category": provider}
        ran = pick(measured, measure="trajectories_running", **label).set_index("as_of")["value"]
        came, went = (
            pick(measured, measure=m, **label)["value"].item() for m in ("trajectories_started", "trajectories_ended")
        )
        assert ran["2023-12-31"] + came - went == ran["2024-12-31"]


@pytest.mark.parametrize("breakdown", ["provider", "end_reason", "provider>end_reason"])
def test_parts_add_up_to_their_total(breakdown: str) -> None:
    ended = [r for r in ROWS if r["measure"] == "trajectories_ended"]
    assert sum(r["value"] for r in ended if r["breakdown"] == breakdown) == 3  # type: ignore[misc]


def test_a_duration_is_of_ten_trajectories_or_more() -> None:
    lasting = [("2024-01-01", f"2024-{n:02}-01") for n in range(2, 11)]
    few = bought(*((str(n), "Een", start, end, None, None) for n, (start, end) in enumerate(lasting)))
    assert value(chapter.measure(few, scope()), "trajectory_duration", column="status") == "undefined"


def test_a_duration_is_the_median_between_the_quartiles_in_whole_months() -> None:
    days = [9, 19, 29, 59, 89, 119, 149, 179, 239, 299, 364]  # and the first day
    ends = [date(2024, 1, 1) + pd.Timedelta(days=n) for n in days]
    rows = chapter.measure(
        bought(*((str(n), "Een", "2024-01-01", str(e), None, None) for n, e in enumerate(ends))), scope()
    )
    found = [value(rows, "trajectory_duration", column=c) for c in ("low", "value", "high", "denominator")]
    assert found == [1, 4, 7, 11]  # 45, 120 and 210 days are 1.48, 3.94 and 6.90 months


def test_costs_are_of_the_trajectories_that_began_and_have_an_amount() -> None:
    found = [value(ROWS, "trajectory_cost", column=c) for c in ("value", "numerator", "denominator")]
    assert found == pytest.approx([3200 / 3, 3200, 3])


def test_costs_that_were_not_delivered_are_not_zero() -> None:
    rows = chapter.measure(bought(("a", "Een", "2024-02-01", None, None, None)), scope())
    assert [value(rows, m, column="status") for m in ("trajectories_priced", "trajectory_cost")] == [
        "not_delivered"
    ] * 2


def test_a_name_cannot_be_taken_for_a_crossing() -> None:
    rows = chapter.measure(bought(("a", " Werk >  Meer|BV ", "2024-02-01", None, None, None)), scope())
    assert value(rows, "trajectories_started", "Werk Meer BV") == 1


def test_nobody() -> None:
    rows = chapter.measure(bought(), scope())
    assert [value(rows, m) for m in ("trajectories_started", "trajectories_ended", "trajectories_priced")] == [0, 0, 0]


def test_trajectories_that_were_not_delivered_are_told_apart_from_none() -> None:
    measured = measure({}, scope(FIRST))
    found = measured[measured["measure"].isin([*chapter.MEASURES, *running.MEASURES])]
    assert set(found["status"]) == {"not_delivered"}


def ran(*rows: tuple[str, str | None]) -> list[dict[str, object]]:
    """Trajectories by start and end."""
    return chapter.measure(bought(*((str(n), "Een", s, e, None, None) for n, (s, e) in enumerate(rows))), scope())


def test_what_runs_on_counts_for_how_long_trajectories_last() -> None:
    """Five of three months and six that run on: of the ended alone the median is three months."""
    rows = ran(*[("2024-01-01", "2024-03-31")] * 5, ("2024-01-01", "2024-08-31"), *[("2024-01-01", None)] * 5)
    found = [value(rows, "trajectory_lasting", column=c) for c in ("value", "numerator", "denominator")]
    assert found == [8, 6, 11]  # after eight months six of eleven are over


def test_who_began_long_before_the_period_was_not_at_risk_before_it() -> None:
    """Of ten that began a year before, those that had ended by then are in no delivery: they are not made up for."""
    old = [("2023-01-01", "2024-06-30")] * 5 + [("2023-01-01", None)] * 5
    assert value(ran(*old), "trajectory_lasting") == 18
    assert value(ran(*old, ("2024-01-01", "2024-01-31")), "trajectory_lasting", column="status") == "undefined"  # alone


@pytest.mark.parametrize("rows", [[("2024-01-01", "2024-03-31")] * 9, [("2024-01-01", None)] * 12])
def test_of_few_or_where_fewer_than_half_ended_it_is_not_told(rows: list[tuple[str, str | None]]) -> None:
    assert value(ran(*rows), "trajectory_lasting", column="status") == "undefined"
