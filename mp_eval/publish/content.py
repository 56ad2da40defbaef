"""What a notebook says, laid out for the template: the question, the summary, then prose, outputs and code.

nbconvert calls this for everybody who says `--template mp-eval`; `page.to_html` gives it the frame of the site too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode

from ..present.wording import word
from . import template
from .frame import Frame, Link
from .linked import title
from .reading import PageError, Part, Reading, is_hidden

__all__ = ["Content", "ContentPreprocessor", "PageError", "content_of", "has_numbers"]

ANSWER = re.compile('class="(answer|absent)"')
WITHOUT_LOOKS = re.compile(r'<span(?: class="(?:n|nn|o|p|w)")?>([^<]*)</span>')
ABSENT = '<p class="absent">'
FOREIGN = "foreign.css"  # the sheet of what only outputs of others have
FOREIGN_MARKS = ('class="ansi-', 'class="paper"', 'class="dataframe')


@dataclass(frozen=True)
class Content:
    """A notebook as a page: `question` and `lead` head it, `summary` is the section that holds the answer.

    `rules` are what its outputs add to the style sheet.
    """

    question: Markup
    lead: Markup
    summary: tuple[Part, ...]
    parts: tuple[Part, ...]
    headings: tuple[tuple[int, str, str], ...]
    rules: str = ""

    @property
    def contents(self) -> tuple[Link, ...]:
        return tuple(Link(words, f"#{name}") for level, name, words in self.headings if level == 2)

    @staticmethod
    def in_colours(code: str) -> str:
        """Coloured code without what marks words that have no colour, which is a tenth of a page with much code."""
        return WITHOUT_LOOKS.sub(r"\1", code)

    @property
    def sheets(self) -> tuple[str, ...]:
        """The style sheets that this page needs."""
        is_foreign = any(mark in part.html for part in (*self.summary, *self.parts) for mark in FOREIGN_MARKS)
        return (*template.SHEETS, *([FOREIGN] if is_foreign else []))


class ContentPreprocessor(Preprocessor):  # type: ignore[misc, unused-ignore]  # nbconvert has no types
    """The step of nbconvert that prepares what the template lays out; `resources["page"]` may hold the `Frame`."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        frame = resources.get("page")
        content = content_of(nb, page_of=frame.page_of if frame else None)
        frame = frame or Frame(content.question.striptags())
        style = template.make_style(frame.running, marks=frame.marks, sheets=content.sheets, rules=content.rules)
        resources.update(page=frame, content=content, style=style)
        return nb, resources


def content_of(notebook: NotebookNode, *, page_of: Callable[[str], str] | None = None) -> Content:
    """Take a notebook apart; it is not changed. `page_of` is the address of the page of a notebook, '' of none.

    The first markdown cell begins with `# Question?`, the only heading of level 1; the paragraph below it is the lead.
    Cells tagged `hide-page` do not appear; of every other cell all outputs do, and its code is folded below them. A
    section that shows only why there is nothing to show (`elements.Absent`) is left out, unless it holds the answer.

    Raises
    ------
    PageError
        When a cell, hidden or not, failed or wrote to stderr; when an output has no form that a page can show, is too
        large, is an image without alternative text or holds what would not be there (`foreign.markup`); when two
        elements share an id; when the headings are not as said.
    """
    reading = Reading(notebook, page_of)
    cells = _present(reading.cells)
    first, question, lead, rest = _heading(cells)
    asked, told = reading.inline(first, question), reading.inline(first, lead)
    parts = _joined([part for cell in cells for part in reading.parts(cell, rest if cell is first else None)])
    reading.check()
    start = next((n for n, part in enumerate(parts) if part.begins_section), 0)
    end = next((n for n, part in enumerate(parts[start + 1 :], start + 1) if part.begins_section), len(parts))
    if not any(part.kind == "output" and ANSWER.search(part.html) for part in parts[start:end]):
        end = start
    return Content(
        question=asked,
        lead=told,
        summary=_code_last(parts[start:end]),
        parts=(*parts[:start], *parts[end:]),
        headings=tuple(reading.headings),
        rules=reading.foreign.styles.rules,
    )


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
    outputs = (output for cell in notebook.cells if not is_hidden(cell) for output in cell.get("outputs", ()))
    kinds = [ANSWER.search(output.get("data", {}).get("text/html", "")) for output in outputs]
    return not kinds or None in kinds or all(kind[1] == "answer" for kind in kinds if kind)


def _says_only_why_not(section: Sequence[NotebookNode]) -> bool:
    shown = [output for cell in section for output in cell.get("outputs", ())]
    return bool(shown) and all(ABSENT in output.get("data", {}).get("text/html", "") for output in shown)


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


def _heading(cells: Sequence[NotebookNode]) -> tuple[NotebookNode, str, str, str]:
    """The first markdown cell, its question, the paragraph below it, and the rest."""
    cell = next((cell for cell in cells if cell.cell_type == "markdown"), None)
    match = re.match(r"\s*#[ \t]+(.+?)[ \t#]*(?:\n|$)", cell.source) if cell else None
    if cell is None or match is None:
        raise PageError(word("unfit", "question"))
    lead, _, rest = cell.source[match.end() :].strip().partition("\n\n")
    if re.match(r"[#|>\-*+<]|\d+\.\s", lead):  # no paragraph
        return cell, match[1], "", f"{lead}\n\n{rest}"
    return cell, match[1], lead, rest
