"""What the municipality says that things cost: each amount with where it comes from and from which day on.

There are no defaults: an amount that nobody stands for is none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .strict import Rule, Tell, obey

MOST_EUROS = 100_000  # a month


@dataclass(frozen=True)
class Amount:
    """Euros a month, from a day on; `name` tells amounts of one kind apart."""

    euros: float
    source: str
    since: date
    name: str = ""


@dataclass(frozen=True)
class Costs:
    """What one consultant costs a month, and what a benefit is a month (of a single person, of a couple)."""

    consultant_month: Amount | None = None
    benefit_month: tuple[Amount, ...] = ()


def check(costs: Costs, fault: Tell) -> None:
    """Tell of every amount that cannot be."""
    if costs is None:
        return
    if costs.consultant_month is not None:
        obey(costs.consultant_month, AMOUNT_RULES, "costs.consultant_month", fault)
    seen: set[str] = set()
    for n, amount in enumerate(costs.benefit_month or (), 1):
        place = f"costs.benefit_month[{n}]"
        obey(amount, (*AMOUNT_RULES, NAME_RULE), place, fault)
        if amount and amount.name in seen:
            fault(f"{place}.name", amount.name, "een naam die nog niet gebruikt is")
        seen |= {amount.name} if amount and amount.name else set()


def _is_line(text: str) -> bool:
    return bool(text.strip()) and text.isprintable()


AMOUNT_RULES = (
    Rule(("euros",), lambda euros: 0 < euros <= MOST_EUROS, f"een bedrag per maand van 0 tot en met {MOST_EUROS} euro"),
    Rule(("source",), _is_line, "waar het bedrag vandaan komt, op één regel"),
)
NAME_RULE = Rule(("name",), lambda name: _is_line(name) and ">" not in name, "een naam op één regel, zonder >")
