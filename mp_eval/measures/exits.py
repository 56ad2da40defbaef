"""How residents left, and what stood beside it: outflow by reason, returns, part-time work and the employers' service.

The reasons are those of the statistical office's benefit statistics (CBS, Bijstandsuitkeringenstatistiek), which
municipalities deliver; their codes are kept. Outflow to work is work as an employee (11, which is also the code for a
benefit for illness) and as self-employed (13).
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from .outflow import lasting
from .scope import Scope

MEASURES = (
    "outflow_per_month",
    "outflow_to_work",
    "outflow_with_wsp",
    "outflow_with_part_time",
    "part_time_contract",
    "re_entries",
)
# The form in force since 2013 (Regeling statistiek Participatiewet, IOAW en IOAZ, BWBR0031830, annex 1), and of the one
# before it (BWBR0017194) 20 and 99, which older records hold.
CODES = (
    "01", "02", "03", "04", "05", "06", "07", "11", "13", "14", "15", "17", "18", "19", "20",
    "31", "32", "33", "34", "35", "97", "98", "99",
)  # fmt: skip
WORK = ("11", "13")


def measure(tables: Mapping[str, pd.DataFrame], scope: Scope) -> list[dict[str, object]]:
    """Residents who left by reason and a month, who of them went to work, and who had something else in the period."""
    events, benefits = tables["outflow"], tables.get("benefits")
    within = events[scope.contains(events["date"])]
    left = gone(within, benefits)
    total = len(left)
    reasons = left["reason"].value_counts()
    contracts, referred = (_residents(within, kind) for kind in ("part_time_contract", "wsp_referral"))
    months = {"numerator": total, "denominator": round(scope.months, 4)}
    rows = [
        scope.row("outflow_per_month", total / scope.months, **months),
        *(
            scope.row("outflow", int(reasons.get(code, 0)), breakdown="reason", category=reason(code))
            for code in (*CODES, "")
        ),
        scope.row("outflow_to_work", int(left["reason"].isin(WORK).sum())),
        scope.row("outflow_with_wsp", int(left["resident"].isin(referred).sum())),
        scope.row("outflow_with_part_time", int(left["resident"].isin(contracts).sum())),
        scope.row("part_time_contract", len(contracts)),
    ]
    if benefits is None:
        return [*rows, scope.not_delivered("re_entries")]
    back = _residents(within, "outflow").difference(pd.Index(left["resident"]))
    return [*rows, scope.row("re_entries", len(back))]


def gone(within: pd.DataFrame, benefits: pd.DataFrame | None) -> pd.DataFrame:
    """Who left among these events and did not come back: resident, date, reason. One row a resident, the last one.

    A reason that was not recorded, or is no code of the statistical office, is empty.
    """
    ended = within[within["kind"] == "outflow"].reindex(columns=["resident", "date", "reason"])
    ended = ended.astype({"reason": "str"})
    ended["reason"] = ended["reason"].where(ended["reason"].isin(CODES), "")
    left = lasting(within, benefits).merge(ended, on=["resident", "date"], how="left")
    return left.sort_values("date", kind="stable").drop_duplicates("resident", keep="last")


def reason(code: str) -> str:
    """The category of a code of the statistical office."""
    return f"cbs_{code}" if code else "unrecorded"


def _residents(within: pd.DataFrame, kind: str) -> pd.Index:
    return pd.Index(within.loc[within["kind"] == kind, "resident"].unique())
