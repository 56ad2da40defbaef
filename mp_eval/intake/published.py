"""The register as it is kept in `data/raw/published.csv`: read, and refused where it makes no sense."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from .. import tidy
from ..faults import Fault, FaultsFound, Reason
from ..periods import Period
from ..register import Figure
from ..workspace import Workspace
from . import check, privacy, read
from .contract import Column, Contract, normal
from .once import Part, once

CATEGORY_TABLES = {"activity": "activities", "group": "caseload", "filled_by": "client_picture"}


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
    sheets, faults = read.read_text(path, contract.tables["published"], file=workspace.relative(path))
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
    share = given["unit"] == "percent"
    value = given["value"] / 100 if share and given["value"] is not None else given["value"]
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
    )


def _categories(text: str | None, breakdown: str, contract: Contract) -> tuple[str, ...]:
    """The codes of ‘a of b’; a word that is not a category of the breakdown comes back as ''."""
    if not text:
        return ()
    column = _category_column(breakdown, contract)
    codes = column.lookup() if column else {}
    return tuple(codes.get(normal(word), "") for word in text.split(" of "))


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
        if knows(number, "value", "qualifier") and has["value"] == (row["qualifier"] == "blank"):
            fault(number, "value", "een waarde, of geen waarde en ‘leeg’ als nauwkeurigheid")
        if measure and knows(number, "unit") and (row["unit"] == "percent") != (measure.kind == "share"):
            fault(number, "unit", "procent bij een aandeel, anders inwoners of consulenten")
    return faults
