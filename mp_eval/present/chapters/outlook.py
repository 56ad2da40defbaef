"""The outlook: what guidance can bear with so many consultants, according to the model, and what it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd

from ... import tidy
from ...evaluation import Evaluation
from ...measures.outlook import ASSUMED, CONSULTANTS, ENDS, MODELLED, STOCK, Leaving, leaving
from ...periods import MONTHS, WHOLE
from ...tidy import Hidden
from ..absence import came_empty
from ..drawing.bar_charts import bars
from ..drawing.line_charts import Line, lines
from ..drawing.shapes import BLUE, ORANGE
from ..elements import Absent, Answer, Check, Checks, Explained, Figure, Headline, Remark, Row, Table
from ..wording import are, capital, counted, day_in_words, number, percent, word

# Act of 1 October 2025 (Participatiewet in balans), BWBR0051679, wetten.overheid.nl.
LAW = ((date(2026, 1, 1), "gedoogjaar wet"), (date(2027, 1, 1), "de wet geldt"))
BAND = "80% van de doorgerekende verlopen"


def source(evaluation: Evaluation, period: str) -> str:
    """The period whose outlook is shown: this one, or of a union the last that has one; '' when none has."""
    held = set(tidy.pick(evaluation.measures, measure=MODELLED[0])["period"])
    keys = [p.id for p in evaluation.workspace.periods] if period == WHOLE else [period]
    return next((k for k in reversed(keys) if k in held), "")


def none(evaluation: Evaluation, period: str) -> Absent | None:
    """The sentence for when there is no outlook, or when it may not be shown; else None."""
    key = source(evaluation, period)
    if not key and not evaluation.deliveries(period):
        return Absent(word("absent", "records"))
    if not key:
        groups = tidy.pick(evaluation.measures, measure="on_benefit", breakdown="group", basis="records")
        has_stock = len(groups if period == WHOLE else tidy.pick(groups, period=period)) > 0
        is_empty = not has_stock and came_empty(evaluation, period, "caseload")
        return Absent(word("absent", "outlook_empty" if is_empty else "outlook"))
    rows = tidy.pick(evaluation.measures, period=key, measure=MODELLED[0])
    return Absent(word("absent", "outlook_hidden")) if (rows["status"] == "hidden").any() else None


def answer(evaluation: Evaluation, period: str, *, consultants: int) -> Answer | Absent:
    """What the chosen number of consultants can bear, what none can, and how many it takes; a model, no prediction."""
    if (absent := none(evaluation, period)) is not None:
        return absent
    key = _chosen(evaluation, period, consultants)
    stock = _stock(evaluation, key)
    end, begin = _end_of_next_year(evaluation, key), _begin(evaluation, key)
    said = [
        f"Op {day_in_words(_day(evaluation, key))} {are(stock['caseload'])} "
        f"{counted(stock['caseload'], 'inwoner', 'inwoners')} in begeleiding. Daarnaast {are(stock['ready'])} er "
        f"{counted(stock['ready'], 'inwoner', 'inwoners')} klaar om te beginnen{_later(stock['later'])}.",
        f"**Met {_people(consultants)} vanaf {begin}** {_helped(evaluation, key, consultants)}.",
        _reached(evaluation, key, consultants, end),
        _waits(evaluation, key, consultants),
    ]
    if consultants:
        left = _value(evaluation, key, "waiting_path", f"0>{_months(evaluation, key)[-1]}")
        said.append(
            f"Zonder consulenten vanaf {begin} stopt de begeleiding van iedereen die haar dan heeft. Daarnaast wachten "
            f"er op het einde van {_months(evaluation, key)[-1][:4]} ongeveer "
            f"{counted(round(left or 0), 'inwoner', 'inwoners')} op een eerste plaats."
        )
    said += [_enough(evaluation, key, end), "Dit is een model met aannames en geen voorspelling."]
    return Answer(tuple(s for s in said if s))


def headline(evaluation: Evaluation, period: str, *, consultants: int) -> Headline | Absent:
    """The three answers for the chosen number of consultants."""
    if (absent := none(evaluation, period)) is not None:
        return absent
    key = _chosen(evaluation, period, consultants)
    share, low, high = _row(evaluation, key, "share_reached", str(consultants))
    between = "" if low is None else f"80%-band {percent(low, 0)} tot {percent(high, 0)}"
    return Headline(
        (
            (_short(_when(evaluation, key, consultants)), "klare groep begeleid", _people(consultants)),
            (_wait(evaluation, key, consultants), "wachttijd nieuwe inwoner", "aangesloten in januari"),
            (percent(share, 0), f"bereikt eind {_end_of_next_year(evaluation, key)}", between),
        )
    )


def stock(evaluation: Evaluation, period: str) -> Table | Absent:
    """The residents that the model starts with."""
    if (absent := none(evaluation, period)) is not None:
        return absent
    key = source(evaluation, period)
    values = _stock(evaluation, key)
    rows = [[capital(word("category", group)), number(values[group])] for group in STOCK]
    caption = f"De stand op {day_in_words(_day(evaluation, key))}"
    note = "Wie niet op korte termijn kan deelnemen, doet in het model niet mee."
    return Table(caption, ["Groep", "Inwoners"], rows, "inwoners", frozenset({"Inwoners"}), note=note)


def path_data(evaluation: Evaluation, period: str, consultants: int) -> pd.DataFrame:
    """By month: guided and waiting residents with their bands (month, guided, guided_low, …, waiting_high)."""
    key, made = source(evaluation, period), {}
    for name in ("guided", "waiting"):
        measure = "caseload_path" if name == "guided" else "waiting_path"
        rows = tidy.pick(evaluation.measures, period=key, measure=measure, breakdown="consultants>month")
        rows = rows[rows["category"].str.startswith(f"{consultants}>")]
        made["month"] = rows["category"].str.partition(">")[2].tolist()
        made |= {f"{name}{end}": rows[c].astype("float64").tolist() for end, c in _COLUMNS.items()}
    return pd.DataFrame(made)


_COLUMNS = {"": "value", "_low": "low", "_high": "high"}


def path(evaluation: Evaluation, period: str, *, consultants: int) -> Figure | Absent:
    """The caseload and the waiting residents by month, with their bands, the end of the funding and the law's dates."""
    if (absent := none(evaluation, period)) is not None:
        return absent
    key = _chosen(evaluation, period, consultants)
    data = path_data(evaluation, key, consultants)
    x = list(range(len(data)))
    series = [
        Line("in begeleiding", x, data["guided"], BLUE, (), data["guided_low"], data["guided_high"]),
        Line("wachten op een plaats", x, data["waiting"], ORANGE, (5, 2), data["waiting_low"], data["waiting_high"]),
    ]
    months = data["month"].tolist()
    januaries = [(n - 1.0, f"jan {m[:4]}") for n, m in enumerate(months) if m.endswith("-01") and n]
    marks = _marks(evaluation, months)
    drawing = lines(series, ticks=[*januaries, (x[-1], f"eind {months[-1][:4]}")], marks=marks)
    first, last = data.iloc[0], data.iloc[-1]
    alt = (
        f"Lijnen van het aantal inwoners per maand met {_people(consultants)}. In begeleiding: van "
        f"{number(first['guided'])} naar {number(last['guided'])}. Wachten op een plaats: van "
        f"{number(first['waiting'])} naar {number(last['waiting'])}. Om elke lijn ligt een band, die steeds breder kan "
        f"worden: aan het einde {number(last['guided_low'])} tot {number(last['guided_high'])} in begeleiding en "
        f"{number(last['waiting_low'])} tot {number(last['waiting_high'])} wachtenden."
    )
    caption = (
        f"Inwoners in begeleiding en wachtenden aan het einde van elke maand, met {_people(consultants)}, volgens het "
        f"model (aantal inwoners). In de band ligt {BAND}. De streeplijnen: het einde van het geld voor de consulenten "
        "en de data van de Participatiewet in balans (wet van 1 oktober 2025, BWBR0051679, wetten.overheid.nl)."
    )
    finding = (
        f"Met {_people(consultants)} wachten er eind {months[-1][:4]} {number(last['waiting'])} op een plaats; "
        f"aan het begin {number(first['waiting'])}."
    )
    return Figure(drawing, alt, caption, _path_table(data, consultants), finding)


def shares_data(evaluation: Evaluation, period: str) -> pd.DataFrame:
    """By number of consultants the share reached by the end of the next year: consultants, value, low, high."""
    key = source(evaluation, period)
    rows = [(n, *_row(evaluation, key, "share_reached", str(n))) for n in CONSULTANTS]
    return pd.DataFrame(rows, columns=["consultants", "value", "low", "high"])


def shares(evaluation: Evaluation, period: str) -> Figure | Absent:
    """The share reached with 0 to 6 consultants."""
    if (absent := none(evaluation, period)) is not None:
        return absent
    key = source(evaluation, period)
    data = shares_data(evaluation, key)
    names = [capital(_people(n)) for n in data["consultants"]]
    values = data["value"].astype("float64").fillna(0)
    drawing = bars(names, values, shown=lambda v: percent(v, 0))
    rows = [
        [name, percent(_plain(r.value), 0), _span(_plain(r.low), _plain(r.high), share=True)]
        for name, r in zip(names, data.itertuples(), strict=True)
    ]
    end = _end_of_next_year(evaluation, key)
    table = Table(
        f"Aandeel bereikt eind {end} naar aantal consulenten",
        ["Consulenten", "Aandeel", "80%-band"],
        rows,
        unit="% van wie klaar is of dat later wordt",
        numbers=frozenset({"Aandeel", "80%-band"}),
    )
    parts = ", ".join(f"{_people(n)} {percent(_plain(v), 0)}" for n, v in zip(CONSULTANTS, data["value"], strict=True))
    return Figure(
        drawing,
        f"Staafdiagram van het aandeel bereikte inwoners naar aantal consulenten: {parts}.",
        f"Welk deel van wie klaar is of dat later wordt, eind {end} is bereikt (% van die inwoners; de middelste "
        "uitkomst).",
        table,
        f"Bereikt met {names[0].lower()} {percent(values.iloc[0], 0)}, met {names[-1]} {percent(values.iloc[-1], 0)}.",
    )


def scenarios(evaluation: Evaluation, period: str) -> Table | Absent:
    """The three answers for 0 to 6 consultants, each with its band."""
    if (absent := none(evaluation, period)) is not None:
        return absent
    key = source(evaluation, period)
    end = _end_of_next_year(evaluation, key)
    rows = []
    for n in CONSULTANTS:
        _, early, late = _row(evaluation, key, "months_to_help_ready", str(n))
        _, short, long_ = _row(evaluation, key, "wait_of_newcomer", str(n))
        share, low, high = _row(evaluation, key, "share_reached", str(n))
        helped = _when(evaluation, key, n) + _aside(_dates(evaluation, key, early, late))
        reached = percent(share, 0) + _aside(_span(low, high, share=True))
        rows.append([capital(_people(n)), helped, _wait(evaluation, key, n) + _aside(_span(short, long_)), reached])
    columns = ["Met", "Klare groep begeleid", "Wachttijd nieuwe inwoner", f"Bereikt eind {end}"]
    note = (
        f"Vooraan staat de middelste uitkomst, tussen haakjes waar {BAND} tussen ligt. ‘Na "
        f"{_months(evaluation, key)[-1][:4]}’ betekent: niet binnen de tijd die is doorgerekend. De wachttijd is die "
        f"van wie in januari {end} aansluit. Bereikt: wie wordt begeleid of is begeleid, van allen die op de peildatum "
        "klaar waren of dat later worden."
    )
    return Table("Wat 0 tot 6 consulenten kunnen dragen", columns, rows, note=note)


def assumptions(evaluation: Evaluation, period: str) -> Table | Absent:
    """All that the model assumes, with its range and where it comes from."""
    if (absent := none(evaluation, period)) is not None:
        return absent
    key = source(evaluation, period)
    rows: list[Row] = [
        [Explained(_ASSUMED[name][0], _said_of(evaluation, key, name)), *_ranged(evaluation, key, name)]
        for name in ASSUMED
    ]
    rows += [[Explained(what, why), "–", "–"] for what, why in _RULES]
    columns = ["Aanname", "Waarde", "Laag en hoog"]
    return Table("De aannames", columns, rows, numbers=frozenset(columns[1:]))


def sensitivity(evaluation: Evaluation, period: str, *, consultants: int) -> Table | Absent:
    """What becomes of the share reached when one assumption at a time is low or high, largest swing first."""
    if (absent := none(evaluation, period)) is not None:
        return absent
    key = _chosen(evaluation, period, consultants)
    found = []
    for name in ASSUMED:
        pairs = [
            [_part(evaluation, key, measure, f"{consultants}>{name}>{end}") for end in ENDS]
            for measure in ("share_reached", "waiting_path")
        ]
        swings = tuple(-abs((high or 0) - (low or 0)) for low, high in pairs)
        (less, more), (few, many) = pairs
        cells = [f"{percent(less, 1)} en {percent(more, 1)}", f"{number(few)} en {number(many)}"]
        found.append((swings, [_ASSUMED[name][0], _ranged(evaluation, key, name)[1], *cells]))
    columns = ["Aanname", "Laag en hoog", "Bereikt", "Wachtend"]
    note = (
        f"Telkens is één aanname laag en hoog genomen en houden de andere hun waarde, met {_people(consultants)}. Het "
        "eerste getal hoort bij laag, het tweede bij hoog. Hier is met gemiddelden gerekend, zonder toeval; daarom kan "
        "het iets anders zijn dan de middelste uitkomst hierboven. De grootste verandering staat bovenaan."
    )
    return Table(
        f"Wat eind {_end_of_next_year(evaluation, key)} is bereikt en wie dan wacht, als een aanname anders is",
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
    stock, first = _stock(evaluation, key), _months(evaluation, key)[0]
    guided, waiting = (_value(evaluation, key, m, f"0>{first}") for m in ("caseload_path", "waiting_path"))
    reached = [v for v in shares_data(evaluation, key)["value"] if not pd.isna(v)]
    begins = f"Het model begint met {number(guided)} in begeleiding en {number(waiting)} wachtenden"
    return Checks(
        (
            Check(
                guided == stock["caseload"] and waiting == stock["ready"],
                f"{begins}; de stand is {number(stock['caseload'])} en {number(stock['ready'])}.",
            ),
            Check(
                reached == sorted(reached),
                f"Met meer consulenten worden nooit minder inwoners bereikt: "
                f"{', '.join(percent(v, 1) for v in reached)}.",
            ),
        )
    )


def basis(evaluation: Evaluation, period: str) -> Remark | Absent:
    """Of which delivery and day the outlook is, which matters on the page of all periods."""
    if (absent := none(evaluation, period)) is not None:
        return absent
    key = source(evaluation, period)
    return Remark(
        f"De vooruitblik begint bij de stand van {day_in_words(_day(evaluation, key))} en rekent met wat in "
        f"{evaluation.wording(key)} is vastgelegd over wie kwam en wie ging. "
        f"Er is {number(evaluation.workspace.settings.outlook.runs)} keer nagespeeld hoe het kan gaan."
    )


_ASSUMED = {
    "assumed_leaving": ("Welk deel van de inwoners in begeleiding er elke maand uit gaat", ""),
    "assumed_inflow": ("Nieuwe inwoners op trede 1 en 2, per maand", ""),
    "assumed_able": (
        "Welk deel van die nieuwe inwoners kan meedoen",
        "Staat in geen enkel bestand: een schatting met een ruime marge. Zij gaan voor op wie al wacht.",
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


def _said_of(evaluation: Evaluation, key: str, name: str) -> str:
    """Where an assumption comes from; of what is counted, the counts."""
    when = evaluation.wording(key)
    if name == "assumed_leaving":
        found = leaving(evaluation.measures, key)
        assert isinstance(found, Leaving)
        if found.is_of_balance:
            return (
                f"Wie vertrok volgens de balans in het hoofdstuk over de caseload: {number(found.left)} over {when}. "
                f"Gedeeld door de maanden die inwoners in het programma waren, {number(found.months)} van allen samen: "
                "het gemiddelde van de stand aan het begin en aan het eind, keer het aantal maanden. De balans komt "
                "uit de gesprekken en kan daardoor een andere groep zijn dan wie als in begeleiding is geleverd."
            )
        months = number(_total(evaluation, key, "guided_months"))
        return (
            "De balans van wie in het programma kwam en vertrok is niet bekend of is afgeschermd. Daarom is een ruwere "
            f"schatting gebruikt. Geteld over {when}: {number(found.left)} keer uitstroom of verwijzing naar het WSP, "
            "ook van wie niet in begeleiding was. Wie nu in begeleiding is, was dat in die tijd "
            f"{months} maanden, van allen samen. Een afsluitend gesprek alleen is hier geen vertrek."
        )
    if name == "assumed_inflow":
        count = counted(_total(evaluation, key, "low_step_inflow"), "inwoner", "inwoners")
        return (
            f"Geteld over {when}: {count} met een nieuwe uitkering, dus "
            f"{number(_total(evaluation, key, 'low_step_inflow_per_month'), 1)} per maand."
        )
    return _ASSUMED[name][1]


def _total(evaluation: Evaluation, key: str, measure: str) -> float:
    """A total that the outlook is made of; it is shown, or there would be no outlook."""
    value = tidy.number(evaluation.measures, key, measure)
    assert isinstance(value, float)
    return value


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


def _later(count: float) -> str:
    if not count:
        return ""
    they = "die later klaar is" if count == 1 else "zij later klaar zijn"
    return f"; van nog {counted(count, 'inwoner', 'inwoners')} wordt verwacht dat {they}"


def _helped(evaluation: Evaluation, key: str, consultants: int) -> str:
    months, *_ = _row(evaluation, key, "months_to_help_ready", str(consultants))
    last = _months(evaluation, key)[-1][:4]
    if not _stock(evaluation, key)["ready"]:
        return "wacht er niemand die nu al klaar is"
    if months is None:
        return f"krijgt de groep die klaar is naar verwachting niet in haar geheel begeleiding vóór eind {last}"
    return f"krijgt de hele groep die klaar is naar verwachting begeleiding in {_month(evaluation, key, months)}"


def _reached(evaluation: Evaluation, key: str, consultants: int, end: str) -> str:
    share, low, high = _row(evaluation, key, "share_reached", str(consultants))
    if share is None:
        return "Er wacht niemand, dus een aandeel dat wordt bereikt is er niet."
    ends = percent(low, 0), percent(high, 0)
    band = f"dat geldt voor {BAND}" if ends[0] == ends[1] else f"{BAND} ligt tussen {ends[0]} en {ends[1]}"
    return f"Eind {end} is **{percent(share, 0)}** bereikt van wie klaar is of dat later wordt ({band})."


def _waits(evaluation: Evaluation, key: str, consultants: int) -> str:
    months, low, high = _row(evaluation, key, "wait_of_newcomer", str(consultants))
    who = f"Een nieuwe inwoner die in januari {_end_of_next_year(evaluation, key)} aansluit"
    if months is None:
        return f"{who}, krijgt naar verwachting geen plaats vóór eind {_months(evaluation, key)[-1][:4]}."
    if months == 0:
        return f"{who}, krijgt naar verwachting meteen een plaats{_aside(_span(low, high))}."
    return f"{who}, wacht naar verwachting {_in_months(months)}{_aside(_span(low, high))}."


def _enough(evaluation: Evaluation, key: str, end: str) -> str:
    """The least number of consultants with which all who were ready are guided by the end of the next year.

    When none are needed, all of them are placed before the funding ends. Nothing when nobody was ready.
    """
    if not _stock(evaluation, key)["ready"]:
        return ""
    last = _months(evaluation, key).index(f"{end}-12")
    found = {n: _row(evaluation, key, "months_to_help_ready", str(n))[0] for n in CONSULTANTS}
    enough = [n for n, months in found.items() if months is not None and months <= last]
    if not enough:
        most = _people(CONSULTANTS[-1])
        return f"Ook met {most} wordt de groep die klaar is vóór eind {end} niet in haar geheel begeleid."
    if enough[0] == 0:
        return (
            "De hele groep die klaar is, krijgt naar verwachting al begeleiding voordat het geld voor de consulenten "
            "eindigt."
        )
    return (
        f"Om de hele groep die nu klaar is vóór eind {end} te begeleiden {are(enough[0])} naar verwachting "
        f"{_people(enough[0])} nodig."
    )


def _when(evaluation: Evaluation, key: str, consultants: int) -> str:
    months, *_ = _row(evaluation, key, "months_to_help_ready", str(consultants))
    return f"na {_months(evaluation, key)[-1][:4]}" if months is None else _month(evaluation, key, months)


def _dates(evaluation: Evaluation, key: str, low: float | None, high: float | None) -> str:
    if low is None:
        return ""
    first = _month(evaluation, key, low)
    if high is None:
        return f"{first} of later"
    return "" if low == high else f"{first} tot {_month(evaluation, key, high)}"


def _wait(evaluation: Evaluation, key: str, consultants: int) -> str:
    months, *_ = _row(evaluation, key, "wait_of_newcomer", str(consultants))
    if months is None:
        return f"tot na {_months(evaluation, key)[-1][:4]}"
    return "geen" if months == 0 else _in_months(months)


def _span(low: float | None, high: float | None, *, share: bool = False) -> str:
    if low is None or (not share and low == high):
        return ""
    if share:
        return f"{percent(low, 0)} tot {percent(high, 0)}"
    return f"{number(low)} maanden of meer" if high is None else f"{number(low)} tot {_in_months(high)}"


def _aside(text: str) -> str:
    return f" ({text})" if text else ""


def _in_months(months: float) -> str:
    return counted(months, "maand", "maanden") if months else "0 maanden"


def _short(month: str) -> str:
    """A month as it fits a tile.

    >>> _short("januari 2026"), _short("na 2027")
    ('jan 2026', 'na 2027')
    """
    name, _, year = month.partition(" ")
    return f"{name[:3]} {year}"


def _people(consultants: float) -> str:
    return counted(consultants, "consulent", "consulenten")


def _path_table(data: pd.DataFrame, consultants: int) -> Table:
    """The numbers of the figure, of every third month."""
    rows = [
        [
            _worded(r.month),
            number(r.guided),
            f"{number(r.guided_low)} tot {number(r.guided_high)}",
            number(r.waiting),
            f"{number(r.waiting_low)} tot {number(r.waiting_high)}",
        ]
        for r in data.iloc[::-3].iloc[::-1].itertuples()
    ]
    columns = ["Einde van", "In begeleiding", "Band begeleiding", "Wachtend", "Band wachtend"]
    caption = f"Verwacht verloop met {_people(consultants)}"
    return Table(caption, columns, rows, "inwoners", frozenset(columns[1:]), note="Elke derde maand.")


def _marks(evaluation: Evaluation, months: Sequence[str]) -> list[tuple[float, str]]:
    """Upright lines where the funding ends and the law begins; those of one day share a line."""
    end = evaluation.workspace.settings.outlook.funding_end
    found: dict[float, list[str]] = {}
    for day, text in [*([(end, "einde van het geld")] if end else []), *LAW]:
        name = f"{day.year}-{day.month:02d}"
        if name in months:
            place = months.index(name) - (day.day == 1)
            found.setdefault(float(place), []).append(text)
    return [(place, "\n".join(texts)) for place, texts in found.items()]


def _chosen(evaluation: Evaluation, period: str, consultants: int) -> str:
    """The period whose outlook it is, when there is a scenario for this number of consultants."""
    if consultants not in CONSULTANTS:
        last = CONSULTANTS[-1]
        raise ValueError(f"consultants = {consultants}: er is gerekend met 0 tot en met {last} consulenten")
    return source(evaluation, period)


def _months(evaluation: Evaluation, key: str) -> list[str]:
    rows = tidy.pick(evaluation.measures, period=key, measure="caseload_path")
    return [c.partition(">")[2] for c in rows["category"] if c.startswith("0>")]


def _month(evaluation: Evaluation, key: str, months: float) -> str:
    return _worded(_months(evaluation, key)[int(months)])


def _worded(month: str) -> str:
    return f"{MONTHS[int(month[5:]) - 1]} {month[:4]}"


def _day(evaluation: Evaluation, key: str) -> date:
    return date.fromisoformat(tidy.pick(evaluation.measures, period=key, measure=MODELLED[0])["as_of"].iloc[-1])


def _begin(evaluation: Evaluation, key: str) -> str:
    """The month from which the number of consultants is that of the scenario."""
    end, day = evaluation.workspace.settings.outlook.funding_end, _day(evaluation, key)
    staff = {p.key: n for p, n in evaluation.workspace.staff}
    months = _months(evaluation, key)
    if end is None or end <= day or not staff.get(key):
        return _worded(months[1])
    return _worded(f"{end.year + end.month // 12}-{end.month % 12 + 1:02d}")


def _end_of_next_year(evaluation: Evaluation, key: str) -> str:
    return str(_day(evaluation, key).year + 1)


def _stock(evaluation: Evaluation, key: str) -> dict[str, float]:
    values = {g: tidy.number(evaluation.measures, key, "on_benefit", "group", g) for g in STOCK}
    return {g: v for g, v in values.items() if isinstance(v, float)}


def _row(evaluation: Evaluation, key: str, measure: str, consultants: str) -> tuple[float | None, ...]:
    """Value, low and high of a measure of the model; none where it is not reached."""
    rows = tidy.pick(evaluation.measures, period=key, measure=measure, breakdown="consultants", category=consultants)
    return tuple(_plain(rows[c].iloc[-1]) for c in ("value", "low", "high"))


def _value(evaluation: Evaluation, key: str, measure: str, category: str) -> float | None:
    value = tidy.number(evaluation.measures, key, measure, "consultants>month", category)
    return None if isinstance(value, Hidden) else value


def _part(evaluation: Evaluation, key: str, measure: str, category: str) -> float | None:
    value = tidy.number(evaluation.measures, key, measure, "consultants>assumption>end", category)
    return None if isinstance(value, Hidden) else value


def _plain(value: object) -> float | None:
    return None if pd.isna(value) else float(value)  # type: ignore[arg-type]
