"""What a page says where something was not delivered."""

from __future__ import annotations

from .. import tidy
from ..evaluation import Evaluation
from .elements import Absent
from .wording import listed, word


def absent(evaluation: Evaluation, period: str, *measures: str) -> Absent | None:
    """The sentence that stands in place of these measures, when none of them was measured; else None."""
    found = evaluation.measures[evaluation.measures["measure"].isin(measures)]
    found = tidy.pick(found, period=period)
    if len(found) and not (found["status"] == "not_delivered").all():
        return None
    if not evaluation.deliveries(period):
        return Absent(word("absent", "records"))
    needed = dict.fromkeys(table for m in measures for table in tidy.MEASURES[m].needs)
    tables = listed([word("table", name).lower() for name in needed])
    return Absent(word("absent", "tables").format(tables=tables))
