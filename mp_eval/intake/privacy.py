"""What may not be delivered at all: citizen service numbers, names and addresses, full birth dates.

A column is judged by its name and by its values. Messages never repeat such a value: `masked` shows its shape.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from ..faults import Fault, Reason, typed
from .citizen import BSN_NAMES, NINE_FIGURES, passes_bsn
from .coded import coded
from .contract import Column, normal
from .read import Sheet
from .spoilt import is_error
from .unseen import letters

CHANCE = 1 / 11  # share of arbitrary nine-digit numbers that pass the BSN test
CERTAINTY = math.log(1000)  # refuse when chance explains the passes less than once in a thousand
PERSON_NAMES = {
    "naam", "achternaam", "voornaam", "voornamen", "roepnaam", "voorletters", "initialen", "tussenvoegsel",
    "geslachtsnaam", "volledigenaam", "naaminwoner", "naamclient", "clientnaam", "inwonernaam", "naamklant",
    "adres", "straat", "straatnaam", "huisnummer", "huisnr", "postcode", "telefoon", "telefoonnummer", "mobiel",
    "klantnaam", "email", "emailadres", "iban", "rekeningnummer",
}  # fmt: skip
BIRTH_NAMES = {"geboortedatum", "gebdatum", "gebdat", "geboortedat", "datumgeboorte"}
NAME_SHAPE = re.compile(
    r"[A-Z][a-zà-ÿ'-]+,? +(([A-Z]\.? ?)+|(van|de|der|den|el|al|ten|ter)\b.*|[A-Z][a-zà-ÿ'-]+.*)"
    r"|([A-Z]\. ?)+ *((van|de|der|den|el|al|ten|ter) +)*[A-Z][a-zà-ÿ'-]+"
)
A_CAPITAL, BETWEEN = r"[A-ZÀ-Þ]", r"(?i:van|de|der|den|el|al|ten|ter|het|'t|v\.? ?d\.|v\.)"
INITIALS, SURNAME = rf"{A_CAPITAL}[a-z]?\.( ?{A_CAPITAL}[a-z]?\.)*", rf"{A_CAPITAL}[\w'’]+(-({BETWEEN} +)*[\w'’]+)*"
A_PERSON = re.compile(  # by itself: `J. de Vries Coaching` is a firm, and so are B.V. and R.K. no initials
    rf"(?!(B\.? ?V\.|N\.? ?V\.|R\.? ?K\.|V\.? ?V\.|S\.? ?V\.))({INITIALS} *({BETWEEN} *)*{SURNAME}"
    rf"|({BETWEEN} +)*{SURNAME},? +(?!B\.V\.|N\.V\.){INITIALS}( +{BETWEEN})*"
    rf"|([Dd]e heer|[Mm]evrouw) +({INITIALS}|{BETWEEN} |{SURNAME}$).*|((?i:dhr|mevr|mw)\.|(?i:dhr|mevr|mw)(?= )) *\w.*)"
)
SEPARATED_DATE = r"\d{1,2}[-/.]\d{1,2}[-/.]\d{4}|\d{4}-\d{2}-\d{2}"
DATE_SHAPE = (
    re.compile(  # its groups are the year; eight figures that end in a year and begin with a day begin with none
        r"\d{1,2}[-/.]\d{1,2}[-/.](\d{4})|(\d{4})-\d{2}-\d{2}"
        r"|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])((?:19|20)\d{2})|((?:19|20)\d{2})\d{4}"
    )
)
SHORT_DATE = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.](\d\d)")  # its group is the year
MIDNIGHT = re.compile(r"[ T]0?0:00(:00)?(\.0+)?Z?$")  # a date with a time is no other date
FIGURES = re.compile(r"[-+€\d.,:/ ]{1,20}")
REACHED = re.compile(
    r"[^\s@]@[^\s@]+\.[A-Za-z]{2,}|(?<!\d)(?:\+31|0031|0)[ -]?6(?:[ -]?\d){8}(?!\d)|NL\d\d ?[A-Z]{4}(?: ?\d){10}(?!\d)"
)
OF_A_DATABASE = re.compile(r"[A-Z]+[0-9]{0,2}(_[A-Z]+[0-9]{0,2}|_[0-9]{1,2})+")
OPTIONS = {Reason.BSN: "--column", Reason.NAME: "--drop", Reason.BIRTH_DATE: "--year"}  # of `mp-eval pseudonymise`
MADE_OF = {Reason.BSN: "resident", Reason.BIRTH_DATE: "birth_year"}  # the column that it makes
MASKED_FROM = 7  # digits: a value with as many may be a citizen service number, a phone number, an account
MOST_OF_A_CODE = 3  # figures: in a column of codes a longer one may be a house number or a year of birth


def check(sheet: Sheet, *, extracted: date | None = None) -> list[Fault]:
    """The columns of this sheet that may not be here; also those that the contract does not know.

    `extracted` is the day of the extraction, on which birth dates are mostly those of adults (default: today).
    """
    adult = (extracted or date.today()).year - 18
    faults = []
    options: list[str] = []  # of the command that makes of all this what may be delivered
    for position, header in enumerate(sheet.cells.columns):
        codes, values = coded(sheet.cells.iloc[:, position])
        column = next((c for c in sheet.table.columns if c.accepts(header)), None)
        distinct = pd.Series(values[values != ""] if "" in values[:1] else values, dtype="str")  # '' is the first
        reason = _reason(header, distinct, column, adult)
        if reason:
            shown = masked_header(header, position, known=column is not None)
            faults.append(Fault(reason, sheet.file, sheet.sheet, column=shown))
            option = "--column" if column and column.identifying else OPTIONS[reason]
            option = "--drop" if option == "--column" and any("--column" in one for one in options) else option
            options.append(f"{option} {typed(header) if shown == header else 'KOLOM'}")
            options += ["--key-file SLEUTEL"] if option == "--column" else []
        elif column and column.is_free and not sheet.table.public and (reached := _of_persons(values, column)):
            rows = tuple(sheet.cells.index[np.isin(codes, reached)])
            where = Fault(Reason.PERSON, sheet.file, sheet.sheet, rows, column.title, count=len(rows))
            faults.append(replace(where, table=sheet.table.name))
    return [replace(fault, field=" ".join(options)) if fault.reason in OPTIONS else fault for fault in faults]


def look_like_bsn(values: pd.Series) -> bool:
    """Whether the distinct values hold citizen service numbers: far more pass the test than 1 in 11.

    The bound is Chernoff's: n passes with share p of chance q have probability at most exp(-n KL(p, q)).

    >>> look_like_bsn(pd.Series(["123456782", "111222333", "10.00.00.08"]))
    True
    >>> look_like_bsn(pd.Series([str(100_000_000 + n) for n in range(500)]))
    False
    """
    figures = values[values.str.fullmatch(r"[\d .\-]+")]  # at once without what no number can be
    digits = figures[~figures.str.fullmatch(SEPARATED_DATE)].str.replace(r"[ .\-]", "", regex=True)
    candidates = digits[digits.str.fullmatch(r"\d{7,9}")].unique()
    passed = sum(passes_bsn(c) for c in candidates)
    if not len(candidates) or passed / len(candidates) <= CHANCE:
        return False
    share = passed / len(candidates)
    surprise = share * math.log(share / CHANCE)
    if share < 1:
        surprise += (1 - share) * math.log((1 - share) / (1 - CHANCE))
    return len(candidates) * surprise > CERTAINTY


def masked(value: str, column: Column | None = None) -> str:
    """The value as a message may show it: itself where its column makes it harmless, else its shape.

    Harmless are figures and separators in a column of dates or numbers, and in a column of categories what resembles
    one of them. All else may be a name, an address or a birth date that slipped into the wrong column.

    >>> masked("Jansen, P."), masked("123456782")
    ('Aaaaaa, A.', '999999999')
    """
    if is_error(value):  # it tells of nobody
        return value
    if column is None or column.identifying or column.name == "birth_year":
        return _shape(value)
    if column.type in ("date", "number", "integer"):
        is_date = column.type == "date" and DATE_SHAPE.fullmatch(value)
        harmless = is_date or (FIGURES.fullmatch(value) and sum(c.isdigit() for c in value) < MASKED_FROM)
    elif column.codes and value.isdigit():
        harmless = len(value) <= MOST_OF_A_CODE
    else:
        known = [normal(word) for word in (*column.codes, *column.variants, *column.true, *column.false)]
        harmless = bool(difflib.get_close_matches(normal(value), known, 1))
    return value if harmless else _shape(value)


def masked_header(header: str, position: int, *, known: bool) -> str:
    """A column as a message may name it: a header of several words that nobody knows may itself hold a name.

    One word is shown, and what a database calls a column: `BEGYNT_DATO`.
    """
    is_word = known or normal(header) in BSN_NAMES | PERSON_NAMES | BIRTH_NAMES or header.isalpha()
    return header if header and (is_word or OF_A_DATABASE.fullmatch(header)) else f"{letters(position + 1)} in Excel"


def _reason(header: str, distinct: pd.Series, column: Column | None, adult: int) -> Reason | None:
    name = normal(header)
    is_date = column is not None and column.type == "date"  # 20240131 has the digits of a citizen service number
    numbers = distinct[~distinct.str.fullmatch(DATE_SHAPE.pattern)] if is_date else distinct
    if column is not None and column.identifying and len(numbers) and _are_all_bsn(numbers):
        return Reason.BSN
    if name in BSN_NAMES or look_like_bsn(numbers):
        return Reason.BSN
    if name in BIRTH_NAMES or _are_birth_dates(distinct, column, adult):
        return Reason.BIRTH_DATE
    if column is None and name in PERSON_NAMES:
        return Reason.NAME
    if column is not None and not column.identifying:
        return None
    if distinct.str.contains("@", regex=False).any():
        return Reason.NAME
    if len(distinct) < 3:
        return None
    if column is not None and _most(distinct, 0.5, lambda some: ~some.str.contains(r"\d")):  # a code has figures
        return Reason.NAME
    return Reason.NAME if _most(distinct, 0.6, lambda some: some.str.fullmatch(NAME_SHAPE.pattern)) else None


def _most(values: pd.Series, share: float, passes: Callable[[pd.Series], pd.Series]) -> bool:
    """Whether more than this share of the values pass a test; mostly none of the first ones does, which tells at once.

    >>> [_most(pd.Series(list(texts)), 0.5, lambda some: some == "a") for texts in ("ab", "bca", "baa")]
    [False, False, True]
    """
    first = math.ceil((1 - share) * len(values))
    return bool(passes(values[:first]).any()) and bool(passes(values).mean() > share)


def _of_persons(distinct: pd.Index, column: Column) -> list[int]:
    """Which texts that pages show name a person, or hold an e-mail address, a mobile or citizen service number.

    A name is with initials or a title; one for which the municipality set another is not shown. Numbers of nine figures
    are those of persons when all of them pass the test.
    """
    named = [n for n, text in enumerate(distinct) if A_PERSON.fullmatch(text)]
    own = {word.casefold() for word in column.variants}
    reached = np.flatnonzero(distinct.str.contains(REACHED.pattern)).tolist()
    numbered = np.flatnonzero(distinct.str.contains(NINE_FIGURES.pattern)).tolist()
    are_bsn = all(passes_bsn(number) for n in numbered for number in NINE_FIGURES.findall(distinct[n]))
    return [*(n for n in named if distinct[n].casefold() not in own), *reached, *(numbered if are_bsn else ())]


def _are_all_bsn(numbers: pd.Series) -> bool:
    """Of who stands in a column of persons no chance is taken: even one number that passes is refused if all do."""
    for some in (numbers[:100], numbers):  # the first ones mostly tell
        digits = some.str.replace(r"[ .\-]", "", regex=True)
        if not digits.str.fullmatch(r"\d{8,9}").all() or not all(passes_bsn(d) for d in digits):
            return False
    return True


def _are_birth_dates(distinct: pd.Series, column: Column | None, adult: int) -> bool:
    """Full dates where none belongs, most of them of people born in the year `adult` or before; of a year any."""
    if column is not None and column.name == "birth_year":
        return bool(
            distinct.str.fullmatch(rf"({SEPARATED_DATE}|{SHORT_DATE.pattern}|\d{{8}})({MIDNIGHT.pattern})?").any()
        )
    if len(distinct) < 3 or (column is not None and column.type == "date"):
        return False
    if not _most(distinct, 0.8, lambda some: some.str.match(DATE_SHAPE.pattern)):
        return False
    dates = distinct.str.replace(MIDNIGHT.pattern, "", regex=True)
    dates = dates[dates.str.fullmatch(DATE_SHAPE.pattern)]
    if len(dates) <= 0.8 * len(distinct):
        return False
    found = [int(y) for y in map(year_of, dates.tolist()) if y]
    return len(found) > 0.8 * len(distinct) and sum(1900 < y <= adult for y in found) > 0.8 * len(found)


def year_of(date_text: str) -> str:
    """The year in the text of a date in any of the forms of `DATE_SHAPE`; '' when it is none.

    >>> [year_of(t) for t in ("13-05-1980", "1980-05-13", "19800513", "13051980", "20121985", "19850000", "1980")]
    ['1980', '1980', '1980', '1980', '1985', '1985', '']
    """
    match = DATE_SHAPE.fullmatch(date_text)
    return next(filter(None, match.groups())) if match else ""


def _shape(value: str) -> str:
    return "".join(
        "9" if c.isdigit() else "A" if c.isupper() else "a" if c.isalpha() else c if c.isprintable() else "?"
        for c in value[:40]
    )
