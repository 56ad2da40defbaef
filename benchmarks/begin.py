"""From `init --voorbeeld` to the landing page, beside the second half of `make report`; taking turns.

    python benchmarks/begin.py [--times 3] [--mp-eval OTHER/bin/mp-eval]

The first is what somebody does who has the package alone: a workspace with made-up deliveries of a municipality of
60,000, and a run. The second is `mp-eval run` on the deliveries of the repository, in a copy of it from which nothing
was made yet. `--mp-eval` names the command of another environment, such as one with the wheel alone, for the first. The
least of each counts, in seconds of clock and of processor.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MP_EVAL = str(Path(sys.executable).parent / "mp-eval")
NOT_COPIED = shutil.ignore_patterns(".git", ".venv", ".mp-eval", "output", "processed", "ledger", ".*_cache")


Took = tuple[float, float]  # seconds of clock, and of processor


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--mp-eval", default=MP_EVAL, dest="command")
    given = parser.parse_args()
    command = str(Path(given.command).absolute())
    begun: list[Took] = []
    reported: list[Took] = []
    pages = (0, 0)
    for _ in range(given.times):
        with tempfile.TemporaryDirectory() as folder:
            new, copy = Path(folder) / "new", Path(folder) / "copy"
            init = [command, "init", str(new), "--naam", "Voorbeeldstad", "--voorbeeld"]
            begun.append(timed([init, [command, "run", "--workspace", str(new)]], folder))
            shutil.copytree(ROOT, copy, ignore=NOT_COPIED)
            reported.append(timed([[MP_EVAL, "run", "--workspace", str(copy)]], folder))
            pages = made(new), made(copy)
    first, second = least(begun), least(reported)
    for name, took, count in (("init --voorbeeld, run", first, pages[0]), ("make report's run", second, pages[1])):
        sys.stdout.write(f"{name:<24}{took[0]:6.1f} s, {took[1]:6.1f} s of processor, {count} pages\n")
    sys.stdout.write(f"{'ratio':<24}{first[0] / second[0]:6.2f},   {first[1] / second[1]:6.2f}\n")


def timed(commands: list[list[str]], folder: str) -> Took:
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    for command in commands:
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
    after, took = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter() - start
    return took, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def least(found: list[Took]) -> Took:
    return min(clock for clock, _ in found), min(processor for _, processor in found)


def made(root: Path) -> int:
    """How many pages there are, the landing page among them."""
    assert (root / "output" / "index.html").is_file()
    return len(list((root / "output").rglob("*.html")))


if __name__ == "__main__":
    main()
