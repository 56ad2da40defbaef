"""What goes on paper: pages of a release as its manifest knows them, in reading order, and what they say of it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ...digests import sha256
from ...periods import WHOLE
from ...present.wording import word
from ...released import manifest
from ...steps import Refused
from ..navigation import ACCOUNT, DEFINITIONS, INDEX

SHORT = "in-het-kort"  # the two pages for the council, by the name of their note


@dataclass(frozen=True)
class Pages:
    """The pages by their address, in reading order; `mark` is that of the release."""

    trees: Mapping[str, LexborHTMLParser]
    mark: str
    is_public: bool
    is_short: bool = False

    @property
    def language(self) -> str:
        return self._first.css("html")[0].attributes.get("lang") or ""

    @property
    def owner(self) -> str:
        return self._text(".owner strong")

    @property
    def site(self) -> str:
        return self._text(".owner span")

    @property
    def period(self) -> str:
        return self._text(".hero .period").removesuffix(self.dates).strip()

    @property
    def dates(self) -> str:
        return self._text(".hero .dates")

    @property
    def title(self) -> str:
        return ": ".join(filter(None, (self._text("h1") if self.is_short else self.site, self.period)))

    @cached_property
    def marks(self) -> tuple[str, ...]:
        """The warnings of all pages, each once."""
        return tuple(dict.fromkeys(text_of(mark) for tree in self.trees.values() for mark in tree.css("div.marks li")))

    @property
    def until(self) -> str:
        """The last day of the data, as the pages are cited."""
        day = re.escape(word("page", "cited_until")).replace(re.escape("{day}"), r"([\d-]+)")
        found = re.search(day, self._text(".provenance .cite"))
        return found[1] if found else ""

    @property
    def made_with(self) -> str:
        told = {text_of(term): term.next for term in self._first.css(".provenance dt")}
        made = told.get(word("page", "made_with"))
        return text_of(made) if made is not None else ""

    @property
    def _first(self) -> LexborHTMLParser:
        return next(iter(self.trees.values()))

    def _text(self, selector: str) -> str:
        found = self._first.css_first(selector)
        return text_of(found) if found is not None else ""


def read(output: Path, period: str) -> Pages:
    """The pages of a period of the release in `output`, of `WHOLE`, or of `SHORT`.

    With those of all together go the page that leads to them, what the words mean, and the account.

    Raises
    ------
    Refused
        When there is no release, it has no such period, or a page is not as it was released.
    """
    said = manifest(output)
    files = said.get("files", {})
    own = [name for name in files if name.startswith(f"{period}/") and name.endswith(".html")]
    if not files:
        raise Refused(word("no_paper", "release"))
    if not own and period != SHORT:
        raise Refused(word("no_paper", "period").format(period=period))
    trees = {href: _tree(output, href, files) for href in own}
    trees = {href: trees[href] for href in _in_order(trees)}
    before = [INDEX] if period in (SHORT, WHOLE) else []
    after = [DEFINITIONS, ACCOUNT] if period == WHOLE else []
    first, last = ({href: _tree(output, href, files) for href in hrefs} for hrefs in (before, after))
    is_public = not said.get("internal", True)
    return Pages({**first, **trees, **last}, said.get("release", ""), is_public, is_short=period == SHORT)


def text_of(node: LexborNode) -> str:
    """What is written in it, with one blank between words."""
    return " ".join(node.text().split())


def _tree(output: Path, href: str, files: Mapping[str, str]) -> LexborHTMLParser:
    path = output / href
    if not path.is_file() or sha256(path) != files.get(href):
        raise Refused(word("no_paper", "changed").format(page=href))
    return LexborHTMLParser(path.read_text(encoding="utf-8"))


def _in_order(trees: Mapping[str, LexborHTMLParser]) -> Sequence[str]:
    """As each chapter lists them; what none lists comes last."""
    listed = (address for href in trees for address in _chapters(href, trees[href]))
    return [*dict.fromkeys([href for href in listed if href in trees] + sorted(trees))]


def _chapters(href: str, tree: LexborHTMLParser) -> Iterator[str]:
    return (target(href, link.attributes.get("href") or "")[0] for link in tree.css(".toc a"))


def target(here: str, link: str) -> tuple[str, str]:
    """The page of the site that a link on the page `here` leads to, and the place on it.

    >>> target("2024/a.html", "../index.html#b"), target("2024/a.html", "#c"), target("index.html", "2024/a%20b.html")
    (('index.html', 'b'), ('2024/a.html', 'c'), ('2024/a b.html', ''))
    """
    path, _, place = link.partition("#")
    page = posixpath.normpath(posixpath.join(posixpath.dirname(here), unquote(path))) if path else here
    return page, unquote(place)
