"""What passed the last gate is not opened again, and no memory lets through what did not."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from mp_eval import delivered
from mp_eval import workspace as places
from mp_eval.digests import of, sha256
from mp_eval.publish import gates, inspection, place
from mp_eval.released import manifest
from mp_eval.workspace import Municipality, Settings, Workspace

PAGE = "2024/geactiveerd.html"
BY = "what was looked for"


@pytest.fixture(scope="module")
def inspected(little: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release that passed."""
    workspace = places.find(Path(shutil.copytree(little.root, tmp_path_factory.mktemp("inspected") / "again")))
    (workspace.scratch / inspection.PASSED).unlink(missing_ok=True)
    assert inspect(workspace) == []
    return workspace.root


@pytest.fixture
def passed(inspected: Path, tmp_path: Path) -> Workspace:
    """A copy of it."""
    return places.find(Path(shutil.copytree(inspected, tmp_path / "again")))


def inspect(workspace: Workspace, by: str = BY) -> list[str]:
    return inspection.inspect(workspace, workspace.output, sorted(manifest(workspace.output)["files"]), by)


def spoil(workspace: Workspace) -> Path:
    """Name a resident on a page."""
    page = workspace.output / PAGE
    resident = pd.read_parquet(workspace.processed / "2024" / delivered.MARKS)["identifier"].iloc[0]
    page.write_text(page.read_text(encoding="utf-8") + f"<p>{resident}</p>", encoding="utf-8")
    return page


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are opened."""
    names: list[str] = []
    check = gates.check_file
    monkeypatch.setattr(gates, "check_file", lambda path, **rest: names.append(path.name) or check(path, **rest))
    return names


def test_what_passed_is_not_opened_again(passed: Workspace, opened: list[str]) -> None:
    assert (inspect(passed), opened) == ([], [])


def test_a_file_that_changed_is_opened_and_no_other(passed: Workspace, opened: list[str]) -> None:
    spoil(passed)
    assert (len(inspect(passed)), opened) == (1, ["geactiveerd.html"])


def test_what_was_refused_is_refused_again(passed: Workspace) -> None:
    spoil(passed)
    assert inspect(passed) == inspect(passed) != []


def test_a_page_in_the_place_of_another_is_opened(passed: Workspace, opened: list[str]) -> None:
    shutil.copy(passed.output / PAGE, passed.output / "2023/geactiveerd.html")
    inspect(passed)
    assert opened == ["geactiveerd.html"]


def test_other_tables_or_other_code_open_everything(passed: Workspace, opened: list[str]) -> None:
    inspect(passed, by="something else")
    assert set(opened) >= {name.rpartition("/")[2] for name in manifest(passed.output)["files"]}


def test_a_memory_that_somebody_edits_lets_nothing_through(passed: Workspace) -> None:
    page = spoil(passed)
    guesses = [PAGE, sha256(page), of([PAGE, sha256(page)]), of(["", PAGE, sha256(page)])]
    memory = passed.scratch / inspection.PASSED
    memory.write_text(json.dumps([*json.loads(memory.read_text(encoding="utf-8")), *guesses]), encoding="utf-8")
    assert inspect(passed) != []


@pytest.mark.parametrize("text", ["", "{", "5", "[[1]]", '{"a": 1}'])
def test_a_damaged_memory_holds_nothing(tmp_path: Path, text: str) -> None:
    workspace = Workspace(tmp_path, Settings(Municipality("Elders")))
    workspace.scratch.mkdir()
    (workspace.scratch / inspection.PASSED).write_text(text, encoding="utf-8")
    assert inspection._passed(workspace) == frozenset()


def beside(workspace: Workspace, *, is_internal: bool) -> list[str]:
    """What is said of what others put beside the release, when everything else has passed."""
    disclosure = replace(workspace.settings.disclosure, internal=is_internal)
    other = replace(workspace, settings=replace(workspace.settings, disclosure=disclosure))
    return inspection.inspect(other, workspace.output, (), BY)


def test_a_link_that_is_not_entered_is_named_but_for_where_earlier_releases_are_kept(tmp_path: Path) -> None:
    (tmp_path / "output").mkdir()
    (tmp_path / "a.csv").touch()
    for name, target in (("bestand", "a.csv"), ("map", "."), ("weg", "nergens"), (place.RELEASES, ".")):
        (tmp_path / "output" / name).symlink_to(tmp_path / target)
    named = inspection._leading_out(tmp_path / "output")
    assert [reason.partition(" ")[0] for reason in named] == ["map", "weg"]


def test_a_link_that_is_not_entered_keeps_a_public_release_back(passed: Workspace, tmp_path: Path) -> None:
    (passed.output / "map").symlink_to(tmp_path, target_is_directory=True)
    assert len(beside(passed, is_internal=False)) == 1
    assert beside(passed, is_internal=True) == []


def test_the_names_of_folders_and_of_empty_files_are_searched(passed: Workspace) -> None:
    resident = pd.read_parquet(passed.processed / "2024" / delivered.MARKS)["identifier"].iloc[0]
    (passed.output / resident).mkdir()
    (passed.output / resident / "nota.txt").write_text("van ons", encoding="utf-8")
    (passed.output / f"{resident}.keep").touch()
    reasons = beside(passed, is_internal=False)
    assert len(reasons) == 2
    assert resident not in " ".join(reasons)
