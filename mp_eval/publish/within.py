"""A release placed within a folder that cannot change places with another: a mount, or a folder on another disk.

The new release is copied beside the old one first. From the moment that a journal lies there, the files change places
one by one, and what a crash left is completed at the next start: a reader may find both for an instant, never a loss.
"""

from __future__ import annotations

import errno
import json
import shutil
from pathlib import Path

from ..steps import write

INSIDE = ".mp-eval"  # in `output`, as long as it is being placed
NEW, OLD, JOURNAL = "new", "old", "journal.json"


def place(output: Path, new: Path) -> None:
    """Let what `new` holds take the place of what is in `output`, which is found by `leaving` until it is `cleared`."""
    inside = output / INSIDE
    shutil.copytree(new, inside / NEW, symlinks=True)
    names = {OLD: _names(output), NEW: _names(inside / NEW)}
    write(inside / JOURNAL, json.dumps(names))
    complete(output)


def complete(output: Path) -> None:
    """Go on where a crash stopped; when nothing had moved yet, forget it.

    A name that is still among the new ones is still to come, so what `output` holds by that name is still to go.
    """
    inside = output / INSIDE
    if (inside / JOURNAL).exists():
        names = json.loads((inside / JOURNAL).read_text(encoding="utf-8"))
        (inside / OLD).mkdir(exist_ok=True)
        for name in names[OLD]:
            is_to_go = name not in names[NEW] or _is_there(inside / NEW / name)
            if is_to_go and _is_there(output / name):
                move(output / name, inside / OLD / name)
        for name in names[NEW]:
            if _is_there(inside / NEW / name):
                (inside / NEW / name).rename(output / name)
        (inside / JOURNAL).unlink()
    if inside.is_dir():
        remove(inside / NEW)


def leaving(output: Path) -> Path:
    """Where the release that was there is, once the new one is there."""
    return output / INSIDE / OLD


def is_half_done(output: Path) -> bool:
    """Whether some files have changed places and others have not."""
    return (output / INSIDE / JOURNAL).exists()


def clear(output: Path) -> None:
    """Leave nothing of the placing."""
    if (output / INSIDE).is_dir():
        shutil.rmtree(output / INSIDE)


def move(source: Path, target: Path) -> None:
    """As `rename`, also to another disk; a target that is there already is the whole source, moved before a crash."""
    try:
        if not _is_there(target):
            source.rename(target)
            return
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        copy = target.with_name(f".{target.name}.copy")
        remove(copy)
        if source.is_dir() and not source.is_symlink():
            shutil.copytree(source, copy, symlinks=True)
        else:
            shutil.copy2(source, copy, follow_symlinks=False)
        copy.rename(target)
    remove(source)


def remove(path: Path) -> None:
    """A file, a link or a folder, if it is there; never what a link leads to."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name != INSIDE)


def _is_there(path: Path) -> bool:
    return path.exists() or path.is_symlink()
