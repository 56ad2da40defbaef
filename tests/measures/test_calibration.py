"""What the outlook rests on, counted by hand, and its rows: made of what is shown and of nothing else."""

from __future__ import annotations

import math
from datetime import date

import pandas as pd
import pytest
from frames import conversations, scope, value

from mp_eval import tidy
from mp_eval.measures import outlook
from mp_eval.workspace import Outlook

DAY = "2025-07-15"
SETTINGS = Outlook(runs=200, seed=7)
MONTH = 365.25 / 12


def frame(columns: str, *rows: tuple[object, ...], **kinds: str) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=columns.split()).astype(kinds)


def delivered(
    talks: pd.DataFrame | None = None,
    stock: tuple[tuple[str, str, str | None], ...] = (),
    people: tuple[tuple[str, str | None, int | None], ...] = (),
) -> dict[str, pd.DataFrame]:
    days = {"as_of": "datetime64[us]", "since": "datetime64[us]"}
    rows = [(who, DAY, group, since) for who, group, since in stock]
    return {
        "conversations": conversations() if talks is None else talks,
        "caseload": frame("resident as_of group since", *rows, **days),
        "residents": frame(
            "resident benefit_start ladder_step", *people, benefit_start="datetime64[us]", ladder_step="Int64"
        ),
    }


def shown(
    caseload: float = 240,
    ready: float = 100,
    later: float = 50,
    left: float = 24,
    guided_months: float = 2400,
    came: float = 60,
    hidden: str = "",
    missing: str = "",
    balance: tuple[float, float, float] | None = None,  # who left the programme, its stock before and after
) -> pd.DataFrame:
    """A tidy table as it may be shown."""
    groups = {"caseload": caseload, "ready": ready, "later": later}
    rows = [
        tidy.row("2024", "on_benefit", v, breakdown="group", category=g, as_of=DAY, status=_status(g, hidden))
        for g, v in groups.items()
    ]
    numbers = {
        "outflow": (left / 2, None, None),
        "wsp_referral": (left / 2, None, None),
        "guided_months": (guided_months, None, caseload),
        "low_step_inflow": (came, None, None),
        "low_step_inflow_per_month": (came / 12, came, 12.0),
    }
    rows += [
        tidy.row("2024", m, v, numerator=n, denominator=d, status=_status(m, hidden))
        for m, (v, n, d) in numbers.items()
        if m != missing
    ]
    for (m, b, c), v in zip(outlook.BALANCE, balance or (), strict=False):
        rows.append(tidy.row("2024", m, v, breakdown=b, category=c, status=_status(c or m, hidden)))
    return tidy.table(rows)


def _status(name: str, hidden: str) -> str:
    return "hidden" if name == hidden else "final"


def ahead(settings: Outlook = SETTINGS, consultants: float = 3, **stock: object) -> pd.DataFrame:
    return outlook.look_ahead(shown(**stock), settings=settings, staff={"2024": consultants})


def by_consultants(rows: pd.DataFrame, measure: str) -> list[float | None]:
    found = tidy.pick(rows, measure=measure, breakdown="consultants")["value"]
    return [None if pd.isna(v) else float(v) for v in found]


def test_months_of_guidance_are_those_within_the_period() -> None:
    stock = (
        ("a", "caseload", "2024-12-02"),
        ("b", "caseload", "2023-05-01"),
        ("c", "caseload", None),  # since the first conversation
        ("d", "caseload", "2025-02-01"),  # after the period
        ("e", "ready", "2023-01-01"),  # not in guidance
    )
    rows = outlook.measure(delivered(conversations(("c", "2024-11-02", "first")), stock), scope())
    assert value(rows, "guided_months") == pytest.approx((30 + 366 + 60) / MONTH, abs=0.05)
    assert value(rows, "guided_months", column="denominator") == 4


def test_months_of_guidance_end_with_the_records() -> None:
    rows = outlook.measure(delivered(stock=(("a", "caseload", "2023-05-01"),)), scope(as_of=date(2024, 1, 30)))
    assert value(rows, "guided_months") == pytest.approx(30 / MONTH, abs=0.05)


@pytest.mark.parametrize("person", [("a", "2024-03-01", None), ("a", None, 1)])
def test_inflow_of_which_step_or_start_is_known_of_nobody_was_not_delivered(
    person: tuple[str, str | None, int | None],
) -> None:
    rows = outlook.measure(delivered(people=(person,)), scope())
    inflow = [value(rows, m, column="status") for m in ("low_step_inflow", "low_step_inflow_per_month")]
    assert (inflow, value(rows, "guided_months")) == (["not_delivered"] * 2, 0)


def test_nobody_in_guidance_has_no_months() -> None:
    assert value(outlook.measure(delivered(), scope()), "guided_months") == 0


def test_the_chance_to_leave_counts_half_the_period_for_who_left() -> None:
    row = tidy.pick(ahead(left=24, guided_months=2400), measure="assumed_leaving").iloc[0]
    assert row["value"] == pytest.approx(1 - math.exp(-24.5 / (2400 + 24 * 6)))


def test_of_the_balance_who_left_is_divided_by_the_months_in_the_same_programme() -> None:
    row = tidy.pick(ahead(balance=(30, 180, 220)), measure="assumed_leaving").iloc[0]
    assert row["value"] == pytest.approx(1 - math.exp(-30.5 / (200 * 12)))


@pytest.mark.parametrize("hidden", ["left_programme", "opening", "stayed"])
def test_of_a_balance_that_is_hidden_the_former_way_is_used(hidden: str) -> None:
    pd.testing.assert_frame_equal(ahead(balance=(30, 180, 220), hidden=hidden), ahead())


def test_a_programme_without_anybody_tells_no_chance_to_leave() -> None:
    pd.testing.assert_frame_equal(ahead(balance=(0, 0, 0)), ahead())


@pytest.mark.parametrize("name", [*outlook.LEAVING, "guided_months"])
def test_with_a_balance_the_former_numbers_are_not_needed(name: str) -> None:
    whole = ahead(balance=(30, 180, 220))
    pd.testing.assert_frame_equal(ahead(balance=(30, 180, 220), hidden=name), whole)
    pd.testing.assert_frame_equal(ahead(balance=(30, 180, 220), missing=name), whole)


def test_newcomers_are_on_the_lowest_steps_and_began_in_the_period() -> None:
    people = (
        ("a", "2024-01-01", 1),
        ("b", "2024-12-31", 2),
        ("c", "2024-05-01", 3),  # higher
        ("d", "2025-01-01", 1),  # later
        ("e", "2024-05-01", None),  # step not known
    )
    rows = outlook.measure(delivered(people=people), scope())
    assert (value(rows, "low_step_inflow"), value(rows, "low_step_inflow_per_month")) == (2, pytest.approx(2 / 12))


def test_the_paths_begin_with_the_stock() -> None:
    rows = ahead()
    assert tidy.number(rows, "2024", "caseload_path", "consultants>month", "3>2025-07") == 240
    assert tidy.number(rows, "2024", "waiting_path", "consultants>month", "0>2025-07") == 100


def test_the_outlook_ends_with_the_year_that_was_asked_for() -> None:
    months = [c.split(">")[1] for c in tidy.pick(ahead(), measure="caseload_path")["category"]]
    assert (min(months), max(months)) == ("2025-07", "2027-12")


def test_consultants_change_only_when_the_funding_ends() -> None:
    rows = ahead(Outlook(runs=200, funding_end=pd.Timestamp("2025-12-31").date()))
    kept, gone = (tidy.number(rows, "2024", "caseload_path", "consultants>month", f"0>2025-{m}") for m in ("12", "07"))
    assert kept == gone == 240
    assert tidy.number(rows, "2024", "caseload_path", "consultants>month", "0>2026-01") == 0


@pytest.mark.parametrize("consultants", [0, 3])  # the period's number is not known, or it is
@pytest.mark.parametrize("end", [None, DAY])
def test_without_funding_ahead_guidance_winds_down_at_once(end: str | None, consultants: float) -> None:
    funding_end = pd.Timestamp(end).date() if end else None
    rows = ahead(Outlook(runs=200, funding_end=funding_end), consultants=consultants)
    first = [tidy.number(rows, "2024", "caseload_path", "consultants>month", f"{n}>2025-08") for n in (0, 1, 3)]
    assert first == [0, 80, 240]


def test_places_for_everybody_help_all_at_once() -> None:
    rows = ahead(Outlook(runs=200, caseload_per_consultant=1000), consultants=0)
    assert by_consultants(rows, "months_to_help_ready")[1:] == [1.0] * 6
    assert by_consultants(rows, "wait_of_newcomer")[1:] == [0.0] * 6


def test_without_consultants_nobody_is_helped() -> None:
    rows = ahead(consultants=0)
    assert by_consultants(rows, "months_to_help_ready")[0] is None
    assert by_consultants(rows, "share_reached")[0] == 0


def test_what_is_not_reached_says_in_how_many_runs_it_was() -> None:
    found = tidy.pick(ahead(consultants=0), measure="months_to_help_ready", category="0").iloc[0]
    assert (found["status"], found["numerator"], found["denominator"]) == ("undefined", 0, 200)


def test_more_consultants_reach_more() -> None:
    shares = by_consultants(ahead(consultants=0), "share_reached")
    assert shares == sorted(shares)
    assert shares[-1] > shares[0]


def test_nobody_waiting_is_no_share() -> None:
    rows = tidy.pick(ahead(ready=0, later=0), measure="share_reached")
    assert set(rows["status"]) == {"undefined"}


@pytest.mark.parametrize("hidden", ["caseload", "ready", "later", *outlook.LEAVING, *outlook.MEASURES])
def test_one_hidden_number_hides_the_outlook(hidden: str) -> None:
    rows = ahead(hidden=hidden)
    assert set(rows["status"]) == {"hidden"}
    assert rows[["value", "low", "high", "numerator", "denominator"]].isna().all(axis=None)


@pytest.mark.parametrize("missing", [*outlook.LEAVING, *outlook.MEASURES])
def test_without_one_of_its_numbers_there_is_no_outlook(missing: str) -> None:
    assert ahead(missing=missing).empty


def test_the_same_seed_gives_the_same_rows() -> None:
    pd.testing.assert_frame_equal(ahead(), ahead())


def test_the_ends_of_an_assumption_are_what_the_municipality_set() -> None:
    row = tidy.pick(ahead(Outlook(runs=200, caseload_range=(50, 90))), measure="assumed_caseload").iloc[0]
    assert (row["value"], row["low"], row["high"]) == (80, 50, 90)


def test_what_is_counted_lies_within_its_band() -> None:
    for name, counted in (("assumed_leaving", 24 / 2544), ("assumed_inflow", 60 / 12)):
        row = tidy.pick(ahead(), measure=name).iloc[0]
        assert row["low"] < counted < row["high"]


def test_a_larger_caseload_leaves_fewer_waiting() -> None:
    rows = ahead(consultants=0)
    low, high = (
        tidy.number(rows, "2024", "waiting_path", "consultants>assumption>end", f"4>assumed_caseload>{end}")
        for end in ("low", "high")
    )
    assert isinstance(low, float)
    assert isinstance(high, float)
    assert low > high
