"""Evaluations by hand: a few residents, no files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pandas as pd
from contracted import completed

from mp_eval import measures
from mp_eval.evaluation import Evaluation, Received
from mp_eval.intake.clean import COUNTS, Source
from mp_eval.measures import WHOLE, Scope
from mp_eval.periods import Period, parse
from mp_eval.reconcile import Recomputed, reconcile
from mp_eval.register import Figure
from mp_eval.workspace import Municipality, PeriodSetting, Settings, Workspace

YEAR = Period(date(2024, 1, 1), date(2025, 1, 1), "2024")
BEFORE = Period(date(2023, 6, 1), date(2024, 7, 1), "2023-2024")
AS_OF = date(2025, 7, 15)
SOURCE = Source("de afdeling", AS_OF, synthetic=True)


def evaluation(
    *,
    spoken: str = "",
    activated: str = "",
    activity: str = "volunteering",
    figures: Sequence[Figure] = (),
    periods: Sequence[Period] = (YEAR,),
    on: str = "2024-03-01",
) -> Evaluation:
    """Each letter of `spoken` is a resident with a first conversation, of `activated` one who started, on one day."""
    return _evaluation(spoken, activated, activity, tuple(figures), tuple(periods), on)


@cache
def _evaluation(
    spoken: str, activated: str, activity: str, figures: tuple[Figure, ...], periods: tuple[Period, ...], on: str
) -> Evaluation:
    """Many tests begin with the same."""
    tables = completed(
        {
            "conversations": _events(spoken, date=on, kind="first"),
            "activities": _events(activated, start=on, activity=activity).assign(already_active=False),
            "trajectories": _events("", start=on),
        }
    )
    settings = Settings(Municipality("Elders"), tuple(PeriodSetting(p.id, p.start, p.end) for p in periods))
    workspace = Workspace(Path("nowhere"), settings)
    parts = [measures.measure(tables, Scope(p.id, (p,), AS_OF), stocks=False) for p in periods]
    parts.append(measures.measure_whole(tables, Scope(WHOLE, workspace.whole, AS_OF), periods))
    measured = pd.concat(parts, ignore_index=True)
    lines = reconcile(figures, Recomputed(measured, {p: p.id for p in periods}))
    received = {p.id: Received(SOURCE, {}, pd.DataFrame(columns=COUNTS)) for p in periods}
    return Evaluation(workspace, measured, lines, figures, received)


def claim(share: float = 0.30, qualifier: str = "more_than", when: str = "2024") -> Figure:
    """A published claim about the share of residents who became active."""
    return Figure("s", "Nota", 3, "Een <zin>.", parse(when), "activation_rate", "", (), share, qualifier, "")


def _events(residents: str, **day: str) -> pd.DataFrame:
    return pd.DataFrame({"resident": list(residents)}, dtype="str").assign(**day)


def without(made: Evaluation, *tables: str) -> Evaluation:
    """The same, when these tables came in no delivery; its measures stay."""
    received = {
        key: replace(one, counts=one.counts[~one.counts["table"].isin(tables)]) for key, one in made.received.items()
    }
    return replace(made, received=received)
