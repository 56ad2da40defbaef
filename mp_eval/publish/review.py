"""For the person who signs for a public release: what it shows of few, what it hides, and what lies within each other.

It reads the release that is in `output` and the records, and nothing of it goes into a release.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from .. import evaluation, ledger, tidy
from ..disclosure import earlier
from ..disclosure.earlier import STANDING
from ..present.wording import counted, number, percent
from ..released import manifest
from ..steps import Refused
from ..workspace import Workspace
from . import third_reading

FEW_ALIKE = 20  # residents of whom it is told when all have, or none has, the same
MOST = 40  # lines of the third reading
EMPTY = 0.5  # the share of main figures that is hidden in a release that says next to nothing


def told(workspace: Workspace) -> list[str]:
    """The review in words, a line each (Dutch).

    Raises
    ------
    Refused
        When there is no public release in `output` that is up to date with the data.
    """
    said = manifest(workspace.output)
    folder = workspace.processed / evaluation.FOLDER
    if workspace.settings.disclosure.internal or not said.get("rule") or not (folder / ledger.SHOWN).is_file():
        raise Refused(
            "Er is geen openbare uitgave om na te lopen. Zet internal = false onder [disclosure] in evaluation.toml, "
            "en maak haar met mp-eval run."
        )
    if not ledger.is_told(ledger.entries(workspace), *(folder / name for name in (ledger.TRUE, ledger.SHOWN))):
        raise Refused(
            "De gegevens zijn veranderd sinds de openbare uitgave die in output staat. Maak haar eerst met mp-eval run."
        )
    shown = pd.read_parquet(folder / ledger.SHOWN)
    threshold, method = said["rule"]
    known = earlier.read(ledger.beside(workspace, *(folder / name for name in (ledger.TRUE, ledger.SHOWN))))
    with_others = counted(len(known), "eerdere uitgave", "eerdere uitgaven")
    lines = [
        f"Openbare uitgave {said['release']}: drempel {threshold}, methode {method}, beschermd met {with_others}.",
        *_of_periods(shown),
        f"Zoals in de vorige uitgave, want er is te weinig aan veranderd: {_count(shown, STANDING)}.",
        *_alike(shown),
    ]
    return [*lines, *_nested(workspace, shown, pd.read_parquet(folder / ledger.TRUE), threshold)]


def _of_periods(shown: pd.DataFrame) -> Iterator[str]:
    """Of each period how much is hidden, the least that is shown, and whether it still says something."""
    for period, rows in shown.groupby("period", sort=False):
        counts = rows[[tidy.MEASURES[m].kind in tidy.COUNTS and tidy.MEASURES[m].of_residents for m in rows["measure"]]]
        values = counts.loc[counts["status"] != "hidden", "value"].dropna()
        least = number(values[values > 0].min()) if (values > 0).any() else "geen"
        main = counts[counts["breakdown"] == ""]
        gone = float((main["status"] == "hidden").mean()) if len(main) else 0.0
        hidden = float((rows["status"] == "hidden").mean())
        yield (
            f"  {period}: {counted(len(rows), 'getal', 'getallen')}, {percent(hidden, 0)} afgeschermd; kleinste "
            f"getoonde aantal {least}; van de hoofdcijfers is {percent(gone, 0)} afgeschermd."
        )
        if gone > EMPTY:
            yield '    Dat zegt bijna niets. Neem langere perioden, of rond af: method = "round".'


def _count(shown: pd.DataFrame, status: str) -> str:
    return counted(int((shown["status"] == status).sum()), "getal", "getallen")


def _alike(shown: pd.DataFrame) -> Iterator[str]:
    """Shares of few that are all or none: who is known to be in the group is known to have it, or not to."""
    rows = shown[shown["status"].isin(("final", "provisional")) & shown["denominator"].between(1, FEW_ALIKE)]
    alike = [r for r in rows.to_dict("records") if tidy.MEASURES[r["measure"]].kind == "share" and r["value"] in (0, 1)]
    yield f"Groepen van ten hoogste {FEW_ALIKE} inwoners die het allemaal hebben, of allemaal niet: {len(alike)}."
    for row in alike:
        name = (row["period"], row["measure"], row["breakdown"], row["category"])
        yield f"  {third_reading.named(name)}: {percent(row['value'], 0)} van {number(row['denominator'])}"


def _nested(workspace: Workspace, shown: pd.DataFrame, true: pd.DataFrame, threshold: int) -> Iterator[str]:
    """The third reading, of the counts that are shown."""
    found = third_reading.left(workspace, shown, true, threshold)
    yield (
        f"Derde lezing: bij deze gegevens laten de volgende aantallen van een ander 1 tot en met {threshold - 1} over. "
        "Uit de definities volgt dat niet; kan een lezer weten dat het een in het ander ligt?"
    )
    yield from (f"  {third_reading.worded(one)}" for one in found[:MOST])
    yield f"  {f'en nog {len(found) - MOST}' if len(found) > MOST else 'verder geen' if found else 'geen'}"
