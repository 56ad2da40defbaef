"""What the note says that no record holds: asked once, in a file that is read strictly."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from mp_eval.begin import begin
from mp_eval.facts import Decision, Earlier, Facts, read
from mp_eval.faults import FaultsFound
from mp_eval.periods import Period
from mp_eval.workspace import Workspace


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    return begin(tmp_path / "x", "Voorbeeldstad", periods=[Period(date(2025, 1, 1), date(2026, 1, 1), "2025")])


def keep(workspace: Workspace, text: str) -> Facts:
    workspace.facts.write_text(text, encoding="utf-8")
    return read(workspace)


def test_a_workspace_begins_without_facts_and_with_an_example_that_can_be_used(place: Workspace) -> None:
    assert read(place) == Facts()
    text = place.facts.read_text(encoding="utf-8")
    example = text.partition("# Een voorbeeld")[2].partition("\n")[2].replace('"2026"', '"2025"')
    found = keep(place, re.sub(r"^# ?", "", example, flags=re.MULTILINE))
    assert found.reports == (Earlier("Stand van zaken maatschappelijke participatie", date(2025, 7, 4), "RIB 123"),)
    assert found.decisions == (Decision("de kadernota ‘Meedoen’", date(2024, 6, 15)),)
    assert len(found.steps) == 2
    assert all((found.conversation, found.why["2025"]))


def test_without_a_file_there_are_none(place: Workspace) -> None:
    place.facts.unlink()
    assert read(place) == Facts()


def test_the_committed_facts_are_in_order(workspace: Workspace) -> None:
    assert len(read(workspace).steps) == 4


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('gesprek = "x"', "een bekende naam: steps, conversation"),
        ('[why]\n"2031" = "x"', "een van de perioden: 2025"),
        ('[sent."2031"]\ndate = 2032-01-01', "sent.2031"),
        ('[letter]\ntemplate = "brief.docx"', "een Word-bestand in de werkmap"),
        ('[letter]\nto = "de 12 inwoners"', "letter.to"),
        ("[[reports]]\ntitle = 'x'", "reports\\[1\\].date"),
        ('conversation = "Wij spraken 12 inwoners."', "zonder aantallen inwoners"),
        ('steps = ["Rust", "Voor 1.200 oudere mensen."]', "steps\\[2\\]"),
        ('[[decisions]]\nwhat = "de motie"\nabout = "voor 30 klanten"', "decisions\\[1\\].about"),
        ('[proposal]\n"2025" = "Geld voor 40 deelnemers."', "proposal.2025"),
    ],
)
def test_what_cannot_be_is_told_with_its_name(place: Workspace, text: str, told: str) -> None:
    with pytest.raises(FaultsFound, match=told):
        keep(place, text)


@pytest.mark.parametrize(
    "text", ["op 15 juni 2021 besloten", "de 3 consulenten", "RIB 24 095, inwoners op trede 1 en 2"]
)
def test_a_number_of_other_things_may_be_told(place: Workspace, text: str) -> None:
    assert keep(place, f'future = "{text}"').future == text
