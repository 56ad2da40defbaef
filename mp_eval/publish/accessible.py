"""The statement on accessibility that Dutch law asks of a municipality's site, and how far the pages are with it.

The status is what can be answered for: without a full audit it is one of the two that say so (D, or C with one that is
planned). What the automatic checks found stands in `checked.toml`; they find a part of what can be wrong.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from ..evaluation import Evaluation
from ..present.easy import Part
from ..present.wording import day_in_words, number, word
from ..workspace import Accessibility

CHECKED = Path(__file__).with_name("checked.toml")


@cache
def checked() -> dict[str, Any]:
    """When the automatic checks last looked, and what each found."""
    return tomllib.loads(CHECKED.read_text(encoding="utf-8"))


def status(told: Accessibility) -> str:
    """The letter of the law's list.

    >>> from datetime import date
    >>> status(Accessibility()), status(Accessibility(audit_planned=date(2027, 3, 1)))
    ('D', 'C')
    >>> status(Accessibility(audit=date(2027, 3, 1))), status(Accessibility(audit=date(2027, 3, 1), meets_all=True))
    ('B', 'A')
    """
    if told.audit:
        return "A" if told.meets_all else "B"
    return "C" if told.audit_planned else "D"


def parts(evaluation: Evaluation) -> tuple[Part, ...]:
    """The statement, from top to bottom."""
    settings = evaluation.workspace.settings
    name, told = settings.municipality.name, settings.accessibility
    letter, day = status(told), told.audit or told.audit_planned
    when = day_in_words(day) if day else ""
    made = {
        "scope": [_say("scope", name=name), _say("site", site=told.site) if told.site else _say("no_site")],
        "status": [_say(f"status_{letter}"), _say(f"because_{letter}", when=when)],
        "looked": [_say("looked", day=day_in_words(checked()["on"])), _say("only_a_part")],
        "lacks": [_say("lacks")],
        "tell": [
            _say("contact", contact=told.contact) if told.contact else _say("no_contact", name=name),
            _say("ombudsman"),
        ],
    }
    items = {"looked": tuple(_looked()), "lacks": tuple(_lacking(told))}
    return tuple(Part(_say(f"{n}_title"), tuple(texts), items.get(n, ())) for n, texts in made.items())


def _looked() -> Iterator[str]:
    for check in checked()["check"]:
        found = number(check["found"]) if check["found"] else _say("nothing")
        yield _say(f"check_{check['name']}", version=check["version"], found=found)


def _lacking(told: Accessibility) -> Iterator[str]:
    if not told.audit:
        yield _say("no_audit")
    yield from (_say(name) for name in ("figures", "files"))


def _say(key: str, **told: object) -> str:
    return word("accessibility", key).format(**told)
