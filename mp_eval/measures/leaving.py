"""How fast residents leave guidance, as far as the records tell: nobody registers it, so each source is a bound.

*Balance*: who left the programme according to the conversations, over the months that residents were in it (the
occurrence-exposure rate). It holds where guidance that ends is recorded, which shows in the stocks: who is in the
programme according to the conversations (*derived*) is then about who was delivered as in guidance.

*Starts*: with full places somebody leaves for each who begins. Who began in the period and is in guidance still began
for certain, so at least as many left. A lower bound.

*Status*: of who never was recorded to leave it is known since when they take part and whether they are in guidance on
the day of the stock: current status data. Their chance to have left unseen, if it is the same in each month, is that of
greatest likelihood; who was recorded to leave comes on top. An upper bound, for some were spoken to and never guided.

Where derived and delivered agree within a share that the municipality declares, the balance is believed, with the few
who left unseen on top: as *status*, which is then no bound. Where they don't, it is not used by itself: the two bounds
are.

Source of the likelihood: Sun (2006), The Statistical Analysis of Interval-censored Failure Time Data, chapter 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import exp, log, sqrt
from statistics import NormalDist

import numpy as np
import pandas as pd

from .. import tidy
from ..programme import GUIDED
from ..tidy import Hidden
from .caseload import last_stock
from .durations import DAYS_A_MONTH
from .scope import Scope
from .simulation import Array

MEASURES = ("started_guidance",)
BALANCE = (("left_programme", "", ""), ("in_programme", "entry", "opening"), ("in_programme", "end", "stayed"))
STOCK = ("on_benefit", "group", GUIDED)
DERIVED, STATUS = ("derived_caseload", "", ""), ("unrecorded_leaving", "registered", GUIDED)
Z = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True)
class Source:
    """A chance to leave in a month, as a rate: the sum of gamma distributions, each of a count over its months."""

    name: str
    counts: tuple[tuple[float, float], ...]

    @property
    def rate(self) -> float:
        return sum(count / months for count, months in self.counts)

    def draw(self, random: np.random.Generator, runs: int) -> Array:
        return np.sum([random.gamma(count, size=runs) / months for count, months in self.counts], axis=0)


def measure(tables: Mapping[str, pd.DataFrame], scope: Scope) -> list[dict[str, object]]:
    """Residents in guidance on the day of the stock whose guidance began in the period; of whom that is known."""
    stock = last_stock(tables, "caseload")
    if stock is None:
        return [scope.not_delivered("started_guidance")]
    as_of = {"as_of": stock["as_of"].iloc[0].date().isoformat()}
    since = stock.loc[stock["group"] == GUIDED, "since"].dropna()
    if since.empty:
        return [scope.not_delivered("started_guidance", **as_of)]
    return [scope.row("started_guidance", int(scope.contains(since).sum()), **as_of)]


def unrecorded(joined: pd.Series, is_guided: pd.Series, day: pd.Timestamp, scope: Scope) -> dict[str, object]:
    """The rate at which residents left unseen, of who is in the programme according to the conversations on the day."""
    label = {"breakdown": STATUS[1], "category": STATUS[2], "as_of": day.date().isoformat()}
    months = ((day - joined).dt.days.clip(lower=1) / DAYS_A_MONTH).to_numpy()
    if not len(months):
        return scope.row(STATUS[0], None, **{**label, "status": "undefined"})
    value, low, high = current_status(months, ~is_guided.to_numpy())
    counts = {"numerator": int(is_guided.sum()), "denominator": len(months)}
    return scope.row(STATUS[0], value, low=low, high=high, **counts, **label)


def current_status(months: Array, has_left: Array) -> tuple[float, float, float]:
    """The constant rate of greatest likelihood, with its 95% interval on the scale of the logarithm.

    `months` is how long ago each began, `has_left` whether it is over by now; when it was is not known. Where nobody
    left the upper end is three over all months (the rule of three); where all did, the rate is that at which half a
    resident would still be there after the shortest time.

    Examples
    --------
    >>> half = np.array([10.0] * 8), np.array([True, False] * 4)  # after ten months half is left: log(2) / 10
    >>> [round(x, 4) for x in current_status(*half)]
    [0.0693, 0.0255, 0.1884]
    >>> [round(x, 3) for x in current_status(np.array([10.0, 20.0]), np.array([False, False]))]
    [0.0, 0.0, 0.1]
    """
    stayed = float(months[~has_left].sum())
    if not has_left.any():
        return 0.0, 0.0, 3 / stayed
    most = log(2 * len(months)) / float(months.min())
    low, high = 0.0, most
    for _ in range(100):  # the score falls with the rate
        rate = (low + high) / 2
        low, high = (rate, high) if _score(rate, months[has_left]) > stayed else (low, rate)
    left = months[has_left] * rate
    information = float((months[has_left] ** 2 * np.exp(-left) / np.expm1(-left) ** 2).sum())
    off = Z / (rate * sqrt(information))
    return rate, rate * exp(-off), rate * exp(off)


def _score(rate: float, months: Array) -> float:
    return float((months * np.exp(-rate * months) / -np.expm1(-rate * months)).sum())


def sources(measures: pd.DataFrame, period: str, *, months: float, within: float) -> tuple[Source, ...] | Hidden:
    """What shown rows of a period of so many `months` tell, the lowest first: the balance alone, or the bounds.

    `within` is by which share of the delivered stock the derived one may be off for the balance to be believed.
    Hidden when a number of which a source is made is.

    Examples
    --------
    >>> rows = [
    ...     tidy.row("2024", "left_programme", 24),
    ...     tidy.row("2024", "in_programme", 180, breakdown="entry", category="opening"),
    ...     tidy.row("2024", "in_programme", 220, breakdown="end", category="stayed"),
    ...     tidy.row("2024", "derived_caseload", 221),
    ...     tidy.row("2024", "on_benefit", 215, breakdown="group", category="caseload"),
    ... ]
    >>> sources(tidy.table(rows), "2024", months=12, within=0.1)
    (Source(name='balance', counts=((24.5, 2400.0),)),)
    """
    own = tidy.pick(measures, period=period)
    labels = (STOCK, DERIVED, STATUS, ("started_guidance", "", ""), *BALANCE)
    known = {label: tidy.number(own, period, *label) for label in labels}
    if tidy.HIDDEN in known.values():
        return tidy.HIDDEN
    numbers = {label: value for label, value in known.items() if isinstance(value, float)}
    balance, unseen = _balance(numbers, months), _unseen(own)
    if balance and agree(numbers.get(DERIVED), numbers.get(STOCK), within):
        return (Source("balance", (balance, *unseen)),)
    found = [*_starts(numbers, months), *(Source("status", (balance, count)) for count in unseen if balance)]
    return tuple(sorted(found, key=lambda source: source.rate))


def year_before(measures: pd.DataFrame, period: str, found: tuple[Source, ...]) -> tidy.Value:
    """How many were in guidance a year before the day of the stock: by the balance, if it is believed; else as now."""
    label = ("derived_year_before", "", "") if [source.name for source in found] == ["balance"] else STOCK
    return tidy.number(measures, period, *label)


def agree(derived: float | None, delivered: float | None, within: float) -> bool:
    """Whether the derived stock is the delivered one, up to this share of it.

    >>> agree(109, 100, 0.1), agree(608, 241, 0.1), agree(None, 241, 0.1)
    (True, False, False)
    """
    return derived is not None and delivered is not None and abs(derived - delivered) <= within * delivered


Numbers = Mapping[tidy.Label, float]


def _balance(numbers: Numbers, months: float) -> tuple[float, float] | None:
    """Who left, with half a resident for what was not seen (Jeffreys' prior), and the months in the programme."""
    if not set(BALANCE) <= set(numbers):
        return None
    left, opening, closing = (numbers[label] for label in BALANCE)
    exposure = (opening + closing) / 2 * months
    return (left + 0.5, exposure) if exposure else None


def _starts(numbers: Numbers, months: float) -> Iterator[Source]:
    began, guided = numbers.get(("started_guidance", "", "")), numbers.get(STOCK)
    if began is not None and guided and months:
        yield Source("starts", ((began + 0.5, guided * months),))


def _unseen(own: pd.DataFrame) -> tuple[tuple[float, float], ...]:
    """Who left without a record, as a count over its months, where it is known: of none half a resident."""
    measure, breakdown, category = STATUS
    rows = tidy.pick(own, measure=measure, breakdown=breakdown, category=category)
    if rows.empty or rows["value"].isna().iloc[-1]:
        return ()
    value, high = (float(rows[c].iloc[-1]) for c in ("value", "high"))
    if not value:
        return ((0.5, 3 / high),)
    count = (Z / log(high / value)) ** 2  # of the gamma distribution with this mean and this standard error
    return ((count, count / value),)
