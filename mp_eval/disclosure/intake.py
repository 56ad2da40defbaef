"""What may be told of a delivery: how many rows came, were refused and were kept.

Rows are not residents, but the rows of a table of events bound every count that is made of it: two rows of outflow
kept are at most two residents. So of a table of which a measure is hidden in this period, no rows are told; and of
any table no number of rows from 1 to the threshold - 1. Cells that were corrected say nothing of a resident.
"""

from __future__ import annotations

import pandas as pd

from ..workspace import Disclosure
from .rules import is_small

USED_FOR = {
    "conversations": ("spoken", "in_conversation", "conversations"),
    "activities": ("activated", "activities_started", "cohort_activation_rate"),
    "trajectories": ("activated", "activities_started", "cohort_activation_rate"),
    "outflow": ("outflow", "wsp_referral"),
    "caseload": ("on_benefit",),
    "client_picture": ("on_benefit",),
}
ROWS = ("delivered", "refused", "kept")  # delivered = refused + kept


def hide(counts: pd.DataFrame, measures: pd.DataFrame, settings: Disclosure) -> pd.DataFrame:
    """The counts of a period's delivery, with nothing for the rows that may not be told.

    Parameters
    ----------
    counts
        One row a table: `table`, `delivered`, `refused`, `kept`, `corrected`.
    measures
        The protected measures of the period.
    settings
        The threshold; and the method, because rounded counts can be bounded by exact rows.

    Examples
    --------
    >>> from .. import tidy
    >>> counts = pd.DataFrame({"table": ["outflow"], "delivered": [21], "refused": [0], "kept": [21], "corrected": [1]})
    >>> measures = tidy.table([tidy.row("2024", "outflow", None, status="hidden")])
    >>> hide(counts, measures, Disclosure(internal=False))[["kept", "corrected"]].values.tolist()
    [[<NA>, 1]]
    """
    few = set(measures.loc[measures["status"] == "hidden", "measure"])
    shown = counts.astype(dict.fromkeys(ROWS, "Int64"))
    for n, row in counts.iterrows():
        is_bounding = settings.method != "hide" or not few.isdisjoint(USED_FOR.get(row["table"], tuple(few)))
        if is_bounding or any(is_small(row[c], threshold=settings.threshold) for c in ("delivered", "kept")):
            shown.loc[n, list(ROWS)] = pd.NA
    return shown
