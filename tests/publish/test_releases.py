"""The page of all releases: what each said of itself to everybody, and nothing else that the ledger keeps."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from mp_eval.evaluation import Evaluation
from mp_eval.ledger import Entry
from mp_eval.publish.releases import parts
from mp_eval.workspace import Disclosure, Revision


def entry(release: str, **more: object) -> Entry:
    days = {"2024": [["2024-01-01", "2025-01-01"]], "alle-perioden": [["2024-01-01", "2025-01-01"]]}
    kept = {"delivered": {"2024": {"gesprekken.csv": "secret"}}, "made_of": "secret", "after": "secret"}
    return Entry(Path("nowhere"), {"release": release, "rule": [5, "hide"], "days": days, **kept, **more})


def public(made: Evaluation, *revisions: Revision) -> Evaluation:
    settings = replace(made.workspace.settings, disclosure=Disclosure(internal=False), revisions=revisions)
    return replace(made, workspace=replace(made.workspace, settings=settings))


def test_it_tells_the_mark_the_periods_the_day_and_the_rule_of_each(committed: Evaluation) -> None:
    found = parts(public(committed), "0a1b", [entry("a"), entry("b", until="2025-07-15", rule=[10, "round"])])
    assert "Het kenmerk van deze uitgave is 0a1b; " in found[0].texts[0]
    assert found[0].texts[1:] == (
        "De gegevens gaan tot en met 15 juli 2025.",
        "Aantallen van 1 tot en met 4 zijn afgeschermd.",
    )
    assert found[1].table is not None
    assert [list(row) for row in found[1].table.rows] == [
        ["a", "2024", "–", "aantallen van 1 tot en met 4 zijn afgeschermd"],  # before it was noted
        ["b", "2024", "15-07-2025", "aantallen zijn afgerond op vijftallen"],
    ]
    assert "secret" not in repr(found)


def test_the_first_says_so_and_an_internal_one_names_none(committed: Evaluation) -> None:
    assert "de eerste openbare" in parts(public(committed), "a", [])[1].texts[0]
    found = parts(committed, "a", [])
    assert "deze is intern" in found[1].texts[0]
    assert found[1].table is None
    assert found[0].texts[-1] == "Zij is intern: alle aantallen staan erin."


def test_what_was_corrected_stands_with_its_day_the_last_first(committed: Evaluation) -> None:
    assert parts(public(committed), "a", [])[2].texts == ("De gemeente meldde niets dat is hersteld.",)
    said = Revision(date(2025, 3, 1), "Dubbel geteld."), Revision(date(2025, 9, 1), "Te laat geleverd.")
    assert parts(public(committed, *said), "a", [])[2].items == (
        "Sinds 1 september 2025: Te laat geleverd.",
        "Sinds 1 maart 2025: Dubbel geteld.",
    )
