"""What a municipality chose is a setting: counted and named where it is set, and nowhere else."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from mp_eval import workspace as places
from mp_eval.evaluation import Evaluation
from mp_eval.facts import Facts
from mp_eval.faults import FaultsFound
from mp_eval.present.chapters import activation, assumed, caseload, course, outlook
from mp_eval.present.report import Steps, sections
from mp_eval.present.wording import FOLDER, day_in_words
from mp_eval.programme import Programme, Route

ROOT = Path(__file__).resolve().parent.parent


@cache
def of_this_one() -> tuple[str, ...]:
    """What is of the municipality of this repository alone, in small letters: its name, choices, days and partners."""
    found = places.find(ROOT)
    settings, end = found.settings, found.settings.outlook.funding_end
    assert end
    bought = pd.read_csv(found.raw / "2022-2023" / "trajecten.csv", sep=";", dtype="str")["Aanbieder"]
    told = {
        settings.municipality.name,
        *(route.name for route in settings.programme.routes),
        *settings.programme.referrals,
        *(partner for partner in ("Koen", "Aandacht Werkt", "Meedoen werkt", "RIB 24")),
        *bought.dropna().unique(),
        *(day_in_words(end), f"{end:%d-%m-%Y}", end.isoformat()),
        "drie paden", "gaat nieuwe instroom voor", "zoals de gemeente heeft gekozen", "geld voor de consulenten is er",
    }  # fmt: skip
    return tuple(sorted(text.casefold() for text in told))


def written() -> dict[str, str]:
    """Every text that is there before any delivery: words, what is asked in notebooks, templates, the contract."""
    found = {p.name: p.read_text(encoding="utf-8") for p in (*FOLDER.glob("*"), *(ROOT / "mp_eval").rglob("*.j2"))}
    found["datapackage.json"] = (ROOT / "data" / "raw" / "datapackage.json").read_text(encoding="utf-8")
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        found[path.name] = "\n".join("".join(cell["source"]) for cell in cells)
    return found


def test_no_word_and_no_notebook_is_about_one_municipality() -> None:
    assert {name: f for name, text in written().items() for f in of_this_one() if f in text.casefold()} == {}


def chosen(evaluation: Evaluation, programme: Programme, *, funding_end: date | None = None) -> Evaluation:
    """The same numbers in a municipality that chose this."""
    settings = evaluation.workspace.settings
    other = replace(settings, programme=programme, outlook=replace(settings.outlook, funding_end=funding_end))
    return replace(evaluation, workspace=replace(evaluation.workspace, settings=other))


def test_without_a_choice_nothing_is_said_of_it(committed: Evaluation) -> None:
    none = chosen(committed, Programme())
    said = [
        repr(show(none, "2024"))
        for show in (activation.routes, activation.referrals, activation.referred, caseload.priority_said)
    ]
    path = course.path(none, "2024", consultants=3)
    said += [repr(outlook.basis(none, "2024")), repr(assumed.assumptions(none, "2024")), path.caption]
    assert [f for f in of_this_one() if any(f in text.casefold() for text in said)] == []
    assert not any(isinstance(block, Steps) for section in sections(none, "2024", Facts()) for block in section.blocks)


def test_what_was_chosen_is_said(committed: Evaluation) -> None:
    assert "Geld voor de consulenten is er tot en met 31 december 2025." in repr(outlook.basis(committed, "2024"))
    assert "einde van het geld" in course.path(committed, "2024", consultants=3).caption
    assert "heeft gekozen dat nieuwe instroom voorgaat" in repr(caseload.priority_said(committed, "2024"))
    steps = [b for section in sections(committed, "2024", Facts()) for b in section.blocks if isinstance(b, Steps)]
    assert steps[0].items[1] == "Werken aan belemmeringen"


@pytest.mark.parametrize(("first", "said"), [(True, "Eerst wie nieuw in de bijstand komt"), (False, "langst wacht")])
def test_who_gets_a_free_place_is_an_assumption(committed: Evaluation, first: bool, said: str) -> None:
    rows = repr(assumed.assumptions(chosen(committed, Programme(first)), "2024"))
    assert said in rows


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ('referrals = ["a", "a"]', "referrals"),
        ('referrals = ["van > naar"]', "referrals"),
        ('[[programme.routes]]\nname = ""', "routes[1].name"),
        ('[[programme.routes]]\nname = "werk"\nfitting = ["vrijwilligerswerk"]', "informal_care"),
        ("[[programme.routes]]\nname = 'werk'\n" * 10, "ten hoogste 9 paden"),
    ],
)
def test_a_choice_that_cannot_be_is_refused(setting: str, told: str) -> None:
    with pytest.raises(FaultsFound) as refused:
        places.settings_from(f'[municipality]\nname = "Elders"\n[programme]\n{setting}\n')
    assert told in str(refused.value)


def test_a_path_may_be_fitted_by_activities_and_referrals_at_once() -> None:
    route = Route("werk", ("trajectory", "wsp_referral"))
    assert route.fitting == ("trajectory", "wsp_referral")
