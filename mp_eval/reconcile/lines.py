"""What a line of the reconciliation holds, and what the records say of a figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from .. import tidy
from ..periods import Period
from ..register import Figure, Label

STATUSES = ("agrees", "differs", "untestable", "interval", "aside")  # aside: told, and no judgement
COLUMNS: Mapping[str, str] = {
    "rule": "str",
    "figures": "str",  # ids, separated by spaces
    "measure": "str",
    "breakdown": "str",
    "category": "str",  # codes, separated by |
    "when": "str",  # ISO interval or date
    "published": "Float64",
    "qualifier": "str",
    "found": "Float64",  # what the records say, or what the published parts come to
    "low": "Float64",  # what can be known from the published figures alone
    "high": "Float64",  # missing when nothing bounds it
    "difference": "Float64",  # found - published; for a union: how many residents may be in more than one period
    "status": "str",
    "reason": "str",  # a closed list of codes; the wording is the presentation's
    "detail": "str",
}


@dataclass(frozen=True)
class Recomputed:
    """What the records say: the tidy table, and which of its periods covers a figure's days."""

    measures: pd.DataFrame
    keys: Mapping[Period, str]
    off: float = 0.0  # how far a count may be from the true one, because it is rounded

    def bears_out(self, figure: Figure, found: float) -> bool:
        """Whether a recomputed value, or one that it may have been rounded from, is what the figure says."""
        off = 0.0 if figure.is_share else self.off
        low, high = figure.bounds
        return figure.holds(found) if not off else low - off <= found <= high + off

    def value(self, figure: Figure, category: str = "") -> float | None:
        """The recomputed value with the figure's meaning, or None: of a part or a change what two counts come to."""
        if figure.nature in ("part", "change") and (said := figure.quotient) is not None:
            now, then = (self.of(label) for label in (said.above, said.below))
            if now is None or then is None or (figure.is_percent and not then):
                return None
            return now - then if not figure.is_percent else now / then - (figure.nature == "change")
        return self.of((figure.when, figure.measure, figure.breakdown, category))

    def of(self, label: Label) -> float | None:
        """What the records say of this, or None."""
        rows = self._rows(label)
        value = rows["value"].iloc[-1] if len(rows) else pd.NA
        return None if pd.isna(value) else float(value)

    def _rows(self, label: Label) -> pd.DataFrame:
        when, measure, breakdown, category = label
        rows = tidy.pick(self.measures, measure=measure, breakdown=breakdown, category=category, basis="records")
        if isinstance(when, date):
            return rows[rows["as_of"] == when.isoformat()]
        return rows[rows["period"] == self.keys.get(when, "")]

    def why_missing(self, figure: Figure) -> str:
        """Why there is no recomputed value: it may not be shown, was not delivered, or there are no records."""
        category, said = figure.categories[0] if figure.categories else "", figure.quotient
        needed = [(figure.when, figure.measure, figure.breakdown, category)]
        needed += [said.above, said.below] if said is not None and not figure.is_count else []
        if any((self._rows(label)["status"] == "hidden").any() for label in needed):
            return "hidden"
        return "not_delivered" if self.is_not_delivered(figure) else "no_records"

    def is_not_delivered(self, figure: Figure) -> bool:
        """Whether there are records of the days, but not the table that this figure needs."""
        if isinstance(figure.when, date):
            return False
        rows = tidy.pick(self.measures, measure=figure.measure, period=self.keys.get(figure.when, ""))
        return bool((rows["status"] == "not_delivered").any())


def line(rule: str, figures: Sequence[Figure], status: str, reason: str, **values: object) -> dict[str, object]:
    """One line; what it is about is taken from the first figure unless said otherwise."""
    first = figures[0]
    about = {
        "measure": first.measure,
        "breakdown": first.breakdown,
        "category": "|".join(first.categories),
        "when": first.when.iso if isinstance(first.when, Period) else first.when.isoformat(),
        "published": first.value,
        "qualifier": first.qualifier,
    }
    empty = {name: "" if kind == "str" else None for name, kind in COLUMNS.items()}
    ids = " ".join(f.id for f in figures)
    return {**empty, **about, "rule": rule, "figures": ids, "status": status, "reason": reason, **values}
