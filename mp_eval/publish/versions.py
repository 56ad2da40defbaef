"""Which code made a page: the library's version and commit, Python and the packages that make what a reader sees."""

from __future__ import annotations

import platform
import subprocess
from functools import cache
from importlib import metadata

from .. import __version__
from ..digests import PACKAGE

SHOWN = ("babel", "jinja2", "matplotlib", "nbclient", "nbconvert", "pandas", "pyarrow", "xlsxwriter")
CHANGED = "met wijzigingen"  # since that commit


@cache
def library() -> str:
    """The library with its version and, when it is known, the commit that last changed it.

    >>> library().startswith("mp-eval ")
    True
    """
    found = commit()
    return f"mp-eval {__version__}" + (f", commit {found}" if found else "")


def commit() -> str:
    """The commit that last changed the library's code; '' when its folder is in no repository or git is not there.

    A commit that changes something else leaves it as it is, so that it does not change a page.
    """
    last = _git("log", "-1", "--abbrev=12", "--format=%h", "--", ".")
    return f"{last} {CHANGED}" if last and _git("status", "--porcelain", "--", ".") else last


def packages() -> tuple[tuple[str, str], ...]:
    """Python and the packages that decide what a page looks like or says, with their versions."""
    return (("Python", platform.python_version()), *((name, metadata.version(name)) for name in SHOWN))


def _git(*words: str) -> str:
    try:
        done = subprocess.run(
            ["git", "--no-optional-locks", *words], cwd=PACKAGE, capture_output=True, text=True, check=False, timeout=10
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
