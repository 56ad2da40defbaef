"""A notebook that has run, as one accessible HTML page without a script or an outside request."""

from __future__ import annotations

import base64
import copy
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, fields

from markupsafe import Markup
from nbconvert import HTMLExporter
from nbformat import NotebookNode

from . import template
from .template.prose import Prose

HIDDEN = "hide-page"
RICHEST_FIRST = ("text/html", "text/markdown", "image/svg+xml", "image/png", "text/plain")
FRAME_IDS = {"inhoud"}


class PageError(Exception):
    """A notebook that must not become a page: the message names the cell and what is wrong with it."""


@dataclass(frozen=True)
class Page:
    """What a page says about itself, around what its notebook says.

    Attributes
    ----------
    name
        File name, such as `2024.html`; the link to it in `links` is marked as the current page.
    title, subtitle, dates
        Of what it is the evaluation, the wording of the period, and its first and last day.
    marks
        Warnings in plain sight, directly under the heading and on every printed sheet.
    provenance
        Label and value, in the footer.
    links
        Text and address: the navigation of the site.
    """

    name: str
    title: str
    subtitle: str
    dates: str
    marks: tuple[str, ...]
    provenance: tuple[tuple[str, str], ...]
    links: tuple[tuple[str, str], ...]
    municipality: str


def to_html(notebook: NotebookNode, page: Page) -> str:
    """The page of a notebook: same notebook and same `page`, same bytes.

    The first markdown cell begins with `# Question?`, the only heading of level 1. Cells tagged `hide-page` do
    not appear; of every other cell all outputs do, and its code is folded below them.

    Raises
    ------
    PageError
        When a cell, hidden or not, failed or wrote to stderr; when an output has no form that a page can show,
        holds a script, or is an image without `alt` in the output's metadata; when two elements share an id; when
        the headings are not as said.
    """
    _check_cells(notebook)
    shown = copy.deepcopy(notebook)
    shown.cells = [cell for cell in shown.cells if not _is_hidden(cell)]
    heading = _take_heading(shown)
    prose = Prose(taken=FRAME_IDS | _ids(shown))
    title = " - ".join(part for part in (page.title, page.subtitle, page.municipality) if part)
    exporter = HTMLExporter(  # type: ignore[no-untyped-call, unused-ignore]  # nbconvert has no types
        template_name=template.NAME,
        extra_template_basedirs=[str(template.FOLDER)],
        filters={"prose": prose.to_html, "richest": _richest, "alternative": _alternative, "image": _image},
    )
    exporter.environment.autoescape = True
    exporter.environment.globals.update(
        {field.name: getattr(page, field.name) for field in fields(page)},
        title=title,
        heading=heading,
        headings=prose.headings,
        style=template.make_style(title, marks=page.marks),
    )
    html = str(exporter.from_notebook_node(shown)[0]).rstrip() + "\n"
    _check_page(html, prose)
    return html


def _check_cells(notebook: NotebookNode) -> None:
    for number, cell in enumerate(notebook.cells, start=1):
        for problem in filter(None, _problems(cell)):
            first = next(iter(cell.source.strip().splitlines()), "")
            raise PageError(f"cell {number} ({first[:60]}) {problem}")


def _problems(cell: NotebookNode) -> Iterator[str]:
    outputs = cell.get("outputs", ())
    yield from map(_failure, outputs)
    if _is_hidden(cell):
        return
    if cell.cell_type not in ("markdown", "code"):
        yield f"is a {cell.cell_type} cell, which a page does not show"
    if cell.cell_type == "markdown":
        yield _problem_of_markup(cell.source)
    yield from (_problem(output) for output in outputs if output.output_type != "stream")


def _is_hidden(cell: NotebookNode) -> bool:
    return HIDDEN in cell.metadata.get("tags", ())


def _failure(output: NotebookNode) -> str:
    if output.output_type == "error":
        return f"failed with {output.ename}: {output.evalue}"
    if output.output_type == "stream" and output.name == "stderr":
        return f"wrote to stderr: {output.text.strip()}"
    return ""


def _problem(output: NotebookNode) -> str:
    kind = _richest(output)
    if not kind or (kind == "text/plain" and set(output.data) - {kind}):
        return f"has an output that a page cannot show: {', '.join(sorted(output.data)) or 'nothing'}"
    if kind.startswith("image/") and not _alternative(output).strip():
        return f"has an image ({kind}) without alternative text; give the output metadata 'alt'"
    return _problem_of_markup(output.data[kind]) if kind in ("text/html", "text/markdown") else ""


def _problem_of_markup(markup: str) -> str:
    if re.search(r"<script\b", markup, re.IGNORECASE):
        return "holds a script"
    if re.search(r"<img\b(?![^>]*\salt=)", markup, re.IGNORECASE):
        return "has an image without alternative text"
    return ""


def _check_page(html: str, prose: Prose) -> None:
    """What only shows when all cells are together: one question, names that are unique, images that are there."""
    for level, _, words in prose.headings:
        if level == 1:
            raise PageError(f"a second heading of level 1: {words!r}; use level 2 or lower")
    for address in re.findall(r'<img\b[^>]*?\bsrc="(?!data:)([^"]*)"', html):
        raise PageError(f"the image {address!r} is outside the page; draw it in a cell")
    for name, times in Counter(re.findall(r'<[a-z][^>]*?\sid="([^"]+)"', html)).items():
        if times > 1:
            raise PageError(f"{times} elements have the id {name!r}; give tables different captions")


def _take_heading(notebook: NotebookNode) -> Markup:
    """The question, as inline HTML; the notebook's first markdown cell goes on without it."""
    cell = next((cell for cell in notebook.cells if cell.cell_type == "markdown"), None)
    match = re.match(r"\s*#[ \t]+(.+?)[ \t#]*(?:\n|$)", cell.source) if cell else None
    if cell is None or match is None:
        raise PageError("the first markdown cell must begin with one heading of level 1: '# Question?'")
    cell.source = cell.source[match.end() :]
    return Markup(re.sub(r"</?p>|\n", "", Prose(taken=set()).to_html(match[1])))


def _richest(output: NotebookNode) -> str:
    return next((kind for kind in RICHEST_FIRST if kind in output.data), "")


def _alternative(output: NotebookNode) -> str:
    kind = _richest(output)
    return str(output.metadata.get(kind, {}).get("alt", "") or output.metadata.get("alt", ""))


def _image(output: NotebookNode) -> str:
    kind = _richest(output)
    data = output.data[kind]
    encoded = "".join(data.split()) if kind == "image/png" else base64.b64encode(data.encode()).decode()
    return f"data:{kind};base64,{encoded}"


def _ids(notebook: NotebookNode) -> set[str]:
    """The ids that outputs already use, so that no heading takes one."""
    outputs = (output for cell in notebook.cells for output in cell.get("outputs", ()) if "data" in output)
    return {name for output in outputs for name in re.findall(r'\bid="([^"]+)"', output.data.get("text/html", ""))}
