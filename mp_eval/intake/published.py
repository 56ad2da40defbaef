"""The register as it is kept in `data/raw/published.csv`: read, and refused where it makes no sense."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import pandas as pd

from .. import tidy
from ..faults import Fault, FaultsFound, Reason
from ..periods import Period, parse
from ..register import Figure
from ..workspace import Workspace
from . import check, privacy, read
from .contract import Column, Contract, normal
from .once import Part, once

LATER = ("nature", "upper", "compared")  # columns that a contract of an older version does not have
COUNTED = ("persons", "events", "stock")
CATEGORY_TABLES = {
    "activity": "activities",
    "group": "caseload",
    "filled_by": "client_picture",
    "kind": "conversations",
    "end_reason": "trajectories",
}


def read_register(workspace: Workspace, contract: Contract) -> tuple[Figure, ...]:
    """The register's figures in their order; empty when the workspace has no register.

    Raises
    ------
    FaultsFound
        With every fault: of form, as in any delivery, and of sense (a period and a date, a category that its
        breakdown does not have, a value that is blank without saying so).
    """
    path = workspace.register
    if not path.is_file():
        return ()
    table_of = contract.tables["published"]
    if missing := [name for name in LATER if name not in {column.name for column in table_of.columns}]:
        where = workspace.relative(workspace.contract)
        expected = "ook deze kolommen; neem ze over uit het contract dat bij deze versie van mp-eval hoort"
        raise FaultsFound([Fault(Reason.CONTRACT, where, column="published", found=tuple(missing), expected=expected)])
    sheets, faults = read.read_text(path, table_of, file=workspace.relative(path))
    for sheet in sheets:
        table, wrong = check.check(sheet)
        unique, _, clash = once([Part(sheet, table)])
        faults += [*privacy.check(sheet), *wrong, *clash]
        faults += _senseless(table, sheet, contract, faults)
    if faults:
        raise FaultsFound(faults)
    return tuple(_figure(row, contract) for row in unique.sort_index().to_dict("records"))


def _figure(row: Mapping[str, Any], contract: Contract) -> Figure:
    given: dict[str, Any] = {k: None if pd.isna(v) else v for k, v in row.items()}
    share, nature = given["unit"] == "percent", given["nature"] or "count"
    value, upper = (
        given[name] / 100 if share and given[name] is not None else given[name] for name in ("value", "upper")
    )
    breakdown = given["breakdown"] or ""
    if given["as_of"] is not None:
        when: Period | date = given["as_of"].date()
    else:
        when = Period(given["start"].date(), given["end"].date())
    return Figure(
        id=given["id"],
        document=given["document"],
        page=given["page"],
        sentence=given["sentence"],
        when=when,
        measure=given["measure"],
        breakdown=breakdown,
        categories=_categories(given["categories"], breakdown, contract),
        value=value,
        qualifier=given["qualifier"],
        note=given["note"] or "",
        nature=nature,
        upper=upper,
        compared=_moment(given["compared"]),
        is_percent=share and nature in ("part", "change"),
    )


def _moment(text: str | None) -> Period | date | None:
    """The date or the days in words; None when there are none, or when they cannot be read.

    >>> _moment("15-07-2025"), _moment("2024").iso, _moment("ooit")
    (datetime.date(2025, 7, 15), '2024-01-01/2025-01-01', None)
    """
    if not text:
        return None
    try:
        return datetime.strptime(text, "%d-%m-%Y").date()
    except ValueError:
        pass
    try:
        return parse(text)
    except ValueError:
        return None


def _categories(text: str | None, breakdown: str, contract: Contract) -> tuple[str, ...]:
    """The codes of ‘a of b’; a word that is not a category of the breakdown comes back as ''."""
    if not text:
        return ()
    column = _category_column(breakdown, contract)
    codes = column.lookup() if column else {}
    return tuple(codes.get(normal(word), "") for word in text.split(" of "))


def _precedes(before: Period | date | None, row: pd.Series) -> bool:
    """Whether these are days, or a date, before those that the row is about."""
    if isinstance(before, Period):
        return bool(pd.notna(row["start"]) and before.start < row["start"].date())
    return bool(before is not None and pd.notna(row["as_of"]) and before < row["as_of"].date())


def _category_column(breakdown: str, contract: Contract) -> Column | None:
    table = CATEGORY_TABLES.get(breakdown)
    return contract.tables[table].column(breakdown) if table else None


def _senseless(table: pd.DataFrame, sheet: read.Sheet, contract: Contract, told: Sequence[Fault]) -> list[Fault]:
    """Rows whose parts contradict each other; of a part that is told to be wrong itself nothing follows."""
    faults = []

    def fault(row: int, column: str, expected: str) -> None:
        about = sheet.table.column(column)
        found = tuple(filter(None, (sheet.cells.at[row, h] for h in sheet.cells.columns if about.accepts(h))))
        faults.append(Fault(Reason.REGISTER, sheet.file, sheet.sheet, (row,), about.title, found, expected))

    wrong = {(row, title) for f in told for title in f.column.split(" / ") for row in f.rows or table.index}

    def knows(row: int, *columns: str) -> bool:
        return not any((row, sheet.table.column(name).title) in wrong for name in columns)

    for number, row in table.iterrows():
        has = row.notna()
        measure = tidy.MEASURES[row["measure"]] if knows(number, "measure") else None
        if measure and knows(number, "as_of", "start", "end"):
            is_stock = measure.kind == "stock"
            if is_stock != has["as_of"] or is_stock == has["start"] or has["start"] != has["end"]:
                fault(number, "as_of" if is_stock else "start", "bij een stand een peildatum, anders van en tot")
            elif has["start"] and not row["start"] < row["end"]:
                fault(number, "end", "een dag na ‘van’")
        if knows(number, "breakdown", "categories"):
            if has["breakdown"] != has["categories"]:
                fault(number, "categories", "een categorie precies dan als er een uitsplitsing is")
            elif measure and has["breakdown"] and row["breakdown"] not in measure.breakdowns:
                fault(number, "breakdown", f"een uitsplitsing die bij deze maat hoort: {', '.join(measure.breakdowns)}")
            elif has["breakdown"] and "" in _categories(row["categories"], row["breakdown"], contract):
                column = _category_column(row["breakdown"], contract)
                fault(number, "categories", column.in_words if column else "")
        nature = row["nature"] if has["nature"] else "count"
        if knows(number, "value", "qualifier") and has["value"] == (row["qualifier"] == "blank"):
            fault(number, "value", "een waarde, of geen waarde en ‘leeg’ als nauwkeurigheid")
        elif knows(number, "value", "nature") and has["value"] and row["value"] < 0 and nature != "change":
            fault(number, "value", "een waarde van nul of meer; alleen een verandering kan onder nul zijn")
        if knows(number, "qualifier", "value", "upper"):
            is_range = row["qualifier"] == "between"
            if is_range != has["upper"] or (is_range and has["value"] and not row["value"] < row["upper"]):
                fault(number, "upper", "bij ‘tussen’ een bovengrens boven de waarde, anders niets")
        if measure and knows(number, "unit", "nature"):
            is_percent = row["unit"] == "percent"
            wants = measure.kind == "share" or nature == "part" or (nature == "change" and is_percent)
            if is_percent != wants:
                fault(number, "unit", "procent bij een aandeel, anders wat er is geteld")
        if measure and knows(number, "nature") and (measure.kind not in COUNTED and nature in ("part", "change")):
            fault(number, "nature", "een deel of een verandering van een aantal")
        elif knows(number, "nature", "breakdown") and nature == "part" and not has["breakdown"]:
            fault(number, "breakdown", "bij een deel van het totaal een uitsplitsing")
        if knows(number, "nature", "compared", "as_of", "start", "end"):
            before = _moment(row["compared"] if has["compared"] else None)
            if (nature == "change") != has["compared"] or (has["compared"] and not _precedes(before, row)):
                fault(number, "compared", "bij een verandering een eerdere dag of periode, zoals 15-07-2024 of 2023")
    return faults
