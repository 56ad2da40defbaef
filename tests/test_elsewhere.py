"""What can be shown here of Windows and macOS: no fork, a file that is open elsewhere, another console, CRLF."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path, PureWindowsPath
from typing import cast

import edges
import pytest
from commands import mp_eval
from conftest import files, long

from mp_eval import workspace as places
from mp_eval.workspace import Municipality, Settings, Workspace

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parent.parent
STAND_IN = os.pathsep.join([str(ROOT), str(ROOT / "tests" / "elsewhere")])


@pytest.fixture
def again(little: Workspace, tmp_path: Path) -> Path:
    """A copy of a workspace that has been run."""
    return Path(shutil.copytree(little.root, tmp_path / "again"))


@pytest.mark.long
def test_without_a_fork_the_same_release_comes_out(again: Path) -> None:
    """Processes are spawned and each notebook has a kernel of its own, as on Windows."""
    before = files(again / "output")
    shutil.rmtree(again / "output")
    shutil.rmtree(again / ".mp-eval")
    done = mp_eval("run", workspace=again, PYTHONPATH=STAND_IN, NO_FORK="1")
    assert done.returncode == 0, done.stderr
    after = files(again / "output")
    assert {name for name in before if before[name] != after.get(name)} <= {"manifest.json", "verantwoording.html"}


def test_every_command_does_without_a_fork(again: Path) -> None:
    assert mp_eval("run", workspace=again).returncode == 0  # elsewhere than where it was made
    commands = (("status",), ("check",), ("plan",), ("list",), ("note", "2024"), ("run",), ("clean",))
    done = {words: mp_eval(*words, workspace=again, PYTHONPATH=STAND_IN, NO_FORK="1") for words in commands}
    assert {words: d.stderr for words, d in done.items() if d.returncode} == {}


@pytest.mark.parametrize("locked", ["gesprekken.csv", long("source.toml"), "evaluation.toml"])
def test_a_file_that_is_open_elsewhere_is_named(tmp_path: Path, locked: str) -> None:
    root = edges.one_resident(tmp_path).root
    said = f"{locked} mag mp-eval niet lezen of schrijven; is het open in een ander programma?"
    commands = ("status", "check", "plan", "run")
    done = {command: mp_eval(command, workspace=root, PYTHONPATH=STAND_IN, LOCKED=locked) for command in commands}
    wrong = {c: d for c, d in done.items() if d.returncode == 0 or said not in d.stderr or "Traceback" in d.stderr}
    assert wrong == {}


@pytest.mark.parametrize("code_page", ["cp1252", long("cp437")])
def test_a_console_of_windows_shows_what_it_can(again: Path, code_page: str) -> None:
    """Of 256 characters, without → or ‘: what it lacks becomes a question mark, and nothing fails."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": code_page}
    for words in ("--help", "status", "check"):
        command = [sys.executable, "-m", "mp_eval.cli", words]
        done = subprocess.run(command, cwd=again, capture_output=True, env=environment, check=False)
        assert (done.returncode, b"Traceback" in done.stderr) == (0, False), done.stderr
        assert done.stdout.decode(code_page)


def test_files_that_notepad_saved_say_the_same(again: Path) -> None:
    """With a mark at the beginning and with both signs at the end of a line."""
    before = mp_eval("check", workspace=again)
    saved = [again / places.SETTINGS_FILE, again / "data/raw/ambities.toml", again / "data/raw/published.csv"]
    for path in (*saved, *(again / "data/raw/2024").iterdir()):
        text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n").replace("\n", "\r\n")
        path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    after = mp_eval("check", workspace=again)
    assert (after.returncode, after.stdout) == (before.returncode, before.stdout), after.stderr
    mp_eval("new-period", "2030", "--start", "2030-01-01", "--end", "2031-01-01", workspace=again)
    assert [p.id for p in places.find(again).periods] == ["2023", "2024", "2030"]


def test_a_path_of_windows_is_told_from_the_workspace_with_forward_slashes() -> None:
    """As messages and pages show it; its letters may be of another case than those of the workspace."""
    where = Workspace(cast(Path, PureWindowsPath(r"C:\Users\wim\Evaluatie")), Settings(Municipality("X")))
    told = {
        r"C:\Users\wim\Evaluatie\data\raw\2024\gesprekken.csv": "data/raw/2024/gesprekken.csv",
        r"c:\users\WIM\evaluatie\data\raw": "data/raw",
        r"D:\elders\BUS.csv": "BUS.csv",
        r"\\server\deel\BUS.csv": "BUS.csv",
    }
    assert {path: where.relative(cast(Path, PureWindowsPath(path))) for path in told} == told
    assert str(where.raw) == r"C:\Users\wim\Evaluatie\data\raw"


def test_names_in_capitals_are_the_same_names(tmp_path: Path) -> None:
    root = edges.one_resident(tmp_path).root
    before = mp_eval("check", workspace=root).stdout
    for path in list((root / "data/raw").glob("*/*.csv")):
        path.rename(path.with_name(path.name.upper()))
    after = mp_eval("check", workspace=root)
    assert (after.returncode, after.stdout.casefold()) == (0, before.casefold())
