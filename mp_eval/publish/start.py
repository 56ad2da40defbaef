"""The page *Aan de slag*: how a municipality begins, from `docs/aan-de-slag.md`."""

from __future__ import annotations

from pathlib import Path

from ..workspace import PACKAGE
from .frame import Frame, Link, render
from .template.prose import Prose

TEXT = Path("docs", "aan-de-slag.md")


def page(municipality: str = "") -> str:
    """The text as a page of the site's look, which asks nothing of any server."""
    title, _, text = _source().partition("\n")
    prose = Prose(taken={"inhoud", "herkomst"})
    content = prose.to_html(text)
    contents = [Link(words, f"#{name}") for level, name, words in prose.headings if level == 2]
    frame = Frame(title.lstrip("# "), municipality=municipality)
    return render("start.html.j2", frame, content=content, contents=contents)


def _source() -> str:
    """In a checkout, or inside an installed package."""
    found = next(path for path in (PACKAGE.parent / TEXT, PACKAGE / TEXT.name) if path.exists())
    return found.read_text(encoding="utf-8")
