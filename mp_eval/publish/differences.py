"""What differs between two releases: which numbers changed, by how much, the largest changes first.

Read from the data files of the releases themselves, so that any two releases can be compared, whatever made them.
"""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from ..digests import sha256
from ..present.wording import capital, category, number, percent, words
from ..released import manifest
from ..tidy import COUNTS, MEASURES
from ..workspace import Workspace
from . import formulas, place

NOW, BEFORE = "nu", "vorige"
DATA = "metingen.csv"
Key = tuple[str, str, str, str, str]


class NoRelease(Exception):
    """There is no such release; the message names those that there are."""


@dataclass(frozen=True)
class Change:
    """One measure in two releases; None where a release does not have it or does not show its value."""

    period: str
    measure: str
    breakdown: str
    category: str
    unit: str
    old: float | None
    new: float | None
    hidden: tuple[bool, bool] = (False, False)  # whether the old, and the new release keeps it covered

    @property
    def size(self) -> float:
        """How much it changed: in its own unit, shares in percentage points; infinite when one side has no value."""
        if self.old is None or self.new is None:
            return float("inf")
        return abs(self.new - self.old) * (100 if self.unit == "share" else 1)

    @property
    def is_modelled(self) -> bool:
        """Whether a model worked it out: a hundred of such numbers change with one that was counted."""
        meaning = MEASURES.get(self.measure)
        return meaning is not None and meaning.kind == "statistic" and not meaning.of_residents

    def may_be_told(self, least: int) -> bool:
        """Whether it can be told in public: a count that both releases show, and that differs by `least` at least.

        A share tells the counts that it is made of.
        """
        meaning = MEASURES.get(self.measure)
        is_count = meaning is not None and meaning.kind in COUNTS
        return is_count and not any(self.hidden) and abs((self.new or 0) - (self.old or 0)) >= least

    @property
    def what(self) -> str:
        """What was measured, in words."""
        known = words()  # an old release may hold what has no word any more
        what = capital(known["measure"].get(self.measure, self.measure))
        if self.category:
            named = category(self.category)
            part = named if self.breakdown != "times_counted" else f"{self.category} keer"
            what += f", {part}"
        return f"{what} ({self.period})"

    @property
    def row(self) -> tuple[str, str, str, str]:
        """What was measured, what it was, what it is, and the difference."""
        return self.what, *self._values(), self._difference().strip(" ()")

    def __str__(self) -> str:
        return f"{self.what}: {' → '.join(self._values())}{self._difference()}"

    def _values(self) -> tuple[str, str]:
        old, new = (
            "afgeschermd" if is_hidden else self._value(value)
            for value, is_hidden in zip((self.old, self.new), self.hidden, strict=True)
        )
        return old, new

    def _value(self, value: float | None) -> str:
        if value is None:
            return "geen waarde"
        return percent(value) if self.unit == "share" else number(value, 0 if value == int(value) else 1)

    def _difference(self) -> str:
        if self.old is None or self.new is None:
            return ""
        sign = "+" if self.new > self.old else "−"
        unit = " procentpunt" if self.unit == "share" else ""
        return f" ({sign}{number(self.size, 1 if unit or self.size != int(self.size) else 0)}{unit})"


def told(workspace: Workspace, old: str, new: str) -> str:
    """The differences between two releases in words, a line each.

    Raises
    ------
    NoRelease
        When there is no release of one of these names.
    """
    before, after = release(workspace, old), release(workspace, new)
    found = changes(before, after)
    title = f"Van {_name(workspace, before)} naar {_name(workspace, after)}"
    if not found:
        return f"{title}: geen enkel cijfer verschilt."
    count = "1 cijfer verschilt" if len(found) == 1 else f"{number(len(found))} cijfers verschillen"
    return "\n".join([f"{title}: {count}.", *map(str, found)])


def changes(before: Path, after: Path) -> list[Change]:
    """Every measure whose value differs between these folders of a release, the largest change first.

    Counts come before shares, whose size is in percentage points; what has no value on one side comes first. What a
    model worked out comes after all that was counted.
    """
    old, new = _read(before / DATA), _read(after / DATA)
    found = []
    for key in dict.fromkeys([*old, *new]):
        was, was_hidden, unit = old.get(key, (None, False, ""))
        now, is_hidden, unit = new.get(key, (None, False, unit))
        if (was, was_hidden) != (now, is_hidden):
            found.append(Change(*key[:4], unit, was, now, (was_hidden, is_hidden)))
    return sorted(found, key=lambda c: (c.is_modelled, c.unit == "share", -c.size))


def since(output: Path, new: Path, least: int = 0) -> list[tuple[str, str, str, str]] | None:
    """What the release in `new` changes of the one in `output`, a row a figure; None when there is none to compare.

    Of what the new release hides nothing is told: what it was before would say what it may not. With `least`, the
    threshold of a public release, only changes are told that are about so many residents: fewer may be one who is told
    by a hundred figures at once.
    When no figure differs it is what the release in `output` had changed, so that a page made anew says the same.
    """
    said = manifest(output)
    known = said.get("files", {}).get(DATA, "")
    if known == sha256(new / DATA):
        rows = said.get("changes")
        return None if rows is None else [tuple(row) for row in rows]
    if not known or not (output / DATA).is_file() or sha256(output / DATA) != known:
        return None
    found = [change for change in changes(output, new) if not change.hidden[1]]
    return [change.row for change in found if not least or change.may_be_told(least)]


def release(workspace: Workspace, name: str) -> Path:
    """The folder of a release: `nu`, `vorige` (the one before), its number or its name in `output/releases`.

    Raises
    ------
    NoRelease
        When there is none of that name.
    """
    earlier = place.earlier(workspace)
    known = {path.name: path for path in earlier}
    known |= {path.name.partition("-")[0].lstrip("0"): path for path in earlier}
    if earlier:
        known[BEFORE] = earlier[-1]
    if manifest(workspace.output):
        known[NOW] = workspace.output
    found = known.get(name) or known.get(name.lstrip("0"))
    if found is None and name == BEFORE:
        raise NoRelease("er is nog geen vorige uitgave om mee te vergelijken")
    if found is None:
        names = ", ".join([*(p.name for p in earlier), *([NOW] if NOW in known else [])]) or "nog geen"
        raise NoRelease(f"er is geen uitgave ‘{name}’; wel: {names}")
    return found


def _name(workspace: Workspace, folder: Path) -> str:
    return "de uitgave van nu" if folder == workspace.output else folder.name


def _read(path: Path) -> dict[Key, tuple[float | None, bool, str]]:
    """Value, whether it is hidden, and unit, by what they are about.

    The date counts only where the same is measured on several.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    times = Counter(_about(row) for row in rows)
    return {
        (*_about(row), row["as_of"] if times[_about(row)] > 1 else ""): (
            _number(row["value"]),
            row["status"] == "hidden",
            row["unit"],
        )
        for row in rows
    }


def _about(row: dict[str, str]) -> tuple[str, str, str, str]:
    return row["period"], row["measure"], row["breakdown"], formulas.meant(row["category"])


def _number(text: str) -> float | None:
    return float(text.replace(",", ".")) if text else None
