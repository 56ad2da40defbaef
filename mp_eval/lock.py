"""One run at a time in a workspace, and nothing left lying about when it has ended, however it ended."""

from __future__ import annotations

import json
import os
import platform
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from typing import IO

from .steps import FRESH, write
from .workspace import Workspace

LOCK, HOLDER = "lock", "lock.json"


class Busy(Exception):
    """Another run is at work in this workspace; the message says which."""


@contextmanager
def hold(workspace: Workspace) -> Iterator[None]:
    """Hold the workspace for a run; the system lets go of it when this process ends, however it ends.

    What an earlier run left half written is cleared, before and after.

    Raises
    ------
    Busy
        When another run holds it, or a notebook that brings its evaluation up to date.
    """
    with _opened(workspace) as file:
        try:
            _lock(file, wait=False)
        except OSError:
            raise Busy(f"in deze werkmap is al een run bezig{_holder(workspace)}; wacht tot die klaar is") from None
        _sweep(workspace)
        write(workspace.scratch / HOLDER, json.dumps({"process": os.getpid(), "computer": platform.node()}))
        try:
            yield
        finally:
            _sweep(workspace)
            (workspace.scratch / HOLDER).unlink(missing_ok=True)


@contextmanager
def turn(workspace: Workspace) -> Iterator[None]:
    """Hold the workspace for a short while, after whoever holds it now: two notebooks that are opened at once."""
    with _opened(workspace) as file:
        _lock(file, wait=True)
        yield


def _opened(workspace: Workspace) -> IO[str]:
    workspace.scratch.mkdir(parents=True, exist_ok=True)
    return (workspace.scratch / LOCK).open("a")


def _lock(file: IO[str], *, wait: bool) -> None:
    if os.name == "nt":
        import msvcrt

        while True:  # it gives up by itself after ten tries, a second apart
            with suppress(OSError) if wait else nullcontext():
                mode = msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK  # type: ignore[attr-defined, unused-ignore]
                msvcrt.locking(file.fileno(), mode, 1)  # type: ignore[attr-defined, unused-ignore]
                return
    import fcntl

    fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))


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
