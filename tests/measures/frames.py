"""Small deliveries by hand: a row a line, typed as the intake types them."""

from __future__ import annotations

from datetime import date

import pandas as pd

from mp_eval.measures import Scope
from mp_eval.periods import Period

YEAR = Period(date(2024, 1, 1), date(2025, 1, 1), "2024")
FIRST = Period(date(2022, 9, 1), date(2023, 6, 1), "2022-2023")  # nine months
SECOND = Period(date(2023, 6, 1), date(2024, 7, 1), "2023-2024")  # thirteen months, six of them in YEAR
Tables = dict[str, pd.DataFrame]


def conversations(*rows: tuple[str, str, str]) -> pd.DataFrame:
    """Rows of resident, date, kind."""
    frame = pd.DataFrame(list(rows), columns=["resident", "date", "kind"])
    return frame.astype({"resident": "str", "date": "datetime64[us]", "kind": "str"})


def activities(*rows: tuple[str, str | None, str, bool | None]) -> pd.DataFrame:
    """Rows of resident, activity, start, already_active."""
    frame = pd.DataFrame(list(rows), columns=["resident", "activity", "start", "already_active"])
    return frame.astype({"resident": "str", "activity": "str", "start": "datetime64[us]", "already_active": "boolean"})


def trajectories(*rows: tuple[str, str]) -> pd.DataFrame:
    """Rows of resident, start."""
    return pd.DataFrame(list(rows), columns=["resident", "start"]).astype(
        {"resident": "str", "start": "datetime64[us]"}
    )


def delivery(
    talks: pd.DataFrame | None = None, started: pd.DataFrame | None = None, instruments: pd.DataFrame | None = None
) -> Tables:
    """The tables that every delivery has; what is not given is delivered empty."""
    return {
        "conversations": conversations() if talks is None else talks,
        "activities": activities() if started is None else started,
        "trajectories": trajectories() if instruments is None else instruments,
    }


def first(*residents: str, on: str = "2024-03-01") -> pd.DataFrame:
    """A first conversation with each resident."""
    return conversations(*((r, on, "first") for r in residents))


def scope(*pieces: Period, as_of: date = date(2025, 7, 15), key: str = "2024", whole_from: date | None = None) -> Scope:
    return Scope(key, pieces or (YEAR,), as_of, whole_from=whole_from)


def value(rows: list[dict[str, object]], measure: str, category: str = "", column: str = "value") -> object:
    """The one cell of a measure's row; None when it is missing."""
    found = [row[column] for row in rows if (row["measure"], row["category"]) == (measure, category)]
    assert len(found) == 1, f"{measure} {category}: {len(found)} rows"
    return None if pd.isna(found[0]) else found[0]
