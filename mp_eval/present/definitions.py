"""What is meant: every word that the pages, the workbook and the data files use, with its meaning.

Made from the catalogue of measures, so that a new measure is defined or a test says that it is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from ..tidy import MEASURES
from . import examples
from .wording import capital, definitions, listed, words


@dataclass(frozen=True)
class Term:
    """A word with its meaning; `facts` are shorter, such as its unit. `id` is its place on the page."""

    id: str
    word: str
    meaning: str
    facts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chapter:
    """Terms that belong together."""

    id: str
    title: str
    terms: tuple[Term, ...]


def chapters(measures: pd.DataFrame) -> tuple[Chapter, ...]:
    """The terms that these measures use, and the signs and judgements that stand beside them."""
    known = definitions()
    used, given = set(measures["category"]), {*measures["status"], "final"}
    categories = [c for c in known["category"] if c in used]
    statuses = [s for s in known["value_status_definition"] if s in given]
    found = (
        Chapter("perioden", "Perioden", _plain("periode", known["period"])),
        Chapter("maten", "Wat er wordt geteld", tuple(_measures(measures))),
        Chapter("groepen", "Groepen en soorten", _named("groep", "category", categories, known["category"])),
        Chapter("tekens", "Tekens", _plain("teken", known["sign"])),
        Chapter(
            "status",
            "Hoe een cijfer ervoor staat",
            tuple(
                Term(f"status-{s}", capital(known["value_status"][s]), known["value_status_definition"][s])
                for s in statuses
            ),
        ),
        Chapter(
            "oordelen",
            "Oordelen over gepubliceerde cijfers",
            _named("oordeel", "verdict", list(known["verdict"]), known["verdict"]),
        ),
    )
    return tuple(chapter for chapter in found if chapter.terms)


def codes() -> pd.DataFrame:
    """Every code of the data files: section, code, word, meaning. One row a code."""
    known, named = definitions(), words()
    sections: Mapping[str, tuple[Mapping[str, str], Mapping[str, str]]] = {
        "measure": (named["measure"], known["measure"]),
        "breakdown": (named["breakdown"], {}),
        "category": (named["category"], known["category"]),
        "term": (named["term"], {}),
        "unit": (known["unit"], {}),
        "status": (known["value_status"], known["value_status_definition"]),
        "rule": (named["rule"], {}),
        "judgement": (named["status"], known["status_definition"]),
        "qualifier": (named["qualifier"], {}),
        "table": (named["table"], {}),
        "outcome": ({code: word.rpartition("|")[2] for code, word in named["outcome"].items()}, known["outcome"]),
    }
    rows = [
        [section, code, word.replace("{value}", "…"), meanings.get(code, "")]
        for section, (names, meanings) in sections.items()
        for code, word in names.items()
    ]
    return pd.DataFrame(rows, columns=["section", "code", "word", "meaning"])


def _measures(measures: pd.DataFrame) -> Iterator[Term]:
    present = set(zip(measures["measure"], measures["breakdown"], strict=True))
    known, named = definitions(), words()
    used = {measure for measure, _ in present}
    for code, measure in MEASURES.items():
        if code not in used:
            continue
        facts = [f"Eenheid: {known['unit'].get(measure.unit, measure.unit)}.", known["kind"].get(measure.kind, "")]
        for breakdown, relation in measure.breakdowns.items():
            if (code, breakdown) in present:
                how = known["relation"].get(relation, "")
                facts.append(f"{capital(named['breakdown'].get(breakdown, breakdown))}: {how}.")
        facts += filter(None, [examples.told(code)])
        yield Term(
            place(code),
            capital(named["measure"].get(code, code)),
            meaning(code),
            tuple(filter(None, facts)),
        )


def place(measure: str) -> str:
    """Where on the page of definitions a measure is explained.

    >>> place("activation_rate")
    'maat-activation-rate'
    """
    return f"maat-{measure.replace('_', '-')}"


def meaning(measure: str) -> str:
    """What a measure counts."""
    return definitions()["measure"].get(measure, "")


def _plain(prefix: str, terms: Mapping[str, str]) -> tuple[Term, ...]:
    return tuple(Term(f"{prefix}-{n}", word, capital(meaning)) for n, (word, meaning) in enumerate(terms.items(), 1))


def _named(prefix: str, section: str, chosen: list[str], meanings: Mapping[str, str]) -> tuple[Term, ...]:
    named = words()[section]
    return tuple(
        Term(f"{prefix}-{re.sub(r'[_.]', '-', c)}", capital(named.get(c, c)), meanings.get(c, "")) for c in chosen
    )


def signs() -> str:
    """The signs in a sentence, for where there is no room for a page.

    >>> signs()
    'Tekens: – niet aangeleverd of niet te berekenen, x afgeschermd en 0 niemand, of geen enkele.'
    """
    return f"Tekens: {listed([f'{sign} {meaning}' for sign, meaning in definitions()['sign'].items()])}."
