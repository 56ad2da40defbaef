"""From one period to the next: how much each headline measure changed, and how much of that may be chance.

Made of the protected table, so it tells nothing that was not shown already. Shares are compared by Newcombe's interval
for a difference of two proportions, numbers a month by the same construction on two counts of events (MOVER), or on the
limits that a row brings (conversations come in clusters, several of one resident). Both take the periods as separate
groups. So what shares days, or was counted in another way from some day on, is laid beside each other and not judged.
Of the others it counts how many there are: one of twenty is beyond 95% by chance alone.

Sources: Newcombe (1998), Statistics in Medicine 17, 873-890, method 10; Zou and Donner (2008), Statistics in Medicine
27, 1693-1702; limits of a count: Breslow and Day (1987), Statistical Methods in Cancer Research II, p. 69 (Byar);
many comparisons: Holm (1979), Scandinavian Journal of Statistics 6, 65-70.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from statistics import NormalDist

import pandas as pd

from . import tidy
from .measures.scope import wilson
from .periods import Period

Interval = tuple[float, float]
Z = NormalDist().inv_cdf(0.975)
FOLLOW_UP = 31  # days: a cohort that was followed so much longer had more time to become active
OF_A_PERIOD = ("programme_outflow_rate", "benefit_outflow_rate")  # the longer the period, the larger
FOLLOWED = "cohort_activation_rate"  # up to the extraction: the later, the larger


@dataclass(frozen=True)
class Change:
    """One measure in two periods, one after the other.

    Attributes
    ----------
    before, after
        The keys of the periods; `values` are the measure in each, None when hidden or not measured.
    difference
        After minus before, with its 95% interval; None when either is not known.
    share
        The difference as a part of the value before, for ordering; None when that was zero.
    is_alike
        Whether the periods are equally long, for a measure that grows with its period; for a cohort that is followed
        up to the extraction, whether its residents were followed about equally long.
    shares_days
        Whether the periods share days: then there is no interval.
    is_broken
        Whether it was counted in another way from some day in these periods on.
    is_beyond_chance
        Whether it differs from zero by more than chance, also when it counts how many differences are judged.
    """

    measure: str
    before: str
    after: str
    values: tuple[tidy.Value, tidy.Value]
    difference: float | None = None
    interval: Interval | None = None
    share: float | None = None
    is_alike: bool = True
    shares_days: bool = False
    is_broken: bool = False
    is_beyond_chance: bool = False

    @property
    def is_judged(self) -> bool:
        """Whether chance is all that stands in the way: like with like, of other days."""
        return self.is_alike and not self.is_broken and self.interval is not None

    @property
    def surprise(self) -> float:
        """How often chance alone gives such a difference, as its interval tells (two-sided)."""
        assert self.difference is not None
        assert self.interval is not None
        low, high = self.interval
        half = self.difference - low if self.difference > 0 else high - self.difference
        return 2 * NormalDist().cdf(-Z * abs(self.difference) / half) if half else 1.0


def changes(
    measures: pd.DataFrame,
    periods: Sequence[Period],
    names: Sequence[str],
    *,
    breaks: Mapping[str, Sequence[date]] | None = None,
    touching: bool = False,
) -> list[Change]:
    """Every measure of `names` from each period to the next (in order of their start), the largest changes first.

    Only shares and numbers a month: counts over periods of different length cannot be compared. What changed by more
    than chance comes before what did not. `touching` leaves out a period and the next with days between them.

    Examples
    --------
    >>> rows = [
    ...     tidy.row("a", "cohort_activation_rate", 0.5, numerator=50, denominator=100),
    ...     tidy.row("b", "cohort_activation_rate", 0.2, numerator=20, denominator=100),
    ... ]
    >>> from mp_eval.periods import parse
    >>> a, b = parse("2023"), parse("2024")
    >>> periods = [Period(a.start, a.end, "a"), Period(b.start, b.end, "b")]
    >>> [found] = changes(tidy.table(rows), periods, ["cohort_activation_rate"])
    >>> round(found.difference, 3), [round(x, 3) for x in found.interval], found.is_beyond_chance
    (-0.3, [-0.417, -0.169], True)
    """
    pairs = [(name, a, b) for name in names for a, b in pairwise(periods) if a.end == b.start or not touching]
    found = [_change(measures, name, a, b, (breaks or {}).get(name, ())) for name, a, b in pairs]
    clear = _beyond_chance(found)
    found = [replace(change, is_beyond_chance=n in clear) for n, change in enumerate(found)]
    return sorted(found, key=lambda c: (c.difference is None, not c.is_beyond_chance, -abs(c.share or 0)))


def by_half_year(measures: pd.DataFrame, period: str, halves: Sequence[Period]) -> pd.DataFrame:
    """What was counted in half-years, as a table of which each is a period: for `changes`.

    Residents spoken to are the sum of their months, hidden when one of them is; the rest is `half_year_rate` and
    `half_year_share`, as far as these are shown.

    Examples
    --------
    >>> months = [f"2024-{n:02}" for n in range(1, 8)]
    >>> rows = [tidy.row("all", "spoken", 10, breakdown="month", category=month) for month in months]
    >>> half = Period(date(2024, 1, 1), date(2024, 7, 1), "2024-H1")
    >>> by_half_year(tidy.table(rows), "all", [half])[["period", "measure", "value", "numerator"]].values.tolist()
    [['2024-H1', 'spoken_per_month', 10.0, 60.0]]
    """
    rows = [_spoken(measures, period, half) for half in halves]
    for name in ("half_year_rate", "half_year_share"):
        for row in tidy.pick(measures, period=period, measure=name).to_dict("records"):
            measure, half_year = row["category"].split(">")
            if row["status"] != "hidden":
                numbers = {c: row[c] for c in ("numerator", "denominator", "low", "high", "status", "as_of")}
                rows.append(tidy.row(half_year, measure, row["value"], **numbers))
    return tidy.table(rows)


def _spoken(measures: pd.DataFrame, period: str, half: Period) -> dict[str, object]:
    months = [f"{half.start.year}-{half.start.month + n:02}" for n in range(6)]
    known = tidy.all_shown([tidy.count(measures, period, "spoken", "month", month) for month in months])
    if isinstance(known, tidy.Hidden):
        return tidy.row(half.id, "spoken_per_month", None, status="hidden")
    return tidy.row(half.id, "spoken_per_month", sum(known) / 6, numerator=sum(known), denominator=6.0)


def _beyond_chance(found: Sequence[Change]) -> set[int]:
    """Which are beyond chance at 5% for all that are judged together, by Holm's steps: the least likely first."""
    judged = sorted((change.surprise, n) for n, change in enumerate(found) if change.is_judged)
    clear: set[int] = set()
    for step, (surprise, n) in enumerate(judged):
        if surprise > 0.05 / (len(judged) - step):
            break
        clear.add(n)
    return clear


def recorded_months(measures: pd.DataFrame, period: Period) -> float:
    """The months of a period of which there are records: less than all when it was not over at the extraction.

    >>> from mp_eval.periods import parse
    >>> year = Period(*(getattr(parse("2024"), end) for end in ("start", "end")), "2024")
    >>> recorded_months(tidy.table([tidy.row("2024", "days_to_extraction", -31)]), year)
    11.0
    """
    days = tidy.number(measures, period.key, "days_to_extraction")
    if not isinstance(days, float) or days >= 0:
        return period.months
    known = period.end + timedelta(days=int(days))
    return Period(period.start, known).months if known > period.start else 0.0


def followed(measures: pd.DataFrame, period: Period) -> float:
    """How many days the residents first spoken to in a period were followed, when as many are on each of its days.

    >>> from mp_eval.periods import parse
    >>> year = Period(*(getattr(parse("2024"), end) for end in ("start", "end")), "2024")
    >>> followed(tidy.table([tidy.row("2024", "days_to_extraction", 100)]), year)
    283.0
    """
    after = tidy.number(measures, period.key, "days_to_extraction")
    return (period.end - period.start).days / 2 + (after if isinstance(after, float) else 0.0)


def difference_of_shares(n1: float, d1: float, n2: float, d2: float) -> Interval:
    """Newcombe's interval (method 10) for n2/d2 - n1/d1.

    >>> [round(x, 4) for x in difference_of_shares(48, 80, 56, 70)]  # his example, reversed
    [0.0524, 0.3339]
    """
    return _mover((n1 / d1, wilson(int(n1), int(d1))), (n2 / d2, wilson(int(n2), int(d2))))


def difference_of_rates(n1: float, t1: float, n2: float, t2: float) -> Interval:
    """The interval for n2/t2 - n1/t1, counts of events over lengths of time.

    >>> low, high = difference_of_rates(30, 10, 30, 10)
    >>> low < 0 < high and round(low + high, 9) == 0
    True
    """
    (low1, high1), (low2, high2) = limits_of_count(n1), limits_of_count(n2)
    return _mover((n1 / t1, (low1 / t1, high1 / t1)), (n2 / t2, (low2 / t2, high2 / t2)))


def limits_of_count(count: float) -> Interval:
    """Byar's 95% limits of an observed count.

    >>> [round(x, 2) for x in limits_of_count(10)], limits_of_count(0)[0]
    ([4.79, 18.39], 0.0)
    """
    low = count * (1 - 1 / (9 * count) - Z / (3 * count**0.5)) ** 3 if count else 0.0
    above = count + 1
    return max(0.0, low), above * (1 - 1 / (9 * above) + Z / (3 * above**0.5)) ** 3


def _mover(first: tuple[float, Interval], second: tuple[float, Interval]) -> Interval:
    """The interval of a difference from those of its two terms."""
    (p1, (low1, high1)), (p2, (low2, high2)) = first, second
    gap = p2 - p1
    return gap - ((p2 - low2) ** 2 + (high1 - p1) ** 2) ** 0.5, gap + ((high2 - p2) ** 2 + (p1 - low1) ** 2) ** 0.5


def _change(measures: pd.DataFrame, name: str, first: Period, then: Period, breaks: Sequence[date]) -> Change:
    before, after = first.key, then.key
    values = (tidy.number(measures, before, name), tidy.number(measures, after, name))
    one, other = values
    is_alike = True
    if name in OF_A_PERIOD:
        is_alike = len({round(recorded_months(measures, p)) for p in (first, then)}) == 1
    elif name == FOLLOWED:
        is_alike = abs(followed(measures, first) - followed(measures, then)) <= FOLLOW_UP
    bare = Change(
        name,
        before,
        after,
        values,
        is_alike=is_alike,
        shares_days=first.overlap(then) is not None,
        is_broken=any(first.start < day < then.end for day in breaks),
    )
    if not isinstance(one, float) or not isinstance(other, float):
        return bare
    rows = [tidy.pick(measures, period=key, measure=name, breakdown="").iloc[-1] for key in (before, after)]
    interval = None if bare.shares_days else _interval(name, *rows)
    return replace(bare, difference=other - one, interval=interval, share=(other - one) / one if one else None)


def _interval(name: str, first: pd.Series, then: pd.Series) -> Interval | None:
    meaning, (n1, d1), (n2, d2) = tidy.MEASURES[name], _fraction(first), _fraction(then)
    if n1 is None or n2 is None or not d1 or not d2 or meaning.ratio:
        return None
    if meaning.kind != "rate":
        return difference_of_shares(n1, d1, n2, d2) if n1 <= d1 and n2 <= d2 else None
    if any(row[["low", "high"]].isna().any() for row in (first, then)):
        return difference_of_rates(n1, d1, n2, d2)
    return _mover(_with_limits(first), _with_limits(then))


def _fraction(row: pd.Series) -> tuple[float | None, float | None]:
    above, below = (None if pd.isna(row[c]) else float(row[c]) for c in ("numerator", "denominator"))
    return above, below


def _with_limits(row: pd.Series) -> tuple[float, Interval]:
    return float(row["value"]), (float(row["low"]), float(row["high"]))
