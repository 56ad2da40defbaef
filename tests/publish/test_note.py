"""The note: the report's sections in its order, every number computed, every gap in plain sight."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import time
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import laid_out
import pandas as pd
import pytest
from docx import Document
from docx.document import Document as Word
from docx.oxml.ns import qn
from docx.shared import Pt

from mp_eval import facts
from mp_eval.evaluation import Evaluation
from mp_eval.facts import Facts, Letter, Sent
from mp_eval.faults import FaultsFound
from mp_eval.present import council, why
from mp_eval.publish import letterhead
from mp_eval.publish.note import in_short, note

TITLES = [
    "Inleiding",
    "De aanpak maatschappelijke participatie",
    "Aantal gesproken inwoners",
    "Resultaat gesprekken",
    "Toelichting activiteiten",
    "Individuele trajecten",
    "Doorstroom en uitstroom",
    "Voortgang maatschappelijke participatie",
    "Klant in beeld",
    "Toekomst maatschappelijke participatie",
    "Ambities 2025",
    "Verantwoording van de cijfers",
]


@pytest.fixture(scope="module")
def made_once(committed: Evaluation) -> bytes:
    return note(committed, "2024")


@pytest.fixture(scope="module")
def word(made_once: bytes) -> Word:
    return opened(made_once)


@pytest.fixture(scope="module")
def with_facts(committed: Evaluation) -> Word:
    return opened(note(committed, "2024", facts.read(committed.workspace)))


@pytest.fixture(scope="module")
def two_pages(committed: Evaluation) -> bytes:
    return in_short(committed)


def opened(made: bytes) -> Word:
    return Document(io.BytesIO(made))


def said(word: Word) -> str:
    return "\n".join(paragraph.text for paragraph in word.paragraphs)


def test_the_sections_are_those_of_the_report_in_its_order(word: Word) -> None:
    assert [p.text for p in word.paragraphs if p.style.name == "Heading 1"] == TITLES
    assert [p.text for p in word.paragraphs if p.style.name == "Title"] == [
        "Voortgangsrapportage maatschappelijke participatie"
    ]


def test_no_level_of_heading_is_skipped(word: Word) -> None:
    levels = [int(p.style.name[-1]) for p in word.paragraphs if p.style.name.startswith("Heading")]
    assert all(after <= before + 1 for before, after in zip([0, *levels], levels, strict=False))


@pytest.mark.parametrize(
    "sentence",
    [
        "Over 2024 zijn 175 inwoners voor het eerst gesproken. Dat zijn er gemiddeld 14,6 per maand",
        "delen januari 2024 tot en met juni 2024.",
        "Dat zijn er 28,6 op elke 100 gesproken inwoners",
        "Er werden 10 inwoners verwezen naar het werkgeversservicepunt (WSP).",
        "Over 2024 begon geen traject en eindigden er 24.",
        "Op 15 juli 2025 hebben 1.900 inwoners een lopende bijstandsuitkering.",
        "Gesproken inwoners per maand: 25,7 over september 2022 tot juni 2023, 24,0 over juni 2023 tot juli 2024 en",
        # 231 + 312 + 175 = 718, and 718 - 87 = 631
        "zijn 631 verschillende inwoners gesproken; eerder meldden wij meer dan 700. Opgeteld komen de perioden op "
        "718, maar 87 inwoners zijn in meer dan één periode gesproken, en tellen dan meer dan één keer.",
        "Wat wij eerder meldden, klopt met de gegevens: geactiveerde inwoners 197 (september 2022 tot juli 2024) en 50 "
        "(2024); aandeel geactiveerd meer dan 30,0% (september 2022 tot januari 2025).",
    ],
)
def test_a_sentence_is_computed(word: Word, sentence: str) -> None:
    assert sentence in said(word)


def test_what_a_person_must_write_is_marked_and_what_is_missing_too(word: Word, committed: Evaluation) -> None:
    blanks = [p for p in word.paragraphs if p.text.startswith("[in te vullen: ")]
    assert len(blanks) >= 8
    assert all(p.runs[0].font.highlight_color and p.runs[0].bold for p in blanks)
    earlier = said(opened(note(committed, "2022-2023")))
    assert "[in te vullen: de caseload op de peildatum; dit is niet aangeleverd]" in earlier


def test_facts_leave_the_day_and_number_to_fill_in_and_nothing_when_these_are_told_too(
    committed: Evaluation, with_facts: Word
) -> None:
    known, made = facts.read(committed.workspace), said(with_facts)
    assert re.findall(r"\[in te vullen: (.*)\]", made) == ["datum en nummer"]
    assert "(RIB 23079, 4 juli 2023)" in made
    sent = {"2024": Sent(date(2025, 9, 1), "25.1")}
    whole = replace(known, why={"2024": "Er was minder tijd."}, proposal={"2024": "Door te gaan."}, sent=sent)
    finished = said(opened(note(committed, "2024", whole)))
    assert "Concept" not in finished
    assert "staan niet in de gegevens. Er was minder tijd." in finished
    assert "Aan\tde gemeenteraad van Rijswijk\n" in finished
    assert "Datum\t1 september 2025\nNummer\t25.1\n" in finished


def test_why_the_share_fell_is_told_as_far_as_it_was_counted(committed: Evaluation, word: Word) -> None:
    # 50 of 175, and 117 of 312; without the 24 trajectories 93 of 312
    assert "Het aandeel is 8,9 procentpunt lager dan over juni 2023 tot juli 2024." in said(word)
    assert "28,6 op elke 100 gesproken inwoners, tegen 29,8 over juni 2023 tot juli 2024." in said(word)
    assert why.told(committed, "2022-2023") == ""  # the first period has none before it


def test_of_what_is_hidden_no_part_is_told(committed: Evaluation) -> None:
    measures = committed.measures.copy()
    hidden = (measures["period"] == "2024") & (measures["category"] == "without_trajectory")
    measures.loc[hidden, ["value", "status"]] = [pd.NA, "hidden"]
    assert "Zonder trajecten" not in why.told(replace(committed, measures=measures), "2024")
    hidden = (measures["period"] == "2024") & (measures["measure"] == "activation_rate")
    measures.loc[hidden, ["value", "status"]] = [pd.NA, "hidden"]
    assert why.told(replace(committed, measures=measures), "2024") == ""


def test_what_there_is_to_decide_stands_in_it_and_no_interval_is_called_so(word: Word) -> None:
    assert "Hoeveel consulenten zijn er vanaf januari 2026? Om de hele groep" in said(word)
    assert "nog te herstellen" not in said(word)  # the note itself corrects
    assert "95%" not in said(word)


def test_the_note_is_on_the_paper_of_the_municipality(committed: Evaluation, tmp_path: Path) -> None:
    own = opened(note(committed, "2024"))
    own.sections[0].header.paragraphs[0].text = "Gemeente Rijswijk"
    own.sections[0].footer.paragraphs[0].text = "Postbus 5305"
    own.styles["Normal"].font.name = "Verdana"
    own.save(tmp_path / "brief.docx")
    place = replace(committed.workspace, root=tmp_path)
    letter = Facts(letter=Letter(to="de raad", template="brief.docx"))
    made = opened(note(replace(committed, workspace=place), "2024", letter))
    head, mark = (p.text for p in made.sections[0].header.paragraphs)
    assert (head, made.sections[0].footer.paragraphs[0].text) == ("Gemeente Rijswijk", "Postbus 5305")
    assert mark.startswith("Concept. ")
    assert made.styles["Normal"].font.name == "Verdana"
    assert [p.text for p in made.paragraphs].count("Inleiding") == 1
    assert made.paragraphs[0].text == "Aan\tde raad"


@pytest.mark.parametrize("fault", ["een Word-document", "deze stijlen: List Bullet;"])
def test_paper_that_cannot_be_used_is_refused_with_what_it_lacks(tmp_path: Path, fault: str) -> None:
    path = tmp_path / "brief.docx"
    path.write_text("geen document")
    if "stijlen" in fault:
        made = Document()
        made.styles["List Bullet"].delete()
        made.save(path)
    with pytest.raises(FaultsFound, match=fault):
        letterhead.opened(path, file="notitie.toml")


def test_a_report_that_came_after_the_records_is_no_earlier_one(committed: Evaluation) -> None:
    made = said(opened(note(committed, "2022-2023", facts.read(committed.workspace))))
    assert "RIB 23079" not in made
    assert "waar eerder" not in made


def test_it_speaks_of_nothing_of_the_program(with_facts: Word) -> None:
    cells = (cell.text for table in with_facts.tables for row in table.rows for cell in row.cells)
    texts = [said(with_facts), *cells]
    assert re.findall(r"mp-eval|\.toml|instelling|kenmerk|hoofdstuk|pagina", "\n".join(texts)) == []


@pytest.mark.parametrize("period", ["2022-2023", "2023-2024", "2024"])
def test_it_is_at_most_eight_pages(committed: Evaluation, period: str) -> None:
    known = facts.read(committed.workspace)
    assert 4 <= laid_out.pages(opened(note(committed, period, known))) <= 8


def test_the_two_pages_are_two(committed: Evaluation) -> None:
    assert laid_out.pages(opened(in_short(committed))) == 2


@pytest.mark.parametrize(("lines", "pages"), [(15, 1), (16, 2)])
def test_a_page_more_is_counted_for_what_does_not_fit(lines: int, pages: int) -> None:
    """A line is 25.8 points, with what is left below it: 15 are 387 points and 16 are 413, of the 400 of a page."""
    word = Document()
    section = word.sections[0]
    section.page_height, section.top_margin, section.bottom_margin = Pt(500), Pt(50), Pt(50)
    for _ in range(lines):
        word.add_paragraph("Een regel.")
    assert laid_out.pages(word) == pages


@pytest.mark.long
@pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice, which lays the pages out")
def test_a_program_that_lays_it_out_makes_no_more_pages_than_are_counted(committed: Evaluation, tmp_path: Path) -> None:
    made = note(committed, "2024", facts.read(committed.workspace))
    (tmp_path / "x.docx").write_bytes(made)
    command = ["soffice", f"-env:UserInstallation={tmp_path.as_uri()}", "--headless", "--convert-to", "pdf", "x.docx"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    pages = re.findall(rb"/Type\s*/Page\b", (tmp_path / "x.pdf").read_bytes())
    assert laid_out.pages(opened(made)) - 1 <= len(pages) <= laid_out.pages(opened(made))


def test_a_hidden_number_is_never_a_zero(committed: Evaluation) -> None:
    measures = committed.measures.copy()
    hidden = (measures["period"] == "2024") & measures["measure"].isin(["wsp_referral", "on_benefit"])
    measures.loc[hidden, ["value", "status"]] = [pd.NA, "hidden"]
    made = opened(note(replace(committed, measures=measures), "2024"))
    assert "Er werd een afgeschermd aantal inwoners verwezen naar het werkgeversservicepunt (WSP)." in said(made)
    (table,) = [t for t in made.tables if "In begeleiding" in {c.text for c in t.columns[0].cells}]
    assert [cell.text for cell in table.columns[1].cells] == ["Inwoners", "x", "x", "x", "x"]


def test_every_table_has_a_header_row_a_caption_and_a_description(word: Word) -> None:
    assert len(word.tables) >= 6
    for table in word.tables:
        properties = table._tbl.tblPr
        assert properties.find(qn("w:tblCaption")).get(qn("w:val"))
        assert properties.find(qn("w:tblDescription")).get(qn("w:val"))
        assert [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows][:2] == [True, False]
        assert table._tbl.getprevious().style == "Caption"


def test_every_picture_has_its_words(word: Word) -> None:
    texts = [shape._inline.docPr.get("descr") for shape in word.inline_shapes]
    assert [text.partition(" van ")[0] for text in texts] == ["Staafdiagram"]


def test_it_is_dutch_and_dated_as_its_data(word: Word) -> None:
    about = word.core_properties
    languages = {e.get(qn("w:val")) for e in word.styles.element.find(qn("w:docDefaults")).iter(qn("w:lang"))}
    assert (languages, about.language) == ({"nl-NL"}, "nl-NL")
    assert about.title == "Voortgangsrapportage maatschappelijke participatie, 2024"
    assert about.created.date().isoformat() == about.modified.date().isoformat() == "2025-07-15"


def test_it_says_on_every_page_that_it_is_a_draft_and_of_what(word: Word) -> None:
    head = word.sections[0].header.paragraphs[0].text
    assert head.startswith("Concept.")
    assert "Verzonnen gegevens." in head
    assert "PAGE" in word.sections[0].footer._element.xml


def test_the_same_evaluation_gives_the_same_bytes_later(
    committed: Evaluation, made_once: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = SimpleNamespace(**{**vars(time), "time": lambda: time.time() + 86_400})
    monkeypatch.setattr(zipfile, "time", later)  # the clock by which a zip file dates its parts
    assert note(committed, "2024") == made_once
    with zipfile.ZipFile(io.BytesIO(made_once)) as archive:
        assert {part.date_time for part in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_it_names_nothing_of_this_computer(made_once: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(made_once)) as archive:
        texts = "".join(archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml"))
    assert not re.search(r"python-docx|/(?:home|tmp|root)/", texts)


def test_the_two_pages_are_what_the_landing_page_tells_in_its_order(committed: Evaluation, two_pages: bytes) -> None:
    made = opened(two_pages)
    topics = council.topics(committed)
    heads = [p.text for p in made.paragraphs if p.style.name == "Heading 1"]
    assert heads == ["De hoofdpunten", *(topic.title for topic in topics)]
    points = [p.text for p in made.paragraphs if p.style.name == "List Number"]
    assert points == [f"{p.label} {p.text}".replace("**", "") for p in council.main(committed)]
    assert len(made.tables) == 1
    assert "[in te vullen" not in said(made)
    assert in_short(committed) == two_pages


def test_what_matters_most_is_bold_in_the_two_pages(two_pages: bytes) -> None:
    made = opened(two_pages)
    first = next(p for p in made.paragraphs if p.style.name == "List Number")
    assert [run.text for run in first.runs if run.bold] == ["631 inwoners", "223 inwoners"]
    assert "**" not in said(made)


def test_an_unknown_period_is_refused(committed: Evaluation) -> None:
    with pytest.raises(KeyError, match="onbekende periode ‘2030’"):
        note(committed, "2030")
