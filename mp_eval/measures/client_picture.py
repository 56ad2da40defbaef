"""The client picture: of how many residents each indicator is filled in, by ladder step and by who filled it in.

Age, sex and household are no questions of the picture: they are filled in when the benefit register or the table of
residents holds them. An indicator of which nothing at all was delivered is not delivered, rather than 0% filled in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from ..programme import Programme
from .held import of_residents
from .scope import Scope

MEASURES = ("in_picture", "picture_filled")
ASKED, REGISTERED = ("education", "obstacles", "language"), ("age", "sex", "household")
INDICATORS = (*ASKED, *REGISTERED, "ladder_step")
CONSULTANTS = ("participation_consultant", "work_consultant", "integration_consultant")
FILLERS = ("consultants", "external_bureau", "unknown")
UNKNOWN = "unknown"


def measure(tables: Mapping[str, pd.DataFrame], scope: Scope) -> list[dict[str, object]]:
    """Residents in the picture on its last day, and the share of them of whom each indicator is filled in."""
    picture = tables["client_picture"]
    if picture.empty:
        return [scope.not_delivered(m) for m in MEASURES]
    day = picture["as_of"].max()
    last = _filled(picture[picture["as_of"] == day], tables)
    return [{**row, "as_of": day.date().isoformat()} for row in _rows(last, scope)]


def steps(programme: Programme) -> tuple[str, ...]:
    """The steps of the ladder as categories of the picture."""
    return (*map(str, programme.steps), UNKNOWN)


def _rows(last: pd.DataFrame, scope: Scope) -> Iterator[dict[str, object]]:
    yield scope.row("in_picture", len(last))
    breakdowns = {"step": steps(scope.programme), "filler": FILLERS}
    for breakdown, categories in breakdowns.items():
        for category in categories:
            label = {"breakdown": breakdown, "category": category}
            yield scope.row("in_picture", int((last[breakdown] == category).sum()), **label)
    for indicator in INDICATORS:
        total = {"breakdown": "indicator", "category": indicator}
        if not last[indicator].any():
            yield scope.not_delivered("picture_filled", **total)
            continue
        yield scope.share("picture_filled", int(last[indicator].sum()), len(last), **total)
        for breakdown, categories in breakdowns.items():
            if (indicator, breakdown) == ("ladder_step", "step"):
                continue  # filled in by definition
            for category in categories:
                group = last[last[breakdown] == category]
                if len(group):
                    label = {"breakdown": f"indicator>{breakdown}", "category": f"{indicator}>{category}"}
                    yield scope.share("picture_filled", int(group[indicator].sum()), len(group), **label)


def _filled(picture: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Of each resident in the picture: the ladder step, who filled it in, and whether each indicator is filled in."""
    residents = picture["resident"].astype("object")
    steps = of_residents(tables, "residents", "ladder_step", residents)
    by = picture["filled_by"].astype("object")
    found = {name: picture[name].notna().to_numpy() for name in ASKED}
    for name, column in zip(REGISTERED, ("birth_year", "sex", "household"), strict=True):
        held = [of_residents(tables, table, column, residents).notna() for table in ("residents", "benefits")]
        found[name] = (held[0] | held[1]).to_numpy()
    return pd.DataFrame(
        {
            **found,
            "ladder_step": steps.notna().to_numpy(),
            "step": ["unknown" if pd.isna(step) else str(int(step)) for step in steps],
            "filler": ["consultants" if b in CONSULTANTS else "unknown" if pd.isna(b) else b for b in by],
        }
    )
