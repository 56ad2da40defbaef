"""The papermill engines of a run, which keep a journal: cells in this process, or in a kernel that it starts."""

from __future__ import annotations

from typing import Any

from jupyter_core.utils import run_sync
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, papermill_engines
from traitlets.config import Config

from .notebook import DIED, Journal, is_added, last_line

NAME = "mp-eval-noted"


def noted(journal: Journal, *, engine: str, transport: dict[str, str]) -> str:
    """Register an engine that notes in `journal`; returns the name by which papermill knows it."""

    class Noted(Engine):  # type: ignore[misc, unused-ignore]
        @classmethod
        def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **kwargs: Any) -> None:
            journal.begins(nb_man.nb)
            config = Config({"KernelManager": transport})
            client = _client(engine)(nb_man, kernel_name=kernel_name, config=config, startup_timeout=60)
            client.journal = journal
            client.execute()

    papermill_engines.register(NAME, Noted)
    return NAME


def _client(engine: str) -> type[PapermillNotebookClient]:
    """The client of this engine, with a journal."""
    base = PapermillNotebookClient
    if engine == "fork":
        from .shell import ShellClient as base  # only where there is fork: it needs what Windows lacks

    class Client(base):  # type: ignore[misc, valid-type]
        journal: Journal

        async def async_execute_cell(self, cell: Any, cell_index: int, *args: Any, **kwargs: Any) -> Any:
            if cell.cell_type != "code" or not cell.source.strip():
                return await super().async_execute_cell(cell, cell_index, *args, **kwargs)
            added = sum(map(is_added, self.nb.cells[:cell_index]))
            where = cell_index, cell_index - added  # the second as the notebook's own reader counts
            seconds = self.journal.starts(cell, *where)
            self.timeout = max(1, round(seconds))  # whole seconds; a fork is held to the limit from outside
            try:
                result = await super().async_execute_cell(cell, cell_index, *args, **kwargs)
            except DeadKernelError:
                self.journal.failed(cell, *where, DIED)
                raise
            except CellTimeoutError:
                self.journal.failed(cell, *where, self.journal.limit)
                raise
            except Exception as error:
                name, value = getattr(error, "ename", type(error).__name__), getattr(error, "evalue", str(error))
                self.journal.failed(cell, *where, f"{name}: {last_line(value)}", getattr(error, "traceback", ""))
                raise
            self.journal.done(cell, *where)
            return result

        execute_cell = run_sync(async_execute_cell)

    return Client
