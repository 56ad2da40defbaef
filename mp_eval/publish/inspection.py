"""The last gate: the files of a release as they would go out are opened, searched and attacked, all together.

What is searched for is taken from what a notebook never sees: the processed tables and the measures before
protection. It leaves this module as reasons in words that repeat nothing of it.

What passed is remembered by a mark a file, a digest of its bytes and of everything that was looked for. That is a
memory against doing work twice. It is no guard against who can write in the workspace's `.mp-eval`: they can work out a
mark, and could as well write the pages that are made there.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

from .. import evaluation, ledger, tidy
from ..delivered import MARKS
from ..digests import of, sha256
from ..disclosure import earlier
from ..disclosure.attack import Seen
from ..disclosure.earlier import STANDING
from ..disclosure.protect import believed
from ..disclosure.relations import relate
from ..evaluation import Evaluation
from ..periods import WHOLE
from ..present import wording
from ..present.wording import number, percent, word
from ..released import MANIFEST
from ..steps import write
from ..workspace import Workspace
from . import gates, place, third_reading
from .gates import Secrets

PASSED = "passed.json"
MOST_ROWS = 100_000  # of a table that are looked for; of a larger one as many, spread evenly


def inspect(workspace: Workspace, folder: Path, ours: Sequence[str], by: str = "") -> list[str]:
    """Why the release in this folder may not go out; empty when it may.

    `ours` are the files that mp-eval made. What somebody else put beside them is searched too when the release is
    public; what cannot be searched, as what a link to a folder leads to, keeps it back. `by` is the digest of all that
    decides what is looked for, the tables of residents among it: what passed by the same is not opened again. Without
    it everything is.
    """
    if not workspace.settings.disclosure.internal and (leading := _leading_out(folder)):
        return leading
    passed, marks = _passed(workspace), {path: _mark(path, folder, by) for path in _searched(workspace, folder, ours)}
    left = [path for path, mark in marks.items() if not by or mark not in passed]
    reasons = _search(workspace, folder, left) if left else []
    if by and not reasons:
        write(workspace.scratch / PASSED, json.dumps(sorted(marks.values())))
    return reasons


def _leading_out(folder: Path) -> list[str]:
    """The links to what is not searched; where earlier releases are kept may be one."""
    links = sorted(p for p in folder.rglob("*") if p.is_symlink() and not p.is_file() and p != folder / place.RELEASES)
    names = [link.relative_to(folder).as_posix() for link in links]
    return [f"{name} is een koppeling naar een map of naar niets; haal haar uit output" for name in names]


def _searched(workspace: Workspace, folder: Path, ours: Sequence[str]) -> Iterator[Path]:
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        is_ours = path.relative_to(folder).as_posix() in {*ours, MANIFEST}
        if is_ours or not workspace.settings.disclosure.internal:
            yield path


def _mark(path: Path, folder: Path, by: str) -> str:
    """A mark that only these bytes at this place can have, by all that was looked for."""
    return of([by, path.relative_to(folder).as_posix(), sha256(path)])


def _passed(workspace: Workspace) -> frozenset[str]:
    """The marks of what was searched and found good; a memory that is damaged holds none."""
    try:
        kept = json.loads((workspace.scratch / PASSED).read_text(encoding="utf-8"))
        return frozenset(kept if isinstance(kept, list) else ())
    except (OSError, ValueError, TypeError):
        return frozenset()


def _search(workspace: Workspace, folder: Path, paths: Sequence[Path]) -> list[str]:
    found = evaluation.load(workspace)
    secrets = _secrets(found)
    everything = _true(found)
    hidden = _hidden(found, everything)
    reasons = []
    settings = workspace.settings.disclosure
    for path in paths:
        name = path.relative_to(folder).as_posix()
        period = path.relative_to(folder).parts[0]
        own = Secrets(secrets.residents, secrets.rows, hidden.get(period, frozenset()))
        try:
            reasons += gates.check_file(path, name=name, root=workspace.root, secrets=own)
        except ValueError:
            reasons.append(f"{name} is van een soort die niet doorzocht kan worden; haal het uit output")
    if folder / gates.TABLE not in paths:
        return reasons
    reasons += _left(gates.read_table(folder), found)
    if not settings.internal and settings.method == "hide":
        days = {p.id: (p,) for p in workspace.periods} | {WHOLE: workspace.whole}
        figures = believed(found.figures, everything, days)
        tables = [workspace.processed / evaluation.FOLDER / name for name in (ledger.TRUE, ledger.SHOWN)]
        known = earlier.read(ledger.beside(workspace, *tables))
        before = [Seen(e.shown, e.days, e.off) for e in known]
        true, shown = map(pd.read_parquet, tables)
        stands = shown.loc[shown["status"] == STANDING, tidy.KEY]
        reasons += gates.attack_output(
            folder,
            threshold=settings.threshold,
            days=days,
            figures=figures,
            before=before,
            stands=stands,
            true=[*(Seen(e.true, e.days) for e in known), Seen(true, days)],
        )
        left = third_reading.derived(shown, true, relate(true, days=days, figures=figures), settings.threshold)
        reasons += [f"metingen.csv toont samen wie er weinig zijn: {third_reading.worded(one)}" for one in left]
    return reasons


def _secrets(found: Evaluation) -> Secrets:
    """Everybody by what was delivered, and every row about one resident in the processed tables."""
    rows: set[frozenset[str]] = set()
    for period in found.received:
        for path in sorted((found.workspace.processed / period).glob("*.parquet")):
            if path.name != MARKS:
                table = pd.read_parquet(path)
                rows |= gates.rows_of_persons(table.iloc[:: 1 + len(table) // MOST_ROWS])
    return Secrets(delivered_identifiers(found), frozenset(rows))


def delivered_identifiers(found: Evaluation) -> frozenset[str]:
    """What the residents were called in the deliveries."""
    paths = [found.workspace.processed / period / MARKS for period in found.received]
    tables = [pq.read_table(path, columns=["identifier"]) for path in paths]
    return frozenset(i for table in tables for i in table["identifier"].to_pylist())


def _true(found: Evaluation) -> pd.DataFrame:
    """All measures before protection."""
    folder = found.workspace.processed / evaluation.FOLDER
    names = [name for name in (*found.received, WHOLE) if (folder / f"{name}.parquet").is_file()]
    return pd.concat([pd.read_parquet(folder / f"{name}.parquet") for name in names], ignore_index=True)


def _hidden(found: Evaluation, true: pd.DataFrame) -> Mapping[str, frozenset[tuple[str, str]]]:
    """Of each period the labels with numbers that are hidden, without those that it shows of something else.

    The pages over all periods show every period beside each other, and a published number stands beside its hidden one.
    """
    rows = true.merge(found.measures, on=tidy.KEY, suffixes=("", "_shown"))
    if not rows["status_shown"].eq("hidden").any():
        return {}
    pairs: dict[str, dict[bool, set[tuple[str, str]]]] = {}
    for row in rows.dropna(subset=["value"]).to_dict("records"):
        of_period = pairs.setdefault(row["period"], {True: set(), False: set()})
        if row["status_shown"] == "hidden":
            label = _label(row["measure"], row["category"])
            of_period[True].add((label, _printed(row["measure"], row["value"])))
        else:
            of_period[False] |= _shown(row)
    public = {
        (_label(f.measure, category), _printed(f.measure, f.value))
        for f in found.figures
        if f.value is not None and f.is_count
        for category in f.categories or ("",)
    }
    if WHOLE in pairs:
        pairs[WHOLE][False].update(*(of_period[False] for of_period in pairs.values()))
    left = {period: both[True] - both[False] - public for period, both in pairs.items()}
    return {period: frozenset((label, printed) for label, printed in found if label) for period, found in left.items()}


def _shown(row: Mapping[str, Any]) -> set[tuple[str, str]]:
    """What of a row that is shown a table may have in one line: any side of its label with any of its numbers."""
    sides = {_label(row["measure"], side) for side in (row["category"], *row["category"].split(">"), "")}
    numbers = {_printed(row["measure"], row["value"])}
    numbers |= {number(row[name], 0) for name in ("numerator", "denominator") if not pd.isna(row[name])}
    return set(itertools.product(sides, numbers))


def _left(table: pd.DataFrame, found: Evaluation) -> list[str]:
    """Whether the finished table of measures has a number where the protected one has none."""
    hidden = found.measures.loc[found.measures["status"] == "hidden", tidy.KEY]
    rows = table.merge(hidden, on=tidy.KEY)
    is_left = rows[gates.NUMBERS].notna().any(axis=None)
    return ["metingen.csv toont een afgeschermd aantal"] if is_left else []


def _printed(measure: str, value: float) -> str:
    """A number as the tables of a page have it."""
    kind = tidy.MEASURES[measure].kind
    return percent(value) if kind == "share" else number(value, 1 if kind == "rate" else 0)


def _label(measure: str, category: str) -> str:
    """How a table names it, in small letters; of a name that was delivered '', for its row has all measures of it."""
    named = wording.category(category)
    if named == category and any(letter.isalpha() for letter in category):
        return ""
    return (named if named != category else word("measure", measure)).casefold()
