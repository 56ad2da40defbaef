"""A municipality's own words: *niveau* for *trede*, another name for a group of the caseload.

They hold in a process from when an evaluation is loaded in it until another is: a page or a file is made of one. A word
for a category stands where that category is named; of groups and steps, and of the terms, also in every sentence that
mp-eval brings (`told`).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache, partial
from pathlib import Path

from .strict import Tell

PACKAGE = Path(__file__).resolve().parent
SAID = ("caseload", "ready")  # groups whose words sentences use
NEUTER = "het "  # with which the word for a step may begin
OF_A_NEUTER = {
    "de": "het", "die": "dat", "deze": "dit", "welke": "welk", "dezelfde": "hetzelfde", "elke": "elk",
}  # fmt: skip
FOLDER = PACKAGE / "present" / "words"
DUTCH = "nl"
_OWN: dict[str, str] = {}
_LANGUAGE = [DUTCH]


def speak(words: Mapping[str, str], language: str = DUTCH) -> None:
    """Let these words, by the code of the category or term, go before those that are brought; none takes all back."""
    _OWN.clear()
    _OWN.update(words)
    _LANGUAGE[:] = [language]


def language() -> str:
    """The language of the pages that are made now, by its code; what its words' file lacks is Dutch."""
    return _LANGUAGE[0]


def languages() -> list[str]:
    """Every language that has a words' file.

    >>> languages()
    ['en', 'nl']
    """
    return sorted(path.stem for path in FOLDER.glob("*.toml") if "." not in path.stem)


def own() -> Mapping[str, str]:
    """The words that hold now, by their codes."""
    return _OWN


def told(text: str) -> str:
    """A text that mp-eval brings, in the municipality's own words.

    >>> speak({"step": "het niveau", "caseload": "bij het wijkteam"})
    >>> told("Inwoners in begeleiding op trede 1 en 2, en op welke trede.")
    'Inwoners bij het wijkteam op niveau 1 en 2, en op welk niveau.'
    >>> speak({"step_1": "instap", "step_2": "opstap"})
    >>> told("Inwoners op trede 1 en 2, en van wie de trede bekend is.")
    'Inwoners op instap en opstap, en van wie de trede bekend is.'
    >>> speak({})
    """
    for pattern, word in _replaced(tuple(sorted(_OWN.items()))) if _OWN else ():
        text = pattern.sub(partial(_as_written, word), text)
    return text


@cache
def _replaced(own: tuple[tuple[str, str], ...]) -> tuple[tuple[re.Pattern[str], str], ...]:
    """What to look for, and what to put there; the longest first."""
    return tuple((re.compile(rf"\b{text}\b", re.IGNORECASE), word) for text, word in _pairs(dict(own)))


def _pairs(own: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    step, terms = brought("term")["step"], brought("term")
    steps = {code: own[code] for code in brought() if code.startswith("step_") and code in own}
    if {"step_1", "step_2"} <= steps.keys():
        yield f"{step} 1 en 2", f"{steps['step_1']} en {steps['step_2']}"
    yield from ((re.escape(brought()[code]), word) for code, word in steps.items())
    if "step" in own:
        word = own["step"].removeprefix(NEUTER)
        if word != own["step"]:
            yield from ((f"{other} {step}", f"{new} {word}") for other, new in OF_A_NEUTER.items())
            yield from ((f"de {which} {step}", f"het {which} {word}") for which in ("eerste", "laatste"))
        yield step, word
    yield from ((re.escape(terms[code]), own[code]) for code in terms if code in own and code != "step")
    yield from ((re.escape(brought()[code]), own[code]) for code in SAID if code in own)


def _as_written(word: str, found: re.Match[str]) -> str:
    """With a capital where there was one."""
    return word[:1].upper() + word[1:] if found[0][:1].isupper() else word


@cache
def brought(section: str = "category") -> Mapping[str, str]:
    """The word that is brought for each category, or each of another section, by its code."""
    return dict(tomllib.loads((FOLDER / f"{DUTCH}.toml").read_text(encoding="utf-8"))[section])


def check(words: Mapping[str, str] | None, fault: Tell) -> None:
    """Tell of a code that there is not, of what is no word, and of a word that another category has.

    Two categories with one word would be taken for one number.
    """
    for code, word in (words or {}).items():
        kind = next((section for section in ("category", "term") if code in brought(section)), "")
        if not kind:
            fault(f"words.{code}", word, "een code uit begrippen.csv, zoals caseload of step_1")
        elif word is not None:
            known = brought(kind)
            others = {other: {**known, **(words or {})}[other] for other in known if other != code}
            is_word = bool(word.removeprefix(NEUTER).strip()) and word.isprintable() and ">" not in word
            if not is_word or word.casefold() in {str(text).casefold() for text in others.values()}:
                fault(f"words.{code}", word, "een woord op één regel, zonder >, dat nog niet voor iets anders staat")
