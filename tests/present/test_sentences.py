"""Sentences: right for nobody, for one resident and for many, and computed from the measures."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from evaluations import BEFORE, YEAR, claim, evaluation

from mp_eval.evaluation import Evaluation
from mp_eval.present import sentences
from mp_eval.present.elements import Remark
from mp_eval.present.wording import word
from mp_eval.workspace import Disclosure

NOBODY, ONE = evaluation(), evaluation(spoken="a", activated="a")
EVERYBODY, OTHERS = evaluation(spoken="abc", activated="abc"), evaluation(activated="abc")
SOME = evaluation(spoken="abcd", activated="a", figures=[claim()])
TWICE = evaluation(spoken="ab", activated="a", periods=[BEFORE, YEAR])
SAID: dict[str, Callable[[Evaluation], object]] = {
    "answer": lambda e: sentences.answer(e, "2024"),
    "answer_whole": sentences.answer_whole,
    "headline": lambda e: sentences.headline(e, "2024"),
    "checks": lambda e: sentences.checks(e, "2024"),
    "checks_whole": sentences.checks_whole,
    "sources": sentences.sources,
}


@pytest.mark.parametrize("made", [NOBODY, ONE, EVERYBODY, OTHERS, SOME, TWICE])
def test_no_sentence_shows_how_the_code_says_missing(made: Evaluation) -> None:
    texts = {name: f"{say(made)!r} {say(made)._repr_html_()}" for name, say in SAID.items()}
    missing = r"\b(nan|None|NA|inf)\b|<NA>"
    assert {name: found[0] for name, text in texts.items() if (found := re.search(missing, text))} == {}


def test_nobody() -> None:
    assert repr(sentences.answer(NOBODY, "2024")) == (
        "Over 2024 zijn geen inwoners gesproken en geen inwoners actief geworden. "
        "Een aandeel is niet te berekenen, want er is niemand voor het eerst gesproken."
    )


def test_one_resident_takes_a_singular_verb() -> None:
    assert repr(sentences.answer(ONE, "2024")).startswith(
        "Over 2024 is 1 inwoner gesproken en 1 inwoner actief geworden."
    )


def test_one_of_several_takes_a_verb_of_its_own() -> None:
    assert repr(sentences.answer(SOME, "2024")).startswith(
        "Over 2024 zijn 4 inwoners gesproken en is 1 inwoner actief geworden. Dat zijn er 25,0 op elke 100"
    )


def test_who_is_activated_without_being_spoken_to_gives_no_share() -> None:
    assert "Een aandeel is niet te berekenen" in repr(sentences.answer(OTHERS, "2024"))


def test_more_activated_than_spoken_to_has_no_interval() -> None:
    assert "Dat zijn er 300,0 op elke 100 gesproken inwoners" in repr(
        sentences.answer(evaluation(spoken="a", activated="abc"), "2024")
    )


@pytest.mark.parametrize(("share", "verdict"), [(0.25, "niet waar"), (0.20, "waar")])
def test_a_claim_is_judged_for_the_period(share: float, verdict: str) -> None:
    made = evaluation(spoken="abcd", activated="a", figures=[claim(share)])
    assert repr(sentences.answer(made, "2024")).endswith(f"% geactiveerd’ is, gerekend met 25,0%, {verdict}.")


def test_a_claim_about_other_days_is_left_out() -> None:
    made = evaluation(spoken="abcd", activated="a", figures=[claim(when="2023")])
    assert "De uitspraak" not in repr(sentences.answer(made, "2024"))


def test_decimals_are_those_asked_for() -> None:
    assert "Dat zijn er 25 op elke 100" in repr(sentences.answer(SOME, "2024", decimals=0))


def test_residents_in_two_periods_are_told() -> None:
    assert repr(sentences.answer_whole(TWICE)) == (
        "Over juni 2023 tot januari 2025 zijn 2 verschillende inwoners gesproken. "
        "In meer dan één periode tellen 2 inwoners mee."
    )


def test_one_resident_in_two_periods_takes_a_singular_verb() -> None:
    assert repr(sentences.answer_whole(evaluation(spoken="a", periods=[BEFORE, YEAR]))) == (
        "Over juni 2023 tot januari 2025 is 1 verschillende inwoner gesproken. "
        "In meer dan één periode telt 1 inwoner mee."
    )


def test_the_headline_has_a_dash_for_a_share_that_is_undefined() -> None:
    assert sentences.headline(NOBODY, "2024").items[-1] == ("–", "van de gesproken inwoners was of werd actief", "")


def test_the_headline_counts_per_month() -> None:
    assert sentences.headline(EVERYBODY, "2024").items[0] == ("3", "gesproken inwoners", "0,3 per maand")


@pytest.mark.parametrize("made", [NOBODY, ONE, EVERYBODY, OTHERS, SOME])
def test_every_check_of_a_period_holds(made: Evaluation) -> None:
    assert all(c.holds for c in sentences.checks(made, "2024").checks)


def test_the_check_of_the_whole_shows_its_sum() -> None:
    assert sentences.checks_whole(TWICE).checks[0].text == (
        "Gesproken inwoners: 2 + 2 − 2 dubbel geteld = 2; verschillende inwoners: 2."
    )


def test_what_matters_most_is_strong() -> None:
    assert "zijn <strong>geen inwoners</strong> gesproken" in sentences.answer(NOBODY, "2024")._repr_html_()


def test_text_from_a_source_is_escaped() -> None:
    assert Remark("<b>")._repr_html_() == "<p>&lt;b&gt;</p>"


def test_invented_records_are_marked() -> None:
    assert sentences.marks(ONE, "2024")[0].startswith("Verzonnen gegevens.")


def test_the_source_says_who_and_up_to_which_day() -> None:
    assert sentences.sources(ONE).text == "De gegevens komen van de afdeling en gaan tot en met 15 juli 2025."


def test_an_unknown_period_is_refused() -> None:
    with pytest.raises(KeyError, match="onbekende periode ‘2019’"):
        sentences.answer(ONE, "2019")


def test_pages_of_made_up_and_real_records_together_do_not_say_that_nobody_real_is_in_them() -> None:
    made_up = next(iter(ONE.received.values()))
    real = replace(made_up, source=replace(made_up.source, synthetic=False))
    made_up = replace(made_up, source=replace(made_up.source, synthetic=True))
    mixed = replace(ONE, received={"a": made_up, "b": real})
    assert word("mark", "partly") in sentences.marks(mixed)
    assert word("mark", "synthetic") not in sentences.marks(mixed)


@pytest.mark.parametrize("method", ["hide", "round", "hide_and_round"])
def test_rounded_counts_are_marked(method: str) -> None:
    settings = replace(ONE.workspace.settings, disclosure=Disclosure(internal=False, method=method))
    made = replace(ONE, workspace=replace(ONE.workspace, settings=settings))
    assert any(m.startswith("Afgerond op vijftallen.") for m in sentences.marks(made, "2024")) == (method != "hide")
