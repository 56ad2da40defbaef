"""What was delivered: how much of it was used, how complete and how fresh it is, and what came late."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from ... import spoken, tidy
from ...delivered import LATE
from ...evaluation import Evaluation
from ...periods import WHOLE, Period, parse
from ...tidy import Hidden
from .. import inventory, tables, whole_from
from ..absence import absent
from ..elements import Absent, Answer, Check, Checks, Explained, Headline, Row, Table
from ..wording import are, capital, counted, day, day_in_words, listed, number, percent, word, words

SHARES = {
    "coverage_of_first_conversation": "Inwoners in gesprek van wie het eerste gesprek bekend is",
    "coverage_of_ladder_step": "Gesproken inwoners van wie een trede op de participatieladder bekend is",
    "coverage_of_benefit_end": "Uitgestroomde inwoners van wie een einddatum van de uitkering bekend is",
}
SENTENCES = {
    "coverage_of_first_conversation": "Van de inwoners in gesprek staat bij {share} het eerste gesprek in de levering.",
    "coverage_of_ladder_step": "Van de gesproken inwoners is bij {share} een trede op de participatieladder bekend.",
    "coverage_of_benefit_end": "Van de uitgestroomde inwoners is bij {share} een einddatum van de uitkering bekend.",
}
COMPLETE = {
    "coverage_of_first_conversation": "bij inwoners in gesprek het eerste gesprek",
    "coverage_of_ladder_step": "bij gesproken inwoners een trede",
    "coverage_of_benefit_end": "bij uitgestroomde inwoners een einddatum van de uitkering",
}
WITH_A_REASON = {  # measured by their own chapters: the reason that was not recorded is a category
    ("outflow", "reason"): "Uitgestroomde inwoners met een reden",
    ("trajectories_ended", "end_reason"): "Beëindigde trajecten met een reden",
}
ROWS = {
    "delivered": "Geleverd",
    "duplicates": "Dubbel",
    "not_records": "Zonder gegevens",
    "not_chosen": "Niet gekozen",
    "kept": "Gebruikt",
    "corrected": "Gecorrigeerd",
}


def answer(evaluation: Evaluation, period: str) -> Answer:
    """Which tables came, up to which day, whether the numbers may still change, how much is known."""
    received = evaluation.deliveries(period)
    if not received:
        return Answer((word("absent", "records"),))
    said = [_came(evaluation, period), *_fresh(evaluation, period), _known(evaluation, period)]
    return Answer(tuple(s for s in (*said, _came_late(evaluation, period)) if s))


def headline(evaluation: Evaluation, period: str) -> Headline | Absent:
    """The shares that are known."""
    if missing := absent(evaluation, period, *SHARES):
        return missing
    items = []
    for measure, label in (
        ("coverage_of_first_conversation", "van de inwoners in gesprek: eerste gesprek bekend"),
        ("coverage_of_ladder_step", spoken.told("van de gesproken inwoners: trede bekend")),
        ("coverage_of_benefit_end", "van de uitgestroomde inwoners: einddatum bekend"),
    ):
        share = tidy.number(evaluation.measures, period, measure)
        if share is not None:
            above, below = _fraction(evaluation, period, measure)
            items.append((percent(share), label, "" if isinstance(share, Hidden) else f"{above} van {below}"))
    return Headline(tuple(items))


def deliveries(evaluation: Evaluation, period: str) -> Table | Absent:
    """Rows delivered, refused and kept, and cells corrected: by table of a period, or by period of all.

    In public it tells which tables came, and no numbers.
    """
    received = evaluation.deliveries(period)
    if not received:
        return Absent(word("absent", "records"))
    if not evaluation.is_internal:
        return tables.deliveries(evaluation) if period == WHOLE else _which(received[0].counts)
    told = dict(ROWS)
    if not any(one.counts["not_chosen"].any() for one in received):
        told.pop("not_chosen", None)
    columns, counted_in = list(told.values()), list(told)
    rows: list[Row] = []
    if period == WHOLE:
        for key, one in evaluation.received.items():
            rows.append([capital(evaluation.wording(key)), *(number(one.counts[c].sum()) for c in counted_in)])
    else:
        counts = received[0].counts
        rows += [[word("table", r["table"]), *(number(r[c]) for c in counted_in)] for r in _in_order(counts)]
        rows += [[name, "niet geleverd", *["–"] * (len(columns) - 1)] for name in _missing(counts)]
    note = (
        "Dubbel: een rij die al eens was geleverd, of die met een andere is samengevoegd of erdoor vervangen. "
        "Zonder gegevens: een totaalregel, voetregel of herhaalde kop. "
        f"Geleverd = {' + '.join(told[c].lower() for c in counted_in[1:-1])}. Ook rijen van buiten de periode staan "
        "hierin; in de aantallen tellen zij niet mee."
    )
    first, unit = "Levering over" if period == WHOLE else "Gegeven", "rijen; gecorrigeerd in cellen"
    return Table("Wat is geleverd", [first, *columns], rows, unit, frozenset(columns), note=note)


def _which(counts: pd.DataFrame) -> Table:
    """Which tables came of a period, and which did not."""
    rows: list[Row] = [[word("table", row["table"]), "ja"] for row in _in_order(counts)]
    rows += [[name, "nee"] for name in _missing(counts)]
    return Table("Wat is geleverd", ["Gegeven", "Geleverd"], rows, note=word("hidden", "rows"))


def _in_order(counts: pd.DataFrame) -> list[dict[str, Any]]:
    """What was counted of each table, in the order of the words."""
    return sorted(counts.to_dict("records"), key=lambda row: list(words()["table"]).index(row["table"]))


def account(evaluation: Evaluation, period: str) -> Table | Absent:
    """What came of each file and sheet: read or not and why, which rows were used and which were not.

    In public it tells of no rows, and does not name what was not read.
    """
    if not evaluation.deliveries(period):
        return Absent(word("absent", "records"))
    received = {k: r for k, r in evaluation.received.items() if period in (k, WHOLE)}
    rows: list[Row] = []
    for key, one in received.items():
        about = [capital(evaluation.wording(key))] if period == WHOLE else []
        for place, what in inventory.told(one.account, is_internal=evaluation.is_internal):
            label = inventory.name(place) or "Een bestand, blad of map"
            said = inventory.outcome(place, counts=evaluation.is_internal)
            rows.append([Explained(label, "; ".join([*about, *inventory.remarks(place)])), what, said])
    if not rows:
        return Absent(word("absent", "account"))
    note = (
        "De rijen van elk bestand zijn samen de gebruikte rijen en de rijen die er staan met hun soort en hun nummer, "
        "zoals Excel of een editor ze telt. Verborgen rijen en kolommen worden gelezen; een verborgen blad niet."
        if evaluation.is_internal
        else word("hidden", "rows")
    )
    note = " ".join(filter(None, (note, whole_from.said(evaluation, period))))
    return Table(
        "De bestanden, en wat ermee is gebeurd", ["Bestand of blad", "Gegeven", "Wat ermee is gebeurd"], rows, note=note
    )


def freshness(evaluation: Evaluation, period: str) -> Table | Absent:
    """Of each delivery until which day it goes, how long after the period that is, and whether numbers may change."""
    if not evaluation.deliveries(period):
        return Absent(word("absent", "records"))
    rows = []
    for key in evaluation.received:
        rows.append(
            [
                capital(evaluation.wording(key)),
                day(evaluation.received[key].source.extracted),
                number(tidy.number(evaluation.measures, key, "days_to_extraction")),
                "voorlopig" if _is_provisional(evaluation, key) else "definitief",
            ]
        )
    columns = ["Levering over", "Gegevens tot en met", "Dagen na de periode", "Cijfers"]
    note = (
        f"Voorlopig: opgevraagd binnen drie maanden ({LATE} dagen) na de periode. Er kunnen nog registraties bijkomen."
    )
    if any(_missing_days(evaluation, key) > 0 for key in evaluation.received):
        note += " Dagen onder nul: de levering kwam voordat de periode voorbij was; ook die is voorlopig."
    return Table("Hoe vers zijn de gegevens?", columns, rows, numbers=frozenset(columns[1:3]), note=note)


def coverage(evaluation: Evaluation, period: str) -> Table | Absent:
    """Of how many residents, and endings, is known what the chapters need."""
    if missing := absent(evaluation, period, *SHARES):
        return missing
    rows: list[Row] = []
    for measure, label in SHARES.items():
        if absent(evaluation, period, measure):
            rows.append([label, "–", "–", "–"])
            continue
        share = tidy.number(evaluation.measures, period, measure)
        rows.append([spoken.told(label), *_fraction(evaluation, period, measure), percent(share)])
    for names, label in WITH_A_REASON.items():
        if found := _reasons(evaluation, period, *names):
            rows.append([label, *found])
    columns = ["Wat bekend moet zijn", "Bekend", "Van", "Aandeel"]
    note = spoken.told(
        "Een trede telt mee, ook als zij alleen in het bestand van inwoners staat, en op welke dag ook gemeten. "
        "‘–’ betekent: niet aangeleverd, of er is niemand van wie het bekend moet zijn."
    )
    return Table("Wat is bekend?", columns, rows, "aantal en %", frozenset(columns[1:]), note=note)


def late(evaluation: Evaluation, period: str) -> Table | Absent:
    """What came late, and what is no longer there, since an earlier delivery of the same days."""
    if not evaluation.deliveries(period):
        return Absent(word("absent", "records"))
    rows_of = _late_rows(evaluation, period)
    if rows_of.empty:
        return Absent("Er is geen eerdere levering die over dezelfde dagen gaat.")
    if (rows_of["status"] == "hidden").all():
        return Absent(f"Er is een eerdere levering over dezelfde dagen. {word('hidden', 'rows')}")
    rows: list[Row] = []
    totals: set[int] = set()
    for key in dict.fromkeys(rows_of["period"]):
        own = tidy.pick(rows_of, period=key)
        for name in dict.fromkeys(own["category"]):
            found = {r["measure"]: r for r in own[own["category"] == name].to_dict("records")}
            new, gone = found["late_records"], found["withdrawn_records"]
            if period == WHOLE and name:
                continue
            label = capital(evaluation.wording(key)) if period == WHOLE else word("table", name) if name else "Totaal"
            if not name and period != WHOLE:
                totals.add(len(rows))
            rows.append(
                [
                    Explained(label, _compared(new["note"])),
                    *map(number, (new["value"], new["denominator"], gone["value"])),
                ]
            )
    first = "Levering over" if period == WHOLE else "Gegeven"
    columns = [first, "Later binnengekomen", "Van nu", "Er niet meer"]
    return Table(
        "Later binnengekomen en verdwenen",
        columns,
        rows,
        unit="registraties",
        numbers=frozenset(columns[1:]),
        totals=frozenset(totals),
        note="Van nu: alle registraties van deze dagen in deze levering. Een registratie is wie en wanneer; een "
        "verbeterde soort telt dus niet als nieuw. Registraties van een inwoner die eerst buiten de selectie viel, "
        "tellen wel mee.",
    )


def checks(evaluation: Evaluation, period: str) -> Checks | Absent:
    """Rows in and out, with their sum; and what an earlier delivery held, worked out from what this one holds."""
    received = evaluation.deliveries(period)
    if not received:
        return Absent(word("absent", "records"))
    if not evaluation.is_internal:
        return Checks((Check(None, f"Geleverde rijen: {word('hidden', 'check')}"),))
    made = []
    for key, one in evaluation.received.items():
        left_out = [c for c in ("duplicates", "not_records", "not_chosen") if c != "not_chosen" or one.counts[c].any()]
        terms = [int(one.counts[c].sum()) for c in (*left_out, "kept")]
        whole = int(one.counts["delivered"].sum())
        text = f"Rijen over {evaluation.wording(key)}: {' + '.join(map(number, terms))} = {number(sum(terms))}"
        made.append(Check(sum(terms) == whole, f"{text}; geleverd zijn er {number(whole)}."))
    rows = tidy.pick(_late_rows(evaluation, period), breakdown="")
    for key in dict.fromkeys(rows["period"]):
        own = {r["measure"]: r for r in tidy.pick(rows, period=key).to_dict("records")}
        made.append(_held_before(own["late_records"], own["withdrawn_records"], evaluation.wording(key)))
    return Checks(tuple(made))


def _held_before(late_: Mapping[str, Any], gone: Mapping[str, Any], when: str) -> Check:
    """What is there now, without what came late and with what went, is what was there before."""
    now, new, old, before = (
        float(x) for x in (late_["denominator"], late_["value"], gone["value"], gone["denominator"])
    )
    text = f"Registraties over {when} van dezelfde dagen: {number(now)} nu − {number(new)} later binnengekomen + "
    text += (
        f"{number(old)} er niet meer = {number(now - new + old)}; in de eerdere levering waren het er {number(before)}."
    )
    return Check(now - new + old == before, text)


def _came(evaluation: Evaluation, period: str) -> str:
    if period == WHOLE:
        count = len(evaluation.received)
        return f"Er {are(count)} **{counted(count, 'levering', 'leveringen')}** verwerkt."
    counts = evaluation.deliveries(period)[0].counts
    tables = listed([name.lower() for table, name in words()["table"].items() if table in set(counts["table"])])
    many = counted(len(counts), "soort gegevens", "soorten gegevens")
    said = f"Over {evaluation.wording(period)} {are(len(counts))} **{many}** geleverd: {tables}."
    absent_ones = [name.lower() for name in _missing(counts)]
    return f"{said} Niet geleverd: {listed(absent_ones)}." if absent_ones else said


def _fresh(evaluation: Evaluation, period: str) -> list[str]:
    """Up to which day the records go, and whether numbers may still change."""
    said = [f"De gegevens gaan tot en met {day_in_words(evaluation.extracted(period))}."]
    soon = [key for key in evaluation.received if _is_provisional(evaluation, key)]
    early = [key for key in soon if _missing_days(evaluation, key) > 0]
    if period != WHOLE:
        how = "**voorlopig**: er kunnen nog registraties bijkomen" if soon else "**definitief**"
        said.append(f"De cijfers zijn {how}.")
        if early:
            days = counted(_missing_days(evaluation, early[0]), "dag", "dagen")
            said.append(f"De periode was nog niet voorbij: de laatste {days} staan er niet in.".replace(*_ONE_DAY))
        return said
    for keys, one, more in (
        ([k for k in soon if k not in early], *_SOON),
        (early, *_EARLY),
    ):
        if keys:
            names = listed([evaluation.wording(key) for key in keys])
            said.append((one if len(keys) == 1 else more).format(names=names))
    return said


_ONE_DAY = ("laatste 1 dag staan", "laatste dag staat")
_SOON = (
    "De levering over {names} is voorlopig: zij kwam binnen drie maanden na de periode.",
    "De leveringen over {names} zijn voorlopig: zij kwamen binnen drie maanden na de periode.",
)
_EARLY = (
    "De levering over {names} is voorlopig: zij kwam voordat de periode voorbij was, dus de laatste dagen ontbreken.",
    "De leveringen over {names} zijn voorlopig: zij kwamen voordat de periode voorbij was, dus de laatste dagen "
    "ontbreken.",
)


def _missing_days(evaluation: Evaluation, key: str) -> int:
    """The days of the period after the last of which there are records; not above zero when there are none."""
    return (evaluation.period(key).end - evaluation.received[key].source.extracted).days - 1


def _known(evaluation: Evaluation, period: str) -> str:
    """The least complete of what must be known."""
    shares = {m: tidy.number(evaluation.measures, period, m) for m in SHARES}
    known = {m: s for m, s in shares.items() if isinstance(s, float)}
    if not known or len(known) < sum(s is not None for s in shares.values()):
        return ""
    least = min(known, key=lambda m: known[m])
    if known[least] == 1:
        return f"Steeds bekend: {listed([spoken.told(COMPLETE[m]) for m in known])}."
    return spoken.told(SENTENCES[least]).format(share=percent(known[least]))


def _came_late(evaluation: Evaluation, period: str) -> str:
    rows = tidy.pick(_late_rows(evaluation, period), measure="late_records", breakdown="")
    shown = rows[rows["status"] != "hidden"]
    if shown.empty:
        return ""
    count = float(shown["value"].sum())
    verb = "kwam er" if count == 1 else "kwamen er"
    records = counted(count, "registratie", "registraties")
    return f"Sinds een eerdere levering over dezelfde dagen {verb} {records} bij."


def _late_rows(evaluation: Evaluation, period: str) -> pd.DataFrame:
    """What came late or was withdrawn, of this period or of all."""
    found = evaluation.measures[evaluation.measures["measure"].isin(("late_records", "withdrawn_records"))]
    return found if period == WHOLE else tidy.pick(found, period=period)


def _compared(note: str) -> str:
    """Which days were compared, with the delivery of which day."""
    days, extracted = note.split()
    return f"{parse(days).dates()}, tegen de levering van {day(date.fromisoformat(extracted))}"


def _fraction(evaluation: Evaluation, period: str, measure: str) -> tuple[str, str]:
    """Numerator and denominator of a share as they are printed."""
    row = tidy.pick(evaluation.measures, period=period, measure=measure, breakdown="").iloc[-1]
    if row["status"] == "hidden":
        return number(tidy.HIDDEN), number(tidy.HIDDEN)
    return number(row["numerator"]), number(row["denominator"])


def _reasons(evaluation: Evaluation, period: str, measure: str, breakdown: str) -> tuple[str, str, str] | None:
    """With a reason, of all, and the share, from the count of those without one; None when it was not measured."""
    total = tidy.number(evaluation.measures, period, measure)
    without = tidy.number(evaluation.measures, period, measure, breakdown, "unrecorded")
    if total is None or without is None:
        return None
    known = tidy.all_shown([total, without])
    if isinstance(known, Hidden) or evaluation.is_rounded:
        return number(tidy.HIDDEN), number(total), number(tidy.HIDDEN)
    of, blank = known
    return number(of - blank), number(of), percent((of - blank) / of if of else None)


def _missing(counts: pd.DataFrame) -> list[str]:
    """The tables that could have come and did not, in words."""
    return [name for table, name in words()["table"].items() if table not in set(counts["table"])]


def _is_provisional(evaluation: Evaluation, key: str) -> bool:
    when: Period = evaluation.period(key)
    return evaluation.received[key].source.is_provisional(when)
