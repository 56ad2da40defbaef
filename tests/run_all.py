"""Every check, one after another, and a line for each; ends with 1 when any of them failed.

What is marked `long` is left out, unless `--long` is given.

The browser checks need Chromium. In CI its absence is a failure; elsewhere that part is skipped and says so.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTEST = [sys.executable, "-m", "pytest", "-q"]
CHECKS = {
    "lint": [sys.executable, "-m", "ruff", "check", "."],
    "format": [sys.executable, "-m", "ruff", "format", "--check", "."],
    "types": [sys.executable, "-m", "mypy"],
    "notebooks": [*PYTEST, "--nbval", "-p", "no:xdist", "-o", "addopts=", "-W", "default", "notebooks"],
    # In the order of the folders: by numbers of tests, a file with one long test would be the last of all.
    "tests": [*PYTEST, "-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"],
}

SHORT = ["-m", "not long"]


def main() -> int:
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if browser is None and os.environ.get("CI"):
        sys.stderr.write("No Chromium on this machine: the browser checks cannot run.\n")
        return 1
    if browser is None:
        sys.stderr.write("SKIPPED: the browser checks, because there is no Chromium on this machine.\n")
    seed = 0 if os.environ.get("CI") else random.randrange(10**6)  # in CI the same examples each time
    sys.stderr.write(f"Made-up examples are drawn with --hypothesis-seed={seed}\n")
    tests = [*CHECKS["tests"], f"--hypothesis-seed={seed}", *([] if "--long" in sys.argv else SHORT)]
    failed = []
    for name, command in {**CHECKS, "tests": tests}.items():
        start = time.monotonic()
        sys.stderr.write(f"== {name}\n")
        sys.stderr.flush()
        code = subprocess.run(command, cwd=ROOT, check=False).returncode
        sys.stderr.write(f"== {name}: {'ok' if code == 0 else 'FAILED'} ({time.monotonic() - start:.0f} s)\n")
        failed += [name] if code else []
    if failed:
        sys.stderr.write(f"FAILED: {', '.join(failed)}\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
