"""Curves in public: at milestones alone, of enough residents, and never without the counts that they are made of."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from mp_eval import tidy
from mp_eval.disclosure import rules
from mp_eval.disclosure.attack import attack
from mp_eval.disclosure.protect import protect
from mp_eval.disclosure.relations import Key, relate
from mp_eval.periods import WHOLE, Period
from mp_eval.workspace import Disclosure

PUBLIC = Disclosure(internal=False, threshold=5)
AT = {"breakdown": "months"}
FIRST = Period(date(2023, 1, 1), date(2024, 1, 1), "2023")
SECOND = Period(date(2024, 1, 1), date(2025, 1, 1), "2024")
DAYS = {"2023": (FIRST,), "2024": (SECOND,), WHOLE: (FIRST, SECOND)}


def point(months: int, activated: int, left: int, still: int) -> list[dict]:
    """The counts after so many months, and the point of each curve that is made of them."""
    label = {**AT, "category": str(months)}
    counts = {"activated_within": activated, "left_within": left, "still_followed": still}
    rows = [tidy.row("2024", name, n, **label) for name, n in counts.items()]
    for name, count in (("activation_incidence", activated), ("outflow_incidence", left)):
        rows.append(tidy.row("2024", name, count / 100, numerator=count, denominator=still, **label))
    return rows


def shown(*points: list[dict], settings: Disclosure = PUBLIC) -> pd.DataFrame:
    cohort = [tidy.row("2024", "cohort", 100), *(row for rows in points for row in rows)]
    parts = {"active_before": 0, "not_yet_active": 100}
    cohort += [tidy.row("2024", "cohort", n, breakdown="at_start", category=c) for c, n in parts.items()]
    return protect(tidy.table(cohort), settings=settings, days=DAYS).measures


def status(table: pd.DataFrame, measure: str, months: int) -> str:
    found = table[(table["measure"] == measure) & (table["category"] == str(months))]
    return "absent" if found.empty else str(found["status"].iloc[0])


@pytest.mark.parametrize(("months", "is_between"), [(6, False), (5, True), (24, False)])
def test_a_point_is_public_at_a_milestone(months: int, is_between: bool) -> None:
    row = tidy.row("2024", "activation_incidence", 0.2, denominator=90, category=str(months), **AT)
    assert rules.is_between(row) == is_between


@pytest.mark.parametrize(("followed", "threshold", "is_of_few"), [(10, 5, False), (9, 5, True), (12, 15, True)])
def test_a_point_is_of_ten_or_of_the_threshold(followed: int, threshold: int, is_of_few: bool) -> None:
    row = tidy.row("2024", "activation_incidence", 0.2, denominator=followed, category="6", **AT)
    assert rules.is_of_few_followed(row, threshold=threshold) == is_of_few


def test_a_count_is_no_curve() -> None:
    row = tidy.row("2024", "spoken", 3)
    assert not rules.is_between(row)
    assert not rules.is_of_few_followed(row, threshold=5)


@pytest.mark.parametrize("followed", [4, 8, 12])
def test_whether_a_point_is_there_does_not_tell_how_many_are_followed(followed: int) -> None:
    """Of 12 followed the 3 who left are hidden, and the curve with them; of fewer it is hidden for being of few."""
    made = shown(point(3, 97 - followed, 3, followed))
    assert [status(made, f"{name}_incidence", 3) for name in ("activation", "outflow")] == ["hidden", "hidden"]


def test_between_milestones_nothing_goes_out() -> None:
    assert status(shown(point(3, 20, 0, 80), point(4, 25, 0, 75)), "activation_incidence", 4) == "absent"


def test_in_an_internal_run_every_point_does() -> None:
    internal = Disclosure(internal=True)
    assert status(shown(point(4, 25, 0, 75), settings=internal), "activation_incidence", 4) == "final"


@pytest.mark.parametrize("method", ["round", "hide_and_round"])
def test_with_rounded_counts_no_point_does(method: str) -> None:
    settings = Disclosure(internal=False, threshold=5, method=method)
    assert status(shown(point(3, 20, 0, 80), settings=settings), "activation_incidence", 3) == "absent"


def test_a_point_whose_counts_are_shown_is_shown() -> None:
    assert status(shown(point(3, 20, 10, 70)), "activation_incidence", 3) == "final"


def test_a_point_goes_with_a_count_of_its_own() -> None:
    assert status(shown(point(3, 3, 10, 87)), "activation_incidence", 3) == "hidden"


@pytest.mark.parametrize("left", [1, 4])
def test_a_point_goes_with_the_count_beside_it(left: int) -> None:
    assert status(shown(point(3, 20, left, 80 - left)), "activation_incidence", 3) == "hidden"


def test_what_happened_between_two_milestones_is_a_count_to_protect() -> None:
    table = shown(point(3, 20, 0, 80), point(6, 22, 0, 78))
    (step,) = [
        i
        for i in attack(table, days=DAYS)
        if {(*n[1:4], f) for n, f in i.terms}
        == {("activated_within", "months", "6", 1.0), ("activated_within", "months", "3", -1.0)}
    ]
    assert not step.is_too_narrow(5, true=2)


def test_a_point_has_the_cells_of_its_three_counts() -> None:
    system = relate(tidy.table(point(3, 20, 10, 70)), days=DAYS)
    names = [{system.cells[n].key.measure for n in cells} for cells in system.rows[3:]]
    assert names == [{"activated_within", "left_within", "still_followed"}] * 2


def test_the_attack_reads_the_counts_of_a_point() -> None:
    rows = point(3, 20, 10, 70)[3:]  # the curves alone
    found = {i.terms[0][0][1]: i.low for i in attack(tidy.table(rows), days=DAYS) if len(i.terms) == 1}
    assert found == {"activated_within": 20, "left_within": 10, "still_followed": 70}


def test_a_share_of_each_category_has_the_denominator_of_its_category() -> None:
    label = {"breakdown": "start_quarter", "category": "2024-Q1"}
    row = tidy.row("2024", "timely_activation_rate", 0.5, numerator=20, denominator=40, **label)
    system = relate(tidy.table([row]), days=DAYS)
    below = system.places[Key("2024", "had_time", "start_quarter", "2024-Q1")]
    assert system.rows == [(system.places[Key("2024", "activated_in_time", "start_quarter", "2024-Q1")], below)]


def test_what_grows_may_be_more_of_all_periods_than_of_their_sum() -> None:
    counts = {"2023": 10, "2024": 20, WHOLE: 60}
    rows = [tidy.row(k, "activated_within", n, category="12", **AT) for k, n in counts.items()]
    reasons = {r.why for r in relate(tidy.table(rows), days=DAYS).relations}
    assert reasons == {"longer"}
    assert {len(i.terms) for i in attack(tidy.table(rows), days=DAYS)} == {1, 2}


@pytest.mark.parametrize("total_first", [True, False])
def test_two_labels_of_one_count_are_one_number_in_any_order(total_first: bool) -> None:
    rows = [tidy.row("2024", "had_time", 40), tidy.row("2024", "had_time", 40, category="6", **AT)]
    label = {**AT, "category": "6"}
    share = tidy.row("2024", "timely_activation_rate", 0.5, numerator=20, denominator=40, **label)
    system = relate(tidy.table([*(rows if total_first else rows[::-1]), share]), days=DAYS)
    named = system.places[Key("2024", "had_time", "months", "6")]
    assert (named,) == system.rows[1 if total_first else 0]
