"""What a release is built of: its pages, its landing page and its data files. Called by `release`, in its steps."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd

from .. import __version__, evaluation
from ..evaluation import Evaluation
from ..execute import parameters
from ..periods import WHOLE
from ..present import sentences
from ..steps import Refused, write
from ..workspace import Workspace
from . import gates, site
from .leaves import Leaf
from .page import Page, PageError, to_html

TITLE = "Maatschappelijke participatie"
INTRO = (
    "Hoeveel inwoners met een bijstandsuitkering zijn gesproken, wie van hen werd actief, en klopt dat met wat eerder "
    "is gepubliceerd? Elke periode heeft een pagina; één pagina gaat over alle perioden samen."
)
DOWNLOADS = (
    ("Alle metingen (CSV)", "metingen.csv"),
    ("Aansluiting op gepubliceerde cijfers (CSV)", "aansluiting.csv"),
)


def page(workspace: Workspace, result: Path, leaf: Leaf, notebook: Path, others: Sequence[str]) -> Iterable[Path]:
    """The page of an executed notebook, which links to `others`; and its card on the landing page, beside it.

    Raises
    ------
    Refused
        When the notebook cannot be a page, or the page does not pass the gates.
    """
    found = evaluation.load(workspace)
    whole, made = found, found.of(leaf.period) if leaf.period else found
    content = nbformat.read(notebook, as_version=4)
    try:
        html = to_html(content, _page(whole, made, leaf, content, set(others)))
    except PageError as error:
        raise Refused(str(error)) from None
    if reasons := gates.check(html, root=workspace.root, residents=_residents(whole)):
        raise Refused("\n".join(reasons))
    card = result.with_suffix(".json")
    write(card, json.dumps(asdict(_entry(made, leaf)), indent=1, ensure_ascii=False, default=date.isoformat))
    write(result, html)
    return [card]


def data(workspace: Workspace, result: Path) -> Iterable[Path]:
    """The measures and the reconciliation as files for Excel."""
    found = evaluation.load(workspace)
    also = result.with_name("aansluiting.csv")
    write(result, _csv(found.measures))
    write(also, _csv(found.reconciliation))
    return [also]


def landing(workspace: Workspace, cards: Sequence[Path]) -> str:
    """The page that leads to all others."""
    entries = sorted((_card(path) for path in cards), key=lambda e: (e.is_whole, e.start, e.end, e.page))
    return site.index(
        entries,
        municipality=workspace.settings.municipality.name,
        title=TITLE,
        intro=INTRO,
        marks=tuple(m for m in entries[0].marks if all(m in e.marks for e in entries)),
        downloads=DOWNLOADS,
        provenance=(("Gemaakt met", f"mp-eval {__version__}"),),
    )


def warm() -> None:
    """Do once what is slow the first time: templates, and the grammar that colours code."""
    cells = [nbformat.v4.new_markdown_cell("# Vraag?"), nbformat.v4.new_code_cell("print(1)")]
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"language_info": {"name": "python"}})
    to_html(notebook, Page("", "", "", "", (), (), (), ""))


def _card(path: Path) -> site.Entry:
    spec: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    days = {k: date.fromisoformat(spec[k]) for k in ("start", "end")}
    lists = {"headline": tuple(tuple(item) for item in spec["headline"]), "marks": tuple(spec["marks"])}
    return site.Entry(**{**spec, **lists, **days})


def _residents(found: Evaluation) -> frozenset[str]:
    """Every pseudonym in the processed tables: what the gates look for."""
    tables = [found.workspace.processed / period / "residents.parquet" for period in found.received]
    return frozenset(r for path in tables for r in pd.read_parquet(path, columns=["resident"])["resident"])


def _page(
    everything: Evaluation, made: Evaluation, leaf: Leaf, notebook: nbformat.NotebookNode, there: Set[str]
) -> Page:
    """What the page says of itself; it links to the pages that are `there`."""
    workspace = everything.workspace
    firsts = {p.id: Leaf(_chapter(workspace, of_period=True), p.id, {}) for p in workspace.periods}
    firsts["Alle perioden"] = Leaf(_chapter(workspace, of_period=False), "", {})
    links = [("Overzicht", "../index.html")]
    links += [(text, f"../{first.href}") for text, first in firsts.items() if first.href in there]
    question = notebook.cells[0].source.splitlines()[0].lstrip("# ").strip()
    when = [made.period(leaf.period)] if leaf.period else list(made.whole)
    return Page(
        name=f"../{leaf.href}",
        title=question,
        subtitle=" en ".join(p.wording() for p in when),
        dates=" en ".join(p.dates() for p in when),
        marks=sentences.marks(made, leaf.period),
        provenance=tuple(_provenance(made, leaf)),
        links=tuple(links),
        municipality=workspace.settings.municipality.name,
    )


def _chapter(workspace: Workspace, *, of_period: bool) -> Path:
    """The first chapter of a period, or of all periods: where the navigation leads."""
    notebooks = sorted(workspace.notebooks.glob("[0-9]*.ipynb"))
    return next(n for n in notebooks if ("period" in parameters.defaults(n)) == of_period)


def _provenance(made: Evaluation, leaf: Leaf) -> Iterator[tuple[str, str]]:
    for period in [leaf.period] if leaf.period else list(made.received):
        received = made.received[period]
        yield f"Levering {period}", f"{received.source.producer}, opgevraagd {received.source.extracted:%d-%m-%Y}"
        files = ", ".join(f"{name} (sha256 {digest[:12]})" for name, digest in received.files.items())
        yield f"Bestanden {period}", files
    given = ", ".join(f"{k} = {v}" for k, v in leaf.parameters.items()) or "standaard"
    yield "Parameters", given
    yield "Gemaakt met", f"mp-eval {__version__}, notebook {leaf.notebook.name}"
    yield "Kenmerk van deze uitkomst", made.key[:16]


def _entry(made: Evaluation, leaf: Leaf) -> site.Entry:
    when = [made.period(leaf.period)] if leaf.period else list(made.whole)
    answer = sentences.answer(made, leaf.period) if leaf.period else sentences.answer_whole(made)
    return site.Entry(
        page=leaf.href,
        title=leaf.period or "Alle perioden",
        subtitle=" en ".join(p.wording() for p in when),
        dates=" en ".join(p.dates() for p in when),
        start=when[0].start,
        end=when[-1].end,
        headline=sentences.headline(made, leaf.period or WHOLE).items,
        answer=repr(answer),
        marks=sentences.marks(made, leaf.period),
        is_whole=not leaf.period,
    )


def _csv(frame: pd.DataFrame) -> bytes:
    """As Excel in the Netherlands opens it: semicolons, decimal commas, utf-8 with mark."""
    return frame.to_csv(sep=";", decimal=",", index=False, lineterminator="\r\n").encode("utf-8-sig")
