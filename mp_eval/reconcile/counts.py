"""The rules about counts and shares: against the records, against their parts, over periods."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence

from .. import tidy
from ..periods import Period, union
from ..register import INFINITE, Figure, told
from .lines import Recomputed, line

LARGEST_COVER = 8  # periods in one sum; more are not looked at, which only makes a bound wider


def recomputed(figures: Sequence[Figure], records: Recomputed) -> Iterator[dict[str, object]]:
    """Each figure beside what the records say; a target has a rule of its own."""
    for figure in figures:
        if figure.is_ambiguous or figure.value is None or figure.nature == "target":
            continue
        found = records.value(figure, figure.categories[0] if figure.categories else "")
        if found is None:
            missing = records.why_missing(figure)
            yield line("recomputed", [figure], "untestable", missing)
        elif records.bears_out(figure, found):
            yield line("recomputed", [figure], "agrees", figure.qualifier, found=found)
        else:
            gap = found - figure.value
            yield line("recomputed", [figure], "differs", figure.qualifier, found=found, difference=gap)


def placement(figures: Sequence[Figure], records: Recomputed) -> Iterator[dict[str, object]]:
    """A printed row of which it is not clear which value belongs to which category."""
    for row in groups([f for f in figures if f.breakdown], by=_row):
        if not any(f.is_ambiguous for f in row):
            continue
        ways = list(_placements(row))
        fitting = [way for way in ways if _fits(row, way, records)]
        has_records = all(records.value(row[0], c) is not None for c in row[0].categories)
        blanks = [c for way in fitting for f, c in zip(row, way, strict=True) if f.value is None]
        about: dict[str, object] = {"category": "", "published": None, "high": len(ways), "low": 1}
        reason = "blank" if any(f.value is None for f in row) else "unclear"
        if not has_records:
            yield line("placement", row, "interval", reason, **about)
        else:
            status = "agrees" if fitting else "differs"
            yield line("placement", row, status, reason, **about, found=len(fitting), detail="|".join(blanks))


def _placements(row: Sequence[Figure]) -> Iterator[tuple[str, ...]]:
    """Every way to give each value of the row one of its categories, no category twice."""
    for way in itertools.product(*(f.categories for f in row)):
        if len(set(way)) == len(way):
            yield way


def _fits(row: Sequence[Figure], way: Sequence[str], records: Recomputed) -> bool:
    pairs = [(f, records.value(f, c)) for f, c in zip(row, way, strict=True)]
    return all(v is not None and (v <= records.off if f.value is None else records.bears_out(f, v)) for f, v in pairs)


def restated(figures: Sequence[Figure], records: Recomputed) -> Iterator[dict[str, object]]:
    """The same of the same days in more than one place, however exact: each later figure against the first.

    A target is no figure of what was, and two of them may both be met.
    """
    said = [f for f in told(figures) if f.value is not None and not f.is_ambiguous]
    for same in groups(said, by=lambda f: (about(f), f.nature, f.compared, f.is_percent)):
        first, *others = same
        for other in others:
            agree = first.bounds[0] <= other.bounds[1] and other.bounds[0] <= first.bounds[1]
            reason = "again" if first.is_count and first.qualifier == other.qualifier else "otherwise"
            values = {"found": first.value, "difference": (first.value or 0) - (other.value or 0)}
            yield line("restated", [other, first], "agrees" if agree else "differs", reason, **values)


def parts(figures: Sequence[Figure], records: Recomputed) -> Iterator[dict[str, object]]:
    """Published parts against the published total of the same measure and days, in one document."""
    by = [f for f in figures if f.breakdown]
    for row in groups(by, by=lambda f: (f.document, f.measure, f.breakdown, f.when)):
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
        yield line("parts", [total, *row], status, reason, breakdown=row[0].breakdown, detail=terms, **values)


def _sums(relation: str, total: Figure, low: float, high: float, *, has_blank: bool) -> tuple[str, str]:
    """Whether parts between `low` and `high` can make up the total, given how they relate to it."""
    least, most = total.bounds
    if high < least and has_blank:
        return "interval", "blank_holds_rest"
    if high < least:  # of every breakdown alike: the document does not say who the others are
        return "interval", "remainder" if low == high else "about_remainder"
    if low > most:
        return ("interval", "more_than_one_each") if relation == "cover" else ("differs", "too_many")
    return "agrees", "nothing_missing" if has_blank else "adds_up"


def union_of(figures: Sequence[Figure], records: Recomputed) -> Iterator[dict[str, object]]:
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
                "found": records.value(target),
                "when": whole[0].iso,
                "category": "",
                "published": target.value,
                "qualifier": target.qualifier,
                "detail": "|".join(p.iso for p in shared),
            }
            if not claims:
                yield line("union", parts, "interval", "overlap" if shared else "no_overlap", **values)
                continue
            status = certainty(target, low, high)
            claim = "within" if status == "interval" and not target.holds(high) else "claim"
            # How many residents may be in both before the claim fails.
            values["difference"] = high - target.bounds[0]
            yield line("union", [target, *parts], status, f"{claim}_overlap" if shared else claim, **values)


def share(figures: Sequence[Figure], records: Recomputed) -> Iterator[dict[str, object]]:
    """A claim about a share: of exactly its days, or of all the periods that make them up; of a part of them aside."""
    plain = [f for f in figures if f.is_count]
    for claim in figures:
        if claim.nature == "part" and claim.value is not None and not claim.is_ambiguous:
            yield from _of_total(claim, plain)
        elif claim.is_count and claim.is_share and isinstance(claim.when, Period):
            yield from _ratio(claim, claim.when, plain, records)


def _of_total(claim: Figure, figures: Sequence[Figure]) -> Iterator[dict[str, object]]:
    """Which part of the total a category is, beside the two numbers."""
    same = [f for f in figures if (f.when, f.measure) == (claim.when, claim.measure) and f.value is not None]
    own = next((f for f in same if (f.breakdown, f.categories) == (claim.breakdown, claim.categories)), None)
    total = next((f for f in same if f.is_total and f.bounds[0]), None)
    if own is None or total is None:
        return
    low, high = own.bounds[0] / total.bounds[1], own.bounds[1] / total.bounds[0]
    values: dict[str, object] = {"low": low, "high": high if high < INFINITE else None}
    values |= {"found": (own.value or 0) / (total.value or 1), "detail": f"{own.value:g} / {total.value:g}"}
    yield line("share", [claim, own, total], certainty(claim, low, high), "of_total", **values)


def _ratio(claim: Figure, days: Period, figures: Sequence[Figure], records: Recomputed) -> Iterator[dict[str, object]]:
    """A share of two counts: of the days that it is about a judgement, of a part of these what it was."""
    pairs = _fractions(claim, figures)
    for numerator, denominator in pairs:
        found, is_all = (numerator.value or 0) / (denominator.value or 1), numerator.when == days
        status = ("agrees" if claim.holds(found) else "differs") if is_all else "aside"
        where = numerator.when.iso if isinstance(numerator.when, Period) else ""
        detail = f"{where}|{numerator.value:g} / {denominator.value:g}"
        values: dict[str, object] = {"found": found, "difference": found - (claim.value or 0), "detail": detail}
        yield line("share", [claim, numerator, denominator], status, "all" if is_all else "part", **values)
    cover = _least_cover([d for _, d in pairs if d.when != days], (days,))
    apart = [(n, d) for n, d in pairs if d in cover]
    if len(apart) > 1:
        low, high = pooled_share([(n.value or 0, d.value or 0) for n, d in apart])
        rest = {"low": low, "high": high, "found": records.value(claim)}
        yield line("share", [claim, *itertools.chain(*apart)], certainty(claim, low, high), "pooled", **rest)


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
    return [same[0] for same in groups(figures, by=_meaning)]


def _meaning(figure: Figure) -> object:
    return about(figure), figure.qualifier


def about(figure: Figure) -> object:
    """What a figure counts, however exactly."""
    return figure.measure, figure.breakdown, figure.categories, figure.when


def certainty(claim: Figure, low: float, high: float) -> str:
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


def groups(figures: Sequence[Figure], *, by: Callable[[Figure], object]) -> list[list[Figure]]:
    groups: dict[object, list[Figure]] = {}
    for figure in figures:
        groups.setdefault(by(figure), []).append(figure)
    return list(groups.values())


def _row(figure: Figure) -> object:
    return figure.document, figure.sentence, figure.measure, figure.breakdown, figure.when
