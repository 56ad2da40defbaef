"""Each definition's worked example comes out as the words' file says, by the code that makes the pages."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from contracted import completed

from mp_eval import measures, tidy
from mp_eval.intake.check import DTYPES
from mp_eval.measures import ACROSS, CHAPTERS, COHORTS, STOCKS, Scope
from mp_eval.measures.outlook import ASSUMED, MODELLED
from mp_eval.periods import Period
from mp_eval.present.chapters.costs import MADE
from mp_eval.present.examples import Example, examples, told
from mp_eval.present.wording import day_in_words

YEAR = Period(date(2024, 1, 1), date(2025, 1, 1), "2024")
AS_OF = date(2025, 7, 15)
SCOPE = Scope("2024", (YEAR,), AS_OF, staff=((YEAR, 3.0),))
FIXED = {"caseload": {"as_of": AS_OF}, "client_picture": {"as_of": AS_OF, "filled_by": "participation_consultant"}}
TYPES = {"as_of": "date"}
# Made from others, read as they were set, of the trials, told only of several deliveries or of years.
WITHOUT = {
    *MODELLED, *ASSUMED, *MADE, "consultant_months", "guided_after_year", "caseload_path", "waiting_path",
    *(m for m in tidy.MEASURES if m.startswith("compar")),
    "consultants", "on_route", "route_recorded", "self_directed_started",
    "late_records", "withdrawn_records", "running_share", "benefits_started", "still_on_benefit",
}  # fmt: skip


def tables_of(example: Example) -> dict[str, pd.DataFrame]:
    """The rows as the intake delivers them; a table that a measure needs and that has no rows is empty."""
    made = {}
    for name, rows in example.rows.items():
        frame = pd.DataFrame([{**row, **FIXED.get(name, {})} for row in rows])
        made[name] = frame.replace({"yes": True, "no": False}).astype("object") if len(frame) else frame
    return made


def measured(measure: str, example: Example) -> pd.DataFrame:
    """What the chapter that makes this measure tells of the example."""
    given = tables_of(example)
    chapter = next(c for c in (*CHAPTERS, *COHORTS, *STOCKS, *ACROSS) if measure in c.MEASURES)
    needed = {table for m in chapter.MEASURES for table in tidy.MEASURES[m].needs} | needs_also(measure)
    rows = {name: given.get(name, pd.DataFrame()) for name in needed | given.keys()}
    tables = measures._numbered(completed({name: filled(frame, name) for name, frame in rows.items()}))
    made = chapter.measure(tables, tables, SCOPE) if chapter in ACROSS else chapter.measure(tables, SCOPE)
    return tidy.table(made)


def needs_also(measure: str) -> set[str]:
    return {"outflow", "residents"} if measure in ("left_programme", "in_programme", "joined_programme") else set()


def filled(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """With the columns that a delivery must have, also when it has no rows; numbers and days typed."""
    from contracted import _contract

    columns = _contract().tables[name].columns
    given = frame.reindex(columns=[c.name for c in columns if c.name in frame or c.required])
    for column in columns:
        if column.name in given and column.type in ("number", "integer"):
            given[column.name] = pd.to_numeric(given[column.name])
    return given.astype({c.name: DTYPES[c.type] for c in columns if c.name in given})


@pytest.mark.parametrize("measure", examples())
def test_the_example_comes_out(measure: str) -> None:
    example = examples()[measure]
    rows = tidy.pick(measured(measure, example), measure=measure, breakdown=example.of[0], category=example.of[1])
    rows = rows[rows["as_of"] == example.of_day] if example.of_day else rows
    assert len(rows) == 1
    assert rows["value"].iloc[0] == pytest.approx(example.value, abs=5e-4)


@pytest.mark.parametrize("measure", examples())
def test_a_reader_sees_the_rows_that_are_run(measure: str) -> None:
    example = examples()[measure]
    days = {c for rows in example.rows.values() for row in rows for c in row.values() if c and c[:2] == "20"}
    text = told(measure)
    assert text.startswith(example.rule)
    assert all(day_in_words(date.fromisoformat(day)) in text for day in days)


def test_every_measure_that_is_counted_has_an_example() -> None:
    assert examples().keys() | WITHOUT == tidy.MEASURES.keys()
    assert not examples().keys() & WITHOUT
