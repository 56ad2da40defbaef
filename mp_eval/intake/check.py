"""Check cells against the contract and give them their type. Every fault is found; none stops the search.

A column's distinct values are judged, not its rows: a register has millions of rows and few distinct dates.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache, partial
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ..faults import Fault, Reason, listed
from ..strict import CONTROL
from . import years
from .coded import blank, category, coded, recoded
from .contract import Column, Table, form_in_words, normal
from .marks import Hashes
from .privacy import masked, masked_header
from .read import Sheet
from .spoilt import NO_DAYS, are_shortened, beginning_with, is_error, is_garbled

UNSEEN = re.compile(
    rf"{CONTROL.pattern}|[\u00ad\u034f\u061c\u180b-\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f]"
    r"|[\ufe00-\ufe0f\ufeff]"
)
BLANKS = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")  # they look like a blank, and are another sign
A_WORD, NUMBERED = r"^\pL{3,}([ .'-]+\pL+)*$", r"^\pL{0,4}[-_./ ]?\d{2,}$"  # in the column of persons
COMMON, COMMON_SHARE = 20, 0.01  # rows with the same word, and of all rows; of surnames none is one in a hundred
MOST_WORDS = 0.2  # of the persons: with more, words may be what this municipality calls them by
AMBIGUOUS = re.compile(r"-?[1-9]\d{0,2},\d{3}")  # a thousand, to who writes a point for decimals
NOTHING = re.compile(r"[-\u2013\u2014.?]+|n/?a|nan|none|null", re.IGNORECASE)  # what people type where there is nothing
NUMBER = re.compile(r"-?([1-9]\d{0,2}(\.\d{3})+|\d+)(,\d+)?")  # 0.125 is no group of thousands
A_MONTH = re.compile(r"[^\W\d_]{3,}(\.(?=[ -]))?")
MONTHS = {  # by their first three letters, as they are written here, around here, and by programs
    "jan": 1, "feb": 2, "mrt": 3, "maa": 3, "mar": 3, "mär": 3, "apr": 4, "mei": 5, "may": 5, "maj": 5, "mai": 5,
    "jun": 6, "jul": 7, "aug": 8, "sep": 9, "okt": 10, "oct": 10, "nov": 11, "dec": 12, "des": 12, "dez": 12,
}  # fmt: skip
SIX_OR_EIGHT_DIGITS = re.compile(r"\d{6}(\d\d)?")
TIME = re.compile(
    r"(?P<day>.*\d)[ T](?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(:[0-5]\d([.,]\d+)?)?"
    r" ?(?P<zone>Z|[+-]([01]\d|2[0-3]):?[0-5]\d)?"
)
HERE = "Europe/Amsterdam"
OLDEST = 1950  # year of a day on which anything here can have begun
UNKNOWN_PART = re.compile(r"\d{4}-?(00-?\d\d|\d\d-?00)|(00([-/.])\d{1,2}|\d{1,2}([-/.])00)[-/.]\d{4}")
FORMS_IN_FIGURES = ("%d-%m-%Y", "%Y-%m-%d", "%d/%m/%Y", "%Y%m%d", "%d.%m.%Y", "%m/%d/%Y", "%m-%d-%Y", "%Y/%m/%d")
FORMS = (*FORMS_IN_FIGURES, "%d-%b-%Y", "%d %b %Y", "%d. %b %Y")
SHORT_FORMS = tuple(form.replace("%Y", "%y") for form in FORMS)  # looked at when no other fits
SWAPPED = str.maketrans(",.", ".,")
DTYPES = {"string": "str", "date": "datetime64[us]", "integer": "Int64", "number": "Float64", "boolean": "boolean"}

Parsed = tuple[object, Reason | None]


def check(sheet: Sheet, *, extracted: date | None = None) -> tuple[pd.DataFrame, list[Fault]]:
    """The sheet as a table under the contract's names, indexed by row number, and every fault in it.

    Each column is a category of its values, which have their type and are in order; `typed` makes plain columns of it.
    `extracted` is the day on which the records were taken from their source: events may not lie after it.
    A value that is faulty is missing in the table, so a table with faults is not to be used.
    """
    frame, faults = _columns(sheet)
    columns = {}
    for column in sheet.table.columns:
        if column.name in frame:
            columns[column.name], found = _judged(frame[column.name], column, sheet, extracted)
            faults += found
        else:
            columns[column.name] = category(np.full(len(frame), -1), pd.Index([], dtype=DTYPES[column.type]))
    table = pd.DataFrame(columns, index=frame.index, copy=False)
    faults += _misordered(table, sheet) + years.check(table, sheet)
    return table, faults


def typed(table: pd.DataFrame) -> pd.DataFrame:
    """The checked table with plain columns of dates and numbers; words stay categories."""
    columns = {name: _plain(table[name]) for name in table}
    return pd.DataFrame(columns, index=table.index, copy=False)


def times(sheet: Sheet) -> int:
    """How many dates have a time, of which only the day is used."""
    count = 0
    for position, header in enumerate(sheet.cells.columns):
        if any(c.type == "date" and c.accepts(header) for c in sheet.table.columns):
            column = sheet.cells.iloc[:, position].array
            with_time = [n for n, text in enumerate(column.categories.tolist()) if TIME.fullmatch(text)]
            count += int(np.isin(column.codes, with_time).sum()) if with_time else 0
    return count


@lru_cache(1 << 14)  # the same days stand in many columns
def parse_date(text: str, form: str) -> date | None:
    """A date in exactly this form, or None; day and month may lack their leading zero where a sign parts them.

    >>> parse_date("1-9-2022", "%d-%m-%Y"), parse_date("1-9-2022x", "%d-%m-%Y"), parse_date("2022-09-01", "%d-%m-%Y")
    (datetime.date(2022, 9, 1), None, None)
    >>> parse_date("20220901", "%Y%m%d"), parse_date("2022111", "%Y%m%d")
    (datetime.date(2022, 9, 1), None)

    A year of two figures is of 1969 to 2068; one of four may stand beside it.

    >>> [str(parse_date(text, "%d/%m/%y")) for text in ("1/9/22", "1/9/68", "1/9/69", "01/09/2022", "1/9/922")]
    ['2022-09-01', '2068-09-01', '1969-09-01', '2022-09-01', 'None']
    >>> parse_date("220901", "%y%m%d"), parse_date("20220901", "%y%m%d"), parse_date("220901", "%Y%m%d")
    (datetime.date(2022, 9, 1), datetime.date(2022, 9, 1), None)

    A month in letters is of Dutch, of a language around it, or English, short or whole.

    >>> forms = {"04-MEI-18": "%d-%b-%y", "4. maj 2018": "%d. %B %Y", "04may2018": "%d%b%Y", "4 mrt. 2018": "%d %b %Y"}
    >>> [str(parse_date(text, form)) for text, form in forms.items()]
    ['2018-05-04', '2018-05-04', '2018-05-04', '2018-03-04']
    >>> parse_date("04-xyz-2018", "%d-%b-%Y"), parse_date("4 mei 2018", "%d-%b-%Y")
    (None, None)
    """
    if "%b" in form or "%B" in form:
        text, count = A_MONTH.subn(lambda word: f"{MONTHS.get(word[0][:3].casefold(), word[0]):>02}", text)
        if count != 1:
            return None
        form = form.replace("%b", "%m").replace("%B", "%m")
    is_figures = "%m%d" in form or "%d%m" in form
    if (
        not text.isascii()
        or (" " in text and " " not in form)
        or (is_figures and not SIX_OR_EIGHT_DIGITS.fullmatch(text))
    ):
        return None
    for one in dict.fromkeys((form.replace("%y", "%Y"), form)):
        if is_figures and len(text) != (8 if "%Y" in one else 6):
            continue
        try:
            return datetime.strptime(text, one).date()
        except ValueError:
            continue
    return None


def parse_number(text: str, decimal: str = ",", *, most: float | None = None) -> float | None:
    """A number as Dutch writes it, or None: a comma for decimals, points only between groups of three.

    With a point for `decimal` it is the other way round.

    What may be a thousand as well as three decimals is none, unless a thousand is more than there can be.

    >>> [parse_number(text) for text in ("1.234,50", "8,5", "8.5", "1.23,4", "0.125", "1,250", "0,125")]
    [1234.5, 8.5, None, None, None, None, 0.125]
    >>> parse_number("1.250", "."), parse_number("1.250", ".", most=168)
    (None, 1.25)
    """
    if decimal == ".":
        text = text.translate(SWAPPED)
    if AMBIGUOUS.fullmatch(text) and (most is None or most >= 1000):
        return None
    return float(text.replace(".", "").replace(",", ".")) if NUMBER.fullmatch(text) else None


def unknown_residents(table: pd.DataFrame, sheet: Sheet, residents: Sequence[pd.Index], hashes: Hashes) -> list[Fault]:
    """Rows about somebody who is not in the tables of residents.

    A table that may tell of others is only asked whether they are there under a number with more or fewer zeros.
    """
    codes, distinct = coded(table["resident"])
    strangers = hashes.strangers(distinct, among=residents)
    known = {text.lstrip("0") for texts in residents for text in texts} if len(strangers) else set()
    padded = [n for n in strangers if distinct[n].isdigit() and distinct[n].lstrip("0") in known]
    strangers = strangers if sheet.table.refers_to_residents else np.array(padded, dtype="int64")
    if not len(strangers):
        return []
    column = sheet.table.column("resident")
    found = table["resident"][np.isin(codes, strangers)].sort_index()
    rows, examples = tuple(found.index), (masked(found.iloc[0], column),)
    fault = Fault(Reason.UNKNOWN_RESIDENT, sheet.file, sheet.sheet, rows, column.title, examples, count=len(rows))
    note = "met een ander aantal nullen vooraan staat het nummer er wel in; lever het overal eender" if padded else ""
    return [replace(fault, note=note, table=sheet.table.name)]


def _columns(sheet: Sheet) -> tuple[pd.DataFrame, list[Fault]]:
    """The delivered columns under the contract's names; those it does not know are left out."""
    found: dict[str, int] = {}
    faults = []
    for position, header in enumerate(sheet.cells.columns):
        column = next((c for c in sheet.table.columns if c.accepts(header)), None)
        if column and column.name in found:
            fault = Fault(Reason.TWICE_COLUMN, sheet.file, sheet.sheet, column=header)
            faults.append(replace(fault, table=sheet.table.name))
        elif column:
            found[column.name] = position
    for column in sheet.table.columns:
        if column.required and column.name not in found:
            names = " | ".join((column.title, *column.headers))
            fault = Fault(Reason.MISSING_COLUMN, sheet.file, sheet.sheet, column=column.title, expected=names)
            faults.append(replace(fault, note=_header(sheet), table=sheet.table.name, field=column.name))
    frame = sheet.cells.iloc[:, list(found.values())].set_axis(list(found), axis=1)
    return frame, faults


def _header(sheet: Sheet) -> str:
    """Which row was taken as the header, and what it names."""
    names = [masked_header(h, n, known=sheet.table.accepts(h)) for n, h in enumerate(sheet.cells.columns)]
    return f"als kop is rij {sheet.header} genomen: {listed(names)}"


def _plain(column: pd.Series) -> pd.Series:
    values = column.cat.categories.array
    if isinstance(values.dtype, pd.StringDtype):
        return column
    if not len(values):
        return pd.Series(blank(str(values.dtype), len(column)), index=column.index, copy=False)
    return pd.Series(values.take(column.array.codes, allow_fill=True), index=column.index, copy=False)


def _judged(
    cells: pd.Series, column: Column, sheet: Sheet, extracted: date | None
) -> tuple[pd.Categorical, list[Fault]]:
    """One column with typed values; one fault for each reason, with the rows and the first values."""
    codes, distinct = coded(cells)
    places, values, reasons = _values(distinct, column, sheet.table.missing, extracted)
    faults = []
    seen = pd.unique(codes[np.isin(codes, list(reasons))]).tolist() if reasons else []  # in the order of the file
    for reason in dict.fromkeys(reasons[n] for n in seen):
        texts = [n for n in seen if reasons[n] is reason]
        rows = tuple(cells.index[np.isin(codes, texts)])
        common = [distinct[n] for n in texts if _is_common(distinct[n], int((codes == n).sum()), len(cells), column)]
        found = {t if t in common else _shown(t, column, sheet.table): t for t in (distinct[n] for n in texts)}
        place = Fault(reason, sheet.file, sheet.sheet, rows, column.title, count=len(rows))
        place = replace(place, table=sheet.table.name, field=column.name)
        shown, note = _hint(reason, found, column)
        if reason is Reason.DATE and (fitting := _other_form(distinct, column, sheet.table.missing)):
            form, share = fitting
            setting = f'zet date_format = "{form}" bij [intake.{sheet.table.name}]'
            note = f"{share} waarden passen op {form_in_words(form)}: {setting}"
        faults.append(replace(place, expected=_expected(reason, column, extracted), found=shown, note=note))
    return category(recoded(codes, places), values), faults


def _values(
    distinct: pd.Index, column: Column, missing: frozenset[str], extracted: date | None
) -> tuple[np.ndarray, pd.Index, dict[int, Reason]]:
    """Of each text the place of its value, -1 for none; the values in order; and which texts are wrong, and why."""
    parse = _parser(column, missing, extracted)
    if (
        column.type == "string" and not column.codes and not column.variants and not column.nothing
    ):  # each is its own value, but for one that is spoilt or *missing*
        odd = distinct.str.len() <= max(map(len, missing), default=0)
        odd |= _having_unseen(distinct, also_control=not column.identifying)  # nothing of who goes past intake
        looked_at = dict.fromkeys([*np.flatnonzero(odd).tolist(), *beginning_with(distinct, "#", "#")])
        parsed = {n: parse(distinct[n]) for n in looked_at}
        parsed |= {n: parse(distinct[n]) for n in beginning_with(distinct, "E", "E") if is_error(distinct[n])}
        if column.identifying:
            parsed |= {n: told for n, told in _words(distinct).items() if not parsed.get(n, (None, None))[1]}
            parsed |= _shortened(distinct)
        known = np.ones(len(distinct), dtype=bool)
        known[[n for n, (value, _) in parsed.items() if value is None]] = False
        places, values = np.where(known, np.cumsum(known) - 1, -1), distinct if known.all() else distinct[known]
    else:
        parsed = dict(enumerate(map(parse, distinct.tolist())))
        found = pd.Index(pd.array([value for value, _ in parsed.values()], dtype=DTYPES[column.type]))
        places, values = pd.factorize(found, sort=True)
    return places, values, {n: reason for n, (_, reason) in parsed.items() if reason}


def _parser(column: Column, missing: frozenset[str], extracted: date | None) -> Callable[[str], Parsed]:
    """How to read one cell of this column: a value, or a reason why not."""
    kinds = {"date": _date, "integer": _integer, "number": _number, "boolean": _boolean, "string": _string}
    read = kinds[column.type](column, extracted) if column.type == "date" else kinds[column.type](column)  # type: ignore[operator]

    own = {
        word.casefold(): meant
        for word, meant in column.variants.items()
        if not column.codes or word.casefold() in missing  # of other words a column with codes knows each spelling
    }

    def parse(text: str) -> Parsed:
        if text.casefold() in own:
            return read(own[text.casefold()])
        if text.casefold() in missing or text.casefold() in column.nothing or NOTHING.fullmatch(text):
            return None, Reason.MISSING_VALUE if column.required else None
        return (None, Reason.ERROR_CELL) if is_error(text) else read(text)

    return parse


def _having_unseen(distinct: pd.Index, *, also_control: bool) -> np.ndarray:
    """Which texts may hold garbled letters, or a sign that nobody sees: two that look the same would be two."""
    texts = pa.array(distinct, type=pa.large_string())
    found = np.array(pc.invert(pc.string_is_ascii(texts)))
    for n in np.flatnonzero(found):
        found[n] = bool(UNSEEN.search(distinct[n]) or BLANKS.search(distinct[n]) or is_garbled(distinct[n]))
    return found | np.array(pc.match_substring_regex(texts, CONTROL.pattern)) if also_control else found


def _shortened(distinct: pd.Index) -> dict[int, Parsed]:
    """The numbers of persons that a spreadsheet has spoilt."""
    places = beginning_with(distinct, "0", "9")
    spoilt = are_shortened(distinct[places]) if places else ()
    return {n: (None, Reason.SHORTENED) for n, is_spoilt in zip(places, spoilt, strict=True) if is_spoilt}


def _words(distinct: pd.Index) -> dict[int, Parsed]:
    """What is a word or a name among persons that all others give a number: the name of a team, of a resident.

    >>> list(_words(pd.Index(["Noord", *(f"K{n}" for n in range(10, 20)), "Jan de Vries", "p3x"])))
    [0, 11]
    >>> list(_words(pd.Index(["Noord", "abc", "105", "p3x"])))
    []
    """
    texts = pa.array(distinct, type=pa.large_string())
    places = np.flatnonzero(np.array(pc.match_substring_regex(texts, A_WORD)))
    others = len(distinct) - len(places)
    if not 0 < len(places) <= MOST_WORDS * len(distinct):
        return {}
    numbered = np.array(pc.match_substring_regex(texts, NUMBERED)).sum()
    return dict.fromkeys(places.tolist(), (None, Reason.NO_NUMBER)) if numbered > (1 - MOST_WORDS) * others else {}


def _date(column: Column, extracted: date | None) -> Callable[[str], Parsed]:
    def read(text: str) -> Parsed:
        match = TIME.fullmatch(text)
        text = match["day"] if match else text
        day = parse_date(text, column.date_format)
        if day is None and UNKNOWN_PART.fullmatch(text):
            return None, Reason.DATE_PART
        if day is None:
            return None, Reason.DATE_CELL if text.isdigit() and len(text) == 5 else Reason.DATE
        if day in NO_DAYS:
            return None, Reason.NO_DAY
        if day.year < OLDEST:
            return None, Reason.OLD_DAY
        if match and match["zone"] and not _is_here(day, match):
            return None, Reason.DATE_ZONE
        if column.past and extracted and day > extracted:
            return None, Reason.FUTURE
        return datetime(day.year, day.month, day.day), None

    return read


def _is_here(day: date, match: re.Match[str]) -> bool:
    """Whether it was the same day in the Netherlands."""
    text = f"{day}T{match['hour']:>02}:{match['minute']}{match['zone']}"
    return datetime.fromisoformat(text).astimezone(ZoneInfo(HERE)).date() == day


def _number(column: Column) -> Callable[[str], Parsed]:
    def read(text: str) -> Parsed:
        value = parse_number(text.removeprefix("€").strip(), column.decimal, most=column.maximum)
        if value is None:
            return None, Reason.NUMBER
        return (value, None) if _within(value, column) else (None, Reason.RANGE)

    return read


def _integer(column: Column) -> Callable[[str], Parsed]:
    def read(text: str) -> Parsed:
        if not re.fullmatch(r"-?\d+", text):
            return None, Reason.INTEGER
        return (int(text), None) if _within(int(text), column) else (None, Reason.RANGE)

    return read


def _boolean(column: Column) -> Callable[[str], Parsed]:
    words = dict.fromkeys(column.true, True) | dict.fromkeys(column.false, False)

    def read(text: str) -> Parsed:
        value = words.get(text.casefold())
        return value, Reason.BOOLEAN if value is None else None

    return read


def _string(column: Column) -> Callable[[str], Parsed]:
    if not column.codes:
        return partial(_text, is_name=column.identifying)
    codes = column.lookup()

    def read(text: str) -> Parsed:
        plain = normal(text)
        is_whole = not plain.isdigit() or plain == text  # -1 is not code 1, and 1.1 is not 11
        value = codes.get(plain) if is_whole else None
        return value, Reason.CATEGORY if value is None else None

    return read


def _text(text: str, *, is_name: bool) -> Parsed:
    if UNSEEN.search(text) or (is_name and BLANKS.search(text)):  # two that look the same would be two residents
        return None, Reason.CONTROL
    return (None, Reason.GARBLED) if is_garbled(text) else (text, None)


def _within(value: float, column: Column) -> bool:
    low, high = column.minimum, column.maximum
    return (low is None or value >= low) and (high is None or value <= high)


def _expected(reason: Reason, column: Column, extracted: date | None) -> str:
    if reason is Reason.FUTURE and extracted:
        return f"op of voor {extracted:%d-%m-%Y}"
    if reason is Reason.CATEGORY and not column.own:
        return column.words_on(extracted)
    return column.in_words


def _hint(reason: Reason, found: Mapping[str, str], column: Column) -> tuple[tuple[str, ...], str]:
    """What was found as it may be shown, that this is only its shape and, for a category, what was probably meant."""
    if reason is Reason.MISSING_VALUE:
        return (), ""
    meant = _meant(found, column) if reason is Reason.CATEGORY else ""
    hint = f"met ‘{next(iter(found))}’ is misschien ‘{meant}’ bedoeld" if meant else ""
    shape = "van wat er staat, toont dit bericht alleen de vorm" if any(s != t for s, t in found.items()) else ""
    return tuple(found), "; ".join(filter(None, (hint, shape)))


def _shown(text: str, column: Column, table: Table) -> str:
    """A value as a message may show it; the words of a file about nobody, and of a code list, are no secret."""
    is_plain = table.public or text in column.listed
    return CONTROL.sub("\N{REPLACEMENT CHARACTER}", text) if is_plain else masked(text, column)


def _is_common(text: str, count: int, rows: int, column: Column) -> bool:
    """Whether a word stands in so many rows of a column with a list that it can be nobody's name."""
    is_word = not any(c.isdigit() for c in text) and text.isprintable()
    return bool(column.codes) and is_word and count >= COMMON and count >= COMMON_SHARE * rows


def _meant(found: Mapping[str, str], column: Column) -> str:
    """The word that the first value resembles, or the code that lost its zeros; never one that resembles its mask."""
    shown, text = next(iter(found.items()))
    words = {word.casefold(): word for word in column.codes}
    if text.isdigit():
        return next((w for w in column.codes if w.isdigit() and w.lstrip("0") == text.lstrip("0")), "")
    close = difflib.get_close_matches(text.casefold(), words, 1) if shown == text else []
    return words[close[0]] if close else ""


def _other_form(distinct: pd.Index, column: Column, missing: frozenset[str]) -> tuple[str, str] | None:
    """The one form of dates in which all or most values of a column are, when it is another, and which of the two."""
    texts = [m["day"] if (m := TIME.fullmatch(t)) else t for t in distinct.tolist() if t.casefold() not in missing]
    for forms in (FORMS, SHORT_FORMS):
        fitting = {form: sum(parse_date(t, form) is not None for t in texts) for form in forms}
        most = max(fitting.values())
        if 2 * most > len(texts):
            best = [form for form, count in fitting.items() if count == most]
            is_other = len(best) == 1 and best[0] != column.date_format
            return (best[0], "alle" if most == len(texts) else "de meeste") if is_other else None
    return None


def _misordered(table: pd.DataFrame, sheet: Sheet) -> list[Fault]:
    faults = []
    for first, last in sheet.table.order:
        rows = tuple(table.index[_plain(table[last]) < _plain(table[first])])
        if rows:
            titles = f"{sheet.table.column(first).title} / {sheet.table.column(last).title}"
            fault = Fault(Reason.ORDER, sheet.file, sheet.sheet, rows, titles, count=len(rows))
            faults.append(replace(fault, table=sheet.table.name))
    return faults
