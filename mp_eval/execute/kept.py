"""What a call started, and how all of it is ended.

That a process ended cannot be read from a pipe, for its children hold the pipe too, and they may have a session of
their own. So the process is watched, and what it started is found by descent. On Linux what loses its parent falls to
the nearest process above it that adopts; elsewhere what has left its group and lost its parent is not found.
"""

from __future__ import annotations

import ctypes
import os
import select
import signal
import struct
import sys
import threading
import time
from collections.abc import Callable, Container
from contextlib import suppress

IS_POSSIBLE = hasattr(os, "fork")
ADOPTS = sys.platform.startswith("linux")
GLANCE = 0.5  # seconds between two looks whether whoever asked is still there
PATIENCE = 5  # seconds for what was killed to be gone; what runs as somebody else never is
CODE = struct.Struct("!i")
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36  # linux/prctl.h

_prctl = ctypes.CDLL(None).prctl if ADOPTS else lambda *_: None
_forking = threading.Lock()


def adopt() -> None:
    """From now on what loses its parent below this process is a child of it, where the system can."""
    _prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def go_with_parent(sign: int) -> None:
    """Get this signal when the parent ends, where the system can."""
    _prctl(PR_SET_PDEATHSIG, sign, 0, 0, 0)


def end_all(but: Container[int] = ()) -> None:
    """End every process below this one, save these children and what they started."""
    if not but and not _has_children():
        return
    import psutil  # only when there is something to end

    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        children = [child for child in psutil.Process().children() if child.pid not in but]
        if not children:
            return
        below = []
        for child in children:
            with suppress(psutil.Error):
                below += [child, *child.children(recursive=True)]
        for process in below:
            with suppress(psutil.Error):
                process.kill()
        psutil.wait_procs(children, timeout=0.02)  # what these leave is found in the next round


def end_group(leader: int) -> None:
    """End a fork and its group: all that is found of a fork that has ended where nobody adopts."""
    for kill in (os.killpg, os.kill):  # it may not have had the time to lead
        with suppress(ProcessLookupError, PermissionError):
            kill(leader, signal.SIGKILL)


def fork(work: Callable[[], None]) -> int:
    """Run `work` in a fork that leads a session, reads nothing, and ends with this process; returns its number."""
    parent = os.getpid()
    if pid := os.fork():
        return pid
    code = 1
    try:  # in the fork: never return, whatever happens
        os.setsid()
        signal.set_wakeup_fd(-1)
        for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM, signal.SIGCHLD):
            signal.signal(sign, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
        _read_nothing()
        go_with_parent(signal.SIGKILL)
        if os.getppid() == parent:
            work()
            code = 0
    finally:
        os._exit(code)


def heed() -> int:
    """From now on a descriptor is ready when a child ends or somebody asks this process to; SIGTERM is read from it."""
    heard, into = os.pipe()
    os.set_blocking(heard, False)
    os.set_blocking(into, False)
    signal.set_wakeup_fd(into, warn_on_full_buffer=False)
    for sign in (signal.SIGCHLD, signal.SIGTERM):
        signal.signal(sign, lambda *_: None)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever asked
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    return heard


def keep(work: Callable[[], None], *, asker: int) -> int:
    """Run `work` in a fork until it ends, `asker` (the parent) ends, or SIGTERM; its exit code, when all is ended."""
    adopt()
    heard = heed()
    pid = fork(work)
    ended = status = 0
    while not ended and os.getppid() == asker:
        ready, _, _ = select.select([heard], [], [], GLANCE)
        if ready and signal.SIGTERM in os.read(heard, 1 << 12):
            break
        ended, status = os.waitpid(pid, os.WNOHANG)
    if not ended or not ADOPTS:
        end_group(pid)
    if not ended:
        ended, status = os.waitpid(pid, 0)
    end_all()
    return os.waitstatus_to_exitcode(status)


class Kept:
    """A call in a fork, and between it and this process a keeper: a fork that only watches both of them.

    Whichever of the two ends, and however, the keeper ends all that the call started, then itself. `pipe` is where
    what `work` writes to the descriptor it is given can be read. To wait for the end, select on this object.
    """

    def __init__(self, work: Callable[[int], None]) -> None:
        asker = os.getpid()
        with _forking:  # or another thread's fork would hold these pipes too
            self.pipe, self._into = os.pipe()
            self._ended, self._ends = os.pipe()
            before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
            self._keeper = os.fork()
            if not self._keeper:
                self._keep(work, asker)
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
            os.close(self._into)
            os.close(self._ends)

    def fileno(self) -> int:
        return self._ended

    def end(self) -> int:
        """End it now, if it has not ended; returns the exit code of the call, negative for a signal."""
        with suppress(ProcessLookupError):
            os.kill(self._keeper, signal.SIGTERM)
        told = os.read(self._ended, CODE.size)  # nothing, when the keeper itself was killed
        with suppress(ChildProcessError):
            os.waitpid(self._keeper, 0)
        os.close(self._ended)
        return int(CODE.unpack(told)[0]) if told else -signal.SIGKILL

    def _keep(self, work: Callable[[int], None], asker: int) -> None:
        """In the keeper; never returns."""
        global _forking

        try:
            os.setsid()
            _forking = threading.Lock()  # the one that was inherited is never released
            code = keep(lambda: self._call(work), asker=asker)
            os.write(self._ends, CODE.pack(code))
        finally:
            os._exit(0)

    def _call(self, work: Callable[[int], None]) -> None:
        for mine_no_more in (self.pipe, self._ended, self._ends):
            os.close(mine_no_more)
        work(self._into)


def _read_nothing() -> None:
    """Whoever asked may sit at a terminal; what runs here must not wait for a keyboard."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    if nothing:
        os.close(nothing)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115


def _has_children() -> bool:
    """Whether there may be any: asked at the end of each call, so it must cost nothing."""
    if not hasattr(os, "WNOHANG"):
        return True
    try:
        os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return False
    return True
