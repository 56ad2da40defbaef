"""Whether residents who were spoken to and others may be compared: on which grounds not, who they are, how alike.

In a public release only the grounds are told: each is a yes or no about hundreds of residents, while the numbers rest
on counts that nothing protects.
"""

from __future__ import annotations

import pandas as pd

from ... import tidy
from ...evaluation import Evaluation
from ...measures.compared import ENOUGH, LEAST_OF_USUAL, MEASURES, MOST_UNLIKE, MOST_UNMET, PRIMARY, SOON
from ...periods import WHOLE
from ...tidy import HIDDEN, Hidden, Value
from ..absence import absent
from ..checks import adds_up
from ..elements import Absent, Checks, Status, Table
from ..wording import MARK, capital, number, percent, signed, word

SPOKEN, ALIKE = "compared_spoken", "compared_alike"
MAIN = f"benefit_ended>{PRIMARY}"


def people(evaluation: Evaluation) -> Table | Absent:
    """Who is compared, and who is not."""
    if missing := none(evaluation) or unseen(evaluation):
        return missing
    sides = (SPOKEN, "compared_unmatched", "compared_outside", ALIKE, "compared_worth")
    stepped = ("compared_steps", "compared_same_step") if count(evaluation, "compared_steps") else ()
    rows = [[capital(word("category", side)), number(count(evaluation, side))] for side in (*sides, *stepped)]
    return Table(
        "Wie wordt vergeleken",
        ["Groep", "Inwoners"],
        rows,
        numbers=frozenset({"Inwoners"}),
        parts=frozenset({4, 6}) if stepped else frozenset({4}),
        note="Een vergelijkbare inwoner kan in meer maanden meetellen en later zelf worden gesproken. Niet iedereen "
        "weegt even zwaar: daarom staat er ook hoeveel inwoners het zouden zijn als dat wel zo was."
        f"{_beyond_the_periods(evaluation)}",
    )


def _beyond_the_periods(evaluation: Evaluation) -> str:
    """Why more were first spoken to than other pages tell: the records go on, or begin before the periods."""
    everybody = tidy.all_shown([count(evaluation, s) for s in (SPOKEN, "compared_unmatched", "compared_outside")])
    spoken = tidy.count(evaluation.measures, WHOLE, "spoken")
    if isinstance(everybody, Hidden) or isinstance(spoken, Hidden) or sum(everybody) == spoken:
        return ""
    return (
        f" Hier staan {number(sum(everybody))} gesproken inwoners, over de perioden samen {number(spoken)}: ook wie "
        "ervoor of erna voor het eerst is gesproken, telt hier mee."
    )


def balance(evaluation: Evaluation) -> Table | Absent:
    """How far both lie apart, before and after weighing."""
    if missing := none(evaluation) or unseen(evaluation):
        return missing
    found = tidy.pick(evaluation.measures, period=WHOLE, measure="compared_balance")
    traits = dict.fromkeys(c.partition(">")[0] for c in found["category"])
    rows = [
        [capital(word("category", t)), *(_unlike(evaluation, f"{t}>{w}") for w in ("unweighed", "weighed"))]
        for t in traits
    ]
    columns = ["Kenmerk", "Voor weging", "Na weging"]
    return Table(
        "Lijken zij op elkaar?",
        columns,
        rows,
        unit="verschil in gemiddelde, in spreidingen",
        numbers=frozenset(columns[1:]),
        note="0 is gelijk. Vergeleken wordt per maand binnen klassen van duur, leeftijd en leefvorm; wegen maakt de "
        "klassen even groot als bij gesproken inwoners.",
    )


def grounds(evaluation: Evaluation) -> Table | Absent:
    """What has to be so for the comparison to say something, what was found, and whether it is."""
    if missing := none(evaluation):
        return missing
    if tidy.pick(evaluation.measures, period=WHOLE, measure="compared").empty:
        return Absent(word("compared", "none"))
    rows: list[list[str | Status]] = [
        [question, found, limit, _status(evaluation, *held)]
        for question, found, limit, held in (
            (
                "Staat ook wie al weg is in het uitkeringenbestand?",
                _first_ends(evaluation),
                f"ten minste {percent(LEAST_OF_USUAL, 0)} van wat gewoon is",
                ("leavers_missing",),
            ),
            (
                "Zijn er genoeg eindes te verwachten?",
                number(risk(evaluation, MAIN, ALIKE, column="numerator")),
                f"ten minste {ENOUGH}",
                ("few_ends", "hardly_any_ends"),
            ),
            (
                "Is er voor bijna elke gesproken inwoner een vergelijkbare?",
                percent(_unmatched(evaluation)),
                f"ten hoogste {percent(MOST_UNMET, 0)} zonder",
                ("unmatched",),
            ),
            (
                "Lijken de twee groepen op elkaar?",
                number(_most_unlike(evaluation), 2),
                f"ten hoogste {number(MOST_UNLIKE, 1)} spreiding",
                ("unbalanced",),
            ),
            (
                "Is gelijk wat van een gesprek niet anders wordt: verhuizen, overlijden, pensioen, buitenland?",
                _beside(evaluation, f"moved_or_died>{PRIMARY}"),
                "binnen toeval",
                ("others_differ",),
            ),
            (
                "Vertrokken gesproken inwoners in de eerste drie maanden niet minder vaak?",
                _beside(evaluation, f"benefit_ended>{SOON}"),
                "niet minder",
                ("left_early",),
            ),
        )
    ]
    columns = ["Vraag", "Gevonden", "Nodig", "Oordeel"]
    caption, note = "Wat vooraf is gevraagd, en wat is gevonden", word("compared", "grounds")
    if not evaluation.is_internal:
        caption = "Wat vooraf is gevraagd, met het oordeel"
        columns, rows = [columns[0], *columns[2:]], [[row[0], *row[2:]] for row in rows]
        note = f"{note} {word('compared', 'public')}"
    return Table(caption, columns, rows, note=note)


def checks(evaluation: Evaluation) -> Checks | Absent:
    """Everybody who was first spoken to is compared, has nobody alike, or is in no month that can be compared."""
    if missing := none(evaluation) or unseen(evaluation):
        return missing
    parts = [count(evaluation, side) for side in (SPOKEN, "compared_unmatched", "compared_outside")]
    whole = tidy.number(evaluation.measures, WHOLE, "compared")
    return Checks((adds_up(evaluation, "Vergeleken, zonder vergelijkbare en niet te vergelijken", parts, whole),))


def none(evaluation: Evaluation) -> Absent | None:
    """Why there is no comparison at all; None when there is."""
    assert evaluation.whole
    rows = tidy.pick(evaluation.measures, period=WHOLE, measure=MEASURES[-1])
    if rows.empty and evaluation.deliveries(WHOLE):
        return Absent(word("absent", "balance"))
    return absent(evaluation, WHOLE, *MEASURES)


def unseen(evaluation: Evaluation) -> Absent | None:
    """In place of numbers that are in no public release, and that there are none of after too short a time."""
    rows = tidy.pick(evaluation.measures, period=WHOLE, measure="compared")
    return Absent(word("compared", "none")) if rows.empty or not evaluation.is_internal else None


def holds(evaluation: Evaluation, ground: str) -> bool:
    return value_of(evaluation, "comparison_ground", "ground", ground) == 1.0


def count(evaluation: Evaluation, side: str) -> float | Hidden:
    return tidy.count(evaluation.measures, WHOLE, "compared", "compared", side)


def value_of(evaluation: Evaluation, measure: str, breakdown: str, category: str) -> Value:
    return tidy.number(evaluation.measures, WHOLE, measure, breakdown, category)


def risk(evaluation: Evaluation, key: str, side: str, *, column: str = "value") -> Value:
    """The risk of a side, or the number behind it."""
    rows = tidy.pick(evaluation.measures, period=WHOLE, measure="compared_risk", category=f"{key}>{side}")
    if rows.empty or rows["status"].iloc[0] == "hidden":
        return HIDDEN if len(rows) else None
    value = rows[column].iloc[0]
    return None if pd.isna(value) else float(value)


def shares(evaluation: Evaluation, key: str, *, with_limits: bool = False) -> list[str]:
    cells = []
    for side in (SPOKEN, ALIKE):
        value, low, high = (risk(evaluation, key, side, column=c) for c in ("value", "low", "high"))
        cells += [percent(value), *([f"{percent(low)} – {percent(high)}"] if with_limits else [])]
    return cells


def _status(evaluation: Evaluation, *held: str) -> Status:
    fails = any(holds(evaluation, ground) for ground in held)
    return Status("differs", "nee") if fails else Status("agrees", "ja")


def _first_ends(evaluation: Evaluation) -> str:
    """Ends in the first three months, beside how many are usual."""
    found = tidy.pick(evaluation.measures, period=WHOLE, measure="compared", category="compared_first_ends")
    if found["value"].isna().any():
        return MARK
    seen, usual = (number(float(found[c].iloc[0])) for c in ("value", "denominator"))
    return f"{seen} in drie maanden; gewoon: {usual}"


def _unmatched(evaluation: Evaluation) -> Value:
    known = tidy.all_shown([count(evaluation, side) for side in (SPOKEN, "compared_unmatched")])
    return HIDDEN if isinstance(known, Hidden) else known[1] / sum(known) if sum(known) else None


def _most_unlike(evaluation: Evaluation) -> Value:
    found = tidy.pick(evaluation.measures, period=WHOLE, measure="compared_balance")
    own = found[found["category"].str.endswith(">weighed")]
    if (own["status"] == "hidden").any():
        return HIDDEN
    return float(own["value"].abs().max()) if len(own) else None


def _unlike(evaluation: Evaluation, category: str) -> str:
    value = value_of(evaluation, "compared_balance", "trait>weighing", category)
    return signed(value, 2) if isinstance(value, float) else number(value)


def _beside(evaluation: Evaluation, key: str) -> str:
    spoken, alike = shares(evaluation, key)
    return MARK if MARK in (spoken, alike) else f"{spoken} tegen {alike}"
