"""Where each page of the site leads: by period, by chapter, and one after another."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import quote

from ..periods import WHOLE
from ..present.wording import capital, chapter, period, word
from ..workspace import Workspace
from .frame import Link, Navigation
from .leaves import slug

INDEX, DEFINITIONS, ACCOUNT = "index.html", "begrippen.html", "verantwoording.html"
EASY, ACCESSIBILITY, RELEASES = "in-eenvoudige-taal.html", "toegankelijkheid.html", "uitgaven.html"
SITE = {INDEX: "overview", DEFINITIONS: "definitions", ACCOUNT: "account"}
FOOT = {EASY: "easy", RELEASES: "releases", ACCESSIBILITY: "accessibility"}


def period_names(workspace: Workspace) -> dict[str, str]:
    """How the site calls each period, in order; all of them together last."""
    return {p.id: capital(period(p.wording())) for p in workspace.periods} | {WHOLE: word("page", "all_periods")}


def chapter_name(href: str) -> str:
    """What a chapter is called where its question is too long.

    >>> chapter_name("2024/geactiveerd.html")
    'Geactiveerd'
    """
    return chapter(posixpath.basename(href).removesuffix(".html"))


def of_site(here: str) -> Navigation:
    """The way from a page that is no chapter."""
    return Navigation(site=_links(here, SITE), foot=_links(here, FOOT))


def of_chapter(here: str, hrefs: Sequence[str], *, names: Mapping[str, str], data: Mapping[str, str]) -> Navigation:
    """The way from one chapter to the others.

    `hrefs` are all chapters from the top of the site, those of one period in reading order. `names` are the periods in
    order; a period without this chapter leads to its first. `data` are files by their address.
    """
    period = _period(here)
    order = [href for key in names for href in hrefs if _period(href) == key]
    place = order.index(here)

    def link(href: str, text: str) -> Link:
        return Link(text, _from(here, href), href == here)

    def onward(step: int) -> Link | None:
        if not 0 <= place + step < len(order):
            return None
        href = order[place + step]
        return link(href, f"{chapter_name(href)}, {names[_period(href)].lower()}")

    periods = []
    for key, name in names.items():
        own = [href for href in order if _period(href) == key]
        same = [href for href in own if chapter_name(href) == chapter_name(here)]
        periods += [link((same or own)[0], name)] if own else []
    return Navigation(
        site=_links(here, SITE),
        foot=_links(here, FOOT),
        chapters=tuple(link(href, chapter_name(href)) for href in order if _period(href) == period),
        periods=tuple(periods),
        before=onward(-1),
        after=onward(1),
        data=tuple(Link(text, _from(here, href)) for href, text in data.items()),
    )


def pages_of(here: str, hrefs: Sequence[str]) -> Callable[[str], str]:
    """Of the name of a notebook the address of its page, as the page `here` writes it; '' of one that is no chapter.

    Of the pages of one notebook it is that of the same period, else that of all together, else the first.

    >>> page_of = pages_of("2024/a.html", ["2024/a.html", "2023/b.html", "alle-perioden/b.html"])
    >>> page_of("01-a.ipynb"), page_of("02-b.ipynb"), page_of("03-c.ipynb")
    ('a.html', '../alle-perioden/b.html', '')
    """

    def page_of(notebook: str) -> str:
        same = [href for href in hrefs if posixpath.basename(href) == f"{slug(notebook.removesuffix('.ipynb'))}.html"]
        best = sorted(same, key=lambda href: (_period(href) != _period(here), _period(href) != WHOLE))
        return _from(here, best[0]) if best else ""

    return page_of


def _links(here: str, pages: Mapping[str, str]) -> tuple[Link, ...]:
    return tuple(Link(word("page", name), _from(here, href), href == here) for href, name in pages.items())


def _period(href: str) -> str:
    return href.partition("/")[0]


def _from(here: str, href: str) -> str:
    """The address of a page of the site, as another page of it writes it.

    >>> _from("2024/a.html", "index.html"), _from("2024/a.html", "2024/b.html"), _from("index.html", "2024/a #1.html")
    ('../index.html', 'b.html', '2024/a%20%231.html')
    """
    return quote(posixpath.relpath(href, posixpath.dirname(here) or "."))
