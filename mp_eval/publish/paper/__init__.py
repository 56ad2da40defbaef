"""Pages of a release on paper: one PDF of a period or of all together, also for who hears it (PDF/UA-1).

Nothing but the pages in `output` is read, so a PDF tells what its release tells. `pages` finds them, `assembled` makes
one document of them, `browser` prints it, `tagged` mends what the print says to who hears it.
"""

from __future__ import annotations

from pathlib import Path

from ...present.wording import word
from ...released import manifest
from ...steps import Refused
from . import assembled, browser, pages
from .pages import SHORT


def name_of(output: Path, period: str) -> str:
    """What the file is called: also whether it may be made public, for it leaves the folder that says so.

    `period` is one of the release, `periods.WHOLE`, or `SHORT`.
    """
    name = period if period == SHORT else f"evaluatie-{period}"
    return f"{name}-intern.pdf" if manifest(output).get("internal", True) else f"{name}.pdf"


def make(output: Path, period: str, *, scratch: Path, program: Path | None = None) -> bytes:
    """The PDF of a period of the release in `output`, of `periods.WHOLE`, or of `SHORT`; same pages, same bytes.

    It is printed by the browser `program`, else by one that is found, in a folder of its own in `scratch`.

    Raises
    ------
    Refused
        When there is no such release, or a page is not as it was released; when there is no browser or it does not do
        what is asked; when pikepdf is not there.
    """
    try:
        from . import tagged
    except ModuleNotFoundError:
        raise Refused(word("no_paper", "pikepdf")) from None
    found = pages.read(output, period)
    program = program or browser.find()
    html = assembled.document(found, {})
    made = browser.printed(html, program=program, scratch=scratch)
    if not found.is_short:  # now it is known on which sheets its places are
        html = assembled.document(found, tagged.numbers(made))
        made = browser.printed(html, program=program, scratch=scratch)
    headings = assembled.headings(html)
    return tagged.mended(made, title=found.title, author=found.owner, language=found.language, headings=headings)
