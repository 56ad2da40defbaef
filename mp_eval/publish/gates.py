"""Gates: what a finished page must not hold. Searched in the bytes that would go out, not in what they came from."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

LONG = 6  # digits: a shorter number cannot be told from a count on the page
MACHINE = re.compile(
    r"(?<![\w/])/(?:home|root|Users|tmp|var|work|opt|mnt)/[\w.-]+/|\b[A-Za-z]:\\\\?(?:Users|Windows|Temp)\\"
)
TROUBLE = ("Traceback (most recent call last)", "ipykernel_", "Warning:")
IMAGES = re.compile(r"data:image/[\w+.-]+;base64,[A-Za-z0-9+/=]+")


def check(html: str, *, root: Path, residents: Iterable[str]) -> list[str]:
    """Why this page may not be published; empty when it may. No reason repeats an identifier.

    >>> check("<p>50 inwoners</p>", root=Path("workspace"), residents=["p2345672345672345"])
    []
    """
    text = IMAGES.sub("", html)
    reasons = []
    words = set(re.findall(r"(?<![\w.,-])[\w-]+", text))
    found = sum(_is_named(resident, words, text) for resident in residents)
    if found:
        reasons.append(f"de pagina noemt {found} pseudoniem{'en' if found > 1 else ''} van inwoners")
    if str(root) in text or root.as_posix() in text or MACHINE.search(text):
        reasons.append("de pagina noemt een pad op deze computer")
    reasons += [f"de pagina bevat een foutmelding (‘{word}’)" for word in TROUBLE if word in text]
    return reasons


def _is_named(resident: str, words: set[str], text: str) -> bool:
    """Whether the page holds this identifier; a short number or word could be anything and is not looked for."""
    if len(resident) < LONG and (resident.isdigit() or resident.isalpha()):
        return False
    if re.fullmatch(r"[\w-]+", resident):
        return resident in words
    return resident in text
