"""What two or three counts tell together, because of what they mean: a reader subtracts, so it is protected."""

from __future__ import annotations

import pandas as pd
import pytest
from releases import counts, hidden_by, narrowed, recovered

from mp_eval import tidy
from mp_eval.disclosure.attack import Interval, attack
from mp_eval.periods import parse

DAYS = {"2023-2024": (parse("juni 2023 tot juli 2024"),), "2024": (parse("2024"),)}
Rows = list[dict]
DAY = "2025-07-15"


def months(measure: str, after: int, count: int) -> Rows:
    return counts("2024", measure, months={str(after): count})


def until(extracted: str, rows: Rows) -> Rows:
    return [{**row, "as_of": extracted} for row in rows]


def share(measure: str, count: int, of: int, **label: str) -> Rows:
    return [tidy.row("2024", measure, count / of, numerator=count, denominator=of, **label)]


# Rows that are large, each by itself, and the few residents that they give away together.
GIVEN_AWAY: dict[str, tuple[Rows, int]] = {
    "who had a year, was not activated in it and is not followed still, left": (
        [*months("had_time", 12, 84), *months("activated_in_time", 12, 18), *months("still_followed", 12, 64)],
        2,
    ),
    "who had two years and is not followed still": (
        [*months("had_time", 24, 40), *months("still_followed", 24, 39)],
        1,
    ),
    "who left within a year and had no year": (
        [
            *months("had_time", 12, 84),
            *months("activated_in_time", 12, 18),
            *months("still_followed", 12, 50),
            *months("left_within", 12, 20),
        ],
        4,
    ),
    "who had half a year and no year, and was activated in half a year or not": (
        [
            *(row for m, n in ((6, 60), (12, 50)) for row in months("had_time", m, n)),
            *(row for m, n in ((6, 30), (12, 23)) for row in months("activated_in_time", m, n)),
        ],
        3,
    ),
    "who was first spoken to in the days of July that were a year ago at the extraction": (
        [
            *until("2025-07-15", months("had_time", 12, 84)),
            *until("2025-07-15", counts("2024", "had_time", start_quarter={"2024-Q1": 34, "2024-Q2": 46})),
            *counts("2024", "cohort", start_quarter={"2024-Q1": 34, "2024-Q2": 53, "2024-Q3": 44}),
        ],
        4,
    ),
    "and in those that were not": (
        [
            *until("2025-09-28", months("had_time", 12, 121)),
            *until(
                "2025-09-28", counts("2024", "had_time", start_quarter={"2024-Q1": 34, "2024-Q2": 46, "2024-Q3": 44})
            ),
            *counts("2024", "cohort", start_quarter={"2024-Q1": 34, "2024-Q2": 53, "2024-Q3": 44}),
        ],
        3,
    ),
    "who was first spoken to in half of a month, or was active before": (
        [
            *until("2025-03-15", months("had_time", 12, 30)),
            *counts("2024", "cohort", at_start={"active_before": 9}),
            *counts("2024", "spoken", month={"2024-01": 16, "2024-02": 20, "2024-03": 12, "2024-04": 15}),
        ],
        3,
    ),
    "who was active within half a year, of the days of July": (
        [
            *until("2025-07-15", months("activated_in_time", 12, 27)),
            *until("2025-07-15", counts("2024", "activated_in_time", start_quarter={"2024-Q1": 11, "2024-Q2": 12})),
            *counts("2024", "cohort", start_quarter={"2024-Q1": 34, "2024-Q2": 53, "2024-Q3": 44}),
        ],
        4,
    ),
    "of whom a step is filled in, and is not": (
        [
            tidy.row("2024", "in_picture", 1900, as_of=DAY),
            tidy.row(
                "2024",
                "picture_filled",
                1896 / 1900,
                breakdown="indicator",
                category="ladder_step",
                numerator=1896,
                denominator=1900,
                as_of=DAY,
            ),
        ],
        4,
    ),
    "who is on benefit and on a higher step": (
        [tidy.row("2024", m, v, as_of=DAY) for m, v in (("on_benefit", 40), ("on_lowest_steps", 38))],
        2,
    ),
    "who left the programme, and neither the benefit nor for the employers' service": (
        [*counts("2024", "left_programme", 33), *counts("2024", "outflow", 20), *counts("2024", "wsp_referral", 9)],
        4,
    ),
    "whose trajectory of this provider still runs, since the programme began": (
        [
            *counts("alle-perioden", "trajectories_started", provider={"Bureau Een": 25}),
            *counts("alle-perioden", "trajectories_ended", provider={"Bureau Een": 22}),
        ],
        3,
    ),
    "in a village, who was on benefit before the year": (
        [*counts("2024", "newcomers", 28), *counts("2024", "benefit_population", 30)],
        2,
    ),
    "in a village, who is on benefit and was not spoken to": (
        [*counts("2024", "spoken_on_benefit", 27), *counts("2024", "benefit_population", 30)],
        3,
    ),
    "whose benefit began in the year for the second time": (
        [*counts("2024", "newcomers", 189), *counts("2024", "benefit_population", begin={"started_within": 186})],
        3,
    ),
    "who was activated anew, and not by a trajectory": (
        counts("2024", "activated", variant={"net": 44}, activity={"trajectory": 42}),
        2,
    ),
    "who was activated anew and by an activity": (
        counts("2024", "activated", 50, variant={"net": 31, "without_trajectory": 22}),
        3,
    ),
    "of the cohort, who was activated anew and by an activity": (
        [
            *share("cohort_activation_rate", 50, 90),
            *share("cohort_activation_rate", 31, 90, breakdown="variant", category="net"),
            *share("cohort_activation_rate", 22, 90, breakdown="variant", category="without_trajectory"),
        ],
        3,
    ),
    "who started an activity, and no voluntary work": (
        counts("2024", "activated", variant={"without_trajectory": 23}, activity={"volunteering": 20}),
        3,
    ),
}


def of_several(found: list[Interval]) -> list[tuple[float, float]]:
    return [(i.low, i.high) for i in found if len(i.terms) > 1]


@pytest.mark.parametrize("given", GIVEN_AWAY.values(), ids=GIVEN_AWAY.keys())
def test_it_is_worked_out_from_what_is_shown(given: tuple[Rows, int]) -> None:
    rows, few = given
    assert (few, few) in of_several(attack(tidy.table(rows), days=DAYS))


@pytest.mark.parametrize("given", GIVEN_AWAY.values(), ids=GIVEN_AWAY.keys())
def test_and_is_protected(given: tuple[Rows, int]) -> None:
    rows, few = given
    table = tidy.table(rows)
    shown = hidden_by(table, 5, DAYS)
    assert "hidden" in set(shown["status"])
    assert narrowed(shown, table, 5, DAYS) == []
    assert (few, few) not in of_several(attack(shown, days=DAYS))


def without(table: pd.DataFrame, **where: str) -> pd.DataFrame:
    """The table with these rows hidden."""
    shown = table.copy()
    gone = (shown[list(where)] == list(where.values())).all(axis=1)
    shown.loc[gone, ["value", "numerator", "denominator"]] = pd.NA
    shown.loc[gone, "status"] = "hidden"
    return shown


def test_of_who_started_an_activity_the_rest_is_of_the_category_that_is_hidden() -> None:
    """23 without a trajectory, 20 of them in voluntary work, nobody elsewhere: at least 3 gave informal care."""
    activities = dict.fromkeys(tidy.ACTIVITIES, 0) | {"informal_care": 4, "volunteering": 20}
    table = tidy.table(counts("2024", "activated", variant={"without_trajectory": 23}, activity=activities))
    found = {str(i): i.low for i in attack(without(table, category="informal_care"), days=DAYS)}
    assert found["2024 / activated / activity / informal_care"] == 3
    shown = hidden_by(table, 5, DAYS)
    assert narrowed(shown, table, 5, DAYS) == []


QUARTERS = ("cohort", "had_time", "activated_in_time")


@pytest.mark.parametrize("measure", QUARTERS)
def test_a_quarter_that_one_page_hides_another_tells(measure: str) -> None:
    table = tidy.table([r for p in DAYS for r in counts(p, measure, start_quarter={"2024-Q1": 4})])
    assert recovered(without(table, period="2024"), DAYS) == [(f"2024 / {measure} / start_quarter / 2024-Q1", 4)]


@pytest.mark.parametrize("measure", QUARTERS)
def test_so_it_is_hidden_on_both(measure: str) -> None:
    by_period = {"2023-2024": {"2024-Q1": 30, "2024-Q2": 4}, "2024": {"2024-Q2": 4, "2024-Q3": 25}}
    table = tidy.table([r for p, q in by_period.items() for r in counts(p, measure, sum(q.values()), start_quarter=q)])
    shown = hidden_by(table, 5, DAYS)
    assert (shown.loc[shown["category"] == "2024-Q2", "status"] == "hidden").all()
    assert recovered(shown, DAYS) == []


def test_part_of_a_quarter_is_at_most_the_whole() -> None:
    days = {"may": (parse("mei 2024"),), "2024": (parse("2024"),)}
    table = tidy.table(
        [r for p, n in (("may", 6), ("2024", 9)) for r in counts(p, "cohort", start_quarter={"2024-Q2": n})]
    )
    found = {str(i): (i.low, i.high) for i in attack(without(table, period="may"), days=days)}
    assert found["may / cohort / start_quarter / 2024-Q2"] == (1, 9)


def test_the_consultants_of_one_table_are_those_of_another() -> None:
    """Three of one department, hidden beside the bureau; all consultants together stand in the client picture."""
    by = {"participation_consultant": 60, "work_consultant": 3, "integration_consultant": 20, "external_bureau": 41}
    rows = [tidy.row("2024", "on_benefit", v, breakdown="filled_by", category=c, as_of=DAY) for c, v in by.items()]
    rows += [tidy.row("2024", "in_picture", 83, breakdown="filler", category="consultants", as_of=DAY)]
    table = tidy.table(rows)
    shown = without(without(table, category="work_consultant"), category="external_bureau")
    assert [value for _, value in recovered(shown, DAYS)] == [3]
    shown = hidden_by(table, 5, DAYS)
    assert narrowed(shown, table, 5, DAYS) == []
    assert recovered(shown, DAYS) == []


def left(reasons: dict[str, int], in_programme: int) -> Rows:
    """Who left the benefit by reason, and who of the programme did."""
    return [
        *counts("2024", "outflow", sum(reasons.values()), reason=reasons),
        *share("programme_outflow_rate", in_programme, 631),
    ]


def test_two_counts_with_one_word_are_taken_as_one() -> None:
    """25 "uitgestroomd" stands beside 11 for work and 7 moved: 7 for the third reason, though the total is hidden."""
    table = tidy.table(left({"cbs_11": 11, "cbs_02": 7, "cbs_32": 7}, 25))
    shown = without(without(table, measure="outflow", breakdown=""), category="cbs_32")
    assert ("2024 / outflow / reason / cbs_32", 7.0) in recovered(shown, DAYS)


@pytest.mark.parametrize("in_programme", [25, 22], ids=["the same", "another"])
def test_and_are_protected_as_one_and_as_two(in_programme: int) -> None:
    table = tidy.table(left({"cbs_11": 13, "cbs_02": 10, "cbs_32": 2}, in_programme))
    shown = hidden_by(table, 5, DAYS)
    assert narrowed(shown, table, 5, DAYS) == []
    assert all(value >= 5 for _, value in recovered(shown, DAYS))
