"""What changed from one period to the next: against statsmodels and scipy, in order, and never from a hidden number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep

from mp_eval import tidy
from mp_eval.comparison import (
    Change,
    by_half_year,
    changes,
    difference_of_rates,
    difference_of_shares,
    limits_of_count,
    recorded_months,
)
from mp_eval.evaluation import Evaluation
from mp_eval.measures import halves
from mp_eval.periods import Period, half_years, parse
from mp_eval.present.chapters import comparison as chapter
from mp_eval.present.wording import capital, number, word
from mp_eval.workspace import Municipality, PeriodSetting, Settings, Workspace

COHORT = "cohort_activation_rate"
YEARS = [Period(p.start, p.end, y) for y in ("2022", "2023", "2024") for p in [parse(y)]]


@pytest.mark.parametrize(
    ("n1", "d1", "n2", "d2"), [(50, 175, 197, 543), (0, 30, 3, 30), (30, 30, 1, 30), (7, 10, 7, 10)]
)
def test_a_difference_of_shares_is_statsmodels_newcombe(n1: int, d1: int, n2: int, d2: int) -> None:
    expected = confint_proportions_2indep(n2, d2, n1, d1, method="newcomb")
    assert difference_of_shares(n1, d1, n2, d2) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("count", [1, 3, 10, 50, 400])
def test_the_limits_of_a_count_are_near_the_exact_ones(count: int) -> None:
    exact = stats.chi2.ppf(0.025, 2 * count) / 2, stats.chi2.ppf(0.975, 2 * count + 2) / 2
    assert limits_of_count(count) == pytest.approx(exact, rel=0.02, abs=0.12)


def test_a_difference_of_rates_holds_no_events_at_all() -> None:
    low, high = difference_of_rates(0, 12, 0, 12)
    assert low < 0 < high


def share(period: str, n: int | None, d: int | None, status: str = "final") -> dict[str, object]:
    value = n / d if n is not None and d else None
    return tidy.row(period, "cohort_activation_rate", value, numerator=n, denominator=d, status=status)


def rate(period: str, count: int) -> dict[str, object]:
    return tidy.row(period, "spoken_per_month", count / 12, numerator=count, denominator=12)


def test_what_changed_beyond_chance_comes_first_and_then_the_largest() -> None:
    rows = [share("2022", 50, 100), share("2023", 20, 100), share("2024", 21, 100), rate("2023", 10), rate("2024", 15)]
    found = changes(tidy.table(rows), YEARS, ["cohort_activation_rate", "spoken_per_month"])
    assert [(c.measure, c.before, c.is_beyond_chance) for c in found] == [
        ("cohort_activation_rate", "2022", True),
        ("spoken_per_month", "2023", False),
        ("cohort_activation_rate", "2023", False),
        ("spoken_per_month", "2022", False),
    ]


def test_of_a_hidden_number_no_difference_is_told() -> None:
    table = tidy.table([share("2023", None, None, "hidden"), share("2024", 20, 100)])
    [found] = changes(table, YEARS[1:], ["cohort_activation_rate"])
    assert (found.difference, found.interval, found.values) == (None, None, (tidy.HIDDEN, 0.2))


def test_a_numerator_of_other_people_has_a_difference_without_an_interval() -> None:
    [found] = changes(tidy.table([share("2023", 12, 10), share("2024", 5, 10)]), YEARS[1:], ["cohort_activation_rate"])
    assert found.difference == pytest.approx(-0.7)
    assert found.interval is None


def outflow_rate(period: str, n: int) -> dict[str, object]:
    return tidy.row(period, "benefit_outflow_rate", n / 100, numerator=n, denominator=100)


def test_a_share_that_grows_with_its_period_is_not_beyond_chance_when_the_periods_are_unequal() -> None:
    longer = Period(date(2022, 6, 1), date(2023, 7, 1), "longer")
    rows = tidy.table(
        [
            outflow_rate("longer", 60),
            outflow_rate("2023", 20),
            outflow_rate("2024", 60),
            share("2023", 40, 100),
            share("2024", 20, 100),
        ]
    )
    found = changes(rows, [longer, *YEARS[1:]], ["benefit_outflow_rate", "cohort_activation_rate"])
    told = {(c.measure, c.before): (c.is_judged, c.is_beyond_chance, c.shares_days) for c in found}
    assert told["benefit_outflow_rate", "2023"] == (True, True, False)  # three times as large
    assert told["cohort_activation_rate", "2023"] == (True, True, False)
    assert told["benefit_outflow_rate", "longer"] == (False, False, True)


@pytest.mark.parametrize(
    ("first", "days", "is_judged"),
    [
        (Period(date(2022, 1, 1), date(2023, 1, 1), "first"), (196, 196), True),
        (Period(date(2022, 1, 1), date(2023, 1, 1), "first"), (20, 196), False),  # half a year longer
        (
            Period(date(2022, 7, 1), date(2023, 1, 1), "first"),
            (196, 196),
            False,
        ),  # of half a year, a quarter on average
        (Period(date(2022, 7, 1), date(2023, 1, 1), "first"), (196 + 91, 196), True),
    ],
)
def test_cohorts_that_were_not_followed_equally_long_are_not_judged(first, days, is_judged: bool) -> None:
    """Who had more time became active more often: that is no chance, and no change."""
    rows = [share("first", 50, 100), share("2023", 20, 100)]
    rows += [tidy.row(p, "days_to_extraction", n) for p, n in zip(("first", "2023"), days, strict=True)]
    [found] = changes(tidy.table(rows), [first, YEARS[1]], [COHORT])
    assert found.is_judged is is_judged


def test_between_periods_that_share_days_there_is_no_interval() -> None:
    longer = Period(date(2022, 7, 1), date(2023, 7, 1), "longer")
    [found] = changes(tidy.table([share("longer", 90, 100), share("2023", 10, 100)]), [longer, YEARS[1]], [COHORT])
    assert found.difference == pytest.approx(-0.8)
    assert (found.interval, found.is_judged, found.is_beyond_chance) == (None, False, False)


@pytest.mark.parametrize(("day", "is_judged"), [(date(2023, 7, 1), False), (date(2025, 1, 1), True)])
def test_across_a_break_in_definition_nothing_is_judged(day: date, is_judged: bool) -> None:
    rows = tidy.table([share("2023", 90, 100), share("2024", 10, 100)])
    [found] = changes(rows, YEARS[1:], [COHORT], breaks={COHORT: [day]})
    assert (found.is_judged, found.is_beyond_chance) == (is_judged, is_judged)


def test_of_many_comparisons_one_at_five_percent_is_no_finding() -> None:
    """62 of 100 after 48 is beyond chance alone (p = 0.045), and not as one of five (0.05 / 5)."""
    odd = [share("2023", 48, 100), share("2024", 62, 100)]
    names = ["spoken_per_month", "activated_per_month", "outflow_per_month", "low_step_inflow_per_month"]
    same = [tidy.row(p, n, 1.0, numerator=12, denominator=12) for p in ("2023", "2024") for n in names]
    [alone] = changes(tidy.table(odd), YEARS[1:], [COHORT])
    assert 0.01 < alone.surprise < 0.05
    assert alone.is_beyond_chance
    assert not any(c.is_beyond_chance for c in changes(tidy.table([*odd, *same]), YEARS[1:], [COHORT, *names]))


def test_limits_that_a_row_brings_are_used() -> None:
    """24 conversations a year after 12, with limits by resident: sqrt((2-1)² + (2-1)²) off to either side of one."""
    limits = [{"low": 0.5, "high": 2.0}, {"low": 1.0, "high": 4.0}]
    rows = [
        tidy.row(p, "conversations_per_month", n / 12, numerator=n, denominator=12, **own)
        for p, n, own in zip(("2023", "2024"), (12, 24), limits, strict=True)
    ]
    [found] = changes(tidy.table(rows), YEARS[1:], ["conversations_per_month"])
    assert found.interval == pytest.approx((1 - 2**0.5, 1 + (2**2 + 0.5**2) ** 0.5))


def test_a_period_that_was_not_over_counts_as_long_as_its_records_go() -> None:
    rows = [outflow_rate("2023", 60), outflow_rate("2024", 20), tidy.row("2024", "days_to_extraction", -184)]
    [found] = changes(tidy.table(rows), YEARS[1:], ["benefit_outflow_rate"])
    assert not found.is_beyond_chance
    months = [recorded_months(tidy.table(rows), p) for p in YEARS[1:]]
    assert months == [12, 6]
    assert recorded_months(tidy.table([tidy.row("2024", "days_to_extraction", -500)]), YEARS[2]) == 0


def page(*rows: dict[str, object], periods: Sequence[Period] = YEARS[1:]) -> Evaluation:
    settings = Settings(Municipality("Elders"), tuple(PeriodSetting(p.id, p.start, p.end) for p in periods))
    return Evaluation(Workspace(Path("nowhere"), settings), tidy.table(rows), pd.DataFrame(), (), {})


def cohort(period: str, n: int, days: float) -> list[dict[str, object]]:
    return [
        tidy.row(period, "cohort_activation_rate", n / 100, numerator=n, denominator=100),
        tidy.row(period, "days_to_extraction", days),
    ]


@pytest.mark.parametrize(
    ("first", "then", "said"),
    [
        (400, 35, "gevolgd tot 400 dagen na de periode en tot 35 dagen"),
        (40, -1, "gevolgd tot 40 dagen na de periode en tot 1 dag voor het einde van de periode"),
        (0, 40, "gevolgd tot het einde van de periode en tot 40 dagen na de periode"),
        (60, 29, "–"),
    ],
)
def test_cohorts_that_were_followed_unequally_long_say_so(first: float, then: float, said: str) -> None:
    made = page(*cohort("2023", 50, first), *cohort("2024", 40, then))
    [row] = [r for r in chapter.changes(made).rows if str(r[1]) == "50,0%"]
    assert row[-1] == said


def test_unequal_periods_are_named_with_the_months_of_which_there_are_records() -> None:
    made = page(outflow_rate("2023", 60), outflow_rate("2024", 20), tidy.row("2024", "days_to_extraction", -184))
    rows = [r for r in chapter.changes(made).rows if str(r[1]) == "60,0%"]
    assert rows[0][-1] == "perioden van 12 en 6 maanden"


def test_the_sentence_does_not_judge_what_shares_days() -> None:
    periods = [Period(date(2023, 7, 1), date(2024, 7, 1), "longer"), YEARS[2]]
    rows = [share("longer", 50, 100), share("2024", 20, 100), rate("longer", 10), rate("2024", 12)]
    said = repr(chapter.biggest(page(*rows, periods=periods)))
    assert said.startswith("Of iets meer veranderde dan door toeval, is niet te zeggen: de perioden delen dagen")


def test_the_sentence_says_how_many_comparisons_there_were() -> None:
    rows = [share("2023", 50, 100), share("2024", 20, 100), rate("2023", 10), rate("2024", 12)]
    assert repr(chapter.biggest(page(*rows))) == (
        "Van de 2 vergelijkingen laat er 1 een verschil zien dat groter is dan toeval, ook als meetelt dat het er "
        "zoveel zijn. Het grootst: aandeel geactiveerd, cohort (minder)."
    )


def test_a_rate_of_each_consultant_is_no_second_comparison_where_there_were_as_many() -> None:
    each = [tidy.row(p, "spoken_per_consultant_month", n / 36, numerator=n, denominator=36) for p, n in YEARLY]
    months = [rate(p, n) for p, n in YEARLY]
    assert [str(r[0]) for r in chapter.changes(page(*each, *months)).rows if str(r[1]) != "–"] == [
        "Gesproken inwoners per maand [2023 → 2024]"
    ]


YEARLY = (("2023", 100), ("2024", 200))


def test_the_sentence_of_none_beyond_chance() -> None:
    rows = [share("2023", 20, 100), share("2024", 21, 100), rate("2023", 10), rate("2024", 12)]
    assert repr(chapter.biggest(page(*rows))) == (
        "Van de 2 vergelijkingen laat er geen enkele een verschil zien dat groter is dan toeval, ook als meetelt dat "
        "het er zoveel zijn."
    )
    assert "De ene vergelijking die te maken is, laat geen verschil zien" in repr(chapter.biggest(page(*rows[:2])))


def by_month(counts: dict[str, float]) -> pd.DataFrame:
    """Residents spoken to, by month over everything."""
    return tidy.table([tidy.row("all", "spoken", n, breakdown="month", category=m) for m, n in counts.items()])


LONG = [Period(date(2022, 9, 1), date(2025, 1, 1))]
HALVES = half_years(LONG, known=date(2025, 7, 16))
MONTHS = [f"{y}-{m:02}" for y in (2022, 2023, 2024) for m in range(1, 13) if (y, m) >= (2022, 9)]
SPOKEN = "spoken_per_month"


def half_yearly(table: pd.DataFrame, halves: Sequence[Period] = HALVES) -> list[Change]:
    """The changes from half-year to half-year, in the order of their days."""
    found = changes(by_half_year(table, "all", halves), halves, [SPOKEN], touching=True)
    return sorted(found, key=lambda change: change.before)


def test_half_years_are_whole_and_share_no_days() -> None:
    assert [half.id for half in HALVES] == ["2023-H1", "2023-H2", "2024-H1", "2024-H2"]  # of 2022 only four months
    assert all(one.end == other.start for one, other in pairwise(HALVES))
    found = by_half_year(by_month(dict.fromkeys(MONTHS, 10.0)), "all", HALVES)
    assert found[["value", "numerator"]].values.tolist() == [[10.0, 60.0]] * 4


@pytest.mark.parametrize(("known", "halves"), [(date(2024, 7, 1), 3), (date(2024, 6, 30), 2)])
def test_a_half_year_of_which_the_last_day_is_not_known_is_none(known: date, halves: int) -> None:
    assert len(half_years(LONG, known=known)) == halves


def test_a_gap_between_periods_is_no_change_from_one_to_the_next() -> None:
    pieces = [Period(date(2023, 1, 1), date(2023, 7, 1)), Period(date(2024, 1, 1), date(2024, 7, 1))]
    assert half_yearly(by_month(dict.fromkeys(MONTHS, 10.0)), half_years(pieces, known=date(2025, 1, 1))) == []


def test_what_halved_from_one_half_year_to_the_next_is_beyond_chance() -> None:
    changed = half_yearly(by_month({m: 30.0 if m < "2024" else 15.0 for m in MONTHS}))
    assert [change.is_beyond_chance for change in changed] == [False, True, False]
    assert changed[1].difference == -15
    assert changed[1].interval == pytest.approx(difference_of_rates(180, 6, 90, 6))


def test_a_difference_that_one_of_three_may_give_by_chance_is_not_beyond_it() -> None:
    """60 and 87 differ beyond 95% by themselves, and not when it counts that three were compared."""
    changed = half_yearly(by_month({m: 14.5 if "2024-01" <= m <= "2024-06" else 10.0 for m in MONTHS}))
    assert changed[1].interval is not None
    assert changed[1].interval[0] > 0
    assert not any(change.is_beyond_chance for change in changed)


def test_a_half_year_with_a_hidden_month_is_hidden() -> None:
    table = by_month(dict.fromkeys(MONTHS, 10.0))
    table.loc[table["category"] == "2023-03", ["value", "status"]] = [pd.NA, "hidden"]
    assert by_half_year(table, "all", HALVES)["status"].tolist() == ["hidden", "final", "final", "final"]
    assert [change.difference for change in half_yearly(table)] == [None, 0.0, 0.0]


def test_the_half_years_of_the_page_are_those_of_the_files(committed: Evaluation) -> None:
    """Residents by their first conversation as published (231, 225, 87, 88), without the months of 2022."""
    made = chapter.halves(committed)
    assert made.columns[1:] == [capital(half.wording()) for half in HALVES]
    by = {str(row[0]): row[1:] for row in made.rows}
    assert by["Gesproken inwoners per maand"] == [number(n / 6, 1) for n in (149, 192, 87, 88)]
    assert set(by) == {word("measure", m)[0].upper() + word("measure", m)[1:] for m in chapter.HALF_YEARLY}


def test_the_page_says_how_many_half_years_were_compared(committed: Evaluation) -> None:
    made = chapter.half_changes(committed)
    assert len(made.rows) == 3 * len(chapter.HALF_YEARLY)
    broken = [row for row in made.rows if "trajecten tellen tot juli 2024" in str(row[-1])]
    assert {str(row[0]).partition(" [")[0] for row in broken} == BROKEN
    assert f"Van {len(made.rows) - len(broken)} vergelijkingen" in made.note


BROKEN = {"Geactiveerde inwoners per maand", "Aandeel geactiveerd van wie genoeg tijd had"}  # from 2024-H1 to 2024-H2


def test_in_public_only_what_months_tell_is_set_side_by_side(committed: Evaluation) -> None:
    hidden = committed.measures["measure"].isin(halves.MEASURES)
    shown = committed.measures.copy()
    shown.loc[hidden, ["value", "numerator", "denominator", "low", "high"]] = pd.NA
    shown.loc[hidden, "status"] = "hidden"
    public = replace(committed, measures=shown)
    assert [str(row[0]) for row in chapter.halves(public).rows] == ["Gesproken inwoners per maand"]
    assert "Van 3 vergelijkingen" in chapter.half_changes(public).note
