"""What changed from one period to the next: against statsmodels and scipy, in order, and never from a hidden number."""

from __future__ import annotations

import pytest
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep

from mp_eval import tidy
from mp_eval.comparison import changes, difference_of_rates, difference_of_shares, limits_of_count
from mp_eval.periods import Period, parse

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
    return tidy.row(period, "activation_rate", value, numerator=n, denominator=d, status=status)


def rate(period: str, count: int) -> dict[str, object]:
    return tidy.row(period, "spoken_per_month", count / 12, numerator=count, denominator=12)


def test_what_changed_beyond_chance_comes_first_and_then_the_largest() -> None:
    rows = [share("2022", 50, 100), share("2023", 20, 100), share("2024", 21, 100), rate("2023", 10), rate("2024", 15)]
    found = changes(tidy.table(rows), YEARS, ["activation_rate", "spoken_per_month"])
    assert [(c.measure, c.before, c.is_beyond_chance) for c in found] == [
        ("activation_rate", "2022", True),
        ("spoken_per_month", "2023", False),
        ("activation_rate", "2023", False),
        ("spoken_per_month", "2022", False),
    ]


def test_of_a_hidden_number_no_difference_is_told() -> None:
    table = tidy.table([share("2023", None, None, "hidden"), share("2024", 20, 100)])
    [found] = changes(table, YEARS[1:], ["activation_rate"])
    assert (found.difference, found.interval, found.values) == (None, None, (tidy.HIDDEN, 0.2))


def test_a_numerator_of_other_people_has_a_difference_without_an_interval() -> None:
    [found] = changes(tidy.table([share("2023", 12, 10), share("2024", 5, 10)]), YEARS[1:], ["activation_rate"])
    assert found.difference == pytest.approx(-0.7)
    assert found.interval is None
