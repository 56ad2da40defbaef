"""The rules of reconciliation, on registers of another municipality."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from registered import NO_RECORDS, cells, figure, judged, line, part

from mp_eval.periods import parse
from mp_eval.reconcile import reconcile
from mp_eval.register import Figure

ACTIVATED = figure("t", "2030", 50, measure="activated")
SPOKEN = figure("t", "2030", 50, measure="in_conversation")
A, B, C = figure("a", "2028", 30), figure("b", "2029", 40), figure("c", "2030", 50)


@pytest.mark.parametrize(
    ("parts", "outcome"),
    [
        ((20, 30), ("agrees", "adds_up")),
        ((20, 20), ("interval", "remainder")),  # ten are named nowhere
        ((20, 40), ("interval", "more_than_one_each")),  # a resident may have two activities
        ((20, 60), ("differs", "one_too_many")),  # but no activity has more residents than there are
        ((20, 20, None), ("interval", "blank_holds_rest")),
        ((20, 30, None), ("agrees", "nothing_missing")),
        ((20, 40, None), ("interval", "more_than_one_each")),
    ],
)
def test_activities_against_their_total(parts, outcome) -> None:
    row = [part(f"p{n}", v, kind) for n, (v, kind) in enumerate(zip(parts, ("trajectory", "a", "b"), strict=False))]
    assert judged(ACTIVATED, *row, rule="parts") == [outcome]


@pytest.mark.parametrize(
    ("parts", "outcome"),
    [
        ((20, 30), ("agrees", "adds_up")),
        ((20, 20), ("interval", "remainder")),  # one rule for every breakdown
        ((20, 40), ("differs", "too_many")),  # nobody is new and known at once
    ],
)
def test_parts_that_exclude_one_another_against_their_total(parts, outcome) -> None:
    new, known = (
        part(k, v, k, measure="in_conversation", breakdown="familiarity")
        for k, v in zip(("new", "known"), parts, strict=True)
    )
    assert judged(SPOKEN, new, known, rule="parts") == [outcome]


@pytest.mark.parametrize(("parts", "outcome"), [((20, 20), "remainder"), ((20, 30), "adds_up"), ((20, 40), "too_many")])
def test_groups_that_leave_some_out_against_their_total(parts, outcome) -> None:
    total = figure("t", date(2030, 1, 1), 50, measure="on_benefit")
    rest = {"measure": "on_benefit", "breakdown": "group"}
    groups = [figure(f"p{v}{n}", date(2030, 1, 1), v, categories=(str(n),), **rest) for n, v in enumerate(parts)]
    assert [reason for _, reason in judged(total, *groups, rule="parts")] == [outcome]


def test_a_rounded_part_may_make_up_the_difference() -> None:
    rounded = replace(part("x", 30, "day_activity"), qualifier="about")  # 25 to 35
    assert judged(ACTIVATED, part("y", 17, "trajectory"), rounded, rule="parts") == [("agrees", "adds_up")]


def test_parts_without_an_upper_bound_have_none() -> None:
    many = replace(part("x", 30, "day_activity"), qualifier="more_than")
    found = line("t y x", "parts", reconcile([ACTIVATED, part("y", 10, "trajectory"), many], NO_RECORDS))
    assert cells(found, "status", "low", "high") == ["agrees", 41, None]


def test_a_single_part_is_no_check() -> None:
    assert judged(ACTIVATED, part("x", 20, "trajectory"), rule="parts") == []


def test_three_periods_that_touch_are_held_together_without_overlap() -> None:
    found = line("a b c", "union", reconcile([A, B, C], NO_RECORDS))
    assert cells(found, "reason", "low", "high", "detail") == ["no_overlap", 50, 120, ""]


@pytest.mark.parametrize(
    ("value", "qualifier", "outcome"),
    [
        (49, "more_than", ("agrees", "claim")),  # 50 at least, whoever is in two periods
        (100, "more_than", ("interval", "claim")),
        (120, "more_than", ("differs", "claim")),  # 120 at most
        (120, "exact", ("interval", "claim")),
        (80, "exact", ("interval", "within")),  # possible, though neither the least nor the most
        (80, "about", ("interval", "within")),
        (49, "exact", ("differs", "claim")),
        (121, "exact", ("differs", "claim")),
    ],
)
def test_a_claim_about_a_total_is_true_false_or_open(value, qualifier, outcome) -> None:
    total = figure("t", "januari 2028 tot januari 2031", value, qualifier)
    assert judged(total, A, B, C, rule="union") == [outcome]


def test_the_order_of_the_register_does_not_change_a_judgement() -> None:
    total = figure("t", "januari 2028 tot januari 2031", 80, "more_than")
    assert judged(C, total, B, A, rule="union") == judged(total, A, B, C, rule="union")


def test_periods_with_a_gap_have_no_total() -> None:
    assert judged(A, C, rule="union") == []


def test_events_that_are_no_persons_have_no_union() -> None:
    assert judged(replace(A, measure="conversations"), replace(B, measure="conversations"), rule="union") == []


def test_a_period_inside_another_is_no_part_of_a_total() -> None:
    assert judged(figure("a", "2030", 50), figure("b", "mei 2030", 9), rule="union") == []


SHARE = figure("s", "januari 2028 tot januari 2030", 0.30, "more_than", measure="activation_rate")


def activated(id: str, when: str, value: float) -> Figure:
    return figure(id, when, value, measure="activated")


@pytest.mark.parametrize(
    ("first", "second", "outcome"),
    [
        (15, 20, ["aside", "aside", "agrees"]),  # 50% and 50%; together at least 20 / 55
        (12, 14, ["aside", "aside", "interval"]),  # 40% and 35%; together at least 14 / 58
        (12, 10, ["aside", "aside", "interval"]),
        (3, 4, ["aside", "aside", "differs"]),  # 10% and 10%; together at most 7 / 40
    ],
)
def test_a_share_of_two_periods_is_judged_together_and_told_apart(first, second, outcome) -> None:
    parts = (A, activated("x", "2028", first), B, activated("y", "2029", second))
    assert [status for status, _ in judged(SHARE, *parts, rule="share")] == outcome


def test_a_published_total_of_all_days_is_judged_but_not_pooled() -> None:
    whole = (figure("d", "januari 2028 tot januari 2030", 60), activated("n", "januari 2028 tot januari 2030", 15))
    outcome = judged(SHARE, *whole, A, activated("x", "2028", 15), rule="share")
    assert outcome == [("differs", "all"), ("aside", "part")]  # 15 / 60 and 15 / 30


def test_periods_that_leave_days_out_are_not_pooled() -> None:
    longer = replace(SHARE, when=parse("januari 2028 tot januari 2031"))
    parts = (A, activated("x", "2028", 15), B, activated("y", "2029", 20))
    assert judged(longer, *parts, rule="share") == [("aside", "part")] * 2


def test_a_share_of_nobody_is_not_judged() -> None:
    assert judged(SHARE, figure("a", "2028", 0), activated("x", "2028", 0), rule="share") == []


def test_a_figure_published_again_does_not_widen_a_bound() -> None:
    again = replace(figure("c", "2028", 30), document="Een andere nota")
    first, second = (reconcile(f, NO_RECORDS) for f in ((A, B), (A, B, again)))
    bounds = [lines.loc[lines["rule"] == "union", ["low", "high"]].to_numpy().tolist() for lines in (first, second)]
    assert bounds[0] == bounds[1]


def test_periods_within_a_period_do_not_widen_a_bound() -> None:
    inner = (figure("i", "januari 2028 tot juli 2028", 20), figure("j", "juli 2028 tot januari 2029", 15))
    lines = reconcile((A, B, *inner), NO_RECORDS)
    assert lines.loc[lines["rule"] == "union", "high"].tolist() == [(A.value or 0) + (B.value or 0)]


@pytest.mark.parametrize(("value", "status"), [(30, "agrees"), (31, "differs")])
def test_a_figure_published_again_is_held_against_the_first(value: float, status: str) -> None:
    again = replace(figure("c", "2028", value), document="Een andere nota")
    assert judged(A, again, rule="restated") == [(status, "again")]
