"""This tree beside another commit of this repository, each way of running in turn: seconds of clock and of processor.

    python benchmarks/against.py 372dfae [--times 3] [--only nothing public]

The other commit is checked out in a folder of its own and run by this Python with the packages that are installed here.
Each tree has its own settings, deliveries and notebooks, and makes its release once. Then, turn by turn:

- from nothing: no processed data, no output;
- notebook: a sentence is added to one notebook, so four pages are made again;
- row: a row is taken out of one delivered CSV;
- nothing: nothing changed; from the second turn on, it did not in the run before either;
- public: from nothing with `internal = false` and a threshold of 5.

The least of the times counts, because what else the machine does can only add to it. The ratio is the other commit's
seconds by those of this tree: above one, this tree is faster.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUN = "from mp_eval.cli import main; main(['run'])"
SETTLED = 3  # seconds after which a file's times tell whether it changed
Took = tuple[float, float]  # seconds of clock, and of processor


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("commit")
    parser.add_argument("--times", type=int, default=3, help="turns")
    parser.add_argument("--only", nargs="+", choices=WAYS, default=list(WAYS))
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, checked_out(given.commit, Path(folder) / "other") as other:
        trees = {given.commit: other, "this tree": ROOT}
        roots = {name: prepared(tree, Path(folder) / f"of {n}") for n, (name, tree) in enumerate(trees.items())}
        sys.stdout.write(f"{'':<14}{given.commit + ' s, cpu':>22}{'this tree s, cpu':>22}{'ratio s, cpu':>18}\n")
        for way in given.only:
            took: dict[str, list[Took]] = {name: [] for name in trees}
            for turn in range(given.times):
                for name, tree in trees.items():
                    WAYS[way](roots[name], turn)
                    took[name].append(run(tree, roots[name]))
            old, new = (tuple(map(min, zip(*took[name], strict=True))) for name in trees)
            ratios = [a / b for a, b in zip(old, new, strict=True)]
            sys.stdout.write(f"{way:<14}" + "".join(f"{a:12.2f}{b:10.2f}" for a, b in (old, new)))
            sys.stdout.write(f"{ratios[0]:10.2f}{ratios[1]:8.2f}\n")


@contextmanager
def checked_out(commit: str, folder: Path) -> Iterator[Path]:
    """The files of a commit in a folder, as a worktree that is gone again afterwards."""
    git = ["git", "-C", str(ROOT), "worktree"]
    subprocess.run([*git, "add", "--quiet", "--detach", str(folder), commit], check=True)
    try:
        yield folder
    finally:
        subprocess.run([*git, "remove", "--force", str(folder)], check=True)


def prepared(tree: Path, root: Path) -> Path:
    """A workspace with what this tree brings, of which a release was made."""
    shutil.copytree(tree / "data" / "raw", root / "data" / "raw")
    shutil.copytree(tree / "notebooks", root / "notebooks", ignore=shutil.ignore_patterns(".*", "*.py"))
    shutil.copy(tree / "evaluation.toml", root)
    note = root / "data/raw/2024/source.toml"  # without digests, so that a row may go
    note.write_text(note.read_text(encoding="utf-8").partition("[sha256]")[0], encoding="utf-8")
    run(tree, root)
    return root


def run(tree: Path, root: Path) -> Took:
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    environment = {**os.environ, "PYTHONPATH": str(tree), "PYTHONWARNINGS": "ignore"}
    subprocess.run([sys.executable, "-c", RUN], cwd=root, env=environment, check=True, capture_output=True)
    after, took = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter() - start
    return took, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def from_nothing(root: Path, turn: int) -> None:
    for name in ("output", ".mp-eval", "data/processed"):
        shutil.rmtree(root / name, ignore_errors=True)


def notebook(root: Path, turn: int) -> None:
    path = root / "notebooks" / "03-geactiveerd.ipynb"
    content = json.loads(path.read_text(encoding="utf-8"))
    cell = {"cell_type": "markdown", "id": f"zin-{turn}", "metadata": {}, "source": ["Een zin erbij."]}
    path.write_text(json.dumps({**content, "cells": [*content["cells"], cell]}), encoding="utf-8")


def row(root: Path, turn: int) -> None:
    path = root / "data/raw/2024/gesprekken.csv"
    lines = path.read_bytes().splitlines(keepends=True)
    last = max(n for n, line in enumerate(lines) if b"eerste gesprek" in line)
    path.write_bytes(b"".join(lines[:last] + lines[last + 1 :]))


def nothing(root: Path, turn: int) -> None:
    time.sleep(SETTLED)


def public(root: Path, turn: int) -> None:
    path = root / "evaluation.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("internal = true", "internal = false"), encoding="utf-8")
    from_nothing(root, turn)


WAYS: dict[str, Callable[[Path, int], None]] = {
    "from-nothing": from_nothing,
    "notebook": notebook,
    "row": row,
    "nothing": nothing,
    "public": public,
}


if __name__ == "__main__":
    main()
