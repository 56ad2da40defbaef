"""Two public releases of one workspace are made by one rule, or somebody says why not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mp_eval import ledger
from mp_eval.publish import place, rule
from mp_eval.released import MANIFEST
from mp_eval.steps import Refused
from mp_eval.workspace import Disclosure, Municipality, Settings, Workspace

FIVE, TEN = Disclosure(internal=False), Disclosure(internal=False, threshold=10)


def workspace(root: Path, disclosure: Disclosure) -> Workspace:
    return Workspace(root, Settings(Municipality("Elders"), disclosure=disclosure))


def made(folder: Path, disclosure: Disclosure) -> None:
    folder.mkdir(parents=True)
    said = {"files": {}, "rule": rule.of(disclosure), "release": "a"}
    (folder / MANIFEST).write_text(json.dumps(said), encoding="utf-8")


def entered(made: Workspace) -> None:
    table = made.root / "table"
    table.write_text("numbers")
    said = {"release": "a", "rule": rule.of(made.settings.disclosure), "made_of": "data", "days": {}}
    ledger.enter(made, said, table, table)


@pytest.mark.parametrize("where", ["", f"{place.RELEASES}/0001-abc"])
def test_another_rule_than_before_is_refused_with_both(tmp_path: Path, where: str) -> None:
    made(tmp_path / "output" / where, TEN)
    with pytest.raises(Refused, match=r"threshold = 10 en method = hide, deze zou threshold = 5 .* other_rule"):
        rule.check(workspace(tmp_path, FIVE))


@pytest.mark.parametrize(
    "disclosure", [TEN, Disclosure(), Disclosure(internal=False, other_rule="besluit van het college")]
)
def test_the_same_rule_an_internal_release_and_a_reason_pass(tmp_path: Path, disclosure: Disclosure) -> None:
    made(tmp_path / "output", TEN)
    entered(workspace(tmp_path, TEN))
    rule.check(workspace(tmp_path, disclosure))


def test_a_public_release_without_a_ledger_is_followed_by_none(tmp_path: Path) -> None:
    made(tmp_path / "output", FIVE)
    with pytest.raises(Refused, match="In output staat een openbare uitgave die niet in data/ledger staat"):
        rule.check(workspace(tmp_path, FIVE))
    rule.check(workspace(tmp_path, Disclosure()))  # an internal one tells nobody


def test_an_internal_release_before_it_is_no_rule(tmp_path: Path) -> None:
    made(tmp_path / "output", Disclosure(threshold=10))
    rule.check(workspace(tmp_path, FIVE))
