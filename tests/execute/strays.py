"""Processes that get away from whoever started them, and how to see that they are gone."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import psutil

HOUR = 3600


def child() -> int:
    """A fork that holds every pipe of its parent."""
    if pid := os.fork():
        return pid
    return _sleep()


def in_a_session() -> int:
    """A fork in a session of its own, where no signal to its parent's group reaches it."""
    heard, told = os.pipe()
    if pid := os.fork():
        os.close(told)
        os.read(heard, 1)  # it has its session
        os.close(heard)
        return pid
    os.setsid()
    os.write(told, b"1")
    return _sleep()


def daemon() -> int:
    """A fork in a session of its own whose parent has ended."""
    heard, told = os.pipe()
    if between := os.fork():
        os.waitpid(between, 0)
        return int(os.read(heard, 20))
    os.setsid()
    if pid := os.fork():
        os.write(told, str(pid).encode())
        os._exit(0)
    return _sleep()


def deaf() -> int:
    """Another program that heeds no signal that can be ignored."""
    return subprocess.Popen(["sh", "-c", f"trap '' TERM HUP INT; sleep {HOUR}"], start_new_session=True).pid


def below_one_that_ended() -> int:
    """A program that a shell left behind, as `nohup ... &` does."""
    said = subprocess.run(
        ["sh", "-c", f"nohup sleep {HOUR} >/dev/null 2>&1 & echo $!"], capture_output=True, check=True
    )
    return int(said.stdout)


WAYS: tuple[Callable[[], int], ...] = (child, in_a_session, daemon, deaf, below_one_that_ended)


def start_all() -> list[int]:
    """One of each kind; their numbers."""
    return [way() for way in WAYS]


def gone(pids: Iterable[int]) -> bool:
    """Whether none of these runs any more, given a moment."""
    found = [psutil.Process(pid) for pid in pids if psutil.pid_exists(pid)]
    return psutil.wait_procs(found, timeout=10)[1] == []


def wait_for(path: Path) -> list[int]:
    """The numbers that somebody writes there, a line."""
    end = time.monotonic() + 60
    while not path.exists() or not path.read_text().endswith("\n"):
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)
    return [int(word) for word in path.read_text().split()]


def note(path: Path, pids: Iterable[int]) -> None:
    path.write_text(" ".join(map(str, pids)) + "\n")


def _sleep() -> int:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    while True:
        time.sleep(HOUR)
