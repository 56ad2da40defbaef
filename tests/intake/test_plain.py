"""The fast way through a text file: exactly what reading record by record gives, and taken where it can be."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from mp_eval.faults import Fault
from mp_eval.intake import coded, plain, read
from mp_eval.intake.contract import Contract
from mp_eval.intake.text import as_utf8

HEADER = "Inwoner;Datum gesprek;Soort gesprek"
ROWS = [f"p{n};{n % 28 + 1:02}-01-2024;eerste gesprek" for n in range(45)]
CELLS = st.sampled_from(
    [
        "", "", " ", "a", " b\xa0", "01-01-2024", "intake", "Totaal", "totaal:", "Eindtotaal 5", "T o t a a l",
        "Inwoner", "inwoner.", "Datum gesprek", "Soort gesprek", "Pagina 1", "AANTAL", "-", "…", "é", "İ", "ſubtotaal",
        '"', '""', '"x"', '"x;y"', '"a\nb"', '"a\r\nb"', 'x"y', '"x"y', ' "x"', '"Totaal"',
        "\x1f", "\u2028", "ﬁn", "'", "\\", "#", "NULL", "NA",
    ]
)  # fmt: skip
LINES = st.one_of(st.lists(CELLS, max_size=6).map(";".join), st.sampled_from([HEADER, *ROWS[:3]]))
ENDS = st.sampled_from(["\n", "\n", "\r\n", "\r", "\n\n"])
Read = tuple[list[str], list[int], list[list[str]], dict[str, object], list[Fault]]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    above=st.lists(LINES, max_size=3),
    within=st.lists(st.tuples(LINES, ENDS), max_size=12),
    below=st.lists(st.tuples(LINES, ENDS), max_size=3),
    tail=st.sampled_from(["", ";", ";;"]),
    end=ENDS,
    block=st.sampled_from([64, 300, 1 << 18]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
)
@example([], [('a;"b\nc";d', "\n")], [], "", "\n", 64, "utf-8")
@example([], [("a;b;c;", "\n"), ("a;b;c;d", "\n"), ("a", "\n")], [("Pagina 1", "")], "", "\n", 64, "utf-8")
@example([], [('a;b;"c', "\n")], [], "", "\n", 64, "utf-8")
@example([], [], [('a;b;c;;"d\ne";"f"', "\n\n")], ";;", "\n", 300, "utf-8")  # a block that ends between quotes
def test_columns_are_what_records_are(
    tmp_path: Path, contract: Contract, above, within, below, tail, end, block, encoding
) -> None:
    body = "".join(line + stop for line, stop in within)
    last = "".join(line + stop for line, stop in below)
    usual = "".join(f"{row}{tail}{end}" for row in ROWS)
    text = "".join(f"{line}\n" for line in above) + HEADER + tail + end + usual + body + usual + last
    path = tmp_path / "gesprekken.csv"
    path.write_bytes(text.encode(encoding, errors="replace"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plain, "BLOCK", block)
        by_column = _read(path, contract)
        patch.setattr(plain, "read", lambda *_, **__: None)
        by_record = _read(path, contract)
    assert by_column == by_record


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text,
        lambda text: text.replace("eerste gesprek", '"eerste gesprek"'),
        lambda text: "Selectie: MP\n\n" + text + "Totaal;;45\n\nAfgedrukt op 01-02-2025\n",
        lambda text: text.replace("\n", ";\n"),
        lambda text: text.replace("p7;", "p7;x;"),
        lambda text: text.replace("\n", "\r"),
    ],
    ids=["plain", "quoted", "framed", "a separator at each end", "a row too wide", "old line ends"],
)
def test_the_fast_way_is_taken(tmp_path: Path, contract: Contract, monkeypatch: pytest.MonkeyPatch, change) -> None:
    monkeypatch.setattr(read, "_read_records", lambda *_, **__: pytest.fail("read record by record"))
    path = tmp_path / "gesprekken.csv"
    path.write_text(change("\n".join([HEADER, *ROWS, ""])), encoding="utf-8")
    assert len(_read(path, contract)[2]) in (44, 45)


@pytest.fixture
def longest() -> Iterator[int]:
    """How long a field `csv` accepts, whatever another package has set."""
    before = csv.field_size_limit(1000)
    yield 1000
    csv.field_size_limit(before)


def test_a_cell_that_csv_refuses_is_refused(tmp_path: Path, contract: Contract, longest: int) -> None:
    path = tmp_path / "gesprekken.csv"
    path.write_text("\n".join([HEADER, *ROWS, f"{'x' * (longest + 1)};01-01-2024;intake", ""]), encoding="utf-8")
    assert [fault.rows for fault in _read(path, contract)[4]] == [(47,)]


@pytest.mark.parametrize("text", ["é", "", "a\n"])
def test_a_file_in_utf8_is_read_where_it_is(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")
    assert as_utf8(path)[:] == text.encode()


def _read(path: Path, contract: Contract) -> Read:
    sheets, faults, _ = read.read(path, contract, file=path.name)
    if not sheets:
        return [], [], [], {}, faults
    cells = sheets[0].cells
    assert len(cells) + sum(map(len, sheets[0].left.values())) == sheets[0].rows
    return (
        list(cells.columns),
        list(cells.index),
        cells.to_numpy().tolist(),
        {**sheets[0].left, "all": sheets[0].rows},
        faults,
    )


@given(st.lists(st.text("a\0é€Z9 ", max_size=4), unique=True), st.integers(0, 2))
@example(["b", "a", "c"], 1)
@example(["é", "zz", "aa"], 0)
def test_texts_are_in_the_order_of_their_bytes_whatever_their_lengths(texts: list[str], skipped: int) -> None:
    found = plain._sorted(pa.array(texts, type=pa.string())[skipped:])
    texts = texts[skipped:]
    assert [texts[n] for n in found] == sorted(texts, key=str.encode)


@pytest.mark.parametrize("rows", [0, 1, 3])
def test_a_column_without_a_value_tells_no_row_from_another(rows: int) -> None:
    values, none = (pd.Series(made, dtype="category") for made in (list("aba")[:rows], [None] * rows))
    expected = np.array([0, 1, 0])[:rows]
    for columns in ([values], [none, values], [values, none], [none, none, values, none]):
        assert coded.row_numbers(columns)[0].tolist() == expected.tolist()
    assert coded.row_numbers([none, none])[0].tolist() == [0] * rows


@given(st.lists(st.text("ab\U0001f600é ", max_size=3), max_size=4))
def test_values_are_in_order_when_each_is_greater_than_the_one_before(texts: list[str]) -> None:
    assert coded._ascends(pd.Index(pd.array(texts, dtype="str"))) == (texts == sorted(set(texts)))


def test_a_column_is_the_same_where_pandas_looks_at_its_values_once_more(monkeypatch: pytest.MonkeyPatch) -> None:
    codes, distinct = np.array([1, -1, 0]), pd.Index(pd.array(["a", "b"], dtype="str"))
    quickly = coded.category(codes, distinct)
    monkeypatch.setattr(coded, "TRUSTED", pd.CategoricalDtype)
    pd.testing.assert_extension_array_equal(quickly, coded.category(codes, distinct))
    assert quickly.dtype == coded.category(codes, distinct).dtype


@pytest.mark.parametrize("twice", [["a", "a"], ["b", "a", "b"]])
def test_a_value_that_is_there_twice_makes_no_column(twice: list[str]) -> None:
    with pytest.raises(ValueError, match="unique"):
        coded.category(np.array([0]), pd.Index(pd.array(twice, dtype="str")))
