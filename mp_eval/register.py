"""The register: every figure that was published before, as it was meant.

A figure has the sentence it stands in, the days or the date it is about, how exact it was meant, and the categories
that it may belong to: more than one when the document does not say which.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd

from . import tidy
from .faults import Fault, FaultsFound, Reason
from .intake import check, privacy, read
from .intake.contract import Column, Contract, normal
from .periods import Period
from .workspace import Workspace

CATEGORY_TABLES = {"activity": "activities", "group": "caseload", "filled_by": "client_picture"}
INFINITE = float("inf")


@dataclass(frozen=True)
class Figure:
    """One published figure. `value` is a count, a share between 0 and 1, or None for a cell left blank."""

    id: str
    document: str
    page: int | None
    sentence: str
    when: Period | date
    measure: str
    breakdown: str
    categories: tuple[str, ...]
    value: float | None
    qualifier: str
    note: str

    @property
    def is_total(self) -> bool:
        return not self.breakdown

    @property
    def is_ambiguous(self) -> bool:
        return len(self.categories) > 1

    @property
    def bounds(self) -> tuple[float, float]:
        """Between which values the true figure lies, if what was published is right.

        *About* means: rounded to the last digit that is not zero ("zo'n 140" is 135 to 145). *More than* excludes
        the value itself; for a count that is the next whole number. An *exact* share is rounded too: to its last
        decimal, or to a whole percent.
        """
        if self.value is None:
            return 0, INFINITE
        if self.qualifier == "about" or (self.qualifier == "exact" and self.is_share):
            place = _last_digit(self.value)
            half = (place if self.qualifier == "about" else min(place, 0.01)) / 2
            return self.value - half, self.value + half
        if self.qualifier == "more_than":
            return (self.value if self.is_share else self.value + 1), INFINITE
        return self.value, (INFINITE if self.qualifier == "at_least" else self.value)

    @property
    def is_share(self) -> bool:
        return tidy.MEASURES[self.measure].kind == "share"

    def holds(self, value: float) -> bool:
        """Whether this value is what the figure says.

        >>> from mp_eval.periods import parse
        >>> over = Figure("a", "", None, "", parse("2024"), "activation_rate", "", (), 0.30, "more_than", "")
        >>> over.holds(0.2857), over.holds(0.30), over.holds(0.31)
        (False, False, True)
        """
        low, high = self.bounds
        return low < value if self.is_share and self.qualifier == "more_than" else low <= value <= high


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
        once, _, clash = check.duplicate_keys(table, sheet)
        faults += [*privacy.check(sheet), *wrong, *clash]
        if not faults:
            faults += _senseless(table, sheet, contract)
    if faults:
        raise FaultsFound(faults)
    return tuple(_figure(row, contract) for row in once.to_dict("records"))


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


def _senseless(table: pd.DataFrame, sheet: read.Sheet, contract: Contract) -> list[Fault]:
    """Rows whose parts contradict each other."""
    faults = []

    def fault(row: int, column: str, expected: str) -> None:
        title = sheet.table.column(column).title
        faults.append(Fault(Reason.REGISTER, sheet.file, sheet.sheet, (row,), title, expected=expected))

    for number, row in table.iterrows():
        has = row.notna()
        measure = tidy.MEASURES[row["measure"]]
        is_stock = measure.kind == "stock"
        if is_stock != has["as_of"] or is_stock == has["start"] or has["start"] != has["end"]:
            fault(number, "as_of" if is_stock else "start", "bij een stand een peildatum, anders van en tot")
        elif has["start"] and not row["start"] < row["end"]:
            fault(number, "end", "een dag na ‘van’")
        if has["breakdown"] != has["categories"]:
            fault(number, "categories", "een categorie precies dan als er een uitsplitsing is")
        elif has["breakdown"] and row["breakdown"] not in measure.breakdowns:
            fault(number, "breakdown", f"een uitsplitsing die bij deze maat hoort: {', '.join(measure.breakdowns)}")
        elif has["breakdown"] and "" in _categories(row["categories"], row["breakdown"], contract):
            column = _category_column(row["breakdown"], contract)
            fault(number, "categories", column.in_words if column else "")
        if has["value"] == (row["qualifier"] == "blank"):
            fault(number, "value", "een waarde, of geen waarde en ‘leeg’ als nauwkeurigheid")
        if (row["unit"] == "percent") != (measure.kind == "share"):
            fault(number, "unit", "procent bij een aandeel, anders inwoners of consulenten")
    return faults


def _last_digit(value: float) -> float:
    """The place value of the last digit that is not zero.

    >>> _last_digit(140), _last_digit(300), _last_digit(543), _last_digit(0.3), _last_digit(0.286)
    (10.0, 100.0, 1.0, 0.1, 0.001)
    """
    exponent = Decimal(repr(round(value, 9))).normalize().as_tuple().exponent
    return float(Decimal(1).scaleb(int(exponent)))


def periods_of(figures: Sequence[Figure]) -> list[Period]:
    """The distinct periods that figures are about, in order."""
    return sorted({f.when for f in figures if isinstance(f.when, Period)})
