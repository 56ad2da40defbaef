"""Public releases after each other tell no change of few: what was shown is known, so it stands until more changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import pytest
from conftest import dear
from hypothesis import given, settings
from hypothesis import strategies as st
from releases import counts, learnt

from mp_eval import tidy
from mp_eval.disclosure.attack import Seen, attack, named
from mp_eval.disclosure.earlier import Earlier
from mp_eval.disclosure.protect import Protected, protect
from mp_eval.periods import parse
from mp_eval.workspace import Disclosure

DAYS = {"2024": (parse("2024"),), "first": (parse("januari 2024 tot juli 2024"),)}
RULE = Disclosure(internal=False, threshold=5)
Shown = dict[str, float | str]


def talks(months: Mapping[str, int], period: str = "2024") -> list[dict]:
    by_month = {f"2024-{month}": count for month, count in months.items()}
    return counts(period, "conversations", sum(months.values()), month=by_month)


def after_each_other(*tables: Sequence[dict], rules_of: Sequence[Disclosure] = ()) -> list[Earlier]:
    before: list[Earlier] = []
    for n, rows in enumerate(tables):
        rule = rules_of[n] if rules_of else RULE
        made = protect(tidy.table(rows), settings=rule, days=DAYS, before=before)
        before.append(Earlier(made.true, made.measures, DAYS, rule))
    return before


def told(release: Earlier) -> Shown:
    """What a release says of each category, '' for the total: a number, `x`, or in brackets one that stands."""
    forms = {"hidden": "x", "standing": "({:.0f})"}
    rows = release.shown[release.shown["measure"] == "conversations"].to_dict("records")
    return {r["category"][5:]: forms.get(r["status"], "{:.0f}").format(r["value"]) for r in rows}


YEAR = {"09": 14, "10": 15, "11": 12, "12": 16}


def test_one_late_conversation_is_not_told() -> None:
    before, after = after_each_other(talks(YEAR), talks(YEAR | {"11": 13}))
    assert told(before) == {"": "57", "09": "14", "10": "15", "11": "12", "12": "16"}
    assert told(after) == {"": "(57)", "09": "14", "10": "15", "11": "(12)", "12": "16"}
    assert learnt([before, after]) == []
    seen = Protected(after.shown, after.true).public  # which numbers stand is not told
    pd.testing.assert_frame_equal(seen, before.shown)


def test_without_the_ledger_it_is() -> None:
    before, after = (after_each_other(talks(m))[0] for m in (YEAR, YEAR | {"11": 13}))
    assert len(learnt([before, after])) == 2  # the month and the year, both by one


def test_a_change_of_enough_is_told() -> None:
    _, after = after_each_other(talks(YEAR), talks(YEAR | {"11": 20}))
    assert told(after) == {"": "65", "09": "14", "10": "15", "11": "20", "12": "16"}


def test_changes_add_up_until_they_are_enough() -> None:
    """12, then 14, 16 and 18: the third differs by six from what is known, and the second stood."""
    releases = after_each_other(*(talks(YEAR | {"11": n}) for n in (12, 14, 16, 18)))
    assert [told(r)["11"] for r in releases] == ["12", "(12)", "(12)", "18"]
    assert [learnt(releases[:n]) for n in (2, 3, 4)] == [[], [], []]


def test_a_moved_date_is_told_in_neither_month() -> None:
    _, after = after_each_other(talks(YEAR), talks(YEAR | {"11": 11, "12": 17}))
    assert told(after) == {"": "57", "09": "14", "10": "15", "11": "(12)", "12": "(16)"}


def test_a_small_change_beside_a_large_one_does_not_follow_from_the_total() -> None:
    """November gains eight and October loses one: with the total and November told, October would be too."""
    releases = after_each_other(talks(YEAR), talks(YEAR | {"10": 14, "11": 20}))
    assert told(releases[1])["10"] == "(15)"
    assert "x" in (told(releases[1])[""], told(releases[1])["11"])
    assert learnt(releases) == []


@pytest.mark.parametrize("now", [1, 4])
def test_nobody_stays_nobody_until_there_are_enough(now: int) -> None:
    releases = after_each_other(talks(YEAR | {"10": 0}), talks(YEAR | {"10": now}))
    assert told(releases[1])["10"] == "(0)"
    assert learnt(releases) == []


def test_a_withdrawn_resident_is_not_told() -> None:
    releases = after_each_other(talks(YEAR), talks(YEAR | {"09": 13}))
    assert (told(releases[1])[""], told(releases[1])["09"]) == ("(57)", "(14)")
    assert learnt(releases) == []


def test_a_number_that_goes_up_and_down_by_enough_is_told_each_time() -> None:
    """58 is one more than was told first, and five fewer than was told last."""
    releases = after_each_other(*(talks(YEAR | {"11": n}) for n in (12, 18, 13)))
    assert [told(r)["11"] for r in releases] == ["12", "18", "13"]
    assert [told(r)[""] for r in releases] == ["57", "63", "58"]
    assert [learnt(releases[:n]) for n in (2, 3)] == [[], []]


def test_a_number_stands_again_when_it_is_back_where_it_was() -> None:
    """In between it was hidden, for the sake of October."""
    releases = after_each_other(*(talks(YEAR | m) for m in ({}, {"10": 14, "11": 20}, {"10": 14, "11": 13})))
    assert "x" in (told(releases[1])[""], told(releases[1])["11"])
    assert (told(releases[2])[""], told(releases[2])["10"], told(releases[2])["11"]) == ("57", "(15)", "(12)")
    assert learnt(releases) == []


def test_what_is_hidden_stays_hidden_while_it_hardly_changes() -> None:
    """With October gone from 30 to 26 it would be cheaper to hide that for February than August."""
    releases = after_each_other(*(talks({"02": 3, "08": 28, "10": n}) for n in (30, 26)))
    assert [{m for m, v in told(r).items() if v == "x"} for r in releases] == [{"02", "08"}] * 2
    assert learnt(releases) == []


def test_the_same_data_give_the_same_release() -> None:
    few = YEAR | {"10": 3}
    before, after = after_each_other(talks(few), talks(few))
    assert told(before) == told(after)


def test_what_was_hidden_is_not_told_by_other_shields_beside_a_new_period() -> None:
    """The half year brings relations that would be shielded more cheaply by what was shown before."""
    few = {"02": 3, "05": 6, "08": 30, "11": 40}
    half = talks({m: few[m] for m in ("02", "05")}, "first")
    releases = after_each_other(talks(few), [*talks(few), *half])
    assert {m for m, v in told(releases[0]).items() if v == "x"} == {"02", "05"}
    assert learnt(releases) == []


def test_another_threshold_tells_no_more_than_it_says() -> None:
    tens = Disclosure(internal=False, threshold=10)
    few = {"02": 3, "05": 7, "08": 30, "11": 40}
    releases = after_each_other(talks(few), talks(few), rules_of=[tens, RULE])
    assert told(releases[1])["02"] == "x"
    assert learnt(releases) == []


def test_what_is_known_from_before_lists_what_a_reader_can_tell_to_be_small() -> None:
    """7 was shown under a threshold of five, so under ten a reader knows it; none is listed for being small alone."""
    before = after_each_other(talks({"02": 3, "05": 7, "06": 5, "08": 30, "11": 40}))
    tens = Disclosure(internal=False, threshold=10)
    made = protect(before[0].true, settings=tens, days=DAYS, before=before)
    beside = [Seen(before[0].shown, DAYS)]
    found = {i.terms[0][0]: i.high for i in attack(made.measures, days=DAYS, before=beside) if len(i.terms) == 1}
    assert ("2024", "conversations", "month", "2024-05", "") in made.known
    assert all(found[name] < 10 for name in made.known)


def test_of_what_nobody_can_tell_to_be_small_nothing_is_listed() -> None:
    few = talks({"02": 3, "05": 7, "08": 30, "11": 40})
    half = talks({"02": 3, "05": 7}, "first")
    before = after_each_other(few)
    assert protect(tidy.table([*few, *half]), settings=RULE, days=DAYS, before=before).known == ()


def test_the_true_numbers_of_all_releases_go_by_the_names_of_the_attack() -> None:
    tables = [Seen(tidy.table(counts("2024", "spoken", n)), DAYS) for n in (40, 43)]
    assert named(tables) == {("2024 (0)", "spoken", "", "", ""): 40, ("2024", "spoken", "", "", ""): 43}


def test_hidden_and_then_rounded_tells_none_of_the_hidden() -> None:
    rounded = Disclosure(internal=False, threshold=5, method="round")
    few = {"02": 3, "05": 7, "08": 31, "11": 44}
    releases = after_each_other(talks(few), talks(few), rules_of=[RULE, rounded])
    assert told(releases[1])["08"] == "(31)"
    assert learnt(releases) == []


def test_a_rounded_number_does_not_flip_for_one_resident() -> None:
    """12 is shown as 10 and 13 as 15: who knows that one was added would know both."""
    rounded = Disclosure(internal=False, threshold=5, method="round")
    before, after = after_each_other(talks(YEAR), talks(YEAR | {"11": 13}), rules_of=[rounded, rounded])
    assert (told(before)["11"], told(after)["11"]) == ("10", "(10)")


def test_a_share_stands_with_its_counts() -> None:
    def rows(active: int) -> list[dict]:
        share = tidy.row("2024", "cohort_activation_rate", active / 90, numerator=active, denominator=90)
        return [share, *counts("2024", "spoken", 90)]

    _, after = after_each_other(rows(30), rows(31))
    row = after.shown[after.shown["measure"] == "cohort_activation_rate"].iloc[0]
    assert (row["status"], row["numerator"], row["value"]) == ("standing", 30, pytest.approx(30 / 90))


def test_a_median_stands_while_as_many_are_described() -> None:
    """It moves with one resident, so it would tell that something was corrected."""

    def rows(median: float) -> list[dict]:
        middle = tidy.row("2024", "trajectory_duration", median, denominator=20, breakdown="", category="median")
        return [middle, *counts("2024", "trajectories_ended", 20)]

    _, after = after_each_other(rows(8.0), rows(8.5))
    assert after.shown["value"].iloc[0] == 8.0


@pytest.mark.parametrize("now", [None, 8.5])
def test_what_can_no_longer_be_worked_out_is_said_to_be_so(now: float | None) -> None:
    def rows(median: float | None) -> list[dict]:
        status = "final" if median else "undefined"
        middle = tidy.row("2024", "trajectory_duration", median, denominator=20, category="median", status=status)
        return [middle, *counts("2024", "trajectories_ended", 20)]

    _, after = after_each_other(rows(8.0), rows(now))
    assert after.shown["status"].iloc[0] == ("standing" if now else "undefined")


@settings(max_examples=dear(5), derandomize=True)
@given(
    st.lists(st.integers(0, 30), min_size=4, max_size=4),
    st.lists(st.lists(st.sampled_from([-6, -2, -1, 0, 0, 0, 1, 2, 7]), min_size=4, max_size=4), min_size=1, max_size=2),
)
def test_no_sequence_tells_a_change_of_few(start: list[int], changes: list[list[int]]) -> None:
    months, tables = ("02", "05", "08", "11"), []
    for change in ([0, 0, 0, 0], *changes):
        start = [max(0, count + more) for count, more in zip(start, change, strict=True)]
        tables.append(talks(dict(zip(months, start, strict=True))))
    assert learnt(after_each_other(*tables)) == []
