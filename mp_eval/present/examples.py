"""What counts at the boundaries: of each measure a rule, and a worked example that the page shows and a test runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import zip_longest
from typing import Any

from .. import spoken
from ..tidy import MEASURES
from .wording import category, day_in_words, listed, number, of_measures, percent, word, words

# The columns of a row, after the resident; the last may be left out. See the words' file.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "conversations": ("kind", "date"),
    "activities": ("activity", "start", "end", "already_active", "referred_to"),
    "trajectories": ("start", "end", "end_reason", "cost"),
    "outflow": ("kind", "date", "reason"),
    "residents": ("benefit_start", "benefit_end", "ladder_step", "route"),
    "benefits": ("start", "end", "end_reason", "birth_year", "sex", "household"),
    "ladder": ("step", "date"),
    "caseload": ("group", "since"),
    "client_picture": ("education", "obstacles", "language"),
}
ALSO = ("referred_to", "route", "end_reason", "birth_year", "sex", "household")  # columns that may be left out
MISSING = "-"
YEAR = date(2024, 1, 1)
EARLIER = date(2024, 10, 15)  # on which day the earlier delivery of an example was made
Given = Mapping[str, str | None]


@dataclass(frozen=True)
class Example:
    """The boundary rule of a measure, the rows of a made-up delivery by table, and what they come to.

    `rows` hold resident and the table's `COLUMNS` as texts, None where a cell is empty, `earlier` those of an earlier
    delivery. `shown` are the rows of other measures of which this one is made: measure, breakdown, category, value,
    and what else the row has; `model` are those that words tell as a whole. `of` is the breakdown and the category,
    `of_day` the date of a stock of which there are several, `side` which number of the row it is. `start` is the first
    day of the period, `whole_from` that from which on the register of benefits holds everybody.
    """

    rule: str
    rows: Mapping[str, tuple[Given, ...]]
    value: float
    of: tuple[str, str]
    of_day: str
    earlier: Mapping[str, tuple[Given, ...]]
    shown: tuple[tuple[str, ...], ...]
    model: tuple[tuple[str, ...], ...]
    side: str
    start: date
    whole_from: date | None


@cache
def examples() -> Mapping[str, Example]:
    """By measure."""
    said = of_measures(spoken.DUTCH)
    return {measure: _example(given, said["model"]) for measure, given in said.items() if "rule" in given}


def _example(given: Mapping[str, Any], model: Sequence[str]) -> Example:
    breakdown, part = given.get("of", ("", ""))
    return Example(
        rule=given["rule"],
        rows=_tables(given),
        value=float(given["value"]),
        of=(breakdown, part),
        of_day=f"{given['of_day']}" if "of_day" in given else "",
        earlier=_tables(given.get("earlier", {})),
        shown=_shown_rows(given.get("shown", ())),
        model=_shown_rows(model if given.get("of_model") else ()),
        side=given.get("side", "value"),
        start=given.get("start", YEAR),
        whole_from=given.get("whole_from"),
    )


def _shown_rows(rows: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple("" if cell == MISSING else cell for cell in row.split()) for row in rows)


def _tables(given: Mapping[str, Any]) -> dict[str, tuple[Given, ...]]:
    return {name: tuple(_row(row, name) for row in given[name]) for name in COLUMNS if name in given}


def _row(text: str, table: str) -> dict[str, str | None]:
    names, cells = ("resident", *COLUMNS[table]), [None if c == MISSING else c for c in text.split()]
    if len(cells) > len(names):
        raise ValueError(f"more cells than columns: {text!r}")
    return dict(zip_longest(names, cells))


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
    if example is None or not rule(measure):
        return ""
    said = [word("example", "model")] if example.model else []
    said += [*_said_of(example.rows), *(_shown(row) for row in example.shown)]
    said += [word("example", "earlier").format(text, day=day_in_words(EARLIER)) for text in _said_of(example.earlier)]
    if example.whole_from:
        said.append(word("example", "whole_from").format(day_in_words(example.whole_from)))
    given = f"{'; '.join(said)}." if said else word("example", "extracted")
    from_ = "" if example.start == YEAR else f"{day_in_words(example.start)} {word('example', 'to')} "
    return f"{rule(measure)} {word('example', 'about').format(from_)} {given} {_outcome(measure, example)}"


def _outcome(measure: str, example: Example) -> str:
    value = example.value
    shown = percent(value) if MEASURES[measure].unit.startswith("share") else _number(value)
    return word("example", example.side).format(f"{shown}{_part(*example.of)}")


def _part(breakdown: str, part: str) -> str:
    """Of which part of a measure the outcome is, as an aside."""
    said = []
    for side, name in zip(breakdown.split(">"), part.split(">"), strict=True) if part else ():
        shown = word("measure", name) if side == "measure" else category(name)
        said.append(words()["example_part"].get(side, "{}").format(shown))
    return f" ({', '.join(said)})" if said else ""


def _said_of(tables: Mapping[str, tuple[Given, ...]]) -> list[str]:
    """The rows in words, each once, with all residents of whom it is."""
    whom: dict[str, list[str]] = {}  # in the order in which they come
    for table, rows in tables.items():
        for row in rows:
            whom.setdefault(_said(row, table), []).append(f"{row['resident']}")
    return [f"{listed(names)}: {text}" for text, names in whom.items()]


def _shown(row: tuple[str, ...]) -> str:
    """A row of another measure in words."""
    measure, breakdown, part, value, *_ = row
    return f"{word('measure', measure)}{_part(breakdown, part)}: {_number(float(value))}"


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
    """What stands in a column that may be left out."""
    said = [word("example", "already")] if row.get("already_active") == "yes" else []
    return "".join([*said, *(word("example", f"also_{c}").format(_cell(row[c])) for c in ALSO if row.get(c))])
