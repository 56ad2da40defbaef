"""Who the residents with a benefit are: how complete their picture is, who they are, and how long they stay.

All of it is of the day of an extraction. Of all periods together the last delivery is shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from math import inf, isnan

import pandas as pd

from ... import spoken, tidy
from ...evaluation import Evaluation
from ...measures import client_picture
from ...measures.benefit_register import AGES, HOUSEHOLDS, SEXES, UNKNOWN, YEARS, YEARS_OF_GROUPS
from ...periods import WHOLE
from ...tidy import HIDDEN, REMAINING, Hidden
from .. import whole_from
from ..absence import absent
from ..checks import adds_up
from ..drawing.bar_charts import bars
from ..drawing.line_charts import FEW, Line, lines
from ..drawing.shapes import BLUE, GREY, INK, ORANGE, PLUM, TEAL
from ..elements import Absent, Answer, Check, Checks, Figure, Headline, Remark, Row, Table
from ..findings import largest, small
from ..wording import MARK, are, capital, counted, day_in_words, listed, number, percent, word, words

ORDER = {"age": tuple(AGES), "sex": SEXES, "household": HOUSEHOLDS, "reason": ()}
SIDES = ("age", "sex", "household", "reason")
STYLES = ((BLUE, ()), (ORANGE, (5, 2)), (TEAL, (2, 1.5)), (PLUM, (7, 2, 2, 2)), (INK, (1, 1)), (GREY, (4, 1)))
MOST_LINES = len(STYLES)


def answer(evaluation: Evaluation, period: str) -> Answer:
    """How many residents have a benefit, how complete their picture is, and how many of who began are still there."""
    said = [*_answered_now(evaluation, period), *_answered_picture(evaluation, period)]
    said += _answered_later(evaluation, period)
    missing = absent(evaluation, _delivery(evaluation, period, "running_benefits"), "running_benefits")
    return Answer(tuple(said) if said or missing is None else (missing.text,))


def headline(evaluation: Evaluation, period: str) -> Headline | Absent:
    """Residents with a benefit, and the share of the benefits that still ran after one year and after three."""
    key = _delivery(evaluation, period, "running_benefits")
    if missing := absent(evaluation, key, "running_benefits"):
        return missing
    items = [
        (
            number(tidy.number(evaluation.measures, key, "running_benefits")),
            "inwoners met een uitkering",
            f"op {_day(evaluation, key, 'running_benefits')}",
        )
    ]
    for years in (1, 3):
        if found := _pooled(evaluation, key, years):
            window, share, _ = found
            items.append(
                (percent(share, 0), f"nog in de uitkering na {years} jaar", f"begonnen in {_in_words(window)}")
            )
    return Headline(tuple(items))


def moment(evaluation: Evaluation, period: str) -> Remark | Absent:
    """Of which day and delivery the figures are."""
    key = _delivery(evaluation, period, "running_benefits", "in_picture")
    if missing := absent(evaluation, key, "running_benefits", "in_picture"):
        return missing
    said = [
        f"{name} is van {_day(evaluation, at, measure)}."
        for name, measure in (("Het uitkeringenbestand", "running_benefits"), ("Het klantbeeld", "in_picture"))
        if _day(evaluation, at := _delivery(evaluation, period, measure), measure)
    ]
    if period == WHOLE:
        said.insert(0, f"Deze pagina toont de laatste levering: die over {evaluation.wording(key)}.")
    return Remark(" ".join(said))


def completeness(evaluation: Evaluation, period: str) -> Table | Absent:
    """Each indicator of the client picture: of how many residents it is filled in, and by whom."""
    key = _delivery(evaluation, period, "in_picture")
    if missing := absent(evaluation, key, "in_picture"):
        return missing
    fillers = _present(evaluation, key, "filler", client_picture.FILLERS)
    sizes = ["Inwoners in het klantbeeld", number(tidy.number(evaluation.measures, key, "in_picture")), ""]
    sizes += [number(tidy.number(evaluation.measures, key, "in_picture", "filler", f)) for f in fillers]
    rows: list[Row] = [sizes]
    for indicator in client_picture.INDICATORS:
        found = _share(evaluation, key, "picture_filled", "indicator", indicator)
        by = [
            percent(
                tidy.number(evaluation.measures, key, "picture_filled", "indicator>filler", f"{indicator}>{filler}")
            )
            for filler in fillers
        ]
        rows.append([capital(word("category", indicator)), number(found[1]), percent(found[0]), *by])
    columns = ["Indicator", "Ingevuld", "Aandeel", *(capital(word("category", f)) for f in fillers)]
    return Table(
        "Ingevuld in het klantbeeld",
        columns,
        rows,
        unit="inwoners en % van de inwoners in het klantbeeld",
        numbers=frozenset(columns[1:]),
        totals=frozenset({0}),
        note="Consulenten: participatie-, werk- en inburgeringsconsulenten samen. Leeftijd, geslacht en leefvorm komen "
        "uit het inwonersbestand of het uitkeringenbestand. ‘–’ betekent: niet aangeleverd.",
    )


def completeness_by_step(evaluation: Evaluation, period: str) -> Table | Absent:
    """The share filled in of each indicator by step on the participation ladder."""
    key = _delivery(evaluation, period, "in_picture")
    if missing := absent(evaluation, key, "in_picture"):
        return missing
    steps = _present(evaluation, key, "step", client_picture.steps(evaluation.programme))
    sizes = [number(tidy.number(evaluation.measures, key, "in_picture", "step", step)) for step in steps]
    rows: list[Row] = [["Inwoners", *sizes]]
    for indicator in (i for i in client_picture.INDICATORS if i != "ladder_step"):
        filled = [
            percent(tidy.number(evaluation.measures, key, "picture_filled", "indicator>step", f"{indicator}>{step}"), 0)
            for step in steps
        ]
        rows.append([capital(word("category", indicator)), *filled])
    columns = ["Indicator", *("Onbekend" if step == UNKNOWN else capital(_named(f"step_{step}")) for step in steps)]
    return Table(
        spoken.told("Ingevuld naar trede op de participatieladder"),
        columns,
        rows,
        unit=spoken.told("inwoners en % van de inwoners op die trede"),
        numbers=frozenset(columns[1:]),
        totals=frozenset({0}),
        note=spoken.told("Treden waarop niemand staat, zijn weggelaten."),
    )


def composition(evaluation: Evaluation, period: str) -> Table | Absent:
    """Residents with a running benefit by age class, sex, household and reason of inflow."""
    key = _delivery(evaluation, period, "running_benefits")
    if missing := absent(evaluation, key, "running_benefits"):
        return missing
    rows: list[Row] = [
        ["Alle inwoners met een uitkering", number(tidy.number(evaluation.measures, key, "running_benefits")), ""]
    ]
    parts, heads = set(), {0}
    for side in SIDES:
        heads.add(len(rows))
        rows.append([capital(word("breakdown", side).removeprefix("naar ")), "", ""])
        for category in _categories(evaluation, key, "running_benefits", side):
            parts.add(len(rows))
            count = tidy.number(evaluation.measures, key, "running_benefits", side, category)
            share = tidy.number(evaluation.measures, key, "running_share", side, category)
            rows.append([capital(_named(category)), number(count), percent(share)])
    columns = ["Groep", "Inwoners", "Aandeel"]
    return Table(
        "Inwoners met een lopende uitkering",
        columns,
        rows,
        unit=f"inwoners en %, op {_day(evaluation, key, 'running_benefits')}",
        numbers=frozenset(columns[1:]),
        totals=frozenset(heads),
        parts=frozenset(parts),
        note="De leeftijd is die in het jaar waarin de gegevens zijn opgevraagd. Elke inwoner staat per indeling in "
        "precies één groep.",
    )


def composition_data(evaluation: Evaluation, period: str, group: str) -> pd.DataFrame:
    """Residents with a running benefit by category of one group: group, residents; missing where hidden."""
    key = _delivery(evaluation, period, "running_benefits")
    categories = _categories(evaluation, key, "running_benefits", group)
    values = [tidy.number(evaluation.measures, key, "running_benefits", group, c) for c in categories]
    counts = [float("nan") if isinstance(v, Hidden) else v or 0.0 for v in values]
    return pd.DataFrame({"group": [capital(_named(c)) for c in categories], "residents": counts})


def composition_figure(evaluation: Evaluation, period: str, group: str) -> Figure | Absent:
    """Bars of the residents with a running benefit by age, sex, household or reason."""
    key = _delivery(evaluation, period, "running_benefits")
    if missing := absent(evaluation, key, "running_benefits"):
        return missing
    data, by = composition_data(evaluation, period, group), word("breakdown", group)
    when = _day(evaluation, key, "running_benefits")
    texts = [number(HIDDEN if pd.isna(v) else float(v)) for v in data["residents"]]
    told = [word("hidden", "aloud") if t == MARK else t for t in texts]
    parts = listed([f"{small(g)} {t}" for g, t in zip(data["group"], told, strict=True)])
    alt = f"Staafdiagram van inwoners met een uitkering {by} op {when}"
    table = Table(
        f"Inwoners met een uitkering {by}, {when}",
        ["Groep", "Inwoners"],
        [[g, t] for g, t in zip(data["group"], texts, strict=True)],
        numbers=frozenset({"Inwoners"}),
    )
    return Figure(
        bars(data["group"], data["residents"]),
        f"{alt}: {parts}." if parts else f"{alt}: er is niemand.",
        f"Inwoners met een lopende uitkering {by}, op {when} (aantal inwoners).",
        table,
        largest("De grootste groep:", data["group"].map(small), data["residents"]),
    )


def by_cohort(evaluation: Evaluation, period: str) -> Table | Absent:
    """Of each year of inflow how many benefits began and which share still ran years later; blank when too recent."""
    key = _delivery(evaluation, period, "running_benefits")
    if missing := _no_cohorts(evaluation, key):
        return missing
    rows: list[Row] = []
    for cohort in _categories(evaluation, key, "benefits_started", "cohort"):
        begun = number(tidy.number(evaluation.measures, key, "benefits_started", "cohort", cohort))
        shares = [_if_known(evaluation, key, "cohort>years", f"{cohort}>{years}") for years in YEARS]
        rows.append([cohort, begun, *shares])
    pooled = {years: _pooled(evaluation, key, years) for years in YEARS}
    together = [percent(found[1]) if found else "" for found in pooled.values()]
    rows.append(["Alle jaren samen", "", *together])
    columns = ["Begonnen in", "Uitkeringen", *(f"Na {years} jaar" for years in YEARS)]
    return Table(
        "Nog in de uitkering, naar jaar van instroom",
        columns,
        rows,
        unit="uitkeringen, en % dat nog loopt",
        numbers=frozenset(columns[1:]),
        totals=frozenset({len(rows) - 1}),
        note="Leeg: nog niet bekend, want niet alle uitkeringen van dat jaar zijn zo lang geleden begonnen. Alle jaren "
        f"samen: van de jaren die in die kolom een percentage hebben. {whole_from.said(evaluation, key)} "
        "Wie binnen 30 dagen terugkwam, is niet weggeweest.",
    )


def cohorts_data(evaluation: Evaluation, period: str) -> pd.DataFrame:
    """The share still on benefit by years since the start: cohort ('' for all together), years, share.

    Grain: one row a point that is known and may be shown; every cohort begins with 100% after 0 years.
    """
    key = _delivery(evaluation, period, "running_benefits")
    rows: list[tuple[str, int, float]] = []
    for cohort in _categories(evaluation, key, "benefits_started", "cohort"):
        found = [
            (y, tidy.number(evaluation.measures, key, "still_on_benefit", "cohort>years", f"{cohort}>{y}"))
            for y in YEARS
        ]
        shown = [(cohort, y, v) for y, v in found if isinstance(v, float)]
        rows += [(cohort, 0, 1.0), *shown] if shown else []
    pooled = [(y, _pooled(evaluation, key, y)) for y in YEARS]
    together = [("", y, p[1]) for y, p in pooled if p and isinstance(p[1], float)]
    rows += [("", 0, 1.0), *together] if together else []
    return pd.DataFrame(rows, columns=["cohort", "years", "share"])


def cohorts_figure(evaluation: Evaluation, period: str) -> Figure | Absent:
    """How the share still on benefit falls with the years: each year of inflow, and all together."""
    key = _delivery(evaluation, period, "running_benefits")
    if missing := _no_cohorts(evaluation, key):
        return missing
    data = cohorts_data(evaluation, period)
    series = [
        Line(name, points["years"].tolist(), points["share"].tolist(), GREY, width=1.0, mark="round")
        for (_, points), name in zip(
            data[data["cohort"] != ""].groupby("cohort"), ["elk jaar van instroom", *[""] * len(data)], strict=False
        )
    ]
    together = data[data["cohort"] == ""]
    said = [percent(p.share, 0) if p.years else "" for p in together.itertuples()]
    x, y = together["years"].tolist(), together["share"].tolist()
    series.append(Line("alle jaren samen", x, y, width=2.6, mark="round", said=said))
    drawing = lines(
        series,
        shown=lambda v: percent(v, 0),
        least=0.01,
        ticks=[(y, str(y)) for y in (0, *YEARS)],
        x_label="jaren na het begin van de uitkering",
    )
    points = [f"{percent(p.share, 0)} na {p.years} jaar" for p in together.itertuples() if p.years]
    alt = "Lijndiagram van het deel van de uitkeringen dat nog loopt, naar jaren sinds het begin. "
    alt += f"Alle jaren van instroom samen: {listed(points)}." if points else "Er is geen punt dat kan worden getoond."
    shares = {(c, int(y)): percent(s) for c, y, s in data.itertuples(index=False)}
    rows = [
        ["Alle samen" if cohort == "" else cohort, *(shares.get((cohort, year), "") for year in YEARS)]
        for cohort in dict.fromkeys(data["cohort"])
    ]
    columns = ["Begonnen in", *(f"Na {year} jaar" for year in YEARS)]
    table = Table(
        "Nog in de uitkering naar jaren sinds het begin",
        columns,
        rows,
        unit="% van de begonnen uitkeringen",
        numbers=frozenset(columns[1:]),
    )
    caption = (
        "Deel van de begonnen uitkeringen dat zoveel jaar later nog loopt (%). Een lijn stopt waar het onbekend is."
    )
    finding = f"Na {together['years'].iloc[-1]} jaar loopt nog {said[-1]} van de uitkeringen." if points else ""
    return Figure(drawing, alt, caption, table, finding)


def by_group(evaluation: Evaluation, period: str, group: str) -> Table | Absent:
    """The share still on benefit after 1, 3 and 5 years by what was known at the start, of all cohorts together."""
    key = _delivery(evaluation, period, "running_benefits")
    if missing := _no_cohorts(evaluation, key):
        return missing
    windows = {years: found[0] for years in YEARS_OF_GROUPS if (found := _pooled(evaluation, key, years))}
    columns = [_heading(group)]
    for years, window in windows.items():
        columns += [f"Begonnen {_briefly(window)}", f"Na {years} jaar"]
    rows: list[Row] = []
    for category in _group_categories(evaluation, key, group):
        cells: list[str] = []
        for years, window in windows.items():
            share, _, begun = _share(
                evaluation, key, "still_on_benefit", f"{group}>window>years", f"{category}>{window}>{years}"
            )
            cells += [number(begun), percent(share)]
        rows.append([capital(_named(category)), *cells])
    total: list[str] = []
    for years, window in windows.items():
        share, _, begun = _share(evaluation, key, "still_on_benefit", "window>years", f"{window}>{years}")
        total += [number(begun), percent(share)]
    rows.append(["Totaal", *total])
    return Table(
        f"Nog in de uitkering {_by(group)}",
        columns,
        rows,
        unit="uitkeringen, en % dat nog loopt",
        numbers=frozenset(columns[1:]),
        totals=frozenset({len(rows) - 1}),
    )


def groups_data(evaluation: Evaluation, period: str, group: str) -> pd.DataFrame:
    """The share still on benefit by years since the start and category: group, years, share, and of how many begun."""
    key = _delivery(evaluation, period, "running_benefits")
    rows: list[tuple[str, int, float, tidy.Value]] = []
    for category in _group_categories(evaluation, key, group):
        found = []
        for years in YEARS_OF_GROUPS:
            if pooled := _pooled(evaluation, key, years):
                label = f"{category}>{pooled[0]}>{years}"
                share, _, begun = _share(evaluation, key, "still_on_benefit", f"{group}>window>years", label)
                found += [(category, years, share, begun)] if isinstance(share, float) else []
        rows += [(category, 0, 1.0, found[0][-1]), *found] if found else []
    return pd.DataFrame(rows, columns=["group", "years", "share", "begun"])


def groups_figure(evaluation: Evaluation, period: str, group: str) -> Figure | Absent:
    """Lines of the share still on benefit by group; with more groups than lines that can be told apart, the largest."""
    key = _delivery(evaluation, period, "running_benefits")
    if missing := _no_cohorts(evaluation, key):
        return missing
    data = groups_data(evaluation, period, group)
    chosen = list(dict.fromkeys(data["group"]))[:MOST_LINES]
    series = []
    for category, (colour, dashes) in zip(chosen, STYLES, strict=False):
        points = data[data["group"] == category]
        few = points.loc[points["begun"] < FEW, "years"]
        turn = points.loc[points["years"] < few.min(), "years"].max() if len(few) else inf
        x, y = points["years"].tolist(), points["share"].tolist()
        series.append(Line(_named(category), x, y, colour, dashes, unsure_from=0.0 if isnan(turn) else turn))
    drawing = lines(
        series,
        shown=lambda v: percent(v, 0),
        least=0.01,
        ticks=[(y, str(y)) for y in (0, *YEARS_OF_GROUPS)],
        x_label="jaren na het begin van de uitkering",
    )
    last = data.groupby("group").last()
    ends = [f"{_named(c)} {percent(float(last.loc[c, 'share']), 0)} na {last.loc[c, 'years']} jaar" for c in chosen]
    alt = f"Lijndiagram van het deel van de uitkeringen dat nog loopt, {_by(group)}. "
    alt += f"{capital(listed(ends))}." if ends else "Er is geen punt dat kan worden getoond."
    rows = [[capital(_named(g)), str(y), percent(s)] for g, y, s, _ in data.itertuples(index=False)]
    table = Table(
        f"De punten van de figuur, {_by(group)}",
        [_heading(group), "Jaren", "Aandeel"],
        rows,
        unit="% van de begonnen uitkeringen",
        numbers=frozenset({"Jaren", "Aandeel"}),
    )
    caption = f"Deel van de begonnen uitkeringen dat zoveel jaar later nog loopt, {_by(group)} (%)."
    caption += word("population", "few").format(few=FEW) if any(line.unsure_from < inf for line in series) else ""
    return Figure(drawing, alt, caption, table, _furthest_apart(last.loc[chosen]))


def _furthest_apart(last: pd.DataFrame) -> str:
    """The groups with the highest and the lowest share after the same number of years; '' when these differ."""
    if len(last) < 2 or last["years"].nunique() > 1 or last["share"].nunique() < 2:
        return ""
    least, most = (
        f"{percent(float(last.loc[g, 'share']), 0)} ({_named(g)})"
        for g in (last["share"].idxmin(), last["share"].idxmax())
    )
    return f"Nog in de uitkering na {last['years'].iloc[0]} jaar: van {least} tot {most}."


def checks(evaluation: Evaluation, period: str) -> Checks | Absent:
    """Groups against their whole: of the residents, of the years of inflow, and of the benefits that began."""
    key = _delivery(evaluation, period, "running_benefits", "in_picture")
    if missing := absent(evaluation, key, "running_benefits", "in_picture"):
        return missing
    made = []
    for measure, side, name in (
        ("in_picture", "filler", "Klantbeeld naar wie het invulde"),
        ("in_picture", "step", spoken.told("Klantbeeld naar trede")),
        *(("running_benefits", side, f"Uitkeringen {word('breakdown', side)}") for side in SIDES),
    ):
        at = _delivery(evaluation, period, measure)
        if not absent(evaluation, at, measure):
            parts = [
                tidy.number(evaluation.measures, at, measure, side, c)
                for c in _categories(evaluation, at, measure, side)
            ]
            made.append(adds_up(evaluation, name, parts, tidy.number(evaluation.measures, at, measure)))
    if found := _pooled(evaluation, _delivery(evaluation, period, "running_benefits"), 1):
        made.append(_check_cohorts(evaluation, period, found[0]))
    return Checks(tuple(made))


def _check_cohorts(evaluation: Evaluation, period: str, window: str) -> Check:
    key = _delivery(evaluation, period, "running_benefits")
    first, last = map(int, window.split("-"))
    parts = [
        tidy.number(evaluation.measures, key, "benefits_started", "cohort", str(year))
        for year in range(first, last + 1)
    ]
    _, _, begun = _share(evaluation, key, "still_on_benefit", "window>years", f"{window}>1")
    return adds_up(evaluation, f"Uitkeringen die begonnen in {_in_words(window)}", parts, begun)


def _answered_now(evaluation: Evaluation, period: str) -> Iterator[str]:
    key = _delivery(evaluation, period, "running_benefits")
    if absent(evaluation, key, "running_benefits"):
        return
    count = tidy.count(evaluation.measures, key, "running_benefits")
    verb = "heeft" if are(count) == "is" else "hebben"
    yield (
        f"Op {_day(evaluation, key, 'running_benefits')} {verb} **{counted(count, 'inwoner', 'inwoners')}** een "
        "lopende bijstandsuitkering."
    )


def _answered_picture(evaluation: Evaluation, period: str) -> Iterator[str]:
    key = _delivery(evaluation, period, "in_picture")
    if absent(evaluation, key, "in_picture"):
        return
    value = tidy.number(evaluation.measures, key, "in_picture")
    count = 0.0 if value is None else value
    bureau = tidy.number(evaluation.measures, key, "in_picture", "filler", "external_bureau")
    said = f"In het klantbeeld {'staat' if are(count) == 'is' else 'staan'} {counted(count, 'inwoner', 'inwoners')}"
    if not isinstance(bureau, Hidden) and bureau:
        said += f"; bij {number(bureau)} is het ingevuld door een {word('category', 'external_bureau')}"
    yield f"{said}."
    filled = [
        (word("category", i), tidy.number(evaluation.measures, key, "picture_filled", "indicator", i))
        for i in client_picture.ASKED
    ]
    known = [(name, share) for name, share in filled if isinstance(share, float)]
    if known:
        name, least = min(known, key=lambda item: item[1])
        parts = listed([f"{n} {percent(s, 0)}" for n, s in known])
        yield f"In totaal is ingevuld: {parts}." + (
            f" Het minst volledig is {name}." if len({s for _, s in known}) > 1 and least < 1 else ""
        )


def _answered_later(evaluation: Evaluation, period: str) -> Iterator[str]:
    key = _delivery(evaluation, period, "running_benefits")
    for years in (1, 3):
        found = _pooled(evaluation, key, years)
        if found is None:
            continue
        window, share, begun = found
        if isinstance(share, Hidden):
            yield f"Welk deel van de uitkeringen na {years} jaar nog liep, is afgeschermd."
        elif share is not None:
            number_ = "de uitkeringen" if begun is HIDDEN or begun is None else f"de {number(begun)} uitkeringen"
            verb = f"die in {_in_words(window)} begonnen"
            yield f"Van {number_} {verb}, liep na {years} jaar nog **{percent(share, 0)}**."


def _delivery(evaluation: Evaluation, period: str, *measures: str) -> str:
    """The period whose delivery tells these measures: itself, and of all together the last one that does."""
    if period != WHOLE:
        return period
    rows = evaluation.measures[evaluation.measures["measure"].isin(measures)]
    rows = rows[(rows["status"] != "not_delivered") & (rows["basis"] == "records")]
    told = [key for key in evaluation.received if (rows["period"] == key).any()]
    return max(told, key=evaluation.extracted, default=period)


def _day(evaluation: Evaluation, key: str, measure: str) -> str:
    """The day of a stock in words; nothing when there is none."""
    rows = tidy.pick(evaluation.measures, period=key, measure=measure, breakdown="")
    rows = rows[rows["status"] != "not_delivered"]
    return day_in_words(date.fromisoformat(rows["as_of"].iloc[-1])) if len(rows) else ""


def _share(
    evaluation: Evaluation, key: str, measure: str, breakdown: str, category: str
) -> tuple[tidy.Value, tidy.Value, tidy.Value]:
    """A share with its numerator and denominator."""
    last = tidy.last(evaluation.measures, period=key, measure=measure, breakdown=breakdown, category=category)
    if last is None:
        return None, None, None
    if last["status"] == "hidden":
        return HIDDEN, HIDDEN, HIDDEN
    share, above, below = (None if pd.isna(last[c]) else float(last[c]) for c in ("value", "numerator", "denominator"))
    return share, above, below


def _pooled(evaluation: Evaluation, key: str, years: int) -> tuple[str, tidy.Value, tidy.Value] | None:
    """The pooled years of inflow that are old enough, the share still on benefit, and how many benefits began."""
    rows = tidy.pick(evaluation.measures, period=key, measure="still_on_benefit", breakdown="window>years")
    for category in rows["category"]:
        window, _, after = str(category).partition(">")
        if after == str(years):
            share, _, begun = _share(evaluation, key, "still_on_benefit", "window>years", category)
            return window, share, begun
    return None


def _no_cohorts(evaluation: Evaluation, key: str) -> Absent | None:
    """Why nothing is told of cohorts, if so: no register, or none that is long enough ago."""
    if missing := absent(evaluation, key, "running_benefits"):
        return missing
    rows = tidy.pick(evaluation.measures, period=key, measure="still_on_benefit")
    if len(rows):
        return None
    return Absent(f"{word('absent', 'cohorts')} {whole_from.said(evaluation, key)}")


def _if_known(evaluation: Evaluation, key: str, breakdown: str, category: str) -> str:
    """A share; blank when it is not known yet."""
    where = {"period": key, "measure": "still_on_benefit", "breakdown": breakdown, "category": category}
    known = tidy.last(evaluation.measures, **where) is not None
    return percent(_share(evaluation, key, "still_on_benefit", breakdown, category)[0]) if known else ""


def _categories(evaluation: Evaluation, key: str, measure: str, breakdown: str) -> list[str]:
    """The categories that occur: in their own order, else as many first; what is unknown or remains comes last."""
    rows = tidy.pick(evaluation.measures, period=key, measure=measure, breakdown=breakdown)
    return _ordered(rows["category"].tolist(), rows["value"].fillna(0).tolist(), ORDER.get(breakdown, ()))


def _group_categories(evaluation: Evaluation, key: str, group: str) -> list[str]:
    """The categories of a group of benefits that began, ordered by its first side."""
    rows = tidy.pick(evaluation.measures, period=key, measure="still_on_benefit", breakdown=f"{group}>window>years")
    names = [str(c).rsplit(">", 2)[0] for c in rows["category"]]
    sizes = rows["denominator"].fillna(0).groupby(names).max()
    order = tuple(f"{a}>{s}" for a in AGES for s in SEXES) if group == "age>sex" else ORDER.get(group, ())
    return _ordered(list(sizes.index), sizes.tolist(), order)


def _ordered(categories: Sequence[str], sizes: Sequence[float], order: Sequence[str]) -> list[str]:
    places = {c: n for n, c in enumerate(order)} | {REMAINING: len(order) + 1, UNKNOWN: len(order) + 2}
    keys = {c: (places.get(c, len(order)), 0 if order else -size, c) for c, size in zip(categories, sizes, strict=True)}
    if all(c.isdigit() for c in categories):
        return sorted(categories)
    return sorted(dict.fromkeys(categories), key=keys.__getitem__)


def _present(evaluation: Evaluation, key: str, breakdown: str, categories: Sequence[str]) -> list[str]:
    """The categories with somebody in them, as far as may be known."""
    values = {c: tidy.number(evaluation.measures, key, "in_picture", breakdown, c) for c in categories}
    return [c for c, v in values.items() if isinstance(v, Hidden) or v]


def _named(category: str) -> str:
    """The reader's word for a category; a reason of inflow is in the municipality's own words."""
    return ", ".join(words()["category"].get(c, c) for c in category.split(">"))


def _by(group: str) -> str:
    return listed([word("breakdown", side) for side in group.split(">")]).replace("en naar", "en")


def _heading(group: str) -> str:
    return capital(_by(group).removeprefix("naar "))


def _in_words(window: str) -> str:
    first, last = window.split("-")
    return first if first == last else f"{first} tot en met {last}"


def _briefly(window: str) -> str:
    first, last = window.split("-")
    return first if first == last else f"{first}–{last}"
