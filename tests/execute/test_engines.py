"""What a fork shows is what a kernel shows: for every committed notebook, and for cells known to be awkward."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import papermill as papermill_api
import pytest
from conftest import long
from IPython.core.interactiveshell import InteractiveShell
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.exceptions import PapermillExecutionError
from runs import notebook
from strays import WAYS, gone, wait_for

from mp_eval import evaluate
from mp_eval.execute import kept
from mp_eval.execute.kept import Kept
from mp_eval.execute.local import Local
from mp_eval.execute.notebook import Job, Limits, execute, verdict
from mp_eval.execute.parameters import defaults
from mp_eval.workspace import Workspace

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")]
finds_strays = pytest.mark.skipif(not kept.ADOPTS, reason="only Linux finds what left its group and lost its parent")
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


@pytest.fixture(scope="module")
def awkward(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = notebook(tmp_path_factory.mktemp("awkward") / "01-lastig.ipynb", *AWKWARD)
    content = nbformat.read(path, as_version=4)
    for cell in content.cells:
        if cell.source.startswith(RAISES):
            cell.metadata["tags"] = ["raises-exception"]
    nbformat.write(content, path)
    return path


@pytest.fixture(scope="module")
def awkward_in_a_kernel(awkward: Path, pools: dict[str, Local]) -> list[dict[str, Any]]:
    return shown(awkwardly(awkward, "kernel", pools))


def awkwardly(awkward: Path, engine: str, pools: dict[str, Local]) -> Path:
    job = Job(awkward, {"n": 2}, awkward.with_name(f"{engine}.ipynb"), Limits(60, 120), awkward.parent, engine=engine)
    assert pools[engine].submit(execute, job).exception() is None
    assert verdict(job, None) is not None  # cells that were allowed to fail make it no whole notebook
    return job.target


def test_awkward_cells_show_the_same(
    awkward: Path, awkward_in_a_kernel: list[dict[str, Any]], pools: dict[str, Local]
) -> None:
    assert len(awkward_in_a_kernel) == len(AWKWARD) + 1
    for fork, kernel in zip(shown(awkwardly(awkward, "fork", pools)), awkward_in_a_kernel, strict=True):
        assert fork == kernel


@pytest.mark.parametrize("engine", ["fork", long("kernel")])  # nbval, too, compares them in kernels
@pytest.mark.parametrize("path", [p if n == 2 else long(p) for n, p in enumerate(COMMITTED)], ids=lambda p: p.name)
def test_a_committed_notebook_shows_what_was_committed(
    tmp_path: Path, path: Path, pools: dict[str, Local], evaluated: Workspace, engine: str
) -> None:
    period = str(defaults(path).get("period", ""))
    part = f"{period}={evaluate.parts(evaluated)[period]}"
    job = Job(path, {}, tmp_path / "made.ipynb", Limits(60, 120), evaluated.root, part, engine)
    assert verdict(job, pools[engine].submit(execute, job).exception()) is None
    assert shown(job.target) == shown(path)


@pytest.fixture
def papermill() -> Callable[..., subprocess.CompletedProcess[str]]:
    def papermill(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "papermill", "--engine", "mp-eval", *words]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    return papermill


def test_papermill_itself_can_use_it(
    tmp_path: Path,
    awkward: Path,
    awkward_in_a_kernel: list[dict[str, Any]],
    papermill: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    done = papermill(str(awkward), str(tmp_path / "made.ipynb"), "-p", "n", "2", "--cwd", str(awkward.parent))
    assert "ipykernel" not in done.stderr
    assert shown(tmp_path / "made.ipynb") == awkward_in_a_kernel


def test_papermill_hears_of_a_failing_cell(tmp_path: Path) -> None:
    with pytest.raises(PapermillExecutionError, match="ZeroDivisionError: division by zero"):
        here(notebook(tmp_path / "01.ipynb", "n = 1", "1 / 0", "'nooit'"))
    assert nbformat.read(tmp_path / "made.ipynb", as_version=4).cells[-1].outputs == []


def here(path: Path, timeout: float | None = None) -> list[str]:
    """Run the notebook by papermill in this process; what its cells showed."""
    made = papermill_api.execute_notebook(
        path, path.with_name("made.ipynb"), engine_name="mp-eval", progress_bar=False, execution_timeout=timeout
    )
    outputs = [o for cell in made.cells for o in cell.get("outputs", ())]
    return [o.get("text") or o.get("ename") or o.data["text/plain"] for o in outputs]


@finds_strays
@pytest.mark.parametrize("way", WAYS)
def test_papermill_hears_of_a_killed_fork_whatever_still_holds_its_pipe(tmp_path: Path, way: Callable[[], int]) -> None:
    then = "os.kill(os.getpid(), 9)"
    path = notebook(tmp_path / "01.ipynb", "n = 1", starting(tmp_path / "pids", way.__name__, then), "'nooit'")
    with pytest.raises(DeadKernelError):
        here(path)
    assert gone(wait_for(tmp_path / "pids"))


@finds_strays
def test_papermill_leaves_nothing_of_a_notebook_that_is_whole(tmp_path: Path) -> None:
    starts = [starting(tmp_path / way.__name__, way.__name__) for way in WAYS]
    assert here(notebook(tmp_path / "01.ipynb", "n = 1", *starts, "'heel'")) == ["'heel'"]
    assert all(gone(wait_for(tmp_path / way.__name__)) for way in WAYS)


@finds_strays
@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGKILL])
def test_when_papermill_is_ended_its_notebook_ends_too(tmp_path: Path, sign: signal.Signals) -> None:
    path = notebook(tmp_path / "01.ipynb", "n = 1", starting(tmp_path / "pids", "daemon", "time.sleep(90)"))
    if not (asker := os.fork()):
        here(path)
    pids = wait_for(tmp_path / "pids")
    os.kill(asker, sign)
    os.waitpid(asker, 0)
    assert gone(pids)


def starting(noted: Path, way: str, then: str = "") -> str:
    """A cell that starts something that gets away, and notes its own number and that."""
    return (
        f"import os, sys, time, pathlib; sys.path.append({str(Path(__file__).parent)!r})\nimport strays\n"
        f"strays.note(pathlib.Path({str(noted)!r}), [os.getpid(), strays.{way}()])\n{then}"
    )


@pytest.fixture
def keyboard() -> Iterator[None]:
    """Somebody who sits there and types nothing."""
    before = os.dup(0)
    ours, theirs = os.pipe()
    os.dup2(ours, 0)
    yield
    os.dup2(before, 0)
    for number in (before, ours, theirs):
        os.close(number)


@pytest.mark.usefixtures("keyboard")
def test_no_cell_waits_for_the_keyboard(tmp_path: Path) -> None:
    path = notebook(
        tmp_path / "01.ipynb",
        "n = 1",
        "import os, subprocess, sys\nsubprocess.run(['cat'], capture_output=True, timeout=30).stdout",
        "sys.stdin.read(), os.read(0, 1)",
        "subprocess.run(['sh', '-c', 'read x || echo niets'], capture_output=True, text=True, timeout=30).stdout",
    )
    assert here(path) == ["b''", "('', b'')", "'niets\\n'"]


@pytest.mark.usefixtures("keyboard")
@pytest.mark.parametrize("asks", ["input('naam?')", "from getpass import getpass\ngetpass()"])
def test_a_cell_that_asks_something_is_refused(tmp_path: Path, asks: str) -> None:
    with pytest.raises(PapermillExecutionError, match="StdinNotImplementedError"):
        here(notebook(tmp_path / "01.ipynb", "n = 1", asks))


def test_ipython_itself_can_use_it(tmp_path: Path) -> None:
    def work(into: int) -> None:
        InteractiveShell.instance()
        os.write(into, here(notebook(tmp_path / "01.ipynb", "n = 1", "n + 1"))[0].encode())

    call = Kept(work)
    assert os.read(call.pipe, 10) == b"2"
    call.end()
    os.close(call.pipe)


@finds_strays
def test_papermill_ends_a_cell_that_takes_too_long(tmp_path: Path) -> None:
    path = notebook(tmp_path / "01.ipynb", "n = 1", starting(tmp_path / "pids", "in_a_session", "time.sleep(90)"))
    with pytest.raises(CellTimeoutError):
        here(path, timeout=3)
    assert gone(wait_for(tmp_path / "pids"))
