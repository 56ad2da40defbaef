"""What stands around each page of a release: its name and days, its marks, its way to the others, its origin.

A chapter leaves a card: what the landing page and the account tell of it, without opening it again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date

import nbformat

from ..digests import of
from ..evaluation import Evaluation
from ..execute import parameters
from ..periods import WHOLE
from ..present import council, sentences
from ..present.origin import Origin, origin
from ..present.wording import day, word
from ..present.wording import period as period_told
from . import asked, versions
from .account import Made
from .content import has_numbers
from .frame import Frame, Link
from .leaves import Leaf, workbook_of
from .navigation import chapter_name, of_chapter, of_site, pages_of, period_names
from .site import Entry, File


@dataclass(frozen=True)
class Card:
    """A chapter as other pages tell of it; `run` is the mark of all that it was made of.

    `has_numbers` is False of a chapter that says only why it has nothing to tell.
    """

    entry: Entry
    question: str
    parameters: str
    run: str
    has_numbers: bool = True


def of_leaf(
    everything: Evaluation, leaf: Leaf, notebook: nbformat.NotebookNode, hrefs: Sequence[str]
) -> tuple[Frame, Card]:
    """The frame of a chapter among all chapters `hrefs`, and its card."""
    made = everything.of(leaf.period) if leaf.period else everything
    when = [made.period(leaf.period)] if leaf.period else list(made.whole)
    question = _question(notebook)
    given = {**parameters.defaults(leaf.notebook), **leaf.parameters}
    told = ", ".join(f"{name} = {value}" for name, value in given.items()) or word("page", "no_parameters")
    also = f" {word('grammar', 'and')} "
    run = of([made.key, [cell.source for cell in notebook.cells], told, versions.library()])[:16]
    entry = Entry(
        page=leaf.href,
        title=leaf.period or word("page", "all_periods"),
        subtitle=also.join(period_told(p.wording()) for p in when),
        dates=also.join(period_told(p.dates()) for p in when),
        start=when[0].start,
        end=when[-1].end,
        headline=council.headline(made, leaf.period or WHOLE).items,
        marks=sentences.marks(made, leaf.period),
        is_whole=not leaf.period,
    )
    frame = Frame(
        title=question,
        subtitle=entry.subtitle,
        dates=entry.dates,
        marks=entry.marks,
        provenance=(
            (word("page", "period"), f"{entry.subtitle} ({entry.dates})"),
            *_deliveries(made),
            (word("page", "notebook"), leaf.notebook.name),
            (word("page", "parameters"), told),
            _made_with(),
            (word("page", "mark"), run),
        ),
        municipality=made.workspace.settings.municipality.name,
        navigation=of_chapter(
            leaf.href,
            hrefs,
            names=period_names(everything.workspace),
            data={workbook_of(leaf.period): word("page", "workbook")},
        ),
        as_of=day(made.extracted(leaf.period or WHOLE)) if made.received else "",
        explained=_explaining(made, leaf.period or WHOLE, notebook),
        page_of=pages_of(leaf.href, hrefs),
    )
    return frame, Card(entry, question, told, run, has_numbers(notebook))


def _explaining(made: Evaluation, period: str, notebook: nbformat.NotebookNode) -> Callable[[Sequence[str]], Origin]:
    """Where what cells show comes from, told from the top of a page to its end: a measure is explained once."""
    names = asked.imports(cell.source for cell in notebook.cells if cell.cell_type == "code")
    told: set[str] = set()

    def explained(sources: Sequence[str]) -> Origin:
        found = asked.measures(sources, names)
        said = origin(made, period, found, known=frozenset(told))
        told.update(found)
        return said

    return explained


def of_page(evaluation: Evaluation, title: str, href: str, *, subtitle: str = "") -> Frame:
    """The frame of a page that is no chapter; it tells of all deliveries."""
    return Frame(
        title=title,
        subtitle=subtitle,
        marks=sentences.marks(evaluation),
        provenance=(
            *((label, lines[0]) for label, lines in _deliveries(evaluation)),
            _made_with(),
            (word("page", "mark"), of([evaluation.key, versions.library()])[:16]),
        ),
        municipality=evaluation.workspace.settings.municipality.name,
        navigation=of_site(href),
        as_of=day(evaluation.extracted(WHOLE)) if evaluation.received else "",
    )


def _made_with() -> tuple[str, str]:
    """The library's version and commit, in the language of the page."""
    return word("page", "made_with"), versions.library().replace(versions.CHANGED, word("page", "changed"))


def entries(
    cards: Sequence[Card], sizes: Mapping[str, int], points: Mapping[str, tuple[str, ...]] | None = None
) -> list[Entry]:
    """What the landing page shows: a period once, with all its chapters, its `points` and the files that are there."""
    found: dict[str, Entry] = {}
    for card in cards:
        key = card.entry.title
        link = Link(card.question, card.entry.page)
        first = found.get(key, card.entry)
        if card.has_numbers:
            found[key] = replace(first, chapters=(*first.chapters, link))
        else:
            found[key] = replace(first, empty=(*first.empty, link))
    return sorted(
        (
            replace(entry, files=_workbook(entry, sizes), points=(points or {}).get(key, ()))
            for key, entry in found.items()
        ),
        key=lambda entry: (entry.is_whole, entry.start, entry.end, entry.page),
    )


def made(cards: Sequence[Card]) -> list[Made]:
    """What the account tells of each chapter."""
    return [Made(f"{card.entry.title}: {chapter_name(card.entry.page)}", card.parameters, card.run) for card in cards]


def to_json(card: Card) -> str:
    return json.dumps(asdict(card), indent=1, ensure_ascii=False, default=date.isoformat) + "\n"


def from_json(text: str) -> Card:
    """The card of `to_json`."""
    spec = json.loads(text)
    given = spec["entry"]
    given |= {name: date.fromisoformat(given[name]) for name in ("start", "end")}
    given |= {"headline": tuple(map(tuple, given["headline"])), "marks": tuple(given["marks"])}
    return Card(**{**spec, "entry": Entry(**{**given, **dict.fromkeys(("chapters", "empty", "files", "points"), ())})})


def _question(notebook: nbformat.NotebookNode) -> str:
    """The words of the notebook's first heading; `content_of` refuses a notebook without one."""
    first = next((cell.source for cell in notebook.cells if cell.cell_type == "markdown"), "")
    line = next(iter(first.strip().splitlines()), "")
    return re.sub(r"[*_`]", "", line).lstrip("# ").rstrip("# ")


def _deliveries(made: Evaluation) -> Iterator[tuple[str, tuple[str, ...]]]:
    """A delivery in a line, with the mark of all its files; then each file with its own. In public without marks."""
    for period, received in made.received.items():
        files = dict(sorted(received.files.items()))
        about = word("page", "delivered").format(producer=received.source.producer, day=day(received.source.extracted))
        if made.is_internal:
            about = word("page", "marked").format(what=about, mark=of(files)[:16])
        each = (word("page", "file").format(name=n, mark=d[:16]) if d else n for n, d in files.items())
        yield word("page", "delivery").format(period=period), (about, *each)


def _workbook(entry: Entry, sizes: Mapping[str, int]) -> tuple[File, ...]:
    href = workbook_of("" if entry.is_whole else entry.title)
    return (File("Werkboek", href, sizes[href]),) if href in sizes else ()
