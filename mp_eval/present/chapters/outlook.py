"""The outlook: what guidance can bear with so many consultants, according to the model."""

from __future__ import annotations

import pandas as pd

from ...evaluation import Evaluation
from ...measures.outlook import ENDS, STOCK
from ...programme import GUIDED, LATER, READY
from ..drawing.bar_charts import bars
from ..elements import Absent, Answer, Figure, Headline, Remark, Table
from ..modelled import (
    AS_MANY,
    BAND,
    band_on_path,
    begins,
    chosen,
    day_of,
    enough,
    leaving_ends,
    modelled,
    month_at,
    months_of,
    next_year,
    none,
    numbers_of,
    on_swing,
    people,
    plain,
    source,
    sources_of,
    stock_of,
)
from ..wording import are, capital, category, counted, day_in_words, listed, number, percent


def answer(evaluation: Evaluation, period: str, *, consultants: int = AS_MANY) -> Answer | Absent:
    """What the chosen number of consultants can bear, what none can, and how many it takes; a model, no prediction."""
    if (absent := none(evaluation, period)) is not None:
        return absent
    key, consultants = chosen(evaluation, period, consultants)
    stock = stock_of(evaluation, key)
    end, begin = next_year(evaluation, key), begins(evaluation, key)
    said = [
        f"Op {day_in_words(day_of(evaluation, key))} {are(stock[GUIDED])} "
        f"{counted(stock[GUIDED], 'inwoner', 'inwoners')} {category(GUIDED)}. Daarnaast {are(stock[READY])} er "
        f"{counted(stock[READY], 'inwoner', 'inwoners')} {category(READY)}{_later(stock[LATER])}.",
        f"**Met {people(consultants)} vanaf {begin}** {_helped(evaluation, key, consultants)}.",
        _reached(evaluation, key, consultants, end),
        _waits(evaluation, key, consultants),
    ]
    if consultants:
        left, low, high = (number(end) for end in band_on_path(evaluation, key, f"0>{months_of(evaluation, key)[-1]}"))
        said.append(
            f"Zonder consulenten vanaf {begin} stopt de begeleiding van iedereen die haar dan heeft. Daarnaast wachten "
            f"er eind {months_of(evaluation, key)[-1][:4]} naar verwachting {left} inwoners op een eerste plaats "
            f"(80%-band {low} tot {high})."
        )
    said += [needed(evaluation, period), "Dit is een model met aannames en geen voorspelling."]
    return Answer(tuple(s for s in said if s))


def headline(evaluation: Evaluation, period: str, *, consultants: int = AS_MANY) -> Headline | Absent:
    """The three answers for the chosen number of consultants."""
    if (absent := none(evaluation, period)) is not None:
        return absent
    key, consultants = chosen(evaluation, period, consultants)
    share, low, high = modelled(evaluation, key, "share_reached", str(consultants))
    reached, between = percent(share, 0), "" if low is None else f"80%-band {percent(low, 0)} tot {percent(high, 0)}"
    ends = dict.fromkeys(_both_ends(evaluation, key, consultants))
    if len(sources_of(evaluation, key)) > 1 and share is not None and len(ends) > 1:
        reached, between = (
            " tot ".join(ends),
            f"{between}; vertrek {' tot '.join(leaving_ends(evaluation, key))} per maand",
        )
    _, early, late = modelled(evaluation, key, "months_to_help_ready", str(consultants))
    _, short, long_ = modelled(evaluation, key, "wait_of_newcomer", str(consultants))
    helped, waits = _dates(evaluation, key, early, late), _span(short, long_)
    return Headline(
        (
            (_short(_when(evaluation, key, consultants)), "klare groep begeleid", helped or people(consultants)),
            (_wait(evaluation, key, consultants), "wachttijd nieuwe inwoner", waits or "aangesloten in januari"),
            (reached, f"bereikt eind {next_year(evaluation, key)}", between),
        )
    )


def stock(evaluation: Evaluation, period: str) -> Table | Absent:
    """The residents that the model starts with."""
    if (absent := none(evaluation, period)) is not None:
        return absent
    key = source(evaluation, period)
    values = stock_of(evaluation, key)
    groups = [group for group in STOCK if group in evaluation.programme.stocks]
    rows = [[capital(category(group)), number(values[group])] for group in groups]
    caption = f"De stand op {day_in_words(day_of(evaluation, key))}"
    note = "Wie niet op korte termijn kan deelnemen, doet in het model niet mee."
    return Table(caption, ["Groep", "Inwoners"], rows, "inwoners", frozenset({"Inwoners"}), note=note)


def shares_data(evaluation: Evaluation, period: str) -> pd.DataFrame:
    """By number of consultants the share reached by the end of the next year: consultants, value, low, high."""
    key = source(evaluation, period)
    rows = [(n, *modelled(evaluation, key, "share_reached", str(n))) for n in numbers_of(evaluation, key)]
    return pd.DataFrame(rows, columns=["consultants", "value", "low", "high"])


def shares(evaluation: Evaluation, period: str) -> Figure | Absent:
    """The share reached with each number of consultants."""
    if (absent := none(evaluation, period)) is not None:
        return absent
    key = source(evaluation, period)
    data = shares_data(evaluation, key)
    names = [capital(people(n)) for n in data["consultants"]]
    values = data["value"].astype("float64").fillna(0)
    drawing = bars(names, values, shown=lambda v: percent(v, 0))
    rows = [
        [name, percent(plain(r.value), 0), _span(plain(r.low), plain(r.high), share=True)]
        for name, r in zip(names, data.itertuples(), strict=True)
    ]
    end = next_year(evaluation, key)
    table = Table(
        f"Aandeel bereikt eind {end} naar aantal consulenten",
        ["Consulenten", "Aandeel", "80%-band"],
        rows,
        unit="% van wie klaar is of dat later wordt",
        numbers=frozenset({"Aandeel", "80%-band"}),
    )
    parts = ", ".join(f"{people(r.consultants)} {percent(plain(r.value), 0)}" for r in data.itertuples())
    least, most = (f"met {people(n)}" if n else "zonder consulenten" for n in data["consultants"].iloc[[0, -1]])
    return Figure(
        drawing,
        f"Staafdiagram van het aandeel bereikte inwoners naar aantal consulenten: {parts}.",
        f"Welk deel van wie klaar is of dat later wordt, eind {end} is bereikt (% van die inwoners; de middelste "
        "uitkomst).",
        table,
        capital(f"{least} is eind {end} {percent(values.iloc[0], 0)} bereikt, {most} {percent(values.iloc[-1], 0)}."),
    )


def scenarios(evaluation: Evaluation, period: str, *, in_short: bool = False) -> Table | Absent:
    """The three answers for each number of consultants, with its band; in short for none, for now and for two more."""
    if (absent := none(evaluation, period)) is not None:
        return absent
    key, now = chosen(evaluation, period)
    end, every = next_year(evaluation, key), numbers_of(evaluation, key)
    told = [n for n in every if n in (0, now, now + 2)] if in_short else every
    rows = []
    for n in told:
        _, early, late = modelled(evaluation, key, "months_to_help_ready", str(n))
        _, short, long_ = modelled(evaluation, key, "wait_of_newcomer", str(n))
        share, low, high = modelled(evaluation, key, "share_reached", str(n))
        helped = _when(evaluation, key, n) + _aside(_dates(evaluation, key, early, late))
        reached = percent(share, 0) + _aside(_span(low, high, share=True))
        rows.append([capital(people(n)), helped, _wait(evaluation, key, n) + _aside(_span(short, long_)), reached])
    columns = ["Met", "Klare groep begeleid", "Wachttijd nieuwe inwoner", f"Bereikt eind {end}"]
    note = (
        f"Vooraan staat de middelste uitkomst, tussen haakjes waar {BAND} tussen ligt, van het minste tot het meeste "
        "vertrek dat de gegevens toelaten. ‘Na "
        f"{months_of(evaluation, key)[-1][:4]}’ betekent: niet binnen de tijd die is doorgerekend. De wachttijd is die "
        f"van wie in januari {end} aansluit. Bereikt: wie wordt begeleid of is begeleid, van allen die op de peildatum "
        "klaar waren of dat later worden."
    )
    numbers = listed([str(n) for n in told]) if in_short else f"{told[0]} tot {told[-1]}"
    return Table(f"Wat {numbers} consulenten kunnen dragen", columns, rows, note=note)


def basis(evaluation: Evaluation, period: str) -> Remark | Absent:
    """Of which delivery and day the outlook is, which matters on the page of all periods."""
    if (absent := none(evaluation, period)) is not None:
        return absent
    key = source(evaluation, period)
    end = evaluation.workspace.settings.outlook.funding_end
    paid = f" Geld voor de consulenten is er tot en met {day_in_words(end)}." if end else ""
    return Remark(
        f"De vooruitblik begint bij de stand van {day_in_words(day_of(evaluation, key))} en rekent met wat in "
        f"{evaluation.wording(key)} is vastgelegd over wie kwam en wie ging. "
        f"Er is {number(evaluation.workspace.settings.outlook.runs)} keer nagespeeld hoe het kan gaan.{paid}"
    )


def _later(count: float) -> str:
    if not count:
        return ""
    they = "die later klaar is" if count == 1 else "zij later klaar zijn"
    return f"; van nog {counted(count, 'inwoner', 'inwoners')} wordt verwacht dat {they}"


def _helped(evaluation: Evaluation, key: str, consultants: int) -> str:
    months, *_ = modelled(evaluation, key, "months_to_help_ready", str(consultants))
    last = months_of(evaluation, key)[-1][:4]
    if not stock_of(evaluation, key)[READY]:
        return "wacht er niemand die nu al klaar is"
    if months is None:
        return f"krijgt de groep die klaar is naar verwachting niet in haar geheel begeleiding vóór eind {last}"
    return f"krijgt de hele groep die klaar is naar verwachting begeleiding in {month_at(evaluation, key, months)}"


def _reached(evaluation: Evaluation, key: str, consultants: int, end: str) -> str:
    share, low, high = modelled(evaluation, key, "share_reached", str(consultants))
    if share is None:
        return "Er wacht niemand, dus een aandeel dat wordt bereikt is er niet."
    whom, ends = "van wie klaar is of dat later wordt", (percent(low, 0), percent(high, 0))
    band = f"{BAND} ligt tussen {ends[0]} en {ends[1]}" if ends[0] != ends[1] else f"dat geldt voor {BAND}"
    less, more = _both_ends(evaluation, key, consultants)
    if len(sources_of(evaluation, key)) == 1:
        return f"Eind {end} is **{percent(share, 0)}** bereikt {whom} ({band})."
    few, many = leaving_ends(evaluation, key)
    if less == more:
        return f"Eind {end} is **{less}** bereikt {whom}, of er nu elke maand {few} vertrekt of {many} ({band})."
    return (
        f"Eind {end} is **{less} tot {more}** bereikt {whom}: {less} als van wie {category(GUIDED)} is elke maand "
        f"{few} vertrekt, {more} als dat {many} is. De geleverde gegevens laten beide toe ({band})."
    )


def _both_ends(evaluation: Evaluation, key: str, consultants: int) -> tuple[str, ...]:
    """The share reached when as few and when as many leave as the sources allow."""
    found = (on_swing(evaluation, key, "share_reached", f"{consultants}>assumed_leaving>{end}") for end in ENDS)
    return tuple(percent(share, 0) for share in found)


def _waits(evaluation: Evaluation, key: str, consultants: int) -> str:
    months, low, high = modelled(evaluation, key, "wait_of_newcomer", str(consultants))
    who = f"Een nieuwe inwoner die in januari {next_year(evaluation, key)} aansluit"
    if months is None:
        return f"{who}, krijgt naar verwachting geen plaats vóór eind {months_of(evaluation, key)[-1][:4]}."
    if months == 0:
        return f"{who}, krijgt naar verwachting meteen een plaats{_aside(_span(low, high))}."
    return f"{who}, wacht naar verwachting {_in_months(months)}{_aside(_span(low, high))}."


def needed(evaluation: Evaluation, period: str) -> str:
    """The least number of consultants with which all who were ready are guided by the end of the next year.

    In the middle of the runs, and in nine of ten. When none are needed, all of them are placed before the funding ends.
    Nothing when nobody was ready. There must be an outlook (`modelled.none`).
    """
    key = source(evaluation, period)
    end = next_year(evaluation, key)
    if not stock_of(evaluation, key)[READY]:
        return ""
    least, surely = enough(evaluation, key)
    last = numbers_of(evaluation, key)[-1]
    if least is None:
        most = people(last)
        return (
            f"Ook met {most} wordt de groep die klaar is naar verwachting niet in haar geheel begeleid vóór eind {end}."
        )
    if least == 0:
        return (
            "De hele groep die klaar is, krijgt naar verwachting al begeleiding voordat het geld voor de consulenten "
            "eindigt."
        )
    more = f"meer dan {last}" if surely is None else number(surely)
    slowly = "" if surely == least else f", en {more} om het in negen van de tien doorgerekende verlopen te halen"
    return (
        f"Om de hele groep die nu klaar is vóór eind {end} te begeleiden {are(least)} naar verwachting "
        f"{people(least)} nodig{slowly}."
    )


def _when(evaluation: Evaluation, key: str, consultants: int) -> str:
    months, *_ = modelled(evaluation, key, "months_to_help_ready", str(consultants))
    return f"na {months_of(evaluation, key)[-1][:4]}" if months is None else month_at(evaluation, key, months)


def _dates(evaluation: Evaluation, key: str, low: float | None, high: float | None) -> str:
    if low is None:
        return ""
    first = month_at(evaluation, key, low)
    if high is None:
        return f"{first} of later"
    return "" if low == high else f"{first} tot {month_at(evaluation, key, high)}"


def _wait(evaluation: Evaluation, key: str, consultants: int) -> str:
    months, *_ = modelled(evaluation, key, "wait_of_newcomer", str(consultants))
    if months is None:
        return f"tot na {months_of(evaluation, key)[-1][:4]}"
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
