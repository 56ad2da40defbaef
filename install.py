"""Set up `.venv`: `python install.py` with what runs, `--test` with what tests on top. It needs nothing but Python.

uv installs: the one on the PATH, or else that of its own lock. Where it cannot, and when the variable `UV` is empty,
pip does, which takes longer and always works. `--lock` makes the locks from pyproject.toml again.
"""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from collections import deque
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = str(BIN / "python")
RUN, TEST, UV = "requirements.lock", "requirements-test.lock", "requirements-uv.lock"
STAMPS = {RUN: ".ready", TEST: ".ready-test"}  # what says that the environment holds a lock
OURS = ("--no-deps", "--no-build-isolation", "--editable", ".")
BY_UV = ("pip", "install", "--python", PYTHON)
# Nothing is compiled beforehand: most of it is never used, and what is used is compiled then.
BY_PIP = (PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--no-compile")
SAME = {  # what pip was told in its own settings, and how uv is told so
    "index-url": "UV_DEFAULT_INDEX",
    "find-links": "UV_FIND_LINKS",
    "no-index": "UV_OFFLINE",
    "cert": "SSL_CERT_FILE",
    "proxy": "ALL_PROXY",
}
LOCKING = ("pip", "compile", "--no-config", "--quiet", "--no-header", "--no-annotate", "--generate-hashes")
LOCKING += ("--universal", "--python-version", "3.11")
SHOWN = 20  # lines of what went wrong


def main(arguments: list[str]) -> None:
    """Do what is asked, or end with what went wrong."""
    if sys.version_info < (3, 11):  # noqa: UP036
        sys.exit(f"mp-eval needs Python 3.11 or newer; this is {sys.version}")
    if arguments == ["--lock"]:
        lock()
    elif arguments in ([], ["--test"]):
        set_up(TEST if arguments else RUN)
    else:
        sys.exit(__doc__)


def set_up(chosen: str) -> None:
    """Install what the lock `chosen` names, and this project."""
    say(f"Setting up once: {VENV.name} with what {chosen} names.")
    (VENV / STAMPS[chosen]).unlink(missing_ok=True)
    if failure(PYTHON, "-c", "import pip"):
        need(sys.executable, "-m", "venv", "--clear", str(VENV))
    if not (uv := find_uv()) or failure(uv, *BY_UV, *locked(chosen)) or failure(uv, *BY_UV, *OURS):
        say(f"{'uv did not get through. ' if uv else ''}pip installs it, which takes some minutes.")
        need(*BY_PIP, *locked(chosen))
        need(*BY_PIP, *OURS)
    (VENV / STAMPS[chosen]).touch()


def find_uv() -> str:
    """Where uv is; installed first if it is nowhere. Empty when it is not wanted or not to be had."""
    if (wanted := os.environ.get("UV", "uv")) and not (found := which_uv(wanted)):
        failure(*BY_PIP, *locked(UV))
        found = which_uv(wanted)
    return found if wanted else ""


def which_uv(wanted: str) -> str:
    """The uv that is wanted, or the one of the environment."""
    return shutil.which(wanted) or shutil.which("uv", path=str(BIN)) or ""


def locked(lock: str) -> tuple[str, ...]:
    """What asks for the packages of a lock, each with the digest that is written there."""
    return "--require-hashes", "--requirement", lock


def lock() -> None:
    """Make the three locks from pyproject.toml; versions that still do stay. They name no index."""
    uv = find_uv() or sys.exit("uv makes the locks, and it is not here.")
    runs = (*LOCKING, "pyproject.toml", "--group", "build", "--output-file")
    need(uv, *runs, RUN)
    need(uv, *runs, TEST, "--extra", "test", "--constraint", RUN)
    need(uv, *LOCKING, "--group", "uv", "--output-file", UV)


def need(*command: str) -> None:
    """Run a command, or end with what it said."""
    if wrong := failure(*command):
        sys.exit(wrong)


def failure(*command: str) -> str:
    """Run a command, with its last line on the terminal as long as it goes on; what it said when it failed, else ''."""
    said: deque[str] = deque(maxlen=SHOWN)
    try:
        with subprocess.Popen(
            command,
            cwd=ROOT,
            env=as_pip() | os.environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        ) as process:
            for line in process.stdout or ():
                said.append(line.rstrip())
                show(line.strip())
    except OSError as error:
        return f"{command[0]}: {error}"
    show("")
    return "\n".join(said) or f"{command[0]} ended with {process.returncode}" if process.returncode else ""


@cache
def as_pip() -> dict[str, str]:
    """What pip was told in settings of its own, as variables that tell uv the same."""
    listed = [sys.executable, "-m", "pip", "config", "list"]
    said = subprocess.run(listed, capture_output=True, text=True, check=False).stdout
    told = dict(re.findall(r"^[\w:]+\.([\w-]+)=(.*)$", said, re.MULTILINE))
    return {SAME[key]: ast.literal_eval(value) for key, value in told.items() if key in SAME}


def show(line: str) -> None:
    """Put this in place of what the last line of a terminal shows; elsewhere nothing."""
    if sys.stdout.isatty():
        width = shutil.get_terminal_size().columns - 1
        sys.stdout.write(f"\r{line[:width]:<{width}}" if line else f"\r{'':<{width}}\r")
        sys.stdout.flush()


def say(line: str) -> None:
    """A line that stays."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
