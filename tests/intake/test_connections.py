"""The examples of docs/koppelingen.md let in what they are about, by settings alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest

from mp_eval import workspace as places
from mp_eval.intake import clean
from mp_eval.intake import contract as contracts

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "koppelingen.md"
PERIOD = '[municipality]\nname = "Elders"\n\n[[periods]]\nid = "2024"\nstart = 2024-01-01\nend = 2025-01-01\n\n'
NOTE = 'producer = "Elders"\nextracted = 2025-02-01\nsynthetic = true\nnot_delivered = '
REQUIRED = ("inwoners", "gesprekken", "activiteiten", "trajecten")
# A word of the heading: the file, what is in it, which table, and two of its columns as they are read.
EXAMPLES: dict[str, tuple[str, str, str, list[tuple[object, object]]]] = {
    "BUS": (
        "BUS 202412.csv",
        "STATISTIEKCODE;Inwoner;Geboortejaar;GESLACHT;LEEFVORM;AANVANGSDATUM UITKERING PERSOON;"
        "EINDDATUM UITKERING PERSOON;REDEN BEËINDIGING UITKERING PERSOON\n"
        "01;a1;1970;2;2;20180504;00000000;\n01;a2;1980;1;1;20190504;20240401;05\n12;a3;1980;1;1;20190504;00000000;\n",
        "benefits",
        [(pd.Timestamp(2018, 5, 4), None), (pd.Timestamp(2019, 5, 4), "05")],
    ),
    "participatieladder": (
        "SRG.txt",
        "Statistiekcode|Inwoner|Positie op de participatieladder|Begindatum positie op de participatieladder\n"
        "10|a1|2|20240104\n10|a2|3|20240204\n",
        "ladder",
        [(pd.Timestamp(2024, 1, 4), 2), (pd.Timestamp(2024, 2, 4), 3)],
    ),
    "voorzieningen": (
        "SRG 2024.csv",
        "Inwoner;Registratienummer voorziening;Type voorziening;Begindatum voorziening;Einddatum voorziening;"
        "Reden einde voorziening\n"
        "a1;V1;05;20230104;20240630;1\na1;V2;06;20230105;20240630;2\na1;V3;08;20230106;20240630;3\n"
        "a1;V4;08;20230107;00000000;\n",
        "trajectories",
        [
            (pd.Timestamp(2023, 1, 4), "completed"),
            (pd.Timestamp(2023, 1, 5), "broken_off"),
            (pd.Timestamp(2023, 1, 6), "circumstances"),
            (pd.Timestamp(2023, 1, 7), None),
        ],
    ),
    "GGM": (
        "INKOMENSVOORZIENING.csv",
        "INKOMENSVOORZIENING_ID,CLIENT_ID,INGANGSDATUM,EINDDATUM,CBS_CODE\n"
        "1,105000,2018-05-04 00:00:00,NULL,NULL\n2,105001,2019-05-04 00:00:00,2024-04-01 00:00:00,32\n",
        "benefits",
        [(pd.Timestamp(2018, 5, 4), None), (pd.Timestamp(2019, 5, 4), "32")],
    ),
    "SZDOS": (
        "SZDOS selectie.csv",
        "Clientnummer;geboortejaar;geslacht;Kode groep;Startdatum periodiek algemeen;Einddatum periodiek algemeen;"
        "Oorspronkelijke begindatum uitkeringsdossier;Omschrijving leefvorm;Oorzaak bijstandsafhankelijkheid\n"
        "12464545;1970;2;02;20180504;20181231;20180504;Eenoudergezin;einde WW\n"
        "12464545;1970;2;02;20190101;00000000;20180504;Eenoudergezin;einde WW\n"
        "12464546;1999;1;01;20190101;00000000;20190101;Eenoudergezin;einde WW\n",
        "benefits",
        [(pd.Timestamp(2018, 5, 4), None)],
    ),
}


def settings(word: str) -> str:
    """The example under the heading that holds this word."""
    sections = DOCUMENT.read_text(encoding="utf-8").split("\n## ")
    (section,) = (s for s in sections if word in s.partition("\n")[0])
    (example,) = re.findall(r"```toml\n(.*?)```", section, re.DOTALL)
    return example


def let_in(root: Path, name: str, text: str, own: str) -> Mapping[str, pd.DataFrame]:
    """The tables of a delivery of one file, with these settings."""
    folder = root / "data" / "raw" / "2024"
    folder.mkdir(parents=True)
    (folder / name).write_text(text, encoding="utf-8")
    absent = [t for t in REQUIRED if not (t == "trajecten" and "[intake.trajectories]" in own)]
    (folder / "source.toml").write_text(NOTE + str(absent).replace("'", '"') + "\n", encoding="utf-8")
    (root / places.SETTINGS_FILE).write_text(PERIOD + own, encoding="utf-8")
    workspace = places.find(root)
    return clean.take_in(workspace, contracts.read(workspace), workspace.period("2024")).tables


@pytest.mark.parametrize("word", EXAMPLES)
def test_an_example_lets_its_file_in(tmp_path: Path, word: str) -> None:
    name, text, table, expected = EXAMPLES[word]
    taken = let_in(tmp_path, name, text, settings(word))[table]
    first, second = ("date", "step") if table == "ladder" else ("start", "end_reason")
    rows = taken.sort_values(first)[[first, second]].astype("object")
    assert rows.where(rows.notna(), None).to_records(index=False).tolist() == expected


def test_both_examples_of_one_file_let_in_both_of_its_tables(tmp_path: Path) -> None:
    """A provision and a position on the ladder stand in one row of the statistics."""
    header = "Inwoner;Type voorziening;Begindatum voorziening;Einddatum voorziening;Reden einde voorziening;"
    header += "Positie op de participatieladder;Begindatum positie op de participatieladder\n"
    text = f"{header}a1;05;20230104;20240630;1;2;20230104\n"
    taken = let_in(tmp_path, "SRG.csv", text, settings("participatieladder") + settings("voorzieningen"))
    assert {name: len(table) for name, table in taken.items()} == {"ladder": 1, "trajectories": 1}
