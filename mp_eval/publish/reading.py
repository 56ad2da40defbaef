"""The cells of a notebook, made fit for a page one after another; what cannot be on one is told, all at once."""

from __future__ import annotations

import base64
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup
from nbformat import NotebookNode

from ..execute.notebook import first_line, is_added
from ..present.wording import listed, number, word
from .foreign import maths, text
from .foreign.markup import Foreign, ids
from .foreign.unfit import Unfit, unfit
from .frame import FRAME_IDS
from .linked import linked
from .template.prose import Prose

HIDDEN = "hide-page"
PICTURES = ("image/svg+xml", "image/png", "image/jpeg", "image/gif", "image/webp")
RICHEST_FIRST = ("text/html", "text/markdown", *PICTURES, "text/latex", "text/plain")
MEGABYTE = 10**6
MOST = 10 * MEGABYTE  # of what one cell shows; all pages of a release together are less
LINES = 3  # of what a cell wrote to stderr
EMPTY = Markup()


class PageError(Exception):
    """A notebook that must not become a page: the message names each cell, what is wrong with it and what to do."""


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


class Reading:
    """The reading of one notebook, which is not changed.

    `page_of` is the address of the page of another notebook, '' of none. `cells` are those that the page may show,
    `headings` those of what was read so far: level, id and words.

    Raises
    ------
    PageError
        When a cell, by itself, must not be on a page.
    """

    def __init__(self, notebook: NotebookNode, page_of: Callable[[str], str] | None) -> None:
        self.headings: list[tuple[int, str, str]] = []
        self._places: dict[int, str] = {}
        self._left_out: Counter[int] = Counter()
        self._problems: dict[str, list[str]] = {}
        self._holders: dict[str, list[str]] = {name: [] for name in FRAME_IDS}
        self._all = list(self._readable(notebook.cells))
        self.cells = [cell for cell in self._all if not is_hidden(cell)]
        self._tell()
        taken = {name for cell in self.cells for output in cell.get("outputs", ()) for name in ids(_html(output))}
        self._prose = Prose(taken=FRAME_IDS | taken)
        self.foreign = Foreign(self._prose.name, page_of=page_of)

    def parts(self, cell: NotebookNode, source: str | None) -> Iterator[Part]:
        """The pieces of a cell; `source` is what is left of a markdown cell whose first lines stand elsewhere."""
        with_code = not cell.metadata.get("transient", {}).get("remove_source")  # nbconvert's remove_input_tags
        try:
            yield from self._parts(cell, cell.source if source is None else source, with_code)
        except Unfit as problem:
            self._note(cell, problem)

    def inline(self, cell: NotebookNode, source: str) -> Markup:
        """Words that stand within a heading or a paragraph."""
        try:
            html = re.sub(r"</?p>", "", self.foreign.fit(Prose(taken=set()).to_html(source)).html) if source else ""
        except Unfit as problem:
            self._note(cell, problem)
            return EMPTY
        return Markup(" ".join(html.split()))

    def check(self) -> None:
        """What only shows when all cells are together: names that are unique. Raises PageError with all problems."""
        for name, holders in self._holders.items():
            if len(holders) > 1 or (holders and name in FRAME_IDS):
                where = listed(list(dict.fromkeys(holders)))
                self._problems[word("unfit", "twice").format(times=len(holders), name=name, where=where)] = [""]
        self._tell()

    def _readable(self, cells: Sequence[NotebookNode]) -> Iterator[NotebookNode]:
        """Each cell with its text as a page can show it; what must not be on a page is noted."""
        number = 0
        for cell in cells:
            number += not is_added(cell)  # as the notebook's own reader counts
            source, left_out = text.plain(cell.source)
            readable = NotebookNode({**cell, "source": source})
            self._places[id(readable)] = f"cel {number} (‘{first_line(source)[:60]}’)"
            self._left_out[id(readable)] = left_out
            try:
                _check_cell(readable)
            except Unfit as problem:
                self._note(readable, problem)
            yield readable

    def _parts(self, cell: NotebookNode, source: str, with_code: bool) -> Iterator[Part]:
        if cell.cell_type == "markdown":
            if source.strip():
                yield Part("prose", self._fit(cell, self._prose.to_html(source).strip(), is_prose=True))
        else:
            for output in cell.get("outputs", ()):
                yield Part("output", self._shown(cell, output))
        if left_out := self._left_out[id(cell)]:
            yield Part(
                "output", Markup('<p class="note">{}</p>').format(word("unfit", "left_out").format(times=left_out))
            )
        if cell.cell_type == "code" and source.strip() and with_code:
            yield Part("code", sources=(source,))

    def _shown(self, cell: NotebookNode, output: NotebookNode) -> Markup:
        kind = "text/plain" if output.output_type == "stream" else _richest(output)
        data = output.text if output.output_type == "stream" else output.data[kind]
        if kind == "text/plain":
            shown, left_out = text.terminal(data)
            self._left_out[id(cell)] += left_out
            html = Markup("<pre>{}</pre>").format(shown)
            return self._fit(cell, html) if "<span" in shown else html
        if kind in PICTURES:
            encoded = base64.b64encode(data.encode()).decode() if kind == "image/svg+xml" else "".join(data.split())
            image = Markup('<img alt="{}" src="data:{};base64,{}">').format(_alternative(output), kind, encoded)
            return Markup('<figure class="chart">{}</figure>').format(image)
        data, left_out = text.plain(data)
        self._left_out[id(cell)] += left_out
        if kind == "text/markdown":
            return self._fit(cell, self._prose.to_html(data))
        return self._fit(cell, maths.of_output(data) if kind == "text/latex" else data)

    def _fit(self, cell: NotebookNode, html: str, *, is_prose: bool = False) -> Markup:
        fitted = self.foreign.fit(html, cell.get("attachments", {}))
        self.headings += fitted.headings
        for name in fitted.ids:
            self._holders.setdefault(name, []).append(self._places[id(cell)])
        html = f'<div class="paper">{fitted.html}</div>' if fitted.is_coloured else fitted.html
        return Markup(linked(html, with_files=True))

    def _note(self, cell: NotebookNode, problem: Unfit) -> None:
        self._problems.setdefault(str(problem), []).append(self._places[id(cell)])

    def _tell(self) -> None:
        """Each problem once, with the cells that have it."""
        lines = []
        for problem, (first, *others) in self._problems.items():
            also = word("unfit", "also").format(cells=listed([place.partition(" (")[0] for place in others]))
            lines.append(f"{first} {problem}{f' ({also})' if others else ''}".strip())
        if lines:
            raise PageError("\n".join(lines))


def is_hidden(cell: NotebookNode) -> bool:
    return HIDDEN in cell.metadata.get("tags", ())


def _check_cell(cell: NotebookNode) -> None:
    """Look at what a cell is and showed, whatever that says. A hidden one must have run well too."""
    outputs = cell.get("outputs", ())
    for output in outputs:
        if output.output_type == "error":
            raise unfit("failed", name=output.ename, value=text.plain(output.evalue)[0])
    if complaints := "".join(o.text for o in outputs if o.output_type == "stream" and o.name == "stderr"):
        raise unfit("stderr", text=_lines(complaints))
    if is_hidden(cell):
        return
    if cell.cell_type not in ("markdown", "code"):
        raise unfit("kind", kind=cell.cell_type)
    shown = [output.text if output.output_type == "stream" else output.data for output in outputs]
    size = sum(len(said) if isinstance(said, str) else sum(len(str(v)) for v in said.values()) for said in shown)
    if size > MOST:
        raise unfit("heavy", size=number(size / MEGABYTE), most=number(MOST / MEGABYTE))
    for output in outputs:
        if output.output_type != "stream":
            _check_form(output)


def _check_form(output: NotebookNode) -> None:
    kind = _richest(output)
    if not kind or (kind == "text/plain" and set(output.data) - {kind}):
        raise unfit("form", kinds=", ".join(sorted(output.data)) or "-")
    if kind in PICTURES and not _alternative(output).strip():
        raise unfit("alternative_of", kind=kind)


def _lines(complaints: str) -> str:
    """What was written to stderr, each line once."""
    counts = Counter(line.strip() for line in text.plain(complaints)[0].splitlines() if line.strip())
    said = [f"{line} ({word('unfit', 'times').format(times=n)})" if n > 1 else line for line, n in counts.items()]
    return " / ".join([*said[:LINES], *(["…"] if len(said) > LINES else [])])


def _html(output: NotebookNode) -> str:
    return str(output.get("data", {}).get("text/html", ""))


def _richest(output: NotebookNode) -> str:
    return next((kind for kind in RICHEST_FIRST if kind in output.data), "")


def _alternative(output: NotebookNode) -> str:
    kind = _richest(output)
    return str(output.metadata.get(kind, {}).get("alt", "") or output.metadata.get("alt", ""))
