"""Calls in forks: what comes back, what is ended, and that nothing lives on, whoever dies."""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor
from pathlib import Path

import psutil
import pytest
from strays import HOUR, gone, note, start_all, wait_for

from mp_eval.execute import forks, kept
from mp_eval.execute.forks import Died, Forks
from mp_eval.publish.release import STAGES

pytestmark = pytest.mark.skipif(not kept.IS_POSSIBLE, reason="this system has no fork")
finds_strays = pytest.mark.skipif(
    not kept.ADOPTS, reason="only Linux finds what has left its group and lost its parent"
)
Says = Callable[..., None]


@pytest.fixture
def pool() -> Iterator[Forks]:
    with Forks(at_once=2) as found:
        yield found


def where_it_is_from() -> str:
    return str(forks.__file__)


def test_nothing_is_imported_from_the_folder_it_is_called_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another copy of the library, or a file by the name of a module: each was taken for the one that is installed."""
    for name in ("mp_eval/__init__.py", "mp_eval/execute/__init__.py", "mp_eval/execute/forks.py", "statistics.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("raise RuntimeError('of another')", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with Forks(at_once=1, stages=[["statistics"]]) as pool:
        assert pool.submit(where_it_is_from).result() == forks.__file__


def note_and_sleep(path: Path) -> None:
    note(path, [os.getpid(), *start_all()])
    time.sleep(HOUR)


def note_and_die(path: Path) -> None:
    note(path, start_all())
    os.kill(os.getpid(), signal.SIGKILL)


def note_and_dawdle(path: Path) -> None:
    note(path, start_all())
    stay_within(0.2)


def stay_within(seconds: float) -> None:
    forks.allow(seconds)
    time.sleep(HOUR)


def extend(times: int) -> str:
    for _ in range(times):
        forks.allow(5)
        time.sleep(0.01)
    return "af"


class Odd(Exception):
    """An exception that cannot be made again from its pickle."""

    def __init__(self, one: str, two: str) -> None:
        super().__init__(one)


def return_odd() -> list[Odd]:
    return [Odd("een", "twee")]


def raise_odd() -> None:
    raise Odd("een", "twee")


def test_a_result_comes_back(pool: Forks) -> None:
    assert pool.submit(divmod, 7, 2).result() == (3, 1)


def test_a_large_result_comes_back_whole(pool: Forks) -> None:
    assert pool.submit(bytes, 30_000_000).result() == bytes(30_000_000)


def test_an_exception_comes_back_as_itself(pool: Forks) -> None:
    assert isinstance(pool.submit(divmod, 7, 0).exception(), ZeroDivisionError)


def test_an_exception_that_does_not_travel_is_told(pool: Forks) -> None:
    assert str(pool.submit(raise_odd).exception()) == "Odd: een"


def test_a_result_that_cannot_be_read_is_of_its_call_alone(pool: Forks) -> None:
    odd, other = pool.submit(return_odd), pool.submit(divmod, 7, 2)
    assert "missing 1 required positional argument" in str(odd.exception(timeout=30))
    assert other.result(timeout=30) == (3, 1)


def test_each_call_has_a_process_of_its_own(pool: Forks) -> None:
    pids = {pool.submit(os.getpid).result() for _ in range(3)}
    assert len(pids) == 3
    assert os.getpid() not in pids


def test_no_more_than_asked_for_run_at_once(pool: Forks, tmp_path: Path) -> None:
    running = [pool.submit(note_and_sleep, tmp_path / str(n)) for n in range(3)]
    first = [wait_for(tmp_path / "0"), wait_for(tmp_path / "1")]
    assert not (tmp_path / "2").exists()
    os.kill(first[0][0], signal.SIGKILL)
    wait_for(tmp_path / "2")
    pool.shutdown(cancel_futures=True)
    assert all(isinstance(f.exception(), (Died, BrokenExecutor)) for f in running)


def test_a_call_that_dies_tells_its_signal(pool: Forks) -> None:
    found = pool.submit(os.abort).exception()
    assert isinstance(found, Died)
    assert (found.code, found.is_late) == (-signal.SIGABRT, False)


def test_what_takes_longer_than_it_may_is_ended(pool: Forks) -> None:
    found = pool.submit(stay_within, 0.2).exception()
    assert isinstance(found, Died)
    assert found.is_late


def test_who_asks_for_more_time_gets_it(pool: Forks) -> None:
    assert pool.submit(extend, 20).result() == "af"


def test_what_a_call_left_running_ends_with_it(pool: Forks) -> None:
    assert gone(pool.submit(start_all).result())


@finds_strays
@pytest.mark.parametrize("dies", [note_and_die, note_and_dawdle])
def test_what_a_call_that_died_left_running_is_ended_and_nothing_else(pool: Forks, tmp_path: Path, dies: Says) -> None:
    other = pool.submit(note_and_sleep, tmp_path / "other")
    others = wait_for(tmp_path / "other")
    found = pool.submit(dies, tmp_path / "pids").exception(timeout=60)
    assert isinstance(found, Died)
    assert found.code == -signal.SIGKILL
    assert gone(wait_for(tmp_path / "pids"))
    assert all(map(psutil.pid_exists, others))
    pool.shutdown(cancel_futures=True)
    assert isinstance(other.exception(), (Died, BrokenExecutor))
    assert gone(others)


@finds_strays
@pytest.mark.parametrize("which", ["keeper", "warm process"])
def test_when_the_warm_process_is_killed_everything_is_told_and_nothing_lives_on(
    pool: Forks, tmp_path: Path, which: str
) -> None:
    running = pool.submit(note_and_sleep, tmp_path / "pids")
    pids = wait_for(tmp_path / "pids")
    keeper = psutil.Process(pool._server.pid)
    (warm,) = keeper.children()
    (keeper if which == "keeper" else warm).kill()
    assert isinstance(running.exception(timeout=60), BrokenExecutor)
    assert gone([*pids, warm.pid])
    with pytest.raises(BrokenExecutor):
        pool.submit(os.getpid)


def test_when_whoever_asked_is_killed_nothing_lives_on(tmp_path: Path) -> None:
    noted = tmp_path / "pids"
    program = (
        "import sys, pathlib; sys.path.insert(0, sys.argv[1]); from test_forks import *\n"
        "pool = Forks(at_once=1); pool.submit(note_and_sleep, pathlib.Path(sys.argv[2])).result()"
    )
    command = [sys.executable, "-c", program, str(Path(__file__).parent), str(noted)]
    with subprocess.Popen(command) as asker:
        pids = wait_for(noted)
        servers = [p.pid for p in psutil.Process(asker.pid).children(recursive=True)]
        asker.kill()
    assert gone([*pids, *servers])


def test_a_call_waits_for_the_stages_that_it_needs_and_for_no_more(tmp_path: Path) -> None:
    for name in ("asked", "go"):
        program = f"import pathlib, time\nwhile not pathlib.Path({str(tmp_path / name)!r}).exists(): time.sleep(0.01)\n"
        (tmp_path / f"until_{name}.py").write_text(program)
    sys.path.insert(0, str(tmp_path))
    try:
        with Forks(at_once=2, stages=(("json",), ("until_asked", "until_go"))) as pool:
            early = pool.after(1, (tmp_path / "done").write_text, "1\n")
            late = pool.submit((tmp_path / "late").write_text, "1\n")
            (tmp_path / "asked").touch()
            wait_for(tmp_path / "done")  # it ran, though what was imported then never ended
            assert not (tmp_path / "late").exists()
            (tmp_path / "go").touch()
            assert (early.result(timeout=30), late.result(timeout=30)) == (2, 2)
    finally:
        sys.path.remove(str(tmp_path))


def test_a_module_of_ours_that_cannot_be_imported_is_told_with_each_call() -> None:
    with Forks(stages=(("mp_eval.er_is_geen_module",),)) as pool:
        for _ in range(2):
            assert "mp_eval.er_is_geen_module" in str(pool.submit(os.getpid).exception())


def test_what_only_warms_may_be_missing_or_fail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gaat_stuk.py").write_text("def warm(): 1 / 0\ndef stopt(): raise SystemExit(3)\n")
    (tmp_path / "stopt.py").write_text("raise SystemExit(3)\n")
    monkeypatch.syspath_prepend(tmp_path)
    missing = ("pandas.core.no_such_module", "er_is_geen_module:warm", "json:er_is_geen_functie")
    with Forks(stages=(("json",), missing, ("gaat_stuk:warm", "gaat_stuk:stopt", "stopt"))) as pool:
        assert pool.submit(divmod, 7, 2).result() == (3, 1)


def test_every_name_that_is_warmed_is_there() -> None:
    names = [name.partition(":") for stage in STAGES for name in stage]
    missing = [module for module, _, _ in names if importlib.util.find_spec(module) is None]
    called = [(module, function) for module, _, function in names if function]
    assert missing == []
    assert [f for f in called if not callable(getattr(importlib.import_module(f[0]), f[1], None))] == []


def put(name: str, value: str) -> None:
    os.environ[name] = value


def test_what_is_prepared_every_later_call_finds(pool: Forks) -> None:
    pool.prepare(divmod, 7, 0)  # that it fails is passed over
    pool.prepare(put, "MP_EVAL_PREPARED", "ja")
    assert [pool.submit(os.getenv, "MP_EVAL_PREPARED").result() for _ in range(2)] == ["ja", "ja"]


def test_many_threads_may_ask(pool: Forks) -> None:
    found: list[int] = []
    threads = [threading.Thread(target=lambda n=n: found.append(pool.submit(abs, -n).result())) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == list(range(20))
