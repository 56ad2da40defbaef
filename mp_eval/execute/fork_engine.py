"""A papermill engine for anybody's papermill: `papermill --engine mp-eval`.

It forks once for its notebook and runs the cells there, with the outputs of a kernel but without starting one. Where
there is no fork it is papermill's own engine. papermill finds it by its entry point in pyproject.toml.
"""

from __future__ import annotations

import contextvars
import os
import time
from multiprocessing.connection import Connection, wait
from typing import Any

from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, NBClientEngine

from . import kept, surroundings


class ForkEngine(Engine):  # type: ignore[misc, unused-ignore]
    """papermill's `--engine mp-eval`: the cells run in one fork of papermill's own process.

    A kernel of another name may be another language or another Python; that is left to papermill's own engine.
    """

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,
        log_output: bool = False,
        stdout_file: Any = None,
        stderr_file: Any = None,
        execution_timeout: float | None = None,
        **kwargs: Any,
    ) -> None:
        """Run every cell until one fails, telling `nb_man` of each as it starts and ends.

        Raises
        ------
        DeadKernelError
            When the fork ended before its cells did.
        CellTimeoutError
            When a cell took longer than `execution_timeout` seconds.
        """
        told = {"log_output": log_output, "stdout_file": stdout_file, "stderr_file": stderr_file}
        if not kept.IS_POSSIBLE or kernel_name != "python3":
            timeout = {"execution_timeout": execution_timeout}
            NBClientEngine.execute_managed_notebook(nb_man, kernel_name, **told, **timeout, **kwargs)
            return
        teller = PapermillNotebookClient(nb_man, **told)  # only for what it does with outputs
        call = kept.Kept(lambda into: _run_and_tell(nb_man.nb, Connection(into, readable=False)))
        try:
            with Connection(call.pipe, writable=False) as here:
                _follow(nb_man, call, here, teller, execution_timeout)
        finally:
            call.end()


class _Teller:
    """What the client in the fork takes for papermill's manager: it tells the other side instead."""

    def __init__(self, notebook: Any, there: Connection) -> None:
        self.nb = notebook
        self._there = there

    def tell(self, event: str, index: int, content: object = None) -> None:
        self._there.send((event, index, content))

    def cell_start(self, cell: Any, index: int) -> None:
        self.tell("start", index)

    def cell_exception(self, cell: Any, cell_index: int, exception: object) -> None:
        self.tell("exception", cell_index, cell)

    def cell_complete(self, cell: Any, cell_index: int) -> None:
        self.tell("complete", cell_index, cell)

    def autosave_cell(self) -> None:
        """Nothing is saved here."""


def _run_and_tell(notebook: Any, there: Connection) -> None:
    """In the fork: run the cells."""
    from .shell import ShellClient

    surroundings.hold(os.environ)
    teller = _Teller(notebook, there)
    try:
        client = ShellClient(teller, kernel_name="python3")
        contextvars.Context().run(client.execute)  # in a kernel, this context knows the loop that runs its cell
        teller.tell("end", 0, notebook)  # a later cell may have changed what an earlier one shows
    except DeadKernelError:
        pass  # as a kernel that is gone: nothing more is heard
    except Exception as error:
        teller.tell("failed", 0, f"{type(error).__name__}: {error}")


def _follow(
    nb_man: Any, call: kept.Kept, here: Connection, teller: PapermillNotebookClient, timeout: float | None
) -> None:
    started, index = time.monotonic(), 0
    while ready := wait([here, call.fileno()], timeout and max(0.0, timeout - (time.monotonic() - started))):
        try:
            event, index, content = _receive(here, ready)
        except EOFError:
            raise DeadKernelError("Kernel died") from None
        cell, started = nb_man.nb.cells[index], time.monotonic()
        if event == "end":
            nb_man.nb.metadata.update(content.metadata)
            for mine, executed in zip(nb_man.nb.cells, content.cells, strict=True):
                _replace(mine, executed)
            return
        if event == "failed":
            raise RuntimeError(content)
        if event == "start":
            nb_man.cell_start(cell, index)
        elif event == "exception":
            _replace(cell, content)
            nb_man.cell_exception(cell, cell_index=index)
        else:
            _replace(cell, content)
            for output in cell.get("outputs", ()):
                teller.log_output_message(output)
            nb_man.cell_complete(cell, cell_index=index)
    raise CellTimeoutError.error_from_timeout_and_cell("Cell execution timed out", timeout, nb_man.nb.cells[index])


def _receive(here: Connection, ready: list[Any]) -> Any:
    """What the fork told next, also when it has ended since."""
    if here not in ready:
        raise EOFError
    return here.recv()


def _replace(cell: Any, executed: Any) -> None:
    """Take over what the fork made of a cell; papermill's own record of it stays."""
    record = cell.metadata.get("papermill")
    cell.update(executed)
    if record is not None:
        cell.metadata["papermill"] = record
