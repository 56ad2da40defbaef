"""The fast way through a text file: whole columns at once where every record is one line of the usual width.

`read` sets apart the few rows that need to be looked at one by one: those of another width, and those that may be
a total, a footer or a repeated header. All others surely hold a record. What cannot be read so (a line break between
quotes, a quote that nothing closes) is left to `text.text_rows`, which reads any file, record by record.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pandas.api.types import union_categoricals
from pyarrow import csv as arrow

from .coded import category, coded, inverted, recoded
from .contract import normal
from .text import END, Bytes, Rows, closing, holds, text_rows

MOST_ODD = 10_000  # rows of another width: with more of them a file is read record by record
BLOCK = 1 << 18  # bytes that are read at a time: small ones reuse their memory, a longer line is not read so
TEXT = pa.dictionary(pa.int32(), pa.string())
ASCII_NAME = re.compile(r"[0-9a-z]+")
SKIPPED = "[^0-9A-Za-z]*"  # what `normal` leaves out of a text in ASCII


@dataclass(frozen=True)
class Suspects:
    """How the first cell of a row with a letter or figure begins, or what it is, when the row may hold no record."""

    beginnings: tuple[str, ...]  # normalised
    names: tuple[str, ...]  # normalised
    footer: re.Pattern[str]

    def among(self, distinct: pd.Index) -> np.ndarray:
        """Which of these texts are suspect."""
        beginnings, names = (
            "|".join(SKIPPED.join(word) for word in words if ASCII_NAME.fullmatch(word))
            for words in (self.beginnings, self.names)
        )
        pattern = f"^{SKIPPED}(({beginnings})|({names}){SKIPPED}$)|^{self.footer.pattern}"
        texts = pa.array(distinct, type=pa.string())
        found = np.array(pc.match_substring_regex(texts, pattern, ignore_case=True))
        for n in np.flatnonzero(~np.array(pc.string_is_ascii(texts))):
            found[n] = self._is_one(distinct[n])
        return found

    def _is_one(self, text: str) -> bool:
        plain = normal(text)
        return plain.startswith(self.beginnings) or plain in self.names or bool(self.footer.match(text))


def _without_letters(distinct: pd.Index) -> np.ndarray:
    """Which of these texts are nothing, or only dashes and other signs."""
    texts = pa.array(distinct, type=pa.string())
    found = np.array(pc.invert(pc.match_substring_regex(texts, "[0-9A-Za-z]")))
    for n in np.flatnonzero(found):
        found[n] = not normal(distinct[n])
    return found


@dataclass(frozen=True)
class Plain:
    """The rows under a header: columns of cells for all of the usual width, and the few to look at one by one."""

    cells: pd.DataFrame  # by line, a category a column
    is_looked_at: np.ndarray  # which of these rows are in `rows` too
    rows: Rows
    count: int  # of all rows
    is_quoted: bool  # whether a quote is anywhere

    def keeping(self, rows: Mapping[int, list[str]]) -> pd.DataFrame:
        """The rows that need no look, and of those to look at only these, by line."""
        keep = ~self.is_looked_at
        at = self.cells.index.get_indexer(list(rows))
        keep[at[at >= 0]] = True
        cells = _rows(self.cells, keep)
        odd = {line: rows[line] for line, place in zip(rows, at, strict=True) if place < 0}
        return _inserted(cells, by_row(odd, cells.shape[1])) if odd else cells


def by_row(rows: Mapping[int, list[str]], width: int) -> pd.DataFrame:
    """Cells as `Plain` has them, of rows of this width."""
    index = pd.Index(rows, name="row", dtype="int64")
    return pd.DataFrame(list(rows.values()), index=index, columns=range(width), dtype="str").astype("category")


def read(
    data: Bytes, separator: str, *, start: int, line: int, width: int, named: int, suspects: Suspects
) -> Plain | None:
    """The rows of a text in utf-8 from byte `start` on, where `line` begins; None when it cannot be read so.

    `width` is the number of cells that a row usually has. `named` of them have a header; what is filled beyond those
    makes a row suspect.
    """
    quoted = holds(data, b'"', start)
    parsed = _parsed(data, separator, start=start, width=width, quoted=quoted)
    if not parsed:
        return None
    table, odd = parsed
    with ThreadPoolExecutor(max_workers=2) as threads:
        found = list(threads.map(_column, table.columns))
    columns = [column for column in found if column is not None]
    if len(columns) < len(found):
        return None
    suspect = _suspect(columns, named, suspects) | _alone(columns[:named])
    suspect[np.flatnonzero(~suspect)[-1:]] = True  # the last record: what looks like a footer above it is none
    lines = _lines(line, len(suspect), [n for n, _ in odd])
    cells = pd.DataFrame(dict(enumerate(columns)), index=lines, copy=False)
    rows = sorted([*_listed(cells, suspect), *((line + n - 1, row) for n, row in odd)])
    return Plain(cells.iloc[:, :named], suspect, rows, len(suspect) + len(odd), quoted)


def _parsed(data: Bytes, separator: str, *, start: int, width: int, quoted: bool) -> tuple[pa.Table, Rows] | None:
    """All rows of this width as a table, and the other ones with the number of their line, from 1."""
    # The end is seen as a record of its own only when no quote is left open before it.
    body = data[start:] + closing(chr(data[-1])).encode() if quoted else pa.py_buffer(data)[start:]
    found = _arrow(body, separator, width=width, quoted=quoted, in_order=quoted)
    if found and found[1] and not quoted:  # once more: in order the rows are numbered
        found = _arrow(body, separator, width=width, quoted=False, in_order=True)
    if not found:
        return None
    table, texts = found
    if quoted and (not texts or texts.pop()[1] != END or table.num_rows + len(texts) + 1 != _count_lines(body)):
        return None
    odd = []
    for number, text in texts:
        rows, unclosed = text_rows(text, separator)
        if unclosed:
            return None
        odd.append((number, rows[0][1]))
    return table, odd


def _arrow(
    body: bytes | pa.Buffer, separator: str, *, width: int, quoted: bool, in_order: bool
) -> tuple[pa.Table, list[tuple[int, str]]] | None:
    """What Arrow makes of it: the table, and the text of each row of another width with its number if `in_order`."""
    odd: list[tuple[int, str]] = []

    def keep(row: arrow.InvalidRow) -> str:
        odd.append((row.number, row.text))
        return "skip" if len(odd) <= MOST_ODD else "error"

    names = [str(n) for n in range(width)]
    try:
        table = arrow.read_csv(
            pa.BufferReader(body),
            arrow.ReadOptions(column_names=names, use_threads=not in_order, block_size=BLOCK),
            arrow.ParseOptions(
                delimiter=separator, ignore_empty_lines=False, invalid_row_handler=keep, newlines_in_values=quoted
            ),
            arrow.ConvertOptions(column_types=dict.fromkeys(names, TEXT), null_values=[], strings_can_be_null=False),
        )
        table = table.unify_dictionaries().combine_chunks()
    except pa.ArrowInvalid:
        return None
    return table, odd


def _is_readable(cells: pa.DictionaryArray) -> bool:
    """Whether `csv` would read these cells too: it refuses long ones, as an open quote makes them."""
    return (pc.max(pc.utf8_length(cells.dictionary)).as_py() or 0) <= csv.field_size_limit()


def _count_lines(data: bytes) -> int:
    return 1 + data.count(b"\n") + data.count(b"\r") - data.count(b"\r\n")


def _lines(first: int, count: int, odd: Iterable[int]) -> pd.Index:
    """The lines of the rows of usual width: all but those of the `odd` ones, which are numbered from 1."""
    odd = np.array(list(odd), dtype="int64")
    if not len(odd):
        return pd.RangeIndex(first, first + count, name="row")
    return pd.Index(first + np.delete(np.arange(count + len(odd)), odd - 1), name="row")


def _column(column: pa.ChunkedArray) -> pd.Categorical | None:
    """One column of cells, without the blanks around them; None when it cannot be read so."""
    try:
        cells = column.combine_chunks()
    except pa.ArrowInvalid:
        return None
    if not _is_readable(cells):
        return None
    codes, distinct = cells.indices.to_numpy(), pc.utf8_trim_whitespace(cells.dictionary)
    if not distinct.equals(cells.dictionary):
        once = distinct.dictionary_encode()
        codes, distinct = recoded(codes, once.indices.to_numpy()), once.dictionary
    in_order = _sorted(distinct)
    return category(recoded(codes, inverted(in_order)), pd.Index(pd.array(distinct.take(in_order), dtype="str")))


def _sorted(texts: pa.StringArray) -> np.ndarray:
    """The positions of these texts in their order.

    Identifiers mostly have one length: then they lie in memory as an array of fixed width, which numpy sorts in a third
    of the time. The order is that of their bytes either way.
    """
    _, offsets, content = texts.buffers()
    ends = np.frombuffer(offsets, dtype="int32")[texts.offset : texts.offset + len(texts) + 1]
    width = int(ends[1] - ends[0]) if len(texts) else 0
    if width and (np.diff(ends) == width).all():
        return np.argsort(np.frombuffer(content, f"S{width}", len(texts), int(ends[0])))
    return pc.sort_indices(texts).to_numpy()


def _suspect(columns: list[pd.Categorical], named: int, suspects: Suspects) -> np.ndarray:
    """The rows whose first word is suspect, without a word, or with a filled cell beyond the named columns."""
    unseen = np.ones(len(columns[0]), dtype=bool)
    suspect = ~unseen
    for position, column in enumerate(columns):
        if unseen.any():
            is_nothing = _without_letters(column.categories)
            suspect |= unseen & _having(~is_nothing & suspects.among(column.categories), column)
            unseen &= _having(is_nothing, column)
        if position >= named:
            suspect |= ~_having(np.array(column.categories == ""), column)
    return suspect | unseen


def _alone(columns: list[pd.Categorical]) -> np.ndarray:
    """The rows with one filled cell: a note among the records, perhaps."""
    # Values are in order: a blank is the first of them. An index of all takes a tenth of a second.
    blank = [0 if column.categories[:1].tolist() == [""] else -1 for column in columns]
    if sum(place < 0 for place in blank) > 1:  # two columns are filled in every row
        return np.zeros(1, dtype=bool)
    filled = sum((column.codes != place).astype("int16") for column, place in zip(columns, blank, strict=True))
    return np.asarray(filled == 1)


def _having(wanted: np.ndarray, column: pd.Categorical) -> np.ndarray:
    """The rows with one of the wanted values; mostly there is none, which tells at once."""
    return wanted[column.codes] if wanted.any() else np.zeros(1, dtype=bool)


def _listed(cells: pd.DataFrame, wanted: np.ndarray) -> Rows:
    few = cells[wanted]
    columns = [few.iloc[:, n].tolist() for n in range(few.shape[1])]
    return [(line, list(row)) for line, *row in zip(few.index.tolist(), *columns, strict=True)]


def _rows(cells: pd.DataFrame, keep: np.ndarray) -> pd.DataFrame:
    """The rows to keep, without the words of the others; when those are the last ones, nothing is copied."""
    count = int(keep.sum())
    if count == len(keep):
        return cells
    kept = cells.iloc[:count] if keep[:count].all() else cells[keep]
    with ThreadPoolExecutor(max_workers=2) as threads:
        found = threads.map(lambda column: category(*coded(column)), [column for _, column in kept.items()])
        columns = dict(zip(kept.columns, found, strict=True))
    return pd.DataFrame(columns, index=kept.index, copy=False)


def _inserted(cells: pd.DataFrame, odd: pd.DataFrame) -> pd.DataFrame:
    """The cells with these rows in their place."""
    lines = np.append(cells.index, odd.index)
    in_order = np.argsort(lines)
    columns = {n: union_categoricals([cells[n], odd[n]]).take(in_order) for n in cells.columns}
    return pd.DataFrame(columns, index=pd.Index(lines[in_order], name="row"))
