"""What a figure of parts shows, in a few words: its title."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from .wording import number


def largest(lead: str, names: Sequence[str], values: Sequence[float]) -> str:
    """The name of the highest value with that value; '' when it is not one, is zero, or may be one that is hidden.

    >>> largest("De grootste groep:", ["mantelzorg", "dagbesteding"], [5, 20])
    'De grootste groep: dagbesteding (20).'
    >>> largest("De grootste groep:", ["mantelzorg", "dagbesteding"], [5, float("nan")])
    ''
    """
    found = pd.Series(list(values), index=list(names), dtype="float64")
    if found.isna().any() or found.empty or found.max() == 0 or (found == found.max()).sum() > 1:
        return ""
    return f"{lead} {found.idxmax()} ({number(found.max())})."


def small(name: str) -> str:
    """A name as it is within a sentence.

    >>> small("Niet vastgelegd")
    'niet vastgelegd'
    """
    return name[:1].lower() + name[1:]
