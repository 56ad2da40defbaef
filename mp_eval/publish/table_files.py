"""Tables of a page as files within it: who wants to count with one takes it along, and nothing is asked of a server.

As Excel in the Netherlands opens it, like the other data files: semicolons, decimal commas, utf-8 with a mark. Cells
say what the page says, so a hidden number is its sign; only what separates thousands is left out.
"""

from __future__ import annotations

import csv
import io
import re
from urllib.parse import quote, unquote

from selectolax.lexbor import LexborHTMLParser, LexborNode

from .formulas import guarded

KIND = "data:text/csv;charset=utf-8,%EF%BB%BF"
UNFIT = re.compile(r"[^!$()*+,;=:@/?\w.~\u00a1-\ufffd-]")  # what an address may not hold as it is
GROUPED = re.compile(r"[-+]?\d{1,3}(\.\d{3})+(,\d+)?%?")
ADDRESS = re.compile(rf'"{re.escape(KIND)}([^"]*)"')


def address(table: str) -> str:
    """The table, which is HTML, as the address of a file.

    >>> [text] = texts(f'<a href="{address("<table><tr><th>Wie</th><td>1.203</td></tr></table>")}">')
    >>> text
    'Wie;1203\\n'
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    for row in LexborHTMLParser(table).css("tr"):
        writer.writerow([text for cell in row.css("th, td") for text in _cells(cell)])
    return KIND + UNFIT.sub(lambda sign: quote(sign[0]), out.getvalue())


def texts(html: str) -> list[str]:
    """The files of all tables in a page."""
    return [unquote(found) for found in ADDRESS.findall(html)]


def without(html: str) -> str:
    """The page without these files."""
    return ADDRESS.sub('""', html)


def _cells(cell: LexborNode) -> list[str]:
    """What a cell says to who sees it, and an empty one for each other column over which it stretches."""
    for unseen in cell.css(".visually-hidden"):
        unseen.decompose()
    text = " ".join(cell.text(separator=" ").split()).replace("\N{MINUS SIGN}", "-")
    text = text.replace(".", "") if GROUPED.fullmatch(text) else text
    return [guarded(text), *[""] * (int(cell.attributes.get("colspan") or 1) - 1)]
