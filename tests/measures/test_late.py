"""Late records: only days of which both deliveries tell, a record by who and when."""

from __future__ import annotations

from datetime import date

import pandas as pd
from frames import FIRST, SECOND, YEAR, Tables, activities, conversations, trajectories
from hypothesis import given
from hypothesis import strategies as st

from mp_eval.measures import Scope, measure_late
from mp_eval.tidy import number, pick

IDENTITIES = {
    "conversations": ("resident", "date"),
    "activities": ("resident", "start"),
    "trajectories": ("resident", "start"),
    "outflow": ("resident", "date"),
}
THEN, NOW = Scope("2023-2024", (SECOND,), date(2024, 10, 15)), Scope("2024", (YEAR,), date(2025, 7, 15))
EARLIER = conversations(("a", "2024-02-01", "first"), ("b", "2024-03-01", "progress"), ("c", "2023-09-01", "first"))


def compared(old: Tables, new: Tables, then: Scope = THEN, now: Scope = NOW) -> pd.DataFrame:
    return measure_late([(old, then), (new, now)], IDENTITIES)


def talks(old: pd.DataFrame, new: pd.DataFrame) -> tuple[float, float]:
    """Conversations that came late, and that are no longer there."""
    found = compared({"conversations": old}, {"conversations": new})
    late, gone = (number(found, "2024", m, "table", "conversations") for m in ("late_records", "withdrawn_records"))
    return late, gone


def test_the_same_records_are_neither_late_nor_withdrawn() -> None:
    assert talks(EARLIER, EARLIER) == (0, 0)


def test_a_record_that_the_earlier_delivery_lacks_is_late() -> None:
    assert talks(EARLIER, pd.concat([EARLIER, conversations(("d", "2024-02-15", "progress"))])) == (1, 0)


def test_a_record_that_the_later_delivery_lacks_is_withdrawn() -> None:
    assert talks(EARLIER, EARLIER.iloc[:1]) == (0, 1)  # b; c is of a day that the later one does not tell of


def test_a_corrected_kind_is_the_same_record() -> None:
    assert talks(EARLIER, EARLIER.assign(kind="closing")) == (0, 0)


def test_the_next_day_is_not_late() -> None:
    """The earlier delivery tells of nothing after its period when it holds nothing of later days."""
    assert talks(EARLIER, pd.concat([EARLIER, conversations(("d", "2024-07-01", "progress"))])) == (0, 0)


def test_a_delivery_tells_of_the_days_up_to_its_last_record() -> None:
    longer = pd.concat([EARLIER, conversations(("b", "2024-09-01", "progress"))])
    added = conversations(("d", "2024-08-31", "progress"), ("e", "2024-09-02", "progress"))
    assert talks(longer, pd.concat([longer, added])) == (1, 0)  # d; of the day of e nothing is known


def test_what_is_compared_is_counted_and_told() -> None:
    found = compared({"conversations": EARLIER}, {"conversations": EARLIER})
    row = pick(found, measure="late_records", breakdown="").iloc[0]
    assert (row["denominator"], row["note"]) == (2, "2024-01-01/2024-07-01 2024-10-15")


def test_tables_sum_to_the_total() -> None:
    new = {
        "conversations": pd.concat([EARLIER, conversations(("d", "2024-02-15", "progress"))]),
        "activities": activities(("a", "volunteering", "2024-02-01", False)),
        "trajectories": trajectories(("a", "2024-02-01"), ("b", "2024-02-01")),
    }
    old = {"conversations": EARLIER, "activities": activities(), "trajectories": trajectories()}
    found = pick(compared(old, new), measure="late_records")
    assert found.loc[found["breakdown"] == "table", "value"].tolist() == [1, 1, 2]
    assert number(found, "2024", "late_records") == 4


def test_a_table_that_one_of_them_lacks_is_not_compared() -> None:
    found = compared({"conversations": EARLIER}, {"conversations": EARLIER, "activities": activities()})
    assert set(found["category"]) == {"", "conversations"}


def test_deliveries_that_share_no_days_have_no_rows() -> None:
    old = {"conversations": conversations(("a", "2022-10-01", "first"))}
    assert compared(old, {"conversations": EARLIER}, Scope("2022-2023", (FIRST,), date(2023, 6, 20))).empty


def test_deliveries_of_one_day_are_not_each_others_earlier_one() -> None:
    assert compared(
        {"conversations": EARLIER}, {"conversations": EARLIER}, THEN, Scope("2024", (YEAR,), THEN.as_of)
    ).empty


def test_the_order_in_which_deliveries_are_given_does_not_matter() -> None:
    old, new = ({"conversations": EARLIER}, THEN), ({"conversations": EARLIER.iloc[:1]}, NOW)
    pd.testing.assert_frame_equal(measure_late([old, new], IDENTITIES), measure_late([new, old], IDENTITIES))


def test_the_last_earlier_delivery_counts() -> None:
    old = {"conversations": EARLIER.iloc[:1]}
    between = Scope("2024-h1", SECOND.overlap(YEAR) and (SECOND.overlap(YEAR),), date(2025, 1, 10))
    given_ = [(old, THEN), ({"conversations": EARLIER}, between), ({"conversations": EARLIER}, NOW)]
    found = measure_late(given_, IDENTITIES)
    assert number(found, "2024-h1", "late_records") == 1
    assert number(found, "2024", "late_records") == 0


RECORDS = st.sets(st.tuples(st.sampled_from("abc"), st.integers(1, 28)), max_size=20)


@given(RECORDS, RECORDS)
def test_late_and_withdrawn_are_the_differences_of_sets(old: set[tuple[str, int]], new: set[tuple[str, int]]) -> None:
    frames = [conversations(*((r, f"2024-02-{n:02}", "first") for r, n in sorted(some))) for some in (old, new)]
    assert talks(*frames) == (len(new - old), len(old - new))


def test_what_began_twice_on_one_day_is_one_record() -> None:
    both = activities(("a", "volunteering", "2024-02-01", False), ("a", "day_activity", "2024-02-01", False))
    found = compared({"activities": both.iloc[:1]}, {"activities": both})
    row = pick(found, measure="late_records", breakdown="").iloc[0]
    assert (row["value"], row["denominator"]) == (0, 1)
