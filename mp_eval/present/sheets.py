"""The sheets of a workbook: selections of the tidy table, by chapter, in which a number is a number, not a text.

A number that is not there leaves its cell empty, and a column at the end says why: hidden, not delivered, undefined.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd

from ..evaluation import Evaluation
from ..periods import WHOLE
from ..tidy import MEASURES
from . import reconciliation as judged
from . import wording
from .chapters.costs import is_refused
from .wording import capital, definitions, listed, word, words

DIFFERENCES = ("compared_risk", "compared_difference")  # not told where the page names no difference
LONGEST = 31  # letters that Excel allows in the name of a sheet
# The chapters in their order, each from the first of its measures in the catalogue on.
CHAPTERS: Mapping[str, str] = {
    "days_to_extraction": "wat-is-aangeleverd",
    "spoken": "gesproken",
    "activated": "geactiveerd",
    "half_year_rate": "perioden-naast-elkaar",
    "trajectories_started": "trajecten",
    "outflow": "doorstroom-en-uitstroom",
    "on_benefit": "caseload",
    "in_picture": "klant-in-beeld",
    "on_lowest_steps": "ambities",
    "started_guidance": "vooruitblik",
    "compared": "maakt-de-aanpak-verschil",
    "consultant_months": "wat-kost-het",
}


@dataclass(frozen=True)
class Number:
    """A number and how it is shown: `count` in ones, `rate` with a decimal, `share` in percent, `key` as a name."""

    value: float
    form: str


@dataclass(frozen=True)
class Absent:
    """A number that is not there; `status` (of the tidy table) says why."""

    status: str


Cell = str | Number | Absent | date | None
Row = Mapping[Any, Any]  # of the tidy table


@dataclass(frozen=True)
class Sheet:
    """A table on a sheet of its own: `name` on its tab, `caption` above it, a cell a column in each row.

    `chapter` is where its numbers stand on the pages; '' when in more than one.
    """

    name: str
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    chapter: str = ""


def sheets(evaluation: Evaluation, period: str = "") -> tuple[Sheet, ...]:
    """All tables of a period, or (without one) of all periods together; `evaluation` is of that part alone.

    First what is of several chapters, then each chapter's own, a sheet a breakdown.
    """
    own = evaluation.measures[evaluation.measures["period"] == (period or WHOLE)]
    found = [_totals(own)]
    found += [] if period else [_side_by_side(evaluation)]
    found += [_reconciled(evaluation)] if len(evaluation.reconciliation) else []
    found += [_delivered(evaluation, period)]
    rows = _by("measure", own[own["breakdown"] != ""].to_dict("records"))
    for name in DIFFERENCES if is_refused(evaluation) else ():
        rows.pop(name, None)
    for chapter, measures in _chapters():
        of_breakdown = _by("breakdown", (row for measure in measures for row in rows.get(measure, ())))
        found += [_broken_down(of, breakdown, chapter) for breakdown, of in of_breakdown.items()]
    return tuple(_named_apart(_told(sheet) for sheet in found))


def _chapters() -> Iterator[tuple[str, list[str]]]:
    """Each chapter with its measures."""
    found: dict[str, list[str]] = {}
    chapter = ""
    for measure in MEASURES:
        chapter = CHAPTERS.get(measure, chapter)
        found.setdefault(chapter, []).append(measure)
    yield from found.items()


def _told(sheet: Sheet) -> Sheet:
    """The sheet with a last column that says of each row what is not there, and why; none when all is."""
    remarks = []
    for row in sheet.rows:
        absent: dict[str, list[str]] = {}
        for column, cell in zip(sheet.columns, row, strict=True):
            if isinstance(cell, Absent):
                absent.setdefault(_defined("value_status", cell.status), []).append(column)
        remarks.append("; ".join(f"{why}: {listed(columns)}" for why, columns in absent.items()))
    if not any(remarks) or word("workbook", "status") in sheet.columns:
        return sheet
    rows = tuple((*row, remark) for row, remark in zip(sheet.rows, remarks, strict=True))
    return replace(sheet, columns=(*sheet.columns, word("workbook", "absent")), rows=rows)


def _named_apart(found: Iterable[Sheet]) -> Iterator[Sheet]:
    """The sheets, of which no two have one name: words of a municipality's own may be too long for a tab."""
    names: set[str] = set()
    for sheet in found:
        name, number = sheet.name[:LONGEST], 1
        while name.casefold() in names:
            number += 1
            name = f"{sheet.name[: LONGEST - 3]} {number}"
        names.add(name.casefold())
        yield replace(sheet, name=name)


def _totals(own: pd.DataFrame) -> Sheet:
    """Every measure that is a total, with what it was divided by and between which bounds it lies."""
    place = {measure: n for n, measure in enumerate(MEASURES)}
    chapter_of = {measure: wording.chapter(chapter) for chapter, measures in _chapters() for measure in measures}
    rows = [
        (
            capital(_named("measure", row["measure"])),
            chapter_of[row["measure"]],
            _value(row),
            _defined("unit", row["unit"]),
            *(_bound(row, name, "count") for name in ("numerator", "denominator")),
            *(_bound(row, name, _form(row)) for name in ("low", "high")),
            _day(row["as_of"]),
            _defined("value_status", row["status"]),
        )
        for row in sorted(own[own["breakdown"] == ""].to_dict("records"), key=lambda row: place[row["measure"]])
    ]
    columns = (
        "Maat", word("workbook", "chapter"), "Waarde", "Eenheid", "Teller", "Noemer", "Ondergrens", "Bovengrens",
        "Peildatum", word("workbook", "status"),
    )  # fmt: skip
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
        (capital(_named("measure", measure)), *(cells.get((key, measure)) for key in names))
        for measure in MEASURES
        if any((key, measure) in cells for key in names)
    ]
    note = "De perioden overlappen en zijn niet even lang; ‘alle perioden’ telt elke inwoner één keer en is geen som."
    columns = ("Maat", *map(capital, names.values()))
    return Sheet("Perioden naast elkaar", "De perioden naast elkaar", columns, tuple(rows), note)


def _broken_down(rows: Sequence[Row], breakdown: str, chapter: str) -> Sheet:
    """The categories of a breakdown, each side of a crossing in a column; then a column a measure.

    A share has its bounds, a stock its date.
    """
    of_measure = _by("measure", rows)
    measures = [m for m in MEASURES if m in of_measure]
    is_stock = any(MEASURES[m].kind == "stock" for m in measures)
    sides = breakdown.split(">")
    cells: dict[tuple[str, str], dict[str, Cell]] = {}  # of each category and day, those of each column
    columns: list[str] = []
    for measure in measures:
        name = capital(_named("measure", measure))
        bounds = {f"{name}: {word('workbook', side)}": side for side in ("low", "high")}
        has_bounds = MEASURES[measure].unit == "share" and any(not pd.isna(row["low"]) for row in of_measure[measure])
        columns += [name, *(bounds if has_bounds else ())]
        for row in of_measure[measure]:
            line = cells.setdefault((row["category"], row["as_of"] if is_stock else ""), {})
            line[name] = _value(row)
            line |= {bound: _bound(row, side, "share") for bound, side in bounds.items()} if has_bounds else {}
    cells = {label: cells[label] for label in _in_order(cells)}
    keys = [_key(side, [category.split(">")[n] for category, _ in cells]) for n, side in enumerate(sides)]
    made = tuple(
        (*key, *(line.get(column) for column in columns), *([_day(day)] if is_stock else []))
        for key, ((_, day), line) in zip(zip(*keys, strict=True), cells.items(), strict=True)
    )
    relations = {MEASURES[m].breakdowns[breakdown] for m in measures if breakdown in MEASURES[m].breakdowns}
    note = " ".join(f"{capital(_defined('relation', relation))}." for relation in sorted(relations))
    caption = capital(f"{listed([_named('measure', m) for m in measures])} {_named('breakdown', breakdown)}")
    heads = [_head(side, is_crossed=len(sides) > 1) for side in sides]
    columns = [*heads, *columns, *(["Peildatum"] if is_stock else [])]
    return Sheet(_tab(breakdown, chapter), caption, tuple(columns), made, note, wording.chapter(chapter))


def _in_order(labels: Collection[tuple[str, str]]) -> list[tuple[str, str]]:
    """The categories of a breakdown, with their days: numbers in the order of numbers, words as they came.

    >>> _in_order([("3", ""), ("12", ""), ("0", "")]), _in_order([("b>12", ""), ("a>1", ""), ("b>3", "")])
    ([('0', ''), ('3', ''), ('12', '')], [('b>3', ''), ('b>12', ''), ('a>1', '')])
    """
    sides = list(zip(*(category.split(">") for category, _ in labels), strict=True))
    ranks = [{part: int(part) if part.isdigit() else n for n, part in reversed([*enumerate(side)])} for side in sides]
    numbered = [all(part.isdigit() for part in side) for side in sides]
    if not any(numbered):
        return list(labels)
    return sorted(labels, key=lambda label: [ranks[n][part] for n, part in enumerate(label[0].split(">"))])


def _tab(breakdown: str, chapter: str) -> str:
    """The name of a sheet: its chapter in a word and how it is broken down, or a name of its own."""
    by = words()["tab"].get(breakdown) or _named("breakdown", breakdown)
    return by if by[:1].isupper() else f"{word('tab_chapter', chapter)} {by}"


def _head(side: str, *, is_crossed: bool) -> str:
    """What the categories of a side are called above their column."""
    own = words()["key"].get(side) if is_crossed else ""
    return capital(own or _named("breakdown", side).removeprefix(word("workbook", "by")))


def _key(side: str, parts: Sequence[str]) -> list[Cell]:
    """The categories of a side; numbers where all of them are."""
    if all(part.isdigit() for part in parts):
        return [Number(float(part), "key") for part in parts]
    return [capital(_named("measure", part) if side == "measure" else wording.category(part)) for part in parts]


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
                Absent("hidden") if line.found == wording.MARK else _bound(row, "found", form),
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
    return Absent(row["status"]) if pd.isna(row["value"]) else Number(float(row["value"]), _form(row))


def _bound(row: Row, name: str, form: str) -> Cell:
    """A bound, of which the value beside it says why it is not there."""
    if pd.isna(row[name]):
        return None
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
