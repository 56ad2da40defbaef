"""The programme as a stock with flows: who was in it when a stretch began, who joined, who left, who is in it still.

Nobody registers since when a resident takes part, so it is worked out from the records. A resident is in the
programme from the first conversation until the first of these: the benefit ends (and does not begin again within a
month), a closing conversation, or a referral to the employers' service point (WSP). The day of leaving is the first
day that the resident is no longer in it. Who left and came back is not counted a second time.

All deliveries are looked at together: that of one period does not hold the first conversations before it. What was
before the first delivery is not known, so the stock grows from nothing on its first day.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import pandas as pd

from ..programme import GUIDED, UNREGISTERED
from .caseload import last_stock
from .leaving import unrecorded
from .outflow import BACK_WITHIN, first_day_without, lasting
from .reach import first_conversations
from .scope import Scope

FROM_STOCK = ("derived_year_before", "derived_caseload", "unrecorded_leaving")
MEASURES = ("joined_programme", "left_programme", "in_programme", *FROM_STOCK)
REASONS = ("out_of_benefit", "to_wsp", "closed")  # which one is told of who has two on one day
FOLLOWED = BACK_WITHIN  # the end of the benefit or a referral so soon after a closing conversation is why it closed
ONE_DAY = timedelta(days=1)
Tables = Mapping[str, pd.DataFrame]


def measure(tables: Tables, own: Tables, scope: Scope) -> list[dict[str, object]]:
    """Who was in the programme in the stretch, by whether they joined in it and how they left.

    Beside it, on the date of the caseload that the period's `own` delivery brings: who is in the programme according
    to `tables`, which are those of all deliveries, by the group in which they were delivered; and who was a year ago.
    """
    stays = stays_in(tables, known=_last(scope))
    return [*_bridge(stays, scope), *_derived(stays, own, scope)]


def stays_in(tables: Tables, *, known: date | None = None) -> pd.DataFrame:
    """One row a resident who had a first conversation: resident, joined, left, reason; the last two may be missing.

    A closing conversation that is followed within a month by the end of the benefit or a referral is told as that; not
    when that came after the day `known`, so that what a stretch tells of its outflow is outflow of the same stretch.

    Examples
    --------
    >>> talks = pd.DataFrame({"resident": ["a", "a"], "kind": ["first", "closing"]})
    >>> stays_in({"conversations": talks.assign(date=pd.to_datetime(["2024-01-08", "2024-05-06"]))}).iloc[0].tolist()
    ['a', Timestamp('2024-01-08 00:00:00'), Timestamp('2024-05-06 00:00:00'), 'closed']
    """
    joined = first_conversations(tables).groupby("resident", observed=True)["date"].min()
    ways = _departures(tables)
    ways["joined"] = joined.reindex(ways["resident"]).array
    ways = ways[ways["date"] >= ways["joined"]]
    ways = ways.assign(order=ways["reason"].map(REASONS.index)).sort_values(["date", "order"], kind="stable")
    first = ways.drop_duplicates("resident").set_index("resident")
    better = ways[ways["reason"] != "closed"].drop_duplicates("resident").set_index("resident")
    if known is not None:
        better = better[better["date"] <= pd.Timestamp(known)]
    stays = joined.rename("joined").to_frame().join(first["date"].rename("left")).join(first["reason"])
    later = better["date"].reindex(stays.index)
    replaced = (stays["reason"] == "closed") & (later - stays["left"] <= FOLLOWED)
    stays["reason"] = stays["reason"].mask(replaced, better["reason"].reindex(stays.index))
    return stays.rename_axis("resident").reset_index()


def _departures(tables: Tables) -> pd.DataFrame:
    """Every day on which a resident may have left: resident, date, reason."""
    conversations = tables["conversations"]
    closing = conversations.loc[conversations["kind"] == "closing", ["resident", "date"]]
    found = [closing.assign(reason="closed")]
    if "outflow" in tables:
        events = tables["outflow"]
        referred = events.loc[events["kind"] == "wsp_referral", ["resident", "date"]]
        found.append(referred.assign(reason="to_wsp"))
    found.append(out_of_benefit(tables).assign(reason="out_of_benefit"))
    return pd.concat(found, ignore_index=True)


def out_of_benefit(tables: Tables) -> pd.DataFrame:
    """Every outflow that lasted, as far as it was delivered: resident, date (the first day without the benefit)."""
    found = [pd.DataFrame({"resident": [], "date": pd.to_datetime([]), "kind": []})]
    if "outflow" in tables:
        found = [tables["outflow"][["resident", "date", "kind"]]]
    if "residents" in tables:
        known = tables["residents"].dropna(subset=["benefit_end"])
        ended = {"resident": known["resident"], "date": first_day_without(known["benefit_end"]), "kind": "outflow"}
        found.append(pd.DataFrame(ended))
    return lasting(pd.concat(found, ignore_index=True), tables.get("benefits"))


def present_in(stays: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    """The stays of who was in the programme when the stretch began, and of who joined in it."""
    first, end = _ends(scope)
    return stays[(stays["joined"] < end) & ~(stays["left"] < first)]


def _bridge(stays: pd.DataFrame, scope: Scope) -> list[dict[str, object]]:
    first, end = _ends(scope)
    present = present_in(stays, scope)
    gone = present["left"] < end
    came, left = int((present["joined"] >= first).sum()), int(gone.sum())
    reasons = {("left_programme", "reason", r): int((gone & (present["reason"] == r)).sum()) for r in REASONS}
    counts = {
        ("joined_programme", "", ""): came,
        ("left_programme", "", ""): left,
        **reasons,
        ("in_programme", "", ""): len(present),
        ("in_programme", "entry", "opening"): len(present) - came,
        ("in_programme", "entry", "joined"): came,
        ("in_programme", "end", "left"): left,
        ("in_programme", "end", "stayed"): len(present) - left,
    }
    as_of = _last(scope).isoformat()
    return [
        scope.row(measure, count, breakdown=breakdown, category=category, as_of=as_of)
        for (measure, breakdown, category), count in counts.items()
    ]


def _ends(scope: Scope) -> tuple[pd.Timestamp, pd.Timestamp]:
    """The first day of the stretch, and the day after the last one of which there are records."""
    return pd.Timestamp(scope.pieces[0].start), pd.Timestamp(_last(scope)) + ONE_DAY


def _last(scope: Scope) -> date:
    """The last day of the stretch of which there are records."""
    return min(scope.pieces[-1].end - ONE_DAY, scope.as_of)


def _derived(stays: pd.DataFrame, own: Tables, scope: Scope) -> list[dict[str, object]]:
    stock = last_stock(own, "caseload")
    if stock is None:
        as_of = _last(scope).isoformat()
        return [scope.not_delivered(m, as_of=as_of) for m in FROM_STOCK]
    day = stock["as_of"].iloc[0]
    year_before, there = (_there(stays, d) for d in (day - pd.DateOffset(years=1), day))
    present = there["resident"]
    group = stock.drop_duplicates("resident").set_index("resident")["group"].astype("object")
    counts, as_of = group.reindex(present).fillna(UNREGISTERED).value_counts(), day.date().isoformat()
    return [
        scope.row("derived_year_before", len(year_before), as_of=as_of),
        scope.row("derived_caseload", len(present), as_of=as_of),
        *(
            scope.row(
                "derived_caseload", int(counts.get(g, 0)), breakdown="registered", category=g, as_of=as_of
            )
            for g in (*scope.programme.stocks, UNREGISTERED)
        ),
        unrecorded(there["joined"], group.reindex(present) == GUIDED, day, scope),
    ]  # fmt: skip


def _there(stays: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """The stays of who is in the programme on a day."""
    return stays[(stays["joined"] <= day) & ~(stays["left"] <= day)]
