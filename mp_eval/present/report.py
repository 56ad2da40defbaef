"""The progress note to the council: the report's sections in its order, each told in sentences, with few tables.

What the records tell is computed; what they cannot tell is asked once, in a file of facts. What neither
has is a `Blank`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from .. import tidy
from ..evaluation import Evaluation
from ..facts import NONE, Decision, Facts
from ..periods import WHOLE, Period
from ..programme import GUIDED
from ..tidy import Hidden
from . import council, figures, modelled, sentences
from . import reconciliation as judged
from . import why as explained
from .chapters import activation, ambitions, compared, comparison, costs, lasting, population, reach
from .chapters import caseload as full
from .chapters import outflow as left
from .chapters import outlook as ahead
from .chapters import trajectories as bought
from .elements import Absent, Figure, Remark, Table
from .findings import small
from .reconciliation import Claim
from .wording import are, capital, category, counted, day_in_words, definitions, listed, number, percent, word

EXPLAINED = ("day_activity", "informal_care", "volunteering")
COMPARED = (
    "spoken", "spoken_per_month", "conversations", "activated", "activation_rate", "trajectories_started",
    "outflow", "outflow_per_month", "wsp_referral",
)  # fmt: skip
SOON = 6  # months after which is told how many activities still run


@dataclass(frozen=True)
class Blank:
    """What a person has to fill in."""

    what: str

    def __str__(self) -> str:
        return _say("blank", what=self.what)


@dataclass(frozen=True)
class Line:
    """What stands above the note: to whom, from whom, of which day."""

    label: str
    text: str | Blank


@dataclass(frozen=True)
class Steps:
    """Sentences as a numbered list."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Bullets:
    """Sentences that stand apart, in no order."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Subheading:
    text: str


Block = str | Blank | Steps | Bullets | Subheading | Table | Figure | Absent


@dataclass(frozen=True)
class Section:
    """A section of the note, from top to bottom."""

    title: str
    blocks: tuple[Block, ...]


def sections(evaluation: Evaluation, period: str, facts: Facts = NONE) -> tuple[Section, ...]:
    """The note about one period. `evaluation` is the whole one: a note sets its period beside the others.

    See `Evaluation.period` for what it raises.
    """
    when = evaluation.period(period)
    made = {
        "introduction": _introduction(evaluation, when, facts),
        "approach": _approach(evaluation, facts),
        "spoken": _spoken(evaluation, when, facts),
        "activated": _activated(evaluation, when, facts),
        "activities": _activities(evaluation, when, facts),
        "trajectories": _trajectories(evaluation, when, facts),
        "outflow": _outflow(evaluation, when, facts),
        "caseload": _caseload(evaluation, when, facts),
        "client_picture": _client_picture(evaluation, when, facts),
        "future": _future(evaluation, when, facts),
        "ambitions": _ambitions(evaluation, when),
        "account": _account(evaluation, when),
    }
    year = _last_day(when).year + 1
    told = {_say(name, year=year): tuple(block for block in blocks if block) for name, blocks in made.items()}
    return tuple(Section(title, blocks) for title, blocks in told.items() if blocks)


def above(evaluation: Evaluation, period: str, facts: Facts = NONE) -> tuple[Line, ...]:
    """To whom the note goes, from whom, of which day and under which number."""
    name, sent = evaluation.workspace.settings.municipality.name, facts.sent.get(period)
    lines = {
        "to": facts.letter.to or _say("to_council", name=name),
        "sender": facts.letter.sender or _say("from_executive"),
        "day": day_in_words(sent.date) if sent else _blank("day"),
        "number": sent.number if sent else "",
    }
    return tuple(Line(_say(f"line_{key}"), text) for key, text in lines.items() if text)


def in_short(evaluation: Evaluation) -> tuple[Section, ...]:
    """The two pages for the council, as the landing page has them; `**…**` marks what matters most."""
    points = Steps(tuple(f"{point.label} {point.text}" for point in council.main(evaluation)))
    return (Section("De hoofdpunten", (points,)), *map(_topic, council.topics(evaluation)))


def _topic(topic: council.Topic) -> Section:
    texts = tuple(point.text for point in topic.points)
    told: tuple[Block, ...] = (Bullets(texts),) if topic.is_list else texts
    return Section(topic.title, (*told, *([topic.table] if topic.table else [])))


def _introduction(evaluation: Evaluation, when: Period, facts: Facts) -> Iterator[Block]:
    yield _say("about", dates=when.wording())
    until = evaluation.extracted(when.id)
    told = [
        _say("report" if r.number else "report_alone", title=r.title, number=r.number, day=day_in_words(r.date))
        for r in sorted(facts.reports, key=lambda r: r.date)
        if r.date <= until
    ]
    if told or not facts.reports:
        yield _say("reported", reports=listed(told)) if told else _blank("reports")
    others = [p for p in evaluation.workspace.periods if p != when]
    said = [_say("beside", when=when.wording(), others=listed([p.wording() for p in others]))] if others else []
    for other in others:
        if days := when.overlap(other):
            shared = days.wording(inclusive=True)
            said.append(_say("overlap", when=when.wording(), other=other.wording(), days=shared))
    yield " ".join([*said, _say("known_until", day=day_in_words(until))])


def _approach(evaluation: Evaluation, facts: Facts) -> Iterator[Block]:
    yield _say("rests_on", decisions=listed(_decided(facts.decisions))) if facts.decisions else _blank("decisions")
    if facts.steps:
        yield _say("steps")
        yield Bullets(facts.steps)
    if routes := evaluation.workspace.settings.programme.routes:
        yield _say("routes")
        yield Steps(tuple(capital(route.name) for route in routes))


def _decided(decisions: Sequence[Decision]) -> list[str]:
    """Each with its day, and what was decided."""
    told = [_say("decided", what=d.what, day=day_in_words(d.date)) if d.date else d.what for d in decisions]
    return [
        _say("decided_about", told=text, about=d.about) if d.about else text
        for text, d in zip(told, decisions, strict=True)
    ]


def _spoken(evaluation: Evaluation, when: Period, facts: Facts) -> Iterator[Block]:
    yield _joined(repr(reach.answer(evaluation, when.id)), _beside(evaluation, "spoken_per_month"))
    yield _joined(*_together(evaluation), *_earlier(evaluation, "spoken", whole=False))
    yield facts.conversation or _blank("conversation")


def _together(evaluation: Evaluation) -> Iterator[str]:
    """How many different residents of all periods; what was published of them, where that is not so, corrected."""
    if not evaluation.is_whole or len(evaluation.workspace.periods) < 2:
        return
    total = tidy.number(evaluation.measures, WHOLE, "spoken")
    if total is None:
        return
    residents = counted(total, "verschillende inwoner", "verschillende inwoners")
    wrong = [c for c in judged.claims(evaluation, measures=("spoken",)) if c.is_wrong and _is_whole(evaluation, c)]
    said = _say("together", when=evaluation.wording(WHOLE), are=are(total), residents=residents)
    said += _say("instead", published=wrong[0].published) if wrong else ""
    yield _joined(f"{said}.", _why(evaluation, total) if wrong else "")


def _is_whole(evaluation: Evaluation, claim: Claim) -> bool:
    return claim.when == evaluation.wording(WHOLE)


def _why(evaluation: Evaluation, total: tidy.Value) -> str:
    """What the periods come to when they are added, and how many residents are counted more than once then."""
    values = [tidy.number(evaluation.measures, p.id, "spoken") for p in evaluation.workspace.periods]
    times = evaluation.times_counted("spoken")
    known = tidy.all_shown([0.0 if v is None else v for v in (*values, total)])
    if isinstance(known, Hidden) or isinstance(times, Hidden) or evaluation.is_rounded or sum(known[:-1]) == known[-1]:
        return ""
    twice = sum(times[1:])
    return _say(
        "twice",
        sum=number(sum(known[:-1])),
        residents=counted(twice, "inwoner", "inwoners"),
        are=are(twice),
        count=_say("counts_one" if twice == 1 else "counts"),
    )


def _earlier(evaluation: Evaluation, *measures: str, whole: bool = True) -> Iterator[str]:
    """What was published of these measures: what is corrected, what holds, and what cannot be told.

    Of a breakdown only what is corrected. Without `whole` not what `_together` corrects.
    """
    found = [c for c in judged.claims(evaluation, measures=measures) if c.is_published]
    for claim in found:
        if claim.is_wrong and (whole or not _is_whole(evaluation, claim)):
            known = "correction_paper" if claim.records != "differs" else "correction"
            said = _say(known, subject=claim.subject, when=claim.when, found=claim.found, published=claim.published)
            yield f"{said} {' '.join(claim.texts)}"
    told: dict[str, dict[str, list[str]]] = {}
    for claim in found:
        if not claim.is_wrong and not claim.breakdown:
            by_subject = told.setdefault("held" if claim.records == "agrees" else "open", {})
            by_subject.setdefault(small(claim.subject), []).append(
                _say("of_one", published=claim.published, when=claim.when)
            )
    for name, by_subject in told.items():
        yield _say(name, figures="; ".join(f"{subject} {listed(some)}" for subject, some in by_subject.items()))


def _beside(evaluation: Evaluation, measure: str, *, is_share: bool = False) -> str:
    """A rate or a share of every period; nothing where there is one period, or where it may not be shown."""
    periods = evaluation.workspace.periods
    values = {p.wording(): tidy.number(evaluation.measures, p.id, measure) for p in periods}
    known = {when: v for when, v in values.items() if isinstance(v, float)}
    if len(known) < 2:
        return ""
    parts = [
        _say("rate", rate=percent(value) if is_share else number(value, 1), when=when) for when, value in known.items()
    ]
    return _say("rates", what=capital(word("measure", measure)), parts=listed(parts))


def _activated(evaluation: Evaluation, when: Period, facts: Facts) -> Iterator[Block]:
    yield repr(sentences.answer(evaluation, when.id))
    earlier = _earlier(evaluation, "activated", "activation_rate")
    yield _joined(_beside(evaluation, "activation_rate", is_share=True), *earlier)
    why = _joined(explained.told(evaluation, when.id), facts.why.get(when.id, ""))
    yield why or _blank("why")
    yield figures.activities(evaluation, when.id)
    yield _kinds(evaluation)


def _kinds(evaluation: Evaluation) -> Table:
    """With what residents became active, in every period and in all together."""
    keys = {p.id: p.wording() for p in evaluation.workspace.periods}
    if evaluation.is_whole and len(keys) > 1:
        keys[WHOLE] = _say("column_whole")
    rows = [
        [capital(category(kind)), *(_number(evaluation, key, "activated", "activity", kind) for key in keys)]
        for kind in evaluation.programme.kinds
    ]
    rows.append([_say("row_total"), *(_number(evaluation, key, "activated") for key in keys)])
    return Table(
        _say("kinds"),
        [_say("column_kind"), *keys.values()],
        rows,
        unit=word("grammar", "residents"),
        numbers=frozenset(keys.values()),
        totals=frozenset({len(rows) - 1}),
        note=_say("kinds_note"),
    )


def _number(evaluation: Evaluation, period: str, measure: str, breakdown: str = "", category: str = "") -> str:
    return number(tidy.number(evaluation.measures, period, measure, breakdown, category))


def _activities(evaluation: Evaluation, when: Period, facts: Facts) -> Iterator[Block]:
    for activity in (a for a in EXPLAINED if a in evaluation.programme.kinds):
        name, meaning = capital(word("category", activity)), definitions()["category"][activity]
        yield f"**{name}**: {meaning[:1].lower()}{meaning[1:]}"
    told = _told(activation.referred(evaluation, when.id))
    yield _joined(_say("referred", said=told) if told else "", _lasting(evaluation, when))
    yield facts.activities or _blank("activities")


def _lasting(evaluation: Evaluation, when: Period) -> str:
    """How many of the activities still ran after some months; in no public release."""
    if isinstance(lasting.shares(evaluation, when.id), Absent):
        return ""
    found = tidy.pick(
        evaluation.measures, period=when.id, measure=lasting.MEASURE, breakdown="months", category=str(SOON)
    )
    row = None if found.empty or found["value"].isna().iloc[-1] else found.iloc[-1]
    if row is None:
        return ""
    started = counted(float(row["denominator"]), _say("started"), _say("started_many"))
    return _say("lasting", started=started, months=SOON, share=percent(float(row["value"])))


def _trajectories(evaluation: Evaluation, when: Period, facts: Facts) -> Iterator[Block]:
    yield repr(bought.answer(evaluation, when.id))
    yield facts.trajectories or _blank("trajectories")
    yield Subheading(_say("costs"))
    yield " ".join(costs.answer(evaluation).sentences[:3]).replace("**", "") if evaluation.is_whole else _blank("whole")


def _outflow(evaluation: Evaluation, when: Period, facts: Facts) -> Iterator[Block]:
    yield _joined(repr(left.answer(evaluation, when.id)), _told(left.part_time(evaluation, when.id)))
    yield _joined(*_earlier(evaluation, "outflow", "wsp_referral"))
    yield facts.outflow
    yield Subheading(_say("compared"))
    if evaluation.is_whole:
        yield _say("compared_with", said=repr(compared.answer(evaluation)))
    else:
        yield _blank("whole")


def _caseload(evaluation: Evaluation, when: Period, facts: Facts) -> Iterator[Block]:
    yield repr(full.answer(evaluation, when.id))
    stock = _stock(evaluation, when, "group", _say("stock", guided=category(GUIDED)))
    yield stock or _blank("stock")
    yield facts.caseload or _blank("caseload")


def _client_picture(evaluation: Evaluation, when: Period, facts: Facts) -> Iterator[Block]:
    yield _joined(repr(population.answer(evaluation, when.id)), *_earlier(evaluation, "on_benefit"))
    yield _stock(evaluation, when, "filled_by", _say("filled_by")) or ""
    yield facts.client_picture or _blank("client_picture")


def _stock(evaluation: Evaluation, when: Period, breakdown: str, caption: str) -> Table | None:
    """A stock by group as a table with its date; None when it was not delivered."""
    found = tidy.pick(evaluation.measures, period=when.id, measure="on_benefit", breakdown=breakdown)
    if not len(found):
        return None
    column = _say("column_residents")
    rows = [
        [capital(category(name)), number(tidy.number(found, when.id, "on_benefit", breakdown, name))]
        for name in found["category"]
    ]
    unit = _say("stock_unit", day=day_in_words(date.fromisoformat(found["as_of"].iloc[-1])))
    return Table(caption, [_say("column_group"), column], rows, unit=unit, numbers=frozenset({column}))


def _future(evaluation: Evaluation, when: Period, facts: Facts) -> Iterator[Block]:
    yield facts.future or _blank("future")
    if not modelled.none(evaluation, when.id):
        yield repr(ahead.basis(evaluation, when.id))
        table = ahead.scenarios(evaluation, when.id, in_short=True)
        yield table
        yield word("council", "modelled")
    if facts.funding:
        yield _say("funding_decided", decisions=listed(_decided(facts.funding)))
    points = tuple(point.text for point in council.asked(evaluation, when.id, corrects=True))
    yield Subheading(_say("decide"))
    yield facts.proposal.get(when.id) or ("" if points else _blank("proposal"))
    yield Bullets(points) if points else ""


def _ambitions(evaluation: Evaluation, when: Period) -> Iterator[Block]:
    found = ambitions.of(evaluation, when.id)
    if not found:
        yield repr(ambitions.answer(evaluation, when.id))
        return
    values = {j.ambition.id: ambitions.in_words(j) for j in ambitions.judge(evaluation, when.id)}
    for document in dict.fromkeys(a.document for a in found):
        yield _say("set_in", document=document)
        yield Bullets(
            tuple(
                _joined(
                    f"**{a.title}.** {a.text}",
                    _say("state", day=day_in_words(a.as_of), state=a.state),
                    a.note,
                    values.get(a.id, ""),
                )
                for a in found
                if a.document == document
            )
        )
    yield ambitions.set_late(evaluation, when.id)


def _account(evaluation: Evaluation, when: Period) -> Iterator[Block]:
    received = evaluation.deliveries(when.id)
    if received and not all(r.source.synthetic for r in received):
        yield repr(sentences.origin(evaluation, when.id))
    yield " ".join(dict.fromkeys(r.source.note for r in received if r.source.note))
    if evaluation.is_whole and len(evaluation.workspace.periods) > 1:
        yield comparison.side_by_side(evaluation, measures=COMPARED)
    claims = [c for c in judged.claims(evaluation) if c.is_published]
    if not claims:
        yield judged.nothing(evaluation, when.id)
        return
    columns = [_say(f"column_{name}") for name in ("figure", "published", "found", "verdict")]
    named = [c for c in claims if c.is_wrong or not c.breakdown]
    others = [c for c in claims if c not in named]
    held = sum(c.records == "agrees" for c in others)
    rest = _say("claims_others", others=number(len(others)), held=number(held)) if others else ""
    yield Table(
        _say("claims"),
        columns,
        [[f"{c.subject}, {c.when}", c.published, c.found, c.verdict("records")] for c in named],
        numbers=frozenset(columns[1:3]),
        note=_joined(rest, _say("claims_note", documents=judged.documents(evaluation))),
    )


def _told(part: Remark | Absent) -> str:
    """What a chapter tells in sentences; nothing when it cannot."""
    return part.text if isinstance(part, Remark) else ""


def _joined(*texts: str) -> str:
    return " ".join(filter(None, texts))


def _blank(name: str) -> Blank:
    return Blank(_say(f"blank_{name}"))


def _say(key: str, **told: object) -> str:
    return word("note", key).format(**told)


def _last_day(when: Period) -> date:
    return when.end - timedelta(days=1)
