"""Deliveries that look like a municipality's own and hold nobody.

The people are drawn at random; what is fixed are the counts of the published report (`PLAN`), so that the records
agree with every exact figure that records can agree with. The report leaves some things open, and here they are
chosen, not known:

- the residents first spoken to in January-June 2024, who are in both published periods: `PLAN` says 87;
- the 48 activated residents whom the report's activity row does not place: here their activity was not recorded;
- the blank cell of the 2024 activity row: here no trajectories were started in 2024.

The same seed gives the same bytes. What was added later draws from streams of its own, so that it moves nothing.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from random import Random

from . import deliveries, events, people, programme, register


class RealDelivery(Exception):
    """A folder that would be written holds files that are not synthetic."""


def synthesise(raw: Path, *, seed: int) -> list[Path]:
    """Write the deliveries of the three published periods below `raw`; returns the files written.

    Raises
    ------
    RealDelivery
        When a folder holds files that its source note does not call synthetic; nothing is written then.
    """
    for period in events.RECORDED:
        _refuse_real(raw / period)
    random = Random(seed)
    everybody = people.people(random, seed)
    rows = events.rows(everybody, random)
    found = programme.programme(everybody, rows, seed)
    rows["uitstroom"] = events.ordered([*rows["uitstroom"], *found.outflow])
    rows["trajecten"] = programme.ended(rows["trajecten"], seed)
    rows["uitkeringen"] = register.spells(everybody, found.returns, seed)
    files = {
        "2022-2023": deliveries.first(rows, found),
        "2023-2024": deliveries.second(rows, found),
        "2024": deliveries.third(rows, found, everybody, random),
    }
    written = []
    for period, contents in files.items():
        folder = raw / period
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in contents.items():
            (folder / name).write_bytes(data)
            written.append(folder / name)
    return written


def _refuse_real(folder: Path) -> None:
    files = [p for p in folder.iterdir() if not p.name.startswith(".")] if folder.is_dir() else []
    note = folder / "source.toml"
    if files and not (note.is_file() and tomllib.loads(note.read_text(encoding="utf-8")).get("synthetic") is True):
        raise RealDelivery(f"in {folder.name} staan bestanden die niet verzonnen zijn; er is niets geschreven")
