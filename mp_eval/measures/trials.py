"""Who was spoken to beside who was not yet, month by month: how much more often did the benefit end?

Each month is a trial of its own. Time zero is the first day of a month, the same for both arms. *Spoken* is who had
the first conversation in the month before; *alike* is who was on benefit all that month as well and not yet spoken to.
(With time zero at the talk itself, or ever against never, who is spoken to cannot have left before: that alone makes a
difference where there is none.) In each trial the two are compared within classes of months on benefit, age and
household, exactly. Who is spoken to later stays among those alike, "as started".

Time is in months: month n begins at n, and a day is the part of its month that has passed (`month_of`).

Sources: Hernán and Robins (2016), American Journal of Epidemiology 183, 758-764 (trials); Aalen and Johansen (1978),
Scandinavian Journal of Statistics 5, 141-150 (risks with competing ends); Jaeckel (1972), The infinitesimal jackknife,
Bell Laboratories MM 72-1215-11; Newcombe (1998), Statistics in Medicine 17, 873-890, method 10 (interval).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from .scope import wilson
from .survival import Z

Array = np.ndarray[Any, Any]
RUNS, ENDED, AWAY, WORK = 0, 1, 2, 3  # a benefit runs, or ended: by moving or dying, to work, or in another way
ENDS = (ENDED, WORK)
ON_BENEFIT, AGES = (6, 12, 24, 36, 60, 120), (30, 40, 50, 60)  # months and years with which a class begins
HORIZON = 24  # months that are followed
Limits = tuple[float, float]
UNKNOWN: Limits = (np.nan, np.nan)
COLUMNS = ("resident", "start", "end", "kind", "talk", "birth_year", "household")


@dataclass(frozen=True)
class Difference:
    """A risk (or a mean number of months) of both arms, and the difference with its 95% interval.

    `limits` are those of either arm by itself. `happened` counts it among the spoken; `expected` is as many as that
    would be with the risk of those alike.
    """

    spoken: float
    alike: float
    error: float
    low: float
    high: float
    limits: tuple[Limits, Limits] = (UNKNOWN, UNKNOWN)
    happened: int = 0
    expected: float = 0.0

    @property
    def size(self) -> float:
        return self.spoken - self.alike

    @property
    def is_judged(self) -> bool:
        """Whether the interval lies on one side of zero."""
        return self.low > 0 or self.high < 0


NOTHING = Difference(np.nan, np.nan, np.nan, np.nan, np.nan)  # nobody could be followed so long


@dataclass(frozen=True)
class Arm:
    """By month after time zero: who is followed, the hazards of the end and of others, who is left, the risk so far."""

    weight: Array
    followed: Array
    own: Array
    other: Array
    left: Array
    risk: Array


class Trials:
    """The monthly trials of a register of benefits.

    Parameters
    ----------
    spells
        One row a benefit: resident, start, end (the first day without; infinite while it runs), kind (how it ended),
        talk (the resident's first one; infinite without), birth_year (may be missing), household. Each further column
        makes classes too.
    first, stop
        The month from which on all talks are known, and that with which following ends.
    last
        The time zero of the last trial; by itself a month before `stop`.
    lag
        Time zero comes so many months later, among who is still there.
    is_crude
        Without classes.
    later
        Who is alike and spoken to later stays, stops being followed, or stops while who is left of the class weighs
        more. Of the last two there is no interval.

    Examples
    --------
    Two are spoken to, four are alike. In twelve months half of both left, those spoken to a little earlier.

    >>> inf = float("inf")
    >>> rows = [(3.5, 0.5), (inf, 0.5), (2.5, inf), (inf, inf), (5.5, inf), (inf, 4.2)]
    >>> spells = pd.DataFrame(rows, columns=["end", "talk"]).assign(start=-5, birth_year=-40, household="single")
    >>> spells = spells.assign(resident=range(6), kind=[1, 0, 1, 0, 1, 0])
    >>> found = Trials(spells, first=0, stop=14, last=1)
    >>> found.risk(12).size, round(found.risk(12).error, 6), found.months_off(12).size
    (0.0, 0.433013, 0.25)
    >>> stopped = Trials(spells, first=0, stop=14, last=1, later="stops")
    >>> stopped.risk(12).size, stopped.months_off(12).size
    (-0.125, -0.75)
    """

    def __init__(
        self,
        spells: pd.DataFrame,
        *,
        first: int,
        stop: int,
        last: int | None = None,
        lag: int = 0,
        is_crude: bool = False,
        later: Literal["stays", "stops", "weighs"] = "stays",
    ) -> None:
        months = np.arange(first + 1, max(stop - lag, first + 2))[None, :]
        zero = months + lag
        known = spells[(spells["start"] < zero[0, -1]) & (spells["end"] > zero[0, 0])]
        start, end, talk, born = (known[[c]].to_numpy(float) for c in ("start", "end", "talk", "birth_year"))
        self.resident = pd.factorize(known["resident"])[0]
        self.kind = known[["kind"]].to_numpy(int)
        self.zero, self.stop, self.end = zero, stop, end
        self.traits = {"months_on_benefit": zero - start, "age": zero // 12 - born}
        self.traits |= {h: _same(known["household"] == h, zero) for h in ("single", "single_parent")}
        self.cells = _cells(known, self.traits, zero, is_crude=is_crude)
        there = (start <= months - 1) & (end > zero) & (months <= (stop if last is None else last))
        self.alike, spoken = there & (talk >= months), there & (talk >= months - 1) & (talk < months)
        self._arms: dict[tuple[int, ...], tuple[Arm, Arm]] = {}
        cells = int(self.cells.max(initial=0)) + 1
        own, others = (np.bincount(self.cells[who], minlength=cells) for who in (spoken, self.alike))
        self.others = np.maximum(others, 1)
        self.met = spoken & (others > 0)[self.cells]
        self.alone = spoken & ~self.met
        self.weight = np.where(self.alike, (own / self.others)[self.cells], 0.0)
        self.there = (end > zero).astype(float)  # on benefit when the month that begins at time zero does
        self.kept, self.is_whole = self.there, later == "stays"
        if not self.is_whole:
            self.kept = self.there * (talk >= zero + 1)
        if later == "weighs":
            chance = (own / np.maximum(own + others, 1))[self.cells]
            unspoken = np.cumprod(1 - np.minimum(chance, 0.99), axis=1)
            self.kept = self.kept / np.hstack([unspoken[:, 1:], unspoken[:, -1:]])
            self.weight = self.weight * unspoken

    @property
    def spoken(self) -> int:
        """Who was spoken to and has somebody alike."""
        return int(self.met.sum())

    @property
    def unmet(self) -> int:
        """Who was spoken to and has nobody alike, so is left out."""
        return int(self.alone.sum())

    @property
    def residents_spoken(self) -> int:
        """How many residents were spoken to in any trial."""
        return len(np.unique(self.resident[(self.met | self.alone).any(axis=1)]))

    @property
    def residents_alike(self) -> tuple[int, float]:
        """How many residents are alike in any trial, and with how many of equal weight that compares."""
        weights = np.bincount(self.resident, self.weight.sum(axis=1))
        squares = float((weights**2).sum())
        return int((weights > 0).sum()), float(weights.sum() ** 2 / squares) if squares else 0.0

    def risk(self, months: int, *, of: Sequence[int] = ENDS, times: float = 1.0) -> Difference:
        """The risk of an end in one of these ways, so many months after time zero; the other ways compete.

        `times` is how much more often who is alike would have left anyhow, had they been as those spoken to.
        """
        wanted = np.zeros(min(months, self.zero.size))
        if months > len(wanted):
            return NOTHING
        wanted[-1] = 1.0
        (p, one), (q, other) = self._both(wanted, of, times)
        limits = _wilson(p, one, self.spoken), _wilson(q, other, self.residents_alike[1])
        low, high = _newcombe((p, q), limits, _tie(one, other))
        happened = np.isin(self.kind, of) & (self.end <= np.minimum(self.zero + months, self.stop)) & self.met
        return Difference(p, q, _error(one - other), low, high, limits, int(happened.sum()), q * self.spoken)

    def months_off(self, within: int = HORIZON) -> Difference:
        """Months without the benefit in so many after time zero, of each resident; the end of another kind is none."""
        wanted = np.ones(min(within, self.zero.size))
        if within > len(wanted):
            return NOTHING
        (p, one), (q, other) = self._both(wanted, ENDS, 1.0)
        error = _error(one - other)
        return Difference(p, q, error, p - q - Z * error, p - q + Z * error)

    def balance(self) -> dict[str, tuple[float, float]]:
        """How far the spoken are from those alike in the mean of a trait, in spreads: unweighted and weighted."""
        found = {}
        for name, values in self.traits.items():
            has = ~np.isnan(values)
            arms = [values[self.met & has], values[self.alike & has]]
            spread = np.sqrt(sum(arm.var() for arm in arms) / 2) if all(map(len, arms)) else 0.0
            weight = self.weight[self.alike & has]
            if not spread or not weight.sum():
                found[name] = (0.0, 0.0)
                continue
            before, after = (arms[0].mean() - m for m in (arms[1].mean(), _sum(weight, arms[1]) / weight.sum()))
            found[name] = (float(before / spread), float(after / spread))
        return found

    def arm(self, weight: Array, kept: Array, of: Sequence[int]) -> Arm:
        """The curve of an arm, with these weights of spells in trials and these of who is followed in a month."""
        ends = kept * (self.end <= self.zero + 1) * (self.kind != RUNS)
        is_own = np.isin(self.kind, of)
        length = min(HORIZON, self.zero.size)
        followed, own, other = (
            np.array([(weight[:, : weight.shape[1] - t] * some[:, t:]).sum() for t in range(length)])
            for some in (kept, ends * is_own, ends * ~is_own)
        )
        with np.errstate(invalid="ignore", divide="ignore"):
            own, other = own / followed, other / followed
        left = np.cumprod(1 - own - other)
        before = np.concatenate([[1.0], left[:-1]])
        return Arm(weight, followed, own, other, before, np.cumsum(before * own))

    def _both(self, wanted: Array, of: Sequence[int], times: float) -> tuple[tuple[float, Array], tuple[float, Array]]:
        """Of both arms the sum of the risks that are wanted, and each resident's part in it."""
        if tuple(of) not in self._arms:
            arms = self.arm(self.met.astype(float), self.there, of), self.arm(self.weight, self.kept, of)
            self._arms[tuple(of)] = arms
        spoken, alike = self._arms[tuple(of)]
        one = np.where(self.met, self._parts(spoken, wanted, of), 0.0).sum(axis=1)
        parts = self._parts(alike, wanted, of)
        means = (np.bincount(self.cells[self.alike], parts[self.alike], len(self.others)) / self.others)[self.cells]
        other = times * (self.weight * (parts - means) + np.where(self.met, means, 0.0)).sum(axis=1)
        p, q = (_sum(wanted, a.risk[: len(wanted)]) for a in (spoken, alike))
        if not self.is_whole:
            other = other * np.nan
        return (p, np.bincount(self.resident, one)), (times * q, np.bincount(self.resident, other))

    def _parts(self, arm: Arm, wanted: Array, of: Sequence[int]) -> Array:
        """What each spell would move the sum of the risks in each trial, were it to weigh a little more there."""
        size = len(wanted)
        followed, own, other, left, risk = (a[:size] for a in (arm.followed, arm.own, arm.other, arm.left, arm.risk))
        still = wanted[::-1].cumsum()[::-1]
        to_come = (wanted * risk)[::-1].cumsum()[::-1] - still * risk
        with np.errstate(invalid="ignore", divide="ignore"):
            lost = np.nan_to_num(to_come / (1 - own - other))
            ends, others = np.nan_to_num((left * still - lost) / followed), np.nan_to_num(-lost / followed)
        drift = np.concatenate([[0.0], np.cumsum(np.nan_to_num(ends * own + others * other))])
        when = np.ceil(np.minimum(self.end - self.zero, size + 1)).astype(int).clip(1)
        until = np.minimum(self.stop - self.zero, size)
        at = np.minimum(when, size) - 1
        gain = np.where(np.isin(self.kind, of), ends[at], others[at]) * ((when <= until) & (self.kind != RUNS))
        return gain - drift[np.minimum(when, until)]


def month_of(days: pd.Series) -> Array:
    """Days as months: 12 times the year and the month from 0, and the part of it that had passed; missing: infinite.

    >>> month_of(pd.Series(pd.to_datetime(["2024-01-01", "2024-02-15", None]))).round(4).tolist()
    [24288.0, 24289.4828, inf]
    """
    whole = days.dt.year * 12 + days.dt.month - 1
    return (whole + (days.dt.day - 1) / days.dt.days_in_month).fillna(np.inf).to_numpy(float)


def _cells(known: pd.DataFrame, traits: dict[str, Array], zero: Array, *, is_crude: bool) -> Array:
    """The trial and the class of each spell at each time zero, as one number."""
    made = np.broadcast_to(np.arange(zero.size)[None, :], (len(known), zero.size))
    if is_crude:
        return made
    codes = [np.searchsorted(ON_BENEFIT, traits["months_on_benefit"], side="right")]
    codes += [np.where(np.isnan(traits["age"]), len(AGES) + 1, np.searchsorted(AGES, traits["age"], side="right"))]
    codes += [_same(pd.factorize(known[c])[0] + 1, zero) for c in sorted({*known.columns} - {*COLUMNS} | {"household"})]
    for code in codes:
        made = made * (int(code.max(initial=0)) + 1) + code.astype(int)
    return made


def _same(values: Any, zero: Array) -> Array:
    """What does not change with time, of each trial."""
    return np.broadcast_to(np.asarray(values, dtype=float)[:, None], (len(values), zero.size))


def _error(parts: Array) -> float:
    return float(np.sqrt((parts**2).sum()))


def _tie(one: Array, other: Array) -> float:
    """The correlation of two estimates that share residents."""
    errors = _error(one) * _error(other)
    return _sum(one, other) / errors if errors else 0.0


def _sum(one: Array, other: Array) -> float:
    """The sum of the products, in one order on every processor; a product of vectors (`@`) has one for each make."""
    return float((one * other).sum())


def _wilson(share: float, parts: Array, size: float) -> Limits:
    """Wilson's limits of a share, of as many residents as its error comes to; without an error of `size`."""
    error = _error(parts)
    if np.isnan([share, error]).any():
        return UNKNOWN
    many = share * (1 - share) / error**2 if error and 0 < share < 1 else size
    return wilson(min(share, 1.0) * many, many) if many else (0.0, 1.0)


def _newcombe(shares: Limits, limits: tuple[Limits, Limits], tie: float) -> Limits:
    """The interval of a difference from the limits of either share, and how the two hang together."""
    (p, q), ((l1, u1), (l2, u2)) = shares, limits

    def off(a: float, b: float) -> float:
        return float(np.sqrt(np.maximum(a * a - 2 * tie * a * b + b * b, 0.0)))

    return p - q - off(p - l1, u2 - q), p - q + off(u1 - p, q - l2)
