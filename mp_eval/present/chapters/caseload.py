"""How full the caseload is: stocks on a date, the balance of who came and who left, and whether newcomers go first.

A stock is of the date of the delivered caseload. Of all periods together that is the last one delivered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

import pandas as pd

from ... import tidy
from ...evaluation import Evaluation
from ...measures.durations import CLASSES
from ...measures.leaving import agree
from ...measures.programme import REASONS
from ...periods import WHOLE
from ...programme import GUIDED, READY, UNREGISTERED
from ...tidy import HIDDEN, Hidden
from ..absence import absent, came_empty
from ..checks import adds_up
from ..drawing.bar_charts import bars
from ..drawing.shapes import BLUE, GREY, ORANGE
from ..elements import Absent, Answer, Checks, Figure, Headline, Remark, Table
from ..findings import largest, small
from ..tables import rate
from ..wording import are, capital, category, counted, day_in_words, listed, number, percent, word

COLOURS = {GUIDED: BLUE, READY: ORANGE}
LEAVING = [("left_programme", "reason", r) for r in REASONS]


@dataclass(frozen=True)
class Stock:
    """What a period's delivery tells of one day: the rows of the tidy table, the period and the day."""

    rows: pd.DataFrame
    period: str
    day: date

    def value(self, measure: str, breakdown: str = "", category: str = "") -> tidy.Value:
        return tidy.number(self.rows, self.period, measure, breakdown, category)

    def count(self, group: str) -> float | Hidden:
        """How many are in a group."""
        value = self.value("on_benefit", "group", group)
        return 0.0 if value is None else value

    @property
    def when(self) -> str:
        return day_in_words(self.day)


def answer(evaluation: Evaluation, period: str) -> Answer:
    """How many are in guidance, for each consultant, how many wait, and how many came and left in the period."""
    stock = _stock(evaluation, period)
    said = _full(stock, waits=READY in evaluation.programme.stocks) if stock else [_not_full(evaluation, period)]
    return Answer((*said, *_came_and_left(evaluation, period)))


def in_short(evaluation: Evaluation, period: str) -> str:
    """How many are in guidance and how many wait, in one sentence; else what was published, or ''."""
    stock = _stock(evaluation, period)
    if stock is None:
        return _not_full(evaluation, period) if _groups_published(evaluation, period) else ""
    guided, ready = (stock.count(group) for group in (GUIDED, READY))
    rate = stock.value("caseload_per_consultant", "group", GUIDED)
    waits = READY in evaluation.programme.stocks
    each = f", gemiddeld {number(rate, 1)} per consulent{',' if waits else ''}" if isinstance(rate, float) else ""
    waiting = f" en {are(ready)} er **{_whom(ready, READY)}**" if waits else ""
    return f"Op {stock.when} {are(guided)} **{_whom(guided, GUIDED)}**{each}{waiting}."


def headline(evaluation: Evaluation, period: str) -> Headline | Absent:
    """In guidance, for each consultant, and ready; where no caseload was delivered, who came and who left."""
    stock = _stock(evaluation, period)
    if stock is None:
        return _headline_published(evaluation, period) or _no_bridge(evaluation, period) or _balance(evaluation, period)
    guided, when = category(GUIDED), f"op {stock.when}"
    items = [(number(stock.value("on_benefit", "group", GUIDED)), f"inwoners {guided}", when)]
    rate = stock.value("caseload_per_consultant", "group", GUIDED)
    if rate is not None:
        context = "" if isinstance(rate, Hidden) else counted(_consultants(stock), "consulent", "consulenten")
        items.append((number(rate, 1), f"{guided} per consulent", context))
    if READY in evaluation.programme.stocks:
        items.append((number(stock.value("on_benefit", "group", READY)), category(READY), when))
    return Headline(tuple(items))


def groups_data(evaluation: Evaluation, period: str) -> pd.DataFrame:
    """Residents by group on the date of the stock: group, residents; missing where they may not be shown.

    Who is in no group comes last, where that follows from what is shown.
    """
    stock = _stock(evaluation, period)
    chosen = [*evaluation.programme.stocks, UNREGISTERED]
    values = [stock.value("on_benefit", "group", g) for g in evaluation.programme.stocks] if stock else []
    if stock and (rest := _in_none(evaluation, stock)):
        values.append(rest)
    return pd.DataFrame(
        {
            "group": [capital(category(g)) for g in chosen][: len(values)],
            "residents": pd.Series([_plain(v) for v in values], dtype="float64"),
        }
    )


def groups_figure(evaluation: Evaluation, period: str) -> Figure | Absent:
    """The groups of the caseload as bars."""
    stock = _stock(evaluation, period)
    if stock is None:
        return _no_stock(evaluation, period)
    data = groups_data(evaluation, period)
    chosen = [*evaluation.programme.stocks, UNREGISTERED][: len(data)]
    drawing = bars(data["group"], data["residents"], colours=[COLOURS.get(g, GREY) for g in chosen])
    texts = [number(_shown(v)) for v in data["residents"]]
    rows = list(zip(data["group"], texts, strict=True))
    table = Table(f"Inwoners naar groep op {stock.when}", ["Groep", "Inwoners"], rows, numbers=frozenset({"Inwoners"}))
    alt = f"Staafdiagram van inwoners naar groep op {stock.when}: {_told(data['group'], data['residents'])}."
    finding = largest(word("caseload", "largest"), data["group"].map(small), data["residents"])
    if chosen[-1] == UNREGISTERED and data["residents"].idxmax() == len(data) - 1:
        finding = word("caseload", "in_none").format(count=number(data["residents"].max()))
    return Figure(drawing, alt, f"Inwoners naar groep op {stock.when} (aantal inwoners).", table, finding)


def groups(evaluation: Evaluation, period: str) -> Table | Absent:
    """The groups of the caseload beside what was published about the same day, and as a share of all on benefit."""
    stock = _stock(evaluation, period)
    if stock is None:
        return _groups_published(evaluation, period) or _no_stock(evaluation, period)
    rows = [
        [
            capital(category(g)),
            _published(evaluation, stock, "group", g),
            number(stock.value("on_benefit", "group", g)),
            percent(stock.value("group_share", "group", g)),
        ]
        for g in evaluation.programme.stocks
    ]
    everybody, published = stock.value("on_benefit"), _published(evaluation, stock, "", "")
    if (rest := _in_none(evaluation, stock)) and isinstance(everybody, float):
        rows.append(["In geen van deze groepen", "–", number(rest), percent(rest / everybody)])
    rows.append(["Alle inwoners met een uitkering", published, number(everybody), _all_of(everybody)])
    columns = ["Groep", "Gepubliceerd", "Gegevens", "Van alle uitkeringen"]
    return Table(
        f"Wie {category(GUIDED)} is en wie wacht op {stock.when}",
        columns,
        rows,
        unit="inwoners en %",
        numbers=frozenset(columns[1:]),
        totals=frozenset({len(rows) - 1}),
        note="Elke inwoner staat in ten hoogste één groep.",
    )  # fmt: skip


def _in_none(evaluation: Evaluation, stock: Stock) -> float:
    """How many are in none of the groups; 0 where that does not follow from what is shown, or is too few to tell."""
    values = [stock.value("on_benefit"), *(stock.value("on_benefit", "group", g) for g in evaluation.programme.stocks)]
    known = tidy.all_shown([v for v in values if v is not None])
    if isinstance(known, Hidden) or len(known) < len(values) or evaluation.is_rounded:
        return 0.0
    everybody, *groups = known
    rest = everybody - sum(groups)
    return 0.0 if rest <= 0 or evaluation.too_few(rest) else rest


def per_consultant(evaluation: Evaluation, period: str) -> Remark | Absent:
    """Residents in guidance for each consultant, with the sum."""
    stock = _stock(evaluation, period)
    if stock is None:
        return _no_stock(evaluation, period)
    guided, rate = (stock.value(m, "group", GUIDED) for m in ("on_benefit", "caseload_per_consultant"))
    if rate is None:
        return Remark("Hoeveel consulenten er waren, staat niet in de instellingen.")
    known = tidy.all_shown([rate, 0.0 if guided is None else guided])
    if isinstance(known, Hidden):
        return Remark("Hoeveel inwoners elke consulent begeleidt, is afgeschermd.")
    of = evaluation.workspace.period(stock.period).wording()
    staff = counted(_consultants(stock), "consulent", "consulenten")
    return Remark(
        f"Op {stock.when} {are(known[1])} {_whom(known[1], GUIDED)}. Verdeeld over "
        f"{staff} is dat gemiddeld {number(known[0], 1)} per consulent. Het aantal consulenten is dat van {of}, "
        "zoals het in de instellingen staat."
    )


def durations(evaluation: Evaluation, period: str) -> Table | Absent:
    """How long residents have been in guidance, and how long those who are ready have been waiting."""
    stock = _stock(evaluation, period)
    if stock is None or stock.value("in_group", "group", GUIDED) is None:
        return _no_stock(evaluation, period)
    timed = evaluation.programme.timed
    names = [capital(category(g)) for g in timed]
    rows = [
        [
            capital(word("category", c)),
            *(number(stock.value("in_group", "group>duration", f"{g}>{c}")) for g in timed),
        ]
        for c in CLASSES
    ]
    rows.append(["Bekend sinds wanneer", *(number(stock.value("in_group", "group", g)) for g in timed)])
    medians = [_whole(stock.value("months_in_group", "group", g)) for g in timed]
    rows.append(["Mediaan, in hele maanden", *map(number, medians)])
    return Table(
        f"Hoe lang inwoners op {stock.when} in hun groep zitten",
        ["Hoe lang al", *names],
        rows,
        unit="inwoners; de mediaan in maanden",
        numbers=frozenset(names),
        totals=frozenset({len(CLASSES)}),
        note="De mediaan is de middelste: de helft zit er korter, de helft langer. Het is de tijd tot de peildatum, "
        "niet de hele tijd: zij zitten nog in hun groep.",
    )  # fmt: skip


def bridge(evaluation: Evaluation, period: str) -> Table | Absent:
    """From who was in the programme when the period began to who was in it when it ended."""
    if none := _no_bridge(evaluation, period):
        return none
    value = partial(tidy.number, evaluation.measures, period)
    rows = [
        [
            f"Aan het begin, op {day_in_words(_first(evaluation, period))}",
            number(value("in_programme", "entry", "opening")),
        ],
        ["Erbij: eerste gesprek in de periode", _signed(value("in_programme", "entry", "joined"), "+")],
        ["Eraf: vertrokken uit het programma", _signed(value("in_programme", "end", "left"), "−")],
        *([f"waarvan {word('category', r)}", number(value("left_programme", "reason", r))] for r in REASONS),
        [f"Aan het eind, op {day_in_words(_last(evaluation, period))}", number(value("in_programme", "end", "stayed"))],
    ]
    return Table(
        f"Wie erbij kwam en wie vertrok, {evaluation.wording(period)}",
        ["Stand en verandering", "Inwoners"],
        rows,
        unit="inwoners",
        numbers=frozenset({"Inwoners"}),
        totals=frozenset({0, len(rows) - 1}),
        parts=frozenset(range(3, len(rows) - 1)),
        note="Afgeleid uit alle leveringen samen. Wie al meedeed voordat de eerste levering begint, is niet bekend. "
        "Afgesloten: een afsluitend gesprek, zonder dat binnen dertig dagen en nog in de periode de uitkering eindigde "
        "of een verwijzing volgde.",
    )  # fmt: skip


def bridge_data(evaluation: Evaluation, period: str) -> pd.DataFrame:
    """The balance as bars: step, start, residents; of who left the start is where the bar ends. Missing when hidden."""
    value = partial(tidy.number, evaluation.measures, period)
    ends = ("in_programme", "entry", "opening"), ("in_programme", "end", "stayed")
    counts = [_plain(value(*step)) for step in (ends[0], ("joined_programme",), *LEAVING, ends[1])]
    opening, joined, *left, closing = counts
    starts, at = [0.0, opening], opening + joined
    for count in left:
        at -= count
        starts.append(at)
    names = ["begin", "erbij", *(f"eraf: {word('category', r)}" for r in REASONS), "eind"]
    return pd.DataFrame({"step": names, "start": [*starts, 0.0], "residents": [*counts[:-1], closing]})


def bridge_figure(evaluation: Evaluation, period: str) -> Figure | Absent:
    """The balance drawn: each step begins where the one before it ended."""
    if none := _no_bridge(evaluation, period):
        return none
    data, when = bridge_data(evaluation, period), evaluation.wording(period)
    names = [capital(s) for s in data["step"]]
    colours = [GREY, BLUE, *[ORANGE] * len(REASONS), GREY]
    if data.isna().any(axis=None):
        drawing = bars(names, data["residents"], colours=colours)
    else:
        drawing = bars(names, data["residents"], starts=data["start"], colours=colours)
    rows = [[n, number(_shown(v))] for n, v in zip(names, data["residents"], strict=True)]
    table = Table(f"Balans van het programma, {when}", ["Stap", "Inwoners"], rows, numbers=frozenset({"Inwoners"}))
    alt = f"Staafdiagram van de balans van het programma over {when}: {_told(data['step'], data['residents'])}."
    joined = tidy.number(evaluation.measures, period, "joined_programme")
    left = tidy.number(evaluation.measures, period, "in_programme", "end", "left")
    is_known = isinstance(joined, float) and isinstance(left, float)
    finding = f"Er kwamen er {number(joined)} bij, en er vertrokken er {number(left)}." if is_known else ""
    return Figure(drawing, alt, f"Wie erbij kwam en wie vertrok, {when} (aantal inwoners).", table, finding)


def derived(evaluation: Evaluation, period: str) -> Table | Absent:
    """Who is in the programme according to the conversations, beside the caseload that was delivered."""
    stock = _stock(evaluation, period)
    if stock is None or stock.value("derived_caseload") is None:
        return _no_stock(evaluation, period, "derived_caseload")
    rows = [
        ["Afgeleid uit gesprekken en uitstroom", number(stock.value("derived_caseload"))],
        *(
            [
                f"waarvan {_registered(r)}",
                number(stock.value("derived_caseload", "registered", r)),
            ]
            for r in (*evaluation.programme.stocks, UNREGISTERED)
        ),
        [f"Geleverd als {category(GUIDED)}", number(stock.value("on_benefit", "group", GUIDED))],
    ]
    return Table(
        f"{capital(category(GUIDED))} op {stock.when}: afgeleid en geleverd",
        ["Bron", "Inwoners"],
        rows,
        unit="inwoners",
        numbers=frozenset({"Inwoners"}),
        parts=frozenset(range(1, len(rows) - 1)),
    )  # fmt: skip


def derived_why(evaluation: Evaluation, period: str) -> Remark | Absent:
    """How far the two are apart, and what that may come from."""
    stock = _stock(evaluation, period)
    if stock is None or stock.value("derived_caseload") is None:
        return _no_stock(evaluation, period, "derived_caseload")
    found = [stock.value("derived_caseload"), stock.value("on_benefit", "group", GUIDED)]
    known = tidy.all_shown([0.0 if v is None else v for v in found])
    if isinstance(known, Hidden):
        return Remark(
            "Of de afgeleide en de geleverde stand gelijk zijn, is hier niet te zeggen: er is iets afgeschermd."
        )
    worked_out, delivered = (number(v) for v in known)
    if known[0] == known[1]:
        return Remark(f"Afgeleid en geleverd zijn even groot: {delivered}.")
    registered = f"Wie {category(GUIDED)} is, bepaalt de registratie; de afgeleide stand is dan te"
    if known[0] > known[1]:
        why = (
            "begeleiding die ophield zonder dat een afsluitend gesprek, een verwijzing of het einde van de uitkering "
            f"is vastgelegd. {registered} hoog."
        )
    else:
        why = (
            "begeleiding die begon vóór de eerste levering, of waarvan het eerste gesprek niet is vastgelegd. "
            f"{registered} laag."
        )
    return Remark(
        f"Afgeleid: {worked_out}; geleverd: {delivered}. {_fits(evaluation, *known)} Het verschil past bij {why}"
    )


def _fits(evaluation: Evaluation, worked_out: float, delivered: float) -> str:
    """Whether the balance is near enough to the delivered stock to be used, as the outlook judges it."""
    within = evaluation.workspace.settings.outlook.derived_within
    if agree(worked_out, delivered, within):
        return f"Dat ligt binnen {percent(within, 0)} van elkaar: de balans sluit aan."
    return f"Dat ligt meer dan {percent(within, 0)} uit elkaar: de balans sluit niet aan."


def priority(evaluation: Evaluation, period: str) -> Table | Absent:
    """How long residents had been on benefit when they were first spoken to."""
    if none := absent(evaluation, period, "spoken_on_benefit"):
        return none
    rows = [[capital(word("category", c)), *_age(evaluation, period, c)] for c in CLASSES]
    total = tidy.number(evaluation.measures, period, "spoken_on_benefit")
    rows.append(["Bekend hoe lang", number(total), _all_of(total), "–"])
    columns = ["Hoe lang al een uitkering", "Inwoners", "Aandeel", "95%-interval"]
    return Table(
        f"Hoe lang inwoners een uitkering hadden bij het eerste gesprek, {evaluation.wording(period)}",
        columns,
        rows,
        unit="inwoners en %",
        numbers=frozenset(columns[1:]),
        totals=frozenset({len(rows) - 1}),
    )


def priority_said(evaluation: Evaluation, period: str) -> Remark | Absent:
    """The share of newcomers among those first spoken to, and the median time until that conversation."""
    if none := absent(evaluation, period, "spoken_on_benefit"):
        return none
    total = tidy.number(evaluation.measures, period, "spoken_on_benefit")
    if total == 0:
        return Remark("Er is niemand voor het eerst gesproken van wie bekend is hoe lang de uitkering liep.")
    count, share = (
        tidy.number(evaluation.measures, period, m, "benefit_age", "under_6")
        for m in ("spoken_on_benefit", "benefit_age_share")
    )
    known = tidy.all_shown([0.0 if v is None else v for v in (total, count, share)])
    if isinstance(known, Hidden):
        said = "Welk deel van de gesproken inwoners korter dan een half jaar een uitkering had, is afgeschermd."
    else:
        verb = "had" if known[1] in (0, 1) else "hadden"
        said = (
            f"Van de {counted(known[0], 'gesproken inwoner', 'gesproken inwoners')} van wie dit bekend is, {verb} "
            f"{_some(known[1])} korter dan een half jaar een uitkering ({percent(known[2])})."
        )
    median = tidy.number(evaluation.measures, period, "months_to_first_talk")
    if isinstance(median, float) and total != 1:
        said += f" De helft had bij het eerste gesprek {_than(median)} een uitkering."
    if evaluation.workspace.settings.programme.newcomers_first:
        said += (
            " De gemeente heeft gekozen dat nieuwe instroom voorgaat: dat laat zich zien als een groot deel korter dan "
            "een half jaar een uitkering had."
        )
    return Remark(said)


def newcomers(evaluation: Evaluation, period: str) -> Remark | Absent:
    """How much of the new inflow was spoken to within half a year, of who could be followed that long."""
    if none := absent(evaluation, period, "newcomers"):
        return none
    value = partial(tidy.number, evaluation.measures, period)
    came, followed, share = (value(m) for m in ("newcomers", "newcomers_followed", "newcomers_reached"))
    when = evaluation.wording(period)
    if came == 0:
        return Remark(f"Over {when} begon voor niemand een nieuwe uitkering.")
    began = counted(0.0 if came is None else came, "inwoner", "inwoners")
    said = [f"Over {when} begon voor {began} een nieuwe uitkering."]
    if isinstance(came, Hidden) or isinstance(followed, Hidden) or isinstance(share, Hidden):
        said.append("Welk deel binnen een half jaar is gesproken, is afgeschermd.")
    elif share is None or followed is None:
        said.append("Voor niemand van hen is er al een half jaar voorbij.")
    else:
        reached = float(
            tidy.pick(evaluation.measures, period=period, measure="newcomers_reached")["numerator"].iloc[-1]
        )
        whom = "hen" if came == followed else f"de {number(followed)} die al een half jaar gevolgd konden worden"
        verb = "had" if reached in (0, 1) else "hadden"
        said.append(f"Van {whom} {verb} {_some(reached)} binnen een half jaar een eerste gesprek ({percent(share)}).")
    return Remark(" ".join(said))


def checks(evaluation: Evaluation, period: str) -> Checks | Absent:
    """The balance closes, and the durations add up."""
    made = []
    if _no_bridge(evaluation, period) is None:
        value = partial(tidy.number, evaluation.measures, period)
        total = value("in_programme")
        before = [value("in_programme", "entry", "opening"), value("in_programme", "entry", "joined")]
        after = [value("in_programme", "end", "left"), value("in_programme", "end", "stayed")]
        made.append(adds_up(evaluation, "Begin en erbij", before, total, told="in de periode in het programma: {}"))
        made.append(adds_up(evaluation, "Eraf en eind", after, total, told="in de periode in het programma: {}"))
        reasons = [value("left_programme", "reason", r) for r in REASONS]
        made.append(
            adds_up(evaluation, "Eraf naar reden", reasons, value("in_programme", "end", "left"), told="vertrokken: {}")
        )
    stock = _stock(evaluation, period)
    is_timed = stock and stock.value("in_group", "group", GUIDED) is not None
    for group in evaluation.programme.timed if is_timed else ():
        parts = [stock.value("in_group", "group>duration", f"{group}>{c}") for c in CLASSES] if stock else []
        whole = stock.value("in_group", "group", group) if stock else None
        name = f"{capital(category(group))} naar duur"
        made.append(adds_up(evaluation, name, parts, whole, told="bekend sinds wanneer: {}"))
    if absent(evaluation, period, "spoken_on_benefit") is None:
        ages = [tidy.number(evaluation.measures, period, "spoken_on_benefit", "benefit_age", c) for c in CLASSES]
        whole = tidy.number(evaluation.measures, period, "spoken_on_benefit")
        made.append(
            adds_up(evaluation, "Gesproken naar duur van de uitkering", ages, whole, told="bekend hoe lang: {}")
        )
    return Checks(tuple(made)) if made else Absent(word("absent", "records"))


def _stock(evaluation: Evaluation, period: str) -> Stock | None:
    """The stock of a period's delivery; of all together that of the last one that brought a caseload."""
    keys = [p.id for p in reversed(evaluation.workspace.periods)] if period == WHOLE else [period]
    for key in keys:
        rows = tidy.pick(evaluation.measures, period=key, measure="on_benefit", breakdown="group", basis="records")
        if len(rows):
            as_of = rows["as_of"].iloc[-1]
            return Stock(tidy.pick(evaluation.measures, period=key, as_of=as_of), key, date.fromisoformat(as_of))
    return None


def _groups_published(evaluation: Evaluation, period: str) -> Table | None:
    """The groups as they were published about a period without records; None when they were not."""
    rows = tidy.pick(evaluation.measures, period=period, measure="on_benefit", breakdown="group", basis="published")
    if rows.empty:
        return None
    stock = Stock(rows, period, date.fromisoformat(rows["as_of"].iloc[-1]))
    stocks = evaluation.programme.stocks
    cells = [[capital(category(g)), _published(evaluation, stock, "group", g)] for g in stocks]
    columns = ["Groep", "Gepubliceerd"]
    caption = f"Wie {category(GUIDED)} is en wie wacht op {stock.when}"
    return Table(
        caption, columns, cells, unit="inwoners", numbers=frozenset(columns[1:]), note=word("absent", "records")
    )


def _headline_published(evaluation: Evaluation, period: str) -> Headline | None:
    table = _groups_published(evaluation, period)
    if table is None:
        return None
    shown = [
        (str(value), f"{str(group)[:1].lower()}{str(group)[1:]}", "gepubliceerd") for group, value in table.rows[:2]
    ]
    return Headline(tuple(shown))


def _not_full(evaluation: Evaluation, period: str) -> str:
    """Why it is not known from records how full the caseload was, and what was published."""
    table = _groups_published(evaluation, period)
    if table is None and came_empty(evaluation, period, "caseload"):
        return "De caseload over deze periode is geleverd, maar leeg: hoe vol die was, is niet bekend."
    if table is None:
        return "Over deze periode is geen caseload geleverd: hoe vol die was, is niet bekend."
    known = [f"{str(g)[:1].lower()}{str(g)[1:]} {v}" for g, v in table.rows]
    return f"{word('absent', 'records')} Gepubliceerd is {listed(known)}."


def _no_stock(evaluation: Evaluation, period: str, measure: str = "in_group") -> Absent:
    if _stock(evaluation, period) is None and came_empty(evaluation, period, "caseload"):
        return Absent(word("absent", "caseload_empty"))
    tables = word("table", "caseload").lower()
    return absent(evaluation, period, measure) or Absent(word("absent", "tables").format(tables=tables))


def _no_bridge(evaluation: Evaluation, period: str) -> Absent | None:
    if len(tidy.pick(evaluation.measures, period=period, measure="in_programme")):
        return absent(evaluation, period, "in_programme")
    if not evaluation.deliveries(period):
        return Absent(word("absent", "records"))
    return Absent(word("absent", "balance"))


def _full(stock: Stock, *, waits: bool) -> list[str]:
    guided, ready = (stock.count(group) for group in (GUIDED, READY))
    rate = stock.value("caseload_per_consultant", "group", GUIDED)
    median = stock.value("months_in_group", "group", READY)
    said = f"Op {stock.when} {are(guided)} **{_whom(guided, GUIDED)}**"
    if isinstance(rate, float):
        said += f": gemiddeld {number(rate, 1)} per consulent"
    if not waits:
        return [f"{said}."]
    text = f"Daarnaast {are(ready)} **{_whom(ready, READY)}**"
    if isinstance(median, float) and stock.value("in_group", "group", READY) != 1:
        text += f"; de helft van hen {_than(median)}"
    return [f"{said}.", f"{text}."]


def _whom(count: float | Hidden, group: str) -> str:
    """So many residents, in this group."""
    return f"{counted(count, 'inwoner', 'inwoners')} {category(group)}"


def _balance(evaluation: Evaluation, period: str) -> Headline:
    value, when = partial(tidy.number, evaluation.measures, period), evaluation.wording(period)
    there = number(value("in_programme", "end", "stayed"))
    return Headline(
        (
            (number(value("joined_programme")), "inwoners kwamen in het programma", f"over {when}"),
            (number(value("left_programme")), "vertrokken", f"over {when}"),
            (there, "in het programma, volgens de gesprekken", f"op {day_in_words(_last(evaluation, period))}"),
        )
    )


def _came_and_left(evaluation: Evaluation, period: str) -> list[str]:
    if _no_bridge(evaluation, period):
        return []
    value = partial(tidy.number, evaluation.measures, period)
    came, left = (
        0.0 if v is None else v
        for v in (value("in_programme", "entry", "joined"), value("in_programme", "end", "left"))
    )
    verb = "kwam" if are(came) == "is" else "kwamen"
    gone = f" en {'vertrok' if are(left) == 'is' else 'vertrokken'} er **{_some(left)}**"
    gone = word("caseload", "none_left") if left == 0 else gone
    return [
        f"Over {evaluation.wording(period)} {verb} er volgens de gesprekken **{counted(came, 'inwoner', 'inwoners')} "
        f"bij** in het programma{gone}."
    ]


def _published(evaluation: Evaluation, stock: Stock, breakdown: str, category: str) -> str:
    """What was published about the same day, as it was meant."""
    about = [
        f
        for f in evaluation.figures
        if (f.measure, f.breakdown, f.when) == ("on_benefit", breakdown, stock.day)
        and f.categories == ((category,) if category else ())
    ]
    said = [word("qualifier", f.qualifier).format(value=number(f.value)) for f in about]
    return listed(list(dict.fromkeys(said))) or "–"


def _age(evaluation: Evaluation, period: str, category: str) -> Sequence[str]:
    count = tidy.number(evaluation.measures, period, "spoken_on_benefit", "benefit_age", category)
    return number(count), *rate(evaluation, period, "benefit_age_share", "benefit_age", category)


def _consultants(stock: Stock) -> float:
    found = tidy.pick(stock.rows, measure="caseload_per_consultant")["denominator"]
    return float(found.iloc[-1])


def _first(evaluation: Evaluation, period: str) -> date:
    return evaluation.days(period)[0].start


def _last(evaluation: Evaluation, period: str) -> date:
    rows = tidy.pick(evaluation.measures, period=period, measure="in_programme")
    return date.fromisoformat(rows["as_of"].iloc[-1])


def _all_of(total: tidy.Value) -> str:
    """The share that a total is of itself; there is none of nobody."""
    return number(total) if isinstance(total, Hidden) else percent(1.0 if total else None)


def _told(names: Sequence[str], values: Sequence[float]) -> str:
    parts = [
        f"{small(name)} {word('hidden', 'aloud') if pd.isna(v) else number(v)}"
        for name, v in zip(names, values, strict=True)
    ]
    return listed(parts)


def _registered(group: str) -> str:
    name = category(group)
    return name if group == UNREGISTERED else f"geleverd als {name}"


def _signed(value: tidy.Value, sign: str) -> str:
    return f"{sign}{number(value)}" if isinstance(value, float) and value else number(value)


def _some(count: float | Hidden) -> str:
    """A count without its noun: *niemand* for none."""
    return word("hidden", "count") if isinstance(count, Hidden) else number(count) if count else "niemand"


def _whole(months: tidy.Value) -> tidy.Value:
    """Whole months that have passed.

    >>> _whole(21.7), _whole(HIDDEN), _whole(None)
    (21.0, <Hidden.HIDDEN: 'hidden'>, None)
    """
    return float(int(months)) if isinstance(months, float) else months


def _than(median: float) -> str:
    """What holds for half of them: longer than whole months that have passed.

    >>> [_than(m) for m in (2.7, 2.0, 1.2, 0.6, 0.4)]  # doctest: +NORMALIZE_WHITESPACE
    ['al langer dan 2 maanden', 'al ten minste 2 maanden', 'al langer dan 1 maand', 'al langer dan een halve maand',
     'korter dan een halve maand']
    """
    passed = float(int(median))
    if not passed:
        return f"{'al langer' if median >= 0.5 else 'korter'} dan een halve maand"
    return f"al {'ten minste' if median == passed else 'langer dan'} {counted(passed, 'maand', 'maanden')}"


def _plain(value: tidy.Value) -> float:
    return float("nan") if isinstance(value, Hidden) else value or 0.0


def _shown(value: float) -> tidy.Value:
    return HIDDEN if pd.isna(value) else value
