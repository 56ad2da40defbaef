"""Text that Excel would take for a formula: `=1+1`, `@Work`, `+Werkt`. In a table that is made for Excel it gets an
apostrophe in front. Excel then calculates nothing; when it opens a CSV it shows the apostrophe too. A number with its
sign is left as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pandas as pd

# Also the wide forms of these signs; a tab or a line break before them is passed over by Excel.
FORMULA = re.compile(r"[\t\r\n ]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?%?|[+-]")
SIGN = "'"
KEPT = re.compile(rf"{SIGN}(?={FORMULA.pattern})")


def as_text(table: pd.DataFrame) -> pd.DataFrame:
    """The table with an apostrophe before each text that would be a formula.

    >>> as_text(pd.DataFrame({"provider": ["=1+1", "-12,5", "De Brug", None]}))["provider"].tolist()
    ["'=1+1", '-12,5', 'De Brug', nan]
    """
    return _each(table, guarded)


def guarded(text: str) -> str:
    """A text with an apostrophe before it when it would be a formula.

    >>> guarded("@Work"), guarded("+2,3"), guarded("De Brug")
    ("'@Work", '+2,3', 'De Brug')
    """
    return SIGN + text if FORMULA.match(text) and not NUMBER.fullmatch(text) else text


def as_meant(table: pd.DataFrame) -> pd.DataFrame:
    """What `as_text` was made of.

    >>> as_meant(as_text(pd.DataFrame({"provider": ["=1+1", "'s Heeren"]})))["provider"].tolist()
    ['=1+1', "'s Heeren"]
    """
    return _each(table, meant)


def meant(text: str) -> str:
    """A text of such a table without the apostrophe that was put before it."""
    return KEPT.sub("", text, count=1) if text.startswith(SIGN) else text


def _each(table: pd.DataFrame, change: Callable[[str], str]) -> pd.DataFrame:
    texts = {name: column for name, column in table.items() if isinstance(column.dtype, pd.StringDtype)}
    return table.assign(**{name: column.map(change, na_action="ignore") for name, column in texts.items()})
