"""From nothing to every page: mp-eval run beside what others do, on the same notebooks and data, in one go.

    python benchmarks/pages.py [--times 3] [--copies 0] [--ploomber PYTHON]

Each way begins with no processed data and no output, and ends with an HTML file for every notebook and period:

- one after another: `papermill` and `jupyter nbconvert --to html`, a command each for every page;
- two at a time: the same commands, two pages at once;
- ploomber-engine: its Python API in one process, one exporter kept (its cells run in one process, not isolated), by a
  Python of its own, in which it is installed beside mp-eval: it slows papermill down where both are;
- mp-eval, the same work: from deliveries to the same pages and no further;
- mp-eval run: all of it, with workbooks, data files, the other pages, gates and the release in its place.

`--copies` makes so many more notebooks of the first one, as more chapters would.

The ways take turns; the least of the times counts, because what else the machine does can only add to it.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from mp_eval import workspace as places  # noqa: E402
from mp_eval.publish.leaves import Leaf, leaves  # noqa: E402

BIN = Path(sys.executable).parent
PLOOMBER = """
import sys, json, warnings
warnings.simplefilter("ignore")
from nbconvert import HTMLExporter
from ploomber_engine import execute_notebook
exporter = HTMLExporter()
for notebook, target, parameters in json.loads(sys.argv[1]):
    done = execute_notebook(notebook, target, parameters=parameters, progress_bar=False, verbose=False)
    open(target.replace(".ipynb", ".html"), "w").write(exporter.from_notebook_node(done)[0])
"""

SAME_WORK = """
from mp_eval import cli
from mp_eval.publish import release
release.Site.files = []  # no workbooks, no data files
release._place = lambda site, report, pool: None  # no landing page, no gates over all, no release
cli.main(["run"])
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--copies", type=int, default=0)
    parser.add_argument("--ploomber", help="a Python that has ploomber-engine; without it that way is left out")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "werkmap"
        shutil.copytree(ROOT / "data" / "raw", root / "data" / "raw")
        shutil.copytree(ROOT / "notebooks", root / "notebooks", ignore=shutil.ignore_patterns(".*", "*.py"))
        shutil.copy(ROOT / "evaluation.toml", root)
        (first, *_) = sorted((root / "notebooks").glob("*.ipynb"))
        for number in range(given.copies):
            shutil.copy(first, first.with_name(f"{50 + number}-{first.stem.partition('-')[2]}-{number}.ipynb"))
        workspace = places.find(root)
        wanted = leaves(workspace, [p.id for p in workspace.periods], {})
        ways: dict[str, Callable[[], None]] = {
            "one after another": lambda: one_after_another(root, wanted),
            "two at a time": lambda: two_at_a_time(root, wanted),
            **({"ploomber-engine": lambda: ploomber(root, wanted, given.ploomber)} if given.ploomber else {}),
            "mp-eval, the same work": lambda: same_work(root),
            "mp-eval run": lambda: mp_eval(root),
        }
        took: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(given.times):
            for name, way in ways.items():
                took[name].append(timed(root, way))
    least = min(took["mp-eval, the same work"])
    sys.stdout.write(f"{len(wanted)} pages of {len({x.notebook for x in wanted})} notebooks, from nothing\n")
    for name, seconds in took.items():
        each = ", ".join(f"{s:.2f}" for s in seconds)
        sys.stdout.write(f"{name:<24} {min(seconds):6.2f} s   {min(seconds) / least:5.1f} x   ({each})\n")


def timed(root: Path, way: Callable[[], None]) -> float:
    for name in ("data/processed", "output", ".mp-eval", "made"):
        shutil.rmtree(root / name, ignore_errors=True)
    (root / "made").mkdir()
    start = time.perf_counter()
    way()
    return time.perf_counter() - start


def one_after_another(root: Path, wanted: list[Leaf]) -> None:
    for leaf in wanted:
        page(root, leaf)


def two_at_a_time(root: Path, wanted: list[Leaf]) -> None:
    with ThreadPoolExecutor(2) as two:
        list(two.map(lambda leaf: page(root, leaf), wanted))


def page(root: Path, leaf: Leaf) -> None:
    """The two commands that make one page."""
    target = made(root, leaf)
    given = [word for name, value in leaf.parameters.items() for word in ("-r", name, str(value))]
    papermill = [BIN / "papermill", leaf.notebook, target, *given, "--cwd", leaf.notebook.parent, "--no-progress-bar"]
    for command in (papermill, [BIN / "jupyter", "nbconvert", "--to", "html", target]):
        subprocess.run([str(word) for word in command], check=True, capture_output=True, cwd=root)


def ploomber(root: Path, wanted: list[Leaf], python: str) -> None:
    import json

    jobs = [(str(x.notebook), str(made(root, x)), dict(x.parameters)) for x in wanted]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PLOOMBER_STATS_ENABLED": "false"}
    command = [python, "-c", PLOOMBER, json.dumps(jobs)]
    subprocess.run(command, check=True, capture_output=True, cwd=root / "notebooks", env=environment)


def same_work(root: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", SAME_WORK], check=True, capture_output=True, cwd=root, env=environment)


def mp_eval(root: Path) -> None:
    subprocess.run([str(BIN / "mp-eval"), "run"], check=True, capture_output=True, cwd=root)


def made(root: Path, leaf: Leaf) -> Path:
    return root / "made" / f"{leaf.slug}-{leaf.period or 'alle'}.ipynb"


if __name__ == "__main__":
    main()
