"""What readers know of cohorts: the same count in every delivery, sums of years, and fewer after more years."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from conftest import long
from releases import hidden_by, narrowed

from mp_eval import tidy
from mp_eval.disclosure.attack import attack
from mp_eval.disclosure.protect import protect
from mp_eval.disclosure.relations import relate
from mp_eval.measures import Scope, benefit_register
from mp_eval.periods import Period
from mp_eval.workspace import Disclosure

FIRST, SECOND = (Period(date(y, 1, 1), date(y + 1, 1, 1), str(y)) for y in (2020, 2022))
WHOLE_FROM = date(2018, 1, 1)
DAYS = {p.key: (p,) for p in (FIRST, SECOND)}


def share(period: str, breakdown: str, category: str, above: int, below: int) -> dict[str, object]:
    label = {"breakdown": breakdown, "category": category}
    return tidy.row(period, "still_on_benefit", above / below, numerator=above, denominator=below, **label)


def hidden(row: dict[str, object]) -> dict[str, object]:
    return {**row, "status": "hidden"} | dict.fromkeys(("value", "numerator", "denominator", "low", "high"))


def found(*rows: dict[str, object]) -> dict[str, tuple[float, float]]:
    return {str(i): (i.low, i.high) for i in attack(tidy.table(rows), days=DAYS)}


def test_the_denominator_of_a_share_is_that_of_its_category() -> None:
    system = relate(tidy.table([share("2020", "sex>window>years", "man>2016-2018>1", 20, 50)]), days=DAYS)
    assert [c.value for c in system.cells] == [20, 50, 30]  # still there, began, left


def test_who_left_is_a_count_that_follows() -> None:
    assert (3.0, 3.0) in found(share("2020", "cohort>years", "2016>1", 47, 50)).values()


def test_who_left_in_the_second_year_follows_from_two_shares() -> None:
    rows = share("2020", "cohort>years", "2016>1", 40, 50), share("2020", "cohort>years", "2016>2", 38, 50)
    assert (2.0, 2.0) in found(*rows).values()


def test_a_year_follows_from_the_windows_with_and_without_it() -> None:
    rows = share("2020", "window>years", "2016-2017>1", 41, 90), share("2022", "window>years", "2016-2018>1", 44, 99)
    assert (3.0, 3.0) in found(*rows).values()


def test_of_years_of_which_not_each_is_told_no_sum_is_known() -> None:
    """A window of two years and one of them: the other one is what they differ by, and may be anything."""
    rows = [tidy.row("2020", "benefits_started", 7, breakdown="cohort", category="2016")]
    rows.append(hidden(share("2020", "window>years", "2016-2017>1", 3, 9)))
    (low, high) = found(*rows)["2020 / benefits_started / window / 2016-2017"]
    assert (low, high) == (7, float("inf"))


def test_a_cohort_that_is_hidden_in_one_delivery_is_read_in_the_other() -> None:
    row = share("2020", "cohort>years", "2016>1", 3, 50)
    told = found(hidden(row), {**row, "period": "2022"})
    assert told["2020 / still_on_benefit / cohort>years / 2016>1"] == (3.0, 3.0)


def test_a_year_is_the_window_less_the_other_years() -> None:
    rows = [
        share("2020", "cohort>years", "2016>1", 40, 90),
        hidden(share("2020", "cohort>years", "2017>1", 3, 80)),
        share("2020", "window>years", "2016-2017>1", 43, 170),
    ]
    assert found(*rows)["2020 / still_on_benefit / cohort>years / 2017>1"] == (3.0, 3.0)


def test_what_remains_is_another_group_in_another_delivery() -> None:
    row = share("2020", "reason>window>years", "remaining>2016-2017>1", 3, 50)
    told = found(hidden(row), share("2022", "reason>window>years", "remaining>2016-2017>1", 9, 40))
    assert told["2020 / still_on_benefit / reason>window>years / remaining>2016-2017>1"][1] > 9


def register(seed: int, size: int) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    start = pd.Timestamp(2015, 6, 1) + pd.to_timedelta(random.integers(0, 2700, size), unit="D")
    end = pd.Series(start + pd.to_timedelta(random.exponential(700, size).astype(int), unit="D"))
    frame = pd.DataFrame({"resident": [f"r{n}" for n in range(size)], "start": start, "end": end})
    return frame.assign(
        birth_year=pd.array(2018 - random.integers(20, 62, size), "Int64"),
        sex=random.choice(["man", "woman"], size),
        household=random.choice(["single", "couple", "single_parent", "other"], size, p=[0.6, 0.2, 0.15, 0.05]),
        inflow_reason=random.choice(["a", "b", "c"], size, p=[0.5, 0.4, 0.1]),
    )


def deliveries(benefits: pd.DataFrame, later: pd.DataFrame) -> pd.DataFrame:
    """The measures of two deliveries, of which the second may say other things."""
    rows = benefit_register.measure(
        {"benefits": benefits}, Scope("2020", (FIRST,), date(2021, 2, 1), whole_from=WHOLE_FROM)
    )
    rows += benefit_register.measure(
        {"benefits": later}, Scope("2022", (SECOND,), date(2023, 2, 1), whole_from=WHOLE_FROM)
    )
    return tidy.table(rows)


@pytest.mark.parametrize(("seed", "threshold"), [(0, 5), long(1, 3)])
def test_no_register_at_random_can_be_narrowed(seed: int, threshold: int) -> None:
    benefits = register(seed, 50)
    table = deliveries(benefits, benefits)
    shown = hidden_by(table, threshold, DAYS)
    assert set(shown["status"]) >= {"hidden", "final"}
    assert narrowed(shown, table, threshold, DAYS) == []


def test_deliveries_that_contradict_each_other_are_protected_as_well() -> None:
    benefits = register(7, 50)
    later = benefits.assign(household=benefits["household"].where(benefits.index % 20 > 0, "couple"))
    table = deliveries(benefits, later)
    shown = protect(table, settings=Disclosure(internal=False, threshold=5), days=DAYS).measures
    assert (shown["status"] == "hidden").any()
