"""What the third reading finds in the records keeps a release back when it follows from the definitions."""

from __future__ import annotations

from itertools import combinations, permutations

from mp_eval import tidy
from mp_eval.disclosure.relations import relate
from mp_eval.periods import parse
from mp_eval.publish.third_reading import Left, Name, derived


def name(measure: str) -> Name:
    return ("2024", measure, "months", "12", "")


def left(**counts: int) -> list[Left]:
    rows = [tidy.row("2024", m, n, breakdown="months", category="12") for m, n in counts.items()]
    table = tidy.table(rows)
    whole, *within = map(name, counts)
    return list(derived([Left(whole, tuple(within))], table, relate(table, days={})))


def test_who_had_a_year_and_neither_became_active_in_it_nor_is_followed_still_left() -> None:
    assert left(had_time=84, activated_in_time=18, still_followed=64) != []


def test_that_one_lies_in_the_other_by_chance_keeps_nothing_back() -> None:
    assert left(activated_within=84, left_within=82) == []


def test_what_deliveries_contradict_keeps_nothing_back() -> None:
    """Of a month two deliveries tell another number: by how many records came late is for who signs to judge."""
    rows = [tidy.row(p, "spoken", n, breakdown="month", category="2024-03") for p, n in (("a", 13), ("b", 12))]
    table, days = tidy.table(rows), dict.fromkeys("ab", (parse("2024"),))
    names = [(p, "spoken", "month", "2024-03", "") for p in "ab"]
    assert list(derived([Left(names[0], (names[1],))], table, relate(table, days=days))) == []


def test_what_tables_contradict_keeps_nothing_back() -> None:
    """Of 5 who left 3 were referred and 4 are off benefit, as if none were both: of those 3 nothing follows."""
    rows = [tidy.row("2024", m, n) for m, n in (("left_programme", 5), ("outflow", 4), ("wsp_referral", 3))]
    table = tidy.table(rows)
    names = [("2024", measure, "", "", "") for measure in ("left_programme", "wsp_referral")]
    assert list(derived([Left(names[0], (names[1],))], table, relate(table, days={}))) == []


def test_what_was_asked_before_changes_no_answer() -> None:
    """A question that was answered with no answers others, and only those that it may."""
    counts = {"had_time": 84, "activated_in_time": 18, "still_followed": 64, "activated_within": 20, "left_within": 2}
    table = tidy.table([tidy.row("2024", m, n, breakdown="months", category="12") for m, n in counts.items()])
    pairs = [Left(name(a), (name(b),)) for a, b in permutations(counts, 2)]
    triples = [Left(name(a), (name(b), name(c))) for a in counts for b, c in combinations(counts.keys() - {a}, 2)]
    asked, system = [*pairs, *triples], relate(table, days={})
    each = [one for question in asked for one in derived([question], table, system)]
    assert 0 < len(each) < len(asked)
    assert list(derived(asked, table, system)) == each
    assert list(derived(asked[::-1], table, system)) == each[::-1]
