"""How the outlook goes from month to month with a number of consultants."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd

from ... import tidy
from ...evaluation import Evaluation
from ...programme import GUIDED
from ..drawing.line_charts import Line, lines
from ..drawing.shapes import BLUE, ORANGE
from ..elements import Absent, Figure, Table
from ..modelled import AS_MANY, BAND, chosen, month_in_words, none, people, source
from ..wording import capital, category, listed, number

# Act of 1 October 2025 (Participatiewet in balans), BWBR0051679, wetten.overheid.nl.
FUNDING = "einde van het geld"
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
    """The caseload and the waiting residents by month, with their bands, the end of the funding and the law's dates."""
    if (absent := none(evaluation, period)) is not None:
        return absent
    key, consultants = chosen(evaluation, period, consultants)
    data = path_data(evaluation, key, consultants)
    x = list(range(len(data)))
    series = [
        Line(category(GUIDED), x, data["guided"], BLUE, (), data["guided_low"], data["guided_high"]),
        Line("wachten op een plaats", x, data["waiting"], ORANGE, (5, 2), data["waiting_low"], data["waiting_high"]),
    ]
    months = data["month"].tolist()
    januaries = [(n - 1.0, f"jan {m[:4]}") for n, m in enumerate(months) if m.endswith("-01") and n]
    marks = _marks(evaluation, months)
    drawing = lines(series, ticks=[*januaries, (x[-1], f"eind {months[-1][:4]}")], marks=marks)
    first, last = data.iloc[0], data.iloc[-1]
    alt = (
        f"Lijnen van het aantal inwoners per maand met {people(consultants)}. {capital(category(GUIDED))}: van "
        f"{number(first['guided'])} naar {number(last['guided'])}. Wachten op een plaats: van "
        f"{number(first['waiting'])} naar {number(last['waiting'])}. Om elke lijn ligt een band, die steeds breder kan "
        f"worden: aan het einde {number(last['guided_low'])} tot {number(last['guided_high'])} {category(GUIDED)} en "
        f"{number(last['waiting_low'])} tot {number(last['waiting_high'])} wachtenden."
    )
    caption = (
        f"Inwoners {category(GUIDED)} en wachtenden aan het einde van elke maand, met {people(consultants)}, volgens "
        f"het model (aantal inwoners). In de band ligt {BAND}.{_marked(marks)}"
    )
    finding = (
        f"Met {people(consultants)} wachten er eind {months[-1][:4]} {number(last['waiting'])} op een plaats "
        f"({number(last['waiting_low'])} tot {number(last['waiting_high'])}); aan het begin {number(first['waiting'])}."
    )
    return Figure(drawing, alt, caption, _path_table(data, consultants), finding)


def _path_table(data: pd.DataFrame, consultants: int) -> Table:
    """The numbers of the figure, of every third month."""
    rows = [
        [
            month_in_words(r.month),
            number(r.guided),
            f"{number(r.guided_low)} tot {number(r.guided_high)}",
            number(r.waiting),
            f"{number(r.waiting_low)} tot {number(r.waiting_high)}",
        ]
        for r in data.iloc[::-3].iloc[::-1].itertuples()
    ]
    guided = category(GUIDED)
    columns = ["Einde van", capital(guided), f"Band {guided}", "Wachtend", "Band wachtend"]
    caption = f"Verwacht verloop met {people(consultants)}"
    return Table(caption, columns, rows, "inwoners", frozenset(columns[1:]), note="Elke derde maand.")


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
