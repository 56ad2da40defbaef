"""Does it make a difference? What the comparison of `measures.compared` says, and why it says nothing.

On a ground of refusal no difference is shown, nor the risks that it is made of. In a public release only grounds and
verdict are: each is a yes or no about hundreds of residents, while the numbers rest on counts that nothing protects.
"""

from __future__ import annotations

import pandas as pd

from ... import tidy
from ...evaluation import Evaluation
from ...measures.compared import (
    ENOUGH,
    GROUNDS,
    MEASURES,
    MONTHS,
    MOST_UNLIKE,
    MOST_UNMET,
    PRIMARY,
    SOON,
)
from ...measures.trials import HORIZON
from ...periods import WHOLE
from ...tidy import HIDDEN, Hidden, Value
from ..absence import absent
from ..checks import adds_up
from ..elements import Absent, Answer, Checks, Remark, Status, Table
from ..wording import MARK, capital, counted, number, percent, points, signed, word

FIRM = 30  # expected ends from which on what is beyond chance is hardly exaggerated (simulated: 1.06, below it 1.3)
SPOKEN, ALIKE = "compared_spoken", "compared_alike"
MAIN = f"benefit_ended>{PRIMARY}"


def answer(evaluation: Evaluation, *, decimals: int = 1) -> Answer:
    """The risks of both with the difference and what may be said of it, or why nothing is."""
    if missing := _none(evaluation):
        return Answer((missing.text,))
    if reasons := _reasons(evaluation):
        return Answer(
            (
                f"Hieruit is **niet te zeggen** of de aanpak verschil maakt, want {'; en '.join(reasons)}.",
                "Een getal voor het verschil staat hier daarom niet.",
            )
        )
    if not evaluation.is_internal:
        return Answer((_verdict(evaluation), word("compared", "public")))
    spoken, alike = (f"**{percent(_risk(evaluation, MAIN, side), decimals)}**" for side in (SPOKEN, ALIKE))
    limits = _limits(evaluation, MAIN)
    many = counted(_count(evaluation, SPOKEN), "inwoner", "inwoners")
    return Answer(
        (
            f"Van de {many} die voor het eerst zijn gesproken, was van {spoken} de uitkering binnen "
            "twaalf maanden geëindigd. Van inwoners die op dezelfde dag even lang een uitkering hadden, even oud waren "
            f"en net zo woonden, en nog niet waren gesproken, was dat {alike}.",
            f"Het verschil ligt, op toeval na, tussen {' en '.join(map(points, limits))} procentpunt.",
            _verdict(evaluation),
        )
    )


def people(evaluation: Evaluation) -> Table | Absent:
    """Who is compared, and who is not."""
    if missing := _none(evaluation) or _unseen(evaluation):
        return missing
    sides = (SPOKEN, "compared_unmatched", "compared_outside", ALIKE, "compared_worth")
    rows = [[capital(word("category", side)), number(_count(evaluation, side))] for side in sides]
    return Table(
        "Wie wordt vergeleken",
        ["Groep", "Inwoners"],
        rows,
        numbers=frozenset({"Inwoners"}),
        parts=frozenset({4}),
        note="Een vergelijkbare inwoner kan in meer maanden meetellen en later zelf worden gesproken. Niet iedereen "
        "weegt even zwaar: daarom staat er ook hoeveel inwoners het zouden zijn als dat wel zo was.",
    )


def checks(evaluation: Evaluation) -> Checks | Absent:
    """Everybody who was first spoken to is compared, has nobody alike, or is in no month that can be compared."""
    if missing := _none(evaluation) or _unseen(evaluation):
        return missing
    parts = [_count(evaluation, side) for side in (SPOKEN, "compared_unmatched", "compared_outside")]
    whole = tidy.number(evaluation.measures, WHOLE, "compared")
    return Checks((adds_up(evaluation, "Vergeleken, zonder vergelijkbare en niet te vergelijken", parts, whole),))


def grounds(evaluation: Evaluation) -> Table | Absent:
    """What has to be so for the comparison to say something, what was found, and whether it is."""
    if missing := _none(evaluation):
        return missing
    if tidy.pick(evaluation.measures, period=WHOLE, measure="compared").empty:
        return Absent(word("compared", "none"))
    rows: list[list[str | Status]] = [
        [question, found, limit, _status(evaluation, *held)]
        for question, found, limit, held in (
            (
                "Zijn er genoeg eindes te verwachten?",
                number(_risk(evaluation, MAIN, ALIKE, column="numerator")),
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
    if not evaluation.is_internal:
        columns, rows = [columns[0], *columns[2:]], [[row[0], *row[2:]] for row in rows]
    return Table("Mag het worden vergeleken?", columns, rows, note=word("compared", "grounds"))


def outcomes(evaluation: Evaluation) -> Table | Absent:
    """Both risks with their difference; of few expected ends without it, of who was not invited as asked later.

    On any other ground nothing, nor in public.
    """
    if missing := _none(evaluation):
        return missing
    held = [g for g in GROUNDS if _holds(evaluation, g)]
    if not evaluation.is_internal or held not in ([], ["few_ends"], ["left_early"]):
        return Absent(word("compared", "none"))
    if held == ["few_ends"]:
        asked, note = [MAIN], word("compared", "risks_alone")
        columns = ["Uitkomst", "Gesproken", "Gesproken, 95%-interval", "Vergelijkbaar", "Vergelijkbaar, 95%-interval"]
        rows = [[_named(key), *_shares(evaluation, key, with_limits=True)] for key in asked]
    else:
        every = [*(f"benefit_ended>{m}" for m in MONTHS), f"ended_by_work>{PRIMARY}"]
        asked = [f"three_months_later>{PRIMARY}"] if held else every
        note = word("compared", "asked_later" if held else "diluted")
        columns = ["Uitkomst", "Gesproken", "Vergelijkbaar", "Verschil", "95%-interval"]
        rows = [[_named(key), *_shares(evaluation, key), *_off(evaluation, key)] for key in asked]
    return Table(
        "Uit de uitkering na zoveel maanden",
        columns,
        rows,
        unit="%" if held == ["few_ends"] else "% en procentpunt",
        numbers=frozenset(columns[1:]),
        note=note,
    )


def ways(evaluation: Evaluation) -> Table | Absent:
    """The difference worked out in other ways, and with what nobody records taken into account."""
    if missing := _none(evaluation):
        return missing
    if not evaluation.is_internal or _reasons(evaluation):
        return Absent(word("compared", "none"))
    asked = [
        f"three_months_later>{PRIMARY}",
        f"without_classes>{PRIMARY}",
        f"likelier>{PRIMARY}",
        f"less_likely>{PRIMARY}",
        f"stopped_and_weighed>{HORIZON}",
    ]
    rows = [[_named(key), *_off(evaluation, key)] for key in asked]
    columns = ["Anders gerekend", "Verschil", "95%-interval"]
    return Table(
        "Maakt de manier van rekenen uit?",
        columns,
        rows,
        unit="procentpunt",
        numbers=frozenset(columns[1:]),
        note="Wie gemotiveerder is of hoger op de ladder staat, vertrekt vaker; dat staat niet in de gegevens. In "
        "nagebootste bestanden scheelde zulke selectie ongeveer een vijfde, naar beide kanten.",
    )


def months_off(evaluation: Evaluation) -> Remark | Absent:
    """Months without the benefit in two years."""
    if missing := _none(evaluation):
        return missing
    if not evaluation.is_internal or _reasons(evaluation):
        return Absent(word("compared", "none"))
    rows = tidy.pick(evaluation.measures, period=WHOLE, measure="compared_months_off")
    values = dict(zip(rows["category"], rows["value"], strict=True))
    if rows["value"].isna().any():
        return Remark(word("compared", "no_two_years"))
    low, high = (float(rows.loc[rows["category"] == "", c].iloc[0]) for c in ("low", "high"))
    spoken, alike = (number(float(values[s]), 1) for s in (SPOKEN, ALIKE))
    return Remark(
        f"In de twee jaar na het gesprek was een gesproken inwoner gemiddeld {spoken} maanden zonder uitkering, een "
        f"vergelijkbare inwoner {alike}. Het verschil ligt tussen {signed(low)} en {signed(high)} maanden per inwoner."
    )


def balance(evaluation: Evaluation) -> Table | Absent:
    """How far both lie apart, before and after weighing."""
    if missing := _none(evaluation) or _unseen(evaluation):
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


def _none(evaluation: Evaluation) -> Absent | None:
    """Why there is no comparison at all; None when there is."""
    assert evaluation.whole
    rows = tidy.pick(evaluation.measures, period=WHOLE, measure=MEASURES[-1])
    if rows.empty and evaluation.deliveries(WHOLE):
        return Absent(word("absent", "balance"))
    return absent(evaluation, WHOLE, *MEASURES)


def _unseen(evaluation: Evaluation) -> Absent | None:
    """In place of numbers that are in no public release, and that there are none of after too short a time."""
    rows = tidy.pick(evaluation.measures, period=WHOLE, measure="compared")
    return Absent(word("compared", "none")) if rows.empty or not evaluation.is_internal else None


def _reasons(evaluation: Evaluation) -> list[str]:
    """The grounds on which nothing is said, in words; `few_ends` holds where `hardly_any_ends` does."""
    held = [g for g in GROUNDS if _holds(evaluation, g) and g != "hardly_any_ends"]
    return [word("compared", g) for g in held]


def _verdict(evaluation: Evaluation) -> str:
    """What may be said of the difference; nothing where it may be either, or come from who was spoken to."""
    more, less = (_holds(evaluation, v) for v in ("more_often", "less_often"))
    if not (more or less):
        return word("compared", "open")
    said = word("compared", "more" if more else "less")
    expected = _risk(evaluation, MAIN, ALIKE, column="numerator")
    if isinstance(expected, float) and expected < FIRM:
        said += f" {word('compared', 'not_firm')}"
    return said


def _holds(evaluation: Evaluation, ground: str) -> bool:
    return _number(evaluation, "comparison_ground", "ground", ground) == 1.0


def _status(evaluation: Evaluation, *held: str) -> Status:
    fails = any(_holds(evaluation, ground) for ground in held)
    return Status("differs", "nee") if fails else Status("agrees", "ja")


def _count(evaluation: Evaluation, side: str) -> float | Hidden:
    return tidy.count(evaluation.measures, WHOLE, "compared", "compared", side)


def _unmatched(evaluation: Evaluation) -> Value:
    known = tidy.all_shown([_count(evaluation, side) for side in (SPOKEN, "compared_unmatched")])
    return HIDDEN if isinstance(known, Hidden) else known[1] / sum(known) if sum(known) else None


def _most_unlike(evaluation: Evaluation) -> Value:
    found = tidy.pick(evaluation.measures, period=WHOLE, measure="compared_balance")
    own = found[found["category"].str.endswith(">weighed")]
    if (own["status"] == "hidden").any():
        return HIDDEN
    return float(own["value"].abs().max()) if len(own) else None


def _unlike(evaluation: Evaluation, category: str) -> str:
    value = _number(evaluation, "compared_balance", "trait>weighing", category)
    return signed(value, 2) if isinstance(value, float) else number(value)


def _number(evaluation: Evaluation, measure: str, breakdown: str, category: str) -> Value:
    return tidy.number(evaluation.measures, WHOLE, measure, breakdown, category)


def _risk(evaluation: Evaluation, key: str, side: str, *, column: str = "value") -> Value:
    """The risk of a side, or the number behind it."""
    rows = tidy.pick(evaluation.measures, period=WHOLE, measure="compared_risk", category=f"{key}>{side}")
    if rows.empty or rows["status"].iloc[0] == "hidden":
        return HIDDEN if len(rows) else None
    value = rows[column].iloc[0]
    return None if pd.isna(value) else float(value)


def _limits(evaluation: Evaluation, key: str) -> list[float]:
    """The interval of a difference; nothing where there is none."""
    row = tidy.pick(evaluation.measures, period=WHOLE, measure="compared_difference", category=key).iloc[-1]
    return [float(row[side]) for side in ("low", "high") if not pd.isna(row[side])]


def _shares(evaluation: Evaluation, key: str, *, with_limits: bool = False) -> list[str]:
    cells = []
    for side in (SPOKEN, ALIKE):
        value, low, high = (_risk(evaluation, key, side, column=c) for c in ("value", "low", "high"))
        cells += [percent(value), *([f"{percent(low)} – {percent(high)}"] if with_limits else [])]
    return cells


def _off(evaluation: Evaluation, key: str) -> list[str]:
    """The difference and its interval; an en dash where there is none."""
    value = _number(evaluation, "compared_difference", "outcome>months", key)
    if not isinstance(value, float):
        return [number(value), number(value)]
    limits = _limits(evaluation, key)
    return [points(value), " tot ".join(map(points, limits)) if limits else "–"]


def _beside(evaluation: Evaluation, key: str) -> str:
    spoken, alike = _shares(evaluation, key)
    return MARK if MARK in (spoken, alike) else f"{spoken} tegen {alike}"


def _named(key: str) -> str:
    outcome, _, months = key.partition(">")
    return f"{capital(word('category', outcome))} ({months} maanden)"
