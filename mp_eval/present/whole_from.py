"""From when on a register of benefits holds everybody who began: as its source says, or as its dates tell."""

from __future__ import annotations

import pandas as pd

from .. import tidy
from ..delivered import Source
from ..evaluation import Evaluation
from ..measures.benefit_register import OF_RESIDENTS, spells, whole_since
from .wording import counted, day_in_words, listed, number, word

BENEFITS = ("uitkering", "uitkeringen")


def said(evaluation: Evaluation, key: str) -> str:
    """What the numbers by year of inflow of a delivery rest on; '' without a register of benefits."""
    rows = tidy.pick(evaluation.measures, period=key, measure="benefits_started", breakdown="cohort")
    running = tidy.pick(evaluation.measures, period=key, measure="running_benefits")
    if not len(rows) and not (running["status"] != "not_delivered").any():
        return ""
    source = evaluation.received[key].source if key in evaluation.received else None
    return _sentence(source, int(rows["category"].astype(int).min()) if len(rows) else None)


def line(benefits: pd.DataFrame, source: Source) -> str:
    """The same for `mp-eval check`, of all years, with the setting that makes it sure."""
    sentence = _sentence(source, whole_since(spells(benefits, source.extracted)))
    return sentence if source.whole_from else f"{sentence} {word('whole', 'hint')}"


def together(benefits: pd.DataFrame, source: Source) -> str:
    """How many rows of a register are how many benefits, when some go on in the next one; '' when none does."""
    count = len(spells(benefits, source.extracted, over_breaks=False))
    if count == len(benefits):
        return ""
    return word("whole", "together").format(rows=number(len(benefits)), benefits=counted(count, *BENEFITS))


def lacking(benefits: pd.DataFrame) -> str:
    """Which of what groups are made of stands nowhere in a register, and what comes of that; '' when all is there."""
    blank = [word("whole", name) for name in OF_RESIDENTS if len(benefits) and benefits[name].isna().all()]
    return word("whole", "without").format(columns=listed(blank)) if blank else ""


def _sentence(source: Source | None, first: int | None) -> str:
    if source and source.whole_from:
        return word("whole", "given").format(day=day_in_words(source.whole_from))
    return word("whole", "told").format(year=first) if first else word("whole", "unknown")
