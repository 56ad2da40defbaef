"""Gates: what a finished page or file must not hold. Searched in the bytes that would go out, not in their source.

`check` reads a page as text. `check_file` opens what a release is made of (`contents`): pages, drawings, executed
notebooks with outputs and metadata, workbooks and documents (which are zips), tables and logs. It looks for
residents (`persons`), for a row of one without a name, for hidden numbers beside their label, for paths and complaints.
Whether hidden numbers can be worked out from those that are shown is for `attack_output`.
"""

from __future__ import annotations

import base64
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from PIL import Image, UnidentifiedImageError

from .. import tidy
from ..disclosure.attack import Interval, Seen, attack, named
from ..disclosure.earlier import STANDING
from ..disclosure.told import Name
from ..intake.text import decode
from ..periods import Period
from ..register import Figure
from . import formulas, persons, table_files
from .third_reading import named as in_words

TEXTS = {
    ".html",
    ".svg",
    ".ipynb",
    ".csv",
    ".json",
    ".jsonld",
    ".log",
    ".txt",
    ".md",
    ".css",
    ".toml",
    ".xml",
    ".journal",
}
MOST_SIDES = 4  # of a crossing
ZIPS = {".xlsx", ".docx"}
MARKUP = {".html", ".svg", ".xml"}
IMAGE = ".png"  # dots, of which only what is written beside them is read
PICTURES = {"PNG": b"\x89PNG", "JPEG": b"\xff\xd8\xff", "GIF": b"GIF8"}  # how each begins
ZIP = b"PK\x03\x04"
TABLE = "metingen.csv"
NUMBERS = ["value", "numerator", "denominator", "low", "high"]
LEAST_VALUES = 3
DAY = re.compile(r"\d{4}-\d\d-\d\d")
DUTCH_DAY = re.compile(r"(\d\d?)-(\d\d?)-(\d{4})")
ALTERNATIVE = re.compile(r"""\balt\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
MACHINE = (  # each begins with what it always has: that is searched for ten times as fast
    re.compile(r"/(?<![\w/]/)(?:home|root|Users|tmp|var|work|opt|mnt)/[\w.-]+/"),
    re.compile(r":(?<=\b[A-Za-z]:)\\\\?(?:Users|Windows|Temp)\\"),
)
TROUBLE = ("Traceback (most recent call last)", "ipykernel_", "Warning:")
SHARED = re.compile(r'(<c\b[^>]*\bt="s"[^>]*>)<v>(\d+)</v></c>')  # a cell that refers to a text of the workbook
BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{60,}\s?){4,}[A-Za-z0-9+/=]*")  # a picture in a notebook
POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')
DIGEST = re.compile(r"\bsha256-[A-Za-z0-9+/]{43}=")  # of a page's style, in its policy: by chance it holds a mark
IMAGES = re.compile(r"data:image/[\w+.-]+;base64,[A-Za-z0-9+/=]+")


def check(html: str, *, root: Path, residents: frozenset[str]) -> list[str]:
    """Why this page may not be published; empty when it may. No reason repeats an identifier.

    >>> check("<p>50 inwoners</p>", root=Path("workspace"), residents=frozenset({"p2345672345672345"}))
    []
    >>> check("<p>qzx5apq7wbov75i5</p>", root=Path("workspace"), residents=frozenset())
    ['de pagina noemt 1 inwoner bij nummer of merkteken: regel 1']
    """
    parts = list(_texts(html, "html"))
    return _naming("de pagina", parts, residents) + _complaints(parts[0].text, "de pagina", root)


@dataclass(frozen=True)
class Secrets:
    """What must not go out: delivered identifiers, rows of persons without them, hidden numbers with their label.

    `rows` are the values of a record as text, at least three of them and one a day: that is one resident's story.
    `hidden` are (label, number) as a page would print them.
    """

    residents: frozenset[str] = frozenset()
    rows: frozenset[frozenset[str]] = frozenset()
    hidden: frozenset[tuple[str, str]] = frozenset()


def rows_of_persons(table: pd.DataFrame) -> frozenset[frozenset[str]]:
    """The rows of a processed table as `Secrets.rows`; a row that says less than three things is nobody's.

    >>> table = pd.DataFrame({"resident": ["p1"], "date": [pd.Timestamp("2024-03-01")], "kind": "first", "hours": 12})
    >>> [sorted(row) for row in rows_of_persons(table)]
    [['12', '2024-03-01', 'first']]
    """
    columns: list[Any] = []
    days: set[str] = set()
    for _, column in table.drop(columns="resident", errors="ignore").items():
        codes, values = pd.factorize(column)  # what is missing has the code -1
        said = [None if isinstance(v, bool) else _plain(v) for v in values.tolist()]
        days.update(text for text in said if text and DAY.fullmatch(text))
        columns.append(np.array([*said, None], dtype=object)[codes])
    rows = {frozenset(row) - {None} for row in zip(*columns, strict=True)}
    return frozenset(row for row in rows if len(row) >= LEAST_VALUES and not days.isdisjoint(row))


def check_file(path: Path, *, root: Path, secrets: Secrets, name: str = "") -> list[str]:
    """Why this file may not be published; empty when it may. No reason repeats what was found.

    `name` is where it is in the release: its folders are read too. A file without a byte has only that.

    A hidden number is looked for in the rows of tables: a cell that is its label, before a cell that is the number as
    the page prints it or as a file holds it. It is also looked for right behind its label in the text at a figure. In a
    sentence, or in a table whose label is not in the number's own row, it is not: a number cannot be told there from
    another. For that there is `attack_output`, and that pages are made of the protected table alone.

    Raises
    ------
    ValueError
        When the file, or what is in it, is of a kind that is not opened: what cannot be searched cannot be published.
    """
    if persons.found(name or path.name, secrets.residents):
        return [f"een {path.suffix}-bestand noemt een inwoner in zijn naam of in die van zijn map"]
    if not path.stat().st_size:
        return []
    parts = list(contents(path))
    reasons = dict.fromkeys(_naming(path.name, parts, secrets.residents))
    by_day, hidden = _by_day(secrets.rows), _by_label(secrets.hidden)
    for text in (part.text for part in parts):
        reasons |= dict.fromkeys(_complaints(text, path.name, root))
        for cells in _rows(text):
            plain = {_plain(c) for c in cells}
            if any(row <= plain for day in plain & by_day.keys() for row in by_day[day]):
                reasons[f"{path.name} bevat een rij van één inwoner"] = None
            if _tells_hidden(cells, hidden):
                reasons[f"{path.name} toont een afgeschermd aantal"] = None
        for alt in ALTERNATIVE.findall(text):
            said = unescape("".join(alt)).casefold()
            if any(
                re.search(rf"{re.escape(label)}:? {re.escape(n)}(?![\d.,]*\d)", said) for label, n in secrets.hidden
            ):
                reasons[f"{path.name} noemt een afgeschermd aantal in de tekst bij een figuur"] = None
    return list(reasons)


def _tells_hidden(cells: Sequence[str], hidden: Mapping[str, Set[str]]) -> bool:
    """Whether a hidden number stands in a row, somewhere behind its label."""
    for n in range(len(cells) if hidden else 0):
        for end in range(n + 1, min(n + MOST_SIDES, len(cells)) + 1):  # the sides of a crossing may each have a column
            label = " → ".join(cells[n:end]).casefold().removeprefix("waarvan ")
            if (numbers := hidden.get(label)) and not numbers.isdisjoint(cells[end:]):
                return True
    return False


@lru_cache(maxsize=16)
def _by_label(hidden: frozenset[tuple[str, str]]) -> Mapping[str, Set[str]]:
    """The hidden numbers of each label, as a page prints them and as a workbook or a table of text holds them."""
    found: dict[str, set[str]] = {}
    for label, printed in hidden:
        plain = printed.replace(".", "")
        found.setdefault(label, set()).update((printed, plain, f"{plain},0", f"{plain}.0"))
    return found


@lru_cache(maxsize=4)
def _by_day(rows: frozenset[frozenset[str]]) -> Mapping[str, Sequence[frozenset[str]]]:
    """The rows by the first day in them."""
    found: dict[str, list[frozenset[str]]] = {}
    for row in rows:
        found.setdefault(min(v for v in row if DAY.fullmatch(v)), []).append(row)
    return found


@dataclass(frozen=True)
class Part:
    """A text of a file that is searched: its own, or one of those in it, with where that is (Dutch)."""

    where: str
    text: str
    markup: str = ""  # as `persons.found` takes it


def contents(path: Path) -> Iterator[Part]:
    """The texts in a file: its own, those of the drawings in it, and of a zip (workbook, document) every part's.

    See `check_file` for what it raises.
    """
    if path.suffix in ZIPS:
        yield from _parts(path.read_bytes())
    elif path.suffix == IMAGE:
        yield Part("", _beside_dots(path.read_bytes()))
    elif path.suffix == ".ipynb":  # what is written in it is escaped: as it is read
        yield Part("", "\n".join(_strings(json.loads(_text(path.read_bytes())))), "html")
    elif path.suffix in TEXTS:
        text = _text(path.read_bytes())
        yield from _texts(text, "html" if path.suffix in MARKUP else "")
        for image in IMAGES.findall(text):
            kind, _, data = image.partition(";base64,")
            drawn = base64.b64decode(data)
            is_text = "svg" in kind
            yield Part("een afbeelding", _text(drawn) if is_text else _beside_dots(drawn), "html" if is_text else "")
    else:
        raise ValueError(f"a kind of file that is not searched: {path.name}")


def _texts(text: str, markup: str) -> Iterator[Part]:
    """A text without the files that stand in it as addresses, and the tables among these."""
    without_digests = POLICY.sub(lambda policy: DIGEST.sub("", policy[0]), text)
    yield Part("", table_files.without(IMAGES.sub("", without_digests)), markup)
    yield from (Part("een tabel als bestand", table) for table in table_files.texts(text))


def _text(data: bytes) -> str:
    """Bytes as text, as intake reads it; raises ValueError when they are none."""
    text = decode(data)
    if "\0" in text:  # in four bytes a letter, which begins as in two
        raise ValueError("no text")
    return text


def _parts(data: bytes, within: str = "") -> Iterator[Part]:
    """The texts of a workbook or a document: the sheets first, with the text of each cell where it refers to it.

    A part that is a workbook or a document itself is opened too.
    """
    texts = {}
    for name, part in _unpacked(data).items():
        where = f"{within}{name}"
        if part.startswith(ZIP):
            yield from _parts(part, f"{where}: ")
        elif part.startswith(tuple(PICTURES.values())):
            yield Part(where, _beside_dots(part))
        else:
            texts[name] = _text(part)
    shared = re.findall(r"<si\b[^>]*>(.*?)</si>", texts.get("xl/sharedStrings.xml", ""), re.DOTALL)
    named = _names_of_sheets(texts)
    for name in sorted(texts, key=lambda name: not name.startswith("xl/worksheets/sheet")):
        text = texts[name]
        if name in named and shared:
            text = SHARED.sub(lambda cell: f"{cell[1]}{shared[int(cell[2])]}</c>", text)
        yield Part(f"{within}blad ‘{named[name]}’" if name in named else f"{within}{name}", text, "xml")


def _unpacked(data: bytes) -> Mapping[str, bytes]:
    """The files in a zip; raises ValueError when it is damaged or locked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            return {name: parts.read(name) for name in parts.namelist() if not name.endswith("/")}
    except (zipfile.BadZipFile, RuntimeError) as error:
        raise ValueError("no zip that can be opened") from error


def _names_of_sheets(parts: Mapping[str, str]) -> dict[str, str]:
    """Of each part that is a sheet what stands on its tab."""
    leads = re.findall(r"<Relationship\b[^>]*>", parts.get("xl/_rels/workbook.xml.rels", ""))
    targets = {_said(lead, "Id"): _said(lead, "Target").removeprefix("/xl/") for lead in leads}
    sheets = re.findall(r"<sheet\b[^>]*>", parts.get("xl/workbook.xml", ""))
    return {f"xl/{targets.get(_said(sheet, 'r:id'), '')}": _said(sheet, "name") for sheet in sheets}


def _said(tag: str, attribute: str) -> str:
    match = re.search(rf'\s{attribute}="([^"]*)"', tag)
    return unescape(match[1]) if match else ""


def _beside_dots(image: bytes) -> str:
    """What is written in a picture beside its dots: title, author, the program that drew it."""
    try:
        with Image.open(io.BytesIO(image), formats=list(PICTURES)) as opened:
            said = opened.info.items()
            return "\n".join(f"{key}: {v.decode('latin-1') if isinstance(v, bytes) else v}" for key, v in said)
    except UnidentifiedImageError as error:
        raise ValueError("no picture that can be opened") from error


def read_table(folder: Path) -> pd.DataFrame:
    """The finished `metingen.csv` of a release as the tidy table that it holds."""
    words = {column: "str" for column, kind in tidy.COLUMNS.items() if kind == "str"}
    empty = {column: [""] for column in NUMBERS}
    form: dict[str, Any] = {"sep": ";", "decimal": ",", "encoding": "utf-8-sig"}
    table = pd.read_csv(folder / TABLE, dtype=words, keep_default_na=False, na_values=empty, **form)
    return formulas.as_meant(table.astype(dict(tidy.COLUMNS)))


def attack_output(
    folder: Path,
    *,
    threshold: int,
    days: Mapping[str, Sequence[Period]],
    figures: Sequence[Figure] = (),
    before: Sequence[Seen] = (),
    stands: pd.DataFrame | None = None,
    true: Sequence[Seen] = (),
) -> list[str]:
    """What a reader can work out from the finished `metingen.csv` of a release; empty when nothing.

    What the published figures and the releases `before` give away just as well when every number of this one is hidden
    is no reason: it is out already and cannot be taken back. `stands` are the keys of the numbers that are those of an
    earlier release, which no file tells. Where the tables contradict each other a reader may conclude what is not so:
    that is no reason when the `true` measures are given, of the releases before and of this one, which comes last. Each
    reason names the number, not its value.
    """
    table = read_table(folder)
    if stands is not None:
        known = pd.MultiIndex.from_frame(stands)
        table.loc[pd.MultiIndex.from_frame(table[tidy.KEY]).isin(known), "status"] = STANDING
    left = table.loc[table["status"] == "hidden", NUMBERS].notna().any(axis=None)
    reasons = ["metingen.csv bevat een getal in een afgeschermde rij"] if left else []
    found = _narrow(table, days, figures, threshold, before)
    if found and (figures or before):
        nothing = _without_numbers(table)
        already = _narrow(nothing, days, figures, threshold, before)
        alone = _narrow(nothing, days, (), threshold)
        already = {terms: i for terms, i in already.items() if terms not in alone}
        found = {terms: i for terms, i in found.items() if terms not in already or i.tells_more_than(already[terms])}
    if found and true:
        told = attack(true[-1].table, days=days, before=before, still=threshold - 1, only=found.keys())
        counts = {frozenset(i.terms): i.low for i in told if i.low == i.high}
        values = named(true)
        counts |= {t: sum(values[name] * f for name, f in t) for t in found if all(name in values for name, _ in t)}
        found = {terms: i for terms, i in found.items() if i.is_too_narrow(threshold, counts.get(terms))}
    return reasons + [f"uit te rekenen: {_worded(i)}" for i in found.values()]


def _worded(found: Interval) -> str:
    """The number that was worked out, or which less which (Dutch)."""
    words = []
    for name, factor in found.terms:
        period, earlier, _ = name[0].partition(" (")
        word = in_words((period, *name[1:])) + (" van een eerdere uitgave" if earlier else "")
        words.append(word if factor > 0 else f"zonder {word}")
    return " ".join(words)


def _narrow(
    table: pd.DataFrame,
    days: Mapping[str, Sequence[Period]],
    figures: Sequence[Figure],
    threshold: int,
    before: Sequence[Seen] = (),
) -> dict[frozenset[tuple[Name, float]], Interval]:
    found = attack(table, days=days, figures=figures, enough=threshold, before=before, still=threshold - 1)
    return {frozenset(i.terms): i for i in found if i.is_too_narrow(threshold)}


def _without_numbers(table: pd.DataFrame) -> pd.DataFrame:
    """The table with every number of residents hidden but the zeros, which are never hidden."""
    of_residents = table["measure"].map(lambda measure: tidy.MEASURES[measure].of_residents)
    is_count = table["measure"].map(lambda measure: tidy.MEASURES[measure].kind in tidy.COUNTS)
    gone = of_residents & table["value"].notna() & ~(is_count & table["value"].eq(0).fillna(False))
    nothing = table.copy()
    nothing.loc[gone, NUMBERS] = pd.NA
    nothing.loc[gone, "status"] = "hidden"
    return nothing


def _naming(name: str, parts: Iterable[Part], residents: frozenset[str]) -> list[str]:
    """That residents are named, how many and where the first is; nothing of them is repeated."""
    named: dict[str, str] = {}
    for part in parts:
        for who, (text, position) in persons.found(part.text, residents, markup=part.markup).items():
            named.setdefault(who, _place(part, text, position))
    if not named:
        return []
    where = next((place for place in named.values() if place), "")
    if persons.found(where, residents):  # the name of a sheet
        where = "de naam van een blad"
    many = f"{len(named)} inwoner{'s' if len(named) > 1 else ''} bij nummer of merkteken"
    return [f"{name} noemt {many}{f': {where}' if where else ''}{' en elders' if len(named) > 1 else ''}"]


def _place(part: Part, text: str, position: int) -> str:
    """Where in a file this is: a line, a cell of a sheet, a part of a document."""
    if part.where.startswith("blad") and (cells := re.findall(r'<c\b[^>]*\br="([A-Z]+\d+)"', text[:position])):
        return f"{part.where}, cel {cells[-1]}"
    return part.where or f"regel {text.count(chr(10), 0, position) + 1}"


def _complaints(text: str, name: str, root: Path) -> list[str]:
    """Paths and messages of programs."""
    reasons = []
    text = f"{text}\n{unescape(text)}" if "&" in text else text  # a reader sees what a reference stands for
    if str(root) in text or root.as_posix() in text or any(m.search(text) for m in MACHINE):
        reasons.append(f"{name} noemt een pad op deze computer")
    return reasons + [f"{name} bevat een foutmelding (‘{word}’)" for word in TROUBLE if word in text]


def _plain(value: object) -> str:
    """A value as it is compared: a day as ISO, a whole number without decimals."""
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return _plain_text(str(value))


@lru_cache(maxsize=100_000)
def _plain_text(text: str) -> str:
    """The same words and numbers stand on every page."""
    text = text.strip()
    if day := DUTCH_DAY.fullmatch(text):
        return f"{day[3]}-{int(day[2]):02}-{int(day[1]):02}"
    return text.removesuffix(" 00:00:00")


def _rows(text: str) -> Iterator[list[str]]:
    """The rows of the tables in a text: of HTML, a sheet of a workbook or a document, or lines with a separator."""
    marked = re.findall(r"<(?:tr|row|w:tr)(?:\s[^>]*)?>(.*?)</(?:tr|row|w:tr)>", text, re.DOTALL | re.IGNORECASE)
    for row in marked:
        cells = re.findall(
            r"<(?:t[hd]|c|w:tc)(?:\s[^>]*)?(?<!/)>(.*?)</(?:t[hd]|c|w:tc)>", row, re.DOTALL | re.IGNORECASE
        )
        yield [unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in cells]
    if not marked:
        for line in text.splitlines():
            for separator in (";", ",", "\t", "  "):
                if separator in line:
                    yield [cell.strip().strip('"') for cell in line.split(separator) if cell.strip()]


def _strings(value: Any) -> Iterator[str]:
    """Every text and number in a notebook, of cells, outputs and metadata, names included."""
    if isinstance(value, str):
        yield BASE64.sub("", value)
    elif isinstance(value, int | float):
        yield str(value)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield str(key)
            yield from _strings(item)
    elif isinstance(value, list):
        is_text = all(isinstance(item, str) for item in value)
        if is_text and all(item.endswith("\n") for item in value[:-1]):  # in lines
            yield BASE64.sub("", "".join(value))
        else:
            for item in value:
                yield from _strings(item)
