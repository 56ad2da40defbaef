"""How outputs say that they look: taken over into the style sheet of the page, or refused.

A page's policy blocks every other style, so what is not taken over would be gone without a word. A style may say how
an element looks and not where it stands, and it may fetch nothing. A style sheet in an output may speak of the elements
of that output alone, as that of pandas' Styler does.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence, Set
from typing import Any

import tinycss2
from selectolax.lexbor import LexborHTMLParser

from .unfit import Unfit, short, unfit

LOOKS = {
    "background", "background-color", "border-collapse", "border-radius", "border-spacing", "caption-side", "color",
    "direction", "font", "font-family", "font-size", "font-style", "font-variant", "font-weight", "height",
    "letter-spacing", "line-height", "max-height", "max-width", "min-height", "min-width", "opacity",
    "overflow-wrap", "text-align", "text-decoration", "text-indent", "text-transform", "vertical-align",
    "white-space", "width", "word-break", "word-spacing",
}  # fmt: skip
SIDES = ("border", "padding", "margin")  # with all that begins so
FUNCTIONS = {"calc", "hsl", "hsla", "linear-gradient", "max", "min", "repeating-linear-gradient", "rgb", "rgba"}
VALUES = {"dimension", "hash", "ident", "literal", "number", "percentage", "whitespace"}
SIGNS = {",", "/", "+", "-", "*"}
PANDAS = ".dataframe"  # how pandas would have its own tables look; here they look as all tables do
COLOURED = re.compile(r"[{;](?:background|color)")


class Styles:
    """The rules of one page: the same declarations are the same class."""

    def __init__(self) -> None:
        self._rules: dict[str, None] = {}

    @property
    def rules(self) -> str:
        return "\n".join(self._rules)

    def take(self, tree: LexborHTMLParser) -> bool:
        """Take over what this output says of its looks, which is then said by classes; whether it has colours.

        Raises
        ------
        Unfit
            When a page cannot take it over.
        """
        taken: list[str] = []
        ids = {node.attributes["id"] or "" for node in tree.css("[id]")}
        for sheet in tree.css("style"):
            taken += _rules(sheet.text(), ids)
            sheet.decompose()
        for node in tree.css("[style]"):
            if said := _said(node.attributes["style"] or ""):
                name = f"s-{hashlib.sha256(said.encode()).hexdigest()[:8]}"  # twice: it goes before the page's own
                taken.append(f".{name}.{name}{{{said}}}")
                node.attrs["class"] = " ".join(filter(None, (node.attributes.get("class"), name)))
            del node.attrs["style"]
        self._rules |= dict.fromkeys(taken)
        return any(COLOURED.search(rule) for rule in taken)


def _rules(css: str, ids: Set[str]) -> Iterator[str]:
    """The rules of a style sheet that speaks only of elements with these ids, or of tables of pandas (none)."""
    for rule in tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True):
        if rule.type != "qualified-rule":
            raise _refused(tinycss2.serialize([rule]) if rule.type == "at-rule" else css)
        selectors = tinycss2.serialize(rule.prelude).strip()
        first = [_first(selector) for selector in _split(rule.prelude)]
        if all(name == PANDAS for name in first):
            continue
        if "<" in selectors or not all(name[:1] == "#" and name[1:] in ids for name in first):
            raise _refused(selectors)
        if said := _said(rule.content):
            yield f"{selectors}{{{said}}}"


def _split(prelude: Sequence[Any]) -> Iterator[list[Any]]:
    """The selectors of a rule, without what stands before them."""
    found: list[Any] = []
    for token in prelude:
        if token == ",":
            yield found
            found = []
        elif found or token.type not in ("whitespace", "comment"):
            found.append(token)
    yield found


def _first(selector: Sequence[Any]) -> str:
    """With what a selector begins: `#id`, `.class`, or ''."""
    if selector and selector[0].type == "hash":
        return f"#{selector[0].value}"
    if len(selector) > 1 and selector[0] == "." and selector[1].type == "ident":
        return f".{selector[1].value}"
    return ""


def _said(css: str | Sequence[Any]) -> str:
    """The declarations, each of which a page can take over.

    >>> _said("color:RED; text-align : right")
    'color:RED;text-align:right'
    """
    found = []
    for declaration in tinycss2.parse_blocks_contents(css, skip_comments=True, skip_whitespace=True):
        if declaration.type != "declaration":
            raise _refused(tinycss2.serialize([declaration]))
        name, value = declaration.lower_name, tinycss2.serialize(declaration.value).strip()
        if not (_is_look(name, value) and _is_plain(declaration.value)):
            raise _refused(f"{name}: {value}")
        found.append(f"{name}:{value}{' !important' if declaration.important else ''}")
    return ";".join(found)


def _is_look(name: str, value: str) -> bool:
    is_shown = name == "display" and value not in ("none", "contents")
    return is_shown or name in LOOKS or name.split("-")[0] in SIDES


def _is_plain(value: Sequence[Any]) -> bool:
    """Whether it holds nothing that is fetched, and no text."""
    return all(
        token.lower_name in FUNCTIONS and _is_plain(token.arguments)
        if token.type == "function"
        else token.type in VALUES and (token.type != "literal" or token.value in SIGNS)
        for token in value
    )


def _refused(css: str) -> Unfit:
    return unfit("style", said=short(" ".join(css.split())))
