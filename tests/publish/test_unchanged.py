"""A run knows at a glance that nothing changed, and never says so when something did."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import two_notebooks

from mp_eval import workspace as places
from mp_eval.digests import Digests
from mp_eval.publish import unchanged, versions
from mp_eval.workspace import Workspace

LATER = 10**11  # nanoseconds


@pytest.fixture
def noted(workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A workspace of which it was noted that there was nothing to do; the files of the test count as old."""
    monkeypatch.setattr(unchanged, "BEGUN", unchanged.BEGUN + 36 * LATER)
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path / "packages")])
    (tmp_path / "packages").mkdir()
    two_notebooks(tmp_path)
    workspace.scratch.mkdir()
    workspace.output.mkdir()
    workspace.ledger.mkdir()
    (workspace.output / "index.html").write_text("made")
    digests = Digests(tmp_path / "memory.json")
    for path in tmp_path.rglob("*"):
        if path.is_file():
            digests.file(path)
    unchanged.note(workspace, {"runs": "5"}, digests.seen)
    assert unchanged.is_so(workspace, {"runs": "5"})
    return workspace


def is_so(workspace: Workspace) -> bool:
    return unchanged.is_so(places.find(workspace.root), {"runs": "5"})


def test_with_nothing_changed_it_says_so_again(noted: Workspace) -> None:
    assert is_so(noted)


def _append(name: str) -> Callable[[Path], object]:
    return lambda root: (root / name).write_bytes((root / name).read_bytes() + b"\n")


def _rewrite(root: Path) -> None:
    """The same length and the same time of change: only the system's own time tells."""
    path = root / "data/raw/published.csv"
    text, before = path.read_bytes(), path.stat()
    path.write_bytes(text.replace(b";543;", b";544;"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


CHANGES: dict[str, Callable[[Path], object]] = {
    "a setting": _append("evaluation.toml"),
    "a delivered file": _append("data/raw/2024/gesprekken.csv"),
    "a figure, as long and as old as it was": _rewrite,
    "another delivered file": lambda root: (root / "data/raw/2024/treden.csv").write_text("x"),
    "a delivered file that is gone": lambda root: (root / "data/raw/2024/gesprekken.csv").unlink(),
    "another register": lambda root: (root / "data/raw/published.csv").unlink(),
    "a page": _append("output/index.html"),
    "a page that is gone": lambda root: (root / "output/index.html").unlink(),
    "a notebook": lambda root: shutil.copy(root / "notebooks/03-geactiveerd.ipynb", root / "notebooks/04-erbij.ipynb"),
    "a module beside a notebook": lambda root: (root / "notebooks/naast.py").write_text("woord = 1"),
    "a release in the ledger": lambda root: (root / "data/ledger/0002-abc").mkdir(),
    "a ledger that is gone": lambda root: shutil.rmtree(root / "data/ledger"),
    "a package": lambda root: (root / "packages/babel-2.0.dist-info").mkdir(),
    "the memory itself": lambda root: (root / ".mp-eval/unchanged.json").write_text("{"),
}


@pytest.mark.parametrize("kind", CHANGES)
def test_a_change_is_noticed(noted: Workspace, kind: str) -> None:
    CHANGES[kind](noted.root)
    assert not is_so(noted)


def test_a_copy_knows_nothing_of_itself(noted: Workspace, tmp_path_factory: pytest.TempPathFactory) -> None:
    copy = tmp_path_factory.mktemp("elsewhere") / "copy"
    shutil.copytree(noted.root, copy)
    assert not unchanged.is_so(places.find(copy), {"runs": "5"})


def test_other_parameters_are_another_question(noted: Workspace) -> None:
    assert not unchanged.is_so(noted, {"runs": "6"})


def test_another_commit_of_the_code_is_noticed(noted: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(versions, "library", lambda: "mp-eval 0.0.0")
    assert not is_so(noted)


def test_what_was_changed_just_before_is_not_believed(workspace: Workspace) -> None:
    unchanged.note(workspace, {}, {})
    assert not unchanged.is_so(workspace, {})
