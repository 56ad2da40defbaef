"""Reconcile: published figures against recomputed ones, and against each other.

A rule for each kind of check, none for a particular report. Every line names the figures that it rests on, so that
a change in one of them changes those lines and no others.

==============  =====================================================================================
rule            question
==============  =====================================================================================
recomputed      do the records give the figure that was published?
placement       a row with a blank: in how many ways can it be read, and which fits the records?
restated        is a figure that was published more than once the same each time?
parts           do the parts that were published add up to the total that was published?
union           a total over periods: what can it be, given that residents may be in more than one?
share           is a claim about a share true of each period that it is made of, and of all together?
==============  =====================================================================================
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from . import tidy
from .periods import Period, union
from .register import INFINITE, Figure

LARGEST_COVER = 8  # periods in one sum; more are not looked at, which only makes a bound wider
STATUSES = ("agrees", "differs", "untestable", "interval")
COLUMNS: Mapping[str, str] = {
    "rule": "str",
    "figures": "str",  # ids, separated by spaces
    "measure": "str",
    "breakdown": "str",
    "category": "str",  # codes, separated by |
    "when": "str",  # ISO interval or date
    "published": "Float64",
    "qualifier": "str",
    "found": "Float64",  # what the records say, or what the published parts come to
    "low": "Float64",  # what can be known from the published figures alone
    "high": "Float64",  # missing when nothing bounds it
    "difference": "Float64",  # found - published; for a union: how many residents may be in more than one period
    "status": "str",
    "reason": "str",  # a closed list of codes; the wording is the presentation's
    "detail": "str",
}


@dataclass(frozen=True)
class Recomputed:
    """What the records say: the tidy table, and which of its periods covers a figure's days."""

    measures: pd.DataFrame
    keys: Mapping[Period, str]
    off: float = 0.0  # how far a count may be from the true one, because it is rounded

    def bears_out(self, figure: Figure, found: float) -> bool:
        """Whether a recomputed value, or one that it may have been rounded from, is what the figure says."""
        off = 0.0 if figure.is_share else self.off
        low, high = figure.bounds
        return figure.holds(found) if not off else low - off <= found <= high + off

    def value(self, figure: Figure, category: str = "") -> float | None:
        """The recomputed value with the figure's meaning, or None."""
        rows = self._rows(figure, category)
        value = rows["value"].iloc[-1] if len(rows) else pd.NA
        return None if pd.isna(value) else float(value)

    def _rows(self, figure: Figure, category: str) -> pd.DataFrame:
        rows = tidy.pick(
            self.measures, measure=figure.measure, breakdown=figure.breakdown, category=category, basis="records"
        )
        if isinstance(figure.when, date):
            return rows[rows["as_of"] == figure.when.isoformat()]
        return rows[rows["period"] == self.keys.get(figure.when, "")]

    def why_missing(self, figure: Figure) -> str:
        """Why there is no recomputed value: it may not be shown, was not delivered, or there are no records."""
        category = figure.categories[0] if figure.categories else ""
        if (self._rows(figure, category)["status"] == "hidden").any():
            return "hidden"
        return "not_delivered" if self.is_not_delivered(figure) else "no_records"

    def is_not_delivered(self, figure: Figure) -> bool:
        """Whether there are records of the days, but not the table that this figure needs."""
        if isinstance(figure.when, date):
            return False
        rows = tidy.pick(self.measures, measure=figure.measure, period=self.keys.get(figure.when, ""))
        return bool((rows["status"] == "not_delivered").any())


def reconcile(figures: Sequence[Figure], recomputed: Recomputed) -> pd.DataFrame:
    """One line a check, in the order of the rules; `COLUMNS` says what each column holds."""
    rules: tuple[Callable[[Sequence[Figure], Recomputed], Iterator[dict[str, object]]], ...] = (
        _recomputed,
        _placement,
        _restated,
        _parts,
        _union,
        _share,
    )
    lines = [line for rule in rules for line in rule(figures, recomputed)]
    return pd.DataFrame(lines, columns=list(COLUMNS)).astype(dict(COLUMNS))


def _line(rule: str, figures: Sequence[Figure], status: str, reason: str, **values: object) -> dict[str, object]:
    """One line; what it is about is taken from the first figure unless said otherwise."""
    first = figures[0]
    about = {
        "measure": first.measure,
        "breakdown": first.breakdown,
        "category": "|".join(first.categories),
        "when": first.when.iso if isinstance(first.when, Period) else first.when.isoformat(),
        "published": first.value,
        "qualifier": first.qualifier,
    }
    empty = {name: "" if kind == "str" else None for name, kind in COLUMNS.items()}
    ids = " ".join(f.id for f in figures)
    return {**empty, **about, "rule": rule, "figures": ids, "status": status, "reason": reason, **values}


def _recomputed(figures: Sequence[Figure], recomputed: Recomputed) -> Iterator[dict[str, object]]:
    for figure in figures:
        if figure.is_ambiguous or figure.value is None:
            continue
        found = recomputed.value(figure, figure.categories[0] if figure.categories else "")
        if found is None:
            missing = recomputed.why_missing(figure)
            yield _line("recomputed", [figure], "untestable", missing)
        elif recomputed.bears_out(figure, found):
            yield _line("recomputed", [figure], "agrees", figure.qualifier, found=found)
        else:
            gap = found - figure.value
            yield _line("recomputed", [figure], "differs", figure.qualifier, found=found, difference=gap)


def _placement(figures: Sequence[Figure], recomputed: Recomputed) -> Iterator[dict[str, object]]:
    """A printed row of which it is not clear which value belongs to which category."""
    for row in _groups([f for f in figures if f.breakdown], by=_row):
        if not any(f.is_ambiguous for f in row):
            continue
        ways = list(_placements(row))
        fitting = [way for way in ways if _fits(row, way, recomputed)]
        has_records = all(recomputed.value(row[0], c) is not None for c in row[0].categories)
        blanks = [c for way in fitting for f, c in zip(row, way, strict=True) if f.value is None]
        about: dict[str, object] = {"category": "", "published": None, "high": len(ways), "low": 1}
        reason = "blank" if any(f.value is None for f in row) else "unclear"
        if not has_records:
            yield _line("placement", row, "interval", reason, **about)
        else:
            status = "agrees" if fitting else "differs"
            yield _line("placement", row, status, reason, **about, found=len(fitting), detail="|".join(blanks))


def _placements(row: Sequence[Figure]) -> Iterator[tuple[str, ...]]:
    """Every way to give each value of the row one of its categories, no category twice."""
    for way in itertools.product(*(f.categories for f in row)):
        if len(set(way)) == len(way):
            yield way


def _fits(row: Sequence[Figure], way: Sequence[str], recomputed: Recomputed) -> bool:
    pairs = [(f, recomputed.value(f, c)) for f, c in zip(row, way, strict=True)]
    return all(
        v is not None and (v <= recomputed.off if f.value is None else recomputed.bears_out(f, v)) for f, v in pairs
    )


def _restated(figures: Sequence[Figure], recomputed: Recomputed) -> Iterator[dict[str, object]]:
    """The same figure in more than one place: each later one against the first."""
    for same in _groups([f for f in figures if f.value is not None and not f.is_ambiguous], by=_meaning):
        first, *others = same
        for other in others:
            agree = first.bounds[0] <= other.bounds[1] and other.bounds[0] <= first.bounds[1]
            values = {"found": other.value, "difference": (other.value or 0) - (first.value or 0)}
            yield _line("restated", [first, other], "agrees" if agree else "differs", "again", **values)


def _parts(figures: Sequence[Figure], recomputed: Recomputed) -> Iterator[dict[str, object]]:
    """Published parts against the published total of the same measure and days, in one document."""
    by = [f for f in figures if f.breakdown]
    for row in _groups(by, by=lambda f: (f.document, f.measure, f.breakdown, f.when)):
        totals = [f for f in figures if f.is_total and (f.measure, f.when) == (row[0].measure, row[0].when)]
        total = next((f for f in totals if f.document == row[0].document), totals[0] if totals else None)
        known = [f for f in row if f.value is not None]
        if total is None or total.value is None or len(known) < 2:
            continue
        come_to = sum(f.value for f in known if f.value is not None)
        low, high = (sum(f.bounds[n] for f in known) for n in (0, 1))
        relation = tidy.MEASURES[total.measure].breakdowns[row[0].breakdown]
        status, reason = _sums(relation, total, low, high, has_blank=len(known) < len(row))
        if any(f.bounds[0] > total.bounds[1] for f in known):
            status, reason = "differs", "one_too_many"
        gap = come_to - total.value
        values = {"found": come_to, "low": low, "high": high if high < INFINITE else None, "difference": gap}
        terms = " + ".join(f"{f.value:g}" for f in known)
        yield _line("parts", [total, *row], status, reason, breakdown=row[0].breakdown, detail=terms, **values)


def _sums(relation: str, total: Figure, low: float, high: float, *, has_blank: bool) -> tuple[str, str]:
    """Whether parts between `low` and `high` can make up the total, given how they relate to it."""
    least, most = total.bounds
    if relation == "some":
        left = "remainder" if low == high else "about_remainder"
        return ("agrees", left) if low <= most else ("differs", "too_many")
    if high < least:
        return ("interval", "blank_holds_rest") if has_blank else ("differs", "too_few")
    if low > most:
        return ("differs", "too_many") if relation == "parts" else ("interval", "more_than_one_each")
    return "agrees", "nothing_missing" if has_blank else "adds_up"


def _union(figures: Sequence[Figure], recomputed: Recomputed) -> Iterator[dict[str, object]]:
    """Persons over several periods: at least the largest count, at most the sum, never simply the sum."""
    for measure in dict.fromkeys(f.measure for f in figures):
        totals = [f for f in figures if f.measure == measure and f.is_total and isinstance(f.when, Period)]
        exact = [f for f in _firsts(totals) if f.qualifier == "exact"]
        whole = union(f.when for f in exact if isinstance(f.when, Period))
        within = [f for f in exact if f.when not in whole]  # a total of all the days is what the parts are held against
        parts = _least_cover(within, whole)
        if tidy.MEASURES[measure].kind != "persons" or len(whole) != 1 or len(parts) < 2:
            continue
        low, high = max(f.value or 0 for f in within), sum(f.value or 0 for f in parts)
        shared = _shared([f.when for f in parts if isinstance(f.when, Period)])
        claims = [f for f in totals if f.when == whole[0]]
        for target in claims or [_over(parts[0], whole[0])]:
            values: dict[str, object] = {
                "low": low,
                "high": high,
                "found": recomputed.value(target),
                "when": whole[0].iso,
                "category": "",
                "published": target.value,
                "qualifier": target.qualifier,
                "detail": "|".join(p.iso for p in shared),
            }
            if not claims:
                yield _line("union", parts, "interval", "overlap" if shared else "no_overlap", **values)
                continue
            status = _certainty(target, low, high)
            claim = "within" if status == "interval" and not target.holds(high) else "claim"
            # How many residents may be in both before the claim fails.
            values["difference"] = high - target.bounds[0]
            yield _line("union", [target, *parts], status, f"{claim}_overlap" if shared else claim, **values)


def _share(figures: Sequence[Figure], recomputed: Recomputed) -> Iterator[dict[str, object]]:
    """A claim about a share, for each published period within its days and for all of them together."""
    for claim in figures:
        if not claim.is_share or not isinstance(claim.when, Period):
            continue
        pairs = _fractions(claim, figures)
        for numerator, denominator in pairs:
            assert numerator.value is not None
            assert denominator.value is not None
            share = numerator.value / denominator.value
            status = "agrees" if claim.holds(share) else "differs"
            where = numerator.when.iso if isinstance(numerator.when, Period) else ""
            detail = f"{numerator.value:g} / {denominator.value:g}"
            yield _line(
                "share", [claim, numerator, denominator], status, "part",
                when=where, found=share, difference=share - (claim.value or 0), detail=detail,
            )  # fmt: skip
        cover = _least_cover([d for _, d in pairs if d.when != claim.when], (claim.when,))
        apart = [(n, d) for n, d in pairs if d in cover]
        if len(apart) > 1:
            low, high = pooled_share([(n.value or 0, d.value or 0) for n, d in apart])
            rest = {"low": low, "high": high, "found": recomputed.value(claim)}
            yield _line("share", [claim, *itertools.chain(*apart)], _certainty(claim, low, high), "pooled", **rest)


def pooled_share(fractions: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The least and the greatest share over several periods, when residents may have been counted in more than one.

    Of two periods, with k residents in both denominators and m of them in both numerators, the share is
    (n1 + n2 - m) / (d1 + d2 - k), where m <= k. It is least when all that can be double are, in both alike, and
    greatest when the denominators overlap as far as they can and the numerators not at all. Of more periods, and
    when a numerator exceeds its denominator so that they are not the same people, the bounds are wider than they
    need be: the largest numerator over all denominators, and the reverse.

    >>> [round(x, 4) for x in pooled_share([(197, 543), (50, 175)])]
    [0.2949, 0.4549]
    """
    same_people = all(n <= d for n, d in fractions)
    if len(fractions) != 2 or not same_people:
        numerators, denominators = zip(*fractions, strict=True)
        greatest = sum(numerators) / max(denominators)
        return max(numerators) / sum(denominators), min(1.0, greatest) if same_people else greatest
    (n1, d1), (n2, d2) = fractions
    m, k = min(n1, n2), min(d1, d2)
    return (n1 + n2 - m) / (d1 + d2 - m), min(1.0, (n1 + n2) / (d1 + d2 - k))


def _fractions(claim: Figure, figures: Sequence[Figure]) -> list[tuple[Figure, Figure]]:
    """The published numerators and denominators of the same days, within the days of the claim; none over nobody."""
    meaning = tidy.MEASURES[claim.measure]
    exact = [f for f in _firsts(figures) if f.is_total and f.qualifier == "exact" and isinstance(f.when, Period)]
    assert isinstance(claim.when, Period)
    return [
        (n, d)
        for n in exact
        for d in exact
        if n.measure == meaning.numerator
        and d.measure == meaning.denominator
        and n.when == d.when
        and isinstance(n.when, Period)
        and claim.when.covers(n.when)
        and d.value
    ]


def _least_cover(figures: Sequence[Figure], whole: Sequence[Period]) -> list[Figure]:
    """The figures with the least sum whose periods together are exactly `whole`; empty when there are none.

    The sum over any such choice is an upper bound of the persons in all, so the least of them is the sharpest.
    """
    best: list[Figure] = []
    for size in range(1, min(len(figures), LARGEST_COVER) + 1):
        for chosen in itertools.combinations(figures, size):
            covers = union(f.when for f in chosen if isinstance(f.when, Period)) == tuple(whole)
            if covers and (not best or sum(f.value or 0 for f in chosen) < sum(f.value or 0 for f in best)):
                best = list(chosen)
    return best


def _firsts(figures: Sequence[Figure]) -> list[Figure]:
    """The figures without those that say again what one before them said; `_restated` compares these."""
    return [same[0] for same in _groups(figures, by=_meaning)]


def _meaning(figure: Figure) -> object:
    return figure.measure, figure.breakdown, figure.categories, figure.when, figure.qualifier


def _certainty(claim: Figure, low: float, high: float) -> str:
    """What an interval says of a claim: that it is true of every value in it, of none, or only of some."""
    if claim.holds(low) and claim.holds(high):
        return "agrees"
    highest = min(high, claim.bounds[1])  # when the claim is not true of this value, then of none
    return "interval" if low <= highest and claim.holds(highest) else "differs"


def _shared(periods: Sequence[Period]) -> list[Period]:
    """The days that two or more of the periods share."""
    pairs = (a.overlap(b) for a, b in itertools.combinations(periods, 2))
    return list(union(p for p in pairs if p))


def _over(figure: Figure, when: Period) -> Figure:
    """A figure's meaning over other days, of which nothing was published."""
    return Figure("", "", None, "", when, figure.measure, "", (), None, "none", "")


def _groups(figures: Sequence[Figure], *, by: Callable[[Figure], object]) -> list[list[Figure]]:
    groups: dict[object, list[Figure]] = {}
    for figure in figures:
        groups.setdefault(by(figure), []).append(figure)
    return list(groups.values())


def _row(figure: Figure) -> object:
    return figure.document, figure.sentence, figure.measure, figure.breakdown, figure.when
