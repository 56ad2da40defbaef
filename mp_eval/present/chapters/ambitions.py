"""What became of the ambitions: each with how it stands, and where it can be measured, its value against its target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ... import spoken, tidy
from ...ambitions import COMPARISONS, STATES, Ambition, Indicator
from ...evaluation import Evaluation
from ...measures.ambitions import VIEWS
from ...tidy import HIDDEN, Hidden
from ..absence import absent
from ..elements import Absent, Answer, Explained, Headline, Remark, Row, Status, Table
from ..findings import small
from ..wording import are, capital, counted, day, day_in_words, listed, number, percent, word
from . import ambition_days

# A verdict, its word, and the mark of a status that looks like it.
VERDICTS = {
    "met": ("gehaald", "agrees"),
    "met_so_far": ("tot nu toe gehaald", "interval"),
    "unmet_so_far": ("nog niet gehaald", "interval"),
    "unmet": ("niet gehaald", "differs"),
    "no_target": ("geen streefwaarde", "interval"),
    "immeasurable": ("niet te meten", "untestable"),
    "hidden": ("afgeschermd", "untestable"),
}
AIMED = ("met", "met_so_far", "unmet_so_far", "unmet", "hidden")  # verdicts of an ambition with a target
STAND = {
    "niet begonnen": ("is niet begonnen", "zijn niet begonnen"),
    "loopt": ("loopt", "lopen"),
    "klaar": ("is klaar", "zijn klaar"),
    "vervallen": ("is vervallen", "zijn vervallen"),
}
MARKS = {"klaar": "agrees", "loopt": "interval", "niet begonnen": "differs", "vervallen": "untestable"}
ON, OVER = "stand op ", "over "
PERCENT = frozenset({"share"})  # units that are shown, and compared, as a percentage


@dataclass(frozen=True)
class Judged:
    """An ambition with an indicator: the verdict, the value in the unit of the target, and why there is none."""

    ambition: Ambition
    indicator: Indicator
    verdict: str
    value: tidy.Value = None
    reason: str = ""
    measured: str = ""


def none(evaluation: Evaluation, period: str) -> Absent | None:
    """The sentence for when there is no ambition to show, else None."""
    if evaluation.ambitions is None:
        return Absent(word("absent", "ambitions"))
    if not of(evaluation, period):
        return Absent(word("absent", "ambitions_period").format(period=evaluation.wording(period)))
    return None


def judge(evaluation: Evaluation, period: str) -> list[Judged]:
    """Every ambition of these days that has an indicator, against the measures of the period.

    Of a union, an indicator that it does not have (a stock) is that of the last period that has it.
    """
    return [
        _judged(evaluation, period, ambition, ambition.indicator)
        for ambition in of(evaluation, period)
        if ambition.indicator is not None
    ]


def answer(evaluation: Evaluation, period: str) -> Answer | Absent:
    """How many ambitions there are, how they stand, and how many of those with a target have met it."""
    if (nothing := none(evaluation, period)) is not None:
        return nothing
    found, judged = of(evaluation, period), judge(evaluation, period)
    states = [(state, sum(a.state == state for a in found)) for state in STATES]
    shares = [f"{number(count)} {STAND[state][count != 1]}" for state, count in states if count]
    total = counted(len(found), "ambitie", "ambities")
    said = [f"Voor {_stretch(evaluation, period)} {'geldt' if len(found) == 1 else 'gelden'} **{total}**."]
    said.append(f"Hoe zij ervoor staan volgens de gemeente: {listed(shares)}.")
    aimed = [j for j in judged if j.verdict in AIMED]
    if not aimed:
        said.append(
            "**Van geen ervan is te meten of zij is gehaald**: er is geen streefwaarde, of geen getal dat past."
        )
    else:
        said.append(
            f"Van {counted(len(aimed), 'ambitie', 'ambities')} is de streefwaarde te meten: **{_outcomes(aimed)}**."
        )
    return Answer((*said, *_late(found)))


def set_late(evaluation: Evaluation, period: str) -> str:
    """That ambitions were set when a part of their days had passed; '' when none was."""
    return "" if none(evaluation, period) else " ".join(_late(of(evaluation, period)))


def without_target(evaluation: Evaluation, period: str) -> tuple[int, int]:
    """How many ambitions that still hold have no target to see by whether they were met, and how many there are."""
    if none(evaluation, period):
        return 0, 0
    until = evaluation.known_days(period)[-1].end
    found = [a for a in of(evaluation, period) if a.state in ("niet begonnen", "loopt") and a.end >= until]
    return sum(a.indicator is None or a.indicator.target is None for a in found), len(found)


def _outcomes(aimed: Sequence[Judged]) -> str:
    """How many of each verdict, in words."""
    counts = {verdict: sum(j.verdict == verdict for j in aimed) for verdict in AIMED}
    return listed([f"{number(n)} {VERDICTS[verdict][0]}" for verdict, n in counts.items() if n])


def headline(evaluation: Evaluation, period: str) -> Headline | Absent:
    """How many ambitions, how many can be measured, how many of those have a target that was met."""
    if (nothing := none(evaluation, period)) is not None:
        return nothing
    found, judged = of(evaluation, period), judge(evaluation, period)
    measured = [j for j in judged if j.verdict != "immeasurable"]
    aimed = [j for j in measured if j.verdict != "no_target"]
    met = sum(j.verdict in ("met", "met_so_far") for j in aimed)
    so_far = any(j.verdict in ("met_so_far", "unmet_so_far") for j in aimed)
    return Headline(
        (
            (number(len(found)), "ambities" if len(found) != 1 else "ambitie", _stretch(evaluation, period)),
            (number(len(measured)), "te meten", f"van {number(len(found))}"),
            _score(met, len(aimed), so_far=so_far),
        )
    )


def _score(met: int, aimed: int, *, so_far: bool) -> tuple[str, str, str]:
    """How many targets were met, so far when some are for later days too; a dash when none can be measured."""
    if not aimed:
        return number(None), "streefwaarden gehaald", "er is geen streefwaarde te meten"
    label = f"{'streefwaarde' if met == 1 else 'streefwaarden'} {'tot nu toe ' if so_far else ''}gehaald"
    return number(met), label, f"van {counted(aimed, 'streefwaarde', 'streefwaarden')}"


def measured(evaluation: Evaluation, period: str) -> Table | Remark | Absent:
    """The ambitions that have an indicator: what is measured, the target, the value and the verdict."""
    if (nothing := none(evaluation, period)) is not None:
        return nothing
    judged = judge(evaluation, period)
    if not judged:
        return Remark("Bij geen van deze ambities is vastgelegd waaraan zij wordt afgemeten.")
    rows: list[Row] = [
        [
            j.ambition.title,
            _subject(j.indicator) + _aside(j.indicator.unit, j.measured, j.reason),
            _target(j.indicator),
            _shown(j.indicator, j.value),
            Status(*reversed(VERDICTS[j.verdict])),
        ]
        for j in judged
    ]
    note = (
        f"De waarde gaat over {evaluation.wording(period)}{_dated(judged)}, niet over de hele looptijd van een "
        "ambitie. Geen streefwaarde: de gemeente heeft niet vastgelegd bij welk getal de ambitie is gehaald."
    )
    columns = ["Ambitie", "Waaraan gemeten", "Streefwaarde", "Waarde", "Oordeel"]
    return Table("Waaraan ambities worden afgemeten", columns, rows, numbers=frozenset({"Waarde"}), note=note)


def in_view(evaluation: Evaluation, period: str) -> Table | Absent:
    """The residents on the lowest steps: how many were spoken to or are in view, and how many are not."""
    measures = evaluation.measures
    known = set(tidy.pick(measures[measures["status"] != "not_delivered"], measure="on_lowest_steps")["period"])
    key = ambition_days.period_of(evaluation, period, known)
    if (nothing := absent(evaluation, key, "on_lowest_steps")) is not None:
        return nothing
    rows = [[spoken.told("Inwoners op trede 1 en 2"), number(tidy.number(measures, key, "on_lowest_steps"))]]
    rows += [
        [f"waarvan {word('category', v)}", number(tidy.number(measures, key, "on_lowest_steps", "view", v))]
        for v in VIEWS
    ]
    row = tidy.pick(measures, period=key, measure="on_lowest_steps", breakdown="").iloc[-1]
    caption = f"{spoken.told('Inwoners op trede 1 en 2')}, {day_in_words(date.fromisoformat(row['as_of']))}"
    unsure = ambition_days.unknown(row)
    note = f"Van {counted(unsure, 'andere inwoner', 'andere inwoners')} met een uitkering is de trede niet bekend."
    columns = ["Wie", "Aantal"]
    note = spoken.told(note) if unsure else ""
    return Table(caption, columns, rows, "inwoners", frozenset({"Aantal"}), parts=frozenset({1, 2}), note=note)


def states(evaluation: Evaluation, period: str) -> Table | Absent:
    """Every ambition with the days that it is for and how it stands, as the municipality noted it."""
    if (nothing := none(evaluation, period)) is not None:
        return nothing
    rows: list[Row] = [
        [
            Explained(a.text, f"{a.document}{f'; {a.owner}' if a.owner else ''}"),
            a.period.wording(),
            Status(MARKS[a.state], a.state),
            day(a.as_of),
            a.note or "–",
        ]
        for a in of(evaluation, period)
    ]
    columns = ["Ambitie", "Geldt voor", "Stand", "Op", "Toelichting"]
    note = "De stand is wat de gemeente zelf heeft ingevuld; zij is niet uit de gegevens berekend."
    return Table("Alle ambities en hun stand", columns, rows, numbers=frozenset({"Op"}), note=note)


def in_words(judged: Judged) -> str:
    """What an ambition is measured by, its value and the verdict, in a sentence."""
    indicator, label = judged.indicator, VERDICTS[judged.verdict][0]
    if judged.verdict in ("immeasurable", "hidden"):
        value, aim = label, ""
    elif judged.verdict == "no_target":
        value, aim = _shown(indicator, judged.value), word("note", "aimless")
    else:
        value = _shown(indicator, judged.value)
        aim = word("note", "aimed").format(target=_target(indicator), verdict=label)
    what = small(_subject(indicator) + _aside(indicator.unit, judged.measured, judged.reason))
    return word("note", "measured").format(what=what, value=value, aim=aim)


def of(evaluation: Evaluation, period: str) -> Sequence[Ambition]:
    """The ambitions that hold for some of these days, or for those after them up to the extraction."""
    days = evaluation.known_days(period)
    return [a for a in evaluation.ambitions or () if a.is_about(days)]


def _stretch(evaluation: Evaluation, period: str) -> str:
    """The days that the ambitions of the page are about, in words."""
    wording, until = evaluation.wording(period), evaluation.known_days(period)[-1].end
    if until == evaluation.days(period)[-1].end:
        return wording
    return f"{wording} en de tijd daarna tot en met {day_in_words(until - ambition_days.ONE_DAY)}"


def _judged(evaluation: Evaluation, period: str, ambition: Ambition, indicator: Indicator) -> Judged:
    measures = evaluation.measures
    rows = tidy.pick(
        measures[measures["status"] != "not_delivered"],
        measure=indicator.measure,
        breakdown=indicator.breakdown,
        category=indicator.category,
    )
    meaning = tidy.MEASURES.get(indicator.measure)
    if meaning is None or (indicator.breakdown and indicator.breakdown not in meaning.breakdowns):
        name = " / ".join(filter(None, (indicator.measure, indicator.breakdown)))
        return Judged(ambition, indicator, "immeasurable", reason=f"de maat ‘{name}’ bestaat niet")
    key = ambition_days.period_of(evaluation, period, set(rows["period"]), ambition)
    own = tidy.pick(rows, period=key)
    measured = "" if key == period else f"{OVER}{evaluation.wording(key)}"
    if len(own) and ambition_days.is_of_a_date(meaning) and own["as_of"].iloc[-1]:
        measured = f"{ON}{day_in_words(date.fromisoformat(own['as_of'].iloc[-1]))}"
    if not len(own):
        return Judged(ambition, indicator, "immeasurable", reason="de gegevens die hiervoor nodig zijn, ontbreken")
    value = tidy.number(own, key, indicator.measure, indicator.breakdown, indicator.category)
    if isinstance(value, Hidden):
        return Judged(ambition, indicator, "hidden", HIDDEN, measured=measured)
    if value is None:
        return Judged(ambition, indicator, "immeasurable", reason="er is niemand om over te tellen")
    value = value * 100 if meaning.unit in PERCENT else value
    first, last = ambition_days.measured_days(evaluation, key, own, meaning)
    if outside := ambition_days.outside(ambition, first, last):
        return Judged(ambition, indicator, "immeasurable", value, outside, measured)
    if indicator.target is None:
        return Judged(ambition, indicator, "no_target", value, measured=measured)
    so_far = "_so_far" if last + ambition_days.ONE_DAY < ambition.end else ""
    least, most = ambition_days.bounds(measures, own, meaning, value)
    if indicator.is_met(least) != indicator.is_met(most):
        between = f"het zijn er tussen {number(least)} en {number(most)}"
        if meaning.unit in PERCENT:
            between = f"het ligt tussen {_shown(indicator, least)} en {_shown(indicator, most)}"
        return Judged(ambition, indicator, "immeasurable", value, between, measured)
    verdict = f"{'met' if indicator.is_met(value) else 'unmet'}{so_far}"
    return Judged(ambition, indicator, verdict, value, measured=measured)


def _dated(judged: Sequence[Judged]) -> str:
    """Of which other days values are, where that stands beside them."""
    is_dated, is_of_others = (any(j.measured.startswith(start) for j in judged) for start in (ON, OVER))
    said = " of de periode die erbij staat" if is_of_others else ""
    return f"{said}, of is de stand op de dag die erbij staat" if is_dated else said


def _late(found: Sequence[Ambition]) -> list[str]:
    """That ambitions were set when a part of their days had passed; nothing when none was."""
    late = [a for a in found if a.was_set_late]
    if not late:
        return []
    days = listed([day_in_words(d) for d in sorted({a.set_on for a in late})])
    applies, set_ = ("zij geldt", "is gesteld") if len(late) == 1 else ("zij gelden", "zijn gesteld")
    which = f"{capital(number(len(late)))} van deze ambities {are(len(late))}"
    if len(late) == len(found):
        which = "Deze ambitie is" if len(found) == 1 else "Deze ambities zijn"
    return [
        f"{which} vastgelegd op {days}, toen een deel van de tijd waarvoor {applies} al voorbij was. "
        f"{'Het is dus geen doel dat' if len(late) == 1 else 'Het zijn dus geen doelen die'} vooraf {set_}."
    ]


def _subject(indicator: Indicator) -> str:
    meaning = tidy.MEASURES.get(indicator.measure)
    if meaning is None:
        return indicator.measure
    name = capital(word("measure", indicator.measure))
    if not indicator.category or indicator.breakdown not in meaning.breakdowns:
        return name
    return f"{name}: {_words(indicator.category)}"


def _aside(*texts: str) -> str:
    said = "; ".join(filter(None, texts))
    return f" ({said})" if said else ""


def _words(category: str) -> str:
    try:
        return word("category", category)
    except KeyError:
        return category


def _target(indicator: Indicator) -> str:
    if indicator.target is None:
        return "–"
    assert indicator.comparison in COMPARISONS
    return f"{indicator.comparison} {_shown(indicator, float(indicator.target))}"


def _shown(indicator: Indicator, value: tidy.Value) -> str:
    """A value or a target in the unit of the target."""
    meaning = tidy.MEASURES.get(indicator.measure)
    if meaning is None or meaning.unit not in PERCENT or not isinstance(value, float):
        return number(value, 0 if not isinstance(value, float) or value.is_integer() else 1)
    return percent(value / 100, 0 if value.is_integer() else 1)
