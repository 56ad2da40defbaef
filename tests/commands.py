"""The command as a user runs it: in a process of its own, which here is a fork of one that has its imports done.

What a run does is all in it, but for two things: Python does not begin, and the warm process of the run is another fork
in place of a new Python. Tests of those give a variable of the environment, or start the command themselves.
"""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
import traceback
from functools import cache
from io import FileIO, TextIOWrapper
from pathlib import Path
from types import SimpleNamespace
from typing import IO

from mp_eval import evaluate
from mp_eval.digests import Digests
from mp_eval.execute import forks, kept
from mp_eval.publish.release import STAGES

ROOT = Path(__file__).resolve().parent.parent
Done = subprocess.CompletedProcess[str]


def mp_eval(*words: str, workspace: Path, **environment: str) -> Done:
    """Run `mp-eval` in this workspace."""
    if environment or not kept.IS_POSSIBLE:
        return _begun_anew(words, workspace, environment)
    return _warm().submit(_here, words, str(workspace), dict(os.environ)).result()


def _begun_anew(words: tuple[str, ...], workspace: Path, environment: dict[str, str]) -> Done:
    return subprocess.run(
        [sys.executable, "-m", "mp_eval.cli", *words],
        cwd=workspace,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", **environment},
        check=False,
    )


@cache
def _warm() -> forks.Forks:
    """Of each worker one; it ends with the worker."""
    ours = ("mp_eval.cli", "mp_eval.execute.local", "mp_eval.many", "mp_eval.evaluate", "commands:_digest")
    return forks.Forks(at_once=2, stages=(*STAGES, ours))


def _digest() -> None:
    """The code is the same in every workspace."""
    evaluate._of_code(Digests(Path("nowhere")))


def _here(words: tuple[str, ...], workspace: str, environment: dict[str, str]) -> Done:
    """In the fork."""
    from mp_eval import cli
    from mp_eval.publish import unchanged

    os.environ.clear()
    os.environ.update(environment)
    os.chdir(workspace)
    vars(forks)["subprocess"] = SimpleNamespace(**{**vars(subprocess), "Popen": _Forked})
    unchanged.BEGUN = time.time_ns()
    evaluate._BEGUN.clear()
    with tempfile.TemporaryFile("w+", encoding="utf-8") as out, tempfile.TemporaryFile("w+", encoding="utf-8") as err:
        for number, file in ((1, out), (2, err)):
            os.dup2(file.fileno(), number)
        sys.stdout, sys.stderr = (TextIOWrapper(FileIO(number, "w", closefd=False), "utf-8") for number in (1, 2))
        code = 1
        try:
            cli.main(list(words), prog_name="mp-eval")
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
        except BaseException:
            traceback.print_exc()
        sys.stdout.flush()
        sys.stderr.flush()
        return subprocess.CompletedProcess(words, code, _all(out), _all(err))


def _all(file: IO[str]) -> str:
    file.seek(0)
    return file.read()


class _Forked:
    """What `Forks` starts with `subprocess.Popen`, as a fork of this process."""

    def __init__(self, command: list[str], *, env: dict[str, str], **others: object) -> None:
        asker = os.getpid()
        self.pid = os.fork()
        if not self.pid:
            try:
                os.setsid()
                os.environ.clear()
                os.environ.update(env)
                kept.keep(forks._Server(socket.socket(fileno=int(command[-1]))).serve, asker=asker)
            finally:
                os._exit(0)

    def wait(self, timeout: float = 60) -> int:
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            with contextlib.suppress(ChildProcessError):
                if not os.waitpid(self.pid, os.WNOHANG)[0]:
                    time.sleep(0.005)
                    continue
            return 0
        raise subprocess.TimeoutExpired("mp-eval", timeout)

    def kill(self) -> None:
        kept.end_group(self.pid)
