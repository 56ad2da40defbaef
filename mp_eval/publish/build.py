"""What a release is built of: its pages, its workbooks and its data files. Called by `release`, in its steps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import nbformat

from .. import delivered, evaluation, ledger
from ..evaluation import Evaluation
from ..periods import WHOLE
from ..present import council, easy
from ..present.council import IN_SHORT
from ..present.wording import prose, word
from ..steps import Refused, write
from ..workspace import Workspace
from . import accessible, account, around, definitions, figure_files, gates, navigation, releases, signed, site
from .frame import SITE, Frame, render
from .inspection import delivered_identifiers
from .leaves import Leaf
from .page import PageError, to_html


def make_pages(
    workspace: Workspace, jobs: Iterable[tuple[Path, Leaf, Path]], hrefs: Sequence[str]
) -> list[list[Path] | Exception]:
    """The pages of executed notebooks (result, leaf, notebook), of all chapters `hrefs`; each with its card beside it.

    Of each the files beside it, or why there is no page: `Refused` when the notebook cannot be one, or when the page
    does not pass the gates; whatever else went wrong by its name.
    """
    found = evaluation.load(workspace)
    residents = delivered_identifiers(found)
    made: list[list[Path] | Exception] = []
    for result, leaf, notebook in jobs:
        try:
            made.append(_page(found, residents, result, leaf, notebook, hrefs))
        except (Refused, OSError) as error:
            made.append(error)
        except Exception as error:  # of a kind that may not travel to another process
            made.append(RuntimeError(f"{type(error).__name__}: {error}"))
    return made


def _page(
    found: Evaluation, residents: frozenset[str], result: Path, leaf: Leaf, notebook: Path, hrefs: Sequence[str]
) -> list[Path]:
    content = nbformat.read(notebook, as_version=4)
    if signed.OURS in content.metadata:
        for cell in content.cells:
            if cell.cell_type == "markdown":
                cell.source = prose(leaf.notebook.stem, cell.id, cell.source)
    frame, card = around.of_leaf(found, leaf, content, hrefs)
    try:
        html = to_html(content, frame)
    except PageError as error:
        raise Refused(str(error)) from None
    html, figures = figure_files.beside(html, frame, result.stem)
    _pass_the_gates(found, residents, [html])
    card_file = result.with_suffix(".json")
    write(card_file, around.to_json(card))
    for name, content in figures.items():
        write(result.with_name(name), content)
    write(result, html)
    return [card_file, *(result.with_name(name) for name in figures)]


def workbook(workspace: Workspace, result: Path, period: str) -> Iterable[Path]:
    """The workbook of a period, or of all."""
    from . import workbook as excel

    write(result, excel.workbook(evaluation.load(workspace), period))
    return ()


def data(workspace: Workspace, result: Path) -> Iterable[Path]:
    """The figures as files for other programs, each with what describes it."""
    from .datafiles import datafiles

    made = datafiles(evaluation.load(workspace))
    for name, content in made.items():
        write(result.with_name(name), content)
    return [result.with_name(name) for name in made if name != result.name]


def landing(
    workspace: Workspace,
    cards: Sequence[Path],
    sizes: Mapping[str, int],
    changes: Sequence[tuple[str, str, str, str]] | None,
) -> dict[str, str]:
    """The pages that are about the whole release, by name: the one that leads to all others, definitions, account.

    `sizes` are those of the files that are in the release; `changes` a row a figure, None when there is no earlier one.

    Raises
    ------
    Refused
        When one of them does not pass the gates.
    """
    from .datafiles import titles

    found = evaluation.load(workspace)
    told = [around.from_json(path.read_text(encoding="utf-8")) for path in cards]
    points = {p.id: council.of_period(found, p.id) for p in found.workspace.periods}
    files = [site.File(text, href, sizes[href], about) for href, (text, about) in titles().items()]
    pages = {
        navigation.INDEX: site.index(
            around.entries(told, sizes, points),
            around.of_page(found, IN_SHORT, navigation.INDEX, subtitle=found.wording(WHOLE)),
            points=council.main(found),
            topics=council.topics(found),
            files=files,
            changes=None if changes is None else [site.Change(*row) for row in changes],
            least=0 if workspace.settings.disclosure.internal else workspace.settings.disclosure.threshold,
            revisions=workspace.settings.revisions,
            awaited=delivered.awaited(workspace),
        ),
        navigation.DEFINITIONS: definitions.page(found, around.of_page(found, "Begrippen", navigation.DEFINITIONS)),
        navigation.ACCOUNT: account.page(
            found, around.of_page(found, "Verantwoording", navigation.ACCOUNT), made=around.made(told)
        ),
        navigation.EASY: render(
            "texts.html.j2",
            around.of_page(found, word("easy", "title"), navigation.EASY),
            parts=easy.parts(found),
        ),
        navigation.ACCESSIBILITY: render(
            "texts.html.j2",
            around.of_page(found, word("accessibility", "title"), navigation.ACCESSIBILITY),
            parts=accessible.parts(found),
        ),
    }
    _pass_the_gates(found, delivered_identifiers(found), pages.values())
    return pages


def releases_page(workspace: Workspace, mark: str, before: Sequence[str]) -> dict[str, str]:
    """The page of all releases, by its name: of the one that is called `mark`, and of the public ones `before` it.

    Raises
    ------
    Refused
        When it does not pass the gates, or the ledger is not whole.
    """
    found = evaluation.load(workspace)
    known = {str(entry.said["release"]): entry for entry in reversed(ledger.entries(workspace) if before else [])}
    html = render(
        "texts.html.j2",
        around.of_page(found, word("page", "releases"), navigation.RELEASES),
        parts=releases.parts(found, mark, [known[name] for name in before]),
    )
    _pass_the_gates(found, delivered_identifiers(found), [html])
    return {navigation.RELEASES: html}


def warm() -> None:
    """Do once what is slow the first time: templates, and the grammar that colours code."""
    cells = [nbformat.v4.new_markdown_cell("# Vraag?"), nbformat.v4.new_code_cell("print(1)")]
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"language_info": {"name": "python"}})
    to_html(notebook, Frame(SITE))


def _pass_the_gates(found: Evaluation, residents: frozenset[str], pages: Iterable[str]) -> None:
    for html in pages:
        if reasons := gates.check(html, root=found.workspace.root, residents=residents):
            raise Refused("\n".join(reasons))
