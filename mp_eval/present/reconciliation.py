"""The reconciliation in words: each line with what was published, what was found, the judgement and the sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from .. import tidy
from ..evaluation import Evaluation
from ..periods import WHOLE, parse
from ..register import Figure, periods_of
from .wording import MARK, capital, counted, day_in_words, listed, number, percent, word, words

WITH_RECORDS = ("placement", "recomputed")
# What the verdict of a rule rests on.
GROUNDS = {"papers": ("union", "share", "parts", "restated"), "records": WITH_RECORDS}


@dataclass(frozen=True)
class Line:
    """One check as a reader sees it; the verdict says in words what it rests on."""

    subject: str
    when: str
    published: str
    found: str
    status: str
    verdict: str
    text: str
    sentences: tuple[str, ...]
    pages: str


def lines(evaluation: Evaluation, *, rule: str = "", period: str = "", measures: Sequence[str] = ()) -> list[Line]:
    """The checks of one rule, of some measures, or about the days of one period and the stocks of its delivery."""
    chosen = evaluation.reconciliation
    if rule:
        chosen = chosen[chosen["rule"] == rule]
    if period:
        chosen = chosen[chosen["when"].isin(_about(evaluation, period))]
    if measures:
        chosen = chosen[chosen["measure"].isin(measures)]
    figures = {f.id: f for f in evaluation.figures}
    return [_line(row, figures, evaluation) for row in chosen.to_dict("records")]


def nothing(evaluation: Evaluation, period: str) -> str:
    """That nothing was published about exactly this, and about which longer periods something was."""
    if not period:
        return "Er zijn geen gepubliceerde cijfers waarvoor deze vraag speelt."
    days, when = evaluation.days(period), evaluation.wording(period)
    about = [p for p in periods_of(evaluation.figures) if all(p.covers(piece) for piece in days)]
    longer = [p.wording() for p in about if (p,) != days]
    if not longer:
        return f"Over {when} is dit niet gepubliceerd."
    return (
        f"Over precies {when} is dit niet gepubliceerd, wel over {listed(longer)}. "
        "Of die cijfers kloppen staat op de pagina over alle perioden."
    )


def _about(evaluation: Evaluation, period: str) -> set[str]:
    """The days and dates that a period's delivery speaks of."""
    keys = [p.id for p in evaluation.workspace.periods] if period == WHOLE else [period]
    stocks = tidy.pick(evaluation.measures, measure="on_benefit")
    return {*(p.iso for p in evaluation.days(period)), *stocks.loc[stocks["period"].isin(keys), "as_of"]}


def _line(row: Mapping[str, Any], figures: Mapping[str, Figure], evaluation: Evaluation) -> Line:
    given: dict[str, Any] = {k: None if pd.isna(v) else v for k, v in row.items()}
    used = [figures[i] for i in given["figures"].split()]
    shown = percent if tidy.MEASURES[given["measure"]].kind == "share" else number
    published = shown(given["published"])
    claim = word("qualifier", given["qualifier"]).format(value=published)
    gap, is_row = given["difference"], given["rule"] == "placement"
    text = _template(given).format(
        published=published,
        claimed=claim,
        found=shown(given["found"]),
        low=shown(given["low"]),
        high=shown(given["high"]),
        gap=shown(gap if gap is None else abs(gap)),
        doubles=counted(abs(gap or 0), "inwoner", "inwoners"),
        ways=number(given["high"]),
        fitting=number(given["found"]),
        blank=listed([word("category", c) for c in given["detail"].split("|") if c]) if is_row else "",
        shared=_shared(given["detail"]) if given["rule"] == "union" else "",
        detail=re.sub(r"\d+(\.\d+)?", lambda term: number(float(term[0])), given["detail"]),
    )
    return Line(
        subject=_subject(given),
        when=_when(given["when"]),
        published=_row_as_printed(used) if is_row else claim,
        found=MARK if _is_hidden(given, evaluation) else _found(given, shown),
        status=given["status"],
        verdict=verdict(given["rule"], given["status"]),
        text=text,
        sentences=tuple(dict.fromkeys(f.sentence for f in used)),
        pages=_pages(used),
    )


def _template(given: Mapping[str, Any]) -> str:
    exact = f"{given['rule']}.{given['status']}.{given['reason']}"
    reasons = words()["reason"]
    return reasons[exact] if exact in reasons else reasons[exact.rpartition(".")[0]]


def _subject(given: Mapping[str, Any]) -> str:
    subject = capital(word("measure", given["measure"]))
    if given["category"]:
        return f"{subject}: {' of '.join(word('category', c) for c in given['category'].split('|'))}"
    return f"{subject} {word('breakdown', given['breakdown'])}" if given["breakdown"] else subject


def _found(given: Mapping[str, Any], shown: Callable[[float | None], str]) -> str:
    """What the records say, where this line is about them; sums and quotients of published figures stand in words."""
    return shown(given["found"]) if _is_about_records(given) else "–"


def _is_about_records(given: Mapping[str, Any]) -> bool:
    return given["rule"] in ("recomputed", "union") or given["reason"] == "pooled"


def _is_hidden(given: Mapping[str, Any], evaluation: Evaluation) -> bool:
    """Whether the records speak of this, and what they say may not be shown."""
    if given["reason"] == "hidden":
        return True
    if given["found"] is not None or not _is_about_records(given):
        return False
    keys = {given["when"], *(p.id for p in evaluation.workspace.periods if p.iso == given["when"])}
    keys |= {WHOLE} if [p.iso for p in evaluation.workspace.whole] == [given["when"]] else set()
    rows = tidy.pick(evaluation.measures, measure=given["measure"], breakdown="")
    return bool((rows.loc[rows["period"].isin(keys), "status"] == "hidden").any())


def _row_as_printed(figures: list[Figure]) -> str:
    return " ".join(number(f.value) for f in figures if f.value is not None)


def _shared(detail: str) -> str:
    return listed([parse(iso).wording(inclusive=True) for iso in detail.split("|") if iso])


def _when(text: str) -> str:
    return parse(text).wording() if "/" in text else day_in_words(date.fromisoformat(text))


def _pages(figures: list[Figure]) -> str:
    pages = sorted({f.page for f in figures if f.page})
    return f"bladzijde {listed([str(p) for p in pages])}" if pages else ""


def documents(evaluation: Evaluation) -> str:
    """The documents that the register quotes."""
    return "; ".join(dict.fromkeys(f.document for f in evaluation.figures))


def verdict(rule: str, status: str) -> str:
    """A verdict in words, which say whether it rests on the records or on the published figures alone.

    >>> verdict("recomputed", "agrees"), verdict("parts", "agrees"), verdict("recomputed", "untestable")
    ('klopt met de gegevens', 'klopt op papier', 'niet te toetsen')
    """
    ground = "" if status == "untestable" else f" {word('ground', 'records' if rule in WITH_RECORDS else 'papers')}"
    return f"{word('status', status)}{ground}"
