"""The landing page: which periods there are, how they overlap, what each found, and where the figures are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ..periods import Period
from . import template

PAGE = "index.html"


@dataclass(frozen=True)
class Entry:
    """One page of the site.

    Attributes
    ----------
    page
        Its address, relative to the landing page.
    start, end
        Its period, `end` exclusive.
    headline
        Value, label and context of its most important figures.
    is_whole
        Whether this is the page over all periods together; it takes no part in the overlaps.
    """

    page: str
    title: str
    subtitle: str
    dates: str
    start: date
    end: date
    headline: tuple[tuple[str, str, str], ...]
    answer: str
    marks: tuple[str, ...]
    is_whole: bool

    @property
    def period(self) -> Period:
        return Period(self.start, self.end, self.title)


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
    *,
    municipality: str,
    title: str,
    intro: str,
    marks: tuple[str, ...],
    downloads: tuple[tuple[str, str], ...],
    provenance: tuple[tuple[str, str], ...],
) -> str:
    """The landing page as HTML; `intro` may hold paragraphs, with an empty line between them.

    Raises
    ------
    ValueError
        When there is no entry: a site without a page has nothing to land on.
    """
    if not entries:
        raise ValueError("the landing page needs at least one page to point to")
    scale = _Scale(min(entry.start.year for entry in entries), max(_last_year(entry) for entry in entries) + 1)
    shared = {entry.page: _shared(entry, entries) for entry in entries}
    document = f"{title} - {municipality}"
    environment = Environment(
        loader=FileSystemLoader(template.TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=False
    )
    html = environment.get_template("site.html.j2").render(
        entries=entries,
        shared=shared,
        overlaps=_sentences(entries),
        years=range(scale.first, scale.end),
        downloads=downloads,
        name=PAGE,
        title=document,
        heading=title,
        subtitle="",
        dates="",
        intro=[paragraph for paragraph in intro.split("\n\n") if paragraph.strip()],
        municipality=municipality,
        marks=marks,
        provenance=provenance,
        links=[("Overzicht", PAGE), *((entry.title, entry.page) for entry in entries)],
        style=template.make_style(document, marks=marks, rules=_rules(entries, shared, scale)),
    )
    return html.rstrip() + "\n"


def _last_year(entry: Entry) -> int:
    return (entry.end.year - 1) if (entry.end.month, entry.end.day) == (1, 1) else entry.end.year


def _shared(entry: Entry, entries: Sequence[Entry]) -> list[Period]:
    """The days that this period has in common with each other period; none for the page over all of them."""
    others = [other for other in entries if other is not entry and not other.is_whole and not entry.is_whole]
    return [days for other in others if (days := entry.period.overlap(other.period))]


def _sentences(entries: Sequence[Entry]) -> list[str]:
    pairs = combinations((entry.period for entry in entries if not entry.is_whole), 2)
    overlaps = ((one, other, one.overlap(other)) for one, other in pairs)
    return [f"{one.id} en {other.id} delen {days.wording(inclusive=True)}." for one, other, days in overlaps if days]


def _rules(entries: Sequence[Entry], shared: dict[str, list[Period]], scale: _Scale) -> str:
    """Where the bars stand: rules instead of style attributes, which the page's policy does not allow."""
    rules = [f".timeline{{--months:{12 * (scale.end - scale.first)};--years:{scale.end - scale.first}}}"]
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
