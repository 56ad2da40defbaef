"""What may be told of a delivery in public: which tables came in which files.

Rows are not residents, but the rows of a table bound every count that is made of it, and what was counted of a table
less its rows is a count too: of 15 rows of outflow with 8 who left and 6 referrals, one fell outside the period. So of
no table rows are told, nor where those are that were left out. Neither is what tells that a file is another one than at
an earlier release, for the numbers may stand there so that it is not told: no digest, and not how many cells were
corrected. A file that is not read may be a letter to somebody, and a sheet may be called by who filled it: neither is
named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import pandas as pd

from ..delivered import Place, Source

COUNTED = (
    "delivered",
    "refused",
    "kept",
    "corrected",
    "duplicates",
    "not_records",
    "not_chosen",
    "within",
    "residents",
)


def hide(counts: pd.DataFrame) -> pd.DataFrame:
    """The counts of a period's delivery without its numbers: one row a table, each still there.

    Examples
    --------
    >>> counts = pd.DataFrame({"table": ["outflow"], "delivered": [21], "refused": [0], "kept": [21], "corrected": [1]})
    >>> hide(counts)[["table", "kept", "corrected"]].values.tolist()
    [['outflow', <NA>, <NA>]]
    """
    shown = counts.copy()
    for column in COUNTED:
        if column in shown:
            shown[column] = pd.Series(pd.NA, index=shown.index, dtype="Int64")
    return shown


def hide_account(account: Iterable[Place]) -> tuple[Place, ...]:
    """Which files hold which table; and the kinds of what was not read.

    Examples
    --------
    >>> told = [Place("a.csv", table="ladder", rows=9, used=8, corrected=1), Place("J.pdf", why="no_table")]
    >>> made = hide_account(told)
    >>> [(place.file, place.table, place.rows, place.corrected, place.why) for place in made]
    [('a.csv', 'ladder', 0, 0, ''), ('', '', 0, 0, 'no_table')]
    """
    told = list(account)
    read = dict.fromkeys((place.file, place.table) for place in told if place.table)
    made = [Place(file, table=table) for file, table in read]
    return (*made, *(Place("", why=why) for why in sorted({place.why for place in told if not place.table})))


def hide_source(source: Source) -> Source:
    """The note of a delivery without its digests, nor a text that holds a number: no rule protects that.

    >>> from datetime import date
    >>> hide_source(Source("suite", date(2025, 1, 1), True, note="1 rij", sha256={"a.csv": "0a1b"})).sha256
    {}
    """
    has_number = any(c.isdigit() for c in source.note)
    return replace(source, note="" if has_number else source.note, sha256={})


def hide_files(files: Mapping[str, str], account: Iterable[Place]) -> dict[str, str]:
    """The files that were read, without their digests.

    >>> hide_files({"a.csv": "0a1b", "J.pdf": "1b2c"}, [Place("a.csv", table="ladder")])
    {'a.csv': ''}
    """
    read = {place.file for place in account}
    return {name: "" for name in files if name in read}
