"""A run with nothing to do, and how its time grows with the number of pages; and `mp-eval --help`.

    python benchmarks/nothing.py [--copies 30] [--times 15]

The first notebook is copied, so that every period gets so many pages more. The least of the times counts; what the
command line itself takes (Python's own start) is told beside it.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MP_EVAL = str(Path(sys.executable).parent / "mp-eval")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--copies", type=int, default=30)
    parser.add_argument("--times", type=int, default=15)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        few, many = (prepare(Path(folder) / str(n), copies=n) for n in (0, given.copies))
        took = {root: least(given.times, [MP_EVAL, "run"], cwd=root) for root in (few, many)}
        pages = {root: len(list(root.glob("output/*/*.html"))) for root in (few, many)}
        growth = (took[many] - took[few]) / (pages[many] - pages[few])
        say("python -c pass", least(given.times, [sys.executable, "-c", "pass"], cwd=few))
        say("mp-eval --help", least(given.times, [MP_EVAL, "--help"], cwd=few))
        for root in (few, many):
            say(f"mp-eval run, nothing changed, {pages[root]} pages", took[root])
        sys.stdout.write(f"growth: {1000 * growth:.2f} ms a page\n")


def prepare(root: Path, *, copies: int) -> Path:
    """A workspace with so many pages more for each period, all made."""
    shutil.copytree(ROOT / "data" / "raw", root / "data" / "raw")
    shutil.copytree(ROOT / "notebooks", root / "notebooks", ignore=shutil.ignore_patterns(".*", "*.py"))
    shutil.copy(ROOT / "evaluation.toml", root)
    (first, *_) = sorted((root / "notebooks").glob("*.ipynb"))
    for number in range(copies):
        shutil.copy(first, first.with_name(f"{50 + number}-{first.stem.partition('-')[2]}-{number}.ipynb"))
    subprocess.run([MP_EVAL, "run"], cwd=root, check=True, capture_output=True)
    time.sleep(3)  # a file younger than that is read again, for it may still be changing
    subprocess.run([MP_EVAL, "run"], cwd=root, check=True, capture_output=True)
    return root


def least(times: int, command: list[str], *, cwd: Path) -> float:
    found = []
    for _ in range(times):
        start = time.perf_counter()
        subprocess.run(command, cwd=cwd, check=True, capture_output=True)
        found.append(time.perf_counter() - start)
    return min(found)


def say(what: str, seconds: float) -> None:
    sys.stdout.write(f"{what:<45} {1000 * seconds:7.0f} ms\n")


if __name__ == "__main__":
    main()
