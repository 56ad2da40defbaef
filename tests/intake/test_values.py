"""How one cell is read: what it means, or why it is refused and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from mp_eval import workspace as places
from mp_eval.faults import Fault, FaultsFound, Reason
from mp_eval.intake import check
from mp_eval.intake import contract as contracts
from mp_eval.intake.contract import Contract
from mp_eval.intake.read import Sheet

PLACES = {
    "day": ("conversations", "Datum gesprek"),
    "plan": ("activities", "Einddatum"),
    "hours": ("activities", "Uren per week"),
    "active": ("activities", "Was al actief"),
    "step": ("residents", "Trede"),
    "step measured": ("ladder", "Trede"),
    "reason": ("benefits", "Reden beëindiging"),
    "reason of outflow": ("outflow", "Reden beëindiging"),
    "kind": ("conversations", "Soort gesprek"),
    "provider": ("trajectories", "Aanbieder"),
}


def widened(folder: Path, settings: str) -> Contract:
    (folder / places.SETTINGS_FILE).write_text(f'[municipality]\nname = "x"\n{settings}', encoding="utf-8")
    return contracts.read(places.find(folder))


def read(contract: Contract, what: str, texts: Sequence[str]) -> tuple[list[object], list[Fault]]:
    """The values of one column, and what is wrong with that column."""
    name, title = PLACES[what]
    table = contract.tables[name]
    cells = pd.DataFrame({title: list(texts)}, dtype="str", index=range(2, len(texts) + 2))
    sheet = Sheet("t.csv", "", table, cells, {}, len(cells))
    made, faults = check.check(sheet, extracted=date(2025, 7, 15))
    column = next(c for c in table.columns if c.title == title)
    return check.typed(made)[column.name].tolist(), [f for f in faults if f.column == title]


# Which column, under which settings, what stands there, and what it means.
MEANINGS: dict[str, tuple[str, str, str, object]] = {
    "midnight": ("day", "", "01-02-2024 00:00:00", pd.Timestamp(2024, 2, 1)),
    "midnight in short": ("day", "", "1-2-2024 0:00", pd.Timestamp(2024, 2, 1)),
    "a time of the day": ("day", "", "01-02-2024 09:15", pd.Timestamp(2024, 2, 1)),
    "a time with parts of a second": ("day", "", "01-02-2024 09:15:30.250", pd.Timestamp(2024, 2, 1)),
    "ISO with a zone": ("day", 'date_format = "%Y-%m-%d"', "2018-05-04T00:00:00Z", pd.Timestamp(2018, 5, 4)),
    "ISO with an offset": ("day", 'date_format = "%Y-%m-%d"', "2018-05-04T00:00:00+02:00", pd.Timestamp(2018, 5, 4)),
    "summer time": ("day", 'date_format = "%Y-%m-%d"', "2024-07-01 00:00:00+02:00", pd.Timestamp(2024, 7, 1)),
    "a morning here": ("day", 'date_format = "%Y-%m-%d"', "2024-07-01 10:30:00+0200", pd.Timestamp(2024, 7, 1)),
    "an hour of one figure": ("day", "", "01-02-2024 9:59 +01:00", pd.Timestamp(2024, 2, 1)),
    "an afternoon elsewhere": ("day", "", "01-02-2024T22:59:59Z", pd.Timestamp(2024, 2, 1)),
    "eight digits and a time": ("day", 'date_format = "%Y%m%d"', "20180504 14:00", pd.Timestamp(2018, 5, 4)),
    "a short year": ("day", 'date_format = "%d/%m/%y"', "1/2/24", pd.Timestamp(2024, 2, 1)),
    "a whole year beside short ones": ("day", 'date_format = "%d/%m/%y"', "01/02/2024", pd.Timestamp(2024, 2, 1)),
    "WAAR": ("active", "", "WAAR", True),
    "Onwaar": ("active", "", "Onwaar", False),
    "t": ("active", 'values = { already_active = { t = "ja", f = "nee" } }', "T", True),
    "f": ("active", 'values = { already_active = { t = "ja", f = "nee" } }', "f", False),
    "x": ("active", 'values = { already_active = { x = "ja", "" = "nee" } }', "x", True),
    "blank beside x": ("active", 'values = { already_active = { x = "ja", "" = "nee" } }', "", False),
    "a hyphen that means no": ("active", 'values = { already_active = { "-" = "nee" } }', "-", False),
    "a meaning in capitals": ("kind", 'values = { kind = { i = "EERSTE GESPREK" } }', "I", "first"),
    "a step in words": ("step", 'values = { ladder_step = { "Trede 2" = "2" } }', "trede 2", 2),
    "a level in words": ("step measured", 'values = { step = { "Niveau III" = "3" } }', "Niveau III", 3),
    "hours in words": ("hours", 'values = { hours = { geen = "0" } }', "Geen", 0.0),
    "decimal point": ("hours", 'decimal = "."', "8.5", 8.5),
    "comma between thousands": ("hours", 'decimal = "."', "1,234.5", None),  # more hours than there are in a week
    "decimal comma": ("hours", "", "8,5", 8.5),
}  # fmt: skip


@pytest.mark.parametrize("case", MEANINGS)
def test_a_cell_means_this(tmp_path: Path, case: str) -> None:
    what, settings, text, value = MEANINGS[case]
    contract = widened(tmp_path, f"[intake.{PLACES[what][0]}]\n{settings}\n" if settings else "")
    values, faults = read(contract, what, [text])
    assert [f.reason for f in faults] == ([Reason.RANGE] if value is None else [])
    assert value is None or values == [value]


# Which column, what stands there, why that is refused, and a part of what the message says.
REFUSALS: dict[str, tuple[str, Sequence[str], Reason, str]] = {
    "a day that is not known": ("day", ["20180500"], Reason.DATE_PART, "de dag of de maand niet bekend (00)"),
    "a month that is not known": ("plan", ["00-00-2018"], Reason.DATE_PART, "een dag wordt niet geraden"),
    "ISO without its day": ("plan", ["2018-05-00"], Reason.DATE_PART, "maak de cel leeg"),
    "an evening elsewhere": ("day", ["01-02-2024T23:00:00Z"], Reason.DATE_ZONE, "een andere dag"),
    "an evening elsewhere in summer": ("day", ["01-07-2024T22:00:00Z"], Reason.DATE_ZONE, "zonder tijd"),
    "a night in Japan": ("day", ["01-07-2024 00:00:00+09:00"], Reason.DATE_ZONE, "zonder tijd"),
    "summer time in winter": ("day", ["01-02-2024 00:00:00+02:00"], Reason.DATE_ZONE, "zonder tijd"),
    "winter time in summer": ("day", ["01-07-2024 23:30:00+01:00"], Reason.DATE_ZONE, "zonder tijd"),
    "no hour": ("day", ["01-02-2024 25:10"], Reason.DATE, "verwachte vorm"),
    "no minute": ("day", ["01-02-2024 10:99"], Reason.DATE, "verwachte vorm"),
    "no second": ("day", ["01-02-2024 10:10:60"], Reason.DATE, "verwachte vorm"),
    "all in another form": ("day", ["2024-02-01", "2024-02-13"], Reason.DATE, 'zet date_format = "%Y-%m-%d"'),
    "all in another form with a time": ("day", ["20240201 10:00", "20240213"], Reason.DATE, 'date_format = "%Y%m%d"'),
    "most in another form": ("day", ["13/2/2024", "2/2/2024", "vrijdag"], Reason.DATE, "de meeste waarden passen"),
    "all with a short year": ("day", ["1/2/24", "13/2/24"], Reason.DATE, 'date_format = "%d/%m/%y"'),
    "the month first": ("day", ["02/13/2024", "02/01/2024"], Reason.DATE, 'date_format = "%m/%d/%Y"'),
    "a code without its zero": ("reason", ["4"], Reason.CATEGORY, "‘4’ is misschien ‘04’ bedoeld)\n    gevonden: ‘4’"),
    "another without its zero": ("reason", ["1"], Reason.CATEGORY, "met ‘1’ is misschien ‘01’ bedoeld"),
    "of several the one that is meant": ("reason", ["1", "4", "Jansen"], Reason.CATEGORY, "‘01’ bedoeld; van wat"),
    "a code that is in no list": ("reason", ["88"], Reason.CATEGORY, "verwacht: 01 (studie) | 02 (aangaan"),
    "a code among those of its own time": ("reason", ["88"], Reason.CATEGORY, "19 (ander inkomen) | 31 (geen"),
    "a decimal point": ("hours", ["8.5"], Reason.NUMBER, 'zet decimal = "." bij [intake.activities]'),
    "neither yes nor no": ("active", ["misschien"], Reason.BOOLEAN, "already_active in [intake.activities.values]"),
    "a step in words": ("step", ["Trede 2"], Reason.INTEGER, "ladder_step in [intake.residents.values]"),
    "a bell": ("provider", ["De \x07Brug"], Reason.CONTROL, "stuurteken"),
    "a code point that is no sign": ("provider", ["De Brug\ufffe"], Reason.CONTROL, "typ de tekst"),
    "a sign of Windows-1252 read wrongly": ("provider", ["De\x80Brug"], Reason.CONTROL, "export"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSALS)
def test_a_cell_is_refused_with_what_to_do(contract: Contract, case: str) -> None:
    what, texts, reason, says = REFUSALS[case]
    _, (fault,) = read(contract, what, texts)
    assert fault.reason is reason
    assert says in str(fault)
    assert all(sign.isprintable() or sign == "\n" for sign in str(fault))


@pytest.mark.parametrize("texts", [["2024-02-01", "13-02-2024"], ["01/02/2024", "03/04/2024"], ["zomer"]])
def test_a_form_is_named_only_when_it_is_the_one_that_fits_all(contract: Contract, texts: list[str]) -> None:
    _, (fault,) = read(contract, "day", texts)
    assert "alle waarden" not in str(fault)


def test_a_word_that_stands_in_many_rows_is_shown_and_a_name_is_not(contract: Contract) -> None:
    _, (fault,) = read(contract, "kind", ["zwemmen"] * 20 + ["Vrolijk", "14-03-1961"] + ["intake"] * 1900)
    assert fault.found == ("zwemmen", "Aaaaaaa", "99-99-9999")
    for few in (["zwemmen"] * 19, ["zwemmen"] * 20 + ["intake"] * 2000, ["14-03-1961"] * 20):
        _, (fault,) = read(contract, "kind", few)
        assert not set(fault.found) & {"zwemmen", "14-03-1961"}


def test_the_mask_of_a_code_is_never_what_was_meant(contract: Contract) -> None:
    """47 has the shape 99, and 99 is a code."""
    _, (fault,) = read(contract, "reason", ["47"])
    assert (fault.found, fault.note) == (("47",), "")
    _, (fault,) = read(contract, "reason", ["4711"])
    assert fault.found == ("9999",)
    assert "bedoeld" not in str(fault)


def test_a_time_that_is_left_out_is_told(contract: Contract) -> None:
    table = contract.tables["conversations"]
    cells = pd.DataFrame({"Inwoner": ["a", "b", "c"], "Datum gesprek": ["01-02-2024 09:15"] * 2 + ["01-02-2024"]})
    sheet = Sheet("t.csv", "", table, cells.astype("category"), {}, len(cells))
    assert check.times(sheet) == 2


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ('[intake.activities.values]\nalready_active = { t = "wel" }\n', 'verwacht: "ja" of "nee"'),
        ('[intake.residents.values]\nladder_step = { "Trede 2" = "twee" }\n', 'een geheel getal als tekst, zoals "2"'),
        ('[intake.trajectories.values]\nprovider = { X = " " }\n', "een woord of een naam"),
        ('[intake.trajectories.values]\nstart = { X = "Y" }\n', "een kolom met een lijst"),
        ('[intake.conversations]\ndecimal = ";"\n', "een van: ,, ."),
        ('[intake.conversations]\ndate_format = "dd/mm/jj"\n', "%d/%m/%y"),
        ('[intake.conversations]\ndate_format = "%d %j %Y"\n', "%d voor de dag"),
    ],
)
def test_a_meaning_that_cannot_be_is_refused(tmp_path: Path, settings: str, says: str) -> None:
    with pytest.raises(FaultsFound) as error:
        widened(tmp_path, settings)
    assert says in str(error.value)


def test_a_control_character_in_a_setting_is_refused(tmp_path: Path) -> None:
    (tmp_path / places.SETTINGS_FILE).write_text('[municipality]\nname = "Rijs\\u0007wijk"\n', encoding="utf-8")
    with pytest.raises(FaultsFound) as error:
        places.find(tmp_path)
    assert "een tekst zonder stuurtekens" in str(error.value)
    assert "\x07" not in str(error.value)
