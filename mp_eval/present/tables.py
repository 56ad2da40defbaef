"""The tables of the pages: each a selection of the protected measures, or of what was counted at intake."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from .. import tidy
from ..evaluation import Evaluation
from ..periods import WHOLE
from ..tidy import HIDDEN, VARIANTS, Hidden
from . import reconciliation as judged
from .absence import absent
from .elements import Absent, Explained, Remark, Row, Status, Table
from .wording import MARK, capital, category, day, day_in_words, listed, number, percent, word


def deliveries(evaluation: Evaluation, period: str = "") -> Table | Absent:
    """What was delivered, corrected, refused and kept: by table of one period, or by period of all.

    In public it tells which tables came, and no numbers.
    """
    period = "" if period == WHOLE else period
    if not evaluation.deliveries(period):
        return Absent(word("absent", "records"))
    if not evaluation.is_internal:
        return _delivered(evaluation, period)
    counted = ["delivered", "refused", "kept", "corrected"]
    if period:
        counts = evaluation.received[period].counts
        rows = [[word("table", r["table"]), *(number(r[c]) for c in counted)] for r in counts.to_dict("records")]
    else:
        rows = [
            [capital(evaluation.wording(key)), *(number(received.counts[c].sum()) for c in counted)]
            for key, received in evaluation.received.items()
        ]
    columns = ["Gegeven" if period else "Levering over", "Geleverd", "Niet gebruikt", "Gebruikt", "Gecorrigeerd"]
    return Table(
        "Geleverd en gebruikt",
        columns,
        rows,
        unit="rijen; gecorrigeerd in cellen",
        numbers=frozenset(columns[-4:]),
        note="Niet gebruikt zijn dubbele rijen en rijen zonder gegevens, zoals totaalregels en voetregels. "
        "Geleverd = niet gebruikt + gebruikt. Ook rijen van buiten de periode staan hierin; in de aantallen tellen zij "
        "niet mee.",
    )


def _delivered(evaluation: Evaluation, period: str) -> Table:
    """Which tables were delivered."""
    rows = []
    for key, received in evaluation.received.items():
        counts = received.counts
        if period == key:
            rows = [[word("table", table)] for table in counts["table"]]
        elif not period:
            came = listed([word("table", name).lower() for name in counts["table"]])
            wording = capital(evaluation.workspace.period(key).wording())
            rows.append([wording, came])
    columns = ["Gegeven"] if period else ["Levering over", "Gegevens"]
    return Table(word("hidden", "delivered"), columns, rows, note=word("hidden", "rows"))


def activation(evaluation: Evaluation, period: str, *, decimals: int = 1) -> Table | Absent:
    """Activated residents in three meanings, with the period rate and the cohort rate and their intervals."""
    if missing := absent(evaluation, period, "activated"):
        return missing
    value = partial(tidy.number, evaluation.measures, period)
    rows = [
        [
            capital(word("category", v)),
            number(value("activated", "variant", v)),
            rate(evaluation, period, "activation_rate", "variant", v, decimals=decimals)[0],
            *rate(evaluation, period, "cohort_activation_rate", "variant", v, decimals=decimals),
        ]
        for v in VARIANTS
    ]
    columns = ["Betekenis", "Inwoners", "Periode", "Cohort", "95%-interval cohort"]
    return Table(
        "Geactiveerde inwoners in drie betekenissen",
        columns,
        rows,
        unit="inwoners en % van de gesproken inwoners",
        numbers=frozenset(columns[1:]),
        note="Periode: wie in de periode actief werd, wanneer ook gesproken, gedeeld door wie in de periode een eerste "
        "gesprek had. Het hoeven niet dezelfde inwoners te zijn, dus een interval past er niet bij. "
        "Cohort: van wie in de periode een eerste gesprek had, het deel dat tot "
        f"{_as_of(evaluation, period)} actief werd of het al was. Het interval zegt hoeveel toeval daarin zit.",
    )


def activities(evaluation: Evaluation, period: str) -> Table | Absent:
    """Activated residents and started activities, by activity."""
    if missing := absent(evaluation, period, "activated"):
        return missing
    value = partial(tidy.number, evaluation.measures, period)
    rows = [
        [
            capital(category(a)),
            number(value("activated", "activity", a)),
            number(value("activities_started", "activity", a)),
        ]
        for a in evaluation.programme.kinds
    ]
    rows.append(["Totaal", number(value("activated")), number(value("activities_started"))])
    return Table(
        "Waarmee inwoners actief werden",
        ["Activiteit", "Inwoners", "Activiteiten"],
        rows,
        unit="aantal",
        numbers=frozenset({"Inwoners", "Activiteiten"}),
        totals=frozenset({len(rows) - 1}),
        note="Een inwoner met twee soorten activiteiten staat in twee rijen, maar telt één keer mee in het totaal.",
    )


def periods(evaluation: Evaluation) -> Table:
    """The periods with their dates, length and source."""
    rows = []
    for period in evaluation.workspace.periods:
        shared = [
            f"{o.wording()}: {both.wording(inclusive=True)}"
            for o in evaluation.workspace.periods
            if o is not period and (both := period.overlap(o))
        ]
        rows.append(
            [
                capital(period.wording()),
                day(period.start),
                day(period.end - timedelta(days=1)),
                number(period.months, 0 if period.months.is_integer() else 1),
                day(evaluation.extracted(period.id)) if evaluation.deliveries(period.id) else "–",
                "; ".join(shared) or "geen",
            ]
        )
    columns = ["Periode", "Van", "Tot en met", "Maanden", "Opgevraagd", "Overlapt met"]
    return Table("De perioden", columns, rows, numbers=frozenset({"Van", "Tot en met", "Maanden", "Opgevraagd"}))


def times_counted(evaluation: Evaluation) -> Table:
    """In how many periods residents are counted, and what that does to a sum."""
    rows: list[list[str]] = []
    for measure in ("spoken", "activated"):
        counts = evaluation.times_counted(measure)
        values = [tidy.number(evaluation.measures, p.id, measure) for p in evaluation.workspace.periods]
        periods = tidy.all_shown([0.0 if v is None else v for v in values])
        total = HIDDEN if isinstance(periods, Hidden) else sum(periods)
        twice = HIDDEN if isinstance(counts, Hidden) else sum(n * c for n, c in enumerate(counts))
        distinct = HIDDEN if isinstance(counts, Hidden) else sum(counts)
        known = tidy.all_shown([total, twice, distinct])
        other: tidy.Value = HIDDEN if isinstance(known, Hidden) else known[2] - (known[0] - known[1])
        if evaluation.is_rounded:
            other = None  # a difference of rounded counts is of nobody
        elif isinstance(other, float) and evaluation.too_few(other):
            twice = other = HIDDEN  # both, or it follows from the others
        rows.append([capital(word("measure", measure)), *(number(n) for n in (total, twice, other, distinct))])
    columns = ["Maat", "Som van de perioden", "Dubbel geteld", "Uit een andere levering", "Verschillende inwoners"]
    note = (
        "Som − dubbel geteld + uit een andere levering = verschillende inwoners. Uit een andere levering: wie volgens "
        "de "
        "levering van een andere periode in een periode valt, maar in de levering van die periode zelf ontbreekt."
    )
    return Table("Wie telt dubbel?", columns, rows, unit="inwoners", numbers=frozenset(columns[1:]), note=note)


def reconciliation(evaluation: Evaluation, *, period: str = "", measures: Sequence[str] = ()) -> Table | Remark:
    """Every published figure once, with two verdicts: beside the papers, beside the records; a sentence without any."""
    claims = judged.claims(evaluation, period=period, measures=measures)
    if not claims:
        return Remark(judged.nothing(evaluation, period))
    columns = ["Gepubliceerd", "Gegevens", "Op papier", "Met de gegevens", "Toelichting, met de zin in het document"]
    rows: list[Row] = [
        [
            Explained(f"{x.subject.replace(': ', ', ')}: {x.published}", x.when),
            x.found,
            *(Status(getattr(x, ground), x.verdict(ground)) if x.is_published else "–" for ground in judged.GROUNDS),
            Explained(" ".join(x.texts), x.pages, x.sentences),
        ]
        for x in claims
    ]
    note = f"Gepubliceerd in: {judged.documents(evaluation)}."
    return Table("Gepubliceerd en herberekend", columns, rows, numbers=frozenset({"Gegevens"}), note=note)


def verdicts(evaluation: Evaluation) -> Table:
    """Of how many published figures the verdict is what: beside the papers and beside the records, each figure once."""
    claims = [x for x in judged.claims(evaluation) if x.is_published]
    rows: list[Row] = []
    for ground in judged.GROUNDS:
        counts = Counter(getattr(x, ground) for x in claims)
        rows += [[judged.in_words(ground, status), number(counts[status])] for status in judged.ORDER]
        rows.append([f"Samen, {word('ground', ground)}", number(len(claims))])
    each = len(judged.ORDER)
    return Table(
        "Uitkomst van alle gepubliceerde cijfers",
        ["Oordeel", "Cijfers"],
        [[capital(str(name)), count] for name, count in rows],
        unit="aantal gepubliceerde cijfers",
        numbers=frozenset({"Cijfers"}),
        totals=frozenset({each, 2 * each + 1}),
        note="Elk cijfer heeft twee oordelen: naast de andere gepubliceerde cijfers (op papier) en naast wat nu is "
        "geteld (met de gegevens). Een rij met een lege cel is één cijfer.",
    )


def rate(
    evaluation: Evaluation, period: str, measure: str, breakdown: str = "", category: str = "", *, decimals: int = 1
) -> tuple[str, str]:
    """A share and its interval as cells; a dash where there is none, a mark where it may not be shown."""
    where = {"period": period, "measure": measure, "breakdown": breakdown, "category": category}
    found = tidy.pick(evaluation.measures, **where)
    if (found["status"] == "hidden").any():
        return MARK, MARK
    share, low, high = (None if found[c].isna().all() else float(found[c].iloc[-1]) for c in ("value", "low", "high"))
    interval = f"{percent(low, decimals)} – {percent(high, decimals)}" if low is not None else "–"
    return percent(share, decimals), interval


def _as_of(evaluation: Evaluation, period: str) -> str:
    return day_in_words(evaluation.extracted(period))
