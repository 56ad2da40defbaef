"""The ledger of public releases: what was told, in which order, and never lost without a word."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from mp_eval import evaluation, ledger
from mp_eval.periods import parse
from mp_eval.publish import review, rule
from mp_eval.released import MANIFEST
from mp_eval.steps import Refused
from mp_eval.workspace import Disclosure, Municipality, Settings, Workspace

TENS = Disclosure(internal=False, threshold=10)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path, Settings(Municipality("Elders"), disclosure=Disclosure(internal=False)))


def enter(workspace: Workspace, release: str, content: str = "", made_of: str = "") -> Path | None:
    tables = [workspace.root / name for name in ("a", "b")]
    for table in tables:
        table.write_text(content or release)
    days = {"2024": [["2024-01-01", "2025-01-01"]]}
    said = {"release": release, "rule": [5, "hide"], "made_of": made_of or release, "days": days}
    return ledger.enter(workspace, said, *tables)


def names(entries: list[ledger.Entry]) -> list[str]:
    return [entry.folder.name for entry in entries]


def test_releases_stand_in_their_order_with_their_days(workspace: Workspace) -> None:
    assert ledger.entries(workspace) == []
    for release in ("b", "a"):
        enter(workspace, release)
    assert names(ledger.entries(workspace)) == ["0001-b", "0002-a"]
    assert ledger.entries(workspace)[0].days == {"2024": (parse("2024"),)}


def test_the_very_same_release_is_entered_once(workspace: Workspace) -> None:
    assert enter(workspace, "a", content="numbers")
    assert enter(workspace, "a", content="numbers") is None
    assert enter(workspace, "a", content="others")  # it tells the same of other records
    assert enter(workspace, "b", content="others")


def test_a_release_is_not_before_itself(workspace: Workspace) -> None:
    enter(workspace, "a", made_of="data 1")
    enter(workspace, "b", made_of="data 2")
    enter(workspace, "c", content="b", made_of="data 2")  # with another page
    assert names(ledger.before(workspace, "data 2")) == ["0001-a"]
    assert names(ledger.before(workspace, "data 1")) == ["0001-a", "0002-b", "0003-c"]  # what was said stays known
    tables = [workspace.ledger / "0002-b" / name for name in (ledger.TRUE, ledger.SHOWN)]
    assert names(ledger.beside(workspace, *tables)) == ["0001-a"]


@pytest.mark.parametrize(
    ("gone", "told"), [("0001-a", "vóór data/ledger/0002-b"), ("0003-c", "niet in data/ledger staat")]
)
def test_one_that_is_missing_is_told(workspace: Workspace, gone: str, told: str) -> None:
    for release in "abc":
        enter(workspace, release)
    workspace.output.mkdir()
    (workspace.output / MANIFEST).write_text('{"files": {}, "rule": [5, "hide"], "release": "c"}')
    rule.check(workspace)
    shutil.rmtree(workspace.ledger / gone)
    with pytest.raises(Refused, match=told):
        rule.check(workspace)


def test_a_note_that_was_changed_is_told_by_the_next(workspace: Workspace) -> None:
    for release in "ab":
        enter(workspace, release)
    note = workspace.ledger / "0001-a" / ledger.NOTE
    note.write_text(note.read_text().replace('"made_of": "a"', '"made_of": "c"'))
    with pytest.raises(Refused, match="vóór data/ledger/0002-b"):
        rule.check(workspace)


def test_what_somebody_says_was_never_public_is_protected_against_no_more(workspace: Workspace) -> None:
    for release in "abc":
        enter(workspace, release)
    folder = workspace.ledger / "0002-b"
    (folder / ledger.NEVER).write_text("")
    assert names(ledger.entries(workspace)) == ["0001-a", "0002-b", "0003-c"]  # it says nothing
    (folder / ledger.NEVER).write_text("een proef")
    for name in (ledger.TRUE, ledger.SHOWN):
        (folder / name).unlink()
    assert names(ledger.entries(workspace)) == ["0001-a", "0003-c"]
    rule.check(workspace)
    enter(workspace, "d")
    assert names(ledger.entries(workspace)) == ["0001-a", "0003-c", "0004-d"]


@pytest.mark.parametrize("lost", [ledger.NOTE, ledger.TRUE, ledger.SHOWN])
def test_without_one_of_them_nothing_is_published(workspace: Workspace, lost: str) -> None:
    folder = enter(workspace, "a")
    assert folder
    (folder / lost).unlink()
    with pytest.raises(Refused, match=r"data/ledger/0001-a\. Zet die terug"):
        rule.check(workspace)


@pytest.mark.parametrize("damaged", [ledger.TRUE, ledger.SHOWN])
def test_one_that_is_not_as_it_was_is_not_read(workspace: Workspace, damaged: str) -> None:
    folder = enter(workspace, "a")
    assert folder
    (folder / damaged).write_text("a half")
    with pytest.raises(Refused, match="niet heel: data/ledger/0001-a"):
        rule.check(workspace)


def test_only_what_was_told_is_reviewed(workspace: Workspace) -> None:
    folder = workspace.processed / evaluation.FOLDER
    folder.mkdir(parents=True)
    workspace.output.mkdir()
    (workspace.output / MANIFEST).write_text('{"files": {}, "rule": [5, "hide"]}')
    enter(workspace, "a")
    for name in (ledger.TRUE, ledger.SHOWN):
        (folder / name).write_text("made since")
    with pytest.raises(Refused, match="veranderd sinds de openbare uitgave"):
        review.told(workspace)


def test_what_a_crash_left_half_is_no_release(workspace: Workspace) -> None:
    enter(workspace, "a")
    (workspace.ledger / "0002-b.new").mkdir()
    assert names(ledger.entries(workspace)) == ["0001-a"]


def test_its_rule_is_kept_when_the_output_is_gone(workspace: Workspace) -> None:
    enter(workspace, "a")
    rule.check(workspace)
    with pytest.raises(Refused, match="threshold = 5 en method = hide"):
        rule.check(Workspace(workspace.root, Settings(Municipality("Elders"), disclosure=TENS)))
