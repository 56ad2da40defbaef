"""The data files: what stands beside a table describes it, and another program reads it by that."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import csvw
import frictionless
import pandas as pd
import pytest
from frictionless.formats import CsvControl

from mp_eval import tidy
from mp_eval.evaluation import Evaluation
from mp_eval.publish import formulas
from mp_eval.publish.datafiles import csv, datafiles

TABLES = ["metingen.csv", "aansluiting.csv", "inname.csv", "begrippen.csv"]


@pytest.fixture(scope="module")
def made(committed: Evaluation) -> dict[str, bytes]:
    return datafiles(committed)


def described(made: dict[str, bytes], name: str) -> dict[str, Any]:
    return json.loads(made[f"{name}-metadata.json"])


def test_every_table_has_its_metadata_beside_it(made: dict[str, bytes]) -> None:
    assert sorted(made) == sorted([*TABLES, *(f"{name}-metadata.json" for name in TABLES)])
    assert [described(made, name)["url"] for name in TABLES] == TABLES


@pytest.mark.parametrize("name", TABLES)
def test_the_columns_are_the_described_ones_in_order(made: dict[str, bytes], name: str) -> None:
    columns = described(made, name)["tableSchema"]["columns"]
    header = made[name].decode("utf-8-sig").partition("\r\n")[0].split(";")
    assert [column["titles"] for column in columns] == header
    assert all(len(column["dc:description"]) > 10 for column in columns)


@pytest.mark.parametrize("name", TABLES)
def test_another_program_reads_it_by_its_metadata(made: dict[str, bytes], name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(made[name])
    report = frictionless.Resource(
        path=name,
        basepath=str(tmp_path),
        encoding="utf-8-sig",
        dialect=frictionless.Dialect(controls=[CsvControl(delimiter=";")]),
        schema=_table_schema(described(made, name)),
    ).validate()
    assert report.valid, report.flatten(["rowNumber", "fieldName", "note"])[:5]


@pytest.mark.parametrize("name", TABLES)
def test_it_fits_its_metadata_by_a_reader_of_csv_on_the_web(made: dict[str, bytes], name: str, tmp_path: Path) -> None:
    rows = read_by_csvw(made, name, tmp_path)
    assert len(rows) == made[name].decode("utf-8-sig").count("\r\n") - 1


def test_a_value_that_does_not_fit_is_found_by_that_reader(made: dict[str, bytes], tmp_path: Path) -> None:
    spoiled = made["metingen.csv"].replace(b";1,0;", b";1.0e-5;", 1)
    with pytest.raises(ValueError, match="for decimal"):
        read_by_csvw({**made, "metingen.csv": spoiled}, "metingen.csv", tmp_path)


def read_by_csvw(made: dict[str, bytes], name: str, folder: Path) -> list[dict[str, Any]]:
    """The rows as the package csvw reads them by the metadata, which it refuses where they do not fit."""
    for file in (name, f"{name}-metadata.json"):
        (folder / file).write_bytes(made[file])
    (table,) = csvw.CSVW(str(folder / f"{name}-metadata.json"), validate=True).tables
    return list(table.iterdicts())


def test_shares_lie_between_nought_and_one_and_nothing_has_a_tail(made: dict[str, bytes], tmp_path: Path) -> None:
    rows = read_by_csvw(made, "metingen.csv", tmp_path)
    shares = [row for row in rows if row["unit"] == "share" and not tidy.MEASURES[row["measure"]].ratio]
    bounds = [row[c] for row in shares for c in ("low", "high") if row[c] is not None]
    assert all(-1 <= bound <= 1 for bound in bounds)  # a difference of shares may be negative
    assert {0, 1} <= set(bounds)
    text = made["metingen.csv"].decode("utf-8-sig")
    assert not re.search(r"\d[eE][-+]?\d+;|,\d*9{10}|,\d*0{10}\d|,\d{13}", text)


@pytest.mark.parametrize(("name", "table"), [("metingen.csv", "measures"), ("aansluiting.csv", "reconciliation")])
def test_reading_it_back_gives_every_number(
    made: dict[str, bytes], committed: Evaluation, tmp_path: Path, name: str, table: str
) -> None:
    (tmp_path / name).write_bytes(made[name])
    frame: pd.DataFrame = getattr(committed, table)
    kinds = {c: "Float64" if frame[c].dtype == "Float64" else "str" for c in frame}
    read = pd.read_csv(tmp_path / name, sep=";", decimal=",", dtype=kinds, keep_default_na=False, na_values={
        c: [""] for c, kind in kinds.items() if kind == "Float64"
    })  # fmt: skip
    pd.testing.assert_frame_equal(read, frame, check_dtype=False)


def test_a_hidden_value_is_empty_and_its_status_is_known(committed: Evaluation) -> None:
    measures = committed.measures.copy()
    measures.loc[0, ["value", "status"]] = [pd.NA, "hidden"]
    made = datafiles(replace(committed, measures=measures))
    row = made["metingen.csv"].decode("utf-8-sig").splitlines()[1].split(";")
    columns = {c["name"]: c for c in described(made, "metingen.csv")["tableSchema"]["columns"]}
    assert (row[4], row[12]) == ("", "hidden")
    assert re.fullmatch(columns["status"]["datatype"]["format"], "hidden")


def test_the_metadata_warns_as_the_pages_do(made: dict[str, bytes]) -> None:
    assert "Verzonnen gegevens." in described(made, "metingen.csv")["dc:description"]


def test_a_table_is_the_same_bytes_on_every_system() -> None:
    assert csv(pd.DataFrame({"a": [1.5], "b": ["é"]})) == b"\xef\xbb\xbfa;b\r\n1,5;\xc3\xa9\r\n"


def _table_schema(metadata: dict[str, Any]) -> frictionless.Schema:
    """The same schema in the words of Table Schema: an independent reading of what CSVW says."""
    fields = []
    for column in metadata["tableSchema"]["columns"]:
        kind = column["datatype"]
        base = kind["base"] if isinstance(kind, dict) else kind
        spec: dict[str, Any] = {"name": column["name"], "type": "number" if base == "decimal" else "string"}
        if base == "decimal":
            spec["decimalChar"] = kind["format"]["decimalChar"]
        elif isinstance(kind, dict):
            spec["constraints"] = {"pattern": kind["format"]}
        if column["required"]:
            spec.setdefault("constraints", {})["required"] = True
        fields.append(spec)
    return frictionless.Schema.from_descriptor(
        {"fields": fields, "primaryKey": metadata["tableSchema"].get("primaryKey", [])}
    )


FORMULAS = ["=1+1", "@Work", "+Werkt", "-x", "\t=1", "\r=1", " =1+1", "=cmd|' /C calc'!A0", "\uff1d1+1", "-"]


@pytest.mark.parametrize("text", FORMULAS[:-1])
def test_excel_finds_no_formula_in_a_text(text: str) -> None:
    (_, line, *_) = csv(pd.DataFrame({"category": [text]}, dtype="str")).decode("utf-8-sig").split("\n")
    assert line.lstrip('"').startswith("'")


@pytest.mark.parametrize("text", ["-", "-12,5", "+3", "De Brug = goed", "a@b", "'s-Gravenhage"])
def test_what_is_no_formula_stays_as_it_is(text: str) -> None:
    assert csv(pd.DataFrame({"category": [text]}, dtype="str")).decode("utf-8-sig").split("\r\n")[1] == text


def test_what_was_meant_is_read_back() -> None:
    table = pd.DataFrame({"category": [*FORMULAS, "'s-Gravenhage", None]}, dtype="str")
    pd.testing.assert_frame_equal(formulas.as_meant(formulas.as_text(table)), table)
