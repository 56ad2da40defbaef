"""What the outlook assumes: where each assumption comes from, what it matters, and what came of it a year before."""

from __future__ import annotations

import pandas as pd

from ... import spoken, tidy
from ...evaluation import Evaluation
from ...measures.leaving import BALANCE, DERIVED, STATUS, STOCK, year_before
from ...measures.outlook import ASSUMED, ENDS
from ...programme import GUIDED, READY
from ...tidy import Hidden
from ..elements import Absent, Check, Checks, Explained, Remark, Row, Table
from ..modelled import (
    AS_MANY,
    chosen,
    months_of,
    next_year,
    none,
    on_path,
    on_swing,
    people,
    source,
    sources_of,
    stock_of,
    total,
)
from ..wording import are, category, counted, number, percent
from .outlook import shares_data

A_YEAR = ("from_12", "from_24")  # classes of how long residents have been in guidance


def assumptions(evaluation: Evaluation, period: str) -> Table | Absent:
    """All that the model assumes, with its range and where it comes from."""
    if (absent := none(evaluation, period)) is not None:
        return absent
    key = source(evaluation, period)
    rows: list[Row] = [
        [Explained(spoken.told(_ASSUMED[name][0]), _said_of(evaluation, key, name)), *_ranged(evaluation, key, name)]
        for name in ASSUMED
    ]
    first = evaluation.workspace.settings.programme.newcomers_first
    rules = (*_RULES, ("Wie een vrije plaats krijgt", _NEWCOMERS if first else _LONGEST))
    rows += [[Explained(what, why), "–", "–"] for what, why in rules]
    columns = ["Aanname", "Waarde", "Laag en hoog"]
    return Table("De aannames", columns, rows, numbers=frozenset(columns[1:]))


def sensitivity(evaluation: Evaluation, period: str, *, consultants: int = AS_MANY) -> Table | Absent:
    """What becomes of the share reached when one assumption at a time is low or high, largest swing first."""
    if (absent := none(evaluation, period)) is not None:
        return absent
    key, consultants = chosen(evaluation, period, consultants)
    found = []
    for name in ASSUMED:
        pairs = [
            [on_swing(evaluation, key, measure, f"{consultants}>{name}>{end}") for end in ENDS]
            for measure in ("share_reached", "waiting_path")
        ]
        swings = tuple(-abs((high or 0) - (low or 0)) for low, high in pairs)
        (less, more), (few, many) = pairs
        cells = [f"{percent(less, 1)} en {percent(more, 1)}", f"{number(few)} en {number(many)}"]
        found.append((swings, [spoken.told(_ASSUMED[name][0]), _ranged(evaluation, key, name)[1], *cells]))
    columns = ["Aanname", "Laag en hoog", "Bereikt", "Wachtend"]
    note = (
        f"Telkens is één aanname laag en hoog genomen en houden de andere hun waarde, met {people(consultants)}. Het "
        "eerste getal hoort bij laag, het tweede bij hoog. Hier is met gemiddelden gerekend, zonder toeval; daarom kan "
        "het iets anders zijn dan de middelste uitkomst hierboven. Bovenaan staat wat het meest verandert aan wat is "
        "bereikt."
    )
    return Table(
        f"Wat eind {next_year(evaluation, key)} is bereikt en wie dan wacht, als een aanname anders is",
        columns,
        [row for _, row in sorted(found, key=lambda row: row[0])],
        unit="% van wie klaar is of dat later wordt, en inwoners",
        numbers=frozenset(columns[1:]),
        note=note,
    )


def checks(evaluation: Evaluation, period: str) -> Checks | Absent:
    """The model begins with the stock, and more consultants never reach fewer residents."""
    if (absent := none(evaluation, period)) is not None:
        return absent
    key = source(evaluation, period)
    stock, first = stock_of(evaluation, key), months_of(evaluation, key)[0]
    guided, waiting = (on_path(evaluation, key, m, f"0>{first}") for m in ("caseload_path", "waiting_path"))
    reached = [v for v in shares_data(evaluation, key)["value"] if not pd.isna(v)]
    begins = f"Het model begint met {number(guided)} {category(GUIDED)} en {number(waiting)} wachtenden"
    return Checks(
        (
            Check(
                guided == stock[GUIDED] and waiting == stock[READY],
                f"{begins}; de stand is {number(stock['caseload'])} en {number(stock['ready'])}.",
            ),
            Check(
                reached == sorted(reached),
                f"Met meer consulenten worden nooit minder inwoners bereikt: "
                f"{', '.join(percent(v, 1) for v in reached)}.",
            ),
        )
    )


_ASSUMED = {
    "assumed_leaving": ("Welk deel van wie begeleid wordt er elke maand uit gaat", ""),
    "assumed_inflow": ("Nieuwe inwoners op trede 1 en 2, per maand", ""),
    "assumed_able": (
        "Welk deel van die nieuwe inwoners kan meedoen",
        "Staat in geen enkel bestand: een schatting met een ruime marge.",
    ),
    "assumed_ready": (
        "Welk deel van de groep ‘later’ binnen een jaar klaar is",
        "Staat in geen enkel bestand: een schatting met een ruime marge.",
    ),
    "assumed_caseload": ("Inwoners die één consulent begeleidt", "Een instelling van de gemeente."),
}


_RULES = (
    (
        "Minder consulenten dan voorheen",
        "Wie niet meer past, verliest de begeleiding en komt niet terug op de wachtlijst.",
    ),
    ("Wie wacht, blijft wachten", "Niemand vertrekt uit de wachtgroep. In het echt gebeurt dat wel."),
    ("Maanden", "De stand telt als die aan het begin van de eerste hele maand na de peildatum."),
)


_NEWCOMERS = "Eerst wie nieuw in de bijstand komt, zoals de gemeente heeft gekozen; dan wie het langst wacht."
_LONGEST = "Wie het langst wacht."


def _said_of(evaluation: Evaluation, key: str, name: str) -> str:
    """Where an assumption comes from; of what is counted, the counts."""
    when = evaluation.wording(key)
    if name == "assumed_leaving":
        return _said_of_leaving(evaluation, key, when)
    if name == "assumed_inflow":
        row = tidy.pick(evaluation.measures, period=key, measure="low_step_inflow").iloc[-1]
        count = counted(float(row["value"]), "inwoner", "inwoners")
        a_month = number(total(evaluation, key, "low_step_inflow_per_month"), 1)
        said = f"Geteld over {when}: {count} met een nieuwe uitkering, ofwel {a_month} per maand."
        others = 0.0 if pd.isna(row["high"]) else float(row["high"] - row["value"])
        if not others:
            return said
        which = counted(others, "andere nieuwe inwoner", "andere nieuwe inwoners")
        unknown = spoken.told("is de trede niet bekend")
        return f"{said} Van {which} {unknown}, meestal omdat zij alweer weg waren; hoog telt hen mee."
    return _ASSUMED[name][1]


def _said_of_leaving(evaluation: Evaluation, key: str, when: str) -> str:
    """What the rate rests on: the balance, or what the delivered caseload allows at least and at most."""
    found = sources_of(evaluation, key)
    names = [source.name for source in found]
    if names == ["balance"]:
        return (
            f"Wie vertrok volgens de balans in het hoofdstuk over de caseload: {_count(evaluation, key, *BALANCE[0])} "
            f"over {when}. Gedeeld door de maanden die inwoners in het programma waren, "
            f"{number(found[0].counts[0][1])} van allen samen: het gemiddelde van de stand aan het begin en aan het "
            "eind, keer het aantal maanden; van dat tempo is een kans per maand gemaakt. "
            f"{_beside(evaluation, key, when)}De balans sluit aan op de geleverde stand."
        )
    said = [_SOURCES[name] for name in names]
    counts = {
        "guided": _count(evaluation, key, *STOCK),
        "started": _count(evaluation, key, "started_guidance"),
        "derived": _count(evaluation, key, *DERIVED),
        "still": _count(evaluation, key, "derived_caseload", "registered", GUIDED),
        "left": _count(evaluation, key, *BALANCE[0]),
        "unrecorded": percent(tidy.number(evaluation.measures, key, *STATUS)),
        "when": when,
        "group": category(GUIDED),
    }
    bounds = [f"{place}: {text}" for place, text in zip(("Laagst", "Hoogst"), said, strict=False)]
    return " ".join([*bounds, _UNUSED]).format(**counts)


def _beside(evaluation: Evaluation, key: str, when: str) -> str:
    """Beside the balance: who left without a record, which is on top of it, and the least by who began."""
    rate, began = (tidy.number(evaluation.measures, key, *label) for label in (STATUS, ("started_guidance", "", "")))
    said = ""
    if isinstance(rate, float):
        said = f"Daarbij komt {percent(rate, 2)} per maand van wie vertrok zonder dat het is vastgelegd. "
    if not isinstance(began, float):
        return said
    guided = stock_of(evaluation, key)[GUIDED]
    return (
        f"{said}Ter vergelijking: van de {number(guided)} inwoners in begeleiding begonnen er {number(began)} in "
        f"{when}; zoveel vertrekken er in een volle caseload ten minste. "
    )


_SOURCES = {
    "starts": "van de {guided} inwoners {group} begonnen er {started} in {when}; met een volle caseload zijn er "
    "dan ten minste zoveel vertrokken.",
    "status": "van de {derived} inwoners die volgens de gesprekken in het programma zijn, zijn er nog {still} geleverd "
    "als {group}. De anderen zijn vertrokken zonder dat het is vastgelegd, of nooit begeleid: {unrecorded} per "
    "maand. Daarbij komen de "
    "{left} die over {when} wel als vertrokken zijn vastgelegd.",
}
_UNUSED = (
    "De balans uit de gesprekken alleen is niet gebruikt: zij sluit niet aan op de geleverde stand ({derived} en "
    "{guided})."
)


def _count(evaluation: Evaluation, key: str, measure: str, breakdown: str = "", category: str = "") -> str:
    return number(tidy.number(evaluation.measures, key, measure, breakdown, category))


def backtest(evaluation: Evaluation, period: str) -> Remark | Absent:
    """The model begun a year before the day of the stock, beside who of the delivered caseload was in it then."""
    if (absent := none(evaluation, period)) is not None:
        return absent
    key = source(evaluation, period)
    guided, found = stock_of(evaluation, key)[GUIDED], sources_of(evaluation, key)
    begun = year_before(evaluation.measures, key, found)
    parts = [tidy.count(evaluation.measures, key, "in_group", "group>duration", f"caseload>{c}") for c in A_YEAR]
    of_whom = tidy.count(evaluation.measures, key, "in_group", "group", GUIDED)
    known = tidy.all_shown([*parts, of_whom, 0.0 if begun is None else begun])
    if isinstance(known, Hidden):
        return Remark("Of het model een jaar eerder had geklopt, is niet te zeggen: er is iets afgeschermd.")
    *long_, total, before = known
    came, is_balance, where = sum(long_), found[0].name == "balance", category(GUIDED)
    if total < guided or came > before:
        of_then = f"niet van iedereen die toen {where} was, is een eerste gesprek geleverd"
        why = of_then if total == guided else f"niet van iedereen {where} is bekend sinds wanneer"
        return Remark(f"Of het model een jaar eerder had geklopt, is niet te zeggen: {why}.")
    row = tidy.pick(evaluation.measures, period=key, measure="guided_after_year").iloc[-1]
    expected, low, high = (float(row[c]) for c in ("value", "low", "high"))
    whom = f"een even volle caseload van {number(guided)}"
    if is_balance:
        whom = f"de {number(before)} inwoners die volgens de balans toen in het programma waren"
    return Remark(
        f"Was het model een jaar eerder begonnen, met {whom}, dan waren van hen nu naar verwachting nog "
        f"{number(expected)} {where} (80%-band {number(low)} tot {number(high)}). In de geleverde caseload "
        f"{are(came)} er {number(came)} een jaar of langer {where}. {_verdict(came, low, high, is_balance)}"
    )


def _verdict(came: float, low: float, high: float, is_balance: bool) -> str:
    """What came beside the band of the model; how large the caseload was, the balance tells."""
    if low <= came <= high:
        return "Dat ligt binnen de band."
    where, less, size = ("boven", "minder", "groter") if came > high else ("onder", "meer", "kleiner")
    other = "" if is_balance else f", of de caseload was toen {size}"
    return (
        f"Dat ligt {where} de band: in dat jaar vertrokken er {less} inwoners dan het model aanneemt{other}. Lees de "
        "uitkomsten hierboven met die kanttekening."
    )


def _ranged(evaluation: Evaluation, key: str, name: str) -> tuple[str, str]:
    """An assumption's value, and its low and high end."""
    row = tidy.pick(evaluation.measures, period=key, measure=name).iloc[-1]
    if "share" in row["unit"]:
        decimals = 2 if name == "assumed_leaving" else 0
        shown = [percent(float(row[c]), decimals) for c in ("value", "low", "high")]
    else:
        decimals = 0 if name == "assumed_caseload" else 1
        shown = [number(float(row[c]), decimals) for c in ("value", "low", "high")]
    return shown[0], f"{shown[1]} en {shown[2]}"
