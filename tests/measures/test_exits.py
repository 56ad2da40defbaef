"""How residents left, out of what they left, and which share that is."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest
from contracted import completed
from frames import conversations, delivery, first, scope, value
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from mp_eval.measures import exits, leavers, measure, measure_across, turnover
from mp_eval.periods import Period

Event = tuple[str, str, str, str | None]


def events(*rows: Event) -> pd.DataFrame:
    """Rows of resident, date, kind, reason."""
    frame = pd.DataFrame(list(rows), columns=["resident", "date", "kind", "reason"])
    return frame.astype({"resident": "str", "date": "datetime64[us]", "kind": "str", "reason": "str"})


def benefits(*rows: tuple[str, str, str | None]) -> pd.DataFrame:
    """Rows of resident, start, end."""
    frame = pd.DataFrame(list(rows), columns=["resident", "start", "end"])
    return frame.astype({"resident": "str", "start": "datetime64[us]", "end": "datetime64[us]"})


LEFT = events(
    ("a", "2024-02-01", "outflow", "32"),
    ("a", "2024-09-01", "outflow", "11"),  # left twice: the last reason
    ("b", "2024-03-01", "outflow", "13"),
    ("b", "2024-02-01", "wsp_referral", None),
    ("c", "2024-04-01", "outflow", None),
    ("d", "2024-05-01", "outflow", "11"),  # back within 30 days
    ("e", "2024-06-01", "part_time_contract", None),
    ("c", "2024-01-15", "part_time_contract", None),
    ("f", "2023-12-31", "outflow", "11"),  # before the period
    ("g", "2024-08-01", "outflow", "77"),  # no code of the statistical office
)
BACK = benefits(("d", "2024-05-31", None))
ROWS = exits.measure({"outflow": LEFT, "benefits": BACK}, scope())


@pytest.mark.parametrize(
    ("category", "count"), [("cbs_11", 1), ("cbs_13", 1), ("cbs_32", 0), ("unrecorded", 2), ("cbs_99", 0)]
)
def test_each_resident_who_left_has_one_reason(category: str, count: int) -> None:
    assert value(ROWS, "outflow", category) == count


@pytest.mark.parametrize(
    ("measure_name", "count"),
    [
        ("outflow_to_work", 2),
        ("outflow_with_wsp", 1),
        ("outflow_with_part_time", 1),
        ("part_time_contract", 2),
        ("re_entries", 1),
    ],
)
def test_what_stood_beside_it(measure_name: str, count: int) -> None:
    assert value(ROWS, measure_name) == count


def test_reasons_add_up_to_the_outflow() -> None:
    measured = measure(completed({"outflow": LEFT, "benefits": BACK}), scope()).to_dict("records")
    reasons = [r["value"] for r in measured if (r["measure"], r["breakdown"]) == ("outflow", "reason")]
    assert sum(reasons) == value(measured, "outflow") == 4


def test_outflow_a_month_is_outflow_over_the_months_of_the_period() -> None:
    assert value(ROWS, "outflow_per_month") == pytest.approx(4 / 12)


def test_without_a_register_nobody_is_known_to_be_back() -> None:
    rows = exits.measure({"outflow": LEFT}, scope())
    assert (value(rows, "re_entries", column="status"), value(rows, "outflow", "cbs_11")) == ("not_delivered", 2)


def test_no_reasons_delivered_are_all_unrecorded() -> None:
    rows = exits.measure({"outflow": LEFT.drop(columns="reason"), "benefits": BACK}, scope())
    assert value(rows, "outflow", "unrecorded") == 4


def test_nobody_left() -> None:
    rows = exits.measure({"outflow": events(), "benefits": benefits()}, scope())
    assert all(r["value"] == 0 for r in rows)


TALKS = conversations(
    ("a", "2023-02-01", "first"),  # stayed
    ("b", "2023-02-01", "first"),  # left before the period
    ("c", "2023-02-01", "first"),
    ("c", "2023-06-01", "closing"),  # closed before the period
    ("d", "2024-02-01", "first"),  # new, and left in the period
    ("e", "2024-02-01", "progress"),  # a first conversation that was not delivered
    ("g", "2023-02-01", "first"),  # closed in the period, and left later in it
    ("g", "2024-03-01", "closing"),
    ("h", "2024-07-01", "first"),  # left before joining
)
PROGRAMME = {
    **delivery(TALKS),
    "outflow": events(
        ("b", "2023-11-01", "outflow", "11"),
        ("d", "2024-10-01", "outflow", "11"),
        ("x", "2024-10-01", "outflow", "11"),
        ("g", "2024-11-01", "outflow", "11"),
        ("h", "2024-02-01", "outflow", "11"),
    ),
}


def test_in_the_programme_are_who_stayed_and_who_came() -> None:
    rows = leavers.measure(PROGRAMME, {}, scope())
    found = [value(rows, "programme_population", c) for c in ("", "started_before", "started_within")]
    assert found == [4, 2, 2]  # a and g from before; d and h are new; of e and x no first conversation is known


def test_only_who_was_in_the_programme_leaves_it() -> None:
    rows = leavers.measure(PROGRAMME, {}, scope())
    assert value(rows, "programme_outflow_rate", column="numerator") == 2  # d and g; not x, and h left before joining


def test_the_end_in_the_table_of_residents_is_outflow_of_the_day_after() -> None:
    people = pd.DataFrame({"resident": ["a", "b"], "benefit_end": pd.to_datetime(["2023-12-31", "2024-12-31"])})
    tables = {**delivery(first("a", "b", on="2023-03-01")), "outflow": events(), "residents": people}
    rows = leavers.measure(tables, {}, scope())
    assert [value(rows, "programme_outflow_rate", column=c) for c in ("numerator", "denominator")] == [1, 2]


def test_the_programme_is_not_known_from_one_delivery() -> None:
    assert "programme_population" not in set(measure(PROGRAMME, scope())["measure"])
    assert "programme_population" in set(measure_across(PROGRAMME, {}, scope())["measure"])


def test_the_share_that_left_the_programme_has_wilson_s_interval() -> None:
    rows = leavers.measure(PROGRAMME, {}, scope())
    found = [value(rows, "programme_outflow_rate", column=c) for c in ("low", "high")]
    assert found == pytest.approx(proportion_confint(2, 4, method="wilson"))


def test_a_programme_of_nobody_has_no_share() -> None:
    rows = leavers.measure({**delivery(first()), "outflow": events()}, {}, scope())
    assert value(rows, "programme_outflow_rate", column="status") == "undefined"


REGISTER = benefits(
    ("a", "2020-01-01", None),
    ("b", "2020-01-01", "2023-12-31"),  # the first day without is the first of the year: outflow of the year
    ("i", "2020-01-01", "2023-12-30"),  # left before
    ("j", "2020-01-01", "2024-12-31"),  # leaves in the next year
    ("c", "2020-01-01", "2024-01-01"),
    ("d", "2024-03-01", None),
    ("e", "2020-01-01", "2024-05-01"),
    ("e", "2024-06-01", None),  # back on the thirtieth day after the first without: one spell
    ("f", "2020-01-01", "2024-05-01"),
    ("f", "2024-06-02", None),  # a day later: left, and came back
    ("g", "2024-04-01", "2024-09-01"),
    ("h", "2025-01-01", None),  # after the period
)


@pytest.mark.parametrize(
    ("measure_name", "category", "count"),
    [
        ("benefit_population", "", 8),
        ("benefit_population", "started_before", 6),
        ("benefit_population", "started_within", 2),
        ("benefit_outflow", "", 4),  # b, c, f and g
    ],
)
def test_turnover_of_the_register(measure_name: str, category: str, count: int) -> None:
    assert value(turnover.measure({"benefits": REGISTER}, scope()), measure_name, category) == count


def test_an_end_after_the_extraction_is_not_known() -> None:
    rows = turnover.measure({"benefits": benefits(("a", "2024-02-01", "2024-09-01"))}, scope(as_of=date(2024, 8, 1)))
    assert value(rows, "benefit_outflow") == 0


def test_the_register_and_the_outflow_tell_the_same_of_the_turn_of_the_year() -> None:
    """Last day 31 December 2023, date of outflow 1 January 2024: outflow of 2024, whichever table tells it."""
    tables = {
        "benefits": benefits(("a", "2020-01-01", "2023-12-31")),
        "outflow": events(("a", "2024-01-01", "outflow", None)),
    }
    for year, count in (("2023", 0), ("2024", 1)):
        of = scope(Period(date(int(year), 1, 1), date(int(year) + 1, 1, 1), year))
        rows = measure(tables, of, stocks=False).to_dict("records")
        assert [value(rows, m) for m in ("outflow", "benefit_outflow")] == [count, count]


def test_a_register_that_was_not_delivered_is_not_empty() -> None:
    rows = measure({}, scope()).to_dict("records")
    assert [value(rows, m, column="status") for m in turnover.MEASURES] == ["not_delivered"] * 3


SPELLS = st.lists(
    st.tuples(st.sampled_from("ab"), st.integers(0, 900), st.none() | st.integers(0, 300)),
    max_size=8,
    unique_by=lambda r: r[:2],
)


@given(SPELLS)
def test_a_day_by_day_count_finds_the_same_residents(rows: list[tuple[str, int, int | None]]) -> None:
    origin, last = date(2023, 1, 1), date(2025, 7, 15)
    days: dict[str, set[date]] = {}
    for who, start, length in rows:
        begin = origin + timedelta(days=start)
        end = last if length is None else min(last, begin + timedelta(days=length))
        days.setdefault(who, set()).update(begin + timedelta(days=n) for n in range((end - begin).days + 1))
    before = [date(2023, 12, 31) + timedelta(days=n) for n in range(366)]  # of each day of the year the day before
    on_benefit = {who for who, held in days.items() if held & {*before, date(2024, 12, 31)}}
    left = {
        who
        for who, held in days.items()
        for day in before
        if day in held and not any(day + timedelta(days=n) in held for n in range(1, 32)) and day < last
    }
    spells = benefits(
        *(
            (w, str(origin + timedelta(days=s)), None if n is None else str(origin + timedelta(days=s + n)))
            for w, s, n in rows
        )
    )
    made = turnover.measure({"benefits": spells}, scope(as_of=last))
    found = value(made, "benefit_outflow"), value(made, "benefit_outflow_rate", column="denominator")
    assert found == (len(left), len(on_benefit))


def test_who_began_between_two_pieces_of_a_stretch_was_there_already() -> None:
    """So everybody who began within it is a newcomer."""
    year, autumn = Period(date(2022, 1, 1), date(2023, 1, 1)), Period(date(2024, 9, 1), date(2025, 1, 1))
    rows = turnover.measure(
        {"benefits": benefits(("a", "2023-06-01", None), ("b", "2024-10-01", None))}, scope(year, autumn)
    )
    assert [value(rows, "benefit_population", c) for c in ("started_before", "started_within")] == [1, 1]
