"""Where things are, and what the municipality set: `evaluation.toml` as frozen dataclasses.

Every path of the project is made here, so that a notebook, a test and the command line find the same files
whatever their working directory.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import cast

from . import costs, programme, spoken, strict
from .costs import Costs
from .faults import Fault, FaultsFound, Reason
from .periods import Period, union
from .programme import Programme
from .strict import Rule, Tell, obey

SETTINGS_FILE = "evaluation.toml"
VARIABLE = "MP_EVAL_WORKSPACE"  # how the runner tells a notebook's process where the workspace is
PART_VARIABLE = "MP_EVAL_PART"  # and of which part of the evaluation, `period=digest`, its page will be made
PERIOD_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
RESERVED = {"alle-perioden", "evaluation", "index", "releases"}  # names that are used beside those of the periods
OF_WINDOWS = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}
LONGEST_ID = 40  # letters
FIRST_YEAR, LAST_YEAR = 1900, 2199
METHODS = ("hide", "round", "hide_and_round")
LEAST_THRESHOLD, GREATEST_THRESHOLD = 3, 20
PACKAGE = Path(__file__).resolve().parent


class Unsettled(FaultsFound):
    """Settings with faults; `workspace` has what could be read of them, so that what else is wrong can be told too."""

    def __init__(self, faults: Iterable[Fault], workspace: Workspace) -> None:
        super().__init__(faults)
        self.workspace = workspace


class NoWorkspace(Exception):
    """There is no evaluation.toml where the workspace was looked for."""


@dataclass(frozen=True)
class Municipality:
    """Its name, and the language of its pages: one of `spoken.languages()`."""

    name: str
    language: str = spoken.DUTCH


@dataclass(frozen=True)
class PeriodSetting:
    """A period: its days, how many participation consultants there were (0: not known), whether there are records."""

    id: str
    start: date
    end: date
    consultants: float = 0.0
    records: bool = True


@dataclass(frozen=True)
class Break:
    """A day from which measures are not counted as before; `text` says to a reader why."""

    date: date
    text: str
    measures: tuple[str, ...] = ()


@dataclass(frozen=True)
class Revision:
    """What a release corrects of an earlier one and why, as a reader is told; since the day of that release."""

    date: date
    text: str


@dataclass(frozen=True)
class CodeList:
    """The file beside a delivery that says what its codes mean: a part of its name, and its two columns.

    `where` chooses its rows, as that of a table does: a file may hold the lists of several columns.
    """

    file: str
    code: str
    text: str
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class TableMapping:
    """How one table's delivery differs from the contract; each entry adds to what the contract accepts.

    `codes` names the code list of a column that holds codes instead of words. `where` chooses rows: by a delivered
    column, the texts that it may hold. `last`: of rows with the same key the last one holds. `join`: rows that agree in
    these delivered columns are one, from the first begin to the last end. `use` names a known system (see
    `intake.mappings`), which says all that is not said here; what is said here may be that there is nothing of it.
    """

    use: str = ""
    files: tuple[str, ...] | None = None
    headers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    missing: tuple[str, ...] | None = None
    date_format: str = ""
    decimal: str = ""
    codes: Mapping[str, CodeList] = field(default_factory=dict)
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    last: bool | None = None
    join: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Disclosure:
    """Which counts may be shown: all when `internal`, else none of 1 to `threshold` - 1 (see `disclosure.rules`).

    `signed` are the own notebooks that somebody signed for, by name with their mark (see `publish.signed`);
    `other_rule` says why a public release may have another rule than those before it (see `publish.rule`).
    """

    internal: bool = True
    threshold: int = 5
    method: str = "hide"
    signed: Mapping[str, str] = field(default_factory=dict)
    other_rule: str = ""


@dataclass(frozen=True)
class Outlook:
    """What the outlook assumes where the records cannot tell (see `measures.outlook`).

    Attributes
    ----------
    caseload_per_consultant, caseload_range
        Residents whom one consultant guides, and the least and most that is thinkable.
    newcomers_share
        Of new residents on steps 1 and 2, the least and greatest share that is able to take part.
    later_ready_share
        Of who is expected to be ready later, the least and greatest share that becomes so within a year.
    derived_within
        By which share of the delivered caseload the derived one may be off for its balance to be believed.
    funding_end
        The last day on which the consultants of the period are paid; after it each number of them is a scenario.
    years
        The outlook goes up to the end of this many calendar years after the year of the stock.
    """

    caseload_per_consultant: int = 80
    caseload_range: tuple[int, ...] = (60, 100)
    newcomers_share: tuple[float, ...] = (0.3, 0.8)
    later_ready_share: tuple[float, ...] = (0.1, 0.5)
    derived_within: float = 0.1
    funding_end: date | None = None
    years: int = 2
    runs: int = 1000
    seed: int = 1


@dataclass(frozen=True)
class Accessibility:
    """What the statement on accessibility says of the site: where it is, whom to write to, and what audit there was.

    `audit` is the day of a full audit by people, `meets_all` whether everything was in order then; `audit_planned`
    the day for which one is planned.
    """

    site: str = ""
    contact: str = ""
    audit: date | None = None
    meets_all: bool = False
    audit_planned: date | None = None


@dataclass(frozen=True)
class Run:
    """How notebooks are run; `chapters`: the numbers of those that mp-eval brings; None for all."""

    jobs: int = 2
    cell_seconds: int = 120
    notebook_seconds: int = 600
    memory_mb: int = 4096
    keep_releases: int = 5
    chapters: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Settings:
    municipality: Municipality
    periods: tuple[PeriodSetting, ...] = ()
    breaks: tuple[Break, ...] = ()
    revisions: tuple[Revision, ...] = ()
    intake: Mapping[str, TableMapping] = field(default_factory=dict)
    disclosure: Disclosure = field(default_factory=Disclosure)
    outlook: Outlook = field(default_factory=Outlook)
    programme: Programme = field(default_factory=Programme)
    costs: Costs = field(default_factory=Costs)
    accessibility: Accessibility = field(default_factory=Accessibility)
    run: Run = field(default_factory=Run)
    words: Mapping[str, str] = field(default_factory=dict)  # its own for categories, by their codes


@dataclass(frozen=True)
class Workspace:
    """One municipality's folder: its settings, deliveries, processed tables and pages."""

    root: Path
    settings: Settings
    awaited: tuple[str, ...] = ()  # periods whose first delivery is still to come: what is made is made without them

    @cached_property
    def periods(self) -> tuple[Period, ...]:
        """The periods in order of their start, without those that are awaited."""
        return tuple(p for p in self.every_period if p.id not in self.awaited)

    @cached_property
    def every_period(self) -> tuple[Period, ...]:
        """The periods that are set, in order of their start."""
        return tuple(sorted(Period(p.start, p.end, p.id) for p in self.settings.periods))

    def without(self, awaited: Iterable[str]) -> Workspace:
        """The workspace as it is while the deliveries of these periods are awaited."""
        return replace(self, awaited=tuple(sorted(awaited)))

    @cached_property
    def whole(self) -> tuple[Period, ...]:
        """The union of all periods, as disjoint pieces: one, unless there is a gap between periods."""
        return union(self.periods)

    @property
    def staff(self) -> tuple[tuple[Period, float], ...]:
        """Each period with its consultants, in the order of the periods, also of one that is awaited; 0: not known."""
        counts = {p.id: p.consultants for p in self.settings.periods}
        return tuple((p, counts[p.id]) for p in self.every_period)

    def has_records(self, period: Period) -> bool:
        """Whether a delivery is expected; without one a period is evaluated from what was published."""
        return all(p.records for p in self.settings.periods if p.id == period.id)

    def period(self, key: str) -> Period:
        """The period with this id.

        Raises
        ------
        KeyError
            When there is none; the message names those that exist.
        """
        for period in self.periods:
            if period.id == key:
                return period
        known = ", ".join(p.id for p in self.periods) or "geen"
        why = (
            "" if isinstance(key, str) else "; dit is een getal en geen tekst: bij papermill is het -r in plaats van -p"
        )
        raise KeyError(f"onbekende periode ‘{key}’; in {SETTINGS_FILE} staan: {known}{why}")

    @property
    def raw(self) -> Path:
        return self.root / "data" / "raw"

    @property
    def processed(self) -> Path:
        return self.root / "data" / "processed"

    @property
    def ledger(self) -> Path:
        """What public releases told (see `ledger`)."""
        return self.root / "data" / "ledger"

    @property
    def output(self) -> Path:
        return self.root / "output"

    @property
    def scratch(self) -> Path:
        """Where a run builds before anything moves to `output`; safe to delete when no run is going on."""
        return self.root / ".mp-eval"

    @property
    def register(self) -> Path:
        return self.raw / "published.csv"

    @property
    def ambitions(self) -> Path:
        return self.raw / "ambities.toml"

    @property
    def facts(self) -> Path:
        """What the note to the council says that no record holds."""
        return self.raw / "notitie.toml"

    @property
    def contract(self) -> Path:
        """The workspace's own contract, else the one that mp-eval brings."""
        return _first_existing(self.raw / "datapackage.json", *_bundled("data/raw/datapackage.json"))

    @property
    def notebooks(self) -> Path:
        """Where the workspace's own notebooks are, which stand beside those that mp-eval brings."""
        return self.root / "notebooks"

    @property
    def bundled_notebooks(self) -> Path:
        """Where the notebooks are that mp-eval brings."""
        return _first_existing(*_bundled("notebooks"))

    def relative(self, path: Path) -> str:
        """The path as messages and pages show it: from the workspace, with forward slashes."""
        return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else path.name


def find(start: Path | None = None) -> Workspace:
    """The workspace that holds `start` (default: $MP_EVAL_WORKSPACE, else the working directory).

    Raises
    ------
    NoWorkspace
        When neither the folder nor one above it holds an evaluation.toml.
    FaultsFound
        When the settings are no TOML; an `Unsettled` when one is unknown, missing or of the wrong type; every one of
        them is named.
    """
    start = (start or Path(os.environ.get(VARIABLE) or Path.cwd())).resolve()
    for folder in (start, *start.parents):
        if (folder / SETTINGS_FILE).is_file():
            try:
                return Workspace(folder, read_settings(folder / SETTINGS_FILE))
            except strict.PartlyRead as error:
                raise Unsettled(error.faults, Workspace(folder, cast(Settings, error.value))) from None
    raise NoWorkspace(f"geen {SETTINGS_FILE} in {start.name or start} of een map daarboven; geef --workspace MAP")


def read_settings(path: Path) -> Settings:
    """Read and check evaluation.toml; see `find` for what it raises."""
    return strict.read(path, Settings, file=SETTINGS_FILE, reason=Reason.SETTINGS, check=_check_settings)


def settings_from(text: str) -> Settings:
    """The settings in this text of an evaluation.toml; see `find` for what it raises."""
    return strict.read_text(text, Settings, file=SETTINGS_FILE, reason=Reason.SETTINGS, check=_check_settings)


def _between(name: str, least: float, most: float) -> Rule:
    return Rule((name,), lambda n: least <= n <= most, f"een getal van {least} tot en met {most}")


def _range(name: str, least: float, most: float) -> Rule:
    return Rule(
        (name,),
        lambda ends: len(ends) == 2 and least <= ends[0] <= ends[1] <= most,
        f"twee getallen van {least} tot en met {most}, het laagste eerst",
    )


PERIOD_RULES = (
    Rule(
        ("id",),
        lambda id: PERIOD_ID.fullmatch(id) and len(id) <= LONGEST_ID,
        f"kleine letters, cijfers en streepjes, zoals 2024 of 2023-2024, hoogstens {LONGEST_ID}",
    ),
    Rule(("id",), lambda id: id not in RESERVED | OF_WINDOWS, "een andere naam: deze gebruikt mp-eval of Windows zelf"),
    *(
        Rule(
            (name,), lambda day: FIRST_YEAR <= day.year <= LAST_YEAR, f"een dag van {FIRST_YEAR} tot en met {LAST_YEAR}"
        )
        for name in ("start", "end")
    ),
    Rule(("end", "start"), lambda end, start: end > start, "een dag na start; end is de dag ná de laatste dag"),
    Rule(("consultants",), lambda n: 0 <= n < 1000, "hoeveel consulenten er waren, omgerekend naar voltijd"),
)
REVISION_RULES = (
    Rule(("text",), lambda text: text.strip() and text.isprintable(), "wat is hersteld en waarom, op één regel"),
)
MUNICIPALITY_RULES = (
    Rule(
        ("language",),
        lambda code: code == spoken.DUTCH or code in spoken.languages(),
        f"een taal waarvoor mp-eval woorden heeft: {', '.join(spoken.languages())}",
    ),
)
DISCLOSURE_RULES = (
    _between("threshold", LEAST_THRESHOLD, GREATEST_THRESHOLD),
    Rule(("method",), lambda method: method in METHODS, " of ".join(METHODS)),
)
OUTLOOK_RULES = (
    _range("caseload_range", 1, 1000),
    _range("newcomers_share", 0, 1),
    _range("later_ready_share", 0, 0.99),
    _between("derived_within", 0, 1),
    _between("caseload_per_consultant", 1, 1000),
    _between("years", 1, 10),
    _between("runs", 100, 10_000),
    _between("seed", 0, 2**32),
)
ACCESSIBILITY_RULES = tuple(
    Rule((name,), lambda text: text.isprintable(), "een tekst op één regel") for name in ("site", "contact")
)
RUN_RULES = (
    *(
        Rule((name,), lambda n: n >= 1, "een getal van 1 of meer")
        for name in ("jobs", "cell_seconds", "notebook_seconds")
    ),
    *(Rule((name,), lambda n: n >= 0, "een getal van 0 of meer") for name in ("memory_mb", "keep_releases")),
)


def _check_settings(settings: Settings, fault: Tell) -> None:
    seen: set[str] = set()
    for n, period in enumerate(settings.periods or (), 1):
        if period and period.id in seen:
            fault(f"periods[{n}].id", period.id, "een naam die nog niet gebruikt is")
        obey(period, PERIOD_RULES, f"periods[{n}]", fault)
        seen |= {period.id} if period and period.id else set()
    for n, revision in enumerate(settings.revisions or (), 1):
        obey(revision, REVISION_RULES, f"revisions[{n}]", fault)
    obey(settings.municipality, MUNICIPALITY_RULES, "municipality", fault)
    obey(settings.disclosure, DISCLOSURE_RULES, "disclosure", fault)
    obey(settings.outlook, OUTLOOK_RULES, "outlook", fault)
    programme.check(settings.programme, fault)
    costs.check(settings.costs, fault)
    if settings.accessibility and settings.accessibility.meets_all and not settings.accessibility.audit:
        fault("accessibility.meets_all", True, "false: er is geen onderzoek (audit) waaruit dat blijkt")
    obey(settings.accessibility, ACCESSIBILITY_RULES, "accessibility", fault)
    obey(settings.run, RUN_RULES, "run", fault)
    spoken.check(settings.words, fault)


def _bundled(name: str) -> tuple[Path, Path]:
    """Where a file of the project is: in a checkout, or inside an installed package."""
    return PACKAGE.parent / name, PACKAGE / Path(name).name


def _first_existing(*paths: Path) -> Path:
    return next((p for p in paths if p.exists()), paths[0])
