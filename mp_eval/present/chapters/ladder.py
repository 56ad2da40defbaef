"""Who of the residents spoken to came to stand higher on the participation ladder, and who lower."""

from __future__ import annotations

import pandas as pd

from ... import spoken, tidy
from ...evaluation import Evaluation
from ...measures.ladder import APART, DIRECTIONS, MEASURED, step
from ...tidy import HIDDEN, Hidden
from ..absence import absent
from ..checks import adds_up
from ..drawing.grid_charts import Square, grid
from ..drawing.paint import Drawing
from ..drawing.shapes import GREY, ORANGE, TEAL
from ..elements import Absent, Checks, Figure, Remark, Table
from ..tables import rate
from ..wording import capital, category, counted, number, percent, word

MEASURES = ("ladder_followed", "ladder_moves")


def sentence(evaluation: Evaluation, period: str) -> str:
    """How many rose and how many fell, of how many; or why that cannot be told."""
    if missing := absent(evaluation, period, *MEASURES):
        return missing.text
    twice = tidy.count(evaluation.measures, period, "ladder_moves")
    rose, fell = (_moved(evaluation, period, direction) for direction in ("up", "down"))
    if twice == 0:
        none = spoken.told("Van geen gesproken inwoner zijn er twee metingen op de participatieladder")
        return f"{none} met ten minste {APART} dagen ertussen."
    verb = "kwam" if isinstance(rose, Hidden) or rose <= 1 else "kwamen"
    several = counted(twice, "gesproken inwoner", "gesproken inwoners")
    measured = spoken.told("met twee metingen op de participatieladder")
    return f"Van {several} {measured} {verb} **{_some(rose)}** hoger te staan en **{_some(fell)}** lager."


def coverage(evaluation: Evaluation, period: str) -> Table | Absent:
    """Of the residents spoken to, how many were measured twice, once and never."""
    if missing := absent(evaluation, period, *MEASURES):
        return missing
    total = tidy.count(evaluation.measures, period, "ladder_followed")
    values = [tidy.count(evaluation.measures, period, "ladder_followed", "measured", f"measured_{m}") for m in MEASURED]
    rows = [
        [capital(word("category", f"measured_{m}")), number(v), percent(_share(evaluation, v, total))]
        for m, v in zip(MEASURED, values, strict=True)
    ]
    rows.append(["Gesproken inwoners", number(total), ""])
    return Table(
        spoken.told("Van wie is de trede gemeten?"),
        ["Metingen op de ladder", "Inwoners", "Aandeel"],
        rows,
        unit="inwoners en %",
        numbers=frozenset({"Inwoners", "Aandeel"}),
        totals=frozenset({len(rows) - 1}),
        note=spoken.told(
            f"Twee metingen: ten minste {APART} dagen uit elkaar, de eerste op of na de dag van het eerste gesprek. "
            "Geen meting: sinds het eerste gesprek is niet gemeten; een trede kan dan wel bekend zijn, van eerder of "
            "uit het bestand van inwoners."
        ),
    )


def directions(evaluation: Evaluation, period: str) -> Table | Remark | Absent:
    """Risers, equal and fallers with their shares and intervals."""
    if missing := absent(evaluation, period, *MEASURES):
        return missing
    if tidy.count(evaluation.measures, period, "ladder_moves") == 0:
        return Remark(sentence(evaluation, period))
    rows = [
        [
            capital(word("category", f"moved_{d}")),
            number(_moved(evaluation, period, d)),
            *rate(evaluation, period, "ladder_move_rate", "direction", f"moved_{d}"),
        ]
        for d in DIRECTIONS
    ]
    rows.append(["Twee metingen", number(tidy.count(evaluation.measures, period, "ladder_moves")), "", ""])
    columns = ["Richting", "Inwoners", "Aandeel", "95%-interval"]
    return Table(
        "Gestegen, gelijk gebleven en gedaald",
        columns,
        rows,
        unit="inwoners en %",
        numbers=frozenset(columns[1:]),
        totals=frozenset({len(rows) - 1}),
    )


def matrix_data(evaluation: Evaluation, period: str) -> pd.DataFrame:
    """Residents by first step (rows) and last step (columns); missing where they may not be shown."""
    steps = evaluation.programme.steps
    values = [[_cell(evaluation, period, a, b) for b in steps] for a in steps]
    cells = [[float("nan") if isinstance(v, Hidden) else v for v in row] for row in values]
    return pd.DataFrame(cells, index=pd.Index(steps, name="first"), columns=pd.Index(steps, name="last"))


def moves(evaluation: Evaluation, period: str) -> Figure | Remark | Absent:
    """From which first step to which last step, drawn: right of the diagonal who rose, left of it who fell."""
    if missing := absent(evaluation, period, *MEASURES):
        return missing
    if tidy.count(evaluation.measures, period, "ladder_moves") == 0:
        return Remark(sentence(evaluation, period))
    data, when = matrix_data(evaluation, period), evaluation.wording(period)
    caption = f"{spoken.told('Van de eerste naar de laatste trede')}, {when} (aantal inwoners)."
    if data.notna().any(axis=None):  # else every square is hatched
        caption += " Rechts van de grijze vakken: gestegen; links ervan: gedaald."
        caption += " Hoe meer een vak afsteekt, hoe meer inwoners."
    if data.isna().any(axis=None):
        caption += word("reach", "figure_hidden").format(hidden=word("hidden", "aloud"))
    table = _matrix(evaluation, period, f"{spoken.told('Eerste en laatste trede')}, {when}")
    finding = sentence(evaluation, period).replace("**", "")
    return Figure(_draw(data), _alt(evaluation, period, when), caption, table, finding)


def checks(evaluation: Evaluation, period: str) -> Checks | Absent:
    """Coverage, steps and directions against their totals."""
    if missing := absent(evaluation, period, *MEASURES):
        return missing
    made = []
    for measure, breakdown, name in (
        ("ladder_followed", "measured", "Gesproken inwoners naar metingen"),
        ("ladder_moves", "from", spoken.told("Inwoners naar eerste trede")),
        ("ladder_moves", "to", spoken.told("Inwoners naar laatste trede")),
        ("ladder_moves", "direction", "Gestegen, gelijk en gedaald"),
    ):
        rows = tidy.pick(evaluation.measures, period=period, measure=measure, breakdown=breakdown)
        parts = [tidy.count(evaluation.measures, period, measure, breakdown, c) for c in rows["category"]]
        made.append(adds_up(evaluation, name, parts, tidy.count(evaluation.measures, period, measure)))
    return Checks(tuple(made))


def _matrix(evaluation: Evaluation, period: str, caption: str) -> Table:
    """With both margins; who stayed stands between brackets."""
    steps = evaluation.programme.steps

    def margin(breakdown: str, at: int) -> str:
        return number(tidy.count(evaluation.measures, period, "ladder_moves", breakdown, step(at)))

    rows = []
    for a in steps:
        cells = [_shown(_cell(evaluation, period, a, b), is_same=a == b) for b in steps]
        rows.append([f"Van {category(step(a))}", *cells, margin("from", a)])
    rows.append(
        ["Totaal", *(margin("to", b) for b in steps), number(tidy.count(evaluation.measures, period, "ladder_moves"))]
    )
    columns = [spoken.told("Eerste trede"), *(f"Naar {_short(b)}" for b in steps), "Totaal"]
    return Table(
        caption,
        columns,
        rows,
        unit="inwoners",
        numbers=frozenset(columns[1:]),
        totals=frozenset({len(rows) - 1}),
        note=spoken.told(
            "Een rij is de eerste trede, een kolom de laatste. Tussen haakjes: gelijk gebleven. Rechts daarvan wie "
            "steeg, links daarvan wie daalde."
        ),
    )


def _draw(data: pd.DataFrame) -> Drawing:
    colours = {-1: ORANGE, 0: GREY, 1: TEAL}  # fell, stayed, rose
    rows = [
        [Square(float(data.loc[a, b]), colours[(b > a) - (b < a)], is_framed=a == b) for b in data.columns]
        for a in data.index
    ]
    down, across = spoken.told("Eerste trede"), spoken.told("Laatste trede")
    return grid(rows, labels=[_short(n) for n in data.index], down=down, across=across)


def _short(at: int) -> str:
    """A step where there is little room: its number, or what the municipality calls it."""
    return spoken.own().get(step(at), str(at))


def _alt(evaluation: Evaluation, period: str, when: str) -> str:
    parts = []
    for direction in DIRECTIONS:
        value = _moved(evaluation, period, direction)
        said = word("hidden", "aloud") if isinstance(value, Hidden) else number(value)
        parts.append(f"{word('category', f'moved_{direction}')} {said}")
    what = spoken.told("Raster van de eerste trede (rijen) naar de laatste trede (kolommen)")
    return f"{what} over {when}: {', '.join(parts)}."


def _shown(value: float | Hidden, *, is_same: bool) -> str:
    return f"({number(value)})" if is_same and not isinstance(value, Hidden) else number(value)


def _share(evaluation: Evaluation, part: float | Hidden, total: float | Hidden) -> tidy.Value:
    if isinstance(part, Hidden) or isinstance(total, Hidden):
        return HIDDEN
    return part / total if total else None


def _cell(evaluation: Evaluation, period: str, first: int, last: int) -> float | Hidden:
    return tidy.count(evaluation.measures, period, "ladder_moves", "from>to", f"{step(first)}>{step(last)}")


def _some(value: float | Hidden) -> str:
    return word("hidden", "count") if isinstance(value, Hidden) else number(value) if value else "niemand"


def _moved(evaluation: Evaluation, period: str, direction: str) -> float | Hidden:
    return tidy.count(evaluation.measures, period, "ladder_moves", "direction", f"moved_{direction}")
