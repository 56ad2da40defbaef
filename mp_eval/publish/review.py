"""For the person who signs for a public release: what it shows of few, what it hides, and what lies within each other.

It reads the release that is in `output` and the records, and nothing of it goes into a release.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from .. import evaluation, ledger, stages, tidy
from .. import measures as chapters
from ..disclosure.earlier import STANDING
from ..disclosure.nested import additive, rests
from ..intake import clean
from ..intake.marks import LETTERS
from ..measures.benefit_register import spells, whole_since
from ..periods import WHOLE
from ..present.wording import capital, category, counted, number, percent, word
from ..released import manifest
from ..steps import Refused
from ..workspace import Workspace

GROUPS = 16
FEW_ALIKE = 20  # residents of whom it is told when all have, or none has, the same
MOST = 40  # lines of the third reading
EMPTY = 0.5  # the share of main figures that is hidden in a release that says next to nothing
Name = tuple[str, ...]


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
    with_others = counted(len(said.get("protected_with", ())), "eerdere uitgave", "eerdere uitgaven")
    lines = [
        f"Openbare uitgave {said['release']}: drempel {threshold}, methode {method}, beschermd met {with_others}.",
        *_of_periods(shown),
        f"Zoals in de vorige uitgave, want er is te weinig aan veranderd: {_count(shown, STANDING)}.",
        *_alike(shown),
    ]
    return [*lines, *_nested(workspace, shown, threshold)]


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
        yield f"  {_worded(name)}: {percent(row['value'], 0)} van {number(row['denominator'])}"


def _nested(workspace: Workspace, shown: pd.DataFrame, threshold: int) -> Iterator[str]:
    """The third reading, of the counts that are shown."""
    counts = _named(shown[~shown["status"].isin(("hidden", "not_delivered", STANDING))])
    deliveries = [_fixed(clean.load(workspace, p)) for p in workspace.periods if workspace.has_records(p)]
    of_all = _measured(workspace, deliveries)
    groups = [_measured(workspace, [_part(d, n) for d in deliveries]) for n in range(GROUPS)]
    names = [name for name in counts if of_all.get(name)]
    table = np.array([[group.get(name, 0.0) for name in names] for group in groups]).reshape(GROUPS, len(names))
    kept = np.flatnonzero(additive(table, [of_all[name] for name in names]))
    found = list(rests(table[:, kept], threshold))
    yield (
        f"Derde lezing: bij deze gegevens laten de volgende aantallen van een ander 1 tot en met {threshold - 1} over. "
        "Uit de definities volgt dat niet; kan een lezer weten dat het een in het ander ligt?"
    )
    for whole, within in found[:MOST]:
        yield f"  {_worded(names[kept[whole]])}, zonder {' en zonder '.join(_worded(names[kept[n]]) for n in within)}"
    yield f"  {f'en nog {len(found) - MOST}' if len(found) > MOST else 'verder geen' if found else 'geen'}"


def _fixed(delivery: clean.Delivery) -> clean.Delivery:
    """The delivery with the day from which its register is whole: of a few residents that cannot be told."""
    benefits = delivery.tables.get("benefits")
    if delivery.source.whole_from or benefits is None:
        return delivery
    first = whole_since(spells(benefits, delivery.source.extracted))
    return replace(delivery, source=replace(delivery.source, whole_from=date(first, 1, 1) if first else None))


def _part(delivery: clean.Delivery, group: int) -> clean.Delivery:
    """What a delivery holds of one group of residents, dealt by their marks, so the same in all deliveries."""
    own = {chr(letter) for letter in LETTERS[group::GROUPS]}

    def of(table: pd.DataFrame) -> pd.DataFrame:
        if "resident" not in table:
            return table
        return table[table["resident"].astype("str").str[-1].isin(own)].reset_index(drop=True)

    return replace(delivery, tables={name: of(table) for name, table in delivery.tables.items()})


def _measured(workspace: Workspace, deliveries: Sequence[clean.Delivery]) -> dict[Name, float]:
    """Every count of these deliveries by name."""
    own = [chapters.measure(d.tables, stages.scope_of(workspace, d.period, d)) for d in deliveries]
    together = stages.whole(workspace, deliveries, [d.period for d in deliveries])
    return _named(pd.concat([*own, together], ignore_index=True))


def _named(measures: pd.DataFrame) -> dict[Name, float]:
    """The counts in these rows, and those that shares are made of."""
    return {name: value for row in measures.to_dict("records") for name, value in _counts(row) if not pd.isna(value)}


def _counts(row: Mapping[str, object]) -> Iterable[tuple[Name, float]]:
    meaning = tidy.MEASURES[str(row["measure"])]
    day = str(row["as_of"]) if meaning.is_of_a_date else ""
    name = (str(row["period"]), str(row["measure"]), str(row["breakdown"]), str(row["category"]), day)
    if not meaning.of_residents:
        return []
    if meaning.kind in tidy.COUNTS:
        return [(name, row["value"])]  # type: ignore[list-item]
    if meaning.kind == "share":
        return [((*name, part), row[part]) for part in ("numerator", "denominator")]  # type: ignore[misc]
    return []


def _worded(name: Name) -> str:
    period, measure, _, label, *rest = name
    part = {"numerator": ", teller", "denominator": ", noemer"}.get(rest[-1], "") if rest else ""
    what = f": {', '.join(category(c) for c in label.split('>'))}" if label else ""
    return f"‘{capital(word('measure', measure))}{what}’{part} ({'alle perioden' if period == WHOLE else period})"
