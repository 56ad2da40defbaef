"""What the protection is made of is needed: without any one of its pieces the attack gets through."""

from __future__ import annotations

import pytest
from releases import counts, figure, hidden_by, narrowed, report_row

from mp_eval import tidy
from mp_eval.disclosure import relations, suppress
from mp_eval.disclosure.suppress import Pattern
from mp_eval.periods import WHOLE, parse

OVERLAP = {
    "2023-2024": (parse("juni 2023 tot juli 2024"),),
    "2024": (parse("2024"),),
    WHOLE: (parse("juni 2023 tot januari 2025"),),
}


def overlap() -> list[dict]:
    """117 and 50 of 165 together: two residents are in both, and nobody printed it."""
    return [r for key, n in (("2023-2024", 117), ("2024", 50), (WHOLE, 165)) for r in counts(key, "activated", n)]


def published() -> list[dict]:
    row = {"informal_care": 3, "volunteering": 20, "day_activity": 15, "self_directed": 12}
    return counts("2024", "activities_started", 50, activity=row)


TOLD = [figure("activities_started", 12, category="self_directed")]


def test_without_shields(monkeypatch: pytest.MonkeyPatch) -> None:
    table = report_row()
    assert narrowed(hidden_by(table, 10, {}), table, 10, {}) == []
    monkeypatch.setattr(suppress._Part, "solve", lambda part: (set(), set(), 0, True))
    assert narrowed(hidden_by(table, 10, {}), table, 10, {})


def test_without_the_link_between_overlapping_periods(monkeypatch: pytest.MonkeyPatch) -> None:
    table = tidy.table(overlap())
    assert narrowed(hidden_by(table, 5, OVERLAP), table, 5, OVERLAP) == []
    monkeypatch.setattr(relations, "_periods", lambda system, days: None)
    assert narrowed(hidden_by(table, 5, OVERLAP), table, 5, OVERLAP)


def test_without_the_register(monkeypatch: pytest.MonkeyPatch) -> None:
    table = tidy.table(published())
    assert narrowed(hidden_by(table, 5, OVERLAP, TOLD), table, 5, OVERLAP, TOLD) == []
    monkeypatch.setattr(relations, "_publish", lambda system, figure, days: None)
    assert narrowed(hidden_by(table, 5, OVERLAP, TOLD), table, 5, OVERLAP, TOLD)


def test_without_what_the_definitions_say(monkeypatch: pytest.MonkeyPatch) -> None:
    """80 activated, 78 of them anew: two were active before."""
    table = tidy.table(counts("2024", "activated", 80, variant={"gross": 80, "net": 78}))
    assert narrowed(hidden_by(table, 5, {}), table, 5, {}) == []
    monkeypatch.setattr(relations, "_definitions", lambda system: None)
    assert narrowed(hidden_by(table, 5, {}), table, 5, {})


def test_a_pattern_is_what_it_says() -> None:
    assert Pattern(frozenset({1}), frozenset({2}), frozenset(), 1, 1, True).hidden == {1, 2}
