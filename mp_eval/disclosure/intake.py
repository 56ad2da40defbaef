"""What may be told of a delivery in public: which tables came, and how many cells were corrected.

Rows are not residents, but the rows of a table bound every count that is made of it, and what was counted of a table
less its rows is a count too: of 15 rows of outflow with 8 who left and 6 referrals, one fell outside the period. So of
no table rows are told. Cells that were corrected say nothing of a resident.
"""

from __future__ import annotations

import pandas as pd

OF_ROWS = ("delivered", "refused", "kept", "duplicates", "not_records", "not_chosen")


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
