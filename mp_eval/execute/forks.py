"""Calls that each run in a fork of one warm process: isolated from each other, without starting Python anew.

The warm process imports while this one goes on. It has one thread, so that its forks are sound. A call that dies takes
all that it started with it; when this process goes, however it goes, nothing is left.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import math
import os
import pickle
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from dataclasses import dataclass, field
from typing import Any, TypeVar

from . import kept, surroundings

T = TypeVar("T")
HEAD = struct.Struct("!QQ")  # the number of a call, and the length of what follows
FROM_FORK = struct.Struct("!cd")  # ALLOW and seconds, or ANSWER and the length of the answer that follows
HERE = 0  # in place of the number of a call: what the warm process does itself
OURS = __name__.partition(".")[0]
ALLOW, ANSWER = b"t", b"a"


class Died(Exception):
    """The process of a call ended before the call did.

    `code` is its exit code, negative for a signal; `is_late` when it was ended for taking longer than `allow` said.
    """

    def __init__(self, code: int, is_late: bool = False) -> None:
        super().__init__(code, is_late)
        self.code = code
        self.is_late = is_late


_into: int | None = None  # in a fork: where its answer goes


def allow(seconds: float) -> None:
    """In a call: let it take this much longer from now, and be ended after that. Elsewhere it does nothing."""
    if _into is not None:
        os.write(_into, FROM_FORK.pack(ALLOW, seconds))


class Forks(Executor):
    """Runs each call in a fork of one warm process, at most `at_once` at a time.

    Parameters
    ----------
    stages
        Modules that the warm process imports, stage by stage, or `module:function` to call a function as well;
        between two imports it already serves the calls that need no more (`after`). None may start a thread.
        A module of another library that cannot be imported, and a function that fails, are passed over.

    Raises
    ------
    ImportError
        By the results of all calls, when a module of this package cannot be imported.
    BrokenExecutor
        By the results of all calls, when the warm process is gone.
    """

    def __init__(self, *, at_once: int = 2, stages: Sequence[Sequence[str]] = ()) -> None:
        ours, theirs = socket.socketpair()
        self._server = subprocess.Popen(
            [sys.executable, "-P", "-m", __name__, str(theirs.fileno())],  # -P: nothing of the folder it is called in
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            env=surroundings.hold(dict(os.environ)),
            start_new_session=True,  # Ctrl-C is for this process; it tells the others
        )
        theirs.close()
        self._socket = ours
        self._lock = threading.Lock()
        self._waiting: dict[int, Future[Any]] = {}
        self._last = 0
        self._is_open = True
        _send(ours, HERE, pickle.dumps((at_once, [list(s) for s in stages], sys.path)))
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Call when every stage has been imported."""
        return self._submit(fn, args, kwargs, stages=None)

    def after(self, stages: int, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Call as soon as so many stages have been imported."""
        return self._submit(fn, args, kwargs, stages=stages)

    def prepare(self, fn: Callable[..., object], /, *args: Any) -> None:
        """Call in the warm process itself, before what is asked later: what it leaves there every later call finds.

        It may start no thread. That it fails is not told: the call that needs it will.
        """
        with self._lock, contextlib.suppress(OSError):  # that the process is gone, the next call tells
            _send(self._socket, HERE, pickle.dumps((fn, args)))

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the warm process; calls that still run are killed when `cancel_futures`, else waited for."""
        if wait and not cancel_futures:
            for future in list(self._waiting.values()):
                with contextlib.suppress(Exception):
                    future.exception()
        self._is_open = False
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_WR)
        self._reader.join(5)
        try:
            self._server.wait(5)
        except subprocess.TimeoutExpired:
            self._server.kill()
            self._server.wait()
        self._socket.close()

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self.shutdown(cancel_futures=kind is not None)

    def _submit(self, fn: Callable[..., T], args: Any, kwargs: Any, *, stages: int | None) -> Future[T]:
        future: Future[T] = Future()
        future.set_running_or_notify_cancel()  # a call that was sent comes to its end, or all do
        payload = pickle.dumps((stages, pickle.dumps((fn, args, kwargs))))
        with self._lock:
            if not self._is_open:
                raise BrokenExecutor("het rekenproces is gestopt")
            self._last += 1
            self._waiting[self._last] = future
            try:
                _send(self._socket, self._last, payload)
            except OSError as error:
                raise BrokenExecutor("het rekenproces is gestopt") from error
        return future

    def _read(self) -> None:
        while (answer := _receive(self._socket)) is not None:
            number, payload = answer
            future = self._waiting.pop(number)
            try:
                is_result, value = pickle.loads(payload)
            except Exception as error:  # what was answered cannot be read here: of this call, not of all
                is_result, value = False, RuntimeError(f"{type(error).__name__}: {error}")
            if is_result:
                future.set_result(value)
            else:
                future.set_exception(value)
        self._is_open = False
        for future in list(self._waiting.values()):
            future.set_exception(BrokenExecutor("het rekenproces is gestopt"))
        self._waiting.clear()


@dataclass(eq=False)
class _Call:
    """A call that runs in a fork: its number, its process, and what it has answered so far."""

    number: int
    pid: int
    pipe: int
    heard: bytearray = field(default_factory=bytearray)
    end: float = math.inf  # when it must have ended
    length: int | None = None  # of its answer, once that begins
    is_late: bool = False
    is_open: bool = True  # its pipe

    def read(self) -> bool:
        """Take in what the fork wrote: how long it may still take, then its answer. False when there is no more now."""
        try:
            piece = os.read(self.pipe, 1 << 20)
        except BlockingIOError:
            return False
        self.heard += piece
        while self.length is None and len(self.heard) >= FROM_FORK.size:
            kind, number = FROM_FORK.unpack_from(self.heard)
            del self.heard[: FROM_FORK.size]
            if kind == ANSWER:
                self.length, self.end = int(number), math.inf
            else:
                self.end = time.monotonic() + number
        self.is_open = bool(piece)
        return self.is_open

    @property
    def is_answered(self) -> bool:
        return self.length is not None and len(self.heard) >= self.length


class _Server:
    """The warm process: imports, forks, and passes on what the forks answer.

    What a call leaves when it is killed falls to this process, for both adopt; what it leaves otherwise it has ended
    itself. So whatever runs here and is no call is to be ended.
    """

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._waiting: list[tuple[int, float, bytes]] = []  # a call by its number, and after how many stages
        self._running: dict[int, _Call] = {}  # by number of its process
        self._fault: Exception | None = None

    def serve(self) -> None:
        kept.go_with_parent(signal.SIGTERM)  # there is time to end the calls
        kept.adopt()
        self._heard = kept.heed()
        first = _receive(self._connection)
        if first is None:
            return
        self._at_once, stages, path = pickle.loads(first[1])
        sys.path[:] = path
        gc.disable()  # what is imported stays; a fork begins with nothing to collect
        try:
            for done, stage in enumerate(stages):
                for name in stage:
                    self._import(name)
                    self._turn(done + (name == stage[-1]), wait=0)
            while True:
                self._turn(math.inf, wait=None)
        except (EOFError, OSError):  # whoever asked is gone
            pass
        finally:
            for pid in self._running:
                kept.end_group(pid)
            kept.end_all()

    def _import(self, name: str) -> None:
        """Import a module, and call a function: what only makes later calls faster may be missing or fail."""
        module, _, function = name.partition(":")
        try:
            found = importlib.import_module(module)
        except (Exception, SystemExit) as error:
            if module.partition(".")[0] == OURS:
                self._fault = self._fault or ImportError(f"{name}: {error}")
            return
        if function:
            with contextlib.suppress(Exception, SystemExit):  # the call that needs it will tell
                getattr(found, function)()

    def _turn(self, done: float, *, wait: float | None) -> None:
        """Start what may start after so many stages, then hear what there is to hear."""
        self._start(done)
        ends = [call.end for call in self._running.values()]
        left = max(0.0, min([math.inf, *ends]) - time.monotonic())
        most = left if wait is None else min(left, wait)
        pipes = {call.pipe: call for call in self._running.values() if call.is_open}
        asked: list[Any] = [self._connection, self._heard, *pipes]
        ready, _, _ = select.select(asked, [], [], None if math.isinf(most) else most)
        for pipe in pipes.keys() & set(ready):
            pipes[pipe].read()
        if self._heard in ready:
            if signal.SIGTERM in os.read(self._heard, 1 << 12):
                raise EOFError
            self._end_ended()
        if self._connection in ready:
            message = _receive(self._connection)
            if message is None:
                raise EOFError
            number, payload = message
            if number == HERE:
                _prepare(payload)
            else:
                stages, call = pickle.loads(payload)
                self._waiting.append((number, math.inf if stages is None else stages, call))
        self._end_late()
        if ready:
            self._start(done)

    def _start(self, done: float) -> None:
        for asked in list(self._waiting):
            number, stages, call = asked
            if len(self._running) < self._at_once and stages <= done:
                self._waiting.remove(asked)
                if self._fault:
                    _send(self._connection, number, pickle.dumps((False, self._fault)))
                else:
                    self._fork(number, call)

    def _fork(self, number: int, call: bytes) -> None:
        gc.freeze()
        out, into = os.pipe()
        pid = kept.fork(lambda: self._call(call, out, into))
        os.close(into)
        os.set_blocking(out, False)
        self._running[pid] = _Call(number, pid, out)

    def _call(self, call: bytes, out: int, into: int) -> None:
        """In the fork."""
        global _into

        gc.enable()
        kept.adopt()
        self._connection.close()
        for other in (out, *(running.pipe for running in self._running.values())):
            os.close(other)
        _into = into
        answer = _answer(call)
        kept.end_all()
        with os.fdopen(into, "wb") as file:
            file.write(FROM_FORK.pack(ANSWER, len(answer)) + answer)

    def _end_ended(self) -> None:
        """Of each call whose process has ended: pass on its answer, or how it died."""
        for call in list(self._running.values()):
            ended, status = os.waitpid(call.pid, os.WNOHANG)
            if not ended:
                continue
            del self._running[call.pid]
            while call.read():
                pass
            os.close(call.pipe)
            answer = bytes(call.heard)
            if not call.is_answered:
                if not kept.ADOPTS:
                    kept.end_group(call.pid)
                kept.end_all(but=self._running)
                answer = pickle.dumps((False, Died(os.waitstatus_to_exitcode(status), call.is_late)))
            _send(self._connection, call.number, answer)

    def _end_late(self) -> None:
        """Kill what takes too long; that it ended is heard as of any other."""
        for call in self._running.values():
            if call.end <= time.monotonic():
                call.end, call.is_late = math.inf, True
                kept.end_group(call.pid)


def _prepare(asked: bytes) -> None:
    with contextlib.suppress(Exception, SystemExit):
        fn, args = pickle.loads(asked)
        fn(*args)


def _answer(call: bytes) -> bytes:
    """The pickled result of a call, or its exception."""
    try:
        fn, args, kwargs = pickle.loads(call)
        return pickle.dumps((True, fn(*args, **kwargs)))
    except BaseException as error:
        try:
            pickle.loads(answer := pickle.dumps((False, error)))
            return answer
        except Exception:  # an exception of a kind that does not travel
            return pickle.dumps((False, RuntimeError(f"{type(error).__name__}: {error}")))


def _send(connection: socket.socket, number: int, payload: bytes) -> None:
    connection.sendall(HEAD.pack(number, len(payload)) + payload)


def _receive(connection: socket.socket) -> tuple[int, bytes] | None:
    """The next message; None when the other side is gone."""
    head = _exactly(connection, HEAD.size)
    if head is None:
        return None
    number, length = HEAD.unpack(head)
    payload = _exactly(connection, length)
    return None if payload is None else (number, payload)


def _exactly(connection: socket.socket, length: int) -> bytes | None:
    found = bytearray()
    while len(found) < length:
        try:
            piece = connection.recv(min(length - len(found), 1 << 20))
        except OSError:
            return None
        if not piece:
            return None
        found += piece
    return bytes(found)


if __name__ == "__main__":
    from mp_eval.execute.forks import _Server as Server  # the module by its name, so that what is pickled is found

    server = Server(socket.socket(fileno=int(sys.argv[1])))
    kept.keep(server.serve, asker=os.getppid())
