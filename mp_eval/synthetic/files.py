"""The files of a synthetic delivery: text, workbooks and the note on their source, the same bytes on every machine."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from datetime import date, datetime
from typing import Any

import xlsxwriter

Cells = list[list[Any]]


def with_source(
    files: dict[str, bytes], *, extracted: str, received: str, producer: str, note: str
) -> dict[str, bytes]:
    """The files with their source note, which holds the hash of each."""
    hashes = "".join(f'"{name}" = "{hashlib.sha256(data).hexdigest()}"\n' for name, data in sorted(files.items()))
    told = (
        "# Bronvermelding: van wie deze bestanden komen en tot welke dag zij gaan.\n"
        f'producer = "{producer}"\nreceived = {received}\nextracted = {extracted}\nsynthetic = true\n'
        f'note = "{note}"\n\n[sha256]\n{hashes}'
    )
    return {**files, "source.toml": told.encode()}


def text(rows: Cells, encoding: str) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerows([[_dutch(c) for c in row] for row in rows])
    return out.getvalue().encode(encoding)


def _dutch(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "ja" if cell else "nee"
    if isinstance(cell, date):
        return f"{cell:%d-%m-%Y}"
    if isinstance(cell, float):
        return f"{cell:.2f}".replace(".", ",")
    return str(cell)


def excel(sheets: dict[str, Cells]) -> bytes:
    """A workbook with the same bytes on every machine: a fixed date, and stored, because compressors differ."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"created": datetime(2025, 1, 1), "comments": "Verzonnen gegevens"})
    days, money = book.add_format({"num_format": "dd-mm-yyyy"}), book.add_format({"num_format": "#,##0.00"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for r, row in enumerate(rows):
            for c, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(r, c, datetime(cell.year, cell.month, cell.day), days)
                elif isinstance(cell, float):
                    sheet.write_number(r, c, cell, money)
                elif isinstance(cell, int) and not isinstance(cell, bool):
                    sheet.write_number(r, c, cell)
                elif cell not in (None, ""):
                    sheet.write_string(r, c, _dutch(cell))
    book.close()
    return _stored(buffer.getvalue())


def _stored(data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as target:
        for info in source.infolist():
            target.writestr(zipfile.ZipInfo(info.filename, (1980, 1, 1, 0, 0, 0)), source.read(info.filename))
    return out.getvalue()
