"""What may not be delivered is recognised by its values, and what only resembles it is let through."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest
from delivering import Take
from spoiling import BSNS, SHORT_BSNS, passes

from mp_eval.faults import Reason
from mp_eval.intake import clean, privacy
from mp_eval.intake.contract import Contract
from mp_eval.intake.read import Sheet
from mp_eval.workspace import Workspace

DAYS = [date(2023, 1, 1) + timedelta(days=n) for n in range(730)]


def reasons(
    contract: Contract,
    header: str,
    values: list[str],
    extracted: date = date(2025, 1, 1),
    table: str = "conversations",
) -> list[Reason]:
    cells = pd.DataFrame({header: values}, dtype="str")
    sheet = Sheet("gesprekken.csv", "", contract.tables[table], cells, {}, len(cells))
    return [f.reason for f in privacy.check(sheet, extracted=extracted)]


@pytest.mark.parametrize("numbers", [BSNS[:3], SHORT_BSNS[:3], [f"{n[:4]}.{n[4:6]}.{n[6:]}" for n in BSNS[:3]]])
def test_three_numbers_that_pass_the_test_are_enough(contract: Contract, numbers: list[str]) -> None:
    assert reasons(contract, "Nummer", numbers) == [Reason.BSN]


def test_numbers_in_sequence_are_no_citizen_service_numbers(contract: Contract) -> None:
    assert reasons(contract, "Nummer", [str(n) for n in range(100_000_000, 100_001_000)]) == []


def test_a_few_numbers_among_many_pseudonyms_are_found(contract: Contract) -> None:
    assert reasons(contract, "Inwoner", [*(f"p{n}" for n in range(500)), *BSNS[:3]]) == [Reason.BSN]


@pytest.mark.parametrize("header", ["Datum gesprek", "Mutatiedatum"])
def test_dates_whose_digits_pass_the_test_are_dates(contract: Contract, header: str) -> None:
    days = [text for text in (f"{day:%d-%m-%Y}" for day in DAYS) if passes(text.replace("-", ""))]
    assert reasons(contract, header, days[:9]) == []


def test_dates_without_signs_in_a_column_of_dates_are_dates(contract: Contract) -> None:
    days = [text for text in (f"{day:%Y%m%d}" for day in DAYS) if passes(text)]
    assert reasons(contract, "Datum gesprek", days[:9]) == []


def test_birth_dates_are_judged_by_the_day_of_the_extraction(contract: Contract) -> None:
    days = ["05-01-2006", "06-02-2006", "07-03-2006"]
    found = [reasons(contract, "Mutatiedatum", days, extracted=date(year, 1, 1)) for year in (2023, 2024)]
    assert found == [[], [Reason.BIRTH_DATE]]


@pytest.mark.parametrize("provider", ["Stap Vooruit", "De Werkbrug", "Jan Jansen Advies"])
def test_a_text_column_of_the_contract_may_hold_what_looks_like_names(contract: Contract, provider: str) -> None:
    cells = pd.DataFrame({"Aanbieder": [provider, f"{provider} Noord", f"{provider} Zuid"]}, dtype="str")
    assert privacy.check(Sheet("t.csv", "", contract.tables["trajectories"], cells, {}, len(cells))) == []


@pytest.mark.parametrize(
    ("table", "column", "value", "shown"),
    [
        ("conversations", "date", "31-02-2024", "31-02-2024"),
        ("conversations", "date", "Mohammed", "Aaaaaaaa"),
        ("conversations", "date", "Kerkstraat 12", "Aaaaaaaaaa 99"),
        ("conversations", "date", "123456782", "999999999"),
        ("conversations", "kind", "eerste gesprk", "eerste gesprk"),
        ("conversations", "kind", "met zoon Ali", "aaa aaaa Aaa"),
        ("conversations", "kind", "12-03-1985", "99-99-9999"),
        ("conversations", "resident", "kl-0017", "aa-9999"),
        ("activities", "hours", "8.5", "8.5"),
        ("residents", "birth_year", "12-03-1985", "99-99-9999"),
    ],
)
def test_a_message_shows_a_value_or_its_shape(
    contract: Contract, table: str, column: str, value: str, shown: str
) -> None:
    assert privacy.masked(value, contract.tables[table].column(column)) == shown


@pytest.mark.parametrize("value", ["fietsen", "31-02-2024", "Jansen, P.", "jan@example.org", "2281 AB"])
def test_what_stands_in_an_unknown_column_is_never_shown(value: str) -> None:
    assert privacy.masked(value) != value


@pytest.mark.parametrize(
    "people",
    [
        ["jan.de.wit1@gmail.com", "k1", "k2"],
        ["JANSEN P", "DE WIT", "Bakker"],
        ["Jansen,P", "Öztürk,A", "Bakker,K"],
    ],
)
def test_names_and_addresses_are_no_pseudonyms(contract: Contract, people: list[str]) -> None:
    assert reasons(contract, "Inwoner", people) == [Reason.NAME]


def test_a_header_that_may_hold_a_name_is_told_by_its_position(contract: Contract) -> None:
    cells = pd.DataFrame({"Jansen P. dossier": ["123456782", "111222333", "10000008"]}, dtype="str")
    (fault,) = privacy.check(Sheet("t.csv", "", contract.tables["conversations"], cells, {}, len(cells)))
    assert fault.column == "A in Excel"


@pytest.mark.parametrize("day", ["14-03-1961", "14-3-61", "19610314", "1961-03-14 00:00"])
def test_even_one_birth_date_is_refused_where_a_year_belongs(contract: Contract, day: str) -> None:
    assert reasons(contract, "Geboortejaar", ["1980", day], table="residents") == [Reason.BIRTH_DATE]
    assert reasons(contract, "Geboortejaar", ["1980", "61"], table="residents") == []


@pytest.mark.parametrize("people", [["123456782"], ["123456782", "111222333"]])
def test_a_few_service_numbers_for_persons_are_refused(contract: Contract, people: list[str]) -> None:
    assert reasons(contract, "Inwoner", people) == [Reason.BSN]


def test_a_reason_in_free_words_is_taken_as_it_is_and_never_shown(workspace: Workspace, contract: Contract) -> None:
    """The reasons of inflow have no list, so nothing in such a cell is known to be harmless."""
    reason = contract.tables["benefits"].column("inflow_reason")
    assert privacy.masked("Jansen, P.", reason) == "Aaaaaa, A."
    assert privacy.masked("einde WW", reason) == "aaaaa AA"
    (period, *_) = workspace.periods
    taken = clean.take_in(workspace, contract, period).tables["benefits"]["inflow_reason"]
    assert {"einde WW", "statushouder"} < set(taken.dropna())


@pytest.mark.parametrize(
    ("providers", "rows"),
    [
        (["De Brug", "j.jansen@voorbeeld.nl", "j.jansen@voorbeeld.nl"], (1, 2)),
        (["De Brug", "Jan Jansen 06-12345678"], (1,)),
        (["De Brug", "+31 612345678"], (1,)),
        (["De Brug", f"Jansen {BSNS[0]}"], (1,)),
        ([BSNS[0], "De Brug", BSNS[1]], (0, 2)),
        (["De Brug", "J. Jansen", "A.B. van der Berg", "Vries, K. de"], (1, 2, 3)),
        (["De Brug", "Jansen, P.", "mevr. Bakker", "De heer P. Smit", "Ö. Çelik"], (1, 2, 3, 4)),
        (["De Brug", "de Vries, J.", "Jansen J.", "J. Van der Meer", "J. v.d. Berg"], (1, 2, 3, 4)),
        (["De Brug", "F. El Amrani", "Mw.Jansen", "Th. Jansen", "J.A.M. van Wijngaarden-de Groot"], (1, 2, 3, 4)),
        (["De Brug", "bel 06 12 34 56 78", "0031612345678", "NL91 ABNA 0417 1643 00"], (1, 2, 3)),
        (["Werkpartners, B.V.", "B.V. Rijswijk", "R.K. Kerk", "De Heer Coaching", "Plan 06 2024"], None),
        (["@Work", "De Brug 2012", "Bureau 24/7"], None),
        (
            [
                "J. de Vries Coaching",
                "Stap Vooruit B.V.",
                "WSP, regio Haaglanden",
                "De Heerlijkheid",
                "A. en O. fonds",
                "i.s.m. gemeente",
            ],
            None,
        ),
        (["100000000", BSNS[0], "Stap Vooruit"], None),  # numbers of providers, one of which passes by chance
    ],
)
def test_a_text_of_the_contract_that_reaches_a_person_is_refused_with_its_rows(
    contract: Contract, providers: list[str], rows: tuple[int, ...] | None
) -> None:
    cells = pd.DataFrame({"Aanbieder": providers}, dtype="str")
    found = privacy.check(Sheet("t.csv", "", contract.tables["trajectories"], cells, {}, len(cells)))
    assert [(f.reason, f.rows, f.found) for f in found] == ([] if rows is None else [(Reason.PERSON, rows, ())])


@pytest.mark.parametrize("time", [" 00:00:00", "T00:00:00", " 0:00", "T00:00:00Z"])
def test_birth_dates_with_a_time_are_birth_dates(contract: Contract, time: str) -> None:
    days = [f"{day}{time}" for day in ("1961-03-14", "1975-11-02", "1980-06-30")]
    assert reasons(contract, "Gebdt", days) == [Reason.BIRTH_DATE]


@pytest.mark.parametrize(
    ("header", "remedy"),
    [("Naam", "t.csv --drop Naam --out"), ("Gebdat", "--year Gebdat --out"), ("Mijn Klant Naam", "--drop KOLOM --out")],
)
def test_the_remedy_is_a_command_that_can_be_typed(contract: Contract, header: str, remedy: str) -> None:
    cells = pd.DataFrame({header: ["Jansen, P.", "Bakker, A.", "Smit, K."]}, dtype="str")
    (fault,) = privacy.check(Sheet("t.csv", "", contract.tables["conversations"], cells, {}, len(cells)))
    assert remedy in str(fault)


def test_a_provider_that_is_called_after_somebody_may_be_given_another_name(take: Take) -> None:
    rows = {"trajecten.csv": "Inwoner;Aanbieder;Begindatum\nP1;J. Jansen;01-02-2024\n"}
    with pytest.raises(clean.Refused, match="persoon"):
        take(rows)
    named = take(rows, '[intake.trajectories]\nvalues = { provider = { "J. Jansen" = "Coach Een" } }\n')
    assert named.tables["trajectories"]["provider"].tolist() == ["Coach Een"]
