"""A notebook is whole or it is a failure that says where and why, whatever happens to its kernel."""

from __future__ import annotations

from pathlib import Path

import nbformat
import psutil
import pytest

from mp_eval.publish import execute
from mp_eval.publish.execute import Failure, Job, Limits
from mp_eval.publish.parameters import ParameterError

pytestmark = pytest.mark.slow
KILL = "import os\nos._exit(9) if os.name == 'nt' else os.kill(os.getpid(), 9)"


def write(folder: Path, *sources: str) -> Path:
    """A notebook with these code cells, the first of them its parameters."""
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    cells[0].metadata["tags"] = ["parameters"]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    path = folder / "01-proef.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), path)
    return path


def run(folder: Path, *sources: str, cell: int = 60, whole: int = 120, **parameters: object) -> list[Failure]:
    job = Job(write(folder, *sources), parameters, folder / "built" / "proef.ipynb")
    return execute.run([job], root=folder, limits=Limits(cell, whole))


def test_a_whole_notebook_is_no_failure_and_has_its_outputs(tmp_path: Path) -> None:
    assert run(tmp_path, "n = 1", "n + 1", n=41) == []
    built = nbformat.read(tmp_path / "built" / "proef.ipynb", as_version=4)
    assert built.cells[-1].outputs[0].data["text/plain"] == "42"


def test_an_error_names_the_cell_its_line_and_itself(tmp_path: Path) -> None:
    (failure,) = run(tmp_path, "n = 0", "# delen\n1 / n", "n")
    assert str(failure).endswith("afgebroken bij cel 2 (‘# delen’): ZeroDivisionError: division by zero")


def test_a_killed_kernel_is_a_failure_at_its_cell(tmp_path: Path) -> None:
    (failure,) = run(tmp_path, "n = 0", KILL, "n")
    assert (failure.cell, failure.error) == (2, "de rekenkern is gestopt (kernel died)")


def test_a_cell_that_takes_too_long_is_a_failure(tmp_path: Path) -> None:
    (failure,) = run(tmp_path, "n = 0", "import time; time.sleep(60)", cell=2)
    assert failure.error == "de cel duurde langer dan 2 seconden"


def test_a_notebook_that_takes_too_long_is_stopped_with_its_kernel(tmp_path: Path) -> None:
    note = tmp_path / "kernel"
    source = f"import os, pathlib, time\npathlib.Path({str(note)!r}).write_text(str(os.getpid()))\ntime.sleep(60)"
    (failure,) = run(tmp_path, "n = 0", source, whole=20)
    assert failure.error == "het notebook duurde langer dan 20 seconden"
    _, alive = psutil.wait_procs([psutil.Process(int(note.read_text()))] if _lives(note) else [], timeout=10)
    assert not alive


def test_an_unknown_parameter_is_refused_before_anything_runs(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="periode"):
        run(tmp_path, "period = '2024'", f"open({str(tmp_path / 'ran')!r}, 'w')", periode="2025")
    assert not (tmp_path / "ran").exists()


def test_notebooks_that_run_at_once_do_not_mix(tmp_path: Path) -> None:
    path = write(tmp_path, "n = 0", "import os", "n * 10")
    jobs = [Job(path, {"n": n}, tmp_path / "built" / f"{n}.ipynb") for n in (1, 2, 3)]
    assert execute.run(jobs, root=tmp_path, limits=Limits(60, 120), at_once=3) == []
    found = [nbformat.read(job.target, as_version=4).cells[-1].outputs[0].data["text/plain"] for job in jobs]
    assert found == ["10", "20", "30"]


def test_nothing_is_left_beside_the_notebooks(tmp_path: Path) -> None:
    run(tmp_path, "n = 1", "n")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["01-proef.ipynb", "built"]


def _lives(note: Path) -> bool:
    return psutil.pid_exists(int(note.read_text()))
