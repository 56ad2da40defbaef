"""Marks: what a resident is called once a delivery has been taken in.

What a municipality delivers may be any number or word, such as 105000, A1 or 2024, that a page or a workbook holds too.
So no delivered identifier goes further than intake. A mark can be nothing else: three letters with which no word
begins, and thirteen of its own. Anything that was made can be searched for marks without knowing a single resident.

A mark follows from the identifier alone, so a person has the same one in every period, whatever was delivered before or
after, and the same delivery gives the same bytes. It is to be recognised, not to keep a secret: that a program which
tries all client numbers could lead back is no loss where the list that leads back lies beside it, in `data/processed`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

import numpy as np
import pandas as pd
import pyarrow as pa
from pandas.util import hash_array

from .coded import category, recoded

BEGINS, LENGTH = "qzx", 13  # letters of five bits, for a hash of 64
LETTERS = np.frombuffer(b"234567abcdefghijklmnopqrstuvwxyz", dtype="uint8")  # ordered, so marks are as their hashes
SHAPE = re.compile(rf"{BEGINS}[2-7a-z]{{{LENGTH}}}", re.IGNORECASE)
KEPT = np.array([(1 << 8 * n) - 1 for n in range(9)], dtype="uint64")  # of a word the first n bytes


class SameMarkError(ValueError):
    """Two residents would have the same mark."""


class Hashes:
    """The numbers that residents' identifiers have. Tables often have the same residents, who are then hashed once.

    >>> hashes = Hashes()
    >>> hashes.strangers(pd.Index(["A1", "B2"]), among=[pd.Index(["A1"]), pd.Index(["C3"])]).tolist()
    [1]
    """

    def __init__(self) -> None:
        self._known: list[tuple[pd.Index, np.ndarray]] = []

    def of(self, identifiers: pd.Index) -> np.ndarray:
        """A number for each; identifiers that differ and have the same one are refused by `marked`."""
        for known, hashes in self._known:
            if known is identifiers or known.equals(identifiers):
                return hashes
        made = _hashed(_text(identifiers))
        self._known.append((identifiers, made))
        return made

    def strangers(self, identifiers: pd.Index, *, among: Sequence[pd.Index]) -> np.ndarray:
        """The positions of those that are not among the known ones."""
        own, known = self.of(identifiers), [self.of(some) for some in among]
        if any(own is some for some in known):
            return np.zeros(0, dtype="int64")
        ordered, asked = np.sort(np.concatenate(known)), np.sort(own)  # in order they are found sooner
        at = np.minimum(np.searchsorted(ordered, asked), len(ordered) - 1)
        return np.flatnonzero(np.isin(own, asked[ordered[at] != asked]))


def marked(
    tables: Mapping[str, pd.DataFrame], hashes: Hashes | None = None
) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """The tables with marks in place of identifiers, and the list that leads back.

    Grain of the list: a resident, in the order of the marks. Columns: mark, identifier. `hashes` may know some already.

    Raises
    ------
    SameMarkError
        When two residents would have the same mark.

    Examples
    --------
    >>> names = pd.Series(["105000", "A1", "105000"], dtype="category")
    >>> made, people = marked({"conversations": pd.DataFrame({"resident": names})})
    >>> made["conversations"]["resident"].tolist()
    ['qzx5apq7wbov75i5', 'qzx3xcswjhiiwgoy', 'qzx5apq7wbov75i5']
    >>> people["identifier"].tolist()
    ['A1', '105000']
    """
    hashes = hashes or Hashes()
    residents = {name: table["resident"].array for name, table in tables.items() if "resident" in table}
    lists = {
        id(numbers): (column.categories, numbers)
        for column in residents.values()
        for numbers in [hashes.of(column.categories)]
    }
    people, places = _everybody([names for names, _ in lists.values()], [numbers for _, numbers in lists.values()])
    marks, place_of = pd.Index(people["mark"].array), dict(zip(lists, places, strict=True))
    made = dict(tables)
    for name, column in residents.items():
        place = place_of[id(hashes.of(column.categories))]
        occurs = np.zeros(len(marks), dtype=bool)
        occurs[place] = True
        own = marks if occurs.all() else marks[occurs]
        place = np.cumsum(occurs)[place] - 1
        made[name] = tables[name].assign(resident=category(recoded(column.codes, place), own))
    return made, people


def agree(lists: Iterable[pd.DataFrame]) -> bool:
    """Whether no mark stands for two residents in these lists, each of a delivery.

    >>> one, two = (pd.DataFrame({"mark": ["qzxa"], "identifier": [name]}) for name in ("A1", "A2"))
    >>> agree([one, one]), agree([one, two])
    (True, False)
    """
    everybody = pd.concat(lists, ignore_index=True).drop_duplicates()
    return bool(everybody["mark"].is_unique)


def _everybody(lists: Sequence[pd.Index], numbers: Sequence[np.ndarray]) -> tuple[pd.DataFrame, list[np.ndarray]]:
    """Each resident once with a mark, in the order of the marks; and of each list the places of its residents there."""
    identifiers = _text(pd.Index([], dtype="str").append(list(lists)))
    together = np.concatenate([np.zeros(0, "uint64"), *numbers])
    own, in_order = np.arange(len(together)), np.argsort(together)
    ordered = together[in_order]
    is_new = np.append(np.ones(min(1, len(ordered)), dtype=bool), ordered[1:] != ordered[:-1])
    hashes = ordered[is_new]
    places, of_place = np.empty(len(together), dtype="int64"), np.empty(len(hashes), dtype="int64")
    places[in_order] = np.cumsum(is_new) - 1
    of_place[places[::-1]] = own[::-1]  # the first list's, whose order the others mostly have
    again = np.flatnonzero(of_place[places] != own)  # an identifier, or its number, that an earlier list has
    if not identifiers.take(of_place[places[again]]).equals(identifiers.take(again)):
        raise SameMarkError("twee inwoners krijgen hetzelfde merkteken; geef een van beiden een ander nummer")
    names = pd.array(identifiers.take(of_place), dtype="str")
    of_each = [places[begin:end] for begin, end in pairwise(np.cumsum([0, *map(len, numbers)]))]
    return pd.DataFrame({"mark": _marks(hashes), "identifier": names}), of_each


def _text(identifiers: pd.Index) -> pa.LargeStringArray:
    text = pa.array(identifiers, type=pa.large_string())
    return text.combine_chunks() if isinstance(text, pa.ChunkedArray) else text  # in one piece it is taken from faster


def _hashed(text: pa.LargeStringArray) -> np.ndarray:
    """The hash of each: that of its length, mixed with its bytes by eight. String by string takes ten times as long."""
    _, offsets, content = text.buffers()
    ends = np.frombuffer(offsets, dtype="int64")[text.offset : text.offset + len(text) + 1]
    padded = np.frombuffer(content.to_pybytes() if content else b"", dtype="uint8")
    padded = np.append(padded, np.zeros(8, dtype="uint8"))
    words = np.ndarray(len(padded) - 7, dtype="<u8", buffer=padded, strides=(1,))  # one begins at each byte
    lengths = np.diff(ends)
    hashes = hash_array(lengths.astype("uint64"))
    for at in range(0, int(lengths.max(initial=0)), 8):
        longer = slice(None) if (lengths > at).all() else np.flatnonzero(lengths > at)
        word = words[ends[:-1][longer] + at] & KEPT[np.minimum(lengths[longer] - at, 8)]
        hashes[longer] = hash_array(hashes[longer] ^ word)
    return hashes


def _marks(hashes: np.ndarray) -> pd.Index:
    """The mark of each hash. Two of a million residents have the same with a chance of one in thirty million."""
    text = np.empty((len(hashes), len(BEGINS) + LENGTH), dtype="uint8")
    text[:, : len(BEGINS)] = np.frombuffer(BEGINS.encode(), dtype="uint8")
    for n in range(LENGTH):
        text[:, -1 - n] = LETTERS[((hashes >> np.uint64(5 * n)) & np.uint64(31)).astype("uint8")]
    ends = np.arange(len(hashes) + 1, dtype="int64") * text.shape[1]
    texts = pa.LargeStringArray.from_buffers(len(hashes), pa.py_buffer(ends), pa.py_buffer(text))
    return pd.Index(pd.array(texts, dtype="str"))
