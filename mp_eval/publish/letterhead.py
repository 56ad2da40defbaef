"""The paper of the note: a Word document of the municipality's own, of which the head, the foot and the styles stay."""

from __future__ import annotations

from pathlib import Path
from zipfile import BadZipFile

from docx import Document
from docx.document import Document as Word
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn

from ..faults import Fault, FaultsFound, Reason

STYLES = ("Title", "Subtitle", "Heading 1", "Heading 2", "Caption", "List Number", "List Bullet", "Table Grid")
UNREADABLE = (PackageNotFoundError, BadZipFile, KeyError, ValueError, SyntaxError, OSError)


def opened(path: Path, *, file: str) -> Word:
    """The document at `path` without its text; `file` is the settings file that names it.

    Raises
    ------
    FaultsFound
        When it is no Word document (.docx), or has not all styles of a note.
    """
    try:
        word = Document(str(path))
    except UNREADABLE:
        raise _fault(file, path, "een Word-document (.docx)") from None
    if missing := [name for name in STYLES if name not in word.styles]:
        expected = f"een document met ook deze stijlen: {', '.join(missing)}; een gemaakte notitie heeft ze alle"
        raise _fault(file, path, expected)
    body = word.element.body
    for element in [e for e in body if e.tag != qn("w:sectPr")]:
        body.remove(element)
    return word


def _fault(file: str, path: Path, expected: str) -> FaultsFound:
    return FaultsFound([Fault(Reason.FACTS, file, column="letter.template", found=(path.name,), expected=expected)])
