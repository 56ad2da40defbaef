"""Registers of other makes: several code lists in a file, months in letters, headers that are there twice."""

from __future__ import annotations

import pytest
from delivering import Take
from spoiling import workbook
from test_accounted import left, of, table

from mp_eval.faults import Fault, FaultsFound, Reason

HEADER = "Clientnr;Begindatum;Einddatum;Reden einde;Leefvorm\n"
LISTS = (
    "domein;code;omschrijving\n"
    "EINDREDEN;1;Studie\nEINDREDEN;2;Werk\nLEEFVORM;1;alleenstaande\nLEEFVORM;2;anders\nLEEFVORM;9;\n"
)
CODES = """[intake.benefits]
values = { end_reason = { Studie = "01", Werk = "11" } }
[intake.benefits.codes]
end_reason = { file = "stamtabel", code = "code", text = "omschrijving", where = { domein = ["EINDREDEN"] } }
household = { file = "stamtabel", code = "code", text = "omschrijving", where = { Domein = ["LEEFVORM"] } }
"""


def refused(take: Take, files: dict[str, str | bytes], settings: str = "") -> list[Fault]:
    with pytest.raises(FaultsFound) as error:
        take(files, settings)
    return list(error.value.faults)


def test_a_file_may_hold_the_code_lists_of_several_columns(take: Take) -> None:
    """One code means something else in each."""
    register = HEADER + "A1;01-01-2020;31-12-2023;2;1\nA2;01-01-2020;;;2\n"
    made = take({"uitkeringen.csv": register, "stamtabellen.csv": LISTS}, CODES)
    found = table(made, "benefits").sort_values("resident")
    assert found["household"].tolist() == ["single", "otherwise"]
    assert found["end_reason"].astype("object").fillna("").tolist() == ["11", ""]
    whole = [place for place in made.account if place.file.endswith("stamtabellen.csv")]
    assert [left(place) for place in whole] == [{"not_chosen": [2, 3]}, {"not_chosen": [4, 5, 6]}]


def test_a_column_by_which_a_code_list_is_chosen_is_told_as_one_of_that_list(take: Take) -> None:
    files: dict[str, str | bytes] = {"uitkeringen.csv": HEADER, "stamtabellen.csv": LISTS.replace("domein", "groep")}
    found = refused(take, files, CODES)
    assert {(f.reason, f.file) for f in found} == {(Reason.CODE_COLUMNS, "data/raw/2024/stamtabellen.csv")}
    assert {f.expected for f in found} == {"domein, code en omschrijving", "Domein, code en omschrijving"}


def test_codes_of_a_list_that_cannot_be_read_are_no_second_fault(take: Take) -> None:
    """Without `where` a code has two meanings: that is all there is to mend."""
    register = HEADER + "A1;01-01-2020;31-12-2023;2;1\n"
    settings = CODES.replace(', where = { domein = ["EINDREDEN"] }', "").split("household =")[0]
    files: dict[str, str | bytes] = {"uitkeringen.csv": register.replace(";Leefvorm", ";X"), "stamtabellen.csv": LISTS}
    found = refused(take, files, settings)
    assert [f.reason for f in found] == [Reason.TWO_MEANINGS]


@pytest.mark.parametrize(
    ("form", "start", "end"),
    [
        ("%d-%b-%Y", "04-mei-2018", "1-mrt-2024"),
        ("%d-%b-%y", "04-MAY-18", "01-MAR-24"),
        ("%d. %B %Y", "4. mai 2018", "1. marts 2024"),
        ("%d%b%Y", "04MEI2018:00", "01MRT2024"),
    ],
)
def test_months_in_letters(take: Take, form: str, start: str, end: str) -> None:
    register = HEADER + f"A1;{start.removesuffix(':00')};{end};;\n"
    found = table(take({"uitkeringen.csv": register}, f'[intake.benefits]\ndate_format = "{form}"\n'), "benefits")
    assert [f"{day:%Y-%m-%d}" for day in (*found["start"], *found["end"])] == ["2018-05-04", "2024-03-01"]


def test_months_in_letters_are_recognised(take: Take) -> None:
    (fault,) = refused(take, {"uitkeringen.csv": HEADER + "A1;04-mei-2018;;;\nA2;01-okt-2019;;;\n"})
    assert (fault.reason, "%d-%b-%Y" in fault.note) == (Reason.DATE, True)


def test_a_word_may_mean_nothing_in_one_column(take: Take) -> None:
    """At each change of what is paid a row ends, and the benefit does not."""
    register = HEADER + "A1;01-01-2020;31-12-2020;Wijziging norm;\nA1;01-01-2021;loopt;;anders\n"
    values = 'values = { end = { loopt = "" }, end_reason = { "wijziging norm" = "", "99" = "" } }'
    found = table(take({"uitkeringen.csv": register}, f"[intake.benefits]\n{values}\n"), "benefits")
    assert found["end_reason"].isna().all()
    assert found["end"].isna().tolist() == [False, True]


def test_what_is_asked_of_every_row_is_never_nothing(take: Take) -> None:
    (fault,) = refused(take, {"uitkeringen.csv": HEADER}, '[intake.benefits]\nvalues = { start = { nu = "" } }\n')
    assert (fault.reason, fault.column) == (Reason.SETTINGS, "intake.benefits.values.start.nu")


TWICE = "Clientnr;Code;Begindatum;Code\nA1;x;01-01-2020;alleenstaande\nA2;y;01-01-2020;anders\n"


def test_of_headers_that_are_there_twice_a_setting_names_one(take: Take) -> None:
    settings = '[intake.benefits]\nheaders = { household = ["Code (2)"] }\nwhere = { "Code (1)" = ["x"] }\n'
    made = take({"uitkeringen.csv": TWICE + "Clientnr;Code;Begindatum;Code\n"}, settings)
    assert table(made, "benefits")["household"].tolist() == ["single"]
    assert left(of(made, "uitkeringen.csv")) == {"header": [1, 4], "not_chosen": [3]}


@pytest.mark.parametrize("setting", ['headers = { household = ["Code"] }', 'where = { Code = ["x"] }'])
def test_of_headers_that_are_there_twice_none_is_guessed(take: Take, setting: str) -> None:
    found = refused(take, {"uitkeringen.csv": TWICE}, f"[intake.benefits]\n{setting}\n")
    assert found[0].reason is Reason.TWICE_COLUMN


def test_three_decimals_that_cannot_be_thousands_are_decimals(take: Take) -> None:
    """A week has no 2000 hours."""
    text = "Inwoner;Begindatum;Uren\nP1;01-02-2024;2.000\nP2;01-02-2024;12.250\n"
    made = take({"activiteiten.csv": text}, '[intake.activities]\ndecimal = "."\n')
    assert table(made, "activities")["hours"].tolist() == [2.0, 12.25]


@pytest.mark.parametrize("file", ["uitkeringen.csv", "gesprekken.csv"])
def test_numbers_that_differ_in_zeros_alone_are_told_to(take: Take, file: str) -> None:
    """A register holds others too, so a number that nobody has is none of the residents, and no fault."""
    texts = {
        "uitkeringen.csv": "Inwoner;Begindatum\n000105;01-01-2020\n",
        "gesprekken.csv": "Inwoner;Datum;Soort\n000105;01-02-2024;intake\n",
    }
    (fault,) = refused(take, {"inwoners.csv": "Inwoner;Trede\n105;2\n", file: texts[file]})
    assert (fault.reason, "nullen" in fault.note) == (Reason.UNKNOWN_RESIDENT, True)


def test_a_footnote_in_a_first_column_of_ones_own_is_listed(take: Take) -> None:
    rows = [["Nr", "Clientnr", "Begindatum"], ["1", "A1", "01-01-2020"], [], ["* = onder voorbehoud"]]
    sheets: dict[str, list[list[object]]] = {"Uitkeringen": [list[object](row) for row in rows]}
    made = take({"uitkeringen.xlsx": workbook(sheets)})
    assert left(of(made, "uitkeringen.xlsx", "Uitkeringen")) == {"blank": [3], "footer": [4]}
