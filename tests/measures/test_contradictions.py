"""What tables of one delivery say against each other, on deliveries so small that it can be counted by hand."""

from __future__ import annotations

import pandas as pd
import pytest
from frames import Tables, conversations, scope

from mp_eval.measures import contradicted
from mp_eval.tidy import pick

CATEGORIES = ["out_and_on_benefit", "newcomer_unknown", "first_twice", "guided_unregistered"]


def outflow(*rows: tuple[str, str, str]) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), columns=["resident", "date", "kind"])
    return frame.astype({"resident": "str", "date": "datetime64[us]", "kind": "str"})


def benefits(*rows: tuple[str, str, str | None]) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), columns=["resident", "start", "end"])
    return frame.astype({"resident": "str", "start": "datetime64[us]", "end": "datetime64[us]"})


def residents(*names: str) -> pd.DataFrame:
    frame = pd.DataFrame({"resident": list(names), "benefit_start": None, "benefit_end": None})
    return frame.astype({"resident": "str", "benefit_start": "datetime64[us]", "benefit_end": "datetime64[us]"})


def caseload(*rows: tuple[str, str, str]) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), columns=["resident", "as_of", "group"])
    return frame.astype({"resident": "str", "as_of": "datetime64[us]", "group": "str"})


def told(tables: Tables, category: str) -> tuple[float, float]:
    row = pick(contradicted(tables, scope()), category=category).iloc[0]
    return row["value"], row["denominator"]


LEFT = outflow(
    ("runs", "2024-05-01", "outflow"),
    ("ended", "2024-05-01", "outflow"),
    ("later", "2024-05-01", "outflow"),
    ("back", "2024-05-01", "outflow"),
    ("referred", "2024-05-01", "wsp_referral"),
    ("before", "2023-05-01", "outflow"),
    ("unregistered", "2024-05-01", "outflow"),
)
REGISTER = benefits(
    ("runs", "2020-01-01", None),
    ("ended", "2020-01-01", "2024-04-30"),
    ("later", "2020-01-01", "2024-06-02"),  # 32 days after: it runs on; a month is the time to note an end
    ("back", "2020-01-01", "2024-04-30"),
    ("back", "2024-09-01", None),
    ("referred", "2020-01-01", None),
    ("before", "2020-01-01", None),
)


def test_an_outflow_while_the_benefit_runs_on() -> None:
    assert told({"outflow": LEFT, "benefits": REGISTER}, "out_and_on_benefit") == (2, 5)  # runs, later


def test_an_end_within_a_month_of_the_outflow_is_its_end() -> None:
    register = benefits(("a", "2020-01-01", "2024-06-01"))
    assert told({"outflow": outflow(("a", "2024-05-01", "outflow")), "benefits": register}, CATEGORIES[0]) == (0, 1)


@pytest.mark.parametrize(("last", "found"), [("2024-06-30", 1), ("2024-05-31", 0)])
def test_a_row_a_month_is_one_benefit_that_runs_on(last: str, found: int) -> None:
    """Each row ends within a month of the outflow, or begins after it."""
    months = pd.date_range("2024-01-01", last, freq="MS").strftime("%Y-%m-%d")
    register = benefits(*(("a", m, f"{pd.Timestamp(m) + pd.offsets.MonthEnd():%Y-%m-%d}") for m in months))
    assert told({"outflow": outflow(("a", "2024-05-01", "outflow")), "benefits": register}, CATEGORIES[0]) == (found, 1)


def test_newcomers_who_are_no_residents() -> None:
    register = benefits(
        ("known", "2024-02-01", None),
        ("gone", "2024-02-01", "2024-08-31"),
        ("old", "2020-01-01", "2024-01-31"),
        ("gone", "2024-12-01", None),  # once is enough
    )
    assert told({"benefits": register, "residents": residents("known")}, "newcomer_unknown") == (1, 2)


def test_two_first_conversations_of_one_resident() -> None:
    talks = conversations(
        ("once", "2024-03-01", "first"),
        ("once", "2024-04-01", "progress"),
        ("twice", "2024-03-01", "first"),
        ("twice", "2024-09-01", "first"),
        ("again", "2023-03-01", "first"),
        ("again", "2024-03-01", "first"),
        ("before", "2023-03-01", "first"),
    )
    assert told({"conversations": talks}, "first_twice") == (2, 3)


def test_guidance_by_the_conversations_against_the_caseload() -> None:
    talks = conversations(
        ("in", "2024-03-01", "first"),
        ("other", "2024-03-01", "first"),
        ("absent", "2024-03-01", "first"),
        ("closed", "2024-03-01", "first"),
        ("closed", "2024-06-01", "closing"),
        ("later", "2025-07-16", "first"),
    )
    stock = caseload(
        ("in", "2025-07-15", "caseload"), ("other", "2025-07-15", "ready"), ("nobody", "2025-07-15", "caseload")
    )
    assert told({"conversations": talks, "caseload": stock}, "guided_unregistered") == (2, 3)


@pytest.mark.parametrize("category", CATEGORIES)
def test_what_was_not_delivered_contradicts_nothing(category: str) -> None:
    row = pick(contradicted({"residents": residents("a")}, scope()), category=category).iloc[0]
    assert (row["status"], pd.isna(row["value"])) == ("not_delivered", True)


def test_one_delivery_that_agrees_has_no_contradiction() -> None:
    tables = {
        "conversations": conversations(("a", "2024-03-01", "first")),
        "residents": residents("a"),
        "benefits": benefits(("a", "2024-02-01", None)),
        "outflow": outflow(),
        "caseload": caseload(("a", "2025-07-15", "caseload")),
    }
    assert contradicted(tables, scope())["value"].tolist() == [0, 0, 0, 0]
