"""Pages to read before there is anything: how a municipality begins, and which systems' files are known."""

from __future__ import annotations

import re

from markupsafe import Markup

from ..workspace import PACKAGE
from .foreign.markup import Foreign
from .frame import FRAME_IDS, Frame, Link, render
from .template.prose import Prose

PAGES = ("aan-de-slag", "koppelingen")  # documents in `docs`, and what they are called as a page


def page(name: str, municipality: str = "") -> str:
    """A document as a page of the site's look, which asks nothing of any server."""
    title, _, text = _source(f"{name}.md").partition("\n")
    prose = Prose(taken=FRAME_IDS)
    html = prose.to_html(re.sub(rf"\(({'|'.join(PAGES)})\.md\)", r"(\1.html)", text))
    content = Foreign(prose.name).fit(html)
    contents = [Link(words, f"#{name}") for level, name, words in content.headings if level == 2]
    frame = Frame(title.lstrip("# "), municipality=municipality)
    return render("start.html.j2", frame, content=Markup(content.html), contents=contents)


def _source(name: str) -> str:
    """In a checkout, or inside an installed package."""
    found = next(path for path in (PACKAGE.parent / "docs" / name, PACKAGE / name) if path.exists())
    return found.read_text(encoding="utf-8")
