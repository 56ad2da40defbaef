"""Headings, tables and figures with a link to themselves, so that who writes about one can point at it."""

from __future__ import annotations

import re
from html import escape, unescape

from ..present.wording import word
from .table_files import address

HEADING = re.compile(r'(<(h[2-4]) id="([^"]+)">(.*?))(</\2>)', re.DOTALL)
# Before the table, in the box that may scroll: who comes to the link by the keyboard can scroll it.
TABLE = re.compile(
    r'(<div class="table[^>]*>\n)(<table[^>]*>\n<caption id="([^"]+)"><span class="title">(.*?)</span>.*?</table>)',
    re.DOTALL,
)
PROSE = 'class="prose"'  # sentences are no figures to count with; those on published ones stand in aansluiting.csv
FIGURE = re.compile(r'<figure class="chart.*?</figure>(?:\n<details class="data">.*?</details>)?', re.DOTALL)


def linked(html: str, *, with_files: bool = False) -> str:
    """The same with a link beside each heading, caption and figure that has a place; a figure gets that of its numbers.

    `with_files` adds to each table of figures the link by which it is taken along.

    The sign itself stands in the style sheet, so no text changes.

    >>> linked('<h2 id="a">Wie <em>niet</em>?</h2>')
    '<h2 id="a">Wie <em>niet</em>?<a class="self" href="#a" aria-label="Verwijzing naar ‘Wie niet?’"></a></h2>'
    """
    html = FIGURE.sub(lambda found: _figure(found[0]), html)
    html = TABLE.sub(lambda found: _table(*found.groups(), with_file=with_files), html)
    return HEADING.sub(lambda found: f"{found[1]}{_link(found[3], found[4])}{found[5]}", html)


def title(html: str) -> str:
    """The title of the table or figure; '' of what has none."""
    found = re.search(r'<caption[^>]*><span class="title">(.*?)</span>', html, re.DOTALL)
    return _plain(found[1]) if found else ""


def _table(box: str, table: str, place: str, name: str, *, with_file: bool) -> str:
    file = ""
    if with_file and PROSE not in table:
        label = word("page", "table_file").format(what=escape(_plain(name)))
        file = f'<a class="file" download="{place}.csv" href="{address(table)}" aria-label="{label}"></a>'
    return f"{box}{file}{_link(place, name, 'link_table')}{table}"


def _figure(html: str) -> str:
    """A figure with a place of its own: named as the table of its numbers, which has a link to itself as well."""
    found = re.search(r'<caption id="tabel-([^"]+)"', html)
    if not found or "<figcaption>" not in html:
        return html
    place = f"figuur-{found[1]}"
    html = html.replace('<figure class="chart', f'<figure id="{place}" class="chart', 1)
    return html.replace("</figcaption>", f"{_link(place, title(html), 'link_figure')}</figcaption>", 1)


def _link(place: str, name: str, kind: str = "link") -> str:
    """The link; a table may be called as the heading above it, and links of one name should lead to one place."""
    label = word("page", kind).format(what=escape(_plain(name)))
    return f'<a class="self" href="#{place}" aria-label="{label}"></a>'


def _plain(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", html)).strip()
