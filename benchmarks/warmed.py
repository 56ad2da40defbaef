"""Which modules of other libraries the work of a run still imports: writes mp_eval/publish/warmed.py.

    python benchmarks/warmed.py

A run from nothing, in which each piece of work tells what it imported that the warm process had not. Run it again when
the lock has changed. Nothing depends on these names but time: one that is gone is passed over.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "mp_eval" / "publish" / "warmed.py"
LOG = "MP_EVAL_WARMED"
HEAD = '''\
"""What the work of a run imports of other libraries, beyond what our modules bring: made by benchmarks/warmed.py.

They are imported once, before the forks, and may be private to their library: one that is gone costs warmth alone.
"""

'''
TELL = f"""
import os
if os.environ.get({LOG!r}):
    import pickle, sys
    from mp_eval.execute import forks
    from mp_eval.publish import warmed
    warmed.EVALUATION = warmed.NOTEBOOKS = warmed.PAGES = ()
    answer = forks._answer
    def telling(call):
        before = set(sys.modules)
        made = answer(call)
        kind = {{"_work": "EVALUATION", "execute": "NOTEBOOKS"}}.get(pickle.loads(call)[0].__name__, "PAGES")
        with open(os.environ[{LOG!r}], "a", encoding="utf-8") as log:
            log.writelines(f"{{kind}} {{name}}\\n" for name in set(sys.modules) - before)
        return made
    forks._answer = telling
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        root, log = Path(folder) / "werkmap", Path(folder) / "log"
        shutil.copytree(ROOT / "data" / "raw", root / "data" / "raw")
        shutil.copy(ROOT / "evaluation.toml", root)
        (Path(folder) / "sitecustomize.py").write_text(TELL, encoding="utf-8")
        paths = os.pathsep.join((folder, str(ROOT)))
        environment = {**os.environ, "PYTHONPATH": paths, LOG: str(log)}
        subprocess.run([sys.executable, "-m", "mp_eval.cli", "run"], check=True, cwd=root, env=environment)
        found = {tuple(line.split()) for line in log.read_text(encoding="utf-8").splitlines()}
    names: dict[str, list[str]] = {}
    for kind in ("EVALUATION", "NOTEBOOKS", "PAGES"):
        earlier = {name for these in names.values() for name in these}
        names[kind] = sorted(name for k, name in found if k == kind and name not in earlier)
    tuples = (f"{kind} = (\n{''.join(_line(name) for name in these)})\n" for kind, these in names.items())
    TARGET.write_text(HEAD + "".join(tuples), encoding="utf-8")


def _line(name: str) -> str:
    is_found = name in sys.modules or _exists(name)
    return f'    "{name}",\n' if is_found and name.partition(".")[0] != "mp_eval" else ""


def _exists(name: str) -> bool:
    """Whether it can be imported by its name: some modules are made up by others as they go."""
    done = subprocess.run([sys.executable, "-c", f"import {name}"], capture_output=True, check=False)
    return done.returncode == 0


if __name__ == "__main__":
    main()
