"""What a council is told first: the main points, what they rest on, what to mind, and what it is asked.

A sentence is one of a chapter, or is made here of the same protected numbers. What cannot be told is no main point;
below these it is told why. Nothing here is of one municipality: what is not set or delivered is not named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from .. import tidy
from ..evaluation import Evaluation
from ..periods import WHOLE
from ..tidy import Hidden
from . import contradictions, modelled, sentences
from . import reconciliation as judged
from .absence import absent
from .chapters import ambitions, caseload, compared, costs, outflow, outlook, population, reach, trajectories
from .elements import Absent, Answer, Headline, Table
from .findings import small
from .reconciliation import Claim
from .wording import are, counted, day_in_words, listed, number, word

IN_SHORT = "De aanpak in het kort"
MOST, NAMED, CAUTIONS = 6, 3, 5  # main points, published figures named in one, cautions


@dataclass(frozen=True)
class Point:
    """Computed sentences, `**…**` around what matters most; the chapter that tells more; what they answer (`label`)."""

    text: str
    chapter: str = ""
    period: str = WHOLE
    label: str = ""

    @property
    def page(self) -> str:
        """Where in the site the chapter is, when it is in it.

        >>> Point("Zo is het.", "caseload", "2024").page
        '2024/caseload.html'
        """
        return f"{self.period}/{self.chapter}.html" if self.chapter else ""


@dataclass(frozen=True)
class Topic:
    """What is told of one question: its points, and a table with its numbers."""

    name: str
    points: tuple[Point, ...]
    table: Table | None = None

    @property
    def title(self) -> str:
        return word("council", self.name)

    @property
    def id(self) -> str:
        return f"raad-{self.name}"

    @property
    def is_list(self) -> bool:
        """Whether its points stand apart from each other."""
        return self.name in ("cautions", "asked")


def main(evaluation: Evaluation) -> tuple[Point, ...]:
    """At most six sentences about all periods together, the first to know first: what came of it and what to decide.

    Of `evaluation` all periods are needed; see `Evaluation.whole` for what it raises.
    """
    found = {
        **({"benefits": _benefits(evaluation)} if _has_register_alone(evaluation) else {"came": _result(evaluation)}),
        "claims": _contradicted(evaluation),
        "asked": next(asked(evaluation), None),
        "full": _point(caseload.in_short(evaluation, WHOLE), "caseload"),
        "difference": _point(_difference(evaluation), "maakt-de-aanpak-verschil"),
        "costs": None if _without_costs(evaluation) else _point(costs.answer(evaluation).sentences[0], "wat-kost-het"),
    }
    return tuple(replace(p, label=word("council", name)) for name, p in found.items() if p)[:MOST]


def headline(evaluation: Evaluation, period: str) -> Headline:
    """The numbers that stand out of a period; where nothing but the register of benefits came, those of it."""
    found = population.headline(evaluation, period) if absent(evaluation, period, "spoken", "activated") else None
    return found if isinstance(found, Headline) else sentences.headline(evaluation, period)


def of_period(evaluation: Evaluation, period: str) -> tuple[str, ...]:
    """What a period is told by beside its headline numbers; nothing that its records do not tell."""
    found = [
        "" if absent(evaluation, period, *outflow.MEASURES) else outflow.answer(evaluation, period).sentences[0],
        caseload.in_short(evaluation, period),
        *(_of_claim(claim) for claim in _wrong(judged.claims(evaluation, period=period))),
    ]
    return tuple(filter(None, found))


def topics(evaluation: Evaluation) -> tuple[Topic, ...]:
    """The two pages, question by question; what cannot be told says why."""
    made = {
        "benefits": iter([_benefits(evaluation)] if _has_register_alone(evaluation) else []),
        "done": _done(evaluation),
        "came": _came(evaluation),
        "claims": _claims(evaluation),
        "full": iter([_told(caseload.answer, evaluation, WHOLE, chapter="caseload")]),
        "costs": _costs(evaluation),
        "bear": _bear(evaluation),
        "cautions": islice(_cautions(evaluation), CAUTIONS),
        "asked": asked(evaluation),
    }
    table = outlook.scenarios(evaluation, WHOLE, in_short=True)
    tables = {"bear": table} if isinstance(table, Table) else {}
    told = {name: tuple(_once(points)) for name, points in made.items()}
    return tuple(Topic(name, points, tables.get(name)) for name, points in told.items() if points)


def _result(evaluation: Evaluation) -> Point:
    """How many were spoken to and became active, or why that is not known; of the last period where not of all."""
    keys = (WHOLE, *(p.id for p in reversed(evaluation.workspace.periods)))
    key = next((k for k in keys if not absent(evaluation, k, "spoken")), WHOLE)
    if not absent(evaluation, key, "spoken") and absent(evaluation, key, "activated"):
        return _told(reach.answer, evaluation, key, 1, chapter="gesproken")
    return _told(sentences.answer, evaluation, key, 1, chapter="geactiveerd")


def _has_register_alone(evaluation: Evaluation) -> bool:
    """Whether who has a benefit is told, and of no period who was spoken to or became active."""
    keys = (WHOLE, *(p.id for p in evaluation.workspace.periods))
    is_silent = all(absent(evaluation, key, "spoken", "activated") for key in keys)
    return is_silent and isinstance(population.headline(evaluation, WHOLE), Headline)


def _benefits(evaluation: Evaluation) -> Point:
    return _told(population.answer, evaluation, WHOLE, chapter="klant-in-beeld")


def _done(evaluation: Evaluation) -> Iterator[Point]:
    yield _told(reach.answer, evaluation, WHOLE, 2, chapter="gesproken")
    for key in _last(evaluation):
        yield _told(reach.answer, evaluation, key, 2, chapter="gesproken")
    yield _told(trajectories.answer, evaluation, WHOLE, 1, chapter="trajecten")


def _came(evaluation: Evaluation) -> Iterator[Point]:
    yield _told(sentences.answer, evaluation, WHOLE, chapter="geactiveerd")
    for key in _last(evaluation):
        yield _told(sentences.answer, evaluation, key, 2, chapter="geactiveerd")
    yield _told(outflow.answer, evaluation, WHOLE, chapter="doorstroom-en-uitstroom")
    if _difference(evaluation):
        yield _told(lambda e, _: compared.answer(e), evaluation, WHOLE, chapter="maakt-de-aanpak-verschil")


def _claims(evaluation: Evaluation) -> Iterator[Point]:
    """Each published figure that does not hold, by name, with why; then how many there are of each verdict."""
    found = judged.claims(evaluation)
    for claim in _wrong(found):
        yield Point(f"{_of_claim(claim)} {' '.join(claim.texts)}", "perioden-naast-elkaar")
    yield Point(sentences.verdicts(evaluation)[0] if found else word("council", "unpublished"), "perioden-naast-elkaar")


def _costs(evaluation: Evaluation) -> Iterator[Point]:
    yield _told(lambda e, _: costs.answer(e), evaluation, WHOLE, chapter="wat-kost-het")


def _bear(evaluation: Evaluation) -> Iterator[Point]:
    found = outlook.basis(evaluation, WHOLE)
    yield Point(found.text, "" if isinstance(found, Absent) else "vooruitblik")


def _cautions(evaluation: Evaluation) -> Iterator[Point]:
    """What to mind, the gravest first."""
    if any(_some(evaluation, measure) for measure in ("activated", "outflow")) and not compared.is_told(evaluation):
        yield Point(word("council", "not_by_it"), "maakt-de-aanpak-verschil")
    if twice := _twice(evaluation):
        yield Point(twice, "perioden-naast-elkaar")
    if not modelled.none(evaluation, WHOLE):
        yield Point(word("council", "modelled"), "vooruitblik")
    if rests := contradictions.in_short(evaluation):
        yield Point(rests, "wat-is-aangeleverd")
    for change in evaluation.workspace.settings.breaks:
        yield Point(word("council", "break").format(day=day_in_words(change.date), text=change.text))
    if not _without_costs(evaluation):
        yield Point(word("council", "amounts"), "wat-kost-het")
    if (evaluation.measures["status"] == "hidden").any():
        yield Point(word("hidden", "note"))
    if missing := _missing(evaluation):
        yield Point(word("council", "missing").format(tables=missing), "wat-is-aangeleverd")
    if found := ambitions.set_late(evaluation, WHOLE):
        yield Point(found, "ambities")


def asked(evaluation: Evaluation, period: str = WHOLE, *, corrects: bool = False) -> Iterator[Point]:
    """What there is to decide; the first is the one that cannot wait.

    With `corrects` it stands where published figures are corrected already. See `Evaluation.period` for what it raises.
    """
    end = evaluation.workspace.settings.outlook.funding_end
    if modelled.none(evaluation, period):
        if end:
            yield Point(word("council", "after_funding").format(day=day_in_words(end)), "vooruitblik")
    elif needed := outlook.needed(evaluation, period):
        month = modelled.begins(evaluation, modelled.source(evaluation, period))
        yield Point(f"{word('council', 'how_many').format(month=month)} {needed}", "vooruitblik")
    if not corrects and (wrong := _wrong(judged.claims(evaluation))):
        form = "correct_one" if len(wrong) == 1 else "correct"
        yield Point(word("council", form).format(number=number(len(wrong))), "perioden-naast-elkaar")
    aimless, every = ambitions.without_target(evaluation, period)
    if aimless:
        text = word("council", "targets").format(number=number(aimless), all=counted(every, "ambitie", "ambities"))
        yield Point(text, "ambities")
    if evaluation.is_whole and _difference(evaluation) and not compared.is_told(evaluation):
        yield Point(word("council", "find_out"), "maakt-de-aanpak-verschil")


def _contradicted(evaluation: Evaluation) -> Point | None:
    """How many published figures do not hold, and the first by name; nothing where nothing was published."""
    found = [claim for claim in judged.claims(evaluation) if claim.is_published]
    if not found:
        return None
    wrong = _wrong(found)
    if not wrong:
        return Point(sentences.verdicts(evaluation)[0], "perioden-naast-elkaar")
    of_all = counted(len(found), "eerder gepubliceerd cijfer", "eerder gepubliceerde cijfers")
    names = [_named(claim) for claim in wrong[:NAMED]]
    more = len(wrong) - len(names)
    told = listed([*names, *([counted(more, "ander cijfer", "andere cijfers")] if more else [])])
    verb = "klopt er" if len(wrong) == 1 else "kloppen er"
    return Point(f"Van {of_all} {verb} **{number(len(wrong))} niet**: {told}.", "perioden-naast-elkaar")


def _wrong(claims: Sequence[Claim]) -> list[Claim]:
    return [claim for claim in claims if claim.is_wrong]


def _named(claim: Claim) -> str:
    known = "" if claim.found == "–" else f", volgens de gegevens {claim.found}"
    return f"{small(claim.subject)}, {claim.when} (gepubliceerd: **{claim.published}**{known})"


def _of_claim(claim: Claim) -> str:
    return f"{claim.subject}, {claim.when}: gepubliceerd is ‘{claim.published}’. Dat klopt niet."


def _twice(evaluation: Evaluation) -> str:
    """How many are in more than one period, where periods share days."""
    periods = evaluation.workspace.periods
    if not any(one.overlap(other) for n, one in enumerate(periods) for other in periods[n + 1 :]):
        return ""
    times = evaluation.times_counted("spoken")
    twice = times if isinstance(times, Hidden) else sum(times[1:])
    if absent(evaluation, WHOLE, "spoken") or twice == 0:
        return word("council", "overlap")
    verb = "telt" if are(twice) == "is" else "tellen"
    return (
        f"{word('council', 'overlap')} Er {verb} {counted(twice, 'inwoner', 'inwoners')} in meer dan één periode mee."
    )


def _missing(evaluation: Evaluation) -> str:
    """The tables that the deliveries say are not there."""
    return listed(list(dict.fromkeys(t for r in evaluation.deliveries(WHOLE) for t in r.source.not_delivered)))


def _difference(evaluation: Evaluation) -> str:
    """Whether it makes a difference, in short; of nobody nothing."""
    return compared.in_short(evaluation) if _some(evaluation, "spoken") else ""


def _some(evaluation: Evaluation, measure: str) -> bool:
    value = tidy.number(evaluation.measures, WHOLE, measure)
    return isinstance(value, Hidden) or bool(value)


def _once(points: Iterable[Point]) -> Iterator[Point]:
    """Of points that say the same the first."""
    said = set()
    for point in points:
        if point.text not in said:
            said.add(point.text)
            yield point


def _without_costs(evaluation: Evaluation) -> bool:
    return isinstance(costs.sums(evaluation), Absent)


def _last(evaluation: Evaluation) -> list[str]:
    """The period that ended last, where it is not the only one."""
    periods = sorted(evaluation.workspace.periods, key=lambda p: (p.end, p.start))
    return [periods[-1].id] if len(periods) > 1 else []


def _told(
    answer: Callable[[Evaluation, str], Answer], evaluation: Evaluation, period: str, most: int = 9, *, chapter: str
) -> Point:
    return Point(" ".join(answer(evaluation, period).sentences[:most]), chapter, period)


def _point(text: str, chapter: str = "") -> Point | None:
    return Point(text, chapter) if text else None
