"""A reader's first look at a table as it goes out: its numbers, and how their labels say that they hang together.

Part of the attack: it shares no code with `relations`, only the catalogue of what the measures mean (`tidy`).
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from .. import implied, tidy
from ..periods import WHOLE, Period, parse
from ..register import Figure, Label, Quotient
from . import overlaps
from .told import Name, Told


def read(
    table: pd.DataFrame,
    days: Mapping[str, Sequence[Period]],
    figures: Sequence[Figure],
    off: float = 0,
    still: float = 0,
) -> Told:
    """The numbers of a table, what was published of them, and how their labels say that they hang together."""
    told = Told(off=off)
    rows = table[table["status"] != "not_delivered"].to_dict("records")
    told.days = {r["period"]: tuple(days.get(r["period"], ())) or _iso(r["period"]) for r in rows}
    told.extracted = {(r["period"], r["measure"]): r["as_of"] for r in rows}
    for row in rows:
        told.off = max(off, still) if row["status"] == "standing" else off
        _read_row(told, row)
    told.off = off
    _believe(told, figures)
    _read_breakdowns(told)
    _read_catalogue(told)
    _read_cohorts(told)
    _read_quarters(told)
    _read_dates(told)
    overlaps.read(told)
    _read_standings(told)
    _read_times_counted(told)
    return told


def _iso(key: str) -> tuple[Period, ...]:
    return (parse(key),) if "/" in key else ()


def _read_row(told: Told, row: Mapping[str, object]) -> None:
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
        told.number(on_its_day(meaning.numerator, label), shown("numerator"))
    elif meaning.kind in ("share", "statistic"):
        own = (period, measure, breakdown, category, str(row["as_of"]) if meaning.is_of_a_date else "")
        if meaning.of_the_same:
            told.number(own, shown("numerator"))
        elif meaning.numerator:
            told.number(on_its_day(meaning.numerator, label), shown("numerator"))
        if meaning.denominator:
            told.number(on_its_day(meaning.denominator, meaning.below(*label)), shown("denominator"))
        if is_hidden and meaning.of_the_same:
            told.hidden.add(own)
    elif meaning.kind in ("persons", "events", "stock", "cohort"):
        name = (period, measure, breakdown, category, str(row["as_of"]) if meaning.kind == "stock" else "")
        told.number(name, shown("value"), least=0.0 if breakdown in meaning.withheld else 1.0)
        if is_hidden:
            told.hidden.add(name)
        low, high = shown("low"), shown("high")
        if low is not None and high is not None:
            told.number((*name[:3], f"{category} onbekend", name[4]), high - low)


def _read_breakdowns(told: Told) -> None:
    groups: dict[tuple[str, str, str, str], list[str]] = {}
    for period, measure, breakdown, category, day in list(told.bounds):
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
                _add_up(told, total, parts, relation)


def _add_up(told: Told, total: Name, parts: Sequence[Name], relation: str) -> None:
    over_total = {**dict.fromkeys(parts, 1.0), total: -1.0}
    if relation == "parts":
        told.zero(over_total)
    elif relation in ("some", "beside"):
        told.not_negative({name: -f for name, f in over_total.items()})
    elif relation == "cover":
        told.not_negative(over_total)
        for part in parts:
            told.not_negative({total: 1.0, part: -1.0})


def _read_catalogue(told: Told) -> None:
    """What the definitions say: the same, at most, and shares of the same people."""
    labels: dict[tuple[str, str], set[tidy.Label]] = {}
    for period, measure, breakdown, category, day in told.bounds:
        labels.setdefault((period, day), set()).add((measure, breakdown, category))
    for (period, day), known in sorted(labels.items()):
        same: dict[object, list[tidy.Label]] = {}
        for label in sorted(known):
            same.setdefault(implied.counted(label), []).append(label)
        same.pop(None, None)
        pairs = [pair for labels_of_one in same.values() for pair in itertools.pairwise(labels_of_one)]
        for one, other in pairs:
            told.zero({(period, *one, day): 1.0, (period, *other, day): -1.0})
        for line in (*implied.lines(known), *implied.BELIEVED):
            less, more, _ = line
            for under, over in implied.filled(less, more, known):
                terms: dict[Name, float] = {}
                for some, factor in ((over, 1.0), (under, -1.0)):
                    for label in some:
                        terms[(period, *label, day)] = terms.get((period, *label, day), 0.0) + factor
                told.not_negative(terms)
        for one, other in (*implied.BELIEVED_SAME, *implied.SAME_WORD):  # as far as all of that allows
            told.zero({(period, *one, day): 1.0, (period, *other, day): -1.0})
    for stock, came, went in implied.BRIDGES:
        for name in [n for n in told.bounds if n[:2] == (WHOLE, came)]:  # the programme began with the first period
            told.not_negative({name: 1.0, (WHOLE, went, *name[2:]): -1.0})
        for start, end in itertools.combinations(sorted(n for n in told.bounds if n[1] == stock), 2):
            if start[:4] == end[:4]:
                flows = [(start[0], flow, *start[2:4], "") for flow in (came, went)]
                told.zero({start: 1.0, flows[0]: 1.0, flows[1]: -1.0, end: -1.0})
    for name in list(told.bounds):
        meaning = tidy.MEASURES[name[1]]
        if meaning.of_the_same:
            below = (name[0], meaning.denominator, *meaning.below(name[2], name[3]), name[4])
            told.not_negative({below: 1.0, name: -1.0})


def _read_cohorts(told: Told) -> None:
    """Who began in which years: the same in every delivery, the sum of single years, and fewer after more years."""
    same: dict[tuple[str, ...], Name] = {}
    curves: dict[tuple[str, ...], dict[tuple[int, int, int], Name]] = {}
    for name in list(told.bounds):
        if not tidy.MEASURES[name[1]].is_of_cohorts:
            continue
        sides = dict(zip(name[2].split(">"), name[3].split(">"), strict=True))
        years = sides.pop(tidy.YEARS, "0")
        began = sides.pop(tidy.WINDOW, "") or sides.pop(tidy.COHORT)
        delivery = name[0] if tidy.REMAINING in sides.values() else ""
        known = same.setdefault((delivery, *name[1:4]), name)
        told.zero({known: 1.0, name: -1.0})
        who = (delivery, name[1], *(f"{side} {word}" for side, word in sides.items()))
        ends = [int(year) for year in began.split("-")]
        curves.setdefault(who, {})[ends[0], ends[-1], int(years)] = known
    for curve in curves.values():
        _read_curve(told, curve)


def _read_curve(told: Told, curve: Mapping[tuple[int, int, int], Name]) -> None:
    """One group of benefits by the years in which they began, and the years since."""
    for (first, last, since), name in curve.items():
        years = [curve[one] for n in range(first, last + 1) if (one := (n, n, since)) in curve]
        if first != last and len(years) == 1 + last - first:
            told.zero({name: -1.0, **dict.fromkeys(years, 1.0)})
    for fewer, more in itertools.permutations(curve, 2):
        if _is_part(fewer, more) and not any(
            _is_part(fewer, c) and _is_part(c, more) for c in curve if c not in (fewer, more)
        ):
            told.not_negative({curve[more]: 1.0, curve[fewer]: -1.0})


def _is_part(one: tuple[int, int, int], other: tuple[int, int, int]) -> bool:
    """Whether who began in these years and is still there was also counted in the other."""
    return other[0] <= one[0] and one[1] <= other[1] and one[2] >= other[2]


def _read_quarters(told: Told) -> None:
    """The months of a quarter are the quarter; a month of which there is no row is not of the period."""
    for (by_month, month), (by_quarter, quarter) in implied.quarters():
        sums: dict[Name, dict[Name, float]] = {}
        for name in told.bounds:
            if name[1:3] == (by_month, month):
                whole = (name[0], by_quarter, quarter, tidy.quarter_of(name[3]), "")
                sums.setdefault(whole, {whole: -1.0})[name] = 1.0
        for terms in sums.values():
            told.zero(terms)


def _read_dates(told: Told) -> None:
    """What is told of one date is told of it by every delivery."""
    first: dict[tuple[str, ...], Name] = {}
    for name in list(told.bounds):
        if name[4] and tidy.MEASURES[name[1]].is_of_a_date:
            told.zero({first.setdefault(name[1:], name): 1.0, name: -1.0})


def _read_standings(told: Told) -> None:
    """At the end of one period there are as many as at the beginning of the next."""
    for opening, closing in implied.STANDINGS:
        whole = {
            n: told.days[n[0]][0] for n in told.bounds if n[1:4] in (opening, closing) and len(told.days[n[0]]) == 1
        }
        begins = {n: days.start for n, days in whole.items() if n[1:4] == opening}
        ends = {n: days.end for n, days in whole.items() if n[1:4] == closing}
        for one, other in itertools.combinations({**begins, **ends}.items(), 2):
            if one[1] == other[1]:
                told.zero({one[0]: 1.0, other[0]: -1.0})


def _read_times_counted(told: Told) -> None:
    times: dict[str, list[Name]] = {}
    named: dict[str, list[Name]] = {}
    for name in told.bounds:
        if name[0] == WHOLE and name[2] == "times_counted":
            times.setdefault(name[1], []).append(name)
        elif name[2:] == ("", "", "") and name[0] != WHOLE and "/" not in name[0]:
            named.setdefault(name[1], []).append(name)
    for measure in sorted(times.keys() & named.keys()):
        told.zero({**{n: float(n[3]) for n in times[measure]}, **dict.fromkeys(named[measure], -1.0)})


def _believe(told: Told, figures: Sequence[Figure]) -> None:
    """Add what was published, except where a shown number says otherwise."""
    for figure in figures:
        if figure.value is None or figure.is_ambiguous or not tidy.MEASURES[figure.measure].of_residents:
            continue
        name = meant(figure, figure.categories[0] if figure.categories else "", told.days)
        if (said := figure.quotient) is not None:
            _believe_quotient(told, said)
            continue
        if name[4]:
            name = next((n for n in told.bounds if n[1:] == name[1:]), name)
        low, high = told.bounds.get(name, (0.0, np.inf))
        both = max(low, figure.bounds[0]), min(high, figure.bounds[1])
        if name not in told.bounds and figure.qualifier == "exact" and isinstance(figure.when, Period):
            told.days.setdefault(name[0], (figure.when,))
            told.number(name, figure.value)
        elif name in told.bounds and both[0] <= both[1]:
            told.bounds[name] = both


def _believe_quotient(told: Told, said: Quotient) -> None:
    above, below = (_named(told, label) for label in (said.above, said.below))
    if above in told.bounds and below in told.bounds:
        for factor, low, high in ((said.least, said.more, np.inf), (said.most, -np.inf, said.at_most_more)):
            if abs(factor) < np.inf:
                told.rows.append(({above: 1.0, below: -factor}, low, high))


def _named(told: Told, label: Label) -> Name:
    """The name of what a label is about; a stock may stand in the delivery of any period."""
    when, measure, breakdown, category = label
    if not isinstance(when, Period):
        name = ("", measure, breakdown, category, when.isoformat())
        return next((n for n in told.bounds if n[1:] == name[1:]), name)
    period = next((k for k, pieces in told.days.items() if tuple(pieces) == (when,)), when.iso)
    return period, measure, breakdown, category, ""


def meant(figure: Figure, category: str, days: Mapping[str, Sequence[Period]]) -> Name:
    if not isinstance(figure.when, Period):
        return "", figure.measure, figure.breakdown, category, figure.when.isoformat()
    period = next((k for k, pieces in days.items() if tuple(pieces) == (figure.when,)), figure.when.iso)
    return period, figure.measure, figure.breakdown, category, ""
