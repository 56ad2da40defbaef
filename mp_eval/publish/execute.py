"""Run notebooks, each in a process of its own, and know for certain which of them are whole.

papermill's own record calls a cell completed when its kernel was killed. So a journal is kept beside the notebook:
a cell is done only when its execution returned. What has not every cell done is a `Failure`, and never a page.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from ..workspace import KEY_VARIABLE, VARIABLE
from .parameters import check

ANSI = re.compile(r"\x1b\[[0-9;]*m")
GRACE = 5  # seconds between asking a process to stop and stopping it


@dataclass(frozen=True, eq=False)
class Job:
    """One notebook to run with these parameters; `target` is where the executed notebook goes."""

    notebook: Path
    parameters: Mapping[str, object]
    target: Path


@dataclass(frozen=True)
class Limits:
    cell_seconds: int
    notebook_seconds: int


@dataclass(frozen=True)
class Failure:
    """A notebook that is not whole: which cell (counted from 1, all cells), its first line, and the error."""

    job: Job
    cell: int
    line: str
    error: str

    def __str__(self) -> str:
        given = ", ".join(f"{k}={v}" for k, v in self.job.parameters.items())
        where = f"cel {self.cell} (‘{self.line}’)" if self.cell else "voor de eerste cel"
        return f"{self.job.notebook.name} ({given}): afgebroken bij {where}: {self.error}"


def run(
    jobs: Sequence[Job],
    *,
    root: Path,
    limits: Limits,
    key: str = "",
    at_once: int = 2,
    done: Callable[[Job, Failure | None], None] = lambda job, failure: None,
) -> list[Failure]:
    """Execute every job, `at_once` at a time; `done` is called as each ends. Returns those that are not whole.

    `key` is that of the evaluation; a notebook that would find another input fails.

    Raises
    ------
    ParameterError
        Before any kernel starts, when a parameter of a job is unknown or of the wrong type.
    """
    for job in jobs:
        check(job.notebook, job.parameters)
        job.target.parent.mkdir(parents=True, exist_ok=True)
    running: list[subprocess.Popen[str]] = []
    failures = []
    pool = ThreadPoolExecutor(max_workers=max(1, at_once))
    try:
        waiting = {
            pool.submit(_run, job, {VARIABLE: str(root), KEY_VARIABLE: key}, limits, running): job for job in jobs
        }
        for future in as_completed(waiting):
            failure = future.result()
            done(waiting[future], failure)
            failures += [failure] if failure else []
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        for process in list(running):
            _stop(process)
    return sorted(failures, key=lambda f: jobs.index(f.job))


def _run(job: Job, told: Mapping[str, str], limits: Limits, running: list[subprocess.Popen[str]]) -> Failure | None:
    journal = job.target.with_suffix(".journal")
    for leftover in (journal, job.target):
        leftover.unlink(missing_ok=True)
    task = {
        "notebook": str(job.notebook),
        "target": str(job.target),
        "journal": str(journal),
        "parameters": dict(job.parameters),
        "cwd": str(job.notebook.parent),
        "cell_seconds": limits.cell_seconds,
    }
    environment = {**os.environ, **told, "PYTHONHASHSEED": "0", "PYTHONIOENCODING": "utf-8"}
    with subprocess.Popen(
        [sys.executable, "-m", __name__],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=environment,
        start_new_session=os.name == "posix",  # so that its kernel can be stopped with it
    ) as process:
        running.append(process)
        try:
            _, complaint = process.communicate(json.dumps(task), timeout=limits.notebook_seconds)
        except subprocess.TimeoutExpired:
            _stop(process)
            complaint = f"het notebook duurde langer dan {limits.notebook_seconds} seconden"
        finally:
            running.remove(process)
    return _verdict(job, journal, process.returncode, complaint)


def _verdict(job: Job, journal: Path, code: int, complaint: str) -> Failure | None:
    """Whole only when the process said so and every code cell was seen to the end."""
    states: dict[int, dict[str, Any]] = {}
    if journal.exists():
        for line in journal.read_text(encoding="utf-8").splitlines():
            with suppress(ValueError):  # a last line that was cut off with its process
                entry = json.loads(line)
                states[entry["cell"]] = entry
    if code == 0 and states and all(s["state"] == "done" for s in states.values()) and _is_whole(job.target):
        return None
    stopped = [s for s in states.values() if s["state"] != "done"]
    last: dict[str, Any] = stopped[-1] if stopped else {"cell": -1, "line": "", "error": ""}
    error = last.get("error") or _last_line(complaint) or f"het proces stopte met code {code}"
    return Failure(job, last["cell"] + 1, last["line"], error)


def _is_whole(target: Path) -> bool:
    """Every code cell has run, in order, and none ended in an error."""
    if not target.is_file():
        return False
    notebook = nbformat.read(target, as_version=4)
    code = [c for c in notebook.cells if c.cell_type == "code" and c.source.strip()]
    errors = [o for c in code for o in c.outputs if o.output_type == "error"]
    return not errors and [c.execution_count for c in code] == list(range(1, len(code) + 1))


def _last_line(text: str) -> str:
    lines = [line for line in ANSI.sub("", text or "").splitlines() if line.strip()]
    return lines[-1].strip() if lines else ""


def _stop(process: subprocess.Popen[str]) -> None:
    """End the process and the kernel that it started."""
    if process.poll() is not None:
        return
    if os.name != "posix":
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(process.pid)], capture_output=True, check=False)
        return
    for sign in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, sign)
            process.wait(GRACE)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            continue


def _execute(task: Mapping[str, Any]) -> None:
    """In the notebook's process: run it with papermill, keeping the journal."""
    import papermill
    from jupyter_core.utils import run_sync
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.clientwrap import PapermillNotebookClient
    from papermill.engines import NBClientEngine, papermill_engines
    from papermill.exceptions import PapermillExecutionError
    from traitlets.config import Config

    journal = Path(task["journal"])

    def note(cell: int, line: str, state: str, error: str = "") -> None:
        with journal.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"cell": cell, "line": line, "state": state, "error": error}) + "\n")

    class Client(PapermillNotebookClient):
        async def async_execute_cell(self, cell, cell_index, *args, **kwargs):  # type: ignore[no-untyped-def]
            line = next((x.strip() for x in cell.source.splitlines() if x.strip()), "")
            if cell.cell_type != "code" or not line:
                return await super().async_execute_cell(cell, cell_index, *args, **kwargs)
            added = [c for c in self.nb.cells[:cell_index] if "injected-parameters" in c.metadata.get("tags", ())]
            cell_in_source = cell_index - len(added)  # as the notebook's own reader counts
            note(cell_in_source, line, "running")
            try:
                result = await super().async_execute_cell(cell, cell_index, *args, **kwargs)
            except DeadKernelError:
                note(cell_in_source, line, "failed", "de rekenkern is gestopt (kernel died)")
                raise
            except CellTimeoutError:
                note(cell_in_source, line, "failed", f"de cel duurde langer dan {task['cell_seconds']} seconden")
                raise
            except Exception as error:
                name, value = getattr(error, "ename", type(error).__name__), getattr(error, "evalue", str(error))
                note(cell_in_source, line, "failed", f"{name}: {_last_line(value)}")
                raise
            note(cell_in_source, line, "done")
            return result

        execute_cell = run_sync(async_execute_cell)

    class Engine(NBClientEngine):
        @classmethod
        def execute_managed_notebook(cls, nb_man, kernel_name, start_timeout=60, execution_timeout=None, **kwargs):  # type: ignore[no-untyped-def]
            resources = {"metadata": {"path": task["cwd"]}}
            with _private_transport() as transport:
                return Client(
                    nb_man, kernel_name=kernel_name, startup_timeout=start_timeout, timeout=execution_timeout,
                    config=Config({"KernelManager": transport}), resources=resources,
                ).execute()  # fmt: skip

    papermill_engines.register("mp-eval", Engine)
    try:
        papermill.execute_notebook(
            task["notebook"], task["target"], task["parameters"], engine_name="mp-eval", kernel_name="python3",
            execution_timeout=task["cell_seconds"], progress_bar=False, cwd=task["cwd"],
        )  # fmt: skip
    except (PapermillExecutionError, DeadKernelError, CellTimeoutError):
        sys.exit(1)  # the journal says what and where


@contextmanager
def _private_transport() -> Iterator[dict[str, str]]:
    """Sockets in a folder of this process's own where the platform has them: ports are raced for and readable."""
    if os.name != "posix":
        yield {}
        return
    with tempfile.TemporaryDirectory(prefix="mp-eval-") as folder:
        yield {"transport": "ipc", "ip": str(Path(folder, "kernel"))}


if __name__ == "__main__":
    _execute(json.loads(sys.stdin.read()))
