"""What the third reading finds in the records keeps a release back when it follows from the definitions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, permutations

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from mp_eval import tidy
from mp_eval.disclosure.derived import Derived
from mp_eval.disclosure.relations import Days, System, relate
from mp_eval.periods import parse
from mp_eval.publish.third_reading import Left, Name, derived

FOLLOWED = ("had_time", "activated_in_time", "still_followed", "activated_within", "left_within")
LEAST = 5


def name(measure: str) -> Name:
    return ("2024", measure, "months", "12", "")


def measured(counts: Mapping[str, int]) -> pd.DataFrame:
    return tidy.table([tidy.row("2024", m, n, breakdown="months", category="12") for m, n in counts.items()])


def left(table: pd.DataFrame, days: Days | None = None) -> list[Left]:
    """Of a release that shows all of it."""
    return derived(table, table, relate(table, days=days or {}), LEAST)


def test_who_had_a_year_and_neither_became_active_in_it_nor_is_followed_still_left() -> None:
    found = left(measured({"had_time": 84, "activated_in_time": 18, "still_followed": 64}))
    assert found == [Left(name("had_time"), (name("activated_in_time"), name("still_followed")))]


def test_that_one_lies_in_the_other_by_chance_keeps_nothing_back() -> None:
    assert left(measured({"activated_within": 84, "left_within": 82})) == []


def test_what_is_hidden_tells_nothing() -> None:
    table = measured({"had_time": 84, "activated_in_time": 82})
    shown = table.assign(status=["final", "hidden"])
    system = relate(table, days={})
    assert (derived(table, table, system, LEAST) != [], derived(shown, table, system, LEAST)) == (True, [])


def test_what_deliveries_contradict_keeps_nothing_back() -> None:
    """Of a month two deliveries tell another number: by how many records came late is for who signs to judge."""
    rows = [tidy.row(p, "spoken", n, breakdown="month", category="2024-03") for p, n in (("a", 13), ("b", 12))]
    assert left(tidy.table(rows), dict.fromkeys("ab", (parse("2024"),))) == []


def test_what_tables_contradict_keeps_nothing_back() -> None:
    """Of 5 who left 3 were referred and 4 are off benefit, as if none were both: of those 3 nothing follows."""
    rows = [tidy.row("2024", m, n) for m, n in (("left_programme", 5), ("outflow", 4), ("wsp_referral", 3))]
    assert left(tidy.table(rows)) == []


def questions(cells: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """A whole and one or two others."""
    yield from permutations(cells, 2)
    yield from ((a, *both) for a in cells for both in combinations([c for c in cells if c != a], 2))


def follows(question: tuple[int, ...], relations: Derived) -> bool:
    whole, *within = question
    return relations.is_at_least_zero({whole: 1.0, **dict.fromkeys(within, -1.0)})


def followed(counts: Mapping[str, int]) -> tuple[System, dict[int, int]]:
    """The relations of counts of who was followed, and each count by its cell."""
    system = relate(measured(counts), days={})
    cells = {key.measure: n for key, n in system.places.items() if (key.breakdown, key.category) == ("months", "12")}
    return system, {cells[measure]: n for measure, n in counts.items()}


def test_what_was_asked_before_changes_no_answer() -> None:
    """A question that was answered with no answers others, and only those that it may."""
    system, counts = followed(dict(zip(FOLLOWED, (84, 18, 64, 20, 2), strict=True)))
    asked = [*questions([*counts])]
    alone = [follows(question, Derived(system)) for question in asked]
    forth, back = Derived(system), Derived(system)
    assert 0 < sum(alone) < len(asked)
    assert [follows(question, forth) for question in asked] == alone
    assert [follows(question, back) for question in asked[::-1]] == alone[::-1]


@given(st.lists(st.integers(1, 12), min_size=5, max_size=5))
def test_all_that_leaves_few_and_follows_is_found(numbers: list[int]) -> None:
    """Whether or not the numbers can be of any records: every pair and triple of them is asked."""
    system, counts = followed(dict(zip(FOLLOWED, numbers, strict=True)))
    relations = Derived(system)
    few = [q for q in questions([*counts]) if 1 <= counts[q[0]] - sum(counts[n] for n in q[1:]) < LEAST]
    expected = {(whole, frozenset(within)) for whole, *within in few if follows((whole, *within), relations)}
    assert {(one.whole, frozenset(one.within)) for one in relations.rests(counts, LEAST)} == expected
