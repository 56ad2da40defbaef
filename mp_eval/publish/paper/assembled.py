"""Pages of a release as one document to print: a cover, the contents, and each page as a chapter.

A print tells less than the page to who hears it: a cell in which nothing is painted is no cell, and what stands in the
style sheet or is hidden from the eye is not told at all. So a chapter writes out what its page says by other means.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import tinycss2
from selectolax.lexbor import LexborHTMLParser, LexborNode

from ...present.wording import word, words
from .. import template
from ..frame import environment
from .pages import Pages, target, text_of

SPOKEN = "\ue000"  # how an alternative begins that is of no picture: what a painted text is read as
FORMULA = "\ue001"  # and of a formula
IN_A_LINE = {
    "msup": "{}^({})",
    "msub": "{}_({})",
    "msubsup": "{}_({})^({})",
    "mfrac": "({})/({})",
    "munder": "{}_({})",
    "mover": "{}^({})",
    "munderover": "{}_({})^({})",
    "mroot": "{}^(1/({}))",
}
SCREEN = (
    "nav, .skip, .onward, .aside:has(.toc), details.code, summary, .self, a[download], source, .way, "
    ".site>:not(.council), .prose:has(>#hoe-deze-pagina-is-gemaakt)"  # which speaks of the code
)
NAMING = ("id", "for", "headers", "aria-labelledby", "aria-describedby")
SHEETS = (*template.SHEETS, "foreign.css", "site.css", "paper.css")
OWN_RULE = re.compile(r"\.s-[0-9a-f]{8}\.|#")  # how a rule begins that an output brought
NO_BREAK_SPACE = "\xa0"
LISTS = {"dl": "list", "dl>div": "listitem", "dt, dd": "paragraph"}  # what a print knows of definitions
SIGNS = {"ok": ("✓", "holds"), "bad": ("✗", "does_not_hold")}
# Wider than a sheet is across; wider still is made smaller. All that a page of ours may run, and on no screen.
FIT = """
const [upright, across, mm] = [174, 257, 96 / 25.4]
document.body.style.width = `${upright}mm`
for (const wide of document.querySelectorAll("table, pre, math")) {
  const width = Math.max(wide.scrollWidth, wide.getBoundingClientRect().width) / mm
  if (width < upright + 1) continue
  const box = wide.closest(".table") ?? wide
  box.classList.add("across")
  if (width > across) wide.style.zoom = across / width
}
document.body.style.width = ""
"""


@dataclass(frozen=True)
class Chapter:
    """A page in the document: its place there, its title, its headings (place and text), its HTML and its origin."""

    place: str
    title: str
    sections: tuple[tuple[str, str], ...]
    html: str
    origin: str


def document(pages: Pages, numbers: Mapping[str, int]) -> str:
    """The HTML to print; `numbers` are the sheets on which places are, where that is known."""
    places = {href: f"h{n}" for n, href in enumerate(pages.trees, 1)}
    rules = "\n".join(_rules(tree, places[href]) for href, tree in pages.trees.items())
    told: set[str] = set()
    chapters = [_chapter(tree.clone(), href, places, told) for href, tree in pages.trees.items()]
    feet = "" if pages.is_short else "\n".join(map(_foot, chapters))
    style = template.make_style(pages.title, marks=pages.marks, sheets=SHEETS, rules=f"{rules}\n{feet}")
    # What holds on paper holds here at once, so that what is measured is what is printed.
    style = template.Style(style.css.replace("@media print", "@media all").replace("@media screen", "@media speech"))
    ran = base64.b64encode(hashlib.sha256(FIT.encode()).digest()).decode()
    return (
        environment()
        .get_template("paper.html.j2")
        .render(
            pages=pages,
            chapters=chapters,
            numbers=numbers,
            words=words()["paper"],
            provenance=word("page", "provenance"),
            css=style.css,
            policy=f"{style.policy}; script-src 'sha256-{ran}'",
            fit=FIT,
        )
    )


def headings(html: str) -> list[str]:
    """What the headings of a document say."""
    return [text_of(heading) for heading in LexborHTMLParser(html).css("h1, h2, h3, h4, h5, h6")]


def _foot(chapter: Chapter) -> str:
    """The rule by which each sheet of a chapter says what it is of."""
    place = chapter.place
    return f"@page {place}{{@bottom-left{{content:{template.quoted(chapter.title)}}}}} #{place}{{page:{place}}}"


def _chapter(tree: LexborHTMLParser, href: str, places: Mapping[str, str], told: set[str]) -> Chapter:
    """The page without what only a screen needs; `told` is what chapters before it say of their origin."""
    place = places[href]
    for node in tree.css(SCREEN):
        node.decompose()
    for node in tree.css(".hero .period, div.marks" if len(places) > 1 else "script"):
        node.decompose()  # the cover says it
    for row in tree.css(".provenance dl>div"):
        if row.html in told:
            row.decompose()
        else:
            told.add(row.html or "")
    tree.unwrap_tags(["details", "picture"])
    for selector, role in LISTS.items():
        for node in tree.css(selector):
            node.attrs["role"] = role
    _speak(tree)
    _fill(tree)
    for link in tree.css("a[href]"):
        _lead(link, href, places)
    for node in tree.css(", ".join(f"[{name}]" for name in NAMING)):
        for name in NAMING:
            if value := node.attributes.get(name):
                node.attrs[name] = " ".join(f"{place}-{part}" for part in value.split())
    heading, content = tree.css("h1")[0], tree.css("main")[0]
    sections = tuple((h.attributes.get("id") or "", text_of(h)) for h in content.css("h2[id]"))
    cited = ".provenance .cite" if len(places) == 1 else ".provenance dl, .provenance .cite"
    origin = "".join(node.html or "" for node in tree.css(cited))
    return Chapter(place, text_of(heading), sections, content.inner_html or "", origin)


def _speak(tree: LexborHTMLParser) -> None:
    """What is heard and not seen becomes what the sign beside it is read as; of a check its mark too."""
    for seen in tree.css('[aria-hidden="true"]:has(+.visually-hidden)'):
        if (unseen := seen.next) is not None:
            del seen.attrs["aria-hidden"]
            _read_as(seen, text_of(unseen))
    for unseen in tree.css(".visually-hidden"):
        unseen.decompose()
    for math in tree.css("math"):
        formula = tree.create_node("span")
        formula.attrs["role"], formula.attrs["aria-label"] = "img", f"{FORMULA}{_in_a_line(math)}"
        formula.inner_html = math.html or ""
        math.replace_with(formula)
    for check in tree.css(".check.ok, .check.bad"):
        seen_as, name = SIGNS["ok" if "ok" in (check.attributes["class"] or "").split() else "bad"]
        sign = tree.create_node("span")
        sign.attrs["class"], sign.inner_html = "sign", seen_as
        _read_as(sign, f"{word('paper', name)} ")
        if (text := check.first_child) is not None:
            text.insert_before(sign)


def _read_as(node: LexborNode, text: str) -> None:
    node.attrs["role"], node.attrs["aria-label"] = "img", f"{SPOKEN}{text}"


def _in_a_line(math: LexborNode) -> str:
    """A formula as it is typed: of a page nobody knows any more how it was written."""
    parts = [_in_a_line(part) for part in math.iter()]
    form = IN_A_LINE.get(math.tag or "", "")
    if parts and form.count("{}") == len(parts):
        return form.format(*parts)
    whole = " ".join(parts) if parts else text_of(math)
    return f"√({whole})" if math.tag == "msqrt" else whole


def _fill(tree: LexborHTMLParser) -> None:
    """Each cell of a table has something painted in it; a table without a head has its rows named."""
    for cell in tree.css("td, th"):
        if not cell.text().strip() and not cell.css("img, math"):
            cell.inner_html = NO_BREAK_SPACE
    for table in tree.css("table"):
        for first in table.css("tr>td:first-child") if not table.css("th") else ():
            named = tree.create_node("th")
            named.attrs["scope"], named.inner_html = "row", first.inner_html or ""
            first.replace_with(named)


def _lead(link: LexborNode, href: str, places: Mapping[str, str]) -> None:
    """A link leads to a place in the document or on the web; one that leads elsewhere in the site is its text alone."""
    address = link.attributes["href"] or ""
    if re.match(r"(https?|mailto):", address):
        return
    page, place = target(href, address)
    if page in places:
        link.attrs["href"] = f"#{places[page]}-{place}" if place else f"#{places[page]}"
    else:
        link.unwrap()


def _rules(tree: LexborHTMLParser, place: str) -> str:
    """What outputs of the page brought to its style sheet, for the same elements in the document."""
    css = "".join(style.text() for style in tree.css("style"))
    rules = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    return "\n".join(_placed(rules, place))


def _placed(rules: list[tinycss2.ast.Node], place: str) -> Iterator[str]:
    for rule in rules:
        if rule.type == "qualified-rule" and OWN_RULE.match(named := tinycss2.serialize(rule.prelude).strip()):
            yield f"{named.replace('#', f'#{place}-')}{{{tinycss2.serialize(rule.content)}}}"
