"""Each definition's worked example comes out as the words' file says, by the code that makes the pages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import cache

import pandas as pd
import pytest
from contracted import _contract, completed

from mp_eval import measures, tidy
from mp_eval.costs import Amount, Costs
from mp_eval.intake.check import DTYPES
from mp_eval.measures import ACROSS, CHAPTERS, COHORTS, STOCKS, Scope, compared, costs, halves, late, outlook
from mp_eval.periods import WHOLE, Period
from mp_eval.present.chapters.costs import MADE
from mp_eval.present.examples import EARLIER, Example, Given, examples, told
from mp_eval.present.wording import day_in_words, number
from mp_eval.programme import Programme, Route
from mp_eval.workspace import Outlook

YEAR = Period(date(2024, 1, 1), date(2025, 1, 1), "2024")
AS_OF = date(2025, 7, 15)
FIXED = {"caseload": {"as_of": AS_OF}, "client_picture": {"as_of": AS_OF, "filled_by": "participation_consultant"}}
TYPES = {"as_of": "date"}
PROGRAMME = Programme(
    referrals=("buurthuis", "taalcursus"),
    routes=(Route("helpen in de buurt", ("volunteering", "informal_care")),),
)
PRICES = Costs(Amount(8000, "een begroting", YEAR.start), (Amount(1000, "een norm", YEAR.start, "alleenstaande"),))
PUBLISHED_ALONE = {"consultants"}  # no records tell it


def scope_of(example: Example) -> Scope:
    period = Period(example.start, YEAR.end, "2024")
    staff = ((period, 3.0),)
    return Scope("2024", (period,), AS_OF, staff=staff, whole_from=example.whole_from, programme=PROGRAMME)


def tables_of(given: Mapping[str, tuple[Given, ...]]) -> dict[str, pd.DataFrame]:
    """The rows as the intake delivers them, without the columns of which nothing is known."""
    made = {}
    for name, rows in given.items():
        frame = pd.DataFrame([{**row, **FIXED.get(name, {})} for row in rows])
        made[name] = frame.replace({"yes": True, "no": False}).astype("object").dropna(axis=1, how="all")
    return made


def shown(given: Iterable[tuple[str, ...]], period: str) -> pd.DataFrame:
    """The rows of other measures, as they may be shown."""
    names = ("numerator", "denominator", "low", "high")
    rows = []
    for measure, breakdown, category, value, *rest in given:
        numbers = {name: float(cell) for name, cell in zip(names, rest, strict=False) if cell}
        label = {"breakdown": breakdown, "category": category, "as_of": AS_OF.isoformat()}
        rows.append(tidy.row(period, measure, float(value), **numbers, **label))
    return tidy.table(rows)


def measured(measure: str, example: Example) -> pd.DataFrame:
    """What the code tells of the example that makes this measure."""
    if measure in (*MADE, "consultant_months"):
        months = scope_of(example).consultant_months
        return costs.reckon(shown((*example.model, *example.shown), WHOLE), settings=PRICES, months={WHOLE: months})
    if example.model:
        return modelled((*example.model, *example.shown))
    if example.earlier:
        pairs = ((example.earlier, replace(scope_of(example), as_of=EARLIER)), (example.rows, scope_of(example)))
        identities = {name: table.identity for name, table in _contract().tables.items()}
        return tidy.table(late.measure([(typed(rows), scope) for rows, scope in pairs], identities))
    return recorded(measure, example)


@cache
def modelled(rows: tuple[tuple[str, ...], ...]) -> pd.DataFrame:
    """The outlook that is made of these rows, of which several measures tell."""
    return outlook.look_ahead(shown(rows, "2024"), settings=Outlook(), staff={"2024": 3.0})


def typed(rows: Mapping[str, tuple[Given, ...]]) -> dict[str, pd.DataFrame]:
    return completed({name: filled(frame, name) for name, frame in tables_of(rows).items()})


def recorded(measure: str, example: Example) -> pd.DataFrame:
    """What the chapter that makes this measure tells of the delivery."""
    given, scope = tables_of(example.rows), scope_of(example)
    chapter = next(c for c in (*CHAPTERS, *COHORTS, *STOCKS, *ACROSS, compared, halves) if measure in c.MEASURES)
    needed = {table for m in chapter.MEASURES for table in tidy.MEASURES[m].needs} | needs_also(measure)
    rows = {name: given.get(name, pd.DataFrame()) for name in needed | given.keys()}
    tables = measures._numbered(completed({name: filled(frame, name) for name, frame in rows.items()}))
    made = chapter.measure(tables, tables, scope) if chapter in ACROSS else chapter.measure(tables, scope)
    return tidy.table(made)


def needs_also(measure: str) -> set[str]:
    return {"outflow", "residents"} if measure in ("left_programme", "in_programme", "joined_programme") else set()


def filled(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """With the columns that a delivery must have, also when it has no rows; numbers and days typed."""
    columns = _contract().tables[name].columns
    given = frame.reindex(columns=[c.name for c in columns if c.name in frame or c.required])
    for column in columns:
        if column.name in given and column.type in ("number", "integer"):
            given[column.name] = pd.to_numeric(given[column.name])
    return given.astype({c.name: DTYPES[c.type] for c in columns if c.name in given})


def comes_out(measure: str, example: Example) -> list[float]:
    rows = tidy.pick(measured(measure, example), measure=measure, breakdown=example.of[0], category=example.of[1])
    rows = rows[rows["as_of"] == example.of_day] if example.of_day else rows
    return rows[example.side].tolist()


def test_each_example_comes_out() -> None:
    found = {measure: comes_out(measure, example) for measure, example in examples().items()}
    assert found == {measure: [pytest.approx(example.value, abs=5e-4)] for measure, example in examples().items()}


def test_a_reader_sees_the_rows_that_are_run() -> None:
    assert [measure for measure, example in examples().items() if not is_seen(measure, example)] == []


def is_seen(measure: str, example: Example) -> bool:
    """The rule, every day and every number of an example are in what a reader is told."""
    tables = (*example.rows.values(), *example.earlier.values())
    days = {c for rows in tables for row in rows for c in row.values() if c and re.fullmatch(r"20\d\d-\d\d-\d\d", c)}
    text = told(measure)
    numbers = {number(float(row[3])) for row in (*example.shown, *example.model)}
    return (
        text.startswith(example.rule)
        and all(day_in_words(date.fromisoformat(day)) in text for day in days)
        and numbers <= set(re.findall(r"[\d.,]*\d", text))
    )


def test_every_measure_has_a_rule_and_an_example() -> None:
    assert tidy.MEASURES.keys() - examples().keys() == PUBLISHED_ALONE
    assert not examples().keys() - tidy.MEASURES.keys()
    assert all(example.rule.endswith(".") for example in examples().values())
