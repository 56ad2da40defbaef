"""A municipal register of another country, as its published layout says it, is let in by settings alone.

The layout is that of KOSTRA 11CF for 2025 (Statistisk sentralbyrå, statisticsnorway/kostra-kontrollprogram). The
people in `kostra/` are made up, and were so before any of this was tried. The settings are those of the documentation.
"""

from __future__ import annotations

import re
import shutil
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from mp_eval import workspace as places
from mp_eval.faults import FaultsFound, Reason
from mp_eval.intake import clean, pseudonyms
from mp_eval.intake import contract as contracts
from mp_eval.present.wording import words
from mp_eval.workspace import Workspace

HERE = Path(__file__).parent
DOCUMENT = HERE.parents[1] / "docs" / "koppelingen.md"
LIST = "kodeliste viktigste inntekt.csv"
PERIOD = '[municipality]\nname = "Fjellby"\n\n[[periods]]\nid = "2025"\nstart = 2025-01-01\nend = 2026-01-01\n\n'
NOTE = (
    'producer = "NAV"\nextracted = 2026-01-15\nsynthetic = true\n'
    'not_delivered = ["inwoners", "gesprekken", "activiteiten", "trajecten"]\n'
)
KEY = b"k" * 32
CODES = {"01": "11", "11": "11", "04": "01", "13": "15", "14": "15", "16": "98"}


def shown() -> str:
    """The settings that the documentation shows."""
    text = DOCUMENT.read_text(encoding="utf-8").partition("## Een ander register")[2]
    (found,) = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    return found


def delivered(folder: Path, settings: str) -> Workspace:
    """A workspace with both files, without what identifies a person, and the code list."""
    raw = folder / "data" / "raw" / "2025"
    raw.mkdir(parents=True)
    (folder / places.SETTINGS_FILE).write_text(PERIOD + settings, encoding="utf-8")
    (raw / "source.toml").write_text(NOTE, encoding="utf-8")
    shutil.copy(HERE / "kostra" / LIST, raw)
    for path in (HERE / "kostra").glob("11CF*.csv"):
        (raw / path.name).write_bytes(_pseudonymised(path))
    return places.find(folder)


@cache
def _pseudonymised(path: Path) -> bytes:
    away = ["PERSON_JOURNALNR", "SAKSBEHANDLER"]
    return pseudonyms.pseudonymise(path.read_bytes(), KEY, column="PERSON_FODSELSNR", drop=away, year=["FODSELSDATO"])


def let_in(workspace: Workspace) -> pd.DataFrame:
    return clean.take_in(workspace, contracts.read(workspace), workspace.period("2025")).tables["benefits"]


def reasons(benefits: pd.DataFrame) -> list[str]:
    """Why each ended, in the order of their begin."""
    return benefits.sort_values("start")["end_reason"].astype("object").fillna("").tolist()


def without_a_list(folder: Path, codes: dict[str, str]) -> Workspace:
    """The same, with what each code means in the settings."""
    settings = re.sub(r"\[intake\.benefits\.codes\.end_reason\].*?\n\n", "", shown(), flags=re.DOTALL)
    before = settings.partition("[intake.benefits.values.end_reason]")[0]
    said = "".join(f'"{code}" = "{word}"\n' for code, word in codes.items())
    workspace = delivered(folder, f"{before}[intake.benefits.values.end_reason]\n{said}")
    (workspace.raw / "2025" / LIST).unlink()
    return workspace


def test_what_the_documentation_shows_lets_the_register_in(tmp_path: Path) -> None:
    """Twelve people: six are in both files, of which the last one holds."""
    found = let_in(delivered(tmp_path, shown())).sort_values("start")
    assert found["end_reason"].astype("object").fillna("").tolist() == [
        "11",
        "",
        "01",
        "11",
        "",
        "",
        "15",
        "",
        "",
        "98",
        "15",
        "",
    ]
    ends = found["end"].dt.strftime("%Y-%m-%d").fillna("").tolist()
    assert ends[:4] == ["2024-10-31", "", "2025-04-30", "2025-06-16"]
    assert found["birth_year"].tolist()[:4] == [1980, 1991, 1975, 1988]  # of 13051980, 20051991, 19121975 and 01011988
    assert found["sex"].tolist()[:4] == ["man", "woman", "woman", "man"]


def test_codes_that_mean_something_else_go_in_without_a_list_too(tmp_path: Path) -> None:
    made = delivered(tmp_path / "list", shown()), without_a_list(tmp_path / "none", CODES)
    with_list, without = (reasons(let_in(workspace)) for workspace in made)
    assert with_list == without


def test_a_code_of_another_list_that_is_not_named_is_not_guessed(tmp_path: Path) -> None:
    """13 is a disability pension there, and work as self-employed in the contract."""
    codes = {code: word for code, word in CODES.items() if code != "13"}
    with pytest.raises(FaultsFound) as error:
        let_in(without_a_list(tmp_path, codes))
    (fault,) = error.value.faults
    assert (fault.reason, fault.found, fault.expected) == (Reason.CATEGORY, ("13",), "01 | 11 | 04 | 14 | 16")


def test_a_word_of_the_list_that_is_not_named_is_told_as_it_stands(tmp_path: Path) -> None:
    """The list is about nobody."""
    with pytest.raises(FaultsFound) as error:
        let_in(delivered(tmp_path, shown().replace('"Uføretrygd"', '"Trygd"')))
    assert [fault.found for fault in error.value.faults] == [("Uføretrygd",)]


@pytest.mark.parametrize(("table", "column"), [("benefits", "end_reason"), ("outflow", "reason")])
def test_a_reason_may_be_delivered_in_the_words_of_the_pages(table: str, column: str) -> None:
    reasons = contracts.read(places.find()).tables[table].column(column)
    assert reasons.variants == {words()["category"][f"cbs_{code}"]: code for code in reasons.codes}
