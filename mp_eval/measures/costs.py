"""What it costs, and what stands against that: made of what is shown, and of amounts that the municipality set.

Consultants cost what they are paid for, whether they worked or not. Of trajectories three sums are told: those that
began, as far as an amount is known; the same as if those without an amount cost as much; and, in no public release, by
the days on which they ran. What is made of them lies between the least and the most of these.

No benefit is counted twice: what stands against it is the months off benefit of `compared` alone, as an interval, and
nothing of it is told where that chapter is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from .. import tidy
from ..costs import Costs
from ..periods import WHOLE
from ..tidy import HIDDEN, Hidden, Value

OUTCOMES = ("spoken", "activated", "outflow")  # residents that the costs are divided by; and who is active still
STILL = "still_active"
LASTS = "12"  # months


def reckon(measures: pd.DataFrame, *, settings: Costs, months: Mapping[str, float | None]) -> pd.DataFrame:
    """The costs of each period, in all and per resident, and of all periods how many months of benefit pay for them.

    Grain: the tidy table's.

    Parameters
    ----------
    measures
        The tidy table as it is shown; of what is hidden in it nothing is told.
    months
        Of each period the months of work of all consultants together; None when that is not known.
    """
    return tidy.table([row for period in months for row in _of_period(measures, settings, months[period], period)])


def _of_period(
    measures: pd.DataFrame, settings: Costs, months: float | None, period: str
) -> Iterator[dict[str, object]]:
    if months:
        yield tidy.row(period, "consultant_months", months)
    paid = settings.consultant_month
    consultants = months * paid.euros if months and paid else None
    bought = _trajectories(measures, period)
    for cost, sum_ in {"consultants": consultants, **bought}.items():
        yield _row(period, "programme_cost", sum_, breakdown="cost", category=cost)
    known = [v for v in bought.values() if v is not None]
    sums = tidy.all_shown(known)
    total: Value = None
    low = high = None
    if consultants is not None:
        total = HIDDEN
        if not isinstance(sums, Hidden):
            low, high = (consultants + (side(sums) if sums else 0.0) for side in (min, max))
            first = bought["all_begun"]
            total = consultants + (first if isinstance(first, float) else 0.0)
    yield _row(period, "programme_cost", total, low=low, high=high)
    for outcome, residents in _residents(measures, period).items():
        yield _each(period, outcome, (total, low, high), residents)
    if period == WHOLE:
        yield from _against(measures, settings, (total, low, high))


def _trajectories(measures: pd.DataFrame, period: str) -> dict[str, Value]:
    """The three sums; None of what was not delivered."""
    begun = tidy.number(measures, period, "trajectories_started")
    found = tidy.pick(measures, period=period, measure="trajectory_cost", breakdown="")
    priced = tidy.number(measures, period, "trajectories_priced")
    days = tidy.pick(measures, period=period, measure="trajectory_cost_by_day", breakdown="")
    by_day: Value = None
    if len(days) and days["status"].iloc[-1] not in (
        "hidden",
        "not_delivered",
    ):  # withheld in public, which tells nothing
        sum_, with_price, ran = (float(days[c].iloc[-1]) for c in ("value", "numerator", "denominator"))
        by_day = sum_ * ran / with_price if with_price else 0.0 if not ran else None
    if isinstance(begun, Hidden) or isinstance(priced, Hidden):
        return {"begun": HIDDEN, "all_begun": HIDDEN, "by_day": by_day}
    if begun is None or found.empty or found["status"].iloc[-1] == "not_delivered":
        return {"begun": None, "all_begun": None, "by_day": by_day}
    if not begun:
        return {"begun": 0.0, "all_begun": 0.0, "by_day": by_day}
    mean, sum_ = (found[c].iloc[-1] for c in ("value", "numerator"))
    if pd.isna(mean):
        gone = HIDDEN if found["status"].iloc[-1] == "hidden" else None
        return {"begun": gone, "all_begun": gone, "by_day": by_day}
    return {"begun": float(sum_), "all_begun": float(mean) * begun, "by_day": by_day}


def _residents(measures: pd.DataFrame, period: str) -> dict[str, Value]:
    """Residents by what was reached; of who is active still as many as the share of activities that last."""
    found = {outcome: tidy.number(measures, period, outcome) for outcome in OUTCOMES}
    lasts = tidy.number(measures, period, "activity_lasting", "months", LASTS)
    both = [found["activated"], lasts]
    shown = tidy.all_shown([v for v in both if v is not None])
    still = shown if isinstance(shown, Hidden) else shown[0] * shown[1] if None not in both else None
    return {"spoken": found["spoken"], "activated": found["activated"], STILL: still, "left": found["outflow"]}


def _each(
    period: str, outcome: str, cost: tuple[Value, float | None, float | None], residents: Value
) -> dict[str, object]:
    """Costs per resident; none without residents, or where either is hidden."""
    total, low, high = cost
    label = {"breakdown": "per", "category": f"per_{outcome}"}
    if isinstance(total, Hidden) or isinstance(residents, Hidden):
        return _row(period, "cost_per_resident", HIDDEN, **label)
    if total is None or not residents or low is None or high is None:
        return _row(period, "cost_per_resident", None, **label)
    counts = {"numerator": total, "denominator": residents}
    return _row(
        period, "cost_per_resident", total / residents, low=low / residents, high=high / residents, **counts, **label
    )


def _against(
    measures: pd.DataFrame, settings: Costs, cost: tuple[Value, float | None, float | None]
) -> Iterator[dict[str, object]]:
    """Of each amount of benefit how many months, per resident spoken to, come to the costs; and what may be avoided."""
    spoken = tidy.number(measures, WHOLE, "spoken")
    avoided = _months_avoided(measures)
    for amount in settings.benefit_month:
        label = {"breakdown": "benefit", "category": amount.name}
        total, low, high = cost
        if isinstance(total, float) and isinstance(spoken, float) and spoken and low is not None and high is not None:
            each = {side: sum_ / spoken / amount.euros for side, sum_ in (("low", low), ("high", high))}
            yield tidy.row(WHOLE, "break_even_months", total / spoken / amount.euros, **each, **label)
        else:
            yield _row(WHOLE, "break_even_months", HIDDEN if HIDDEN in (total, spoken) else None, **label)
        if avoided:
            yield tidy.row(
                WHOLE, "benefit_avoided", None, low=avoided[0] * amount.euros, high=avoided[1] * amount.euros, **label
            )


def _months_avoided(measures: pd.DataFrame) -> tuple[float, float] | None:
    """The interval of the months off benefit of all that are compared; None where nothing may be said of it."""
    held = tidy.pick(measures, period=WHOLE, measure="comparison_ground")
    held = held[~held["category"].isin(["more_often", "less_often"])]
    found = tidy.pick(measures, period=WHOLE, measure="compared_months_off", breakdown="")
    many = tidy.number(measures, WHOLE, "compared", "compared", "compared_spoken")
    if held.empty or held["value"].gt(0).any() or found.empty or not isinstance(many, float):
        return None
    low, high = (found[side].iloc[-1] for side in ("low", "high"))
    return None if pd.isna(low) else (float(low) * many, float(high) * many)


def _row(period: str, measure: str, value: Value, **rest: object) -> dict[str, object]:
    """A row with a number, or that says why there is none."""
    if isinstance(value, Hidden):
        return tidy.row(period, measure, None, **{**rest, "low": None, "high": None, "status": "hidden"})
    return tidy.row(period, measure, value, **rest, **({"status": "undefined"} if value is None else {}))
