"""What the tables of one delivery say against each other, in residents; which of them is right nobody knows from here.

Grain: a row for each contradiction, with in `denominator` of how many residents it could be. A contradiction is not
measured where one of its tables was not delivered.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from ..programme import GUIDED
from .benefit_register import FAR, spells
from .caseload import last_stock
from .endings import NEAR
from .newcomers import newcomers
from .programme import stays_in
from .reach import first_conversations
from .scope import Scope

MEASURES = ("contradictions",)
Tables = Mapping[str, pd.DataFrame]
Counted = tuple[int, int]  # residents of whom it is so, of how many


def measure(tables: Tables, scope: Scope) -> list[dict[str, object]]:
    """Every contradiction of a delivery within the period that it is about."""
    rows = []
    for category, (needs, count) in CONTRADICTIONS.items():
        label = {"breakdown": "contradiction", "category": category}
        if needs <= tables.keys():
            found, of = count(tables, scope)
            rows.append(scope.row("contradictions", found, denominator=of, **label))
        else:
            rows.append(scope.not_delivered("contradictions", **label))
    return rows


def out_and_on_benefit(tables: Tables, scope: Scope) -> Counted:
    """Who left the benefit, and whose benefit goes on for more than a month according to the register of benefits."""
    events, benefits = tables["outflow"], tables["benefits"]
    left = events.loc[scope.contains(events["date"]) & (events["kind"] == "outflow"), ["resident", "date"]]
    known = spells(benefits, FAR.date(), over_breaks=False)[["resident", "start", "end"]]
    pairs = left.merge(known, on="resident")
    goes_on = (pairs["start"] < pairs["date"]) & ~(pairs["end"] <= pairs["date"] + NEAR)
    return pairs.loc[goes_on, "resident"].nunique(), left["resident"].nunique()


def newcomer_unknown(tables: Tables, scope: Scope) -> Counted:
    """Who began a benefit in the period, and is not among the residents."""
    new = newcomers(tables, scope)["resident"]
    return int((~new.isin(tables["residents"]["resident"])).sum()), len(new)


def first_twice(tables: Tables, scope: Scope) -> Counted:
    """Who had a first conversation in the period, and another one on another day."""
    first = first_conversations(tables).drop_duplicates()
    spoken = first.loc[scope.contains(first["date"]), "resident"].drop_duplicates()
    days = first["resident"].value_counts()
    return int(spoken.isin(days.index[days > 1]).sum()), len(spoken)


def guided_unregistered(tables: Tables, scope: Scope) -> Counted:
    """Who is in guidance by the conversations on the date of the caseload, and not in that caseload."""
    stock = last_stock(tables, "caseload")
    if stock is None:
        return 0, 0
    day, stays = stock["as_of"].iloc[0], stays_in(tables)
    guided = stays.loc[(stays["joined"] <= day) & ~(stays["left"] <= day), "resident"]
    return int((~guided.isin(stock.loc[stock["group"] == GUIDED, "resident"])).sum()), len(guided)


# What is counted of which tables.
CONTRADICTIONS: Mapping[str, tuple[frozenset[str], Callable[[Tables, Scope], Counted]]] = {
    "out_and_on_benefit": (frozenset({"outflow", "benefits"}), out_and_on_benefit),
    "newcomer_unknown": (frozenset({"benefits", "residents"}), newcomer_unknown),
    "first_twice": (frozenset({"conversations"}), first_twice),
    "guided_unregistered": (frozenset({"conversations", "caseload"}), guided_unregistered),
}
