"""The attack: what a reader can work out from the finished tables alone.

Written apart from the protection, so that a mistake in one is not a mistake in both: it shares no code with
`relations` or `suppress`, only the catalogue of what the measures mean (`tidy`). It takes a table as it goes out,
reads from its labels how the numbers hang together, adds what was published earlier, and asks a linear programme for
the least and the greatest value of every number that is hidden, and of every count that nobody printed but that is
the difference of printed ones: the year less its first half, spoken to less activated.

An interval is *too narrow* when a reader knows that a count is small. Without the true counts that is an interval
that ends below the threshold (and does not begin at nobody); with them, every interval of a small count that does
not hold everything from 1 to the threshold.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from .. import tidy
from ..periods import WHOLE, Period, parse, union
from ..register import Figure
from . import solver

LARGEST_COVER = 5  # periods in one sum
ENOUGH_COVERS = 200
NEAR, FAR = 1e-6, 1e6
Name = tuple[str, str, str, str, str]  # period, measure, breakdown, category, date of a stock (or `stretch`)


@dataclass(frozen=True)
class Interval:
    """Between which counts a reader can place a number: one that a table names, or a difference of such.

    `terms` are the numbers that it is made of, each with its factor: one term for a number of a table.
    """

    terms: tuple[tuple[Name, float], ...]
    low: float
    high: float
    is_hidden: bool

    def is_too_narrow(self, threshold: int, true: float | None = None) -> bool:
        """Whether it tells that the count is small; more strictly when the `true` count is given.

        >>> one = ((("2024", "spoken", "", "", ""), 1.0),)
        >>> [Interval(one, low, high, True).is_too_narrow(5) for low, high in ((1, 4), (1, 5), (0, 4), (5, 9))]
        [True, False, False, False]
        >>> Interval(one, 2, 9, True).is_too_narrow(5), Interval(one, 2, 9, True).is_too_narrow(5, true=3)
        (False, True)

        Where deliveries contradict each other a reader may work out that there is nobody, which is not so and tells of
        nobody.

        >>> Interval(one, 0, 0, True).is_too_narrow(5, true=2)
        False
        """
        low, high = np.ceil(self.low - NEAR), np.floor(self.high + NEAR)
        if true is not None:
            is_small = 1 <= round(true, 6) < threshold
            return bool(is_small and high >= 1 and not (low <= 1 and high >= threshold))
        return bool(low >= 1 and high < threshold)

    def tells_more_than(self, other: Interval) -> bool:
        """Whether it tells more than another interval of the same terms."""
        return self.low > other.low + NEAR or self.high < other.high - NEAR

    def __str__(self) -> str:
        parts = [f"{'+' if f > 0 else '−'} {' / '.join(filter(None, name))}" for name, f in self.terms]
        return " ".join(parts).removeprefix("+ ")


def attack(
    table: pd.DataFrame,
    *,
    days: Mapping[str, Sequence[Period]],
    figures: Sequence[Figure] = (),
    off: float = 0,
    only: Set[frozenset[tuple[Name, float]]] | None = None,
    enough: int | None = None,
) -> list[Interval]:
    """Every interval that can be worked out, of numbers that are hidden and of differences.

    Parameters
    ----------
    table
        The tidy table as it goes out: hidden rows have the status `hidden` and no numbers.
    days
        Of each key of a period the days that it stands for, as the pages say. A key that is an ISO interval needs none.
    figures
        What was published earlier, and is believed. A row of which it is not clear which value belongs where says
        nothing here; see `decided`.
    off
        How far a shown number may be from the true one: 2 when numbers are rounded to multiples of five.
    only
        The terms of the intervals that are wanted; else all of them.
    enough
        A threshold: an interval that is seen to hold everything from 1 to it is not worked out any further.

    Examples
    --------
    >>> shown = [("informal_care", None), ("volunteering", 20), ("day_activity", 13), ("self_directed", 12)]
    >>> rows = [tidy.row("2024", "activities_started", 50)]
    >>> rows += [
    ...     tidy.row("2024", "activities_started", v, breakdown="activity", category=c,
    ...              status="final" if v else "hidden") for c, v in shown]
    >>> [(str(i), i.low, i.high) for i in attack(tidy.table(rows), days={}) if i.is_hidden]
    [('2024 / activities_started / activity / informal_care', 5.0, 5.0)]
    """
    return _work_out(_read(table, days, figures, off), only, enough)


def decided(
    table: pd.DataFrame, *, days: Mapping[str, Sequence[Period]], figures: Sequence[Figure]
) -> list[tuple[Name, float]]:
    """Hidden numbers that a published row with an unclear order gives away, because only one order is left."""
    release = _read(table, days, figures)
    rows: dict[object, list[Figure]] = {}
    for figure in figures:
        if figure.breakdown:
            rows.setdefault(
                (figure.document, figure.sentence, figure.measure, figure.breakdown, figure.when), []
            ).append(figure)
    found = []
    for row in rows.values():
        if any(f.is_ambiguous for f in row):
            left = [w for w in itertools.product(*(f.categories for f in row)) if len(set(w)) == len(w)]
            left = [w for w in left if release.allows({_named(f, c, days): f for f, c in zip(row, w, strict=True)})]
            values = [{_named(f, c, days): f.value for f, c in zip(row, w, strict=True)} for w in left]
            for name in sorted(release.hidden & set().union(*values) if values else ()):
                only = {v.get(name) for v in values}
                if len(only) == 1 and (value := only.pop()) is not None:
                    found.append((name, float(value)))
    return found


@dataclass
class _Release:
    """Numbers by name with their bounds, and rows: a sum of numbers that lies between two others."""

    bounds: dict[Name, tuple[float, float]] = field(default_factory=dict)
    hidden: set[Name] = field(default_factory=set)
    rows: list[tuple[dict[Name, float], float, float]] = field(default_factory=list)
    differences: list[dict[Name, float]] = field(default_factory=list)
    days: dict[str, tuple[Period, ...]] = field(default_factory=dict)
    extracted: dict[tuple[str, str], str] = field(default_factory=dict)  # of period and measure
    off: float = 0

    def number(self, name: Name, value: float | None, *, least: float = 0.0) -> None:
        """Note a number that is shown, or one that is not and that is at least so much."""
        known = self.bounds.get(name, (0.0, np.inf))
        new = (least, np.inf) if value is None else (max(0.0, value - self.off), value + self.off)
        both = max(known[0], new[0]), min(known[1], new[1])
        self.bounds[name] = both if both[0] <= both[1] else new

    def zero(self, terms: Mapping[Name, float]) -> None:
        self._row(terms, 0.0)

    def not_negative(self, terms: Mapping[Name, float], *, follows: bool = False) -> None:
        """A count that nobody printed; that it is not negative may follow from other rows."""
        if all(name in self.bounds for name in terms) and (follows or self._row(terms, np.inf)):
            self.differences.append(dict(terms))

    def _row(self, terms: Mapping[Name, float], high: float) -> bool:
        known = len(terms) > 1 and all(name in self.bounds for name in terms)
        if known:
            self.rows.append((dict(terms), 0.0, high))
        return known

    def allows(self, figures: Mapping[Name, Figure]) -> bool:
        """Whether these published values can stand beside what is shown; a blank can be anything."""
        programme = _Programme(self)
        for name, figure in figures.items():
            if name in programme.place and figure.value is not None:
                low, high = max(self.bounds[name][0], figure.bounds[0]), min(self.bounds[name][1], figure.bounds[1])
                if low > high:
                    return False
                programme.model.changeColBounds(programme.place[name], low, high)
        return programme.is_possible()


def _read(
    table: pd.DataFrame, days: Mapping[str, Sequence[Period]], figures: Sequence[Figure], off: float = 0
) -> _Release:
    """The numbers of a table, what was published of them, and how their labels say that they hang together."""
    release = _Release(off=off)
    rows = table[table["status"] != "not_delivered"].to_dict("records")
    release.days = {r["period"]: tuple(days.get(r["period"], ())) or _iso(r["period"]) for r in rows}
    release.extracted = {(r["period"], r["measure"]): r["as_of"] for r in rows}
    for row in rows:
        _read_row(release, row)
    _believe(release, figures)
    _read_breakdowns(release)
    _read_catalogue(release)
    _read_cohorts(release)
    _read_quarters(release)
    _read_dates(release)
    _read_periods(release)
    _read_standings(release)
    _read_times_counted(release)
    return release


def _iso(key: str) -> tuple[Period, ...]:
    return (parse(key),) if "/" in key else ()


def _read_row(release: _Release, row: Mapping[str, object]) -> None:
    meaning = tidy.MEASURES[str(row["measure"])]
    if not meaning.of_residents:
        return
    period, measure, breakdown, category = (str(row[c]) for c in ("period", "measure", "breakdown", "category"))
    is_hidden = row["status"] == "hidden"

    def shown(column: str) -> float | None:
        return None if is_hidden or pd.isna(row[column]) else float(row[column])  # type: ignore[arg-type]

    def on_its_day(other: str, label: tuple[str, str]) -> Name:
        known = tidy.MEASURES[other]
        has_label = label[0] in known.breakdowns
        return period, other, *(label if has_label else ("", "")), str(row["as_of"]) if known.is_of_a_date else ""

    label = (breakdown, category)
    if meaning.kind == "rate":
        release.number(on_its_day(meaning.numerator, label), shown("numerator"))
    elif meaning.kind in ("share", "statistic"):
        own = (period, measure, breakdown, category, str(row["as_of"]) if meaning.is_of_a_date else "")
        if meaning.of_the_same:
            release.number(own, shown("numerator"))
        elif meaning.numerator:
            release.number(on_its_day(meaning.numerator, label), shown("numerator"))
        if meaning.denominator:
            release.number(on_its_day(meaning.denominator, meaning.below(*label)), shown("denominator"))
        if is_hidden and meaning.of_the_same:
            release.hidden.add(own)
    elif meaning.kind in ("persons", "events", "stock", "cohort"):
        name = (period, measure, breakdown, category, str(row["as_of"]) if meaning.kind == "stock" else "")
        release.number(name, shown("value"), least=0.0 if breakdown in meaning.withheld else 1.0)
        if is_hidden:
            release.hidden.add(name)
        low, high = shown("low"), shown("high")
        if low is not None and high is not None:
            release.number((*name[:3], f"{category} onbekend", name[4]), high - low)


def _read_breakdowns(release: _Release) -> None:
    groups: dict[tuple[str, str, str, str], list[str]] = {}
    for period, measure, breakdown, category, day in list(release.bounds):
        if breakdown and not category.endswith(" onbekend"):
            groups.setdefault((period, measure, breakdown, day), []).append(category)
    for (period, measure, breakdown, day), categories in groups.items():
        relation = tidy.MEASURES[measure].breakdowns[breakdown]
        sides = breakdown.split(">")
        if relation == "variants":
            continue
        for gone in range(len(sides)):
            if sides[gone] in tidy.FOLLOWED:
                continue
            rest = ">".join(side for n, side in enumerate(sides) if n != gone)
            kept = {c: ">".join(w for n, w in enumerate(c.split(">")) if n != gone) for c in categories}
            for category in dict.fromkeys(kept.values()):
                total = (period, measure, rest, category, day)
                parts = [(period, measure, breakdown, c, day) for c in categories if kept[c] == category]
                _add_up(release, total, parts, relation)


def _add_up(release: _Release, total: Name, parts: Sequence[Name], relation: str) -> None:
    over_total = {**dict.fromkeys(parts, 1.0), total: -1.0}
    if relation == "parts":
        release.zero(over_total)
    elif relation == "some":
        release.not_negative({name: -f for name, f in over_total.items()})
    elif relation == "cover":
        release.not_negative(over_total)
        for part in parts:
            release.not_negative({total: 1.0, part: -1.0})


def _read_catalogue(release: _Release) -> None:
    """What the definitions say: the same, at most, and shares of the same people."""
    for period, day in sorted({(name[0], name[4]) for name in release.bounds}):
        for one, other in tidy.SAME:
            release.zero({(period, *one, day): 1.0, (period, *other, day): -1.0})
        for less, more, _ in tidy.AT_MOST:
            wild = {label[:2] for label in (*less, *more) if label[2] == "*"}
            fills = sorted({n[3] for n in release.bounds if n[0] == period and n[1:3] in wild}) if wild else [""]
            for fill in fills:
                terms: dict[Name, float] = {}
                for labels, factor in ((more, 1.0), (less, -1.0)):
                    for label in labels:
                        name = (period, label[0], label[1], fill if label[2] == "*" else label[2], day)
                        terms[name] = terms.get(name, 0.0) + factor
                release.not_negative(terms)
    for stock, came, went in tidy.BRIDGES:
        for start, end in itertools.combinations(sorted(n for n in release.bounds if n[1] == stock), 2):
            if start[:4] == end[:4]:
                flows = [(start[0], flow, *start[2:4], "") for flow in (came, went)]
                release.zero({start: 1.0, flows[0]: 1.0, flows[1]: -1.0, end: -1.0})
    for name in list(release.bounds):
        meaning = tidy.MEASURES[name[1]]
        if meaning.of_the_same:
            below = (name[0], meaning.denominator, *meaning.below(name[2], name[3]), name[4])
            release.not_negative({below: 1.0, name: -1.0})


def _read_cohorts(release: _Release) -> None:
    """Who began in which years: the same in every delivery, the sum of single years, and fewer after more years."""
    same: dict[tuple[str, ...], Name] = {}
    curves: dict[tuple[str, ...], dict[tuple[int, int, int], Name]] = {}
    for name in list(release.bounds):
        if not tidy.MEASURES[name[1]].is_of_cohorts:
            continue
        told = dict(zip(name[2].split(">"), name[3].split(">"), strict=True))
        years = told.pop(tidy.YEARS, "0")
        began = told.pop(tidy.WINDOW, "") or told.pop(tidy.COHORT)
        delivery = name[0] if tidy.REMAINING in told.values() else ""
        known = same.setdefault((delivery, *name[1:4]), name)
        release.zero({known: 1.0, name: -1.0})
        who = (delivery, name[1], *(f"{side} {word}" for side, word in told.items()))
        ends = [int(year) for year in began.split("-")]
        curves.setdefault(who, {})[ends[0], ends[-1], int(years)] = known
    for curve in curves.values():
        _read_curve(release, curve)


def _read_curve(release: _Release, curve: Mapping[tuple[int, int, int], Name]) -> None:
    """One group of benefits by the years in which they began, and the years since."""
    for (first, last, since), name in curve.items():
        if first != last:
            release.zero({name: -1.0, **{curve.get((n, n, since), name): 1.0 for n in range(first, last + 1)}})
    for fewer, more in itertools.permutations(curve, 2):
        if _is_part(fewer, more) and not any(
            _is_part(fewer, c) and _is_part(c, more) for c in curve if c not in (fewer, more)
        ):
            release.not_negative({curve[more]: 1.0, curve[fewer]: -1.0})


def _is_part(one: tuple[int, int, int], other: tuple[int, int, int]) -> bool:
    """Whether who began in these years and is still there was also counted in the other."""
    return other[0] <= one[0] and one[1] <= other[1] and one[2] >= other[2]


def _read_periods(release: _Release) -> None:
    """The same label over other days: longer ones count at least as many, several at most their sum, events exactly."""
    by_label: dict[tuple[tuple[str, str, str], str], list[str]] = {}
    for period, measure, breakdown, category, day in release.bounds:
        meaning = tidy.MEASURES[measure]
        changes = breakdown in meaning.moving or meaning.of_the_same  # with every extraction
        lasting = meaning.kind in ("persons", "events") and (meaning.growing or not changes)
        followed = meaning.of_the_same and not meaning.is_of_cohorts and not day
        if (lasting or followed) and release.days.get(period):
            when = release.extracted.get((period, measure), "") if changes else ""
            by_label.setdefault(((measure, breakdown, category), when), []).append(period)
    for label, when in [known for known in by_label if known[0][1] in tidy.MEASURES[known[0][0]].calendar]:
        _read_month(release, label, sorted(by_label.pop((label, when))))
    ways: dict[frozenset[str], list[tuple[str, tuple[str, ...]]]] = {}
    for (label, when), periods in sorted(by_label.items()):
        known = frozenset(periods)
        if known not in ways:
            ways[known] = list(_made_of(sorted(known), release.days))
        is_events = tidy.MEASURES[label[0]].kind == "events"
        if is_events:
            _count_stretches(release, label, sorted(known))
        for longer, shorter in itertools.permutations(sorted(known), 2):
            if _contains(release.days[longer], release.days[shorter]):
                terms = {(longer, *label, ""): 1.0, (shorter, *label, ""): -1.0}
                if _contains(release.days[shorter], release.days[longer]):
                    release.zero(terms)
                else:
                    release.not_negative(terms, follows=is_events)
        for whole, parts in ways[known] if when or not tidy.MEASURES[label[0]].growing else ():
            terms = {**{(p, *label, ""): 1.0 for p in parts}, (whole, *label, ""): -1.0}
            release.not_negative(terms, follows=is_events)


def _read_quarters(release: _Release) -> None:
    """The months of a quarter are the quarter; a month of which there is no row is not of the period."""
    (by_month, month), (by_quarter, quarter) = tidy.QUARTERS
    sums: dict[Name, dict[Name, float]] = {}
    for name in release.bounds:
        if name[1:3] == (by_month, month):
            whole = (name[0], by_quarter, quarter, tidy.quarter_of(name[3]), "")
            sums.setdefault(whole, {whole: -1.0})[name] = 1.0
    for terms in sums.values():
        release.zero(terms)


def _read_dates(release: _Release) -> None:
    """What is told of one date is told of it by every delivery."""
    told: dict[tuple[str, ...], Name] = {}
    for name in list(release.bounds):
        if name[4] and tidy.MEASURES[name[1]].is_of_a_date:
            release.zero({told.setdefault(name[1:], name): 1.0, name: -1.0})


def _read_month(release: _Release, label: tuple[str, str, str], periods: Sequence[str]) -> None:
    """One month in several periods: who holds no other days of it counts no more, so the same days are the same."""
    month = parse(tidy.month_of(label[2]))
    held = {p: [shared for days in release.days[p] if (shared := days.overlap(month))] for p in periods}
    for one, other in itertools.combinations(periods, 2):
        within, around = _contains(held[other], held[one]), _contains(held[one], held[other])
        more, less = (one, other) if around else (other, one)
        if within and around:
            release.zero({(one, *label, ""): 1.0, (other, *label, ""): -1.0})
        elif within or around:
            release.not_negative({(more, *label, ""): 1.0, (less, *label, ""): -1.0})


def _count_stretches(release: _Release, label: tuple[str, str, str], periods: Sequence[str]) -> None:
    """Events: each falls in one stretch between two days on which some period begins or ends."""
    ends = sorted({day for p in periods for piece in release.days[p] for day in (piece.start, piece.end)})
    if len(periods) < 2:
        return
    for start, end in itertools.pairwise(ends):
        release.number((f"{start}/{end}", *label, "stretch"), None)
    for period in periods:
        within = [s for s in itertools.pairwise(ends) if _contains(release.days[period], [Period(*s)])]
        stretches = {(f"{start}/{end}", *label, "stretch"): 1.0 for start, end in within}
        release.zero({**stretches, (period, *label, ""): -1.0})


def _made_of(periods: Sequence[str], days: Mapping[str, Sequence[Period]]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Periods with others that together are the same days, none of them to spare."""
    for whole in periods:
        inside = [p for p in periods if p != whole and _contains(days[whole], days[p]) and days[p] != days[whole]]
        found = 0
        for size in range(2, min(LARGEST_COVER, len(inside)) + 1):
            for chosen in itertools.combinations(inside, size):
                is_cover = found < ENOUGH_COVERS and _same(chosen, whole, days)
                if is_cover and not any(_same([c for c in chosen if c != p], whole, days) for p in chosen):
                    found += 1
                    yield whole, chosen
        chain = _chain(inside, whole, days)
        if len(chain) > LARGEST_COVER:
            yield whole, chain


def _chain(inside: Sequence[str], whole: str, days: Mapping[str, Sequence[Period]]) -> tuple[str, ...]:
    """The shortest pieces that follow each other without a gap, however many; none when they are not the whole."""
    chosen: list[str] = []
    for piece in sorted(inside, key=lambda p: (_days(days[p]), p)):
        if not any(a.overlap(b) for c in chosen for a in days[c] for b in days[piece]):
            chosen.append(piece)
    return tuple(chosen) if chosen and _same(chosen, whole, days) else ()


def _same(chosen: Iterable[str], whole: str, days: Mapping[str, Sequence[Period]]) -> bool:
    return union(p for c in chosen for p in days[c]) == union(days[whole])


def _contains(outer: Sequence[Period], inner: Sequence[Period]) -> bool:
    return all(any(o.covers(i) for o in outer) for i in inner)


def _days(pieces: Sequence[Period]) -> int:
    return sum(piece.days for piece in pieces)


def _read_standings(release: _Release) -> None:
    """At the end of one period there are as many as at the beginning of the next."""
    for opening, closing in tidy.STANDINGS:
        begins = {n: release.days[n[0]][0].start for n in release.bounds if n[1:4] == opening and release.days[n[0]]}
        ends = {n: release.days[n[0]][-1].end for n in release.bounds if n[1:4] == closing and release.days[n[0]]}
        for one, other in itertools.combinations({**begins, **ends}.items(), 2):
            if one[1] == other[1]:
                release.zero({one[0]: 1.0, other[0]: -1.0})


def _read_times_counted(release: _Release) -> None:
    for measure in tidy.MEASURES:
        times = [n for n in release.bounds if n[0] == WHOLE and n[1] == measure and n[2] == "times_counted"]
        named = [n for n in release.bounds if n[1:] == (measure, "", "", "") and n[0] != WHOLE and "/" not in n[0]]
        if times and named:
            release.zero({**{n: float(n[3]) for n in times}, **dict.fromkeys(named, -1.0)})


def _believe(release: _Release, figures: Sequence[Figure]) -> None:
    """Add what was published, except where a shown number says otherwise."""
    for figure in figures:
        if figure.value is None or figure.is_ambiguous or not tidy.MEASURES[figure.measure].of_residents:
            continue
        name = _named(figure, figure.categories[0] if figure.categories else "", release.days)
        if figure.is_share:
            _believe_share(release, figure, name)
            continue
        if name[4]:
            name = next((n for n in release.bounds if n[1:] == name[1:]), name)
        low, high = release.bounds.get(name, (0.0, np.inf))
        both = max(low, figure.bounds[0]), min(high, figure.bounds[1])
        if name not in release.bounds and figure.qualifier == "exact" and isinstance(figure.when, Period):
            release.days.setdefault(name[0], (figure.when,))
            release.number(name, figure.value)
        elif name in release.bounds and both[0] <= both[1]:
            release.bounds[name] = both


def _believe_share(release: _Release, figure: Figure, name: Name) -> None:
    meaning = tidy.MEASURES[figure.measure]
    above = name if meaning.of_the_same else (name[0], meaning.numerator, *name[2:])
    below = (name[0], meaning.denominator, "", "", "")
    if above in release.bounds and below in release.bounds:
        low, high = figure.bounds
        release.rows.append(({above: 1.0, below: -low}, 0.0, np.inf))
        if high < 1:
            release.rows.append(({above: 1.0, below: -high}, -np.inf, 0.0))


def _named(figure: Figure, category: str, days: Mapping[str, Sequence[Period]]) -> Name:
    if not isinstance(figure.when, Period):
        return "", figure.measure, figure.breakdown, category, figure.when.isoformat()
    period = next((k for k, pieces in days.items() if tuple(pieces) == (figure.when,)), figure.when.iso)
    return period, figure.measure, figure.breakdown, category, ""


class _Programme:
    """A release as a linear programme."""

    def __init__(self, release: _Release) -> None:
        self.place = {name: n for n, name in enumerate(release.bounds)}
        self.model = solver.model(*np.array(list(release.bounds.values())).reshape(-1, 2).T)
        for terms, least, most in release.rows:
            self._row(terms, least, most)

    def _row(self, terms: Mapping[Name, float], low: float, high: float) -> None:
        solver.add_row(self.model, low, high, {self.place[name]: factor for name, factor in terms.items()})

    def is_possible(self) -> bool:
        self.model.run()
        return solver.is_optimal(self.model)

    def give_way(self) -> None:
        """Where the tables contradict each other, loosen the relations by as little as makes them possible."""
        rows, columns = self.model.getNumRow(), self.model.getNumCol()
        for n in range(rows):
            for sign in (1.0, -1.0):
                self.model.addCol(1.0, 0.0, np.inf, 1, np.array([n], dtype=np.int32), np.array([sign]))
        self.model.run()
        used = np.array(self.model.getSolution().col_value[columns:])
        for n, slack in enumerate(used):
            self.model.changeColCost(columns + n, 0.0)
            self.model.changeColBounds(columns + n, 0.0, float(slack))

    def end(self, terms: Mapping[Name, float], sign: float, seen: _Seen) -> float:
        """The greatest (`sign` 1) or least (-1) value of a sum of numbers."""
        for name, factor in terms.items():
            self.model.changeColCost(self.place[name], -sign * factor)
        self.model.run()
        if not (solver.is_optimal(self.model) or solver.is_unbounded(self.model)):
            self.model.clearSolver()  # a numerically unlucky basis: once more from the start
            self.model.run()
        is_optimal, is_unbounded = solver.is_optimal(self.model), solver.is_unbounded(self.model)
        value, solution = self.model.getInfo().objective_function_value, self.model.getSolution().col_value
        for name in terms:
            self.model.changeColCost(self.place[name], 0.0)
        if is_unbounded:
            self._go_far(terms, sign, seen)
            return sign * float("inf")
        if not is_optimal:
            raise RuntimeError(f"the attack's programme did not end: {self.model.getModelStatus()}")
        seen.add(np.array(solution))
        return -sign * float(value)

    def _go_far(self, terms: Mapping[Name, float], sign: float, seen: _Seen) -> None:
        """A solution with a value beyond every threshold, of a sum that has no end."""
        self._row(terms, *((FAR, np.inf) if sign > 0 else (-np.inf, -FAR)))
        if self.is_possible():
            seen.add(np.array(self.model.getSolution().col_value))
        self.model.deleteRows(1, np.array([self.model.getNumRow() - 1], dtype=np.int32))


def _work_out(release: _Release, only: Set[frozenset[tuple[Name, float]]] | None, enough: int | None) -> list[Interval]:
    """The interval of every number and of every difference, each once."""
    if not release.bounds:
        return []
    programme = _Programme(release)
    if not programme.is_possible():
        programme.give_way()
    wanted: dict[frozenset[tuple[Name, float]], dict[Name, float]] = {}
    for terms in [*({name: 1.0} for name in release.bounds), *release.differences]:
        known = frozenset(terms.items())
        if only is None or known in only:
            wanted.setdefault(known, terms)
    seen = _Seen(list(wanted.values()), programme.place)
    found = []
    for n, terms in enumerate(wanted.values()):
        is_hidden = len(terms) == 1 and next(iter(terms)) in release.hidden
        sides = [release.bounds[name] for name in terms]
        if all(low == high for low, high in sides):
            low = high = sum(f * release.bounds[name][0] for name, f in terms.items())
        elif enough is not None and seen.low[n] <= 1 and seen.high[n] >= enough:
            low, high = float(seen.low[n]), float(seen.high[n])
        else:
            low, high = programme.end(terms, -1.0, seen), programme.end(terms, 1.0, seen)
        found.append(Interval(tuple(terms.items()), round(low, 6) + 0.0, round(high, 6) + 0.0, is_hidden))
    return found


class _Seen:
    """The least and greatest value of every sum in the solutions so far: what is possible for certain."""

    def __init__(self, sums: Sequence[Mapping[Name, float]], place: Mapping[Name, int]) -> None:
        entries = [(n, place[name], factor) for n, terms in enumerate(sums) for name, factor in terms.items()]
        rows, columns, self.factors = np.array(entries).reshape(-1, 3).T
        self.rows, self.columns = rows.astype(int), columns.astype(int)
        self.low, self.high = np.full(len(sums), np.inf), np.full(len(sums), -np.inf)

    def add(self, solution: np.ndarray) -> None:
        sums = np.bincount(self.rows, weights=self.factors * solution[self.columns], minlength=len(self.low))
        self.low, self.high = np.minimum(self.low, sums), np.maximum(self.high, sums)
