"""A notebook that has run, as one accessible HTML page without a script or an outside request."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from nbconvert import HTMLExporter, TemplateExporter
from nbconvert.filters import Highlight2HTML
from nbformat import NotebookNode

from . import template
from .content import PageError
from .frame import Frame

__all__ = ["PageError", "to_html"]


def to_html(notebook: NotebookNode, frame: Frame) -> str:
    """The page of a notebook: same notebook and same `frame`, same bytes.

    See `content.content_of` for what a notebook must be like.

    Raises
    ------
    PageError
        When the notebook must not become a page.
    """
    exporter = _exporter()
    language = notebook.metadata.get("language_info", {})
    exporter.register_filter("highlight_code", _colours(language.get("pygments_lexer", language.get("name"))))
    # Not HTMLExporter's own, which parses the whole page once more for what a page of ours already has.
    html, _ = TemplateExporter.from_notebook_node(exporter, notebook, resources={"page": frame})
    return str(html).rstrip() + "\n"


@cache
def _exporter() -> HTMLExporter:
    """One for all pages, so that its templates are compiled once; none of nbconvert's own steps changes them."""
    return HTMLExporter(  # type: ignore[no-untyped-call, unused-ignore]  # nbconvert has no types
        template_name=template.NAME,
        extra_template_basedirs=[str(template.FOLDER)],
        default_preprocessors=[],
    )


@cache
def _colours(lexer: str) -> Callable[[str], str]:
    """Colours code of this language; the same code, as of a chapter of another period, once."""
    return cache(Highlight2HTML(pygments_lexer=lexer, parent=_exporter()))  # type: ignore[no-untyped-call, unused-ignore]
