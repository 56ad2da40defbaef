"""The page *Uitgaven*: this release, the public ones before it, and what a municipality said it corrected.

A release knows itself and what the ledger tells of those before it. Of the ledger comes on the page what each of them
said of itself to everybody: its mark, its periods, how far its data went, its rule. A release that tells the same as
this one is this one: how often records changed without a number that may tell so, is told nowhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from ..evaluation import Evaluation
from ..ledger import Entry
from ..periods import WHOLE
from ..present.easy import Part
from ..present.elements import Table
from ..present.wording import capital, day, day_in_words, listed, number, word
from ..present.wording import period as period_told
from . import rule


def parts(evaluation: Evaluation, mark: str, before: Sequence[Entry]) -> tuple[Part, ...]:
    """The page of the release that is called `mark`, from top to bottom; `before` are the public ones, oldest first."""
    revisions = sorted(evaluation.workspace.settings.revisions, key=lambda r: r.date, reverse=True)
    items = tuple(word("page", "revised").format(day=day_in_words(r.date), text=r.text) for r in revisions)
    is_alone = "internal" if evaluation.is_internal else "first"
    return (
        Part(_say("this_title"), tuple(_this(evaluation, mark))),
        Part(_say("earlier_title"), (_say("earlier" if before else is_alone),), table=_table(before)),
        Part(_say("corrected_title"), (_say("corrected" if items else "not_corrected"),), items),
        Part(_say("unknown_title"), (_say("unknown"),)),
    )


def _this(evaluation: Evaluation, mark: str) -> Iterator[str]:
    periods = listed([period_told(p.wording()) for p in evaluation.workspace.periods])
    yield _say("this", mark=mark, periods=periods)
    if evaluation.received:
        yield _say("until", day=day_in_words(evaluation.extracted(WHOLE)))
    disclosure = evaluation.workspace.settings.disclosure
    yield _say("rule_internal") if disclosure.internal else capital(_rule(rule.of(disclosure))) + "."


def _table(before: Sequence[Entry]) -> Table | None:
    if not before:
        return None
    columns = [_say(f"column_{name}") for name in ("mark", "periods", "until", "rule")]
    rows = [[entry.said["release"], _periods(entry), _until(entry.said), _rule(entry.said["rule"])] for entry in before]
    return Table(_say("earlier_title"), columns, rows)


def _periods(entry: Entry) -> str:
    pieces = [pieces for key, pieces in entry.days.items() if key != WHOLE]
    return "; ".join(period_told(piece.wording()) for found in pieces for piece in found)


def _until(said: Mapping[str, Any]) -> str:
    """How far the data went; an older entry does not know."""
    return day(date.fromisoformat(said["until"])) if said.get("until") else "–"


def _rule(told: Any) -> str:
    threshold, method = told
    return _say(f"rule_{method}", most=number(threshold - 1))


def _say(key: str, **told: object) -> str:
    return word("releases", key).format(**told)
