"""The ledger: what each public release of this workspace told, in `data/ledger`, outside `output`.

An entry is a folder with the measures as they were before protection, as they were shown, and a note. It is as
confidential as `data/processed`, and unlike that it cannot be made again: what was public stays known, so each public
release is protected together with all that are in the ledger.

The note of each holds the digest of the note before it, and each release in `output` has one, so that none can go
missing without a word. Of a release that never left the building somebody says so in a file in its folder (`NEVER`):
its note stays, and it is protected against no more.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from .digests import sha256
from .periods import Period
from .steps import Refused, write
from .workspace import Workspace

NOTE, TRUE, SHOWN = "uitgave.json", "true.parquet", "shown.parquet"
NEVER = "nooit-openbaar.txt"  # says in its own words why a release in the ledger was never public
FRESH = ".new"


REPAIR = (
    "Zet die terug uit een reservekopie. Een uitgave die nooit openbaar is gemaakt, haalt u niet weg: zet in haar map "
    f"een bestand {NEVER} met de reden, en laat {NOTE} staan."
)


@dataclass(frozen=True)
class Entry:
    """A public release: its folder in the ledger, and the note there.

    The note tells its name (`release`), its `rule` (threshold and method), the days of its periods, `until` when its
    data went, the digests of what was `delivered`, what its protection was made of (`made_of`), the digests of its
    tables, and that of the note before it (`after`).
    """

    folder: Path
    said: Mapping[str, Any]

    @property
    def was_public(self) -> bool:
        return not _reason(self.folder)

    @property
    def days(self) -> dict[str, tuple[Period, ...]]:
        """The days of each period when it was made."""
        pairs = {
            key: [tuple(map(date.fromisoformat, ends)) for ends in spans] for key, spans in self.said["days"].items()
        }
        return {key: tuple(Period(start, end) for start, end in ends) for key, ends in pairs.items()}


def entries(workspace: Workspace) -> list[Entry]:
    """All public releases, oldest first; without those of which somebody said that they never were.

    Raises
    ------
    Refused
        When one of them is missing, cannot be read or is not as it was: without it nothing may be published.
    """
    return [entry for entry in _chained(workspace) if entry.was_public]


def names(workspace: Workspace) -> frozenset[str]:
    """The releases that the ledger knows, also those that never were public."""
    return frozenset(str(entry.said["release"]) for entry in _chained(workspace))


def _chained(workspace: Workspace) -> list[Entry]:
    """All entries, each of which knows the one before it."""
    folders = sorted(workspace.ledger.iterdir()) if workspace.ledger.is_dir() else []
    found = [_read(folder) for folder in folders if folder.is_dir() and folder.suffix != FRESH]
    for n, entry in enumerate(found):
        if entry.said.get("after", "") != (sha256(found[n - 1].folder / NOTE) if n else ""):
            raise Refused(f"Het boek van openbare uitgaven mist de map vóór data/ledger/{entry.folder.name}. {REPAIR}")
    return found


def _read(folder: Path) -> Entry:
    try:
        said = json.loads((folder / NOTE).read_text(encoding="utf-8"))
        tables = () if _reason(folder) else (TRUE, SHOWN)
        if any(said["sha256"][name] != sha256(folder / name) for name in tables):
            raise ValueError
        return Entry(folder, said)
    except (OSError, ValueError, KeyError, TypeError):
        raise Refused(f"Het boek van openbare uitgaven is niet heel: data/ledger/{folder.name}. {REPAIR}") from None


def _reason(folder: Path) -> str:
    """Why a release in the ledger was never public, as somebody says; '' when nobody does."""
    path = folder / NEVER
    return path.read_text(encoding="utf-8-sig", errors="replace").strip() if path.is_file() else ""


def before(workspace: Workspace, made_of: str) -> list[Entry]:
    """The releases before one that is made of this: all, without the last ones that are made of the same."""
    return _without_last(entries(workspace), lambda entry: entry.said["made_of"] == made_of)


def beside(workspace: Workspace, true: Path, shown: Path) -> list[Entry]:
    """The releases before one that told this: all, without the last ones that told the same."""
    digests = _digests(true, shown)
    return _without_last(entries(workspace), lambda entry: entry.said["sha256"] == digests)


def _without_last(known: list[Entry], is_it: Callable[[Entry], bool]) -> list[Entry]:
    while known and is_it(known[-1]):
        known = known[:-1]
    return known


def is_told(known: Sequence[Entry], true: Path, shown: Path) -> bool:
    """Whether the last of these releases is one that told this."""
    return bool(known) and known[-1].said["sha256"] == _digests(true, shown)


def _digests(true: Path, shown: Path) -> dict[str, str]:
    return {TRUE: sha256(true), SHOWN: sha256(shown)}


def enter(workspace: Workspace, said: Mapping[str, Any], true: Path, shown: Path) -> Path | None:
    """Note a release that is about to be public; gives its folder, or None where the last one is the very same."""
    known = _chained(workspace)
    is_last = known and known[-1].was_public and known[-1].said["release"] == said["release"]
    if is_last and is_told(known, true, shown):
        return None
    numbers = [entry.folder.name.partition("-")[0] for entry in known]
    number = max((int(number) for number in numbers if number.isdecimal()), default=0) + 1
    noted = {**said, "sha256": _digests(true, shown), "after": sha256(known[-1].folder / NOTE) if known else ""}
    folder = workspace.ledger / f"{number:04}-{said['release']}"
    fresh = folder.with_suffix(FRESH)
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    for source, name in ((true, TRUE), (shown, SHOWN)):
        shutil.copyfile(source, fresh / name)
    write(fresh / NOTE, json.dumps(noted, indent=1) + "\n")
    fresh.rename(folder)
    return folder
