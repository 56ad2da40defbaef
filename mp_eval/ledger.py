"""The ledger: what each public release of this workspace told, in `data/ledger`, outside `output`.

An entry is a folder with the measures as they were before protection, as they were shown, and a note. It is as
confidential as `data/processed`, and unlike that it cannot be made again: what was public stays known, so each public
release is protected together with all that are in the ledger. One that never left the building may be taken out of it.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from .digests import sha256
from .periods import Period
from .steps import Refused, write
from .workspace import Workspace

NOTE, TRUE, SHOWN = "uitgave.json", "true.parquet", "shown.parquet"
FRESH = ".new"


@dataclass(frozen=True)
class Entry:
    """A public release: its folder in the ledger, and the note there.

    The note tells its name (`release`), its `rule` (threshold and method), the days of its periods, what its
    protection was made of (`made_of`), and the digests of its tables.
    """

    folder: Path
    said: Mapping[str, Any]

    @property
    def days(self) -> dict[str, tuple[Period, ...]]:
        """The days of each period when it was made."""
        pairs = {
            key: [tuple(map(date.fromisoformat, ends)) for ends in spans] for key, spans in self.said["days"].items()
        }
        return {key: tuple(Period(start, end) for start, end in ends) for key, ends in pairs.items()}


def entries(workspace: Workspace) -> list[Entry]:
    """All public releases, oldest first.

    Raises
    ------
    Refused
        When one of them cannot be read or is not as it was: without it nothing may be published.
    """
    folders = sorted(workspace.ledger.iterdir()) if workspace.ledger.is_dir() else []
    return [_read(folder) for folder in folders if folder.is_dir() and folder.suffix != FRESH]


def _read(folder: Path) -> Entry:
    try:
        said = json.loads((folder / NOTE).read_text(encoding="utf-8"))
        if said["sha256"] != {name: sha256(folder / name) for name in (TRUE, SHOWN)}:
            raise ValueError
        return Entry(folder, said)
    except (OSError, ValueError, KeyError, TypeError):
        raise Refused(
            f"Het boek van openbare uitgaven is niet heel: data/ledger/{folder.name}. Zet die map terug uit een "
            "reservekopie. Is die uitgave nooit openbaar gemaakt, haal de map dan weg."
        ) from None


def before(workspace: Workspace, made_of: str) -> list[Entry]:
    """The releases before one that is made of this: all, without the last one where that is this very one."""
    found = entries(workspace)
    return found[:-1] if found and found[-1].said["made_of"] == made_of else found


def beside(workspace: Workspace, true: Path, shown: Path) -> list[Entry]:
    """The releases before one that told this: all, without the last one where it is that very one."""
    found = entries(workspace)
    return found[:-1] if is_told(found, true, shown) else found


def is_told(known: Sequence[Entry], true: Path, shown: Path) -> bool:
    """Whether the last of these releases is the one that told this."""
    return bool(known) and known[-1].said["sha256"] == {TRUE: sha256(true), SHOWN: sha256(shown)}


def enter(workspace: Workspace, said: Mapping[str, Any], true: Path, shown: Path) -> Path | None:
    """Note a release that is about to be public; gives its folder, or None where the last one told the very same."""
    known, digests = entries(workspace), {TRUE: sha256(true), SHOWN: sha256(shown)}
    if is_told(known, true, shown):
        return None
    numbers = [entry.folder.name.partition("-")[0] for entry in known]
    number = max((int(number) for number in numbers if number.isdecimal()), default=0) + 1
    folder = workspace.ledger / f"{number:04}-{said['release']}"
    fresh = folder.with_suffix(FRESH)
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    for source, name in ((true, TRUE), (shown, SHOWN)):
        shutil.copyfile(source, fresh / name)
    write(fresh / NOTE, json.dumps({**said, "sha256": digests}, indent=1) + "\n")
    fresh.rename(folder)
    return folder
