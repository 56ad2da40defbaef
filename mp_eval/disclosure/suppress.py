"""Which cells to hide: all small counts, and as few and as small others as keep a reader from working them out.

What matters most to a reader goes last. So first it is looked which cells of the highest rank must be hidden where all
of lower ranks are; then which of the next rank, and so on. Within a rank one cell may weigh more than another.

The classical model of complementary cell suppression: hide a cell or not, such that for each small count the
reader's linear programme can still reach from 1 to the threshold. It is solved by cuts. A pattern with which a reader
gets too close yields, from the dual of the reader's programme, an inequality that every valid pattern satisfies.

A valid pattern is first built demand by demand and pruned; then the cuts give a bound, and in systems that are small
enough the optimum. No step looks at a clock: rounds and nodes are counted, so the same input gives the same pattern.

Source: M. Fischetti and J.J. Salazar (2001), Solving the cell suppression problem on tabular data with linear
constraints, Management Science 47, 1008-1027; the first pattern as in J.P. Kelly, B.L. Golden and A.A. Assad (1992),
Cell suppression: disclosure protection for sensitive tabular data, Networks 22, 397-417.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import NamedTuple

import highspy
import numpy as np

from . import solver
from .reader import EVERY, TOLERANCE, Demand, Reader, room
from .relations import Cell, Relation, System

EXACT_CELLS = 150  # cells to choose among; with more, the optimum is not looked for, only a bound
ROUNDS, NODES = 60, 20_000
MISSED = 20  # demands that are missed, of which cuts are made before the next trial
REPAIRS = 5  # of so many rounds one makes a valid pattern of its solution
BOUND_ROUNDS, DEMANDS_FOR_BOUND = 3, 1_500  # rounds, and rounds times demands, of building along a bound
PRUNING = 2_500_000  # programmes times their cells that pruning may cost


class Dear(NamedTuple):
    """What hiding a cell costs: those of a higher rank are hidden last, and of one rank the lighter ones first."""

    rank: int
    weight: int


CHEAP = Dear(0, 1)


@dataclass(frozen=True)
class Pattern:
    """The cells to hide: those that are small, and those that shield them.

    `known` are the small counts that no pattern can protect in full, because of what is public already or because
    they are the sum of others that are not zero; they are protected as far as can be. `cost` is what the shields weigh
    (where each weighs one, how many they are), `bound` what those of a rank weigh at least where these are hidden of
    the ranks above it; `is_optimal` when these weigh no more and are none larger.
    """

    small: frozenset[int]
    shields: frozenset[int]
    known: frozenset[int]
    cost: int
    bound: int
    is_optimal: bool

    @property
    def hidden(self) -> frozenset[int]:
        return self.small | self.shields

    def beside(self, other: Pattern) -> Pattern:
        """What hides all that either does."""
        return replace(self, shields=self.shields | other.hidden - self.small)


def small(system: System, threshold: int) -> frozenset[int]:
    """The counts of 1 to `threshold` - 1, printed or not."""
    return frozenset(n for n, c in enumerate(system.cells) if c.is_count and 1 <= c.value < threshold)


def suppress(
    system: System, *, threshold: int, dear: Mapping[int, Dear] | None = None, hidden: Iterable[int] = ()
) -> Pattern:
    """The pattern for a release.

    Parameters
    ----------
    dear
        What hiding a cell costs, of those that are not of the lowest rank and of weight one.
    hidden
        Cells that are hidden whatever they cost.

    Examples
    --------
    >>> from .relations import Key
    >>> system = System([Cell(Key("2024", "activated", "", str(v)), v) for v in (5.0, 20.0, 13.0, 12.0, 50.0)])
    >>> system.equal({0: 1, 1: 1, 2: 1, 3: 1, 4: -1}, "sum")
    >>> sorted(suppress(system, threshold=10).hidden)
    [0, 3]
    """
    dear, few, free = dear or {}, small(system, threshold), set(hidden)
    known: frozenset[int] | None = None
    shields: set[int] = set()
    cost, bound, is_optimal = 0, 0, True
    choices: dict[int, set[int]] = {}
    for n, cell in enumerate(system.cells):
        if cell.is_printed and n not in few and n not in free:
            choices.setdefault(dear.get(n, CHEAP).rank, set()).add(n)
    for rank in sorted(choices, reverse=True):
        lower = {n for other, cells in choices.items() if other < rank for n in cells}
        parts = [_Part(system, *found, few, free | lower, threshold, dear) for found in _components(system, few)]
        solved = [part.solve() for part in parts]
        chosen = {n for found, _, _, _ in solved for n in found}
        known = frozenset(n for _, cells, _, _ in solved for n in cells) if known is None else known
        cost += sum(dear.get(n, CHEAP).weight for n in chosen)
        bound += sum(least for _, _, least, _ in solved)
        is_optimal &= all(is_best for _, _, _, is_best in solved)
        shields |= chosen
        free |= chosen
        system = system.showing(choices[rank] - chosen)
    printed = frozenset(n for n in few if system.cells[n].is_printed)
    kept = {n for n in hidden if system.cells[n].value >= 1} - few
    return Pattern(printed, frozenset(shields | kept), known or frozenset(), cost, bound, is_optimal)


def _components(system: System, wanted: Set[int]) -> Iterator[tuple[list[int], list[Relation]]]:
    """The cells that hang together through relations, as far as they can vary; those that hold a wanted one."""
    varies = {n for n, cell in enumerate(system.cells) if _can_vary(cell)}
    for members, inner in solver.blocks(sorted(varies), [varies & r.terms.keys() for r in system.relations]):
        if not wanted.isdisjoint(members):
            yield members, [system.relations[m] for m in inner]
    yield from (([n], []) for n in sorted(wanted - varies))


def _can_vary(cell: Cell) -> bool:
    """Neither public, nor a zero (which is shown)."""
    low, high = room(cell)
    return high > low and not (cell.is_printed and cell.value < 1)


class _Part:
    """One set of cells that hang together, numbered anew from 0."""

    def __init__(
        self,
        system: System,
        members: Sequence[int],
        relations: Sequence[Relation],
        wanted: Set[int],
        free: Set[int],
        threshold: int,
        dear: Mapping[int, Dear],
    ) -> None:
        named = {n for r in relations if r.follows for n in r.terms if not system.cells[n].is_printed}
        members = self.members = [n for n in members if n in wanted or n not in named]
        place = {n: k for k, n in enumerate(members)}
        self.cells = [system.cells[n] for n in members]
        self.relations = [
            Relation({place[n]: f for n, f in r.terms.items() if n in place}, r.why)
            for r in relations
            if not place.keys().isdisjoint(r.terms) and not any(n in named and n not in place for n in r.terms)
        ]
        self.small = [k for k, n in enumerate(members) if n in wanted]
        is_choice = [self.cells[k].is_printed and n not in wanted and n not in free for k, n in enumerate(members)]
        self.choices = [k for k, is_one in enumerate(is_choice) if is_one]
        self.always = [k for k, is_one in enumerate(is_choice) if not is_one]
        self.demands = [d for k in self.small for d in _demands(k, self.cells[k].value, threshold)]
        self.weights = np.array([dear.get(n, CHEAP).weight for n in members])
        self.cost = _costs(self.cells, self.weights)

    def solve(self) -> tuple[set[int], set[int], int, bool]:
        """Shields, counts that cannot be protected, what shields must weigh, and whether these are the best."""
        reader = Reader(self.cells, self.relations)
        reader.free(range(len(self.cells)))
        _, missed = reader.meet(self.demands, most=EVERY)
        most = {d: missed[d].reach if d in missed else d.need for d in self.demands}
        known = {d.cell for d, reach in most.items() if reach < d.need - TOLERANCE}
        weakened = [d._replace(need=min(d.need, reach - TOLERANCE)) for d, reach in most.items()]
        self.demands = [d for d in weakened if d.need > 100 * TOLERANCE]
        reader.show(self.choices)
        cuts = _Cuts(self)
        best = self._prune(self._build(reader, cuts, self.cost))
        if not best:
            return set(), self._outside(known), 0, True
        if len(self.choices) <= EXACT_CELLS:
            best, bound, is_optimal = self._improve(reader, cuts, best)
        else:
            best, bound, is_optimal = self._bound(reader, cuts, best)
        return self._outside(best), self._outside(known), bound, is_optimal

    def _outside(self, places: Iterable[int]) -> set[int]:
        return {self.members[k] for k in places}

    def _build(
        self, reader: Reader, cuts: _Cuts, cost: np.ndarray, start: Iterable[int] = ()
    ) -> dict[int, Demand | None]:
        """A valid pattern, shielding one demand after another at the least cost each; and for which each shield is."""
        hidden: dict[int, Demand | None] = dict.fromkeys(start)
        reader.show(self.choices)
        reader.free(hidden)
        planner = _Planner(self.cells, self.relations, self.choices, cost)
        planner.hide(hidden)
        left = sorted(self.demands, key=lambda d: (-d.need, d.cell, -d.sign))
        while left:
            met, missed = reader.meet(left)
            if not missed:
                break
            ((demand, answer),) = missed.items()
            left = [d for d in left if d not in met]
            cuts.add(demand, answer.worth)
            # Where tolerances keep a plan from being enough: rather too many than too few.
            more = sorted((planner.shield(demand) or set()) - hidden.keys() or set(self.choices) - hidden.keys())
            if not more:
                break
            hidden |= dict.fromkeys(more, demand)
            planner.hide(more)
            reader.free(more)
        return hidden

    def _prune(self, built: Mapping[int, Demand | None]) -> set[int]:
        """The pattern without the shields that it can do without: of what hangs together when all else is shown."""
        kept: set[int] = set()
        left = PRUNING
        for members, relations in _loose(self.relations, {*built, *self.always}):
            block = _Block(self, members, relations, built)
            left -= block.prune(left)
            kept |= block.hidden
        return kept

    def _improve(self, reader: Reader, cuts: _Cuts, best: set[int]) -> tuple[set[int], int, bool]:
        """Solve with the cuts so far, look what a reader can do with the solution, cut, and again."""
        bound = 0
        cuts.need(self._needed(reader, best))
        for n in range(ROUNDS):
            trial, least, is_proven = cuts.choose()
            bound = max(bound, int(np.ceil(least - 1e-6)))
            if self._total(trial) >= self._total(best) - 1e-9:
                return best, min(self._weight(best), bound), is_proven
            reader.show(self.choices)
            reader.free(trial)
            _, missed = reader.meet(self.demands, most=MISSED)
            for demand, answer in missed.items():
                cuts.add(demand, answer.worth)
            if not missed:
                weight = self._weight(trial)
                return trial, weight if is_proven else min(weight, bound), is_proven
            if (n + 1) % REPAIRS == 0:  # between repairs the bound rises, which is what mostly ends the search
                best = min(best, self._prune(self._build(reader, cuts, self.cost, trial)), key=self._total)
        return best, min(self._weight(best), bound), False

    def _needed(self, reader: Reader, among: Iterable[int]) -> list[int]:
        """Those of these cells without which some demand is met by nothing, whatever else is hidden."""
        reader.free(self.choices)
        met, _ = reader.meet(self.demands, most=EVERY)
        needed = []
        for n in sorted(among):
            reader.show([n])
            fresh, missed = reader.meet([d for d, deviation in met.items() if abs(deviation[n]) > TOLERANCE / 10])
            reader.free([n])
            met |= fresh
            needed += [n] if missed else []
        return needed

    def _bound(self, reader: Reader, cuts: _Cuts, best: set[int]) -> tuple[set[int], int, bool]:
        """A bound from the cuts without whole numbers; and patterns built along what that solution hides."""
        for _ in range(min(BOUND_ROUNDS, DEMANDS_FOR_BOUND // len(self.demands))):
            partly, _ = cuts.relax()
            guided = self.cost * np.maximum(0.02, 1 - partly)
            best = min(best, self._prune(self._build(reader, cuts, guided)), key=self._total)
        _, bound = cuts.relax()
        return best, min(self._weight(best), int(np.ceil(bound - 1e-6))), False

    def _total(self, hidden: Iterable[int]) -> float:
        return float(sum(self.cost[k] for k in sorted(hidden)))

    def _weight(self, hidden: Iterable[int]) -> int:
        return int(sum(self.weights[k] for k in hidden))


class _Block:
    """Cells of a part that hang together once all is shown that a pattern does not hide."""

    def __init__(
        self, part: _Part, members: Sequence[int], relations: Sequence[Relation], built: Mapping[int, Demand | None]
    ) -> None:
        self.place = {n: k for k, n in enumerate(members)}
        self.hidden, self.cost = built.keys() & self.place.keys(), part.cost
        self.own = {n: d._replace(cell=self.place[d.cell]) for n, d in built.items() if d and d.cell in self.place}
        self.demands = [d._replace(cell=self.place[d.cell]) for d in part.demands if d.cell in self.place]
        inner = [Relation({self.place[n]: f for n, f in r.terms.items()}, r.why) for r in relations]
        self.reader = Reader([part.cells[n] for n in members], inner)
        self.reader.free(range(len(members)))

    def prune(self, most: int) -> int:
        """Show shields that can be done without, the dearest first; returns what it cost, in programmes times cells.

        Of each demand a deviation is kept that meets it: only a demand whose deviation moves a shield can miss it.
        """
        left = most // len(self.place)
        if not self.hidden or left <= 0:
            return 0
        begun = self.reader.runs
        met, _ = self.reader.meet(self.demands, most=EVERY)
        for n in sorted(self.hidden, key=lambda n: (-self.cost[n], -n)):
            if self.reader.runs - begun > left:
                break
            place, own = self.place[n], self.own.get(n)
            self.reader.show([place])
            again = [d for d, deviation in met.items() if abs(deviation[place]) > TOLERANCE / 10]
            is_missed = own in again and self.reader.misses(own)
            fresh, missed = ({}, {}) if is_missed else self.reader.meet(again)
            if is_missed or missed:
                self.reader.free([place])
            else:
                self.hidden.remove(n)
                met |= fresh
        return (self.reader.runs - begun) * len(self.place)


def _loose(relations: Sequence[Relation], free: Set[int]) -> Iterator[tuple[list[int], list[Relation]]]:
    """What hangs together among the free cells, without those that cannot move because they are alone in a relation."""
    known = [(r, row) for r in relations if (row := free & r.terms.keys())]
    fixed: set[int] = set()
    while alone := {n for _, row in known if len(row) == 1 for n in row}:
        fixed |= alone
        known = [(r, row - alone) for r, row in known if row - alone]
    for members, inner in solver.blocks(sorted(free - fixed), [row for _, row in known]):
        yield members, [Relation({n: known[m][0].terms[n] for n in known[m][1]}, "") for m in inner]


class _Cuts:
    """The inequalities found so far, as a programme over what to hide."""

    def __init__(self, part: _Part) -> None:
        self.part = part
        self.column = {k: n for n, k in enumerate(part.choices)}
        count = len(part.choices)
        self.model = solver.model(np.zeros(count), np.ones(count))
        self.model.changeColsCost(count, np.arange(count, dtype=np.int32), part.cost[part.choices])
        for option in ("mip_rel_gap", "mip_abs_gap"):
            self.model.setOptionValue(option, 0.0)
        self.model.setOptionValue("mip_max_nodes", NODES)

    def add(self, demand: Demand, worth: np.ndarray) -> None:
        """Of the cells that would let the reader imagine more, enough must be hidden."""
        lacking = demand.need - float(sum(worth[k] for k in self.part.always))
        if lacking <= TOLERANCE:
            return
        terms = {n: min(1.0, worth[k] / lacking) for k, n in self.column.items() if worth[k] > TOLERANCE}
        solver.add_row(self.model, 1.0, highspy.kHighsInf, terms)

    def need(self, cells: Iterable[int]) -> None:
        """These cells every valid pattern hides."""
        for k in cells:
            self.model.changeColBounds(self.column[k], 1.0, 1.0)

    def choose(self) -> tuple[set[int], float, bool]:
        """The cheapest choice that satisfies the cuts, a bound on what it weighs, and whether both are proven."""
        count = len(self.column)
        places = np.arange(count, dtype=np.int32)
        self.model.changeColsIntegrality(count, places, np.array([highspy.HighsVarType.kInteger] * count))
        self.model.run()
        is_proven = solver.is_optimal(self.model)
        values = self.model.getSolution().col_value
        least = self.model.getInfo().mip_dual_bound
        chosen = {k for k, n in self.column.items() if values[n] > 0.5}
        self.model.clearSolver()
        return chosen, (self.part._weight(chosen) if is_proven else np.floor(least)), is_proven

    def relax(self) -> tuple[np.ndarray, float]:
        """How far each cell is hidden when a cell can be hidden in part, and a bound on what they weigh."""
        self.model.run()
        values = self.model.getSolution().col_value
        partly = np.zeros(len(self.part.cells))
        for k, n in self.column.items():
            partly[k] = values[n]
        return partly, self.model.getInfo().objective_function_value - SIZE


class _Planner:
    """The least cost at which a demand can be met when hiding costs in proportion to how far a cell must move."""

    def __init__(
        self, cells: Sequence[Cell], relations: Sequence[Relation], choices: Sequence[int], cost: np.ndarray
    ) -> None:
        self.count = len(cells)
        self.choices = set(choices)
        self.rooms = [room(cell) for cell in cells]
        self.model = solver.model(np.zeros(2 * self.count), np.zeros(2 * self.count))
        for k, (low, high) in enumerate(self.rooms):
            self.model.changeColBounds(k, 0.0, high)
            self.model.changeColBounds(self.count + k, 0.0, -low)
            for n in (k, self.count + k):
                self.model.changeColCost(n, float(cost[k]) if k in self.choices else SLIGHT)
        for relation in relations:
            both = {**relation.terms, **{self.count + k: -f for k, f in relation.terms.items()}}
            solver.add_row(self.model, 0.0, 0.0, both)

    def hide(self, cells: Iterable[int]) -> None:
        """Let these cells move for next to nothing."""
        for k in cells:
            low, high = self.rooms[k]
            for n, most in ((k, high), (self.count + k, -low)):
                self.model.changeColCost(n, SLIGHT)
                self.model.changeColBounds(n, 0.0, most)

    def show(self, cells: Iterable[int]) -> None:
        """Let these cells not move at all."""
        for k in cells:
            for n in (k, self.count + k):
                self.model.changeColBounds(n, 0.0, 0.0)

    def shield(self, demand: Demand) -> set[int] | None:
        """The cells to choose among that move when the demand is met at the least cost; None when it cannot be."""
        up, down = demand.cell, self.count + demand.cell
        for n, moves in ((up, demand.sign > 0), (down, demand.sign < 0)):
            least = demand.need - TOLERANCE if moves else 0.0
            self.model.changeColBounds(n, least, demand.need if moves else 0.0)
        self.model.run()
        is_possible = solver.is_optimal(self.model)
        values = np.array(self.model.getSolution().col_value)
        low, high = self.rooms[demand.cell]
        self.model.changeColBounds(up, 0.0, high)
        self.model.changeColBounds(down, 0.0, -low)
        if not is_possible:
            return None
        moved = np.abs(values[: self.count] - values[self.count :]) > TOLERANCE / 10
        return {int(k) for k in np.flatnonzero(moved) if k in self.choices}


SIZE = 0.5  # of the lightest cell: what the sizes of all cells together weigh, so that fewer goes before smaller
SLIGHT = 1e-4  # what it costs to move a cell that is hidden anyway


def _costs(cells: Sequence[Cell], weights: np.ndarray) -> np.ndarray:
    """What each cell weighs, and less than one for all their sizes together."""
    sizes = np.array([max(0.0, c.value) if c.is_printed else 0.0 for c in cells])
    return weights + SIZE * sizes / (sizes.sum() + 1)


def _demands(cell: int, value: float, threshold: int) -> Iterator[Demand]:
    yield Demand(cell, 1, threshold - value)
    if value > 1:
        yield Demand(cell, -1, value - 1)


def intervals(
    system: System, hidden: Mapping[int, object] | Set[int], cells: Iterable[int]
) -> dict[int, tuple[float, float]]:
    """Between which counts a reader can place each of these cells, when only `hidden` ones are not shown."""
    reader = Reader(system.cells, system.relations)
    reader.free(n for n, c in enumerate(system.cells) if n in hidden or not c.is_printed)
    found = {}
    for n in cells:
        ends = [system.cells[n].value + s * reader.ask(Demand(n, s, 0.0), enough=False).reach for s in (-1, 1)]
        found[n] = ends[0], ends[1]
    return found
