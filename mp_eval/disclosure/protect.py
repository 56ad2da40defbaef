"""Protection: the one gate between measures and everything that is printed or drawn.

A release is protected as a whole: every period, union, breakdown, share and rate at once (`relations`). Counts of 1
to the threshold - 1 are hidden, and as few and as small others as it takes (`suppress`); rounding is the alternative.
What comes out was attacked first (`attack`); what does not stand is hidden further, and when nothing is left to hide
nothing comes out. What earlier public releases showed is known, so all of them are protected and attacked together
(`earlier`).

Synthetic records are protected like real ones, so that it can be seen. A run that is declared internal shows all.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any, NoReturn

import pandas as pd

from .. import tidy
from ..faults import Fault, FaultsFound, Reason
from ..measures.scope import wilson
from ..periods import Period
from ..register import Figure, Label, told
from ..workspace import SETTINGS_FILE, Disclosure
from . import earlier, rules
from .attack import NEAR, Interval, Seen, attack
from .earlier import NUMBERS, Earlier
from .relations import Days, Key, System, key_of, relate
from .suppress import Dear, suppress
from .told import Name

ROUNDS = 6  # times that an attack may find something before everything is hidden
Terms = frozenset[tuple[Name, float]]
Narrow = dict[Terms, Interval]


@dataclass(frozen=True)
class Protected:
    """What may be shown, and how it came about; only `public` may leave the library.

    `known` are the small counts that earlier publications give away whatever is hidden here. `shields` counts the
    cells that are hidden for the sake of others, `cost` is what they weigh (`suppress.Dear`), `bound` what they must
    weigh at least, `added` counts those that were hidden only after an attack. `true` are the same rows with their true
    numbers.
    """

    measures: pd.DataFrame
    true: pd.DataFrame
    known: tuple[Name, ...] = ()
    shields: int = 0
    cost: int = 0
    bound: int = 0
    is_optimal: bool = True
    added: int = 0

    @property
    def public(self) -> pd.DataFrame:
        """The measures as readers see them: a number that stands looks like any other."""
        stands = self.measures["status"] == earlier.STANDING
        return self.measures.assign(status=self.measures["status"].mask(stands, self.true["status"]))


def protect(
    measures: pd.DataFrame,
    *,
    settings: Disclosure,
    days: Days,
    figures: Sequence[Figure] = (),
    before: Sequence[Earlier] = (),
) -> Protected:
    """The measures that may be shown, of a whole release.

    Grain: the tidy table's; hidden rows keep their labels, lose their numbers and note, and have the status `hidden`.

    Parameters
    ----------
    measures
        All measures of all periods and their unions, with true values.
    settings
        Whether the run is internal, the threshold and the method.
    days
        Of each key of a period the days that it stands for; a key that is an ISO interval needs none.
    figures
        The register. A figure that the records contradict is left out: it tells nothing true.
    before
        Earlier public releases, the last one last. A number that differs from the one that it showed by fewer than the
        threshold is not told: that one stands, with the status `standing`.

    Raises
    ------
    FaultsFound
        When what would be shown gives a small count away, and hiding more does not help.

    Examples
    --------
    >>> counts = {"first": 5, "progress": 40, "closing": 12}
    >>> rows = [tidy.row("2024", "conversations", 57)]
    >>> rows += [tidy.row("2024", "conversations", v, breakdown="kind", category=c) for c, v in counts.items()]
    >>> shown = protect(tidy.table(rows), settings=Disclosure(internal=False, threshold=10), days={}).measures
    >>> shown["value"].tolist(), shown["status"].tolist()
    ([57.0, <NA>, 40.0, <NA>], ['final', 'hidden', 'final', 'hidden'])
    """
    if settings.internal or measures.empty:
        return Protected(measures, measures)
    measures = _withheld(_without_curves(measures, settings))
    told = believed(figures, measures, days)
    return (_hide if settings.method == "hide" else _round)(measures, settings, days, told, before)


def _without_curves(measures: pd.DataFrame, settings: Disclosure) -> pd.DataFrame:
    """Without the points of curves that no public release has: with rounded counts, which no curve follows, none.

    Which points are there does not depend on how many are followed, but on what everybody can see.
    """
    rows = measures.to_dict("records")
    is_rounded = settings.method != "hide"
    is_gone = [rules.is_between(r) or (is_rounded and bool(tidy.MEASURES[r["measure"]].milestones)) for r in rows]
    kept = measures[[not gone for gone in is_gone]].reset_index(drop=True)
    few = [rules.is_of_few_followed(r, threshold=settings.threshold) for r in kept.to_dict("records")]
    return _blank(kept, few, few)


def _withheld(measures: pd.DataFrame) -> pd.DataFrame:
    """Without the numbers that no public release has; the rows stay, and say so."""
    gone = [rules.is_withheld(row) and row["status"] != "not_delivered" for row in measures.to_dict("records")]
    return _blank(measures, gone, gone)


def believed(figures: Sequence[Figure], measures: pd.DataFrame, days: Days) -> list[Figure]:
    """The published figures that the true measures do not contradict; the others tell nothing true."""
    return [f for f in told(figures) if _holds(f, measures, days)]


def _hide(
    measures: pd.DataFrame, settings: Disclosure, days: Days, figures: Sequence[Figure], before: Sequence[Earlier]
) -> Protected:
    system = relate(measures, days=days, figures=figures)
    earlier.join(system, before, days)
    gate = _Gate(measures, settings, days, figures, before, apply(measures, system, _hideable(system)))
    dear = _dear(measures, system, gate.told, settings.threshold)
    kept = earlier.kept_hidden(system, before[-1], settings, days) if before else set()
    pattern = suppress(system, threshold=settings.threshold, dear=dear, hidden=kept)
    if system.late:
        both = pattern.beside(
            suppress(system.believing_both(), threshold=settings.threshold, dear=dear, hidden=pattern.hidden)
        )
        # Who does not see that two deliveries differ believes that they do not, and may work out more.
        pattern = pattern if gate.find(gate.standing(apply(measures, system, both.hidden))) else both
    hidden = set(pattern.hidden)
    for n in range(ROUNDS):
        shown = gate.standing(apply(measures, system, hidden))
        if not (found := gate.find(shown)):
            break
        hidden |= _around(system, found) if n < ROUNDS - 2 else _hideable(system)
    else:
        _refuse(found)
    added = len(hidden) - len(pattern.hidden)
    known = gate.known() if pattern.known else ()
    shields = len(pattern.shields)
    return Protected(shown, measures, known, shields, pattern.cost, pattern.bound, pattern.is_optimal, added)


def _dear(
    measures: pd.DataFrame, system: System, told: Mapping[Key, Mapping[str, Any]], threshold: int
) -> dict[int, Dear]:
    """What hiding each cell costs: by the row that matters most among those that go with it.

    Where a number was told before, and has hardly changed, that one stands in its place, which costs the reader least.
    What was told goes after what was not, so that the same numbers stay hidden.
    """
    dear: dict[int, Dear] = {}
    for row, cells in zip(measures.to_dict("records"), system.rows, strict=True):
        then = told.get(key_of(row))
        stands = then is not None and earlier.is_near(row, then, threshold)
        cost = Dear(rules.rank(row), 1 if stands or not told else 2 if then is None else 4)
        for n in cells[:1] if tidy.MEASURES[row["measure"]].kind in tidy.COUNTS else cells:
            dear[n] = max(cost, dear.get(n, cost))
    return dear


def apply(measures: pd.DataFrame, system: System, hidden: Set[int]) -> pd.DataFrame:
    """The table without the numbers of every row that is made of a hidden cell, tells of one person or counts rows.

    Of a count with bounds of what can be known, the bounds go when only their width is hidden.
    """
    rows, gone, vague = measures.to_dict("records"), [], []
    for row, cells in zip(rows, system.rows, strict=True):
        is_count = tidy.MEASURES[row["measure"]].kind in tidy.COUNTS
        own = cells[:1] if is_count else cells
        gone.append(any(n in hidden for n in own) or rules.is_of_one_person(row))
        vague.append(any(n in hidden for n in cells))
    return _blank(measures, gone, vague)


def _blank(measures: pd.DataFrame, gone: Sequence[bool], vague: Sequence[bool]) -> pd.DataFrame:
    shown = measures.copy()
    shown.loc[vague, ["low", "high"]] = pd.NA
    shown.loc[gone, NUMBERS] = pd.NA
    shown.loc[gone, ["status", "note"]] = ["hidden", ""]
    return shown


def _hideable(system: System) -> set[int]:
    """Every cell that is printed and is not zero."""
    return {n for n, c in enumerate(system.cells) if c.value >= 1}


def _around(system: System, found: Narrow) -> set[int]:
    """The cells of these numbers and all that a relation ties to them; no zero, for who sees none takes it for one."""
    named = {Key(*name) for terms in found for name, _ in terms}
    touched = {n for key, n in system.places.items() if key in named}
    near = [r.terms for r in system.relations if touched & r.terms.keys()]
    return {n for n in touched.union(*near) if system.cells[n].value >= 1}


class _Gate:
    """What an attack may find on a release: no more than on the release with all of it hidden."""

    def __init__(
        self,
        measures: pd.DataFrame,
        settings: Disclosure,
        days: Days,
        figures: Sequence[Figure],
        before: Sequence[Earlier],
        nothing: pd.DataFrame,
        *,
        off: float = 0,
    ) -> None:
        self.settings, self.days, self.figures, self.nothing, self.off = settings, days, figures, nothing, off
        self.measures, self.told = measures, earlier.last_told(before, days)
        self.before = [Seen(release.shown, release.days, release.off) for release in before]
        self._known: dict[bool, dict[Terms, Interval | None]] = {True: {}, False: {}}
        self._last: tuple[pd.DataFrame, Narrow] | None = None  # what was looked at, and what was found
        everything = attack(measures, days=days, figures=figures, before=self.before, still=self.still)
        self.true = {frozenset(i.terms): i.low for i in everything if i.high - i.low < NEAR}
        least = settings.threshold
        self.small = {t for t, true in self.true.items() if rules.is_small(round(true, 6), threshold=least)}

    def standing(self, shown: pd.DataFrame) -> pd.DataFrame:
        """The table as it goes out: where a number may not be told, the one that an earlier release told stands."""
        if not self.told:
            return shown
        is_exact = self.settings.method == "hide"  # then a number that may be told stands by itself
        return earlier.stand(shown, self.measures, self.told, self.settings.threshold, only_hidden=is_exact)

    def find(self, shown: pd.DataFrame) -> Narrow:
        """The intervals that are too narrow, and would not be if more were hidden.

        One that ends too low even if all is hidden and nothing was published earlier is always among them.
        """
        if self._last is None or not shown.equals(self._last[0]):
            self._last = shown, self._find(shown)
        return self._last[1]

    def _find(self, shown: pd.DataFrame) -> Narrow:
        found = self._narrow(shown, self.figures, among=self.small)
        if not found:
            return found
        # Of these alone: to work out all takes long.
        alone = self._with_nothing(found.keys(), is_first=True)
        is_told = bool(self.figures or self.before)
        least = self._with_nothing(found.keys()) if is_told else alone
        hopeless = {t for t, i in alone.items() if i.high < self.settings.threshold}
        return {t: i for t, i in found.items() if t in hopeless or not self._is_as_wide(i, least.get(t))}

    def known(self) -> tuple[Name, ...]:
        """The small numbers that earlier publications give away, whatever is hidden here.

        Those that a reader can tell to be small: which of the others are is not told.
        """
        if not self.figures and not self.before:
            return ()
        least = self._with_nothing({t for t in self.small if len(t) == 1})
        alone = self._with_nothing(least.keys(), is_first=True)
        is_told = {t for t, i in least.items() if i.is_too_narrow(self.settings.threshold)}
        told = [t for t, i in least.items() if t in is_told and not self._is_as_wide(i, alone.get(t))]
        return tuple(sorted(next(iter(t))[0] for t in told))

    @property
    def still(self) -> float:
        """How far a number that stands may be from the true one."""
        return self.settings.threshold - 1

    def _with_nothing(self, among: Set[Terms], *, is_first: bool = False) -> Narrow:
        """The narrow intervals when everything is hidden; `is_first` when nothing was published before either."""
        known = self._known[is_first]
        if new := among - known.keys():
            shown, figures = (self.nothing, ()) if is_first else (self.standing(self.nothing), self.figures)
            found = self._narrow(shown, figures, among=new, is_first=is_first)
            known |= {terms: found.get(terms) for terms in new}
        return {terms: interval for terms in among if (interval := known[terms]) is not None}

    def _narrow(
        self, shown: pd.DataFrame, figures: Sequence[Figure], *, among: Set[Terms], is_first: bool = False
    ) -> Narrow:
        enough = None if self.off else self.settings.threshold
        made = attack(
            shown,
            days=self.days,
            figures=figures,
            off=self.off,
            only=among,
            enough=enough,
            before=() if is_first else self.before,
            still=self.still,
        )
        return {frozenset(i.terms): i for i in made if self._is_too_narrow(i)}

    def _is_too_narrow(self, found: Interval) -> bool:
        if self.off:  # rounding does not hide that a count is small, only which
            return found.low == found.high and rules.is_small(found.low, threshold=self.settings.threshold)
        return found.is_too_narrow(self.settings.threshold, self.true.get(frozenset(found.terms)))

    def _is_as_wide(self, found: Interval, least: Interval | None) -> bool:
        low, high = (1.0, float(self.settings.threshold)) if least is None else (least.low, least.high)
        return found.low <= max(1.0, low) + NEAR and found.high >= min(self.settings.threshold, high) - NEAR


def _refuse(found: Narrow) -> NoReturn:
    """No release; the message names where, and no number."""
    places = tuple(sorted({" / ".join(filter(None, name)) for terms in found for name, _ in terms}))
    raise FaultsFound([Fault(Reason.UNPROTECTED, SETTINGS_FILE, column="disclosure", found=places, count=len(places))])


def _round(
    measures: pd.DataFrame, settings: Disclosure, days: Days, figures: Sequence[Figure], before: Sequence[Earlier]
) -> Protected:
    """Every count to a multiple of five, totals from true totals; shares and rates from rounded counts."""
    least = max(rules.LEAST_ROUNDED, settings.threshold) if settings.method == "hide_and_round" else 0
    system = relate(measures, days=days)
    hidden = {n for n, c in enumerate(system.cells) if rules.is_small(c.value, threshold=least)}
    hidden |= earlier.kept_hidden(system, before[-1], settings, days) if before else set()
    nothing = apply(measures, system, _hideable(system))
    gate = _Gate(measures, settings, days, figures, before, nothing, off=rules.BASE // 2)
    rows = [_rounded_row(r, settings.threshold) for r in measures.to_dict("records")]
    coarse = pd.DataFrame(rows).astype(measures.dtypes)
    for _ in range(ROUNDS):
        shown = gate.standing(apply(coarse, system, hidden))
        found = gate.find(shown)
        if not found:
            return Protected(shown, measures)
        hidden |= _around(system, found)
    _refuse(found)


def _rounded_row(row: Mapping[str, Any], threshold: int) -> dict[str, Any]:
    meaning = tidy.MEASURES[row["measure"]]
    made = dict(row)
    if meaning.of_residents and meaning.kind == "statistic":
        return _rounded_statistic(made, threshold)
    if not meaning.of_residents or pd.isna(row["value"]):
        return made
    if meaning.kind in tidy.COUNTS:
        return {**made, "value": rules.rounded(row["value"]), "low": None, "high": None}
    if meaning.kind == "rate":
        above = rules.rounded(row["numerator"])
        return {**made, "numerator": above, "value": above / row["denominator"], "low": None, "high": None}
    if meaning.kind == "share":
        above, below = rules.rounded(row["numerator"]), rules.rounded(row["denominator"])
        made |= {"numerator": above, "denominator": below, "low": None, "high": None}
        if not below:
            return {**made, "value": None, "status": "undefined"}
        made["value"] = above / below
        if above <= below and not meaning.ratio:
            made["low"], made["high"] = wilson(int(above), int(below))
    return made


def _rounded_statistic(row: dict[str, Any], threshold: int) -> dict[str, Any]:
    """Of a rounded number of residents, and hidden when it is of few: the mean of one is what that one had.

    An amount is of whole euros: cents tell by how many it was divided. A sum is then so many times the mean, or the two
    would tell it.
    """
    if pd.isna(row["denominator"]):
        return row
    if rules.is_small(row["denominator"], threshold=threshold):
        return {**row, **dict.fromkeys(NUMBERS), "status": "hidden", "note": ""}
    row["denominator"] = rules.rounded(row["denominator"])
    if row["unit"] == "euros" and not pd.isna(row["value"]):
        row["value"] = float(math.floor(row["value"] + 0.5))
    if not pd.isna(row["numerator"]) and not pd.isna(row["value"]):
        row["numerator"] = row["value"] * row["denominator"]
    return row


def _holds(figure: Figure, measures: pd.DataFrame, days: Days) -> bool:
    """Whether the records bear a published figure out, or do not speak of it."""
    if figure.is_ambiguous:
        return True
    said = figure.quotient
    if said is None or figure.is_count:
        own = (figure.when, figure.measure, figure.breakdown, figure.categories[0] if figure.categories else "")
        return all(map(figure.holds, _values(own, measures, days)))
    now, then = (_values(label, measures, days)[-1:] for label in (said.above, said.below))
    return not now or not then or said.holds(now[0], then[0])


def _values(label: Label, measures: pd.DataFrame, days: Days) -> list[float]:
    """What the records say of this, in every delivery that does."""
    when, measure, breakdown, category = label
    rows = tidy.pick(measures, measure=measure, breakdown=breakdown, category=category)
    if isinstance(when, Period):
        same = {k for k in rows["period"] if tuple(days.get(k, ())) == (when,) or k == when.iso}
        rows = rows[rows["period"].isin(same)]
    else:
        rows = rows[rows["as_of"] == when.isoformat()]
    return [float(v) for v in rows["value"].dropna()]
