"""Markup that others wrote: read by a parser, and shown or refused.

What may stand on a page is a closed list (`TAGS`, `ATTRIBUTES`, `_allowed`). The sanitiser writes the markup anew
as its own parser reads it, so nothing is left open and nothing ends what is around it. Whatever it would leave out is
a reason to refuse the whole, for a reader would not know that it is missing. What our own elements say comes out as it
went in, byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

import nh3
from selectolax.lexbor import LexborHTMLParser, LexborNode

from .styles import Styles
from .tables import make_readable
from .unfit import Unfit, short, unfit

Tree = LexborHTMLParser
MATHS = {
    "math", "menclose", "mfrac", "mi", "mn", "mo", "mover", "mpadded", "mphantom", "mroot", "mrow", "mspace",
    "msqrt", "mstyle", "msub", "msubsup", "msup", "mtable", "mtd", "mtext", "mtr", "munder", "munderover",
}  # fmt: skip
TAGS = {
    "a", "abbr", "b", "bdi", "bdo", "blockquote", "br", "caption", "cite", "code", "col", "colgroup", "data", "dd",
    "del", "details", "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "h2", "h3", "h4", "h5", "h6", "hr",
    "i", "img", "ins", "kbd", "li", "mark", "ol", "p", "picture", "pre", "q", "rp", "rt", "ruby", "s", "samp",
    "small", "source", "span", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead",
    "time", "tr", "u", "ul", "var", "wbr",
    *MATHS,
}  # fmt: skip
CELL = {"align", "colspan", "headers", "rowspan", "scope", "valign", "width"}
MATHS_SAY = {
    "accent", "accentunder", "columnalign", "columnlines", "columnspacing", "depth", "display", "displaystyle",
    "fence", "form", "frame", "height", "largeop", "linebreak", "linethickness", "lspace", "mathcolor", "mathsize",
    "mathvariant", "maxsize", "minsize", "movablelimits", "notation", "rowlines", "rowspacing", "rspace",
    "scriptlevel", "separator", "stretchy", "symmetric", "voffset", "width", "xmlns",
}  # fmt: skip
ATTRIBUTES = {
    "*": {"class", "dir", "id", "lang", "role", "tabindex", "title"},
    "a": {"download", "href", "hreflang", "rel", "target"},
    "col": {"span", "width"},
    "colgroup": {"span", "width"},
    "data": {"value"},
    "del": {"datetime"},
    "details": {"open"},
    "img": {"alt", "height", "src", "width"},
    "ins": {"datetime"},
    "li": {"value"},
    "ol": {"reversed", "start", "type"},
    "source": {"media", "srcset"},
    "table": {"border", "cellpadding", "cellspacing", "width"},
    "td": CELL,
    "th": CELL,
    "time": {"datetime"},
    **dict.fromkeys(MATHS, MATHS_SAY),
}
OUTSIDE = {
    "applet", "audio", "base", "embed", "frame", "iframe", "link", "meta", "object", "portal", "track", "video",
}  # fmt: skip
ASKING = {
    "button", "datalist", "dialog", "fieldset", "form", "input", "label", "option", "select", "textarea",
}  # fmt: skip
SAID = {  # of an element that no page shows, why
    "script": "script",
    "h1": "heading",
    **dict.fromkeys(OUTSIDE, "outside"),
    **dict.fromkeys(ASKING, "asking"),
    **dict.fromkeys(["canvas", "svg"], "drawing"),
}
SCHEMES = {"http", "https", "mailto", "tel"}
# What takes everything that follows for its own text.
OPEN = {
    "iframe", "noembed", "noframes", "noscript", "plaintext", "script", "select", "style", "template", "textarea",
    "title", "xmp",
}  # fmt: skip
PICTURE = re.compile(r"data:image/(?:gif|jpeg|png|svg\+xml|webp)[;,]", re.IGNORECASE)
ATTACHMENT = "attachment:"
NOTEBOOK = ".ipynb"
HEADINGS = "h1, h2, h3, h4, h5, h6"
END = "einde-van-de-uitvoer"


@dataclass(frozen=True)
class Fitted:
    """Markup as it goes on a page, the ids in it, and its headings: level, id and words.

    `is_coloured` tells that it brings colours of its own, which may not be seen on a dark page.
    """

    html: str
    ids: tuple[str, ...]
    headings: tuple[tuple[int, str, str], ...]
    is_coloured: bool = False


class Foreign:
    """Makes all that stands on one page fit.

    `named` gives the words of a heading an id; `page_of` is the address of the page of a notebook, '' of none.
    `styles` gathers what outputs say of their looks.
    """

    def __init__(self, named: Callable[[str], str], *, page_of: Callable[[str], str] | None = None) -> None:
        self.styles = Styles()
        self._named, self._page_of = named, page_of
        self._tables = 0

    def fit(self, html: str, attachments: Mapping[str, Mapping[str, str]] | None = None) -> Fitted:
        """The same markup, complete, with what of it needs another form.

        Raises
        ------
        Unfit
            When something of it would not be on the page.
        """
        tree, is_coloured = parsed(html), False
        if CLEANER.clean(html) != html or tree.css_first("th:not([scope]), :is(h2, h3, h4, h5, h6):not([id])"):
            _check_whole(html, tree)
            is_coloured = self._adapt(tree, attachments or {})
            html = _cleaned(tree)
            tree = parsed(html)
        for image in tree.css("img"):
            if not (image.attributes.get("alt") or "").strip():
                raise unfit("alternative")
        headings = [(int(str(h.tag)[1]), h.attributes.get("id") or "", _words(h)) for h in tree.css(HEADINGS)]
        return Fitted(html, tuple(_ids(tree)), tuple(headings), is_coloured)

    def _adapt(self, tree: Tree, attachments: Mapping[str, Mapping[str, str]]) -> bool:
        """Give what is well known its form on a page; whether that has colours of its own."""
        for node in [n for n in _all(tree) if not (n.is_element_node or n.is_text_node)]:
            node.decompose()  # a comment is for who reads the source
        for image in tree.css(f'img[src^="{ATTACHMENT}"]'):
            image.attrs["src"] = _attached(unquote(image.attributes["src"] or ""), attachments)
        for link in tree.css("a[href]"):
            link.attrs["href"] = self._to_page(link.attributes["href"] or "")
        self._tables = make_readable(tree, self._tables)
        is_coloured = self.styles.take(tree)
        for heading in tree.css("h2, h3, h4, h5, h6"):
            if not heading.attributes.get("id"):
                heading.attrs["id"] = self._named(_words(heading))
        return is_coloured

    def _to_page(self, address: str) -> str:
        """The address of the page that was made of this notebook; any other address as it is."""
        path, sign, place = address.partition("#")
        name = unquote(path).replace("\\", "/").rpartition("/")[2]
        page = self._page_of(name) if self._page_of and _is_notebook(path) else ""
        return f"{page}{sign}{place}" if page else address


def parsed(html: str) -> Tree:
    return LexborHTMLParser(html, is_fragment=True)


def ids(html: str) -> tuple[str, ...]:
    """The ids in markup of whatever kind."""
    return tuple(_ids(parsed(html)))


def words_of(html: str) -> str:
    """What a reader reads of it.

    >>> words_of("Wie <em>niet</em> &amp; wel?")
    'Wie niet & wel?'
    """
    return str(parsed(html).text())


def leads(address: str) -> bool:
    r"""Whether who follows this link gets somewhere: to a page beside this one, a place on it, an address on the web.

    >>> [leads(a) for a in ("#bereik", "b.html", "https://www.cbs.nl", "javascript:x", "c:\\x.csv", "03-a.ipynb#x")]
    [True, True, True, False, False, False]
    """
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return False
    if parts.scheme:
        return parts.scheme in SCHEMES
    is_here = not parts.netloc and not parts.path.startswith("/") and "\\" not in address
    return is_here and not _is_notebook(parts.path)


def _is_notebook(path: str) -> bool:
    return unquote(path).partition("?")[0].casefold().endswith(NOTEBOOK)


def _allowed(tag: str, attribute: str, value: str) -> str | None:
    """The value if it may stand on a page; the sanitiser asks it of every attribute."""
    is_fit = True
    if attribute == "src":
        is_fit = bool(PICTURE.match(value))
    elif attribute == "srcset":
        is_fit = all(PICTURE.match(address) for address in re.split(r"\s*,\s+", value.strip()))
    elif attribute == "href":
        is_fit = leads(value)
    elif attribute == "tabindex":  # in the order of the page, or not at all
        is_fit = value in ("0", "-1")
    return value if is_fit else None


CLEANER = nh3.Cleaner(
    tags=TAGS,
    attributes=ATTRIBUTES,
    generic_attribute_prefixes={"aria-", "data-"},
    attribute_filter=_allowed,
    url_schemes={*SCHEMES, "data"},
    link_rel=None,
    clean_content_tags={"script", "style"},
)


def _check_whole(html: str, tree: Tree) -> None:
    """Look whether all of it was read as markup, and is a piece of a page and no page."""
    end = parsed(f'{html}<i id="{END}"></i>').css_first(f"i#{END}")
    if end is None or len(end.attributes) > 1:
        last = next(reversed(_all(tree)), None)
        within = last.parent if last is not None and last.is_text_node else last
        is_comment = last is not None and last.is_comment_node
        what = "<!--" if is_comment else f"<{within.tag}>" if within is not None and within.tag in OPEN else "<"
        raise unfit("open", what=what)
    page = LexborHTMLParser(html)
    if page.body is None or page.body.attributes or (page.root is not None and page.root.attributes):
        raise unfit("whole")


def _cleaned(tree: Tree) -> str:
    html = str(tree.html or "")
    cleaned = CLEANER.clean(html)
    if cleaned != html and (problem := _difference(tree, parsed(cleaned))):
        raise problem
    return cleaned


def _difference(tree: Tree, cleaned: Tree) -> Unfit | None:
    """What the sanitiser leaves out, by the first that is missing."""
    others = iter(cleaned.css("*"))
    for node in tree.css("*"):
        other = next(others, None)
        if other is None or other.tag != node.tag:
            return _of_element(node)
        for name, value in node.attributes.items():
            if (name, value or "") not in {(n, v or "") for n, v in other.attributes.items()}:
                return _of_attribute(str(node.tag), name, value or "")
    return None if tree.text() == cleaned.text() else unfit("element", tag="<")


def _of_element(node: LexborNode) -> Unfit:
    tag = str(node.tag)
    return unfit(SAID.get(tag, "element"), tag=f"<{tag}>", words=short(_words(node)))


def _of_attribute(tag: str, name: str, value: str) -> Unfit:
    shown = short(value)
    if name == "href" and tag == "a":
        return unfit("notebook" if _is_notebook(value.partition("#")[0]) else "link", address=shown)
    if name in ("src", "srcset"):
        return unfit("image", address=shown)
    return unfit("handler" if name.startswith("on") else "attribute", tag=f"<{tag}>", name=name)


def _attached(address: str, attachments: Mapping[str, Mapping[str, str]]) -> str:
    name = address.removeprefix(ATTACHMENT)
    for kind, data in attachments.get(name, {}).items():
        if PICTURE.match(f"data:{kind};"):
            return f"data:{kind};base64,{''.join(data.split())}"
    raise unfit("attachment", name=short(name))


def _all(tree: Tree) -> list[LexborNode]:
    return list(tree.root.traverse(include_text=True)) if tree.root is not None else []


def _ids(tree: Tree) -> Iterator[str]:
    return (node.attributes["id"] or "" for node in tree.css("[id]"))


def _words(node: LexborNode) -> str:
    return " ".join(node.text().split())
