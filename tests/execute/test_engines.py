"""What a fork shows is what a kernel shows: for every committed notebook, and for cells known to be awkward."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from runs import notebook

from mp_eval.execute.local import Local
from mp_eval.execute.notebook import Job, Limits, execute, verdict
from mp_eval.workspace import Workspace

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")]
COMMITTED = sorted((Path(__file__).resolve().parents[2] / "notebooks").glob("*.ipynb"))
AWKWARD = [
    "n = 1",
    "import os, sys, time\nprint('a'); print('b', file=sys.stderr); print('c')",
    "_ = os.system('echo uit kind; echo fout >&2'); time.sleep(2)",
    "from IPython.display import HTML, Markdown, clear_output, display, update_display\ndisplay({'text/plain': 'oud'}, "
    "raw=True, display_id='k'); display(HTML('<b>x</b>'), metadata={'text/html': {'alt': 'x'}})",
    "update_display({'text/plain': 'nieuw'}, raw=True, display_id='k')",
    "for i in range(3):\n    clear_output(wait=True)\n    print(i)",
    "print('weg'); clear_output(); print('blijft')",
    "import matplotlib.pyplot as plt\nplt.plot([1, 2]); plt.title('t')",
    "%config InlineBackend.figure_formats = ['svg']\nimport matplotlib\n"
    "matplotlib.rcParams['svg.hashsalt'] = 's'\nplt.plot([1]);",
    "%matplotlib inline\nfig, ax = plt.subplots(); ax.bar([1], [2]); fig",
    "import warnings\nwarnings.warn('let op'); warnings.warn('oud', DeprecationWarning)",
    "import asyncio\nawait asyncio.sleep(0.01)\n'gewacht'",
    "async def f():\n    return 3\nasyncio.ensure_future(f())\n_ = await f(); _",
    "import logging; logging.warning('melding'); logging.info('stil')",
    "import pandas as pd\npd.DataFrame({'a': [1, 2]})",
    "!echo hallo",
    "%%bash\necho bash; echo err >&2",
    "import subprocess; _ = subprocess.run(['echo', 'sub']); time.sleep(0.5)",
    "class A:\n    def _repr_html_(self): return '<i>A</i>'\n    def __repr__(self): return 'A'\nA()",
    "class B:\n    def _repr_html_(self): raise ValueError('kan niet')\n    def __repr__(self): return 'B'\nB()",
    "import pickle\ndef g(): pass\nlen(pickle.dumps(g)), g.__module__, __name__",
    "import threading\nt = threading.Thread(target=lambda: print('draad')); t.start(); t.join()",
    "print('x', end=''); print('y'); display(1); print('z'); 7",
    "import multiprocessing\ndef h(x): return x + 1\n"
    "with multiprocessing.get_context('fork').Pool(1) as pool: print(pool.map(h, [1, 2]))",
    "pid = os.fork()\nif not pid:\n    os.write(1, b'tak\\n'); os._exit(0)\n_ = os.waitpid(pid, 0); time.sleep(0.5)",
    "In[2], _oh[len(_oh) and max(_oh)]",
    "'stil';",
    "",
    "None",
    "float('nan'), {'b': 1, 'a': 2}, 'é', '<>'",
    "len?",
    "%time 1",
    "sys.path[0] in ('', os.getcwd()), os.environ['MPLBACKEND'], sys.stdin is None or sys.stdin.isatty()",
    "input('naam?')",
    "sys.exit(3)",
    "def boom(x):\n    return 1 / x\n\nboom(0)",
    "import json; json.loads('{')",
    "raise KeyError('é <b>')",
    "x ==",
    "try:\n    1 / 0\nexcept ZeroDivisionError as e:\n    raise ValueError('twee') from e",
]
RAISES = ("input(", "sys.exit", "def boom", "import json;", "raise KeyError", "x ==", "try:", "In[2]")
VARIES = (
    (r"ipykernel_\d+/\d+", "ipykernel"),
    (r"0x[0-9a-f]+", "0x"),
    (r"(CPU times|Wall time): .*", r"\1"),
    (r"(Compiler|Parser)\s*: .*\n", ""),  # told by %time only when it took more than a tenth of a second
    (r"<dc:date>.*</dc:date>", ""),
)


def shown(path: Path) -> list[dict[str, Any]]:
    """What each cell showed: every output that is no stream, in order, and the text of each stream."""
    found = []
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            outputs = json.loads(json.dumps(cell.outputs))
            said = {n: "".join(o["text"] for o in outputs if o.get("name") == n) for n in ("stdout", "stderr")}
            others = json.dumps([o for o in outputs if o["output_type"] != "stream"], sort_keys=True)
            for pattern, by in VARIES:
                others, said = re.sub(pattern, by, others), {k: re.sub(pattern, by, v) for k, v in said.items()}
            found.append({"source": cell.source, "count": cell.execution_count, "others": others, **said})
    return found


@pytest.fixture
def awkward(tmp_path: Path) -> Path:
    path = notebook(tmp_path / "01-lastig.ipynb", *AWKWARD)
    content = nbformat.read(path, as_version=4)
    for cell in content.cells:
        if cell.source.startswith(RAISES):
            cell.metadata["tags"] = ["raises-exception"]
    nbformat.write(content, path)
    return path


def test_awkward_cells_show_the_same(tmp_path: Path, awkward: Path, pools: dict[str, Local]) -> None:
    targets = {engine: tmp_path / f"{engine}.ipynb" for engine in ("fork", "kernel")}
    for engine, target in targets.items():
        job = Job(awkward, {"n": 2}, target, Limits(60, 120), tmp_path, engine=engine)
        error = pools[engine].submit(execute, job).exception()
        assert error is None
        failure = verdict(job, None)  # cells that were allowed to fail make it no whole notebook
        assert failure is not None
    assert len(shown(targets["kernel"])) == len(AWKWARD) + 1
    for fork, kernel in zip(shown(targets["fork"]), shown(targets["kernel"]), strict=True):
        assert fork == kernel


@pytest.mark.parametrize("path", COMMITTED, ids=lambda p: p.name)
def test_a_committed_notebook_shows_the_same_and_what_was_committed(
    tmp_path: Path, path: Path, pools: dict[str, Local], small: Workspace
) -> None:
    from mp_eval import evaluate
    from mp_eval.execute.parameters import defaults

    period = str(defaults(path).get("period", ""))
    part = f"{period}={evaluate.parts(small)[period]}"
    targets = {engine: tmp_path / f"{engine}.ipynb" for engine in ("fork", "kernel")}
    for engine, target in targets.items():
        job = Job(path, {}, target, Limits(60, 120), small.root, part, engine)
        assert verdict(job, pools[engine].submit(execute, job).exception()) is None
    assert shown(targets["fork"]) == shown(targets["kernel"])
    assert [c["others"] for c in shown(targets["fork"])] == [c["others"] for c in shown(path)]


@pytest.fixture
def papermill() -> Callable[..., subprocess.CompletedProcess[str]]:
    def papermill(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "papermill", "--engine", "mp-eval", *words]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    return papermill


def test_papermill_itself_can_use_it(tmp_path: Path, awkward: Path, pools: dict[str, Local], papermill) -> None:  # type: ignore[no-untyped-def]
    job = Job(awkward, {"n": 2}, tmp_path / "kernel.ipynb", Limits(60, 120), tmp_path, engine="kernel")
    verdict(job, pools["kernel"].submit(execute, job).exception())
    done = papermill(str(awkward), str(tmp_path / "made.ipynb"), "-p", "n", "2", "--cwd", str(tmp_path))
    assert "ipykernel" not in done.stderr
    assert shown(tmp_path / "made.ipynb") == shown(job.target)


def test_papermill_hears_of_a_failing_cell(tmp_path: Path, papermill) -> None:  # type: ignore[no-untyped-def]
    path = notebook(tmp_path / "01.ipynb", "n = 1", "1 / 0", "'nooit'")
    done = papermill(str(path), str(tmp_path / "made.ipynb"))
    made = nbformat.read(tmp_path / "made.ipynb", as_version=4)
    assert done.returncode == 1
    assert "ZeroDivisionError: division by zero" in done.stderr
    assert made.cells[-1].outputs == []


def test_papermill_hears_of_a_killed_fork(tmp_path: Path, papermill) -> None:  # type: ignore[no-untyped-def]
    path = notebook(tmp_path / "01.ipynb", "n = 1", "import os; os.kill(os.getpid(), 9)")
    done = papermill(str(path), str(tmp_path / "made.ipynb"))
    assert (done.returncode != 0, "DeadKernelError" in done.stderr) == (True, True)


def test_papermill_ends_a_cell_that_takes_too_long(tmp_path: Path, papermill) -> None:  # type: ignore[no-untyped-def]
    path = notebook(tmp_path / "01.ipynb", "n = 1", "import time; time.sleep(90)")
    start = time.monotonic()
    done = papermill(str(path), str(tmp_path / "made.ipynb"), "--execution-timeout", "2")
    assert (done.returncode, "CellTimeoutError" in done.stderr) == (1, True)
    assert time.monotonic() - start < 60
