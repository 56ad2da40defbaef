"""Many municipalities: time and memory as their number grows, two workers of a cluster, and one of them lost.

    python benchmarks/many.py [--workspaces 200] [--cluster 30]

Every workspace has the three periods of the bundled data and is made from nothing. Told are the time a page, the
highest memory of the process that coordinates and of the warm one (not their forks), and for a smaller number the
time on a dask cluster of two workers on this machine beside the local time, and what remains undone when one of
these workers is killed halfway.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
from clusters import cluster  # noqa: E402

MP_EVAL = [sys.executable, "-m", "mp_eval.cli", "run"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--workspaces", type=int, default=200)
    parser.add_argument("--cluster", type=int, default=30)
    given = parser.parse_args()
    for number in (given.workspaces // 10, given.workspaces):
        with tempfile.TemporaryDirectory() as folder:
            prepare(Path(folder), number)
            seconds, memory, _ = run(Path(folder))
            say(f"{number} workspaces x 3 periods", seconds, folder, memory)
    with tempfile.TemporaryDirectory() as folder, cluster(made(folder, "dask")) as running:
        prepare(made(folder, "lokaal"), given.cluster)
        prepare(made(folder, "cluster"), given.cluster)
        local, memory, _ = run(Path(folder, "lokaal"))
        say(f"{given.cluster} workspaces, local", local, f"{folder}/lokaal", memory)
        run(Path(folder, "cluster"), *running.options, only="000")  # the workers have imported what they need
        seconds, memory, _ = run(Path(folder, "cluster"), *running.options)
        say(f"{given.cluster} workspaces, two dask workers", seconds, f"{folder}/cluster", memory)
        sys.stdout.write(f"dask / local: {seconds / local:.2f}\n")
        prepare(made(folder, "verlies"), given.cluster)
        threading.Timer(local / 2, running.workers[0].kill).start()
        seconds, memory, code = run(Path(folder, "verlies"), *running.options)
        say(f"{given.cluster} workspaces, one worker lost", seconds, f"{folder}/verlies", memory)
        sys.stdout.write(f"exit code {code}\n")


def made(folder: str, name: str) -> Path:
    path = Path(folder, name)
    path.mkdir()
    return path


def prepare(folder: Path, number: int) -> None:
    for n in range(number):
        root = folder / f"{n:03}"
        shutil.copytree(ROOT / "data" / "raw", root / "data" / "raw")
        shutil.copy(ROOT / "evaluation.toml", root)


def run(folder: Path, *options: str, only: str = "*") -> tuple[float, dict[str, int], int]:
    """Seconds, the highest memory in MB by process, and the exit code."""
    start, highest = time.perf_counter(), {"coordinator": 0, "warm": 0}
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [*MP_EVAL, "--workspaces", f"{folder}/{only}", *options]
    with subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL) as process:
        top = psutil.Process(process.pid)
        while process.poll() is None:
            for name, found in zip(highest, [top, *top.children()][:2], strict=False):
                try:
                    highest[name] = max(highest[name], found.memory_info().rss // 2**20)
                except psutil.Error:
                    continue
            time.sleep(0.2)
    return time.perf_counter() - start, highest, process.returncode


def say(what: str, seconds: float, folder: str, memory: dict[str, int]) -> None:
    pages = len(list(Path(folder).glob("*/output/*/*.html")))
    each = 1000 * seconds / max(1, pages)
    sys.stdout.write(f"{what:<38} {pages:5} pages {seconds:7.1f} s {each:6.0f} ms a page; ")
    sys.stdout.write(", ".join(f"{name} {mb} MB" for name, mb in memory.items()) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
