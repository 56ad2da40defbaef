"""Sentences with numbers in them, computed: a typed finding lies as soon as a parameter changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from .. import tidy
from ..evaluation import Evaluation, Received
from ..periods import WHOLE
from ..register import Figure
from ..tidy import Hidden
from . import reconciliation as judged_lines
from .absence import absent
from .checks import added, adds_up, judged, untold
from .elements import Absent, Answer, Checks, Headline, Listing, Remark
from .wording import MARK, are, capital, category, counted, day_in_words, definitions, listed, number, percent, word


def kinds(evaluation: Evaluation) -> Listing:
    """What each kind of activity is that this municipality has; one with a name of its own says what it is by that."""
    known = definitions()["category"]
    told = [(kind, known[kind]) for kind in evaluation.programme.kinds if kind in known]
    return Listing(tuple(f"{capital(category(kind))}: {text[:1].lower()}{text[1:]}" for kind, text in told))


def answer(evaluation: Evaluation, period: str, *, decimals: int = 1) -> Answer:
    """How many were spoken to and how many became active, of one period."""
    when = evaluation.wording(period)
    for measures in (("spoken", "activated"), ("spoken",), ("activated",)):
        if missing := absent(evaluation, period, *measures):
            return Answer((missing.text,))
    spoken, activated = (tidy.count(evaluation.measures, period, m) for m in ("spoken", "activated"))
    verb = "" if are(activated) == are(spoken) else f"{are(activated)} "
    said = [
        f"Over {when} {are(spoken)} **{counted(spoken, 'inwoner', 'inwoners')}** gesproken en "
        f"{verb}**{counted(activated, 'inwoner', 'inwoners')}** actief geworden."
    ]
    rate = tidy.pick(evaluation.measures, period=period, measure="activation_rate", breakdown="").iloc[0]
    if rate["status"] == "hidden":
        said.append(word("hidden", "share"))
    elif rate["status"] == "undefined":
        said.append("Een aandeel is niet te berekenen, want er is niemand voor het eerst gesproken.")
    else:
        said.append(
            f"Dat zijn er {number(100 * float(rate['value']), decimals)} op elke 100 gesproken inwoners; het zijn niet "
            "altijd dezelfde inwoners."
        )
        said.append(_cohort(evaluation, period, decimals))
        said.append(_net(evaluation, period))
        said += _claims(evaluation, period, float(rate["value"]))
    return Answer(tuple(s for s in said if s))


def answer_whole(evaluation: Evaluation) -> Answer:
    """The distinct residents over all periods, beside what the published figures alone allow to be known."""
    if missing := absent(evaluation, WHOLE, "spoken"):
        return Answer((missing.text, *_if_judged(evaluation)))
    (when, *_), total = evaluation.whole, tidy.count(evaluation.measures, WHOLE, "spoken")
    name = " en ".join(p.wording() for p in evaluation.whole)
    residents = counted(total, "verschillende inwoner", "verschillende inwoners")
    said = [f"Over {name} {are(total)} **{residents}** gesproken."]
    lines = evaluation.reconciliation
    union = lines[(lines["rule"] == "union") & (lines["measure"] == "spoken") & (lines["when"] == when.iso)]
    if len(union):
        low, high = number(union["low"].iloc[0]), number(union["high"].iloc[0])
        said.append(f"Uit de gepubliceerde cijfers alleen volgt niet meer dan: ten minste {low} en ten hoogste {high}.")
    times = evaluation.times_counted("spoken")
    twice = times if isinstance(times, Hidden) else sum(times[1:])
    verb = "telt" if are(twice) == "is" else "tellen"
    said.append(f"In meer dan één periode {verb} {counted(twice, 'inwoner', 'inwoners')} mee.")
    return Answer((*said, *_if_judged(evaluation)))


def headline(evaluation: Evaluation, period: str) -> Headline:
    """The numbers that the landing page and the top of a period's page show."""
    items = []
    for measure, per_month in (("spoken", "spoken_per_month"), ("activated", "activated_per_month")):
        value, rate = (tidy.number(evaluation.measures, period, m) for m in (measure, per_month))
        context = "" if isinstance(rate, Hidden) else f"{number(rate, 1)} per maand"
        items.append((number(value), word("measure", measure), context))
    found = tidy.pick(evaluation.measures, period=period, measure="cohort_activation_rate", breakdown="")
    low, high = (None if found[c].isna().all() else float(found[c].iloc[0]) for c in ("low", "high"))
    share = tidy.number(evaluation.measures, period, "cohort_activation_rate")
    context = "" if low is None else f"95%-interval {percent(low)} tot {percent(high)}"
    items.append((percent(share), "van de gesproken inwoners was of werd actief", context))
    return Headline(tuple(items))


def checks(evaluation: Evaluation, period: str) -> Checks | Absent:
    """Parts against their whole, with the values, so that a reader can do the sum."""
    if missing := absent(evaluation, period, "conversations", "activities_started"):
        return missing
    made = []
    for measure, breakdown, name in (
        ("conversations", "kind", "Gesprekken naar soort"),
        ("in_conversation", "familiarity", "Nieuwe en bekende inwoners"),
        ("activities_started", "activity", "Activiteiten naar soort"),
    ):
        if absent(evaluation, period, measure):
            continue
        parts = _parts(evaluation, period, measure, breakdown)
        made.append(adds_up(evaluation, name, parts, tidy.count(evaluation.measures, period, measure)))
    if absent(evaluation, period, "activated"):
        return Checks(tuple(made))
    name = "Inwoners naar activiteit"
    parts = _parts(evaluation, period, "activated", "activity")
    known = tidy.all_shown([*parts, tidy.count(evaluation.measures, period, "activated")])
    if isinstance(known, Hidden):
        return Checks((*made, untold(name)))
    *persons, total = known
    several = sum(persons) - total
    text = f"{name}: {added(persons)}; het totaal is {number(total)}"
    text += (
        f", {number(several)} minder door inwoners met meer dan één soort activiteit."
        if several > 0 and not evaluation.is_rounded
        else "."
    )
    return Checks((*made, judged(evaluation, max(persons) <= total <= sum(persons), text)))


def checks_whole(evaluation: Evaluation) -> Checks:
    """The sum of the periods less who counts twice is the number of distinct residents."""
    made = []
    for measure in ("spoken", "activated"):
        name, counts = capital(word("measure", measure)), evaluation.times_counted(measure)
        known = tidy.all_shown(
            [
                *(tidy.count(evaluation.measures, p.id, measure) for p in evaluation.workspace.periods),
                tidy.count(evaluation.measures, WHOLE, measure),
            ]
        )
        if isinstance(known, Hidden) or isinstance(counts, Hidden):
            made.append(untold(name))
            continue
        *values, total = known
        twice = sum(n * c for n, c in enumerate(counts))
        left = sum(values) - twice
        if evaluation.too_few(total - left):
            made.append(untold(name))
            continue
        sum_ = " + ".join(number(v) for v in values)
        text = f"{name}: {sum_} − {number(twice)} dubbel geteld = {number(left)}"
        text += f"; verschillende inwoners: {number(total)}."
        if total != left and not evaluation.is_rounded:
            gap = number(abs(total - left))
            text += f" Het verschil van {gap}: leveringen van verschillende perioden spreken elkaar tegen."
        made.append(judged(evaluation, sum(counts) == total == left, text))
    return Checks(tuple(made))


def _parts(evaluation: Evaluation, period: str, measure: str, breakdown: str) -> list[float | Hidden]:
    rows = tidy.pick(evaluation.measures, period=period, measure=measure, breakdown=breakdown)
    values = [tidy.number(rows, period, measure, breakdown, c) for c in rows["category"]]
    return [v for v in values if v is not None]


def origin(evaluation: Evaluation, period: str) -> Remark | Absent:
    """Where the deliveries came from and up to which day they go; the chapter on deliveries tells the rest."""
    received = evaluation.deliveries(period)
    return Remark(_origin(received)) if received else Absent(word("absent", "records"))


def sources(evaluation: Evaluation, period: str = "") -> Remark | Absent:
    """Where the deliveries came from, up to which day they go, and what was noted: of one period, or of all."""
    received = evaluation.deliveries(period or WHOLE)
    if not received:
        return Absent(word("absent", "records"))
    return Remark(" ".join([_origin(received), *dict.fromkeys(r.source.note for r in received if r.source.note)]))


def _origin(received: Sequence[Received]) -> str:
    producers = listed(list(dict.fromkeys(r.source.producer for r in received)))
    last = max(r.source.extracted for r in received)
    return word("said", "origin").format(producers=producers, day=day_in_words(last))


def marks(evaluation: Evaluation, period: str = "") -> tuple[str, ...]:
    """What every page must say in plain sight: of one period, or of all."""
    received = evaluation.deliveries(period or WHOLE)
    found = []
    if any(r.source.synthetic for r in received) and not all(r.source.synthetic for r in received):
        found.append("partly")
    elif received and received[0].source.synthetic:
        found.append("synthetic")
    if not received:
        found.append("published")
    if evaluation.is_internal:
        found.append("internal")
    if evaluation.is_rounded:
        found.append("rounded")
    measured = tidy.pick(evaluation.measures, period=period or WHOLE)
    if (measured["status"] == "provisional").any():
        found.append("provisional")
    return (*_without(evaluation, period), *(word("mark", m) for m in found))


def _without(evaluation: Evaluation, period: str) -> Iterator[str]:
    """What a page about all periods says of those that are not in it."""
    workspace = evaluation.workspace
    if workspace.awaited and not period:
        periods = listed([p.wording() for p in workspace.every_period if p.id in workspace.awaited])
        yield word("mark", "awaited").format(periods=periods)


def _cohort(evaluation: Evaluation, period: str, decimals: int) -> str:
    """Of who was first spoken to in the period the share that was or became active, which is a proportion."""
    row = tidy.pick(evaluation.measures, period=period, measure="cohort_activation_rate", breakdown="").iloc[-1]
    if row["status"] in ("hidden", "not_delivered") or row[["value", "low", "high"]].isna().any():
        return ""
    value, low, high = (percent(float(row[c]), decimals) for c in ("value", "low", "high"))
    whom = "Van wie in deze tijd voor het eerst is gesproken"
    return f"{whom}, was of werd {value} actief; {word('said', 'chance').format(low=low, high=high)}."


def _net(evaluation: Evaluation, period: str) -> str:
    gross, net, outside = (
        tidy.number(evaluation.measures, period, "activated", "variant", v)
        for v in ("gross", "net", "without_trajectory")
    )
    if (
        isinstance(gross, Hidden)
        or isinstance(net, Hidden)
        or isinstance(outside, Hidden)
        or not gross
        or outside is None
    ):
        return ""
    without = f"onder trajecten, die een middel zijn en geen activiteit, {are(outside)} het er {number(outside)}."
    if net is None:
        return f"Z{without} Wie al actief was, is niet aangeleverd."
    return f"Zonder wie al actief was {are(net)} het er {number(net)}; z{without}"


def _claims(evaluation: Evaluation, period: str, rate: float) -> list[str]:
    """Each published claim about the share of exactly these days: of a part of them it says nothing."""
    claims = [f for f in evaluation.figures if f.measure == "activation_rate" and f.is_count]
    return [
        f"De uitspraak ‘{_claimed(f)}’ is, gerekend met {percent(rate, 1)}, "
        f"{'waar' if f.holds(rate) else '**niet waar**'}."
        for f in claims
        if tuple(evaluation.days(period)) == (f.when,)
    ]


def _claimed(figure: Figure) -> str:
    return word("qualifier", figure.qualifier).format(value=percent(figure.value, 0)) + " geactiveerd"


def _if_judged(evaluation: Evaluation) -> tuple[str, ...]:
    return verdicts(evaluation) if len(evaluation.reconciliation) else ()


def verdicts(evaluation: Evaluation) -> tuple[str, str]:
    """How many published figures agree with the records, and what the papers say of them; each figure once."""
    claims = [x for x in judged_lines.claims(evaluation) if x.is_published]
    records, papers = (Counter(getattr(x, ground) for x in claims) for ground in ("records", "papers"))
    hidden = any(x.found == MARK for x in claims)
    wrong = records["differs"]
    said = [f"**{number(wrong) if wrong else 'geen'} {'wijkt' if wrong <= 1 else 'wijken'} ervan af**"]
    said += [f"bij {number(records['interval'])} is het niet zeker"] if records["interval"] else []
    missing = "afgeschermd of niet aangeleverd" if hidden else "niet aangeleverd"
    said += [f"bij {number(records['untestable'])} is wat nodig is {missing}"] if records["untestable"] else []
    agree = records["agrees"]
    all_ = counted(len(claims), "gepubliceerd cijfer", "gepubliceerde cijfers")
    beside = f"Van {all_} {'klopt' if agree == 1 else 'kloppen'} er {number(agree)} met de gegevens; {listed(said)}."
    against = papers["differs"]
    paper = (
        f"Op papier {'volgt' if papers['agrees'] == 1 else 'volgen'} er {number(papers['agrees'])} uit andere "
        f"gepubliceerde cijfers en {'volgt' if papers['interval'] == 1 else 'volgen'} er {number(papers['interval'])} "
        f"niet; {number(against) if against else 'geen'} {are(against or 1)} ermee in strijd."
    )
    return beside, paper + (" De andere staan op zichzelf." if papers["untestable"] else "")
