"""The citizen service number (BSN): what passes its test, and a name without it."""

from __future__ import annotations

import re

BSN_NAMES = {"bsn", "burgerservicenummer", "sofinummer", "sofinr", "bsnnummer", "bsnnr"}  # what its column is called
NINE_FIGURES = re.compile(r"(?<!\d)\d{9}(?!\d)")


def without_bsn(name: str) -> str:
    """The name of a file or a sheet, which pages give as their source, with asterisks for what may be a citizen
    service number.

    >>> without_bsn("gesprekken 123456782.csv"), without_bsn("gesprekken 20240131.csv")
    ('gesprekken *********.csv', 'gesprekken 20240131.csv')
    """
    return NINE_FIGURES.sub(lambda number: "*" * 9 if passes_bsn(number[0]) else number[0], name)


def passes_bsn(number: str) -> bool:
    """The 11-test of the citizen service number: weights 9 to 2 and -1, leading zeros restored.

    >>> passes_bsn("123456782"), passes_bsn("123456789"), passes_bsn("10000008")
    (True, False, True)
    """
    digits = number.zfill(9)
    return (
        int(digits) > 0 and sum(w * int(d) for w, d in zip((9, 8, 7, 6, 5, 4, 3, 2, -1), digits, strict=True)) % 11 == 0
    )
