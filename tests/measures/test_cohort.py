"""The cohort: who had time enough, what happened first, and the curve against the residents one by one."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from conftest import dear
from frames import YEAR, Tables, activities, conversations, delivery, first, scope, trajectories, value
from hypothesis import given, settings
from hypothesis import strategies as st

from mp_eval.measures import Scope, cohort
from mp_eval.periods import Period
from mp_eval.tidy import table

HALF = Scope("2024", (YEAR,), date(2024, 12, 31))  # extracted on the last day of the year
RESIDENTS = st.lists(
    st.tuples(st.integers(0, 360), st.none() | st.integers(0, 500), st.none() | st.integers(0, 500)), max_size=12
)


def residents(**ends: str | None) -> pd.DataFrame:
    """Residents by letter with the end of their benefit."""
    frame = pd.DataFrame({"resident": list(ends), "benefit_end": list(ends.values())})
    return frame.astype({"resident": "str", "benefit_end": "datetime64[us]"})


def outflow(*rows: tuple[str, str, str]) -> pd.DataFrame:
    """Rows of resident, date, kind."""
    frame = pd.DataFrame(list(rows), columns=["resident", "date", "kind"])
    return frame.astype({"resident": "str", "date": "datetime64[us]", "kind": "str"})


def of(tables: Tables, where: Scope | None = None) -> pd.DataFrame:
    return table(cohort.measure(tables, where or scope()))


def counted(tables: Tables, measure: str, category: str = "", *, where: Scope | None = None, column: str = "value"):
    """The number of a measure, total or of one category; None when there is no row."""
    rows = of(tables, where)
    found = rows.loc[(rows["measure"] == measure) & (rows["category"] == category), column]
    return None if found.empty or pd.isna(found.iloc[0]) else float(found.iloc[0])


def history(tables: Tables, where: Scope | None = None) -> tuple[int, float]:
    """What happened first to the one resident, and after how many months."""
    person = cohort.histories(tables, where or scope()).iloc[0]
    return int(person["cause"]), float(person["months"])


def drawn(rows: list[tuple[int, int | None, int | None]]) -> Tables:
    """Residents spoken to on a day of 2024, who start, or are without benefit, so many days later, or never."""
    day = pd.Timestamp("2024-01-01")
    on = {str(n): day + pd.Timedelta(days=spoken) for n, (spoken, _, _) in enumerate(rows)}
    talks = conversations(*((r, str(d.date()), "first") for r, d in on.items()))
    begun = [
        (str(n), "volunteering", str((on[str(n)] + pd.Timedelta(days=after)).date()), False)
        for n, (_, after, _) in enumerate(rows)
        if after is not None
    ]
    ended = {
        str(n): None if after is None else str((on[str(n)] + pd.Timedelta(days=after - 1)).date())
        for n, (_, _, after) in enumerate(rows)
    }
    return {**delivery(talks, activities(*begun)), "residents": residents(**ended)}


def test_a_start_after_the_conversation_is_what_happened() -> None:
    tables = delivery(first("a", on="2024-03-01"), activities(("a", "volunteering", "2024-06-01", False)))
    assert history(tables) == (cohort.ACTIVATED, 3)


def test_a_trajectory_is_a_start_too() -> None:
    tables = delivery(first("a", on="2024-03-01"), instruments=trajectories(("a", "2024-04-01")))
    assert history(tables) == (cohort.ACTIVATED, 1)


def test_whose_benefit_ended_before_anything_began_has_left() -> None:
    tables = delivery(first("a", on="2024-03-01"), activities(("a", "volunteering", "2024-06-01", False)))
    assert history({**tables, "residents": residents(a="2024-04-30")}) == (cohort.LEFT, 2)


def test_on_one_day_the_start_comes_first() -> None:
    tables = delivery(first("a", on="2024-03-01"), activities(("a", "volunteering", "2024-06-01", False)))
    assert history({**tables, "outflow": outflow(("a", "2024-06-01", "outflow"))}) == (cohort.ACTIVATED, 3)


def test_a_referral_is_no_end_of_a_benefit() -> None:
    tables = {**delivery(first("a", on="2024-03-01")), "outflow": outflow(("a", "2024-06-01", "wsp_referral"))}
    assert history(tables)[0] == cohort.STILL


def test_a_benefit_that_ended_before_the_conversation_ends_nothing() -> None:
    tables = {**delivery(first("a", on="2024-03-01")), "residents": residents(a="2024-02-01")}
    assert history(tables)[0] == cohort.STILL


def test_who_was_back_within_a_month_did_not_leave() -> None:
    benefits = pd.DataFrame({"resident": ["a"], "start": pd.to_datetime(["2024-06-20"])})
    tables = {**delivery(first("a", on="2024-03-01")), "outflow": outflow(("a", "2024-06-01", "outflow"))}
    assert history({**tables, "benefits": benefits})[0] == cohort.STILL


def test_what_happened_after_the_extraction_is_not_known() -> None:
    tables = delivery(first("a", on="2024-07-31"), activities(("a", "volunteering", "2025-01-01", False)))
    assert history(tables, HALF) == (cohort.STILL, 5)


@pytest.mark.parametrize(
    "start",
    [("a", "volunteering", "2024-02-01", False), ("a", "volunteering", "2024-06-01", True)],
    ids=["before the conversation", "said so"],
)
def test_who_was_active_already_is_told_apart(start) -> None:
    tables = delivery(first("a", "b", on="2024-03-01"), activities(start))
    assert [counted(tables, "cohort", c) for c in ("", "active_before", "not_yet_active")] == [2, 1, 1]


@pytest.mark.parametrize(("end", "before"), [("2024-02-29", 0), ("2024-03-01", 1), ("2024-05-01", 1), (None, 1)])
def test_what_had_ended_before_the_conversation_is_no_longer_active(end: str | None, before: int) -> None:
    tables = delivery(first("a", on="2024-03-01"), activities(("a", "volunteering", "2024-01-01", False)))
    tables["activities"] = tables["activities"].assign(end=pd.Series([end], dtype="datetime64[us]"))
    assert [counted(tables, "cohort", c) for c in ("active_before", "not_yet_active")] == [before, 1 - before]
    assert history(tables)[0] == (cohort.ACTIVE_BEFORE if before else cohort.STILL)


def test_the_first_day_without_benefit_is_the_day_of_leaving() -> None:
    tables = delivery(first("a", on="2024-03-01"))
    told = [{"residents": residents(a="2024-05-31")}, {"outflow": outflow(("a", "2024-06-01", "outflow"))}]
    assert [history({**tables, **one}) for one in told] == [(cohort.LEFT, 3)] * 2


def test_who_was_active_already_is_in_no_curve_and_no_share() -> None:
    tables = delivery(first("a", on="2024-03-01"), activities(("a", "volunteering", "2024-04-01", True)))
    assert (counted(tables, "had_time", "6"), counted(tables, "activated_within", "6")) == (0, None)


TWO = delivery(
    conversations(("a", "2024-06-30", "first"), ("b", "2024-07-01", "first")),  # six months, and a day less
    activities(("b", "volunteering", "2024-07-02", False)),
)


def test_only_who_had_time_enough_counts() -> None:
    assert [counted(TWO, m, "6", where=HALF) for m in ("had_time", "activated_in_time")] == [1, 0]


def test_what_began_later_than_so_many_months_is_not_in_time() -> None:
    started = activities(("a", "volunteering", "2024-09-02", False), ("b", "volunteering", "2024-09-01", False))
    tables = delivery(first("a", "b", on="2024-03-01"), started)
    assert counted(tables, "timely_activation_rate", "6") == 0.5


def test_a_share_of_nobody_is_undefined() -> None:
    rows = cohort.measure(TWO, HALF)
    assert value(rows, "timely_activation_rate", "12", "status") == "undefined"


def test_a_quarter_is_counted_once_everybody_of_it_had_time() -> None:
    counts = [counted(TWO, "had_time", q, where=HALF) for q in ("2024-Q2", "2024-Q3")]
    assert counts == [1, None]


def test_of_a_quarter_that_is_too_young_only_the_start_is_told() -> None:
    rows = of(TWO, HALF)
    told = rows.loc[rows["category"] == "2024-Q3", ["measure", "value"]].values.tolist()
    assert told == [["cohort", 1]]


def test_a_quarter_has_only_the_days_of_the_period() -> None:
    piece = Period(date(2023, 6, 1), date(2024, 7, 1), "2023-2024")
    rows = of(delivery(first("a", on="2023-05-31")), scope(piece, key="2023-2024"))
    assert rows.loc[rows["category"] == "2023-Q2", "value"].tolist()[0] == 0


def test_a_quarter_that_had_not_begun_at_the_extraction_is_none() -> None:
    rows = of(delivery(first("a", on="2024-02-01")), scope(as_of=date(2024, 6, 30)))
    assert set(rows.loc[rows["breakdown"] == "start_quarter", "category"]) == {"2024-Q1", "2024-Q2"}


def many(count: int = 12) -> Tables:
    """Residents spoken to on one day; the first is activated after a month, the second is without after two."""
    names = "abcdefghijklmnop"[:count]
    started = activities(("a", "volunteering", "2024-02-15", False))
    tables = delivery(first(*names, on="2024-01-15"), started)
    return {**tables, "residents": residents(b="2024-03-14")}


@pytest.mark.parametrize(
    ("measure", "category", "share"),
    [("activation_incidence", "0", 0), ("activation_incidence", "1", 1 / 12), ("outflow_incidence", "2", 1 / 12)],
)
def test_the_curves_of_twelve_residents_by_hand(measure: str, category: str, share: float) -> None:
    assert counted(many(), measure, category) == pytest.approx(share)


def test_a_point_of_a_curve_says_how_many_are_followed() -> None:
    assert counted(many(), "activation_incidence", "3", column="denominator") == 10


def test_a_curve_ends_where_fewer_than_five_are_followed() -> None:
    assert counted(many(6), "activation_incidence", "3") is None


def test_without_ends_of_benefits_who_left_is_not_delivered() -> None:
    tables = {n: t for n, t in many().items() if n != "residents"}
    rows = of(tables)
    assert set(rows.loc[rows["measure"] == "left_within", "status"]) == {"not_delivered"}
    assert "outflow_incidence" not in set(rows["measure"])


def test_nobody_gives_counts_of_nobody_and_no_curve() -> None:
    rows = of(delivery())
    assert set(rows.loc[rows["measure"].isin(["cohort", "had_time", "activated_in_time"]), "value"]) == {0}
    assert "activation_incidence" not in set(rows["measure"])


def test_everybody_at_once_is_a_share_of_one() -> None:
    started = activities(*((r, "volunteering", "2024-03-01", False) for r in "abc"))
    assert counted(delivery(first("a", "b", "c"), started), "timely_activation_rate", "6") == 1


def test_few_who_are_followed_have_a_row_at_a_milestone_and_no_curve() -> None:
    """That there is no row would tell that there are fewer than five."""
    started = activities(("a", "volunteering", "2024-03-01", False))
    made = of(delivery(first("a", "b", "c"), started))
    at = made[(made["breakdown"] == "months") & (made["category"] == "6")].set_index("measure")
    assert at.loc[["still_followed", "activated_within"], "value"].tolist() == [2, 1]
    assert at.loc["activation_incidence", "status"] == "undefined"


@settings(max_examples=dear(8))
@given(RESIDENTS)
def test_what_happened_and_what_did_not_never_exceed_the_cohort(rows) -> None:
    made = of(drawn(rows))
    for months in map(str, cohort.MILESTONES):
        outcomes = made["measure"].isin(["activated_within", "left_within", "still_followed"])
        at_it = made[(made["category"] == months) & outcomes]
        had = made.loc[(made["measure"] == "had_time") & (made["category"] == months), "value"].iloc[0]
        if len(at_it):
            assert had <= at_it["value"].sum() <= len(rows)


@settings(max_examples=dear(8))
@given(RESIDENTS)
def test_with_time_enough_for_all_the_curve_is_the_share(rows) -> None:
    """Everybody was spoken to at least six months before: nobody is censored, and the incidence is a plain share."""
    made = of(drawn(rows), scope(as_of=date(2026, 1, 1)))
    curve = made[(made["measure"] == "activation_incidence") & (made["category"] == "6")]
    share = made[(made["measure"] == "timely_activation_rate") & (made["category"] == "6")]
    if curve["status"].tolist() == ["final"]:
        assert float(curve["value"].iloc[0]) == pytest.approx(float(share["value"].iloc[0]))


@settings(max_examples=dear(8))
@given(RESIDENTS)
def test_the_first_thing_is_the_first_one_by_one(rows) -> None:
    last = pd.Timestamp(scope().as_of)
    expected = []
    for spoken, begun, left in rows:
        day = pd.Timestamp("2024-01-01") + pd.Timedelta(days=spoken)
        known = [d for d in (begun, left) if d is not None and day + pd.Timedelta(days=d) <= last]
        expected.append(0 if not known else 1 if begun == min(known) else 2)
    found = cohort.histories(drawn(rows), scope())
    assert dict(zip(found.index, found["cause"], strict=True)) == {str(n): c for n, c in enumerate(expected)}


@settings(max_examples=dear(8))
@given(RESIDENTS)
def test_quarters_make_up_the_cohort(rows) -> None:
    made = of(drawn(rows))
    assert made.loc[(made["measure"] == "cohort") & (made["breakdown"] == "start_quarter"), "value"].sum() == len(rows)


def test_the_order_of_the_rows_does_not_matter() -> None:
    turned = {name: frame.iloc[::-1] for name, frame in many().items()}
    pd.testing.assert_frame_equal(of(turned), of(many()))


def test_a_measured_table_is_left_as_it_was() -> None:
    tables = many()
    before = {name: frame.copy() for name, frame in tables.items()}
    list(cohort.measure(tables, scope()))
    assert all(tables[name].equals(before[name]) for name in tables)


def test_where_it_was_not_delivered_who_was_active_only_who_was_spoken_to_is_counted() -> None:
    begun = activities(("a", "volunteering", "2024-04-10", False))
    known = delivery(first("a"), begun)
    unknown = delivery(first("a"), begun.assign(already_active=pd.array([None], dtype="boolean")))
    assert counted(known, "activated_in_time", "6") == 1.0
    rows = of(unknown)
    assert rows.loc[rows["status"] != "not_delivered", ["measure", "value"]].values.tolist() == [["cohort", 1.0]]
    assert set(rows["measure"]) == set(cohort.MEASURES)
