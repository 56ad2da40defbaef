"""The attack finds what it should: what hiding small cells alone gives away, and the half year that nobody printed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from releases import counts, crossed, figure, hidden_by, narrowed, recovered, report_row

from mp_eval import tidy
from mp_eval.disclosure.attack import attack, decided
from mp_eval.disclosure.protect import believed
from mp_eval.periods import parse
from mp_eval.register import Figure

pytestmark = pytest.mark.usefixtures("made_up_measures")

YEAR = {"2024": (parse("2024"),), "2024-h1": (parse("januari 2024 tot juli 2024"),)}


def test_a_cell_that_is_hidden_alone_is_recovered_from_the_total() -> None:
    alone = hidden_by(report_row(), 10, {}, shields=False)
    assert recovered(alone, {}) == [("2024 / activities_started / activity / informal_care", 5.0)]


def test_hiding_the_small_cells_alone_gives_all_of_them_away() -> None:
    """Five tables of 6 x 5, with a few small cells each; with shields none is recovered."""
    found = hidden = 0
    for seed in range(5):
        table = crossed(np.random.default_rng(seed).negative_binomial(2, 0.09, (6, 5)))
        alone = hidden_by(table, 5, {}, shields=False)
        found += len(recovered(alone, {}))
        hidden += int((alone["status"] == "hidden").sum())
        assert narrowed(hidden_by(table, 5, {}), table, 5, {}) == []
    assert (found, hidden) == (12, 12)


def halves() -> list[dict]:
    """The report's 50 of 2024, and 47 of them in its first half."""
    return [
        *counts("2024", "activated", 50),
        *counts("2024-h1", "activated", 47),
        *counts("2024", "conversations", 444, kind={"first": 175, "progress": 259, "closing": 10}),
        *counts("2024-h1", "conversations", 220, kind={"first": 90, "progress": 122, "closing": 8}),
    ]


def test_the_second_half_follows_from_the_year_and_its_first_half() -> None:
    intervals = {str(i): (i.low, i.high) for i in attack(tidy.table(halves()), days=YEAR)}
    assert intervals["2024 / activated − 2024-h1 / activated"] == (3.0, 3.0)
    assert intervals["2024 / conversations / kind / closing − 2024-h1 / conversations / kind / closing"] == (2.0, 2.0)


def test_and_it_is_protected() -> None:
    table = tidy.table(halves())
    shown = hidden_by(table, 5, YEAR)
    assert narrowed(shown, table, 5, YEAR) == []
    assert not {(3.0, 3.0), (2.0, 2.0)} & {(i.low, i.high) for i in attack(shown, days=YEAR)}


def test_what_was_published_counts() -> None:
    """With 5 hidden beside 12 a published 12 gives it away."""
    shown = hidden_by(report_row(), 10, {})
    assert recovered(shown, YEAR) == []
    told = [figure("activities_started", 12, category="self_directed")]
    assert [value for _, value in recovered(shown, YEAR, told)] == [5.0, 12.0]


def test_a_row_of_which_one_order_is_left_gives_its_cells_away() -> None:
    """Where 0 is shown the blank must be; then every value has its place."""
    row = {"informal_care": 5, "volunteering": 20, "day_activity": 13, "trajectory": 0, "self_directed": 12}
    shown = hidden_by(tidy.table(counts("2024", "activated", 50, activity=row)), 10, YEAR)
    names = list(row)
    values = [5, 20, 13, 12]
    told = [figure("activated", value, category="|".join(names[n : n + 2])) for n, value in enumerate(values)]
    assert [(name[3], value) for name, value in decided(shown, days=YEAR, figures=told)] == [
        ("informal_care", 5.0),
        ("self_directed", 12.0),
    ]


def test_a_contradiction_between_tables_does_not_stop_it() -> None:
    """Parts of 30 and a total of 50: the relations give way by as little as makes them possible."""
    table = tidy.table(counts("2024", "conversations", 50, kind={"first": 20, "progress": 10, "closing": 0}))
    assert [i.low for i in attack(table, days={})] == [50, 20, 10, 0]


MONTH_OF_YEAR = {"year": (parse("2024"),), "month": (parse("2024-03-01/2024-04-01"),)}
MARCH = {"breakdown": "month", "category": "2024-03"}
WORK = {"breakdown": "reason", "category": "cbs_11"}


@pytest.mark.parametrize(
    "rows",
    [
        [("month", "outflow", None, {}), ("month", "benefit_outflow", 0, {})],
        [("month", "outflow", None, WORK), ("year", "outflow", 0, WORK)],
        [("month", "outflow_to_work", None, {}), ("year", "outflow_to_work", 0, {})],
        [("month", "spoken", None, MARCH), ("year", "spoken", 0, MARCH)],
        [("month", "activated", None, {}), ("year", "activated", 0, {})],
    ],
    ids=["two tables", "another reason later", "to work, and later not", "one month of two deliveries", "more days"],
)
def test_where_what_is_believed_is_seen_not_to_hold_nothing_is_known(
    rows: list[tuple[str, str, int | None, dict[str, str]]],
) -> None:
    """Somebody left in the month; that nobody did by another table, or for that reason in the year, tells no more."""
    made = [tidy.row(p, m, v, status="final" if v == 0 else "hidden", **of) for p, m, v, of in rows]
    (found,) = [i for i in attack(tidy.table(made), days=MONTH_OF_YEAR) if i.is_hidden]
    assert found.high == float("inf")


def test_what_is_believed_and_may_be_so_is_told() -> None:
    made = [tidy.row("month", "outflow", None, status="hidden"), tidy.row("month", "benefit_outflow", 3)]
    (found,) = [i for i in attack(tidy.table(made), days=MONTH_OF_YEAR) if i.is_hidden]
    assert (found.low, found.high) == (1, 3)


@pytest.mark.parametrize(("left", "least"), [(0, 1.0), (7, 7.0)])
def test_two_counts_with_one_word_are_two_where_another_count_says_so(left: int, least: float) -> None:
    """Somebody left the benefit; of those in the programme seven did, or nobody: then one word stands for two."""
    rate = tidy.row("month", "programme_outflow_rate", None, status="hidden")
    rows = [
        *counts("month", "in_programme", end={"left": left, "stayed": 9}),
        tidy.row("month", "outflow", None, status="hidden"),
        {**rate, "numerator": left, "status": "final"} if left else rate,
    ]
    found = {str(i): (i.low, i.high) for i in attack(tidy.table(rows), days=MONTH_OF_YEAR)}
    assert found["month / outflow"] == (least, float("inf") if not left else 7.0)
    assert found["month / programme_outflow_rate"] == (left, left)


def said(nature: str, value: float, **rest: object) -> list[Figure]:
    """A part or a change that was published, in percent."""
    made = figure("activities_started", value, **({"category": "informal_care"} if nature == "part" else {}))
    return [replace(made, nature=nature, is_percent=True, **rest)]


def test_a_part_that_was_published_in_percent_gives_its_count_away() -> None:
    shown = hidden_by(report_row(), 10, {})
    assert recovered(shown, YEAR) == []
    told = said("part", 0.10)  # 9.5% to 10.5% of the 50 that are shown: 4.75 to 5.25
    low, high = next((i.low, i.high) for i in attack(shown, days=YEAR, figures=told) if "informal_care" in str(i))
    assert (low, high) == (pytest.approx(4.75), pytest.approx(5.25))


def test_a_change_that_was_published_gives_the_other_year_away() -> None:
    rows = [*counts("2024", "activities_started", 50), tidy.row("2023", "activities_started", None, status="hidden")]
    told = said("change", -0.5, compared=parse("2023"))
    days = {**YEAR, "2023": (parse("2023"),)}
    found = {str(i): (i.low, i.high) for i in attack(tidy.table(rows), days=days, figures=told)}
    low, high = found["2023 / activities_started"]
    assert 98 <= low <= 100 <= high <= 102  # it fell by 49.5% to 50.5%


def test_what_was_published_in_percent_and_is_not_true_tells_nothing() -> None:
    table = report_row()
    true, false = said("part", 0.10), said("part", 0.30)
    assert believed([*true, *false], table, YEAR) == true
    target = [replace(figure("activities_started", 50), nature="target")]
    assert believed(target, table, YEAR) == []
