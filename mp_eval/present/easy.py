"""The page in easy language, for residents and the client council: short sentences with the same protected numbers.

What may not be shown or was not delivered is left out; of what stays nothing is told that another page does not tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from .. import tidy
from ..evaluation import Evaluation
from ..periods import WHOLE
from ..programme import GUIDED, READY
from ..tidy import Hidden, Value
from . import reconciliation as judged
from .absence import absent
from .chapters import compared
from .elements import Table
from .findings import small
from .wording import capital, category, counted, day_in_words, number, word, words
from .wording import period as period_told


@dataclass(frozen=True)
class Part:
    """A heading with what stands below it: sentences, then a list, then a table."""

    title: str
    texts: tuple[str, ...]
    items: tuple[str, ...] = ()
    table: Table | None = None

    @property
    def id(self) -> str:
        return re.sub(r"[^a-z0-9]+", "-", self.title.casefold()).strip("-")


def parts(evaluation: Evaluation) -> tuple[Part, ...]:
    """The page, from top to bottom; see `Evaluation.whole` for what it raises."""
    made = {
        "about": _about(evaluation),
        "spoken": _of_periods(evaluation, "spoken"),
        "active": _of_periods(evaluation, "activated"),
        "left": _left(evaluation),
        "helps": _helps(evaluation),
        "full": _full(evaluation),
        "wrong": _wrong(evaluation),
        "known": iter([_say("internal" if evaluation.is_internal else "public")]),
        "ask": _ask(evaluation),
    }
    told = {name: tuple(texts) for name, texts in made.items()}
    items = {"active": tuple(_kinds(evaluation))}
    if items["active"]:
        told["active"] += (_say("doing", when=small(_when(evaluation, WHOLE))),)
    return tuple(Part(_say(f"{name}_title"), texts, items.get(name, ())) for name, texts in told.items() if texts)


def _about(evaluation: Evaluation) -> Iterator[str]:
    yield _say("about", name=evaluation.workspace.settings.municipality.name)


def _of_periods(evaluation: Evaluation, measure: str) -> Iterator[str]:
    """How many of all periods together, and of the last where that is another."""
    last = evaluation.workspace.periods[-1].id
    for key in dict.fromkeys((WHOLE, *([last] if len(evaluation.workspace.periods) > 1 else []))):
        value = _value(evaluation, key, measure)
        if value is not None:
            yield _counted(measure, value, when=_when(evaluation, key))


def _kinds(evaluation: Evaluation) -> Iterator[str]:
    """With what residents became active, the kinds that may be told, and of how many that is not known."""
    plain = words()["easy"]
    for kind in evaluation.programme.kinds:
        value = _value(evaluation, WHOLE, "activated", "activity", kind)
        if value:
            name = plain.get(f"kind_{kind}", capital(category(kind)))
            yield f"{name}: {_residents(value)}"


def _left(evaluation: Evaluation) -> Iterator[str]:
    value = _value(evaluation, WHOLE, "outflow")
    if value is None:
        return
    yield _counted("left", value, when=_when(evaluation, WHOLE))
    working = _value(evaluation, WHOLE, "outflow_to_work")
    if working:
        yield _say("working_one" if working == 1 else "working", count=number(working))


def _helps(evaluation: Evaluation) -> Iterator[str]:
    if _value(evaluation, WHOLE, "spoken"):
        yield _say("looked_into" if compared.is_told(evaluation) else "unknown")


def _full(evaluation: Evaluation) -> Iterator[str]:
    """Who is guided and who waits, by the last stock that was delivered."""
    found = tidy.pick(evaluation.measures, measure="on_benefit", breakdown="group", category=GUIDED)
    if found.empty:
        return
    last = found.sort_values("as_of").iloc[-1]
    for name, group in (("guided", GUIDED), ("waiting", READY)):
        value = _value(evaluation, last["period"], "on_benefit", "group", group)
        if value is not None:
            yield _counted(name, value, day=day_in_words(date.fromisoformat(last["as_of"])))


def _wrong(evaluation: Evaluation) -> Iterator[str]:
    for claim in judged.claims(evaluation):
        if claim.is_wrong:
            yield _say("wrong", subject=small(claim.subject), when=claim.when, published=claim.published)
            if claim.found[:1].isdigit():
                yield _say("right", found=claim.found)


def _ask(evaluation: Evaluation) -> Iterator[str]:
    settings = evaluation.workspace.settings
    contact = settings.accessibility.contact
    yield _say("contact", contact=contact) if contact else _say("ask", name=settings.municipality.name)


def _value(evaluation: Evaluation, period: str, measure: str, breakdown: str = "", category: str = "") -> float | None:
    """A number that records tell and that may be shown."""
    if absent(evaluation, period, measure):
        return None
    value: Value = tidy.number(evaluation.measures, period, measure, breakdown, category)
    return None if isinstance(value, Hidden) else value


def _counted(name: str, value: float, **told: str) -> str:
    """A sentence about so many residents, in the singular for one."""
    return _say(f"{name}_one" if value == 1 else name, residents=_residents(value), **told)


def _residents(value: float) -> str:
    return counted(value, word("grammar", "resident"), word("grammar", "residents"))


def _when(evaluation: Evaluation, key: str) -> str:
    wording = period_told(evaluation.wording(key))
    return _say("in_year" if wording.isdigit() else "in_days", when=wording)


def _say(key: str, **told: object) -> str:
    return word("easy", key).format(**told)
