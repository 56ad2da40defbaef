"""A municipality's own words for categories: *niveau 1* for *trede 1*, another name for a group of the caseload.

They hold in a process from when an evaluation is loaded in it until another is: a page or a file is made of one.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from .strict import Tell

PACKAGE = Path(__file__).resolve().parent
_OWN: dict[str, str] = {}


def speak(words: Mapping[str, str]) -> None:
    """Let these words, by the code of the category, go before those that are brought; none takes all back."""
    _OWN.clear()
    _OWN.update(words)


def own() -> Mapping[str, str]:
    """The words that hold now, by the code of the category."""
    return _OWN


@cache
def brought() -> Mapping[str, str]:
    """The word that is brought for each category, by its code."""
    text = (PACKAGE / "present" / "words" / "nl.toml").read_text(encoding="utf-8")
    return dict(tomllib.loads(text)["category"])


def check(words: Mapping[str, str] | None, fault: Tell) -> None:
    """Tell of a code that there is not, of what is no word, and of a word that another category has.

    Two categories with one word would be taken for one number.
    """
    for code, word in (words or {}).items():
        if code not in brought():
            fault(f"words.{code}", word, "een code uit begrippen.csv, zoals caseload of step_1")
        elif word is not None:
            others = {other: {**brought(), **(words or {})}[other] for other in brought() if other != code}
            is_word = bool(word.strip()) and word.isprintable() and ">" not in word
            if not is_word or word.casefold() in {str(text).casefold() for text in others.values()}:
                fault(f"words.{code}", word, "een woord op één regel, zonder >, dat nog niet voor iets anders staat")
