"""One notebook, run with its parameters, and the certainty whether it is whole.

papermill's own record calls a cell completed when its kernel was killed. So a journal is kept beside the notebook:
a cell is done only when its execution returned. What has not every cell done is a `Failure`, and never a page. The
journal holds what each cell showed, so that a notebook whose process was killed can still be read.

The heavy imports stand in `execute`, which runs in a process of its own; to judge what it did takes nothing.
"""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..steps import write
from ..workspace import PART_VARIABLE, VARIABLE
from . import forks

ANSI = re.compile(r"\x1b\[[0-9;]*m")
WHERE = re.compile(r"Cell In\[\d+\], line (\d+)")
DIED = "de rekenkern is gestopt (kernel died)"
INJECTED = "injected-parameters"
ADDED = {INJECTED, "papermill-error-cell-tag"}  # tags of cells that papermill puts in
EXCUSES = ("raises-exception", "skip-execution")  # tags by which a cell may fail, or need not run
LAST_WORDS = 30  # seconds to write down what was made, after the last cell


@dataclass(frozen=True)
class Limits:
    """What one notebook may take; `memory_mb` where the system can hold a process to it (Linux), 0 for no limit."""

    cell_seconds: int
    notebook_seconds: int
    memory_mb: int = 0


@dataclass(frozen=True, eq=False)
class Job:
    """One notebook to run with these parameters; `target` is where the executed notebook goes.

    `part` tells it of which part of the evaluation its page is made, as `period=digest`; `root` is its workspace.
    """

    notebook: Path
    parameters: Mapping[str, object]
    target: Path
    limits: Limits
    root: Path
    part: str = ""
    engine: str = "fork"

    @property
    def journal(self) -> Path:
        return self.target.with_suffix(".journal")


@dataclass(frozen=True)
class Failure:
    """A notebook that is not whole: which cell (counted from 1, all cells), the line in it, and the error."""

    notebook: str
    parameters: Mapping[str, object]
    cell: int
    line: str
    error: str

    def __str__(self) -> str:
        given = ", ".join(f"{k}={v}" for k, v in self.parameters.items())
        where = f"cel {self.cell} (‘{self.line}’)" if self.cell else "voor de eerste cel"
        return f"{self.notebook} ({given}): afgebroken bij {where}: {self.error}"


def execute(job: Job) -> None:
    """Run the notebook in this process, or (`engine="kernel"`) in a kernel that this process starts.

    It changes this process (directory, environment, modules, memory limit), which should be one of its own. What
    goes wrong in a cell is in the journal and raises nothing; see `verdict`.
    """
    import papermill
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    from . import engine

    job.target.parent.mkdir(parents=True, exist_ok=True)
    for leftover in (job.journal, job.target):
        leftover.unlink(missing_ok=True)
    os.environ.update({VARIABLE: str(job.root), PART_VARIABLE: job.part})
    hold_memory(job.limits.memory_mb)
    journal = Journal(job)
    with _private_folder(job.engine) as transport, suppress(PapermillExecutionError):
        try:
            papermill.execute_notebook(
                job.notebook,
                None,
                dict(job.parameters),
                engine_name=engine.noted(journal, engine=job.engine, transport=transport),
                kernel_name="python3",
                progress_bar=False,
                cwd=job.notebook.parent,
                autosave_cell_every=0,
            )
        except (CellTimeoutError, DeadKernelError):
            return  # the journal has more than what is left here
        finally:
            forks.allow(LAST_WORDS)
    tidy(journal.notebook)
    write(job.target, json.dumps(journal.notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n")


def verdict(job: Job, died: BaseException | None) -> Failure | None:
    """What became of a job whose process has ended: None when the notebook is whole.

    Whole is only what was written after every code cell was seen to the end. `died` is what ended the process
    otherwise. The notebook of a failure is kept, as far as it came, at the target.
    """
    entries = _entries(job.journal)
    states = {e["cell"]: e for e in entries if "cell" in e}
    stopped = [s for s in states.values() if s["state"] != "done"]
    failure: Failure | None = None
    flaw = None if died or stopped or not states else _flaw(job.target)
    if died or stopped or not states or flaw:
        last: dict[str, Any] = stopped[-1] if stopped else flaw or {"cell": -1, "line": ""}
        error = last.get("error") or _why(job, died, last)
        failure = Failure(job.notebook.name, job.parameters, last["cell"] + 1, last["line"], error)
        if died:  # what it wrote may be cut off
            job.target.unlink(missing_ok=True)
        if entries and not job.target.exists():
            write(job.target, json.dumps(_as_far_as(entries, failure), indent=1, ensure_ascii=False) + "\n")
    job.journal.unlink(missing_ok=True)
    return failure


class Journal:
    """What is noted while a notebook runs, a line at a time, and how long each cell may take."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._end = time.monotonic() + job.limits.notebook_seconds
        self._line = ""
        self.limit = ""

    def begins(self, notebook: Any) -> None:
        self.notebook = notebook  # as it becomes, cell by cell
        self._note({"notebook": notebook})

    def starts(self, cell: Any, index: int, in_source: int) -> float:
        """Note that a cell runs; returns the seconds that it may take."""
        self._line = first_line(cell.source)
        left = max(0.001, self._end - time.monotonic())
        limits = self._job.limits
        what, seconds = ("de cel", float(limits.cell_seconds))
        if left < seconds:
            what, seconds = "het notebook", left
        whole = limits.cell_seconds if what == "de cel" else limits.notebook_seconds
        self.limit = f"{what} duurde langer dan {whole} seconden"
        self._note({"cell": in_source, "index": index, "line": self._line, "state": "running", "limit": self.limit})
        if self._job.engine == "fork":
            forks.allow(seconds)
        return seconds

    def done(self, cell: Any, index: int, in_source: int) -> None:
        forks.allow(LAST_WORDS)
        shown = {"outputs": cell.outputs, "count": cell.execution_count}
        self._note({"cell": in_source, "index": index, "line": self._line, "state": "done", **shown})

    def failed(self, cell: Any, index: int, in_source: int, error: str, traceback: str = "") -> None:
        """Note what ended a cell; of an error in the cell itself the line where it arose, not the cell's first."""
        forks.allow(LAST_WORDS)
        lines, found = cell.source.splitlines(), WHERE.findall(ANSI.sub("", traceback))
        number = int(found[0]) if found else 0
        line = lines[number - 1].strip() if 0 < number <= len(lines) else self._line
        shown = {"outputs": cell.outputs, "count": cell.execution_count}
        if error.startswith("MemoryError") and self._job.limits.memory_mb:
            error = f"{error.rstrip(': ')} (de grens is {self._job.limits.memory_mb} MB: memory_mb in evaluation.toml)"
        self._note({"cell": in_source, "index": index, "line": line, "state": "failed", "error": error, **shown})

    def _note(self, entry: Mapping[str, Any]) -> None:
        with self._job.journal.open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry, ensure_ascii=False) + "\n")


def tidy(notebook: Any) -> None:
    """Take out what differs from run to run: times, paths, random ids, and how streams were cut in pieces."""
    notebook.metadata.pop("papermill", None)
    for cell in notebook.cells:
        for name in ("papermill", "execution"):
            cell.metadata.pop(name, None)
        if INJECTED in cell.metadata.get("tags", ()):
            cell["id"] = INJECTED
        if cell.cell_type == "code":
            cell.outputs = list(_joined(cell.outputs))


def is_added(cell: Mapping[str, Any]) -> bool:
    """Whether papermill put it in, so that the notebook's own reader does not count it."""
    return not ADDED.isdisjoint(cell["metadata"].get("tags", ()))


def first_line(source: str) -> str:
    """The first line of a cell that says something."""
    return next((line.strip() for line in source.splitlines() if line.strip()), "")


def last_line(text: str) -> str:
    """The last line that says something, without colours."""
    lines = [line for line in ANSI.sub("", text or "").splitlines() if line.strip()]
    return lines[-1].strip() if lines else ""


def hold_memory(megabytes: int) -> None:
    """Hold this process and what it starts to so much memory of its own, where the system can (Linux)."""
    if megabytes and sys.platform.startswith("linux"):
        import resource

        most = megabytes * 2**20
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (most if hard < 0 else min(most, hard), hard))


def _joined(outputs: Any) -> Iterator[Any]:
    """Neighbouring pieces of the same stream as one, stdout first: their order is not known."""
    waiting: dict[str, Any] = {}
    for output in outputs:
        if output.output_type == "stream":
            if output.name in waiting:
                waiting[output.name].text += output.text
            else:
                waiting[output.name] = output
        else:
            yield from (waiting.pop(name) for name in sorted(waiting, reverse=True))
            yield output
    yield from (waiting.pop(name) for name in sorted(waiting, reverse=True))


def _entries(journal: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    with suppress(FileNotFoundError):
        for line in journal.read_text(encoding="utf-8", errors="replace").splitlines():
            with suppress(ValueError):  # a last line that was cut off with its process
                found.append(json.loads(line))
    return found


def _flaw(target: Path) -> dict[str, Any] | None:
    """Why this is no whole notebook, at which cell; None when every code cell has run, in order, without an error."""
    try:
        cells = json.loads(target.read_text(encoding="utf-8"))["cells"]
    except (OSError, ValueError):
        return {"cell": -1, "line": "", "error": "het uitgevoerde notebook is niet geschreven"}
    in_source, count = -1, 0
    for cell in cells:
        tags = cell["metadata"].get("tags", ())
        in_source += not is_added(cell)
        source = "".join(cell["source"])
        if cell["cell_type"] != "code" or not source.strip():
            continue
        count += 1
        errors = [o["ename"] for o in cell["outputs"] if o["output_type"] == "error"]
        if not errors and cell["execution_count"] == count:
            continue
        error = f"de cel toont een fout ({errors[0]})" if errors else "de cel is niet uitgevoerd"
        labels = [f"‘{tag}’" for tag in EXCUSES if tag in tags]
        if labels:
            error += f"; haal het label {' en '.join(labels)} weg: een pagina is van een notebook dat heel is"
        return {"cell": in_source, "line": first_line(source), "error": error}
    return None


def _why(job: Job, died: BaseException | None, last: Mapping[str, Any]) -> str:
    if isinstance(died, forks.Died) and died.is_late:
        return str(last.get("limit") or f"het notebook duurde langer dan {job.limits.notebook_seconds} seconden")
    if isinstance(died, forks.Died):
        return DIED
    return last_line(f"{type(died).__name__}: {died}") if died else "het notebook is niet tot het einde gekomen"


def _as_far_as(entries: list[dict[str, Any]], failure: Failure) -> dict[str, Any]:
    """The notebook with what its cells showed until it stopped, and why it did."""
    notebook: dict[str, Any] = next(e["notebook"] for e in entries if "notebook" in e)
    for entry in entries:
        if "index" in entry:
            cell = notebook["cells"][entry["index"]]
            cell["outputs"], cell["execution_count"] = entry.get("outputs", []), entry.get("count")
            if entry["state"] != "done" and all(o["output_type"] != "error" for o in cell["outputs"]):
                stopped = {"ename": "Gestopt", "evalue": failure.error, "traceback": [failure.error]}
                cell["outputs"] = [*cell["outputs"], {"output_type": "error", **stopped}]
    return notebook


@contextmanager
def _private_folder(engine: str) -> Iterator[dict[str, str]]:
    """For a kernel: no profile of the user with scripts in it, and sockets that nobody can race for or read."""
    if engine != "kernel":
        yield {}
        return
    with tempfile.TemporaryDirectory(prefix="mp-eval-", ignore_cleanup_errors=True) as folder:
        os.environ["IPYTHONDIR"] = folder  # it is there: IPython warns into the notebook of one that it has to make
        yield {"transport": "ipc", "ip": str(Path(folder, "kernel"))} if os.name == "posix" else {}
