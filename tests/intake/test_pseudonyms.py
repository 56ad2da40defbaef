"""Pseudonyms: a keyed hash that others can compute too, and a file without persons that intake accepts."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import pytest
from spoiling import BSNS, NAMES, SHORT_BSNS, without_hashes

from mp_eval.intake import clean
from mp_eval.intake.contract import Contract
from mp_eval.intake.pseudonyms import PseudonymError, pseudonym, pseudonymise, read_key
from mp_eval.workspace import Workspace

KEY = bytes(range(32))
FILE = (
    "Lijst van Jansen, P.\r\n\r\nBSN;Naam;Geb.datum;Geslacht\r\n123456782;Jansen, P.;14-03-1961;man\r\n"
    "10000008;Bakker, F.;1992-09-09;vrouw\r\nTotaal;2;;\r\n"
)


def hmac_by_hand(message: bytes, key: bytes) -> bytes:
    """RFC 2104: H(K xor opad, H(K xor ipad, text))."""
    padded = key.ljust(64, b"\0")
    inner = hashlib.sha256(bytes(b ^ 0x36 for b in padded) + message).digest()
    return hashlib.sha256(bytes(b ^ 0x5C for b in padded) + inner).digest()


def output(text: str = FILE, **options: object) -> list[str]:
    given = {"column": "BSN", "drop": ["Naam"], "year": ["Geb.datum"], **options}
    return pseudonymise(text.encode(), KEY, **given).decode("utf-8-sig").splitlines()  # type: ignore[arg-type]


def test_a_pseudonym_is_eighty_bits_of_the_hmac() -> None:
    digest = hmac_by_hand(b"123456782", KEY)
    assert pseudonym("123456782", KEY) == "p" + base64.b32encode(digest[:10]).decode().lower()


def test_the_hmac_by_hand_gives_the_value_of_rfc_4231() -> None:
    expected = "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
    assert hmac_by_hand(b"Hi There", b"\x0b" * 20).hex() == expected


@pytest.mark.parametrize("spelling", ["010000008", "10000008", "0100.00.008", "010 000 008", " 10000008 "])
def test_a_number_has_one_pseudonym_however_it_is_written(spelling: str) -> None:
    assert pseudonym(spelling, KEY) == pseudonym("010000008", KEY)


def test_another_key_gives_another_pseudonym() -> None:
    assert pseudonym("123456782", KEY) != pseudonym("123456782", KEY[::-1])


def test_persons_have_different_pseudonyms() -> None:
    assert len({pseudonym(n, KEY) for n in BSNS}) == len(BSNS)


def test_names_disappear_and_the_year_of_birth_stays() -> None:
    assert output() == [
        "Inwoner;Geboortejaar;Geslacht",
        f"{pseudonym('123456782', KEY)};1961;man",
        f"{pseudonym('010000008', KEY)};1992;vrouw",
    ]


def test_without_a_column_of_persons_only_what_is_named_changes() -> None:
    file = "Inwoner;Geboortejaar;Trede\nk1;14-3-1961;2\nk2;1970;3\nk3;1-1-68;\nk4;2-2-01 00:00;\nk5;;\n"
    made = output(file, column="", drop=["Trede"], year=["Geboortejaar"])
    assert made == ["Inwoner;Geboortejaar", "k1;1961", "k2;1970", "k3;1968", "k4;2001", "k5;"]


def test_preamble_with_names_disappears() -> None:
    assert not any("Jansen" in line for line in output())


def test_a_total_does_not_become_a_resident() -> None:
    assert len(output()) == 3


def test_a_name_that_shifts_a_row_is_refused_by_its_row() -> None:
    with pytest.raises(PseudonymError, match="rij 4 heeft meer velden dan de kop"):
        output(FILE.replace("Jansen, P.;14", "Jansen; P.;14"))


def test_an_open_quote_is_refused_by_its_row() -> None:
    with pytest.raises(PseudonymError, match="rij 5: een aanhalingsteken"):
        output(FILE.replace("Bakker", '"Bakker'))


@pytest.mark.parametrize("options", [{"column": "Sofinr"}, {"drop": ["Adres"]}, {"year": ["Geboren"]}])
def test_a_column_that_is_not_there_is_refused(options: dict[str, object]) -> None:
    with pytest.raises(PseudonymError, match=r"kolom ‘(Sofinr|Adres|Geboren)’"):
        output(**options)


def test_a_birth_date_in_words_is_refused_without_repeating_it() -> None:
    with pytest.raises(PseudonymError, match="geboortedatum") as error:
        output(FILE.replace("14-03-1961", "14 maart 1961"))
    assert "1961" not in str(error.value)


def test_a_workbook_is_refused_with_what_to_do() -> None:
    with pytest.raises(PseudonymError, match="sla het in Excel op als ‘CSV UTF-8’"):
        pseudonymise(b"PK\x03\x04\x00\x00", KEY, column="BSN")


def test_intake_accepts_the_output(workspace: Workspace, contract: Contract) -> None:
    without_hashes(workspace.raw)
    folder = workspace.raw / "2022-2023"
    for path in folder.glob("*.csv"):  # the header alone
        path.write_bytes(path.read_bytes().splitlines(keepends=True)[0])
    people = [f"0{n};{NAMES[k % len(NAMES)]};14-03-19{60 + k % 40};man\n" for k, n in enumerate(SHORT_BSNS)]
    talks = [f"{n};05-01-2023;intake\n" for n in SHORT_BSNS]
    residents, conversations = "BSN;Naam;Geboren;Geslacht\n" + "".join(people), "BSN;Datum;Soort\n" + "".join(talks)
    new = pseudonymise(residents.encode("cp1252"), KEY, column="BSN", drop=["Naam"], year=["Geboren"])
    (folder / "inwoners.csv").write_bytes(new)
    (folder / "gesprekken.csv").write_bytes(pseudonymise(conversations.encode(), KEY, column="BSN"))
    people = clean.take_in(workspace, contract, workspace.period("2022-2023")).people
    assert people is not None
    assert set(people["identifier"]) == {pseudonym(n, KEY) for n in SHORT_BSNS}


def test_a_key_inside_the_workspace_is_refused(workspace: Workspace) -> None:
    with pytest.raises(PseudonymError, match="buiten de werkmap"):
        read_key(workspace.raw / ".." / "key", workspace=workspace.root, create=True)


def test_a_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "key"
    made = read_key(path, workspace=None, create=True)
    assert (read_key(path, workspace=None, create=True), len(made), path.stat().st_mode & 0o077) == (made, 32, 0)


@pytest.mark.parametrize(
    ("content", "says"),
    [(None, "er is geen sleutelbestand key"), ("no key", "is geen sleutelbestand"), ("00" * 16, "te kort")],
)
def test_what_is_no_key_is_refused(tmp_path: Path, content: str | None, says: str) -> None:
    if content is not None:
        (tmp_path / "key").write_text(content, encoding="ascii")
    with pytest.raises(PseudonymError, match=says):
        read_key(tmp_path / "key", workspace=None)
