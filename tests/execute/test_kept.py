"""What a call started ends with it, in whatever session it is: when it returns, dies, is ended, or loses its asker."""

from __future__ import annotations

import os
import select
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from strays import HOUR, WAYS, gone, note, start_all, wait_for

from mp_eval.execute import kept
from mp_eval.execute.kept import Kept

pytestmark = [
    pytest.mark.skipif(not kept.IS_POSSIBLE, reason="this system has no fork"),
    pytest.mark.skipif(not kept.ADOPTS, reason="only Linux finds what left its group and lost its parent"),
]


def ended(call: Kept) -> bool:
    """Whether it is told that the call has ended."""
    return select.select([call], [], [], 60)[0] == [call]


@pytest.mark.parametrize("way", WAYS)
def test_when_a_call_returns_what_it_started_is_gone(tmp_path: Path, way: Callable[[], int]) -> None:
    call = Kept(lambda into: note(tmp_path / "pid", [way()]))
    assert ended(call)
    assert call.end() == 0
    assert gone(wait_for(tmp_path / "pid"))


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGTERM])
def test_when_a_call_dies_that_is_told_and_what_it_started_is_gone(tmp_path: Path, sign: signal.Signals) -> None:
    def work(into: int) -> None:
        note(tmp_path / "pids", start_all())
        os.kill(os.getpid(), sign)

    call = Kept(work)
    assert ended(call)
    assert call.end() == -sign
    assert gone(wait_for(tmp_path / "pids"))


def linger(path: Path) -> None:
    note(path, [os.getpid(), *start_all()])
    time.sleep(HOUR)


def test_a_call_that_is_ended_takes_everything_along(tmp_path: Path) -> None:
    call = Kept(lambda into: linger(tmp_path / "pids"))
    pids = wait_for(tmp_path / "pids")
    assert call.end() == -signal.SIGKILL
    assert gone(pids)


def test_a_call_whose_keeper_is_killed_goes_too(tmp_path: Path) -> None:
    call = Kept(lambda into: note(tmp_path / "pids", [os.getpid()]) or time.sleep(HOUR))
    pids = wait_for(tmp_path / "pids")
    os.kill(call._keeper, signal.SIGKILL)
    assert ended(call)
    assert call.end() == -signal.SIGKILL
    assert gone(pids)


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGKILL, signal.SIGHUP])
def test_when_whoever_asked_dies_nothing_lives_on(tmp_path: Path, sign: signal.Signals) -> None:
    def ask(into: int) -> None:
        if sign is not signal.SIGKILL:
            signal.signal(sign, signal.SIG_DFL)  # of tests that `nohup` started, SIGHUP is ignored
        call = Kept(lambda into: linger(tmp_path / "pids"))
        note(tmp_path / "asker", [os.getpid(), call._keeper])
        time.sleep(HOUR)

    asker = os.fork()  # not kept itself: what it leaves must go by itself
    if not asker:
        ask(0)
    pids = wait_for(tmp_path / "pids") + wait_for(tmp_path / "asker")
    os.kill(asker, sign)
    os.waitpid(asker, 0)
    assert gone(pids)


def test_the_end_of_one_is_heard_while_another_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    both = threading.Barrier(2)
    mask = signal.pthread_sigmask

    def meet(how: int, signs: set[signal.Signals]) -> object:
        """Before the fork, with the pipes open, and after it: only when both can be there at once do they meet."""
        if how in (signal.SIG_BLOCK, signal.SIG_SETMASK):
            with suppress(threading.BrokenBarrierError):
                both.wait(timeout=1)
        return mask(how, signs)

    monkeypatch.setattr(signal, "pthread_sigmask", meet)
    begun: dict[str, Kept] = {}
    work = {"goes on": lambda into: linger(tmp_path / "pids"), "ends": lambda into: None}
    threads = [threading.Thread(target=lambda n=name: begun.update({n: Kept(work[n])})) for name in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    pids = wait_for(tmp_path / "pids")
    assert ended(begun["ends"])
    assert begun["ends"].end() == 0
    os.set_blocking(begun["ends"].pipe, False)
    assert os.read(begun["ends"].pipe, 1) == b""  # nobody holds the other end: it would block
    begun["goes on"].end()
    assert gone(pids)


def test_a_call_within_a_call_is_kept_too(tmp_path: Path) -> None:
    def work(into: int) -> None:
        within = Kept(lambda into: linger(tmp_path / "pids"))
        wait_for(tmp_path / "pids")
        os.write(into, str(within.end()).encode())

    call = Kept(work)
    assert os.read(call.pipe, 10) == b"-9"
    call.end()
    os.close(call.pipe)
    assert gone(wait_for(tmp_path / "pids"))
