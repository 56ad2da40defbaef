"""What it costs, and what stands against that, of each period and of all together."""

from __future__ import annotations

import pandas as pd

from ... import tidy
from ...costs import Amount
from ...evaluation import Evaluation
from ...periods import WHOLE
from ...tidy import HIDDEN, Value
from ..absence import absent
from ..checks import adds_up, judged
from ..elements import Absent, Answer, Checks, Remark, Table
from ..wording import MARK, capital, day, number, word

SUMS = ("consultants", "begun", "all_begun", "by_day")
OUTCOMES = ("per_spoken", "per_activated", "per_still_active", "per_left")
MADE = ("programme_cost", "cost_per_resident", "break_even_months", "benefit_avoided")


def answer(evaluation: Evaluation) -> Answer:
    """What it cost in all and per resident spoken to, and what has to stand against it to pay for itself."""
    if missing := _none(evaluation):
        return Answer((missing.text,))
    total = _between(evaluation, "programme_cost", "", "", WHOLE)
    if MARK in total:
        return Answer((word("costs", "hidden"),))
    each = _between(evaluation, "cost_per_resident", "per", "per_spoken", WHOLE)
    months = number(tidy.number(evaluation.measures, WHOLE, "consultant_months"))
    said = [
        f"Over alle perioden samen kostte de aanpak **{total} euro**: {months} maanden consulent"
        f"{_and_trajectories(evaluation)}."
    ]
    if each not in ("–", MARK):
        said.append(f"Dat is **{each} euro** voor elke inwoner die voor het eerst is gesproken.")
    return Answer((*said, *_against(evaluation)))


def sums(evaluation: Evaluation) -> Table | Absent:
    """Consultants and trajectories, counted in each way, and both together."""
    if missing := _none(evaluation):
        return missing
    keys = _periods(evaluation)
    rows = [["Consulentmaanden", *(number(tidy.number(evaluation.measures, k, "consultant_months")) for k in keys)]]
    names = {"consultants": "Consulenten"} | {c: capital(word("category", c)) for c in SUMS[1:]}
    for cost in SUMS:
        shown = [_sum(evaluation, k, cost) for k in keys]
        if set(shown) != {"–"}:
            rows.append([names[cost], *shown])
    ends = [_ends(evaluation, "programme_cost", "", "", k) for k in keys]
    is_hidden = [tidy.number(evaluation.measures, k, "programme_cost") is HIDDEN for k in keys]
    both = ("ten minste", "ten hoogste") if evaluation.is_internal else ("bekende bedragen", "ook zonder bedrag")
    names_of = both if any(low != high for low, high in ends) else ("",)
    for n, name in enumerate(names_of):
        rows.append(
            [
                ", ".join(filter(None, ("Samen", name))),
                *(MARK if h else number(e[n]) for e, h in zip(ends, is_hidden, strict=True)),
            ]
        )
    columns = ["Wat", *_names(evaluation)]
    apart = "Perioden die dagen delen, zijn niet op te tellen."
    return Table(
        "Wat de aanpak kostte",
        columns,
        rows,
        unit="euro; de eerste regel in maanden",
        numbers=frozenset(columns[1:]),
        totals=frozenset(range(len(rows) - len(names_of), len(rows))),
        note=f"Ten minste en ten hoogste: naar hoe trajecten worden geteld. {apart}"
        if evaluation.is_internal
        else f"{apart} {word('costs', 'by_begin')}",
    )


def each(evaluation: Evaluation) -> Table | Absent:
    """Costs per resident, by what was reached."""
    if missing := _none(evaluation):
        return missing
    keys = _periods(evaluation)
    rows = [
        [capital(word("category", per)), *(_between(evaluation, "cost_per_resident", "per", per, k) for k in keys)]
        for per in OUTCOMES
    ]
    columns = ["Wat", *_names(evaluation)]
    return Table(
        "Kosten per inwoner",
        columns,
        rows,
        unit="euro",
        numbers=frozenset(columns[1:]),
        note="Elke regel deelt dezelfde kosten door andere inwoners: de regels zijn niet op te tellen. Wie actief werd "
        "of uitstroomde, hoeft niet te zijn gesproken, en het hoeft niet door de aanpak te komen."
        + ("" if evaluation.is_internal else f" {word('costs', 'by_begin')}"),
    )


def break_even(evaluation: Evaluation, *, decimals: int = 1) -> Table | Remark | Absent:
    """How many months of benefit per resident spoken to come to the costs, and what the records leave open."""
    if missing := _none(evaluation):
        return missing
    amounts = evaluation.workspace.settings.costs.benefit_month
    if not amounts:
        return Remark(word("costs", "no_benefit"))
    rows = [[capital(a.name), _months(evaluation, a.name, decimals), _avoided(evaluation, decimals)] for a in amounts]
    columns = ["Uitkering", "Terugverdiend bij", "De gegevens laten open"]
    if all(row[-1] == "–" for row in rows):
        columns, rows = columns[:-1], [row[:-1] for row in rows]
    return Table(
        "Wanneer het is terugverdiend",
        columns,
        rows,
        unit="maanden uitkering minder per gesproken inwoner, in twee jaar",
        numbers=frozenset(columns[1:]),
        note="Een uitkering is voor een huishouden: van een paar is het er één. Wie kosten deelt of erbij werkt, "
        "krijgt minder dan de norm; dan zijn er meer maanden nodig.",
    )


def checks(evaluation: Evaluation) -> Checks | Absent:
    """Consultants and trajectories against their sum, and the sum against the amount per resident."""
    if missing := _none(evaluation):
        return missing
    parts = [_number(evaluation, "programme_cost", "cost", c) for c in ("consultants", "all_begun")]
    total = _number(evaluation, "programme_cost")
    made = [adds_up(evaluation, "Consulenten en begonnen trajecten", parts, total)]
    of_each, spoken = _number(evaluation, "cost_per_resident", "per", "per_spoken"), _number(evaluation, "spoken")
    if isinstance(total, float) and isinstance(of_each, float) and isinstance(spoken, float):
        sum_ = f"{number(total)} / {number(spoken)} = {number(total / spoken)}"
        text = f"Per gesproken inwoner: {sum_}; er staat {number(of_each)}."
        made.append(judged(evaluation, abs(total / spoken - of_each) < 0.5, text))
    return Checks(tuple(made))


def amounts(evaluation: Evaluation) -> Table | Absent:
    """The amounts that were set, with where they come from."""
    set_ = evaluation.workspace.settings.costs
    found = [("Consulent", set_.consultant_month), *((f"Uitkering, {a.name}", a) for a in set_.benefit_month)]
    rows = [_amount(name, amount) for name, amount in found if amount]
    if not rows:
        return Absent(word("costs", "unset"))
    columns = ["Bedrag", "Euro per maand", "Vanaf", "Bron"]
    begun = min(piece.start for piece in evaluation.whole)
    note = word("costs", "before") if any(a.since > begun for _, a in found if a) else ""
    return Table("Ingestelde bedragen", columns, rows, numbers=frozenset(columns[1:3]), note=note)


def _and_trajectories(evaluation: Evaluation) -> str:
    """What trajectories add, after the months of consultants: none began, but what ran already costs all the same."""
    begun, by_day = (_number(evaluation, "programme_cost", "cost", c) for c in ("all_begun", "by_day"))
    if begun:
        return ", en trajecten"
    if by_day:
        return ", en trajecten die al liepen"
    why = "unpriced" if begun is None else "none_began" if evaluation.is_internal else "none_began_in_public"
    return f"; {word('costs', why)}"


def _none(evaluation: Evaluation) -> Absent | None:
    """Why there are no costs; None when there are, though some may be hidden."""
    assert evaluation.whole
    if tidy.pick(evaluation.measures, period=WHOLE, measure="programme_cost").empty:
        return absent(evaluation, WHOLE, "spoken") or Absent(word("absent", "records"))
    if evaluation.workspace.settings.costs.consultant_month is None:
        return Absent(word("costs", "unset"))
    if tidy.number(evaluation.measures, WHOLE, "consultant_months") is None:
        return Absent(word("costs", "no_staff"))
    return None


def _periods(evaluation: Evaluation) -> list[str]:
    held = set(tidy.pick(evaluation.measures, measure="programme_cost")["period"])
    return [k for k in (*(p.id for p in evaluation.workspace.periods), WHOLE) if k in held]


def _names(evaluation: Evaluation) -> list[str]:
    names = {p.id: capital(p.wording()) for p in evaluation.workspace.periods} | {WHOLE: "Alle perioden"}
    return [names[key] for key in _periods(evaluation)]


def _against(evaluation: Evaluation) -> list[str]:
    """The break-even in a sentence, and what the records leave open."""
    amounts = evaluation.workspace.settings.costs.benefit_month
    months = [_months(evaluation, a.name) for a in amounts]
    if not amounts or {"–", MARK} & set(months):
        return []
    said = " of ".join(f"{m} maanden ({a.name})" for a, m in zip(amounts, months, strict=True))
    made = [
        f"De kosten zijn terugverdiend als een gesproken inwoner in twee jaar gemiddeld {said} minder uitkering krijgt."
    ]
    low, high = _ends(evaluation, "compared_months_off", "", "")
    if low is None or high is None or not tidy.pick(evaluation.measures, measure="benefit_avoided").size:
        return [*made, word("costs", "refused" if is_refused(evaluation) else "public")]
    euros = [_ends(evaluation, "benefit_avoided", "benefit", a.name) for a in amounts]
    least, most = min(e[0] or 0.0 for e in euros), max(e[1] or 0.0 for e in euros)
    return [
        *made,
        f"Volgens de vergelijking kreeg een gesproken inwoner in twee jaar, op toeval na, {_less(low, high, 1)} "
        "maanden minder uitkering (onder nul: meer). Voor alle vergeleken inwoners samen is dat "
        f"{_less(least, most, 0)} euro.",
    ]


def is_refused(evaluation: Evaluation) -> bool:
    """Whether *Maakt de aanpak verschil?* names no difference."""
    held = tidy.pick(evaluation.measures, period=WHOLE, measure="comparison_ground")
    grounds = held[~held["category"].isin(["more_often", "less_often"])]
    return grounds.empty or bool(grounds["value"].gt(0).any())


def _number(evaluation: Evaluation, measure: str, breakdown: str = "", label: str = "") -> Value:
    return tidy.number(evaluation.measures, WHOLE, measure, breakdown, label)


def _months(evaluation: Evaluation, name: str, decimals: int = 1) -> str:
    return _between(evaluation, "break_even_months", "benefit", name, WHOLE, decimals=decimals)


def _avoided(evaluation: Evaluation, decimals: int) -> str:
    """Months, not euros: of the same kind as the column beside it."""
    low, high = _ends(evaluation, "compared_months_off", "", "")
    known = not is_refused(evaluation) and low is not None and high is not None
    return _less(low or 0.0, high or 0.0, decimals) if known else "–"


def _less(low: float, high: float, decimals: int) -> str:
    """An interval of what is less: below zero it is more."""
    shown = [f"{'−' if end < 0 else ''}{number(abs(end), decimals)}" for end in (low, high)]
    return " tot ".join(shown)


def _sum(evaluation: Evaluation, period: str, cost: str) -> str:
    return number(tidy.number(evaluation.measures, period, "programme_cost", "cost", cost))


def _between(
    evaluation: Evaluation, measure: str, breakdown: str, label: str, period: str, *, decimals: int = 0
) -> str:
    """From the least to the most; one number where they are shown as one."""
    value = tidy.number(evaluation.measures, period, measure, breakdown, label)
    if not isinstance(value, float):
        return number(value, decimals)
    low, high = _ends(evaluation, measure, breakdown, label, period)
    ends = [number(value if end is None else end, decimals) for end in (low, high)]
    return ends[0] if ends[0] == ends[1] else f"{ends[0]} tot {ends[1]}"


def _ends(
    evaluation: Evaluation, measure: str, breakdown: str, label: str, period: str = WHOLE
) -> tuple[float | None, float | None]:
    found = tidy.pick(evaluation.measures, period=period, measure=measure, breakdown=breakdown, category=label)
    if found.empty:
        return None, None
    low, high = (None if pd.isna(v) else float(v) for v in found[["low", "high"]].iloc[-1])
    return low, high


def _amount(name: str, amount: Amount) -> list[str]:
    return [name, number(amount.euros, 2), day(amount.since), amount.source]
