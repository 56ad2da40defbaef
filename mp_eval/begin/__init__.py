"""A workspace for a municipality that begins: settings, register and ambitions with explained examples, a page to read.

The files stand in `workspace/`, as they come out but for the municipality's name. With an example, deliveries are made
up for the periods, so that there are pages before anything is delivered.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from string import Template

from .. import newperiod, synthetic
from .. import workspace as places
from ..faults import FaultsFound
from ..periods import Period
from ..publish import start
from ..synthetic.plan import plan
from ..workspace import SETTINGS_FILE, Workspace, settings_from

HERE = Path(__file__).parent
FILES = HERE / "workspace"
QUESTION, NUMBERED = "eigen-vraag.ipynb", "50-eigen-vraag.ipynb"
REGISTER, AMBITIONS = "data/raw/published.csv", "data/raw/ambities.toml"
EMPTY = "data/processed", "output"
YEARS = (Period(date(2024, 1, 1), date(2025, 1, 1), "2024"), Period(date(2025, 1, 1), date(2026, 1, 1), "2025"))
SOON = Period(date(2026, 1, 1), date(2027, 1, 1), "2026")  # of the example that is only told
LONGEST = 60  # letters of a municipality's name


class CannotBegin(ValueError):
    """The workspace cannot be made; the message (Dutch) says why. Nothing was written."""


@dataclass(frozen=True)
class Example:
    """Made-up deliveries of a municipality with about so many inhabitants; the same seed gives the same files."""

    inhabitants: int = 60_000
    seed: int = 1


def begin(root: Path, name: str, *, periods: Sequence[Period] = (), example: Example | None = None) -> Workspace:
    """Make a workspace in the folder `root`, which may exist when it holds nothing that would be written.

    Without periods an example is about `YEARS`.

    Raises
    ------
    CannotBegin
        When the name is none, a period is wrong, or the folder holds a workspace or a file of the same name.
    """
    periods = tuple(periods) or (YEARS if example else ())
    texts = _texts(_checked(name), periods[0] if periods else SOON, has_example=example is not None)
    _refuse_what_is_there(root, texts)
    _try(texts[SETTINGS_FILE], periods)
    for file, text in texts.items():
        path = root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    for folder in EMPTY:
        (root / folder).mkdir(parents=True, exist_ok=True)
    for period in periods:
        newperiod.add(places.find(root), period.id, period.start, period.end)
    if example:
        made_up = plan(periods, example.inhabitants, name=name)
        for period in periods:  # what was prepared for files that come is no delivery
            (root / "data" / "raw" / period.id / "source.toml").unlink()
        synthetic.synthesise(root / "data" / "raw", seed=example.seed, plan=made_up)
        first = periods[0]
        _add(root / REGISTER, _row(first, made_up.spoken_in(first)))
    return places.find(root)


def _texts(name: str, period: Period, *, has_example: bool) -> dict[str, str]:
    """Every file by its place in the workspace."""
    found = {
        path.relative_to(FILES).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(FILES.rglob("*"))
        if path.is_file()
    }
    found[SETTINGS_FILE] = Template(found[SETTINGS_FILE]).substitute(name=json.dumps(name, ensure_ascii=False))
    found["LEESMIJ.txt"] = Template(found["LEESMIJ.txt"]).substitute(plain=name.upper())
    ambition = Template((HERE / "example.toml").read_text(encoding="utf-8")).substitute(
        start=period.start, end=period.end, as_of=period.end - timedelta(days=1), target=50
    )
    found[AMBITIONS] += ambition if has_example else ambition.strip().replace("\n", "\n# ").join(("# ", "\n"))
    if has_example:
        found[f"notebooks/{NUMBERED}"] = found.pop(f"notebooks/{QUESTION}")
    return found | {f"{page}.html": start.page(page, name) for page in start.PAGES}


def _checked(name: str) -> str:
    plain = name.strip()
    if not plain or len(plain) > LONGEST or not plain.isprintable():
        raise CannotBegin(f"‘{plain[:LONGEST]}’ is geen naam van een gemeente: 1 tot en met {LONGEST} leestekens")
    return plain


def _refuse_what_is_there(root: Path, files: Sequence[str] | dict[str, str]) -> None:
    if root.exists() and not root.is_dir():
        raise CannotBegin(f"{root} is geen map")
    if there := [file for file in files if (root / file).exists()]:
        raise CannotBegin(f"in {root} staat al {there[0]}; kies een nieuwe map")
    if any((above / SETTINGS_FILE).is_file() for above in root.absolute().parents):
        raise CannotBegin(f"{root} ligt in een andere werkmap; kies een map daarbuiten")


def _try(settings: str, periods: Sequence[Period]) -> None:
    """Refuse periods that the settings would not take, before anything is written."""
    try:
        settings_from("\n".join([settings, *(newperiod.lines(p.id, p.start, p.end) for p in periods)]))
    except FaultsFound as error:
        raise CannotBegin(newperiod.refused(error.faults)) from None


def _row(period: Period, spoken: int) -> str:
    """The first row of the register: what the made-up deliveries say themselves."""
    said = f"Over {period.wording()} zijn {spoken} inwoners gesproken."
    days = f"{period.start:%d-%m-%Y};{period.end:%d-%m-%Y}"
    return f"v1;Voorbeeld bij mp-eval;;{said};{days};;gesproken;;;{spoken};inwoners;exact;Verzonnen, als voorbeeld.\n"


def _add(path: Path, line: str) -> None:
    with path.open("a", encoding="utf-8", newline="\n") as file:
        file.write(line)
