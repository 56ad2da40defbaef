"""What every page shares: the templates' folder, the style with what only this page needs, and its policy."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
NAME = "mp-eval"
TEMPLATES = FOLDER / NAME
SHEETS = ("style.css", "print.css")
COMMENT = re.compile(r"/\*.*?\*/\n?", re.DOTALL)  # for who reads a sheet, not for a page


@dataclass(frozen=True)
class Style:
    """One style sheet in the page, and the content security policy that allows this sheet and nothing else."""

    css: str

    @property
    def policy(self) -> str:
        digest = base64.b64encode(hashlib.sha256(self.css.encode()).digest()).decode()
        sources = f"style-src 'sha256-{digest}'"
        return f"default-src 'none'; img-src data:; {sources}; base-uri 'none'; form-action 'none'"


def make_style(title: str, *, marks: Sequence[str], sheets: Sequence[str] = SHEETS, rules: str = "") -> Style:
    """These sheets, the `rules` of this page, and in print its marks and title on every sheet of paper.

    Of a mark only its first sentence is printed: a line at the head of a sheet is short.
    """
    short = " · ".join(mark.partition(". ")[0].rstrip(".") for mark in marks)
    running = f"@page {{ @top-left {{ content: {quoted(short)} }} @bottom-left {{ content: {quoted(title)} }} }}"
    sheet = "\n".join((TEMPLATES / name).read_text(encoding="utf-8").strip() for name in sheets)
    return Style("\n".join(("", COMMENT.sub("", sheet), rules, running, "")))


def quoted(text: str) -> str:
    """A CSS string that ends neither itself nor the style element."""
    return '"' + "".join(c if c.isalnum() or c in " ·-.,:" else f"\\{ord(c):x} " for c in text) + '"'
