"""Reconciliation: the published report by hand, and the same rules on registers of another municipality."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product

import pandas as pd
import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st

from mp_eval import tidy
from mp_eval import workspace as places
from mp_eval.intake import contract as contracts
from mp_eval.periods import Period, parse
from mp_eval.reconcile import COLUMNS, STATUSES, Recomputed, pooled_share, reconcile
from mp_eval.register import Figure, read_register

NO_RECORDS = Recomputed(tidy.table([]), {})
WORKSPACE = places.find(ROOT)
FIGURES = read_register(WORKSPACE, contracts.read(WORKSPACE))
LINES = reconcile(FIGURES, NO_RECORDS)


def line(figures: str, rule: str, lines: pd.DataFrame = LINES) -> pd.Series:
    """The one line of a rule about exactly these figures."""
    found = lines[(lines["figures"] == figures) & (lines["rule"] == rule)]
    assert len(found) == 1, f"{rule} {figures}: {len(found)} lines"
    return found.iloc[0]


def cells(found: pd.Series, *columns: str) -> list[object]:
    return [None if pd.isna(found[c]) else found[c] for c in columns]


def figure(id: str, when: str | date, value: float | None, qualifier: str = "exact", **rest: object) -> Figure:
    """A made-up figure: residents spoken to, unless said otherwise."""
    days = parse(when) if isinstance(when, str) else when
    made = Figure(id, "Nota", None, "Een zin.", days, "spoken", "", (), value, qualifier, "")
    return replace(made, **rest)


def part(id: str, value: float | None, *categories: str, measure: str = "activated", breakdown: str = "activity"):
    rest = {"measure": measure, "breakdown": breakdown, "categories": categories}
    return figure(id, "2030", value, "blank" if value is None else "exact", **rest)


def judged(*figures: Figure, rule: str, records: Recomputed = NO_RECORDS) -> list[tuple[str, str]]:
    lines = reconcile(figures, records)
    return list(lines.loc[lines["rule"] == rule, ["status", "reason"]].itertuples(index=False, name=None))


# The report, from the register alone.


def test_over_700_is_an_interval_from_the_largest_period_to_the_sum() -> None:
    found = line("g3 g1 g2", "union")
    assert cells(found, "status", "low", "high") == ["interval", 543, 718]


def test_over_700_holds_when_at_most_17_are_in_both_periods() -> None:
    assert line("g3 g1 g2", "union")["difference"] == 17


def test_the_two_periods_share_the_first_half_of_2024() -> None:
    assert line("g3 g1 g2", "union")["detail"] == parse("januari 2024 tot juli 2024").iso


def test_activated_has_no_published_total_and_an_interval() -> None:
    found = line("a1 a2", "union")
    assert cells(found, "status", "reason", "low", "high", "published") == ["interval", "overlap", 197, 247, None]


def test_over_30_percent_does_not_hold_for_2024_alone() -> None:
    found = line("a3 a2 g2", "share")
    assert (found["status"], round(found["found"], 4), found["detail"]) == ("differs", 0.2857, "50 / 175")


def test_over_30_percent_holds_for_the_first_periods_alone() -> None:
    found = line("a3 a1 g1", "share")
    assert (found["status"], round(found["found"], 4)) == ("agrees", 0.3628)


def test_over_30_percent_of_all_is_not_sure() -> None:
    found = line("a3 a1 g1 a2 g2", "share")
    assert (found["status"], round(found["low"], 4), round(found["high"], 4)) == ("interval", 0.2949, 0.4549)


def test_the_row_until_july_is_48_short_of_its_total() -> None:
    found = line("a1 j1 j2 j3 j4 j5", "parts")
    assert cells(found, "status", "reason", "found", "difference") == ["differs", "too_few", 149, -48]


def test_the_row_of_2024_has_a_blank_and_misses_nothing() -> None:
    found = line("a2 r1 r2 r3 r4 r5", "parts")
    assert cells(found, "status", "reason", "found") == ["agrees", "nothing_missing", 50]


def test_the_groups_leave_819_of_1900_unnamed() -> None:
    found = line("b1 c1 c2 c3 c4", "parts")
    assert cells(found, "status", "reason", "found", "difference") == ["agrees", "remainder", 1081, -819]


def test_the_row_of_2024_can_be_read_in_five_ways() -> None:
    assert cells(line("r1 r2 r3 r4 r5", "placement"), "status", "reason", "high") == ["interval", "no_records", 5]


def test_without_records_no_figure_can_be_recomputed() -> None:
    assert set(LINES.loc[LINES["rule"] == "recomputed", "reason"]) == {"no_records"}


def test_the_columns_and_their_types_are_those_of_the_catalogue() -> None:
    assert {c: str(t) for c, t in LINES.dtypes.items()} == dict(COLUMNS)


def test_an_empty_register_gives_an_empty_reconciliation() -> None:
    assert {c: str(t) for c, t in reconcile([], NO_RECORDS).dtypes.items()} == dict(COLUMNS)


def test_every_status_is_one_of_the_list() -> None:
    assert set(LINES["status"]) <= set(STATUSES)


# One changed number changes what depends on it, and nothing else.

SPOILED = reconcile([replace(f, value=149) if f.id == "a1" else f for f in FIGURES], NO_RECORDS)
DEPENDS = LINES["figures"].str.split().map(lambda ids: "a1" in ids)


def test_149_for_197_changes_exactly_these_statuses() -> None:
    changed = LINES[LINES["status"] != SPOILED["status"]]
    assert [
        (f, r, LINES["status"][n], SPOILED["status"][n]) for n, f, r in changed[["figures", "rule"]].itertuples()
    ] == [
        ("a1 j1 j2 j3 j4 j5", "parts", "differs", "agrees"),  # 12 + 70 + 12 + 42 + 13 = 149
        ("a3 a1 g1", "share", "agrees", "differs"),  # 149 / 543 = 27.4%
    ]


def test_149_for_197_changes_no_line_that_does_not_rest_on_it() -> None:
    pd.testing.assert_frame_equal(LINES[~DEPENDS], SPOILED[~DEPENDS])


def test_149_for_197_moves_the_bounds_of_the_lines_that_stay_uncertain() -> None:
    assert cells(line("a1 a2", "union", SPOILED), "low", "high") == [149, 199]
    assert line("a3 a1 g1 a2 g2", "share", SPOILED)["low"] == pytest.approx(149 / 668)


@pytest.mark.parametrize("id", [f.id for f in FIGURES if f.value is not None])
def test_any_changed_number_changes_no_line_that_does_not_rest_on_it(id: str) -> None:
    spoiled = reconcile([replace(f, value=f.value * 2) if f.id == id else f for f in FIGURES], NO_RECORDS)
    rests = LINES["figures"].str.split().map(lambda ids: id in ids)
    pd.testing.assert_frame_equal(LINES[~rests], spoiled[~rests])


@pytest.mark.parametrize("id", [f.id for f in FIGURES if f.value is not None])
def test_any_changed_number_changes_a_line_that_rests_on_it(id: str) -> None:
    spoiled = reconcile([replace(f, value=f.value * 2) if f.id == id else f for f in FIGURES], NO_RECORDS)
    assert not LINES.equals(spoiled)


# Records beside the register.


def records(*rows: tuple[str, float, str, str], when: str = "2030") -> Recomputed:
    """Rows of measure, value, breakdown, category."""
    made = [tidy.row("2030", m, v, breakdown=b, category=c) for m, v, b, c in rows]
    return Recomputed(tidy.table(made), {parse(when): "2030"})


@pytest.mark.parametrize(
    ("found", "status", "gap"), [(100, "agrees", None), (90, "differs", -10), (110, "differs", 10)]
)
def test_a_recomputed_figure_agrees_or_tells_how_far_off(found, status, gap) -> None:
    lines = reconcile([figure("a", "2030", 100)], records(("spoken", found, "", "")))
    assert cells(lines.iloc[0], "status", "difference") == [status, gap]


def test_records_of_other_days_are_not_these() -> None:
    assert judged(figure("a", "2031", 1), rule="recomputed", records=records(("spoken", 1, "", ""))) == [
        ("untestable", "no_records")
    ]


def test_a_table_that_was_not_delivered_is_told_apart_from_no_records() -> None:
    missing = Recomputed(
        tidy.table([tidy.row("2030", "outflow", None, status="not_delivered")]), {parse("2030"): "2030"}
    )
    claimed = figure("a", "2030", 10, measure="outflow")
    assert judged(claimed, rule="recomputed", records=missing) == [("untestable", "not_delivered")]


def test_a_stock_is_held_against_the_stock_of_its_own_date() -> None:
    stocks = [tidy.row("2030", "on_benefit", v, as_of=f"2030-0{v}-01") for v in (1, 2)]
    claimed = figure("a", date(2030, 1, 1), 1, measure="on_benefit")
    assert judged(claimed, rule="recomputed", records=Recomputed(tidy.table(stocks), {})) == [("agrees", "exact")]


ROW = (part("x", 5, "volunteering", "day_activity"), part("y", None, "volunteering", "day_activity"))


@pytest.mark.parametrize(
    ("volunteering", "day_activity", "outcome"),
    [
        (5, 0, ("agrees", "fits", "day_activity")),
        (0, 5, ("agrees", "fits", "volunteering")),
        (5, 1, ("differs", "fits_none", "")),
    ],
)
def test_the_blank_goes_where_the_records_have_nobody(volunteering, day_activity, outcome) -> None:
    counts = records(
        ("activated", volunteering, "activity", "volunteering"), ("activated", day_activity, "activity", "day_activity")
    )
    found = line("x y", "placement", reconcile(ROW, counts))
    assert (found["status"], found["reason"], found["detail"]) == outcome


# The rules, on registers of another municipality.

ACTIVATED = figure("t", "2030", 50, measure="activated")
SPOKEN = figure("t", "2030", 50, measure="in_conversation")
A, B, C = figure("a", "2028", 30), figure("b", "2029", 40), figure("c", "2030", 50)


@pytest.mark.parametrize(
    ("parts", "outcome"),
    [
        ((20, 30), ("agrees", "adds_up")),
        ((20, 20), ("differs", "too_few")),
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
        ((20, 20), ("differs", "too_few")),
        ((20, 40), ("differs", "too_many")),  # nobody is new and known at once
    ],
)
def test_parts_that_exclude_one_another_against_their_total(parts, outcome) -> None:
    new, known = (
        part(k, v, k, measure="in_conversation", breakdown="familiarity")
        for k, v in zip(("new", "known"), parts, strict=True)
    )
    assert judged(SPOKEN, new, known, rule="parts") == [outcome]


@pytest.mark.parametrize(("parts", "outcome"), [((20, 20), "remainder"), ((20, 40), "too_many")])
def test_groups_that_leave_some_out_against_their_total(parts, outcome) -> None:
    total = figure("t", date(2030, 1, 1), 50, measure="on_benefit")
    rest = {"measure": "on_benefit", "breakdown": "group"}
    groups = [figure(f"p{v}{n}", date(2030, 1, 1), v, categories=(str(n),), **rest) for n, v in enumerate(parts)]
    assert [reason for _, reason in judged(total, *groups, rule="parts")] == [outcome]


def test_a_rounded_part_may_make_up_the_difference() -> None:
    rounded = replace(part("x", 30, "day_activity"), qualifier="about")  # 25 to 35
    assert judged(ACTIVATED, part("y", 17, "trajectory"), rounded, rule="parts") == [("agrees", "adds_up")]


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


def test_a_share_of_two_periods_is_judged_apart_and_together() -> None:
    parts = (A, activated("x", "2028", 15), B, activated("y", "2029", 20))  # 50% and 50%
    assert judged(SHARE, *parts, rule="share") == [("agrees", "part"), ("agrees", "part"), ("interval", "pooled")]


def test_a_published_total_of_all_days_is_judged_but_not_pooled() -> None:
    whole = (figure("d", "januari 2028 tot januari 2030", 60), activated("n", "januari 2028 tot januari 2030", 15))
    assert judged(SHARE, *whole, A, activated("x", "2028", 15), rule="share") == [
        ("agrees", "part"), ("differs", "part")
    ][::-1]  # fmt: skip


def test_periods_that_leave_days_out_are_not_pooled() -> None:
    longer = replace(SHARE, when=parse("januari 2028 tot januari 2031"))
    parts = (A, activated("x", "2028", 15), B, activated("y", "2029", 20))
    assert judged(longer, *parts, rule="share") == [("agrees", "part")] * 2


def test_a_share_of_nobody_is_not_judged() -> None:
    assert judged(SHARE, figure("a", "2028", 0), activated("x", "2028", 0), rule="share") == []


# The bounds of a pooled share.

FRACTION = st.integers(1, 9).flatmap(lambda d: st.tuples(st.integers(0, d), st.just(d)))


@given(FRACTION, FRACTION)
def test_pooled_share_is_what_trying_every_overlap_gives(one: tuple[int, int], other: tuple[int, int]) -> None:
    (n1, d1), (n2, d2) = one, other
    shares = [
        (n1 + n2 - m) / (d1 + d2 - k)
        for k, m in product(range(min(d1, d2) + 1), range(min(n1, n2) + 1))
        if m <= k and n1 + n2 - m <= d1 + d2 - k
    ]
    low, high = pooled_share([one, other])
    assert low == pytest.approx(min(shares))
    assert high >= max(shares) - 1e-12


@given(FRACTION, FRACTION)
def test_pooled_share_does_not_depend_on_the_order(one: tuple[int, int], other: tuple[int, int]) -> None:
    assert pooled_share([one, other]) == pytest.approx(pooled_share([other, one]))


@given(st.lists(FRACTION, min_size=2, max_size=4))
def test_pooled_share_holds_the_share_without_any_overlap(fractions: list[tuple[int, int]]) -> None:
    low, high = pooled_share(fractions)
    assert low - 1e-12 <= sum(n for n, _ in fractions) / sum(d for _, d in fractions) <= high + 1e-12


def test_pooled_share_of_other_people_than_were_spoken_to_may_exceed_one() -> None:
    assert pooled_share([(5, 2), (5, 2)]) == (5 / 4, 10 / 2)


def test_a_period_is_its_days_whatever_its_name() -> None:
    named = replace(figure("a", "2030", 1), when=Period(date(2030, 1, 1), date(2031, 1, 1), "dertig"))
    assert judged(named, rule="recomputed", records=records(("spoken", 1, "", ""))) == [("agrees", "exact")]
