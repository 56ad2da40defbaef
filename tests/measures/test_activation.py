"""Activation: three meanings, and two rates that are about different residents."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from frames import FIRST, SECOND, YEAR, Tables, activities, delivery, first, scope, trajectories, value

from mp_eval.measures import Scope, activation
from mp_eval.tidy import table

ONE_OF_EACH = delivery(
    first("a", "b", "c", "d"),
    activities(
        ("a", "volunteering", "2024-04-01", False),
        ("b", "informal_care", "2024-04-01", True),  # was active already
        ("b", "informal_care", "2024-05-01", True),
    ),
    trajectories(("c", "2024-06-01")),
)


def measured(tables: Tables, where: Scope | None = None) -> list[dict[str, object]]:
    return activation.measure(tables, where or scope())


def spoken_on(day: str, *started: tuple[str, str | None, str, bool | None], where: Scope | None = None):
    """The rows when resident a was first spoken to on this day and started these activities."""
    return measured(delivery(first("a", on=day), activities(*started)), where)


@pytest.mark.parametrize(("variant", "count"), [("", 3), ("gross", 3), ("net", 2), ("without_trajectory", 2)])
def test_activated_residents_in_each_meaning(variant: str, count: int) -> None:
    assert value(measured(ONE_OF_EACH), "activated", variant) == count


@pytest.mark.parametrize(("variant", "share"), [("", 0.75), ("gross", 0.75), ("net", 0.5), ("without_trajectory", 0.5)])
@pytest.mark.parametrize("rate", ["activation_rate", "cohort_activation_rate"])
def test_both_rates_in_each_meaning(rate: str, variant: str, share: float) -> None:
    assert value(measured(ONE_OF_EACH), rate, variant) == share


def test_one_new_start_is_enough_to_be_net() -> None:
    rows = spoken_on(
        "2024-01-10", ("a", "volunteering", "2024-02-01", True), ("a", "day_activity", "2024-03-01", False)
    )
    assert value(rows, "activated", "net") == 1


def test_a_blank_among_answers_counts_as_not_already_active() -> None:
    starts = ("a", "volunteering", "2024-02-01", None), ("b", "volunteering", "2024-02-01", True)
    assert value(spoken_on("2024-01-10", *starts), "activated", "net") == 1


def test_net_is_not_delivered_when_nobody_said_who_was_active_already() -> None:
    rows = spoken_on("2024-01-10", ("a", "volunteering", "2024-02-01", None))
    assert value(rows, "activated", "net", column="status") == "not_delivered"


def test_the_period_rate_counts_who_was_spoken_to_before_the_period() -> None:
    rows = spoken_on("2023-12-01", ("a", "volunteering", "2024-02-01", False))
    assert (value(rows, "activated"), value(rows, "activation_rate", column="denominator")) == (1, 0)


def test_the_period_rate_leaves_out_who_became_active_after_it() -> None:
    assert value(spoken_on("2024-12-01", ("a", "volunteering", "2025-01-01", False)), "activation_rate") == 0


def test_the_cohort_rate_follows_residents_after_the_period() -> None:
    assert value(spoken_on("2024-12-01", ("a", "volunteering", "2025-01-01", False)), "cohort_activation_rate") == 1


def test_the_cohort_rate_stops_at_the_extraction() -> None:
    rows = spoken_on("2024-12-01", ("a", "volunteering", "2025-03-02", False), where=scope(as_of=date(2025, 3, 1)))
    assert value(rows, "cohort_activation_rate") == 0


def test_the_day_of_the_extraction_itself_counts() -> None:
    rows = spoken_on("2024-12-01", ("a", "volunteering", "2025-03-01", False), where=scope(as_of=date(2025, 3, 1)))
    assert value(rows, "cohort_activation_rate") == 1


def test_the_cohort_rate_leaves_out_what_was_started_before_the_conversation() -> None:
    assert value(spoken_on("2024-03-01", ("a", "volunteering", "2024-02-01", False)), "cohort_activation_rate") == 0


def test_an_activity_on_the_day_of_the_conversation_counts() -> None:
    assert value(spoken_on("2024-03-01", ("a", "volunteering", "2024-03-01", False)), "cohort_activation_rate") == 1


@pytest.mark.parametrize(("variant", "share"), [("gross", 1), ("net", 0)])
def test_who_was_active_already_is_in_the_gross_cohort_only(variant: str, share: float) -> None:
    rows = spoken_on("2024-03-01", ("a", "volunteering", "2021-02-01", True))
    assert value(rows, "cohort_activation_rate", variant) == share


def test_a_second_first_conversation_does_not_shorten_the_cohort() -> None:
    talks = pd.concat([first("a", on="2024-09-01"), first("a", on="2024-02-01")])
    rows = measured(delivery(talks, activities(("a", "volunteering", "2024-03-01", False))))
    assert value(rows, "cohort_activation_rate") == 1


@pytest.mark.parametrize("rate", ["activation_rate", "cohort_activation_rate"])
def test_a_rate_is_undefined_when_nobody_was_spoken_to(rate: str) -> None:
    rows = measured(delivery(started=activities(("a", "volunteering", "2024-03-01", False))))
    assert (value(rows, rate), value(rows, rate, column="status")) == (None, "undefined")


def test_a_period_with_nobody_has_nobody_activated() -> None:
    assert value(measured(delivery()), "activated") == 0


def test_everybody_activated_is_a_share_of_one_with_an_interval_below_it() -> None:
    rows = spoken_on("2024-03-01", ("a", "volunteering", "2024-03-02", False))
    assert value(rows, "cohort_activation_rate", column="low") == pytest.approx(0.2065, abs=1e-4)  # Wilson, 1 of 1
    assert value(rows, "cohort_activation_rate", column="high") == 1.0


def test_activated_per_spoken_is_no_proportion_and_has_no_interval() -> None:
    """Two became active, of whom one was first spoken to in the period: not a part of the two who were."""
    talks = pd.concat([first("a", on="2024-02-01"), first("b", on="2024-02-01"), first("c", on="2023-02-01")])
    begun = activities(("a", "volunteering", "2024-03-01", False), ("c", "volunteering", "2024-03-01", False))
    rows = measured(delivery(talks, begun))
    assert [value(rows, "activation_rate", column=c) for c in ("value", "low", "high")] == [1.0, None, None]
    assert value(rows, "cohort_activation_rate") == 0.5


@pytest.mark.parametrize(
    ("piece", "on", "months"), [(FIRST, "2023-01-15", 9), (SECOND, "2024-01-15", 13), (YEAR, "2024-01-15", 12)]
)
def test_the_rate_per_month_is_of_its_own_period(piece, on, months) -> None:
    rows = measured(delivery(started=activities(("a", "volunteering", on, False))), scope(piece))
    assert value(rows, "activated_per_month") == pytest.approx(1 / months)


def test_starts_hold_activities_and_trajectories() -> None:
    assert activation.starts(ONE_OF_EACH)["activity"].tolist() == [
        "volunteering", "informal_care", "informal_care", "trajectory"
    ]  # fmt: skip


def test_an_activity_without_a_kind_is_unrecorded() -> None:
    started = activation.starts(delivery(started=activities(("a", None, "2024-03-01", False))))
    assert started["activity"].tolist() == ["unrecorded"]


def test_the_order_of_the_rows_does_not_matter() -> None:
    turned = {name: frame.iloc[::-1] for name, frame in ONE_OF_EACH.items()}
    pd.testing.assert_frame_equal(table(measured(turned)), table(measured(ONE_OF_EACH)))
