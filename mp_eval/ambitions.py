"""The ambitions of the municipality, from `data/raw/ambities.toml`, which it keeps itself.

An ambition is words, with the days it is for, how it stands and since when. It may have an indicator: a measure of the
tidy table, with or without a target. Whether that measure exists is not asked here: what cannot be measured says so on
the page.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from . import strict
from .faults import Reason
from .periods import Period
from .strict import Rule, Tell, obey
from .workspace import Workspace

STATES = ("niet begonnen", "loopt", "klaar", "vervallen")
COMPARISONS = {"ten minste": 1, "ten hoogste": -1}


@dataclass(frozen=True)
class Indicator:
    """What an ambition is measured by. The `target` of a share is a percentage; `unit` is only read by people."""

    measure: str
    breakdown: str = ""
    category: str = ""
    target: float | None = None
    comparison: str = "ten minste"
    unit: str = ""

    def is_met(self, value: float) -> bool:
        """Whether a value, in the unit of the target, is on the right side of it.

        Raises
        ------
        ValueError
            When there is no target.

        Examples
        --------
        >>> Indicator("outflow", target=10).is_met(10)
        True
        >>> Indicator("outflow", target=10, comparison="ten hoogste").is_met(11)
        False
        """
        if self.target is None:
            raise ValueError(f"no target for {self.measure!r}")
        return (value - self.target) * COMPARISONS[self.comparison] >= 0


@dataclass(frozen=True)
class Ambition:
    """One ambition: from `start` up to but not including `end`, in the state of the day `as_of`."""

    id: str
    title: str
    text: str
    document: str
    set_on: date
    start: date
    end: date
    state: str
    as_of: date
    owner: str = ""
    note: str = ""
    indicator: Indicator | None = None

    @property
    def period(self) -> Period:
        return Period(self.start, self.end, self.id)

    @property
    def was_set_late(self) -> bool:
        """Whether a part of its days had passed when it was set."""
        return self.set_on > self.start

    def is_about(self, days: Sequence[Period]) -> bool:
        """Whether some of its days are among these."""
        return any(self.period.overlap(piece) for piece in days)


@dataclass(frozen=True)
class _File:
    ambition: tuple[Ambition, ...] = ()


def read(workspace: Workspace) -> tuple[Ambition, ...] | None:
    """The ambitions in the order of the file; None when there is no file.

    Raises
    ------
    FaultsFound
        With every unknown or missing name, wrong type and value that cannot be; each names the key.
    """
    if not workspace.ambitions.is_file():
        return None
    name = workspace.relative(workspace.ambitions)
    return strict.read(workspace.ambitions, _File, file=name, reason=Reason.AMBITIONS, check=_check).ambition


def to_json(ambitions: Sequence[Ambition] | None) -> str:
    """What `from_json` reads back."""
    found = None if ambitions is None else [asdict(a) for a in ambitions]
    return json.dumps(found, indent=1, ensure_ascii=False, default=date.isoformat) + "\n"


def from_json(text: str) -> tuple[Ambition, ...] | None:
    found = json.loads(text)
    return None if found is None else tuple(_ambition(entry) for entry in found)


def _ambition(entry: dict[str, Any]) -> Ambition:
    days = {k: date.fromisoformat(entry[k]) for k in ("set_on", "start", "end", "as_of")}
    indicator = entry["indicator"] and Indicator(**entry["indicator"])
    return Ambition(**{**entry, **days, "indicator": indicator})


RULES = (
    Rule(("id",), lambda id: id, "een naam die nog niet gebruikt is"),
    *(Rule((name,), lambda words: words.strip(), "de ambitie in woorden") for name in ("title", "text")),
    Rule(("end", "start"), lambda end, start: end > start, "een dag na start; end is de dag ná de laatste dag"),
    Rule(("state",), lambda state: state in STATES, f"een van: {', '.join(STATES)}"),
)
INDICATOR_RULES = (Rule(("comparison",), lambda way: way in COMPARISONS, " of ".join(COMPARISONS)),)


def _check(file: _File, fault: Tell) -> None:
    seen: set[str] = set()
    for n, ambition in enumerate(file.ambition or (), 1):
        place = f"ambition[{n}]"
        obey(ambition, RULES, place, fault)
        if ambition and ambition.id in seen:
            fault(f"{place}.id", ambition.id, "een naam die nog niet gebruikt is")
        if ambition:
            seen |= {ambition.id} if ambition.id else set()
            obey(ambition.indicator, INDICATOR_RULES, f"{place}.indicator", fault)
