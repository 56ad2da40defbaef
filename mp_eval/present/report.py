"""The progress note to the council: the report's sections in its order, with every number that the records give.

What a person must write is a `Blank`: the note is a beginning, and says where it is not finished.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from .. import tidy
from ..evaluation import Evaluation
from ..periods import WHOLE, Period
from ..programme import GUIDED
from . import council, figures, sentences, tables
from . import reconciliation as judged
from .chapters import ambitions, assumed, compared, comparison, costs, ladder, lasting, population, reach
from .chapters import caseload as full
from .chapters import outflow as left
from .chapters import outlook as ahead
from .chapters import trajectories as bought
from .elements import Absent, Figure, Remark, Table
from .wording import are, capital, category, counted, day_in_words, definitions, listed, number, word

EXPLAINED = ("day_activity", "informal_care", "volunteering")
HIDDEN = "een afgeschermd aantal"


@dataclass(frozen=True)
class Blank:
    """What a person has to fill in."""

    what: str

    def __str__(self) -> str:
        return f"[in te vullen: {self.what}]"


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


Part = Callable[[Evaluation, str], Table | Remark | Absent]
Block = str | Blank | Steps | Bullets | Subheading | Table | Figure | Absent


@dataclass(frozen=True)
class Section:
    """A section of the note, from top to bottom."""

    title: str
    blocks: tuple[Block, ...]


def sections(evaluation: Evaluation, period: str) -> tuple[Section, ...]:
    """The note about one period. `evaluation` is the whole one: a note sets its period beside the others.

    See `Evaluation.period` for what it raises.
    """
    when = evaluation.period(period)
    made = {
        "Inleiding": _introduction(evaluation, when),
        "De aanpak maatschappelijke participatie": _approach(evaluation),
        "Aantal gesproken inwoners": _spoken(evaluation, when),
        "Resultaat gesprekken": _activated(evaluation, when),
        "Toelichting activiteiten": _activities(evaluation, when),
        "Individuele trajecten": _trajectories(evaluation, when),
        "Doorstroom en uitstroom": _outflow(evaluation, when),
        "Voortgang maatschappelijke participatie": _caseload(evaluation, when),
        "Klant in beeld": _client_picture(evaluation, when),
        "Toekomst maatschappelijke participatie": _future(evaluation, when),
        f"Ambities {_last_day(when).year + 1}": _ambitions(evaluation, when),
        "Verantwoording van de cijfers": _account(evaluation, when),
    }
    return tuple(Section(title, tuple(blocks)) for title, blocks in made.items())


def in_short(evaluation: Evaluation) -> tuple[Section, ...]:
    """The two pages for the council, as the landing page has them; `**…**` marks what matters most."""
    points = Steps(tuple(f"{point.label} {point.text}" for point in council.main(evaluation)))
    return (Section("De hoofdpunten", (points,)), *map(_topic, council.topics(evaluation)))


def _topic(topic: council.Topic) -> Section:
    texts = tuple(point.text for point in topic.points)
    told: tuple[Block, ...] = (Bullets(texts),) if topic.is_list else texts
    return Section(topic.title, (*told, *([topic.table] if topic.table else [])))


def _introduction(evaluation: Evaluation, when: Period) -> Iterator[Block]:
    yield (
        "In deze voortgangsrapportage gaan wij in op de voortgang van de aanpak maatschappelijke participatie over "
        f"{when.wording()} ({when.dates()})."
    )
    yield Blank("waar eerder over de aanpak is gerapporteerd, met nummer en datum van de raadsinformatiebrief")
    others = [p for p in evaluation.workspace.periods if p != when]
    if others:
        yield f"Naast deze periode zijn er cijfers over {listed([f'de periode {p.wording()}' for p in others])}."
    for other in others:
        if days := when.overlap(other):
            yield (
                f"Deze periode en de periode {other.wording()} delen {days.wording(inclusive=True)}. Wie in die dagen "
                "is gesproken, staat in beide. De aantallen van de twee perioden mogen daarom niet worden opgeteld."
            )


def _approach(evaluation: Evaluation) -> Iterator[Block]:
    yield Blank("de aanpak en waar die is vastgesteld")
    if routes := evaluation.workspace.settings.programme.routes:
        yield "De aanpak moet leiden tot een van deze paden:"
        yield Steps(tuple(capital(route.name) for route in routes))


def _spoken(evaluation: Evaluation, when: Period) -> Iterator[Block]:
    rate = tidy.number(evaluation.measures, when.id, "spoken_per_month")
    per_month = f", dat is {number(rate, 1)} per maand" if isinstance(rate, float) else ""
    yield f"Over {when.wording()} {_were(evaluation, when.id, 'spoken')} voor het eerst gesproken{per_month}."
    if evaluation.is_whole and len(evaluation.workspace.periods) > 1:
        name = " en ".join(p.wording() for p in evaluation.whole)
        yield f"Over {name} samen {_were(evaluation, WHOLE, 'spoken', 'verschillende ')} gesproken."
    yield reach.reach(evaluation, when.id)
    yield Blank("wat er in een gesprek aan de orde komt en wat daarop volgt")


def _activated(evaluation: Evaluation, when: Period) -> Iterator[Block]:
    yield repr(sentences.answer(evaluation, when.id))
    yield tables.activation(evaluation, when.id)
    yield Blank("een toelichting: wat deden inwoners, en waarom is het aandeel hoger of lager dan eerder")


def _activities(evaluation: Evaluation, when: Period) -> Iterator[Block]:
    for activity in (a for a in EXPLAINED if a in evaluation.programme.kinds):
        name, meaning = capital(word("category", activity)), definitions()["category"][activity]
        yield Subheading(name)
        yield f"{name} is {meaning[:1].lower()}{meaning[1:]}"
    yield Subheading("Waarmee inwoners actief werden")
    yield figures.activities(evaluation, when.id)
    yield tables.activities(evaluation, when.id)
    yield from _told(evaluation, when, lasting.shares)
    yield Blank("met wie de gemeente samenwerkt bij het vinden van vrijwilligerswerk")


def _trajectories(evaluation: Evaluation, when: Period) -> Iterator[Block]:
    began = _residents(evaluation, when.id, "activated", "activity", "trajectory")
    if began.startswith("geen"):
        yield "In deze periode begon geen individueel traject."
    else:
        yield f"In deze periode begon voor {began} een individueel traject." if began else Blank("het aantal trajecten")
    yield from _told(evaluation, when, bought.providers, bought.durations, bought.costs)
    yield Blank("hoe trajecten worden ingezet")
    yield Subheading("Wat de aanpak kost")
    yield repr(costs.answer(evaluation)) if evaluation.is_whole else Blank("wat de aanpak over alle perioden kostte")


def _outflow(evaluation: Evaluation, when: Period) -> Iterator[Block]:
    for measure, verb in (("outflow", "uitgestroomd uit de uitkering"), ("wsp_referral", "verwezen naar het WSP")):
        if _residents(evaluation, when.id, measure):
            yield f"Over {when.wording()} {_were(evaluation, when.id, measure)} {verb}."
        else:
            yield Blank(f"het aantal inwoners dat is {verb}; dit is niet aangeleverd")
    yield from _told(evaluation, when, left.reasons, left.beside, ladder.directions, ladder.matrix)
    yield Subheading("Naast vergelijkbare inwoners")
    yield from _compared(evaluation)
    yield Blank("wat hierachter zit, en wat de gemeente ervan vindt")


def _compared(evaluation: Evaluation) -> Iterator[Block]:
    """Of all periods together; of one alone there are too few."""
    if not evaluation.is_whole:
        yield Blank("of de aanpak verschil maakt; van een van de perioden ontbreekt een verwerkte levering")
        return
    yield f"Over alle perioden samen. {compared.answer(evaluation)!r}"


def _caseload(evaluation: Evaluation, when: Period) -> Iterator[Block]:
    yield from _stock(evaluation, when, "group", f"Zoveel inwoners zijn {category(GUIDED)} of wachten", "de caseload")
    yield from _told(evaluation, when, full.per_consultant, full.durations, full.bridge)
    yield Blank("wat dit betekent voor nieuwe gesprekken en voor wie wacht")


def _client_picture(evaluation: Evaluation, when: Period) -> Iterator[Block]:
    total = tidy.pick(evaluation.measures, period=when.id, measure="on_benefit", breakdown="")
    if len(total) and not total["value"].isna().all():
        row = total[total["value"].notna()].iloc[-1]
        residents = counted(float(row["value"]), "inwoner", "inwoners")
        yield f"Op {_day(row['as_of'])} {are(float(row['value']))} er {residents} met een lopende bijstandsuitkering."
    yield from _stock(
        evaluation, when, "filled_by", "Door wie de indicatoren zijn ingevuld", "wie de indicatoren invulde"
    )
    yield from _told(evaluation, when, population.completeness, population.composition)
    yield Blank("hoe het klant-in-beeld-onderzoek verloopt en wat eruit volgt")


def _stock(evaluation: Evaluation, when: Period, breakdown: str, caption: str, absent: str) -> Iterator[Block]:
    """A stock by group as a table with its date, or a blank when it was not delivered."""
    found = tidy.pick(evaluation.measures, period=when.id, measure="on_benefit", breakdown=breakdown)
    if not len(found):
        yield Blank(f"{absent} op de peildatum; dit is niet aangeleverd")
        return
    rows = [
        [capital(category(row["category"])), _cell(row["value"], row["status"])] for row in found.to_dict("records")
    ]
    unit = f"inwoners op {_day(found['as_of'].iloc[-1])}"
    yield Table(caption, ["Groep", "Inwoners"], rows, unit=unit, numbers=frozenset({"Inwoners"}))


def _future(evaluation: Evaluation, when: Period) -> Iterator[Block]:
    yield from _told(evaluation, when, ahead.scenarios, assumed.assumptions)
    yield Blank("wat er verandert, zoals in de Participatiewet, en wat dat vraagt aan mensen en middelen")


def _ambitions(evaluation: Evaluation, when: Period) -> Iterator[Block]:
    yield from _told(evaluation, when, ambitions.measured, ambitions.states)
    yield Blank("de ambities, elk met een getal en een datum waaraan te zien is of zij zijn gehaald")


def _told(evaluation: Evaluation, when: Period, *parts: Part) -> Iterator[Block]:
    """What chapters tell in a table or in sentences; what they cannot tell is left out."""
    for part in parts:
        found = part(evaluation, when.id)
        if isinstance(found, Table):
            yield found
        elif isinstance(found, Remark):
            yield repr(found)


def _account(evaluation: Evaluation, when: Period) -> Iterator[Block]:
    yield repr(sentences.sources(evaluation, when.id))
    yield f"De cijfers hebben het kenmerk {evaluation.of(when.id).key[:16]}."
    yield comparison.side_by_side(evaluation) if evaluation.is_whole else Blank("de perioden naast elkaar")
    claims = judged.claims(evaluation, period=when.id)
    if not claims:
        yield judged.nothing(evaluation, when.id)
        return
    yield Table(
        "Eerder gepubliceerd, naast de gegevens",
        ["Cijfer", "Gepubliceerd", "Gegevens", "Op papier", "Met de gegevens", "Toelichting"],
        [
            [
                f"{x.subject}, {x.when}",
                x.published,
                x.found,
                x.verdict("papers"),
                x.verdict("records"),
                " ".join(x.texts),
            ]
            for x in claims
        ],
        numbers=frozenset({"Gegevens"}),
        note=f"Gepubliceerd in: {judged.documents(evaluation)}.",
    )


def _residents(evaluation: Evaluation, period: str, measure: str, breakdown: str = "", category: str = "") -> str:
    """A number of residents in words; '' when it was not measured."""
    found = tidy.pick(evaluation.measures, period=period, measure=measure, breakdown=breakdown, category=category)
    if not len(found):
        return ""
    if found["status"].iloc[-1] == "hidden":
        return f"{HIDDEN} inwoners"
    value = tidy.number(evaluation.measures, period, measure, breakdown, category)
    return "" if value is None else counted(value, "inwoner", "inwoners")


def _were(evaluation: Evaluation, period: str, measure: str, which: str = "") -> str:
    """`zijn 175 inwoners`, with `which` before the noun."""
    residents = _residents(evaluation, period, measure)
    value = tidy.number(evaluation.measures, period, measure)
    verb = "is" if residents.startswith(HIDDEN) else are(value or 0)
    amount, _, noun = (residents or "geen inwoners").rpartition(" ")
    return f"{verb} {amount} {which}{noun}"


def _cell(value: float | None, status: str) -> str:
    return "x" if status == "hidden" else number(None if value is None or value != value else float(value))


def _day(text: str) -> str:
    return day_in_words(date.fromisoformat(text))


def _last_day(when: Period) -> date:
    return when.end - timedelta(days=1)
