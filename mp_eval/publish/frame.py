"""What every page of the site has around its content: who it is of, its marks, its way to other pages, its origin."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from .. import spoken
from ..present.elements import said, strong
from ..present.origin import Origin
from ..present.wording import word, words
from . import template
from .linked import linked

SITE = "Maatschappelijke participatie"
FRAME_IDS = {"inhoud", "herkomst"}


@dataclass(frozen=True)
class Link:
    """A way to another page, or (`is_here`) the name of this one among its neighbours."""

    text: str
    href: str
    is_here: bool = False


@dataclass(frozen=True)
class Navigation:
    """Where a page lies in the site. Every address is relative to the page.

    Attributes
    ----------
    site
        The landing page, the definitions, the account.
    foot
        Pages for other readers, below every page: in easy language, on accessibility.
    chapters
        The chapters of the same period, this one among them.
    periods
        The same chapter of other periods, this one among them.
    before, after
        The pages before and after this one in reading order.
    data
        The same figures as files.
    """

    site: tuple[Link, ...] = ()
    foot: tuple[Link, ...] = ()
    chapters: tuple[Link, ...] = ()
    periods: tuple[Link, ...] = ()
    before: Link | None = None
    after: Link | None = None
    data: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Frame:
    """What a page says about itself.

    Attributes
    ----------
    title, subtitle, dates
        What it answers, the wording of the period, and its first and last day.
    marks
        Warnings in plain sight, directly under the heading and on every printed sheet.
    provenance
        Label and value, or label and values below each other, in the footer.
    explained
        Of the code of cells: where what they show comes from.
    as_of
        The last day of the data, as it is cited.
    page_of
        Of the name of a notebook: the address of its page, '' of one that is no page of this site.
    """

    title: str
    subtitle: str = ""
    dates: str = ""
    marks: tuple[str, ...] = ()
    provenance: tuple[tuple[str, str | tuple[str, ...]], ...] = ()
    municipality: str = ""
    navigation: Navigation = Navigation()
    explained: Callable[[Sequence[str]], Origin] | None = None
    as_of: str = ""
    page_of: Callable[[str], str] | None = None

    @property
    def words(self) -> Mapping[str, str]:
        """What stands around every page, in its language."""
        return words()["page"]

    @property
    def language(self) -> str:
        return spoken.language()

    @property
    def owner(self) -> str:
        return word("page", "owner").format(name=self.municipality) if self.municipality else ""

    @property
    def running(self) -> str:
        """What the foot of every printed sheet shows."""
        return " - ".join(part for part in (self.title, self.subtitle) if part)

    def cited(self, what: str = "") -> str:
        """A sentence with which to refer to the page, or to a table or figure `what` on it.

        >>> frame = Frame("Wie?", "2024", as_of="15-07-2025", municipality="Elders", provenance=(("Kenmerk", "0a1b"),))
        >>> frame.cited("Wie actief werd")
        '‘Wie actief werd’, in: Gemeente Elders, ‘Wie?’ (2024), gegevens tot en met 15-07-2025, kenmerk 0a1b.'
        """
        owner = f"{self.owner}, " if self.municipality else ""
        place = word("page", "cited_in").format(what=what) if what else ""
        days = f" ({self.subtitle})" if self.subtitle else ""
        until = word("page", "cited_until").format(day=self.as_of) if self.as_of else ""
        made = dict(self.provenance).get(word("page", "mark"))
        mark = word("page", "cited_mark").format(mark=made) if made else ""
        return f"{place}{owner}‘{self.title}’{days}{until}{mark}."

    @property
    def name(self) -> str:
        """The document's title: what a tab and a bookmark show."""
        owner = f"{self.owner[:1].lower()}{self.owner[1:]}"
        return " - ".join(part for part in (self.running, owner) if part)


def render(name: str, frame: Frame, *, rules: str = "", **content: object) -> str:
    """A page that is made of no notebook: this template around this content, with `rules` for its style sheet."""
    sheets = (*template.SHEETS, "site.css")
    style = template.make_style(frame.running, marks=frame.marks, sheets=sheets, rules=rules)
    html = environment().get_template(name).render(page=frame, style=style, **content)
    return linked(html.rstrip()) + "\n"


@cache
def environment() -> Environment:
    """Where the templates are, with what they do to texts; one for all pages, so that each is compiled once."""
    found = Environment(loader=FileSystemLoader(template.TEMPLATES), autoescape=True, undefined=StrictUndefined)
    found.filters |= {"said": lambda text: Markup(said(text)), "strong": lambda text: Markup(strong(text))}
    return found


def warm() -> None:
    """Do once what is slow the first time: the templates of the pages around the chapters are compiled."""
    for name in ("frame", "site", "definitions", "account", "texts"):
        environment().get_template(f"{name}.html.j2")
