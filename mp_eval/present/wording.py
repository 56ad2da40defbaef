"""Words and numbers as a Dutch reader expects them; the words stand in `words/`, those of measures apart."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any

from babel.numbers import get_decimal_symbol, get_group_symbol

from .. import spoken
from ..periods import MONTHS
from ..tidy import Hidden, Value

MARK = "x"  # of a hidden number; never *, which means provisional in Dutch statistics
FOLDER = spoken.FOLDER


def words() -> dict[str, dict[str, str]]:
    """What readers call things, by section and code; for categories a municipality may have words of its own."""
    own, language = spoken.own(), spoken.language()
    return _in_own_words(tuple(sorted(own.items())), language) if own else _brought("", language)


@cache
def _in_own_words(own: tuple[tuple[str, str], ...], language: str) -> dict[str, dict[str, str]]:
    """What is brought, with these words in its sentences too; they are those that hold now."""
    brought = _brought("", language)
    found = {section: {key: spoken.told(text) for key, text in texts.items()} for section, texts in brought.items()}
    return {**found, "category": {**found["category"], **{c: w for c, w in own if c in found["category"]}}}


@cache
def _brought(kind: str, language: str) -> dict[str, dict[str, str]]:
    """The words of a kind, by section: those of the language, and for what it lacks the Dutch ones."""
    dutch, other = (_read(FOLDER / f"{name}{kind}.toml") for name in (spoken.DUTCH, language))
    found = {section: {**texts, **other.get(section, {})} for section, texts in dutch.items()}
    said = [of_measures(name) for name in (spoken.DUTCH, language)]
    part = "means" if kind else "word"
    return {
        **found,
        "measure": {m: texts[part] for some in said for m, texts in some.items() if m != "model" and part in texts},
    }


@cache
def of_measures(language: str) -> dict[str, Any]:
    """What a language says of each measure: its word, what it means, its rule and example."""
    return _read(FOLDER / f"{language}.measures.toml")


@cache
def _read(path: Path) -> dict[str, dict[str, str]]:
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def prose(notebook: str, cell: str, source: str) -> str:
    """The text of a cell of a notebook that mp-eval brings, in the language and the municipality's own words."""
    told = _read(FOLDER / f"{spoken.language()}.toml").get("prose", {}).get(f"{notebook}.{cell}", source)
    return spoken.told(told)


def definitions() -> dict[str, dict[str, str]]:
    """What the words mean; not every word needs it."""
    found = _brought(".definitions", spoken.language())
    if not spoken.own():
        return found
    told = spoken.told
    return {section: {told(key): told(text) for key, text in texts.items()} for section, texts in found.items()}


def word(section: str, key: str) -> str:
    """The reader's word for a name in the code.

    >>> word("category", "day_activity")
    'dagbesteding'
    """
    return words()[section][key]


def category(code: str) -> str:
    """A category as readers call it: its word, a month or half-year, or the text itself; of a crossing both.

    >>> category("day_activity"), category("2024-03"), category("Aanbieder & Zn."), category("step_1>step_2")
    ('dagbesteding', 'maart 2024', 'Aanbieder & Zn.', 'trede 1 → trede 2')
    """
    if re.fullmatch(r"\d{4}-\d\d", code):
        return f"{month(int(code[5:]))} {code[:4]}"
    return " → ".join(words()["category"].get(part) or _half_year(part) for part in code.split(">"))


def _half_year(code: str) -> str:
    """A half-year in words; of another text the text itself.

    >>> _half_year("2024-H2"), _half_year("Aanbieder")
    ('tweede helft van 2024', 'Aanbieder')
    """
    if not re.fullmatch(r"\d{4}-H[12]", code):
        return code
    return word("grammar", f"half_{code[-1]}").format(year=code[:4])


def chapter(name: str) -> str:
    """What a chapter is called where its question is too long.

    >>> chapter("geactiveerd"), chapter("wat-kost-het")
    ('Geactiveerd', 'Wat kost het')
    """
    return words()["chapter"].get(name, capital(name.replace("-", " ")))


def number(value: Value, decimals: int = 0) -> str:
    """A number with points and a comma, half rounded up; an en dash when there is none, `MARK` when it is hidden.

    >>> from mp_eval.tidy import HIDDEN
    >>> number(1900), number(14.583333, 1), number(0.5), number(None), number(HIDDEN)
    ('1.900', '14,6', '1', '–', 'x')
    """
    if isinstance(value, Hidden):
        return MARK
    if value is None:
        return "–"
    step = Decimal(1).scaleb(-decimals)
    rounded = Decimal(repr(float(value))).quantize(step, rounding=ROUND_HALF_UP) + 0  # + 0: no minus before zero
    return f"{rounded:,f}".translate(_signs(spoken.language()))


@cache
def _signs(language: str) -> dict[int, str]:
    """What a language writes for the signs that Python puts in a number. babel's own form reads a pattern each time."""
    return str.maketrans({",": get_group_symbol(language), ".": get_decimal_symbol(language)})


def percent(share: Value, decimals: int = 1) -> str:
    """A share as a percentage.

    >>> from mp_eval.tidy import HIDDEN
    >>> percent(50 / 175), percent(None), percent(HIDDEN)
    ('28,6%', '–', 'x')
    """
    if isinstance(share, Hidden):
        return MARK
    return "–" if share is None else f"{number(float(Decimal(repr(float(share))) * 100), decimals)}%"


def points(share: float) -> str:
    """A difference of shares in percentage points, with its sign.

    >>> points(0.0234), points(-0.0786), points(0.0)
    ('+2,3', '−7,9', '0,0')
    """
    return signed(share * 100)


def signed(value: float, decimals: int = 1) -> str:
    """A number with its sign; none where it rounds to zero."""
    shown = number(abs(value), decimals)
    return shown if shown == number(0, decimals) else f"{'+' if value > 0 else '−'}{shown}"


def counted(value: float | Hidden, singular: str, plural: str) -> str:
    """A count with its noun: *geen* for none.

    >>> counted(0, "inwoner", "inwoners"), counted(1, "inwoner", "inwoners"), counted(2, "inwoner", "inwoners")
    ('geen inwoners', '1 inwoner', '2 inwoners')
    >>> from mp_eval.tidy import HIDDEN
    >>> counted(HIDDEN, "inwoner", "inwoners")
    'een afgeschermd aantal inwoners'
    """
    if isinstance(value, Hidden):
        return f"{word('hidden', 'count')} {plural}"
    if value == 0:
        return word("grammar", "none").format(plural=plural)
    return f"{number(value)} {singular if value == 1 else plural}"


def of_one(label: str) -> str:
    """A label in the plural as it is for one; the label itself when it is the same for one.

    >>> of_one("gesproken inwoners"), of_one("hoger op de ladder")
    ('gesproken inwoner', 'hoger op de ladder')
    """
    brought = {spoken.told(many): one for many, one in words()["one"].items()}
    return brought.get(label, label)


def are(value: float | Hidden) -> str:
    """The verb for a count; a hidden one is *een aantal*.

    >>> are(0), are(1), are(2)
    ('zijn', 'is', 'zijn')
    """
    return word("grammar", "is" if value == 1 or isinstance(value, Hidden) else "are")


def day(when: date) -> str:
    """A date in digits.

    >>> day(date(2025, 7, 15))
    '15-07-2025'
    """
    return f"{when:%d-%m-%Y}"


def day_in_words(when: date) -> str:
    """A date in a sentence.

    >>> day_in_words(date(2025, 7, 15))
    '15 juli 2025'
    """
    return word("grammar", "day").format(day=when.day, month=month(when.month), year=when.year)


def month(number: int) -> str:
    """The name of a month."""
    return word("grammar", f"month_{number}")


def period(told: str) -> str:
    """A period in the words of the language; `told` is its Dutch wording (`Period.wording`).

    >>> period("juni 2023 tot juli 2024")
    'juni 2023 tot juli 2024'
    """
    if spoken.language() == spoken.DUTCH:
        return told
    for dutch, other in (("tot en met", "through"), ("t/m", "through"), ("tot", "until"), ("en", "and")):
        told = told.replace(f" {dutch} ", f" {word('grammar', other)} ")
    return re.sub("|".join(MONTHS), lambda found: month(MONTHS.index(found[0]) + 1), told)


def listed(items: list[str]) -> str:
    """A list in a sentence.

    >>> listed(["a", "b", "c"])
    'a, b en c'
    """
    last = word("grammar", "and")
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {last} {items[-1]}" if items else ""


def capital(text: str) -> str:
    """The text as a sentence begins; a capital has no accent for stress.

    >>> capital("één meting"), capital("éénmaal"), capital("écht")
    ('Eén meting', 'Eénmaal', 'Echt')
    """
    return text[:1].upper().replace("É", "E") + text[1:]
