"""What is held against figures of other days: parts, flows, changes, targets, and the same days said otherwise."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from registered import NO_RECORDS, cells, figure, judged, line, part

from mp_eval import tidy
from mp_eval.periods import parse
from mp_eval.present.reconciliation import in_words_of
from mp_eval.reconcile import Recomputed, reconcile
from mp_eval.register import INFINITE, Figure

FIRST, THEN = date(2024, 12, 31), date(2025, 12, 31)


def stock(id: str, when: date, value: float, qualifier: str = "exact", measure: str = "on_benefit") -> Figure:
    return figure(id, when, value, qualifier, measure=measure)


def fell(percent: float, qualifier: str = "exact") -> Figure:
    return figure(
        "c", THEN, percent / 100, qualifier, measure="on_benefit", nature="change", compared=FIRST, is_percent=True
    )


@pytest.mark.parametrize(
    ("value", "qualifier", "outcome"),
    [
        (600, "more_than", ("differs", "otherwise")),  # 543 exactly is not more than 600
        (500, "more_than", ("agrees", "otherwise")),
        (600, "almost", ("differs", "otherwise")),  # 550 to 599
        (550, "almost", ("differs", "otherwise")),  # 545 to 549
        (544, "almost", ("agrees", "otherwise")),  # one less
        (544, "less_than", ("agrees", "otherwise")),
        (540, "at_most", ("differs", "otherwise")),
        (543, "exact", ("agrees", "again")),
    ],
)
def test_the_same_days_at_another_exactness(value: float, qualifier: str, outcome: tuple[str, str]) -> None:
    assert judged(figure("a", "2030", 543), figure("b", "2030", value, qualifier), rule="restated") == [outcome]


def test_a_range_holds_what_lies_within_it() -> None:
    between = figure("b", "2030", 500, "between", upper=550)
    assert judged(figure("a", "2030", 543), between, rule="restated") == [("agrees", "otherwise")]
    assert judged(figure("a", "2030", 551), between, rule="restated") == [("differs", "otherwise")]


@pytest.mark.parametrize(
    ("qualifier", "value", "bounds"),
    [
        ("less_than", 5, (0, 4)),
        ("at_most", 5, (0, 5)),
        ("almost", 140, (135, 139)),
        ("almost", 700, (650, 699)),
    ],
)
def test_how_exact_a_count_was_meant(qualifier: str, value: float, bounds: tuple[float, float]) -> None:
    assert figure("a", "2030", value, qualifier).bounds == bounds


def test_less_than_a_share_excludes_the_share_itself() -> None:
    share = figure("a", "2030", 0.3, "less_than", measure="activation_rate")
    assert (share.holds(0.3), share.holds(0.29)) == (False, True)


@pytest.mark.parametrize(
    ("whole", "inner", "outcome"),
    [
        (figure("y", "januari 2030 tot oktober 2030", 50), figure("h", "januari 2030 tot juli 2030", 60), ["to_date"]),
        (figure("y", "2030", 50), figure("m", "mei 2030", 51), ["inside"]),
        (figure("y", "2030", 60), figure("h", "januari 2030 tot juli 2030", 60), []),
        (figure("y", "2030", 50), figure("h", "2031", 60), []),  # other days
        (figure("y", "2030", 50, "at_least"), figure("m", "mei 2030", 60), []),  # may be more
        (figure("y", "2030", 50, measure="activated"), part("p", 51, "trajectory"), ["category"]),
        (figure("y", "2030", 50, "less_than", measure="activated"), part("p", 50, "trajectory"), ["category"]),
        (figure("y", "2030", 50, measure="activated"), part("p", 50, "trajectory"), []),
    ],
)
def test_a_part_is_no_more_than_the_whole(whole: Figure, inner: Figure, outcome: list[str]) -> None:
    assert judged(whole, inner, rule="within") == [("differs", reason) for reason in outcome]


@pytest.mark.parametrize(
    ("whole", "inner", "outcome"),
    [
        (("outflow", 10), ("outflow_to_work", 11), [("differs", "measure")]),
        (("outflow", 10), ("outflow_to_work", 10), []),
        (("in_conversation", 300), ("spoken", 312), [("differs", "measure")]),
        (("conversations", 700), ("in_conversation", 722), [("differs", "measure")]),
        (("spoken", 10), ("activated", 11), []),  # who is activated need not be spoken to in those days
    ],
)
def test_who_belongs_to_others_is_no_more_than_they_are(whole, inner, outcome) -> None:
    made = [figure(name[-4:], "2030", value, measure=name) for name, value in (whole, inner)]
    assert judged(*made, rule="within") == outcome
    elsewhere = replace(made[1], when=parse("2031"))
    assert judged(made[0], elsewhere, rule="within") == []


def test_parts_that_are_added_up_are_not_told_again() -> None:
    row = (part("p", 60, "trajectory"), part("q", 1, "volunteering"))
    total = figure("t", "2030", 50, measure="activated")
    assert judged(total, *row, rule="within") == []
    assert judged(total, *row, rule="parts") == [("differs", "one_too_many")]


def moved(name: str, value: float) -> Figure:
    return figure(name[-7:], "2025", value, measure=name)


BOUGHT = [stock("r1", FIRST, 20, measure="trajectories_running"), moved("trajectories_started", 35)]


@pytest.mark.parametrize(
    ("ended", "running", "outcome"),
    [
        (24, 31, ("agrees", "follows")),  # 20 + 35 - 24
        (24, 30, ("differs", "follows")),
        (None, 56, ("differs", "follows")),  # at most 20 + 35
        (None, 40, ("interval", "follows")),
    ],
)
def test_a_stock_of_trajectories_follows_from_what_began_and_ended(ended, running, outcome) -> None:
    then = stock("r2", THEN, running, measure="trajectories_running")
    went = [] if ended is None else [moved("trajectories_ended", ended)]
    assert judged(then, *BOUGHT, *went, rule="flow") == [outcome]


@pytest.mark.parametrize(
    ("now", "outcome"), [(1790, ("agrees", "follows")), (1850, ("interval", "more_often"))]
)  # residents may have come or gone more than once, and count once
def test_a_stock_of_residents_is_open_by_who_came_or_went_more_often(now, outcome) -> None:
    flows = [moved("newcomers", 190), moved("benefit_outflow", 300)]
    assert judged(stock("b", THEN, now), stock("a", FIRST, 1900), *flows, rule="flow") == [outcome]


def test_a_stock_of_other_days_is_not_held_against_a_flow() -> None:
    late = stock("r2", date(2026, 3, 1), 99, measure="trajectories_running")
    assert judged(late, *BOUGHT, rule="flow") == []


def test_a_stock_may_be_of_the_morning_after() -> None:
    then = stock("r2", date(2026, 1, 1), 56, measure="trajectories_running")
    first = stock("r1", date(2025, 1, 1), 20, measure="trajectories_running")
    assert judged(then, first, BOUGHT[1], rule="flow") == [("differs", "follows")]


NUMBERS = (stock("a", FIRST, 1784), stock("b", THEN, 1673))


@pytest.mark.parametrize(
    ("claim", "status"),
    [
        (fell(-7), "differs"),  # 1,673 is 6.2% less than 1,784
        (fell(-6), "agrees"),  # to a whole percent
        (fell(-6.2), "agrees"),
        (fell(-6.3), "differs"),
        (fell(6), "differs"),  # it did not rise
    ],
)
def test_a_change_in_percent_against_its_two_numbers(claim: Figure, status: str) -> None:
    found = line("c b a", "change", reconcile([claim, *NUMBERS], NO_RECORDS))
    assert (found["status"], round(found["found"], 3)) == (status, -0.062)


@pytest.mark.parametrize(("by", "status"), [(-111, "agrees"), (-110, "differs")])
def test_a_change_in_number_against_its_two_numbers(by: float, status: str) -> None:
    claim = figure("c", THEN, by, measure="on_benefit", nature="change", compared=FIRST)
    assert judged(claim, *NUMBERS, rule="change") == [(status, "numbers")]


@pytest.mark.parametrize(
    ("other", "outcome"),
    [
        (fell(-5), [("differs", "otherwise")]),
        (fell(-7), [("agrees", "otherwise")]),
        (fell(-6.6), [("agrees", "otherwise")]),  # 7% to a whole percent
        (replace(fell(-5), compared=date(2023, 12, 31)), []),  # since another day
        (stock("b", THEN, 1673), []),  # no change
    ],
)
def test_a_change_that_was_published_twice(other: Figure, outcome: list[tuple[str, str]]) -> None:
    assert judged(fell(-7), replace(other, id="d"), rule="restated") == outcome


def test_the_same_part_of_a_total_at_another_share() -> None:
    share = replace(part("s", 0.4, "volunteering"), nature="part", is_percent=True)
    assert judged(share, replace(share, id="t", value=0.5), rule="restated") == [("differs", "otherwise")]
    assert judged(share, part("v", 20, "volunteering"), rule="restated") == []  # a number is no share


def test_a_change_between_rounded_numbers_is_open() -> None:
    rounded = (stock("a", FIRST, 1800, "about"), stock("b", THEN, 1700, "about"))  # from 1,850 to 1,650: 10.8%
    assert judged(fell(-7), *rounded, rule="change") == [("interval", "numbers")]


def test_a_change_is_recomputed_from_two_stocks() -> None:
    rows = [tidy.row("2025", "on_benefit", v, as_of=d.isoformat()) for d, v in ((FIRST, 1784), (THEN, 1673))]
    found = reconcile([fell(-7)], Recomputed(tidy.table(rows), {})).iloc[0]
    assert (found["rule"], found["status"], round(found["found"], 4)) == ("recomputed", "differs", -0.0622)


@pytest.mark.parametrize(("percent", "status"), [(40, "agrees"), (41, "differs"), (35, "differs")])
def test_a_share_of_an_activity_against_the_two_numbers(percent: float, status: str) -> None:
    claim = replace(part("s", percent / 100, "volunteering"), nature="part", is_percent=True)
    total = figure("t", "2030", 50, measure="activated")
    assert judged(claim, part("v", 20, "volunteering"), total, rule="share") == [(status, "of_total")]


def test_a_share_of_an_activity_is_recomputed() -> None:
    claim = replace(part("s", 0.4, "volunteering"), nature="part", is_percent=True)
    rows = [("", "", 50), ("activity", "volunteering", 20)]
    made = [tidy.row("2030", "activated", v, breakdown=b, category=c) for b, c, v in rows]
    assert judged(claim, rule="recomputed", records=Recomputed(tidy.table(made), {parse("2030"): "2030"})) == [
        ("agrees", "exact")
    ]


AIM = figure("d", "2030", 250, nature="target")


@pytest.mark.parametrize(("came", "status"), [(250, "agrees"), (300, "agrees"), (249, "differs")])
def test_a_target_is_reached_or_surpassed(came: float, status: str) -> None:
    published = figure("g", "2030", came)
    assert judged(AIM, published, rule="target") == [(status, "published")]
    counted = Recomputed(tidy.table([tidy.row("2030", "spoken", came)]), {parse("2030"): "2030"})
    assert judged(AIM, rule="reached", records=counted) == [(status, "counted")]


def test_a_target_is_no_figure_of_what_was() -> None:
    found = reconcile([AIM, figure("g", "2030", 175)], NO_RECORDS)
    assert set(found.loc[found["figures"].str.contains("d"), "rule"]) == {"target", "reached"}
    assert judged(AIM, replace(AIM, id="e", value=300), rule="restated") == []  # both may be met


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (fell(-7), "een daling van 7,0% sinds 31 december 2024"),
        (figure("c", "2030", 12, nature="change", compared=parse("2029")), "een stijging van 12 sinds 2029"),
        (figure("c", "2030", 700, "almost"), "bijna 700"),
        (figure("c", "2030", 5, "less_than"), "minder dan 5"),
        (figure("c", "2030", 5, "between", upper=10), "5 tot en met 10"),
        (AIM, "doel: 250"),
        (replace(part("s", 0.4, "trajectory"), nature="part", is_percent=True), "40,0% van het totaal"),
    ],
)
def test_a_claim_is_said_as_it_was_meant(claim: Figure, said: str) -> None:
    assert in_words_of(claim) == said


def test_what_nothing_bounds_has_no_bound() -> None:
    assert fell(-7, "at_most").bounds == (-INFINITE, -0.07)
    at_least = stock("a", FIRST, 1000, "at_least")
    found = line("c b a", "change", reconcile([fell(-7), at_least, NUMBERS[1]], NO_RECORDS))
    assert cells(found, "low", "high") == [-1, pytest.approx(0.673)]
