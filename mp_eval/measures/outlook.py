"""The outlook: what the records tell of coming and going, and what the model of `simulation` makes of it.

`measure` counts, of one period, months of guidance and newcomers. `look_ahead` puts these, the stock and who left in
the model, for 0 to 6 consultants after the funding ends. It is given the
table *after* protection: it cannot tell more than the numbers that it is made of, and where one of them is hidden it
tells nothing.

The chance to leave is, of one population, who left the programme over the months that residents were in it: the mean of
its stock when the period began and when it ended, times the months of the period (the occurrence-exposure rate). Where
that balance is hidden or was not made, it is who left the benefit or was referred over the months of guidance of who is
guided now, and half the period for each who left (the actuarial estimate). These are not the same residents: who left
need not have been guided. Who left is then the sum of two counts that the tables print, and no count of its own: how
many are in both would follow from it.

Chance and the uncertainty of the rates are both in the bands: each run draws its rates from Gamma(count + 1/2) /
exposure (Jeffreys' prior for a Poisson count). Which share of the newcomers can be guided, and which share of the later
group becomes ready within a year, no record tells: each run draws them evenly between two ends that the municipality
set. What is not in the bands: that the model is simpler than the world.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product

import numpy as np
import pandas as pd

from .. import tidy
from ..tidy import Hidden
from ..workspace import Outlook
from . import simulation
from .ladder import LOWEST
from .scope import Scope, is_told
from .simulation import Array, Rates, Start

MEASURES = ("guided_months", "low_step_inflow", "low_step_inflow_per_month")
LEAVING = ("outflow", "wsp_referral")  # how residents are seen to leave guidance where no balance of them is shown
BALANCE = (("left_programme", "", ""), ("in_programme", "entry", "opening"), ("in_programme", "end", "stayed"))
MODELLED = ("months_to_help_ready", "wait_of_newcomer", "share_reached")  # each by number of consultants
ASSUMED = ("assumed_leaving", "assumed_inflow", "assumed_able", "assumed_ready", "assumed_caseload")
CONSULTANTS = range(7)
ENDS = ("low", "high")
DAYS_A_MONTH = 365.25 / 12
STOCK = ("caseload", "ready", "later")


@dataclass(frozen=True)
class Leaving:
    """How many left and of how many months together that is: of the programme's balance, or of who is guided now."""

    left: float
    months: float
    is_of_balance: bool


@dataclass(frozen=True)
class Known:
    """What the model starts from, of one period: the stock on its day, and counts with their exposure in months."""

    day: date
    start: Start
    leaving: Leaving
    newcomers: float
    months: float
    consultants: float
    status: str


def measure(tables: Mapping[str, pd.DataFrame], scope: Scope) -> list[dict[str, object]]:
    """Months of guidance in the period of who is guided now; newcomers, in total and a month.

    Guided since the day that the caseload says, else the first conversation. Newcomers: a benefit that began in the
    period, and step 1 or 2 of the ladder; not delivered where no start or no step is known of anybody.
    """
    people, stock = tables["residents"], tables["caseload"]
    now = stock[(stock["as_of"] == stock["as_of"].max()) & (stock["group"] == "caseload")]
    came = int((scope.contains(people["benefit_start"]) & people["ladder_step"].isin(LOWEST)).sum())
    months = {"numerator": came, "denominator": round(scope.months, 4)}
    guided = scope.row("guided_months", round(_guided_months(tables, now, scope), 1), denominator=len(now))
    if not is_told(people, "benefit_start", "ladder_step"):
        return [guided, *map(scope.not_delivered, ("low_step_inflow", "low_step_inflow_per_month"))]
    return [
        guided,
        scope.row("low_step_inflow", came),
        scope.row("low_step_inflow_per_month", came / scope.months, **months),
    ]


def _guided_months(tables: Mapping[str, pd.DataFrame], now: pd.DataFrame, scope: Scope) -> float:
    """Months, of all these residents together, in the days of the scope of which there are records."""
    talks = tables["conversations"]
    first = talks[talks["kind"] == "first"].groupby("resident", observed=True)["date"].min()
    since = now["since"].fillna(first.reindex(now["resident"]).set_axis(now.index))
    known = pd.Timestamp(scope.as_of) + pd.Timedelta(days=1)
    days = 0.0
    for piece in scope.pieces:
        begin, end = pd.Timestamp(piece.start), min(pd.Timestamp(piece.end), known)
        days += float((end - since.clip(lower=begin)).dt.days.clip(lower=0).sum())
    return days / DAYS_A_MONTH


def look_ahead(measures: pd.DataFrame, *, settings: Outlook, staff: Mapping[str, float]) -> pd.DataFrame:
    """The rows of the model for each period in `staff` (period, consultants then) that has a stock, from shown rows.

    Grain: the tidy table's. `value` is the median of the runs, `low` and `high` hold 80% of them; what is not reached
    within the outlook is missing, with status `undefined`. `numerator` is in how many of `denominator` runs it is.
    """
    rows: list[dict[str, object]] = []
    for period, consultants in staff.items():
        known = _known(measures, period, consultants)
        if isinstance(known, Hidden):
            rows += _hidden(period)
        elif known is not None:
            rows += _Model(period, known, settings).rows()
    return tidy.table(rows)


def leaving(measures: pd.DataFrame, period: str) -> Leaving | Hidden | None:
    """Who left and their months, from shown rows; of the balance when all of it is shown. None when nothing tells it.

    Examples
    --------
    >>> rows = [
    ...     tidy.row("2024", "left_programme", 24),
    ...     tidy.row("2024", "in_programme", 180, breakdown="entry", category="opening"),
    ...     tidy.row("2024", "in_programme", 220, breakdown="end", category="stayed"),
    ...     tidy.row("2024", "low_step_inflow_per_month", 5, numerator=60, denominator=12),
    ... ]
    >>> leaving(tidy.table(rows), "2024")
    Leaving(left=24.0, months=2400.0, is_of_balance=True)
    """
    own = tidy.pick(measures, period=period)
    months = _shown(_needed(own, ("low_step_inflow_per_month",)), "denominator")
    balance = [tidy.number(own, period, *label) for label in BALANCE]
    counts = [v for v in balance if isinstance(v, float)]
    if isinstance(months, list) and len(counts) == len(BALANCE):
        left, opening, closing = counts
        if exposure := (opening + closing) / 2 * months[0]:
            return Leaving(left, exposure, is_of_balance=True)
    found = _shown(_needed(own, (*LEAVING, "guided_months")))
    if not isinstance(months, list) or not isinstance(found, list):
        return tidy.HIDDEN if tidy.HIDDEN in (months, found) and None not in (months, found) else None
    left = found[0] + found[1]
    exposure = found[2] + left * months[0] / 2  # who left was guided half of the time, on average
    return Leaving(left, exposure, is_of_balance=False) if exposure else None


def _needed(own: pd.DataFrame, names: Sequence[str]) -> list[pd.DataFrame]:
    return [tidy.pick(own, measure=m, breakdown="") for m in names]


def _shown(needed: Sequence[pd.DataFrame], column: str = "value") -> list[float] | Hidden | None:
    """The last of each; hidden when one of them is, None when one was not measured."""
    if any(not len(rows) or rows["status"].iloc[-1] in ("not_delivered", "undefined") for rows in needed):
        return None
    if any(rows["status"].iloc[-1] == "hidden" for rows in needed):
        return tidy.HIDDEN
    if any(pd.isna(rows[column].iloc[-1]) for rows in needed):  # published between bounds
        return None
    return [float(rows[column].iloc[-1]) for rows in needed]


def _known(measures: pd.DataFrame, period: str, consultants: float) -> Known | Hidden | None:
    """What the model starts from; None when some of it was not measured."""
    own = tidy.pick(measures, period=period)
    groups = tidy.pick(own, measure="on_benefit", breakdown="group")
    stocks = [tidy.pick(groups, category=g) for g in STOCK]
    stock, inflow = _shown(stocks), _needed(own, ("low_step_inflow", "low_step_inflow_per_month"))
    found = (stock, _shown(inflow), leaving(own, period))
    if any(part is None for part in found):
        return None
    if not isinstance(found[0], list) or not isinstance(found[1], list) or not isinstance(found[2], Leaving):
        return tidy.HIDDEN
    rate = inflow[-1].iloc[-1]
    return Known(
        day=date.fromisoformat(stocks[0]["as_of"].iloc[-1]),
        start=Start(*map(int, found[0])),
        leaving=found[2],
        newcomers=float(rate["numerator"]),
        months=float(rate["denominator"]),
        consultants=consultants,
        status=str(rate["status"]),
    )


def _hidden(period: str) -> Iterator[dict[str, object]]:
    for name, count in product(MODELLED, CONSULTANTS):
        yield tidy.row(period, name, None, breakdown="consultants", category=str(count), status="hidden")


class _Model:
    """One period's outlook. Month 1 is the first whole month after the day of the stock."""

    def __init__(self, period: str, known: Known, settings: Outlook) -> None:
        self.period, self.known, self.settings = period, known, settings
        first = _month(known.day) + (known.day.day > 1)
        self.month_before = first - 1
        self.next_year = (known.day.year + 1) * 12 - self.month_before  # the month of its January
        self.end_of_next_year = self.next_year + 11
        self.months = (known.day.year + settings.years + 1) * 12 - first
        self.inflow: Array
        self.rates = self._draw()

    def rows(self) -> Iterator[dict[str, object]]:
        known, settings = self.known, self.settings
        places = self._places(settings.caseload_per_consultant)
        paths = simulation.simulate(known.start, self.rates, places, seed=settings.seed)
        helped = simulation.month_of(paths.placed_ready, known.start.ready)
        last_in_line = paths.arrived[..., self.next_year]
        wait = simulation.month_of(paths.placed_newcomers, last_in_line) - self.next_year
        for n in CONSULTANTS:
            label = {"breakdown": "consultants", "category": str(n)}
            yield self._band("months_to_help_ready", helped[n], **label)
            yield self._band("wait_of_newcomer", np.maximum(wait[n], 0), **label)
            if waiting := known.start.ready + known.start.later:
                reached = paths.placed_ready[n, :, self.end_of_next_year] / waiting
                yield self._band("share_reached", reached, **label)
            else:
                yield self._row("share_reached", None, **label, status="undefined")
            for month in range(self.months + 1):
                label = {"breakdown": "consultants>month", "category": f"{n}>{self._name(month)}"}
                yield self._band("caseload_path", paths.guided[n, :, month], **label)
                yield self._band("waiting_path", (paths.ready + paths.newcomers)[n, :, month], **label)
        yield from self._assumed()
        yield from self._sensitivity()

    def _draw(self) -> Rates:
        """One value a run of each rate."""
        known, settings = self.known, self.settings
        random = np.random.default_rng([settings.seed, 1])
        hazard = random.gamma(known.leaving.left + 0.5, size=settings.runs) / known.leaving.months
        inflow = random.gamma(known.newcomers + 0.5, size=settings.runs) / known.months
        able, ready = (
            random.uniform(low, high, size=settings.runs)
            for low, high in (settings.newcomers_share, settings.later_ready_share)
        )
        self.inflow = inflow
        return Rates(-np.expm1(-hazard), inflow * able, _a_month(ready))

    def _places(self, each: int) -> Array:
        """Places of each scenario in each month, so many a consultant; before the funding ends those of today.

        The first column is the day of the stock: today's places, or of who is guided when the staff is not known.
        """
        end = self.settings.funding_end
        paid = max(0, _month(end) - self.month_before) if end and self.known.consultants else 0
        now = round(self.known.consultants * self.settings.caseload_per_consultant)
        start = now if self.known.consultants else self.known.start.guided
        ahead = range(1, self.months + 1)
        return np.array([[start, *(now if m <= paid else n * each for m in ahead)] for n in CONSULTANTS])

    def _ends(self) -> dict[str, Sequence[float]]:
        """Of each assumption the middle, the low and the high end, in the unit of its measure."""
        settings, known = self.settings, self.known
        able, ready = settings.newcomers_share, settings.later_ready_share
        return {
            "assumed_leaving": _middle(self.rates.leave, -np.expm1(-(known.leaving.left + 0.5) / known.leaving.months)),
            "assumed_inflow": _middle(self.inflow, (known.newcomers + 0.5) / known.months),
            "assumed_able": (sum(able) / 2, *able),
            "assumed_ready": (sum(ready) / 2, *ready),
            "assumed_caseload": (settings.caseload_per_consultant, *settings.caseload_range),
        }

    def _assumed(self) -> Iterator[dict[str, object]]:
        for name, (middle, low, high) in self._ends().items():
            yield self._row(name, middle, low=low, high=high)

    def _sensitivity(self) -> Iterator[dict[str, object]]:
        """Reached and waiting at the end of next year, at their means, with one assumption at a time low and high."""
        ends = self._ends()
        waiting = self.known.start.ready + self.known.start.later
        for name, side in product(ASSUMED, range(2)):
            values = {n: e[1 + side] if n == name else e[0] for n, e in ends.items()}
            rates = Rates(
                np.array([values["assumed_leaving"]]),
                np.array([values["assumed_inflow"] * values["assumed_able"]]),
                _a_month(np.array([values["assumed_ready"]])),
            )
            places = self._places(int(values["assumed_caseload"]))
            paths = simulation.expected(self.known.start, rates, places)
            reached, left = (
                path[:, 0, self.end_of_next_year] for path in (paths.placed_ready, paths.ready + paths.newcomers)
            )
            for n in CONSULTANTS:
                label = {"breakdown": "consultants>assumption>end", "category": f"{n}>{name}>{ENDS[side]}"}
                yield self._row("waiting_path", float(left[n]), **label)
                if waiting:
                    yield self._row("share_reached", float(reached[n]) / waiting, **label)

    def _band(self, measure: str, values: Array, **label: str) -> dict[str, object]:
        finite = [None if np.isinf(v) else v for v in simulation.band(values)]
        runs = {"numerator": int(np.isfinite(values).sum()), "denominator": values.size}
        status = {"status": "undefined"} if finite[0] is None else {}
        return self._row(measure, finite[0], low=finite[1], high=finite[2], **runs, **label, **status)

    def _row(self, measure: str, value: float | None, **rest: object) -> dict[str, object]:
        fixed = {"as_of": self.known.day.isoformat(), "status": self.known.status, **rest}
        return tidy.row(self.period, measure, value, **fixed)

    def _name(self, month: int) -> str:
        year, number = divmod(self.month_before + month, 12)
        return f"{year}-{number + 1:02d}"


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def _a_month(share_a_year: Array) -> Array:
    """The chance in a month that comes to this share in a year."""
    return -np.expm1(np.log1p(-share_a_year) / 12)


def _middle(draws: Array, middle: float) -> tuple[float, float, float]:
    _, low, high = simulation.band(draws)
    return float(middle), low, high
