"""What a bridge gives away is hidden with it, and a statistic goes with the number of those it is about."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from mp_eval import tidy
from mp_eval.disclosure.protect import protect
from mp_eval.workspace import Disclosure

DAYS = ("2023-12-31", "2024-12-31")


def shown(*rows: dict[str, object], method: str = "hide") -> pd.DataFrame:
    return protect(tidy.table(rows), settings=Disclosure(internal=False, method=method), days={}).measures


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the stocks that lead from one period to the next were not withheld."""
    running = replace(tidy.MEASURES["trajectories_running"], withheld=frozenset())
    monkeypatch.setattr(tidy, "MEASURES", {**tidy.MEASURES, "trajectories_running": running})


def bridge(opening: int, came: int, went: int, closing: int) -> list[dict[str, object]]:
    return [
        *(
            tidy.row("2024", "trajectories_running", n, as_of=day)
            for n, day in zip((opening, closing), DAYS, strict=True)
        ),
        tidy.row("2024", "trajectories_started", came),
        tidy.row("2024", "trajectories_ended", went),
    ]


@pytest.mark.usefixtures("told")
def test_a_small_number_cannot_be_worked_out_from_the_bridge_that_it_is_in() -> None:
    assert (shown(*bridge(10, 20, 3, 27))["status"] == "hidden").sum() == 2


@pytest.mark.usefixtures("told")
def test_a_bridge_without_small_numbers_is_shown() -> None:
    assert (shown(*bridge(10, 20, 5, 25))["status"] == "final").all()


def costs(provider: str, sum_: float, count: int) -> list[dict[str, object]]:
    label = {"breakdown": "provider", "category": provider} if provider else {}
    mean = tidy.row("2024", "trajectory_cost", sum_ / count, numerator=sum_, denominator=count, **label)
    return [tidy.row("2024", "trajectories_priced", count, **label), mean]


COSTS = [*costs("", 30_000, 20), *costs("a", 3_000, 3), *costs("b", 9_000, 7), *costs("c", 18_000, 10)]


def test_an_amount_is_hidden_with_the_number_that_it_is_made_of() -> None:
    found = shown(*COSTS)
    gone = {
        m: set(found.loc[(found["measure"] == m) & (found["status"] == "hidden"), "category"])
        for m in set(found["measure"])
    }
    assert gone["trajectory_cost"] == gone["trajectories_priced"] == {"a", "b"}


def test_a_hidden_amount_has_neither_sum_nor_mean() -> None:
    found = shown(*COSTS)
    hidden = found[(found["measure"] == "trajectory_cost") & (found["category"] == "a")]
    assert hidden[["value", "numerator", "denominator"]].isna().all(axis=None)


@pytest.mark.parametrize("method", ["round", "hide_and_round"])
def test_a_rounded_number_cannot_be_had_by_dividing_the_sum_by_the_mean(method: str) -> None:
    found = shown(*costs("", 30_000, 21), method=method)
    row = found[found["measure"] == "trajectory_cost"].iloc[0]
    assert (row["denominator"], row["numerator"] / row["value"]) == pytest.approx((20, 20))


@pytest.mark.parametrize("method", ["round", "hide_and_round"])
def test_a_mean_of_few_is_hidden_when_numbers_are_rounded(method: str) -> None:
    """ "0" priced trajectories with a mean of 3887.50 is the price of one."""
    found = shown(*costs("", 30_000, 20), *costs("a", 7_775, 2), *costs("b", 22_225, 18), method=method)
    cost = found[found["measure"] == "trajectory_cost"].set_index("category")
    assert cost.loc["a", "status"] == "hidden"
    assert cost.loc["a", ["value", "numerator", "denominator"]].isna().all()
    assert cost.loc["b", "status"] == "final"


def test_a_rounded_mean_has_no_cents_to_tell_by_how_many_it_was_divided() -> None:
    """30,000 over 21 is 1428.57; only multiples of 7 give these cents."""
    row = shown(*costs("", 30_000, 21), method="round").set_index("measure").loc["trajectory_cost"]
    assert (row["value"], row["denominator"], row["numerator"]) == (1429, 20, 28_580)
