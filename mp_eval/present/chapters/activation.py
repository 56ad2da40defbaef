"""Who was activated: who had time enough, how long it takes, on which path, and where the self-directed were sent.

The paths, and the places where residents are referred to, are what the municipality set (`programme.Programme`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import inf

import pandas as pd

from ... import tidy
from ...evaluation import Evaluation
from ...measures.activities import ELSEWHERE, NOT_REFERRED
from ...measures.cohort import ENOUGH_TIME, MILESTONES
from ...measures.routes import UNRECORDED, named
from ...programme import Route
from ...tidy import HIDDEN, Hidden
from ..absence import absent
from ..checks import adds_up
from ..drawing.line_charts import FEW, Line, lines
from ..drawing.paint import Drawing
from ..drawing.shapes import BLUE, ORANGE
from ..elements import Absent, Checks, Figure, Remark, Table
from ..tables import rate
from ..wording import MARK, are, capital, category, counted, day_in_words, listed, number, percent, word

CURVES = {"activation_incidence": "actief geworden", "outflow_incidence": "uit de uitkering"}
TWO = ("activation_incidence", "timely_activation_rate")
MONTHS = "maanden sinds het eerste gesprek"


def timely(evaluation: Evaluation, period: str, *, decimals: int = 1) -> Remark | Absent:
    """Of who had 6 and 12 months since the first conversation: which share was activated in them."""
    if missing := absent(evaluation, period, "activated_in_time"):
        return missing
    return Remark(" ".join(_timely(evaluation, period, months, decimals) for months in ENOUGH_TIME))


def _timely(evaluation: Evaluation, period: str, months: int, decimals: int) -> str:
    had, activated = (_of(evaluation, period, m, "months", months) for m in ("had_time", "activated_in_time"))
    if had == 0 and _of(evaluation, period, "cohort", "at_start", "not_yet_active") == 0:
        return f"Over {months} maanden is niets te zeggen: er zijn geen gesproken inwoners die nog niet actief waren."
    if had == 0:
        return f"Over {months} maanden is nog niets te zeggen: niemand kon al zo lang worden gevolgd."
    were = "was en {} maanden de tijd had" if had == 1 else "waren en {} maanden de tijd hadden"
    whom = (
        f"{counted(_told(had), 'inwoner', 'inwoners')} die bij het eerste gesprek nog niet actief {were.format(months)}"
    )
    how = f"{are(_told(activated))} er {_many(activated)} in die tijd actief geworden"
    share = rate(evaluation, period, "timely_activation_rate", "months", str(months), decimals=decimals)[0]
    return f"Van {whom}, {how}{'' if share == MARK else f': {share}'}."


def at_first_talk(evaluation: Evaluation, period: str) -> Remark | Absent:
    """How many of the cohort were active already, and are left out of what follows."""
    if missing := absent(evaluation, period, "had_time"):
        return missing
    everybody = _told(_of(evaluation, period, "cohort"))
    before, left = (
        _told(_of(evaluation, period, "cohort", "at_start", c)) for c in ("active_before", "not_yet_active")
    )
    were = "was" if are(before) == "is" else "waren"
    return Remark(
        f"Voor het eerst gesproken {are(everybody)} {counted(everybody, 'inwoner', 'inwoners')}. Daarvan {were} er "
        f"{_many(before)} bij dat gesprek al actief. Nog niet actief: {_many(left)}; over hen gaat wat hieronder staat."
    )


def maturity(evaluation: Evaluation, period: str, *, decimals: int = 1) -> Table | Absent:
    """Of who had time enough: how many were activated in it, and which share that is."""
    if missing := absent(evaluation, period, "activated_in_time"):
        return missing
    rows = []
    for months in ENOUGH_TIME:
        had, activated = (_of(evaluation, period, m, "months", months) for m in ("had_time", "activated_in_time"))
        too_recent = number(_too_recent(evaluation, period, had))
        shares = rate(evaluation, period, "timely_activation_rate", "months", str(months), decimals=decimals)
        rows.append([f"{months} maanden", too_recent, number(had), number(activated), *shares])
    columns = ["Binnen", "Nog te kort geleden", "Genoeg tijd", "Actief geworden", "Aandeel", "95%-interval"]
    return Table(
        "Actief geworden binnen 6 en 12 maanden",
        columns,
        rows,
        unit="inwoners die nog niet actief waren, en %",
        numbers=frozenset(columns[1:]),
        note="Genoeg tijd: het eerste gesprek was ten minste zoveel maanden voor "
        f"{_extracted(evaluation, period)}, de laatste dag van de gegevens. Wie nog te kort geleden is "
        "gesproken, telt in het aandeel niet mee. De twee regels gaan dus niet over dezelfde inwoners: wie twaalf "
        "maanden had, is eerder gesproken.",
    )


def quarters(evaluation: Evaluation, period: str, *, decimals: int = 1) -> Table | Absent:
    """The cohort by the quarter of the first conversation; nothing of quarters that are too young."""
    if missing := absent(evaluation, period, "activated_in_time"):
        return missing
    found = tidy.pick(evaluation.measures, period=period, measure="cohort", breakdown="start_quarter")
    rows = []
    for quarter in found["category"]:
        spoken, had, activated = (
            _of(evaluation, period, m, "start_quarter", quarter) for m in ("cohort", "had_time", "activated_in_time")
        )
        share = rate(evaluation, period, "timely_activation_rate", "start_quarter", quarter, decimals=decimals)[0]
        known = ["nog te jong"] * 3 if had is None else [number(had), number(activated), share]
        rows.append([_quarter(quarter), number(spoken), *known])
    columns = ["Eerste gesprek", "Gesproken", "Nog niet actief", "Actief binnen 6 maanden", "Aandeel"]
    return Table(
        "Actief geworden naar kwartaal van het eerste gesprek",
        columns,
        rows,
        unit="inwoners, en % van wie nog niet actief was",
        numbers=frozenset(columns[1:]),
        note="Een kwartaal is nog te jong als niet iedereen van dat kwartaal op de laatste dag van de gegevens "
        "ten minste zes maanden kon worden gevolgd. Alleen dagen binnen de periode tellen mee, dus een "
        "kwartaal kan korter zijn.",
    )


def incidence_data(evaluation: Evaluation, period: str) -> pd.DataFrame:
    """Both curves: months, and of each its share with low and high; missing where none is given or shown."""
    frames = []
    for measure in CURVES:
        found = tidy.pick(evaluation.measures, period=period, measure=measure)
        found = found[found["status"] != "undefined"]
        shares = found[["value", "low", "high"]].astype("float64").add_prefix(f"{measure}_")
        frames.append(shares.set_index(found["category"].astype(int)))
    data = pd.concat(frames, axis=1).sort_index()
    if len(data) and 0 not in data.index:  # before the first conversation nothing has happened
        data.loc[0] = [0.0 if name.endswith("value") else float("nan") for name in data.columns]
    return data.sort_index().rename_axis("months").reset_index()


def incidence(evaluation: Evaluation, period: str, *, decimals: int = 1) -> Figure | Remark | Absent:
    """How long it takes until somebody is active, when the end of the benefit may come first."""
    if missing := absent(evaluation, period, "activated_within"):
        return missing
    data = incidence_data(evaluation, period)
    if not data["activation_incidence_value"].gt(0).any():
        return Remark(_without_curve(evaluation))
    caption = (
        "Deel van de inwoners dat actief werd, en dat uit de uitkering ging zonder actief te worden (%), naar maanden "
        f"sinds het eerste gesprek. {'De band' if evaluation.is_internal else 'Het streepje'} is het 95%-interval."
    )
    still = {m: _still(evaluation, period, m) for m in (0, *MILESTONES)}
    caption += word("activation", "below")
    if evaluation.is_internal and (turn := _turn(still)) < inf:
        caption += word("activation", "few").format(few=FEW, months=number(turn))
    drawing = _as_lines(data, still) if evaluation.is_internal else _as_points(data, still)
    table = _incidence_table(evaluation, period, data, decimals)
    return Figure(drawing, _incidence_alt(data, decimals), caption, table, _incidence_finding(data, still, decimals))


def two_shares(evaluation: Evaluation, period: str, *, decimals: int = 1) -> Remark | Absent:
    """Why the curve and the share of who had time enough differ after as many months, where they do."""
    if missing := absent(evaluation, period, "activated_within"):
        return missing
    said, is_told = [], False
    for months in ENOUGH_TIME:
        numbers = [_of(evaluation, period, m, "months", months) for m in (*TWO, "had_time")]
        numbers.append(_of(evaluation, period, "cohort", "at_start", "not_yet_active"))
        known = tidy.all_shown([value for value in numbers if value is not None])
        if isinstance(known, Hidden) or None in numbers:
            continue
        is_told = True
        curve, alone, had, everybody = known
        if percent(curve, decimals) != percent(alone, decimals):
            said.append(
                f"Na {months} maanden staat de lijn op {percent(curve, decimals)} en de tabel erboven op "
                f"{percent(alone, decimals)}. De tabel gaat alleen over de {number(had)} inwoners die al zo lang "
                f"geleden zijn gesproken; de lijn over alle {number(everybody)}, ieder zolang die kon worden gevolgd."
            )
    if not is_told:
        return Remark(word("activation", "not_beside"))
    if not said:
        return Remark("Waar de lijn en de tabel erboven allebei iets zeggen over 6 of 12 maanden, is dat hetzelfde.")
    return Remark(" ".join([*said, "Beide kloppen: zij gaan niet over dezelfde inwoners."]))


def followed(evaluation: Evaluation, period: str) -> Table | Absent:
    """The numbers behind the curve: who is still followed after so many months, and what happened to the others."""
    if missing := absent(evaluation, period, "activated_within"):
        return missing
    start = _of(evaluation, period, "cohort", "at_start", "not_yet_active")
    rows = [["0 maanden", number(start), "0", "0"]]
    for months in MILESTONES:
        counts = [
            _of(evaluation, period, m, "months", months) for m in ("still_followed", "activated_within", "left_within")
        ]
        rows.append([f"{months} maanden", *map(number, counts)])
    columns = ["Sinds het eerste gesprek", "Nog gevolgd", "Actief geworden", "Uit de uitkering"]
    return Table(
        "Hoeveel inwoners nog worden gevolgd",
        columns,
        rows,
        unit="inwoners",
        numbers=frozenset(columns[1:]),
        note="Nog gevolgd: nog niet actief, nog een uitkering, en het eerste gesprek was ten minste zo lang voor de "
        "laatste dag van de gegevens. De rest is nog te kort geleden gesproken. ‘–’ betekent: niemand is zo lang "
        "geleden gesproken, of er is niet geleverd wanneer uitkeringen eindigden.",
    )


def routes(evaluation: Evaluation, period: str) -> Table | Absent:
    """Residents by path of the programme, and of how many something that fits it was recorded."""
    if not evaluation.workspace.settings.programme.routes:
        return Absent(word("absent", "routes"))
    if missing := absent(evaluation, period, "on_route"):
        return missing
    rows = []
    for n, route in enumerate(evaluation.workspace.settings.programme.routes, 1):
        on, recorded = (
            number(_of(evaluation, period, m, "route", named(n, route))) for m in ("on_route", "route_recorded")
        )
        rows.append([capital(named(n, route)), on, _fits(route), recorded])
    unrecorded = number(_of(evaluation, period, "on_route", "route", UNRECORDED))
    rows.append([capital(word("category", UNRECORDED)), unrecorded, "–", "–"])
    rows.append(["Totaal", number(_of(evaluation, period, "on_route")), "–", "–"])
    columns = ["Pad", "Inwoners", "Wat erbij past", "Bij zoveel inwoners vastgelegd"]
    return Table(
        "De paden van de aanpak",
        columns,
        rows,
        unit="gesproken inwoners",
        numbers=frozenset({columns[1], columns[3]}),
        totals=frozenset({len(rows) - 1}),
        note="Een pad is een voornemen. Vastgelegd is wat sinds het eerste gesprek begon, of er al was. Dat is een "
        "teken van het pad, en niet het pad zelf.",
    )


def _fits(route: Route) -> str:
    return listed([category(kind) for kind in route.fitting]).replace(" en ", " of ") or "–"


def referrals(evaluation: Evaluation, period: str) -> Table | Absent:
    """Activities of residents who found one alone, by where they were referred to."""
    if missing := _no_referrals(evaluation, period):
        return missing
    rows = [
        [capital(category(p)), number(_of(evaluation, period, "self_directed_started", "referred_to", p))]
        for p in (*evaluation.workspace.settings.programme.referrals, ELSEWHERE, NOT_REFERRED)
    ]
    rows.append(["Totaal", number(_of(evaluation, period, "self_directed_started"))])
    return Table(
        "Waarheen zelfzoekers zijn verwezen",
        ["Verwezen naar", "Activiteiten"],
        rows,
        unit="begonnen activiteiten",
        numbers=frozenset({"Activiteiten"}),
        totals=frozenset({len(rows) - 1}),
    )


def _no_referrals(evaluation: Evaluation, period: str) -> Absent | None:
    if not evaluation.workspace.settings.programme.referrals:
        return Absent(word("absent", "referrals"))
    return absent(evaluation, period, "self_directed_started")


def referred(evaluation: Evaluation, period: str) -> Remark | Absent:
    """Where the self-directed were mostly referred to, and whether that is most of them."""
    if missing := _no_referrals(evaluation, period):
        return missing
    names = (*evaluation.workspace.settings.programme.referrals, ELSEWHERE)
    places = {p: _of(evaluation, period, "self_directed_started", "referred_to", p) for p in names}
    total = _told(_of(evaluation, period, "self_directed_started"))
    if total == 0:
        return Remark("Geen zelfzoeker begon in deze periode aan een activiteit.")
    known = tidy.all_shown([*(_told(v) for v in places.values()), total])
    if isinstance(known, Hidden):
        return Remark(
            "Waarheen zelfzoekers vooral zijn verwezen, is niet te zeggen: een of meer aantallen zijn afgeschermd."
        )
    most = max(known[:-1])
    if not most:
        return Remark("Van geen zelfzoeker is een verwijzing vastgelegd.")
    first = listed([category(p) for p, v in zip(places, known[:-1], strict=True) if v == most])
    half = {1: "meer dan", 0: "precies", -1: "minder dan"}[(most * 2 > known[-1]) - (most * 2 < known[-1])]
    each = " elk" if known[:-1].count(most) > 1 else ""
    return Remark(
        f"Het vaakst genoemd: {first}, bij{each} {number(most)} van de "
        f"{counted(known[-1], 'begonnen activiteit', 'begonnen activiteiten')}. Dat is {half} de helft."
    )


def checks(evaluation: Evaluation, period: str) -> Checks | Absent:
    """The parts of the cohort against its whole, with the values."""
    if missing := absent(evaluation, period, "cohort"):
        return missing
    made = []
    for measure, breakdown, name in (
        ("cohort", "at_start", "Al actief en nog niet actief"),
        ("cohort", "start_quarter", "Inwoners naar kwartaal van het eerste gesprek"),
        ("on_route", "route", "Inwoners naar pad"),
        ("self_directed_started", "referred_to", "Activiteiten van zelfzoekers naar verwijzing"),
    ):
        found = tidy.pick(evaluation.measures, period=period, measure=measure, breakdown=breakdown)
        if absent(evaluation, period, measure) or found["status"].eq("not_delivered").all():
            continue
        parts = [_of(evaluation, period, measure, breakdown, c) for c in found["category"]]
        made.append(adds_up(evaluation, name, parts, _of(evaluation, period, measure)))
    return Checks(tuple(made))


def _of(evaluation: Evaluation, period: str, measure: str, breakdown: str = "", category: str | int = "") -> tidy.Value:
    return tidy.number(evaluation.measures, period, measure, breakdown, str(category))


def _told(value: tidy.Value) -> float | Hidden:
    """A count in a sentence: none when it was not measured."""
    return 0.0 if value is None else value


def _many(value: tidy.Value) -> str:
    """A count without its noun.

    >>> _many(0.0), _many(12.0), _many(HIDDEN)
    ('geen', '12', 'een afgeschermd aantal')
    """
    if isinstance(value, Hidden):
        return word("hidden", "count")
    return number(value) if value else "geen"


def _too_recent(evaluation: Evaluation, period: str, had: tidy.Value) -> tidy.Value:
    """Who could not be followed so long; not told when it would tell of a few."""
    known = tidy.all_shown([_told(_of(evaluation, period, "cohort", "at_start", "not_yet_active")), _told(had)])
    if isinstance(known, Hidden) or evaluation.too_few(known[0] - known[1]):
        return HIDDEN
    return known[0] - known[1]


def _extracted(evaluation: Evaluation, period: str) -> str:
    extracted = evaluation.extracted(period)
    return day_in_words(extracted) if extracted else "nu"


def _quarter(code: str) -> str:
    """A quarter as it is read.

    >>> _quarter("2024-Q1")
    '1e kwartaal 2024'
    """
    year, _, which = code.partition("-Q")
    return f"{which}e kwartaal {year}"


def _still(evaluation: Evaluation, period: str, months: int) -> tidy.Value:
    """How many are still followed after so many months."""
    if months == 0:
        return _of(evaluation, period, "cohort", "at_start", "not_yet_active")
    return _of(evaluation, period, "still_followed", "months", months)


def _turn(still: Mapping[int, tidy.Value]) -> float:
    """The last milestone after which fewer than `FEW` are followed; infinite where that is not so."""
    sure = [m for m, v in still.items() if isinstance(v, float) and v >= FEW]
    return float(sure[-1]) if sure and len(sure) < len(still) else inf


def _as_lines(data: pd.DataFrame, still: Mapping[int, tidy.Value]) -> Drawing:
    """Month by month."""
    series = [_line(data, "activation_incidence", BLUE), _line(data, "outflow_incidence", ORANGE, dashes=(5, 2))]
    shown = [replace(line, unsure_from=_turn(still)) for line in series if len(line.x) > 1]
    return _drawn(data, shown, still)


def _as_points(data: pd.DataFrame, still: Mapping[int, tidy.Value]) -> Drawing:
    """At the milestones alone; a line between them would tell what is not known, or not shown."""
    known = data[data["months"] > 0]
    series = [
        replace(_line(known, measure, colour), mark=mark, is_joined=False)
        for measure, colour, mark in zip(CURVES, (BLUE, ORANGE), ("round", "square"), strict=True)
    ]
    unknown = data.loc[data["activation_incidence_value"].isna(), "months"].tolist()
    return _drawn(data, series, still, hidden=unknown)


def _drawn(
    data: pd.DataFrame, series: list[Line], still: Mapping[int, tidy.Value], *, hidden: Sequence[float] = ()
) -> Drawing:
    ticks = _ticks(data, still)
    return lines(series, shown=lambda v: percent(v, 0), least=0.01, ticks=ticks, hidden=hidden, x_label=MONTHS)


def _ticks(data: pd.DataFrame, still: Mapping[int, tidy.Value]) -> list[tuple[float, str]]:
    """Each milestone with how many are still followed then."""
    last = int(data["months"].max())
    return [(m, f"{m}\n({number(still[m])})") for m in (0, *MILESTONES) if m <= max(last, MILESTONES[0])]


def _line(data: pd.DataFrame, measure: str, colour: str, *, dashes: tuple[float, ...] = ()) -> Line:
    shown = data[data[f"{measure}_value"].notna()]
    value, low, high = (shown[f"{measure}_{c}"] for c in ("value", "low", "high"))
    return Line(
        CURVES[measure],
        shown["months"].tolist(),
        value.tolist(),
        colour,
        dashes,
        low.fillna(value).tolist(),
        high.fillna(value).tolist(),
    )


def _without_curve(evaluation: Evaluation) -> str:
    if evaluation.is_rounded:
        return "Een lijn is niet getekend: zij laat zich niet berekenen uit aantallen die op vijftallen zijn afgerond."
    if not evaluation.is_internal:
        return "Een lijn is niet getekend: er zijn te weinig inwoners, of de aantallen eronder zijn afgeschermd."
    return "Een lijn is niet getekend: niemand werd actief, of er konden te weinig inwoners worden gevolgd."


def _incidence_table(evaluation: Evaluation, period: str, data: pd.DataFrame, decimals: int) -> Table:
    rows = []
    for row in data.to_dict("records"):
        known = [_of(evaluation, period, measure, "months", row["months"]) for measure in CURVES]
        shares = [percent(0.0 if row["months"] == 0 else v, decimals) for v in known]
        low, high = row["activation_incidence_low"], row["activation_incidence_high"]
        interval = "–" if pd.isna(low) else f"{percent(low, decimals)} – {percent(high, decimals)}"
        interval = MARK if shares[0] == MARK else interval
        rows.append([str(row["months"]), shares[0], interval, shares[1]])
    columns = ["Maanden", "Actief geworden", "95%-interval", "Uit de uitkering"]
    return Table("Actief geworden na zoveel maanden", columns, rows, unit="%", numbers=frozenset(columns[1:]))


def _incidence_finding(data: pd.DataFrame, still: Mapping[int, tidy.Value], decimals: int) -> str:
    """The last milestone of which the share is shown, and up to which the line is not thin where it is somewhere."""
    known = data[data["months"].isin(MILESTONES)].dropna(subset=["activation_incidence_value"])
    if known.empty:
        return ""
    sure = known[known["months"] <= _turn(still)]
    last = (known if sure.empty else sure).iloc[-1]
    share = percent(float(last["activation_incidence_value"]), decimals)
    return f"Na {int(last['months'])} maanden was {share} actief geworden."


def _incidence_alt(data: pd.DataFrame, decimals: int) -> str:
    shown = data[data["months"].isin(MILESTONES)][["months", "activation_incidence_value"]].values.tolist()
    none = word("hidden", "aloud")
    parts = [f"na {number(m)} maanden {none if pd.isna(v) else percent(v, decimals)}" for m, v in shown]
    left = data.dropna(subset=["outflow_incidence_value"])
    said = f"Het deel dat actief werd: {listed(parts)}." if parts else "Het deel dat actief werd, naar maanden."
    if len(left) and left["outflow_incidence_value"].gt(0).any():
        last = left.iloc[-1]
        share = percent(float(last["outflow_incidence_value"]), decimals)
        said += f" Uit de uitkering zonder actief te worden: na {int(last['months'])} maanden {share}."
    return said
