"""What came of each file, sheet and folder of a delivery, in words: for the command, the page and the data file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..delivered import Place, Ranges
from .wording import counted, listed, number, word, words

SHOWN = 8  # stretches of rows that a line names


def lines(places: Iterable[Place]) -> Iterator[str]:
    """A line a file or sheet, and below it what its reader should know of it."""
    for place in places:
        yield f"{name(place)}: {outcome(place)}"
        for remark in remarks(place):
            yield f"  {remark}"


def name(place: Place) -> str:
    return f"{place.file}, blad ‘{place.sheet}’" if place.sheet else place.file


def outcome(place: Place) -> str:
    """Why it was not read, or its rows: those that were used and those that were left out are all of them.

    >>> outcome(Place("a.csv", table="residents", rows=5, used=3, left={"header": ((1, 1),), "total": ((5, 5),)}))
    'Inwoners: 5 rijen = 3 gebruikt + 1 kop (rij 1) + 1 totaalregel (rij 5)'
    """
    if not place.table:
        return f"niet gelezen, want {word('not_read', place.why)}"
    title = words()["table"].get(place.table, "Codelijst")
    parts = [f"{number(place.used)} {word('outcome', 'used')}"]
    parts += [f"{kind(code, place.count(code))} ({rows(found)})" for code, found in place.left.items()]
    return f"{title}: {counted(place.rows, 'rij', 'rijen')} = {' + '.join(parts)}"


def remarks(place: Place) -> list[str]:
    """What is hidden in it, what of it is not used, and what could not be seen."""
    said = []
    if place.corrected:
        said.append(f"gecorrigeerd: {counted(place.corrected, 'cel', 'cellen')}")
    if place.times:
        said.append(f"alleen de dag gebruikt van {counted(place.times, 'datum', 'datums')} met een tijd")
    if place.hidden_rows:
        said.append(f"verborgen of weggefilterd, wel gelezen: {rows(place.hidden_rows)}")
    if place.hidden_columns:
        said.append(f"verborgen, wel gelezen: {_columns(place.hidden_columns)}")
    if place.unused:
        said.append(f"niet gebruikt, want niet in het contract: {_columns(place.unused)}")
    if not place.sees_all:
        said.append(word("not_read", "unseen"))
    return said


def kind(code: str, count: int) -> str:
    """So many rows of a kind."""
    one, more = word("outcome", code).split("|")
    return f"{number(count)} {one if count == 1 else more}"


def rows(found: Ranges, most: int = SHOWN) -> str:
    """Row numbers, as a spreadsheet or an editor counts them.

    >>> rows(((1, 1),)), rows(((3, 5), (9, 9))), rows(((1, 1), (3, 3), (5, 5)), 2)
    ('rij 1', 'rij 3-5, 9', 'rij 1, 3 en verder')
    """
    shown = ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in found[:most])
    return f"rij {shown}{' en verder' if len(found) > most else ''}"


def _columns(names: Iterable[str]) -> str:
    found = [f"‘{name}’" for name in names]
    return f"kolom {listed(found)}" if len(found) == 1 else f"kolommen {listed(found)}"
