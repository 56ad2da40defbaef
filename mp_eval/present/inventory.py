"""What came of each file, sheet and folder of a delivery, in words: for the command, the page and the data file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

import pandas as pd

from ..delivered import Place, Ranges
from .findings import small
from .wording import counted, listed, number, word, words

SHOWN = 8  # stretches of rows that a line names
LONGEST = 20_000  # letters of a list of rows in one cell of a data file: a spreadsheet holds 32,767
COLUMNS = ("period", "file", "sheet", "table", "outcome", "count", "where")


def lines(places: Iterable[Place]) -> Iterator[str]:
    """A line a file or sheet, and below it what its reader should know of it."""
    for place in places:
        yield ": ".join(filter(None, (name(place), title(place) if place.table else "", outcome(place))))
        for remark in remarks(place):
            yield f"  {remark}"
        if place.lacking:  # one of these may be there, under a name that is not known
            found = f"  niet gevonden (mag): {_columns(place.lacking)}"
            yield f"{found}; heet er een anders, noem haar dan bij [intake.{place.table}.headers]"


def providers(trajectories: pd.DataFrame | None) -> str:
    """Whose names pages will show, for who knows whether one of them is a person's; '' without any."""
    names = [] if trajectories is None else sorted(trajectories["provider"].dropna().astype("str").unique())
    shown = names[:SHOWN] + ([f"nog {len(names) - SHOWN}"] if len(names) > SHOWN else [])
    return word("said", "providers").format(names=listed(shown)) if names else ""


def table(accounts: Mapping[str, Iterable[Place]], *, is_internal: bool) -> pd.DataFrame:
    """The account as a data file: a row for each outcome of a file or sheet, by period.

    Of what was read the rows that were used and those that were left out add up to `rows`; a list of row numbers that
    is too long for a cell goes on in the next row. In public there are no rows, so no counts of them.

    >>> told = [Place("a.csv", table="ladder"), Place("", why="no_table")]
    >>> table({"2024": told}, is_internal=False)[["outcome", "count"]].values.tolist()
    [['read', <NA>], ['not_read', <NA>]]
    """
    made = []
    for period, places in accounts.items():
        for place in places:
            facts = list(_facts(place)) if is_internal else [_public(place)]
            made += [[period, place.file, place.sheet, place.table, *fact] for fact in facts]
    kinds = dict.fromkeys(COLUMNS, "str") | {"count": "Int64"}
    return pd.DataFrame(made, columns=list(COLUMNS)).astype(kinds)


def _facts(place: Place) -> Iterator[tuple[str, int | None, str]]:
    """Outcome, how many, and where."""
    if not place.table:
        yield "not_read", place.rows or None, word("not_read", place.why)
        return
    yield "rows", place.rows, ""
    yield "used", place.used, ""
    for code, found in (*place.left.items(), ("hidden_rows", place.hidden_rows)):
        for some in _pieces(found):
            yield code, sum(last - first + 1 for first, last in some), _numbers(some)
    yield "cells", place.cells, ""
    yield "corrected", place.corrected, ""
    for code, columns in (("hidden_columns", place.hidden_columns), ("unused_columns", place.unused)):
        if columns:
            yield code, len(columns), ", ".join(columns)
    if not place.sees_all:
        yield "unseen", None, word("not_read", "unseen")


def _public(place: Place) -> tuple[str, int | None, str]:
    return ("read", None, "") if place.table else ("not_read", None, word("not_read", place.why))


def _pieces(found: Ranges) -> Iterator[Ranges]:
    """Stretches of rows, as many together as one cell holds."""
    most = LONGEST // 18  # two numbers of seven figures, and what parts them
    for start in range(0, len(found), most):
        yield found[start : start + most]


def name(place: Place) -> str:
    return f"{place.file}, blad ‘{place.sheet}’" if place.sheet else place.file


def title(place: Place) -> str:
    """What was read from it."""
    return words()["table"].get(place.table, "Codelijst") if place.table else "–"


def told(account: Iterable[Place], *, is_internal: bool) -> Iterator[tuple[Place, str]]:
    """Each file or sheet with what was read from it; in public, where no sheets are named, each file once.

    >>> [what for _, what in told([Place("a.xlsx", "", "ladder"), Place("a.xlsx", "", "residents")], is_internal=False)]
    ['Treden en inwoners']
    """
    for _, some in groupby(account, key=id if is_internal else lambda place: (place.file, place.why)):
        own = list(some)
        yield own[0], listed([title(own[0]), *(small(title(place)) for place in own[1:])])


def outcome(place: Place, *, counts: bool = True) -> str:
    """Why it was not read, or its rows: those that were used and those that were left out are all of them.

    Without `counts`, in public, only why it was not read, and else that it was.

    >>> outcome(Place("a.csv", table="residents", rows=5, used=3, left={"header": ((1, 1),), "total": ((5, 5),)}))
    '5 rijen = 3 gebruikt + 1 kop (rij 1) + 1 totaalregel (rij 5)'
    """
    if not place.table:
        held = f" ({counted(place.rows, 'rij', 'rijen')})" if place.rows and counts else ""
        return f"niet gelezen{held}, want {word('not_read', place.why)}"
    if not counts:
        return word("said", "read")
    parts = [f"{number(place.used)} {word('outcome', 'used')}"]
    parts += [f"{kind(code, place.count(code))} ({rows(found)})" for code, found in place.left.items()]
    held = counted(place.rows, word("grammar", "row"), word("grammar", "rows"))
    return word("said", "rows").format(rows=held, parts=" + ".join(parts))


def remarks(place: Place) -> list[str]:
    """What is hidden in it, what of it is not used, and what could not be seen."""
    said = []
    if place.corrected:
        said.append(f"gecorrigeerd: {counted(place.corrected, 'cel', 'cellen')}")
    if place.times:
        said.append(f"alleen de dag gebruikt van {counted(place.times, 'datum', 'datums')} met een tijd")
    if place.hidden_rows:
        said.append(f"verborgen of weggefilterd, wel gelezen: {rows(place.hidden_rows)}")
    if place.hidden_columns:
        said.append(f"verborgen, wel gelezen: {_columns(place.hidden_columns)}")
    if place.unused:
        said.append(f"niet gebruikt, want niet in het contract: {_columns(place.unused)}")
    if place.nowhere:
        said.append(word("said", "nowhere").format(words=listed([f"‘{one}’" for one in place.nowhere])))
    if not place.sees_all:
        said.append(word("not_read", "unseen"))
    return said


def kind(code: str, count: int) -> str:
    """So many rows of a kind."""
    one, more = word("outcome", code).split("|")
    return f"{number(count)} {one if count == 1 else more}"


def rows(found: Ranges, most: int = SHOWN) -> str:
    """Row numbers, as a spreadsheet or an editor counts them.

    >>> rows(((1, 1),)), rows(((3, 5), (9, 9))), rows(((1, 1), (3, 3), (5, 5)), 2)
    ('rij 1', 'rij 3-5, 9', 'rij 1, 3 en verder')
    """
    shown = _numbers(found[:most])
    more = word("said", "and_on") if len(found) > most else ""
    return word("said", "at_rows").format(rows=shown + more)


def _numbers(found: Ranges) -> str:
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in found)


def _columns(names: Iterable[str]) -> str:
    found = [f"‘{name}’" for name in names]
    return f"kolom {listed(found)}" if len(found) == 1 else f"kolommen {listed(found)}"
