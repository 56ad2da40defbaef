"""The landing page: which periods there are, how they overlap, what each found, what changed, where the figures are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from ..periods import Period, union
from ..present.council import Point, Topic
from ..present.elements import Table
from ..present.findings import small
from ..present.wording import capital, day_in_words, number, word
from ..workspace import Revision
from .frame import Frame, Link, render
from .navigation import chapter_name

POINTS = "hoofdpunten"
SHOWN = 15  # changes on the page; `mp-eval diff` tells all


@dataclass(frozen=True)
class File:
    """A file to take along: what it is, where it lies, how big it is in bytes, and what can be done with it."""

    text: str
    href: str
    size: int
    about: str = ""

    @property
    def kind(self) -> str:
        """Its kind and size, which a link to a file should tell before it is followed.

        >>> File("Werkboek", "a/werkboek.xlsx", 34567).kind
        'Excel, 35 kB'
        """
        extension = self.href.rpartition(".")[2]
        name = {"xlsx": "Excel", "csv": "CSV", "docx": "Word", "json": "JSON"}.get(extension, extension.upper())
        return f"{name}, {number(max(1, self.size / 1000))} kB"


@dataclass(frozen=True)
class Change:
    """A figure that is not what it was in the release before: what it counts, both values, and the difference."""

    what: str
    before: str
    after: str
    difference: str


@dataclass(frozen=True)
class Entry:
    """A period of the site, or all periods together.

    Attributes
    ----------
    page
        Its first chapter, relative to the landing page.
    title
        Its name; `subtitle` and `dates` are its days, in words and in digits.
    start, end
        Its days, `end` exclusive.
    headline
        Value, label and context of its most important figures.
    is_whole
        Whether this is all periods together; it takes no part in the overlaps.
    chapters, empty, files
        Its pages, by their question; those that have no numbers to tell; its figures as files.
    points
        What is told of it beside its headline; `**…**` marks what matters most.
    """

    page: str
    title: str
    subtitle: str
    dates: str
    start: date
    end: date
    headline: tuple[tuple[str, str, str], ...]
    marks: tuple[str, ...]
    is_whole: bool
    chapters: tuple[Link, ...] = ()
    empty: tuple[Link, ...] = ()
    files: tuple[File, ...] = ()
    points: tuple[str, ...] = ()

    @property
    def period(self) -> Period:
        return Period(self.start, self.end, self.title)

    @property
    def name(self) -> str:
        """As a report would call it."""
        return self.title if self.is_whole else capital(self.subtitle)

    @property
    def id(self) -> str:
        """Where on the landing page its main points are: those of all periods together are the first of the page."""
        return POINTS if self.is_whole else f"periode-{self.title}"


@dataclass(frozen=True)
class _Scale:
    """Whole calendar years, in months, from `first` up to but not including `end`."""

    first: int
    end: int

    def share(self, period: Period) -> tuple[float, float]:
        """Where a period begins and how long it is, in percent of the scale."""
        months = 12 * (self.end - self.first)
        until_end = Period(date(self.first, 1, 1), period.end).months
        return 100 * (until_end - period.months) / months, 100 * period.months / months


def index(
    entries: Sequence[Entry],
    frame: Frame,
    *,
    points: Sequence[Point] = (),
    topics: Sequence[Topic] = (),
    files: Sequence[File] = (),
    changes: Sequence[Change] | None = None,
    least: int = 0,
    revisions: Sequence[Revision] = (),
    awaited: Sequence[tuple[Period, bool]] = (),
) -> str:
    """The landing page as HTML.

    `points` and `topics` are for the council and come first; each leads to its chapter, where that is in the site.
    `changes` are those since the release before: None when there was none to compare with, empty when no figure
    changed; with `least` only counts that differ by so much.
    `revisions` are what the municipality says of corrections, the last first.
    `awaited` are the periods that are not there yet, and of each whether nothing was delivered.

    Raises
    ------
    ValueError
        When there is no entry: a site without a page has nothing to land on.
    """
    if not entries:
        raise ValueError("the landing page needs at least one page to point to")
    scale = _Scale(min(entry.start.year for entry in entries), max(_last_year(entry) for entry in entries) + 1)
    shared = {entry.page: _shared(entry, entries) for entry in entries}
    bands = union(days for found in shared.values() for days in found)
    return render(
        "site.html.j2",
        frame,
        rules=_rules(entries, shared, bands, scale),
        entries=entries,
        shared=shared,
        bands=bands,
        overlaps=_sentences(entries),
        awaited=[_waits(period, is_empty=is_empty) for period, is_empty in awaited],
        years=range(scale.first, scale.end),
        files=files,
        revised=[_revised(revision) for revision in sorted(revisions, key=lambda r: r.date, reverse=True)],
        changed=None if changes is None else _changed(changes, least),
        points=points,
        topics=topics,
        ways=_ways(entries),
    )


def _ways(entries: Sequence[Entry]) -> dict[str, str]:
    """How a link to each chapter is called; of all periods together by the chapter alone."""
    return {
        link.href: chapter_name(link.href) + ("" if entry.is_whole else f", {small(entry.name)}")
        for entry in entries
        for link in (*entry.chapters, *entry.empty)
    }


def _changed(changes: Sequence[Change], least: int) -> Table | str:
    """The first of the changes, and how many more there are; a sentence when there is none to tell."""
    if not changes and least:
        return f"Geen enkel aantal verschilt {least} of meer van dat in de vorige uitgave. Kleiner staat hier niet."
    if not changes:
        return "Geen enkel cijfer is anders dan in de vorige uitgave."
    columns = ("Cijfer", "Was", "Is", "Verschil")
    more = [f"En nog {len(changes) - SHOWN} andere; mp-eval diff noemt ze alle."] if len(changes) > SHOWN else []
    more += [f"Alleen aantallen die {least} of meer verschillen staan hier."] if least else []
    return Table(
        "Cijfers die anders zijn dan in de vorige uitgave",
        columns,
        [(c.what, c.before, c.after, c.difference or "–") for c in changes[:SHOWN]],
        numbers=frozenset(columns[1:]),
        note=" ".join(more),
    )


def _last_year(entry: Entry) -> int:
    return (entry.end.year - 1) if (entry.end.month, entry.end.day) == (1, 1) else entry.end.year


def _shared(entry: Entry, entries: Sequence[Entry]) -> list[Period]:
    """The days that this period has in common with each other period; none for the page over all of them."""
    others = [other for other in entries if other is not entry and not other.is_whole and not entry.is_whole]
    return [days for other in others if (days := entry.period.overlap(other.period))]


def _sentences(entries: Sequence[Entry]) -> list[str]:
    pairs = combinations((entry for entry in entries if not entry.is_whole), 2)
    overlaps = ((one, other, one.period.overlap(other.period)) for one, other in pairs)
    return [
        f"‘{one.name}’ en ‘{other.name}’ delen {days.wording(inclusive=True)}." for one, other, days in overlaps if days
    ]


def _revised(revision: Revision) -> str:
    return word("page", "revised").format(day=day_in_words(revision.date), text=revision.text)


def _waits(period: Period, *, is_empty: bool) -> str:
    """What a period waits for; not which faults its delivery has, for these are about rows."""
    return f"{capital(period.wording())} wacht op {'bestanden' if is_empty else 'een levering zonder fouten'}."


def _rules(entries: Sequence[Entry], shared: dict[str, list[Period]], bands: Sequence[Period], scale: _Scale) -> str:
    """Where the bars stand: rules instead of style attributes, which the page's policy does not allow."""
    rules = [f".timeline{{--years:{scale.end - scale.first}}}"]
    rules += [_rule(f".band-{number}", days, scale) for number, days in enumerate(bands, start=1)]
    for row, entry in enumerate(entries, start=1):
        rules.append(_rule(f".period-{row} .bar", entry.period, scale))
        rules += [
            _rule(f".period-{row} .shared-{number}", days, scale)
            for number, days in enumerate(shared[entry.page], start=1)
        ]
    return "\n".join(rules)


def _rule(selector: str, period: Period, scale: _Scale) -> str:
    start, length = scale.share(period)
    return f"{selector}{{left:{start:.3f}%;width:{length:.3f}%}}"
