"""What a council is told first: computed, ranked, with its chapter, and only what can be told."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import edges
import pandas as pd
import registers
from evaluations import BEFORE, YEAR, evaluation

from mp_eval import evaluation as evaluations
from mp_eval import tidy
from mp_eval.evaluate import evaluate
from mp_eval.evaluation import Evaluation
from mp_eval.measures.outlook import MODELLED
from mp_eval.periods import WHOLE, Period
from mp_eval.present import council
from mp_eval.publish.leaves import chapters
from mp_eval.register import Figure
from mp_eval.workspace import Disclosure


def figure(value: float, qualifier: str = "exact", *, id: str = "f") -> Figure:
    return Figure(id, "Nota", 1, "Zoveel.", YEAR, "spoken", "", (), value, qualifier, "")


def main(made: Evaluation) -> dict[str, str]:
    return {point.label: point.text.replace("**", "") for point in council.main(made)}


def topic(made: Evaluation, name: str) -> str:
    return " ".join(p.text for t in council.topics(made) if t.name == name for p in t.points).replace("**", "")


def test_the_main_points_are_at_most_six_and_what_came_of_it_and_what_to_decide_come_before_what_it_cost(
    committed: Evaluation,
) -> None:
    assert list(main(committed)) == [
        "Wat kwam ervan?",
        "Welke gepubliceerde cijfers kloppen niet?",
        "Wat is er te beslissen?",
        "Hoe vol is het, en wie wacht?",
        "Maakt de aanpak verschil?",
        "Wat kost het?",
    ]


def test_every_chapter_that_is_named_is_there(committed: Evaluation) -> None:
    slugs = {path.stem.partition("-")[2] for path in chapters(committed.workspace)}
    points = [*council.main(committed), *(p for t in council.topics(committed) for p in t.points)]
    assert {p.chapter for p in points if p.chapter} <= slugs
    assert {p.period for p in points} == {WHOLE, "2024"}
    assert all(p.chapter for p in council.main(committed))


def test_a_figure_that_does_not_hold_is_named_with_what_the_records_give() -> None:
    made = evaluation(spoken="abc", figures=(figure(4, "more_than"), figure(3, id="g")))
    assert main(made)["Welke gepubliceerde cijfers kloppen niet?"] == (
        "Van 2 eerder gepubliceerde cijfers klopt er 1 niet: gesproken inwoners, 2024 (gepubliceerd: meer dan 4, "
        "volgens de gegevens 3)."
    )
    assert "Gesproken inwoners, 2024: gepubliceerd is ‘meer dan 4’. Dat klopt niet." in topic(made, "claims")
    assert "is nog te herstellen" in topic(made, "asked")


def test_of_many_figures_that_do_not_hold_the_first_three_are_named() -> None:
    made = evaluation(spoken="abc", figures=tuple(figure(n + 10, id=f"f{n}") for n in range(5)))
    said = main(made)["Welke gepubliceerde cijfers kloppen niet?"]
    assert "kloppen er 5 niet" in said
    assert [said.count(f"gepubliceerd: {n}") for n in (10, 12, 13)] == [1, 1, 0]
    assert said.endswith("en 2 andere cijfers.")


def test_what_cannot_be_held_against_records_is_not_called_right(tmp_path: Path) -> None:
    workspace = edges.register_only(tmp_path)
    evaluate(workspace)
    told = main(evaluations.load(workspace))
    assert "bij 20 is wat nodig is niet aangeleverd" in told["Welke gepubliceerde cijfers kloppen niet?"]
    assert "ten minste 543 en ten hoogste 718" in told["Wat kwam ervan?"]
    assert "Wat kost het?" not in told


def test_without_figures_costs_outlook_and_caseload_nothing_is_said_of_them() -> None:
    assert main(evaluation(spoken="abc", activated="a")) == {
        "Wat kwam ervan?": "Over 2024 zijn 3 inwoners gesproken en is 1 inwoner actief geworden.",
    }


def test_of_a_hidden_number_is_said_that_it_is_hidden() -> None:
    made = evaluation(spoken="abc", activated="a")
    hidden = made.measures.copy()
    is_it = (hidden["measure"] == "activated") & (hidden["breakdown"] == "")
    hidden.loc[is_it, ["value", "numerator", "low", "high"]] = pd.NA
    hidden.loc[is_it, "status"] = "hidden"
    settings = replace(made.workspace.settings, disclosure=Disclosure(internal=False))
    public = replace(made, measures=hidden, workspace=replace(made.workspace, settings=settings))
    assert main(public)["Wat kwam ervan?"] == (
        "Over 2024 zijn 3 inwoners gesproken en is een afgeschermd aantal inwoners actief geworden."
    )
    assert "x: afgeschermd" in topic(public, "cautions")


def test_one_period_is_told_once_and_of_two_the_last_is_told_beside_all() -> None:
    one, two = evaluation(spoken="abc"), evaluation(spoken="abc", periods=(BEFORE, YEAR))
    assert topic(one, "done").count("voor het eerst gesproken") == 1
    assert topic(two, "done").count("voor het eerst gesproken") == 2
    assert "niet op te tellen" not in topic(one, "cautions")
    assert "Er tellen 3 inwoners in meer dan één periode mee." in topic(two, "cautions")


def test_how_many_are_in_two_periods_may_be_hidden() -> None:
    made = evaluation(spoken="abc", periods=(BEFORE, YEAR))
    hidden = made.measures.copy()
    is_it = (hidden["measure"] == "spoken") & (hidden["breakdown"] == "times_counted")
    hidden.loc[is_it, "value"] = pd.NA
    hidden.loc[is_it, "status"] = "hidden"
    assert "Er telt een afgeschermd aantal inwoners in meer dan één periode mee." in topic(
        replace(made, measures=hidden), "cautions"
    )


def test_periods_that_only_follow_each_other_may_be_added() -> None:
    after = Period(date(2025, 1, 1), date(2025, 7, 1), "2025")
    assert "niet op te tellen" not in topic(evaluation(spoken="abc", periods=(YEAR, after)), "cautions")


def test_there_are_five_cautions_and_what_is_to_be_decided_is_asked(committed: Evaluation) -> None:
    told = {t.name: t for t in council.topics(committed)}
    assert len(told["cautions"].points) == 5
    assert "Van 5 van de 6 ambities die nu gelden" in topic(committed, "asked")
    assert [row[0] for row in told["bear"].table.rows] == ["Geen consulenten", "3 consulenten", "5 consulenten"]


def test_without_an_outlook_it_is_still_asked_what_comes_after_the_funding(committed: Evaluation) -> None:
    measures = committed.measures
    hidden = replace(committed, measures=measures[~measures["measure"].isin(MODELLED)])
    assert main(hidden)["Wat is er te beslissen?"] == (
        "Hoeveel consulenten zijn er na 31 december 2025? Tot en met die dag is er geld."
    )


def test_where_the_approach_makes_a_difference_it_is_said_and_no_longer_asked(speaking: Evaluation) -> None:
    assert main(speaking)["Maakt de aanpak verschil?"].startswith("De uitkering van gesproken inwoners eindigde vaker.")
    assert "verschil" not in topic(speaking, "asked")
    assert "hoeft niet door de aanpak" not in topic(speaking, "cautions")


def test_no_sentence_is_of_another_municipality_or_tells_of_settings(speaking: Evaluation) -> None:
    for made in (speaking, evaluation(spoken="abc", activated="a")):
        said = " ".join(topic(made, t.name) for t in council.topics(made))
        assert re.findall(r"Rijswijk|RIB|Meedoen|Koen|WSP\b(?! ?\))|\.toml|\[", said) == []


def test_every_number_of_the_committed_main_points_is_measured(committed: Evaluation) -> None:
    spoken, activated = (tidy.number(committed.measures, WHOLE, m) for m in ("spoken", "activated"))
    assert (spoken, activated) == (631, 223)
    assert "631 inwoners gesproken en 223 inwoners actief" in main(committed)["Wat kwam ervan?"]


def test_of_a_register_of_benefits_alone_its_numbers_come_first(tmp_path: Path) -> None:
    found = registers.rows()
    made = evaluate(registers.elsewhere(tmp_path, found))
    running = sum(row[5] == "00000000" for row in found)
    said = main(made)
    assert next(iter(said)) == "Wie hebben een uitkering?"
    assert f"hebben {running} inwoners een lopende bijstandsuitkering" in said["Wie hebben een uitkering?"]
    assert "Wat kwam ervan?" not in said
    assert f"hebben {running} inwoners" in topic(made, "benefits")
    assert council.headline(made, "2018").items[0][0] == str(running)
