"""What a reader knows of the numbers before seeing one: a whole release as one system of linear relations.

A *cell* is one count. Several rows of the tidy table may print the same cell (a total, the numerator of a rate a
month, the denominator of a share), and some counts are printed nowhere, yet follow from two that are: residents in
the year and not in its first half, residents spoken to and not activated. Those are cells as well. They cannot be
hidden, so what they follow from is.

=================  ==================================================================================================
relation           from
=================  ==================================================================================================
sum                a breakdown of *parts*: the categories sum to the total, in a crossing to each of its margins
at least once      *cover*: the sum exceeds the total by who is in more categories; no category exceeds the total
at most once       *some*, *beside*: the total exceeds the sum by who is in no category
same               two labels that count the same (`implied.counted`, `BELIEVED_SAME`), two keys for the same days
bridge             a stock at both ends of a period, and what came and went in between (`implied.BRIDGES`); who came in
                   all periods together and has not gone
at most            a count that others include (`implied.lines`, `BELIEVED`); the numerator of a share of a group
share, rate        value * denominator = numerator. Wilson's bounds give the numerator too: so all or none is shown
cohorts            the same years of inflow in two deliveries are the same count; years in a row are the sum of each of
                   them and hold those within; of who is counted after some years, fewer are after more
longer             of a period within another: the longer counts at least the shorter, for persons and for events
together           of periods that make up another: residents at most the sum; events the sum, when none overlap; not of
                   what grows until the extraction
stretch            events in the days between two ends of periods, where sums and differences of periods give them
quarter            the months of a quarter sum to it (`implied.quarters`)
time               who had so many months before the extraction was first spoken to in a month or quarter early enough
same date          a stock on one date in two deliveries
same month         a category that is a month or quarter, in periods that hold the same days of it; fewer days, at most
same word          two labels with one word on a page, where they count the same (`implied.SAME_WORD`)
same day           who is there when a period begins was there when another ended (`implied.STANDINGS`)
times counted      who is in 1, 2, ... periods sum to the total, and weighted by 1, 2, ... to the sum of the periods
each               a share or a point of a curve has the numerator and denominator of its category: it goes with them,
                   and with the counts beside it
published          what the register says of a cell, as exactly as it was meant
=================  ==================================================================================================

Bounds: a count is not negative, and because every zero is shown, a hidden one is at least 1. That counts are whole
numbers is left out: `attack` leaves it out too, and an interval of whole numbers is that interval rounded inwards.

Where two deliveries contradict each other a relation does not hold of the true counts. A reader who believes it is
off by as much, so it is taken with that much room rather than not at all. By how much a month differs from the same
month in another delivery is itself a count, of records that came late. A published figure that the records
contradict tells a reader nothing true and is left out.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from .. import implied, tidy
from ..periods import WHOLE, Period, parse
from ..register import INFINITE, Figure, Label, Quotient

_FIRST = ("spoken", "month")
MOST_COVERS = 64  # ways to make up one period of others that are looked at
Days = Mapping[str, Sequence[Period]]


class Key(NamedTuple):
    """What a cell counts; `as_of` only of a stock and of a share of one."""

    period: str
    measure: str
    breakdown: str = ""
    category: str = ""
    as_of: str = ""


@dataclass(frozen=True)
class Cell:
    """One count: its true value, whether a row prints it, and between which bounds it is public already.

    `is_count` tells counts of residents, or of events on them, from what only closes a relation.
    """

    key: Key
    value: float
    is_printed: bool = True
    is_count: bool = True
    low: float = 0.0
    high: float = INFINITE


@dataclass(frozen=True)
class Relation:
    """A sum of cells, each with a factor, that is zero. One that `follows` from others only names a count.

    One that `is_believed` a reader takes to hold, though tables may contradict it (`implied.BELIEVED`,
    `implied.BELIEVED_SAME`).
    """

    terms: Mapping[int, float]
    why: str
    follows: bool = False
    is_believed: bool = False


@dataclass
class System:
    """Cells and relations of a release; `rows` says of which cells each row of the table is made."""

    cells: list[Cell] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    rows: list[tuple[int, ...]] = field(default_factory=list)
    places: dict[Key, int] = field(default_factory=dict)
    extracted: dict[tuple[str, str], str] = field(default_factory=dict)  # of period and measure: the records go to
    cohorts: dict[tidy.Label, list[int]] = field(default_factory=dict)
    same: dict[tuple[object, ...], list[int]] = field(default_factory=dict)  # by period, day and what is counted
    late: dict[int, Mapping[int, float]] = field(default_factory=dict)  # by relation: what two deliveries differ by
    _seen: set[frozenset[tuple[int, float]]] = field(default_factory=set)
    _equal: set[frozenset[tuple[int, float]]] = field(default_factory=set)

    def at(self, label: tidy.Label, period: str, as_of: str = "") -> int | None:
        """The cell with this meaning."""
        return self.places.get(Key(period, *label, as_of))

    def add(self, cell: Cell) -> int:
        self.places[cell.key] = len(self.cells)
        self.cells.append(cell)
        return len(self.cells) - 1

    def equal(self, terms: Mapping[int, float], why: str, *, is_believed: bool = False) -> None:
        """The sum is zero; where the true values do not make it so, with that much room.

        Two printed counts that should be the same and are not differ by a count: of records that came late.
        """
        off = self._sum(terms)
        kept = {n: factor for n, factor in terms.items() if factor}
        known = frozenset(kept.items())
        if known in self._equal:
            return
        self._equal.add(known)
        if off and len(kept) == 2 and all(self.cells[n].is_printed for n in kept):
            self.late[len(self.relations)] = {n: factor if off > 0 else -factor for n, factor in kept.items()}
        if abs(off) > 1e-9:
            room = Cell(self.unnamed(why), off, False, False, min(0.0, off), max(0.0, off))
            kept[self.add(room)] = -1.0
        if kept:
            self.relations.append(Relation(kept, why, is_believed=is_believed))

    def at_least(
        self,
        terms: Mapping[int, float],
        why: str,
        *,
        is_count: bool = True,
        follows: bool = False,
        is_believed: bool = False,
    ) -> None:
        """The sum is not negative. What it comes to is a cell of its own, printed nowhere."""
        kept = {n: factor for n, factor in terms.items() if factor}
        known = frozenset(kept.items())
        if len(kept) < 2 or known in self._seen:
            return
        self._seen.add(known)
        rest = self._sum(kept)
        kept[self.add(Cell(self.unnamed(why), rest, False, is_count, min(0.0, rest)))] = -1.0
        self.relations.append(Relation(kept, why, follows and rest >= 0, is_believed))

    def believing_both(self) -> System:
        """The same for a reader who takes two counts that should be one, and are not, for what they are.

        By how much they differ is then a count. The cells are those of this system, and more.
        """
        kept = [relation for n, relation in enumerate(self.relations) if n not in self.late]
        other = replace(self, cells=[*self.cells], relations=kept, places={**self.places}, late={}, _seen={*self._seen})
        for terms in self.late.values():
            other.at_least(terms, "came late")
        return other

    def showing(self, known: Set[int]) -> System:
        """The same for a reader who knows these cells."""
        cells = [replace(c, low=c.value, high=c.value) if n in known else c for n, c in enumerate(self.cells)]
        return replace(self, cells=cells)

    def is_new(self, terms: Mapping[int, float]) -> bool:
        """Whether these cells are not related so already; from now on they are."""
        known = frozenset(terms.items())
        if known in self._seen or known in self._equal:
            return False
        self._seen.add(known)
        return True

    def _sum(self, terms: Mapping[int, float]) -> float:
        return sum(self.cells[n].value * factor for n, factor in terms.items())

    def unnamed(self, why: str) -> Key:
        return Key("", f"#{len(self.cells)}", "", why)


def relate(measures: pd.DataFrame, *, days: Days, figures: Sequence[Figure] = ()) -> System:
    """The cells of a tidy table with true values, and all relations among them.

    Parameters
    ----------
    measures
        The tidy table, unprotected.
    days
        Of each key of a period the days that it stands for.
    figures
        The register.

    Examples
    --------
    >>> kinds = [("", "", 9), ("kind", "first", 4), ("kind", "progress", 5), ("kind", "closing", 0)]
    >>> rows = [tidy.row("2024", "conversations", v, breakdown=b, category=c) for b, c, v in kinds]
    >>> system = relate(tidy.table(rows), days={})
    >>> [(r.why, sorted(r.terms.values())) for r in system.relations]
    [('sum', [-1.0, 1.0, 1.0, 1.0])]
    """
    system = System()
    _cells(system, measures)
    for figure in figures:
        _publish(system, figure, days)
    _breakdowns(system)
    _definitions(system)
    _quarters(system)
    _time(system, days)
    _same_dates(system)
    _bridges(system)
    _cohorts(system)
    _periods(system, days)
    _standings(system, days)
    _times_counted(system)
    return system


def public(system: System, figure: Figure, days: Days) -> int | None:
    """The cell that an unambiguous published figure is about."""
    category = figure.categories[0] if figure.categories else ""
    return _at(system, figure, category, days)


def _cells(system: System, measures: pd.DataFrame) -> None:
    """A cell for each count, then those that shares and rates are made of."""
    rows = measures.to_dict("records")
    system.extracted = {(r["period"], r["measure"]): r["as_of"] for r in rows}
    made: dict[int, tuple[int, ...]] = {}
    for n, row in enumerate(rows):
        meaning = tidy.MEASURES[row["measure"]]
        if not meaning.of_residents:
            made[n] = ()
        elif meaning.kind in tidy.COUNTS:
            made[n] = () if pd.isna(row["value"]) else (_cell(system, key_of(row), float(row["value"])),)
            made[n] += _uncertainty(system, row) if made[n] else ()
    for n, row in enumerate(rows):
        if n not in made:
            made[n] = tuple(_fraction(system, row))
    system.rows = [made[n] for n in range(len(rows))]


def key_of(row: Mapping[str, Any]) -> Key:
    """What a row is about, whatever day it was delivered."""
    as_of = row["as_of"] if tidy.MEASURES[row["measure"]].is_of_a_date else ""
    return Key(row["period"], row["measure"], row["breakdown"], row["category"], as_of)


def _cell(system: System, key: Key, value: float) -> int:
    """The cell with this meaning; what counts the same is the same cell, when it does."""
    found = system.places.get(key)
    if found is not None and system.cells[found].value == value:
        return found
    twins = [
        system.places.get(Key(key.period, *same, key.as_of)) for one, same in implied.BELIEVED_SAME if key[1:4] == one
    ]
    if found is None and _is_of_cohorts(key):
        groups = [system.cohorts.setdefault(key[1:4], [])]
    else:
        what = implied.counted(key[1:4])
        groups = [] if what is None else [system.same.setdefault((key.period, key.as_of, what), [])]
    for twin in (*twins, *(n for group in groups for n in group)):
        if twin is not None and system.cells[twin].value == value:
            system.places[key] = twin
            return twin
    for group in groups:
        group.append(len(system.cells))
    return system.add(Cell(key, value) if found is None else Cell(system.unnamed("contradicts"), value))


def _is_of_cohorts(key: Key) -> bool:
    """Whether the label alone says who is counted, whenever it was delivered."""
    meaning = tidy.MEASURES.get(key.measure)
    return meaning is not None and meaning.is_of_cohorts and tidy.REMAINING not in key.category.split(">")


def _uncertainty(system: System, row: Mapping[str, Any]) -> tuple[int, ...]:
    """A count with bounds of what can be known: the width is a count too (residents of whom it is not known)."""
    if pd.isna(row["low"]) or pd.isna(row["high"]):
        return ()
    key = key_of(row)
    return (system.add(Cell(key._replace(category=f"{key.category} uncertain"), float(row["high"] - row["low"]))),)


def _fraction(system: System, row: Mapping[str, Any]) -> Iterator[int]:
    """The numerator of a rate a month; numerator and denominator of a share; how many a statistic describes."""
    meaning = tidy.MEASURES[row["measure"]]
    if meaning.kind == "rate":
        if not pd.isna(row["numerator"]):
            yield _cell(system, _named(row, meaning.numerator), float(row["numerator"]))
        return
    key = key_of(row)
    yield from (system.places[k] for name in meaning.beside if (k := key._replace(measure=name)) in system.places)
    is_sum = meaning.kind == "statistic" and not meaning.numerator  # of which a mean is made
    if not pd.isna(row["numerator"]) and not is_sum:
        own = meaning.of_the_same or not meaning.numerator
        yield _cell(system, key if own else _named(row, meaning.numerator), float(row["numerator"]))
    if not pd.isna(row["denominator"]):
        below = key._replace(measure=f"{key.measure} described")
        yield _cell(system, _below(key) if meaning.denominator else below, float(row["denominator"]))


def _named(row: Mapping[str, Any], measure: str) -> Key:
    """What a row says of another measure: of its own category, when that measure has it, and on its day of a stock."""
    meaning = tidy.MEASURES[measure]
    has_category = row["breakdown"] in meaning.breakdowns
    breakdown, category = (row["breakdown"], row["category"]) if has_category else ("", "")
    return Key(row["period"], measure, breakdown, category, row["as_of"] if meaning.is_of_a_date else "")


def _below(key: Key) -> Key:
    """What counts the denominator of this share or statistic."""
    meaning = tidy.MEASURES[key.measure]
    breakdown, category = meaning.below(key.breakdown, key.category)
    as_of = key.as_of if tidy.MEASURES[meaning.denominator].is_of_a_date else ""
    return Key(key.period, meaning.denominator, breakdown, category, as_of)


def _publish(system: System, figure: Figure, days: Days) -> None:
    """A published figure that the records bear out, as bounds of its cell."""
    if figure.value is None or figure.is_ambiguous or not tidy.MEASURES[figure.measure].of_residents:
        return
    if (said := figure.quotient) is not None:
        _publish_quotient(system, figure, said, days)
        return
    place, (low, high) = public(system, figure, days), figure.bounds
    if place is None and figure.qualifier == "exact":
        system.add(Cell(_meant(figure, days), figure.value, False, True, low, high))
    elif place is not None and low <= system.cells[place].value <= high:
        cell = system.cells[place]
        system.cells[place] = Cell(
            cell.key, cell.value, cell.is_printed, cell.is_count, max(low, cell.low), min(high, cell.high)
        )


def _publish_quotient(system: System, figure: Figure, said: Quotient, days: Days) -> None:
    """A claim about a share, a part or a change: one count lies between so many times another, and so many more."""
    above, below = (_place(system, _keyed(label, days)) for label in (said.above, said.below))
    if above is None or below is None:
        return
    now, then = system.cells[above].value, system.cells[below].value
    if not then or not said.holds(now, then):
        return
    for factor, more, side, why in (
        (said.least, said.more, 1.0, f"published {figure.id}"),
        (said.most, said.at_most_more, -1.0, f"published {figure.id}, at most"),
    ):
        if abs(factor) < INFINITE and abs(more) < INFINITE:
            constant = {_one(system): -side * more} if more else {}
            system.at_least({above: side, below: -side * factor, **constant}, why, is_count=False)


def _one(system: System) -> int:
    """The cell of the number one, for what is so many more than another."""
    key = Key("", "#one", "", "")
    if key not in system.places:
        system.add(Cell(key, 1.0, False, False, 1.0, 1.0))
    return system.places[key]


def _keyed(label: Label, days: Days) -> Key:
    when, measure, breakdown, category = label
    if not isinstance(when, Period):
        return Key("", measure, breakdown, category, when.isoformat())
    named = next((k for k, pieces in days.items() if tuple(pieces) == (when,)), when.iso)
    return Key(named, measure, breakdown, category)


def _at(system: System, figure: Figure, category: str, days: Days) -> int | None:
    return _place(system, _meant(figure, days)._replace(category=category))


def _place(system: System, key: Key) -> int | None:
    if key.as_of:  # a stock may stand in the delivery of any period
        return next((n for k, n in system.places.items() if k[1:] == key[1:]), None)
    return system.places.get(key)


def _meant(figure: Figure, days: Days) -> Key:
    """The key that a figure's cell has, or would have if it were measured."""
    category = figure.categories[0] if figure.categories else ""
    return _keyed((figure.when, figure.measure, figure.breakdown, category), days)


def _breakdowns(system: System) -> None:
    """How the categories of each breakdown relate to its total, and those of a crossing to each of its margins."""
    groups: dict[Key, list[Key]] = {}
    for key in list(system.places):
        if key.breakdown and key.measure in tidy.MEASURES and not key.category.endswith(" uncertain"):
            groups.setdefault(key._replace(category=""), []).append(key)
    for group, members in groups.items():
        kind = tidy.MEASURES[group.measure].breakdowns.get(group.breakdown, "variants")
        for margin, parts in _margins(group, members):
            whole = system.places.get(margin)
            if whole is not None and kind != "variants":
                _add_up(system, whole, [system.places[p] for p in parts], kind)


def _margins(group: Key, members: Sequence[Key]) -> Iterator[tuple[Key, list[Key]]]:
    """Each margin of a breakdown with the cells that it is the sum of: the total, or a crossing without one side."""
    sides = group.breakdown.split(">")
    for dropped in range(len(sides)):
        if sides[dropped] in tidy.FOLLOWED:
            continue
        left = [n for n in range(len(sides)) if n != dropped]
        by: dict[str, list[Key]] = {}
        for member in members:
            names = member.category.split(">")
            if len(names) == len(sides):
                by.setdefault(">".join(names[n] for n in left), []).append(member)
        for category, parts in by.items():
            yield group._replace(breakdown=">".join(sides[n] for n in left), category=category), parts


def _add_up(system: System, whole: int, parts: Sequence[int], kind: str) -> None:
    if kind == "parts":
        system.equal(_sum(parts, [whole]), "sum")
        return
    over, under = (parts, [whole]) if kind == "cover" else ([whole], parts)
    why = "in more than one" if kind == "cover" else "in none"
    system.at_least(_sum(over, under), why, is_believed=kind == "beside")
    if kind == "cover":
        for part in parts:
            system.at_least(_sum([whole], [part]), "in another")


def _definitions(system: System) -> None:
    """What counts the same where two cells were kept apart, what follows of counts beside each other (`implied`)."""
    labels: dict[tuple[str, str], dict[tidy.Label, int]] = {}
    for key, place in system.places.items():
        labels.setdefault((key.period, key.as_of), {})[key[1:4]] = place
    for twins in system.same.values():
        for first, second in itertools.pairwise(twins):
            system.equal(_sum([first], [second]), "same")
    for _, places in sorted(labels.items()):
        for pairs, why in ((implied.BELIEVED_SAME, "same"), (implied.SAME_WORD, "same word")):
            for one, other in [pair for pair in pairs if {*pair} <= places.keys()]:
                is_one = system.cells[places[one]].value == system.cells[places[other]].value
                if why == "same" or is_one:
                    system.equal(_sum([places[one]], [places[other]]), why, is_believed=why == "same")
        for (less, more, why), is_believed in (
            *((line, False) for line in implied.lines(places)),
            *((line, True) for line in implied.BELIEVED),
        ):
            for under, over in implied.filled(less, more, places):
                terms = _sum([places[label] for label in over], [places[label] for label in under])
                system.at_least(terms, why, is_believed=is_believed)
    for key, above in list(system.places.items()):
        meaning = tidy.MEASURES.get(key.measure)
        if meaning is not None and meaning.of_the_same:
            below = system.places.get(_below(key))
            if below is not None:
                system.at_least(_sum([below], [above]), "not of the share")


def _bridges(system: System) -> None:
    """A stock at both ends of a period, and what came and went in between (`implied.BRIDGES`).

    Over all periods together, which begin with the programme, what came and has not gone is still there.
    """
    for stock, came, went in implied.BRIDGES:
        for key, into in [(k, n) for k, n in system.places.items() if k[:2] == (WHOLE, came)]:
            if (out := system.places.get(key._replace(measure=went))) is not None:
                system.at_least({into: 1.0, out: -1.0}, "still there", is_believed=True)
        dates: dict[Key, list[str]] = {}
        for key in list(system.places):
            if key.measure == stock:
                dates.setdefault(key._replace(as_of=""), []).append(key.as_of)
        for key, found in dates.items():
            flows = [system.at((m, key.breakdown, key.category), key.period) for m in (came, went)]
            if min(found) < max(found) and None not in flows:
                stocks = [system.places[key._replace(as_of=day)] for day in (min(found), max(found))]
                system.equal(_sum([stocks[1], flows[1]], [stocks[0], flows[0]]), "bridge")  # type: ignore[list-item]


def _cohorts(system: System) -> None:
    """The same cohort in several deliveries, cohorts that make up a window, and who is among others."""
    for places in system.cohorts.values():
        for one, other in itertools.pairwise(places):
            system.equal({one: 1.0, other: -1.0}, "the same cohort")
    groups: dict[tuple[str, ...], dict[Followed, int]] = {}
    for key, place in system.places.items():
        meaning = tidy.MEASURES.get(key.measure)
        if meaning is not None and meaning.is_of_cohorts:
            who, followed = _followed(key)
            groups.setdefault((key.measure, "" if _is_of_cohorts(key) else key.period, *who), {})[followed] = place
    for found in groups.values():
        for (first, last, years), place in found.items():
            wanted = [Followed(year, year, years) for year in range(first, last + 1)]
            if first < last and all(one in found for one in wanted):
                system.equal(_sum([found[one] for one in wanted], [place]), "cohorts together")
        for inner, outer in _next_to(list(found)):
            system.at_least(_sum([found[outer]], [found[inner]]), "left, or of another year")


class Followed(NamedTuple):
    """Benefits that began in these years, so many years after."""

    first: int
    last: int
    years: int

    def is_among(self, other: Followed) -> bool:
        return other.first <= self.first and self.last <= other.last and self.years >= other.years


def _followed(key: Key) -> tuple[tuple[str, ...], Followed]:
    """Which group a label is about, and which years."""
    words = list(zip(key.breakdown.split(">"), key.category.split(">"), strict=True))
    sides = dict(words)
    first, _, last = sides.get(tidy.WINDOW, sides.get(tidy.COHORT, "")).partition("-")
    who = [word for side, word in words if side not in (*tidy.FOLLOWED, tidy.COHORT)]
    groups = [side for side, _ in words if side not in (*tidy.FOLLOWED, tidy.COHORT)]
    return (*groups, *who), Followed(int(first), int(last or first), int(sides.get(tidy.YEARS, 0)))


def _next_to(known: Sequence[Followed]) -> Iterator[tuple[Followed, Followed]]:
    """The pairs of which the first is among the second, with none between them."""
    for inner, outer in itertools.permutations(known, 2):
        if inner.is_among(outer):
            between = (c for c in known if c not in (inner, outer) and inner.is_among(c) and c.is_among(outer))
            if next(between, None) is None:
                yield inner, outer


def _periods(system: System, days: Days) -> None:
    """The same count over other days: of the same days, of days within, of days that make up others."""
    by_label: dict[tuple[str, str, str, str], dict[str, int]] = {}
    by_calendar: dict[tuple[str, str, str, str], dict[str, int]] = {}
    for key, place in system.places.items():
        meaning = tidy.MEASURES.get(key.measure)
        if meaning and (key.period in days or "/" in key.period):
            labels = by_calendar if key.breakdown in meaning.calendar else by_label
            for when in _comparable(meaning, key, system.extracted.get(key[:2], ""), _pieces(key.period, days)):
                labels.setdefault((key.measure, key.breakdown, key.category, when), {})[key.period] = place
    _calendar(system, by_calendar, days)
    known = {**days, **{k: _pieces(k, days) for places in by_label.values() for k in places}}
    nested = sorted((a, b) for a in known for b in known if a != b and _within(known[a], known[b]))
    covers = [(b, way) for b in sorted(known) for way in _covers(b, [a for a, c in nested if c == b], known)]
    stretches: dict[tuple[str, ...], list[dict[str, float]]] = {}  # many labels are told of the same periods
    for label, places in sorted(by_label.items()):
        is_events = tidy.MEASURES[label[0]].kind == "events"
        is_growing = tidy.MEASURES[label[0]].growing and not label[3]
        is_believed = _is_of_one_event(label)
        pairs = [(a, b) for a, b in nested if a in places and b in places]
        if is_growing:  # what was known later of fewer days may be more
            until = {period: system.extracted.get((period, label[0]), "") for period in places}
            pairs = [(a, b) for a, b in pairs if until[a] <= until[b]]
        follows = set(_by_way_of_another(pairs))
        own = [(b, way) for b, way in covers if b in places and all(a in places for a in way)]
        composed = {(b, way) for b, way in own if _is_composed(b, way, own)}  # of periods that have this count
        for b, way in own:
            if not is_growing:
                terms = _sum([places[a] for a in way], [places[b]])
                if is_events and sum(_length(known[a]) for a in way) == _length(known[b]):
                    follows |= {(a, b) for a in way}
                    if (b, way) not in composed:
                        system.equal(terms, "together")
                else:
                    is_said = (b, way) in composed
                    system.at_least(terms, "in more than one period", follows=is_said, is_believed=is_believed)
        if is_events:
            told = tuple(sorted(places))
            if told not in stretches:
                stretches[told] = list(_stretches(told, known))
            for made in stretches[told]:
                system.at_least({places[a]: factor for a, factor in made.items()}, "stretch")
        for a, b in pairs:
            longer = _sum([places[b]], [places[a]])
            if (b, a) in pairs:
                system.equal(longer, "same days")
            else:
                system.at_least(longer, "longer", follows=(a, b) in follows, is_believed=is_believed)


def _is_of_one_event(label: Sequence[str]) -> bool:
    """Whether residents are told apart by something that may be another one in a longer period: why they left."""
    meaning = tidy.MEASURES[label[0]]
    return meaning.kind == "persons" and (meaning.breakdowns.get(label[1]) == "parts" or label[0] in implied.BY_REASON)


def _comparable(meaning: tidy.Measure, key: Key, extracted: str, pieces: Sequence[Period]) -> tuple[str, ...]:
    """What has to be alike for a count to be compared with that of other days: nothing (""), the extraction, the days.

    What grows is compared both ways: of one extraction it adds up, of a later one there are as many at least.
    """
    is_restricted = key.breakdown in meaning.moving
    if meaning.of_the_same and not (meaning.is_of_cohorts or meaning.is_of_a_date):
        return (extracted, "") if meaning.growing else (extracted,)
    if meaning.kind not in ("persons", "events"):
        return ()
    if is_restricted and not meaning.growing:
        return (f"{extracted} {[piece.iso for piece in pieces]}",)
    return (extracted,) if is_restricted else ("",)


def _calendar(system: System, by_calendar: Mapping[tuple[str, str, str, str], Mapping[str, int]], days: Days) -> None:
    """The same month or quarter in several periods: as many where they hold the same days of it, no fewer of more."""
    for label, places in sorted(by_calendar.items()):
        held: dict[tuple[Period, ...], int] = {}
        for period, place in sorted(places.items()):
            own = _held(label[2], period, days)
            if own in held:
                system.equal(_sum([held[own]], [place]), "same month or quarter")
            else:
                held[own] = place
        for fewer, more in itertools.permutations(held, 2):
            if _within(fewer, more):
                system.at_least(_sum([held[more]], [held[fewer]]), "more of the month or quarter")


def _quarters(system: System) -> None:
    """The months of a quarter sum to it (`implied.quarters`)."""
    for (by_month, month), (by_quarter, quarter) in implied.quarters():
        sums: dict[Key, list[int]] = {}
        for key, place in system.places.items():
            if (key.measure, key.breakdown) == (by_month, month):
                whole = Key(key.period, by_quarter, quarter, tidy.quarter_of(key.category))
                sums.setdefault(whole, []).append(place)
        for whole, places in sums.items():
            if whole in system.places:
                system.equal(_sum(places, [system.places[whole]]), "quarter")


def _time(system: System, days: Days) -> None:
    """Who had so many months: of a month or quarter that was over by then all, of one that had begun some, if any.

    Of a quarter those are told of who were followed, of a month also who was active before.
    """
    calendar: dict[tuple[str, str, str], dict[str, int]] = {}
    for key, place in system.places.items():
        if key.breakdown in ("start_quarter", "month"):
            calendar.setdefault(key[:3], {})[key.category] = place
    for key, place in list(system.places.items()):
        if key.measure not in tidy.IN_TIME or key.breakdown != "months":
            continue
        until = pd.Timestamp(system.extracted.get((key.period, key.measure), ""))
        is_had = key.measure == tidy.IN_TIME[0]
        quarters, months = (
            calendar.get((key.period, *label), {}) for label in ((key.measure, "start_quarter"), _FIRST)
        )
        known = calendar.get((key.period, "cohort", "start_quarter"), {})
        before = system.at(("cohort", "at_start", "active_before"), key.period)
        by_quarter: list[int] = []
        told = [(quarters, known, by_quarter)]
        told += [(months, months, [before])] if is_had and before is not None else []
        for found, all_of_them, besides in told:
            spans = {c: _held(c, key.period, days) for c in all_of_them}
            begun = [c for c, span in spans.items() if span and _after(span[0].start, key.category) <= until]
            over = [c for c in begun if _after(spans[c][-1].end - timedelta(days=1), key.category) <= until]
            if held := [found[c] for c in over if c in found]:
                system.at_least(_sum([place, *besides], held), "with time, of other days")
            if is_had and begun and all(c in found for c in begun):
                system.at_least(_sum([found[c] for c in begun], [place]), "of these days, without the time")


def _after(day: date, months: str) -> pd.Timestamp:
    return pd.Timestamp(day) + pd.DateOffset(months=int(months))


def _held(category: str, period: str, days: Days) -> tuple[Period, ...]:
    """The days of a month or quarter that a period holds."""
    whole = parse(tidy.days_of(category))
    return tuple(both for piece in _pieces(period, days) if (both := piece.overlap(whole)))


def _same_dates(system: System) -> None:
    """A stock on one date, in two deliveries."""
    first: dict[tuple[str, ...], int] = {}
    for key, place in list(system.places.items()):
        meaning = tidy.MEASURES.get(key.measure)
        if meaning is not None and meaning.is_of_a_date and key.as_of:
            known = first.setdefault(key[1:], place)
            if known != place:
                system.equal({known: 1.0, place: -1.0}, "same date")


def _stretches(periods: Sequence[str], known: Days) -> Iterator[dict[str, float]]:
    """For each stretch between two ends of periods the periods whose sum, with these factors, are its days.

    A stretch that no such sum gives is left out: nothing that is printed is about it alone.
    """
    ends = sorted({day for p in periods for piece in known[p] for day in (piece.start, piece.end)})
    cuts = [(Period(a, b),) for a, b in itertools.pairwise(ends)]
    chosen: list[str] = []
    for p in sorted(periods, key=lambda p: (_length(known[p]), p)):
        if np.linalg.matrix_rank(_holding([*chosen, p], cuts, known)) > len(chosen):
            chosen.append(p)
    held = _holding(chosen, cuts, known)
    for n in range(len(cuts)):
        wanted = np.eye(len(cuts))[n]
        solved = np.linalg.lstsq(held.T, wanted, rcond=None)[0]
        factors = [round(float(f), 6) for f in solved]
        if np.allclose(np.array(factors) @ held, wanted):
            yield {p: f for p, f in zip(chosen, factors, strict=True) if f}


def _holding(periods: Sequence[str], cuts: Sequence[Sequence[Period]], known: Days) -> np.ndarray:
    """Which of the periods hold which stretches, as ones and zeros."""
    return np.array([[float(_within(cut, known[p])) for cut in cuts] for p in periods])


def _is_composed(whole: str, way: tuple[str, ...], covers: Sequence[tuple[str, tuple[str, ...]]]) -> bool:
    """Whether some of these periods make up another one, with which the rest makes up the whole as well."""
    known = {(b, tuple(sorted(w))) for b, w in covers}
    return any(
        (whole, tuple(sorted({*way} - {*some} | {other}))) in known
        for other, some in covers
        if other != whole and {*some} <= {*way}
    )


def _by_way_of_another(pairs: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The pairs (within, around) with a third period that lies around the one and within the other."""
    around: dict[str, set[str]] = {}
    for a, b in pairs:
        around.setdefault(a, set()).add(b)
    for a, b in pairs:
        if any(b in around.get(c, ()) and a not in around.get(c, ()) and c not in around.get(b, ()) for c in around[a]):
            yield a, b


def _pieces(key: str, days: Days) -> Sequence[Period]:
    return days[key] if key in days else (parse(key),)


def _within(inner: Sequence[Period], outer: Sequence[Period]) -> bool:
    return all(any(o.covers(i) for o in outer) for i in inner)


def _length(pieces: Sequence[Period]) -> int:
    return sum(p.days for p in pieces)


def _covers(whole: str, within: Sequence[str], known: Days) -> Iterator[tuple[str, ...]]:
    """The ways to make up a period of others within it, none of them superfluous; the first `MOST_COVERS`."""
    candidates = [a for a in within if len(known[a]) == 1 and _length(known[a]) < _length(known[whole])]
    found: set[tuple[str, ...]] = set()

    def extend(chosen: tuple[str, ...], left: list[Period]) -> None:
        if len(found) >= MOST_COVERS:
            return
        if not left:
            if all(not _is_covered(known[whole], [c for c in chosen if c != a], known) for a in chosen):
                found.add(tuple(sorted(chosen)))
            return
        for a in candidates:
            (piece,) = known[a]
            if piece.start <= left[0].start < piece.end:
                extend((*chosen, a), _without(left, piece))

    extend((), list(known[whole]))
    yield from sorted(found)


def _is_covered(pieces: Sequence[Period], by: Iterable[str], known: Days) -> bool:
    left = list(pieces)
    for a in by:
        for piece in known[a]:
            left = _without(left, piece)
    return not left


def _without(pieces: Sequence[Period], cut: Period) -> list[Period]:
    """The days of `pieces` that `cut` does not have."""
    left = []
    for piece in pieces:
        if piece.overlap(cut) is None:
            left.append(piece)
            continue
        if piece.start < cut.start:
            left.append(Period(piece.start, cut.start))
        if cut.end < piece.end:
            left.append(Period(cut.end, piece.end))
    return left


def _standings(system: System, days: Days) -> None:
    """Who is there when a period begins was there when the one before it ended (`implied.STANDINGS`)."""
    for opening, closing in implied.STANDINGS:
        of_day: dict[date, int] = {}
        for key, place in list(system.places.items()):
            if key[1:4] in (opening, closing) and (key.period in days or "/" in key.period):
                pieces = _pieces(key.period, days)
                if len(pieces) > 1:  # who came between them was there already
                    continue
                day = pieces[0].start if key[1:4] == opening else pieces[-1].end
                if of_day.setdefault(day, place) != place:
                    system.equal(_sum([place], [of_day[day]]), "same day")


def _times_counted(system: System) -> None:
    """Who is counted in 1, 2, ... periods, weighted by it, is the sum of the periods that a municipality named.

    Where deliveries of different periods contradict each other it is not: by how many residents is a count as well.
    """
    times: dict[str, dict[int, float]] = {}
    periods: dict[str, list[int]] = {}
    for key, place in system.places.items():
        if key.period == WHOLE and key.breakdown == "times_counted":
            times.setdefault(key.measure, {})[place] = float(key.category)
        elif key[2:] == ("", "", "") and key.period != WHOLE and "/" not in key.period:
            periods.setdefault(key.measure, []).append(place)
    for measure in (m for m in tidy.MEASURES if m in times and m in periods):
        known = _merge(times[measure], _sum([], periods[measure]))
        if off := system._sum(known):
            gap = system.add(Cell(system.unnamed("contradicting"), abs(off), False))
            known[gap] = -1.0 if off > 0 else 1.0
        system.equal(known, "times counted")


def _sum(plus: Sequence[int], minus: Sequence[int]) -> dict[int, float]:
    return _merge(*({n: 1.0} for n in plus), *({n: -1.0} for n in minus))


def _merge(*terms: Mapping[int, float]) -> dict[int, float]:
    merged: dict[int, float] = {}
    for some in terms:
        for n, factor in some.items():
            merged[n] = merged.get(n, 0.0) + factor
    return merged
