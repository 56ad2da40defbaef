"""The statement on accessibility: no better status than can be answered for, and checks that look as it says."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import axe_playwright_python
import pytest

from mp_eval.evaluation import Evaluation
from mp_eval.faults import FaultsFound
from mp_eval.publish import accessible
from mp_eval.workspace import Accessibility, settings_from

MARKUP = Path(__file__).parents[1] / "markup" / "package.json"


def said(evaluation: Evaluation, told: Accessibility) -> str:
    settings = replace(evaluation.workspace.settings, accessibility=told)
    parts = accessible.parts(replace(evaluation, workspace=replace(evaluation.workspace, settings=settings)))
    return " ".join(text for part in parts for text in (*part.texts, *part.items))


@pytest.mark.parametrize(
    ("told", "status"),
    [
        (Accessibility(), "Status D: zij voldoen niet. Dat betekent hier: er is nog geen volledig onderzoek"),
        (Accessibility(audit_planned=date(2027, 3, 1)), "Status C: de eerste maatregelen zijn genomen. Er is nog geen"),
        (
            Accessibility(audit=date(2026, 3, 1)),
            "Status B: zij voldoen voor een deel. Uit een volledig onderzoek",
        ),
        (Accessibility(audit=date(2026, 3, 1), meets_all=True), "Status A: zij voldoen volledig."),
    ],
)
def test_the_status_is_what_an_audit_bears(committed: Evaluation, told: Accessibility, status: str) -> None:
    made = said(committed, told)
    assert status in made
    assert ("nog niet geprobeerd" in made) == (told.audit is None)


def test_whom_to_write_to_is_a_setting(committed: Evaluation) -> None:
    assert "Laat het weten: het loket, telefoon 14 070." in said(
        committed, Accessibility(contact="het loket, telefoon 14 070")
    )
    assert "Laat het de gemeente Rijswijk weten." in said(committed, Accessibility())


def test_nobody_says_that_all_is_in_order_without_an_audit() -> None:
    with pytest.raises(FaultsFound, match=r"accessibility\.meets_all"):
        settings_from('[municipality]\nname = "x"\n[accessibility]\nmeets_all = true\n')


def test_the_checks_are_those_that_look() -> None:
    """What they find is asked where they look: in the browser, and of the markup."""
    checks = {check["name"]: check for check in accessible.checked()["check"]}
    axe = next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")).read_text(encoding="utf-8")
    asked = json.loads(MARKUP.read_text(encoding="utf-8"))["devDependencies"]
    assert axe.startswith(f"/*! axe v{checks['axe']['version']}\n")
    assert checks["html-validate"]["version"] == asked["html-validate"]
    assert checks["vnu"]["version"] == asked["vnu-jar"]
    assert {check["found"] for check in checks.values()} == {0}
