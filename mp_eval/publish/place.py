"""A release takes the place of the one before in one move, and what was there is kept.

`output` and the new release change places: the system does that at once where it can (Linux, macOS). Elsewhere it is
two renames, and what a crash left between them is put right at the next start. A folder that cannot be moved, as a
mount or what lies in a folder that may not be written, gets its files one by one (`within`). Where `output` is a link,
all this is done where it leads.
"""

from __future__ import annotations

import ctypes
import errno
import os
import re
import shutil
import sys
from pathlib import Path

from ..digests import sha256
from ..released import MANIFEST, manifest
from ..steps import Refused, write
from ..workspace import Workspace
from . import within

RELEASES = "releases"
INTERNAL = "intern"  # where earlier releases go that may not be public, once the release is
LOOSE = "bestanden"  # and what somebody put beside them
NEW, OLD, PLACING = "release.new", "release.old", "placing"
NUMBERED = re.compile(r"\d+-")  # what somebody gave another name is theirs: neither counted nor thrown away
SWAP = 2  # RENAME_EXCHANGE of Linux and RENAME_SWAP of macOS
AT_FDCWD = -100
CANNOT_MOVE = (errno.EBUSY, errno.EXDEV)  # a mount, and another disk


def check(workspace: Workspace) -> None:
    """Look whether a release can be placed at all, before anything is made.

    Raises
    ------
    Refused
        When `output`, or where it leads, is nowhere, no folder, holds the workspace itself, or may not be written.
    """
    link, output = workspace.output, _output(workspace)
    led = f"output is een koppeling naar {link.readlink()}" if link.is_symlink() else "output"
    ours = (workspace.root, workspace.raw, workspace.processed, workspace.notebooks, workspace.scratch)
    if link.is_symlink() and not link.exists():
        raise Refused(f"{led}, en die is er niet. Maak die map, of haal de koppeling weg.")
    if link.exists() and not link.is_dir():
        raise Refused(f"{led} is geen map. Geef dat bestand een andere naam of plaats.")
    if any(path.resolve().is_relative_to(output) for path in ours) or any(output.is_relative_to(p) for p in ours[1:]):
        raise Refused(f"{led}, en daar staat ook de werkmap zelf. Laat de koppeling leiden naar een map voor uitgaven.")
    if mounted := sorted(p.name for p in output.iterdir() if os.path.ismount(p)) if output.is_dir() else []:
        raise Refused(
            f"{mounted[0]} in output is een koppelpunt en kan niet met de uitgave mee. Koppel het elders aan."
        )
    if not os.access(output if output.exists() else output.parent, os.W_OK):
        raise Refused(f"{led}, en daar mag niet worden geschreven. Geef daar schrijfrecht, of kies een andere map.")


def place(workspace: Workspace, new: Path) -> None:
    """Let the folder `new`, whole and with its manifest, be the release; keep the one that was.

    What somebody else put in `output` was copied to it by `carry_over`. A crash at any point leaves the old release or
    the new one, whole; where `output` cannot be moved, what the next start makes whole.

    Raises
    ------
    OSError
        When the system does not allow it, as when a file in `output` is open on Windows; then nothing has moved,
        unless `is_half_done`.
    """
    output, scratch = _output(workspace), workspace.scratch
    output.mkdir(exist_ok=True)
    shutil.copymode(output, new)  # who could write there still can
    write(scratch / PLACING, sha256(new / MANIFEST))
    try:
        if not _swap(new, output):
            output.rename(scratch / OLD)
            try:
                new.rename(output)
            except OSError:
                (scratch / OLD).rename(output)
                raise
    except OSError as error:
        if error.errno not in CANNOT_MOVE and os.access(output.parent, os.W_OK):  # a name in it is not ours to change
            raise
        within.place(output, new)
    settle(workspace)


def settle(workspace: Workspace) -> None:
    """Put right what a crash left: the last release in its place, the one before among the earlier ones."""
    output, scratch = _output(workspace), workspace.scratch
    new, old, placing = scratch / NEW, scratch / OLD, scratch / PLACING
    if old.exists() and not output.exists():  # between two renames
        (new if new.exists() else old).rename(output)
    within.complete(output)
    if new.exists() and placing.exists() and not old.exists():
        has_swapped = (output / MANIFEST).exists() and sha256(output / MANIFEST) == placing.read_text(encoding="utf-8")
        if has_swapped:  # then what is called new is the old one
            new.rename(old)
    placing.unlink(missing_ok=True)
    for before in (old, within.leaving(output)):
        if before.exists():
            _keep(workspace, before)
    within.clear(output)
    if new.exists():
        shutil.rmtree(new)


def is_half_done(workspace: Workspace) -> bool:
    """Whether files of two releases stand beside each other in `output`, until the next start."""
    return within.is_half_done(_output(workspace))


def _output(workspace: Workspace) -> Path:
    """The folder that holds the release: where `output` leads."""
    return Path(os.path.realpath(workspace.output))


def earlier(workspace: Workspace) -> list[Path]:
    """The releases that are kept, oldest first."""
    folders = [f for f in (workspace.output / RELEASES, workspace.scratch / INTERNAL) if f.is_dir()]
    found = (p for folder in folders for p in folder.iterdir() if NUMBERED.match(p.name) and manifest(p))
    return sorted(found, key=lambda p: p.name)


def is_internal(folder: Path) -> bool:
    """Whether a release shows what may not be made public; one that does not say so may."""
    return bool(manifest(folder).get("internal", True))


def _keep(workspace: Workspace, old: Path) -> None:
    """The release before this one goes to the earlier ones, which it had with it; what somebody added last is kept."""
    count = workspace.settings.run.keep_releases
    carry_over(workspace, old, workspace.output, is_public=not is_internal(workspace.output))
    for path in sorted((old / RELEASES).iterdir()) if (old / RELEASES).is_dir() else ():
        within.move(path, _shelf(workspace, path) / path.name)
    name, before = manifest(old).get("release", ""), earlier(workspace)
    known = {manifest(folder).get("release") for folder in (workspace.output, *before[-1:])}
    if not name or not count or name in known:
        shutil.rmtree(old)
    else:
        ours = {old / name.split("/")[0] for name in (*manifest(old)["files"], MANIFEST)}
        for path in set(old.iterdir()) - ours:  # carried over
            within.remove(path)
        number = int(before[-1].name.partition("-")[0]) + 1 if before else 1
        within.move(old, _shelf(workspace, old) / f"{number:04}-{name}")
    for path in earlier(workspace)[: -count or None]:
        shutil.rmtree(path)


def _shelf(workspace: Workspace, release: Path) -> Path:
    """Where a release is kept: within `output`, unless who publishes that folder would publish what may not be."""
    is_apart = is_internal(release) and not is_internal(workspace.output)
    shelf = workspace.scratch / INTERNAL if is_apart else workspace.output / RELEASES
    shelf.mkdir(exist_ok=True)
    return shelf


def carry_over(workspace: Workspace, old: Path, new: Path, *, is_public: bool) -> list[str]:
    """Copy to `new` what is in `old` and is no part of a release: a note of a user, a link, a file of git.

    From an internal release nothing with content goes into a public one, nor anything when it is not known what was of
    the release, nor what has the name of something else in the new one: it is set apart, and its names are returned.
    """
    apart = []
    ours = manifest(old).get("files", {})
    for path in sorted(p for p in old.rglob("*") if p.is_file() or p.is_symlink()) if old.is_dir() else ():
        name = path.relative_to(old).as_posix()
        if name in ours or name == MANIFEST or name.startswith((f"{RELEASES}/", f"{within.INSIDE}/")):
            continue
        is_apart = is_internal(old) if is_public else (old / MANIFEST).exists() and not ours
        target = new / name
        if (is_apart and path.lstat().st_size) or _is_other(target, path):
            target = workspace.scratch / INTERNAL / LOOSE / name
            apart.append(name)
            within.remove(target)
        if not target.exists() and not target.is_symlink():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, target, follow_symlinks=False)
    return apart


def _is_other(target: Path, path: Path) -> bool:
    """Whether there is something at `target`, and not what is at `path`."""
    if target.is_symlink() or path.is_symlink():
        there = target.exists() or target.is_symlink()
        return there and not (target.is_symlink() and path.is_symlink() and target.readlink() == path.readlink())
    return target.is_dir() or (target.exists() and sha256(target) != sha256(path))


def _swap(one: Path, other: Path) -> bool:
    """Let two folders change places at once; False when this system or this disk cannot."""
    names = os.fsencode(one), os.fsencode(other)
    try:
        if sys.platform.startswith("linux"):
            rename = ctypes.CDLL(None, use_errno=True).renameat2
            done = rename(AT_FDCWD, names[0], AT_FDCWD, names[1], SWAP)
        elif sys.platform == "darwin":
            done = ctypes.CDLL(None, use_errno=True).renamex_np(*names, SWAP)
        else:
            return False
    except AttributeError:  # a system library without it
        return False
    if done == 0:
        return True
    if ctypes.get_errno() in (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP):
        return False
    raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), str(other))


def files(folder: Path) -> dict[str, str]:
    """The digest of each file of a release that is being built."""
    found = (p for p in folder.rglob("*") if p.is_file() and p.name != MANIFEST)
    return {p.relative_to(folder).as_posix(): sha256(p) for p in sorted(found)}
