"""What the outlook rests on, counted by hand, and its rows: made of what is shown and of nothing else."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date
from functools import cache

import pandas as pd
import pytest
from frames import conversations, scope, value

from mp_eval import tidy
from mp_eval.measures import leaving, outlook
from mp_eval.workspace import Outlook

DAY = "2025-07-15"
SETTINGS = Outlook(runs=200, seed=7)
MONTH = 365.25 / 12
HIDEABLE = ("started_guidance", "left_programme", "opening", "stayed")


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
    came: float = 60,
    balance: tuple[float, float, float] = (24, 180, 220),  # who left the programme, its stock before and after
    derived: float = 245,
    started: float = 72,
    unseen: tuple[float, float, float] | None = None,  # the rate and its interval; by itself as the stocks are apart
    hidden: str = "",
    missing: str = "",
) -> pd.DataFrame:
    """A tidy table as it may be shown; by itself the derived stock is about the delivered one."""
    unseen = unseen or ((0.002, 0.001, 0.004) if abs(derived - caseload) < 0.1 * caseload else (0.05, 0.04, 0.0625))
    groups = {"caseload": caseload, "ready": ready, "later": later}
    rows = [
        tidy.row("2024", "on_benefit", v, breakdown="group", category=g, as_of=DAY, status=_status(g, hidden))
        for g, v in groups.items()
    ]
    numbers = {
        "started_guidance": (started, None, None),
        "derived_caseload": (derived, None, None),
        "low_step_inflow": (came, None, None),
        "low_step_inflow_per_month": (came / 12, came, 12.0),
    }
    rows += [
        tidy.row("2024", m, v, numerator=n, denominator=d, status=_status(m, hidden))
        for m, (v, n, d) in numbers.items()
        if m != missing
    ]
    label = {"breakdown": "registered", "category": "caseload", "status": _status("unrecorded_leaving", hidden)}
    if missing != "unrecorded_leaving":
        rows.append(tidy.row("2024", "unrecorded_leaving", unseen[0], low=unseen[1], high=unseen[2], **label))
    for (m, b, c), v in zip(leaving.BALANCE, balance, strict=True):
        if (c or m) != missing:
            rows.append(tidy.row("2024", m, v, breakdown=b, category=c, status=_status(c or m, hidden)))
    return tidy.table(rows)


def _status(name: str, hidden: str) -> str:
    return "hidden" if name == hidden else "final"


@cache
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


def assumed(**stock: object) -> list[float]:
    row = tidy.pick(ahead(**stock), measure="assumed_leaving").iloc[0]
    return [float(row[c]) for c in ("value", "low", "high")]


def test_where_derived_and_delivered_agree_the_balance_tells_who_leaves() -> None:
    """With who left unseen on top; where that is nobody, half a resident of all who were followed and stayed."""
    value, low, high = assumed()
    assert value == pytest.approx(1 - math.exp(-24.5 / (200 * 12) - 0.002))
    assert low < value < high
    nobody = assumed(unseen=(0.0, 0.0, 3 / 5000))[0]
    assert nobody == pytest.approx(1 - math.exp(-24.5 / (200 * 12) - 0.5 / 5000))
    assert assumed(missing="unrecorded_leaving")[0] == pytest.approx(1 - math.exp(-24.5 / (200 * 12)))


@pytest.mark.parametrize("derived", [608, 100])  # as in the bundled deliveries; and less than was delivered
def test_where_they_do_not_the_delivered_caseload_bounds_it(derived: float) -> None:
    value, low, high = assumed(derived=derived)
    started, status = 72.5 / (240 * 12), 24.5 / (200 * 12) + 0.05
    assert low == pytest.approx(1 - math.exp(-started))
    assert high == pytest.approx(1 - math.exp(-status), abs=0.0005)
    assert value == pytest.approx(1 - math.exp(-(started + status) / 2), abs=0.0005)


@pytest.mark.parametrize(("derived", "is_believed"), [(264, True), (265, False), (216, True), (215, False)])
def test_a_tenth_is_how_far_they_may_be_apart(derived: float, is_believed: bool) -> None:
    assert leaving.agree(derived, 240, 0.1) is is_believed
    found = leaving.sources(shown(derived=derived), "2024", months=12, within=0.1)
    assert ([source.name for source in found] == ["balance"]) is is_believed


def test_the_share_that_they_may_differ_is_a_setting() -> None:
    found = tidy.pick(ahead(replace(SETTINGS, derived_within=2.0), derived=608), measure="assumed_leaving").iloc[0]
    assert found["value"] == assumed(unseen=(0.05, 0.04, 0.0625))[0]


def test_no_answer_rests_on_a_balance_that_does_not_fit() -> None:
    """21 who left of a stock derived as 429 and 583, of whom 241 are in guidance: 0,35% a month is nowhere."""
    unseen = (0.0476, 0.043, 0.0527)
    _, low, high = assumed(balance=(21, 429, 583), derived=608, caseload=241, started=72, unseen=unseen)
    assert (low, high) == (pytest.approx(0.0248, abs=0.0001), pytest.approx(0.05, abs=0.0005))


@pytest.mark.parametrize("missing", ["started_guidance", "unrecorded_leaving"])
def test_one_bound_is_better_than_none(missing: str) -> None:
    value, low, high = assumed(derived=608, missing=missing)
    assert low < value < high


def test_without_any_source_there_is_no_outlook() -> None:
    rows = shown(missing="started_guidance", derived=608)
    rest = rows[~rows["measure"].isin(("unrecorded_leaving", "left_programme"))]
    assert outlook.look_ahead(rest, settings=SETTINGS, staff={"2024": 3}).empty


def test_the_band_holds_both_ends() -> None:
    rows = ahead(derived=608, consultants=0)
    found = tidy.pick(rows, measure="share_reached", breakdown="consultants", category="3").iloc[0]
    ends = [
        tidy.number(rows, "2024", "share_reached", "consultants>assumption>end", f"3>assumed_leaving>{end}")
        for end in ("low", "high")
    ]
    assert found["low"] < ends[0] < ends[1] < found["high"]


def test_guidance_that_began_in_the_period_is_counted_with_its_first_and_last_day() -> None:
    stock = (
        ("a", "caseload", "2024-01-01"),
        ("b", "caseload", "2024-12-31"),
        ("c", "caseload", "2023-12-31"),
        ("d", "caseload", "2025-01-01"),
        ("e", "ready", "2024-05-01"),
    )
    rows = leaving.measure(delivered(stock=stock), scope())
    assert value(rows, "started_guidance") == 2
    unknown = leaving.measure(delivered(stock=(("a", "caseload", None),)), scope())
    assert value(unknown, "started_guidance", column="status") == "not_delivered"


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
    assert [value(rows, "low_step_inflow", column=c) for c in ("low", "high")] == [2, 3]  # e may be on step 1 or 2


def test_who_left_before_the_extraction_may_have_been_on_a_low_step() -> None:
    """The register of benefits knows four newcomers, the residents' table the two who stayed: one of them on step 1."""
    benefits = frame(
        "resident start end",
        ("a", "2024-03-01", None),
        ("b", "2024-04-01", None),
        ("c", "2024-05-01", "2024-11-30"),
        ("d", "2024-06-01", "2025-02-28"),
        ("e", "2023-06-01", "2024-02-28"),  # began before the period
        start="datetime64[us]",
        end="datetime64[us]",
    )
    people = (("a", "2024-03-01", 1), ("b", "2024-04-01", 4))
    rows = outlook.measure({**delivered(people=people), "benefits": benefits}, scope())
    assert [value(rows, "low_step_inflow", column=c) for c in ("value", "low", "high")] == [1, 1, 3]


def test_the_outlook_has_who_left_in_its_bands_and_not_in_its_middle() -> None:
    rows = shown()
    rows.loc[rows["measure"] == "low_step_inflow", ["low", "high"]] = [60.0, 120.0]
    wide, narrow = (outlook.look_ahead(r, settings=SETTINGS, staff={"2024": 3}) for r in (rows, shown()))
    was, now = (tidy.pick(r, measure="assumed_inflow").iloc[0] for r in (narrow, wide))
    assert (now["value"], now["low"], now["high"]) == (was["value"], was["low"], 10)
    ends = [tidy.pick(r, measure="waiting_path", category="3>2026-12").iloc[0]["high"] for r in (narrow, wide)]
    assert ends[0] < ends[1]


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


@pytest.mark.parametrize("derived", [245, 608])
@pytest.mark.parametrize(
    "hidden",
    [
        "caseload",
        "ready",
        "later",
        "low_step_inflow",
        "low_step_inflow_per_month",
        "derived_caseload",
        "started_guidance",
        "unrecorded_leaving",
        "left_programme",
        "opening",
        "stayed",
    ],
)
def test_one_hidden_number_hides_the_outlook(hidden: str, derived: float) -> None:
    rows = ahead(hidden=hidden, derived=derived)
    assert set(rows["status"]) == {"hidden"}
    assert rows[["value", "low", "high", "numerator", "denominator"]].isna().all(axis=None)


@pytest.mark.parametrize("missing", ["low_step_inflow", "low_step_inflow_per_month"])
def test_without_one_of_its_numbers_there_is_no_outlook(missing: str) -> None:
    assert ahead(missing=missing).empty


def test_the_same_seed_gives_the_same_rows() -> None:
    again = outlook.look_ahead(shown(), settings=SETTINGS, staff={"2024": 3})
    pd.testing.assert_frame_equal(ahead(), again)


def test_the_ends_of_an_assumption_are_what_the_municipality_set() -> None:
    row = tidy.pick(ahead(Outlook(runs=200, caseload_range=(50, 90))), measure="assumed_caseload").iloc[0]
    assert (row["value"], row["low"], row["high"]) == (80, 50, 90)


def test_what_is_counted_lies_within_its_band() -> None:
    for name, counted in (("assumed_leaving", 1 - math.exp(-24 / 2400 - 0.002)), ("assumed_inflow", 60 / 12)):
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
