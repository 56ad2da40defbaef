"""Whether everything is as it was when a run had nothing to do, told by sizes and times alone: no file is opened.

A run with nothing to do keeps what it had looked at: every file that it digested, and every folder in which another
file would have been looked at too. As in git's index, a file of the same size, times and number is the same file. When
one of them was changed during the run or just before it, its times do not tell enough, and nothing is kept.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ..digests import PACKAGE, RECENT, of, state
from ..steps import write
from ..workspace import SETTINGS_FILE, Workspace
from . import versions

MEMORY = "unchanged.json"
BEGUN = time.time_ns()  # before anything is read


def is_so(workspace: Workspace, given: Mapping[str, str]) -> bool:
    """Whether a run of all pages with these parameters would have nothing to do; False when it has to be found out."""
    try:
        kept = json.loads((workspace.scratch / MEMORY).read_text(encoding="utf-8"))
        seen = kept["seen"].items()
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False
    return all(state(path) == known for path, known in seen) and kept.get("by") == _by(workspace, given)


def note(workspace: Workspace, given: Mapping[str, str], seen: Mapping[str, Sequence[int]]) -> None:
    """Keep that there was nothing to do, by all that was seen of the files that were looked at (`Digests.seen`)."""
    places = {str(path): state(str(path)) for path in (workspace.root / SETTINGS_FILE, *_folders(workspace))}
    everything = {**places, **seen}
    if not any(known and max(known[1:3]) > BEGUN - RECENT for known in everything.values()):
        write(workspace.scratch / MEMORY, json.dumps({"by": _by(workspace, given), "seen": everything}))


def _by(workspace: Workspace, given: Mapping[str, str]) -> str:
    """What is no file: where the workspace is (a copy has the memory of what it was copied from), the parameters,
    Python and where it finds its packages, and the commit of the code.
    """
    return of([str(workspace.root), dict(given), sys.version, sys.path, versions.library()])


def _folders(workspace: Workspace) -> Iterator[Path]:
    """Where a file that comes or goes would be looked at too: settings, deliveries, releases, notebooks, code."""
    yield from (
        workspace.root,
        workspace.raw,
        workspace.ledger,
        *(workspace.ledger.glob("*/")),
        *(workspace.raw / period.id for period in workspace.periods),
    )
    for folder in (workspace.notebooks, workspace.bundled_notebooks, PACKAGE):
        yield from (folder, *(p for p in folder.rglob("*") if p.is_dir() and p.name != "__pycache__"))
    yield from (Path(place) for place in sys.path)
