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
from ..lookup import index
from ..periods import WHOLE, Period, parse
from ..register import Figure, periods_of
from .wording import MARK, capital, category, counted, day_in_words, listed, number, percent, word, words
from .wording import period as period_told

# What the verdict of a rule rests on.
GROUNDS = {
    "papers": ("union", "share", "parts", "restated", "within", "flow", "change", "target"),
    "records": ("recomputed", "placement", "reached"),
}
# Of several lines about one figure: what contradicts it holds, then what bears it out.
ORDER = ("differs", "agrees", "interval", "untestable")


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


@dataclass(frozen=True)
class Claim:
    """One published figure, or a printed row that can be read in several ways, with all that is to be said of it.

    `papers` and `records` are the two verdicts, as statuses: beside other published figures, and beside the records.
    Of what was not published (`is_published`), such as a total over periods, it tells what follows.
    """

    subject: str
    when: str
    published: str
    found: str
    papers: str
    records: str
    texts: tuple[str, ...]
    sentences: tuple[str, ...]
    pages: str
    is_published: bool = True
    measure: str = ""
    breakdown: str = ""

    @property
    def is_wrong(self) -> bool:
        """Whether the records contradict it, or where there are none the papers."""
        return self.is_published and (
            self.records == "differs" or (self.papers == "differs" and self.records != "agrees")
        )

    def verdict(self, ground: str) -> str:
        """The verdict as a column has it that says of which ground it is."""
        return word("short_verdict", f"{ground}.{getattr(self, ground)}")


def claims(evaluation: Evaluation, *, period: str = "", measures: Sequence[str] = ()) -> list[Claim]:
    """Every published figure once, in the order of the register: of some measures, or about the days of one period."""
    figures = {f.id: f for f in evaluation.figures}
    rows: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for row in evaluation.reconciliation.to_dict("records"):
        names = tuple(row["figures"].split())
        is_one = row["rule"] != "placement" and row["qualifier"] != "none"
        key = (*names[:1],) if is_one else (*names, row["rule"], row["when"])
        rows.setdefault(key, []).append(row)
    about = _about(evaluation, period) if period else set()
    places = {name: n for n, name in enumerate(figures)}
    made = []
    for _, own in sorted(rows.items(), key=lambda item: (places[item[0][0]], len(item[0]))):
        if (period and own[0]["when"] not in about) or (measures and own[0]["measure"] not in measures):
            continue
        made.append(_claim(own, [_line(row, figures, evaluation) for row in own]))
    return made


def _claim(rows: Sequence[Mapping[str, Any]], said: Sequence[Line]) -> Claim:
    """All lines about one figure as one."""
    first = said[0]
    status = {
        ground: _worst([row["status"] for row in rows if row["rule"] in rules]) for ground, rules in GROUNDS.items()
    }
    return Claim(
        subject=first.subject,
        when=first.when,
        published=first.published,
        found=next((line.found for line in said if line.found != "–"), "–"),
        papers=status["papers"],
        records=status["records"],
        texts=tuple(dict.fromkeys(line.text for line in said)),
        sentences=tuple(dict.fromkeys(s for line in said for s in line.sentences)),
        pages=first.pages,
        is_published=rows[0]["qualifier"] != "none",
        measure=rows[0]["measure"],
        breakdown=rows[0]["breakdown"],
    )


def _worst(statuses: Sequence[str]) -> str:
    """The status that holds of several; *untestable* where there is nothing to hold it against."""
    return next((status for status in ORDER if status in statuses), "untestable")


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
        return word("said", "nothing_asked")
    days, when = evaluation.days(period), evaluation.wording(period)
    about = [p for p in periods_of(evaluation.figures) if all(p.covers(piece) for piece in days)]
    longer = [p.wording() for p in about if (p,) != days]
    if not longer:
        return word("said", "not_published").format(when=period_told(when))
    told = listed([period_told(name) for name in longer])
    return word("said", "longer_published").format(when=period_told(when), longer=told)


def _about(evaluation: Evaluation, period: str) -> set[str]:
    """The days and dates that a period's delivery speaks of."""
    return {*(p.iso for p in evaluation.days(period)), *evaluation.stock_days(period)}


def _line(row: Mapping[str, Any], figures: Mapping[str, Figure], evaluation: Evaluation) -> Line:
    given: dict[str, Any] = {k: None if pd.isna(v) else v for k, v in row.items()}
    used = [figures[i] for i in given["figures"].split()]
    claimed, is_row = used[0], given["rule"] == "placement"
    is_share = claimed.is_share if given["qualifier"] != "none" else tidy.MEASURES[given["measure"]].kind == "share"
    shown = percent if is_share else number
    claim = in_words_of(claimed) if given["qualifier"] != "none" else word("qualifier", "none")
    gap, (where, _, detail) = given["difference"], given["detail"].rpartition("|")
    text = _template(given).format(
        published=shown(given["published"]),
        claimed=claim,
        found=shown(given["found"]),
        low=shown(given["low"]),
        high=shown(given["high"]),
        gap=shown(gap if gap is None else abs(gap)),
        doubles=counted(abs(gap or 0), "inwoner", "inwoners"),
        ways=number(given["high"]),
        fitting=number(given["found"]),
        fit=word("grammar", "fits" if given["found"] == 1 else "fit"),
        blank=listed([category(c) for c in given["detail"].split("|") if c]) if is_row else "",
        shared=_shared(given["detail"]) if given["rule"] == "union" else "",
        detail=re.sub(r"\d+(\.\d+)?", lambda term: number(float(term[0])), detail).replace(" - ", " − "),
        days=_days_of(given, where),
        other=in_words_of(used[1]) if given["rule"] == "restated" else "",
        part=word("measure", used[1].measure) if given["rule"] == "within" else "",
        before=number(float(where)) if given["rule"] == "change" else "",
        now=number(float(detail)) if given["rule"] == "change" else "",
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


def _days_of(given: Mapping[str, Any], where: str) -> str:
    """The days of a part, where a line is about one."""
    if given["rule"] == "within":
        return _when(given["detail"])
    return _when(where) if given["rule"] == "share" and where else ""


def in_words_of(figure: Figure) -> str:
    """What was published as it was meant: how exact, of what a part, since when a change, or that it was a target.

    >>> from mp_eval.periods import parse
    >>> fell = Figure("a", "", None, "", date(2025, 1, 1), "on_benefit", "", (), -0.07, "exact", "", "change",
    ...     compared=date(2024, 1, 1), is_percent=True)
    >>> in_words_of(fell)
    'een daling van 7,0% sinds 1 januari 2024'
    """
    shown = percent if figure.is_share else number
    value = None if figure.value is None else abs(figure.value) if figure.nature == "change" else figure.value
    said = word("qualifier", figure.qualifier).format(value=shown(value), upper=shown(figure.upper))
    if figure.nature == "change" and figure.compared is not None:
        way = "daling" if (figure.value or 0) < 0 else "stijging"
        return word("nature", way).format(said=said, since=_when(_iso(figure.compared)))
    return word("nature", figure.nature).format(said=said)


def _iso(when: Period | date) -> str:
    return when.iso if isinstance(when, Period) else when.isoformat()


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
    return given["rule"] in ("recomputed", "union", "reached") or given["reason"] == "pooled"


def _is_hidden(given: Mapping[str, Any], evaluation: Evaluation) -> bool:
    """Whether the records speak of this, and what they say may not be shown."""
    if given["reason"] == "hidden":
        return True
    if given["found"] is not None or not _is_about_records(given):
        return False
    keys = {given["when"], *(p.id for p in evaluation.workspace.periods if p.iso == given["when"])}
    keys |= {WHOLE} if [p.iso for p in evaluation.workspace.whole] == [given["when"]] else set()
    found = index(evaluation.measures)  # asked of each line, also of those that a page does not show
    label = {"measure": given["measure"], "breakdown": ""}
    return any(found.column("status")[row] == "hidden" for key in keys for row in found.rows({"period": key, **label}))


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

    >>> verdict("recomputed", "agrees"), verdict("parts", "agrees"), verdict("share", "aside")
    ('klopt met de gegevens', 'volgt uit de papieren', 'geen oordeel')
    """
    if status == "aside":
        return word("status", status)
    return in_words("records" if rule in GROUNDS["records"] else "papers", status)


def in_words(ground: str, status: str) -> str:
    """A status as it is said of the papers or of the records: no word is of both.

    >>> in_words("papers", "interval"), in_words("records", "untestable")
    ('volgt niet uit de papieren', 'niet te toetsen met de gegevens')
    """
    return word("verdict", f"{ground}.{status}")
