"""The third reading of made-up municipalities: what is declared holds of everybody, and what always holds is declared.

A municipality is a place and seven residents (`people.AT_ONCE`), who are measured one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from holding import Label, Pool, Seen, seen, untrue
from people import AT_ONCE, place, town

SUPPORT = 200  # residents of whom it is so before it is taken to be so of everybody
PLACES, TOWNS = 30, 10  # 300 municipalities
SMALL = 1  # a place of which one period lies within another


def looked_at(places: Sequence[int], towns: int, root: Path) -> list[Seen]:
    return [seen(place(n), town(place(n), towns * AT_ONCE, seed=1), root / str(n)) for n in places]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    return looked_at([SMALL], 1, tmp_path_factory.mktemp("small"))[0]


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> list[Seen]:
    return looked_at(range(PLACES), TOWNS, tmp_path_factory.mktemp("many"))


def test_what_is_declared_holds_of_everybody(small: Seen) -> None:
    assert dict(untrue(small)) == {}


@pytest.mark.long
def test_what_is_declared_holds_in_three_hundred_municipalities(many: list[Seen]) -> None:
    assert {one.where.seed: found for one in many if (found := dict(untrue(one)))} == {}


@pytest.mark.long
def test_what_always_holds_in_three_hundred_municipalities_is_declared(many: list[Seen]) -> None:
    assert list(Pool(many, SUPPORT).undeclared()) == []


def label(measure: str, breakdown: str = "", category: str = "", *part: str) -> Label:
    return measure, breakdown, category, *part


def months(measure: str, after: int) -> Label:
    return label(measure, "months", str(after))


# Who is in all of the first is in the second: lines that were missing once, by what they tell.
ONCE_MISSING = {
    "activated_in_time months 12 + still_followed months 12 within had_time months 12": (
        [months("activated_in_time", 12), months("still_followed", 12)],
        months("had_time", 12),
    ),
    "benefit_population begin started_within within newcomers": (
        [label("benefit_population", "begin", "started_within")],
        label("newcomers"),
    ),
    "activated activity volunteering within activated variant without_trajectory": (
        [label("activated", "activity", "volunteering")],
        label("activated", "variant", "without_trajectory"),
    ),
    "ladder_followed measured measured_once + ladder_followed measured measured_twice within coverage_of_ladder_step": (
        [label("ladder_followed", "measured", "measured_once"), label("ladder_followed", "measured", "measured_twice")],
        label("coverage_of_ladder_step", "", "", "numerator"),
    ),
}


@pytest.mark.parametrize("why", ONCE_MISSING)
def test_a_line_that_is_missing_is_found(small: Seen, why: str) -> None:
    less, more = ONCE_MISSING[why]
    without = replace(small.system, relations=[r for r in small.system.relations if r.why not in (why, "same word")])
    assert not Pool([small], 1).is_undeclared(more, *less)
    assert Pool([replace(small, system=without)], 1).is_undeclared(more, *less)
