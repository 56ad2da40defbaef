"""What a table holds of residents: for what another table does not say of them."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd


def of_residents(tables: Mapping[str, pd.DataFrame], table: str, column: str, residents: pd.Series) -> pd.Series:
    """What a table says of these residents in one column, the last that it says; missing where it says nothing."""
    rows = tables.get(table)
    if rows is None:
        return pd.Series(pd.NA, index=range(len(residents)), dtype="object")
    known = rows[["resident", column]].dropna(subset=[column]).astype("object")
    known = known.drop_duplicates("resident", keep="last").set_index("resident")[column]
    return known.reindex(residents).reset_index(drop=True)
