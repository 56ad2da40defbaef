"""What readers know of counts beside each other, from what each of them counts (`tidy.Measure.counts`).

A *line* says that some counts together are at most others; the difference is itself a count. Between two lines that say
it of a third in between, none is said: it follows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations, permutations

from .sets import Domains, Rows, are_apart, is_held, is_part, is_within, left
from .tidy import MEASURES, MILESTONES, Label

Line = tuple[Sequence[Label], Sequence[Label], str]
TIMES = "times_counted"  # a breakdown of several periods together, which no column tells
EACH = "*"  # a category: each one, the same on both sides
ADDING = ("parts", "some", "cover", "beside")
ORDERED = "months"  # a breakdown of which each category tells of the same residents, later: sums are of one of them

# What readers take to hold and no set tells, each with its reason: of tables that may contradict each other. It is
# protected and attacked as far as it does.
BELIEVED: Sequence[Line] = (
    # What is bought was not there before, unless the table of activities says so of one
    ([("activated", "activity", "trajectory")], [("activated", "variant", "net")], "anew, without a trajectory"),
    *(
        ([(m, "", "")], [(m, "variant", "net"), (m, "variant", "without_trajectory")], "anew, and an activity")
        for m in ("activated", "cohort_activation_rate")
    ),
    # Who left, by the outflow, by the ends of benefits in the table of residents, by the register of benefits
    ([("left_programme", "reason", "out_of_benefit")], [("outflow", "", "")], "left the benefit, not from here"),
    ([("programme_outflow_rate", "", "")], [("outflow", "", "")], "left the benefit, not from the programme"),
    ([("outflow", "", "")], [("benefit_outflow", "", "")], "out and not of the programme"),
    (
        [("left_programme", "", "")],
        [("outflow", "", ""), ("wsp_referral", "", ""), ("conversations", "kind", "closing")],
        "more than one way out",
    ),
    ([("outflow", "", ""), ("wsp_referral", "", "")], [("left_programme", "", "")], "closed alone"),
    # Who came, by the table of residents and by the register of benefits
    ([("low_step_inflow", "", "")], [("newcomers", "", "")], "on a higher step"),
    (
        [("low_step_inflow", "", ""), ("low_step_inflow", "", " uncertain")],
        [("newcomers", "", "")],
        "known to be higher",
    ),
    # What was planned and recorded is an activity, unless a referral fits the path
    ([("route_recorded", "route", EACH)], [("cohort_activation_rate", "", "")], "active, and not as planned"),
    # Two years on benefit at a first conversation began before the period, unless that is longer
    (
        [("spoken_on_benefit", "benefit_age", "from_24")],
        [("benefit_population", "begin", "started_before")],
        "on benefit before, and not spoken to",
    ),
    # Who is first spoken to joins, unless there was a first conversation before
    ([("spoken", "", "")], [("joined_programme", "", "")], "first spoken to again"),
    # Who was active already, by what began before the conversation; in the rate only where it is recorded
    *(
        (
            [("activated_within", "months", m), ("cohort", "at_start", "active_before")],
            [("cohort_activation_rate", "", "")],
            "later, or not said to be active",
        )
        for m in MILESTONES
    ),
)
# What holds of everybody by how the one count is made of the other: the cohort by what was recorded since.
MADE: Sequence[Line] = (
    *(
        ([("activated_within", "months", m)], [("cohort_activation_rate", "variant", "net")], "later")
        for m in MILESTONES
    ),
    (
        [("cohort_activation_rate", "", "")],
        [("cohort_activation_rate", "variant", "net"), ("cohort", "at_start", "active_before")],
        "active before, and net",
    ),
)
# Labels that count the same of two tables, as far as these do not contradict each other.
BELIEVED_SAME: Sequence[tuple[Label, Label]] = ((("running_benefits", "", ""), ("on_benefit", "", "")),)
# Labels that go by one word on a page. A reader takes them for one number; where they are two, a line tells the rest.
SAME_WORD: Sequence[tuple[Label, Label]] = (
    (("programme_outflow_rate", "", ""), ("outflow", "", "")),  # uitgestroomd
    (("benefit_population", "begin", "started_within"), ("newcomers", "", "")),  # in de periode begonnen
)
# Residents by why they left, which may be another reason in a longer period.
BY_REASON = frozenset({"outflow_to_work"})
# Labels of who is there when a period begins, and when it ends: of one day they count the same. Some have no end.
STANDINGS: Sequence[tuple[Label, Label | None]] = (
    (("in_programme", "entry", "opening"), ("in_programme", "end", "stayed")),
    (("benefit_population", "begin", "started_before"), None),
)
# A stock on the day before a period and on its last, and what came and went in between.
BRIDGES: Sequence[tuple[str, str, str]] = (("trajectories_running", "trajectories_started", "trajectories_ended"),)


@dataclass(frozen=True)
class Node:
    """What is counted: labels with a sign, and the sets that they are together; `rows` counts rows, not residents."""

    terms: tuple[tuple[Label, int], ...]
    sets: tuple[Rows, ...]
    rows: bool
    labels: frozenset[Label]

    @property
    def is_one(self) -> bool:
        return len(self.terms) == 1


def set_of(label: Label) -> Rows | None:
    """What a label counts, when that is declared."""
    measure, breakdown, category = label
    meaning = MEASURES.get(measure)
    if meaning is None or meaning.counts is None or not breakdown:
        return meaning.counts if meaning and not category else None
    by = meaning.by.get(breakdown)
    if callable(by):
        return by(category)
    if by is not None and category in by:
        return by[category]
    return meaning.counts.only(**{breakdown: category}) if by is not None or ">" not in breakdown else None


@cache
def counted(label: Label) -> tuple[Rows, bool] | None:
    """What a label counts, and whether it counts rows of which a resident may have more. Labels that agree are one."""
    found = set_of(label) if label[1] != TIMES else None
    if found is None or (MEASURES[label[0]].breakdowns.get(label[1]) == "variants" and label not in _named_variants()):
        return None
    return found, not found.once and MEASURES[label[0]].unit not in ("persons", "share")


@cache
def _named_variants() -> frozenset[Label]:
    """The categories of breakdowns that do not add up of which it is said what they count."""
    return frozenset(
        (m, b, c) for m, meaning in MEASURES.items() for b, by in meaning.by.items() if not callable(by) for c in by
    )


@cache
def _named() -> frozenset[tuple[str, str]]:
    """The columns of which some set names a value."""
    found = set()
    for name, meaning in MEASURES.items():
        own = [meaning.counts] + [set_of((name, b, c)) for b, by in meaning.by.items() if not callable(by) for c in by]
        for some in filter(None, own):
            found |= {(met.table, column) for met in (*some.all_met, *some.all_lacking) for column, _ in met.where}
    return frozenset(found)


@cache
def template(label: Label) -> Label:
    """The label with `EACH` for a category of which no set says anything in particular.

    >>> template(("spoken", "month", "2024-01")), template(("conversations", "kind", "first"))
    (('spoken', 'month', '*'), ('conversations', 'kind', 'first'))
    """
    each = (*label[:2], EACH)
    if not label[1] or label in _named_variants() or (found := set_of(each)) is None:
        return label
    columns = {(met.table, column) for met in found.all_met for column, (_, values) in met.where if EACH in values}
    return label if columns & _named() else each


def lines(labels: Iterable[Label]) -> Sequence[Line]:
    """What follows for a table with these labels, and what is known of them beside that."""
    return [*MADE, *_lines(frozenset(template(label) for label in labels if counted(label)))]


def filled(
    less: Sequence[Label], more: Sequence[Label], present: Collection[Label]
) -> Iterator[tuple[list[Label], list[Label]]]:
    """A line for these labels, once for each category of what goes by category; as far as they are there."""
    wild = next((label for label in less if label[2] == EACH), None)
    categories = sorted(c for m, b, c in present if (m, b) == wild[:2]) if wild else [""]
    for category in categories:
        sides = [[(*label[:2], category) if label[2] == EACH else label for label in side] for side in (less, more)]
        if all(label in present for side in sides for label in side):
            yield sides[0], sides[1]


def quarters() -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    """The breakdowns by month and by quarter of one set."""
    dated = [(m, b) for m, meaning in MEASURES.items() for b in sorted(meaning.calendar)]
    for month, quarter in permutations(dated, 2):
        both = [counted((measure, "", "")) for measure, _ in (month, quarter)]
        if month[1] == "month" and quarter[1] != "month" and both[0] is not None and both[0] == both[1]:
            yield month, quarter


@cache
def _lines(labels: frozenset[Label]) -> Sequence[Line]:
    order = {name: n for n, name in enumerate(MEASURES)}
    own: dict[tuple[Rows, bool], list[Label]] = {}
    for label in sorted(labels, key=lambda x: (order[x[0]], *x[1:])):
        what = counted(label)
        assert what is not None, label
        own.setdefault(what, []).append(label)
    nodes = [Node(((same[0], 1),), (rows,), is_rows, frozenset(same)) for (rows, is_rows), same in own.items()]
    return list(dict.fromkeys(_Family(nodes, _domains(labels)).lines()))


def _domains(labels: Iterable[Label]) -> Domains:
    """The values of columns by which all rows of a table are told."""
    found: dict[tuple[str, str], set[str]] = {}
    for label in labels:
        by, relation = MEASURES[label[0]].by.get(label[1]), MEASURES[label[0]].breakdowns.get(label[1])
        if relation in ("parts", "cover") and label[2] != EACH and (by is None or not by):
            rows = MEASURES[label[0]].counts
            assert rows is not None, label
            found.setdefault((rows.table, label[1]), set()).add(label[2])
    return frozenset((*column, frozenset(values)) for column, values in found.items())


class _Family:
    """Counts of which some lie within others."""

    def __init__(self, nodes: Sequence[Node], domains: Domains) -> None:
        self.domains = domains
        self.single = list(nodes)
        self.at = {label: node for node in nodes for label in node.labels}
        self.curves = list(dict.fromkeys(self._curves()))
        self.nodes = [*nodes, *self.curves]
        self.given = {(a, b) for a in nodes for b in self._wholes(a) if a != b}
        self.given |= {(self.at[label], curve) for curve in self.curves for label, _ in curve.terms}
        self.above: dict[Node, set[Node]] = {a: set() for a in self.nodes}
        tables = {node: {met.table for some in node.sets for met in some.all_met} for node in self.nodes}
        for a, b in permutations(self.nodes, 2):
            if (a, b) in self.given or (b.sets[0].table in tables[a] and self.is_below(a, b)):
                self.above[a].add(b)
        self.nearest = {
            (a, b) for a in self.nodes for b in self.above[a] if not any(b in self.above[c] for c in self.above[a])
        }

    def lines(self) -> Iterator[Line]:
        apart = [(whole, parts) for whole in self.single for parts in self._apart(whole)]
        equal = {whole for whole, parts in apart if self._is_held(whole, parts)}
        said = {(part, whole) for whole, parts in apart for part in parts} | self.given
        for whole, parts in apart:
            if not equal & {*parts}:
                yield _line(parts, [whole])
                if whole in equal:
                    yield _line([whole], parts)
        for a, b in sorted(self.nearest, key=lambda pair: (self.nodes.index(pair[0]), self.nodes.index(pair[1]))):
            if (a, b) not in said and not equal & {a, b}:
                yield _line([a], [b])
        for whole in self.single:
            if whole not in equal:
                for parts in self._covers(whole):
                    yield _line([whole], parts)
        yield from self._complements()

    def is_below(self, a: Node, b: Node) -> bool:
        """Whether the one is at most the other, of whomever the records are."""
        if b.rows:
            (wanted,) = b.sets
            return not wanted.among and all(
                any(is_part(some, wanted) for some in ([one] if a.rows else one.all_met)) for one in a.sets
            )
        if a.rows:
            return False
        if len(b.sets) == 1:
            return all(is_within(some, b.sets[0]) for some in a.sets)
        return all(is_held(some, b.sets, self.domains) for some in a.sets)

    def _is_held(self, whole: Node, parts: Sequence[Node]) -> bool:
        return is_held(whole.sets[0], [part.sets[0] for part in parts], self.domains)

    def _wholes(self, node: Node) -> Iterator[Node]:
        """What a breakdown says already: the total, a margin, the denominator of a share of the same people."""
        for measure, breakdown, category in node.labels:
            meaning = MEASURES[measure]
            if meaning.breakdowns.get(breakdown) in ADDING:
                sides, words = breakdown.split(">"), category.split(">")
                for n in range(len(sides)):
                    rest = (
                        [side for m, side in enumerate(sides) if m != n],
                        [word for m, word in enumerate(words) if m != n],
                    )
                    if (found := self.at.get((measure, ">".join(rest[0]), ">".join(rest[1])))) is not None:
                        yield found
            below = (meaning.denominator, *meaning.below(breakdown, category)) if meaning.of_the_same else None
            if below in self.at:
                yield self.at[below]

    def _curves(self) -> Iterator[Node]:
        """What a curve rests on is apart, and together who can be told of."""
        for meaning in MEASURES.values():
            names = sorted({meaning.numerator, meaning.denominator, *meaning.beside}) if meaning.beside else []
            for label in [label for label in self.at if names and label[0] == names[0]]:
                some = [self.at[found] for name in names if (found := (name, *label[1:])) in self.at]
                if len(some) == len(names):
                    made = tuple(term for node in some for term in node.terms)
                    sets = tuple(node.sets[0] for node in some)
                    node = Node(made, sets, False, frozenset())
                    if all(are_apart(a, b, as_rows=False) for a, b in combinations(sets, 2)):
                        yield node

    def _groups(self, some: Iterable[Node]) -> dict[tuple[str, str], list[Node]]:
        groups: dict[tuple[str, str], list[Node]] = {}
        for node in some:
            for measure, breakdown, _ in sorted(node.labels):
                if breakdown and MEASURES[measure].breakdowns[breakdown] in ADDING:
                    groups.setdefault((measure, breakdown), []).append(node)
        return groups

    def _apart(self, whole: Node) -> Iterator[list[Node]]:
        """What is within a count and apart, as far as no breakdown says so."""
        inside = [a for a in self.single if (a, whole) in self.nearest and _is_told_once(a)]
        apart = {
            (a, b) for a, b in combinations(inside, 2) if are_apart(a.sets[0], b.sets[0], as_rows=a.rows and b.rows)
        }
        grouped: set[tuple[Node, Node]] = set()
        for group in self._groups(inside).values():
            pairs = list(combinations(group, 2))
            grouped |= {*pairs}
            if pairs and all(pair in apart for pair in pairs) and not all((a, whole) in self.given for a in group):
                yield group
        for pair in sorted(apart - grouped, key=lambda p: (self.single.index(p[0]), self.single.index(p[1]))):
            if _is_of_one_time(pair):
                yield list(pair)

    def _covers(self, whole: Node) -> Iterator[list[Node]]:
        """What holds everybody of a count together, none of it to spare."""
        (rows,) = whole.sets
        is_one_value = all(label[1] and not MEASURES[label[0]].by.get(label[1]) for label in whole.labels)
        if is_one_value or not _is_told_once(whole) or any(_adds_up(label, self.at) for label in whole.labels):
            return
        found: list[list[Node]] = []
        everybody = left(rows, (), self.domains)
        rests = {
            c: rest
            for c in self.single
            if c.sets[0].table == rows.table and c not in (whole, *self.above[whole])
            if whole.rows <= c.rows and _is_told_once(c)
            if (rest := left(rows, c.sets, self.domains)) != everybody
        }
        near = [c for c in rests if not any(self._is_better(d, c, rests[d]) for d in rests)]
        totals = {label[0] for label in whole.labels if not label[1]}
        groups = self._groups(near)
        ways: list[Sequence[Node]] = [some for (m, _), some in groups.items() if len(some) > 1 and m not in totals]
        ways += [(c, d) for c, d in combinations(near, 2) if all(is_within(some, d.sets[0]) for some in rests[c])]
        timed = [c for c in near if any(label[1] == ORDERED for label in c.labels)]
        ways += combinations(timed, 3)
        for way in ways:
            if not _is_of_one_time((whole, *way)) or any(set(known) <= set(way) for known in found):
                continue
            if self._is_held(whole, way) and not any(self._is_held(whole, [*{*way} - {gone}]) for gone in way):
                wider = [b for b in self.above[whole] if b.is_one and all(c.rows >= b.rows for c in way)]
                if not any(self._is_held(b, way) for b in wider):
                    found.append(list(way))
        yield from found

    def _is_better(self, one: Node, other: Node, rest: Sequence[Rows]) -> bool:
        """Whether the one counts fewer than the other, and as many of a set, of which without it so much is left."""
        if one is other or other not in self.above[one]:
            return False
        return all(left(some, other.sets, self.domains) == left(some, (), self.domains) for some in rest)

    def _complements(self) -> Iterator[Line]:
        """Who is of a denominator and not of the numerator is counted as well."""
        for meaning in MEASURES.values():
            if meaning.kind != "share" or meaning.ratio or meaning.of_the_same:
                continue
            made = []
            for breakdown in meaning.breakdowns:
                for label in [x for x in self.at if x[:2] == (meaning.numerator, breakdown) and x[2] != EACH]:
                    some, whole = self.at[label], self.at.get((meaning.denominator, *meaning.below(*label[1:])))
                    if whole is not None and (some, whole) in self.nearest:
                        rest = tuple(left(whole.sets[0], some.sets, self.domains))
                        made.append(Node((*whole.terms, (some.terms[0][0], -1)), rest, False, frozenset()))
            for a, b in permutations(made, 2):
                if all(is_held(some, b.sets, self.domains) for some in a.sets):
                    yield _line([a], [b])


def _is_told_once(node: Node) -> bool:
    return not any(label[2] == EACH for label in node.labels)


def _is_of_one_time(nodes: Iterable[Node]) -> bool:
    times = [{label[2] for label in node.labels if label[1] == ORDERED} for node in nodes]
    known = [some for some in times if some]
    return not known or bool(set.intersection(*known))


def _adds_up(label: Label, present: Mapping[Label, Node]) -> bool:
    breakdowns = MEASURES[label[0]].breakdowns
    return not label[1] and any(
        other[0] == label[0] and breakdowns.get(other[1]) == "parts" for other in present if other[1]
    )


def _line(less: Sequence[Node], more: Sequence[Node]) -> Line:
    sides: tuple[list[Label], list[Label]] = ([], [])
    for nodes, plus in ((less, 0), (more, 1)):
        for node in nodes:
            for label, sign in node.terms:
                sides[plus if sign > 0 else 1 - plus].append(label)
    words = [" + ".join(" ".join(filter(None, label)) for label in side) for side in sides]
    return tuple(sides[0]), tuple(sides[1]), " within ".join(words)
