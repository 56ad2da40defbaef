"""Measures that are declared alone: counted as the catalogue says (`tidy.Measure.counts`), by no function of their own.

Each set is rows of a table here; a column that a condition or a breakdown names is one of the table's own, or made of
the day of a row and what is known of its resident (`COLUMNS`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import pandas as pd

from .. import tidy
from ..implied import counted, set_of
from ..sets import Rows
from . import activation, exits
from .benefit_register import AGES, HOUSEHOLDS, SEXES, UNKNOWN, age_classes
from .held import of_residents
from .reach import months
from .scope import Scope

Tables = Mapping[str, pd.DataFrame]
DAYS = ("date", "start")


def _within(tables: Tables, name: str, scope: Scope) -> pd.DataFrame:
    rows = tables[name]
    return rows[scope.contains(rows[next(day for day in DAYS if day in rows)])]


def _talks(tables: Tables, scope: Scope) -> pd.DataFrame:
    talks = tables["conversations"]
    return talks.assign(day=scope.contains(talks["date"]).map({True: "within", False: "outside"}))


def _starts(tables: Tables, scope: Scope) -> pd.DataFrame:
    starts = activation.starts(tables)
    return starts[scope.contains(starts["start"])].assign(new=lambda rows: _yes(~rows["already_active"]))


def _since(tables: Tables, scope: Scope) -> pd.DataFrame:
    since = activation.since(activation.starts(tables), activation.first_days(tables, scope), scope)
    return since.assign(new=_yes(~since["already_active"]))


def _left(tables: Tables, scope: Scope) -> pd.DataFrame:
    left = exits.gone(_within(tables, "outflow", scope), tables.get("benefits"))
    return left.assign(reason=left["reason"].map(exits.reason))


def _events(kind: str) -> Callable[[Tables, Scope], pd.DataFrame]:
    return lambda tables, scope: _within(tables, "outflow", scope).loc[lambda rows: rows["kind"] == kind]


TABLES: Mapping[str, Callable[[Tables, Scope], pd.DataFrame]] = {
    "conversations": _talks,
    "residents spoken to": lambda tables, scope: activation.first_days(tables, scope).rename("date").reset_index(),
    "starts": _starts,
    "starts since": _since,
    "left": _left,
    "referrals": _events("wsp_referral"),
    "contracts": _events("part_time_contract"),
}


def _yes(told: pd.Series) -> pd.Series:
    return told.map({True: "yes", False: "no"})


def _month(rows: pd.DataFrame, tables: Tables) -> pd.Series:
    return rows[next(day for day in DAYS if day in rows)].dt.strftime("%Y-%m")


def _age(rows: pd.DataFrame, tables: Tables) -> pd.Series:
    born = _known("birth_year")(rows, tables)
    years = rows[next(day for day in DAYS if day in rows)].dt.year
    return age_classes(years.reset_index(drop=True) - pd.to_numeric(born.reset_index(drop=True))).set_axis(rows.index)


def _known(column: str) -> Callable[[pd.DataFrame, Tables], pd.Series]:
    """What the table of residents says, or else the register of benefits."""

    def known(rows: pd.DataFrame, tables: Tables) -> pd.Series:
        told = [of_residents(tables, table, column, rows["resident"]) for table in ("residents", "benefits")]
        return told[0].fillna(told[1]).set_axis(rows.index)

    return known


COLUMNS: Mapping[str, Callable[[pd.DataFrame, Tables], pd.Series]] = {
    "month": _month,
    "age": _age,
    "sex": _known("sex"),
    "household": _known("household"),
}
CATEGORIES: Mapping[str, Callable[[Scope], Sequence[str]]] = {
    "month": months,
    "kind": lambda scope: tidy.CONVERSATIONS,
    "activity": lambda scope: scope.programme.kinds,
    "age": lambda scope: (*AGES, UNKNOWN),
    "sex": lambda scope: (*SEXES, UNKNOWN),
    "household": lambda scope: (*HOUSEHOLDS, UNKNOWN),
    "reason": lambda scope: [exits.reason(code) for code in (*exits.CODES, "")],
}


class UndeliveredError(Exception):
    """A column that the delivery does not have."""


class Counting:
    """Sets of rows of these tables, each made once."""

    def __init__(self, tables: Tables, scope: Scope) -> None:
        self.tables, self.scope = tables, scope
        self._kept: dict[Rows | str, pd.DataFrame] = {}

    def rows(self, wanted: Rows) -> pd.DataFrame:
        """The rows of a set."""
        if wanted not in self._kept:
            found = self._table(wanted.table)
            for column, (is_in, values) in wanted.where:
                found = found[self._column(found, column).isin(values) == is_in]
            for others, are_in in ((wanted.among, True), (wanted.without, False)):
                for other in others:
                    found = found[found["resident"].isin(self.rows(other)["resident"]) == are_in]
            self._kept[wanted] = found
        return self._kept[wanted]

    def _table(self, name: str) -> pd.DataFrame:
        if name not in self._kept:
            self._kept[name] = TABLES[name](self.tables, self.scope)
        return self._kept[name]

    def _column(self, rows: pd.DataFrame, column: str) -> pd.Series:
        if column not in rows and column not in COLUMNS:
            raise UndeliveredError(column)
        made = rows[column] if column in rows else COLUMNS[column](rows, self.tables)
        return made.astype("object").fillna(UNKNOWN)

    def count(self, label: tidy.Label) -> int:
        """How many rows, or residents who have one, a label counts.

        Raises
        ------
        ValueError
            When it is not declared what it counts.
        """
        if (found := counted(label)) is None or (wanted := set_of(label)) is None:
            raise ValueError(f"not declared: {label}")
        rows = self.rows(wanted)
        return len(rows) if found[1] else int(rows["resident"].nunique())

    def labels(self, measure: str) -> Iterator[tidy.Label]:
        """The total, and the categories of each breakdown."""
        yield measure, "", ""
        for breakdown in tidy.MEASURES[measure].breakdowns:
            by = tidy.MEASURES[measure].by.get(breakdown, {})
            named = list(by) if isinstance(by, Mapping) and by else CATEGORIES[breakdown](self.scope)
            yield from ((measure, breakdown, category) for category in named)


def measure(names: Sequence[str], tables: Tables, scope: Scope) -> list[dict[str, object]]:
    """The rows of these measures, each in total and by category; of what was not delivered none."""
    counting, made = Counting(tables, scope), []
    for name in names:
        try:
            if not {*tidy.MEASURES[name].needs} <= tables.keys():
                raise UndeliveredError(name)
            counts = [(counting.count(label), label) for label in counting.labels(name)]
            made += [scope.row(name, count, breakdown=b, category=c) for count, (_, b, c) in counts]
        except UndeliveredError:
            made.append(scope.not_delivered(name))
    return made
