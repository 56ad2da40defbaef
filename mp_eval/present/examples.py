"""What counts at the boundaries: of each measure a rule, and a worked example that the page shows and a test runs."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from .. import spoken
from ..tidy import MEASURES
from .wording import FOLDER, category, day_in_words, listed, number, percent, word, words

# The columns of a row, after the resident; see the words' file.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "conversations": ("kind", "date"),
    "activities": ("activity", "start", "end", "already_active"),
    "trajectories": ("start", "end", "end_reason", "cost"),
    "outflow": ("kind", "date", "reason"),
    "residents": ("benefit_start", "benefit_end", "ladder_step"),
    "benefits": ("start", "end"),
    "ladder": ("step", "date"),
    "caseload": ("group", "since"),
    "client_picture": ("education", "obstacles", "language"),
}
MISSING = "-"
Given = Mapping[str, str | None]


@dataclass(frozen=True)
class Example:
    """The boundary rule of a measure, the rows of a made-up delivery by table, and what they come to.

    `rows` hold resident and the table's `COLUMNS` as texts, None where a cell is empty; `of` is the breakdown and the
    category, `of_day` the date of a stock of which there are several.
    """

    rule: str
    rows: Mapping[str, tuple[Given, ...]]
    value: float
    of: tuple[str, str]
    of_day: str


@cache
def examples() -> Mapping[str, Example]:
    """By measure."""
    text = (FOLDER / f"{spoken.DUTCH}.examples.toml").read_text(encoding="utf-8")
    return {measure: _example(given) for measure, given in tomllib.loads(text).items()}


def _example(given: Mapping[str, Any]) -> Example:
    rows = {name: tuple(_row(row, name) for row in given[name]) for name in COLUMNS if name in given}
    breakdown, part = given.get("of", ("", ""))
    of_day = f"{given['of_day']}" if "of_day" in given else ""
    return Example(given["rule"], rows, float(given["value"]), (breakdown, part), of_day)


def _row(text: str, table: str) -> dict[str, str | None]:
    cells = text.split()
    return dict(zip(("resident", *COLUMNS[table]), (None if c == MISSING else c for c in cells), strict=True))


def rule(measure: str) -> str:
    """The sentence that a measure's definition leaves open; '' for a measure without one."""
    example = examples().get(measure)
    if spoken.language() != spoken.DUTCH:  # an example is in the words of its own language's file, or not at all
        return ""
    return spoken.told(example.rule) if example else ""


def told(measure: str) -> str:
    """The rule and the example as a reader sees them; '' for a measure without one.

    >>> told("newcomers_reached")
    'De dag van een half jaar telt nog mee. Voorbeeld over 2024: a: eerste gesprek op 1 augustus 2024; b: eerste \
gesprek op 2 augustus 2024; a en b: uitkering vanaf 1 februari 2024. Dat geeft 50,0%.'
    """
    example = examples().get(measure)
    if example is None:
        return ""
    whom: dict[str, list[str]] = {}  # who has the same row, in the order in which they come
    for table, rows in example.rows.items():
        for row in rows:
            whom.setdefault(_said(row, table), []).append(f"{row['resident']}")
    said = [f"{listed(names)}: {text}" for text, names in whom.items()]
    shown = percent(example.value) if MEASURES[measure].unit.startswith("share") else _number(example.value)
    part = f" ({category(example.of[1])})" if example.of[1] and example.of[0] != "months" else ""
    months = f" ({example.of[1]} maanden)" if example.of[0] == "months" else ""
    given = f" Voorbeeld over 2024: {'; '.join(said)}." if said else " Voorbeeld over 2024, opgevraagd op 15 juli 2025."
    return f"{rule(measure)}{given} Dat geeft {shown}{part}{months}."


def _number(value: float) -> str:
    return number(value) if value.is_integer() else number(value, 2 if value >= 0.1 else 3)


def _said(row: Given, table: str) -> str:
    """A row in words, without the resident."""
    name = words()["example"][table]
    until = f"{table}_until"
    end = row.get("end") or row.get("benefit_end")
    form = words()["example"][until] if end and until in words()["example"] else name
    return form.format(**{key: _cell(cell) for key, cell in row.items()}) + _aside(row)


def _cell(cell: str | None) -> str:
    """A day in words, the reader's word of a code, or the text itself."""
    if cell is None:
        return word("example", "missing")
    try:
        return day_in_words(date.fromisoformat(cell))
    except ValueError:
        return words()["example_word"].get(cell) or words()["category"].get(cell, cell)


def _aside(row: Given) -> str:
    return word("example", "already") if row.get("already_active") == "yes" else ""
