"""Text as a terminal would show it: colours kept, the rest of what steers a terminal left out, and counted.

A page can show no control character: browsers drop it, or show a sign that nobody wrote.
"""

from __future__ import annotations

import re

from markupsafe import Markup
from nbconvert.filters.ansi import ansi2html

COLOUR = r"\x1b\[[\d;]*m"
# Links and titles (with their end), then what moves the cursor, then a single sign: what a terminal does not print.
STEERING = re.compile(rf"(?!{COLOUR})(?:\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b\[[0-?]*[ -/]*[@-~]|\x1b[ -/]*[0-Z\\-~])")
COLOURS = re.compile(COLOUR)
UNSEEN = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\ufffe\uffff\ud800-\udfff"  # or that turn what follows around
CONTROL = re.compile(f"[{UNSEEN}]")
OVERWRITTEN = re.compile(r"[^\n]*\r(?=[^\n])")  # a line that begins anew, as a progress bar does
REMOVED = re.compile("[^\n\x08]\x08")  # a sign and the step back over it
ANY = re.compile(f"[\r{UNSEEN}]")


def plain(text: str) -> tuple[str, int]:
    r"""Text without what no page can show, lines ended in one way, and how much was left out.

    >>> plain("een\r\ntwee\x00 \x1b[31mdrie\x1b[0m")
    ('een\ntwee drie', 3)
    """
    if not ANY.search(text):
        return text, 0
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text, colours = COLOURS.subn("", text)
    text, steering = STEERING.subn("", text)
    text, rest = CONTROL.subn("", text)
    return text, colours + steering + rest


def terminal(text: str) -> tuple[Markup, int]:
    r"""What a terminal shows of it, with colours as nbconvert has them, and how much was left out.

    >>> terminal("10%\r100%\n\x1b[31mrood\x1b[0m \x07")
    (Markup('100%\n<span class="ansi-red-fg">rood</span> '), 1)
    """
    if not ANY.search(text):
        return Markup("{}").format(text), 0
    text = OVERWRITTEN.sub("", text.replace("\r\n", "\n"))
    while REMOVED.search(text):
        text = REMOVED.sub("", text)
    text, steering = STEERING.subn("", text.replace("\r", ""))
    colours = COLOURS.findall(text)
    pieces = COLOURS.split(text)
    cleaned = [CONTROL.subn("", piece) for piece in pieces]
    text = "".join(piece + colour for (piece, _), colour in zip(cleaned, [*colours, ""], strict=True))
    return Markup(ansi2html(text)), steering + sum(times for _, times in cleaned)  # type: ignore[no-untyped-call, unused-ignore]
