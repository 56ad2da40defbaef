"""What may be told of a delivery in public: which tables came in which files, and how many cells were corrected.

Rows are not residents, but the rows of a table bound every count that is made of it, and what was counted of a table
less its rows is a count too: of 15 rows of outflow with 8 who left and 6 referrals, one fell outside the period. So of
no table rows are told, nor where those are that were left out. Cells that were corrected say nothing of a resident. A
file that is not read may be a letter to somebody, and a sheet may be called by who filled it: neither is named.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from ..delivered import Place

OF_ROWS = ("delivered", "refused", "kept", "duplicates", "not_records", "not_chosen", "within", "residents")


def hide(counts: pd.DataFrame) -> pd.DataFrame:
    """The counts of a period's delivery without those of rows: one row a table, each still there.

    Examples
    --------
    >>> counts = pd.DataFrame({"table": ["outflow"], "delivered": [21], "refused": [0], "kept": [21], "corrected": [1]})
    >>> hide(counts)[["table", "kept", "corrected"]].values.tolist()
    [['outflow', <NA>, 1]]
    """
    shown = counts.copy()
    for column in OF_ROWS:
        if column in shown:
            shown[column] = pd.Series(pd.NA, index=shown.index, dtype="Int64")
    return shown


def hide_account(account: Iterable[Place]) -> tuple[Place, ...]:
    """Which files hold which table, with the cells that were corrected in them; and the kinds of what was not read.

    Examples
    --------
    >>> told = [Place("a.csv", table="ladder", rows=9, used=8, corrected=1), Place("J.pdf", why="no_table")]
    >>> made = hide_account(told)
    >>> [(place.file, place.table, place.rows, place.corrected, place.why) for place in made]
    [('a.csv', 'ladder', 0, 1, ''), ('', '', 0, 0, 'no_table')]
    """
    corrected: dict[tuple[str, str], int] = {}
    kinds = {}
    for place in account:
        if place.table:
            key = place.file, place.table
            corrected[key] = corrected.get(key, 0) + place.corrected
        else:
            kinds[place.why] = Place("", why=place.why)
    read = tuple(Place(file, table=table, corrected=count) for (file, table), count in corrected.items())
    return read + tuple(kinds[why] for why in sorted(kinds))
