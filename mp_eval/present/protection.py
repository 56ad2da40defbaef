"""The account of what is hidden and why, for the page Verantwoording: computed, so that it is true of every run."""

from __future__ import annotations

from .. import tidy
from ..evaluation import Evaluation
from ..periods import Period
from ..register import Figure
from .elements import Remark, Row, Table
from .wording import capital, counted, number, percent, word, words


def account(evaluation: Evaluation) -> tuple[Remark, ...]:
    """What is hidden or rounded in this run, by which rule, and what a reader can still rely on; a paragraph each."""
    settings = evaluation.workspace.settings.disclosure
    if settings.internal:
        return (Remark(word("account", "internal")),)
    hidden = int((evaluation.measures["status"] == "hidden").sum())
    said = {
        "least": number(settings.threshold - 1),
        "threshold": number(settings.threshold),
        "hidden": counted(hidden, "meting", "metingen"),
        "all": number(len(evaluation.measures)),
    }
    names = (settings.method, "why", "hidden", "not_hidden")
    return tuple(Remark(words()["account"][name].format(**said)) for name in names)


def already_public(evaluation: Evaluation) -> Table | Remark:
    """The hidden numbers that an earlier publication gives; what is out cannot be taken back."""
    hidden = evaluation.measures[evaluation.measures["status"] == "hidden"]
    days = {p.id: p for p in evaluation.workspace.periods}
    rows: list[Row] = []
    for figure in evaluation.figures:
        if figure.value is None or figure.is_ambiguous:
            continue
        same = tidy.pick(
            hidden, measure=figure.measure, breakdown=figure.breakdown, category="".join(figure.categories)
        )
        if any(_is_about(figure, row["period"], row["as_of"], days) for row in same.to_dict("records")):
            when = figure.when.wording() if isinstance(figure.when, Period) else f"{figure.when:%d-%m-%Y}"
            name = word("category", figure.categories[0]) if figure.categories else word("measure", figure.measure)
            shown = percent if figure.is_share else number
            rows.append([capital(name), when, word("qualifier", figure.qualifier).format(value=shown(figure.value))])
    if not rows:
        return Remark(word("account", "nothing_public"))
    columns = ["Cijfer", "Waarover", "Eerder gepubliceerd"]
    return Table("Afgeschermd, maar eerder gepubliceerd", columns, rows, note=word("account", "public"))


def _is_about(figure: Figure, period: str, as_of: str, days: dict[str, Period]) -> bool:
    if not isinstance(figure.when, Period):
        return bool(as_of == figure.when.isoformat())
    return days.get(period) == figure.when or period == figure.when.iso
