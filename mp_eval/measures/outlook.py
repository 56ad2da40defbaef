"""The outlook: what the records tell of coming and going, and what the model of `simulation` makes of it.

`measure` counts, of one period, months of guidance and newcomers. `look_ahead` puts these, the stock and who left in
the model, for several numbers of consultants after the funding ends (`scenarios`). It is given the table *after*
protection: it cannot tell more than the numbers that it is made of, and where one of them is hidden it tells nothing.

How fast residents leave no source tells exactly (`leaving.sources`). Where there are two, each run has a chance to
leave between theirs, and everything is done twice more with the lowest and with the highest: the middle is that of the
runs in between, the band goes from the low end of the one to the high end of the other.

Chance and the uncertainty of the rates are both in the bands: each run draws its rates from Gamma(count + 1/2) /
exposure (Jeffreys' prior for a Poisson count). Which share of the newcomers can be guided, and which share of the later
group becomes ready within a year, no record tells: each run draws them evenly between two ends that the municipality
set. What is not in the bands: that the model is simpler than the world.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from .. import tidy
from ..programme import GUIDED, LATER, READY
from ..tidy import Hidden
from ..workspace import Outlook
from . import simulation
from .ladder import LOWEST
from .leaving import Source, sources, year_before
from .newcomers import newcomers
from .scope import Scope, is_told
from .simulation import Array, Rates, Start

MEASURES = ("guided_months", "low_step_inflow", "low_step_inflow_per_month")
MODELLED = ("months_to_help_ready", "wait_of_newcomer", "share_reached")  # each by number of consultants
ASSUMED = ("assumed_leaving", "assumed_inflow", "assumed_able", "assumed_ready", "assumed_caseload")
AT_LEAST, MORE = 6, 3  # consultants in the largest scenario: so many, and so many more than there are
ENDS = ("low", "high")
DAYS_A_MONTH = 365.25 / 12
STOCK = (GUIDED, READY, LATER)


@dataclass(frozen=True)
class Known:
    """What the model starts from, of one period: the stock on its day, and counts with their exposure in months."""

    day: date
    start: Start
    leaving: tuple[Source, ...]  # the lowest first
    newcomers: float
    most_newcomers: float  # with who left before the extraction: of them the step is not known
    months: float
    consultants: float
    status: str
    year_before: int | None  # in guidance then; not known of each period, or hidden


def measure(tables: Mapping[str, pd.DataFrame], scope: Scope) -> list[dict[str, object]]:
    """Months of guidance in the period of who is guided now; newcomers, in total and a month.

    Guided since the day that the caseload says, else the first conversation. Newcomers: a benefit that began in the
    period, and step 1 or 2 of the ladder; not delivered where no start or no step is known of anybody. Of who left
    before the extraction the table of residents holds nothing, so this is the least: the most is with everybody of whom
    the step is not known, also those that the register of benefits alone knows.
    """
    people, stock = tables["residents"], tables["caseload"]
    now = stock[(stock["as_of"] == stock["as_of"].max()) & (stock["group"] == GUIDED)]
    began = scope.contains(people["benefit_start"])
    came = int((began & people["ladder_step"].isin(LOWEST)).sum())
    months = {"numerator": came, "denominator": round(scope.months, 4)}
    guided = scope.row("guided_months", round(_guided_months(tables, now, scope), 1), denominator=len(now))
    if not is_told(people, "benefit_start", "ladder_step"):
        return [guided, *map(scope.not_delivered, ("low_step_inflow", "low_step_inflow_per_month"))]
    return [
        guided,
        scope.row("low_step_inflow", came, low=came, high=came + _without_step(tables, scope, people[began])),
        scope.row("low_step_inflow_per_month", came / scope.months, **months),
    ]


def _without_step(tables: Mapping[str, pd.DataFrame], scope: Scope, began: pd.DataFrame) -> int:
    """Newcomers whose step is not known: of the residents, and those that the register of benefits alone holds."""
    unknown = began.loc[began["ladder_step"].isna(), "resident"]
    if "benefits" not in tables:
        return len(unknown)
    came = newcomers(tables, scope)["resident"]
    return len(unknown) + int((~came.isin(tables["residents"]["resident"])).sum())


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


def look_ahead(
    measures: pd.DataFrame,
    *,
    settings: Outlook,
    staff: Mapping[str, float],
    newcomers_first: bool = True,
    stocks: Sequence[str] = STOCK,
) -> pd.DataFrame:
    """The rows of the model for each period in `staff` (period, consultants then) that has a stock, from shown rows.

    `newcomers_first` says who gets a free place (see `simulation`); nobody is in a group that is not among `stocks`.
    Grain: the tidy table's. `value` is the median of
    the runs, `low` and `high` hold 80% of them; what is not reached within the outlook is missing, with status
    `undefined`. `numerator` is in how many of `denominator` runs it is.
    """
    rows: list[dict[str, object]] = []
    for period, consultants in staff.items():
        known = _known(measures, period, consultants, settings.derived_within, stocks)
        if isinstance(known, Hidden):
            rows += _hidden(period, consultants)
        elif known is not None:
            rows += _Model(period, known, settings, newcomers_first).rows()
    return tidy.table(rows)


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


def _known(
    measures: pd.DataFrame, period: str, consultants: float, within: float, groups: Sequence[str] = STOCK
) -> Known | Hidden | None:
    """What the model starts from; None when some of it was not measured."""
    own = tidy.pick(measures, period=period)
    chosen = [group for group in STOCK if group in groups]
    stocks = [tidy.pick(own, measure="on_benefit", breakdown="group", category=group) for group in chosen]
    inflow = _needed(own, ("low_step_inflow", "low_step_inflow_per_month"))
    stock, came = _shown(stocks), _shown(inflow)
    if stock is None or came is None:
        return None
    if isinstance(stock, Hidden) or isinstance(came, Hidden):
        return tidy.HIDDEN
    rate, most = inflow[-1].iloc[-1], inflow[0]["high"].iloc[-1]
    months = float(rate["denominator"])
    left = sources(own, period, months=months, within=within)
    if isinstance(left, Hidden) or not left:
        return tidy.HIDDEN if isinstance(left, Hidden) else None
    before = year_before(own, period, left)
    return Known(
        day=date.fromisoformat(stocks[0]["as_of"].iloc[-1]),
        start=Start(*(int(dict(zip(chosen, stock, strict=True)).get(group, 0)) for group in STOCK)),
        leaving=left,
        newcomers=float(rate["numerator"]),
        most_newcomers=max(float(rate["numerator"]), 0.0 if pd.isna(most) else float(most)),
        months=months,
        consultants=consultants,
        status=str(rate["status"]),
        year_before=int(before) if isinstance(before, float) else None,
    )


def scenarios(consultants: float) -> range:
    """For which numbers of consultants the model is run, where there are so many: 0 where that is not known.

    >>> scenarios(3), scenarios(9.5)
    (range(0, 7), range(0, 14))
    """
    return range(max(AT_LEAST, math.ceil(consultants) + MORE) + 1)


def _hidden(period: str, consultants: float) -> Iterator[dict[str, object]]:
    for name, count in product(MODELLED, scenarios(consultants)):
        yield tidy.row(period, name, None, breakdown="consultants", category=str(count), status="hidden")


class _Model:
    """One period's outlook. Month 1 is the first whole month after the day of the stock."""

    def __init__(self, period: str, known: Known, settings: Outlook, newcomers_first: bool = True) -> None:
        self.period, self.known, self.settings, self.newcomers_first = period, known, settings, newcomers_first
        first = _month(known.day) + (known.day.day > 1)
        self.month_before = first - 1
        self.next_year = (known.day.year + 1) * 12 - self.month_before  # the month of its January
        self.end_of_next_year = self.next_year + 11
        self.months = (known.day.year + settings.years + 1) * 12 - first
        self.scenarios = scenarios(known.consultants)
        self.inflow: Array
        self.rates = self._draw()

    def rows(self) -> Iterator[dict[str, object]]:
        known, settings = self.known, self.settings
        places = self._places(settings.caseload_per_consultant)
        paths = simulation.simulate(
            known.start, self.rates, places, seed=settings.seed, newcomers_first=self.newcomers_first
        )
        helped = simulation.month_of(paths.placed_ready, known.start.ready)
        last_in_line = paths.arrived[..., self.next_year]
        wait = simulation.month_of(paths.placed_newcomers, last_in_line) - self.next_year
        in_line = paths.ready + paths.newcomers
        for n in self.scenarios:
            label: dict[str, Any] = {"breakdown": "consultants", "category": str(n)}
            yield self._band("months_to_help_ready", helped[n], **label)
            yield self._band("wait_of_newcomer", np.maximum(wait[n], 0), **label)
            if waiting := known.start.ready + known.start.later:
                reached = paths.placed_ready[n, :, self.end_of_next_year] / waiting
                yield self._band("share_reached", reached, **label)
            else:
                yield self._row("share_reached", None, **label, status="undefined")
            both = zip(self._bands(paths.guided[n]), self._bands(in_line[n]), strict=True)
            for month, (guided, waits) in enumerate(both):
                label = {"breakdown": "consultants>month", "category": f"{n}>{self._name(month)}"}
                yield self._row("caseload_path", **guided, **label)
                yield self._row("waiting_path", **waits, **label)
        yield self._after_a_year()
        yield from self._assumed()
        yield from self._sensitivity()

    def _draw(self) -> Rates:
        """One value a run of each rate; where a source is a bound, first between the bounds, then at either end.

        Of newcomers the middle is who stayed, for who left again needs no guidance; the end at which fewest leave, and
        so fewest can be helped, holds the others too.
        """
        known, settings = self.known, self.settings
        random = np.random.default_rng([settings.seed, 1])
        inflow = random.gamma(known.newcomers + 0.5, size=settings.runs) / known.months
        able, ready = (
            random.uniform(low, high, size=settings.runs)
            for low, high in (settings.newcomers_share, settings.later_ready_share)
        )
        least = most = known.leaving[0].draw(random, settings.runs)
        if len(known.leaving) > 1:
            most = known.leaving[-1].draw(random, settings.runs)
        leave = [least + random.uniform(size=settings.runs) * (most - least), least, most]
        more = inflow + random.uniform(size=settings.runs) * (known.most_newcomers - known.newcomers) / known.months
        self.inflow = np.concatenate([inflow, more, inflow])
        share, when = (np.tile(values, len(leave)) for values in (able, _a_month(ready)))
        return Rates(_chance(np.concatenate(leave)), self.inflow * share, when)

    def _after_a_year(self) -> dict[str, object]:
        """Of who was in guidance a year before the day of the stock, how many are still: it can be compared."""
        if self.known.year_before is None:
            return self._row("guided_after_year", None, status="hidden")
        random = np.random.default_rng([self.settings.seed, 2])
        stayed = random.binomial(self.known.year_before, (1 - self.rates.leave) ** 12)
        return self._band("guided_after_year", stayed)

    def _places(self, each: int) -> Array:
        """Places of each scenario in each month, so many a consultant; before the funding ends those of today.

        The first column is the day of the stock: today's places, or of who is guided when the staff is not known.
        """
        end = self.settings.funding_end
        paid = max(0, _month(end) - self.month_before) if end and self.known.consultants else 0
        now = round(self.known.consultants * self.settings.caseload_per_consultant)
        start = now if self.known.consultants else self.known.start.guided
        ahead = range(1, self.months + 1)
        return np.array([[start, *(now if m <= paid else n * each for m in ahead)] for n in self.scenarios])

    def _ends(self) -> dict[str, Sequence[float]]:
        """Of each assumption the middle, the low and the high end, in the unit of its measure."""
        settings = self.settings
        able, ready = settings.newcomers_share, settings.later_ready_share
        return {
            "assumed_leaving": self._leaving(),
            "assumed_inflow": self._coming(),
            "assumed_able": (sum(able) / 2, *able),
            "assumed_ready": (sum(ready) / 2, *ready),
            "assumed_caseload": (settings.caseload_per_consultant, *settings.caseload_range),
        }

    def _leaving(self) -> tuple[float, float, float]:
        """The chance to leave in a month: of two sources their own ends, of one the band that chance leaves it."""
        low, high = (_chance(self.known.leaving[n].rate) for n in (0, -1))
        middle = _chance((self.known.leaving[0].rate + self.known.leaving[-1].rate) / 2)
        return _middle(self.rates.leave, middle) if low == high else (middle, low, high)

    def _coming(self) -> tuple[float, float, float]:
        """Newcomers a month: who stayed and the band of chance; the high end is with who left, when there are any."""
        known = self.known
        middle, low, high = _middle(self.inflow[: self.settings.runs], (known.newcomers + 0.5) / known.months)
        return middle, low, max(high, known.most_newcomers / known.months)

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
            paths = simulation.expected(self.known.start, rates, places, newcomers_first=self.newcomers_first)
            reached, left = (
                path[:, 0, self.end_of_next_year] for path in (paths.placed_ready, paths.ready + paths.newcomers)
            )
            for n in self.scenarios:
                label = {"breakdown": "consultants>assumption>end", "category": f"{n}>{name}>{ENDS[side]}"}
                yield self._row("waiting_path", float(left[n]), **label)
                if waiting:
                    yield self._row("share_reached", float(reached[n]) / waiting, **label)

    def _band(self, measure: str, values: Array, **label: Any) -> dict[str, object]:
        (found,) = self._bands(values[:, None])
        return self._row(measure, **found, **label)

    def _bands(self, values: Array) -> Iterator[dict[str, Any]]:
        """Of each column of runs the middle of those between two sources, and the band of these, of the lowest and of
        the highest."""
        runs = self.settings.runs
        groups = values.reshape(-1, runs, values.shape[1])
        middles, lows, highs = simulation.bands(groups, axis=1)
        reached = np.isfinite(groups[0]).sum(axis=0)
        for *found, count in zip(middles[0], lows.min(axis=0), highs.max(axis=0), reached, strict=True):
            middle, low, high = (None if np.isinf(v) else float(v) for v in found)
            status = {"status": "undefined"} if middle is None else {}
            yield {"value": middle, "low": low, "high": high, "numerator": int(count), "denominator": runs, **status}

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


def _chance(rate: Any) -> Any:
    """The chance that it happens within a month at this rate."""
    return -np.expm1(-rate)


def _middle(draws: Array, middle: float) -> tuple[float, float, float]:
    _, low, high = simulation.band(draws)
    return float(middle), low, high
