"""Deliveries that look like a municipality's own and hold nobody.

The people are drawn at random; what is fixed are the counts of a plan. That of the published report (`plan.REPORT`)
lets the records agree with every exact figure that records can agree with. The report leaves some things open, and
there they are chosen, not known:

- the residents first spoken to in January-June 2024, who are in both published periods: the plan says 87;
- the 48 activated residents whom the report's activity row does not place: here their activity was not recorded;
- the blank cell of the 2024 activity row: here no trajectories were started in 2024.

`plan.plan` makes one for any periods of a municipality of any size, in round proportions that are of none.

The same seed gives the same bytes. What was added later draws from streams of its own, so that it moves nothing.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from random import Random

from . import deliveries, events, guidance, people, programme, register
from .plan import REPORT, Plan


class RealDelivery(Exception):
    """A folder that would be written holds files that are not synthetic."""


def synthesise(raw: Path, *, seed: int, plan: Plan = REPORT) -> list[Path]:
    """Write the deliveries of every period of the plan below `raw`; returns the files written.

    Raises
    ------
    RealDelivery
        When a folder holds files that its source note does not call synthetic; nothing is written then.
    """
    for period in plan.recorded:
        _refuse_real(raw / period)
    written = []
    for period, contents in _made(plan, seed).items():
        folder = raw / period
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in contents.items():
            (folder / name).write_bytes(data)
            written.append(folder / name)
    return written


def _made(plan: Plan, seed: int) -> dict[str, dict[str, bytes]]:
    """The files of every delivery. Those of the report have forms of their own, as systems have over the years."""
    random = Random(seed)
    everybody = people.people(plan, random, seed)
    rows = events.rows(everybody, plan, random)
    ended = guidance.ended(everybody, rows, plan, seed)
    rows["gesprekken"] = guidance.talks(rows["gesprekken"], ended, plan, seed)
    found = programme.programme(everybody, rows, ended, plan, seed)
    rows["uitstroom"] = events.ordered([*rows["uitstroom"], *found.outflow])
    rows["trajecten"] = programme.with_ends(rows["trajecten"], plan.today, seed)
    rows["uitkeringen"] = register.spells(everybody, found.returns, plan, seed)
    old = {"2022-2023": deliveries.first, "2023-2024": deliveries.second} if plan.recorded == REPORT.recorded else {}
    return {
        period: old[period](rows, found, plan)
        if period in old
        else deliveries.third(rows, found, everybody, plan, random, period=period)
        for period in plan.recorded
    }


def _refuse_real(folder: Path) -> None:
    files = [p for p in folder.iterdir() if not p.name.startswith(".")] if folder.is_dir() else []
    note = folder / "source.toml"
    if files and not (note.is_file() and tomllib.loads(note.read_text(encoding="utf-8")).get("synthetic") is True):
        raise RealDelivery(f"in {folder.name} staan bestanden die niet verzonnen zijn; er is niets geschreven")
