"""A workspace to begin with: all that a municipality needs, nothing of another, and an example that holds together."""

from __future__ import annotations

import base64
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import is_dataclass
from datetime import date
from pathlib import Path
from typing import get_args, get_type_hints

import nbformat
import pytest
from click.testing import CliRunner
from commands import mp_eval
from conftest import files, long
from nbclient import NotebookClient
from test_chosen import of_this_one

from mp_eval import workspace as places
from mp_eval.begin import FILES, NUMBERED, YEARS, CannotBegin, Example, begin
from mp_eval.cli import main
from mp_eval.intake import clean
from mp_eval.intake import contract as contracts
from mp_eval.measures import Scope, contradicted
from mp_eval.periods import Period
from mp_eval.present import contradictions
from mp_eval.synthetic.plan import plan
from mp_eval.workspace import Settings, Workspace

GUIDE = Path(__file__).resolve().parents[1] / "docs" / "aan-de-slag.md"
# Of the municipality of this repository alone, but for its days, which anybody's may be.
OF_ANOTHER = re.compile(
    "|".join(["25[.]049351", *(re.escape(text) for text in of_this_one() if not re.search(r"\d{4}", text))]),
    re.IGNORECASE,
)
YEAR = YEARS[0]
SMALL = Example(inhabitants=5_000)


def said(root: Path) -> dict[str, str]:
    """Every file as text: also what stands in a workbook, and in a drawing that a page holds."""
    return {path.relative_to(root).as_posix(): _said(path) for path in root.rglob("*") if path.is_file()}


def _said(path: Path) -> str:
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as book:
            return "\n".join(book.read(name).decode("utf-8", errors="replace") for name in book.namelist())
    text = path.read_text(encoding="utf-8", errors="replace")
    drawings = re.findall(r"base64,([A-Za-z0-9+/=]+)", text)
    return "\n".join([text, *(base64.b64decode(drawing).decode("utf-8", errors="replace") for drawing in drawings)])


def about_another(root: Path) -> list[str]:
    return [name for name, text in said(root).items() if OF_ANOTHER.search(name) or OF_ANOTHER.search(text)]


@pytest.fixture(scope="module")
def example(once: Callable[[str, Callable[[Path], object]], Path]) -> Workspace:
    return places.find(once("example", lambda folder: begin(folder, "Voorbeeldstad", example=SMALL)))


def test_an_empty_workspace_holds_what_it_needs_and_nothing_of_another(tmp_path: Path) -> None:
    made = begin(tmp_path / "nieuw", "Voorbeeldstad")
    there = {p.relative_to(made.root).as_posix() for p in made.root.rglob("*") if p.is_file()}
    brought = {p.relative_to(FILES).as_posix() for p in FILES.rglob("*") if p.is_file()}
    assert there == brought | {"aan-de-slag.html", "koppelingen.html"}
    assert (made.settings.municipality.name, made.periods, about_another(made.root)) == ("Voorbeeldstad", (), [])


def test_no_command_speaks_of_another_in_a_new_workspace(example: Workspace) -> None:
    """What is asked of what is brought: the dictionary, the known systems, all that is explained and wrong."""
    asked = [("dictionary",), ("dictionary", "--koppelingen"), ("status",), ("list",), ("check",), ("plan",), ("diff",)]
    told = {words: mp_eval(*words, workspace=example.root) for words in asked}
    said = {words: done.stdout + done.stderr for words, done in told.items()}
    said |= {(name, "--help"): CliRunner().invoke(main, [name, "--help"]).output for name in main.commands}
    assert {words: found[0] for words, text in said.items() if (found := OF_ANOTHER.search(text))} == {}


def names(kind: object) -> Iterator[str]:
    """Every name that settings of this type may hold, also within."""
    if is_dataclass(kind):
        for field, inner in get_type_hints(kind).items():
            yield field
            yield from names(inner)
    for part in get_args(kind):
        yield from names(part)


def test_the_settings_explain_every_name_that_there_is() -> None:
    text = (FILES / places.SETTINGS_FILE).read_text(encoding="utf-8")
    assert [name for name in dict.fromkeys(names(Settings)) if not re.search(rf"\b{name}\b", text)] == []


@pytest.mark.parametrize("name", ["'s-Gravenhage", "Súdwest-Fryslân", 'Bergen "NH"', r"a\b", "$name", "Noord & Zuid"])
def test_a_name_is_kept_as_it_is(tmp_path: Path, name: str) -> None:
    assert begin(tmp_path / "x", name).settings.municipality.name == name


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "a\x1b[2J", "a" * 61])
def test_what_is_no_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(CannotBegin, match="geen naam van een gemeente"):
        begin(tmp_path / "x", name)


@pytest.mark.parametrize("there", ["evaluation.toml", "LEESMIJ.txt", "data/raw/published.csv"])
def test_nothing_is_written_over(tmp_path: Path, there: str) -> None:
    (tmp_path / there).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / there).write_text("van mij", encoding="utf-8")
    with pytest.raises(CannotBegin, match=f"staat al {there}"):
        begin(tmp_path, "Voorbeeldstad")
    assert [p.read_text(encoding="utf-8") for p in tmp_path.rglob("*") if p.is_file()] == ["van mij"]


@pytest.mark.parametrize(
    ("at", "period", "why"),
    [
        ("bestand", YEAR, "geen map"),
        ("werkmap/in", YEAR, "in een andere werkmap"),
        ("nieuw", Period(YEAR.start, YEAR.end, "releases"), "mp-eval of Windows zelf"),
        ("nieuw", Period(YEAR.start, YEAR.end, "nul"), "mp-eval of Windows zelf"),
        ("nieuw", Period(YEAR.start, YEAR.end, "Heel 2024"), "kleine letters"),
    ],
)
def test_what_cannot_be_a_workspace_is_refused_before_anything_is_written(
    tmp_path: Path, at: str, period: Period, why: str
) -> None:
    (tmp_path / "bestand").touch()
    (tmp_path / "werkmap").mkdir()
    (tmp_path / "werkmap" / places.SETTINGS_FILE).touch()
    before = files(tmp_path)
    with pytest.raises(CannotBegin, match=why):
        begin(tmp_path / at, "Voorbeeldstad", periods=[period], example=SMALL)
    assert files(tmp_path) == before


def test_what_is_told_of_the_register_and_the_ambitions_is_no_figure_yet(tmp_path: Path) -> None:
    done = mp_eval("new-period", "2026", "--start", "01-01-2026", "--end", "01-01-2027", workspace=begun(tmp_path))
    assert done.returncode == 0
    done = mp_eval("check", workspace=tmp_path / "leeg")
    assert done.stdout.startswith("Gepubliceerde cijfers: 0 in orde.\nAmbities: 0 in orde.\n")


def test_the_explained_rows_are_in_order_when_they_are_used(tmp_path: Path) -> None:
    """The example above the header moved below it, the signs before the ambition taken away."""
    root = begun(tmp_path)
    mp_eval("new-period", "2024", "--start", "01-01-2024", "--end", "01-01-2025", workspace=root)
    register, ambitions = root / "data/raw/published.csv", root / "data/raw/ambities.toml"
    (row,) = re.findall(r"^g1;.*$", register.read_text(encoding="utf-8-sig"), re.MULTILINE)
    register.write_text(register.read_text(encoding="utf-8-sig") + row + "\n", encoding="utf-8-sig")
    before, mark, after = ambitions.read_text(encoding="utf-8").partition("# [[ambition]]")
    text = before + re.sub(r"^# ", "", mark + after, flags=re.MULTILINE)
    ambitions.write_text(text, encoding="utf-8")
    done = mp_eval("check", workspace=root)
    assert done.stdout.startswith("Gepubliceerde cijfers: 1 in orde.\nAmbities: 1 in orde.\n"), done.stderr


def begun(tmp_path: Path) -> Path:
    return begin(tmp_path / "leeg", "Voorbeeldstad").root


@pytest.mark.parametrize(
    ("periods", "inhabitants"),
    [
        ([Period(date(2030, 2, 28), date(2030, 3, 30), "maart")], 1_000),
        ([Period(date(2012, 5, 1), date(2014, 5, 1), "a"), Period(date(2013, 1, 2), date(2013, 1, 9), "b")], 5_000),
        long([Period(date(y, 1, 1), date(y + 1, 1, 1), str(y)) for y in range(2014, 2020)], 20_000),
    ],
    ids=["a month of a village", "a week within years", "six years"],
)
def test_an_example_of_any_periods_and_size_is_in_order_and_contradicts_nothing(
    tmp_path: Path, periods: list[Period], inhabitants: int
) -> None:
    made = begin(tmp_path / "x", "Elders", periods=periods, example=Example(inhabitants))
    for period in made.periods:
        delivery = clean.take_in(made, contracts.read(made), period)
        scope = Scope(period.id, (period,), delivery.source.extracted)
        assert list(contradictions.lines(contradicted(delivery.tables, scope))) == []


def test_an_example_says_what_its_register_says(example: Workspace) -> None:
    first = example.periods[0]
    talks = clean.take_in(example, contracts.read(example), first).tables["conversations"]
    days = talks["date"].between(str(first.start), str(first.end), inclusive="left")
    spoken = talks[days & (talks["kind"] == "first")]["resident"].nunique()
    told = plan(YEARS, SMALL.inhabitants, name="").spoken_in(first)
    assert (spoken, f";gesproken;;;{told};" in example.register.read_text(encoding="utf-8")) == (told, True)


def test_periods_of_an_example_differ_as_those_of_a_municipality_do() -> None:
    made = plan(YEARS, 60_000, name="")
    first, second = (next(w for w in made.windows if w.period.overlap(year)) for year in YEARS)
    assert (first.spoken, second.spoken) == (216, 270)
    assert max(first.activated, key=first.activated.__getitem__) == "vrijwilligerswerk"
    assert first.activated["dagbesteding"] / first.spoken < 0.06 < second.activated["dagbesteding"] / second.spoken


def test_the_same_example_has_the_same_bytes_and_another_seed_has_others(example: Workspace, tmp_path: Path) -> None:
    again = begin(tmp_path / "a", "Voorbeeldstad", example=SMALL)
    other = begin(tmp_path / "b", "Voorbeeldstad", example=Example(SMALL.inhabitants, seed=2))
    assert files(again.raw) == files(example.raw)
    assert [name for name, data in files(other.raw / "2024").items() if files(example.raw / "2024")[name] == data] == []


def test_what_is_brought_leaves_the_numbers_from_fifty_to_municipalities() -> None:
    brought = [int(path.name[:2]) for path in (GUIDE.parents[1] / "notebooks").glob("[0-9]*.ipynb")]
    assert (max(brought) < 50, int(NUMBERED[:2])) == (True, 50)


def test_the_guide_shows_the_notebook_that_is_brought() -> None:
    notebook = nbformat.read(FILES / "notebooks" / "eigen-vraag.ipynb", as_version=4)
    cells = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    assert re.findall(r"```python\n(.*?)\n```", GUIDE.read_text(encoding="utf-8"), re.DOTALL) == cells


@pytest.mark.slow
def test_the_notebook_that_is_brought_runs_in_a_kernel_and_as_a_chapter(example: Workspace, tmp_path: Path) -> None:
    """As in JupyterLab, and by the command: the same answer."""
    root = tmp_path / "x"
    begin(root, "Voorbeeldstad", periods=[YEAR], example=SMALL)
    settings = root / places.SETTINGS_FILE
    text = settings.read_text(encoding="utf-8").replace("\n[run]\n", "\n[run]\nchapters = []\n")
    settings.write_text(text, encoding="utf-8")
    done = mp_eval("run", workspace=root)
    assert done.returncode == 0, done.stderr
    notebook = nbformat.read(root / "notebooks" / NUMBERED, as_version=4)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(root / "notebooks")}}).execute()
    (answer,) = [c.outputs[0].data["text/plain"] for c in notebook.cells if c.get("source", "").startswith("months =")]
    month = answer.replace("De meeste inwoners zijn gesproken in ", "").rstrip(".")
    page = (root / "output/alle-perioden/eigen-vraag.html").read_text(encoding="utf-8")
    assert f"De meeste inwoners zijn gesproken in <strong>{month}</strong>." in page
    assert about_another(root) == []


@pytest.mark.long
@pytest.mark.slow
def test_no_page_of_a_new_workspace_speaks_of_another_municipality(tmp_path: Path) -> None:
    begin(tmp_path / "x", "Voorbeeldstad", example=Example())
    done = mp_eval("run", workspace=tmp_path / "x")
    assert (done.returncode, about_another(tmp_path / "x")) == (0, []), done.stderr


@pytest.mark.long
@pytest.mark.slow
def test_a_public_release_of_a_village_comes_out(tmp_path: Path) -> None:
    """Most of its counts are small."""
    root = begin(tmp_path / "x", "Voorbeeldstad", example=Example(4_000)).root
    settings = root / places.SETTINGS_FILE
    public = settings.read_text(encoding="utf-8").replace("\ninternal = true\n", "\ninternal = false\n")
    settings.write_text(public, encoding="utf-8")
    done = mp_eval("run", workspace=root)
    assert (done.returncode, NUMBERED in done.stderr) == (0, True), done.stderr


@pytest.mark.parametrize("option", ["--inwoners", "--seed"])
def test_what_only_an_example_has_is_not_ignored_without_one(tmp_path: Path, option: str) -> None:
    done = mp_eval("init", str(tmp_path / "w"), "--naam", "X", option, "5000", workspace=tmp_path)
    assert done.returncode == 2
    assert "zet er --voorbeeld bij" in done.stderr
    assert not (tmp_path / "w").exists()
