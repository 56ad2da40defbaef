"""What differs between two releases: counted before modelled, the largest first."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from mp_eval import tidy
from mp_eval.digests import sha256
from mp_eval.publish import formulas
from mp_eval.publish.differences import DATA, changes, since
from mp_eval.released import MANIFEST


def release(folder: Path, *rows: dict[str, object]) -> Path:
    folder.mkdir()
    tidy.table(rows).to_csv(folder / DATA, index=False, sep=";")
    return folder


def rows(path: float, spoken: int, share: float) -> list[dict[str, object]]:
    month = {"breakdown": "consultants>month", "category": "3>2026-01"}
    return [
        tidy.row("2024", "waiting_path", path, **month),
        tidy.row("2024", "spoken", spoken),
        tidy.row("2024", "activation_rate", share),
    ]


def test_what_a_model_worked_out_comes_after_all_that_was_counted(tmp_path: Path) -> None:
    old, new = release(tmp_path / "old", *rows(100, 175, 0.2)), release(tmp_path / "new", *rows(400, 176, 0.3))
    assert [c.measure for c in changes(old, new)] == ["spoken", "activation_rate", "waiting_path"]


def test_a_name_that_excel_would_calculate_is_told_as_it_was_delivered(tmp_path: Path) -> None:
    def of(value: int) -> pd.DataFrame:
        row = tidy.row("2024", "trajectories_started", value, breakdown="provider", category="=Werk")
        return formulas.as_text(tidy.table([row]))

    for folder, value in (("old", 10), ("new", 20)):
        (tmp_path / folder).mkdir()
        of(value).to_csv(tmp_path / folder / DATA, index=False, sep=";")
    assert [c.category for c in changes(tmp_path / "old", tmp_path / "new")] == ["=Werk"]


def test_what_stayed_is_no_change(tmp_path: Path) -> None:
    old, new = release(tmp_path / "old", *rows(100, 175, 0.2)), release(tmp_path / "new", *rows(100, 175, 0.2))
    assert changes(old, new) == []


@pytest.mark.parametrize(
    ("least", "told"),
    [(0, [("afgeschermd", "9"), ("175", "180"), ("50", "54"), ("20,0%", "30,0%")]), (5, [("175", "180")])],
)
def test_a_public_release_tells_of_no_change_of_a_few(tmp_path: Path, least: int, told: list[tuple[str, str]]) -> None:
    """One late record changes a share as well; what is hidden on one side is told on neither."""

    def of(spoken: int, activated: int, share: float, talks: int | None) -> list[dict[str, object]]:
        return [
            tidy.row("2024", "spoken", spoken),
            tidy.row("2024", "activated", activated),
            tidy.row("2024", "activation_rate", share),
            tidy.row("2024", "conversations", talks, status="final" if talks else "hidden"),
        ]

    old, new = release(tmp_path / "old", *of(175, 50, 0.2, None)), release(tmp_path / "new", *of(180, 54, 0.3, 9))
    (old / MANIFEST).write_text(json.dumps({"files": {DATA: sha256(old / DATA)}}), encoding="utf-8")
    assert [row[1:3] for row in since(old, new, least) or ()] == told
