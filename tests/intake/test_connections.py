"""The examples of docs/koppelingen.md let in what they are about, by settings alone."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from mp_eval import workspace as places
from mp_eval.intake import clean
from mp_eval.intake import contract as contracts

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "koppelingen.md"
PERIOD = '[municipality]\nname = "Elders"\n\n[[periods]]\nid = "2024"\nstart = 2024-01-01\nend = 2025-01-01\n\n'
NOTE = 'producer = "Elders"\nextracted = 2025-02-01\nsynthetic = true\nnot_delivered = '
NOTE += '["inwoners", "gesprekken", "activiteiten", "trajecten"]\n'
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
    "SRG": (
        "SRG.txt",
        "Statistiekcode|Inwoner|Positie op de participatieladder|Begindatum positie op de participatieladder\n"
        "10|a1|2|20240104\n10|a2|3|20240204\n",
        "ladder",
        [(pd.Timestamp(2024, 1, 4), 2), (pd.Timestamp(2024, 2, 4), 3)],
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


@pytest.mark.parametrize("word", EXAMPLES)
def test_an_example_lets_its_file_in(tmp_path: Path, word: str) -> None:
    name, text, table, expected = EXAMPLES[word]
    folder = tmp_path / "data" / "raw" / "2024"
    folder.mkdir(parents=True)
    (folder / name).write_text(text, encoding="utf-8")
    (folder / "source.toml").write_text(NOTE, encoding="utf-8")
    (tmp_path / places.SETTINGS_FILE).write_text(PERIOD + settings(word), encoding="utf-8")
    workspace = places.find(tmp_path)
    taken = clean.take_in(workspace, contracts.read(workspace), workspace.period("2024")).tables[table]
    first, second = ("date", "step") if table == "ladder" else ("start", "end_reason")
    rows = taken.sort_values(first)[[first, second]].astype("object")
    assert rows.where(rows.notna(), None).to_records(index=False).tolist() == expected
