"""Where the time of a run goes: seconds of processor of each kind of work, from nothing to a release.

    python benchmarks/parts.py

Each piece of work is a fork, which tells what it used when it ends (getrusage). What is left are the command itself
and the warm process with its imports. Measuring costs next to nothing: a line a fork.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MP_EVAL = str(Path(sys.executable).parent / "mp-eval")
LOG = "MP_EVAL_PARTS"
NOTED = """
import os, pickle, resource
if os.environ.get("MP_EVAL_PARTS"):
    from mp_eval.execute import forks
    answer = forks._answer
    def noted(call):
        made = answer(call)
        fn, args, _ = pickle.loads(call)
        kind = {"_work": "evaluation", "execute": "notebooks"}.get(fn.__name__) or args[1]
        used = resource.getrusage(resource.RUSAGE_SELF)
        with open(os.environ["MP_EVAL_PARTS"], "a", encoding="utf-8") as log:
            log.write(f"{kind}\\t{used.ru_utime}\\t{used.ru_stime}\\n")
        return made
    forks._answer = noted
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        root, log = Path(folder) / "werkmap", Path(folder) / "log"
        shutil.copytree(ROOT / "data" / "raw", root / "data" / "raw")
        shutil.copytree(ROOT / "notebooks", root / "notebooks", ignore=shutil.ignore_patterns(".*", "*.py"))
        shutil.copy(ROOT / "evaluation.toml", root)
        (Path(folder) / "sitecustomize.py").write_text(NOTED, encoding="utf-8")
        paths = os.pathsep.join((folder, str(ROOT)))
        environment = {**os.environ, "PYTHONPATH": paths, "PYTHONWARNINGS": "ignore", LOG: str(log)}
        start = time.perf_counter()
        subprocess.run([MP_EVAL, "run"], check=True, capture_output=True, cwd=root, env=environment)
        took = time.perf_counter() - start
        used: dict[str, list[float]] = defaultdict(list)
        for line in log.read_text(encoding="utf-8").splitlines():
            kind, *seconds = line.split("\t")
            used[kind].append(sum(map(float, seconds)))
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    whole = children.ru_utime + children.ru_stime
    sys.stdout.write(f"{took:.1f} s; of processor {whole:.1f} s (user {children.ru_utime:.1f})\n")
    for kind, seconds in sorted(used.items(), key=lambda item: -sum(item[1])):
        sys.stdout.write(f"{kind:<12} {len(seconds):3} forks {sum(seconds):6.2f} s\n")
    left = whole - sum(map(sum, used.values()))
    sys.stdout.write(f"{'the rest':<12} {'':9} {left:6.2f} s: the command, the warm process and its imports\n")


if __name__ == "__main__":
    main()
