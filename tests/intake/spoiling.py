"""Ways to spoil a delivery: each gives a function that changes one thing in the delivery's folder."""

from __future__ import annotations

import hashlib
import io
import itertools
import re
import shutil
import struct
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import xlsxwriter
from python_calamine import CalamineWorkbook

Spoil = Callable[[Path], None]
NUMBERS = [str(n) for n in range(100_000_000, 100_002_000) if n % 7 == 0]


def passes(number: str) -> bool:
    """The 11-test, written out for itself: this must not lean on the code under test."""
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(w * int(d) for w, d in zip(weights, number.zfill(9), strict=True)) % 11 == 0


BSNS = [n for n in NUMBERS if passes(n)]
SHORT_BSNS = [str(n) for n in range(10_000_000, 10_000_400) if passes(str(n))]  # leading zero lost
NAMES = ["Jansen, P.", "de Vries, A.B.", "Bakker, Fatima", "Jan van den Berg", "El Amrani, S."]
ERRORS = ("#N/A", "#REF!", "#DIV/0!")  # what a workbook holds as errors, and not as texts
BIRTHDAYS = ["14-03-1961", "02-11-1975", "30-06-1980", "09-09-1992"]


def without_hashes(folder: Path) -> None:
    """Drop the [sha256] table of the source note, so that another fault than a changed file is found."""
    for note in folder.glob("*/source.toml"):
        note.write_text(note.read_text(encoding="utf-8").partition("[sha256]")[0], encoding="utf-8")


def file(name: str, content: str | bytes) -> Spoil:
    data = content.encode() if isinstance(content, str) else content
    return lambda folder: _write(folder / name, data)


def gone(name: str) -> Spoil:
    return lambda folder: shutil.rmtree(folder) if name == "." else (folder / name).unlink()


def copied(name: str, to: str) -> Spoil:
    return lambda folder: _write(folder / to, (folder / name).read_bytes())


def replaced(name: str, pattern: str, by: str) -> Spoil:
    """The first match of the pattern in a text file, replaced."""

    def spoil(folder: Path) -> None:
        text, found = re.subn(pattern, by, (folder / name).read_bytes().decode("utf-8"), count=1)
        assert found, f"{pattern} is not in {name}"
        _write(folder / name, text.encode("utf-8"))

    return spoil


def cell(name: str, row: int, column: str, value: str) -> Spoil:
    """One cell of a semicolon file whose header is its first row; rows are numbered as an editor does."""

    def spoil(folder: Path) -> None:
        rows = [line.split(";") for line in (folder / name).read_text(encoding="utf-8-sig").splitlines()]
        rows[row - 1][rows[0].index(column)] = value
        _write(folder / name, _joined(rows))

    return spoil


def column(name: str, title: str, values: list[str]) -> Spoil:
    """A column set, or added at the end, with these values again and again."""

    def spoil(folder: Path) -> None:
        rows = [line.split(";") for line in (folder / name).read_text(encoding="utf-8-sig").splitlines()]
        if title not in rows[0]:
            rows = [[*rows[0], title], *([*row, ""] for row in rows[1:])]
        for row, value in zip(rows[1:], itertools.cycle(values), strict=False):
            row[rows[0].index(title)] = value
        _write(folder / name, _joined(rows))

    return spoil


def row(name: str, number: int, change: Callable[[str], str]) -> Spoil:
    """One line of a text file, changed as a whole; -1 is the last."""

    def spoil(folder: Path) -> None:
        lines = (folder / name).read_text(encoding="utf-8-sig").splitlines()
        position = number - 1 if number > 0 else number
        lines[position] = change(lines[position])
        _write(folder / name, "\n".join(lines).encode())

    return spoil


def excel(name: str, sheet: str, row: int, position: int, value: object) -> Spoil:
    """One cell of a workbook, by sheet, row (from 1) and column (from 0)."""

    def spoil(folder: Path) -> None:
        with CalamineWorkbook.from_path(folder / name) as book:
            sheets = {n: book.get_sheet_by_name(n).to_python(skip_empty_area=False) for n in book.sheet_names}
        sheets[sheet][row - 1][position] = value
        _write(folder / name, workbook(sheets))

    return spoil


def changed_after_its_note(name: str) -> Spoil:
    """The source note holds the hash of the file as it was before its last character changed."""

    def spoil(folder: Path) -> None:
        digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        note = folder / "source.toml"
        _write(note, note.read_bytes() + f'\n[sha256]\n"{name}" = "{digest}"\n'.encode())
        _write(folder / name, (folder / name).read_bytes().rstrip() + b"\n\n")

    return spoil


def workbook(sheets: dict[str, list[list[object]]]) -> bytes:
    """A workbook of these cells; a text that begins with = is a formula whose value was never worked out."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "default_date_format": "dd-mm-yyyy"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for r, cells in enumerate(rows):
            for c, value in enumerate(cells):
                if value in ERRORS:
                    sheet.write_formula(r, c, "=NA()", value=value)
                else:
                    write = sheet.write_datetime if isinstance(value, date) else sheet.write
                    write(r, c, value)  # type: ignore[operator]
    book.close()
    return buffer.getvalue()


ODS = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">
<office:body><office:spreadsheet>
<table:table table:name="Gesprekken">{rows}</table:table>
</office:spreadsheet></office:body>
</office:document-content>"""
ODS_TEXT = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
ODS_ERROR = (
    '<table:table-cell table:formula="of:=NA()" office:value-type="string" calcext:value-type="error">'
    "<text:p>#N/A</text:p></table:table-cell>"
)


def ods(*rows: str) -> bytes:
    """An OpenDocument sheet: a row is its cells apart by ; and begins with ! when it is filtered out."""
    made = ""
    for row in rows:
        cells = "".join(ODS_ERROR if c == "#N/A" else ODS_TEXT.format(c) for c in row.removeprefix("!").split(";"))
        filtered = ' table:visibility="filter"' if row[0] == "!" else ""
        made += f"<table:table-row{filtered}>{cells}</table:table-row>"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        file.writestr("content.xml", ODS.format(rows=made))
        file.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
    return buffer.getvalue()


def within(book: bytes, old: str, new: str) -> bytes:
    """An OpenDocument file with something else in its sheet."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as file, zipfile.ZipFile(made, "w") as out:
        for name in file.namelist():
            out.writestr(name, file.read(name).replace(old.encode(), new.encode()))
    return made.getvalue()


def locked(suffix: str) -> bytes:
    """A file with a password, as Excel (.xlsx) or LibreOffice (.ods) leaves it: nothing in it can be read."""
    if suffix == ".ods":
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as parts:
            kind = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
            entry = '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml">'
            entry += "<manifest:encryption-data/></manifest:file-entry>"
            parts.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
            parts.writestr(
                "META-INF/manifest.xml", f'<manifest:manifest xmlns:manifest="{kind}">{entry}</manifest:manifest>'
            )
            parts.writestr("content.xml", b"\x8f\x02")
        return buffer.getvalue()
    free, end = 0xFFFFFFFF, 0xFFFFFFFE
    entries = b""
    for n, (name, kind) in enumerate((("Root Entry", 5), ("EncryptionInfo", 2), ("EncryptedPackage", 2))):
        text = f"{name}\0".encode("utf-16-le")
        beside, below = (2 if n == 1 else free), (1 if n == 0 else free)
        links = struct.pack("<HBBIII", len(text), kind, 1, free, beside, below)
        entries += text.ljust(64, b"\0") + links + bytes(36) + struct.pack("<IQ", end, 0)
    entries += bytes(64) + struct.pack("<HBBIII", 0, 0, 0, free, free, free) + bytes(48)
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<5H6x", 62, 3, 0xFFFE, 9, 6)
    head += struct.pack("<9I", 0, 1, 1, 0, 4096, end, 0, end, 0) + struct.pack("<109I", 0, *[free] * 108)
    return head + struct.pack("<128I", 0xFFFFFFFD, end, *[free] * 126) + entries


def _joined(rows: list[list[str]]) -> bytes:
    return "".join(";".join(cells) + "\r\n" for cells in rows).encode()


def _write(path: Path, data: bytes) -> None:
    path.write_bytes(data)
