"""How the outlook goes from month to month with a number of consultants."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import pandas as pd

from ... import tidy
from ...evaluation import Evaluation
from ...programme import GUIDED
from ..drawing.line_charts import Line, lines
from ..drawing.paint import Drawing
from ..drawing.shapes import BLUE, ORANGE
from ..drawing.sheets import stacked
from ..elements import Absent, Figure, Table
from ..modelled import AS_MANY, BAND, chosen, month_in_words, none, numbers_of, people, source
from ..wording import capital, category, listed, number

# Act of 1 October 2025 (Participatiewet in balans), BWBR0051679, wetten.overheid.nl.
FUNDING = "einde van het geld"
HEIGHT = 80.0  # points, of each of the charts
LAW = ((date(2026, 1, 1), "gedoogjaar wet"), (date(2027, 1, 1), "de wet geldt"))


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


def path(evaluation: Evaluation, period: str, *, consultants: int = AS_MANY) -> Figure | Absent:
    """The caseload and the waiting residents by month, with bands: for no consultants, for so many, and for two more.

    Charts below each other on one scale, with the end of the funding and the law's dates.
    """
    if (absent := none(evaluation, period)) is not None:
        return absent
    key, consultants = chosen(evaluation, period, consultants)
    several = [n for n in numbers_of(evaluation, key) if n in (0, consultants, consultants + 2)]
    every = {n: path_data(evaluation, key, n) for n in several}
    data = every[consultants]
    months = data["month"].tolist()
    marks = _marks(evaluation, months)
    top, first, bare = _highest(every.values()), several[0], [(at, "") for at, _ in marks]
    drawing = stacked(
        [(capital(people(n)), _lines(one, top, marks if n == first else bare)) for n, one in every.items()]
    )
    told = [f"met {people(n)} {_said(one)}" for n, one in every.items()]
    alt = (
        f"Lijnen van het aantal inwoners {category(GUIDED)} en het aantal wachtenden per maand. Wachtenden: "
        f"{listed(told)}. Om elke lijn ligt een band, die steeds breder kan worden."
    )
    caption = (
        f"Inwoners {category(GUIDED)} en wachtenden aan het einde van elke maand, volgens het model (aantal "
        f"inwoners). In de band ligt {BAND}.{_marked(marks)}"
    )
    last, begin = data.iloc[-1], data.iloc[0]
    finding = (
        f"Met {people(consultants)} wachten er eind {months[-1][:4]} {number(last['waiting'])} op een plaats "
        f"({number(last['waiting_low'])} tot {number(last['waiting_high'])}); aan het begin {number(begin['waiting'])}."
    )
    return Figure(drawing, alt, caption, _path_table(every), finding)


def _lines(data: pd.DataFrame, highest: float, marks: Sequence[tuple[float, str]]) -> Drawing:
    x, months = list(range(len(data))), data["month"].tolist()
    series = [
        Line(category(GUIDED), x, data["guided"], BLUE, (), data["guided_low"], data["guided_high"]),
        Line("wachten op een plaats", x, data["waiting"], ORANGE, (5, 2), data["waiting_low"], data["waiting_high"]),
    ]
    januaries = [(n - 1.0, f"jan {m[:4]}") for n, m in enumerate(months) if m.endswith("-01") and n]
    ticks = [*januaries, (x[-1], f"eind {months[-1][:4]}")]
    return lines(series, ticks=ticks, marks=marks, highest=highest, height=HEIGHT)


def _highest(every: Iterable[pd.DataFrame]) -> float:
    return max(float(data[["guided_high", "waiting_high"]].max().max()) for data in every)


def _said(data: pd.DataFrame) -> str:
    first, last = data.iloc[0], data.iloc[-1]
    return (
        f"van {number(first['waiting'])} naar {number(last['waiting'])} ({number(last['waiting_low'])} tot "
        f"{number(last['waiting_high'])})"
    )


def _path_table(every: Mapping[int, pd.DataFrame]) -> Table:
    """The numbers of the figure, of every sixth month."""
    rows = [
        [
            capital(people(n)),
            month_in_words(r.month),
            number(r.guided),
            f"{number(r.guided_low)} tot {number(r.guided_high)}",
            number(r.waiting),
            f"{number(r.waiting_low)} tot {number(r.waiting_high)}",
        ]
        for n, data in every.items()
        for r in data.iloc[::-6].iloc[::-1].itertuples()
    ]
    guided = category(GUIDED)
    columns = ["Met", "Einde van", capital(guided), f"Band {guided}", "Wachtend", "Band wachtend"]
    caption = f"Verwacht verloop met {listed([str(n) for n in every])} consulenten"
    return Table(caption, columns, rows, "inwoners", frozenset(columns[2:]), note="Elke zesde maand.")


def _marked(marks: Sequence[tuple[float, str]]) -> str:
    """What the upright lines are, as far as there are any."""
    texts = "\n".join(text for _, text in marks).split("\n")
    found = ["het einde van het geld voor de consulenten"] if FUNDING in texts else []
    if any(text in texts for _, text in LAW):
        found.append(
            "de data van de Participatiewet in balans (wet van 1 oktober 2025, BWBR0051679, wetten.overheid.nl)"
        )
    return f" De streeplijnen: {listed(found)}." if found else ""


def _marks(evaluation: Evaluation, months: Sequence[str]) -> list[tuple[float, str]]:
    """Upright lines where the funding ends and the law begins; those of one day share a line."""
    end = evaluation.workspace.settings.outlook.funding_end
    found: dict[float, list[str]] = {}
    for day, text in [*([(end, FUNDING)] if end else []), *LAW]:
        name = f"{day.year}-{day.month:02d}"
        if name in months:
            place = months.index(name) - (day.day == 1)
            found.setdefault(float(place), []).append(text)
    return [(place, "\n".join(texts)) for place, texts in found.items()]
