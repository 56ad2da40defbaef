"""Releases by hand and at random, and what an attack finds on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import pandas as pd

from mp_eval import tidy
from mp_eval.disclosure.attack import Interval, Seen, attack
from mp_eval.disclosure.earlier import Earlier
from mp_eval.disclosure.protect import apply
from mp_eval.disclosure.relations import Days, relate
from mp_eval.disclosure.suppress import suppress
from mp_eval.periods import WHOLE, Period, parse
from mp_eval.register import Figure
from mp_eval.tidy import ACTIVITIES


def counts(period: str, measure: str, total: int | None = None, **breakdowns: Mapping[str, int]) -> list[dict]:
    """A total and its breakdowns as rows."""
    rows = [] if total is None else [tidy.row(period, measure, total)]
    for breakdown, values in breakdowns.items():
        rows += [tidy.row(period, measure, v, breakdown=breakdown, category=c) for c, v in values.items()]
    return rows


def crossed(cells: np.ndarray, *, period: str = "2024") -> pd.DataFrame:
    """A table of two or three sides with all its margins."""
    sides = "abc"[: cells.ndim]
    rows = [tidy.row(period, "crossed", int(cells.sum()))]
    for kept in range(1, 2**cells.ndim):
        left = [n for n in range(cells.ndim) if kept >> n & 1]
        margin = cells.sum(axis=tuple(n for n in range(cells.ndim) if n not in left))
        name = ">".join(sides[n] for n in left)
        rows += [
            tidy.row(period, "crossed", int(v), breakdown=name, category=">".join(map(str, at)))
            for at, v in np.ndenumerate(margin)
        ]
    return tidy.table(rows)


def nested(districts: Sequence[Sequence[int]]) -> pd.DataFrame:
    """Districts in regions in a whole."""
    total = sum(map(sum, districts))
    regions = {f"r{n}": sum(d) for n, d in enumerate(districts)}
    flat = {f"r{n}>d{n}{m}": v for n, d in enumerate(districts) for m, v in enumerate(d)}
    alone = {name.partition(">")[2]: v for name, v in flat.items()}
    rows = counts("2024", "nested", total, **{"region": regions, "district": alone, "region>district": flat})
    return tidy.table(rows)


def overlapping(residents: Sequence[tuple[int, int]], ends: Sequence[tuple[int, int]]) -> tuple[pd.DataFrame, Days]:
    """Residents, each activated in a half year with an activity, over periods that may share half years.

    A resident is (half year, activity), and may occur more than once. A period is (first half year, last).
    """
    days: dict[str, tuple[Period, ...]] = {
        f"p{n}": (Period(_half(first), _half(last + 1)),) for n, (first, last) in enumerate(ends)
    }
    days[WHOLE] = (Period(_half(min(f for f, _ in ends)), _half(max(last for _, last in ends) + 1)),)
    spans = {f"p{n}": span for n, span in enumerate(ends)}
    spans[WHOLE] = (min(f for f, _ in ends), max(last for _, last in ends))
    people = [(n % max(1, len(residents) * 3 // 4), half, kind) for n, (half, kind) in enumerate(residents)]
    rows: list[dict] = []
    for key, (first, last) in spans.items():
        within = {(who, kind) for who, half, kind in people if first <= half <= last}
        by_kind = {a: sum(kind == n for _, kind in within) for n, a in enumerate(ACTIVITIES[:4])}
        rows += counts(key, "activated", len({who for who, _ in within}), activity=by_kind)
        starts = [kind for _, half, kind in people if first <= half <= last]
        started = {a: starts.count(n) for n, a in enumerate(ACTIVITIES[:4])}
        rows += counts(key, "activities_started", len(starts), activity=started)
    times = [
        sum(any(w == who and f <= half <= last for w, half, _ in people) for f, last in ends)
        for who in {who for who, _, _ in people}
    ]
    rows += counts(
        WHOLE, "activated", times_counted={str(n): times.count(n) for n in range(1, len(ends) + 1)}
    )  # fmt: skip
    return tidy.table(rows), days


def _half(n: int) -> date:
    return date(2023 + n // 2, 1 if n % 2 == 0 else 7, 1)


def hidden_by(
    measures: pd.DataFrame, threshold: int, days: Days, figures: Sequence[Figure] = (), *, shields: bool = True
) -> pd.DataFrame:
    """The release as the pattern hides it, without the gate behind it; or with the small counts hidden alone."""
    system = relate(measures, days=days, figures=figures)
    pattern = suppress(system, threshold=threshold)
    return apply(measures, system, pattern.hidden if shields else pattern.small)


def narrowed(
    shown: pd.DataFrame, measures: pd.DataFrame, threshold: int, days: Days, figures: Sequence[Figure] = ()
) -> list[Interval]:
    """What an attack learns of small counts that it would not learn if all of the release were hidden."""
    known = attack(measures, days=days, figures=figures, enough=threshold)
    true = {frozenset(i.terms): i.low for i in known if i.low == i.high}
    narrow = {frozenset(i.terms): i for i in attack(shown, days=days, figures=figures)}
    narrow = {t: i for t, i in narrow.items() if i.is_too_narrow(threshold, true.get(t))}
    if not narrow:
        return []
    system = relate(measures, days=days, figures=figures)
    nothing = apply(measures, system, {n for n, c in enumerate(system.cells) if c.value >= 1})
    least = {frozenset(i.terms): i for i in attack(nothing, days=days, figures=figures, only=narrow.keys())}
    return [
        i
        for t, i in narrow.items()
        if i.low > max(1.0, least[t].low) + 1e-5 or i.high < min(threshold, least[t].high) - 1e-5
    ]


def recovered(shown: pd.DataFrame, days: Days, figures: Sequence[Figure] = ()) -> list[tuple[str, float]]:
    """Hidden numbers of which only one value is left."""
    return [(str(i), i.low) for i in attack(shown, days=days, figures=figures) if i.is_hidden and i.low == i.high]


def report_row(period: str = "2024", measure: str = "activities_started") -> pd.DataFrame:
    """The report's own row over 2024: 5, 20, 13, 12 of 50, as starts, each of which is in one category."""
    row = {"informal_care": 5, "volunteering": 20, "day_activity": 13, "self_directed": 12}
    return tidy.table(counts(period, measure, 50, activity=row))


def figure(measure: str, value: float, when: str = "2024", qualifier: str = "exact", category: str = "") -> Figure:
    breakdown = "activity" if category else ""
    names = tuple(category.split("|")) if category else ()
    return Figure(
        f"{measure}-{category}-{value}",
        "Nota",
        None,
        "Zin",
        parse(when),
        measure,
        breakdown,
        names,
        value,
        qualifier,
        "",
    )


def learnt(releases: Sequence[Earlier], threshold: int = 5) -> list[str]:
    """The counts of few, changes among them, that all releases together give away, and none of them alone.

    Who believes that a hidden number is still what an earlier release showed may be wrong, and learns nothing true.
    """
    *before, last = releases
    true = attack(last.true, days=last.days, before=[Seen(r.true, r.days) for r in before], enough=threshold)
    small = {frozenset(i.terms): i.low for i in true if i.low == i.high and 1 <= round(i.low, 6) < threshold}
    seen = [Seen(r.shown, r.days, r.off) for r in before]
    found = attack(last.shown, days=last.days, before=seen, off=last.off, still=threshold - 1, enough=threshold)
    narrow = [i for i in found if i.is_too_narrow(threshold, small.get(frozenset(i.terms)))]
    narrow = [i for i in narrow if i.low <= small.get(frozenset(i.terms), i.low) <= i.high]
    if any(r.off for r in before):  # what was rounded was told to be small already, and not which
        narrow = [i for i in narrow if i.low == i.high]
    if not narrow:
        return []
    alone: dict[tuple[tuple[str, ...], ...], list[Interval]] = {}
    for release in releases:
        for i in attack(release.shown, days=release.days, off=release.off, still=threshold - 1, enough=threshold):
            alone.setdefault(tuple(name for name, _ in i.terms), []).append(i)
    return [str(i) for i in narrow if all(_tells_more(i, one, threshold) for one in alone.get(_unnumbered(i), ()))]


def _tells_more(found: Interval, than: Interval, threshold: int) -> bool:
    """Whether it tells more of how few there are: from 1 up to the threshold, beyond which nothing is promised."""
    return found.low > max(1.0, than.low) + 1e-5 or found.high < min(threshold, than.high) - 1e-5


def _unnumbered(found: Interval) -> tuple[tuple[str, ...], ...]:
    """The names of an interval without the numbers of the releases that they are of."""
    return tuple((name[0].partition(" (")[0], *name[1:]) for name, _ in found.terms)
