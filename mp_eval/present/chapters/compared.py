"""Does it make a difference? What the comparison of `measures.compared` says, and why it says nothing.

On a ground of refusal neither a difference is shown nor the risks that it is made of; in public only the verdict is.
"""

from __future__ import annotations

import pandas as pd

from ... import tidy
from ...evaluation import Evaluation
from ...measures.compared import GROUNDS, MONTHS, PRIMARY
from ...measures.trials import HORIZON
from ...periods import WHOLE
from ..elements import Absent, Answer, Remark, Table
from ..wording import capital, counted, number, percent, points, signed, word
from .comparable import ALIKE, MAIN, SPOKEN, count, holds, none, risk, shares, value_of

FIRM = 30  # expected ends from which on what is beyond chance is hardly exaggerated (simulated: 1.06, below it 1.3)


def answer(evaluation: Evaluation, *, decimals: int = 1) -> Answer:
    """The risks of both with the difference and what may be said of it, or why nothing is."""
    if missing := none(evaluation):
        return Answer((missing.text,))
    if reasons := _reasons(evaluation):
        return Answer(
            (
                f"Hieruit is **niet te zeggen** of de aanpak verschil maakt, want {'; en '.join(reasons)}.",
                "Een getal voor het verschil staat hier daarom niet.",
            )
        )
    if not evaluation.is_internal:
        return Answer((_verdict(evaluation),))  # that the numbers are left out stands below the table of questions
    spoken, alike = (f"**{percent(risk(evaluation, MAIN, side), decimals)}**" for side in (SPOKEN, ALIKE))
    limits = _limits(evaluation, MAIN)
    many = counted(count(evaluation, SPOKEN), "inwoner", "inwoners")
    return Answer(
        (
            f"Van de {many} die voor het eerst zijn gesproken, was van {spoken} de uitkering binnen "
            "twaalf maanden geëindigd. Van inwoners die op dezelfde dag even lang een uitkering hadden, even oud waren "
            f"en net zo woonden, en nog niet waren gesproken, was dat {alike}.",
            f"Het verschil ligt, op toeval na, tussen {' en '.join(map(points, limits))} procentpunt.",
            _verdict(evaluation),
        )
    )


def in_short(evaluation: Evaluation) -> str:
    """The answer without its numbers; '' where there is no comparison at all."""
    if none(evaluation):
        return ""
    return word("compared", "unclear") if _reasons(evaluation) else _verdict(evaluation)


def is_told(evaluation: Evaluation) -> bool:
    """Whether it says that there is a difference."""
    verdicts = ("more_often", "less_often")
    return not none(evaluation) and not _reasons(evaluation) and any(holds(evaluation, v) for v in verdicts)


def outcomes(evaluation: Evaluation) -> Table | Absent:
    """Both risks with their difference; of few expected ends without it, of who was not invited as asked later.

    On any other ground nothing, nor in public.
    """
    if missing := none(evaluation):
        return missing
    held = [g for g in GROUNDS if holds(evaluation, g)]
    if not evaluation.is_internal or held not in ([], ["few_ends"], ["left_early"]):
        return Absent(word("compared", "none"))
    if held == ["few_ends"]:
        asked, note = [MAIN], word("compared", "risks_alone")
        columns = ["Uitkomst", "Gesproken", "Gesproken, 95%-interval", "Vergelijkbaar", "Vergelijkbaar, 95%-interval"]
        rows = [[_named(key), *shares(evaluation, key, with_limits=True)] for key in asked]
    else:
        every = [*(f"benefit_ended>{m}" for m in MONTHS), f"ended_by_work>{PRIMARY}"]
        asked = [f"three_months_later>{PRIMARY}"] if held else every
        note = word("compared", "asked_later" if held else "diluted")
        columns = ["Uitkomst", "Gesproken", "Vergelijkbaar", "Verschil", "95%-interval"]
        rows = [[_named(key), *shares(evaluation, key), *_off(evaluation, key)] for key in asked]
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
    if missing := none(evaluation):
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
        note="Wie gemotiveerder is of hoger op de ladder staat, vertrekt vaker. Motivatie staat niet in de gegevens, "
        "de trede bij de instroom alleen als zij is geleverd. In nagebootste bestanden scheelde zulke selectie "
        "ongeveer een vijfde, naar beide kanten.",
    )


def months_off(evaluation: Evaluation) -> Remark | Absent:
    """Months without the benefit in two years."""
    if missing := none(evaluation):
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


def _reasons(evaluation: Evaluation) -> list[str]:
    """The grounds on which nothing is said, in words; `few_ends` holds where `hardly_any_ends` does."""
    held = [g for g in GROUNDS if holds(evaluation, g) and g != "hardly_any_ends"]
    return [word("compared", g) for g in held]


def _verdict(evaluation: Evaluation) -> str:
    """What may be said of the difference; nothing where it may be either, or come from who was spoken to."""
    more, less = (holds(evaluation, v) for v in ("more_often", "less_often"))
    if not (more or less):
        return word("compared", "open")
    said = word("compared", "more" if more else "less")
    expected = risk(evaluation, MAIN, ALIKE, column="numerator")
    if isinstance(expected, float) and expected < FIRM:
        said += f" {word('compared', 'not_firm')}"
    return said


def _limits(evaluation: Evaluation, key: str) -> list[float]:
    """The interval of a difference; nothing where there is none."""
    row = tidy.pick(evaluation.measures, period=WHOLE, measure="compared_difference", category=key).iloc[-1]
    return [float(row[side]) for side in ("low", "high") if not pd.isna(row[side])]


def _off(evaluation: Evaluation, key: str) -> list[str]:
    """The difference and its interval; an en dash where there is none."""
    value = value_of(evaluation, "compared_difference", "outcome>months", key)
    if not isinstance(value, float):
        return [number(value), number(value)]
    limits = _limits(evaluation, key)
    return [points(value), " tot ".join(map(points, limits)) if limits else "–"]


def _named(key: str) -> str:
    outcome, _, months = key.partition(">")
    return f"{capital(word('category', outcome))} ({months} maanden)"
