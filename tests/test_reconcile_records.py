"""Published figures beside records: what agrees, what differs, what cannot be told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from registered import cells, figure, judged, line, part

from mp_eval import tidy
from mp_eval.periods import Period, parse
from mp_eval.reconcile import Recomputed, reconcile


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
        (5, 0, ("agrees", "blank", "day_activity")),
        (0, 5, ("agrees", "blank", "volunteering")),
        (5, 1, ("differs", "blank", "")),
    ],
)
def test_the_blank_goes_where_the_records_have_nobody(volunteering, day_activity, outcome) -> None:
    counts = records(
        ("activated", volunteering, "activity", "volunteering"), ("activated", day_activity, "activity", "day_activity")
    )
    found = line("x y", "placement", reconcile(ROW, counts))
    assert (found["status"], found["reason"], found["detail"]) == outcome


def test_a_period_is_its_days_whatever_its_name() -> None:
    named = replace(figure("a", "2030", 1), when=Period(date(2030, 1, 1), date(2031, 1, 1), "dertig"))
    assert judged(named, rule="recomputed", records=records(("spoken", 1, "", ""))) == [("agrees", "exact")]
