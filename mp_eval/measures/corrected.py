"""A day that a later delivery corrects: what stands there under another day is not counted twice.

Of who moved away a later delivery may hold nothing more, and what was recorded stays. But where it tells of a resident
a record of the same kind that the earlier one lacks, and lacks one that the earlier one has, within days that both
cover, the record was given another day. They are paired in the order of their days, one with one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from ..periods import Period
from .late import DAYS, covered
from .scope import Scope

KINDS = {"conversations": "kind", "activities": "activity", "trajectories": "provider", "outflow": "kind"}
WHOLE = {"benefits": "start", "ladder": "date"}  # each delivery of them goes back to their first day
Tables = Mapping[str, pd.DataFrame]


def without_corrected(
    deliveries: Sequence[tuple[Tables, Scope]], identities: Mapping[str, Sequence[str]]
) -> list[dict[str, pd.DataFrame]]:
    """The tables of each delivery without the rows to which a later one gave another day.

    Parameters
    ----------
    deliveries
        In the order of their extraction, oldest first, each with the scope of its own period.
    identities
        The columns that say who and when in each table (`Table.identity`).

    Examples
    --------
    >>> from datetime import date
    >>> year = Scope("2024", (Period(date(2024, 1, 1), date(2025, 1, 1)),), date(2025, 1, 1))
    >>> talk = lambda day: {"conversations": pd.DataFrame(
    ...     {"resident": ["a"], "date": pd.to_datetime([day]), "kind": ["first"]})}
    >>> both = [(talk("2024-03-01"), year), (talk("2024-03-04"), year)]
    >>> [len(t["conversations"]) for t in without_corrected(both, {"conversations": ["resident", "date"]})]
    [0, 1]
    """
    made = [dict(tables) for tables, _ in deliveries]
    for n, (earlier, (_, then)) in enumerate(zip(made, deliveries, strict=True)):
        for later, now in deliveries[n + 1 :]:
            for name, day in {**DAYS, **WHOLE}.items():
                if name in earlier and name in later and (both := _both(name, day, earlier, then, later, now)):
                    gone = _given_another_day(earlier[name], later[name], name, day, both, list(identities[name]))
                    earlier[name] = earlier[name][~gone]
    return made


def _both(name: str, day: str, earlier: Tables, then: Scope, later: Tables, now: Scope) -> Period | None:
    """The days that both deliveries cover."""
    if name in DAYS:
        return covered(earlier[name], day, then).overlap(covered(later[name], day, now))
    first, last = max(earlier[name][day].min(), later[name][day].min()), min(then.as_of, now.as_of)
    return Period(first.date(), last) if not pd.isna(first) and first.date() < last else None


def _given_another_day(
    old: pd.DataFrame, new: pd.DataFrame, name: str, day: str, both: Period, identity: list[str]
) -> pd.Series:
    """Which of the old rows the new table holds under another day."""
    what = ["resident", *([KINDS[name]] if name in KINDS and KINDS[name] in old and KINDS[name] in new else [])]
    shared = Scope("", (both,), both.end)
    columns = list(dict.fromkeys([*identity, *what]))
    kinds = dict.fromkeys(what, "object") | {"resident": "str"}
    ours, theirs = (table.loc[shared.contains(table[day]), columns].astype(kinds) for table in (old, new))
    is_kept, is_old = (
        pd.MultiIndex.from_frame(a[identity]).isin(pd.MultiIndex.from_frame(b[identity]))
        for a, b in ((ours, theirs), (theirs, ours))
    )
    lost, found = ours[~is_kept].sort_values(day, kind="stable"), theirs[~is_old]
    gone = pd.Series(False, index=old.index)
    if len(lost) and len(found):
        came = found.groupby(what, dropna=False, observed=True).size().rename("came").reset_index()
        nth = lost.groupby(what, dropna=False, observed=True).cumcount()
        paired = lost[what].merge(came, on=what, how="left")["came"].fillna(0).to_numpy()
        gone.loc[lost.index[nth.to_numpy() < paired]] = True
    return gone
