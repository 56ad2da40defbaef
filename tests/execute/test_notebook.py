"""A notebook is whole or it is a failure that says where and why, in a fork as in a kernel."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import nbformat
import pytest
from runs import Run, notebook
from strays import gone, wait_for

from mp_eval.execute import kept
from mp_eval.execute.local import Local
from mp_eval.execute.notebook import Job, Limits, execute, verdict

pytestmark = pytest.mark.slow
LIMITS = Limits(60, 120)
KILL = "import os\nos._exit(9) if os.name == 'nt' else os.kill(os.getpid(), 9)"


@pytest.fixture
def built(tmp_path: Path) -> Path:
    return tmp_path / "built" / "built.ipynb"


def texts(path: Path) -> list[str]:
    cells = nbformat.read(path, as_version=4).cells
    return [o.get("text") or o.get("data", {}).get("text/plain") or o.get("evalue") for c in cells for o in c.outputs]


def test_a_whole_notebook_is_no_failure_and_has_its_outputs(run: Run, built: Path) -> None:
    assert run("n = 1", "n + 1", n=41) is None
    assert texts(built) == ["42"]


def test_two_runs_give_the_same_bytes(run: Run, built: Path) -> None:
    said = "import sys\nprint('a'); print('b', file=sys.stderr); print('c'); 5"
    assert run("n = 1", said, n=2) is None
    first = built.read_bytes()
    assert run("n = 1", said, n=2) is None
    assert built.read_bytes() == first


def test_an_error_names_the_cell_the_line_where_it_arose_and_itself(run: Run) -> None:
    failure = run("n = 0", "# delen\n1 / n", "n")
    assert str(failure).endswith("afgebroken bij cel 2 (‘1 / n’): ZeroDivisionError: division by zero")


def test_an_error_deeper_down_names_the_line_of_the_cell(run: Run) -> None:
    failure = run("n = 0", "def half(x):\n    return x / n\n\nhalf(2)", "n")
    assert (failure.cell, failure.line) == (2, "half(2)")


def test_a_syntax_error_is_a_failure_of_its_cell(run: Run) -> None:
    failure = run("n = 0", "n ==", "n")
    assert (failure.cell, failure.error.partition(":")[0]) == (2, "SyntaxError")


def test_a_killed_process_is_a_failure_at_its_cell(run: Run) -> None:
    failure = run("n = 0", KILL, "n")
    assert (failure.cell, failure.error) == (2, "de rekenkern is gestopt (kernel died)")


def test_what_was_shown_before_a_kill_can_still_be_read(run: Run, built: Path) -> None:
    run("n = 0", "'nog gezien'", KILL, "n")
    assert texts(built) == ["'nog gezien'", "de rekenkern is gestopt (kernel died)"]


def test_an_exit_in_a_fork_is_a_failure_of_the_cell_after_it(tmp_path: Path, pools: dict[str, Local]) -> None:
    job = Job(notebook(tmp_path / "01-proef.ipynb", "n = 0", "exit()", "n"), {}, tmp_path / "b.ipynb", LIMITS, tmp_path)
    failure = verdict(job, pools["fork"].submit(execute, job).exception())
    assert (failure.cell, failure.error) == (3, "de rekenkern is gestopt (kernel died)")


def test_a_cell_that_takes_too_long_is_a_failure(run: Run) -> None:
    failure = run("n = 0", "import time; time.sleep(60)", cell=2)
    assert (failure.cell, failure.error) == (2, "de cel duurde langer dan 2 seconden")


def test_a_cell_that_will_not_be_interrupted_is_ended_all_the_same(run: Run) -> None:
    stubborn = "import signal, time\nfor s in (2, 14, 15): signal.signal(s, signal.SIG_IGN)\nwhile True: time.sleep(1)"
    assert run("n = 0", stubborn, cell=2).error == "de cel duurde langer dan 2 seconden"


def test_a_notebook_that_takes_too_long_is_a_failure(run: Run) -> None:
    failure = run("n = 0", "import time; time.sleep(1)", "time.sleep(60)", whole=4)
    assert (failure.cell, failure.error) == (3, "het notebook duurde langer dan 4 seconden")


@pytest.mark.skipif(not kept.ADOPTS, reason="only Linux finds what left its group and lost its parent")
@pytest.mark.parametrize(
    ("then", "error"),
    [
        ("", ""),
        ("os.kill(os.getpid(), 9)", "de rekenkern is gestopt (kernel died)"),
        ("time.sleep(90)", "de cel duurde langer dan 4 seconden"),
        ("1 / 0", "ZeroDivisionError: division by zero"),
    ],
    ids=["whole", "killed", "late", "failed"],
)
def test_nothing_that_a_cell_started_lives_on(run: Run, tmp_path: Path, then: str, error: str) -> None:
    source = (
        f"import os, sys, time, pathlib; sys.path.append({str(Path(__file__).parent)!r})\nfrom strays import *\n"
        f"note(pathlib.Path({str(tmp_path / 'pids')!r}), [os.getpid(), *start_all()])\n{then}"
    )
    failure = run("n = 0", source, cell=4 if "duurde" in error else 60)
    assert (failure.cell, failure.error) == (2, error) if error else failure is None
    assert gone(wait_for(tmp_path / "pids"))


@pytest.mark.parametrize(
    ("tag", "source", "error"),
    [
        ("raises-exception", "1 / 0", "de cel toont een fout (ZeroDivisionError)"),
        ("skip-execution", "1", "de cel is niet uitgevoerd"),
    ],
)
def test_a_tag_that_leaves_a_notebook_not_whole_is_named_with_its_cell(
    run: Run, tmp_path: Path, tag: str, source: str, error: str
) -> None:
    failure = run("n = 0", "n", f"# hier\n{source}", "n", tags={2: [tag]}, n=2)
    assert (failure.cell, failure.line) == (3, "# hier")
    assert failure.error == f"{error}; haal het label ‘{tag}’ weg: een pagina is van een notebook dat heel is"


def test_a_notebook_within_a_notebook_needs_no_kernel_of_its_own(run: Run, tmp_path: Path, built: Path) -> None:
    inner = notebook(tmp_path / "02-binnen.ipynb", "n = 0", "import asyncio\nawait asyncio.sleep(0)\nprint(n)", "n + 1")
    source = (
        f"import papermill\nmade = papermill.execute_notebook({str(inner)!r}, None, {{'n': 5}}, "
        "engine_name='mp-eval', progress_bar=False)\n"
        "[o.get('text') or o.data['text/plain'] for c in made.cells for o in c.get('outputs', ())]"
    )
    assert run("n = 0", source, "n") is None
    assert texts(built) == ["['5\\n', '6']", "0"]


def test_a_cell_that_forks_and_does_not_end_the_fork_goes_on_once(run: Run, built: Path) -> None:
    assert run("n = 0", "import os\n_ = os.fork()", "print('eens')") is None
    assert texts(built) == ["eens\n"]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux holds a process to its memory")
def test_a_notebook_that_wants_too_much_memory_is_told_its_limit(run: Run) -> None:
    failure = run("n = 0", "x = bytearray(3 * 2**30)", memory=1024)
    assert failure.error == "MemoryError (de grens is 1024 MB: memory_mb in evaluation.toml)"


def test_a_notebook_begins_where_it_lies_and_sees_what_lies_beside_it(run: Run, tmp_path: Path, built: Path) -> None:
    (tmp_path / "naast.py").write_text("woord = 'naast'\n")
    assert run("n = 0", "import os, naast\nprint(naast.woord, os.path.realpath(os.getcwd()))") is None
    assert texts(built) == [f"naast {os.path.realpath(tmp_path)}\n"]


def test_nothing_of_one_notebook_is_left_for_the_next(run: Run, built: Path) -> None:
    spoil = (
        "import builtins, os, sys, warnings, matplotlib, pandas\nbuiltins.rest = 1\nos.environ['REST'] = '1'"
        "\nos.chdir('/')"
        "\nsys.modules['rest'] = sys\nwarnings.simplefilter('error')\nmatplotlib.rcParams['font.size'] = 99"
        "\npandas.set_option('display.max_rows', 7)"
    )
    look = (
        "import builtins, os, sys, warnings, matplotlib, pandas\n[hasattr(builtins, 'rest'), 'REST' in os.environ, "
        "os.getcwd() == '/', 'rest' in sys.modules, 'rest' in globals(), warnings.filters[0][0] == 'error', "
        "matplotlib.rcParams['font.size'] == 99, pandas.get_option('display.max_rows') == 7]"
    )
    assert run("rest = 0", spoil) is None
    assert run("n = 0", look) is None
    assert texts(built) == [repr([False] * 8)]


def test_notebooks_that_run_at_once_do_not_mix(tmp_path: Path, pools: dict[str, Local], engine: str) -> None:
    path = notebook(tmp_path / "01-proef.ipynb", "n = 0", "import os", "n * 10")
    targets = [tmp_path / f"{n}.ipynb" for n in (1, 2, 3)]
    jobs = [Job(path, {"n": n}, t, LIMITS, tmp_path, engine=engine) for n, t in enumerate(targets, 1)]
    futures = [pools[engine].submit(execute, job) for job in jobs]
    assert [verdict(job, future.exception()) for job, future in zip(jobs, futures, strict=True)] == [None] * 3
    assert [texts(target) for target in targets] == [["10"], ["20"], ["30"]]


def test_nothing_is_left_beside_the_notebook(run: Run, tmp_path: Path, built: Path) -> None:
    run("n = 1", "n")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["01-proef.ipynb", "built"]
    assert list(built.parent.iterdir()) == [built]


def test_a_widget_is_refused_in_a_fork_and_told_what_to_do(tmp_path: Path, pools: dict[str, Local]) -> None:
    source = "from comm import create_comm\ncreate_comm(target_name='jupyter.widget', data={'state': {}})"
    path = notebook(tmp_path / "01-proef.ipynb", "n = 0", source)
    job = Job(path, {}, tmp_path / "built.ipynb", LIMITS, tmp_path)
    failure = verdict(job, pools["fork"].submit(execute, job).exception())
    assert (failure.cell, "gebruik --engine kernel" in failure.error) == (2, True)


def test_kernels_need_nothing_that_windows_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    from mp_eval.execute import engine

    for name in ("fcntl", "termios"):
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.delitem(sys.modules, "mp_eval.execute.shell", raising=False)
    assert engine._client("kernel").__name__ == "Client"
