"""New inflow into the benefit, and how much of it was spoken to within half a year."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from .benefit_register import holds_leavers, spells
from .durations import HALF_YEAR, whole_months
from .reach import first_conversations
from .scope import Scope
from .survival import months_between

MEASURES = ("newcomers", "newcomers_followed", "newcomers_reached")


def measure(tables: Mapping[str, pd.DataFrame], scope: Scope) -> list[dict[str, object]]:
    """Residents whose benefit began in the stretch; of who could be followed for half a year the share spoken to.

    Counts the first benefit that began in it; a spell beside a running one, or soon after one, is no new benefit
    (`benefit_register.spells`). Who began less than half a year before the extraction is left out of the share: for
    them it is too early to tell. Of a register that does not hold who left since the stretch began
    nothing is told: of who came only those who stayed are in it.
    """
    if not holds_leavers(tables["benefits"], scope.pieces[0].start):
        return [scope.not_delivered(m) for m in MEASURES]
    new = newcomers(tables, scope)
    as_of = pd.Series(pd.Timestamp(scope.as_of), index=new.index)
    followed = new[whole_months(new["start"], as_of) >= HALF_YEAR]
    pairs = followed.merge(first_conversations(tables), on="resident")
    waited = months_between(pairs["start"], pairs["date"])  # half a year to the day is within it, as everywhere
    reached = pairs.loc[(pairs["date"] >= pairs["start"]) & (waited <= HALF_YEAR), "resident"].nunique()
    return [
        scope.row("newcomers", len(new)),
        scope.row("newcomers_followed", len(followed)),
        scope.share("newcomers_reached", reached, len(followed)),
    ]


def newcomers(tables: Mapping[str, pd.DataFrame], scope: Scope) -> pd.DataFrame:
    """Whose benefit began in the stretch, with the first that did, as `benefit_register.spells` has it."""
    new = spells(tables["benefits"], scope.as_of)
    return new[scope.contains(new["start"])].drop_duplicates("resident")
