"""One run at a time in a workspace, and nothing left lying about when it has ended, however it ended."""

from __future__ import annotations

import json
import os
import platform
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from ..steps import FRESH, write
from ..workspace import Workspace

LOCK, HOLDER = "lock", "lock.json"


class Busy(Exception):
    """Another run is at work in this workspace; the message says which."""


@contextmanager
def hold(workspace: Workspace) -> Iterator[None]:
    """Hold the workspace; the system lets go of it when this process ends, however it ends.

    What an earlier run left half written is cleared, before and after.

    Raises
    ------
    Busy
        When another run holds it.
    """
    workspace.scratch.mkdir(parents=True, exist_ok=True)
    with (workspace.scratch / LOCK).open("a") as file:
        try:
            if os.name == "nt":
                import msvcrt

                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined, unused-ignore]
            else:
                import fcntl

                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Busy(f"in deze werkmap is al een run bezig{_holder(workspace)}; wacht tot die klaar is") from None
        _sweep(workspace)
        write(workspace.scratch / HOLDER, json.dumps({"process": os.getpid(), "computer": platform.node()}))
        try:
            yield
        finally:
            _sweep(workspace)
            (workspace.scratch / HOLDER).unlink(missing_ok=True)


def _sweep(workspace: Workspace) -> None:
    """Clear what was half written: files and folders under their temporary names, journals of notebooks."""
    for folder in (workspace.scratch, workspace.processed):
        for path in [*folder.rglob(f".*{FRESH}"), *folder.rglob("*.journal")]:
            path.unlink(missing_ok=True)
    for path in workspace.processed.glob("*"):
        if path.is_dir() and path.suffix in (FRESH, ".old"):
            shutil.rmtree(path, ignore_errors=True)


def _holder(workspace: Workspace) -> str:
    try:
        told = json.loads((workspace.scratch / HOLDER).read_text(encoding="utf-8"))
        return f" (proces {told['process']} op {told['computer']})"
    except (OSError, ValueError, KeyError):
        return ""
