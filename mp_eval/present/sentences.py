"""Sentences with numbers in them, computed: a typed finding lies as soon as a parameter changes."""

from __future__ import annotations

from .. import tidy
from ..evaluation import Evaluation
from ..periods import WHOLE, Period
from ..register import Figure
from .elements import Answer, Check, Checks, Headline, Remark
from .wording import are, capital, counted, day_in_words, listed, number, percent, word


def answer(evaluation: Evaluation, period: str, *, decimals: int = 1) -> Answer:
    """How many were spoken to and how many became active, of one period."""
    when = evaluation.period(period)
    spoken, activated = (tidy.number(evaluation.measures, period, m) or 0 for m in ("spoken", "activated"))
    verb = "" if are(activated) == are(spoken) else f"{are(activated)} "
    said = [
        f"Over {when.wording()} {are(spoken)} **{counted(spoken, 'inwoner', 'inwoners')}** gesproken en "
        f"{verb}**{counted(activated, 'inwoner', 'inwoners')}** actief geworden."
    ]
    rate = tidy.pick(evaluation.measures, period=period, measure="activation_rate", breakdown="").iloc[0]
    if rate["status"] == "undefined":
        said.append("Een aandeel is niet te berekenen, want er is niemand voor het eerst gesproken.")
    else:
        interval = (
            ""
            if rate.isna()["low"]
            else f" (95%-interval {percent(rate['low'], decimals)} tot {percent(rate['high'], decimals)})"
        )
        said.append(f"Dat is {percent(rate['value'], decimals)} van het aantal gesproken inwoners{interval}.")
        said.append(_net(evaluation, period))
        said += _claims(evaluation, when, float(rate["value"]))
    return Answer(tuple(s for s in said if s))


def answer_whole(evaluation: Evaluation) -> Answer:
    """The distinct residents over all periods, beside what the published figures alone allow to be known."""
    (when, *_), total = evaluation.whole, tidy.number(evaluation.measures, WHOLE, "spoken") or 0
    name = " en ".join(p.wording() for p in evaluation.whole)
    residents = counted(total, "verschillende inwoner", "verschillende inwoners")
    said = [f"Over {name} {are(total)} **{residents}** gesproken."]
    lines = evaluation.reconciliation
    union = lines[(lines["rule"] == "union") & (lines["measure"] == "spoken") & (lines["when"] == when.iso)]
    if len(union):
        low, high = number(union["low"].iloc[0]), number(union["high"].iloc[0])
        said.append(f"Uit de gepubliceerde cijfers alleen volgt niet meer dan: ten minste {low} en ten hoogste {high}.")
    twice = sum(evaluation.times_counted("spoken")[1:])
    said.append(
        f"In meer dan één periode {'telt' if twice == 1 else 'tellen'} {counted(twice, 'inwoner', 'inwoners')} mee."
    )
    if len(lines):
        said.append(_verdict(evaluation))
    return Answer(tuple(said))


def headline(evaluation: Evaluation, period: str) -> Headline:
    """The numbers that the landing page and the top of a period's page show."""
    items = []
    for measure, per_month in (("spoken", "spoken_per_month"), ("activated", "activated_per_month")):
        value, rate = (tidy.number(evaluation.measures, period, m) for m in (measure, per_month))
        items.append((number(value), word("measure", measure), f"{number(rate, 1)} per maand"))
    found = tidy.pick(evaluation.measures, period=period, measure="activation_rate", breakdown="").iloc[0]
    share, low, high = (None if found.isna()[c] else float(found[c]) for c in ("value", "low", "high"))
    context = "" if low is None else f"95%-interval {percent(low)} tot {percent(high)}"
    items.append((percent(share), "geactiveerd per gesproken inwoner", context))
    return Headline(tuple(items))


def checks(evaluation: Evaluation, period: str) -> Checks:
    """Parts against their whole, with the values, so that a reader can do the sum."""

    def value(measure: str, breakdown: str = "", category: str = "") -> float:
        return tidy.number(evaluation.measures, period, measure, breakdown, category) or 0

    def parts(measure: str, breakdown: str) -> list[float]:
        rows = tidy.pick(evaluation.measures, period=period, measure=measure, breakdown=breakdown)
        return [float(v) for v in rows["value"].dropna()]

    made = []
    for measure, breakdown, name in (
        ("conversations", "kind", "Gesprekken naar soort"),
        ("in_conversation", "familiarity", "Nieuwe en bekende inwoners"),
        ("activities_started", "activity", "Activiteiten naar soort"),
    ):
        terms, total = parts(measure, breakdown), value(measure)
        sum_ = " + ".join(number(t) for t in terms)
        made.append(
            Check(sum(terms) == total, f"{name}: {sum_} = {number(sum(terms))}; het totaal is {number(total)}.")
        )
    persons, total = parts("activated", "activity"), value("activated")
    several = sum(persons) - total
    sum_ = " + ".join(number(t) for t in persons)
    made.append(
        Check(
            max(persons) <= total <= sum(persons),
            f"Inwoners naar activiteit: {sum_} = {number(sum(persons))}, het totaal is {number(total)}"
            + (f"; {number(several)} meer, door inwoners met meer dan één soort activiteit." if several > 0 else "."),
        )
    )
    return Checks(tuple(made))


def checks_whole(evaluation: Evaluation) -> Checks:
    """The sum of the periods less who counts twice is the number of distinct residents."""
    made = []
    for measure in ("spoken", "activated"):
        values = [tidy.number(evaluation.measures, p.id, measure) or 0 for p in evaluation.workspace.periods]
        counts = evaluation.times_counted(measure)
        twice = sum(n * c for n, c in enumerate(counts))
        total = tidy.number(evaluation.measures, WHOLE, measure) or 0
        left = sum(values) - twice
        sum_ = " + ".join(number(v) for v in values)
        text = f"{capital(word('measure', measure))}: {sum_} − {number(twice)} dubbel geteld = {number(left)}"
        text += f"; verschillende inwoners: {number(total)}."
        if total != left:
            gap = number(abs(total - left))
            text += f" Het verschil van {gap}: leveringen van verschillende perioden spreken elkaar tegen."
        made.append(Check(sum(counts) == total == left, text))
    return Checks(tuple(made))


def sources(evaluation: Evaluation, period: str = "") -> Remark:
    """Where the deliveries came from, up to which day they go, and what was noted: of one period, or of all."""
    received = [evaluation.received[period]] if period else list(evaluation.received.values())
    producers = listed(list(dict.fromkeys(r.source.producer for r in received)))
    last = max(r.source.extracted for r in received)
    said = [f"De gegevens komen van {producers} en gaan tot en met {day_in_words(last)}."]
    return Remark(" ".join([*said, *dict.fromkeys(r.source.note for r in received if r.source.note)]))


def marks(evaluation: Evaluation, period: str = "") -> tuple[str, ...]:
    """What every page must say in plain sight: of one period, or of all."""
    received = [evaluation.received[period]] if period else list(evaluation.received.values())
    found = []
    if any(r.source.synthetic for r in received) and not all(r.source.synthetic for r in received):
        found.append("partly")
    elif received and received[0].source.synthetic:
        found.append("synthetic")
    if evaluation.is_internal:
        found.append("internal")
    measured = tidy.pick(evaluation.measures, period=period or WHOLE, measure="spoken")
    if (measured["status"] == "provisional").any():
        found.append("provisional")
    return tuple(word("mark", m) for m in found)


def _net(evaluation: Evaluation, period: str) -> str:
    gross, net, outside = (
        tidy.number(evaluation.measures, period, "activated", "variant", v)
        for v in ("gross", "net", "without_trajectory")
    )
    if not gross or outside is None:
        return ""
    without = f"onder trajecten, die een middel zijn en geen activiteit, {are(outside)} het er {number(outside)}."
    if net is None:
        return f"Z{without} Wie al actief was, is niet aangeleverd."
    return f"Zonder wie al actief was {are(net)} het er {number(net)}; z{without}"


def _claims(evaluation: Evaluation, when: Period, rate: float) -> list[str]:
    """Each published claim about the share, judged for this period."""
    claims = [f for f in evaluation.figures if f.measure == "activation_rate" and isinstance(f.when, Period)]
    return [
        f"De uitspraak ‘{_claimed(f)}’ is voor deze periode apart {'waar' if f.holds(rate) else '**niet waar**'}."
        for f in claims
        if isinstance(f.when, Period) and f.when.covers(when)
    ]


def _claimed(figure: Figure) -> str:
    return word("qualifier", figure.qualifier).format(value=percent(figure.value, 0)) + " geactiveerd"


def _verdict(evaluation: Evaluation) -> str:
    statuses = evaluation.reconciliation["status"]
    agree, differ, interval, untestable = (
        int((statuses == s).sum()) for s in ("agrees", "differs", "interval", "untestable")
    )
    all_, wrong = counted(len(statuses), "controle", "controles"), capital(counted(differ, "controle", "controles"))
    return (
        f"Van de {all_} op de gepubliceerde cijfers {'sluit' if agree == 1 else 'sluiten'} er {number(agree)}. "
        f"**{wrong} {'sluit' if differ == 1 else 'sluiten'} niet**; bij {number(interval)} is alleen een bandbreedte "
        f"bekend en bij {number(untestable)} ontbreken de gegevens."
    )
