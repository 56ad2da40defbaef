"""The sheets of a workbook: selections of the tidy table in which a number is a number, not a text.

A value that is missing is a sign, never an empty cell or a zero: `x` hidden, `–` not delivered or undefined.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from ..evaluation import Evaluation
from ..periods import WHOLE
from ..tidy import MEASURES
from . import reconciliation as judged
from . import wording
from .wording import capital, definitions, listed, word, words

HIDDEN, MISSING = "x", "–"


@dataclass(frozen=True)
class Number:
    """A number and how it is shown: `count` in ones, `rate` with a decimal, `share` as a percentage."""

    value: float
    form: str


Cell = str | Number | date | None
Row = Mapping[Any, Any]  # of the tidy table


@dataclass(frozen=True)
class Sheet:
    """A table on a sheet of its own: `name` on its tab, `caption` above it, a cell a column in each row."""

    name: str
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""


def sheets(evaluation: Evaluation, period: str = "") -> tuple[Sheet, ...]:
    """All tables of a period, or (without one) of all periods together; `evaluation` is of that part alone."""
    own = evaluation.measures[evaluation.measures["period"] == (period or WHOLE)]
    found = [_totals(own)]
    found += [] if period else [_side_by_side(evaluation)]
    rows = _by("breakdown", own.to_dict("records"))
    for breakdown in dict.fromkeys(name for measure in MEASURES.values() for name in measure.breakdowns):
        found += [_broken_down(rows[breakdown], breakdown)] if breakdown in rows else []
    found += [_reconciled(evaluation)] if len(evaluation.reconciliation) else []
    return (*found, _delivered(evaluation, period))


def _totals(own: pd.DataFrame) -> Sheet:
    """Every measure that is a total, with what it was divided by and between which bounds it lies."""
    rows = [
        (
            capital(_named("measure", row["measure"])),
            _value(row),
            _defined("unit", row["unit"]),
            *(_bound(row, name, "count") for name in ("numerator", "denominator")),
            *(_bound(row, name, _form(row)) for name in ("low", "high")),
            _day(row["as_of"]),
            _defined("value_status", row["status"]),
        )
        for row in own[own["breakdown"] == ""].to_dict("records")
    ]
    columns = ("Maat", "Waarde", "Eenheid", "Teller", "Noemer", "Ondergrens", "Bovengrens", "Peildatum", "Status")
    note = (
        "De noemer is in inwoners, of bij een aantal per maand in maanden. De grenzen zijn die van het 95%-interval "
        "bij een aandeel, en van wat bekend is bij een aantal. De peildatum is de dag van een stand, of de dag tot en "
        "met welke de gegevens gaan."
    )
    return Sheet("Kerncijfers", "Kerncijfers", columns, tuple(rows), note)


def _side_by_side(evaluation: Evaluation) -> Sheet:
    """The totals of every period and of all together, a column a period."""
    names = {p.id: p.wording() for p in evaluation.workspace.periods} | {WHOLE: "alle perioden"}
    totals = evaluation.measures[evaluation.measures["breakdown"] == ""]
    totals = totals[totals["period"].isin(names)].drop_duplicates(["period", "measure"], keep="last")
    cells = {(row["period"], row["measure"]): _value(row) for row in totals.to_dict("records")}
    rows = [
        (capital(_named("measure", measure)), *(cells.get((key, measure), MISSING) for key in names))
        for measure in MEASURES
        if any((key, measure) in cells for key in names)
    ]
    note = "De perioden overlappen en zijn niet even lang; ‘alle perioden’ telt elke inwoner één keer en is geen som."
    columns = ("Maat", *map(capital, names.values()))
    return Sheet("Perioden naast elkaar", "De perioden naast elkaar", columns, tuple(rows), note)


def _broken_down(rows: Sequence[Row], breakdown: str) -> Sheet:
    """The categories of a breakdown, a column a measure; a share with its bounds, a stock with its date."""
    of_measure = _by("measure", rows)
    measures = [m for m in MEASURES if m in of_measure]
    is_stock = any(MEASURES[m].kind == "stock" for m in measures)
    columns = ["Groep"]
    cells: dict[tuple[str, str], dict[str, list[Cell]]] = {}  # of each category and day, those of each measure
    for measure in measures:
        name, is_share = capital(_named("measure", measure)), MEASURES[measure].unit == "share"
        columns += [name, *([f"{name}: ondergrens", f"{name}: bovengrens"] if is_share else [])]
        for row in of_measure[measure]:
            bounds = [_bound(row, "low", "share"), _bound(row, "high", "share")] if is_share else []
            line = cells.setdefault((row["category"], row["as_of"] if is_stock else ""), {})
            line[measure] = [_value(row), *bounds]
    blank: dict[str, list[Cell]] = {m: [MISSING] * (3 if MEASURES[m].unit == "share" else 1) for m in measures}
    made: list[tuple[Cell, ...]] = []
    for (category, day), found in cells.items():
        values = [cell for m in measures for cell in found.get(m, blank[m])]
        made.append((capital(wording.category(category)), *values, *([_day(day)] if is_stock else [])))
    relations = {MEASURES[m].breakdowns[breakdown] for m in measures if breakdown in MEASURES[m].breakdowns}
    note = " ".join(f"{capital(_defined('relation', relation))}." for relation in sorted(relations))
    name = _named("breakdown", breakdown)
    caption = capital(f"{listed([_named('measure', m) for m in measures])} {name}")
    return Sheet(capital(name), caption, (*columns, *(["Peildatum"] if is_stock else [])), tuple(made), note)


def _by(column: str, rows: Iterable[Row]) -> dict[str, list[Row]]:
    """The rows of each value in a column, in their order."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row[column], []).append(row)
    return found


def _reconciled(evaluation: Evaluation) -> Sheet:
    """Published against recomputed, each with the sentence that it stands in."""
    rows, figures = [], {f.id: f for f in evaluation.figures}
    for row, line in zip(evaluation.reconciliation.to_dict("records"), judged.lines(evaluation), strict=True):
        form = "share" if figures[row["figures"].partition(" ")[0]].is_share else "count"
        rows.append(
            (
                line.subject,
                line.when,
                word("rule", row["rule"]),
                line.published,
                _bound(row, "published", form),
                HIDDEN if line.found == HIDDEN else _bound(row, "found", form),
                *(_bound(row, name, form) for name in ("low", "high")),
                line.verdict,
                line.text,
                " / ".join(line.sentences),
                line.pages,
            )
        )
    columns = (
        "Cijfer", "Over", "Vraag", "Zoals gepubliceerd", "Gepubliceerd", "Gevonden", "Ondergrens", "Bovengrens",
        "Oordeel", "Toelichting", "Zin in het document", "Plaats",
    )  # fmt: skip
    note = f"Gepubliceerd in: {judged.documents(evaluation)}."
    return Sheet("Aansluiting", "Gepubliceerd en herberekend", columns, tuple(rows), note)


def _delivered(evaluation: Evaluation, period: str) -> Sheet:
    """What was delivered, refused, kept and corrected, by table; in public which tables came."""
    counted = ("delivered", "refused", "kept", "corrected") if evaluation.is_internal else ()
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            capital(evaluation.workspace.period(key).wording()),
            word("table", row["table"]),
            *(Number(float(row[name]), "count") for name in counted),
        )
        for key, received in evaluation.received.items()
        if period in ("", key)
        for row in received.counts.to_dict("records")
    )
    if not evaluation.is_internal:
        caption = word("hidden", "delivered")
        return Sheet(caption, caption, ("Levering over", "Gegeven"), rows, word("hidden", "rows"))
    columns = ("Levering over", "Gegeven", "Geleverd", "Niet gebruikt", "Gebruikt", "Gecorrigeerd")
    note = "Geteld in rijen, gecorrigeerd in cellen. Geleverd = niet gebruikt + gebruikt."
    return Sheet("Geleverd en gebruikt", "Geleverd en gebruikt", columns, rows, note)


def _value(row: Row) -> Cell:
    if pd.isna(row["value"]):
        return HIDDEN if row["status"] == "hidden" else MISSING
    return Number(float(row["value"]), _form(row))


def _bound(row: Row, name: str, form: str) -> Cell:
    if pd.isna(row[name]):
        return HIDDEN if row["status"] == "hidden" else None
    value = float(row[name])
    return Number(value, "rate" if form == "count" and not value.is_integer() else form)


def _form(row: Row) -> str:
    measure = MEASURES[row["measure"]]
    is_decimal = measure.kind in ("rate", "statistic")
    return "share" if measure.unit == "share" else "rate" if is_decimal else "count"


def _named(section: str, code: str) -> str:
    """The word for a code; for a crossing of categories the word of each side."""
    return words()[section].get(code) or ", ".join(words()[section].get(side, side) for side in code.split(">"))


def _defined(section: str, code: str) -> str:
    return definitions()[section].get(code, code)


def _day(text: str) -> Cell:
    return date.fromisoformat(text) if text else None
