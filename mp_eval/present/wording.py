"""Words and numbers as a Dutch reader expects them; the words themselves stand in `words/nl.toml`."""

from __future__ import annotations

import tomllib
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path

from babel.numbers import format_decimal

from ..periods import MONTHS

LANGUAGE = "nl"
FOLDER = Path(__file__).parent / "words"


@cache
def words() -> dict[str, dict[str, str]]:
    return tomllib.loads((FOLDER / f"{LANGUAGE}.toml").read_text(encoding="utf-8"))


@cache
def definitions() -> dict[str, dict[str, str]]:
    """What the words mean; not every word needs it."""
    return tomllib.loads((FOLDER / f"{LANGUAGE}.definitions.toml").read_text(encoding="utf-8"))


def word(section: str, key: str) -> str:
    """The reader's word for a name in the code.

    >>> word("category", "day_activity")
    'dagbesteding'
    """
    return words()[section][key]


def number(value: float | None, decimals: int = 0) -> str:
    """A number with points and a comma, half rounded up; an en dash when there is none.

    >>> number(1900), number(14.583333, 1), number(0.5), number(None)
    ('1.900', '14,6', '1', '–')
    """
    if value is None:
        return "–"
    step = Decimal(1).scaleb(-decimals)
    rounded = Decimal(repr(float(value))).quantize(step, rounding=ROUND_HALF_UP) + 0  # + 0: no minus before zero
    return format_decimal(rounded, format="#,##0." + "0" * decimals if decimals else "#,##0", locale=LANGUAGE)


def percent(share: float | None, decimals: int = 1) -> str:
    """A share as a percentage.

    >>> percent(50 / 175), percent(None)
    ('28,6%', '–')
    """
    return "–" if share is None else f"{number(float(Decimal(repr(float(share))) * 100), decimals)}%"


def counted(value: float, singular: str, plural: str) -> str:
    """A count with its noun: *geen* for none.

    >>> counted(0, "inwoner", "inwoners"), counted(1, "inwoner", "inwoners"), counted(2, "inwoner", "inwoners")
    ('geen inwoners', '1 inwoner', '2 inwoners')
    """
    if value == 0:
        return f"geen {plural}"
    return f"{number(value)} {singular if value == 1 else plural}"


def are(value: float) -> str:
    """The verb for a count.

    >>> are(0), are(1), are(2)
    ('zijn', 'is', 'zijn')
    """
    return "is" if value == 1 else "zijn"


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
    return f"{when.day} {MONTHS[when.month - 1]} {when.year}"


def listed(items: list[str]) -> str:
    """A list in a sentence.

    >>> listed(["a", "b", "c"])
    'a, b en c'
    """
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} en {items[-1]}" if items else ""


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]
