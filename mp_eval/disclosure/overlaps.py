"""A reader lays periods beside each other: the same label over days within, over days that overlap, over one month.

Part of the attack, as `reading` is.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache

import pandas as pd

from .. import tidy
from ..periods import Period, parse, union
from .told import Name, Told

LARGEST_COVER = 5  # periods in one sum
ENOUGH_COVERS = 200


def read(told: Told) -> None:
    """The same label over other days: longer ones count at least as many, several at most their sum, events exactly."""
    by_label: dict[tuple[tuple[str, str, str], str], list[str]] = {}
    for period, measure, breakdown, category, day in told.bounds:
        meaning = tidy.MEASURES[measure]
        changes = breakdown in meaning.moving or meaning.of_the_same  # with every extraction
        lasting = meaning.kind in ("persons", "events")
        followed = meaning.of_the_same and not meaning.is_of_cohorts and not day
        if (lasting or followed) and told.days.get(period):
            until = told.extracted.get((period, measure), "")
            if lasting and changes and not meaning.growing:
                until += "".join(piece.iso for piece in told.days[period])  # of the same days alone
            whens = {until if changes else "", *([""] if meaning.growing and followed else [])}
            for when in sorted(whens):
                by_label.setdefault(((measure, breakdown, category), when), []).append(period)
    for label, when in [known for known in by_label if known[0][1] in tidy.MEASURES[known[0][0]].calendar]:
        _read_calendar(told, label, sorted(by_label.pop((label, when))))
    _read_time(told)
    beside: dict[frozenset[str], _Beside] = {}  # many labels are told of the same periods
    for (label, when), periods in sorted(by_label.items()):
        known = frozenset(periods)
        if known not in beside:
            beside[known] = _Beside(sorted(known), told.days)
        is_events = tidy.MEASURES[label[0]].kind == "events"
        if is_events:
            _count_stretches(told, label, beside[known])
        for longer, shorter in beside[known].nested:
            if when or _knows(told, label[0], longer, shorter):
                terms = {(longer, *label, ""): 1.0, (shorter, *label, ""): -1.0}
                if (shorter, longer) in beside[known].nested:
                    told.zero(terms)
                else:
                    told.not_negative(terms, follows=is_events)
        for whole, parts in beside[known].ways if when or not tidy.MEASURES[label[0]].growing else ():
            terms = {**{(p, *label, ""): 1.0 for p in parts}, (whole, *label, ""): -1.0}
            told.not_negative(terms, follows=is_events)


class _Beside:
    """Periods beside each other: which lie within which, which make up which, which stretches they hold."""

    def __init__(self, periods: Sequence[str], days: Mapping[str, Sequence[Period]]) -> None:
        pairs = itertools.permutations(periods, 2)
        self.nested = dict.fromkeys(pair for pair in pairs if _contains(days[pair[0]], days[pair[1]]))
        self.ways = list(_made_of(periods, days))
        ends = sorted({day for p in periods for piece in days[p] for day in (piece.start, piece.end)})
        cuts = list(itertools.pairwise(ends))
        self.held = {p: [cut for cut in cuts if _contains(days[p], [Period(*cut)])] for p in periods}
        self.cuts = cuts


def _knows(told: Told, measure: str, longer: str, shorter: str) -> bool:
    """Whether the records of the longer period go as far: of what happens in time a later day knows more."""
    day = [told.extracted.get((period, measure), "") for period in (shorter, longer)]
    return not tidy.MEASURES[measure].growing or day[0] <= day[1]


def _read_calendar(told: Told, label: tuple[str, str, str], periods: Sequence[str]) -> None:
    """One month or quarter in several periods: who holds no other days of it counts no more."""
    whole = parse(tidy.days_of(label[2]))
    held = {p: [shared for days in told.days[p] if (shared := days.overlap(whole))] for p in periods}
    for one, other in itertools.combinations(periods, 2):
        within, around = _contains(held[other], held[one]), _contains(held[one], held[other])
        more, less = (one, other) if around else (other, one)
        if within and around:
            told.zero({(one, *label, ""): 1.0, (other, *label, ""): -1.0})
        elif within or around:
            told.not_negative({(more, *label, ""): 1.0, (less, *label, ""): -1.0})


def _read_time(told: Told) -> None:
    """So many months before the extraction some calendar month or quarter was over, and another had begun.

    All who were first spoken to in the one had the time, and nobody of later ones than the other.
    """
    categories: dict[tuple[str, ...], list[str]] = {}
    for name in told.bounds:
        categories.setdefault(name[:3], []).append(name[3])
    for name in [n for n in told.bounds if n[1] in tidy.IN_TIME and n[2] == "months"]:
        period, measure, _, months, _ = name
        until = pd.Timestamp(told.extracted.get((period, measure), ""))
        before = (period, "cohort", "at_start", "active_before", "")
        for whole, label, others in (
            ((measure, "start_quarter"), ("cohort", "start_quarter"), {}),
            (("spoken", "month"), ("spoken", "month"), {before: 1.0}),
        ):
            if whole[0] == "spoken" and measure != "had_time":
                continue
            begun: dict[Name, float] = {}
            over: dict[Name, float] = {}
            for category in sorted({*categories.get((period, *label), ())}):
                calendar = parse(tidy.days_of(category))
                held = [both for piece in told.days[period] if (both := piece.overlap(calendar))]
                if held and _months_after(held[0].start, months) <= until:
                    begun[period, *whole, category, ""] = 1.0
                    if _months_after(held[-1].end - timedelta(days=1), months) <= until:
                        over[period, *whole, category, ""] = -1.0
            told.not_negative({name: 1.0, **others, **{n: f for n, f in over.items() if n in told.bounds}})
            if measure == "had_time":
                told.not_negative({**begun, name: -1.0})


@cache
def _months_after(day: date, months: str) -> pd.Timestamp:
    return pd.Timestamp(day) + pd.DateOffset(months=int(months))


def _count_stretches(told: Told, label: tuple[str, str, str], beside: _Beside) -> None:
    """Events: each falls in one stretch between two days on which some period begins or ends."""
    if len(beside.held) < 2:
        return
    for start, end in beside.cuts:
        told.number((f"{start}/{end}", *label, "stretch"), None)
    for period, within in beside.held.items():
        stretches = {(f"{start}/{end}", *label, "stretch"): 1.0 for start, end in within}
        told.zero({**stretches, (period, *label, ""): -1.0})


def _made_of(periods: Sequence[str], days: Mapping[str, Sequence[Period]]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Periods with others that together are the same days, none of them to spare."""
    for whole in periods:
        inside = [p for p in periods if p != whole and _contains(days[whole], days[p]) and days[p] != days[whole]]
        yield from ((whole, chosen) for chosen in itertools.islice(_covers(inside, whole, days), ENOUGH_COVERS))
        chain = _chain(inside, whole, days)
        if len(chain) > LARGEST_COVER:
            yield whole, chain


def _covers(inside: Sequence[str], whole: str, days: Mapping[str, Sequence[Period]]) -> Iterator[tuple[str, ...]]:
    """A few of these periods that together are all days of another one: the fewest first, each holding the first day
    that those before it do not.
    """
    ends = sorted({day for p in (whole, *inside) for piece in days[p] for day in (piece.start, piece.end)})
    cuts = [Period(*stretch) for stretch in itertools.pairwise(ends)]
    held = {p: {n for n, cut in enumerate(cuts) if _contains(days[p], [cut])} for p in (whole, *inside)}
    found: set[tuple[int, ...]] = set()

    def extend(chosen: tuple[int, ...], left: set[int]) -> None:
        if not left:
            found.add(tuple(sorted(chosen)))
        elif len(chosen) < LARGEST_COVER:
            for n, p in enumerate(inside):
                if min(left) in held[p]:
                    extend((*chosen, n), left - held[p])

    extend((), held[whole])
    for cover in sorted(found, key=lambda cover: (len(cover), cover)):
        names = tuple(inside[n] for n in cover)
        others = ([held[p] for p in names if p != gone] for gone in names)
        if len(names) > 1 and not any(set().union(*some) >= held[whole] for some in others):
            yield names


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
