"""Reconciliation of the published report, from its register alone, by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from registered import NO_RECORDS, cells, line

from mp_eval import workspace as places
from mp_eval.intake import contract as contracts
from mp_eval.intake.published import read_register
from mp_eval.periods import parse
from mp_eval.reconcile import COLUMNS, STATUSES, reconcile

WORKSPACE = places.find(Path(__file__).resolve().parent.parent)
FIGURES = read_register(WORKSPACE, contracts.read(WORKSPACE))
LINES = reconcile(FIGURES, NO_RECORDS)


def test_over_700_is_an_interval_from_the_largest_period_to_the_sum() -> None:
    found = line("g3 g1 g2", "union", LINES)
    assert cells(found, "status", "low", "high") == ["interval", 543, 718]


def test_over_700_holds_when_at_most_17_are_in_both_periods() -> None:
    assert line("g3 g1 g2", "union", LINES)["difference"] == 17


def test_the_two_periods_share_the_first_half_of_2024() -> None:
    assert line("g3 g1 g2", "union", LINES)["detail"] == parse("januari 2024 tot juli 2024").iso


def test_activated_has_no_published_total_and_an_interval() -> None:
    found = line("a1 a2", "union", LINES)
    assert cells(found, "status", "reason", "low", "high", "published") == ["interval", "overlap", 197, 247, None]


def test_over_30_percent_is_said_of_all_so_2024_alone_is_no_verdict() -> None:
    found = line("a3 a2 g2", "share", LINES)
    assert (found["status"], round(found["found"], 4)) == ("aside", 0.2857)
    assert (found["when"], found["detail"]) == ("2022-09-01/2025-01-01", "2024-01-01/2025-01-01|50 / 175")


def test_nor_are_the_first_periods_alone() -> None:
    found = line("a3 a1 g1", "share", LINES)
    assert (found["status"], round(found["found"], 4)) == ("aside", 0.3628)


def test_over_30_percent_of_all_is_not_sure() -> None:
    found = line("a3 a1 g1 a2 g2", "share", LINES)
    assert (found["status"], round(found["low"], 4), round(found["high"], 4)) == ("interval", 0.2949, 0.4549)


def test_the_row_until_july_is_48_short_of_its_total() -> None:
    found = line("a1 j1 j2 j3 j4 j5", "parts", LINES)
    assert cells(found, "status", "reason", "found", "difference") == ["interval", "remainder", 149, -48]


def test_the_row_of_2024_has_a_blank_and_misses_nothing() -> None:
    found = line("a2 r1 r2 r3 r4 r5", "parts", LINES)
    assert cells(found, "status", "reason", "found") == ["agrees", "nothing_missing", 50]


def test_the_groups_leave_819_of_1900_unnamed() -> None:
    found = line("b1 c1 c2 c3 c4", "parts", LINES)
    assert cells(found, "status", "reason", "found", "difference") == ["interval", "about_remainder", 1081, -819]


def test_the_row_of_2024_can_be_read_in_five_ways() -> None:
    assert cells(line("r1 r2 r3 r4 r5", "placement", LINES), "status", "reason", "high") == [
        "interval",
        "blank",
        5,
    ]


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
        ("a1 j1 j2 j3 j4 j5", "parts", "interval", "agrees"),  # 12 + 70 + 12 + 42 + 13 = 149
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
