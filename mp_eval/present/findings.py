"""What a figure of parts shows, in a few words: its title."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from .wording import listed, number


def largest(lead: str, names: Sequence[str], values: Sequence[float]) -> str:
    """The name of the highest value with that value, or of those that share it; '' when it is zero, or may be hidden.

    >>> largest("De grootste groep:", ["mantelzorg", "dagbesteding"], [5, 20])
    'De grootste groep: dagbesteding (20).'
    >>> largest("De grootste groep:", ["mantelzorg", "dagbesteding", "traject"], [20, 20, 5])
    'De grootste groep: mantelzorg en dagbesteding (elk 20).'
    >>> largest("De grootste groep:", ["mantelzorg", "dagbesteding"], [5, 5])
    'Overal evenveel: 5.'
    >>> largest("De grootste groep:", ["mantelzorg", "dagbesteding"], [5, float("nan")])
    ''
    """
    found = pd.Series(list(values), index=list(names), dtype="float64")
    if found.isna().any() or found.empty or found.max() == 0:
        return ""
    top = [str(name) for name in found.index[found == found.max()]]
    if len(found) > 1 and len(top) == len(found):
        return f"Overal evenveel: {number(found.max())}."
    return f"{lead} {listed(top)} ({'elk ' if len(top) > 1 else ''}{number(found.max())})."


def small(name: str) -> str:
    """A name as it is within a sentence.

    >>> small("Niet vastgelegd")
    'niet vastgelegd'
    """
    return name[:1].lower() + name[1:]
