"""Every check, and a line for each; ends with 1 when any of them failed.

The tests show their progress; what else there is to check is done beside them, and shows what it said when it failed.
What is marked `long` is left out, unless `--long` is given. The browser checks need Chromium. In CI its absence is a
failure; elsewhere that part is skipped and says so.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTEST = [sys.executable, "-m", "pytest", "-q"]
# In the order of the folders: by numbers of tests, a file with one long test would be the last of all.
TESTS = [*PYTEST, "-p", "no:nbval", "-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]
BESIDE = {
    "lint": [sys.executable, "-m", "ruff", "check", "."],
    "format": [sys.executable, "-m", "ruff", "format", "--check", "."],
    "types": [sys.executable, "-m", "mypy"],
    "notebooks": [*PYTEST, "--nbval", "-p", "no:xdist", "-o", "addopts=", "-W", "default", "notebooks"],
}
# What is done beside the tests takes the time in which these wait; `tests/conftest.py` has those that wait come first.
NICE = ["nice", "-n", "5"] if shutil.which("nice") else []
SHORT, LONG = ["-m", "not long"], ["--hypothesis-profile=long"]


def main() -> int:
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if browser is None and os.environ.get("CI"):
        sys.stderr.write("No Chromium on this machine: the browser checks cannot run.\n")
        return 1
    if browser is None:
        sys.stderr.write("SKIPPED: the browser checks, because there is no Chromium on this machine.\n")
    seed = 0 if os.environ.get("CI") else random.randrange(10**6)  # in CI the same examples each time
    sys.stderr.write(f"Made-up examples are drawn with --hypothesis-seed={seed}\n")
    sys.stderr.flush()
    tests = [*TESTS, f"--hypothesis-seed={seed}", *(LONG if "--long" in sys.argv else SHORT)]
    with ThreadPoolExecutor() as pool:
        shown = pool.submit(_is_ok, "tests", tests, is_shown=True)
        beside = pool.submit(lambda: [name for name, command in BESIDE.items() if not _is_ok(name, [*NICE, *command])])
        failed = [*beside.result(), *([] if shown.result() else ["tests"])]
    if failed:
        sys.stderr.write(f"FAILED: {', '.join(failed)}\n")
    return 1 if failed else 0


def _is_ok(name: str, command: Sequence[str], *, is_shown: bool = False) -> bool:
    """Do one check and print its line."""
    start = time.monotonic()
    said = None if is_shown else subprocess.PIPE
    done = subprocess.run(command, cwd=ROOT, stdout=said, stderr=subprocess.STDOUT, encoding="utf-8", check=False)
    if done.returncode and done.stdout:
        sys.stderr.write(f"\n{done.stdout}")
    sys.stderr.write(f"\n== {name}: {'FAILED' if done.returncode else 'ok'} ({time.monotonic() - start:.0f} s)\n")
    sys.stderr.flush()
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
