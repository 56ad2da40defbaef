"""The figures of a page as files beside it, to put in a report: with their title, period, municipality and marks.

A page has each of its figures twice already, wide and for a phone, so these are not in it; it works without them.
"""

from __future__ import annotations

import base64
import re
from html import escape, unescape
from urllib.parse import quote

from ..present.drawing import again, paint
from ..present.wording import word
from .frame import Frame
from .linked import title

FIGURE = re.compile(
    r'<figure id="(figuur-[^"]+)" class="chart">.*?</figure>(?:\n<details class="data">.*?</details>)?', re.S
)
IMAGE = re.compile(r'<img [^>]*src="data:image/svg\+xml;base64,([^"]+)"')
FINDING, CAPTION = (
    re.compile(rf"<{tag}>(.*?)<(?:/p|/figcaption|a )", re.S) for tag in ('p class="finding"', "figcaption")
)


def beside(html: str, frame: Frame, page: str) -> tuple[str, dict[str, bytes]]:
    """The page, named `page`, with links to its figures as files; and those files by their name."""
    files: dict[str, bytes] = {}

    def with_links(found: re.Match[str]) -> str:
        figure, place = found[0], found[1]
        image, name = IMAGE.search(figure), title(figure)
        if not image:
            return figure
        sheet = again.alone(
            again.read(base64.b64decode(image[1])),
            title=_text(FINDING, figure),
            below=[_text(CAPTION, figure), frame.cited(name)],
            marks=[mark.partition(". ")[0].rstrip(".") + "." for mark in frame.marks],
        )
        links = []
        for kind, draw in (("svg", paint.plain), ("png", paint.png)):
            file = f"{page}-{place}.{kind}"
            files[file] = draw(sheet)
            label = word("page", f"{kind}_file").format(what=escape(name))
            links.append(f'<a class="picture {kind}" download href="{quote(file)}" aria-label="{label}"></a>')
        return figure.replace("</figcaption>", f'<span class="pictures">{"".join(links)}</span></figcaption>', 1)

    return FIGURE.sub(with_links, html), files


def _text(pattern: re.Pattern[str], figure: str) -> str:
    found = pattern.search(figure)
    return unescape(re.sub(r"<[^>]+>", "", found[1])).strip() if found else ""
