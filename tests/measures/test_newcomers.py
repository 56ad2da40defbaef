"""New inflow: who is new, who could be followed, who was spoken to in time; and how soon the first talk came."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from frames import conversations, first, scope, value

from mp_eval.measures import newcomers, priority, turnover
from mp_eval.measures.durations import CLASSES


def benefits(*rows: tuple[str, str, str | None]) -> pd.DataFrame:
    """Rows of resident, start, end."""
    frame = pd.DataFrame(list(rows), columns=["resident", "start", "end"])
    return frame.astype({"resident": "str", "start": "datetime64[us]", "end": "datetime64[us]"})


def residents(*rows: tuple[str, str | None]) -> pd.DataFrame:
    """Rows of resident and the start of the benefit."""
    frame = pd.DataFrame(list(rows), columns=["resident", "benefit_start"])
    return frame.astype({"resident": "str", "benefit_start": "datetime64[us]"})


SPELLS = benefits(
    ("a", "2024-01-01", None),
    ("b", "2024-02-01", None),
    ("c", "2024-11-15", None),
    ("d", "2020-01-01", "2024-02-29"),
    ("d", "2024-03-31", None),  # thirty days without: not new
    ("e", "2020-01-01", "2024-02-29"),
    ("e", "2024-04-01", "2024-05-31"),  # thirty-one days without: new
    ("e", "2024-09-01", None),  # new again, the same resident
    ("f", "2023-12-31", None),  # before the year
)
TALKS = conversations(
    ("a", "2024-07-02", "first"),  # half a year and a day: too late
    ("b", "2024-08-01", "first"),  # half a year to the day: within it
    ("e", "2024-03-01", "first"),  # before the benefit began again
)


def measured(as_of: date = date(2025, 7, 15)) -> list[dict[str, object]]:
    return newcomers.measure({"benefits": SPELLS, "conversations": TALKS}, scope(as_of=as_of))


def test_new_is_who_had_no_benefit_in_the_month_before() -> None:
    assert value(measured(), "newcomers") == 4  # a b c e


def test_half_a_year_after_the_last_day_of_a_long_month_is_the_last_of_a_short_one() -> None:
    """As the time that the cohort has: of 31 August plus six months the last day of February."""
    tables = {
        "benefits": benefits(("a", "2024-08-31", None)),
        "conversations": conversations(("a", "2025-02-28", "first")),
    }
    for as_of, followed, reached in ((date(2025, 2, 27), 0, 0), (date(2025, 2, 28), 1, 1)):
        rows = newcomers.measure(tables, scope(as_of=as_of))
        assert value(rows, "newcomers_followed") == followed
        assert value(rows, "newcomers_reached", column="numerator") == reached


@pytest.mark.parametrize(
    ("known_since", "is_told"), [("2020-01-01", True), ("2023-12-25", True), ("2024-07-01", False)]
)
def test_of_who_came_nothing_is_told_where_who_left_is_missing(known_since: str, is_told: bool) -> None:
    """Each month two began and left after 200 days; a register that was cut off holds only who stayed or left since."""
    start = pd.Series(pd.date_range("2022-01-01", "2025-06-01", freq="MS")).repeat(2).reset_index(drop=True)
    end = start + pd.Timedelta(days=200)
    end = end.where(end <= pd.Timestamp("2025-07-15"))
    all_ = pd.DataFrame({"resident": [f"r{n}" for n in start.index], "start": start, "end": end})
    register = all_[~(all_["end"] < known_since)]
    tables = {"benefits": register, "conversations": conversations(("r1", "2024-07-02", "first"))}
    rows = [*newcomers.measure(tables, scope()), *turnover.measure(tables, scope())]
    counts = {m: value(rows, m) for m in ("newcomers", "benefit_outflow", "benefit_outflow_rate")}
    assert [v is not None for v in counts.values()] == [is_told] * 3
    if is_told:
        assert counts["newcomers"] == 24
    assert {value(rows, m, column="status") for m in counts} == {"final" if is_told else "not_delivered"}


def test_the_share_is_of_who_was_spoken_to_in_time() -> None:
    rows = measured()
    assert [value(rows, "newcomers_reached", column=c) for c in ("numerator", "denominator")] == [1, 4]


def test_who_came_too_recently_is_left_out_of_the_share() -> None:
    assert value(measured(date(2025, 1, 15)), "newcomers_followed") == 3  # not c


@pytest.mark.parametrize(
    "second",
    [("a", "2024-03-01", None), ("a", "2024-03-01", "2024-04-30"), ("a", "2024-07-01", "2024-08-31")],
    ids=["beside", "nested", "after a nested spell"],
)
def test_a_spell_beside_a_running_benefit_is_not_new(second: tuple[str, str, str | None]) -> None:
    running = benefits(("a", "2020-01-01", None), ("a", "2024-02-01", "2024-02-29"), second)
    rows = newcomers.measure({"benefits": running, "conversations": TALKS}, scope())
    assert value(rows, "newcomers") == 0


def test_no_inflow_has_no_share() -> None:
    rows = newcomers.measure({"benefits": SPELLS.iloc[:0], "conversations": TALKS}, scope())
    assert (value(rows, "newcomers"), value(rows, "newcomers_reached", column="status")) == (0, "undefined")


KNOWN = residents(("a", "2024-01-01"), ("b", "2023-03-01"), ("c", "2021-01-01"), ("d", "2024-06-01"), ("e", None))
MARCH = first("a", "b", "c", "d", "e")  # on 1 March 2024


def test_residents_are_told_by_how_long_they_had_been_on_benefit() -> None:
    rows = priority.measure({"conversations": MARCH, "residents": KNOWN}, scope())
    assert [value(rows, "spoken_on_benefit", c) for c in CLASSES] == [1, 0, 1, 1]


def test_a_benefit_that_began_after_the_conversation_says_nothing_of_it() -> None:
    rows = priority.measure({"conversations": MARCH, "residents": KNOWN}, scope())
    assert value(rows, "spoken_on_benefit") == 3  # not d and e


def test_the_benefit_register_tells_of_the_benefit_that_ran_then() -> None:
    tables = {"conversations": MARCH, "residents": KNOWN, "benefits": benefits(("d", "2023-12-01", "2024-04-01"))}
    assert value(priority.measure(tables, scope()), "spoken_on_benefit", "under_6") == 1  # d


def test_who_has_no_running_benefit_on_the_day_is_not_counted() -> None:
    """a has left by then; b's began again after a break that is none; c's ends on the day itself."""
    rows = (
        ("a", "2020-01-01", "2024-02-29"),
        ("b", "2022-01-01", "2023-12-31"),
        ("b", "2024-01-15", None),
        ("c", "2023-03-01", "2024-03-01"),
    )
    found = priority.measure({"conversations": MARCH, "residents": KNOWN, "benefits": benefits(*rows)}, scope())
    assert [value(found, "spoken_on_benefit", c) for c in ("", *CLASSES)] == [2, 0, 0, 1, 1]


def test_without_the_register_the_residents_tell_whose_benefit_ran() -> None:
    ended = KNOWN.assign(benefit_end=pd.to_datetime(["2024-02-29", None, "2024-03-01", None, None]))
    rows = priority.measure({"conversations": MARCH, "residents": ended}, scope())
    assert value(rows, "spoken_on_benefit") == 2  # b and c, not a


def test_the_median_is_of_the_middle_resident() -> None:
    rows = priority.measure({"conversations": MARCH, "residents": KNOWN}, scope())
    assert value(rows, "months_to_first_talk") == pytest.approx(12, abs=0.1)


def test_starts_that_were_never_delivered_are_not_nobody() -> None:
    rows = priority.measure({"conversations": MARCH, "residents": KNOWN.assign(benefit_start=pd.NaT)}, scope())
    assert {r["status"] for r in rows} == {"not_delivered"}


def test_nobody_spoken_to() -> None:
    rows = priority.measure({"conversations": first(), "residents": KNOWN}, scope())
    assert (value(rows, "spoken_on_benefit"), value(rows, "months_to_first_talk")) == (0, None)
