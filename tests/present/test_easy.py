"""The page in easy language: what everybody can read, and no number that another page does not show."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd
import pytest

from mp_eval.evaluation import Evaluation
from mp_eval.present import easy
from mp_eval.present.wording import words

LONGEST, MEAN = 16, 10  # words of a sentence
HARD = re.compile(
    r"caseload|cohort|interval|peildatum|uitstroom|uitgestroomd|activering|geactiveerd|participatie|register|indicator|"
    r"afgeschermd|trede|instroom|gemiddeld|procent|%|periode|aandeel",
    re.IGNORECASE,
)


def texts(evaluation: Evaluation) -> list[str]:
    return [text for part in easy.parts(evaluation) for text in (part.title, *part.texts, *part.items)]


def sentences(text: str) -> list[list[str]]:
    return [sentence.split() for sentence in re.split(r"(?<=[.?:])\s+", text)]


def flesch_douma(text: str) -> float:
    """How easy Dutch is to read, from 0 to 100; 70 is what somebody of twelve reads (Douma, 1960)."""
    found = [word for sentence in sentences(text) for word in sentence]
    groups = [len(re.findall(r"[aeiouyéèëïöü]+", word.casefold())) or 1 for word in found]
    return 206.84 - 0.93 * len(found) / len(sentences(text)) - 77 * sum(groups) / len(found)


def test_its_numbers_are_those_of_the_other_pages(committed: Evaluation) -> None:
    said = " ".join(texts(committed))
    for sentence in (
        "Van september 2022 tot januari 2025 praatte de gemeente voor het eerst met 631 inwoners.",
        "In 2024 praatte de gemeente voor het eerst met 175 inwoners.",
        "Van september 2022 tot januari 2025 gingen 223 inwoners iets doen.",
        "In 2024 gingen 50 inwoners iets doen. Een inwoner kan meer dan één ding doen. "
        "Dit deden zij van september 2022 tot januari 2025:",
        "Vrijwilligerswerk: 81 inwoners",
        "Wij weten niet wat: 48 inwoners",
        "stopte de uitkering van 25 inwoners. 11 van hen gingen werken.",
        "Op 15 juli 2025 kregen 241 inwoners hulp van een consulent. Toen wachtten 143 inwoners nog op hulp.",
        "Er stond: meer dan 700. Dat klopt niet. Het goede getal is 631.",
    ):
        assert sentence in said


def test_what_may_not_be_shown_is_left_out(committed: Evaluation) -> None:
    hidden = committed.measures["measure"].isin(["outflow", "activated"])
    measures = committed.measures.copy()
    measures.loc[hidden, ["value", "status"]] = [pd.NA, "hidden"]
    said = " ".join(texts(replace(committed, measures=measures)))
    assert "stopte de uitkering" not in said
    assert "Vrijwilligerswerk" not in said
    assert not re.search(r"\bx\b(?!\.)|–|nan", said)


def test_its_sentences_are_short_and_its_words_are_those_of_everybody(committed: Evaluation) -> None:
    # What a municipality or a publication wrote, and names of days, are no words of the page.
    said = [text for text in texts(committed) if "Er stond" not in text]
    lengths = [len(sentence) for text in said for sentence in sentences(text)]
    assert max(lengths) <= LONGEST
    assert sum(lengths) / len(lengths) <= MEAN
    assert flesch_douma(" ".join(text if text[-1] in ".?" else f"{text}." for text in said)) > 70
    brought = {key: HARD.findall(text) for key, text in words()["easy"].items()}
    assert {key: found for key, found in brought.items() if found} == {}


@pytest.mark.parametrize(("count", "said"), [(1, "ging 1 inwoner iets doen"), (0, "gingen geen inwoners iets doen")])
def test_one_and_none_are_said_as_such(committed: Evaluation, count: int, said: str) -> None:
    measures = committed.measures.copy()
    total = (measures["measure"] == "activated") & (measures["breakdown"] == "")
    measures.loc[total, "value"] = count
    assert said in " ".join(texts(replace(committed, measures=measures)))
