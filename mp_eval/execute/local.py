"""The executor of this machine: forks of a warm process where the system has fork, else processes started anew.

Both are a `concurrent.futures.Executor`. Nothing is started before there is something to do.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from typing import Any, TypeVar

from . import forks, kept, surroundings

T = TypeVar("T")


class Local(Executor):
    """Starts on the first call, or on `warm`; `after` is as `submit`, for calls that need the first stages alone.

    Parameters
    ----------
    at_once
        Calls at a time.
    stages
        What a fork finds imported; see `forks.Forks`.
    engine
        `fork`, or `kernel` for processes that start kernels; where there is no fork it is always the latter.
    """

    def __init__(self, *, at_once: int, stages: Sequence[Sequence[str]], engine: str = "fork") -> None:
        self.at_once, self._stages = at_once, stages
        self.engine = engine if kept.IS_POSSIBLE else "kernel"
        self._started: forks.Forks | Spawned | None = None
        self._lock = threading.Lock()
        self._is_closed = False

    def warm(self) -> forks.Forks | Spawned:
        """Start now."""
        with self._lock:
            if self._is_closed:
                raise BrokenExecutor("de run is gestopt")
            if self._started is None:
                if self.engine == "fork":
                    self._started = forks.Forks(at_once=self.at_once, stages=self._stages)
                else:
                    self._started = Spawned(self.at_once)
            return self._started

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        return self.warm().submit(fn, *args, **kwargs)

    def after(self, stages: int, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        started = self.warm()
        if isinstance(started, forks.Forks):
            return started.after(stages, fn, *args, **kwargs)
        return started.submit(fn, *args, **kwargs)

    def prepare(self, fn: Callable[..., object], /, *args: Any) -> None:
        """See `forks.Forks.prepare`; where there are no forks each process does what it needs itself."""
        if isinstance(started := self.warm(), forks.Forks):
            started.prepare(fn, *args)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        with self._lock:
            self._is_closed = True
        if self._started is not None:
            self._started.shutdown(wait, cancel_futures=cancel_futures)

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self.shutdown(cancel_futures=kind is not None)


class Spawned(ProcessPoolExecutor):
    """Processes that each start Python anew, and end with the one that asked for them."""

    def __init__(self, at_once: int) -> None:
        super().__init__(at_once, mp_context=multiprocessing.get_context("spawn"), initializer=_begin)

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        return super().submit(_leave_nothing, fn, args, kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """As any executor's; with `cancel_futures` what still runs is ended too."""
        workers = list((self._processes or {}).values())
        if cancel_futures:
            for worker in workers:
                with contextlib.suppress(Exception):
                    worker.terminate()
        super().shutdown(wait, cancel_futures=cancel_futures)


def _begin() -> None:
    """In a worker: be as every kernel's parent should be, and go when the parent goes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which tells the others
    signal.signal(signal.SIGTERM, lambda *_: _stop())
    surroundings.hold(os.environ)
    kept.adopt()
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_go_with, args=(parent,), daemon=True).start()


def _go_with(parent: Any) -> None:
    parent.join()
    _stop()


def _stop() -> None:
    kept.end_all()
    os._exit(1)


def _leave_nothing(fn: Callable[..., T], args: Any, kwargs: Any) -> T:
    """In a worker: a call, and the end of all that it started."""
    try:
        return fn(*args, **kwargs)
    finally:
        kept.end_all()
