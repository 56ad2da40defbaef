"""Where the tables of a delivery contradict each other: what is said where, of how many, and what rests on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from .. import tidy
from ..evaluation import Evaluation
from ..periods import WHOLE
from .elements import Absent, Row, Table
from .wording import capital, number, word

# Of each contradiction: where it is said, and which numbers rest on that.
PLACES: Mapping[str, tuple[str, str]] = {
    "out_and_on_benefit": ("uitstroom en uitkeringen", "uitstroom; hoe lang een uitkering duurt"),
    "newcomer_unknown": ("uitkeringen en inwoners", "nieuwe instroom; wie op een datum een uitkering heeft"),
    "first_twice": ("gesprekken", "gesproken inwoners, in elke periode opnieuw"),
    "guided_unregistered": ("gesprekken en caseload", "de caseload; inwoners per consulent; de vooruitblik"),
}


def table(evaluation: Evaluation, period: str) -> Table | Absent:
    """The contradictions of a period's delivery, or of all; a public release does not tell them."""
    if not evaluation.deliveries(period):
        return Absent(word("absent", "records"))
    found = tidy.pick(evaluation.measures, measure="contradictions")
    found = found if period == WHOLE else tidy.pick(found, period=period)
    if (found["status"] == "hidden").any():
        return Absent(word("hidden", "contradictions"))
    rows: list[Row] = [[f"{what}{_when(evaluation, key, period)}", *rest] for key, what, *rest in _told(found)]
    if not rows:
        return Absent("De gegevens die tegen elkaar te houden zijn, zijn niet geleverd.")
    columns = ["Wat elkaar tegenspreekt", "Waar dat staat", "Inwoners", "Van", "Wat erop rust"]
    note = (
        "Welk van de twee gegevens klopt, is hier niet bekend. Van: van hoeveel inwoners het had kunnen zijn. Wat niet "
        "is geleverd, kan niets tegenspreken en staat er niet bij."
    )
    return Table("Wat elkaar tegenspreekt", columns, rows, "inwoners", frozenset(columns[2:4]), note=note)


def in_short(evaluation: Evaluation) -> str:
    """Which tables contradict each other in any delivery, and what rests on that; '' where none is told to."""
    found = tidy.pick(evaluation.measures, measure="contradictions")
    told = list(_told(found[found["value"] > 0]))
    where, rests = ("; ".join(dict.fromkeys(line[at] for line in told)) for at in (2, 5))
    return word("council", "contradicted").format(where=where, rests=rests) if told else ""


def lines(measures: pd.DataFrame) -> Iterator[str]:
    """What `mp-eval check` says of it: a line for each contradiction that there is, for who has the files."""
    for _, what, where, count, of, rests in _told(measures[measures["value"] > 0]):
        yield f"Tegenspraak ({where}): {count} van {of} inwoners: {what.lower()}. Hierop rust: {rests}."


def _told(found: pd.DataFrame) -> Iterator[tuple[str, str, str, str, str, str]]:
    """Period, what, where, of how many residents, of how many it could be, and what rests on it."""
    for row in found[found["value"].notna()].to_dict("records"):
        where, rests = PLACES[row["category"]]
        counts = number(row["value"]), number(row["denominator"])
        yield row["period"], capital(word("category", row["category"])), where, *counts, rests


def _when(evaluation: Evaluation, key: str, period: str) -> str:
    return f" ({evaluation.wording(key)})" if period == WHOLE else ""
