"""The prose of a notebook: its Markdown as HTML that a reader can navigate."""

from __future__ import annotations

import re
import unicodedata
from html import unescape
from typing import Any

from markupsafe import Markup
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath


class Prose(IPythonRenderer):  # type: ignore[misc, unused-ignore]  # nbconvert has no types
    """Markdown to HTML, whose headings have an id; `headings` gathers their level, id and words."""

    def __init__(self, *, taken: set[str]) -> None:
        super().__init__(escape=False, exclude_anchor_links=True)
        self.taken = set(taken)
        self.headings: list[tuple[int, str, str]] = []

    def to_html(self, source: str) -> Markup:
        return Markup(MarkdownWithMath(renderer=self).render(source))

    def heading(self, text: str, level: int, **attrs: Any) -> str:
        words = unescape(re.sub(r"<[^>]+>", "", text))
        name = self._take(words)
        self.headings.append((level, name, words))
        return f'<h{level} id="{name}">{text}</h{level}>\n'

    def table_cell(self, text: str, align: str | None = None, head: bool = False) -> str:
        """With a class where the plugin writes a style attribute, which the page's policy blocks."""
        tag = 'th scope="col"' if head else "td"
        return f'<{tag} class="{"number" if align == "right" else "text"}">{text}</{tag[:2]}>\n'

    def table_head(self, text: str) -> str:
        """Nothing when all header cells are empty: an empty header names no column."""
        return f"<thead>\n<tr>\n{text}</tr>\n</thead>\n" if re.sub(r"<[^>]+>|\s", "", text) else ""

    def _take(self, words: str) -> str:
        plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().casefold()
        stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "kop"
        name, number = stem, 1
        while name in self.taken:
            number += 1
            name = f"{stem}-{number}"
        self.taken.add(name)
        return name
