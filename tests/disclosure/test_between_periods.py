"""What several pages tell together: the months of a quarter, one date in two deliveries, and who is followed."""

from __future__ import annotations

import pandas as pd
import pytest

from mp_eval import tidy
from mp_eval.disclosure.attack import attack
from mp_eval.disclosure.protect import protect
from mp_eval.periods import Period, parse
from mp_eval.workspace import Disclosure

YEAR, HALF = parse("2024"), Period(parse("2024").start, parse("juli 2024").start, "half")
DAYS = {"year": (YEAR,), "half": (HALF,)}
PUBLIC = Disclosure(internal=False, threshold=5)


def found(table: pd.DataFrame, name: tuple[str, ...]) -> tuple[float, float]:
    [interval] = [i for i in attack(table, days=DAYS) if i.is_hidden and set(i.terms) == {(name, 1.0)}]
    return interval.low, interval.high


def test_a_reader_takes_two_months_from_their_quarter() -> None:
    months = {"2024-01": 20.0, "2024-02": 30.0, "2024-03": None}
    rows = [
        tidy.row("year", "spoken", v, breakdown="month", category=m, status="final" if v else "hidden")
        for m, v in months.items()
    ]
    rows.append(tidy.row("year", "cohort", 53, breakdown="start_quarter", category="2024-Q1"))
    assert found(tidy.table(rows), ("year", "spoken", "month", "2024-03", "")) == (3, 3)


def test_a_small_month_is_not_told_by_its_quarter() -> None:
    months = {"2024-01": 20, "2024-02": 30, "2024-03": 3}
    rows = [tidy.row("year", "spoken", v, breakdown="month", category=m) for m, v in months.items()]
    rows += [tidy.row("year", "spoken", 53), tidy.row("year", "cohort", 53)]
    rows.append(tidy.row("year", "cohort", 53, breakdown="start_quarter", category="2024-Q1"))
    shown = protect(tidy.table(rows), settings=PUBLIC, days=DAYS).measures
    low, high = found(shown, ("year", "spoken", "month", "2024-03", ""))
    assert low <= 1
    assert high >= 5


def test_a_stock_on_one_date_is_one_number_whoever_delivered_it() -> None:
    rows = [
        tidy.row("half", "in_picture", None, as_of="2024-06-30", status="hidden"),
        tidy.row("year", "in_picture", 3, as_of="2024-06-30"),
    ]
    assert found(tidy.table(rows), ("half", "in_picture", "", "", "2024-06-30")) == (3, 3)


@pytest.mark.parametrize(("extracted", "is_told"), [("2025-01-01", True), ("2024-08-01", False)])
def test_who_is_followed_to_one_day_can_be_subtracted(extracted: str, is_told: bool) -> None:
    """Who moved up of the year is who moved up of its first half and more, when both are known up to the same day."""
    label = {"breakdown": "direction", "category": "moved_up"}
    rows = [
        tidy.row("half", "ladder_moves", None, as_of=extracted, status="hidden", **label),
        tidy.row("year", "ladder_moves", 2, as_of="2025-01-01", **label),
    ]
    _, high = found(tidy.table(rows), ("half", "ladder_moves", "direction", "moved_up", ""))
    assert (high == 2) is is_told


def test_what_is_withheld_is_in_no_public_release_not_even_a_zero() -> None:
    rows = [tidy.row("year", "trajectories_running", v, as_of=d) for v, d in ((0, "2024-01-01"), (70, "2024-12-31"))]
    shown = protect(tidy.table(rows), settings=PUBLIC, days=DAYS).measures
    assert shown["status"].tolist() == ["hidden", "hidden"]
    assert shown["value"].isna().all()
    kept = protect(tidy.table(rows), settings=Disclosure(internal=True), days=DAYS).measures
    assert kept["value"].tolist() == [0, 70]


@pytest.mark.parametrize(("extracted", "is_told"), [("2024-08-01", True), ("2025-02-01", False)])
def test_who_was_active_by_then_was_active_later_too(extracted: str, is_told: bool) -> None:
    """Of the half-year, known up to an earlier day, there are no more than of the year; up to a later day there may.

    They are never more than were spoken to, of which there are 90 in the year.
    """
    label = {"breakdown": "months", "category": "12"}
    share = {"numerator": 4, "denominator": 90}
    rows = [
        tidy.row("half", "cohort_activation_rate", None, as_of=extracted, status="hidden"),
        tidy.row("year", "cohort_activation_rate", 4 / 90, as_of="2025-01-01", **share),
        tidy.row("half", "had_time", None, as_of=extracted, status="hidden", **label),
        tidy.row("year", "had_time", 3, as_of="2025-01-01", **label),
    ]
    names = [("half", "cohort_activation_rate", "", "", ""), ("half", "had_time", "months", "12", "")]
    assert [found(tidy.table(rows), name)[1] for name in names] == ([4, 3] if is_told else [90, 90])


def test_a_small_change_with_the_later_day_is_hidden() -> None:
    share = {"denominator": 60}
    rows = [
        tidy.row("half", "cohort_activation_rate", 20 / 60, as_of="2024-08-01", numerator=20, **share),
        tidy.row("year", "cohort_activation_rate", 22 / 60, as_of="2025-01-01", numerator=22, **share),
    ]
    shown = protect(tidy.table(rows), settings=PUBLIC, days=DAYS).measures
    assert shown["value"].isna().any()


def test_of_the_same_days_it_is_the_same_number_also_what_means_something_else_in_a_longer_period() -> None:
    """Whose benefit began within the days is another group for other days; a single period and all are the same."""
    label = {"breakdown": "begin", "category": "started_within", "as_of": "2025-01-01"}
    rows = [
        tidy.row("year", "benefit_population", None, status="hidden", **label),
        tidy.row("alle-perioden", "benefit_population", 3, **label),
    ]
    table = tidy.table(rows)
    [one] = [i for i in attack(table, days={"year": (YEAR,), "alle-perioden": (YEAR,)}) if i.is_hidden]
    assert (one.low, one.high) == (3, 3)
    [other] = [i for i in attack(table, days={"year": (HALF,), "alle-perioden": (YEAR,)}) if i.is_hidden]
    assert other.high == float("inf")


def test_who_was_on_benefit_when_two_periods_began_is_one_number() -> None:
    label = {"breakdown": "begin", "category": "started_before"}
    rows = [
        tidy.row("half", "benefit_population", None, status="hidden", as_of="2024-08-01", **label),
        tidy.row("year", "benefit_population", 3, as_of="2025-01-01", **label),
    ]
    assert found(tidy.table(rows), ("half", "benefit_population", "begin", "started_before", "")) == (3, 3)


def test_and_is_protected_in_both() -> None:
    whole = {"started_before": 40, "started_within": 3}
    rows = [tidy.row("half", "benefit_population", 43), tidy.row("year", "benefit_population", 60)]
    rows += [tidy.row("half", "benefit_population", v, breakdown="begin", category=c) for c, v in whole.items()]
    rows += [
        tidy.row("year", "benefit_population", v, breakdown="begin", category=c)
        for c, v in {**whole, "started_within": 20}.items()
    ]
    shown = protect(tidy.table(rows), settings=PUBLIC, days=DAYS).measures
    low, high = found(shown, ("half", "benefit_population", "begin", "started_within", ""))
    assert low <= 1
    assert high >= 5
