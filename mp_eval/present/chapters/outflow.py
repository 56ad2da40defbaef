"""Who left the benefit, for which reason, which share that is, and what stood beside it."""

from __future__ import annotations

import pandas as pd

from ... import tidy
from ...evaluation import Evaluation
from ...measures.exits import CODES, reason
from ...tidy import Hidden
from ..absence import absent
from ..checks import adds_up
from ..elements import Absent, Answer, Checks, Headline, Remark, Row, Table
from ..tables import rate as shown_rate
from ..wording import MARK, are, capital, counted, number, word
from . import ladder

MEASURES = ("outflow", "wsp_referral")


def answer(evaluation: Evaluation, period: str) -> Answer:
    """How many left the benefit, how many were referred, and how many came to stand higher on the ladder."""
    if missing := absent(evaluation, period, *MEASURES):
        return Answer(tuple(dict.fromkeys((missing.text, ladder.sentence(evaluation, period)))))
    left, referred = (tidy.count(evaluation.measures, period, m) for m in MEASURES)
    residents = counted(left, "inwoner", "inwoners")
    said = [
        f"Over {evaluation.wording(period)} {_verb(left, 'stroomde', 'stroomden')} **{residents}** uit de uitkering"
        f"{_to_work(evaluation, period, left)}. {capital(_passive(referred))} "
        f"**{counted(referred, 'inwoner', 'inwoners')}** verwezen naar het werkgeversservicepunt (WSP).",
        ladder.sentence(evaluation, period),
    ]
    return Answer(tuple(said))


def headline(evaluation: Evaluation, period: str) -> Headline | Absent:
    """Out of the benefit, to the WSP, up the ladder."""
    if missing := absent(evaluation, period, *MEASURES):
        return missing
    rate = tidy.number(evaluation.measures, period, "outflow_per_month")
    context = "" if isinstance(rate, Hidden) else f"{number(rate, 1)} per maand"
    left, referred = (number(tidy.count(evaluation.measures, period, m)) for m in MEASURES)
    items = [(left, word("measure", "outflow"), context), (referred, word("measure", "wsp_referral"), "")]
    if not absent(evaluation, period, *ladder.MEASURES):
        rose, fell = (_value(evaluation, period, "ladder_moves", "direction", f"moved_{d}") for d in ("up", "down"))
        twice = tidy.count(evaluation.measures, period, "ladder_moves")
        context = f"van {counted(twice, 'inwoner', 'inwoners')}; lager: {number(fell)}"
        items.append((number(rose), "hoger op de ladder", context))
    return Headline(tuple(items))


def reasons(evaluation: Evaluation, period: str) -> Table | Absent:
    """Residents who left by the reason and code of the statistical office; what did not occur is left out."""
    if missing := absent(evaluation, period, *MEASURES):
        return missing
    found = {code: _value(evaluation, period, "outflow", "reason", reason(code)) for code in (*CODES, "")}
    rows: list[Row] = [
        [capital(word("category", reason(code))), f"CBS {code}" if code else "–", number(value)]
        for code, value in found.items()
        if value is not None and (isinstance(value, Hidden) or value > 0)
    ]
    total = len(rows)
    rows.append(["Totaal", "", number(tidy.count(evaluation.measures, period, "outflow"))])
    rows.append(["waarvan naar werk", "CBS 11, 13", number(_value(evaluation, period, "outflow_to_work"))])
    return Table(
        "Uitstroom uit de uitkering naar reden",
        ["Reden", "Code", "Inwoners"],
        rows,
        unit="inwoners",
        numbers=frozenset({"Inwoners"}),
        totals=frozenset({total}),
        parts=frozenset({total + 1}),
        note="De codes zijn die van de Bijstandsuitkeringenstatistiek van het CBS. Code 11 is werk in dienstbetrekking "
        "of ziekte: de code maakt geen onderscheid. Redenen die niet voorkomen staan er niet bij.",
    )


def beside(evaluation: Evaluation, period: str) -> Table | Absent:
    """Referrals, part-time contracts, who had two of these, and who was back within thirty days."""
    if missing := absent(evaluation, period, *MEASURES):
        return missing
    names = (
        ("outflow", "Uitgestroomd uit de uitkering"),
        ("outflow_with_wsp", "waarvan ook verwezen naar het WSP"),
        ("outflow_with_part_time", "waarvan ook een parttime contract"),
        ("wsp_referral", "Verwezen naar het WSP"),
        ("part_time_contract", "Parttime contract gekregen"),
        ("re_entries", "Uitkering beëindigd, binnen dertig dagen terug"),
    )
    rows = [[name, number(_value(evaluation, period, measure))] for measure, name in names]
    returned = _value(evaluation, period, "re_entries")
    note = "Wie binnen dertig dagen terug was in de uitkering, telt niet als uitgestroomd."
    if returned is None:
        note = (
            "Wie er binnen dertig dagen terug was, is niet bekend: daarvoor is het bestand van alle uitkeringen nodig."
        )
    return Table(
        "Uitstroom, verwijzing en parttime werk",
        ["Wat is geteld", "Inwoners"],
        rows,
        unit="inwoners",
        numbers=frozenset({"Inwoners"}),
        parts=frozenset({1, 2}),
        note=note,
    )


def referred(evaluation: Evaluation, period: str) -> Remark | Absent:
    """Whether who was referred to the employers' service is also who left."""
    if missing := absent(evaluation, period, *MEASURES):
        return missing
    sent, both = (tidy.count(evaluation.measures, period, m) for m in ("wsp_referral", "outflow_with_wsp"))
    if sent == 0:
        return Remark(f"Over {evaluation.wording(period)} is niemand naar het WSP verwezen.")
    residents = counted(sent, "verwezen inwoner", "verwezen inwoners")
    return Remark(f"Van {residents} {_also_left(both)}.")


def part_time(evaluation: Evaluation, period: str) -> Remark | Absent:
    """Whether the part-time contracts are the outflow that the report says follows from them."""
    if missing := absent(evaluation, period, "part_time_contract"):
        return missing
    contracts, both = (
        tidy.count(evaluation.measures, period, m) for m in ("part_time_contract", "outflow_with_part_time")
    )
    got = f"{capital(counted(contracts, 'inwoner', 'inwoners'))} {_verb(contracts, 'kreeg', 'kregen')}"
    if contracts == 0:
        return Remark(f"Over {evaluation.wording(period)} zijn geen parttime contracten vastgelegd.")
    return Remark(f"{got} een parttime contract. Daarvan {_also_left(both)}.")


def rates(evaluation: Evaluation, period: str) -> Table | Absent:
    """Who left of all on benefit, divided by the stock at the start and the inflow."""
    if missing := absent(evaluation, period, "benefit_outflow_rate"):
        return missing
    parts = [_value(evaluation, period, "benefit_population", "begin", f"started_{p}") for p in ("before", "within")]
    columns = ["Van wie", "Aan het begin", "Erbij gekomen", "Uitkering eindigde", "Aandeel", "95%-interval"]
    return Table(
        "Van welk deel van alle inwoners met een uitkering eindigde zij?",
        columns,
        [["Alle inwoners met een uitkering", *map(number, parts), *_rate(evaluation, period, "benefit_outflow_rate")]],
        unit="inwoners en %",
        numbers=frozenset(columns[1:]),
        note="Aandeel = uitkering eindigde / (aan het begin + erbij gekomen), volgens het bestand van alle "
        "uitkeringen. Erbij gekomen: in de periode een uitkering gekregen.",
    )


def of_programme(evaluation: Evaluation, period: str) -> Remark | Absent:
    """Who left of the programme, and why that is no share to lay beside the one of all benefits."""
    if missing := absent(evaluation, period, "programme_outflow_rate"):
        return missing
    there = tidy.count(evaluation.measures, period, "programme_population")
    left = _rate(evaluation, period, "programme_outflow_rate")[0]
    there_were = f"{_verb(there, 'was', 'waren')} {counted(there, 'inwoner', 'inwoners')}"
    return Remark(
        f"Over {evaluation.wording(period)} {there_were} in de aanpak; van hen uitgestroomd: {left}. Daar staat geen "
        "aandeel bij, want dat is met dat van alle uitkeringen niet te vergelijken. Het komt uit een andere bron. Wie "
        "pas in de periode instapte, was er korter bij. Wie naar het WSP is verwezen of een afsluitend gesprek had, "
        "hoort er daarna niet meer bij, ook als de uitkering eindigt."
    )


def checks(evaluation: Evaluation, period: str) -> Checks | Absent:
    """Reasons and populations against their totals."""
    if missing := absent(evaluation, period, *MEASURES):
        return missing
    made = []
    for measure, breakdown, name in (
        ("outflow", "reason", "Uitstroom naar reden"),
        ("programme_population", "begin", "Inwoners in de aanpak"),
        ("benefit_population", "begin", "Inwoners met een uitkering"),
    ):
        rows = tidy.pick(evaluation.measures, period=period, measure=measure, breakdown=breakdown)
        values = [tidy.number(rows, period, measure, breakdown, c) for c in rows["category"]]
        total = _value(evaluation, period, measure)
        if total is not None:
            made.append(adds_up(evaluation, name, [v for v in values if v != 0 and v is not None], total))
    return Checks(tuple(made))


def _also_left(both: float | Hidden) -> str:
    how_many = word("hidden", "count") if isinstance(both, Hidden) else "niemand" if both == 0 else number(both)
    verb = "stroomde" if isinstance(both, Hidden) or both <= 1 else "stroomden"
    return f"{verb} {how_many} in dezelfde periode uit de uitkering"


def _to_work(evaluation: Evaluation, period: str, left: float | Hidden) -> str:
    working = _value(evaluation, period, "outflow_to_work")
    if working is None or isinstance(working, Hidden) or (not isinstance(left, Hidden) and left == 0):
        return ""
    blank = _value(evaluation, period, "outflow", "reason", reason(""))
    if blank == left:
        return ""  # of nobody a reason was recorded
    whom = "van wie" if blank == 0 else "van wie volgens de vastgelegde redenen"
    return f", {whom} {'niemand' if working == 0 else number(working)} naar werk"


def _rate(evaluation: Evaluation, period: str, measure: str) -> tuple[str, str, str]:
    """Who left, the share and its interval."""
    found = tidy.pick(evaluation.measures, period=period, measure=measure, breakdown="")
    if found.empty or found["status"].iloc[-1] == "not_delivered":
        return "–", "–", "–"
    left = found["numerator"].iloc[-1]
    hidden = found["status"].iloc[-1] == "hidden"
    return MARK if hidden else number(None if pd.isna(left) else float(left)), *shown_rate(evaluation, period, measure)


def _value(evaluation: Evaluation, period: str, measure: str, breakdown: str = "", category: str = "") -> tidy.Value:
    return tidy.number(evaluation.measures, period, measure, breakdown, category)


def _passive(value: float | Hidden) -> str:
    return "er werd" if are(value) == "is" else "er werden"


def _verb(value: float | Hidden, singular: str, plural: str) -> str:
    return singular if are(value) == "is" else plural
