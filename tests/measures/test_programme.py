"""The programme as stock and flows: by hand, against a count day by day, and beside what was delivered."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest
from conftest import dear
from frames import FIRST, SECOND, YEAR, Tables, conversations, scope, value
from hypothesis import given, settings
from hypothesis import strategies as st

from mp_eval.measures import measure_across, programme
from mp_eval.periods import Period

AS_OF = date(2025, 7, 15)


def events(*rows: tuple[str, str, str]) -> pd.DataFrame:
    """Rows of resident, date, kind: ended benefits and referrals."""
    return conversations(*rows)


def benefits(*rows: tuple[str, str]) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), columns=["resident", "start"])
    return frame.astype({"resident": "str", "start": "datetime64[us]"})


def residents(*rows: tuple[str, str | None]) -> pd.DataFrame:
    """Rows of resident and the last day of the benefit."""
    frame = pd.DataFrame(list(rows), columns=["resident", "benefit_end"])
    return frame.astype({"resident": "str", "benefit_end": "datetime64[us]"})


TALKS = conversations(
    ("a", "2023-03-01", "first"),  # stays
    ("b", "2023-03-01", "first"),  # leaves the benefit in the year
    ("c", "2023-03-01", "first"),  # left before the year
    ("d", "2024-03-01", "first"),  # is referred in the year
    ("e", "2024-04-01", "first"),
    ("e", "2024-06-03", "closing"),
    ("f", "2024-04-01", "first"),  # a closing conversation, and a week later out of the benefit
    ("f", "2024-06-03", "closing"),
    ("g", "2025-02-03", "first"),  # after the year
    ("h", "2024-05-01", "progress"),  # no first conversation: not known to have joined
)
OUT = events(
    ("b", "2024-08-01", "outflow"),
    ("c", "2023-12-31", "outflow"),
    ("d", "2024-09-02", "wsp_referral"),
    ("f", "2024-06-10", "outflow"),
    ("a", "2023-02-01", "outflow"),  # before the first conversation
    ("a", "2024-02-01", "part_time_contract"),
)
ALL = {"conversations": TALKS, "outflow": OUT}


def bridge(tables: Tables, *pieces) -> list[object]:
    rows = programme.measure(tables, {}, scope(*pieces))
    assert value(rows, "joined_programme") == value(rows, "in_programme", "joined")
    assert value(rows, "left_programme") == value(rows, "in_programme", "left")
    return [value(rows, "in_programme", name) for name in ("opening", "joined", "left", "stayed")]


def test_opening_and_joined_less_left_is_closing() -> None:
    assert bridge(ALL) == [2, 3, 4, 1]  # a b | d e f | b d e f | a


@pytest.mark.parametrize(("reason", "count"), [("out_of_benefit", 2), ("to_wsp", 1), ("closed", 1)])
def test_who_left_is_told_by_reason(reason: str, count: int) -> None:
    rows = programme.measure(ALL, {}, scope())
    assert value(rows, "left_programme", reason) == count


def test_the_end_of_one_period_is_the_beginning_of_the_next() -> None:
    assert bridge(ALL, FIRST)[3] == bridge(ALL, SECOND)[0] == 3


def test_who_leaves_on_the_first_day_was_there_when_it_began() -> None:
    tables = {"conversations": conversations(("a", "2023-03-01", "first"), ("a", "2024-01-01", "closing"))}
    assert bridge(tables) == [1, 0, 1, 0]


def test_a_benefit_lasts_through_its_last_day() -> None:
    talks = conversations(("a", "2024-03-01", "first"), ("b", "2024-03-01", "first"))
    tables = {"conversations": talks, "residents": residents(("a", "2024-12-31"), ("b", "2024-12-30"))}
    assert bridge(tables) == [0, 2, 1, 1]


@pytest.mark.parametrize(("again", "left"), [("2024-08-31", 0), ("2024-09-01", 1)])
def test_who_is_back_on_benefit_within_thirty_days_did_not_leave(again: str, left: int) -> None:
    tables = {
        "conversations": conversations(("b", "2023-03-01", "first")),
        "outflow": events(("b", "2024-08-01", "outflow")),
        "benefits": benefits(("b", again)),
    }
    assert bridge(tables) == [1, 0, left, 1 - left]


def test_only_conversations_are_enough() -> None:
    assert bridge({"conversations": TALKS}) == [3, 3, 2, 4]


def test_nobody() -> None:
    assert bridge({"conversations": conversations()}) == [0, 0, 0, 0]


def test_without_conversations_it_is_not_delivered() -> None:
    rows = measure_across({"outflow": OUT}, {}, scope())
    assert set(rows["status"]) == {"not_delivered"}


def test_a_period_that_goes_on_is_known_up_to_the_extraction() -> None:
    rows = programme.measure(ALL, {}, scope(as_of=date(2024, 6, 30)))
    assert [value(rows, "in_programme", n) for n in ("left", "stayed")] == [2, 3]
    assert value(rows, "in_programme", "stayed", column="as_of") == "2024-06-30"


def own(*rows: tuple[str, str]) -> Tables:
    """A delivered caseload of one day: resident and group."""
    frame = pd.DataFrame(list(rows), columns=["resident", "group"]).assign(as_of=AS_OF.isoformat())
    return {"caseload": frame.astype({"as_of": "datetime64[us]"})}


def test_the_derived_caseload_stands_beside_the_delivered_groups_of_the_same_day() -> None:
    rows = programme.measure(ALL, own(("a", "caseload"), ("g", "ready"), ("z", "caseload")), scope(as_of=AS_OF))
    found = [value(rows, "derived_caseload", c) for c in ("", "caseload", "ready", "unregistered")]
    assert found == [2, 1, 1, 0]
    assert value(rows, "derived_caseload", column="as_of") == AS_OF.isoformat()


def test_who_was_there_a_year_before_the_day_of_the_stock() -> None:
    """The stock is of 15 July 2025: d joined that day a year before, b left on it, c left before, e joined after."""
    talks = conversations(
        ("a", "2023-02-01", "first"),
        ("a", "2025-03-03", "closing"),  # there then, not now
        ("b", "2024-01-08", "first"),
        ("b", "2024-07-15", "closing"),
        ("c", "2024-01-08", "first"),
        ("c", "2024-07-12", "closing"),
        ("d", "2024-07-15", "first"),
        ("e", "2024-07-16", "first"),
    )
    rows = programme.measure({"conversations": talks}, own(("d", "caseload")), scope(as_of=AS_OF))
    assert [value(rows, m) for m in ("derived_year_before", "derived_caseload")] == [2, 2]
    assert value(rows, "derived_year_before", column="as_of") == AS_OF.isoformat()


def test_who_is_in_no_group_is_unregistered() -> None:
    rows = programme.measure(ALL, own(("z", "caseload")), scope(as_of=AS_OF))
    assert value(rows, "derived_caseload", "unregistered") == 2


def test_without_a_delivered_caseload_nothing_is_derived() -> None:
    rows = programme.measure(ALL, {}, scope())
    assert {value(rows, m, column="status") for m in programme.FROM_STOCK} == {"not_delivered"}


def test_why_a_talk_closed_is_told_by_what_came_in_the_same_stretch() -> None:
    """Closed on the last day of the year, out of the benefit in the next: no outflow of this year."""
    tables = {
        "conversations": conversations(("a", "2024-03-01", "first"), ("a", "2024-12-31", "closing")),
        "outflow": events(("a", "2025-01-07", "outflow")),
    }
    after = Period(YEAR.start, date(2026, 1, 1), "2024-2025")
    found = [
        [value(programme.measure(tables, {}, scope(piece)), "left_programme", r) for r in programme.REASONS]
        for piece in (YEAR, after)
    ]
    assert found == [[0, 0, 1], [1, 0, 0]]


DAYS = st.dates(date(2023, 11, 1), date(2025, 2, 1)).map(date.isoformat)
TALK = st.tuples(st.sampled_from("abc"), DAYS, st.sampled_from(["first", "progress", "closing"]))
OUTS = st.tuples(st.sampled_from("abc"), DAYS, st.sampled_from(["outflow", "wsp_referral"]))


@settings(max_examples=dear(8))
@given(st.lists(TALK, max_size=8), st.lists(OUTS, max_size=4))
def test_the_balance_is_what_a_count_day_by_day_gives(talks: list, out: list) -> None:
    """Independently: follow each resident through the days."""
    there = {r: _days_in(r, talks, out) for r in "abc"}
    before, last = YEAR.start - timedelta(days=1), YEAR.end - timedelta(days=1)
    opening = sum(before in days for days in there.values())
    closing = sum(last in days for days in there.values())
    tables = {"conversations": conversations(*talks), "outflow": events(*out)}
    found = bridge(tables)
    assert (found[0], found[3]) == (opening, closing)
    assert found[0] + found[1] - found[2] == found[3]


def _days_in(resident: str, talks: list, out: list) -> set[date]:
    firsts = [d for r, d, kind in talks if r == resident and kind == "first"]
    if not firsts:
        return set()
    ends = [d for r, d, kind in talks if r == resident and kind == "closing"]
    ends += [d for r, d, _ in out if r == resident]
    day, days = date.fromisoformat(min(firsts)), set()
    while day.isoformat() not in ends and day < date(2025, 3, 1):
        days.add(day)
        day += timedelta(days=1)
    return days
