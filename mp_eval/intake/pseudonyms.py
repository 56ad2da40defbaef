"""Pseudonyms: the same person the same code in every period, and no way back without the key.

HMAC-SHA-256, because a plain hash of a citizen service number is undone by trying all of them (there are some
91 million that pass the 11-test). The key lies in a file outside the workspace and is never printed.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import hmac
import io
import os
import re
import secrets
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from ..faults import SHOWN, Reason
from .citizen import BSN_NAMES
from .contract import normal
from .privacy import BIRTH_NAMES, MIDNIGHT, PERSON_NAMES, SHORT_DATE, look_like_bsn, year_of
from .read import HEADER_SEARCH, SEPARATORS
from .rows import Frame, records
from .spoilt import are_shortened, is_error
from .text import Rows, decode, text_rows

HEADER = "Inwoner"
KEY_BYTES = 32
YEAR = re.compile(r"(19|20)\d\d")


class PseudonymError(Exception):
    """The file cannot be pseudonymised as asked; the message (Dutch) says why and what to do."""


def pseudonym(identifier: str, key: bytes) -> str:
    """The pseudonym of one identifier: 16 characters, 80 bits of HMAC-SHA-256.

    A citizen service number gives the same pseudonym with points, spaces or leading zeros lost.

    >>> pseudonym("012345672", b"k" * 32) == pseudonym("12345672", b"k" * 32) == pseudonym("0123.45.672", b"k" * 32)
    True
    """
    plain = re.sub(r"[ .\-]", "", identifier)
    plain = plain.zfill(9) if re.fullmatch(r"\d{7,9}", plain) else identifier.strip()
    digest = hmac.new(key, plain.encode("utf-8"), hashlib.sha256).digest()
    return "p" + base64.b32encode(digest[:10]).decode("ascii").lower()


def read_key(path: Path, *, workspace: Path | None, create: bool = False) -> bytes:
    """The secret key, made when asked; only its owner may read the file that is made.

    Raises
    ------
    PseudonymError
        When the file lies inside the workspace, is missing, or holds no key.
    """
    if workspace and path.resolve().is_relative_to(workspace.resolve()):
        raise PseudonymError("de sleutel moet buiten de werkmap liggen, gescheiden van de gegevens")
    if create and not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(KEY_BYTES) + "\n")
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except FileNotFoundError:
        raise PseudonymError(f"er is geen sleutelbestand {path.name}; maak het eenmalig met --new-key") from None
    except (ValueError, UnicodeDecodeError):
        raise PseudonymError(f"{path.name} is geen sleutelbestand van mp-eval") from None
    if len(key) < KEY_BYTES:
        raise PseudonymError(f"{path.name} is te kort voor een sleutel")
    return key


def pseudonymise(
    data: bytes, key: bytes, *, column: str = "", drop: Sequence[str] = (), year: Sequence[str] = ()
) -> bytes:
    """A delivered text file with `column`, if given, replaced by pseudonyms, as semicolon CSV in utf-8 with mark.

    Columns in `drop` disappear; of full dates in `year` the year remains, under the name Geboortejaar. What is not a
    record disappears too: rows above the header may name a person, and a total is not somebody.

    Raises
    ------
    PseudonymError
        When a column is not there, a row is wider than the header, or a date in a `year` column is none.
    """
    rows, header = _table(data, next(filter(None, (column, *year, *drop))), of_persons=bool(column))
    names = [normal(h) for h in header]
    for wanted in (*([column] if column else []), *drop, *year):
        if normal(wanted) not in names:
            raise PseudonymError(f"kolom ‘{wanted}’ staat niet in het bestand; wel: {', '.join(header)}")
    dropped = {names.index(normal(d)) for d in drop}
    years = {names.index(normal(y)) for y in year}
    person = names.index(normal(column)) if column else -1
    titles = {person: HEADER, **dict.fromkeys(years, "Geboortejaar")}
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([titles.get(n, h) for n, h in enumerate(header) if n not in dropped])
    for _, cells in rows:
        new = {n: _year(cells[n]) for n in years}
        if column:
            new[person] = pseudonym(cells[person], key) if cells[person].strip() else ""
        writer.writerow([new.get(n, c) for n, c in enumerate(cells) if n not in dropped])
    made = out.getvalue().encode("utf-8-sig")
    if left := _identifying(made):
        raise PseudonymError(
            f"kolom ‘{left}’ zou herleidbare gegevens houden; gebruik --drop, of --year bij geboortedatums"
        )
    return made


def _identifying(made: bytes) -> str:
    """The first column of what was made that may still identify a person, or ''."""
    header, *rows = csv.reader(io.StringIO(decode(made), newline=""), delimiter=";")
    for n, name in enumerate(header):
        values = pd.Series([r[n] for r in rows], dtype="str").drop_duplicates()
        if normal(name) in BSN_NAMES | PERSON_NAMES | BIRTH_NAMES or look_like_bsn(values):
            return name
    return ""


def _table(data: bytes, column: str, *, of_persons: bool) -> tuple[Rows, list[str]]:
    """The records below the header that names `column`, each as wide as the header."""
    try:
        text = decode(data)
    except UnicodeDecodeError:
        raise PseudonymError("dit is geen tekstbestand; sla het in Excel op als ‘CSV UTF-8’") from None
    for separator in SEPARATORS:
        rows, unclosed = text_rows(text, separator)
        for n, (_, header) in enumerate(rows[:HEADER_SEARCH]):
            if len(header) > 1 and normal(column) in [normal(c) for c in header]:
                if unclosed:
                    raise PseudonymError(f"rij {unclosed}: een aanhalingsteken wordt nergens gesloten")
                person = [normal(c) for c in header].index(normal(column))
                persons = (person,) if of_persons else ()
                found, _ = records(rows[n + 1 :], Frame(tuple(header), persons, persons))
                fitted = [(number, _fitted(cells, len(header), number)) for number, cells in found]
                _refuse_spoilt([(number, cells[person]) for number, cells in fitted if of_persons])
                return fitted, header
    raise PseudonymError(f"kolom ‘{column}’ is niet gevonden in de eerste {HEADER_SEARCH} regels van het bestand")


def _fitted(cells: list[str], width: int, number: int) -> list[str]:
    """A row too wide holds a separator in its text: its cells are not in their columns, so none can be trusted."""
    if any(cells[width:]):
        raise PseudonymError(
            f"rij {number} heeft meer velden dan de kop; zet tekst met een scheidingsteken tussen aanhalingstekens"
        )
    return (cells + [""] * width)[:width]


def _refuse_spoilt(persons: Sequence[tuple[int, str]]) -> None:
    """An error in a cell is nobody, and a number that was shortened may be several people."""
    errors = [number for number, text in persons if is_error(text)]
    shortened = np.flatnonzero(are_shortened([text for _, text in persons])).tolist()
    what, remedy = Reason.SHORTENED.value
    for rows, told in (
        (errors, "staat een fout, of een formule zonder uitkomst, en geen nummer; herstel de cel in de bron"),
        ([persons[n][0] for n in shortened], f"staat {what}; {remedy}"),
    ):
        if rows:
            shown, more = ", ".join(map(str, rows[:SHOWN])), f" en nog {len(rows) - SHOWN}" if len(rows) > SHOWN else ""
            raise PseudonymError(f"in rij {shown}{more} {told}")


def _year(text: str) -> str:
    """The year of a birth date, as it stands where it stands alone; of two figures the last one that is over."""
    text = MIDNIGHT.sub("", text.strip())
    if not text or YEAR.fullmatch(text):
        return text
    if short := SHORT_DATE.fullmatch(text):
        this = date.today().year
        return str(max(year for year in (1900 + int(short[1]), 2000 + int(short[1])) if year < this))
    if not (year := year_of(text)):
        raise PseudonymError(
            "een geboortedatum heeft niet de vorm dd-mm-jjjj, dd-mm-jj, jjjj-mm-dd, jjjjmmdd of ddmmjjjj"
        )
    return year
