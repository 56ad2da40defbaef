"""A release takes the place of the one before in one move: killed at any step, one of the two is there, whole."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from unittest.mock import Mock

import pytest
from conftest import each

from mp_eval.cli.make import _in_words
from mp_eval.publish import place, release, within
from mp_eval.released import MANIFEST, manifest
from mp_eval.steps import Refused, write
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
    write(folder / MANIFEST, json.dumps(said))
    return folder


def released(workspace: Workspace, *texts: dict[str, str]) -> None:
    for some in texts:
        put(workspace, make(workspace.scratch / place.NEW, some))


def put(workspace: Workspace, new: Path, *, is_public: bool = False) -> list[str]:
    apart = place.carry_over(workspace, workspace.output, new, is_public=is_public)
    place.place(workspace, new)
    return apart


def shown(folder: Path) -> dict[str, str]:
    """The files of a release, without those of earlier ones."""
    paths = [p for p in folder.rglob("*") if p.is_file() and p.name != MANIFEST]
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
        at += each(3)
    assert found == {"oud", "nieuw"}
    assert at > 20


def test_an_internal_release_does_not_stay_within_a_public_one(workspace: Workspace) -> None:
    internal = {"index.html": "intern", **TEXTS["old"]}
    released(workspace, internal)
    write(workspace.output / "eigen" / "notitie.txt", "5 inwoners")
    write(workspace.output / ".gitkeep", "")
    new = make(workspace.scratch / place.NEW, TEXTS["new"])
    said = {**manifest(new), "internal": False}
    write(new / MANIFEST, json.dumps(said))
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


def elsewhere(workspace: Workspace, texts: dict[str, str] | None = None) -> Path:
    """Let `output` be a link to a folder outside the workspace, with these files in it."""
    folder = workspace.root.parent / "elders"
    folder.mkdir()
    for name, text in (texts or {}).items():
        write(folder / name, text)
    workspace.output.symlink_to(folder, target_is_directory=True)
    return folder


@pytest.fixture
def beside(tmp_path: Path) -> Workspace:
    """A workspace with room beside it."""
    (tmp_path / "werkmap").mkdir()
    return Workspace(tmp_path / "werkmap", Settings(Municipality("Elders"), run=Run(keep_releases=2)))


def cannot_move(monkeypatch: pytest.MonkeyPatch, folder: Path, code: int) -> None:
    """Be a system on which this folder, as a mount or a folder of another disk, cannot change places."""
    rename = Path.rename

    def refuse(path: Path, target: Path) -> Path:
        if folder in (path, Path(target)):
            raise OSError(code, os.strerror(code), str(path))
        return rename(path, target)

    monkeypatch.setattr(place, "_swap", lambda one, other: refuse(one, other) and True)
    monkeypatch.setattr(Path, "rename", refuse)


def test_a_release_appears_where_a_link_leads(beside: Workspace) -> None:
    folder = elsewhere(beside)
    released(beside, TEXTS["old"])
    write(folder / "nota.txt", "van een collega")
    released(beside, TEXTS["new"])
    assert beside.output.is_symlink()
    assert shown(folder) == {**TEXTS["new"], "nota.txt": "van een collega"}
    assert kept(beside) == ["0001-oud"]


def test_what_was_in_the_folder_before_the_first_release_stays(beside: Workspace) -> None:
    folder = elsewhere(beside, {"nota.txt": "van een collega"})
    released(beside, TEXTS["old"])
    assert shown(folder) == {**TEXTS["old"], "nota.txt": "van een collega"}


@pytest.mark.parametrize("code", [errno.EBUSY, errno.EXDEV], ids=["mount", "other disk"])
def test_a_folder_that_cannot_move_gets_the_files_one_by_one(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    workspace.output.mkdir()
    cannot_move(monkeypatch, workspace.output, code)
    released(workspace, TEXTS["old"])
    write(workspace.output / "2024" / "nota.txt", "van een collega")
    released(workspace, TEXTS["new"])
    assert shown(workspace.output) == {**TEXTS["new"], "2024/nota.txt": "van een collega"}
    assert shown(place.earlier(workspace)[0]).items() >= TEXTS["old"].items()
    assert sorted(p.name for p in workspace.scratch.iterdir()) == []


def test_killed_at_any_step_within_a_mount_the_next_start_makes_one_of_both_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not hasattr(os, "fork"):
        pytest.skip("this system has no fork, by which the test kills a copy of itself")
    found, at = set(), 0
    while True:
        workspace = Workspace(tmp_path / str(at), Settings(Municipality("Elders"), run=Run(keep_releases=2)))
        released(workspace, TEXTS["old"])
        write(workspace.output / "nota.txt", "van ons")
        new = make(workspace.scratch / place.NEW, TEXTS["new"])
        with monkeypatch.context() as patch:
            cannot_move(patch, workspace.output, errno.EBUSY)
            was_killed = killed(lambda w=workspace, n=new: put(w, n), at)
            place.settle(workspace)
        now = shown(workspace.output)
        assert now in [{**TEXTS[name], "nota.txt": "van ons"} for name in TEXTS], at
        assert kept(workspace) == (["0001-oud"] if now["index.html"] == "nieuw" else []), at
        assert not (workspace.output / within.INSIDE).exists(), at
        found.add(now["index.html"])
        if not was_killed:
            break
        at += each(3)
    assert found == {"oud", "nieuw"}
    assert at > 20


def test_a_real_mount(workspace: Workspace) -> None:
    mount = shutil.which("mount")
    workspace.output.mkdir()
    if not mount or subprocess.run([mount, "-t", "tmpfs", "none", workspace.output], capture_output=True).returncode:
        pytest.skip("nothing can be mounted here: that takes Linux and its administrator")
    try:
        place.check(workspace)
        write(workspace.output / "nota.txt", "van een collega")
        released(workspace, TEXTS["old"], TEXTS["new"])
        assert shown(workspace.output) == {**TEXTS["new"], "nota.txt": "van een collega"}
        assert kept(workspace) == ["0001-oud"]
    finally:
        subprocess.run(["umount", workspace.output], check=True)


def test_a_real_folder_of_another_disk(beside: Workspace) -> None:
    mount = shutil.which("mount")
    folder = elsewhere(beside)
    if not mount or subprocess.run([mount, "-t", "tmpfs", "none", folder], capture_output=True).returncode:
        pytest.skip("nothing can be mounted here: that takes Linux and its administrator")
    try:
        (folder / "pagina's").mkdir()
        beside.output.unlink()
        beside.output.symlink_to(folder / "pagina's", target_is_directory=True)
        released(beside, TEXTS["old"], TEXTS["new"])
        assert shown(folder / "pagina's") == TEXTS["new"]
    finally:
        subprocess.run(["umount", folder], check=True)


def test_a_colleagues_file_whose_name_the_new_release_takes_is_set_apart_and_named(workspace: Workspace) -> None:
    released(workspace, TEXTS["old"])
    write(workspace.output / "2025" / "b.html", "van een collega")
    assert put(workspace, make(workspace.scratch / place.NEW, TEXTS["new"])) == ["2025/b.html"]
    assert shown(workspace.output) == TEXTS["new"]
    assert (workspace.scratch / place.INTERNAL / place.LOOSE / "2025/b.html").read_text() == "van een collega"


def test_where_the_folder_above_may_not_be_written_the_files_come_one_by_one(
    beside: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, access = elsewhere(beside), os.access
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != folder.parent and access(path, mode))
    cannot_move(monkeypatch, folder, errno.EACCES)
    place.check(beside)
    released(beside, TEXTS["old"], TEXTS["new"])
    assert (shown(folder), kept(beside)) == (TEXTS["new"], ["0001-oud"])


def test_mounts_are_looked_for_by_what_every_system_has(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def not_here(path: Path) -> bool:
        raise NotImplementedError("Path.is_mount() is unsupported on this system")

    monkeypatch.setattr(Path, "is_mount", not_here)  # Windows before Python 3.12
    released(workspace, TEXTS["old"])
    place.check(workspace)
    monkeypatch.setattr(os.path, "ismount", lambda path: Path(path).name == "2024")
    with pytest.raises(Refused, match="2024 in output is een koppelpunt"):
        place.check(workspace)


def test_an_internal_release_on_another_disk_is_moved_out_of_a_public_one(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    released(workspace, TEXTS["old"])
    new = make(workspace.scratch / place.NEW, TEXTS["new"])
    write(new / MANIFEST, json.dumps({**manifest(new), "internal": False}))
    cannot_move(monkeypatch, workspace.output, errno.EXDEV)
    shelf, rename = workspace.scratch / place.INTERNAL, Path.rename

    def across(path: Path, target: Path) -> Path:
        if Path(target).is_relative_to(shelf) and not path.is_relative_to(shelf):
            raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", across)
    put(workspace, new, is_public=True)
    assert place.earlier(workspace) == [shelf / "0001-oud"]
    assert shown(shelf / "0001-oud") == TEXTS["old"]


def test_a_colleagues_link_stays_a_link(workspace: Workspace) -> None:
    released(workspace, TEXTS["old"])
    (workspace.root / "map").mkdir()
    (workspace.output / "map").symlink_to(workspace.root / "map", target_is_directory=True)
    (workspace.output / "nergens").symlink_to(workspace.root / "nergens")
    released(workspace, TEXTS["new"])
    assert [(workspace.output / name).is_symlink() for name in ("map", "nergens")] == [True, True]
    assert (workspace.root / "map").is_dir()


def test_earlier_releases_may_be_kept_behind_a_link(beside: Workspace) -> None:
    shelf = beside.root.parent / "archief"
    shelf.mkdir()
    released(beside, TEXTS["old"])
    (beside.output / place.RELEASES).symlink_to(shelf, target_is_directory=True)
    released(beside, TEXTS["new"])
    assert [p.name for p in shelf.iterdir()] == ["0001-oud"]
    assert kept(beside) == ["0001-oud"]


def test_a_file_that_is_put_there_at_the_last_moment_stays(workspace: Workspace) -> None:
    released(workspace, TEXTS["old"])
    new = make(workspace.scratch / place.NEW, TEXTS["new"])
    write(workspace.output / "laat.txt", "van een collega")
    place.place(workspace, new)
    assert shown(workspace.output) == {**TEXTS["new"], "laat.txt": "van een collega"}


def test_a_run_that_cannot_go_on_with_half_a_release_says_so(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(workspace: Workspace) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "index.html")

    monkeypatch.setattr(place, "settle", full)
    report = release.run(workspace, [], [], pool=Mock())
    assert (report.is_whole, report.is_half_placed) == (False, False)
    assert "wat in output stond, staat er nog" in _in_words(report, workspace)
    write(workspace.output / within.INSIDE / within.JOURNAL, "{}")
    report = release.run(workspace, [], [], pool=Mock())
    assert report.is_half_placed
    said = "\n".join([*report.failures, _in_words(report, workspace)])
    assert "staat voor een deel in output" in said
    assert "staat er nog" not in said


def broken(workspace: Workspace) -> None:
    workspace.output.symlink_to(workspace.root / "weg")


def circle(workspace: Workspace) -> None:
    workspace.output.symlink_to(workspace.output)


def of_ourselves(workspace: Workspace) -> None:
    workspace.output.symlink_to(workspace.root, target_is_directory=True)


def in_the_deliveries(workspace: Workspace) -> None:
    (workspace.raw / "2024").mkdir(parents=True)
    workspace.output.symlink_to(workspace.raw / "2024", target_is_directory=True)


def a_file(workspace: Workspace) -> None:
    workspace.output.write_text("van een collega", encoding="utf-8")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (broken, "weg, en die is er niet"),
        (circle, "output, en die is er niet"),
        (of_ourselves, "daar staat ook de werkmap zelf"),
        (in_the_deliveries, "daar staat ook de werkmap zelf"),
        (a_file, "output is geen map"),
    ],
)
def test_where_no_release_can_be_is_refused_before_anything_is_done(
    workspace: Workspace, spoil: Callable[[Workspace], None], words: str
) -> None:
    spoil(workspace)
    before = sorted(workspace.root.rglob("*"))
    place.settle(workspace)
    with pytest.raises(Refused, match=words):
        place.check(workspace)
    assert sorted(workspace.root.rglob("*")) == before


def test_a_folder_that_may_not_be_written_is_refused(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace.output.mkdir()
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # an administrator may write everywhere
    with pytest.raises(Refused, match="daar mag niet worden geschreven"):
        place.check(workspace)


def test_the_folder_stays_open_to_those_to_whom_it_was(workspace: Workspace) -> None:
    released(workspace, TEXTS["old"])
    workspace.output.chmod(0o775)
    released(workspace, TEXTS["new"])
    assert workspace.output.stat().st_mode & 0o777 == (0o775 if os.name == "posix" else 0o777)
