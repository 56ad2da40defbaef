"""What follows of counts beside each other from what each of them counts: by hand, at random, and as it was written."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise, product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mp_eval import implied, programme
from mp_eval.disclosure import relations
from mp_eval.disclosure.derived import Derived
from mp_eval.disclosure.relations import Key, System
from mp_eval.programme import Programme
from mp_eval.sets import Rows, are_apart, is_held, is_within
from mp_eval.tidy import Label

MOST_BY_HAND = 25
TALKS = Rows("talks")
FIRST = TALKS.only(kind="first")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (FIRST.only(month="1"), FIRST),
        (FIRST, TALKS.but(kind="closing")),
        (FIRST.meeting(Rows("steps")), Rows("steps")),
        (TALKS.lacking(TALKS.only(kind=["first", "closing"])), TALKS.lacking(FIRST)),
    ],
)
def test_a_set_lies_within_another_by_how_it_is_made(one: Rows, other: Rows) -> None:
    assert is_within(one, other)
    assert not is_within(other, one)


def test_of_a_table_with_more_rows_a_resident_two_values_are_not_apart() -> None:
    closing = TALKS.only(kind="closing")
    assert are_apart(FIRST, closing, as_rows=True)
    assert not are_apart(FIRST, closing, as_rows=False)
    assert are_apart(TALKS.lacking(FIRST), FIRST, as_rows=False)


def test_who_talked_and_never_for_the_first_time_has_another_talk() -> None:
    kinds = frozenset({("talks", "kind", frozenset({"first", "progress", "closing"}))})
    others = [TALKS.only(kind=kind) for kind in ("progress", "closing")]
    assert is_held(TALKS.lacking(FIRST), others, kinds)
    assert not is_held(TALKS, others, kinds)
    assert not is_held(TALKS.lacking(FIRST), others, frozenset())  # there may be a fourth kind


VALUES = ("a", "b", "c")
DOMAINS = frozenset((table, column, frozenset(VALUES)) for table in ("many", "one") for column in ("x", "y"))
conditions = st.dictionaries(st.sampled_from(["x", "y"]), st.sets(st.sampled_from(VALUES), min_size=1, max_size=2))


@st.composite
def plain(draw: st.DrawFn) -> Rows:
    made = Rows(table := draw(st.sampled_from(["many", "one"])), once=table == "one")
    columns = draw(conditions)
    return made.only(**columns) if draw(st.booleans()) else made.but(**columns)


@st.composite
def made(draw: st.DrawFn) -> Rows:
    one = draw(plain())
    one = one.meeting(draw(plain())) if draw(st.booleans()) else one
    return one.lacking(draw(plain())) if draw(st.booleans()) else one


rows = st.tuples(st.sampled_from(VALUES), st.sampled_from(VALUES))
residents = st.tuples(st.lists(rows, max_size=3), st.lists(rows, max_size=1))


def has(resident: tuple[Sequence[tuple[str, str]], ...], some: Rows) -> bool:
    """Whether a resident is in a set, looked up row by row."""
    own = resident[0 if some.table == "many" else 1]
    found = any(
        all((dict(zip("xy", row, strict=True))[c] in known) is is_in for c, (is_in, known) in some.where) for row in own
    )
    return found and all(has(resident, s) for s in some.among) and not any(has(resident, s) for s in some.without)


@given(residents, made(), made(), made())
def test_what_is_said_of_sets_holds_of_every_resident(
    resident: tuple[Sequence[tuple[str, str]], ...], one: Rows, other: Rows, third: Rows
) -> None:
    in_one, in_other, in_third = (has(resident, some) for some in (one, other, third))
    assert not (is_within(one, other) and in_one and not in_other)
    assert not (are_apart(one, other, as_rows=False) and in_one and in_other)
    assert not (is_held(one, [other, third], DOMAINS) and in_one and not (in_other or in_third))


# What was written by hand before it was derived, of a municipality that chose nothing; `*` is each category.
KINDS = Programme().kinds
STEPS = [f"step_{n}" for n in range(1, programme.STEPS + 1)]
CATEGORIES = {
    ("activated", "activity"): KINDS,
    ("activities_started", "activity"): KINDS,
    ("conversations", "kind"): ("first", "progress", "closing"),
    ("conversations", "month"): ("2024-01", "2024-02"),
    ("spoken", "month"): ("2024-01", "2024-02"),
    ("in_picture", "step"): ("1", "2", "unknown"),
    ("in_picture", "filler"): ("consultants", "external_bureau", "unknown"),
    ("ladder_moves", "from>to"): tuple(f"{a}>{b}" for a, b in product(STEPS, STEPS)),
    ("in_group", "group"): ("caseload", "ready"),
    ("on_benefit", "group"): ("caseload", "ready", "later"),
    ("derived_caseload", "registered"): ("caseload", "ready", "later", "unregistered"),
    **dict.fromkeys((("activated_in_time", "months"), ("had_time", "months")), ("6", "12")),
    **{(m, "start_quarter"): ("2024-Q1",) for m in ("cohort", "had_time", "activated_in_time")},
    **{(m, "route"): ("pad 1: een", "pad 2: twee") for m in ("on_route", "route_recorded")},
    **{(m, "provider"): ("Een", "Twee") for m in ("trajectories_started", "trajectories_priced")},
}
WRITTEN = Path(__file__).with_name("written.txt").read_text().splitlines()
OWN = [kind for kind in KINDS if kind != programme.TRAJECTORY]
DIRECTED = {
    "moved_up": [f"{a}>{b}" for (n, a), (m, b) in product(enumerate(STEPS), repeat=2) if n < m],
    "moved_same": [f"{a}>{a}" for a in STEPS],
    "moved_down": [f"{a}>{b}" for (n, a), (m, b) in product(enumerate(STEPS), repeat=2) if n > m],
}
CHOSEN = [
    *(f"activated/activity/{kind} <= activated/variant/without_trajectory" for kind in OWN),
    f"activated/variant/without_trajectory <= {' + '.join(f'activated/activity/{kind}' for kind in OWN)}",
    *(
        f"ladder_moves/direction/{direction} = {' + '.join(f'ladder_moves/from>to/{move}' for move in moves)}"
        for direction, moves in DIRECTED.items()
    ),
]


def labels(side: str) -> list[Label]:
    """The labels of a sum as it is written."""
    padded = (f"{part}//".split("/") for part in side.split(" + "))
    return [(measure, breakdown, category) for measure, breakdown, category, *_ in padded]


def expanded(line: str) -> list[str]:
    """A line for each category of what it says of each."""
    if "*" not in line:
        return [line]
    measure, breakdown, _ = labels(re.split(" <= | = ", line)[0])[0]
    return [line.replace("*", category) for category in CATEGORIES[measure, breakdown]]


LINES = [line for written in (*WRITTEN, *CHOSEN) for line in expanded(written)]


@pytest.fixture(scope="module")
def system() -> System:
    """What is derived of the labels of all these lines, and of the categories that make up a whole."""
    known = {label for line in LINES for side in re.split(" <= | = ", line) for label in labels(side)}
    known |= {(*breakdown, category) for breakdown, categories in CATEGORIES.items() for category in categories}
    made = System()
    for label in sorted(known):
        relations._cell(made, Key("2024", *label), 0.0)
    relations._breakdowns(made)
    relations._definitions(made)
    return replace(made, cells=[replace(cell, is_printed=False) for cell in made.cells])


@pytest.fixture(scope="module")
def derived(system: System) -> Derived:
    return Derived(system)


def test_no_line_that_was_written_by_hand_is_lost(system: System, derived: Derived) -> None:
    """Where it is not said it follows from what is said. None was found that is not true."""
    assert [line for line in LINES if not is_derived(line, system, derived)] == []


def is_derived(line: str, system: System, derived: Derived) -> bool:
    sides = [labels(side) for side in re.split(" <= | = ", line)]
    for less, more in (sides, sides[::-1]) if " = " in line else (sides,):
        terms = Counter({system.places[Key("2024", *label)]: 0.0 for label in (*less, *more)})
        terms.update(system.places[Key("2024", *label)] for label in more)
        terms.subtract(system.places[Key("2024", *label)] for label in less)
        if not derived.is_at_least_zero({n: factor for n, factor in terms.items() if factor}):
            return False
    return True


def test_little_is_written_by_hand() -> None:
    reasons = {why for _, _, why in (*implied.BELIEVED, *implied.MADE)}
    others = (implied.BELIEVED_SAME, implied.SAME_WORD, implied.BY_REASON, implied.STANDINGS, implied.BRIDGES)
    assert len(reasons) + sum(map(len, others)) <= MOST_BY_HAND


def test_the_months_of_a_quarter_are_told_of_one_set() -> None:
    assert list(implied.quarters()) == [(("spoken", "month"), ("cohort", "start_quarter"))]


def test_between_two_milestones_nothing_is_said_twice() -> None:
    """Who was activated within 3 months is among those within 6, and within 12 by way of these."""
    known = [("activated_within", "months", m) for m in ("3", "6", "12")]
    said = [(less, more) for less, more, _ in implied.lines(known) if {*less, *more} <= {*known}]
    assert said == [((a,), (b,)) for a, b in pairwise(known)]
    (skipping,) = [(less, more) for less, more, _ in implied.lines(known[::2]) if {*less, *more} <= {*known}]
    assert skipping == ((known[0],), (known[2],))  # when there is nothing of 6
