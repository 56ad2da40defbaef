"""Public releases after each other: what an earlier one showed stays known, and what changed since is a count too.

So a release is protected together with all earlier ones, as one system. A count that is as it was is one cell in both,
known where it was shown. One that has changed is a cell for each, in the relations of its own release, and how much it
changed is a count of residents: of few it must not be told, so the new number is not. The old one stands in its place,
until the change is large enough. That it stands there is not told either: it would tell that something changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from .. import ledger, tidy
from ..ledger import Entry
from ..workspace import Disclosure
from . import rules
from .relations import Cell, Days, Key, Relation, System, key_of, relate

NUMBERS = ["value", "numerator", "denominator", "low", "high"]
STANDING = "standing"  # the status of a row that shows the number of an earlier release; no reader sees it
TOLD = ("final", "provisional", STANDING)  # statuses of a row with numbers


@dataclass(frozen=True, eq=False)
class Earlier:
    """A public release, row by row as its measures were before protection and as it showed them.

    `days` are those of its periods, `rule` is the one that it was made by.
    """

    true: pd.DataFrame
    shown: pd.DataFrame
    days: Days
    rule: Disclosure

    @property
    def off(self) -> float:
        """How far its numbers may be from the true ones."""
        return rules.off(self.rule)


def read(entries: Sequence[Entry]) -> list[Earlier]:
    """Public releases as the ledger has them; of those that told the very same of the same records the last one."""
    different = {tuple(sorted(entry.said["sha256"].items())): entry for entry in entries}
    made = []
    for entry in entries:
        if entry in different.values():
            true, shown = (pd.read_parquet(entry.folder / name) for name in (ledger.TRUE, ledger.SHOWN))
            threshold, method = entry.said["rule"]
            rule = Disclosure(internal=False, threshold=threshold, method=method)
            made.append(Earlier(true, shown, entry.days, rule))
    return made


def join(system: System, releases: Sequence[Earlier], days: Days) -> None:
    """Add to the system of a new release the cells and relations of earlier ones.

    By how much a count changed is counted from the last release that told it: what was told before that has changed by
    more than few already.
    """
    last: dict[int, int] = {}
    for release in releases:
        old = relate(release.true, days=release.days)
        same = _same(system, old, release, days)
        place = {
            old.places[key]: n for key, n in same.items() if system.cells[n].value == old.cells[old.places[key]].value
        }
        for key in _named(old):
            n = old.places[key]
            if n not in place:
                cell = old.cells[n]
                place[n] = system.add(Cell(system.unnamed("earlier"), cell.value, False, cell.is_count))
        for relation in old.relations:
            _relate(system, old, relation, place)
        told = _told(old, release.shown)
        for n in sorted(told):
            _know(system, place[n], release.off)
        last |= {n: place[old.places[key]] for key, n in same.items() if old.places[key] in told and not release.off}
    for n, before in last.items():
        if before != n:
            sign = 1.0 if system.cells[n].value > system.cells[before].value else -1.0
            system.at_least({n: sign, before: -sign}, "changed since")


def kept_hidden(system: System, last: Earlier, rule: Disclosure, days: Days) -> set[int]:
    """The cells that the last release hid and that have changed by fewer than the threshold since.

    They stay hidden: that one is shown would tell that something has changed, and others would be hidden instead. By
    another threshold they are not, for that is what it is for; but rounded they would tell what hiding them did not.
    """
    is_same = (last.rule.threshold, last.rule.method) == (rule.threshold, rule.method)
    if not is_same and (rule.method == "hide" or last.rule.method == "round"):
        return set()
    old = relate(last.true, days=last.days)
    hidden = _cells_of(old, last.shown, ("hidden",)) - _cells_of(old, last.shown, TOLD)
    return {
        n
        for key, n in _same(system, old, last, days).items()
        if (was := old.places[key]) in hidden and abs(system.cells[n].value - old.cells[was].value) < rule.threshold
    }


def last_told(releases: Sequence[Earlier], days: Days) -> dict[Key, Mapping[str, Any]]:
    """Of every number the row of the last release that told it, of the same days."""
    return {
        key: row
        for release in releases
        for row in release.shown[release.shown["status"].isin(TOLD)].to_dict("records")
        if _is_same(key := key_of(row), release, days)
    }


def stand(
    shown: pd.DataFrame,
    true: pd.DataFrame,
    before: Mapping[Key, Mapping[str, Any]],
    threshold: int,
    *,
    only_hidden: bool,
) -> pd.DataFrame:
    """The table in which a number that was told stands where the new one differs by fewer than the threshold.

    Grain: the tidy table's; these rows have the status `standing`. With `only_hidden` only in place of nothing.

    Parameters
    ----------
    before
        Of every number the row of the last release that told it (`last_told`).
    """
    made = []
    for row, now in zip(shown.to_dict("records"), true.to_dict("records"), strict=True):
        then, meaning = before.get(key_of(row)), tidy.MEASURES[row["measure"]]
        moves = meaning.of_residents and (meaning.kind == "statistic" or not only_hidden)  # with one of many residents
        is_open = row["status"] == "hidden" or (moves and not pd.isna(row["value"]))
        is_changed = then is not None and (
            pd.isna(row["value"]) or pd.isna(then["value"]) or row["value"] != then["value"]
        )
        if then and is_open and is_changed and is_near(now, then, threshold):
            row |= {name: then[name] for name in NUMBERS} | {"status": STANDING, "note": ""}
        made.append(row)
    return pd.DataFrame(made, columns=shown.columns).astype(shown.dtypes)


def is_near(now: Mapping[str, Any], then: Mapping[str, Any], threshold: int) -> bool:
    """Whether each count in a row differs by fewer than the threshold; what it is else follows from them."""
    kind = tidy.MEASURES[now["measure"]].kind
    names = (
        ["value"] if kind in tidy.COUNTS else ["denominator"] if kind == "statistic" else ["numerator", "denominator"]
    )
    pairs = [(now[name], then[name]) for name in names]
    return all(pd.isna(a) == pd.isna(b) and (pd.isna(a) or abs(a - b) < threshold) for a, b in pairs)


def _named(system: System) -> Iterator[Key]:
    """The keys that say what is counted."""
    return (key for key in system.places if not key.measure.startswith("#"))


def _is_same(key: Key, release: Earlier, days: Days) -> bool:
    """Whether a key of an earlier release is about the same days now."""
    return tuple(release.days.get(key.period, ())) == tuple(days.get(key.period, ()))


def _same(system: System, old: System, release: Earlier, days: Days) -> dict[Key, int]:
    """Of each key of an earlier release that is one of the new release its cell there."""
    return {key: system.places[key] for key in _named(old) if key in system.places and _is_same(key, release, days)}


def _told(system: System, shown: pd.DataFrame) -> set[int]:
    """The cells that a release tells, without those of which an older number stands."""
    return _cells_of(system, shown, ("final", "provisional"))


def _cells_of(system: System, shown: pd.DataFrame, statuses: Sequence[str]) -> set[int]:
    """The cells of the rows that a release has with one of these statuses."""
    found: set[int] = set()
    for row, cells in zip(shown.to_dict("records"), system.rows, strict=True):
        if row["status"] in statuses:
            is_count = tidy.MEASURES[row["measure"]].kind in tidy.COUNTS
            found.update(cells[:1] if is_count and pd.isna(row["low"]) else cells)
    return found


def _know(system: System, n: int, off: float) -> None:
    cell = system.cells[n]
    value = rules.rounded(cell.value) if off else cell.value
    system.cells[n] = replace(cell, low=max(cell.low, value - off), high=min(cell.high, value + off))


def _relate(system: System, old: System, relation: Relation, place: Mapping[int, int]) -> None:
    """A relation of an earlier release, unless it is one of the new release; what only closes it comes with it."""
    terms = {place[n]: factor for n, factor in relation.terms.items() if n in place}
    if not system.is_new(terms):
        return
    for n, factor in relation.terms.items():
        if n not in place:
            terms[system.add(replace(old.cells[n], key=system.unnamed(relation.why), is_printed=False))] = factor
    system.relations.append(replace(relation, terms=terms))
