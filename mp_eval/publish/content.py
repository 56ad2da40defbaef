"""What a notebook says, taken apart for the template: the question, the summary, then prose, outputs and code.

nbconvert calls this for everybody who says `--template mp-eval`; `page.to_html` gives it the frame of the site too.
"""

from __future__ import annotations

import base64
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode

from ..execute.notebook import first_line, is_added
from . import template
from .frame import SITE, Frame, Link
from .linked import linked, title
from .template.prose import Prose

HIDDEN = "hide-page"
RICHEST_FIRST = ("text/html", "text/markdown", "image/svg+xml", "image/png", "text/plain")
FRAME_IDS = {"inhoud", "herkomst"}
ANSWER = re.compile('class="(answer|absent)"')
ABSENT = '<p class="absent">'
EMPTY = Markup()


class PageError(Exception):
    """A notebook that must not become a page: the message names the cell and what is wrong with it."""


@dataclass(frozen=True)
class Part:
    """A piece of the page, from top to bottom: prose or an output as HTML, or the code that made what is above it."""

    kind: str  # prose | output | code
    html: Markup = EMPTY
    sources: tuple[str, ...] = ()
    title: str = ""  # of what the code made, when that is a table or a figure

    @property
    def begins_section(self) -> bool:
        return self.kind == "prose" and self.html.startswith("<h2")


@dataclass(frozen=True)
class Content:
    """A notebook as a page: `question` and `lead` head it, `summary` is the section that holds the answer."""

    question: Markup
    lead: Markup
    summary: tuple[Part, ...]
    parts: tuple[Part, ...]
    headings: tuple[tuple[int, str, str], ...]

    @property
    def contents(self) -> tuple[Link, ...]:
        return tuple(Link(words, f"#{name}") for level, name, words in self.headings if level == 2)


class ContentPreprocessor(Preprocessor):  # type: ignore[misc, unused-ignore]  # nbconvert has no types
    """The step of nbconvert that prepares what the template lays out; `resources["page"]` may hold the `Frame`."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        content = content_of(nb)
        frame = resources.get("page") or Frame(content.question.striptags())
        style = template.make_style(frame.running, marks=frame.marks)
        resources.update(page=frame, content=content, style=style, site=SITE)
        return nb, resources


def content_of(notebook: NotebookNode) -> Content:
    """Take a notebook apart; it is not changed.

    The first markdown cell begins with `# Question?`, the only heading of level 1; the paragraph below it is the lead.
    Cells tagged `hide-page` do not appear; of every other cell all outputs do, and its code is folded below them. A
    section that shows only why there is nothing to show (`elements.Absent`) is left out, unless it holds the answer.

    Raises
    ------
    PageError
        When a cell, hidden or not, failed or wrote to stderr; when an output has no form that a page can show,
        holds a script, or is an image without alternative text; when two elements share an id; when the headings are
        not as said.
    """
    _check_cells(notebook)
    cells = _present([cell for cell in notebook.cells if not _is_hidden(cell)])
    prose = Prose(taken=FRAME_IDS | _ids(cells))
    first, question, lead, rest = _heading(cells)
    parts = _joined([part for cell in cells for part in _parts(cell, prose, rest if cell is first else None)])
    start = next((n for n, part in enumerate(parts) if part.begins_section), 0)
    end = next((n for n, part in enumerate(parts[start + 1 :], start + 1) if part.begins_section), len(parts))
    if not any(part.kind == "output" and ANSWER.search(part.html) for part in parts[start:end]):
        end = start
    content = Content(
        question=_inline(question),
        lead=_inline(lead),
        summary=_code_last(parts[start:end]),
        parts=(*parts[:start], *parts[end:]),
        headings=tuple(prose.headings),
    )
    _check(content)
    return content


def _present(cells: Sequence[NotebookNode]) -> list[NotebookNode]:
    """The cells without the sections that show nothing; of an answer that says so twice, once."""
    sections: list[list[NotebookNode]] = [[]]
    for cell in cells:
        if cell.cell_type == "markdown" and re.match(r"\s*##+\s", cell.source):
            sections.append([])
        sections[-1].append(cell)
    kept = sections[:2] + [section for section in sections[2:] if not _says_only_why_not(section)]
    answered = sections[1] if len(sections) > 1 else []
    if _says_only_why_not(answered):
        kept[1] = answered[:1] + [cell for cell in answered if cell.get("outputs")][:1]
    return [cell for section in kept for cell in section]


def has_numbers(notebook: NotebookNode) -> bool:
    """Whether a chapter tells more than why it has nothing to tell: an answer beside such a reason tells no more."""
    outputs = (output for cell in notebook.cells if not _is_hidden(cell) for output in cell.get("outputs", ()))
    kinds = [ANSWER.search(output.get("data", {}).get("text/html", "")) for output in outputs]
    return not kinds or None in kinds or all(kind[1] == "answer" for kind in kinds if kind)


def _says_only_why_not(section: Sequence[NotebookNode]) -> bool:
    shown = [output for cell in section for output in cell.get("outputs", ())]
    return bool(shown) and all(ABSENT in output.get("data", {}).get("text/html", "") for output in shown)


def _parts(cell: NotebookNode, prose: Prose, source: str | None) -> Iterator[Part]:
    """The pieces of a cell; `source` is what is left of a markdown cell whose first lines stand elsewhere."""
    if cell.cell_type == "markdown":
        text = cell.source if source is None else source
        if text.strip():
            yield Part("prose", Markup(linked(prose.to_html(text).strip())))
        return
    for output in cell.get("outputs", ()):
        yield Part("output", _shown(output, prose))
    if cell.source.strip():
        yield Part("code", sources=(cell.source,))


def _joined(parts: Sequence[Part]) -> list[Part]:
    """Code stands below the next output that it leads to; what leads to none stands at the end."""
    found: list[Part] = []
    waiting: tuple[str, ...] = ()
    for n, part in enumerate(parts):
        if part.kind != "code":
            found.append(part)
            continue
        waiting += part.sources
        if n and parts[n - 1].kind == "output":
            found.append(Part("code", sources=waiting, title=title(parts[n - 1].html)))
            waiting = ()
    return [*found, *([Part("code", sources=waiting)] if waiting else [])]


def _code_last(parts: Sequence[Part]) -> tuple[Part, ...]:
    """The answer and its figures in one view: their code together below them."""
    sources = tuple(source for part in parts for source in part.sources)
    shown = tuple(part for part in parts if part.kind != "code")
    return (*shown, Part("code", sources=sources)) if sources else shown


def _shown(output: NotebookNode, prose: Prose) -> Markup:
    if output.output_type == "stream":
        return Markup("<pre>{}</pre>").format(output.text)
    kind = _richest(output)
    data = output.data[kind]
    if kind == "text/html":
        return Markup(linked(data))
    if kind == "text/markdown":
        return prose.to_html(data)
    if kind == "text/plain":
        return Markup("<pre>{}</pre>").format(data)
    encoded = "".join(data.split()) if kind == "image/png" else base64.b64encode(data.encode()).decode()
    image = Markup('<img alt="{}" src="data:{};base64,{}">').format(_alternative(output), kind, encoded)
    return Markup('<figure class="chart">{}</figure>').format(image)


def _heading(cells: Sequence[NotebookNode]) -> tuple[NotebookNode, str, str, str]:
    """The first markdown cell, its question, the paragraph below it, and the rest."""
    cell = next((cell for cell in cells if cell.cell_type == "markdown"), None)
    match = re.match(r"\s*#[ \t]+(.+?)[ \t#]*(?:\n|$)", cell.source) if cell else None
    if cell is None or match is None:
        raise PageError("de eerste tekstcel moet beginnen met één kop van niveau 1: ‘# Vraag?’")
    lead, _, rest = cell.source[match.end() :].strip().partition("\n\n")
    if re.match(r"[#|>\-*+<]|\d+\.\s", lead):  # no paragraph
        return cell, match[1], "", f"{lead}\n\n{rest}"
    return cell, match[1], lead, rest


def _inline(source: str) -> Markup:
    html = re.sub(r"</?p>", "", Prose(taken=set()).to_html(source)) if source else ""
    return Markup(" ".join(html.split()))


def _check_cells(notebook: NotebookNode) -> None:
    number = 0
    for cell in notebook.cells:
        number += not is_added(cell)  # as the notebook's own reader counts
        for problem in filter(None, _problems(cell)):
            raise PageError(f"cel {number} (‘{first_line(cell.source)[:60]}’) {problem}")


def _problems(cell: NotebookNode) -> Iterator[str]:
    outputs = cell.get("outputs", ())
    yield from map(_failure, outputs)
    if _is_hidden(cell):
        return
    if cell.cell_type not in ("markdown", "code"):
        yield f"is van de soort {cell.cell_type}, die een pagina niet toont"
    if cell.cell_type == "markdown":
        yield _problem_of_markup(cell.source)
    yield from (_problem(output) for output in outputs if output.output_type != "stream")


def _is_hidden(cell: NotebookNode) -> bool:
    return HIDDEN in cell.metadata.get("tags", ())


def _failure(output: NotebookNode) -> str:
    if output.output_type == "error":
        return f"mislukte met {output.ename}: {output.evalue}"
    if output.output_type == "stream" and output.name == "stderr":
        return f"schreef naar stderr: {output.text.strip()}"
    return ""


def _problem(output: NotebookNode) -> str:
    kind = _richest(output)
    if not kind or (kind == "text/plain" and set(output.data) - {kind}):
        return f"heeft uitvoer die een pagina niet kan tonen: {', '.join(sorted(output.data)) or 'niets'}"
    if kind.startswith("image/") and not _alternative(output).strip():
        return f"heeft een afbeelding ({kind}) zonder alternatieve tekst; geef de uitvoer metadata ‘alt’"
    return _problem_of_markup(output.data[kind]) if kind in ("text/html", "text/markdown") else ""


def _problem_of_markup(markup: str) -> str:
    if re.search(r"<script\b", markup, re.IGNORECASE):
        return "bevat een script"
    if re.search(r"<img\b(?![^>]*\salt=(?:\"\s*[^\s\"]|'\s*[^\s']))", markup, re.IGNORECASE):
        return "heeft een afbeelding zonder alternatieve tekst"
    return ""


def _check(content: Content) -> None:
    """What only shows when all cells are together: one question, names that are unique, images that are there."""
    for level, _, words in content.headings:
        if level == 1:
            raise PageError(f"een tweede kop van niveau 1: ‘{words}’; gebruik niveau 2 of lager")
    html = "".join(part.html for part in (*content.summary, *content.parts))
    for address in re.findall(r'<img\b[^>]*?\bsrc="(?!data:)([^"]*)"', html):
        raise PageError(f"de afbeelding ‘{address}’ ligt buiten de pagina; teken haar in een cel")
    for name, times in Counter(re.findall(r'<[a-z][^>]*?\sid="([^"]+)"', html)).items():
        if times > 1:
            raise PageError(f"{times} elementen hebben de id ‘{name}’; geef tabellen verschillende titels")


def _richest(output: NotebookNode) -> str:
    return next((kind for kind in RICHEST_FIRST if kind in output.data), "")


def _alternative(output: NotebookNode) -> str:
    kind = _richest(output)
    return str(output.metadata.get(kind, {}).get("alt", "") or output.metadata.get("alt", ""))


def _ids(cells: Sequence[NotebookNode]) -> set[str]:
    """The ids that outputs already use, so that no heading takes one."""
    outputs = (output for cell in cells for output in cell.get("outputs", ()) if "data" in output)
    return {name for output in outputs for name in re.findall(r'\bid="([^"]+)"', output.data.get("text/html", ""))}
