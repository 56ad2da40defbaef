"""The pattern: the report's own row, the optimum, the register, and that it is the same each time."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from conftest import long
from releases import counts, crossed, figure, report_row

from mp_eval import tidy
from mp_eval.disclosure.protect import protect
from mp_eval.disclosure.reader import EVERY, Demand, Reader
from mp_eval.disclosure.relations import Cell, Key, System, relate
from mp_eval.disclosure.suppress import intervals, small, suppress
from mp_eval.periods import WHOLE, parse, union
from mp_eval.workspace import Disclosure

pytestmark = pytest.mark.usefixtures("made_up_measures")


def settings(threshold: int = 5, method: str = "hide") -> Disclosure:
    return Disclosure(internal=False, threshold=threshold, method=method)


def hidden(measures: pd.DataFrame) -> list[str]:
    return measures.loc[measures["status"] == "hidden", "category"].tolist()


def test_of_the_reports_own_row_two_cells_are_hidden() -> None:
    """5, 20, 13, 12 of 50 at a threshold of 10: hiding the 5 alone gives it away, 50 - 45."""
    shown = protect(report_row(), settings=settings(10), days={}).measures
    assert hidden(shown) == ["informal_care", "self_directed"]


def test_nothing_is_left_in_a_hidden_row() -> None:
    shown = protect(report_row(), settings=settings(10), days={}).measures
    rows = shown[shown["status"] == "hidden"]
    assert rows[["value", "numerator", "denominator", "low", "high"]].isna().all(axis=None)
    assert set(rows["note"]) == {""}


def test_an_internal_run_shows_everything() -> None:
    internal = Disclosure(internal=True, threshold=10)
    pd.testing.assert_frame_equal(protect(report_row(), settings=internal, days={}).measures, report_row())


def test_the_argument_is_not_changed() -> None:
    measures = report_row()
    protect(measures, settings=settings(10), days={})
    pd.testing.assert_frame_equal(measures, report_row())


def test_a_share_and_a_rate_go_with_their_counts() -> None:
    shares = {"numerator": 3, "denominator": 60, "low": 0.01, "high": 0.14}
    rows = counts("2024", "spoken", 60) + counts("2024", "activated", 3)
    rows += [tidy.row("2024", "activation_rate", 0.05, **shares)]
    rows += [tidy.row("2024", "activated_per_month", 0.25, numerator=3, denominator=12)]
    shown = protect(tidy.table(rows), settings=settings(), days={}).measures
    assert shown.loc[shown["status"] == "hidden", "measure"].tolist() == [
        "activated",
        "activation_rate",
        "activated_per_month",
    ]


def test_a_count_that_was_published_is_hidden_and_said_to_be_known() -> None:
    days = {"2024": (figure("activated", 5).when,)}
    made = protect(
        report_row(measure="activated"), settings=settings(10), days=days,
        figures=[figure("activated", 5, "2024", category="informal_care")],
    )  # fmt: skip
    assert ("2024", "activated", "activity", "informal_care", "") in made.known
    assert "informal_care" in hidden(made.measures)


def test_a_published_total_is_no_shield() -> None:
    """Hiding the total would be cheaper, but everybody knows it."""
    table = tidy.table(counts("2024", "conversations", 30, kind={"first": 2, "progress": 28, "closing": 0}))
    days = {"2024": (figure("conversations", 30).when,)}
    shown = protect(table, settings=settings(), days=days, figures=[figure("conversations", 30)]).measures
    assert hidden(shown) == ["first", "progress"]


@pytest.mark.parametrize("seed", [0, 22, *map(long, (2, 3, 5, 6, 7, 8, 53))])
def test_small_tables_are_solved_to_the_optimum(seed: int) -> None:
    """Against trying everything: no fewer shields do, and none that are smaller."""
    cells = np.random.default_rng(seed).negative_binomial(1.2, 0.12, (3, 3))
    system = relate(crossed(cells), days={})
    pattern, few = suppress(system, threshold=5), small(system, 5)
    assert few
    assert not pattern.known
    choices = [n for n, c in enumerate(system.cells) if c.value >= 1 and n not in few]

    def size(shields: tuple[int, ...]) -> float:
        return sum(system.cells[n].value for n in shields)

    valid = next(
        found
        for count in range(len(choices) + 1)
        if (found := [s for s in itertools.combinations(choices, count) if holds(system, {*s, *few}, few)])
    )
    assert (len(pattern.shields), size(tuple(pattern.shields))) == (len(valid[0]), min(map(size, valid)))
    assert pattern.is_optimal


def holds(system: System, hidden: set[int], few: frozenset[int]) -> bool:
    return all(low <= 1 + 1e-6 and high >= 5 - 1e-6 for low, high in intervals(system, hidden, few).values())


@pytest.mark.parametrize("seed", range(3))
def test_what_cannot_be_imagined_is_the_same_by_the_relations_around_it_and_by_all(seed: int) -> None:
    system = relate(crossed(np.random.default_rng(seed).negative_binomial(1.2, 0.1, (6, 5))), days={})
    few = small(system, 5)
    demands = [Demand(n, 1, 5 - system.cells[n].value) for n in few]
    demands += [Demand(n, -1, system.cells[n].value - 1) for n in few if system.cells[n].value > 1]
    missed = []
    for is_large in (True, False):
        reader = Reader(system.cells, system.relations)
        reader.is_large = is_large
        reader.free(few)
        met, found = reader.meet(demands, most=EVERY)
        assert met.keys() | found.keys() == {*demands}
        missed.append({demand: answer.reach for demand, answer in found.items()})
    assert missed[0]
    assert missed[0] == pytest.approx(missed[1], abs=1e-5)


@pytest.mark.parametrize("most", [1, 2, 3])
def test_no_more_are_looked_for_that_cannot_be_imagined_than_are_asked_for(most: int) -> None:
    """Four of five counts are as many as one that is shown."""
    system = System([Cell(Key("2024", "activated", "", str(n)), 2.0) for n in range(9)])
    for n in range(4):
        system.equal({n: 1, n + 5: -1}, "same")
    reader = Reader(system.cells, system.relations)
    reader.free(range(5))
    met, missed = reader.meet([Demand(n, 1, 3) for n in range(5)], most=most)
    assert (len(missed), {d.cell for d in missed} <= {0, 1, 2, 3}) == (most, True)
    assert {d.cell for d in met} <= {4}


def test_the_pattern_does_not_depend_on_what_was_solved_before() -> None:
    table = crossed(np.random.default_rng(3).negative_binomial(1.2, 0.1, (6, 5)))
    first = protect(table, settings=settings(), days={}).measures
    protect(crossed(np.random.default_rng(4).negative_binomial(1.2, 0.1, (6, 5))), settings=settings(), days={})
    pd.testing.assert_frame_equal(protect(table, settings=settings(), days={}).measures, first)


def test_rounding_goes_to_multiples_of_five_and_totals_from_true_totals() -> None:
    """12, 70, 12, 42, 13 of 149 becomes 10, 70, 10, 40, 15 of 150 (domain: NHS, DWP)."""
    names = ("informal_care", "volunteering", "day_activity", "trajectory", "self_directed")
    row = dict(zip(names, (12, 70, 12, 42, 13), strict=True))
    table = tidy.table(counts("2024", "activities_started", 149, activity=row))
    shown = protect(table, settings=settings(method="round"), days={}).measures
    assert shown["value"].tolist() == [150, 10, 70, 10, 40, 15]


def test_one_to_seven_is_hidden_and_the_rest_rounded() -> None:
    shown = protect(report_row(), settings=settings(method="hide_and_round"), days={}).measures
    assert shown["value"].isna().tolist() == [False, True, False, False, False]
    assert shown["value"].dropna().tolist() == [50, 20, 15, 10]


def test_the_least_and_greatest_of_a_statistic_are_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are one resident's; a median is hidden when it is of few."""
    statistic = tidy.Measure("days", "statistic", {"of": "variants"})
    monkeypatch.setattr(tidy, "MEASURES", {**tidy.MEASURES, "duration": statistic})
    rows = [
        tidy.row(period, "duration", 30, breakdown="of", category=c, denominator=n)
        for period, n in (("2023", 4), ("2024", 40))
        for c in ("minimum", "median", "maximum")
    ]
    shown = protect(tidy.table(rows), settings=settings(), days={}).measures
    assert shown["status"].tolist() == ["hidden", "hidden", "hidden", "hidden", "final", "hidden"]


@pytest.mark.parametrize(("second", "is_hidden"), [(100.0, False), (101.0, True), (120.0, False)])
def test_by_how_few_residents_deliveries_contradict_each_other_cannot_be_worked_out(
    second: float, is_hidden: bool
) -> None:
    """100 and 100 less 50 who count twice is 150; with 101 one delivery lacks a resident."""
    days = {"a": (parse("2023-06-01/2024-07-01"),), "b": (parse("2024"),)}
    rows = [tidy.row("a", "spoken", 100.0), tidy.row("b", "spoken", second), tidy.row(WHOLE, "spoken", 150.0)]
    for times, value in (("1", 100.0), ("2", 50.0)):
        rows.append(tidy.row(WHOLE, "spoken", value, breakdown="times_counted", category=times))
    whole = {WHOLE: union([*days["a"], *days["b"]])}
    shown = protect(tidy.table(rows), settings=settings(), days={**days, **whole}).measures
    assert bool(hidden(shown)) == is_hidden
