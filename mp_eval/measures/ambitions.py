"""What an ambition is measured by and no other chapter counts: who on the lowest steps was spoken to or is in view.

The ambition is to speak to all residents on steps 1 and 2 of the ladder, or to have them in view.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from .client_picture import ASKED
from .ladder import LOWEST
from .scope import Scope, is_told

MEASURES = ("on_lowest_steps", "in_view_rate")
VIEWS = ("in_view", "out_of_view")


def measure(tables: Mapping[str, pd.DataFrame], scope: Scope) -> list[dict[str, object]]:
    """Residents on benefit on the day of the client picture and on step 1 or 2: in view or not, and the share.

    In view: in a conversation that the delivery holds, up to that day, or with a client picture in which everything is
    filled in that is asked and that is known of anybody. Who filled it in says nothing: every row names somebody.
    Where no step, or no start of a benefit, is known of anybody these were not delivered.
    """
    picture = tables["client_picture"]
    day = picture["as_of"].max()
    people, talks = tables["residents"], tables["conversations"]
    if pd.isna(day) or not is_told(people, "benefit_start", "ladder_step"):
        return [scope.not_delivered(m) for m in MEASURES]
    running = (people["benefit_start"] <= day) & ~(people["benefit_end"] < day)
    lowest = people.loc[running & people["ladder_step"].isin(LOWEST), "resident"]
    most = len(lowest) + int((running & people["ladder_step"].isna()).sum())
    last = picture[picture["as_of"] == day]
    asked = [name for name in ASKED if last[name].notna().any()]
    filled = last.loc[last[asked].notna().all(axis=1) & bool(asked), "resident"]
    spoken = talks.loc[talks["date"] <= day, "resident"]
    in_view = int((lowest.isin(filled) | lowest.isin(spoken)).sum())
    as_of = {"as_of": day.date().isoformat()}
    counts = dict(zip(VIEWS, (in_view, len(lowest) - in_view), strict=True))
    return [
        scope.row("on_lowest_steps", len(lowest), low=len(lowest), high=most, **as_of),
        *(scope.row("on_lowest_steps", n, breakdown="view", category=v, **as_of) for v, n in counts.items()),
        scope.share("in_view_rate", in_view, len(lowest), **as_of),
    ]
