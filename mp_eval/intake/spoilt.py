"""What a spreadsheet or another system puts where a value should be: errors, shortened numbers, days that mean 'none'.

Such a text looks like a value, so it would pass; here it is known for what it is.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

NO_RESULT = "#formule zonder uitkomst"  # what stands for a formula whose value was never stored
ERRORS = re.compile(
    r"#(N/A|REF!|DIV/0!|VALUE!|NAME\?|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA|FIELD!|BLOCKED!|CONNECT!|UNKNOWN!|BUSY!"
    r"|ERROR!?|MULTIVALUE"
    r"|N/B|VERW!|DEEL/0!|WAARDE!|NAAM\?|GETAL!|LEEG!|OVERLOOP!|#+)|Err:\d{3}",  # in English, in Dutch, a narrow column
    re.IGNORECASE,
)
SHORTENED = re.compile(r"\d[.,]\d+e\+?\d+|\de\+\d\d+", re.IGNORECASE)  # 1,23457E+11; 1e234567 may be a pseudonym
WITH_DECIMALS = re.compile(r"\d+[.,]0+")  # 123456789012.0
GARBLED = re.compile("[ÂÃ][\u00a0-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€")  # utf-8 that was read as Windows-1252
EXACT = 15  # digits that a spreadsheet keeps of a number; it makes zeros of the others
NO_DAYS = frozenset(
    date(*day)
    for day in (
        (1, 1, 1), (1753, 1, 1), (1899, 12, 30), (1899, 12, 31), (1900, 1, 1),
        (2999, 12, 31), (9999, 1, 1), (9999, 12, 31),
    )
)  # fmt: skip


def is_error(text: str) -> bool:
    """Whether this is what a spreadsheet shows where it could not work out a value.

    >>> [is_error(text) for text in ("#N/A", "#verw!", "########", "Err:502", NO_RESULT, "#1", "N/A")]
    [True, True, True, True, True, False, False]
    """
    return text == NO_RESULT or bool(ERRORS.fullmatch(text))


def is_garbled(text: str) -> bool:
    """Whether letters came over wrong: read in another encoding than they were written in, or lost on the way.

    >>> [is_garbled(text) for text in ("CafÃ©", "Å¡koda", "Co\ufffdperatie", "Café", "’t Hof", "SÃO")]
    [True, True, True, False, False, False]
    """
    if "\ufffd" in text or GARBLED.search(text):
        return True
    try:
        return text.encode("cp1252").decode("utf-8") != text
    except UnicodeError:
        return False


def are_shortened(texts: pd.Index | Sequence[str]) -> np.ndarray:
    """Which of these numbers of persons a spreadsheet has spoilt, so that it may stand for several of them.

    A number of more than fifteen digits ends in zeros when it was spoilt. One may do so by chance; all of them don't.

    >>> are_shortened(["1,23457E+11", "1.2E11", "1E+15", "123456789012.0", "10.50", "p1e5", "1e5", "9e123456"]).tolist()
    [True, True, True, True, False, False, False, False]
    >>> are_shortened(["1234567890123450", "1234567890123460"]).tolist(), are_shortened(["1234567890123450"]).tolist()
    ([False, False], [False])
    >>> are_shortened(["123456789012345000", "1234567890123460"]).tolist()
    [True, True]
    """
    found = np.array([bool(SHORTENED.fullmatch(t) or WITH_DECIMALS.fullmatch(t)) for t in texts], dtype=bool)
    long = np.array([t.isdigit() and len(t) > EXACT for t in texts], dtype=bool)
    ends = [t[EXACT:] for t, is_long in zip(texts, long, strict=True) if is_long]
    if all(set(end) == {"0"} for end in ends) and sum(map(len, ends)) > 2:  # by chance once in a thousand
        found |= long
    return found


def beginning_with(distinct: pd.Index, first: str, last: str) -> list[int]:
    """The positions of the texts, which are in order, whose first letter is in this stretch.

    >>> beginning_with(pd.Index(["", "#N/A", "1", "9", "a"]), "0", "9")
    [2, 3]
    """
    # A few looks at the texts: pandas would make Python texts of all before it searches.
    return list(range(bisect_left(distinct, first), bisect_left(distinct, chr(ord(last) + 1))))
