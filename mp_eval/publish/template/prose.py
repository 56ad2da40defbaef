"""The prose of a notebook: its Markdown as HTML that a reader can navigate."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from markupsafe import Markup
from mistune import HTMLRenderer
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from ..foreign import maths
from ..foreign.markup import words_of


class Prose(IPythonRenderer):  # type: ignore[misc, unused-ignore]  # nbconvert has no types
    """Markdown to HTML, whose headings have an id that is in none of `taken` and of no heading before.

    Markup in it, and pictures with their attachments, are for `foreign.markup` to judge.
    """

    def __init__(self, *, taken: set[str]) -> None:
        super().__init__(escape=False, exclude_anchor_links=True)
        self._taken = set(taken)

    def to_html(self, source: str) -> Markup:
        """Raises `Unfit` when it holds a formula that cannot be shown."""
        return Markup(MarkdownWithMath(renderer=self).render(source))

    def heading(self, text: str, level: int, **attrs: Any) -> str:
        return f'<h{level} id="{self.name(words_of(text))}">{text}</h{level}>\n'

    def image(self, text: str, url: str, title: str | None = None) -> str:
        return HTMLRenderer.image(self, text, url, title)

    def inline_math(self, body: str) -> str:
        """A formula; two amounts in dollars are none."""
        return maths.mathml(body) if body == body.strip() else f"${self.escape_html(body)}$"

    def block_math(self, body: str) -> str:
        return maths.mathml(body, is_block=True)

    def latex_environment(self, name: str, body: str) -> str:
        return maths.environment(name, body)

    def table_cell(self, text: str, align: str | None = None, head: bool = False) -> str:
        """With a class where the plugin writes a style attribute, which the page's policy blocks."""
        tag = 'th scope="col"' if head else "td"
        return f'<{tag} class="{"number" if align == "right" else "text"}">{text}</{tag[:2]}>\n'

    def table_head(self, text: str) -> str:
        """Nothing when all header cells are empty: an empty header names no column."""
        return f"<thead>\n<tr>\n{text}</tr>\n</thead>\n" if re.sub(r"<[^>]+>|\s", "", text) else ""

    def name(self, words: str) -> str:
        """An id of its own for a heading with these words."""
        plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().casefold()
        stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "kop"
        name, number = stem, 1
        while name in self._taken:
            number += 1
            name = f"{stem}-{number}"
        self._taken.add(name)
        return name
