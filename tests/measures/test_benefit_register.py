"""The benefit register: who has a benefit on a day, and who still has it so many years after it began."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from conftest import dear
from frames import scope, value
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.duration.survfunc import SurvfuncRight

from mp_eval.measures import benefit_register, measure
from mp_eval.measures.benefit_register import LEAST_ENDS, spells, whole_since
from mp_eval.tidy import pick, table

DAY = date(2020, 7, 1)
COLUMNS = ["resident", "start", "end", "birth_year", "sex", "household", "inflow_reason"]


def register(*rows: tuple[object, ...]) -> pd.DataFrame:
    """Rows of resident, start, end; a fourth is the birth year, a fifth the sex, then household and reason."""
    who = (1980, "man", "single", "scheiding")
    frame = pd.DataFrame([(*row, *who[len(row) - 3 :]) for row in rows], columns=COLUMNS)
    return frame.astype(
        {"start": "datetime64[us]", "end": "datetime64[us]", "birth_year": "Int64"}
        | dict.fromkeys(("resident", "sex", "household", "inflow_reason"), "str")
    )


def measured(*rows: tuple[object, ...], on: date = DAY, whole_from: date | None = date(2016, 1, 1)) -> pd.DataFrame:
    return table(benefit_register.measure({"benefits": register(*rows)}, scope(as_of=on, whole_from=whole_from)))


LEFT_LONG_AGO = ("z", "2014-01-01", "2015-06-30")
FOUR = (
    LEFT_LONG_AGO,
    ("a", "2016-03-01", None),
    ("b", "2016-03-01", "2017-02-28"),  # the last day before a year was over
    ("c", "2016-03-01", "2017-03-01"),  # the day itself
    ("d", "2019-08-01", None, 1999, "woman"),  # not a year ago on the day
)


def test_a_benefit_may_be_split_at_each_change() -> None:
    """In rows that follow each other, of which the first alone says why it began."""
    parts = (
        LEFT_LONG_AGO,
        ("a", "2016-03-01", "2016-12-31"),
        ("a", "2017-01-01", "2019-06-30", 1980, "man", "single", None),
        ("a", "2019-07-01", None, 1980, "man", "single", None),
        ("b", "2016-03-01", "2016-03-31"),
        ("b", "2016-04-01", "2017-02-28"),
        *FOUR[3:],
    )
    pd.testing.assert_frame_equal(measured(*parts), measured(*FOUR))


def shares(found: pd.DataFrame, breakdown: str) -> dict[str, tuple[float, float]]:
    rows = pick(found, measure="still_on_benefit", breakdown=breakdown)
    return {r["category"]: (r["numerator"], r["denominator"]) for r in rows.to_dict("records")}


@pytest.mark.parametrize(("day", "first"), [(date(2016, 1, 1), "2016"), (date(2016, 1, 2), "2017")])
def test_the_first_cohort_is_the_first_whole_year(day: date, first: str) -> None:
    cohorts = pick(measured(*FOUR, whole_from=day), measure="benefits_started", breakdown="cohort")
    assert cohorts["category"].iloc[0] == first


def simulated(*, cut: str = "", inflow: int = 100, years: float = 4.0) -> pd.DataFrame:
    """Benefits that began on any day of 2011 to 2023, and last `years` on average; `cut` is the day from which leavers
    are known, of benefits that began since 1990. Who is left on 1 July 2024 is still there.
    """
    random, first = np.random.default_rng(7), 1990 if cut else 2011
    starts = pd.Timestamp(first, 1, 1) + pd.to_timedelta(
        random.integers(0, 365 * (2024 - first), inflow * (2024 - first)), "D"
    )
    ends = starts + pd.to_timedelta(random.exponential(365 * years, len(starts)).astype(int), "D")
    known = pd.DataFrame({"start": starts, "end": ends.where(ends <= pd.Timestamp(2024, 7, 1))})
    return known[~(known["end"] < pd.Timestamp(cut or "1900-01-01"))].reset_index(drop=True)


def with_rows(known: pd.DataFrame, *rows: tuple[str, str | None]) -> pd.DataFrame:
    return pd.concat([known, pd.DataFrame(rows, columns=["start", "end"]).astype("datetime64[us]")], ignore_index=True)


STRAY: dict[str, list[tuple[str, str | None]]] = {
    "none": [],
    "one that ended": [("2001-01-01", "2001-12-31")],
    "one that still runs": [("1999-01-01", None)],
    "some of other years": [("2001-01-01", "2001-12-31"), ("2003-05-01", "2004-02-01"), ("1999-01-01", None)],
    "some of one year": [("2001-01-01", "2001-12-31")] * 3,
}


@pytest.mark.parametrize("stray", STRAY)
@pytest.mark.parametrize("inflow", [30, 100, 600])
@pytest.mark.parametrize(("cut", "first"), [("", 2011), ("2015-01-01", 2016), ("2015-06-20", 2016)])
def test_the_dates_tell_from_when_a_register_is_whole(cut: str, first: int, inflow: int, stray: str) -> None:
    """Whole from its first start, or only who was there on a day and since; whatever stray rows it holds."""
    assert whole_since(with_rows(simulated(cut=cut, inflow=inflow), *STRAY[stray])) == first


def test_the_year_after_the_last_day_of_a_year_is_whole() -> None:
    assert whole_since(simulated(cut="2014-12-31", inflow=600)) == 2015


@pytest.mark.parametrize("years", [1.0, 9.0])
@pytest.mark.parametrize(("cut", "first"), [("", 2011), ("2015-06-20", 2016)])
def test_however_long_benefits_last(cut: str, first: int, years: float) -> None:
    assert whole_since(simulated(cut=cut, years=years)) == first


@pytest.mark.parametrize("cut", ["", "2015-06-20"])
def test_few_ends_tell_nothing(cut: str) -> None:
    known = simulated(cut=cut)
    few = known[known["end"].isna() | (known.index % 20 == 0)]
    assert whole_since(few.drop(few["end"].dropna().index[LEAST_ENDS - 1 :])) is None


def test_a_small_register_is_never_thought_whole_too_early() -> None:
    """It may lose years, for a year in which nobody left looks like one before the leavers were known."""
    assert (whole_since(simulated(cut="2015-06-20", inflow=4)) or 9999) >= 2016


def test_of_a_register_of_few_ends_no_cohort_is_told() -> None:
    assert "benefits_started" not in set(measured(*FOUR, whole_from=None)["measure"])


def test_a_benefit_runs_through_its_last_day() -> None:
    """Of three that began on 1 March 2016 the one that ended on 28 February 2017 ran no year."""
    assert shares(measured(*FOUR), "cohort>years")["2016>1"] == (2, 3)
    assert shares(measured(*FOUR), "cohort>years")["2016>2"] == (1, 3)


def test_a_cohort_that_is_too_young_has_no_row_rather_than_a_number() -> None:
    """On 1 July 2020 of 2018 one year is known and not two; of 2019 nothing, also of who began in its first half."""
    known = shares(measured(*FOUR), "cohort>years")
    assert {"2016>3", "2017>2", "2018>1"} < set(known)
    assert not {"2016>4", "2017>3", "2018>2", "2019>1", "2020>1"} & set(known)


@pytest.mark.parametrize(("day", "is_known"), [(date(2017, 12, 30), False), (date(2017, 12, 31), True)])
def test_a_cohort_is_old_enough_when_its_last_day_is(day: date, is_known: bool) -> None:
    assert ("2016>1" in shares(measured(*FOUR, on=day), "cohort>years")) == is_known


def test_an_end_after_the_extraction_is_not_known_yet() -> None:
    late = ("a", "2016-03-01", "2020-08-01")
    assert spells(register(late), DAY)["end"].isna().tolist() == [True]


@pytest.mark.parametrize(("back", "count"), [("2018-01-31", 1), ("2018-02-01", 2)])
def test_who_is_back_within_30_days_never_left(back: str, count: int) -> None:
    left = spells(register(("a", "2016-01-01", "2017-12-31"), ("a", back, None)), DAY)
    assert len(left) == count


def test_a_spell_within_another_does_not_end_it() -> None:
    rows = ("a", "2016-01-01", "2018-12-31"), ("a", "2016-06-01", "2016-07-31"), ("a", "2019-01-15", None)
    found = spells(register(*rows), DAY)
    assert (found["start"].tolist(), found["end"].isna().tolist()) == ([pd.Timestamp(2016, 1, 1)], [True])


def test_two_residents_are_never_one_benefit() -> None:
    assert len(spells(register(("a", "2016-01-01", "2016-12-31"), ("b", "2017-01-10", None)), DAY)) == 2


def test_pooled_cohorts_are_those_that_are_old_enough() -> None:
    assert shares(measured(*FOUR), "window>years") == {
        "2016-2018>1": (2, 3),
        "2016-2017>2": (1, 3),
        "2016-2016>3": (1, 3),
    }


def test_the_age_of_a_group_is_the_age_at_the_start() -> None:
    """Born in 1990, a benefit from 2016: 26 then, 30 on the day of the extraction."""
    found = measured(LEFT_LONG_AGO, ("a", "2016-03-01", None, 1990))
    assert shares(found, "age>window>years")["under_27>2016-2018>1"] == (1, 1)
    assert value(found.to_dict("records"), "running_benefits", "27_to_44") == 1


def test_what_is_not_recorded_is_a_group_of_its_own() -> None:
    found = measured(LEFT_LONG_AGO, ("a", "2016-03-01", None, None, None, None, None))
    unknown = pick(found, measure="running_benefits", category="unknown")
    assert sorted(unknown["breakdown"]) == ["age", "household", "reason", "sex"]


def test_who_is_on_benefit_is_completed_from_the_residents_and_cohorts_are_not() -> None:
    rows = register(LEFT_LONG_AGO, ("a", "2016-03-01", None, None, None, "couple"), ("b", "2016-03-01", None, None))
    residents = pd.DataFrame({"resident": ["a"], "birth_year": [1990], "sex": ["woman"], "household": ["single"]})
    where = scope(as_of=DAY, whole_from=date(2016, 1, 1))
    found = table(benefit_register.measure({"benefits": rows, "residents": residents}, where))
    running = pick(found, measure="running_benefits")
    counted = {(r.breakdown, r.category): r.value for r in running.itertuples() if r.breakdown in ("age", "sex")}
    assert counted == {("age", "27_to_44"): 1, ("age", "unknown"): 1, ("sex", "woman"): 1, ("sex", "man"): 1}
    assert value(found.to_dict("records"), "running_benefits", "couple") == 1
    assert shares(found, "age>window>years") == {"unknown>2016-2018>1": (2, 2), "unknown>2016-2016>3": (2, 2)}


def test_a_reason_of_few_is_not_told_apart() -> None:
    rows = [
        (f"r{n}", "2016-03-01", None, 1980, "man", "single", "scheiding" if n else "mijn buurman Jan")
        for n in range(21)
    ]
    found = pick(measured(LEFT_LONG_AGO, *rows), measure="running_benefits", breakdown="reason")
    assert found.set_index("category")["value"].to_dict() == {"scheiding": 20, "remaining": 1}


@pytest.mark.parametrize("couples", [1, 3])
def test_the_order_of_the_groups_does_not_tell_which_is_larger(couples: int) -> None:
    rows = [(f"r{n}", "2016-03-01", None, 1980, "man", "couple" if n < couples else "single") for n in range(4)]
    found = pick(measured(LEFT_LONG_AGO, *rows), measure="running_benefits", breakdown="household")
    assert found["category"].tolist() == ["couple", "single"]


def test_a_resident_with_two_running_benefits_counts_once() -> None:
    found = measured(("a", "2016-03-01", None), ("a", "2018-03-01", None, 1980, "man", "couple"))
    assert value(found.to_dict("records"), "running_benefits") == 1
    assert value(found.to_dict("records"), "running_benefits", "couple") == 1  # as the last one says


def test_nobody_left_means_that_nothing_is_known_of_cohorts() -> None:
    found = measured(("a", "2016-03-01", None), whole_from=None)
    assert set(found["measure"]) == {"running_benefits", "running_share"}


def test_an_empty_register_is_nobody() -> None:
    assert measured(whole_from=None)["value"].tolist() == [0]


def test_a_register_that_was_not_delivered_is_not_nobody() -> None:
    rows = pick(measure({}, scope()), measure="running_benefits")
    assert rows["status"].tolist() == ["not_delivered"]


DATES = st.dates(date(2016, 1, 1), date(2022, 12, 31))
STAYS = st.tuples(DATES, st.one_of(st.none(), st.integers(0, 2500)), st.sampled_from(["man", "woman"]))
BENEFITS = st.lists(STAYS, min_size=1, max_size=60)


def at_random(benefits: list[tuple[date, int | None, str]]) -> pd.DataFrame:
    rows = [
        (f"r{n}", s, None if d is None else s + pd.Timedelta(days=d), 1980, sex)
        for n, (s, d, sex) in enumerate(benefits)
    ]
    return measured(LEFT_LONG_AGO, *rows, on=date(2022, 12, 31))


@settings(max_examples=dear(5), derandomize=True)
@given(benefits=BENEFITS)
def test_the_share_is_the_survival_curve_of_who_is_only_censored_by_the_extraction(
    benefits: list[tuple[date, int | None, str]],
) -> None:
    """Against Kaplan and Meier of one cohort, in days; in a year with 29 February a year is 366 of them."""
    end = pd.Timestamp(2022, 12, 31)
    cohort = [(s, d) for s, d, _ in benefits if s.year == 2016]
    if not cohort:
        return
    starts = pd.to_datetime([s for s, _ in cohort])
    lasted = [(end - s).days if d is None else min(d, (end - s).days) for s, (_, d) in zip(starts, cohort, strict=True)]
    left = [d is not None and s + pd.Timedelta(days=d) <= end for s, (_, d) in zip(starts, cohort, strict=True)]
    years = [n / ((s + pd.DateOffset(years=3) - s).days / 3) for n, s in zip(lasted, starts, strict=True)]
    curve = SurvfuncRight([y + (1e-9 if gone else 0) for y, gone in zip(years, left, strict=True)], left)
    expected = next((p for t, p in reversed(list(zip(curve.surv_times, curve.surv_prob, strict=True))) if t < 3), 1.0)
    above, below = shares(at_random(benefits), "cohort>years")["2016>3"]
    assert above / below == pytest.approx(expected)


@settings(max_examples=dear(5), derandomize=True)
@given(benefits=BENEFITS)
def test_groups_and_cohorts_are_parts_of_the_whole_and_curves_only_fall(
    benefits: list[tuple[date, int | None, str]],
) -> None:
    found = at_random(benefits)
    pooled, by_sex, by_cohort = (shares(found, b) for b in ("window>years", "sex>window>years", "cohort>years"))
    for label, whole in pooled.items():
        window, _, years = label.partition(">")
        first, last = map(int, window.split("-"))
        parts = [(0, 0), *(v for c, v in by_sex.items() if c.endswith(f">{label}"))]
        cohorts = [by_cohort[f"{year}>{years}"] for year in range(first, last + 1)]
        for some in [parts, cohorts] if years in "135" else [cohorts]:
            assert tuple(map(sum, zip(*some, strict=True))) == whole
    for year in range(2016, 2022):
        counts = [by_cohort[f"{year}>{n}"][0] for n in range(1, 6) if f"{year}>{n}" in by_cohort]
        assert counts == sorted(counts, reverse=True)
