"""Another municipality's extract - other file names, headers, words, dates - is let in by its settings alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from mp_eval import workspace as places
from mp_eval.faults import FaultsFound, Reason
from mp_eval.intake import clean
from mp_eval.intake import contract as contracts
from mp_eval.intake.clean import Delivery
from mp_eval.workspace import Workspace

SETTINGS = """
[municipality]
name = "Elders"

[[periods]]
id = "2024"
start = 2024-01-01
end = 2025-01-01

[intake.residents]
files = ["SZ_PERS"]
headers = { resident = ["Subjectnr"], benefit_start = ["Dat. ing."], benefit_end = ["Dat. eind"], sex = ["Gesl."] }
values = { sex = { "1" = "man", "2" = "vrouw" } }
missing = ["00000000"]
date_format = "%Y%m%d"

[intake.conversations]
files = ["SZ_CONT"]
headers = { resident = ["Subjectnr"], date = ["Dat. contact"], kind = ["Srt"] }
values = { kind = { "HH" = "eerste gesprek", "VG" = "progress" } }
date_format = "%Y%m%d"

[intake.activities]
files = ["SZ_ACT"]
headers = { resident = ["Subjectnr"], activity = ["Srt"], start = ["Dat. ing."], end = ["Dat. eind"] }
values = { activity = { "MZ" = "mantelzorg", "VW" = "vrijwilligerswerk" } }
missing = ["00000000"]
date_format = "%Y%m%d"

[intake.trajectories]
files = ["SZ_TRJ"]
headers = { resident = ["Subjectnr"], start = ["Dat. ing."], provider = ["Uitvoerder"] }
date_format = "%Y%m%d"
"""
FOREIGN = {
    "source.toml": 'producer = "SZ"\nextracted = 2025-02-01\nsynthetic = true\n',
    "SZ_PERS_20250201.txt": (
        "Subjectnr\tDat. ing.\tDat. eind\tGesl.\tWijk\na1\t20190301\t00000000\t1\t4\na2\t20200101\t20241231\t2\t5\n"
    ),
    "SZ_CONT_20250201.txt": "Subjectnr\tDat. contact\tSrt\na1\t20240105\tHH\na2\t20240301\tvg\n",
    "SZ_ACT_20250201.txt": "Subjectnr\tSrt\tDat. ing.\tDat. eind\na1\tMZ\t20240201\t00000000\n",
    "SZ_TRJ_20250201.txt": "Subjectnr\tDat. ing.\tUitvoerder\n",
}


@pytest.fixture
def foreign(tmp_path: Path) -> Workspace:
    """Another municipality's folder, with its own extract and nothing of ours but mp-eval itself."""
    for name, text in {places.SETTINGS_FILE: SETTINGS, **{f"data/raw/2024/{n}": t for n, t in FOREIGN.items()}}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return places.find(tmp_path)


@pytest.fixture
def let_in(foreign: Workspace) -> Delivery:
    return clean.take_in(foreign, contracts.read(foreign), foreign.period("2024"))


@pytest.mark.parametrize(
    ("table", "column", "values"),
    [
        ("residents", "benefit_end", [pd.NaT, pd.Timestamp(2024, 12, 31)]),
        ("residents", "sex", ["man", "woman"]),
        ("conversations", "date", [pd.Timestamp(2024, 1, 5), pd.Timestamp(2024, 3, 1)]),
        ("conversations", "kind", ["first", "progress"]),
        ("activities", "activity", ["informal_care"]),
        ("activities", "end", [pd.NaT]),
        ("trajectories", "resident", []),
    ],
)
def test_settings_alone_let_a_foreign_extract_in(
    let_in: Delivery, table: str, column: str, values: list[object]
) -> None:
    assert let_in.tables[table][column].tolist() == values


def test_a_foreign_extract_is_refused_without_the_settings(foreign: Workspace) -> None:
    bare = Workspace(foreign.root, replace(foreign.settings, intake={}))
    with pytest.raises(FaultsFound) as error:
        clean.take_in(bare, contracts.read(bare), bare.period("2024"))
    assert {f.reason for f in error.value.faults} == {Reason.UNKNOWN_FILE, Reason.MISSING_TABLE}


@pytest.mark.parametrize(
    ("wrong", "key"),
    [
        ("[intake.people]\n", "intake.people"),
        ("[intake.residents.headers]\ngender = []\n", "intake.residents.headers.gender"),
        ('[intake.residents.values.sex]\n"3" = "divers"\n', "intake.residents.values.sex.3"),
    ],
)
def test_a_setting_that_names_nothing_of_the_contract_is_refused(tmp_path: Path, wrong: str, key: str) -> None:
    (tmp_path / places.SETTINGS_FILE).write_text('[municipality]\nname = "x"\n' + wrong, encoding="utf-8")
    with pytest.raises(FaultsFound) as error:
        contracts.read(places.find(tmp_path))
    assert [f.column for f in error.value.faults] == [key]


def test_a_foreign_delivery_is_counted_in_full(let_in: Delivery) -> None:
    kept = let_in.counts.set_index("table")["kept"].to_dict()
    assert kept == {"activities": 1, "conversations": 2, "residents": 2, "trajectories": 0}


@pytest.mark.parametrize("wrong", ["05-01-2024", "2024105", "20240230"])
def test_a_foreign_date_has_exactly_the_form_that_was_set(foreign: Workspace, wrong: str) -> None:
    path = foreign.raw / "2024" / "SZ_CONT_20250201.txt"
    path.write_text(path.read_text(encoding="utf-8").replace("20240105", wrong), encoding="utf-8")
    with pytest.raises(FaultsFound) as error:
        clean.take_in(foreign, contracts.read(foreign), foreign.period("2024"))
    assert [(f.reason, f.rows, f.expected) for f in error.value.faults] == [(Reason.DATE, (2,), "jjjjmmdd")]
