"""Why something cannot be on a page, in the words of the page, with what to do about it."""

from __future__ import annotations

from ...present.wording import word

LETTERS = 80  # of what is refused


class Unfit(Exception):
    """What a page cannot show. The message goes on from the cell that it names."""


def unfit(key: str, **given: object) -> Unfit:
    """The refusal with this key, filled in.

    >>> str(unfit("script"))
    'bevat een script; een pagina voert niets uit: laat de uitkomst als tabel of afbeelding zien'
    """
    return Unfit(word("unfit", key).format(**given))


def short(said: str) -> str:
    """The beginning of what is refused, by which its author knows it.

    >>> len(short("x" * 100)), short("x = 1")
    (81, 'x = 1')
    """
    return said if len(said) <= LETTERS else f"{said[:LETTERS]}…"
