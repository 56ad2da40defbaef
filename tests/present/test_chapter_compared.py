"""What is said of the difference that it makes: only what the records allow, and why where they allow nothing."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import Once
from elsewhere import municipality
from evaluations import without

from mp_eval import evaluation as evaluations
from mp_eval import tidy
from mp_eval import workspace as places
from mp_eval.evaluate import evaluate
from mp_eval.evaluation import Evaluation
from mp_eval.measures.compared import MEASURES
from mp_eval.present.chapters import comparable, compared
from mp_eval.present.elements import Absent, Table
from mp_eval.present.wording import word

SHOWN = (
    compared.answer,
    comparable.grounds,
    comparable.people,
    comparable.balance,
    compared.outcomes,
    compared.ways,
    compared.months_off,
)
NEVER = ("effect", "dankzij", "bewezen", "controlegroep", "significant", "leidt tot", "besparing")
PERCENTAGE = re.compile(r"\d%|procentpunt")


@pytest.fixture(scope="module")
def in_public(once: Once) -> Evaluation:
    root = once("speaking-in-public", lambda folder: evaluate(municipality(folder, ratio=2.5, internal=False)))
    return evaluations.load(places.find(root))


def told(evaluation: Evaluation, **held: bool) -> Evaluation:
    """The evaluation as if these grounds and verdicts held."""
    measures = evaluation.measures.copy()
    for ground, holds in held.items():
        is_it = (measures["measure"] == "comparison_ground") & (measures["category"] == ground)
        measures.loc[is_it, "value"] = float(holds)
    return replace(evaluation, measures=measures)


def all_of(evaluation: Evaluation) -> str:
    return "\n".join(repr(part(evaluation)) for part in SHOWN)


def test_the_bundled_deliveries_are_refused_for_two_reasons(committed: Evaluation) -> None:
    """Fewer of the spoken move and die, and hardly any left at first: the made-up data let them stay."""
    said = repr(compared.answer(committed))
    assert "niet te zeggen of de aanpak verschil maakt, want ook verhuizen en overlijden" in said
    assert "in de eerste drie maanden vertrokken gesproken inwoners minder vaak" in said
    verdicts = [str(row[-1]) for row in comparable.grounds(committed).rows]
    assert verdicts == ["ja", "ja", "ja", "ja", "nee", "nee"]


def test_a_refusal_shows_neither_difference_nor_risks(committed: Evaluation) -> None:
    assert not PERCENTAGE.search(repr(compared.answer(committed)))
    for part in (compared.outcomes, compared.ways, compared.months_off):
        assert isinstance(part(committed), Absent)


def test_where_it_may_both_risks_and_the_interval_are_said(speaking: Evaluation) -> None:
    said = repr(compared.answer(speaking))
    risks = [
        float(
            tidy.number(speaking.measures, "alle-perioden", "compared_risk", "outcome>months>compared", f"{key}>{side}")
        )
        for key, side in (("benefit_ended>12", "compared_spoken"), ("benefit_ended>12", "compared_alike"))
    ]
    assert risks[0] - risks[1] == pytest.approx(0.1, abs=0.03)
    assert [f"{r * 100:.1f}%".replace(".", ",") in said for r in risks] == [True, True]
    assert "De uitkering van gesproken inwoners eindigde vaker." in said
    assert [str(row[-1]) for row in comparable.grounds(speaking).rows] == ["ja"] * 6
    assert len(compared.outcomes(speaking).rows) == 5
    assert len(compared.ways(speaking).rows) == 5


def test_an_interval_with_both_signs_gets_no_verdict(speaking: Evaluation) -> None:
    said = repr(compared.answer(told(speaking, more_often=False)))
    assert "Of de aanpak verschil maakt, is hieruit niet te zeggen" in said
    assert "geen verschil" not in said


def test_of_few_expected_ends_only_the_risks_are_shown(speaking: Evaluation) -> None:
    found = compared.outcomes(told(speaking, few_ends=True, more_often=False))
    assert isinstance(found, Table)
    assert "Verschil" not in found.columns
    assert len(found.rows) == 1
    assert isinstance(compared.outcomes(told(speaking, few_ends=True, hardly_any_ends=True)), Absent)


def test_where_leavers_were_not_invited_it_is_asked_three_months_later(speaking: Evaluation) -> None:
    found = compared.outcomes(told(speaking, left_early=True, more_often=False))
    assert "drie maanden later" in str(found.rows[0][0])
    assert isinstance(compared.outcomes(told(speaking, left_early=True, others_differ=True)), Absent)
    assert not PERCENTAGE.search(repr(compared.answer(told(speaking, left_early=True))))


def test_every_ground_has_a_sentence(speaking: Evaluation) -> None:
    for ground in compared.GROUNDS:
        if ground != "hardly_any_ends":  # then there are few as well
            assert word("compared", ground) in repr(compared.answer(told(speaking, **{ground: True})))


def test_a_public_release_tells_the_verdict_and_no_number(speaking: Evaluation, in_public: Evaluation) -> None:
    rows = in_public.measures[in_public.measures["measure"].str.startswith("compared")]
    assert len(rows) == (speaking.measures["measure"].str.startswith("compared")).sum()
    assert rows[["value", "numerator", "denominator", "low", "high"]].isna().all(axis=None)
    assert "eindigde vaker" in repr(compared.answer(in_public))
    assert not re.search(r"\d", repr(compared.answer(in_public)))
    assert "Gevonden" not in comparable.grounds(in_public).columns
    assert "staan niet in een openbare uitgave" in comparable.grounds(in_public).note
    for part in SHOWN[2:]:
        assert isinstance(part(in_public), Absent)


def test_no_word_says_more_than_the_records(speaking: Evaluation, in_public: Evaluation, committed: Evaluation) -> None:
    said = "\n".join(map(all_of, (speaking, in_public, committed))).casefold()
    assert [w for w in NEVER if w in said] == []
    page = (Path(__file__).parents[2] / "notebooks/11-maakt-de-aanpak-verschil.ipynb").read_text(encoding="utf-8")
    assert [w for w in NEVER if w in page.casefold()] == []


def test_without_the_register_of_benefits_it_says_what_is_needed(speaking: Evaluation) -> None:
    gone = speaking.measures["measure"].isin(MEASURES)
    measures = speaking.measures.copy()
    measures.loc[gone, "status"] = "not_delivered"
    gone_too = without(replace(speaking, measures=measures), "benefits")
    assert "nodig is de levering van uitkeringen, en die" in repr(compared.answer(gone_too))
    assert "alle dagen" in repr(compared.answer(replace(speaking, measures=speaking.measures[~gone])))
