"""A notebook's cells run in this very process, with the outputs that a kernel of its own would have given.

ipykernel's in-process kernel makes the messages that any kernel makes, and nbclient's client turns them into outputs
as it always does; only the sockets and the second process in between are left out. What runs here changes this
process (modules, directory, warnings, plots), so it belongs in a fork that ends with its notebook.
"""

from __future__ import annotations

import fcntl
import logging
import os
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import nbformat
from ipykernel.eventloops import enable_gui
from ipykernel.inprocess.ipkernel import InProcessInteractiveShell, InProcessKernel
from ipykernel.iostream import BackgroundSocket, IOPubThread, OutStream
from ipykernel.kernelbase import Kernel
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell
from jupyter_core.utils import run_sync
from nbclient.exceptions import CellExecutionComplete, DeadKernelError
from nbclient.util import run_hook
from papermill.clientwrap import PapermillNotebookClient
from traitlets import Type, default
from traitlets.config import Config

from . import surroundings

sys.modules["debugpy"] = None  # type: ignore[assignment]  # nobody steps through these cells, and it loads slowly
import ipykernel.debugger  # noqa: E402, F401

del sys.modules["debugpy"]

WIDGETS = ("jupyter.widget", "jupyter.widget.control")
SETTLE = 0.002  # seconds: what a child process wrote is read by a thread, which has to have its turn


class Unsupported(Exception):
    """A notebook that asks for what this engine does not have."""


class _Shell(InProcessInteractiveShell):  # type: ignore[misc, unused-ignore]
    """The shell of an ordinary kernel: plots are switched on as there."""

    def enable_gui(self, gui: str | None = None) -> None:
        try:
            enable_gui(gui, kernel=self.kernel)
        except ValueError as error:
            raise UsageError(str(error)) from error
        self.active_eventloop = gui

    enable_matplotlib = ZMQInteractiveShell.enable_matplotlib
    enable_pylab = ZMQInteractiveShell.enable_pylab


class _Kernel(InProcessKernel):  # type: ignore[misc, unused-ignore]
    """Hands every message to `heard`; also what is written to the process's own stdout and stderr becomes one.

    It can be made before the fork in which it is to `begin`: sockets, pipes and threads come with that.
    """

    shell_class = Type(_Shell)
    _supports_kernel_subshells = False

    def __init__(self, **traits: Any) -> None:
        self.heard: list[dict[str, Any]] = []
        super().__init__(shell_channel_thread=SimpleNamespace(parent_thread=None), **traits)

    def begin(self) -> None:
        """Be the kernel of this process."""
        self._process = self.session.pid = os.getpid()
        # A thread that is never started: then messages are handed on at once, by whoever makes them.
        self.iopub_thread = IOPubThread(self._underlying_iopub_socket, session=self.session)
        self.iopub_socket.io_thread = self.iopub_thread
        self.stdout = OutStream(self.session, self.iopub_thread, "stdout", watchfd="force")
        self.stderr = OutStream(self.session, self.iopub_thread, "stderr", watchfd="force")

    @default("iopub_socket")
    def _default_iopub_socket(self) -> BackgroundSocket:
        return BackgroundSocket(None)  # until it begins

    @contextmanager
    def _redirected_io(self) -> Iterator[None]:
        yield  # they are, from the first cell to the last

    async def do_execute(self, *args: Any, **kwargs: Any) -> Any:
        reply = await super().do_execute(*args, **kwargs)
        if os.getpid() != self._process:
            os._exit(0)  # a fork that the cell made and did not end: the notebook goes on in one process
        for stream in (self.stdout, self.stderr):
            _settle(stream)
        return reply

    def _io_dispatch(self, change: object) -> None:
        assert self.iopub_socket.io_thread is not None
        _, message = self.session.recv(self.iopub_socket.io_thread.socket, copy=False)
        if os.getpid() == self._process:
            self.heard.append(message)
        elif message["msg_type"] == "stream":  # of a process that a cell started: through its own stdout
            os.write(2 if message["content"]["name"] == "stderr" else 1, message["content"]["text"].encode())


class ShellClient(PapermillNotebookClient):  # type: ignore[misc, unused-ignore]
    """Runs the cells of a papermill notebook in this process, in order, until one fails."""

    def execute(self, **kwargs: object) -> Any:
        """Run every cell; the notebook, changed in place.

        Raises
        ------
        DeadKernelError
            When a cell comes after one that asked the kernel to stop.
        Unsupported
            When a cell shows a widget, which needs a kernel that stays alive.
        """
        self.reset_execution_trackers()
        with _kernel() as kernel:
            self._kernel = kernel
            self.papermill_execute_cells()
            self.nb.metadata["language_info"] = kernel.language_info
        return self.nb

    async def async_execute_cell(
        self,
        cell: Any,
        cell_index: int,
        execution_count: int | None = None,
        store_history: bool = True,
    ) -> Any:
        """As nbclient's own, without the waiting for another process."""
        await run_hook(self.on_cell_start, cell=cell, cell_index=cell_index)
        is_skipped = self.skip_cells_with_tag in cell.metadata.get("tags", [])
        if cell.cell_type != "code" or not cell.source.strip() or is_skipped:
            return cell
        if self._kernel.shell.exit_now:
            raise DeadKernelError("Kernel died")
        await run_hook(self.on_cell_execute, cell=cell, cell_index=cell_index)
        if self.record_timing:
            cell["metadata"]["execution"] = {}
        cell.outputs = []
        self.clear_before_next_output = False
        reply = await self._ask(cell, cell_index, store_history)
        self.code_cells_executed += 1
        if execution_count:
            cell["execution_count"] = execution_count
        await run_hook(self.on_cell_executed, cell=cell, cell_index=cell_index, execute_reply=reply)
        await self._check_raise_for_error(cell, cell_index, reply)
        self.nb["cells"][cell_index] = cell
        return cell

    execute_cell = run_sync(async_execute_cell)

    async def _ask(self, cell: Any, cell_index: int, store_history: bool) -> Any:
        """Run the cell's code and let nbclient make outputs of the messages; the reply."""
        kernel = self._kernel
        content = {
            "code": cell.source,
            "silent": False,
            "store_history": store_history,
            "user_expressions": {},
            "allow_stdin": False,
            "stop_on_error": True,
        }
        message = kernel.session.msg("execute_request", content)
        kernel.session.send(kernel.shell_stream, message)
        kernel.heard.clear()
        await kernel.dispatch_shell(kernel.shell_stream.recv_multipart())
        _, reply = kernel.session.recv(kernel.shell_stream, copy=False)
        for heard in list(kernel.heard):
            if heard["msg_type"] == "comm_open" and heard["content"].get("target_name") in WIDGETS:
                raise Unsupported("een widget heeft een rekenkern nodig die blijft leven; gebruik --engine kernel")
            if heard["parent_header"].get("msg_id") == message["msg_id"]:
                try:
                    self.process_message(heard, cell, cell_index)
                except CellExecutionComplete:
                    break
        return reply


@contextmanager
def _kernel() -> Iterator[_Kernel]:
    """A kernel whose history is kept nowhere; the streams are put back afterwards."""
    if "" not in sys.path:
        sys.path.insert(0, "")  # as in every kernel: what lies beside the notebook can be imported
    logging.root.handlers.clear()
    logging.root.setLevel(logging.WARNING)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for number in (1, 2):  # the cells' streams are heard, not shown
        os.dup2(nowhere, number)
    os.close(nowhere)
    kernel = _ready.pop() if _ready else _made()
    kernel.begin()
    os.register_at_fork(before=lambda: (kernel.stdout.flush(), kernel.stderr.flush()))  # else a fork says it again
    _draw_inline()
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = kernel.stdout, kernel.stderr
    try:
        yield kernel
    finally:
        sys.stdout, sys.stderr = before
        for stream in (kernel.stdout, kernel.stderr):
            stream.close()


_ready: list[_Kernel] = []  # one that was made before the fork


def _made() -> _Kernel:
    """A kernel that keeps no history, and after a cell waits for no socket: what that says has come by then.

    Whoever asked for this fork may have been a kernel or IPython itself, and of each there is one a process.
    """
    for kind in (InteractiveShell, Kernel):
        if kind.initialized():
            type(kind.instance()).clear_instance()
    told = {"HistoryManager": {"enabled": False}, "Kernel": {"_execute_sleep": 0.0}}
    return _Kernel.instance(config=Config(told))


def _draw_inline() -> None:
    """As in every kernel, also when matplotlib was imported before its variable was set."""
    backend = surroundings.BACKEND
    if "matplotlib" in sys.modules:
        sys.modules["matplotlib"].rcParams["backend"] = backend
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].switch_backend(backend)
        sys.modules[backend.removeprefix("module://")]._enable_matplotlib_integration()


def _settle(stream: Any) -> None:
    """Let what a child process wrote to this stream come through before its cell ends."""
    waited = False
    while any(fcntl.ioctl(stream._fid, termios.FIONREAD, bytes(4))):
        waited = True
        time.sleep(SETTLE)
    if waited:
        time.sleep(SETTLE)
        stream.flush()


def warm() -> None:
    """Do once what is slow: nbformat compiles its schema, and a kernel is made for the notebook of each fork."""
    nbformat.validate(nbformat.v4.new_notebook())
    _ready.append(_made())
