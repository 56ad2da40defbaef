"""The rules that hold a figure against others of other days, of more, or of less: parts, flows, changes, targets."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from .. import tidy
from ..periods import Period
from ..register import INFINITE, Figure
from .counts import about, certainty
from .lines import Recomputed, line

# A stock, who or what came to it, and who or what went.
FLOWS = (
    ("on_benefit", "newcomers", "benefit_outflow"),
    ("trajectories_running", "trajectories_started", "trajectories_ended"),
)
PARTS = {"spoken": "in_conversation", "in_conversation": "conversations", "outflow_to_work": "outflow"}  # of the total
A_DAY = timedelta(days=1)


def within(figures: Sequence[Figure], records: Recomputed) -> Iterator[dict[str, object]]:
    """What is more than that of which it is a part: days within other days, a category of a total, who of whom.

    Only what cannot be is told: that a part is no more than the whole makes neither true.
    """
    known = [f for f in figures if f.value is not None and not f.is_ambiguous and not f.is_share]
    for whole, part in itertools.permutations(known, 2):
        reason = _why_part(part, whole, known)
        if reason and part.bounds[0] > whole.bounds[1]:
            gap = (part.value or 0) - (whole.value or 0)
            yield line("within", [whole, part], "differs", reason, found=part.value, difference=gap, detail=_when(part))


def _why_part(part: Figure, whole: Figure, known: Sequence[Figure]) -> str:
    """Why one counts a part of the other; '' when it need not."""
    meaning = tidy.MEASURES[part.measure]
    if PARTS.get(part.measure) == whole.measure:
        return "measure" if part.when == whole.when and part.is_total and whole.is_total else ""
    if part.measure != whole.measure:
        return ""
    if part.when == whole.when:
        beside = [f for f in known if (f.document, f.breakdown) == (part.document, part.breakdown)]
        alone = len([f for f in beside if (f.measure, f.when) == (part.measure, part.when)]) < 2  # else see `parts`
        divides = meaning.breakdowns.get(part.breakdown, "variants") != "variants"
        return "category" if divides and whole.is_total and alone else ""
    if (part.breakdown, part.categories) != (whole.breakdown, whole.categories) or part.breakdown in meaning.moving:
        return ""
    if not isinstance(part.when, Period) or not isinstance(whole.when, Period) or not whole.when.covers(part.when):
        return ""
    return "to_date" if part.when.start == whole.when.start else "inside"


def flow(figures: Sequence[Figure], records: Recomputed) -> Iterator[dict[str, object]]:
    """A stock beside an earlier one with who came and without who went; of what was not published any number.

    Of residents the number that came and that went counts each once, so a gap may be of who came or went more often.
    """
    totals = [f for f in figures if f.is_total and f.value is not None]
    for stock, into, out in FLOWS:
        dated = [f for f in totals if f.measure == stock]
        for first, then in itertools.permutations(dated, 2):
            came, went = (_between(totals, name, first.when, then.when) for name in (into, out))
            if came is None and went is None:
                continue
            (least_in, most_in), (least_out, most_out) = (f.bounds if f else (0.0, INFINITE) for f in (came, went))
            low, high = max(0.0, first.bounds[0] + least_in - most_out), first.bounds[1] + most_in - least_out
            status, is_of_persons = certainty(then, low, high), tidy.MEASURES[into].kind == "persons"
            reason = "more_often" if status == "differs" and is_of_persons else "follows"
            terms = f"{first.value:g}" + (f" + {came.value:g}" if came else "") + (f" - {went.value:g}" if went else "")
            values: dict[str, object] = {"low": low, "high": high if high < INFINITE else None, "detail": terms}
            used = [f for f in (then, first, came, went) if f is not None]
            yield line("flow", used, "interval" if reason == "more_often" else status, reason, **values)


def _between(figures: Sequence[Figure], measure: str, first: Period | date, then: Period | date) -> Figure | None:
    """What was published of this measure over the days from one date to another; a stock is of a day's begin or end."""
    for figure in figures:
        days = figure.when
        if figure.measure != measure or not isinstance(days, Period):
            continue
        if first in (days.start - A_DAY, days.start) and then in (days.end - A_DAY, days.end):
            return figure
    return None


def change(figures: Sequence[Figure], records: Recomputed) -> Iterator[dict[str, object]]:
    """A change that was published, beside the two numbers."""
    plain = [f for f in figures if f.is_count and f.value is not None]
    for claim in figures:
        if claim.nature != "change" or claim.is_ambiguous:
            continue
        meaning = (claim.measure, claim.breakdown, claim.categories)
        now, then = (
            next((f for f in plain if about(f) == (*meaning, when)), None) for when in (claim.when, claim.compared)
        )
        if now is None or then is None or (claim.is_percent and not then.bounds[0]):
            continue
        (low, high), (least, most) = now.bounds, then.bounds
        bounds = (low / most - 1, high / least - 1) if claim.is_percent else (low - most, high - least)
        found = (now.value or 0) / (then.value or 1) - 1 if claim.is_percent else (now.value or 0) - (then.value or 0)
        values: dict[str, object] = {"low": bounds[0], "high": bounds[1] if bounds[1] < INFINITE else None}
        values |= {"found": found, "detail": f"{then.value:g}|{now.value:g}"}
        yield line("change", [claim, now, then], certainty(claim, *bounds), "numbers", **values)


def target(figures: Sequence[Figure], records: Recomputed) -> Iterator[dict[str, object]]:
    """A target beside what was published of it (`target`) and beside the records (`reached`)."""
    for claim in figures:
        if claim.nature != "target" or claim.is_ambiguous or claim.value is None:
            continue
        came = next((f for f in figures if f.is_count and about(f) == about(claim) and f.value is not None), None)
        if came is not None:
            yield line("target", [claim, came], certainty(claim, *came.bounds), "published", found=came.value)
        found = records.value(claim, claim.categories[0] if claim.categories else "")
        if found is None:
            yield line("reached", [claim], "untestable", records.why_missing(claim))
        else:
            status = "agrees" if records.bears_out(claim, found) else "differs"
            yield line("reached", [claim], status, "counted", found=found, difference=found - claim.value)


def _when(figure: Figure) -> str:
    return figure.when.iso if isinstance(figure.when, Period) else figure.when.isoformat()
