"""Text files: bytes to text, text to records with the line on which each begins."""

from __future__ import annotations

import codecs
import csv
import io
from mmap import ACCESS_READ, mmap
from pathlib import Path

END = "\x00"  # no text holds it: `encoding` refuses it
PIECE = 1 << 18  # bytes

Bytes = bytes | mmap
Rows = list[tuple[int, list[str]]]


def encoding(data: Bytes) -> str:
    """How these bytes are text: utf-8 with or without mark, utf-16 with mark, else Windows-1252.

    Raises
    ------
    UnicodeDecodeError
        When they hold a zero byte: a binary file, for instance.
    """
    if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16"
    decoder, is_utf8 = codecs.getincrementaldecoder("utf-8")(), True
    for start in range(0, len(data), PIECE):  # in pieces: a large file is not held twice
        piece = data[start : start + PIECE]
        if b"\x00" in piece:
            raise UnicodeDecodeError("utf-8", data[:1], 0, 1, "binary")
        if is_utf8 and not (piece.isascii() and not decoder.getstate()[0]):
            is_utf8 = _goes_on(decoder, piece)
    return "utf-8-sig" if is_utf8 and _goes_on(decoder, b"", final=True) else "cp1252"


def _goes_on(decoder: codecs.IncrementalDecoder, piece: bytes, *, final: bool = False) -> bool:
    """Whether these bytes are utf-8 after those that the decoder had."""
    try:
        decoder.decode(piece, final)
    except UnicodeDecodeError:
        return False
    return True


def holds(data: Bytes, sign: bytes, start: int) -> bool:
    """Whether a byte stands in these from `start` on; in pieces, as a mapped file is searched slowly."""
    return any(sign in data[at : at + PIECE] for at in range(start, len(data), PIECE))


def decode(data: bytes) -> str:
    """Bytes as text.

    >>> decode("é".encode("cp1252")) == decode("é".encode("utf-8-sig")) == "é"
    True

    Raises
    ------
    UnicodeDecodeError
        When they are in none of the encodings that `encoding` knows.
    """
    return data.decode(encoding(data))


def as_utf8(path: Path) -> Bytes:
    """The file's text in utf-8: the file itself, not read into memory, where it is so already; raises as `decode`."""
    if not path.stat().st_size:
        return b""
    with path.open("rb") as file:
        data = mmap(file.fileno(), 0, access=ACCESS_READ)
    found = encoding(data)
    return data if found == "utf-8-sig" else data[:].decode(found).encode("utf-8")


def closing(last: str) -> str:
    """What ends a text whose last letter is this: a record of its own. A line break at the end is no further record."""
    return END if last in ("\n", "\r") else f"\n{END}"


def text_rows(text: str, separator: str) -> tuple[Rows, int]:
    """Records with the line on which each begins, and the line of a quote that nothing closes (0: none).

    A quoted line break does not start a record. The records end before an unclosed quote, which swallows the rest.
    """
    reader = csv.reader(io.StringIO(text + closing(text[-1:]), newline=""), delimiter=separator)
    rows: Rows = []
    line = 1
    try:
        for cells in reader:
            rows.append((line, [c.strip() for c in cells]))
            line = reader.line_num + 1
    except csv.Error:  # a quoted field longer than csv accepts
        return rows, line
    number, last = rows.pop()
    return rows, 0 if last == [END] else number
