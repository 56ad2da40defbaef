"""Whatever ends a run, the release is the old one or the new one, whole, and the next run goes on from what is done."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import psutil
import pytest
from commands import mp_eval
from conftest import ROOT, files, long, run_whole, two_notebooks

from mp_eval.publish import place
from mp_eval.workspace import Workspace

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name != "posix", reason="the test ends runs by signals")]
COMMAND = [sys.executable, "-m", "mp_eval.cli", "run"]
KILLED_AT = """
import os, sys
left = int(sys.argv.pop(1))
def watch(event, arguments):
    global left
    if event in ("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "subprocess.Popen", "socket.sendto"):
        left -= 1
        if left == 0:
            os.kill(os.getpid(), 9)
from mp_eval import cli
from mp_eval.publish import release
sys.addaudithook(watch)
try:
    cli.main(["run"], standalone_mode=False)
finally:
    print("left", left)
"""


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory, little: Workspace) -> Path:
    """A release, and a change in its input that the next run has to work on: what an ambition is at."""
    return changed(little, tmp_path_factory.mktemp("interrupted") / "prepared", "ambities.toml", "loopt", "klaar")


def changed(made: Workspace, root: Path, file: str, old: str, new: str) -> Path:
    """A copy of what was made, with one more thing to do for the next run."""
    shutil.copytree(made.root, root)
    path = root / "data/raw" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return root


class Releases(NamedTuple):
    """What is in output before, what a run that nothing stops puts in its place, and in how many steps on the disk."""

    before: dict[str, str]
    after: dict[str, str]
    steps: int


@pytest.fixture(scope="module")
def releases(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Releases:
    return unstopped(prepared, tmp_path_factory)


def unstopped(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Releases:
    root = Path(shutil.copytree(prepared, tmp_path_factory.mktemp("unstopped") / "root"))
    often = 10**6
    counted = killed_at(often, root)
    assert counted.returncode == 0, counted.stderr
    return Releases(shown(prepared), shown(root), often - int(counted.stdout.split()[-1]))


def killed_at(step: int, root: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", KILLED_AT, str(step)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=root, capture_output=True, text=True, env=environment, check=False)


@pytest.fixture
def root(prepared: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(prepared, tmp_path / "root"))


def shown(root: Path) -> dict[str, str]:
    found = files(root / "output")
    return {name: digest for name, digest in found.items() if not name.startswith(f"{place.RELEASES}/")}


def edit_cell(root: Path, source: str, notebook: str = "03-geactiveerd.ipynb") -> None:
    """Put this before the rest of a cell in the middle of the notebook."""
    path = root / "notebooks" / notebook
    content = json.loads(path.read_text(encoding="utf-8"))
    code = [c for c in content["cells"] if c["cell_type"] == "code"]
    code[len(code) // 2]["source"].insert(0, source + "\n")
    path.write_text(json.dumps(content), encoding="utf-8")


def nothing_half(root: Path) -> bool:
    names = [p.name for folder in (".mp-eval", "data", "output") for p in (root / folder).rglob("*")]
    return not [n for n in names if n.endswith((".new", ".old", ".journal")) or n in (place.PLACING, "lock.json")]


def all_gone(processes: list[psutil.Process]) -> bool:
    return psutil.wait_procs(processes, timeout=10)[1] == []


def wait_for(path: Path, running: subprocess.Popen[str]) -> None:
    end = time.monotonic() + 300
    while not path.exists():
        assert running.poll() is None, running.communicate()
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


@pytest.fixture
def sleeping(root: Path) -> Iterator[Callable[..., tuple[subprocess.Popen[str], list[psutil.Process]]]]:
    """Starts a run of which a cell sleeps, and gives it with all its processes when it has come there."""
    note = root / "here"
    started: list[subprocess.Popen[str]] = []

    def start(*words: str) -> tuple[subprocess.Popen[str], list[psutil.Process]]:
        edit_cell(root, f"import pathlib, time; pathlib.Path({str(note)!r}).touch(); time.sleep(90)")
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        running = subprocess.Popen(
            [*COMMAND, *words], cwd=root, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        )
        started.append(running)
        wait_for(note, running)
        return running, psutil.Process(running.pid).children(recursive=True)

    yield start
    for running in started:
        running.kill()
        running.communicate()


def test_killed_halfway_the_release_is_whole_and_the_next_run_ends_the_work(
    prepared: Path, tmp_path: Path, releases: Releases
) -> None:
    kill_and_go_on(prepared, tmp_path, releases, moments=1)


@pytest.mark.long
def test_killed_at_any_moment_the_release_is_whole_and_the_next_run_ends_the_work(
    little: Workspace, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A delivery says that it was made on another day, so that every stage has work."""
    prepared = changed(little, tmp_path / "prepared", "2024/source.toml", "2025-06-01", "2025-06-02")
    kill_and_go_on(prepared, tmp_path, unstopped(prepared, tmp_path_factory), moments=30)


def kill_and_go_on(prepared: Path, tmp_path: Path, releases: Releases, moments: int) -> None:
    """At moments spread over all that a run does on the disk."""
    assert releases.steps > 100
    found = []
    for point in range(1, moments + 1):
        at = int(releases.steps * 0.97 * (point - 0.5) / moments)
        for earlier in range(5):  # a run may take some steps fewer than the one that was counted, and end before
            root = Path(shutil.copytree(prepared, tmp_path / f"{point} {earlier}"))
            killed = killed_at(at - at * earlier // 50, root)
            if killed.returncode:
                break
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        found.append(shown(root) == releases.after)
        assert shown(root) in (releases.before, releases.after)
        run_whole(root)
        assert (shown(root), nothing_half(root)) == (releases.after, True)
    assert found[0] is False


@pytest.mark.parametrize(
    ("sign", "engine"),
    [
        (signal.SIGINT, "fork"),
        long(signal.SIGTERM, "kernel"),
        long(signal.SIGTERM, "fork"),
        long(signal.SIGINT, "kernel"),
    ],
)
def test_a_stop_leaves_no_process_and_no_half_file(  # type: ignore[no-untyped-def]
    root: Path, sleeping, releases: Releases, sign: signal.Signals, engine: str
) -> None:
    running, processes = sleeping("--engine", engine)
    running.send_signal(sign)
    _, said = running.communicate(timeout=60)
    assert (running.returncode, "Gestopt." in said, "Traceback" in said) == (130, True, False)
    assert all_gone(processes)
    assert nothing_half(root)
    assert shown(root) == releases.before


@pytest.mark.long  # a fork less, in `test_kept`; a stop, above
def test_a_killed_run_leaves_no_process(root: Path, sleeping) -> None:  # type: ignore[no-untyped-def]
    running, processes = sleeping()
    running.kill()
    assert all_gone(processes)


def test_a_lost_warm_process_is_told_and_the_next_run_ends_the_work(  # type: ignore[no-untyped-def]
    root: Path, sleeping, releases: Releases
) -> None:
    running, processes = sleeping()
    processes[0].kill()
    _, said = running.communicate(timeout=60)
    assert (running.returncode, "het rekenproces is gestopt" in said) == (1, True)
    assert shown(root) == releases.before
    two_notebooks(root)
    run_whole(root)
    assert shown(root) == releases.after


def test_one_failing_notebook_does_not_stop_the_others_and_is_told_and_kept(root: Path, releases: Releases) -> None:
    edit_cell(root, "1 / 0", "10-perioden-naast-elkaar.ipynb")
    done = mp_eval("run", workspace=root)
    assert done.returncode == 1
    assert "10-perioden-naast-elkaar.ipynb (): afgebroken bij cel" in done.stderr
    assert "(‘1 / 0’): ZeroDivisionError: division by zero" in done.stderr
    assert shown(root) == releases.before
    kept = json.loads((root / ".mp-eval/mislukt/alle-perioden-perioden-naast-elkaar.ipynb").read_text(encoding="utf-8"))
    errors = [o["ename"] for c in kept["cells"] for o in c.get("outputs", ()) if o["output_type"] == "error"]
    assert errors == ["ZeroDivisionError"]
    two_notebooks(root)
    ready = {p: p.stat().st_mtime_ns for p in (root / ".mp-eval/built").rglob("*.ipynb") if "alle-" not in str(p)}
    run_whole(root)
    assert {p: p.stat().st_mtime_ns for p in ready} == ready
    assert shown(root) == releases.after


@pytest.mark.parametrize("most", [long(4_000), long(40_000), long(70_000)])
def test_a_file_that_cannot_be_written_is_told_and_nothing_is_lost(root: Path, releases: Releases, most: int) -> None:
    import resource

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(COMMAND, cwd=root, capture_output=True, text=True, env=environment, preexec_fn=limit)
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert "File too large" in done.stderr
    assert (shown(root), nothing_half(root)) == (releases.before, True)
    run_whole(root)
    assert shown(root) == releases.after


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(folder)], capture_output=True).returncode:
        pytest.skip("this system does not let the test make a small disk")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.mark.parametrize("free", [long(8_000), 150_000, long(300_000)])
def test_a_full_disk_is_told_and_nothing_is_lost(
    prepared: Path, small_disk: Path, releases: Releases, free: int
) -> None:
    root = Path(shutil.copytree(prepared, small_disk / "root"))
    left = shutil.disk_usage(small_disk).free
    (small_disk / "filler").write_bytes(bytes(left - free))
    done = mp_eval("run", workspace=root)
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert "de schijf is vol" in done.stderr
    assert (shown(root), nothing_half(root)) == (releases.before, True)
    (small_disk / "filler").unlink()
    run_whole(root)
    assert shown(root) == releases.after
