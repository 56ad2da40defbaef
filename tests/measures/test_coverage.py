"""Coverage and freshness: of whom is known what the other measures need, and how late a delivery was taken."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from frames import YEAR, Tables, conversations, scope, value

from mp_eval.measures import Scope, coverage, endings, freshness, measure
from mp_eval.tidy import pick

TALKS = conversations(
    ("a", "2024-02-01", "first"),
    ("b", "2023-05-01", "first"),
    ("b", "2024-03-01", "progress"),
    ("c", "2024-04-01", "progress"),  # the first conversation is not in the delivery
)


def residents(ends: dict[str, str] | None = None, **steps: int | None) -> pd.DataFrame:
    """Residents with a step or none, and of some the end of their benefit."""
    frame = pd.DataFrame({"resident": list(steps), "ladder_step": list(steps.values())})
    frame["benefit_start"] = pd.Series(pd.NaT, index=frame.index, dtype="datetime64[us]")
    frame["benefit_end"] = pd.to_datetime(frame["resident"].map(ends or {}))
    return frame.astype({"resident": "str", "ladder_step": "Int64", "benefit_end": "datetime64[us]"})


def events(*rows: tuple[str, str, str]) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), columns=["resident", "date", "kind"])
    return frame.astype({"resident": "str", "date": "datetime64[us]", "kind": "str"})


def ladder(*rows: tuple[str, int]) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), columns=["resident", "step"]).assign(date=pd.Timestamp("2024-05-01"))
    return frame.astype({"resident": "str", "step": "Int64"})


def covered(*, column: str = "value", **tables: pd.DataFrame) -> object:
    given = {"conversations": TALKS, "residents": residents(a=1, b=2, c=3), **tables}
    return value(coverage.measure(given, scope()), "coverage_of_first_conversation", column=column)


def stepped(**tables: pd.DataFrame) -> list[dict[str, object]]:
    return coverage.measure({"conversations": TALKS, **tables}, scope())


def test_a_first_conversation_of_before_the_period_is_known_too() -> None:
    assert covered() == pytest.approx(2 / 3)  # a and b; not c


def test_the_share_tells_of_how_many_it_is() -> None:
    assert (covered(column="numerator"), covered(column="denominator")) == (2, 3)


def test_with_nobody_in_conversation_there_is_no_share() -> None:
    assert covered(conversations=conversations(), column="status") == "undefined"


def test_a_step_is_known_from_the_residents_table() -> None:
    assert value(stepped(residents=residents(a=2, b=None)), "coverage_of_ladder_step") == 1  # only a was spoken to


def test_a_step_is_known_from_the_ladder() -> None:
    tables = {"residents": residents(a=None, b=None), "ladder": ladder(("a", 3))}
    assert value(stepped(**tables), "coverage_of_ladder_step") == 1


def test_who_has_no_step_is_not_covered() -> None:
    assert value(stepped(residents=residents(a=None, b=1)), "coverage_of_ladder_step") == 0


def test_steps_that_were_not_delivered_at_all_are_not_missing_of_everybody() -> None:
    rows = stepped(residents=residents(a=None, b=None))
    assert value(rows, "coverage_of_ladder_step", column="status") == "not_delivered"


def left(tables: Tables) -> tuple[object, object]:
    rows = endings.measure(tables, scope())
    return tuple(value(rows, "coverage_of_benefit_end", column=c) for c in ("numerator", "denominator"))  # type: ignore[return-value]


GONE = events(("a", "2024-03-01", "outflow"), ("b", "2024-04-01", "outflow"), ("c", "2024-04-01", "wsp_referral"))


def test_an_end_date_is_due_of_who_left() -> None:
    assert left({"outflow": GONE, "residents": residents({"a": "2024-03-01", "c": "2024-04-01"}, a=1, b=1, c=1)}) == (
        1,
        2,
    )


@pytest.mark.parametrize(
    ("end", "covered"), [("2023-02-28", 0), ("2024-01-29", 1), ("2024-01-28", 0), ("2024-03-31", 1), ("2024-04-01", 0)]
)
def test_an_end_date_is_of_the_benefit_that_ended(end: str, covered: int) -> None:
    """The outflow is of 1 March 2024; the first day without is within 31 days of it."""
    assert left({"outflow": GONE.iloc[:1], "residents": residents({"a": end}, a=1)}) == (covered, 1)


def test_an_end_date_may_stand_in_the_register_of_benefits() -> None:
    benefits = pd.DataFrame({"resident": ["b"], "start": ["2020-01-01"], "end": ["2024-03-31"]})
    benefits = benefits.astype({"resident": "str", "start": "datetime64[us]", "end": "datetime64[us]"})
    assert left({"outflow": GONE, "residents": residents(a=1, b=1), "benefits": benefits}) == (1, 2)


def test_a_row_of_a_benefit_that_goes_on_is_no_end() -> None:
    benefits = pd.DataFrame(
        {"resident": ["b", "b"], "start": ["2020-01-01", "2024-04-01"], "end": ["2024-03-31", None]}
    )
    benefits = benefits.astype({"resident": "str", "start": "datetime64[us]", "end": "datetime64[us]"})
    back = events(("b", "2024-04-02", "outflow"))
    assert left({"outflow": back, "residents": residents(b=1), "benefits": benefits}) == (0, 1)


def test_nobody_who_left_is_no_share() -> None:
    rows = endings.measure({"outflow": events(), "residents": residents(a=1)}, scope())
    assert value(rows, "coverage_of_benefit_end", column="status") == "undefined"


@pytest.mark.parametrize(
    ("extracted", "days"), [(date(2024, 12, 31), 0), (date(2025, 1, 1), 1), (date(2024, 12, 1), -30)]
)
def test_days_are_counted_from_the_last_day_of_the_period(extracted: date, days: int) -> None:
    assert value(freshness.measure({}, Scope("2024", (YEAR,), extracted)), "days_to_extraction") == days


def test_freshness_is_of_a_delivery_and_not_of_the_union() -> None:
    tables = {"conversations": TALKS}
    assert [len(pick(measure(tables, scope(), stocks=s), measure="days_to_extraction")) for s in (True, False)] == [
        1,
        0,
    ]


def test_residents_are_joined_whatever_their_codes() -> None:
    """`measure` numbers residents in all tables alike."""
    tables = {"conversations": TALKS, "residents": residents(c=3, b=None, a=1)}
    found = pick(measure(tables, scope(), stocks=False), measure="coverage_of_ladder_step")
    assert found["value"].tolist() == [1]
