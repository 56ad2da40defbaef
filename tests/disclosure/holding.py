"""What holds of every resident that was looked at, whatever anybody declared; and what of it follows from what is.

A count is a sum over residents, so a relation between counts holds of every municipality when it holds of each resident
alone, and one that does not hold of a resident is wrong of the municipality that is that resident.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from people import UNKNOWN, Life, Name, Place, agreeing, always_there, counted, deliveries, is_twice

from mp_eval import tidy
from mp_eval.disclosure.derived import Derived
from mp_eval.disclosure.relations import System, relate
from mp_eval.periods import WHOLE, Period
from mp_eval.publish.third_reading import cells_of, measured

Label = tuple[str, ...]  # a name without its period and day
Between = tuple[object, ...]  # how two periods lie to each other
CALENDAR = ("month", "start_quarter")
NOTHING: Between = ()


@dataclass(frozen=True)
class Seen:
    """A place with the residents that were looked at: of each count the cell of it, and how often it counts each."""

    where: Place
    lives: Mapping[str, Life]
    system: System
    cells: Mapping[Name, int]
    found: Mapping[Name, np.ndarray]
    days: Mapping[str, Sequence[Period]]

    @cached_property
    def derived(self) -> Derived:
        return Derived(self.system)

    @cached_property
    def is_twice(self) -> np.ndarray:
        return np.array([is_twice(life) for life in self.lives.values()])

    def columns(self, period: str) -> dict[Label, Name]:
        """The counts of a period and of the day of its delivery that a release may show, by label."""
        until = self.where.extracted.get(period, self.where.last).isoformat()
        names = (n for n in self.found if n[0] == period and n in self.cells)
        return {(*n[1:4], *n[5:]): n for n in names if n[4] in ("", until)}


def seen(where: Place, lives: Mapping[str, Life], root: Path) -> Seen:
    found = counted(where, list(lives.values()), root)
    own = where.workspace(root)
    everybody = {who: agreeing(life) for who, life in {**always_there(where), **lives}.items()}
    measures = measured(own, deliveries(where, everybody))
    days = {p.id: (p,) for p in where.periods} | {WHOLE: own.whole}
    system = relate(measures, days=days)
    return Seen(where, lives, system, cells_of(measures, system), found, days)


def untrue(one: Seen) -> Iterator[tuple[str, str]]:
    """The relations that do not hold of some resident, though nobody said that they are believed; and of whom."""
    by_cell: dict[int, np.ndarray] = {}
    for name, cell in one.cells.items():
        if name in one.found:
            by_cell.setdefault(cell, one.found[name])
    system, who = one.system, list(one.lives)
    for relation in system.relations:
        printed = {n: f for n, f in relation.terms.items() if n in by_cell}
        others = [system.cells[n] for n in relation.terms if n not in by_cell]
        if relation.is_believed or any(not cell.key.measure.startswith("#") for cell in others):
            continue
        rest = sum(f * by_cell[n].astype(int) for n, f in printed.items())
        is_wrong = rest < 0 if others and others[0].is_count else rest != 0
        is_wrong &= np.all([by_cell[n] != UNKNOWN for n in printed], axis=0)
        if len({system.cells[n].key.period for n in printed}) > 1:
            is_wrong &= ~one.is_twice
        if is_wrong.any():
            yield f"{relation.why}: {_told(system, printed)}", who[int(is_wrong.argmax())]


def _told(system: System, terms: Mapping[int, float]) -> str:
    return " ".join(f"{f:+g} {' / '.join(filter(None, system.cells[n].key))}" for n, f in terms.items())


class Pool:
    """All that was seen, a row a resident in a period, a column a label."""

    def __init__(self, all_seen: Sequence[Seen], support: int) -> None:
        self.all, self.support = all_seen, support
        self.labels = sorted({label for one in all_seen for period in one.days for label in one.columns(period)})

    def is_undeclared(self, whole: Label, *within: Label) -> bool:
        """Whether some counts together are never more than another one, and it does not follow."""
        rests = []
        for one in self.all:
            for period in one.days:
                columns = one.columns(period)
                if {whole, *within} <= columns.keys():
                    rests.append(_known(one, columns[whole]) - sum(_known(one, columns[label]) for label in within))
        is_so = bool(rests) and not any((rest < 0).any() for rest in rests)
        return is_so and next(self._said([whole], within), None) is not None

    def undeclared(self) -> Iterator[str]:
        """What always holds and does not follow, in words."""
        yield from self._of_one_period()
        yield from self._of_two_periods()

    def _of_one_period(self) -> Iterator[str]:
        """Years of inflow alone: how they lie to a period is of the calendar, and so are months and quarters."""
        years = [label for label in self.labels if tidy.MEASURES[label[0]].is_of_cohorts]
        others = [label for label in self.labels if label[1].rpartition(">")[2] not in CALENDAR]
        yield from self._of_labels(years)
        yield from self._of_labels([label for label in others if label not in set(years)])

    def _of_labels(self, labels: list[Label]) -> Iterator[str]:
        place = {label: n for n, label in enumerate(labels)}
        rows = []
        for one in self.all:
            for period in one.days:
                block = np.full((len(one.lives), len(labels)), UNKNOWN, dtype=np.int8)
                for label, name in one.columns(period).items():
                    if label in place:
                        block[:, place[label]] = one.found[name]
                rows.append(block)
        table = np.vstack(rows)
        holds, _ = self._nested(table, table)
        np.fill_diagonal(holds, False)
        same = holds & holds.T
        first = [n for n in range(len(labels)) if not same[n, :n].any()]
        for a, b in zip(*np.nonzero(same), strict=True):
            yield from self._said([labels[b]], [labels[a]])
        holds &= ~same
        holds = holds[np.ix_(first, first)]
        table, labels = table[:, first], [labels[n] for n in first]
        nearest = holds & ~((holds.astype(np.int32) @ holds.astype(np.int32)) > 0)
        for a, b in zip(*np.nonzero(nearest), strict=True):
            yield from self._said([labels[b]], [labels[a]])
        for whole in range(len(labels)):
            inside = np.flatnonzero(holds[:, whole])
            if len(inside) > 1:
                yield from self._apart(table, labels, whole, inside, holds)

    def _apart(
        self, table: np.ndarray, labels: Sequence[Label], whole: int, inside: np.ndarray, holds: np.ndarray
    ) -> Iterator[str]:
        """Two that are apart within a third, none of them within a larger such one; and those that make it up."""
        rows = table[table[:, whole] != UNKNOWN]
        total, parts = rows[:, whole], rows[:, inside]
        is_known = parts != UNKNOWN
        apart = np.zeros((len(inside), len(inside)), dtype=bool)
        is_all = np.zeros_like(apart)
        for n in range(len(inside)):
            both = is_known[:, [n]] & is_known
            sums = parts[:, [n]] + parts
            counts = [((some > 0) & both).sum(axis=0) for some in (parts[:, [n]], parts)]
            is_enough = (counts[0] >= self.support) & (counts[1] >= self.support)
            apart[n] = ~((sums > total[:, None]) & both).any(axis=0) & is_enough
            is_all[n] = ~((sums != total[:, None]) & both).any(axis=0) & is_enough
        np.fill_diagonal(apart, False)
        larger = holds[np.ix_(inside, inside)].astype(np.int32) @ apart.astype(np.int32) > 0
        for a, b in zip(*np.nonzero(np.triu(apart & ~larger & ~larger.T)), strict=True):
            found = [labels[inside[a]], labels[inside[b]]]
            yield from self._said([labels[whole]], found)
            if is_all[a, b]:
                yield from self._said(found, [labels[whole]])
        yield from self._three(table, labels, whole, inside, apart)

    def _three(
        self, table: np.ndarray, labels: Sequence[Label], whole: int, inside: np.ndarray, apart: np.ndarray
    ) -> Iterator[str]:
        """Three that make up another one, of what is known of everybody of whom that one is."""
        rows = table[table[:, whole] != UNKNOWN]
        known = [n for n in range(len(inside)) if (rows[:, inside[n]] != UNKNOWN).all()]
        columns = {rows[:, inside[n]].tobytes(): n for n in known}
        for a in known:
            for b in (n for n in known if n > a and apart[a, n]):
                rest = (rows[:, whole] - rows[:, inside[a]] - rows[:, inside[b]]).astype(np.int8)
                c = columns.get(rest.tobytes(), -1)
                if c > b and apart[a, c] and apart[b, c]:
                    yield from self._said([labels[inside[n]] for n in (a, b, c)], [labels[whole]])

    def _of_two_periods(self) -> Iterator[str]:
        """Pairs of which the one is of another period: they are compared where the periods lie alike."""
        blocks: dict[Between, list[tuple[np.ndarray, np.ndarray]]] = {}
        for one in self.all:
            for inner in one.days:
                for outer in (key for key in one.days if key != inner):
                    pair = [np.full((len(one.lives), len(self.labels)), UNKNOWN, dtype=np.int8) for _ in range(2)]
                    for block, period in zip(pair, (inner, outer), strict=True):
                        for label, name in one.columns(period).items():
                            block[:, self.labels.index(label)] = one.found[name]
                    blocks.setdefault(_between(one, inner, outer), []).append((pair[0], pair[1]))
        timed = np.array([_is_of_time(label) for label in self.labels])
        for how, pairs in blocks.items():
            tables = [np.vstack(side) for side in zip(*pairs, strict=True)]
            holds, _ = self._nested(*tables)
            holds &= ~timed[:, None] | np.eye(len(timed), dtype=bool)
            for a, b in zip(*np.nonzero(holds), strict=True):
                yield from self._said([self.labels[b]], [self.labels[a]], how)

    def _nested(self, one: np.ndarray, other: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Which columns of the one table are never more than which of the other, and of how many they are."""
        holds = np.zeros((one.shape[1], other.shape[1]), dtype=bool)
        often = np.zeros(holds.shape, dtype=np.int32)
        for n in range(other.shape[1]):
            both = (other[:, [n]] != UNKNOWN) & (one != UNKNOWN)
            often[:, n] = ((one > 0) & both).sum(axis=0)
            holds[:, n] = ~((one > other[:, [n]]) & both).any(axis=0) & (often[:, n] >= self.support)
        return holds, often

    def _said(self, more: Sequence[Label], less: Sequence[Label], how: Between = NOTHING) -> Iterator[str]:
        """That these are together at least those, unless that follows where all of them are there."""
        for one in self.all:
            for inner in one.days:
                for outer in [inner] if how == NOTHING else [key for key in one.days if key != inner]:
                    if how != NOTHING and _between(one, inner, outer) != how:
                        continue
                    above, below = one.columns(outer), one.columns(inner)
                    if not all(n in above for n in more) or not all(n in below for n in less):
                        continue
                    terms: dict[int, float] = {}
                    for names, columns, factor in ((more, above, 1.0), (less, below, -1.0)):
                        for label in names:
                            cell = one.cells[columns[label]]
                            terms[cell] = terms.get(cell, 0.0) + factor
                    if not one.derived.is_at_least_zero({n: f for n, f in terms.items() if f}):
                        words = (" + ".join(" / ".join(filter(None, x)) for x in side) for side in (less, more))
                        yield " <= ".join(words) + (f" {how}" if how else "")
                    return


def _known(one: Seen, name: Name) -> np.ndarray:
    return np.where(one.found[name] == UNKNOWN, np.nan, one.found[name])


def _is_of_time(label: Label) -> bool:
    """Whether days and extraction decide what it has to do with other counts: that is looked at within a period."""
    is_of_years = tidy.MEASURES[label[0]].is_of_cohorts
    return is_of_years or label[1].rpartition(">")[2] in (*CALENDAR, "months") or label[0] in tidy.IN_TIME


def _between(one: Seen, inner: str, outer: str) -> Between:
    def within(some: str, other: str) -> bool:
        return all(any(o.covers(i) for o in one.days[other]) for i in one.days[some])

    until = [one.where.extracted.get(key, one.where.last) for key in (inner, outer)]
    starts, ends = ([one.days[key][n] for key in (inner, outer)] for n in (0, -1))
    return (
        within(inner, outer),
        within(outer, inner),
        (until[0] > until[1]) - (until[0] < until[1]),
        inner == WHOLE,
        outer == WHOLE,
        starts[0].start == starts[1].start,
        ends[0].end == ends[1].end,
    )
