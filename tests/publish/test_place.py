"""A release takes the place of the one before in one move: killed at any step, one of the two is there, whole."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from mp_eval.publish import place
from mp_eval.steps import write
from mp_eval.workspace import Municipality, Run, Settings, Workspace

WATCHED = ("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "shutil.", "os.listdir", "os.scandir", "ctypes.")
TEXTS = {"old": {"index.html": "oud", "2024/a.html": "oud a"}, "new": {"index.html": "nieuw", "2025/b.html": "nieuw b"}}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path, Settings(Municipality("Elders"), run=Run(keep_releases=2)))


def make(folder: Path, texts: dict[str, str]) -> Path:
    for name, text in texts.items():
        write(folder / name, text)
    said = {"release": texts["index.html"], "files": place.files(folder)}
    write(folder / place.MANIFEST, json.dumps(said))
    return folder


def released(workspace: Workspace, *texts: dict[str, str]) -> None:
    for some in texts:
        put(workspace, make(workspace.scratch / place.NEW, some))


def put(workspace: Workspace, new: Path, *, is_public: bool = False) -> list[str]:
    apart = place.carry_over(workspace, new, is_public=is_public)
    place.place(workspace, new)
    return apart


def shown(folder: Path) -> dict[str, str]:
    """The files of a release, without those of earlier ones."""
    paths = [p for p in folder.rglob("*") if p.is_file() and p.name != place.MANIFEST]
    names = {p.relative_to(folder).as_posix(): p.read_text(encoding="utf-8") for p in paths}
    return {name: text for name, text in names.items() if not name.startswith(f"{place.RELEASES}/")}


def kept(workspace: Workspace) -> list[str]:
    return [path.name for path in place.earlier(workspace)]


def killed(act: Callable[[], object], at: int) -> bool:
    """Do this in a process that is killed at its `at`th step on the disk; whether it was."""
    pid = os.fork()
    if pid:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) != 0
    left = at

    def watch(event: str, arguments: object) -> None:
        nonlocal left
        if event.startswith(WATCHED):
            left -= 1
            if left < 0:
                os._exit(9)

    sys.addaudithook(watch)
    act()
    os._exit(0)


def test_the_first_release_is_placed(workspace: Workspace) -> None:
    released(workspace, TEXTS["old"])
    assert (shown(workspace.output), kept(workspace)) == (TEXTS["old"], [])


def test_the_release_before_is_kept_whole(workspace: Workspace) -> None:
    released(workspace, TEXTS["old"], TEXTS["new"])
    assert shown(workspace.output) == TEXTS["new"]
    assert kept(workspace) == ["0001-oud"]
    assert shown(place.earlier(workspace)[0]) == TEXTS["old"]


def test_no_more_are_kept_than_asked_for_and_numbers_go_on(workspace: Workspace) -> None:
    released(workspace, *({"index.html": str(n)} for n in range(5)))
    assert kept(workspace) == ["0003-2", "0004-3"]


def test_none_is_kept_when_none_is_asked_for(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path, Settings(Municipality("Elders"), run=Run(keep_releases=0)))
    released(workspace, TEXTS["old"], TEXTS["new"])
    assert (shown(workspace.output), kept(workspace)) == (TEXTS["new"], [])


def test_the_same_release_again_is_not_kept_twice(workspace: Workspace) -> None:
    released(workspace, TEXTS["old"], TEXTS["old"])
    assert kept(workspace) == []


def test_what_somebody_put_there_stays_and_is_not_kept_twice(workspace: Workspace) -> None:
    released(workspace, TEXTS["old"])
    write(workspace.output / "eigen" / "nota.txt", "van ons")
    released(workspace, TEXTS["new"])
    assert shown(workspace.output) == {**TEXTS["new"], "eigen/nota.txt": "van ons"}
    assert shown(place.earlier(workspace)[0]) == TEXTS["old"]


@pytest.mark.parametrize("can_swap", [True, False], ids=["swap", "two renames"])
def test_killed_at_any_step_one_of_both_is_there_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, can_swap: bool
) -> None:
    if not hasattr(os, "fork"):
        pytest.skip("this system has no fork, by which the test kills a copy of itself")
    if not can_swap:
        monkeypatch.setattr(place, "_swap", lambda *_: False)
    found, at = set(), 0
    while True:
        root = tmp_path / str(at)
        workspace = Workspace(root, Settings(Municipality("Elders"), run=Run(keep_releases=2)))
        released(workspace, {"index.html": "eerder"}, TEXTS["old"])
        write(workspace.output / "nota.txt", "van ons")
        new = make(workspace.scratch / place.NEW, TEXTS["new"])
        was_killed = killed(lambda w=workspace, n=new: put(w, n), at)
        if can_swap:  # at no moment is there nothing
            assert shown(workspace.output).get("index.html") in ("oud", "nieuw")
        place.settle(workspace)
        now = shown(workspace.output)
        assert now in [{**TEXTS[name], "nota.txt": "van ons"} for name in TEXTS], at
        found.add(now["index.html"])
        if now["index.html"] == "nieuw":
            assert [name.partition("-")[2] for name in kept(workspace)] == ["eerder", "oud"], at
            assert shown(place.earlier(workspace)[-1]) == TEXTS["old"], at
        assert [p.name for p in workspace.scratch.iterdir() if p.suffix != ".new"] == []
        assert not (workspace.scratch / place.NEW).exists()
        if not was_killed:
            break
        at += 1
    assert found == {"oud", "nieuw"}
    assert at > 20


def test_an_internal_release_does_not_stay_within_a_public_one(workspace: Workspace) -> None:
    internal = {"index.html": "intern", **TEXTS["old"]}
    released(workspace, internal)
    write(workspace.output / "eigen" / "notitie.txt", "5 inwoners")
    write(workspace.output / ".gitkeep", "")
    new = make(workspace.scratch / place.NEW, TEXTS["new"])
    said = {**place.manifest(new), "internal": False}
    write(new / place.MANIFEST, json.dumps(said))
    assert put(workspace, new, is_public=True) == ["eigen/notitie.txt"]
    assert not (workspace.output / place.RELEASES / "0001-oud").exists()
    assert place.earlier(workspace) == [workspace.scratch / place.INTERNAL / "0001-oud"]
    assert shown(workspace.output) == {**TEXTS["new"], ".gitkeep": ""}
    assert (workspace.scratch / place.INTERNAL / place.LOOSE / "eigen/notitie.txt").read_text() == "5 inwoners"


def test_an_earlier_release_that_was_given_a_name_is_left_alone(workspace: Workspace) -> None:
    released(workspace, TEXTS["old"], TEXTS["new"])
    (workspace.output / place.RELEASES / "0001-oud").rename(workspace.output / place.RELEASES / "naar-de-raad")
    released(workspace, *({"index.html": str(n)} for n in range(4)))
    assert kept(workspace) == ["0003-1", "0004-2"]
    assert (workspace.output / place.RELEASES / "naar-de-raad" / "index.html").read_text() == "oud"


def test_when_the_new_release_cannot_come_the_old_one_comes_back(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    released(workspace, TEXTS["old"])
    monkeypatch.setattr(place, "_swap", lambda *_: False)
    rename = Path.rename

    def refuse(path: Path, target: Path) -> Path:
        if path.name == place.NEW:
            raise PermissionError(13, "in gebruik", str(path))
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(PermissionError):
        released(workspace, TEXTS["new"])
    assert shown(workspace.output) == TEXTS["old"]


def test_settle_does_nothing_when_there_is_nothing_to_put_right(workspace: Workspace) -> None:
    released(workspace, TEXTS["old"])
    place.settle(workspace)
    assert shown(workspace.output) == TEXTS["old"]
