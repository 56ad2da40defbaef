"""A sheet painted by matplotlib, without its axes: as SVG for pages, as PNG for documents. The same bytes each time."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import matplotlib
import numpy as np
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.colors import to_rgb
from matplotlib.path import Path
from matplotlib.transforms import Affine2D
from PIL import Image

from ..wording import number
from .letters import font
from .shapes import BLUE, GREY, INK, ORANGE, PAPER, PLUM, RULE, TEAL, Area, Point, Sheet, Stroke, Words, box

DOTS = 200  # an inch
TINTS = 128  # of a drawing with a few colours and their edges
POINTS = 72  # an inch
DARK = {
    PAPER: "#10171e",
    RULE: "#2c3945",
    BLUE: "#9ccaf2",
    ORANGE: "#ffb38a",
    GREY: "#a8b4c0",
    INK: "#e4eaf0",
    TEAL: "#6fd3c9",
    PLUM: "#f0a3cd",
}
OF_ITS_MAKING: dict[str, Any] = dict.fromkeys(("Date", "Creator", "Format", "Type"))  # nothing is told of it
# Verdana has the widths of DejaVu Sans and is on Windows and macOS; where neither is, `textLength` keeps each width.
FONT = "text{font-family:'DejaVu Sans',Verdana,sans-serif}"


@dataclass(frozen=True)
class Drawing:
    """A chart laid out for a page and for a phone; painted when it is asked for."""

    wide: Sheet
    phone: Sheet

    @cached_property
    def svg(self) -> bytes:
        return svg(self.wide)

    @cached_property
    def narrow(self) -> bytes:
        return svg(self.phone)

    @cached_property
    def png(self) -> bytes:
        return png(self.wide)


def svg(sheet: Sheet) -> bytes:
    """Lines and texts, in the colours of a light page and of a dark one."""
    return _svg(sheet, _dark(sheet))


def plain(sheet: Sheet) -> bytes:
    """Lines and texts on white, on whatever page it comes."""
    return _svg(_grounded(sheet), "")


def _svg(sheet: Sheet, more: str) -> bytes:
    buffer = io.StringIO()
    renderer = RendererSVG(sheet.width, sheet.height, buffer, metadata=OF_ITS_MAKING)
    writer = renderer.writer
    writer.element("style", FONT + more)

    def write(words: Words) -> None:
        place = {"x": f"{words.left:.2f}", "y": f"{words.y:.2f}", "textLength": f"{words.width:.2f}"}
        letters = {"font-size": f"{words.size:g}", "font-weight": "bold" if words.is_bold else ""}
        look = {"lengthAdjust": "spacingAndGlyphs", "style": f"fill: {words.colour}"}
        writer.element("text", words.text, {**place, **letters, **look})

    _paint(renderer, sheet, 1.0, write)
    renderer.finalize()
    return buffer.getvalue().encode()


def png(sheet: Sheet) -> bytes:
    """Dots on white, whatever is set for matplotlib on this machine."""
    scale, buffer = DOTS / POINTS, io.BytesIO()
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams["text.hinting"] = "none"  # letters as wide as they were laid out
        renderer = RendererAgg(sheet.width * scale, sheet.height * scale, DOTS)

        def write(words: Words) -> None:
            context = renderer.new_gc()
            context.set_foreground(words.colour)
            letters = font(is_bold=words.is_bold, size=words.size)
            renderer.draw_text(context, words.left * scale, words.y * scale, words.text, letters, 0)

        _paint(renderer, _grounded(sheet), scale, write)
        # Not by matplotlib's imsave, which imports the axes that nothing here has.
        dots = Image.fromarray(np.asarray(renderer.buffer_rgba())).convert("RGB")
        few = dots.quantize(TINTS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)  # a quarter of the bytes
        few.save(buffer, "png", dpi=(DOTS, DOTS))
    return buffer.getvalue()


def _grounded(sheet: Sheet) -> Sheet:
    return replace(sheet, shapes=(Area(box(0, 0, sheet.width, sheet.height), PAPER), *sheet.shapes))


def _paint(renderer: RendererBase, sheet: Sheet, scale: float, write: Callable[[Words], None]) -> None:
    """Shape by shape; matplotlib counts its heights from below."""
    upright = Affine2D().scale(scale, -scale).translate(0, sheet.height * scale)
    for shape in sheet.shapes:
        if isinstance(shape, Words):
            write(shape)
            continue
        context = renderer.new_gc()
        context.set_linewidth(0)
        if isinstance(shape, Stroke):
            context.set_foreground(shape.colour)
            context.set_linewidth(shape.width)
            context.set_dashes(0, shape.dashes or None)
            renderer.draw_path(context, _path(shape.points), upright)
        elif isinstance(shape, Area):
            context.set_alpha(shape.opacity)
            renderer.draw_path(context, _path(shape.points, is_closed=True), upright, to_rgb(shape.colour))
        else:
            renderer.draw_path(context, Path.circle((shape.x, shape.y), shape.radius), upright, to_rgb(shape.colour))


def _path(points: Sequence[Point], *, is_closed: bool = False) -> Path:
    path = Path([*points, points[0]] if is_closed else points, closed=is_closed)
    path.should_simplify = False  # else what is set on this machine decides
    return path


def _dark(sheet: Sheet) -> str:
    """The same drawing in the colours of a dark page."""
    used = {shape.colour for shape in sheet.shapes}
    rules = [
        f'[style*="{kind}: {light}"]{{{kind}:{dark}!important}}'
        for light, dark in DARK.items()
        if light in used
        for kind in ("fill", "stroke")
    ]
    return f"@media (prefers-color-scheme:dark){{{''.join(rules)}}}"


def warm() -> None:
    """Do once what is slow the first time: fonts, the locale and matplotlib's own settings are read."""
    words = Words(0, 0, number(1.5, 1)), Words(0, 0, number(1.5, 1), is_bold=True)
    sheet = Sheet(10, 10, (*words, Stroke(((0, 0), (1, 1)))))
    svg(sheet)
    png(sheet)
