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
from collections.abc import Mapping

import numpy as np
import pandas as pd
import pyarrow as pa
from pandas.util import hash_array

from .coded import category, inverted, recoded

BEGINS, LENGTH = "qzx", 13  # letters of five bits, for a hash of 64
LETTERS = np.frombuffer(b"234567abcdefghijklmnopqrstuvwxyz", dtype="uint8")  # ordered, so marks are as their hashes
SHAPE = re.compile(rf"{BEGINS}[2-7a-z]{{{LENGTH}}}", re.IGNORECASE)
KEY = "mp-eval resident"  # no secret: the hash asks for sixteen letters


def marked(tables: Mapping[str, pd.DataFrame]) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """The tables with marks in place of identifiers, and the list that leads back.

    Grain of the list: a resident, in the order of the marks. Columns: mark, identifier.

    >>> names = pd.Series(["105000", "A1", "105000"], dtype="category")
    >>> made, people = marked({"conversations": pd.DataFrame({"resident": names})})
    >>> made["conversations"]["resident"].tolist()
    ['qzxipmxvqvx6gwww', 'qzxaglauteouuzzr', 'qzxipmxvqvx6gwww']
    >>> people["identifier"].tolist()
    ['A1', '105000']
    """
    found: list[tuple[pd.Index, np.ndarray]] = []
    made = dict(tables)
    for name, table in tables.items():
        if "resident" in table:
            people = table["resident"].array
            hashes = next((h for others, h in found if others.equals(people.categories)), None)
            if hashes is None:
                hashes = hash_array(people.categories.to_numpy(dtype=object), hash_key=KEY, categorize=False)
                found.append((people.categories, hashes))
            in_order = np.argsort(hashes)
            codes = recoded(people.codes, inverted(in_order))
            made[name] = table.assign(resident=category(codes, _marks(hashes[in_order])))
    identifiers = pd.Index([], dtype="str").append([some for some, _ in found])
    hashes, first = np.unique(np.concatenate([np.zeros(0, "uint64"), *(h for _, h in found)]), return_index=True)
    return made, pd.DataFrame({"mark": _marks(hashes), "identifier": identifiers[first]})


def _marks(hashes: np.ndarray) -> pd.Index:
    """The mark of each hash. Two of a million residents have the same with a chance of one in thirty million."""
    text = np.empty((len(hashes), len(BEGINS) + LENGTH), dtype="uint8")
    text[:, : len(BEGINS)] = np.frombuffer(BEGINS.encode(), dtype="uint8")
    for n in range(LENGTH):
        text[:, -1 - n] = LETTERS[((hashes >> np.uint64(5 * n)) & np.uint64(31)).astype("uint8")]
    ends = np.arange(len(hashes) + 1, dtype="int64") * text.shape[1]
    texts = pa.LargeStringArray.from_buffers(len(hashes), pa.py_buffer(ends), pa.py_buffer(text))
    return pd.Index(pd.array(texts, dtype="str"))
